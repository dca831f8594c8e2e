//! Cases that are kept from whom they are about until a step discloses them.

use register::value::{self, Answers};
use register::{Effect, Field, FieldKind, Party, Subject};

use super::plan::{Model, Move, Plan};
use super::sight;
use super::walk::Walk;
use super::way::Goal;
use super::world::{World, walks_are_asked_for};
use crate::cases::{self, CaseError, CaseId, Filter, Standing, Taking, known};
use crate::messages;
use crate::people::Part;
use crate::store::testing::on_both;

const SCHOOL: &str = "ash";
/// Whom the cases are about: somebody of the staff, and those who would see them for the roles they hold.
const ACCUSED: [&str; 5] = [
    "ash-second",
    "ash-head",
    "ash-safeguarding-lead",
    "ash-hr",
    "ash-trust-administrator",
];

/// The registers whose cases are kept from their subject.
pub(super) fn kept(world: &World) -> Vec<String> {
    let registers = world.engine.registers();
    let kept = registers.registers().iter().filter(|r| r.undisclosed);
    kept.map(|register| register.id.clone()).collect()
}

/// Answers that make a case about somebody.
pub(super) fn about(plan: &Plan<'_>, accused: &str) -> Answers {
    match &plan.register().subject {
        Subject::Field(field) => Answers::from([(field.clone(), vec![accused.to_owned()])]),
        _ => panic!("a case is kept from whom a field names"),
    }
}

/// The openings that are about somebody, by others or by themselves.
fn openings(plan: &Plan<'_>, accused: &str, openers: &[String]) -> Vec<(Model, Vec<Move>)> {
    let openings = plan.openings(openers, &about(plan, accused)).into_iter();
    openings
        .filter(|(model, _)| model.subject.as_deref() == Some(accused))
        .collect()
}

fn discloses(plan: &Plan<'_>, act: &Move) -> bool {
    let step = plan.register().step(&act.step);
    step.is_some_and(|step| step.effects.contains(&Effect::Disclose))
}

/// Somebody meets a case nowhere, and what they are told of it is what they are told of one that does not exist.
async fn learns_nothing(walk: &Walk<'_>, accused: &str) {
    let (world, case) = (walk.world, &walk.case);
    let (store, actor) = (&world.test.store, world.actor(accused));
    let at = format!("{} in '{}' about {accused}", case.register, case.state);
    let nowhere: CaseId = "01aaaaaaaaaaaaaaaaaaaaaaaa".parse().unwrap();
    let mut said = Vec::new();
    for id in [&case.id, &nowhere] {
        let mut tx = store.begin(&world.test.trust).await.unwrap();
        let seen = cases::see(&mut tx, &actor, id).await.unwrap_err();
        let mut all = vec![format!("{seen:?} {seen}")];
        for step in &walk.plan.register().steps {
            let taking = Taking {
                step: step.id.clone(),
                revision: case.revision,
                note: "Let me".to_owned(),
                answers: Answers::new(),
            };
            let taken = cases::take(&mut tx, &world.engine, &actor, id, taking).await;
            all.push(format!("{:?}", taken.unwrap_err()));
        }
        let given = cases::assign(&mut tx, &actor, id, case.revision, None).await;
        all.push(format!("{:?}", given.unwrap_err()));
        assert!(
            all.iter().all(|error| error.starts_with("NotFound")),
            "{at}: {all:?}"
        );
        said.push(all);
    }
    assert_eq!(said.first(), said.last(), "{at}");

    let mut tx = store.begin(&world.test.trust).await.unwrap();
    let everything = Filter {
        standing: Standing::All,
        ..Filter::default()
    };
    let most = Part {
        skip: 0,
        size: 1_000,
    };
    let list = cases::list(&mut tx, store, &actor, &everything, most)
        .await
        .unwrap();
    assert_eq!(list.total, list.items.len() as u64, "{at}");
    for line in &list.items {
        assert_ne!(line.case.id, case.id, "{at}");
        let seen = sight::seen(&mut tx, world, accused, &line.case.id)
            .await
            .unwrap();
        assert!(
            seen.linked.iter().all(|line| line.case.id != case.id),
            "{at}"
        );
    }
    let waiting = cases::waiting(&mut tx, store, &actor, most).await.unwrap();
    assert!(
        waiting.items.iter().all(|line| line.case.id != case.id),
        "{at}"
    );
    for reference in [
        case.reference.as_str(),
        case.reference.get(..case.reference.len() - 2).unwrap(),
    ] {
        let found = cases::by_reference(&mut tx, &actor, store, reference).await;
        assert!(matches!(found, Err(CaseError::NotFound)), "{at}");
    }
    drop(tx);
    let named = named(world, accused, &case.reference).await;
    assert_eq!(
        named,
        self::named(world, accused, "CON-2026-9999").await,
        "{at}"
    );

    let mut reader = store.read(&world.test.trust);
    let person = accused.parse().unwrap();
    let inbox = messages::inbox(&mut reader, store, &actor, &person, (1, 500)).await;
    for kept in inbox.ok().unwrap().messages {
        let message = kept.message;
        assert!(
            !message.subject.contains(&case.reference),
            "{at}: {}",
            message.subject
        );
        assert!(!message.body.contains(&case.reference), "{at}");
    }
}

/// What somebody is told who names a case by its reference in an answer.
async fn named(world: &World, id: &str, reference: &str) -> String {
    let registers = world.engine.registers();
    let fields = registers.registers().iter().flat_map(|register| {
        register
            .fields
            .iter()
            .chain(register.steps.iter().flat_map(|step| &step.fields))
    });
    let mut fields = fields.filter(|field| matches!(field.kind, FieldKind::Case(_)));
    let field = fields.next().unwrap();
    let field = Field {
        when: Vec::new(),
        ..field.clone()
    };
    let answers = Answers::from([(field.id.clone(), vec![reference.to_owned()])]);
    let mut tx = world.test.store.begin(&world.test.trust).await.unwrap();
    let fields = [field];
    let found = known::known_to(&mut tx, &world.actor(id), &fields, &answers)
        .await
        .unwrap();
    let checked = value::check(&fields, &answers, &Answers::new(), world.today(), &found);
    format!("{checked:?}")
}

/// Takes a case about somebody from its opening to the step that discloses it, and beyond it.
async fn until_disclosed(world: &World, register: &str, accused: &str) {
    let plan = Plan::of(world, register, SCHOOL).await;
    let openings = openings(&plan, accused, &plan.openers(accused));
    let told = |model: &Model, act: &Move| {
        model.subject.as_deref() == Some(accused) && discloses(&plan, act)
    };
    let found = plan.way(openings.clone(), &Goal::Fits(&told));
    let (_, way) =
        found.unwrap_or_else(|| panic!("{register} about {accused}: nothing discloses it"));
    let (first, rest) = way.split_first().unwrap();
    let (model, _) = openings
        .into_iter()
        .find(|(_, way)| {
            way.iter()
                .all(|act| act.answers == first.answers && act.who == first.who)
        })
        .unwrap();
    let mut walk = Walk::open(world, &plan, first, model, false).await;
    let everybody = accused.ends_with("-second") || accused.ends_with("-head");
    if accused == "ash-head" {
        let mut tx = world.test.store.begin(&world.test.trust).await.unwrap();
        let chair = sight::seen(&mut tx, world, "ash-chair-of-governors", &walk.case.id).await;
        assert!(
            chair.is_some(),
            "{register}: one about the head is for the chair"
        );
    }
    for act in rest {
        learns_nothing(&walk, accused).await;
        if everybody {
            sight::agrees(world, &plan, &walk.model, &walk.case).await;
        }
        walk.follow(std::slice::from_ref(act)).await;
    }
    assert!(walk.case.disclosed, "{register} about {accused}");
    sight::agrees(world, &plan, &walk.model, &walk.case).await;
}

/// Whoever reports themselves sees that it is there and what they gave, and may add to it.
async fn reported_by_themselves(world: &World, register: &str, accused: &str) {
    let plan = Plan::of(world, register, SCHOOL).await;
    let openings = openings(&plan, accused, &[accused.to_owned()]);
    let adds = |model: &Model, act: &Move| {
        let step = plan.register().step(&act.step);
        act.who == accused
            && step.is_some_and(|step| step.by.contains(&Party::Opener))
            && !model.disclosed
    };
    let by_others = openings.first().cloned().unwrap();
    let way = plan
        .way(openings.clone(), &Goal::Fits(&adds))
        .map(|(_, way)| way);
    let way = way.unwrap_or(by_others.1);
    let (first, rest) = way.split_first().unwrap();
    let (model, _) = openings
        .into_iter()
        .find(|(_, way)| way.iter().all(|act| act.answers == first.answers))
        .unwrap();
    let mut walk = Walk::open(world, &plan, first, model, false).await;
    let roles = &world.person(accused).actor.roles;
    let may = roles.iter().any(|held| {
        let role = [held.role.name().to_owned()];
        plan.rules.rules().may_open(&role)
    });
    assert!(may, "{register}");
    for act in rest {
        walk.follow(std::slice::from_ref(act)).await;
    }
    let mut tx = world.test.store.begin(&world.test.trust).await.unwrap();
    let seen = sight::seen(&mut tx, world, accused, &walk.case.id)
        .await
        .unwrap();
    assert!(seen.outline, "{register}");
    assert!(
        seen.case
            .done
            .iter()
            .all(|done| done.person == world.actor(accused).person)
    );
    drop(tx);
    sight::agrees(world, &plan, &walk.model, &walk.case).await;
}

on_both! {
    async fn nobody_learns_of_a_case_about_them_before_it_is_disclosed(test: TestStore) {
        let world = World::new(test).await;
        let registers = kept(&world);
        assert!(registers.len() >= 5);
        for register in &registers {
            for accused in ACCUSED {
                until_disclosed(&world, register, accused).await;
            }
        }
        sight::all_agree(&world).await;
        world.all_held();
    }

    async fn whoever_reports_themselves_sees_an_outline_and_may_add_to_it(test: TestStore) {
        if !walks_are_asked_for() {
            return;
        }
        let world = World::new(test).await;
        for register in kept(&world) {
            let rules = world.rules(&register, SCHOOL).await;
            let accused = match rules.rules().may_open(&["staff".to_owned()]) {
                true => "ash-second",
                false => "ash-hr",
            };
            reported_by_themselves(&world, &register, accused).await;
        }
        world.all_held();
    }
}
