//! A case as lists show it.

use jiff::Timestamp;
use policy::words::capitalised;
use register::Register;
use serde::Serialize;

use crate::cases::pages::words::Names;
use crate::cases::{CaseError, Line};
use crate::store::Query;
use crate::web::dates::{day, moment};

/// A case in a list.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Row {
    pub(super) href: String,
    pub(super) reference: String,
    pub(super) kind: String,
    pub(super) state: String,
    pub(super) over: bool,
    pub(super) outline: bool,
    pub(super) school: String,
    pub(super) opened: String,
    /// The answers to the fields that the list shows.
    pub(super) cells: Vec<String>,
    pub(super) due: String,
    pub(super) overdue: bool,
}

/// Makes the rows of a list; `of` is the one register it is of, whose listed fields are shown.
pub(super) async fn rows(
    query: &mut impl Query,
    names: &mut Names<'_>,
    lines: &[Line],
    register_names: &[Register],
    of: Option<&Register>,
    now: Timestamp,
) -> Result<Vec<Row>, CaseError> {
    let zone = names.zone();
    let mut rows = Vec::new();
    for line in lines {
        let case = &line.case;
        let kind = register_names
            .iter()
            .find(|known| known.id == case.register);
        let mut cells = Vec::new();
        for field in of.map(listed).unwrap_or_default() {
            let answers = case.answers.get(&field.id).map_or(&[][..], Vec::as_slice);
            let words = names.answers(query, field, answers).await?;
            cells.push(words.join(", "));
        }
        rows.push(Row {
            href: format!("/cases/{}", case.id),
            reference: case.reference.clone(),
            kind: kind.map_or_else(|| case.register.clone(), |kind| capitalised(&kind.name)),
            state: line.state.clone(),
            over: case.closed_at.is_some(),
            outline: line.outline,
            school: names.school(query, case.school.as_ref()).await?,
            opened: day(case.opened().to_zoned(zone.clone()).date()),
            cells,
            due: line.due.map(|due| moment(due, &zone)).unwrap_or_default(),
            overdue: line.due.is_some_and(|due| due < now),
        });
    }
    Ok(rows)
}

/// The fields that lists show: what is sensitive is none of them.
pub(super) fn listed(register: &Register) -> Vec<&register::Field> {
    let steps = register.steps.iter().flat_map(|step| &step.fields);
    let fields = register.fields.iter().chain(steps);
    fields
        .filter(|field| field.listed && !field.sensitive)
        .collect()
}
