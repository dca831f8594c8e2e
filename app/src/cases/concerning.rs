//! The cases that concern one person, for whoever answers a request for one's own data: what each holds in words, and
//! who may see it. Nothing here decides what anybody is shown: [`seen_whole`] says who may, by the engine's own table.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use policy::words::capitalised;
use register::FieldKind;
use register::life::OPEN;

use super::access::{self, sights};
use super::case::{Case, CaseId, Done, moment};
use super::parties::{Side, Subject, people_of};
use super::rules::{self, InForce};
use super::words::in_words;
use super::{CaseError, Engine, closer, row};
use crate::attachments::AttachmentId;
use crate::authority::{Actor, Means, Role};
use crate::people::{self, folded};
use crate::sign_in;
use crate::store::{PersonId, Query, Store, StoreError, TrustId};
use crate::values;
use crate::web::dates;

/// Whom cases are looked through for.
#[derive(Clone, Copy, Debug)]
pub struct Whom<'w> {
    /// Their identifier; none for somebody who has no record here.
    pub id: Option<&'w str>,
    /// Their names, as [`folded`] gives them: what is written in a text is found by these.
    pub names: &'w [String],
}

/// A case that concerns them.
#[derive(Clone, Debug)]
pub struct Concerning {
    /// The case.
    pub id: CaseId,
    /// What people call it.
    pub reference: String,
    /// The kind of case, and how it concerns them: "Incident: about them, named in it".
    pub says: String,
    /// Whether it is on a personnel file.
    pub filed: bool,
    /// Whether it is kept from whom it is about, and they did not open it themselves.
    pub kept: bool,
    /// What it holds.
    pub told: Vec<Told>,
    /// Its files.
    pub files: Vec<AttachmentId>,
    /// Who may decide what is given of it.
    pub readers: BTreeSet<PersonId>,
}

/// Something that a case holds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Told {
    /// What it is.
    pub label: String,
    /// What it says.
    pub text: String,
    /// The names of other people in it, as far as the case itself knows that they are people.
    pub people: Vec<String>,
}

/// The cases after one that concern somebody, and the last one looked at; so many are looked at at most.
///
/// # Errors
/// Where the store fails.
pub async fn concerning(
    query: &mut impl Query,
    (store, trust, engine): (&Store, &TrustId, &Engine),
    whom: Whom<'_>,
    after: &str,
    limit: u32,
) -> Result<(Vec<Concerning>, Option<CaseId>), CaseError> {
    let rows = query
        .all(
            "SELECT id FROM case_file WHERE trust = $1 AND id > $2 ORDER BY id LIMIT $3",
            values![after, i64::from(limit)],
        )
        .await?;
    let (mut found, mut last) = (Vec::new(), None);
    let mut names = Names {
        engine,
        store,
        trust,
        whom,
        known: BTreeMap::new(),
    };
    for row in &rows {
        let id: CaseId = row.get("id")?;
        if let Some(case) = row::find(query, store, trust, &id).await? {
            let rules = rules::of_case(query, &case.rules).await?;
            let how = how(&rules, &case, whom);
            if !how.is_empty() {
                found.push(names.told(query, &rules, &case, &how).await?);
            }
        }
        last = Some(id);
    }
    Ok((found, last))
}

/// How a case concerns somebody, in words; empty where it does not.
fn how(rules: &InForce, case: &Case, whom: Whom<'_>) -> Vec<&'static str> {
    let is = |id: &str| whom.id == Some(id);
    let mut how = Vec::new();
    let mut add = |there: bool, says: &'static str| {
        if there {
            how.push(says);
        }
    };
    add(
        case.subject.as_ref().is_some_and(|about| is(about.id())),
        "about them",
    );
    add(
        case.opened_by.as_ref().is_some_and(|by| is(by.as_str())),
        "opened by them",
    );
    let acted = case.done.iter().filter(|done| done.step != OPEN);
    let mut acted = acted.filter_map(|done| done.person.as_ref());
    let handled = case.handler.as_ref().is_some_and(|by| is(by.as_str()));
    add(
        handled || acted.any(|by| is(by.as_str())),
        "worked on by them",
    );
    let mut given = case
        .answers
        .iter()
        .chain(case.done.iter().flat_map(|done| &done.answers));
    add(
        given.any(
            |(name, answers)| match rules.register().field(name).map(|field| &field.kind) {
                Some(FieldKind::Person | FieldKind::Pupil) => answers.iter().any(|id| is(id)),
                Some(FieldKind::Text | FieldKind::LongText | FieldKind::Account) => {
                    answers.iter().any(|text| mentions(text, whom.names))
                }
                _ => false,
            },
        ) || case
            .done
            .iter()
            .any(|done| mentions(&done.note, whom.names)),
        "named in it",
    );
    how
}

/// Whether a text has one of the names as whole words.
fn mentions(text: &str, names: &[String]) -> bool {
    let words = |text: &str| -> String {
        let folded = folded(text);
        let words = folded
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty());
        words.fold(" ".to_owned(), |all, word| all + word + " ")
    };
    let text = words(text);
    names.iter().any(|name| {
        let name = words(name);
        name.len() > 1 && text.contains(&name)
    })
}

/// Puts cases into words.
struct Names<'a> {
    engine: &'a Engine,
    store: &'a Store,
    trust: &'a TrustId,
    whom: Whom<'a>,
    known: BTreeMap<PersonId, String>,
}

impl Names<'_> {
    async fn told(
        &mut self,
        query: &mut impl Query,
        rules: &InForce,
        case: &Case,
        how: &[&str],
    ) -> Result<Concerning, CaseError> {
        let register = rules.register();
        let opened = case.opened_by.as_ref().map(PersonId::as_str);
        let opened_by_them = self.whom.id.is_some() && opened == self.whom.id;
        let mut told = self.answers(query, rules, &case.answers).await?;
        for done in &case.done {
            told.push(self.step(query, rules, done).await?);
            let earlier = done.answers.iter();
            let earlier = earlier.filter(|(name, given)| case.answers.get(*name) != Some(*given));
            let earlier = earlier
                .map(|(name, given)| (name.clone(), given.clone()))
                .collect();
            told.extend(self.answers(query, rules, &earlier).await?);
        }
        Ok(Concerning {
            id: case.id.clone(),
            reference: case.reference.clone(),
            says: format!("{}: {}", capitalised(&register.name), how.join(", ")),
            filed: case.filed,
            kept: register.undisclosed && !case.disclosed && !opened_by_them,
            told,
            files: files(query, &case.id).await?,
            readers: self.readers(query, rules, case).await?,
        })
    }

    /// Answers in words. References of other cases are left out: they could tell of one that is kept from somebody.
    async fn answers(
        &mut self,
        query: &mut impl Query,
        rules: &InForce,
        answers: &register::value::Answers,
    ) -> Result<Vec<Told>, CaseError> {
        let library = self.engine.0.library();
        let mut told = Vec::new();
        for (name, given) in answers {
            let Some(field) = rules.register().field(name) else {
                continue;
            };
            if matches!(field.kind, FieldKind::Case(_) | FieldKind::Evidence) {
                continue;
            }
            let words = in_words(query, library.platforms(), field, given).await?;
            let others = given.iter().zip(&words);
            let others = others.filter(|(id, _)| self.whom.id != Some(id.as_str()));
            let people = match field.kind {
                FieldKind::Person | FieldKind::Pupil => {
                    others.map(|(_, name)| name.clone()).collect()
                }
                _ => Vec::new(),
            };
            told.push(Told {
                label: field.label.clone(),
                text: words.join("\n"),
                people,
            });
        }
        Ok(told)
    }

    async fn step(
        &mut self,
        query: &mut impl Query,
        rules: &InForce,
        done: &Done,
    ) -> Result<Told, CaseError> {
        let step = rules.register().step(&done.step);
        let label = match done.step.as_str() {
            OPEN => "Opened".to_owned(),
            other => step.map_or_else(|| other.to_owned(), |step| step.says.clone()),
        };
        let zone = self.store.clock().zoned().time_zone().clone();
        let mut text = dates::moment(moment(done.at), &zone);
        let mut people = Vec::new();
        if let Some(person) = &done.person {
            let name = self.name(query, person).await?;
            text.push_str(&format!(", by {name}"));
            if self.whom.id != Some(person.as_str()) {
                people.push(name);
            }
        }
        if !done.note.is_empty() {
            text.push('\n');
            text.push_str(&done.note);
        }
        Ok(Told {
            label,
            text,
            people,
        })
    }

    async fn name(
        &mut self,
        query: &mut impl Query,
        person: &PersonId,
    ) -> Result<String, StoreError> {
        if let Some(name) = self.known.get(person) {
            return Ok(name.clone());
        }
        let found = people::find(query, person).await?;
        let name = found.map_or_else(|| "somebody".to_owned(), |person| person.name());
        self.known.insert(person.clone(), name.clone());
        Ok(name)
    }

    /// Who may decide what is given of a case: its handler where it has one, otherwise those who see the whole of it for
    /// a role that is more than working here.
    async fn readers(
        &self,
        query: &mut impl Query,
        rules: &InForce,
        case: &Case,
    ) -> Result<BTreeSet<PersonId>, CaseError> {
        let today: Date = self.store.clock().today();
        if let Some(handler) = &case.handler {
            let only = BTreeSet::from([handler.clone()]);
            let reading = self.reading(query, rules, case, only).await?;
            if !reading.is_empty() || self.is_about(case, handler) {
                return Ok(reading);
            }
        }
        let subject = Subject::of(query, case, today).await?;
        let whole = sights(rules, case, &subject).into_iter();
        let whole = whole.filter_map(|(side, whole)| whole.then_some(side));
        let whole: Vec<Side> = whole
            .filter(|side| matches!(side, Side::Role(role) if *role != Role::Staff))
            .collect();
        let people = people_of(query, case, &whole, today).await?;
        self.reading(query, rules, case, people).await
    }

    /// Whether what is asked for, or the case, is about somebody.
    fn is_about(&self, case: &Case, person: &PersonId) -> bool {
        self.whom.id == Some(person.as_str()) || case.subject_person() == Some(person)
    }

    /// Those of some people who may decide: it is not about them, and no answer of the case is kept from them.
    async fn reading(
        &self,
        query: &mut impl Query,
        rules: &InForce,
        case: &Case,
        people: BTreeSet<PersonId>,
    ) -> Result<BTreeSet<PersonId>, CaseError> {
        let mut reading = BTreeSet::new();
        for person in people {
            if self.is_about(case, &person) {
                continue;
            }
            let today = self.store.clock().today();
            let actor = Actor {
                trust: self.trust.clone(),
                person: Some(person.clone()),
                name: String::new(),
                roles: sign_in::roles_of(query, &person, today).await?,
                means: Means::Token(BTreeSet::new()),
            };
            if closer::sees_all(query, self.store, &actor, rules, case).await? {
                reading.insert(person);
            }
        }
        Ok(reading)
    }
}

async fn files(query: &mut impl Query, id: &CaseId) -> Result<Vec<AttachmentId>, StoreError> {
    let rows = query
        .all(
            "SELECT id FROM attachment WHERE trust = $1 AND record_kind = 'case_file' AND record = $2 ORDER BY added_at, id",
            values![id],
        )
        .await?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// Those of some cases that somebody may see the whole of, as lists say, with every answer in them.
///
/// # Errors
/// Where the store fails.
pub async fn seen_whole(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
    cases: &BTreeSet<CaseId>,
) -> Result<BTreeSet<CaseId>, CaseError> {
    seen(query, store, actor, cases, false).await
}

/// Those of some cases about which somebody may decide what is given of them: they see the whole, because they look
/// after the case or for a role that is more than working here. To have opened it is not enough.
///
/// # Errors
/// Where the store fails.
pub async fn answered_for(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
    cases: &BTreeSet<CaseId>,
) -> Result<BTreeSet<CaseId>, CaseError> {
    seen(query, store, actor, cases, true).await
}

/// Whether nothing at all may say to somebody that a case is there: its register keeps cases from whom they are about,
/// it is not disclosed, and they do not see the whole of it. Whoever knows but its outline counts as well: otherwise
/// what is kept from the subject alone would be missing for the subject alone.
///
/// # Errors
/// Where the store fails.
pub async fn kept_out(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
    case: &CaseId,
) -> Result<bool, CaseError> {
    let row = query
        .first(
            "SELECT rules FROM case_file WHERE trust = $1 AND id = $2 AND disclosed = 0",
            values![case],
        )
        .await?;
    let Some(row) = row else { return Ok(false) };
    let rules = rules::of_case(query, &row.get::<String>("rules")?).await?;
    let one = BTreeSet::from([case.clone()]);
    Ok(rules.register().undisclosed && seen_whole(query, store, actor, &one).await?.is_empty())
}

async fn seen(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
    cases: &BTreeSet<CaseId>,
    answering: bool,
) -> Result<BTreeSet<CaseId>, CaseError> {
    let mut seen = BTreeSet::new();
    for id in cases {
        let mut values = access::audience_values(actor, None);
        values.extend(values![id, answering]);
        let row = query
            .first(
                "SELECT c.rules FROM case_file c JOIN case_access a ON a.trust = c.trust AND a.case_id = c.id \
                 WHERE c.trust = $1 AND a.audience IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, \
                     $16, $17, $18, $19, $20, $21, $22, $23, $24, $25) \
                   AND (c.subject IS NULL OR c.subject <> $26 OR a.audience = 'person/' || $26) \
                   AND ($28 = 0 OR c.handler = $26 OR (a.audience LIKE 'role/%' AND a.audience NOT LIKE '%/staff')) \
                   AND a.outline = 0 AND c.id = $27 LIMIT 1",
                values,
            )
            .await?;
        let Some(row) = row else { continue };
        let rules = rules::of_case(query, &row.get::<String>("rules")?).await?;
        // Of most registers no answer is kept from anybody who sees the case: these need not be opened.
        if rules.register().kept_closer().next().is_some() {
            let case = row::find(query, store, &actor.trust, id).await?;
            let Some(case) = case else { continue };
            if !closer::sees_all(query, store, actor, &rules, &case).await? {
                continue;
            }
        }
        seen.insert(id.clone());
    }
    Ok(seen)
}
