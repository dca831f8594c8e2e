//! A policy document, as plain text or Markdown, to a tree of its clauses.
//!
//! The work goes in passes over the same list of lines, each in a file of its own: `lines` reads
//! them, `furniture` sets page headers and contents lists aside, `control` takes out dates,
//! approvals and reviews, `headings` finds the sections, `tree` hangs every clause where it
//! belongs and `modality` says how strongly each sentence speaks. No line is lost: each one that
//! is not blank ends up in exactly one place (see [`Document::places`]).

mod control;
mod dates;
mod document;
mod draft;
mod error;
mod furniture;
mod headings;
mod lines;
mod modality;
mod numbering;
mod organisation;
mod passages;
mod sentences;
mod tree;

#[cfg(test)]
mod tests;

pub use control::{ControlFact, ControlKind};
pub use dates::{PrintedDate, Season};
pub use document::{Clause, ClauseKind, Clauses, Document, Node, Place, Section, Sentence};
pub use error::{ImportError, LIMIT_BYTES, LIMIT_LINES};
pub use furniture::{Furniture, FurnitureKind};
pub use lines::TextLine;
pub use passages::passages;

pub use crate::policy_file::Modality;

use lines::{Line, Role};

/// Reads a policy document. `text` is plain text or Markdown; line numbers in the result count its
/// lines from 1.
///
/// # Errors
/// When the text is too large, is not text at all (a PDF or Word file, say), or holds nothing that
/// tells anyone what to do.
pub fn import(text: &str) -> Result<Document, ImportError> {
    error::refuse_what_is_not_a_document(text)?;
    let lines = lines::read(text);
    if lines.is_empty() {
        return Err(ImportError::Empty);
    }
    let mut roles = vec![Role::Body; lines.len()];
    let title = control::find_title(&lines, &mut roles);
    furniture::mark(&lines, title, &mut roles);
    let control = control::mark(&lines, title, &mut roles);
    headings::mark(&lines, &mut roles);
    let content = tree::build(&lines, &roles);
    let document = Document {
        title: title.and_then(|at| lines.get(at)).map(Line::whole_text),
        organisation: organisation::name(&lines),
        control,
        content,
        furniture: furniture::list(&lines, &roles),
    };
    if document.speaks_to_somebody() {
        Ok(document)
    } else {
        Err(ImportError::NoNormativeText)
    }
}
