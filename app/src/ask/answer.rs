//! The answer: the verdict, the clauses that give it, what must follow, what would change it, whom to ask.

use axum::Router;
use axum::extract::State;
use axum::response::Html;
use axum::routing::get;
use policy::decision::{Decision, PermissionDue};
use policy::law::{Confidence, Requirement};
use policy::library::Library;
use policy::policy_file::{Clause, ContactFor, Standing};
use policy::situation::{Given, Situation};
use policy::table::Table;
use policy::vocabulary::Vocabulary;
use serde::Serialize;

use super::PolicyName;
use super::facts::{Facts, Pairs, Told, refused};
use super::verdict::{Panel, strength_says};

use crate::platforms::PlatformLine;
use crate::policies::{anchor, contact_label, find};
use crate::web::App;
use crate::web::extract::{Path, Query};
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// `ask/answer.html`.
#[derive(Debug, Serialize)]
pub(crate) struct AnswerPage {
    policy: PolicyName,
    panel: Panel,
    why: Vec<ClauseLine>,
    lifted: Vec<LiftedLine>,
    conditions: Vec<Due>,
    duties: Vec<Due>,
    permission: Vec<Permission>,
    changes: Vec<Change>,
    platform: Option<PlatformLine>,
    law: Vec<LawLine>,
    also: Vec<ClauseLine>,
    near: Vec<ClauseLine>,
    notices: Vec<ClauseLine>,
    contacts: Vec<Contact>,
    told: Vec<Told>,
    assumed: Vec<Told>,
    query: String,
    overdue: bool,
    draft: bool,
    version: Option<String>,
    hash: String,
    model: Option<Panel>,
}

/// A clause as the page names it.
#[derive(Debug, Serialize)]
struct ClauseLine {
    printed: String,
    says: String,
    href: String,
}

/// A clause that does not apply here, and why.
#[derive(Debug, Serialize)]
struct LiftedLine {
    clause: ClauseLine,
    by: ClauseLine,
}

/// Something to observe or do.
#[derive(Debug, Serialize)]
struct Due {
    says: String,
    to: Option<String>,
    by: Option<String>,
    strength: Option<&'static str>,
    clause: ClauseLine,
}

/// Who may give leave.
#[derive(Debug, Serialize)]
struct Permission {
    by: Vec<String>,
    written: bool,
    conditions: Vec<String>,
    clause: ClauseLine,
}

/// What would change the answer.
#[derive(Debug, Serialize)]
struct Change {
    says: String,
    then: String,
}

/// What the law asks here.
#[derive(Debug, Serialize)]
struct LawLine {
    title: String,
    says: String,
    source: String,
    unverified: bool,
    expected: bool,
    contacts: Vec<String>,
}

/// Whom the policy names.
#[derive(Debug, Serialize)]
struct Contact {
    matter: &'static str,
    who: String,
}

impl Page for AnswerPage {
    const TEMPLATE: &'static str = "ask/answer.html";
    const SECTION: Option<Section> = Some(Section::Ask);

    fn samples() -> Vec<Self> {
        vec![Self::sample(true), Self::sample(false)]
    }
}

impl AnswerPage {
    /// With everything that an answer can hold, or with as little as it can.
    fn sample(full: bool) -> Self {
        let text = |text: &str| text.to_owned();
        let clause = || ClauseLine {
            printed: text("8.3"),
            says: text("Be kind."),
            href: text("/policies/example"),
        };
        let due = || Due {
            says: text("Tell a senior leader."),
            to: full.then(|| text("a senior leader")),
            by: full.then(|| text("at once")),
            strength: full.then_some("The policy says that you should."),
            clause: clause(),
        };
        let told = || Told {
            label: text("You are"),
            says: text("a teacher"),
            id: text("asker"),
        };
        let panel = |lines| Panel {
            standing: "prohibited",
            sign: "✕",
            title: text("No, do not do this"),
            lines,
        };
        let permission = Permission {
            by: vec![text("the head has agreed")],
            written: full,
            conditions: if full {
                vec![text("Keep it short.")]
            } else {
                Vec::new()
            },
            clause: clause(),
        };
        let law = LawLine {
            title: text("A child at risk"),
            says: text("Tell the safeguarding lead."),
            source: text("KCSIE 2026"),
            unverified: full,
            expected: full,
            contacts: if full {
                vec![text("Police, 999")]
            } else {
                Vec::new()
            },
        };
        let one = |line: ClauseLine| if full { vec![line] } else { Vec::new() };
        Self {
            policy: PolicyName::sample(),
            panel: panel(if full {
                vec![text("You must also report it.")]
            } else {
                Vec::new()
            }),
            why: one(clause()),
            lifted: if full {
                vec![LiftedLine {
                    clause: clause(),
                    by: clause(),
                }]
            } else {
                Vec::new()
            },
            conditions: if full { vec![due()] } else { Vec::new() },
            duties: if full { vec![due()] } else { Vec::new() },
            permission: vec![permission],
            changes: if full {
                vec![Change {
                    says: text("If the head agrees"),
                    then: text("Yes"),
                }]
            } else {
                vec![]
            },
            platform: full.then(PlatformLine::sample),
            law: vec![law],
            also: one(clause()),
            near: one(clause()),
            notices: one(clause()),
            contacts: vec![Contact {
                matter: "Questions",
                who: text("your line manager"),
            }],
            told: vec![told()],
            assumed: if full { vec![told()] } else { Vec::new() },
            query: text("act=use"),
            overdue: full,
            draft: full,
            version: full.then(|| text("1.1")),
            hash: text("0123456789ab"),
            model: full.then(|| panel(Vec::new())),
        }
    }
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/ask/{policy}/answer", get(answer))
}

async fn answer(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(pairs): Query<Pairs>,
) -> Result<Html<String>, Problem> {
    let library = app.library();
    let (table, vocabulary) = (find(&library, &id)?, library.vocabulary());
    let facts = Facts::read(vocabulary, &pairs, &[])?;
    let given = facts.given(vocabulary).map_err(refused)?;
    let situation = given
        .situation(vocabulary)
        .ok_or_else(|| Problem::new(Kind::Unprocessable))?;
    let assumed = given.assumed(vocabulary);
    let decision = table.decide(vocabulary, &situation, &assumed);
    let model = library
        .tables()
        .iter()
        .find(|t| t.policy().kind == "model" && t.policy().id != id);
    let policy = table.policy();
    let line = |clauses: &[&Clause]| {
        clauses
            .iter()
            .map(|c| clause_line(&policy.id, c))
            .collect::<Vec<_>>()
    };
    app.render(&AnswerPage {
        policy: PolicyName::of(table),
        panel: Panel::of(vocabulary, &decision),
        why: line(&decision.decided_by),
        lifted: lifted(&policy.id, &decision),
        conditions: conditions(&policy.id, &decision),
        duties: duties(&policy.id, vocabulary, &decision),
        permission: permissions(&policy.id, vocabulary, &decision.permission),
        changes: Vec::new(),
        platform: platform(&library, &situation),
        law: library
            .law()
            .bearing_on(&policy.nation, &situation)
            .map(law_line)
            .collect(),
        also: line(&decision.also),
        near: line(&decision.near),
        notices: line(&decision.notices),
        contacts: contacts(table, vocabulary),
        told: facts.told(vocabulary),
        assumed: assumed_facts(vocabulary, &given, &assumed).told(vocabulary),
        query: facts.query(vocabulary, &[]),
        overdue: policy.is_review_overdue(app.today()),
        draft: crate::policies::is_draft(policy),
        version: policy.version().map(str::to_owned),
        hash: policy.hash.chars().take(12).collect(),
        model: model
            .filter(|_| decision.standing == Standing::Silent)
            .map(|model| Panel::of(vocabulary, &model.decide(vocabulary, &situation, &[]))),
    })
}

/// The platform that was told, if one was.
fn platform(library: &Library, situation: &Situation) -> Option<PlatformLine> {
    let (index, attribute) = library.vocabulary().attribute("platform")?;
    let id = attribute.value_id(situation.value(index)?);
    library.platforms().get(id).map(PlatformLine::of)
}

fn clause_line(policy: &str, clause: &Clause) -> ClauseLine {
    ClauseLine {
        printed: clause.printed.clone(),
        says: clause.says.clone(),
        href: format!("/policies/{policy}#{}", anchor(&clause.reference)),
    }
}

fn lifted(policy: &str, decision: &Decision<'_>) -> Vec<LiftedLine> {
    let line = |lifted: &policy::decision::LiftedClause<'_>| LiftedLine {
        clause: clause_line(policy, lifted.clause),
        by: clause_line(policy, lifted.by),
    };
    decision.lifted.iter().map(line).collect()
}

fn conditions(policy: &str, decision: &Decision<'_>) -> Vec<Due> {
    let due = |condition: &policy::decision::ConditionDue<'_>| Due {
        says: condition.says.to_owned(),
        to: None,
        by: None,
        strength: None,
        clause: clause_line(policy, condition.clause),
    };
    decision.conditions.iter().map(due).collect()
}

fn duties(policy: &str, vocabulary: &Vocabulary, decision: &Decision<'_>) -> Vec<Due> {
    let role = |id: &str| {
        vocabulary
            .role(id)
            .map_or_else(|| id.to_owned(), |role| role.says.clone())
    };
    let counts = |kind: &str| {
        vocabulary
            .duty(kind)
            .is_some_and(|kind| kind.headline.is_some())
    };
    let due = |duty: &policy::decision::DutyDue<'_>| Due {
        says: duty.says.to_owned(),
        // What is merely kept or done is owed to nobody in particular.
        to: duty.to.filter(|_| counts(duty.kind)).map(role),
        by: duty.by.map(str::to_owned),
        strength: Some(strength_says(duty.strength)),
        clause: clause_line(policy, duty.clause),
    };
    decision.duties.iter().map(due).collect()
}

fn permissions(
    policy: &str,
    vocabulary: &Vocabulary,
    due: &[PermissionDue<'_>],
) -> Vec<Permission> {
    let says = |id: &String| {
        let (_, attribute) = vocabulary.attribute(policy::vocabulary::AUTHORISED)?;
        Some(attribute.value_says(attribute.value(id)?).to_owned())
    };
    let permission = |due: &PermissionDue<'_>| Permission {
        by: due.grant.by_ids.iter().filter_map(says).collect(),
        written: due.grant.written,
        conditions: due.grant.conditions.clone(),
        clause: clause_line(policy, due.clause),
    };
    due.iter().map(permission).collect()
}

fn law_line(requirement: &Requirement) -> LawLine {
    let contact = |line: &policy::law::Helpline| {
        let reach = [&line.phone, &line.site]
            .into_iter()
            .flatten()
            .cloned()
            .collect::<Vec<_>>()
            .join(", ");
        format!("{}: {reach}", line.name)
    };
    LawLine {
        title: requirement.title.clone(),
        says: requirement.says.clone(),
        source: requirement.source.clone(),
        unverified: requirement.confidence == Confidence::Unverified,
        expected: requirement.expected.is_some(),
        contacts: requirement.contacts.iter().map(contact).collect(),
    }
}

/// Whom the policy names, those for questions first; several for one matter stand together.
fn contacts(table: &Table, vocabulary: &Vocabulary) -> Vec<Contact> {
    let mut named: Vec<_> = table.policy().contacts.iter().collect();
    named.sort_by_key(|contact| contact.matter != ContactFor::Questions);
    let mut contacts: Vec<Contact> = Vec::new();
    for contact in named {
        let matter = contact_label(contact.matter);
        let who = vocabulary
            .role(&contact.to)
            .map_or(&contact.to, |role| &role.says);
        match contacts.iter_mut().find(|c| c.matter == matter) {
            Some(known) => known.who.push_str(&format!(", or {who}")),
            None => contacts.push(Contact {
                matter,
                who: who.clone(),
            }),
        }
    }
    contacts
}

/// What was taken as neutral, as facts that can be told.
fn assumed_facts(vocabulary: &Vocabulary, given: &Given, assumed: &[usize]) -> Facts {
    let mut facts = Facts::default();
    for index in assumed.iter().filter(|index| given.get(**index).is_none()) {
        if let Some(attribute) = vocabulary.at(*index) {
            facts.tell(*index, attribute.neutral);
        }
    }
    facts
}
