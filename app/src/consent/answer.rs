//! What one giver said, on record; and what follows for the case from all that was said: the stricter holds.

use std::collections::BTreeMap;

use jiff::civil::Date;
use register::settings::Settings;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::said::{Said, Use};
use super::standing::{current, later};
use super::{ConsentError, REGISTER};
use crate::authority::{Action, Actor};
use crate::cases::{self, Case, CaseId, Engine, Opening, Taking};
use crate::ledger::{LedgerError, Record, record};
use crate::protection::{Sealed, place};
use crate::pupils::{self, GuardianId, PupilId};
use crate::store::{
    Query, Row, SchoolId, Store, StoreError, TrustId, Tx, Value, column, ids, unwrapped,
};
use crate::values;

ids! {
    /// What one giver said about one pupil.
    AnswerId
}

/// What stands on the case where givers disagree.
const DIFFERS: &str = "Another parent or carer allows less. The stricter answer holds for each use, with the limits of both.";

/// How an answer came.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum How {
    /// By the link in a letter.
    Link,
    /// On paper.
    Paper,
    /// By word.
    Word,
}

/// Who gave it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum By {
    /// A parent or carer.
    Parent,
    /// Somebody else with parental responsibility.
    Other,
    /// The pupil.
    Pupil,
}

macro_rules! names {
    ($type:ident: $($variant:ident $name:literal $says:literal),*) => {
        impl $type {
            pub(crate) const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name in the store and in the register.
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            pub(crate) fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }

            pub(crate) const fn says(self) -> &'static str {
                match self { $(Self::$variant => $says),* }
            }
        }

        column!($type, text, |text: String| $type::named(&text));

        impl From<$type> for Value {
            fn from(one: $type) -> Self {
                one.name().into()
            }
        }
    };
}

names! { How: Link "link" "By the link in a letter", Paper "paper" "On paper", Word "word" "By word, noted by the school" }
names! { By: Parent "parent" "A parent or carer", Other "other" "Somebody else with parental responsibility",
Pupil "pupil" "The pupil, who is old enough to decide" }

/// What one giver said.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Answer {
    pub(crate) id: AnswerId,
    pub(crate) case: CaseId,
    /// The parent or carer; nobody where none on record gave it.
    pub(crate) guardian: Option<GuardianId>,
    pub(crate) given_by: By,
    pub(crate) how: How,
    pub(crate) said: Said,
    pub(crate) given_on: Date,
    pub(crate) until: Date,
    /// When it was entered, in milliseconds since 1970.
    pub(crate) answered_at: i64,
}

impl Record for Answer {
    const KIND: &'static str = "consent_answer";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// An answer to be taken.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub(crate) guardian: Option<GuardianId>,
    pub(crate) by: By,
    pub(crate) how: How,
    pub(crate) said: Said,
    pub(crate) given_on: Date,
    /// The last day on which it holds; as the settings say where none is named.
    pub(crate) until: Option<Date>,
}

/// What came of an answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Outcome {
    /// What holds now, from all that was said.
    pub(crate) holds: Said,
    /// Whether somebody else allows less.
    pub(crate) differs: bool,
}

/// The pupil's case; opened by the program where none is open, so that an answer that nobody asked for has a place.
pub(crate) async fn case_of(
    tx: &mut Tx,
    engine: &Engine,
    (pupil, school): (&PupilId, &SchoolId),
) -> Result<Case, ConsentError> {
    let (store, trust) = (tx.store().clone(), tx.trust().cloned());
    let trust = trust.ok_or(StoreError::Unrecorded)?;
    if let Some(case) = current(tx, (&store, &trust), pupil).await?
        && case.school.as_ref() == Some(school)
    {
        return Ok(case);
    }
    let answers = [("pupil", pupil.as_str()), ("how", "not-yet")];
    let opening = Opening {
        register: REGISTER.to_owned(),
        school: Some(school.clone()),
        answers: answers
            .map(|(name, value)| (name.to_owned(), vec![value.to_owned()]))
            .into(),
        ..Opening::default()
    };
    Ok(cases::open(tx, engine, &Actor::operator(trust), opening).await?)
}

/// Takes an answer: it goes on record, and the case follows from all that was said. `actor` is whoever enters it;
/// for a parent with a link, [`family`].
///
/// # Errors
/// [`cases::CaseError::Changed`] where somebody was first.
pub(crate) async fn answer(
    tx: &mut Tx,
    engine: &Engine,
    actor: &Actor,
    case: &Case,
    given: Given,
) -> Result<Outcome, ConsentError> {
    let (store, today) = (tx.store().clone(), tx.store().clock().today());
    let registers = engine.registers();
    let in_force = cases::in_force(tx, &registers, REGISTER, case.school.as_ref(), today).await?;
    let until = given
        .until
        .unwrap_or_else(|| later(given.given_on, &in_force.settings, "lasts"));
    let answer = Answer {
        id: tx.fresh()?,
        case: case.id.clone(),
        guardian: given.guardian,
        given_by: given.by,
        how: given.how,
        said: given.said,
        given_on: given.given_on,
        until,
        answered_at: tx.now().as_millisecond(),
    };
    insert(tx, actor, &answer).await?;
    let counting = counting(tx, (&store, &actor.trust), &in_force.settings, case).await?;
    let holds = counting
        .iter()
        .fold(answer.said.clone(), |all, (said, _)| all.stricter(said));
    // What has run out adds no time, and takes none from what was said anew.
    let lasts = counting.iter().map(|(_, until)| *until);
    let until = lasts.filter(|until| *until >= today).min();
    let until = until.unwrap_or(answer.until);
    let step = match (holds.is_no(), case.state.as_str()) {
        (false, _) => "give",
        (true, "given") => "withdraw",
        (true, _) => "refuse",
    };
    let mut answers = holds.answers();
    answers.extend(
        [
            ("how", answer.how.name().to_owned()),
            ("given_by", answer.given_by.name().to_owned()),
            ("given_on", answer.given_on.to_string()),
            ("until", until.to_string()),
        ]
        .map(|(name, value)| (name.to_owned(), vec![value])),
    );
    let taking = Taking {
        step: step.to_owned(),
        revision: case.revision,
        note: String::new(),
        answers,
    };
    cases::take_on_its_page(tx, engine, actor, &case.id, taking).await?;
    let differs = holds != answer.said;
    if differs {
        let program = Actor::operator(actor.trust.clone());
        cases::take_by_program(tx, engine, &program, &case.id, ("differ", DIFFERS)).await?;
    }
    Ok(Outcome { holds, differs })
}

/// Somebody who answers by a signed link: no person of the installation.
pub(crate) fn family(trust: &TrustId) -> Actor {
    Actor {
        name: "a parent or carer, by a signed link".to_owned(),
        ..Actor::operator(trust.clone())
    }
}

/// The latest answer of each giver that counts, with its last day: of a parent or carer who is one today, and of those
/// who are not on record. What a case brought from paper counts as an answer of theirs until there is another.
async fn counting(
    tx: &mut Tx,
    (store, trust): (&Store, &TrustId),
    settings: &Settings,
    case: &Case,
) -> Result<Vec<(Said, Date)>, ConsentError> {
    let mut latest: BTreeMap<(Option<GuardianId>, By), Answer> = BTreeMap::new();
    for answer in answers_to(tx, (store, trust), &case.id).await? {
        latest.insert((answer.guardian.clone(), answer.given_by), answer);
    }
    let mut counting = Vec::new();
    if case.paper && !latest.keys().any(|(guardian, _)| guardian.is_none()) {
        counting.extend(brought(case, settings));
    }
    for ((guardian, _), answer) in latest {
        if is_of(tx, guardian.as_ref(), case).await? {
            counting.push((answer.said, answer.until));
        }
    }
    Ok(counting)
}

/// What a case said when it was entered from paper; nothing where it brought no answer.
fn brought(case: &Case, settings: &Settings) -> Option<(Said, Date)> {
    let opened = &case.done.first()?.answers;
    let day = |field: &str| -> Option<Date> { opened.get(field)?.first()?.parse().ok() };
    let until = day("until").or_else(|| Some(later(day("given_on")?, settings, "lasts")))?;
    Some((Said::of_answers(opened), until))
}

/// Whether a giver is a parent or carer of the case's pupil today; those who are not on record always count.
async fn is_of(
    query: &mut impl Query,
    guardian: Option<&GuardianId>,
    case: &Case,
) -> Result<bool, StoreError> {
    let (Some(guardian), Some(cases::About::Pupil(pupil))) = (guardian, &case.subject) else {
        return Ok(guardian.is_none());
    };
    let theirs = pupils::guardians_of(query, pupil).await?;
    Ok(theirs.iter().any(|(id, _)| id == guardian))
}

async fn insert(tx: &mut Tx, actor: &Actor, answer: &Answer) -> Result<(), ConsentError> {
    let limits = match answer.said.limits.trim() {
        "" => None,
        limits => {
            let key = tx.record_key(&sealed_under(&answer.id)).await?;
            let at = limits_place(&actor.trust, &answer.id);
            Some(key.seal_text(&at, limits, tx.store().randomness())?.0)
        }
    };
    tx.execute(
        "INSERT INTO consent_answer (trust, id, case_id, guardian, given_by, how, website, social, press, limits, \
           given_on, valid_until, answered_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        values![
            &answer.id,
            &answer.case,
            answer.guardian.as_ref(),
            answer.given_by,
            answer.how,
            answer.said.of(Use::Website),
            answer.said.of(Use::Social),
            answer.said.of(Use::Press),
            limits,
            answer.given_on,
            answer.until,
            answer.answered_at
        ],
    )
    .await?;
    let action = Some(Action::WorkCases);
    Ok(record(tx, actor, action, "consent.answered", None, Some(answer)).await?)
}

fn sealed_under(id: &AnswerId) -> String {
    format!("{}/{id}", Answer::KIND)
}

fn limits_place(trust: &TrustId, id: &AnswerId) -> String {
    place(Answer::KIND, "limits", trust.as_str(), id.as_str())
}

/// Whole answers with their keys; what follows says which.
macro_rules! answers {
    ($which:literal) => {
        concat!(
            "SELECT a.id, a.case_id, a.guardian, a.given_by, a.how, a.website, a.social, a.press, a.limits, \
               a.given_on, a.valid_until, a.answered_at, k.wrapped FROM consent_answer a \
             LEFT JOIN record_key k ON k.trust = a.trust AND k.record = 'consent_answer/' || a.id \
             WHERE a.trust = $1 AND ",
            $which
        )
    };
}

fn read(store: &Store, trust: &TrustId, row: &Row) -> Result<Answer, ConsentError> {
    let id: AnswerId = row.get("id")?;
    let sealed = row.get::<Option<Vec<u8>>>("limits")?;
    let limits = match sealed.zip(row.get::<Option<Vec<u8>>>("wrapped")?) {
        Some((sealed, wrapped)) => {
            let key = unwrapped(store, trust, &sealed_under(&id), wrapped)?;
            key.open_text(&limits_place(trust, &id), &Sealed(sealed))?
                .to_string()
        }
        None => String::new(),
    };
    Ok(Answer {
        case: row.get("case_id")?,
        guardian: row.get("guardian")?,
        given_by: row.get("given_by")?,
        how: row.get("how")?,
        said: Said {
            website: row.get("website")?,
            social: row.get("social")?,
            press: row.get("press")?,
            limits,
        },
        given_on: row.get("given_on")?,
        until: row.get("valid_until")?,
        answered_at: row.get("answered_at")?,
        id,
    })
}

/// Everything that was said for a case, the first first.
pub(crate) async fn answers_to(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    case: &CaseId,
) -> Result<Vec<Answer>, ConsentError> {
    let sql = answers!("a.case_id = $2 ORDER BY a.id");
    let rows = query.all(sql, values![case]).await?;
    rows.iter().map(|row| read(store, trust, row)).collect()
}

/// Everything that a parent or carer said.
pub(super) async fn answers_of(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    guardian: &GuardianId,
) -> Result<Vec<Answer>, ConsentError> {
    let sql = answers!("a.guardian = $2 ORDER BY a.id");
    let rows = query.all(sql, values![guardian]).await?;
    rows.iter().map(|row| read(store, trust, row)).collect()
}

/// Forgets an answer: the record alone, the ledger sees to the rest.
pub(crate) async fn forget(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM consent_answer WHERE trust = $1 AND id = $2",
        values![id],
    )
    .await?;
    Ok(())
}

/// The states of all after one, for verifying them against the ledger.
pub(crate) async fn states(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    after: &str,
    limit: u32,
) -> Result<Vec<(String, Json)>, ConsentError> {
    let sql = answers!("a.id > $2 ORDER BY a.id LIMIT $3");
    let rows = query.all(sql, values![after, i64::from(limit)]).await?;
    let state = |row: &Row| {
        let answer = read(store, trust, row)?;
        let state = serde_json::to_value(&answer).map_err(LedgerError::from)?;
        Ok((answer.id.to_string(), state))
    };
    rows.iter().map(state).collect()
}
