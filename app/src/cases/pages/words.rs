//! What a case holds, in the words of its definition, with the names of those whom it names.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use policy::library::Library;
use register::{Field, FieldKind};

use crate::cases::words::in_words;
use crate::cases::{About, CaseError};
use crate::people;
use crate::pupils;
use crate::schools;
use crate::store::{PersonId, Query, SchoolId, Store, StoreError};
use crate::web::App;
use crate::web::problem::Problem;

/// What stands where somebody was erased.
const ERASED: &str = "Somebody who is no longer held here";

/// Looks up names, each once.
#[derive(Debug)]
pub(super) struct Names<'s> {
    store: &'s Store,
    library: Arc<Library>,
    known: BTreeMap<String, String>,
}

impl<'s> Names<'s> {
    pub(super) fn of(app: &'s App) -> Result<Self, Problem> {
        Ok(Self {
            store: app.store()?,
            library: app.library(),
            known: BTreeMap::new(),
        })
    }

    /// The time zone in which moments are told.
    pub(super) fn zone(&self) -> TimeZone {
        self.store.clock().zoned().time_zone().clone()
    }

    pub(super) async fn person(
        &mut self,
        query: &mut impl Query,
        id: &PersonId,
    ) -> Result<String, StoreError> {
        let key = format!("person/{id}");
        if let Some(name) = self.known.get(&key) {
            return Ok(name.clone());
        }
        let found = people::find(query, id).await?;
        let name = found.map_or_else(|| ERASED.to_owned(), |person| person.name());
        self.known.insert(key, name.clone());
        Ok(name)
    }

    pub(super) async fn school(
        &mut self,
        query: &mut impl Query,
        id: Option<&SchoolId>,
    ) -> Result<String, CaseError> {
        let Some(id) = id else {
            return Ok("The whole trust".to_owned());
        };
        let key = format!("school/{id}");
        if let Some(name) = self.known.get(&key) {
            return Ok(name.clone());
        }
        let found = schools::find(query, id).await?;
        let name = found.map_or_else(|| id.to_string(), |school| school.details.name);
        self.known.insert(key, name.clone());
        Ok(name)
    }

    /// Whom a case is about.
    pub(super) async fn about(
        &mut self,
        query: &mut impl Query,
        about: &About,
    ) -> Result<String, CaseError> {
        match about {
            About::Person(id) => Ok(self.person(query, id).await?),
            About::Pupil(id) => {
                let found = pupils::known(query, id).await?;
                Ok(found.map_or_else(|| ERASED.to_owned(), |pupil| pupil.name))
            }
        }
    }

    /// The words of all answers to a field.
    pub(super) async fn answers(
        &mut self,
        query: &mut impl Query,
        field: &Field,
        answers: &[String],
    ) -> Result<Vec<String>, CaseError> {
        if field.kind == FieldKind::Evidence {
            return Ok(vec![match answers.len() {
                1 => "1 file, listed under evidence".to_owned(),
                many => format!("{many} files, listed under evidence"),
            }]);
        }
        in_words(query, self.library.platforms(), field, answers).await
    }
}
