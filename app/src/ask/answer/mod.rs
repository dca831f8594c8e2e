//! The answer: the verdict, the clauses that give it, what must follow, what would change it, whom to ask.

mod page;
mod record;
mod registers;

use axum::extract::State;
use axum::response::Html;
use policy::decision::{Decision, DutyDue, PermissionDue};
use policy::explain::{self, Explanation};
use policy::law::{Confidence, Requirement};
use policy::library::Library;
use policy::policy_file::{Clause, ContactFor, Standing};
use policy::situation::{Given, Situation};
use policy::table::Table;
use policy::vocabulary::Vocabulary;
use policy::words::capitalised;

use super::PolicyName;
use super::facts::{Facts, Pairs};
use super::here::Here;
use super::on_record::{self, HELD, OnRecord, OnRecordLine};
use super::verdict::{Panel, strength_says, then_says};

use crate::authority::{Access, Routes};
use crate::platforms::PlatformLine;
use crate::policies::{anchor, contact_label, find};
use crate::web::App;
use crate::web::extract::{Path, Query};
use crate::web::problem::{Kind, Problem};

pub(crate) use page::AnswerPage;
use page::{Change, ClauseLine, Contact, Due, LawLine, LiftedLine, NearlyLine, Permission};

pub(super) fn routes() -> Routes {
    Routes::new().get("/ask/{policy}/answer", Access::Reading, answer)
}

async fn answer(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(pairs): Query<Pairs>,
) -> Result<Html<String>, Problem> {
    let here = Here::of_request(&app).await?;
    let library = app.library();
    let (table, vocabulary) = (find(&library, &id)?, library.vocabulary());
    let facts = Facts::read(vocabulary, &pairs, &[HELD])?;
    let named = pairs.iter().find(|(name, _)| name == HELD);
    let named = named.map(|(_, reference)| reference.as_str());
    let given = facts.given(vocabulary)?;
    let situation = given
        .situation(vocabulary)
        .ok_or_else(|| Problem::new(Kind::Unprocessable))?;
    let assumed = given.assumed(vocabulary);
    let mut explanation = explain::explain(table, vocabulary, &situation, &assumed);
    let record = OnRecord::of_request(&app).await?;
    let leave = record.leave((table, vocabulary), &given, &explanation.decision, named);
    if let Some((_, granted)) = &leave.granted {
        explanation = explain::explain(table, vocabulary, granted, &assumed);
    }
    let decision = &explanation.decision;
    let known = record::known(&app, (&id, vocabulary), &facts, (&record, &leave)).await?;
    let mut done = Vec::new();
    for duty in &decision.duties {
        let declared = record.declared(vocabulary, &given, duty);
        done.push(on_record::lines(&app, &declared).await?);
    }
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
        policy: PolicyName::of(table, here.as_ref()),
        panel: Panel::of_what_is_left(vocabulary, decision, &done),
        known,
        why: line(&decision.decided_by),
        lifted: lifted(&policy.id, decision),
        conditions: conditions(&policy.id, decision),
        duties: duties(&policy.id, vocabulary, decision, done),
        registers: registers::lines(
            &app,
            decision,
            &format!("/ask/{id}/answer?{}", facts.query(vocabulary, &[])),
        ),
        permission: permissions(&policy.id, vocabulary, &decision.permission),
        changes: changes(&policy.id, vocabulary, &facts, &explanation.changes),
        nearly: nearly(&policy.id, &explanation),
        platform: platform(&library, &situation),
        law: library
            .law()
            .bearing_on(&policy.nation, &situation)
            .map(law_line)
            .collect(),
        also: line(&decision.also),
        near: line(&decision.near),
        notices: line(&decision.notices),
        contacts: contacts(table, vocabulary, here.as_ref()),
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

/// What would change the answer, each with the address of the answer that it leads to.
fn changes(
    policy: &str,
    vocabulary: &Vocabulary,
    facts: &Facts,
    changes: &[explain::Change<'_>],
) -> Vec<Change> {
    let change = |change: &explain::Change<'_>| {
        let mut changed = facts.clone();
        for fact in &change.facts {
            let found = vocabulary.attribute(fact.attribute);
            let value = found.and_then(|(_, attribute)| attribute.value(fact.values.first()?));
            if let (Some((index, _)), Some(value)) = (found, value) {
                changed.tell(index, value);
            }
        }
        Change {
            says: capitalised(&change.says),
            then: then_says(change.standing, &change.headline),
            href: format!("/ask/{policy}/answer?{}", changed.query(vocabulary, &[])),
        }
    };
    changes.iter().map(change).collect()
}

/// Of a silent policy, the clauses that would speak if a fact or two were otherwise.
fn nearly(policy: &str, explanation: &Explanation<'_>) -> Vec<NearlyLine> {
    let silent = explanation.decision.standing == Standing::Silent;
    let line = |miss: &explain::NearMiss<'_>| NearlyLine {
        clause: clause_line(policy, miss.clause),
        missing: miss.missing.iter().map(|c| c.says.clone()).collect(),
    };
    let misses = explanation.nearly.iter().filter(|_| silent);
    misses.map(line).collect()
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
        done: Vec::new(),
    };
    decision.conditions.iter().map(due).collect()
}

/// What must be done: what the headline counts first, the strongest of it foremost.
fn duties(
    policy: &str,
    vocabulary: &Vocabulary,
    decision: &Decision<'_>,
    done: Vec<Vec<OnRecordLine>>,
) -> Vec<Due> {
    let role = |id: &str| {
        vocabulary
            .role(id)
            .map_or_else(|| id.to_owned(), |role| role.says.clone())
    };
    let counts = |duty: &DutyDue<'_>| {
        let kind = vocabulary.duty(duty.kind);
        kind.is_some_and(|kind| kind.headline.is_some())
    };
    let mut duties: Vec<_> = decision.duties.iter().zip(done).collect();
    duties.sort_by_key(|(duty, _)| (!counts(duty), duty.strength));
    let due = |(duty, done): (&DutyDue<'_>, Vec<OnRecordLine>)| Due {
        says: duty.says.to_owned(),
        // What is merely kept or done is owed to nobody in particular.
        to: duty.to.filter(|_| counts(duty)).map(role),
        by: duty.by.map(capitalised),
        strength: Some(strength_says(duty.strength)),
        clause: clause_line(policy, duty.clause),
        done,
    };
    duties.into_iter().map(due).collect()
}

/// Who may give leave; clauses that ask for the same leave stand together.
fn permissions(
    policy: &str,
    vocabulary: &Vocabulary,
    due: &[PermissionDue<'_>],
) -> Vec<Permission> {
    let says = |id: &String| {
        let (_, attribute) = vocabulary.attribute(policy::vocabulary::AUTHORISED)?;
        Some(attribute.value_says(attribute.value(id)?).to_owned())
    };
    let mut permissions: Vec<Permission> = Vec::new();
    for due in due {
        let by: Vec<String> = due.grant.by_ids.iter().filter_map(says).collect();
        let clause = clause_line(policy, due.clause);
        let conditions = due.grant.conditions.iter().cloned();
        match permissions
            .iter_mut()
            .find(|p| p.by == by && p.written == due.grant.written)
        {
            Some(same) => {
                same.conditions.extend(conditions);
                same.clauses.push(clause);
            }
            None => permissions.push(Permission {
                by,
                written: due.grant.written,
                conditions: conditions.collect(),
                clauses: vec![clause],
            }),
        }
    }
    permissions
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

/// Whom the policy names, with their names where the asker's own school follows it, those for questions first; several for one matter stand together.
fn contacts(table: &Table, vocabulary: &Vocabulary, here: Option<&Here>) -> Vec<Contact> {
    let here = here.filter(|here| here.follows(table));
    let mut named: Vec<_> = table.policy().contacts.iter().collect();
    named.sort_by_key(|contact| contact.matter != ContactFor::Questions);
    let mut contacts: Vec<Contact> = Vec::new();
    for contact in named {
        let matter = contact_label(contact.matter);
        let who = vocabulary
            .role(&contact.to)
            .map_or(&contact.to, |role| &role.says);
        let who = match here.and_then(|here| here.people(vocabulary, &contact.to)) {
            Some(names) => format!("{who} ({names})"),
            None => who.clone(),
        };
        match contacts.iter_mut().find(|c| c.matter == matter) {
            Some(known) => known.who.push_str(&format!(", or {who}")),
            None => contacts.push(Contact { matter, who }),
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
