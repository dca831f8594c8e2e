//! Home, lists, searches and a case page over few cases and over many. A school has the same number in both, as a
//! trust that is twice as large has twice the schools.
//!
//! A handful of cases is opened through the program's own door; the rest are written as their likenesses, each at a
//! school and by people of its own, sealed under a key of its own.

use std::path::Path;
use std::time::Duration;

use probity::authority::{Actor, Held, Means, Role};
use probity::cases::{self, Case, Engine, Opening, Paper};
use probity::policies::Policies;
use probity::protection::{RecordKey, place};
use probity::randomness::Randomness;
use probity::sign_in;
use probity::store::{Query as _, Store, TrustId, Value};
use probity::values;
use register::value::Answers;
use register::{FieldKind, Register};

use crate::Outcome;
use crate::client::{ask_for, request};
use crate::installed::{Installed, Kept};

/// Cases of one school.
const AT_A_SCHOOL: u64 = 2_000;
/// The staff of a school, who open them in turns.
const STAFF: u64 = 20;
/// Of so many cases of a school one is open.
const ONE_OPEN_IN: u64 = 20;
/// Cases written in one transaction.
const AT_ONCE: u64 = 2_000;
const REGISTERS: [&str; 5] = ["declaration", "advice", "incident", "permission", "unblock"];
const TURN: Duration = Duration::from_secs(5);
/// What the likenesses are made from: the first school.
const MODEL: &str = "school0000";

/// Measures with few cases and with many, on the engine that `kept` says.
pub(crate) async fn measure(program: &Path, kept: &Kept, counts: &[u64]) -> Outcome<()> {
    println!("| {} | cases | answers a second | p50 | p99 |\n|---|---|---|---|---|", kept.engine());
    for &count in counts {
        let installed = Installed::with_cases(kept, count).await?;
        let (mut child, address) = installed.serve(program)?;
        let told = pages(&installed, &address, count).await;
        child.kill()?;
        child.wait()?;
        told?;
    }
    Ok(())
}

async fn pages(installed: &Installed, address: &str, count: u64) -> Outcome<()> {
    let one = installed.case.as_deref().unwrap_or_default();
    for (who, cookie) in &installed.cookies {
        for (what, path) in [
            ("home", "/home".to_owned()),
            ("open cases", "/cases".to_owned()),
            ("closed declarations", "/cases?register=declaration&show=closed".to_owned()),
            ("search, a word that many have", "/search?q=photograph".to_owned()),
            ("search, a word that one has", "/search?q=rarely17".to_owned()),
            ("case", format!("/cases/{one}")),
        ] {
            let asked = request(address, &path, cookie);
            ask_for(Duration::from_millis(300), address, &asked).await?;
            let mut taken = ask_for(TURN, address, &asked).await?;
            println!(
                "| {what}, {who} | {count} | {:.0} | {:.1} ms | {:.1} ms |",
                taken.per_second(),
                taken.percentile(50).as_secs_f64() * 1e3,
                taken.percentile(99).as_secs_f64() * 1e3
            );
        }
    }
    Ok(())
}

/// What an installation with cases has beside its store.
pub(crate) struct Furnished {
    pub(crate) cookies: Vec<(&'static str, String)>,
    pub(crate) case: String,
}

/// Fills a trust with schools, people and cases.
pub(crate) async fn furnish(store: &Store, trust: &TrustId, count: u64) -> Outcome<Furnished> {
    let schools = count.div_ceil(AT_A_SCHOOL);
    people(store, trust, schools).await?;
    let models = models(store, trust).await?;
    let mut done = 0;
    while done < count {
        let mut rows = Rows::default();
        for number in done..count.min(done + AT_ONCE) {
            rows.add(store, trust, &models, schools, number)?;
        }
        rows.write(store, trust).await?;
        done += AT_ONCE;
    }
    let mut cookies = Vec::new();
    let mut tx = store.begin(trust).await?;
    for (who, id) in [
        ("head", format!("{MODEL}-head")),
        ("teacher", format!("{MODEL}-staff-00")),
        ("trust administrator", "administrator".to_owned()),
    ] {
        let method = sign_in::Method::Password;
        let session = sign_in::open_session(&mut tx, trust, &id.parse()?, method, "bench").await?;
        cookies.push((who, format!("probity={}", session.cookie)));
    }
    tx.commit_unrecorded().await?;
    let case = models.first().map(|model| model.case.id.to_string());
    Ok(Furnished { cookies, case: case.ok_or("no model")? })
}

async fn people(store: &Store, trust: &TrustId, schools: u64) -> Outcome<()> {
    let mut tx = store.begin(trust).await?;
    let (mut places, mut policies, mut people, mut roles) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut person = |id: String, role: Role, school: Option<String>| {
        roles.push(values![format!("role-{id}"), &id, role, school]);
        people.push(values![id, "Kate", "Adeyemi", 0_i64]);
    };
    for number in 0..schools {
        let school = format!("school{number:04}");
        places.push(values![&school, format!("School {number}"), "primary", "england", 0_i64]);
        policies.push(values![&school, &school, "stivichall", "", "2020-01-01"]);
        for (name, role) in [("head", Role::Head), ("leader", Role::SeniorLeader), ("safe", Role::SafeguardingLead), ("it", Role::It)] {
            person(format!("{school}-{name}"), role, Some(school.clone()));
        }
        for staff in 0..STAFF {
            person(format!("{school}-staff-{staff:02}"), Role::Staff, Some(school.clone()));
        }
    }
    person("administrator".to_owned(), Role::TrustAdministrator, None);
    tx.execute(
        "INSERT INTO trust (trust, name, nation, reading, demonstration, created_at) \
         VALUES ($1, 'Elm Trust', 'england', 'open', 0, 0)",
        values![],
    )
    .await?;
    tx.insert_all("INSERT INTO school (trust, id, name, phase, nation, demonstration)", "", places).await?;
    tx.insert_all("INSERT INTO school_policy (trust, id, school, policy, content_hash, since)", "", policies).await?;
    tx.insert_all("INSERT INTO person (trust, id, given_name, family_name, demonstration)", "", people).await?;
    tx.insert_all("INSERT INTO held_role (trust, id, person, role, school)", "", roles).await?;
    tx.commit_unrecorded().await?;
    Ok(())
}

/// A case whose likenesses are written, and what stands beside it.
struct Model {
    case: Case,
    access: Vec<(String, i64, i64, i64)>,
    deadlines: Vec<(String, i64, i64)>,
    words: Vec<String>,
}

/// One open case and one that is over for each register.
async fn models(store: &Store, trust: &TrustId) -> Outcome<Vec<Model>> {
    let engine = Engine::new(std::sync::Arc::new(Policies::load(None)?));
    let actor = Actor {
        trust: trust.clone(),
        person: Some(format!("{MODEL}-staff-00").parse()?),
        name: "Kate Adeyemi".to_owned(),
        roles: vec![Held { role: Role::Staff, school: Some(MODEL.parse()?), starts_on: None, ends_on: None }],
        means: Means::Session { id: "bench".parse()?, authenticated_at: store.clock().now() },
    };
    let mut models = Vec::new();
    for over in [false, true] {
        for name in REGISTERS {
            let registers = engine.registers();
            let register = registers.register(name).ok_or("no such register")?;
            let end = register.states.iter().find(|state| state.end);
            let opening = Opening {
                register: name.to_owned(),
                school: Some(MODEL.parse()?),
                answers: answers(register),
                paper: over.then(|| Paper { state: end.map(|state| state.id.clone()), ..Paper::default() }),
                ..Opening::default()
            };
            let mut tx = store.begin(trust).await?;
            let case = cases::open(&mut tx, &engine, &actor, opening).await?;
            tx.commit().await?;
            models.push(beside(store, trust, case).await?);
        }
    }
    Ok(models)
}

/// The plainest answers that a register takes.
fn answers(register: &Register) -> Answers {
    let mut answers = Answers::new();
    for field in &register.fields {
        let asked = field.when.iter().all(|condition| condition.holds(&answers));
        let given = match &field.kind {
            FieldKind::Choice(values) | FieldKind::Choices(values) => values.first().map(|value| value.id.clone()),
            FieldKind::Text | FieldKind::LongText => Some("A photograph of the play".to_owned()),
            FieldKind::Person => Some(format!("{MODEL}-staff-00")),
            FieldKind::Platform => Some("facebook".to_owned()),
            FieldKind::Account => Some("facebook https://www.facebook.com/example.school".to_owned()),
            FieldKind::Date | FieldKind::PastDate => Some("2026-01-05".to_owned()),
            FieldKind::FutureDate => Some("2031-01-05".to_owned()),
            FieldKind::Moment => Some("2026-01-05T10:00".to_owned()),
            FieldKind::Number => Some("2".to_owned()),
            FieldKind::YesNo => Some("no".to_owned()),
            FieldKind::Pupil | FieldKind::School | FieldKind::Evidence | FieldKind::Case(_) => None,
        };
        if let (true, true, Some(given)) = (asked, field.required, given) {
            answers.insert(field.id.clone(), vec![given]);
        }
    }
    answers
}

async fn beside(store: &Store, trust: &TrustId, case: Case) -> Outcome<Model> {
    let mut reader = store.read(trust);
    let rows = reader
        .all("SELECT audience, outline, waits, due_at FROM case_access WHERE trust = $1 AND case_id = $2", values![&case.id])
        .await?;
    let mut access = Vec::new();
    for row in &rows {
        access.push((row.get("audience")?, row.get("outline")?, row.get("waits")?, row.get("due_at")?));
    }
    let rows = reader
        .all("SELECT deadline, began_at, due_at FROM case_deadline WHERE trust = $1 AND case_id = $2", values![&case.id])
        .await?;
    let mut deadlines = Vec::new();
    for row in &rows {
        deadlines.push((row.get("deadline")?, row.get("began_at")?, row.get("due_at")?));
    }
    let rows = reader
        .all("SELECT word FROM case_word WHERE trust = $1 AND case_id = $2", values![&case.id])
        .await?;
    let words = rows.iter().map(|row| row.get("word")).collect::<Result<_, _>>()?;
    Ok(Model { case, access, deadlines, words })
}

/// The rows of many likenesses.
#[derive(Default)]
struct Rows {
    keys: Vec<Vec<Value>>,
    files: Vec<Vec<Value>>,
    steps: Vec<Vec<Value>>,
    access: Vec<Vec<Value>>,
    deadlines: Vec<Vec<Value>>,
    words: Vec<Vec<Value>>,
}

/// Whose likeness is written where.
struct Likeness<'a> {
    school: &'a str,
    staff: &'a str,
}

impl Likeness<'_> {
    fn of(&self, text: &str) -> String {
        text.replace(&format!("{MODEL}-staff-00"), self.staff).replace(MODEL, self.school)
    }
}

impl Rows {
    fn add(&mut self, store: &Store, trust: &TrustId, models: &[Model], schools: u64, number: u64) -> Outcome<()> {
        let (open, over) = models.split_at(REGISTERS.len());
        let turn = number / schools;
        let kind = if turn.is_multiple_of(ONE_OPEN_IN) { open } else { over };
        let which = usize::try_from(turn % REGISTERS.len() as u64)?;
        let model = kind.get(which).ok_or("no model")?;
        let school = format!("school{:04}", number % schools);
        let staff = format!("{school}-staff-{:02}", turn % STAFF);
        let like = Likeness { school: &school, staff: &staff };
        let id = format!("01k{number:023}");
        let record = format!("case_file/{id}");
        let at = place("record_key", "wrapped", trust.as_str(), &record);
        let (key, wrapped) = store.keyring().new_record_key(&at, store.randomness())?;
        self.keys.push(values![&record, wrapped.as_bytes().to_vec(), wrapped.master_key().to_string()]);
        self.file(store.randomness(), trust, &key, model, (&id, &like, number))?;
        let closed = i64::from(model.case.closed_at.is_some());
        let about = model.case.subject.as_ref().map_or_else(String::new, |about| like.of(about.id()));
        for (audience, outline, waits, due) in &model.access {
            let audience = like.of(audience);
            self.access.push(values![audience, &id, *outline, *waits, &model.case.register, closed, *due, &about]);
        }
        for (deadline, began, due) in &model.deadlines {
            self.deadlines.push(values![&id, deadline, *began, *due]);
        }
        let hash = |kind: &str, text: &str| -> String {
            let hash = store.root_key().keyed_hash(&format!("case-{kind}/{trust}"), text);
            hash.chars().take(20).collect()
        };
        let author = hash("person", &format!("{MODEL}-staff-00"));
        for word in &model.words {
            let word = if *word == author { hash("person", &staff) } else { word.clone() };
            self.words.push(values![word, &id]);
        }
        self.words.push(values![hash("word", &format!("rarely{number}")), &id]);
        Ok(())
    }

    fn file(
        &mut self,
        randomness: &Randomness,
        trust: &TrustId,
        key: &RecordKey,
        model: &Model,
        (id, like, number): (&str, &Likeness<'_>, u64),
    ) -> Outcome<()> {
        let case = &model.case;
        let answers = like.of(&serde_json::to_string(&case.answers)?);
        let sealed = key.seal(&place("case_file", "answers", trust.as_str(), id), answers.as_bytes(), randomness)?;
        let subject = case.subject.as_ref().map(|about| like.of(about.id()));
        self.files.push(values![
            id,
            &case.register,
            &case.rules,
            format!("BEN-2026-{number:07}"),
            like.school,
            &case.state,
            case.opened_by.as_ref().map(|_| like.staff),
            subject.as_ref().map(|_| "person"),
            subject,
            case.opened_at,
            case.changed_at,
            case.closed_at,
            case.revision,
            case.paper,
            case.filed,
            case.disclosed,
            case.in_force,
            sealed.0
        ]);
        for (done, step) in case.done.iter().zip(1_i64..) {
            let content = serde_json::json!({ "role": done.role, "to": done.to, "note": done.note, "answers": done.answers });
            let content = like.of(&content.to_string());
            let at = place("case_step", "content", trust.as_str(), &format!("{id}/{step}"));
            let sealed = key.seal(&at, content.as_bytes(), randomness)?;
            let person = done.person.as_ref().map(|_| like.staff);
            self.steps.push(values![id, step, &done.step, person, done.at, sealed.0]);
        }
        Ok(())
    }

    async fn write(self, store: &Store, trust: &TrustId) -> Outcome<()> {
        let mut tx = store.begin(trust).await?;
        tx.insert_all("INSERT INTO record_key (trust, record, wrapped, master)", "", self.keys).await?;
        tx.insert_all(
            "INSERT INTO case_file (trust, id, register, rules, reference, school, state, opened_by, subject_kind, subject, \
               opened_at, changed_at, closed_at, revision, paper, filed, disclosed, in_force, answers)",
            "",
            self.files,
        )
        .await?;
        tx.insert_all("INSERT INTO case_step (trust, case_id, number, step, person, at, content)", "", self.steps).await?;
        tx.insert_all(
            "INSERT INTO case_access (trust, audience, case_id, outline, waits, register, closed, due_at, about)",
            "",
            self.access,
        )
        .await?;
        tx.insert_all("INSERT INTO case_deadline (trust, case_id, deadline, began_at, due_at)", "", self.deadlines).await?;
        tx.insert_all("INSERT INTO case_word (trust, word, case_id)", "ON CONFLICT DO NOTHING", self.words).await?;
        tx.commit_unrecorded().await?;
        Ok(())
    }
}
