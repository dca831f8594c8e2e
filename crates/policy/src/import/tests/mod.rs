//! The whole import, on small made-up documents.

mod draft;
mod facts;
mod modality;
mod numbers;
mod pages;
mod properties;
mod refusals;
mod structure;

use super::{Clause, Document, import};

fn read(text: &str) -> Document {
    import(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn clause<'a>(document: &'a Document, address: &str) -> &'a Clause {
    document
        .clauses()
        .find(|clause| clause.address == address)
        .unwrap_or_else(|| panic!("no clause {address}: {document:#?}"))
}

/// Address and lines of every clause.
fn outline(document: &Document) -> Vec<(&str, Vec<usize>)> {
    document
        .clauses()
        .map(|clause| {
            (
                clause.address.as_str(),
                clause.lines.iter().map(|line| line.line).collect(),
            )
        })
        .collect()
}

fn headings(document: &Document) -> Vec<&str> {
    document
        .sections()
        .into_iter()
        .map(|section| section.heading.as_str())
        .collect()
}
