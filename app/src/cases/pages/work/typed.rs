//! What was typed for the fields of a step.

use register::value::{AnswerFault, Answers};
use register::{Field, FieldKind, Step};

use crate::cases::pages::opening::asked::{self, Asked, Item, Pairs};
use crate::cases::pages::opening::known::{Named, name_of, named};
use crate::cases::{CaseError, Seen};
use crate::people::schools;
use crate::store::Tx;
use crate::web::App;
use crate::web::problem::Problem;

/// What was typed, what it answers, and what is wrong with it.
#[derive(Debug, Default)]
pub(super) struct Typed {
    pairs: Pairs,
    pub(super) answers: Answers,
    pub(super) faults: Vec<AnswerFault>,
    /// Those of a name, where a field names several.
    several: Vec<(String, Vec<Item>)>,
}

impl Typed {
    /// What stands in the fields that a step corrects, as if it had been typed.
    pub(super) async fn corrections(
        tx: &mut Tx,
        seen: &Seen,
        step: &Step,
    ) -> Result<Self, CaseError> {
        let mut pairs = Pairs::new();
        for field in fields_of(seen, step) {
            let present = seen.case.answers.get(&field.id);
            let Some(present) = present.filter(|_| step.corrects.contains(&field.id)) else {
                continue;
            };
            pairs.extend(asked::retyped(&field, present));
            let first = present.first().map(String::as_str).unwrap_or_default();
            if let Some(name) = name_of(tx, &field, first).await? {
                pairs.push((field.id.clone(), name));
            }
        }
        Ok(Self {
            pairs,
            ..Self::default()
        })
    }

    /// Reads what was typed.
    pub(super) async fn read(
        app: &App,
        tx: &mut Tx,
        seen: &Seen,
        step: &Step,
        pairs: &Pairs,
    ) -> Result<Self, Problem> {
        let library = app.library();
        let mut typed = Self {
            pairs: pairs.clone(),
            ..Self::default()
        };
        for field in fields_of(seen, step) {
            let read = match field.kind {
                FieldKind::Evidence => continue,
                FieldKind::Person | FieldKind::Pupil => {
                    let school = seen.case.school.as_ref();
                    match named(tx, &field, pairs, school, app.today()).await? {
                        Named::Nobody => Ok(Vec::new()),
                        Named::One(id) => Ok(vec![id]),
                        Named::Several(items) => {
                            typed.several.push((field.id.clone(), items));
                            Err("Choose which of them you mean.".to_owned())
                        }
                        Named::Wrong(what) => Err(what),
                    }
                }
                _ => asked::read(&field, pairs, library.platforms()),
            };
            match read {
                Ok(values) => {
                    typed.answers.insert(field.id.clone(), values);
                }
                Err(what) => typed.faults.push(AnswerFault {
                    field: field.id.clone(),
                    what,
                }),
            }
        }
        Ok(typed)
    }
}

/// The fields that a step asks, given what the case says already; one that hangs on another field of the same step
/// is among them, because without a script nothing can show it later.
fn fields_of(seen: &Seen, step: &Step) -> Vec<Field> {
    let all = seen.asked(step);
    let here = |name: &str| all.iter().any(|field| field.id == name);
    let asked = all.iter().filter(|field| {
        let mut outside = field.when.iter().filter(|when| !here(&when.field));
        outside.all(|when| when.holds(&seen.case.answers))
    });
    asked.cloned().collect()
}

/// The fields as the page asks them.
pub(super) async fn fields(
    app: &App,
    tx: &mut Tx,
    seen: &Seen,
    step: &Step,
    typed: &Typed,
    faults: &[AnswerFault],
) -> Result<Vec<Asked>, Problem> {
    let library = app.library();
    let all = fields_of(seen, step);
    let mut places = Vec::new();
    if all.iter().any(|field| field.kind == FieldKind::School) {
        let schools = schools(tx, app.today()).await?;
        places.extend(
            schools
                .iter()
                .map(|(id, name)| Item::new(id.as_str(), name)),
        );
    }
    let asked = all.iter().map(|field| {
        let mut asked = Asked::of(field, &typed.pairs, library.platforms(), &places);
        if let Some(only) = only_where(field, &all) {
            asked.help = format!("{only} {}", asked.help).trim().to_owned();
            asked.optional = false;
        }
        let several = typed.several.iter().find(|(name, _)| *name == field.id);
        asked.found = several.map(|(_, items)| items.clone()).unwrap_or_default();
        let fault = faults.iter().find(|fault| fault.field == field.id);
        asked.error = fault.map(|fault| fault.what.clone()).unwrap_or_default();
        asked
    });
    Ok(asked.collect())
}

/// When a field is to be answered, where that hangs on another field of the same page.
fn only_where(field: &Field, all: &[Field]) -> Option<String> {
    field.when.iter().find_map(|when| {
        let other = all.iter().find(|other| other.id == when.field)?;
        let words: Vec<&str> = when.is.iter().map(|value| other.words(value)).collect();
        Some(format!(
            "Only where the answer to “{}” is: {}.",
            other.label,
            words.join(", ")
        ))
    })
}
