//! `GET /api/v1/vocabulary`: the words that situations are described in.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use policy::vocabulary::{Attribute, DutyKind, Group, Role, Vocabulary};
use serde::Serialize;
use serde_json::Value;

use super::whole::when;
use crate::web::App;
use crate::web::problem::Problem;

#[derive(Serialize)]
struct Words<'v> {
    attributes: Vec<AttributeTold<'v>>,
    groups: Vec<GroupTold<'v>>,
    impossible: Vec<ImpossibleTold<'v>>,
    duties: &'v [DutyKind],
    roles: &'v [Role],
}

#[derive(Serialize)]
struct AttributeTold<'v> {
    #[serde(flatten)]
    attribute: &'v Attribute,
    neutral: &'v str,
    implies: Vec<&'v str>,
    /// Each entry is enough; empty means always.
    asked_when: Vec<BTreeMap<&'v str, Vec<&'v str>>>,
}

#[derive(Serialize)]
struct GroupTold<'v> {
    #[serde(flatten)]
    group: &'v Group,
    attributes: Vec<&'v str>,
}

#[derive(Serialize)]
struct ImpossibleTold<'v> {
    name: &'v str,
    why: &'v str,
    when: BTreeMap<&'v str, Vec<&'v str>>,
}

pub(super) async fn read(State(app): State<App>) -> Result<Json<Value>, Problem> {
    let library = app.library();
    let words = words(library.vocabulary());
    let words = serde_json::to_value(&words).map_err(|error| Problem::internal(&error))?;
    Ok(Json(words))
}

fn words(vocabulary: &Vocabulary) -> Words<'_> {
    let ids = |indexes: &[usize]| {
        let id = |index: &usize| vocabulary.at(*index).map(|a| a.id.as_str());
        indexes.iter().filter_map(id).collect()
    };
    let attribute = |attribute| AttributeTold {
        attribute,
        neutral: attribute.value_id(attribute.neutral),
        implies: ids(&attribute.implies),
        asked_when: attribute
            .asked_when
            .iter()
            .map(|cube| when(vocabulary, cube))
            .collect(),
    };
    Words {
        attributes: vocabulary.attributes().iter().map(attribute).collect(),
        groups: vocabulary
            .groups()
            .iter()
            .map(|group| GroupTold {
                group,
                attributes: ids(&group.attributes),
            })
            .collect(),
        impossible: vocabulary
            .impossible()
            .iter()
            .map(|impossible| ImpossibleTold {
                name: &impossible.name,
                why: &impossible.why,
                when: when(vocabulary, &impossible.when),
            })
            .collect(),
        duties: vocabulary.duties(),
        roles: vocabulary.roles(),
    }
}
