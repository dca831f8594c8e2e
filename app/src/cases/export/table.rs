//! What stands in an export: one row for each case, one column for each field.

use register::{Field, Sensitivity};

use crate::authority::Actor;
use crate::cases::api::says;
use crate::cases::{CaseError, CaseId, Engine, Filter, Line, list};
use crate::people::Part;
use crate::schools;
use crate::store::{Query, Store};

/// How many cases are read at a time.
const BATCH: u32 = 200;

/// Rows under columns.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
    /// The cases of which something sensitive was read.
    pub(super) read: Vec<CaseId>,
}

/// The cases that somebody may see and the filter wants. Where one register is asked for, its fields are columns;
/// sensitive ones are left out unless all is asked for, and then they are filled where the person sees the whole.
pub(super) async fn table(
    query: &mut impl Query,
    (store, engine): (&Store, &Engine),
    actor: &Actor,
    filter: &Filter,
    full: bool,
) -> Result<Table, CaseError> {
    let registers = engine.registers();
    let register = match &filter.register {
        Some(id) => Some(registers.register(id).ok_or(CaseError::NoSuchRegister)?),
        None => None,
    };
    let of_steps = register.iter().flat_map(|it| &it.steps);
    let fields = register.iter().flat_map(|it| &it.fields);
    let fields = fields.chain(of_steps.flat_map(|step| &step.fields));
    let fields: Vec<&Field> = fields.filter(|field| full || !field.sensitive).collect();
    let common = [
        "Reference",
        "Register",
        "State",
        "School",
        "Opened",
        "Closed",
        "Next due",
        "From paper",
    ];
    let labels = fields.iter().map(|field| field.label.clone());
    let mut table = Table {
        columns: common
            .map(str::to_owned)
            .into_iter()
            .chain(labels)
            .collect(),
        ..Table::default()
    };
    let mut part = Part {
        skip: 0,
        size: BATCH,
    };
    loop {
        let found = list(query, store, actor, filter, part).await?;
        let count = found.items.len();
        for line in &found.items {
            let mut row = beginning(query, store, line).await?;
            for field in &fields {
                let words = match line.case.answers.get(&field.id) {
                    Some(given) => says(query, (store, &actor.trust), field, given).await?,
                    None => Vec::new(),
                };
                row.push(words.join("; "));
            }
            if sensitive(register) && !line.outline && !fields.is_empty() {
                table.read.push(line.case.id.clone());
            }
            table.rows.push(row);
        }
        part.skip = part.skip.saturating_add(BATCH);
        if count < BATCH as usize {
            return Ok(table);
        }
    }
}

fn sensitive(register: Option<&register::Register>) -> bool {
    register.is_some_and(|register| register.sensitivity == Sensitivity::Sensitive)
}

/// The cells that every case has.
async fn beginning(
    query: &mut impl Query,
    store: &Store,
    line: &Line,
) -> Result<Vec<String>, CaseError> {
    let school = match &line.case.school {
        Some(school) => schools::find(query, school).await?,
        None => None,
    };
    let zone = store.clock().zoned().time_zone().clone();
    let day = |at: jiff::Timestamp| at.to_zoned(zone.clone()).date().to_string();
    let closed = line.case.closed_at.map(crate::cases::case::moment);
    Ok(vec![
        line.case.reference.clone(),
        line.rules.register().name.clone(),
        line.state.clone(),
        school.map_or_else(|| "The trust as a whole".to_owned(), |it| it.details.name),
        day(line.case.opened()),
        closed.map(&day).unwrap_or_default(),
        line.due.map(&day).unwrap_or_default(),
        if line.case.paper { "Yes" } else { "No" }.to_owned(),
    ])
}
