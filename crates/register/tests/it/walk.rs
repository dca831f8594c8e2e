//! Random people take random steps on every register: no state is illegal, no deadline is lost or begun twice, and
//! whoever a case is kept from is offered nothing.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use register::life::{Life, OPEN, Past, Rules, Sees, Taken, Who};
use register::settings::Settings;
use register::{Condition, Deadline, Party, Register, Start};

use crate::real::{ROLES, catalogue, library};

/// Somebody at random: the roles they hold and what they are to the case.
#[derive(Debug, Clone)]
struct Turn {
    person: u8,
    role: usize,
    subject: bool,
    handler: bool,
    program: bool,
    step: usize,
    answer: usize,
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let turn = (
        0u8..4,
        0..ROLES.len(),
        any::<bool>(),
        any::<bool>(),
        0u8..8,
        any::<usize>(),
        any::<usize>(),
    );
    let turn = turn.prop_map(
        |(person, role, subject, handler, program, step, answer)| Turn {
            person,
            role,
            subject: subject && person == 0,
            handler,
            program: program == 0,
            step,
            answer,
        },
    );
    proptest::collection::vec(turn, 1..40)
}

impl Turn {
    fn who(&self) -> Who {
        Who {
            id: format!("person-{}", self.person),
            roles: vec![
                "staff".to_owned(),
                ROLES.get(self.role).copied().unwrap_or("staff").to_owned(),
            ],
            opener: self.person == 1,
            subject: self.subject,
            handler: self.handler,
            program: self.program,
            ..Who::default()
        }
    }
}

/// Answers that make every condition of a register hold or not, by turns.
fn answers(register: &Register, pick: usize) -> BTreeMap<String, Vec<String>> {
    let steps = register.steps.iter();
    let effects = steps
        .clone()
        .flat_map(|step| &step.effects)
        .chain(&register.effects);
    let conditions: Vec<&Condition> = steps
        .flat_map(|step| &step.when)
        .chain(register.seen_by.iter().flat_map(|sight| &sight.when))
        .chain(effects.flat_map(register::Effect::when))
        .chain(
            register
                .deadlines
                .iter()
                .flat_map(|deadline| &deadline.when),
        )
        .collect();
    let chosen = conditions
        .iter()
        .enumerate()
        .filter_map(|(index, condition)| {
            // One more than there are values: nothing is answered then.
            let which = pick.wrapping_add(index) % (condition.is.len() + 1);
            let value = condition.is.get(which)?;
            Some((condition.field.clone(), vec![value.clone()]))
        });
    chosen.collect()
}

/// Whether a deadline concerns a case with these answers.
fn concerns(deadline: &Deadline, answers: &BTreeMap<String, Vec<String>>) -> bool {
    deadline
        .when
        .iter()
        .all(|condition| condition.holds(answers))
}

/// The deadlines that run: begun and not ended.
fn count<'r>(running: &mut BTreeSet<&'r str>, taken: &Taken<'r>) -> Result<(), TestCaseError> {
    for deadline in &taken.end {
        running.remove(deadline.id.as_str());
    }
    for deadline in &taken.begin {
        prop_assert!(
            running.insert(&deadline.id) || deadline.starts == Start::Clock,
            "{} began twice",
            deadline.id
        );
    }
    Ok(())
}

fn walk(register: &Register, turns: &[Turn]) -> Result<(), TestCaseError> {
    let settings = Settings::of(register, "", &BTreeMap::new());
    let rules = Rules {
        register,
        settings: &settings,
    };
    let mut known = answers(register, turns.first().map_or(0, |turn| turn.answer));
    let opened = rules.opened(&known).unwrap();
    let mut running = BTreeSet::new();
    count(&mut running, &opened)?;
    let mut state = opened.to;
    let mut taken = vec![Past {
        step: OPEN.to_owned(),
        by: "person-1".to_owned(),
    }];
    let mut disclosed = false;
    for turn in turns {
        // What was answered before decides what is open; what is answered now decides what follows.
        let (who, after) = (turn.who(), answers(register, turn.answer));
        let life = Life {
            state: &state.id,
            answers: &known,
            taken: &taken,
            evidence: 1,
            linked: &[],
            disclosed,
        };
        let offered = rules.offered(life, &who);
        if register.undisclosed && who.subject && !disclosed && !who.program {
            prop_assert!(
                offered
                    .iter()
                    .all(|offer| who.opener && offer.step.by.contains(&Party::Opener)),
                "{} offers its subject a step",
                register.id
            );
            let most = if who.opener {
                Sees::Outline
            } else {
                Sees::Nothing
            };
            prop_assert!(rules.sees(life, &who) <= most);
        }
        for step in &register.steps {
            let offer = offered.iter().find(|offer| offer.step.id == step.id);
            let taken = rules.open_to(life, &who, &step.id, "a note");
            prop_assert_eq!(
                taken.is_ok(),
                offer.is_some_and(|offer| offer.lacks.is_empty()),
                "{}",
                step.id
            );
            prop_assert!(offer.is_none() || step.from.contains(&state.id));
        }
        let open: Vec<_> = offered
            .iter()
            .filter(|offer| offer.lacks.is_empty())
            .collect();
        let Some(offer) = open.get(turn.step % open.len().max(1)) else {
            continue;
        };
        let done = rules.taken(life, offer.step, &after).unwrap();
        let follows = offer.step.effects.iter().filter(|effect| {
            effect
                .when()
                .iter()
                .all(|condition| condition.holds(&after))
        });
        let follows: Vec<_> = follows.map(register::Effect::plain).collect();
        prop_assert_eq!(&done.effects, &follows, "{}", offer.step.id);
        prop_assert!(register.states.contains(done.to));
        count(&mut running, &done)?;
        disclosed |= done.effects.contains(&&register::Effect::Disclose);
        state = done.to;
        taken.push(Past {
            step: offer.step.id.clone(),
            by: who.id,
        });
        known = after;
        for deadline in &register.deadlines {
            let here =
                matches!(&deadline.starts, Start::States(states) if states.contains(&state.id));
            let here = here && concerns(deadline, &known);
            prop_assert!(
                concerns(deadline, &known) || !running.contains(deadline.id.as_str()),
                "{} runs for what it does not concern",
                deadline.id
            );
            if here && deadline.met_in.is_empty() {
                prop_assert!(
                    running.contains(deadline.id.as_str()),
                    "{} was lost",
                    deadline.id
                );
            }
            if state.end && !here {
                prop_assert!(
                    !running.contains(deadline.id.as_str()),
                    "{} outlives its case",
                    deadline.id
                );
            }
        }
    }
    Ok(())
}

#[test]
fn random_people_take_random_steps_on_every_register() {
    let catalogue = catalogue(&library());
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    for register in catalogue.registers() {
        let walked = runner.run(&turns(), |turns| walk(register, &turns));
        assert!(walked.is_ok(), "{}: {}", register.id, walked.unwrap_err());
    }
}
