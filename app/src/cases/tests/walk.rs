//! Every register is walked through at two schools that follow different policies, step by step through the engine.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use register::life::OPEN;
use register::value::Answers;

use super::desk::Desk;
use super::plan::{Model, Move, Plan};
use super::sight;
use super::way::Goal;
use super::world::{SCHOOLS, World, walk_is_asked_for, walks_are_asked_for};
use crate::cases::change::Paper;
use crate::cases::{self, Case, CaseError, Opening, Taking, deadlines};
use crate::store::testing::{TestStore, on_both};
use crate::values;

/// How far a walk looks for something new before it goes on to an end.
const NEAR: usize = 40;
/// No two people act in the same moment, unless that is what is tried.
const BETWEEN: Duration = Duration::from_secs(1);

/// A case under way.
pub(super) struct Walk<'w> {
    pub(super) world: &'w World,
    pub(super) plan: &'w Plan<'w>,
    pub(super) model: Model,
    pub(super) case: Case,
    /// Where it goes over HTTP.
    pub(super) desk: Option<&'w Desk<'w>>,
}

impl<'w> Walk<'w> {
    /// Opens a case as the first of some moves says.
    pub(super) async fn open(
        world: &'w World,
        plan: &'w Plan<'w>,
        act: &Move,
        mut model: Model,
        paper: bool,
    ) -> Self {
        let before = world.told().await;
        let opening = Opening {
            register: plan.register().id.clone(),
            school: Some(plan.school.parse().unwrap()),
            answers: act.answers.clone(),
            paper: paper.then(Paper::default),
            ..Opening::default()
        };
        let actor = world.actor(&act.who);
        world.test.hand.advance(BETWEEN);
        let mut tx = world.test.store.begin(&world.test.trust).await.unwrap();
        let opened = cases::open(&mut tx, &world.engine, &actor, opening).await;
        let case = opened.unwrap_or_else(|error| panic!("{} {act:?}: {error}", plan.register().id));
        tx.commit().await.unwrap();
        if paper {
            // Nobody is given what has long been done.
            model.handler = None;
        }
        let walk = Self {
            world,
            plan,
            model,
            case,
            desk: None,
        };
        walk.holds().await;
        walk.messages_reach_who_sees(&before).await;
        walk
    }

    /// Does something, as somebody or as the program when the time is over.
    pub(super) async fn act(&mut self, act: &Move, after: Model) {
        if let Some((register, state)) = &act.first {
            Box::pin(self.bring(register, state)).await;
        }
        let step = self.plan.register().step(&act.step).unwrap();
        if act.who.is_empty() && self.plan.is_brought_about(step) {
            return self.bring_about(act, after).await;
        }
        if act.who.is_empty() {
            return self.wait_for(act, after).await;
        }
        let before = self.world.told().await;
        self.case = match self.desk {
            Some(desk) => {
                self.world.test.hand.advance(BETWEEN);
                let id = desk
                    .take(&act.who, &self.case, &act.step, &act.answers)
                    .await;
                self.world.kept(&id).await
            }
            None => {
                let taken = self.take(&act.who, &act.step, act.answers.clone()).await;
                taken.unwrap_or_else(|error| panic!("{} {act:?}: {error}", self.case.register))
            }
        };
        self.model = after;
        self.holds().await;
        self.messages_reach_who_sees(&before).await;
    }

    /// Takes a step through the engine.
    pub(super) async fn take(
        &self,
        who: &str,
        step: &str,
        answers: Answers,
    ) -> Result<Case, CaseError> {
        let taking = Taking {
            step: step.to_owned(),
            revision: self.case.revision,
            note: "As it stands".to_owned(),
            answers,
        };
        let (world, actor) = (self.world, self.world.actor(who));
        world.test.hand.advance(BETWEEN);
        let mut tx = world.test.store.begin(&world.test.trust).await.unwrap();
        let case =
            cases::take_on_its_page(&mut tx, &world.engine, &actor, &self.case.id, taking).await?;
        tx.commit().await.unwrap();
        Ok(case)
    }

    /// Takes a step as the program, which knows from elsewhere that it is time.
    async fn bring_about(&mut self, act: &Move, after: Model) {
        let (world, program) = (self.world, self.world.actor(""));
        world.test.hand.advance(BETWEEN);
        let mut tx = world.test.store.begin(&world.test.trust).await.unwrap();
        let step = (act.step.as_str(), "As it stands");
        let taken =
            cases::take_by_program(&mut tx, &world.engine, &program, &self.case.id, step).await;
        assert!(taken.unwrap(), "{}: {act:?}", self.case.register);
        tx.commit().await.unwrap();
        self.case = world.kept(self.case.id.as_str()).await;
        self.model = after;
        self.holds().await;
    }

    /// Lets the time go by until the program has taken a step.
    async fn wait_for(&mut self, act: &Move, after: Model) {
        let world = self.world;
        for _ in 0..12 {
            let mut reader = world.test.store.read(&world.test.trust);
            let running = deadlines::running(&mut reader, &self.case.id)
                .await
                .unwrap();
            let register = self.plan.register();
            let thens = running.iter().filter(|(id, _, passed)| {
                !passed && register.deadline(id).is_some_and(|d| d.then.is_some())
            });
            let (_, due, _) = thens.min_by_key(|(_, due, _)| *due).unwrap();
            let wait = due.duration_since(world.test.store.clock().now());
            world
                .test
                .hand
                .advance(Duration::try_from(wait).unwrap_or_default());
            while world.worker().round().await.unwrap() > 0 {}
            let count = self.case.done.len();
            self.case = world.kept(self.case.id.as_str()).await;
            if let Some(done) = self.case.done.get(count) {
                assert_eq!(done.person, None, "the program did it");
                self.model = match (done.step == act.step, self.case.done.len() - count) {
                    (true, 1) => after,
                    _ => self.as_it_stands().await,
                };
                return self.holds().await;
            }
        }
        panic!("{}: the program never did {act:?}", self.case.register);
    }

    /// The case as it stands, where something else came first.
    async fn as_it_stands(&self) -> Model {
        let mut reader = self.world.test.store.read(&self.world.test.trust);
        let running = deadlines::running(&mut reader, &self.case.id)
            .await
            .unwrap();
        let running = running.into_iter().filter(|(.., passed)| !passed);
        Model {
            state: self.case.state.clone(),
            answers: self.case.answers.clone(),
            taken: self.case.past(),
            disclosed: self.case.disclosed,
            handler: self.case.handler.as_ref().map(ToString::to_string),
            subject: self.case.subject_person().map(ToString::to_string),
            running: running.map(|(id, ..)| id).collect(),
            ..self.model.clone()
        }
    }

    /// Brings a linked case to a state.
    async fn bring(&self, register: &str, state: &str) {
        let sql = "SELECT l.linked AS text FROM case_link l JOIN case_file o ON o.trust = l.trust AND o.id = l.linked \
                   WHERE l.trust = $1 AND l.case_id = $2 AND o.register = $3 AND o.closed_at IS NULL ORDER BY l.linked";
        let linked = self
            .world
            .texts(sql, values![&self.case.id, register])
            .await;
        let Some(id) = linked.last() else { return };
        let plan = Plan::of(self.world, register, self.plan.school).await;
        let case = self.world.kept(id).await;
        let mut walk = Walk {
            world: self.world,
            plan: &plan,
            model: self.model.clone(),
            case,
            desk: self.desk,
        };
        walk.model.opener = walk.case.opened_by.as_ref().map(ToString::to_string);
        walk.model.linked.clear();
        walk.model = walk.as_it_stands().await;
        let found = plan.way(vec![(walk.model.clone(), Vec::new())], &Goal::State(state));
        let (_, way) = found.unwrap_or_else(|| panic!("no way for {register} to '{state}'"));
        walk.follow(&way).await;
    }

    /// Does one thing after the other.
    pub(super) async fn follow(&mut self, way: &[Move]) {
        for act in way {
            let moves = self.plan.moves(&self.model).into_iter();
            let (after, _) = moves
                .filter(|(_, next)| (&next.who, &next.step) == (&act.who, &act.step))
                .find(|(_, next)| next.answers == act.answers)
                .unwrap();
            self.act(act, after).await;
        }
    }

    /// The case that is kept is the one that its register leads to, and all of it is in the ledger.
    async fn holds(&self) {
        let (case, model) = (&self.case, &self.model);
        let at = format!("{} {} in '{}'", case.reference, case.register, case.state);
        let steps: Vec<&str> = case.done.iter().map(|done| done.step.as_str()).collect();
        let taken: Vec<&str> = model.taken.iter().map(|past| past.step.as_str()).collect();
        assert_eq!(steps, taken, "{at}");
        assert_eq!(case.past(), model.taken, "{at}");
        assert_eq!(case.state, model.state, "{at}");
        assert_eq!(case.answers, model.answers, "{at}");
        assert_eq!(case.disclosed, model.disclosed, "{at}");
        assert_eq!(
            case.handler.as_ref().map(|p| p.as_str()),
            model.handler.as_deref(),
            "{at}"
        );
        assert_eq!(
            case.subject_person().map(|p| p.as_str()),
            model.subject.as_deref(),
            "{at}"
        );
        let end = self.plan.register().state(&case.state).unwrap().end;
        assert_eq!(case.closed_at.is_some(), end, "{at}");
        assert_eq!(&self.world.kept(case.id.as_str()).await, case, "{at}");
        assert_eq!(usize::try_from(case.revision).unwrap(), steps.len(), "{at}");
        let sql = "SELECT kind AS text FROM ledger_event \
                   WHERE trust = $1 AND record_kind = 'case_file' AND record = $2 AND kind <> 'case.read' ORDER BY seq";
        let events = self.world.texts(sql, values![&case.id]).await;
        let mut expected = vec!["case.opened"];
        expected.resize(steps.len(), "case.changed");
        assert_eq!(events, expected, "{at}");
        if !case.paper {
            self.deadlines_run(&at).await;
        }
    }

    async fn deadlines_run(&self, at: &str) {
        let sql = "SELECT DISTINCT deadline AS text FROM case_deadline \
                   WHERE trust = $1 AND case_id = $2 AND ended_at IS NULL AND passed_at IS NULL ORDER BY deadline";
        let mut running: BTreeSet<String> = self.model.running.clone();
        let passed = "SELECT DISTINCT deadline AS text FROM case_deadline \
                   WHERE trust = $1 AND case_id = $2 AND ended_at IS NULL AND passed_at IS NOT NULL";
        for passed in self.world.texts(passed, values![&self.case.id]).await {
            running.remove(&passed);
        }
        let found = self.world.texts(sql, values![&self.case.id]).await;
        assert_eq!(
            found,
            running.into_iter().collect::<Vec<_>>(),
            "deadlines: {at}"
        );
    }

    /// Whether some deadline of it has passed, so that it rose to others.
    pub(super) async fn is_overdue(&self) -> bool {
        let sql = "SELECT deadline AS text FROM case_deadline \
                   WHERE trust = $1 AND case_id = $2 AND ended_at IS NULL AND passed_at IS NOT NULL";
        !self
            .world
            .texts(sql, values![&self.case.id])
            .await
            .is_empty()
    }

    /// Whoever was told meanwhile sees the case, or one that it brought about.
    async fn messages_reach_who_sees(&self, before: &BTreeMap<String, usize>) {
        let told = self.world.told().await;
        let new = told
            .iter()
            .filter(|(id, count)| before.get(*id) != Some(count));
        let linked = "SELECT linked AS text FROM case_link WHERE trust = $1 AND case_id = $2";
        let mut about = vec![self.case.id.to_string()];
        about.extend(self.world.texts(linked, values![&self.case.id]).await);
        for (person, _) in new {
            let mut tx = self
                .world
                .test
                .store
                .begin(&self.world.test.trust)
                .await
                .unwrap();
            let mut sees = false;
            for id in &about {
                let id = id.parse().unwrap();
                sees |= sight::seen(&mut tx, self.world, person, &id)
                    .await
                    .is_some();
            }
            let last = self.case.done.last().map(|done| done.step.as_str());
            self.world.hold(sees, || {
                let register = &self.case.register;
                format!("{register} at {last:?}: {person} was told of what they cannot see")
            });
        }
    }
}

/// Walks cases of a register through until every step was taken that can be; gives the steps that cannot.
async fn walk_through(world: &World, register: &str, school: &'static str) -> BTreeSet<String> {
    let mut open: BTreeSet<String> = {
        let plan = Plan::of(world, register, school).await;
        plan.register()
            .steps
            .iter()
            .map(|step| step.id.clone())
            .collect()
    };
    let mut looked = BTreeSet::new();
    loop {
        let plan = Plan::of(world, register, school).await;
        let end = |model: &Model| plan.register().state(&model.state).unwrap().end;
        let openings = plan.openings(&plan.openers(""), &Answers::new());
        let steps = |staying| Goal::Steps {
            any: &open,
            staying,
        };
        let found = plan.way(openings.clone(), &steps(false));
        let Some((_, way)) = found else { return open };
        let first = way.first().unwrap();
        let (model, _) = openings
            .into_iter()
            .find(|(_, way)| {
                way.first().unwrap().answers == first.answers
                    && way.first().unwrap().who == first.who
            })
            .unwrap();
        let mut walk = Walk::open(world, &plan, first, model, false).await;
        loop {
            look(&walk, &mut looked).await;
            let here = || vec![(walk.model.clone(), Vec::new())];
            let steps = |staying| Goal::Steps {
                any: &open,
                staying,
            };
            let staying = plan.way_within(NEAR, here(), &steps(true));
            let any = staying.or_else(|| plan.way(here(), &steps(false)));
            let over = any.or_else(|| match end(&walk.model) {
                true => None,
                false => Some(plan.way(here(), &Goal::End).unwrap_or_else(|| {
                    panic!("{register}: no way from '{}' to an end", walk.model.state)
                })),
            });
            let Some((_, way)) = over else { break };
            for act in &way {
                let count = walk.case.done.len();
                walk.follow(std::slice::from_ref(act)).await;
                look(&walk, &mut looked).await;
                for done in walk.case.done.iter().skip(count) {
                    open.remove(&done.step);
                }
                // Time has gone by: what is answered from here on is answered later.
                if act.who.is_empty() {
                    break;
                }
            }
        }
        open.remove(OPEN);
    }
}

/// Holds what everybody sees to the register, once for each standing.
async fn look(walk: &Walk<'_>, looked: &mut BTreeSet<(String, bool, bool)>) {
    let (model, case) = (&walk.model, &walk.case);
    let mark = (
        model.state.clone(),
        model.handler.is_some(),
        model.disclosed,
    );
    if looked.insert(mark) && !walk.is_overdue().await {
        sight::agrees(walk.world, walk.plan, model, case).await;
    }
}

async fn walk_all(test: TestStore, which: impl Fn(usize) -> bool) {
    if !walks_are_asked_for() {
        return;
    }
    let world = World::new(test).await;
    let registers = world.engine.registers();
    let ids = registers
        .registers()
        .iter()
        .map(|register| register.id.clone());
    for (_, register) in ids
        .enumerate()
        .filter(|(number, id)| which(*number) && walk_is_asked_for(id))
    {
        let mut left: Option<BTreeSet<String>> = None;
        for (school, _) in SCHOOLS {
            let here = walk_through(&world, &register, school).await;
            left = Some(match left {
                Some(left) => left.intersection(&here).cloned().collect(),
                None => here,
            });
        }
        let left = left.unwrap_or_default();
        let says = format!("{register}: steps that nobody can take under either policy: {left:?}");
        world.hold(left.is_empty(), || says);
    }
    sight::all_agree(&world).await;
    world.all_held();
    sight::nothing_is_left_over(&world).await;
}

on_both! {
    async fn every_register_is_walked_through_under_two_policies(test: TestStore) {
        walk_all(test, |number| number % 2 == 0).await;
    }

    async fn every_other_register_is_walked_through_under_two_policies(test: TestStore) {
        walk_all(test, |number| number % 2 == 1).await;
    }
}
