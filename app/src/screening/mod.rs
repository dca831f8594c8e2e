//! Checking a draft before it is posted, with the screening lists in force: those of `screening/`, built in.

mod checked;
mod desk;
mod page;
mod roll;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use policy::source::{Faults, Source};
use policy::vocabulary::Vocabulary;
use screen::Lists;

pub(crate) use checked::{Checked, ClauseLink};
pub(crate) use desk::{Desk, LONGEST, length};
#[cfg(test)]
pub(crate) use page::CheckPostPage;
pub(crate) use page::{at_school, routes};

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/screening.rs"));
}

/// The lists, once they were read: neither they nor the vocabulary change while the program runs.
static READ: OnceLock<Lists> = OnceLock::new();

/// The lists that drafts are screened with.
///
/// # Errors
/// Their faults, which the program's own tests rule out.
pub(crate) fn lists(vocabulary: &Vocabulary) -> Result<&'static Lists, Faults> {
    if let Some(lists) = READ.get() {
        return Ok(lists);
    }
    let files = embedded::SCREENING.iter();
    let files: Vec<Source<'_>> = files.map(|(name, text)| Source::new(name, text)).collect();
    let lists = Lists::load(&files, vocabulary)?;
    Ok(READ.get_or_init(|| lists))
}
