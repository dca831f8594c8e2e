//! Asking the families of some of a school's pupils: one after the other, by a job that shows how far it has come.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::answer::case_of;
use super::letter::SendLetter;
use super::standing::later;
use super::{ConsentError, REGISTER, link};
use crate::authority::{Actor, Permit, Place};
use crate::cases::{self, Engine};
use crate::jobs::{self, Due, Job, JobContext, JobError, Protection};
use crate::ledger::{LedgerError, Record, record};
use crate::mail::Mailer;
use crate::pupils::{self, GuardianId, PupilId};
use crate::store::{PersonId, Query, Row, SchoolId, StoreError, Tx, Value, column, ids};
use crate::values;

ids! {
    /// A round of asking.
    AskingId
}

/// Pupils whose families are asked in one change, so that it stays short.
const AT_ONCE: i64 = 20;
/// Why a case is asked about again.
const AGAIN: &str = "A new letter was made.";

/// Whose families are asked, of those who fit.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Whose {
    /// All.
    Everybody,
    /// Those who have not answered, or whose answer has expired.
    Unanswered,
}

impl Whose {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Everybody => "everybody",
            Self::Unanswered => "unanswered",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Everybody, Self::Unanswered]
            .into_iter()
            .find(|one| one.name() == name)
    }
}

column!(Whose, text, |text: String| Whose::named(&text));

impl From<Whose> for Value {
    fn from(whose: Whose) -> Self {
        whose.name().into()
    }
}

/// Which pupils of a school.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Which {
    pub(crate) school: SchoolId,
    pub(crate) year: Option<String>,
    pub(crate) class: Option<String>,
    /// One pupil alone.
    pub(crate) pupil: Option<PupilId>,
    pub(crate) whose: Whose,
}

/// A round of asking.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Asking {
    pub(crate) id: AskingId,
    #[serde(flatten)]
    pub(crate) which: Which,
    pub(crate) started_at: i64,
    pub(crate) started_by: Option<PersonId>,
    pub(crate) total: i64,
    /// How many were seen to.
    #[serde(skip)]
    pub(crate) asked: i64,
    /// The last pupil who was seen to.
    #[serde(skip)]
    reached: String,
    #[serde(skip)]
    pub(crate) ended_at: Option<i64>,
}

impl Record for Asking {
    const KIND: &'static str = "consent_asking";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// The pupils on the roll who fit: `$2` the school, `$3` today, `$4` the year, `$5` the class, `$6` one pupil, `$7` whose.
macro_rules! fitting {
    () => {
        "p.school = $2 AND (p.left_on IS NULL OR p.left_on >= $3) AND ($4 = '' OR p.year = $4) \
         AND ($5 = '' OR p.class = $5) AND ($6 = '' OR p.id = $6) \
         AND ($7 = 'everybody' OR NOT EXISTS (SELECT 1 FROM consent_standing c WHERE c.trust = p.trust \
           AND c.pupil = p.id AND (c.state IN ('refused', 'withdrawn') \
             OR (c.state = 'given' AND (c.valid_until IS NULL OR c.valid_until >= $3)))))"
    };
}

fn values_of(which: &Which, today: Date) -> Vec<Value> {
    values![
        &which.school,
        today,
        which.year.as_deref().unwrap_or_default(),
        which.class.as_deref().unwrap_or_default(),
        which.pupil.as_ref().map_or("", PupilId::as_str),
        which.whose
    ]
}

/// How many pupils there are whose families would be asked.
pub(super) async fn how_many(
    query: &mut impl Query,
    which: &Which,
    today: Date,
) -> Result<u64, StoreError> {
    query
        .count(
            concat!(
                "SELECT COUNT(*) AS n FROM pupil p WHERE p.trust = $1 AND ",
                fitting!()
            ),
            values_of(which, today),
        )
        .await
}

/// Begins a round: the job asks one family after the other.
pub(super) async fn begin(
    tx: &mut Tx,
    permit: &Permit,
    which: Which,
) -> Result<Asking, ConsentError> {
    permit.at(Place::School(&which.school))?;
    let today = tx.store().clock().today();
    let total = how_many(tx, &which, today).await?;
    let asking = Asking {
        id: tx.fresh()?,
        which,
        started_at: tx.now().as_millisecond(),
        started_by: permit.actor().person.clone(),
        total: i64::try_from(total).unwrap_or(i64::MAX),
        asked: 0,
        reached: String::new(),
        ended_at: None,
    };
    tx.execute(
        "INSERT INTO consent_asking (trust, id, school, year, class, pupil, whom, started_at, started_by, total, asked, \
           reached) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, '')",
        values![
            &asking.id,
            &asking.which.school,
            asking.which.year.clone(),
            asking.which.class.clone(),
            asking.which.pupil.as_ref(),
            asking.which.whose,
            asking.started_at,
            asking.started_by.as_ref(),
            asking.total
        ],
    )
    .await?;
    let (actor, action) = (permit.actor(), Some(permit.action()));
    record(
        tx,
        actor,
        action,
        "consent.asking-begun",
        None,
        Some(&asking),
    )
    .await?;
    let ask = Ask {
        asking: asking.id.clone(),
    };
    jobs::enqueue(tx, &ask, Due::Now).await?;
    Ok(asking)
}

/// Asks the families of a round, some at a time.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Ask {
    asking: AskingId,
}

impl Job for Ask {
    const KIND: &'static str = "consent.ask";
    const TITLE: &'static str = "Ask families about pictures";
    type With = (Engine, Mailer);

    fn protection(&self) -> Protection {
        Protection::Open
    }

    async fn run(self, with: &Self::With, context: &JobContext) -> Result<(), JobError> {
        let mut tx = context.begin().await?;
        let asking = find(&mut tx, &self.asking).await?;
        if let Some(asking) = asking.filter(|asking| asking.ended_at.is_none())
            && !ask_some(&mut tx, with, &asking).await?
        {
            jobs::enqueue(&mut tx, &self, Due::Now).await?;
        }
        context.complete(&mut tx).await?;
        Ok(tx.commit_unrecorded().await?)
    }
}

/// Asks the next families; whether all are asked now.
async fn ask_some(
    tx: &mut Tx,
    with: &(Engine, Mailer),
    asking: &Asking,
) -> Result<bool, ConsentError> {
    let today = tx.store().clock().today();
    let mut values = values_of(&asking.which, today);
    values.extend(values![&asking.reached, AT_ONCE]);
    let rows = tx
        .all(
            concat!(
                "SELECT p.id FROM pupil p WHERE p.trust = $1 AND ",
                fitting!(),
                " AND p.id > $8 ORDER BY p.id LIMIT $9"
            ),
            values,
        )
        .await?;
    let mut reached = asking.reached.clone();
    for row in &rows {
        let pupil: PupilId = row.get("id")?;
        ask(tx, with, asking, &pupil, today).await?;
        reached = pupil.to_string();
    }
    let asked = i64::try_from(rows.len()).unwrap_or_default();
    let ended = asked < AT_ONCE;
    let ended_at = ended.then(|| tx.now().as_millisecond());
    tx.execute(
        "UPDATE consent_asking SET reached = $3, asked = asked + $4, ended_at = $5 WHERE trust = $1 AND id = $2",
        values![&asking.id, reached, asked, ended_at],
    )
    .await?;
    Ok(ended)
}

/// Asks one family: a case where there is none, and for each parent or carer a new link, by e-mail where they can be
/// written to.
async fn ask(
    tx: &mut Tx,
    (engine, mailer): &(Engine, Mailer),
    asking: &Asking,
    pupil: &PupilId,
    today: Date,
) -> Result<(), ConsentError> {
    let (store, school) = (tx.store().clone(), &asking.which.school);
    let trust = tx.trust().cloned().ok_or(StoreError::Unrecorded)?;
    let program = Actor::operator(trust);
    let case = case_of(tx, engine, (pupil, school)).await?;
    if ["silent", "expired"].contains(&case.state.as_str()) {
        cases::take_by_program(tx, engine, &program, &case.id, ("ask-again", AGAIN)).await?;
    }
    let registers = engine.registers();
    let in_force = cases::in_force(tx, &registers, REGISTER, Some(school), today).await?;
    let until = later(today, &in_force.settings, "link_lasts");
    let guardians = pupils::guardians_of(tx, pupil).await?;
    let mut whom: Vec<Option<GuardianId>> = guardians.into_iter().map(|(id, _)| Some(id)).collect();
    if whom.is_empty() {
        whom.push(None);
    }
    for guardian in whom {
        let by_mail = mailer.is_set_up()
            && match &guardian {
                Some(id) => pupils::find_guardian(tx, &store, &program.trust, id)
                    .await?
                    .is_some_and(|one| one.details.email.is_some() && !one.demonstration),
                None => false,
            };
        let asked = (&case.id, &asking.id);
        let link = link::make(tx, &program, asked, guardian, (until, by_mail)).await?;
        if by_mail {
            jobs::enqueue(tx, &SendLetter { link: link.id }, Due::Now).await?;
        }
    }
    Ok(())
}

macro_rules! askings {
    ($which:literal) => {
        concat!(
            "SELECT id, school, year, class, pupil, whom, started_at, started_by, total, asked, reached, ended_at \
             FROM consent_asking WHERE trust = $1 AND ",
            $which
        )
    };
}

fn read(row: &Row) -> Result<Asking, StoreError> {
    Ok(Asking {
        id: row.get("id")?,
        which: Which {
            school: row.get("school")?,
            year: row.get("year")?,
            class: row.get("class")?,
            pupil: row.get("pupil")?,
            whose: row.get("whom")?,
        },
        started_at: row.get("started_at")?,
        started_by: row.get("started_by")?,
        total: row.get("total")?,
        asked: row.get("asked")?,
        reached: row.get("reached")?,
        ended_at: row.get("ended_at")?,
    })
}

pub(super) async fn find(
    query: &mut impl Query,
    id: &AskingId,
) -> Result<Option<Asking>, StoreError> {
    let row = query.first(askings!("id = $2"), values![id]).await?;
    row.as_ref().map(read).transpose()
}

/// The latest rounds within reach, the latest first.
pub(super) async fn latest(
    query: &mut impl Query,
    permit: &Permit,
    at_most: u32,
) -> Result<Vec<Asking>, StoreError> {
    let sql = askings!(
        "($2 = '*' OR $2 LIKE '%,' || school || ',%') AND pupil IS NULL ORDER BY started_at DESC, id DESC LIMIT $3"
    );
    let values = values![permit.reach(), i64::from(at_most)];
    let rows = query.all(sql, values).await?;
    rows.iter().map(read).collect()
}

/// The states of all after one, for verifying them against the ledger.
pub(crate) async fn states(
    query: &mut impl Query,
    after: &str,
    limit: u32,
) -> Result<Vec<(String, Json)>, LedgerError> {
    let sql = askings!("id > $2 ORDER BY id LIMIT $3");
    let rows = query.all(sql, values![after, i64::from(limit)]).await?;
    let state = |row: &Row| {
        let asking = read(row)?;
        Ok((asking.id.to_string(), serde_json::to_value(&asking)?))
    };
    rows.iter().map(state).collect()
}
