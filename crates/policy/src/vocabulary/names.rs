//! Names to indexes. Every name of a question is looked up here, so the hash is a fast one: only the vocabulary's own
//! names are ever stored.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::{Attribute, DutyKind};
use crate::cube::AttributeIndex;

type ByName<T> = HashMap<String, T, FxBuildHasher>;

/// The names of a vocabulary. Where two are the same, the first counts.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    attributes: ByName<AttributeIndex>,
    /// By attribute.
    values: Vec<ByName<u8>>,
    duties: ByName<usize>,
}

impl Names {
    pub(super) fn new(attributes: &[Attribute], duties: &[DutyKind]) -> Self {
        let mut names = Self::default();
        for (index, attribute) in attributes.iter().enumerate() {
            names
                .attributes
                .entry(attribute.id.clone())
                .or_insert(index);
            let mut values = ByName::default();
            for (value, index) in attribute.values.iter().zip(0..=u8::MAX) {
                values.entry(value.id.clone()).or_insert(index);
            }
            names.values.push(values);
        }
        for (index, duty) in duties.iter().enumerate() {
            names.duties.entry(duty.id.clone()).or_insert(index);
        }
        names
    }

    pub(super) fn attribute(&self, id: &str) -> Option<AttributeIndex> {
        self.attributes.get(id).copied()
    }

    pub(super) fn value(&self, attribute: AttributeIndex, id: &str) -> Option<u8> {
        self.values.get(attribute)?.get(id).copied()
    }

    pub(super) fn duty(&self, id: &str) -> Option<usize> {
        self.duties.get(id).copied()
    }
}
