//! What is in force: the policies and the law built in and, over them, those of a folder of the school's own.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use policy::library::{Library, Sources};
use policy::source::{Faults, Source};
use policy::vocabulary::Vocabulary;

use super::folder::{self, FolderError};

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/policies.rs"));
}

/// Why policies could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum PoliciesError {
    /// The folder or a file in it could not be read.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// Files are wrong; every fault is named.
    #[error("{0}")]
    Faults(#[from] Faults),
}

/// The policies in force. Cheap to read; replaced whole when the folder changes.
#[derive(Debug)]
pub struct Policies {
    folder: Option<PathBuf>,
    library: RwLock<Arc<Library>>,
    /// Why the latest edit of the folder is not in force.
    refused: RwLock<Option<Arc<PoliciesError>>>,
}

impl Policies {
    /// Loads the policies and the law built in and, over them, those of `folder`.
    ///
    /// # Errors
    /// A folder that cannot be read, or every fault of every file.
    pub fn load(folder: Option<PathBuf>) -> Result<Self, PoliciesError> {
        let library = RwLock::new(Arc::new(read(folder.as_deref())?));
        Ok(Self {
            folder,
            library,
            refused: RwLock::default(),
        })
    }

    /// What is in force now.
    #[must_use]
    pub fn library(&self) -> Arc<Library> {
        Arc::clone(&self.library.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The school's own folder, if there is one.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Reads the folder again. A bad edit changes nothing: what was in force stays in force, and [`Policies::refused`]
    /// says why.
    pub fn reload(&self) {
        let refused = match read(self.folder.as_deref()) {
            Ok(library) => {
                *self.library.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(library);
                None
            }
            Err(why) => Some(Arc::new(why)),
        };
        *self.refused.write().unwrap_or_else(PoisonError::into_inner) = refused;
    }

    /// Why the latest edit of the folder is not in force; `None` where it is.
    #[must_use]
    pub fn refused(&self) -> Option<Arc<PoliciesError>> {
        self.refused
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// The vocabulary built in.
///
/// # Errors
/// Its faults, which the program's own tests rule out.
pub fn vocabulary() -> Result<Vocabulary, Faults> {
    Vocabulary::load(VOCABULARY)
}

/// Whether a file holds the law rather than a policy: it is called `law.toml`.
#[must_use]
pub fn is_law(file: &str) -> bool {
    Path::new(file)
        .file_name()
        .is_some_and(|name| name == "law.toml")
}

const VOCABULARY: Source<'static> = Source {
    name: "vocabulary.toml",
    text: embedded::VOCABULARY,
};

fn read(folder: Option<&Path>) -> Result<Library, PoliciesError> {
    let own = folder.map(folder::read).transpose()?.unwrap_or_default();
    let mut sources: Vec<Source<'_>> = Vec::new();
    sources.extend(
        embedded::POLICIES
            .iter()
            .map(|(name, text)| Source::new(name, text)),
    );
    let mut law = Source::new("policies/law.toml", embedded::LAW);
    for (name, text) in &own {
        let source = Source::new(name, text);
        if is_law(name) {
            law = source;
        } else {
            sources.push(source);
        }
    }
    Ok(Library::load(Sources {
        vocabulary: VOCABULARY,
        law,
        platforms: Source::new("platforms.toml", embedded::PLATFORMS),
        policies: &sources,
    })?)
}
