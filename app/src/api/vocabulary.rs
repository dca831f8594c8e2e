//! `GET /api/v1/vocabulary`: the words that situations are described in.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use policy::vocabulary::{Attribute, DutyKind, Group, Role, Vocabulary};
use policy::words::{Condition, conditions};
use serde::Serialize;

use crate::web::App;

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
    asked_when: Vec<Vec<Condition<'v>>>,
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
    when: Vec<Condition<'v>>,
}

pub(super) async fn read(State(app): State<App>) -> Response {
    Json(words(app.library().vocabulary())).into_response()
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
            .map(|cube| conditions(cube, vocabulary))
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
                when: conditions(&impossible.when, vocabulary),
            })
            .collect(),
        duties: vocabulary.duties(),
        roles: vocabulary.roles(),
    }
}
