//! What the pages of one draft share: the draft, the rules it will open under, and its questions in order.

use jiff::civil::Date;
use register::value::{Answers, shown};
use register::{Field, Party, Register, Sensitivity};

use crate::authority::{Actor, Permit};
use crate::cases::rules::{self, InForce};
use crate::cases::{self, CaseError, Draft, DraftId, Engine, parties};
use crate::store::{Query, SchoolId};
use crate::web::App;
use crate::web::problem::Problem;

/// A draft with the rules that it will open under.
pub(super) struct Open {
    pub(super) draft: Draft,
    pub(super) rules: InForce,
}

impl Open {
    /// Somebody's own draft, where its register is there and theirs to open.
    pub(super) async fn find(app: &App, permit: &Permit, id: &DraftId) -> Result<Self, Problem> {
        let (store, actor) = (app.store()?, permit.actor());
        let mut reader = store.read(&actor.trust);
        let draft = cases::draft(&mut reader, store, actor, id).await?;
        let at = (draft.register.as_str(), draft.school.as_ref());
        let rules = opens(&mut reader, &app.engine(), actor, at, app.today()).await?;
        Ok(Self { draft, rules })
    }

    pub(super) fn register(&self) -> &Register {
        self.rules.register()
    }

    /// The questions, in order, as the answers so far have it.
    pub(super) fn questions(&self) -> Vec<&Field> {
        shown(&self.register().fields, &self.draft.answers)
    }

    /// Whether a question has an answer.
    fn answered(&self, field: &Field) -> bool {
        self.draft
            .answers
            .get(&field.id)
            .is_some_and(|given| !given.is_empty())
    }

    /// The first question that must still be answered.
    pub(super) fn missing(&self) -> Option<&Field> {
        let mut questions = self.questions().into_iter();
        questions.find(|field| field.required && !self.answered(field))
    }

    /// Where the way leads after a question; back to checking, where it was changed from there.
    pub(super) fn after(&self, field: &str, checking: bool) -> String {
        let id = &self.draft.id;
        if checking {
            return match self.missing() {
                Some(next) => format!("/drafts/{id}/{}?then=check", next.id),
                None => format!("/drafts/{id}"),
            };
        }
        let mut later = self
            .questions()
            .into_iter()
            .skip_while(|one| one.id != field);
        match later.nth(1) {
            Some(next) => format!("/drafts/{id}/{}", next.id),
            None => format!("/drafts/{id}"),
        }
    }

    /// Where the way back leads from a question.
    pub(super) fn before(&self, field: &str, checking: bool) -> String {
        let id = &self.draft.id;
        if checking {
            return format!("/drafts/{id}");
        }
        let questions = self.questions();
        let earlier = questions.iter().take_while(|one| one.id != field).last();
        match earlier {
            Some(earlier) => format!("/drafts/{id}/{}", earlier.id),
            None => "/registers".to_owned(),
        }
    }
}

/// The rules of a register at a school, where somebody may open it there.
///
/// # Errors
/// [`CaseError::NoSuchRegister`] where they may not, just as where there is none.
pub(super) async fn opens(
    query: &mut impl Query,
    engine: &Engine,
    actor: &Actor,
    (register, school): (&str, Option<&SchoolId>),
    today: Date,
) -> Result<InForce, CaseError> {
    let roles = parties::here(&actor.roles, school);
    let rules = rules::in_force(query, &engine.registers(), register, school, today).await?;
    // Somebody without a role there has nothing to open there.
    match !roles.is_empty() && rules.rules().may_open(&roles) {
        true => Ok(rules),
        false => Err(CaseError::NoSuchRegister),
    }
}

/// What is said where a file may show something that may be illegal to keep.
pub(super) fn is_sensitive(register: &Register) -> bool {
    register.sensitivity == Sensitivity::Sensitive
}

/// One answer held to its field, as it is kept.
///
/// # Errors
/// What is wrong with it, in words.
pub(super) async fn checked(
    query: &mut impl Query,
    field: &Field,
    given: Vec<String>,
    before: &Answers,
    today: Date,
) -> Result<Result<Vec<String>, String>, CaseError> {
    let fields = std::slice::from_ref(field);
    let given = Answers::from([(field.id.clone(), given)]);
    let known = cases::known::known(query, fields, &given).await?;
    let others = before.iter().filter(|(name, _)| **name != field.id);
    let others: Answers = others
        .map(|(name, given)| (name.clone(), given.clone()))
        .collect();
    Ok(
        match register::value::check(fields, &given, &others, today, &known) {
            Ok(mut taken) => Ok(taken.remove(&field.id).unwrap_or_default()),
            Err(faults) => Err(faults
                .into_iter()
                .map(|fault| fault.what)
                .collect::<Vec<_>>()
                .join(". ")),
        },
    )
}

/// Whether somebody may open a case of the register at a school, or of the trust as a whole where none is named.
pub(super) async fn may_open(
    query: &mut impl Query,
    engine: &Engine,
    actor: &Actor,
    (register, school): (&Register, Option<&SchoolId>),
    today: Date,
) -> Result<bool, CaseError> {
    let roles = parties::here(&actor.roles, school);
    if roles.is_empty() {
        return Ok(false);
    }
    // What a school has settled is looked up only where it counts.
    let mut settled = register.opened_by.iter().map(|party| match party {
        Party::Role(role) => roles.contains(role),
        Party::Public => true,
        _ => false,
    });
    if settled.any(|may| may) {
        return Ok(true);
    }
    if !register
        .opened_by
        .iter()
        .any(|party| matches!(party, Party::Setting(_)))
    {
        return Ok(false);
    }
    match opens(query, engine, actor, (&register.id, school), today).await {
        Ok(_) => Ok(true),
        Err(CaseError::NoSuchRegister) => Ok(false),
        Err(error) => Err(error),
    }
}
