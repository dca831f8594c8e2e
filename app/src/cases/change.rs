//! The one door for every change of a case: authority, answers, state, effects, ledger and messages in one transaction.

use jiff::civil::Date;
use register::Field;
use register::life::{OPEN, Taken};
use register::value::{self, Answers};

use super::case::{Case, CaseId, Decision, Done};
use super::rules::{self, InForce};
use super::{
    CaseError, Engine, access, closer, deadlines, effects, known, paper, parties, row, search,
};
use crate::authority::{Action, Actor};
use crate::consent;
use crate::ledger::record;
use crate::store::{PersonId, SchoolId, Tx};

/// A case to be opened.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    /// The register.
    pub register: String,
    /// The school; the trust as a whole where none is named.
    pub school: Option<SchoolId>,
    /// The answers.
    pub answers: Answers,
    /// What the paper says, where it comes from paper: then no deadlines run and nobody is written to.
    pub paper: Option<Paper>,
    /// The case that led to it.
    pub linked: Option<CaseId>,
    /// The answer of a policy that led to it.
    pub decision: Option<Decision>,
}

/// What a record on paper says of itself, beside its answers.
#[derive(Clone, Debug, Default)]
pub struct Paper {
    /// The day on which it was opened; today where nobody wrote it down.
    pub on: Option<Date>,
    /// Who opened it; whoever enters it where nobody is named.
    pub by: Option<PersonId>,
    /// Where it stands by now; at the beginning where no state is named.
    pub state: Option<String>,
}

/// A step to be taken.
#[derive(Clone, Debug, Default)]
pub struct Taking {
    /// The step.
    pub step: String,
    /// The revision of the case that the person saw.
    pub revision: i64,
    /// What they note.
    pub note: String,
    /// What they answer to the fields of the step and to those that it corrects.
    pub answers: Answers,
}

/// Opens a case as somebody, or as the public where the actor has no person and the register is public.
///
/// # Errors
/// Where the register is not theirs to open, or an answer cannot be taken.
pub async fn open(
    tx: &mut Tx,
    engine: &Engine,
    actor: &Actor,
    opening: Opening,
) -> Result<Case, CaseError> {
    let today = tx.store().clock().today();
    let registers = engine.registers();
    let rules = rules::in_force(
        tx,
        &registers,
        &opening.register,
        opening.school.as_ref(),
        today,
    )
    .await?;
    let roles = parties::here(&actor.roles, opening.school.as_ref());
    // What stands on paper was opened long ago: entering it asks for another right, at the import's own door.
    if actor.person.is_some() && opening.paper.is_none() && !rules.rules().may_open(&roles) {
        return Err(CaseError::NoSuchRegister);
    }
    open_under(tx, engine, actor, &rules, opening, 0).await
}

/// Opens a case under rules: for [`open`], and for cases that open cases.
pub(super) async fn open_under(
    tx: &mut Tx,
    engine: &Engine,
    actor: &Actor,
    rules: &InForce,
    opening: Opening,
    depth: u32,
) -> Result<Case, CaseError> {
    let today = tx.store().clock().today();
    let register = rules.register();
    let fields = match &opening.paper {
        Some(_) => paper::fields(register),
        None => register.fields.clone(),
    };
    let known = known::known_to(tx, actor, &fields, &opening.answers).await?;
    let answers = match depth {
        // What another case carries over was checked there; the rest is for whoever takes the next step.
        1.. => carried(&fields, &opening.answers),
        0 => value::check(&fields, &opening.answers, &Answers::new(), today, &known)
            .map_err(CaseError::Answers)?,
    };
    let opened = rules.rules().opened(&answers);
    let mut taken = opened.ok_or(CaseError::NoSuchRegister)?;
    let now = tx.now().as_millisecond();
    let (mut opened_at, mut opened_by) = (now, actor.person.clone());
    if let Some(paper) = &opening.paper {
        paper::stands(register, paper, &mut taken)?;
        opened_at = paper::began(paper, &tx.store().clock().zoned())?.unwrap_or(now);
        opened_by = paper.by.clone().or(opened_by);
    }
    let mut case = Case {
        id: tx.fresh()?,
        register: register.id.clone(),
        rules: rules::keep(tx, rules).await?,
        reference: row::next_reference(tx, &register.reference).await?,
        school: opening.school,
        state: taken.to.id.clone(),
        subject: parties::about(register, opened_by.as_ref(), &answers),
        opened_by,
        handler: None,
        opened_at,
        changed_at: now,
        closed_at: taken.to.end.then_some(now),
        revision: 1,
        paper: opening.paper.is_some(),
        filed: false,
        disclosed: false,
        in_force: taken.to.in_force,
        in_force_until: None,
        answers: answers.clone(),
        done: Vec::new(),
    };
    effects::on_case(&mut case, actor, &taken.effects);
    let mut opened = match &opening.paper {
        Some(_) => paper::done(&case, answers),
        None => done(actor, OPEN, now, &case.state, String::new(), answers),
    };
    opened.decision = opening.decision;
    case.done.push(opened);
    row::insert(tx, &case).await?;
    consent::changed(tx, &rules.settings, None, &case).await?;
    if let Some(linked) = &opening.linked {
        row::link(tx, &case.id, linked).await?;
    }
    join(tx, rules, &case).await?;
    record(
        tx,
        actor,
        Some(Action::WorkCases),
        "case.opened",
        None,
        Some(&case),
    )
    .await?;
    follow(tx, engine, actor, rules, &case, &taken, depth, today).await?;
    Ok(case)
}

/// Takes a step as somebody.
///
/// # Errors
/// [`CaseError::NotFound`] where they may not even know of it; [`CaseError::Changed`] where somebody was first.
pub async fn take(
    tx: &mut Tx,
    engine: &Engine,
    actor: &Actor,
    id: &CaseId,
    taking: Taking,
) -> Result<Case, CaseError> {
    take_from(tx, engine, actor, id, taking, false).await
}

/// Takes a step from the page that it has of its own, which has worked out its answers; otherwise as [`take`].
///
/// # Errors
/// As [`take`].
pub(crate) async fn take_on_its_page(
    tx: &mut Tx,
    engine: &Engine,
    actor: &Actor,
    id: &CaseId,
    taking: Taking,
) -> Result<Case, CaseError> {
    take_from(tx, engine, actor, id, taking, true).await
}

async fn take_from(
    tx: &mut Tx,
    engine: &Engine,
    actor: &Actor,
    id: &CaseId,
    taking: Taking,
    on_its_page: bool,
) -> Result<Case, CaseError> {
    row::lock(tx, id).await?;
    let (store, trust) = (tx.store().clone(), actor.trust.clone());
    let case = row::find(tx, &store, &trust, id)
        .await?
        .ok_or(CaseError::NotFound)?;
    let rules = rules::of_case(tx, &case.rules).await?;
    let today = store.clock().today();
    let who = parties::who(tx, &rules, &case, actor, today).await?;
    let (past, beside) = (case.past(), row::beside(tx, id).await?);
    let life = case.life(&past, &beside);
    if rules.rules().sees(life, &who) == register::life::Sees::Nothing {
        return Err(CaseError::NotFound);
    }
    if taking.revision != case.revision {
        return Err(CaseError::Changed);
    }
    let step = rules
        .rules()
        .open_to(life, &who, &taking.step, &taking.note)?;
    // What a page of its own works out, such as the marks of a quiz, is nobody's to type.
    if let Some(page) = closer::own_page(step, id).filter(|_| !on_its_page) {
        return Err(CaseError::OnItsPage(page));
    }
    let hidden = rules.rules().hidden(life, &who);
    let fields = closer::asked_of(&rules, step, &hidden);
    let known = known::known_to(tx, actor, &fields, &taking.answers).await?;
    let answers = value::check(&fields, &taking.answers, &case.answers, today, &known)
        .map_err(CaseError::Answers)?;
    let mut then = case.answers.clone();
    then.extend(answers.clone());
    let taken = rules.rules().taken(life, step, &then)?;
    let mut after = stepped(
        &case,
        actor,
        step,
        &taken,
        &taking.note,
        answers,
        tx.now().as_millisecond(),
    );
    about_somebody_else(rules.register(), &case, &mut after, &taken);
    write(tx, engine, actor, &rules, (&case, &after), &taken, 0).await?;
    Ok(after)
}

/// Takes a step that the program takes when a deadline has passed. Says whether it was open to be taken.
pub(super) async fn by_program(
    tx: &mut Tx,
    engine: &Engine,
    program: &Actor,
    case: Case,
    (step, note): (&str, &str),
) -> Result<bool, CaseError> {
    let rules = rules::of_case(tx, &case.rules).await?;
    let today = tx.store().clock().today();
    let who = parties::who(tx, &rules, &case, program, today).await?;
    let (past, beside) = (case.past(), row::beside(tx, &case.id).await?);
    let life = case.life(&past, &beside);
    let Ok(step) = rules.rules().open_to(life, &who, step, note) else {
        return Ok(false);
    };
    let Ok(taken) = rules.rules().taken(life, step, &case.answers) else {
        return Ok(false);
    };
    let at = tx.now().as_millisecond();
    let after = stepped(&case, program, step, &taken, note, Answers::new(), at);
    write(tx, engine, program, &rules, (&case, &after), &taken, 0).await?;
    Ok(true)
}

/// Takes a step as the program on a case by its identifier, as [`by_program`]; the note says why.
///
/// # Errors
/// Where the store fails.
pub async fn take_by_program(
    tx: &mut Tx,
    engine: &Engine,
    program: &Actor,
    id: &CaseId,
    (step, note): (&str, &str),
) -> Result<bool, CaseError> {
    row::lock(tx, id).await?;
    let store = tx.store().clone();
    match row::find(tx, &store, &program.trust, id).await? {
        Some(case) => by_program(tx, engine, program, case, (step, note)).await,
        None => Ok(false),
    }
}

/// The fields that a step asks: its own, and those of the opening that it corrects.
pub(crate) fn asked(rules: &InForce, step: &register::Step) -> Vec<Field> {
    let corrected = step.corrects.iter().filter_map(|name| {
        let field = rules
            .register()
            .fields
            .iter()
            .find(|field| field.id == *name);
        field.cloned()
    });
    corrected.chain(step.fields.iter().cloned()).collect()
}

fn stepped(
    case: &Case,
    actor: &Actor,
    step: &register::Step,
    taken: &Taken<'_>,
    note: &str,
    answers: Answers,
    at: i64,
) -> Case {
    let mut after = case.clone();
    after.state = taken.to.id.clone();
    after.changed_at = at;
    after.closed_at = taken.to.end.then_some(at);
    after.revision += 1;
    after.in_force = taken.to.in_force;
    if !after.in_force {
        after.in_force_until = None;
    }
    after.answers.extend(answers.clone());
    effects::on_case(&mut after, actor, &taken.effects);
    after.done.push(done(
        actor,
        &step.id,
        at,
        &taken.to.id,
        note.trim().to_owned(),
        answers,
    ));
    after
}

/// Where a step corrects whom a case is about: the new one has been told nothing, and does not handle it.
fn about_somebody_else(
    register: &register::Register,
    before: &Case,
    after: &mut Case,
    taken: &Taken<'_>,
) {
    after.subject = parties::about(register, after.opened_by.as_ref(), &after.answers);
    if after.subject == before.subject {
        return;
    }
    after.disclosed = taken.effects.contains(&&register::Effect::Disclose);
    if after.handler.as_ref() == after.subject_person() {
        after.handler = None;
    }
}

fn done(actor: &Actor, step: &str, at: i64, to: &str, note: String, answers: Answers) -> Done {
    Done {
        step: step.to_owned(),
        at,
        person: actor.person.clone(),
        role: actor.role_for(Some(Action::WorkCases)),
        to: to.to_owned(),
        note,
        answers,
        decision: None,
    }
}

/// Writes a case after a step, with everything that follows.
async fn write(
    tx: &mut Tx,
    engine: &Engine,
    actor: &Actor,
    rules: &InForce,
    (before, after): (&Case, &Case),
    taken: &Taken<'_>,
    depth: u32,
) -> Result<(), CaseError> {
    let today = tx.store().clock().today();
    row::update(tx, after, true).await?;
    consent::changed(tx, &rules.settings, Some(before), after).await?;
    record(
        tx,
        actor,
        Some(Action::WorkCases),
        "case.changed",
        Some(before),
        Some(after),
    )
    .await?;
    deadlines::end(tx, &after.id, &taken.end).await?;
    follow(tx, engine, actor, rules, after, taken, depth, today).await
}

/// What follows from an opening or a step: deadlines, other cases, who sees it, who is told.
#[expect(
    clippy::too_many_arguments,
    reason = "one private function gathers all that a change brings about"
)]
async fn follow(
    tx: &mut Tx,
    engine: &Engine,
    actor: &Actor,
    rules: &InForce,
    case: &Case,
    taken: &Taken<'_>,
    depth: u32,
    today: Date,
) -> Result<(), CaseError> {
    deadlines::begin(tx, rules, case, &taken.begin).await?;
    access::write(tx, rules, case, today).await?;
    search::index(tx, rules, case).await?;
    effects::beyond(tx, engine, actor, rules, case, &taken.effects, depth).await
}

/// Links a new case with those open about the same subject that have the same answer.
async fn join(tx: &mut Tx, rules: &InForce, case: &Case) -> Result<(), CaseError> {
    let Some(field) = &rules.register().joins else {
        return Ok(());
    };
    let (store, trust) = (tx.store().clone(), tx.trust().cloned());
    let Some(trust) = trust else {
        return Ok(());
    };
    for other in effects::open_about(tx, case).await? {
        let other = row::find(tx, &store, &trust, &other).await?;
        let same = |other: &Case| other.answers.get(field) == case.answers.get(field);
        if let Some(other) = other.filter(same) {
            row::link(tx, &case.id, &other.id).await?;
        }
    }
    Ok(())
}

/// The carried answers that belong to fields, as they are.
fn carried(fields: &[Field], answers: &Answers) -> Answers {
    let known = answers
        .iter()
        .filter(|(name, _)| fields.iter().any(|field| field.id == **name));
    known
        .map(|(name, values)| (name.clone(), values.clone()))
        .collect()
}
