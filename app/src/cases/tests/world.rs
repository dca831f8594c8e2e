//! People, schools and answers made for the tests of cases.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use jiff::ToSpan as _;
use jiff::civil::Date;
use register::life::{Who, acting_role};
use register::value::{Answers, shown};
use register::{Effect, Field, FieldKind, Register, Subject};

use crate::authority::{Actor, Held, Means, Role};
use crate::cases::rules::{self, InForce};
use crate::cases::{Case, Engine, kinds, row};
use crate::jobs::Worker;
use crate::policies::Policies;
use crate::store::testing::TestStore;
use crate::store::{PersonId, Query as _, Tx};
use crate::values;

/// The schools, and the policy that each follows.
pub(super) const SCHOOLS: [(&str, &str); 2] = [("ash", "stivichall"), ("oak", "link")];
/// The roles that somebody holds at the whole trust as well.
const EVERYWHERE: [Role; 5] = [
    Role::Head,
    Role::SafeguardingLead,
    Role::Hr,
    Role::Governor,
    Role::TrustAdministrator,
];

/// Whether the walk through a register is asked for: all of them take minutes. `PROBITY_TEST_WALKS` says `all`, or the
/// names of some.
pub(super) fn walk_is_asked_for(register: &str) -> bool {
    let asked = std::env::var("PROBITY_TEST_WALKS").unwrap_or_default();
    asked == "all" || asked.split_whitespace().any(|name| name == register)
}

/// Whether any walk is asked for; says so where none is.
pub(super) fn walks_are_asked_for() -> bool {
    let asked = std::env::var_os("PROBITY_TEST_WALKS").is_some();
    if !asked {
        servers::not_run(
            "walking through every register takes minutes; `cargo xtask test-all` does it",
        );
    }
    asked
}

/// Somebody with one role.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) actor: Actor,
    pub(super) id: String,
    role: Role,
    school: Option<&'static str>,
    manager: Option<String>,
}

/// A trust whose two schools follow different policies, with one holder of each role at each, two more of the staff,
/// and some who hold a role everywhere.
pub(super) struct World {
    pub(super) test: TestStore,
    pub(super) engine: Engine,
    pub(super) people: Vec<Made>,
    faults: Mutex<Vec<String>>,
}

/// Somebody with one role, not yet in the store.
fn made(test: &TestStore, id: &str, role: Role, school: Option<&'static str>) -> Made {
    let held = Held {
        role,
        school: school.map(|school| school.parse().unwrap()),
        starts_on: None,
        ends_on: None,
    };
    Made {
        actor: Actor {
            trust: test.trust.clone(),
            person: Some(id.parse::<PersonId>().unwrap()),
            name: id.to_owned(),
            roles: vec![held],
            means: Means::Session {
                id: "s1".parse().unwrap(),
                authenticated_at: jiff::Timestamp::UNIX_EPOCH,
            },
        },
        id: id.to_owned(),
        role,
        school,
        manager: school.map(|school| format!("{school}-line-manager")),
    }
}

/// Everybody, the managers first.
fn everybody(test: &TestStore) -> Vec<Made> {
    let mut people = Vec::new();
    for (school, _) in SCHOOLS {
        for role in Role::ALL {
            let id = format!("{school}-{}", role.name());
            people.push(made(test, &id, role, Some(school)));
        }
        for name in ["second", "third"] {
            let id = format!("{school}-{name}");
            people.push(made(test, &id, Role::Staff, Some(school)));
        }
    }
    for role in EVERYWHERE {
        people.push(made(test, &format!("all-{}", role.name()), role, None));
    }
    for person in &mut people {
        person.manager = person
            .manager
            .take()
            .filter(|manager| *manager != person.id && person.role == Role::Staff);
    }
    people.sort_by_key(|person| person.role != Role::LineManager);
    people
}

/// Enters somebody with one role at a school, or at the whole trust.
pub(super) async fn enter(
    tx: &mut Tx,
    id: &str,
    role: Role,
    school: Option<&str>,
    manager: Option<&str>,
) {
    tx.execute(
        "INSERT INTO person (trust, id, given_name, family_name, search, line_manager, demonstration) \
         VALUES ($1, $2, 'A', 'B', 'b a', $3, 0)",
        values![id, manager],
    )
    .await
    .unwrap();
    tx.execute(
        "INSERT INTO held_role (trust, id, person, role, school) VALUES ($1, $2, $3, $4, $5)",
        values![format!("role-{id}"), id, role, school],
    )
    .await
    .unwrap();
}

impl World {
    pub(super) async fn new(test: TestStore) -> Self {
        let people = everybody(&test);
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        for person in &people {
            let manager = person.manager.as_deref();
            enter(&mut tx, &person.id, person.role, person.school, manager).await;
        }
        for (school, policy) in SCHOOLS {
            tx.execute(
                "INSERT INTO school_policy (trust, id, school, policy, content_hash, since) \
                 VALUES ($1, $2, $2, $3, '', '2020-01-01')",
                values![school, policy],
            )
            .await
            .unwrap();
            tx.execute(
                "INSERT INTO pupil (trust, id, school, given_name, family_name, search, demonstration) \
                 VALUES ($1, $2, $3, 'C', 'D', 'd c', 0)",
                values![format!("{school}-pupil"), school],
            )
            .await
            .unwrap();
        }
        tx.commit_unrecorded().await.unwrap();
        let engine = Engine::new(Arc::new(Policies::load(None).unwrap()));
        Self {
            test,
            engine,
            people,
            faults: Mutex::default(),
        }
    }

    /// Notes what does not hold, so that one test tells of all registers.
    pub(super) fn hold(&self, holds: bool, says: impl FnOnce() -> String) {
        if !holds {
            self.faults.lock().unwrap().push(says());
        }
    }

    pub(super) fn all_held(&self) {
        let faults = self.faults.lock().unwrap();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    pub(super) fn person(&self, id: &str) -> &Made {
        self.people.iter().find(|person| person.id == id).unwrap()
    }

    /// Somebody, or the program where nobody is named.
    pub(super) fn actor(&self, id: &str) -> Actor {
        match id {
            "" => Actor::operator(self.test.trust.clone()),
            id => self.person(id).actor.clone(),
        }
    }

    pub(super) fn today(&self) -> Date {
        self.test.store.clock().today()
    }

    /// The rules of a register at a school today.
    pub(super) async fn rules(&self, register: &str, school: &str) -> InForce {
        let registers = self.engine.registers();
        let school = school.parse().unwrap();
        let mut reader = self.test.store.read(&self.test.trust);
        let rules = rules::in_force(
            &mut reader,
            &registers,
            register,
            Some(&school),
            self.today(),
        );
        rules.await.unwrap()
    }

    /// A case as it is kept.
    pub(super) async fn kept(&self, id: &str) -> Case {
        let mut reader = self.test.store.read(&self.test.trust);
        let (store, trust) = (&self.test.store, &self.test.trust);
        let case = row::find(&mut reader, store, trust, &id.parse().unwrap()).await;
        case.unwrap().unwrap()
    }

    pub(super) fn worker(&self) -> Worker {
        Worker::new(self.test.store.clone(), kinds(&self.engine))
    }

    /// The texts in the first column of some rows.
    pub(super) async fn texts(
        &self,
        sql: &'static str,
        values: Vec<crate::store::Value>,
    ) -> Vec<String> {
        let mut reader = self.test.store.read(&self.test.trust);
        let rows = reader.all(sql, values).await.unwrap();
        rows.iter().map(|row| row.get("text").unwrap()).collect()
    }

    /// How often everybody was told something.
    pub(super) async fn told(&self) -> BTreeMap<String, usize> {
        let sql = "SELECT person AS text FROM message WHERE trust = $1";
        let mut told = BTreeMap::new();
        for person in self.texts(sql, values![]).await {
            *told.entry(person).or_default() += 1;
        }
        told
    }

    /// How somebody stands to a case at a school, worked out from who they were made to be. `named` are the fields
    /// that hold people.
    pub(super) fn who(&self, id: &str, school: &str, to: &Ties<'_>) -> Who {
        let of_subject = match to.subject {
            Some(subject) => roles_at(self.person(subject), school),
            None => Vec::new(),
        };
        let mut who = Who {
            id: id.to_owned(),
            of_subject,
            program: id.is_empty(),
            ..Who::default()
        };
        if id.is_empty() {
            return who;
        }
        let person = self.person(id);
        who.roles = roles_at(person, school);
        if person.school.is_some_and(|at| at != school) {
            let acting = acting_role(person.role.name(), &who.of_subject);
            if self.holders(acting, school) < 2 {
                who.elsewhere = vec![person.role.name().to_owned()];
            }
        }
        who.opener = to.opener == Some(id);
        who.subject = to.subject == Some(id);
        who.handler = to.handler == Some(id);
        let manager = to
            .subject
            .and_then(|subject| self.person(subject).manager.as_deref());
        who.line_manager = manager == Some(id);
        let holding = to
            .register
            .fields
            .iter()
            .chain(to.register.steps.iter().flat_map(|step| &step.fields));
        let people = holding.filter(|field| field.kind == FieldKind::Person);
        let naming = people.filter(|field| {
            let answers = to.answers.get(&field.id);
            answers.is_some_and(|answers| answers.iter().any(|answer| answer == id))
        });
        who.named = naming.map(|field| field.id.clone()).collect();
        who
    }

    /// How many hold a role at a school; at the whole trust where nobody does.
    fn holders(&self, role: &str, school: &str) -> usize {
        let holding = |at: Option<&str>| {
            let people = self.people.iter();
            people
                .filter(|person| person.role.name() == role && person.school == at)
                .count()
        };
        match holding(Some(school)) {
            0 => holding(None),
            some => some,
        }
    }
}

/// What ties people to a case.
pub(super) struct Ties<'c> {
    pub(super) register: &'c Register,
    pub(super) opener: Option<&'c str>,
    pub(super) subject: Option<&'c str>,
    pub(super) handler: Option<&'c str>,
    pub(super) answers: &'c Answers,
}

fn roles_at(person: &Made, school: &str) -> Vec<String> {
    match person.school {
        Some(at) if at != school => Vec::new(),
        _ => vec![person.role.name().to_owned()],
    }
}

/// Which answers make a difference: `decisive` says of some fields which of theirs do, `fixed` says others outright.
pub(super) struct Ways<'a> {
    pub(super) decisive: &'a BTreeMap<String, Vec<String>>,
    pub(super) fixed: &'a Answers,
}

/// Every sound way to answer all fields that are asked, but files and other cases, that makes a difference; `before`
/// stands in the case already.
pub(super) fn answers(
    register: &Register,
    fields: &[Field],
    before: &Answers,
    by: &Ways<'_>,
    (school, today): (&str, Date),
) -> Vec<Answers> {
    let mut ways = vec![Answers::new()];
    for field in fields {
        let mut further = Vec::new();
        for way in ways {
            let mut all = before.clone();
            all.extend(way.clone());
            let asked = shown(fields, &all).iter().any(|asked| asked.id == field.id);
            let values = match (by.fixed.get(&field.id), by.decisive.get(&field.id)) {
                _ if !asked => Vec::new(),
                (Some(fixed), _) => vec![fixed.clone()],
                (None, Some(values)) => values.iter().map(|value| vec![value.clone()]).collect(),
                (None, None) => sound(register, field, school, today).into_iter().collect(),
            };
            if values.is_empty() {
                further.push(way);
                continue;
            }
            for value in values {
                let mut way = way.clone();
                way.insert(field.id.clone(), value);
                further.push(way);
            }
        }
        ways = further;
    }
    ways
}

fn sound(register: &Register, field: &Field, school: &str, today: Date) -> Option<Vec<String>> {
    let about = register.subject == Subject::Field(field.id.clone());
    let answer = match &field.kind {
        FieldKind::Text | FieldKind::LongText => "What only some may read".to_owned(),
        FieldKind::Choice(values) | FieldKind::Choices(values) => values.first()?.id.clone(),
        FieldKind::Person if about => format!("{school}-second"),
        FieldKind::Person => format!("{school}-third"),
        FieldKind::Pupil => format!("{school}-pupil"),
        FieldKind::School => school.to_owned(),
        FieldKind::Platform => "facebook".to_owned(),
        FieldKind::Account => "facebook somebody".to_owned(),
        FieldKind::Date | FieldKind::FutureDate => today.saturating_add(30.days()).to_string(),
        FieldKind::PastDate => today.saturating_sub(3.days()).to_string(),
        FieldKind::Moment => format!("{}T10:00:00", today.saturating_sub(1.day())),
        FieldKind::Number => "3".to_owned(),
        FieldKind::YesNo => "yes".to_owned(),
        FieldKind::Evidence | FieldKind::Case(_) => return None,
    };
    Some(vec![answer])
}

/// The fields on whose answers it hangs which steps and sights there are, each with the answers that differ.
pub(super) fn decisive(register: &Register) -> BTreeMap<String, Vec<String>> {
    let fields: Vec<&Field> = register
        .fields
        .iter()
        .chain(register.steps.iter().flat_map(|step| &step.fields))
        .collect();
    let steps = register.steps.iter().flat_map(|step| &step.when);
    let sights = register.seen_by.iter().flat_map(|sight| &sight.when);
    let effects = register.steps.iter().flat_map(|step| &step.effects);
    let effects = effects.chain(&register.effects).flat_map(Effect::when);
    let deadlines = register.deadlines.iter().flat_map(|d| &d.when);
    let mut open: Vec<_> = steps
        .chain(sights)
        .chain(effects)
        .chain(deadlines)
        .collect();
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    while let Some(condition) = open.pop() {
        let Some(field) = fields.iter().find(|field| field.id == condition.field) else {
            continue;
        };
        if !found.contains_key(&field.id) {
            open.extend(&field.when);
        }
        let values = found.entry(field.id.clone()).or_default();
        values.extend(condition.is.iter().cloned());
        let all: Vec<&str> = match &field.kind {
            FieldKind::Choice(all) | FieldKind::Choices(all) => {
                all.iter().map(|value| value.id.as_str()).collect()
            }
            _ => vec!["yes", "no"],
        };
        let other = all
            .into_iter()
            .find(|value| !condition.is.iter().any(|is| is == value));
        values.extend(other.map(str::to_owned));
    }
    let found = found.into_iter();
    found
        .map(|(field, values)| (field, values.into_iter().collect()))
        .collect()
}
