//! A decision as JSON: what the command line prints and the HTTP interface answers.

use policy::situation::Given;
use policy::table::Table;
use policy::vocabulary::Vocabulary;
use serde_json::{Map, Value as Json};

/// Why there is no decision.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DecidedError {
    /// An attribute has a list of values.
    #[error("lists of values are not decided yet")]
    Several,
    /// The decision cannot be written as JSON.
    #[error("the decision cannot be written: {0}")]
    Json(#[from] serde_json::Error),
}

/// What a policy says of a situation.
///
/// # Errors
/// Lists of values.
pub(crate) fn decided(
    vocabulary: &Vocabulary,
    table: &Table,
    given: &Given,
) -> Result<Map<String, Json>, DecidedError> {
    let situation = given.situation(vocabulary).ok_or(DecidedError::Several)?;
    let decision = table.decide(vocabulary, &situation, &given.assumed(vocabulary));
    match serde_json::to_value(&decision)? {
        Json::Object(fields) => Ok(fields),
        _ => Ok(Map::new()),
    }
}
