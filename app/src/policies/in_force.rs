//! What is in force: the policies, the law and the registers built in and, over them, those of a folder of the
//! school's own.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use axum::http::Method;
use policy::coverage::Carriers;
use policy::library::{Library, Sources};
use policy::source::{Faults, Source};
use policy::vocabulary::Vocabulary;
use register::{Catalogue, Names, PolicyClauses};

use super::folder::{self, FolderError};
use crate::authority::Role;
use crate::web;

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/policies.rs"));
}

/// The addresses of the pages of the site, as its routes write them.
static PAGES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let routes = web::routes();
    let pages = routes.listed().iter();
    let pages = pages.filter(|route| route.method == Method::GET);
    pages.map(|route| route.path).collect()
});

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

/// The policies and registers in force. Cheap to read; replaced whole when the folder changes.
#[derive(Debug)]
pub struct Policies {
    folder: Option<PathBuf>,
    in_force: RwLock<InForce>,
    /// Why the latest edit of the folder is not in force.
    refused: RwLock<Option<Arc<PoliciesError>>>,
}

#[derive(Clone, Debug)]
struct InForce {
    library: Arc<Library>,
    registers: Arc<Catalogue>,
    carriers: Arc<Carriers>,
}

impl Policies {
    /// Loads the policies, the law and the registers built in and, over them, those of `folder`.
    ///
    /// # Errors
    /// A folder that cannot be read, or every fault of every file.
    pub fn load(folder: Option<PathBuf>) -> Result<Self, PoliciesError> {
        let in_force = RwLock::new(read(folder.as_deref())?);
        Ok(Self {
            folder,
            in_force,
            refused: RwLock::default(),
        })
    }

    /// What is in force now.
    #[must_use]
    pub fn library(&self) -> Arc<Library> {
        self.in_force().library
    }

    /// The registers in force now.
    #[must_use]
    pub fn registers(&self) -> Arc<Catalogue> {
        self.in_force().registers
    }

    /// What there is to carry clauses out with: the registers in force and the pages of the program.
    #[must_use]
    pub fn carriers(&self) -> Arc<Carriers> {
        self.in_force().carriers
    }

    fn in_force(&self) -> InForce {
        let in_force = self.in_force.read();
        in_force.unwrap_or_else(PoisonError::into_inner).clone()
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
            Ok(read) => {
                *self
                    .in_force
                    .write()
                    .unwrap_or_else(PoisonError::into_inner) = read;
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

fn read(folder: Option<&Path>) -> Result<InForce, PoliciesError> {
    let own = folder.map(folder::read).transpose()?.unwrap_or_default();
    let mut policies = sources(embedded::POLICIES);
    let mut law = Source::new("policies/law.toml", embedded::LAW);
    for (name, text) in &own.policies {
        let source = Source::new(name, text);
        if is_law(name) {
            law = source;
        } else {
            policies.push(source);
        }
    }
    let library = Library::load(Sources {
        vocabulary: VOCABULARY,
        law,
        platforms: Source::new("platforms.toml", embedded::PLATFORMS),
        policies: &policies,
    })?;
    let mut registers = sources(embedded::REGISTERS);
    registers.extend(
        own.registers
            .iter()
            .map(|(name, text)| Source::new(name, text)),
    );
    let registers = catalogue(&registers, &library)?;
    Ok(InForce {
        library: Arc::new(library),
        carriers: Arc::new(carriers(&registers)),
        registers: Arc::new(registers),
    })
}

/// The registers with the clauses that their files answer for, and the pages that the site really has.
fn carriers(registers: &Catalogue) -> Carriers {
    let answers = registers.carried_out();
    let pages = PAGES.iter().map(|page| (*page).to_owned());
    Carriers {
        registers: registers
            .mechanisms()
            .iter()
            .cloned()
            // Every clause that names it has its kinds of findings in `screening/clauses.toml`.
            .chain(["screen".to_owned()])
            .collect(),
        clauses: answers
            .map(|(_, policy, clause)| (policy.to_owned(), clause.to_owned()))
            .collect(),
        pages: pages.collect(),
    }
}

fn sources<'t>(embedded: &'t [(&'t str, &'t str)]) -> Vec<Source<'t>> {
    let files = embedded.iter();
    files.map(|(name, text)| Source::new(name, text)).collect()
}

/// The registers, whose files may name the roles of this program and the clauses of the policies.
fn catalogue(files: &[Source<'_>], library: &Library) -> Result<Catalogue, Faults> {
    let policies = library.tables().iter().map(policy::table::Table::policy);
    let policies: Vec<PolicyClauses<'_>> = policies
        .map(|policy| PolicyClauses {
            id: &policy.id,
            clauses: policy
                .clauses
                .iter()
                .map(|c| c.reference.as_str())
                .collect(),
        })
        .collect();
    let roles = Role::ALL.map(Role::name);
    let names = Names {
        roles: &roles,
        vocabulary: library.vocabulary(),
        policies: &policies,
    };
    Catalogue::load(files, &names)
}
