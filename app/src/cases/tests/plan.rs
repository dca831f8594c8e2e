//! The life of a case worked out from its register alone, and the way through it to a step.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use register::life::{Lack, Life, OPEN, Past, Rules, Taken, Who};
use register::value::Answers;
use register::{Due, Effect, Field, FieldKind, Need, Party, Register, Step, Subject};

use super::world::{Ties, Ways, World, answers, decisive};
use crate::cases::rules::InForce;

/// A case as its register says it stands.
#[derive(Clone, Debug)]
pub(super) struct Model {
    pub(super) state: String,
    pub(super) answers: Answers,
    pub(super) taken: Vec<Past>,
    pub(super) linked: Vec<(String, String)>,
    pub(super) disclosed: bool,
    pub(super) opener: Option<String>,
    pub(super) subject: Option<String>,
    pub(super) handler: Option<String>,
    /// The deadlines that run.
    pub(super) running: BTreeSet<String>,
}

/// Something that somebody does; nobody where it is the program.
#[derive(Clone, Debug)]
pub(super) struct Move {
    pub(super) who: String,
    pub(super) step: String,
    pub(super) answers: Answers,
    /// A linked case that must be brought to a state first.
    pub(super) first: Option<(String, String)>,
}

/// The rules of a case at a school, with what the search for a way needs to know.
pub(super) struct Plan<'w> {
    world: &'w World,
    pub(super) school: &'static str,
    pub(super) rules: InForce,
    decisive: BTreeMap<String, Vec<String>>,
}

impl Model {
    pub(super) fn life(&self) -> Life<'_> {
        Life {
            state: &self.state,
            answers: &self.answers,
            taken: &self.taken,
            evidence: 0,
            linked: &self.linked,
            disclosed: self.disclosed,
        }
    }

    /// How somebody stands to it.
    pub(super) fn who(&self, world: &World, rules: &InForce, school: &str, id: &str) -> Who {
        let ties = Ties {
            register: rules.register(),
            opener: self.opener.as_deref(),
            subject: self.subject.as_deref(),
            handler: self.handler.as_deref(),
            answers: &self.answers,
        };
        world.who(id, school, &ties)
    }

    /// It after something was done.
    fn after(mut self, rules: &InForce, taken: &Taken<'_>, act: &Move) -> Self {
        self.state.clone_from(&taken.to.id);
        self.answers.extend(act.answers.clone());
        self.correct_subject(rules.register());
        self.taken.push(Past {
            step: act.step.clone(),
            by: act.who.clone(),
        });
        for effect in &taken.effects {
            match effect {
                Effect::Disclose => self.disclosed = true,
                Effect::Assign { to } => self.assign(to, &act.who),
                Effect::Open { register, .. } => {
                    self.linked.push((register.clone(), String::new()))
                }
                _ => {}
            }
        }
        for deadline in &taken.end {
            self.running.remove(&deadline.id);
        }
        for deadline in &taken.begin {
            let begins = match &deadline.within {
                Due::After(amount) => rules.settings.span(amount).is_some(),
                Due::Field(field) => self.answers.contains_key(field),
            };
            if begins {
                self.running.insert(deadline.id.clone());
            }
        }
        self
    }

    /// A step may correct whom it is about: the new one has been told nothing.
    fn correct_subject(&mut self, register: &Register) {
        let Some(subject) = subject_of(register, &self.answers) else {
            return;
        };
        if self.subject.as_ref() != Some(&subject) {
            self.disclosed = false;
            self.handler.take_if(|handler| *handler == subject);
            self.subject = Some(subject);
        }
    }

    fn assign(&mut self, to: &Party, actor: &str) {
        let person = match to {
            Party::Handler => Some(actor.to_owned()).filter(|actor| !actor.is_empty()),
            Party::Opener => self.opener.clone(),
            Party::Named(field) => self.answers.get(field).and_then(|a| a.first()).cloned(),
            _ => None,
        };
        let person = person.filter(|person| self.subject.as_ref() != Some(person));
        self.handler = person.or(self.handler.take());
    }
}

impl<'w> Plan<'w> {
    pub(super) async fn of(world: &'w World, register: &str, school: &'static str) -> Self {
        let rules = world.rules(register, school).await;
        Self {
            world,
            school,
            decisive: decisive(rules.register()),
            rules,
        }
    }

    pub(super) fn register(&self) -> &Register {
        self.rules.register()
    }

    fn today(&self) -> Date {
        self.world.today()
    }

    fn rules(&self) -> Rules<'_> {
        self.rules.rules()
    }

    /// The ways in which a case can be opened; `openers` says by whom, `fixed` some answers.
    pub(super) fn openings(&self, openers: &[String], fixed: &Answers) -> Vec<(Model, Vec<Move>)> {
        let mut openings = Vec::new();
        let register = self.register();
        for who in openers {
            let none = Answers::new();
            let by = Ways {
                decisive: &self.decisive,
                fixed,
            };
            let at = (self.school, self.today());
            for given in answers(register, &register.fields, &none, &by, at) {
                let act = Move {
                    who: who.clone(),
                    step: OPEN.to_owned(),
                    answers: given,
                    first: None,
                };
                let taken = self.rules().opened(&act.answers).unwrap();
                let model = self.opened(&act).after(&self.rules, &taken, &act);
                openings.push((model, vec![act]));
            }
        }
        openings
    }

    fn opened(&self, act: &Move) -> Model {
        let opener = Some(act.who.clone()).filter(|who| !who.is_empty());
        let subject = match &self.register().subject {
            Subject::Opener => opener.clone(),
            Subject::Nobody => None,
            Subject::Field(_) => subject_of(self.register(), &act.answers),
        };
        Model {
            state: String::new(),
            answers: Answers::new(),
            taken: Vec::new(),
            linked: Vec::new(),
            disclosed: false,
            opener,
            subject,
            handler: None,
            running: BTreeSet::new(),
        }
    }

    /// Two people who may open a case, other than `not`; the program where nobody may.
    pub(super) fn openers(&self, not: &str) -> Vec<String> {
        let second = format!("{}-second", self.school);
        let people = self.world.people.iter().filter(|person| {
            let who = Model::default_who(self.world, self.school, &self.rules, &person.id);
            person.id != not && person.id != second && self.rules().may_open(&who.roles)
        });
        let mut openers: Vec<String> = people.map(|person| person.id.clone()).collect();
        // Those of the school first, and whoever holds the role that the register names first.
        openers.sort_by_key(|id| {
            let named = self.register().opened_by.iter().position(
                |party| matches!(party, Party::Role(role) if id.ends_with(&format!("-{role}"))),
            );
            (!id.starts_with(self.school), named.unwrap_or(usize::MAX))
        });
        openers.truncate(2);
        if openers.is_empty() {
            openers.push(String::new());
        }
        openers
    }

    /// All that tells two standings apart for what can still be done.
    pub(super) fn mark(&self, model: &Model) -> String {
        let decisive = self.decisive.keys().map(|field| model.answers.get(field));
        let then = self
            .register()
            .deadlines
            .iter()
            .filter(|deadline| deadline.then.is_some() && model.running.contains(&deadline.id));
        let needed = self.register().steps.iter().flat_map(|step| &step.needs);
        let mut counts = BTreeSet::new();
        for past in &model.taken {
            let mut names = (false, false);
            for need in needed.clone() {
                match need {
                    Need::Done { step, .. } if *step == past.step => names.0 = true,
                    Need::SecondPerson { not, .. } if not.contains(&past.step) => names.1 = true,
                    Need::Advice(_) => names.0 = true,
                    _ => {}
                }
            }
            match names {
                (_, true) => counts.insert(format!("{} {}", past.step, past.by)),
                (true, _) => counts.insert(past.step.clone()),
                _ => false,
            };
        }
        format!(
            "{} {:?} {:?} {} {:?} {counts:?} {:?}",
            model.state,
            decisive.collect::<Vec<_>>(),
            model.handler,
            model.disclosed,
            then.map(|deadline| &deadline.id).collect::<Vec<_>>(),
            model.linked.iter().collect::<BTreeSet<_>>(),
        )
    }

    /// What can be done next, each by one or two people.
    pub(super) fn moves(&self, model: &Model) -> Vec<(Model, Move)> {
        let mut takers: BTreeMap<&str, usize> = BTreeMap::new();
        let mut moves = Vec::new();
        let people = self.world.people.iter().map(|person| person.id.as_str());
        for id in people.chain([""]) {
            let who = model.who(self.world, &self.rules, self.school, id);
            for offer in self.rules().offered(model.life(), &who) {
                let step = offer.step;
                let stands_in = |need: &Need| matches!(need, Need::SecondPerson { .. });
                let near = id.starts_with(self.school) || step.needs.iter().any(stands_in);
                let count = takers.get(step.id.as_str()).copied().unwrap_or_default();
                let most = if self.matters_who(step) { 2 } else { 1 };
                if count >= most
                    || !(near
                        || (id.is_empty()
                            && (self.comes_by_itself(model, step) || self.is_brought_about(step))))
                {
                    continue;
                }
                let Some(model) = ready(model, step, &offer.lacks) else {
                    continue;
                };
                takers.insert(&step.id, count + 1);
                moves.extend(self.by(&model, step, &who));
            }
        }
        moves
    }

    /// Whether it makes a difference for what can be done later who takes a step.
    fn matters_who(&self, step: &Step) -> bool {
        let needs = self.register().steps.iter().flat_map(|step| &step.needs);
        let mut second = needs.filter_map(|need| match need {
            Need::SecondPerson { not, .. } => Some(not),
            _ => None,
        });
        let assigns =
            |effect: &Effect| matches!(effect.plain(), Effect::Assign { to: Party::Handler });
        second.any(|not| not.contains(&step.id)) || step.effects.iter().any(assigns)
    }

    /// Whether a deadline runs at whose end the program takes a step.
    fn comes_by_itself(&self, model: &Model, step: &Step) -> bool {
        let mut deadlines = self.register().deadlines.iter();
        deadlines.any(|deadline| {
            deadline.then.as_ref() == Some(&step.id) && model.running.contains(&deadline.id)
        })
    }

    /// Whether the program takes a step of itself, for what it knows beside the case, and at the end of no deadline.
    pub(super) fn is_brought_about(&self, step: &Step) -> bool {
        let mut deadlines = self.register().deadlines.iter();
        step.by == [Party::Program] && !deadlines.any(|d| d.then.as_ref() == Some(&step.id))
    }

    /// A step by somebody, with each answer that makes a difference.
    fn by(&self, model: &Model, step: &Step, who: &Who) -> Vec<(Model, Move)> {
        let id = who.id.as_str();
        let hidden = self.rules().hidden(model.life(), who);
        let fields = crate::cases::closer::asked_of(&self.rules, step, &hidden);
        let own: &[Field] = if id.is_empty() { &[] } else { &fields };
        let first = step.needs.iter().find_map(|need| match need {
            Need::Linked { register, .. } => Some((register.clone(), linked_state(step, register))),
            _ => None,
        });
        let note = "As it stands";
        let open = self.rules().open_to(model.life(), who, &step.id, note);
        let step = open.unwrap();
        let at = (self.school, self.today());
        let mut ways: Vec<Answers> = Vec::new();
        for kept in self.kept(model, step) {
            let by = Ways {
                decisive: &self.decisive,
                fixed: &kept,
            };
            for way in answers(self.register(), own, &model.answers, &by, at) {
                if !ways.contains(&way) {
                    ways.push(way);
                }
            }
        }
        let moves = ways.into_iter().map(|given| {
            let act = Move {
                who: id.to_owned(),
                step: step.id.clone(),
                answers: given,
                first: first.clone(),
            };
            let mut all = model.answers.clone();
            all.extend(act.answers.clone());
            let taken = self.rules().taken(model.life(), step, &all).unwrap();
            (model.clone().after(&self.rules, &taken, &act), act)
        });
        moves.collect()
    }

    /// What a correction leaves as it was: all but one of the answers that decide something.
    fn kept(&self, model: &Model, step: &Step) -> Vec<Answers> {
        let before = |name: &String| Some((name.clone(), model.answers.get(name)?.clone()));
        let all = |but: Option<&String>| {
            let kept = step.corrects.iter().filter(|name| Some(*name) != but);
            kept.filter_map(before).collect::<Answers>()
        };
        let decides = |name: &&String| self.decisive.contains_key(*name);
        let one_by_one = step
            .corrects
            .iter()
            .filter(decides)
            .map(|name| all(Some(name)));
        let ways: Vec<Answers> = one_by_one.collect();
        match ways.is_empty() {
            true => vec![all(None)],
            false => ways,
        }
    }
}

/// The person whom a field says that a case is about.
fn subject_of(register: &Register, answers: &Answers) -> Option<String> {
    let Subject::Field(field) = &register.subject else {
        return None;
    };
    let kind = register.field(field).map(|field| &field.kind);
    let answer = answers.get(field).and_then(|answers| answers.first());
    answer.filter(|_| kind == Some(&FieldKind::Person)).cloned()
}

/// The case as it must be for a step that lacks something; nothing where that cannot be had at once.
fn ready(model: &Model, step: &Step, lacks: &[Lack]) -> Option<Model> {
    match lacks {
        [] => Some(model.clone()),
        [Lack::Linked(register)] => {
            let mut ready = model.clone();
            let linked = ready.linked.iter_mut().find(|(of, _)| of == register)?;
            linked.1 = linked_state(step, register);
            Some(ready)
        }
        _ => None,
    }
}

fn linked_state(step: &Step, register: &str) -> String {
    let states = step.needs.iter().find_map(|need| match need {
        Need::Linked {
            register: of,
            states,
            ..
        } if of == register => states.first().cloned(),
        _ => None,
    });
    states.unwrap_or_default()
}

impl Model {
    fn default_who(world: &World, school: &str, rules: &InForce, id: &str) -> Who {
        let ties = Ties {
            register: rules.register(),
            opener: None,
            subject: None,
            handler: None,
            answers: &Answers::new(),
        };
        world.who(id, school, &ties)
    }
}
