//! What everybody sees of a case, held to what its register says.

use register::life::Sees;

use super::plan::{Model, Plan};
use super::world::World;
use crate::cases::{self, Case, CaseError, CaseId, Filter, Seen, Standing};
use crate::jobs::waiting;
use crate::ledger::{Kept, verify};
use crate::people::Part;
use crate::records::KINDS;
use crate::store::Tx;
use crate::values;

/// One case on a list, whoever asks.
fn only(case: &Case, waiting: bool) -> Filter {
    Filter {
        reference: case.reference.clone(),
        standing: Standing::All,
        waiting,
        ..Filter::default()
    }
}

const FIRST: Part = Part { skip: 0, size: 5 };

/// Whether a case waits for somebody, by its register: for its handler, otherwise for those who can take the next
/// step and see it, and for whoever steps in as the second person.
fn waits(plan: &Plan<'_>, model: &Model, case: &Case, who: &register::life::Who) -> bool {
    let rules = plan.rules.rules();
    let state = rules.register.state(&model.state).unwrap();
    if case.paper || state.end {
        return false;
    }
    let steps = rules.register.steps.iter();
    let mut fallbacks = steps
        .filter(|step| step.from.contains(&model.state))
        .flat_map(|step| &step.needs)
        .filter_map(|need| match need {
            register::Need::SecondPerson { fallback, .. } => Some(fallback),
            _ => None,
        });
    let stands_in = !who.subject && fallbacks.any(|role| who.elsewhere.contains(role));
    let next = match &model.handler {
        Some(handler) => *handler == who.id,
        None => {
            let parties: Vec<_> = rules.waits_for(&model.state).into_iter().cloned().collect();
            rules.any(&parties, model.life(), who)
        }
    };
    stands_in || (next && rules.sees(model.life(), who) != Sees::Nothing)
}

/// Holds what everybody sees of a case to its register. Nothing is kept of their looking.
pub(super) async fn agrees(world: &World, plan: &Plan<'_>, model: &Model, case: &Case) {
    let mut tx = world.test.store.begin(&world.test.trust).await.unwrap();
    for person in &world.people {
        let at = format!(
            "{} of {} in '{}', by {}",
            case.register, plan.school, case.state, person.id
        );
        let who = model.who(world, &plan.rules, plan.school, &person.id);
        let rules = plan.rules.rules();
        let expected = rules.sees(model.life(), &who);
        let seen = seen(&mut tx, world, &person.id, &case.id).await;
        let found = match &seen {
            None => Sees::Nothing,
            Some(seen) if seen.outline => Sees::Outline,
            Some(_) => Sees::Whole,
        };
        world.hold(found == expected, || {
            format!("{at}: {found:?}, but the register says {expected:?}: {who:?}")
        });
        if let Some(seen) = &seen {
            steps_and_answers(world, plan, model, &who, seen, &at);
        }
        listed(&mut tx, world, case, (&person.id, expected), &at).await;
        let store = &world.test.store;
        let filter = only(case, true);
        let waiting = cases::list(&mut tx, store, &person.actor, &filter, FIRST)
            .await
            .unwrap();
        let expected = waits(plan, model, case, &who);
        let waits = waiting.total == 1;
        world.hold(waits == expected, || {
            format!("{at}: waits {waits}: {who:?}")
        });
    }
}

fn steps_and_answers(
    world: &World,
    plan: &Plan<'_>,
    model: &Model,
    who: &register::life::Who,
    seen: &Seen,
    at: &str,
) {
    let offered = plan.rules.rules().offered(model.life(), who);
    let offered: Vec<&str> = offered.iter().map(|offer| offer.step.id.as_str()).collect();
    let open: Vec<&str> = seen.steps.iter().map(|step| step.id.as_str()).collect();
    world.hold(open == offered, || {
        format!("{at}: steps {open:?}, not {offered:?}")
    });
    if seen.outline {
        let own = |by: &Option<crate::store::PersonId>| {
            by.as_ref().is_some_and(|by| by.as_str() == who.id)
        };
        assert!(seen.case.done.iter().all(|done| own(&done.person)), "{at}");
        let given = seen.case.done.iter().flat_map(|done| done.answers.keys());
        let given: std::collections::BTreeSet<&String> = given.collect();
        assert!(
            seen.case.answers.keys().all(|name| given.contains(name)),
            "{at}"
        );
        assert!(seen.evidence.is_empty(), "{at}");
    }
}

/// A list, its total and a search for the reference say the same.
async fn listed(tx: &mut Tx, world: &World, case: &Case, (id, sees): (&str, Sees), at: &str) {
    let (store, actor) = (&world.test.store, world.actor(id));
    let list = cases::list(tx, store, &actor, &only(case, false), FIRST)
        .await
        .unwrap();
    let there = u64::from(sees != Sees::Nothing);
    let counts = (list.total, list.items.len() as u64);
    world.hold(counts == (there, there), || {
        format!("{at}: listed {counts:?}")
    });
    for line in &list.items {
        let outline = line.outline;
        world.hold(outline == (sees == Sees::Outline), || {
            format!("{at}: listed, outline {outline}")
        });
        assert_eq!(line.case.id, case.id);
        let own = case.opened_by == actor.person;
        assert!(
            !line.outline || own || line.case.answers.is_empty(),
            "list: {at}"
        );
    }
    if id.len() % 3 > 0 {
        return;
    }
    let found = cases::by_reference(tx, &actor, store, &case.reference).await;
    match found {
        Ok(found) => world.hold(there == 1 && found == case.id, || format!("{at}: found")),
        Err(CaseError::NotFound) => world.hold(there == 0, || format!("{at}: not found")),
        Err(error) => panic!("{at}: {error}"),
    }
}

/// What somebody sees; nothing where the case is not there for them.
pub(super) async fn seen(tx: &mut Tx, world: &World, id: &str, case: &CaseId) -> Option<Seen> {
    match cases::see(tx, &world.actor(id), case).await {
        Ok(seen) => Some(seen),
        Err(CaseError::NotFound) => None,
        Err(error) => panic!("{error}"),
    }
}

/// Everybody's whole list, its total, what waits for them and the linked lines agree with what each case shows them
/// by itself, whatever became overdue meanwhile.
pub(super) async fn all_agree(world: &World) {
    let sql = "SELECT id AS text FROM case_file WHERE trust = $1 ORDER BY id";
    let all = world.texts(sql, values![]).await;
    let store = &world.test.store;
    let most = Part {
        skip: 0,
        size: 5_000,
    };
    let whole = Filter {
        standing: Standing::All,
        ..Filter::default()
    };
    let mut tx = store.begin(&world.test.trust).await.unwrap();
    for person in &world.people {
        let list = cases::list(&mut tx, store, &person.actor, &whole, most)
            .await
            .unwrap();
        let listed: Vec<String> = list
            .items
            .iter()
            .map(|line| line.case.id.to_string())
            .collect();
        assert_eq!(list.total, listed.len() as u64, "{}", person.id);
        let waiting = cases::waiting(&mut tx, store, &person.actor, most)
            .await
            .unwrap();
        assert_eq!(waiting.total, waiting.items.len() as u64, "{}", person.id);
        for line in &waiting.items {
            assert!(listed.contains(&line.case.id.to_string()), "{}", person.id);
        }
        // Of many cases every seventh is looked at: each person meets others.
        for id in all.iter().skip(person.id.len() % 7).step_by(7) {
            let seen = seen(&mut tx, world, &person.id, &id.parse().unwrap()).await;
            assert_eq!(seen.is_some(), listed.contains(id), "{id} by {}", person.id);
            let Some(seen) = seen else { continue };
            let sql = "SELECT linked AS text FROM case_link WHERE trust = $1 AND case_id = $2 ORDER BY linked";
            let linked = world.texts(sql, values![id.as_str()]).await;
            let theirs: Vec<&String> = linked.iter().filter(|id| listed.contains(id)).collect();
            let lines: Vec<String> = seen.linked.iter().map(|l| l.case.id.to_string()).collect();
            assert_eq!(
                lines.iter().collect::<Vec<_>>(),
                theirs,
                "{id} by {}",
                person.id
            );
        }
    }
}

/// After all walks, no job was given up and the log is sound.
pub(super) async fn nothing_is_left_over(world: &World) {
    let (store, trust) = (&world.test.store, &world.test.trust);
    let mut reader = store.read(trust);
    let jobs = waiting(&mut reader, store.clock().now()).await.unwrap();
    assert_eq!(jobs.dead, 0, "a job was given up");
    let kinds: Vec<_> = KINDS
        .iter()
        .filter(|kind| kind.kind == "case_file")
        .copied()
        .collect();
    let none = Kept {
        notes: Vec::new(),
        keys: Vec::new(),
    };
    let verified = verify(store, trust, &kinds, &none).await.unwrap();
    assert!(verified.is_sound(), "{:?}", verified.faults);
}
