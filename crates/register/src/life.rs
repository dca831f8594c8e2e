//! The life of a case: who sees it, which steps are open to whom, and what a step does.

mod follows;

use std::collections::BTreeSet;
use std::fmt;

use crate::definition::{Deadline, Effect, Field, Need, Party, Register, State, Step};
use crate::settings::Settings;
use crate::value::Answers;
use follows::following;

/// The opening, among the steps that were taken.
pub const OPEN: &str = "open";

/// A case as it stands.
#[derive(Debug, Clone, Copy)]
pub struct Life<'c> {
    /// Its state.
    pub state: &'c str,
    /// All answers so far.
    pub answers: &'c Answers,
    /// What was done, the opening first.
    pub taken: &'c [Past],
    /// How many files of evidence it has.
    pub evidence: u32,
    /// The cases linked with it: register and state.
    pub linked: &'c [(String, String)],
    /// Whether its subject has been told.
    pub disclosed: bool,
}

/// A step that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// The step; [`OPEN`] for the opening.
    pub step: String,
    /// Who took it, as the program names people.
    pub by: String,
}

/// Somebody, as they stand to a case.
#[derive(Debug, Clone, Default)]
pub struct Who {
    /// Who, as the program names people; empty for the public.
    pub id: String,
    /// The roles they hold at the case's school or the whole trust.
    pub roles: Vec<String>,
    /// The roles they hold at other schools, where nobody at the case's school can do what they do.
    pub elsewhere: Vec<String>,
    /// Whether they opened it.
    pub opener: bool,
    /// Whether it is about them.
    pub subject: bool,
    /// Whether it is assigned to them.
    pub handler: bool,
    /// Whether they manage whom it is about.
    pub line_manager: bool,
    /// The fields that name them.
    pub named: Vec<String>,
    /// Whether it is the program itself.
    pub program: bool,
    /// The roles of whom it is about: nobody of those handles it.
    pub of_subject: Vec<String>,
}

/// How much of a case somebody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sees {
    /// Not even that there is one.
    Nothing,
    /// Reference, state, and what they gave themselves.
    Outline,
    /// All of it.
    Whole,
}

/// A step that somebody may take, and what it still lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer<'r> {
    /// The step.
    pub step: &'r Step,
    /// What must be there first; the note and the fields that the step itself asks for are not among it.
    pub lacks: Vec<Lack>,
}

/// What a step lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lack {
    /// Files of evidence.
    Evidence(u32),
    /// Advice on record.
    Advice(String),
    /// An earlier step, in its words.
    Step(String),
    /// Somebody else.
    SecondPerson,
    /// A linked case.
    Linked(String),
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Evidence(1) => write!(f, "a file of evidence must be on the case first"),
            Self::Evidence(n) => write!(f, "{n} files of evidence must be on the case first"),
            Self::Advice(kind) => {
                write!(f, "{} advice must be on record first", kind.to_uppercase())
            }
            Self::Step(says) => write!(f, "this must be done first: {says}"),
            Self::SecondPerson => write!(f, "somebody else must do this: you took an earlier step"),
            Self::Linked(register) => write!(f, "a linked case is needed first: {register}"),
        }
    }
}

/// Why a step was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such step, or it is not theirs, or not in this state.
    #[error("this step is not open to you now")]
    NotOffered,
    /// Something must be there first.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Lacks(Vec<Lack>),
    /// The step needs a note.
    #[error("say why in a note")]
    NoNote,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken<'r> {
    /// The state the case is in then.
    pub to: &'r State,
    /// What follows.
    pub effects: Vec<&'r Effect>,
    /// The deadlines that begin.
    pub begin: Vec<&'r Deadline>,
    /// The deadlines that end.
    pub end: Vec<&'r Deadline>,
}

/// A register under settings: the rules a case lives by.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'r> {
    /// The register.
    pub register: &'r Register,
    /// Its settings for the case's school.
    pub settings: &'r Settings,
}

impl<'r> Rules<'r> {
    /// What opening a case with some answers does.
    #[must_use]
    pub fn opened(&self, answers: &Answers) -> Option<Taken<'r>> {
        let to = self.register.states.first()?;
        let effects = following(&self.register.effects, answers);
        let begin = self.begun(None, (to, answers), &effects);
        Some(Taken {
            to,
            effects,
            begin,
            end: Vec::new(),
        })
    }

    /// Whether somebody may open a case, by the roles they hold where it would be.
    #[must_use]
    pub fn may_open(&self, roles: &[String]) -> bool {
        self.register.opened_by.iter().any(|party| match party {
            Party::Role(role) => roles.contains(role),
            Party::Setting(name) => self
                .settings
                .roles(name)
                .iter()
                .any(|role| roles.contains(role)),
            Party::Public => true,
            _ => false,
        })
    }

    /// How much of a case somebody sees.
    #[must_use]
    pub fn sees(&self, life: Life<'_>, who: &Who) -> Sees {
        if who.program {
            return Sees::Whole;
        }
        if self.kept_from(life, who) {
            return if who.opener {
                Sees::Outline
            } else {
                Sees::Nothing
            };
        }
        let sights = self.register.seen_by.iter().filter(|sight| {
            let state = sight.states.is_empty() || sight.states.iter().any(|s| s == life.state);
            state
                && sight.when.iter().all(|c| c.holds(life.answers))
                && self.any(&sight.who, life, who)
        });
        let sees = sights.map(|sight| {
            if sight.outline {
                Sees::Outline
            } else {
                Sees::Whole
            }
        });
        let own = if who.opener {
            Sees::Outline
        } else {
            Sees::Nothing
        };
        let steps = self.register.steps.iter();
        let mut steps = steps.filter(|step| step.from.iter().any(|from| from == life.state));
        let stands_in = steps.any(|step| self.stands_in(step, who));
        let handling = if stands_in || (who.handler && !who.subject) {
            Sees::Whole
        } else {
            Sees::Nothing
        };
        sees.max().unwrap_or(Sees::Nothing).max(own).max(handling)
    }

    /// The steps that somebody may take now, each with what it lacks.
    #[must_use]
    pub fn offered(&self, life: Life<'_>, who: &Who) -> Vec<Offer<'r>> {
        if self.sees(life, who) == Sees::Nothing {
            return Vec::new();
        }
        // Whoever reported themselves may add to it and take it back, and learns no more by that.
        let kept_from = self.kept_from(life, who) && !who.program;
        let steps = self.register.steps.iter().filter(|step| {
            step.from.iter().any(|from| from == life.state)
                && step.when.iter().all(|c| c.holds(life.answers))
                && (!kept_from || step.by.contains(&Party::Opener))
                && (self.any(&step.by, life, who) || self.stands_in(step, who))
        });
        let offers = steps.map(|step| Offer {
            step,
            lacks: self.lacks(step, life, who),
        });
        offers.collect()
    }

    /// The step of that name, where somebody can take it now.
    ///
    /// # Errors
    /// Where it is not open to them, or something is not there.
    pub fn open_to(
        &self,
        life: Life<'_>,
        who: &Who,
        step: &str,
        note: &str,
    ) -> Result<&'r Step, Refusal> {
        let offers = self.offered(life, who);
        let offer = offers.into_iter().find(|offer| offer.step.id == step);
        let offer = offer.ok_or(Refusal::NotOffered)?;
        if !offer.lacks.is_empty() {
            return Err(Refusal::Lacks(offer.lacks));
        }
        if offer.step.needs.contains(&Need::Note) && note.trim().is_empty() {
            return Err(Refusal::NoNote);
        }
        Ok(offer.step)
    }

    /// What a step does to a case; `after` are all its answers then, those given with the step among them.
    ///
    /// # Errors
    /// Where the step leads to no state of the register.
    pub fn taken(
        &self,
        life: Life<'_>,
        step: &'r Step,
        after: &Answers,
    ) -> Result<Taken<'r>, Refusal> {
        let name = step.to.as_deref().unwrap_or(life.state);
        let to = self.register.state(name).ok_or(Refusal::NotOffered)?;
        let effects = following(&step.effects, after);
        let (before, then) = ((life.state, life.answers), (to, after));
        Ok(Taken {
            to,
            begin: self.begun(Some(before), then, &effects),
            end: self.ended(before, then, &effects),
            effects,
        })
    }

    /// Whether somebody who sees a case sees the answer to one of its fields.
    #[must_use]
    pub fn sees_field(&self, field: &Field, life: Life<'_>, who: &Who) -> bool {
        field.seen_by.is_empty() || who.program || self.any(&field.seen_by, life, who)
    }

    /// The fields whose answers somebody does not see, though they see the case.
    #[must_use]
    pub fn hidden(&self, life: Life<'_>, who: &Who) -> BTreeSet<String> {
        let fields = self.register.kept_closer();
        let hidden = fields.filter(|field| !self.sees_field(field, life, who));
        hidden.map(|field| field.id.clone()).collect()
    }

    /// The parties whom a case waits for in a state: those who can take a step that leads on, and whom the state names.
    #[must_use]
    pub fn waits_for(&self, state: &str) -> Vec<&'r Party> {
        let named = self
            .register
            .state(state)
            .and_then(|s| s.waits_for.as_ref());
        if let Some(named) = named {
            return named.iter().collect();
        }
        let steps = self.register.steps.iter();
        let steps = steps.filter(|s| {
            s.from.iter().any(|f| f == state) && s.to.as_deref().is_some_and(|to| to != state)
        });
        let mut parties: Vec<&Party> = Vec::new();
        for party in steps.flat_map(|s| &s.by) {
            if !parties.contains(&party) && *party != Party::Program {
                parties.push(party);
            }
        }
        // That who opened it may still withdraw it is nothing to wait for.
        let theirs = |party: &&Party| matches!(party, Party::Opener | Party::Subject);
        if !parties.iter().all(theirs) {
            parties.retain(|party| !theirs(party));
        }
        parties
    }

    /// Whether somebody is any of some parties to a case.
    #[must_use]
    pub fn any(&self, parties: &[Party], life: Life<'_>, who: &Who) -> bool {
        parties.iter().any(|party| self.is(party, life, who))
    }

    fn is(&self, party: &Party, life: Life<'_>, who: &Who) -> bool {
        match party {
            Party::Role(role) => self.holds(role, who),
            Party::Setting(name) => self
                .settings
                .roles(name)
                .iter()
                .any(|role| self.holds(role, who)),
            Party::Opener => who.opener,
            Party::Subject => who.subject && (!self.register.undisclosed || life.disclosed),
            Party::Handler => who.handler && !who.subject,
            Party::LineManager => who.line_manager && !who.subject,
            Party::Named(field) => who.named.contains(field) && !who.subject,
            Party::Public => true,
            Party::Program => who.program,
        }
    }

    /// Whether they act in a role on this case. Nobody handles a case about themselves, and none about those above
    /// them: one about the head is for the chair of governors, one about the safeguarding lead for the head.
    fn holds(&self, role: &str, who: &Who) -> bool {
        let acting = acting_role(role, &who.of_subject);
        !who.subject && who.roles.iter().any(|held| held == acting)
    }

    /// The subject of a case that is kept from its subject, before it is disclosed.
    fn kept_from(&self, life: Life<'_>, who: &Who) -> bool {
        self.register.undisclosed && who.subject && !life.disclosed
    }

    /// Whether somebody elsewhere in the trust steps in as the second person.
    fn stands_in(&self, step: &Step, who: &Who) -> bool {
        let fallback = step.needs.iter().find_map(|need| match need {
            Need::SecondPerson { fallback, .. } => Some(fallback),
            _ => None,
        });
        fallback.is_some_and(|role| !who.subject && who.elsewhere.contains(role))
    }

    fn lacks(&self, step: &Step, life: Life<'_>, who: &Who) -> Vec<Lack> {
        let binds = |setting: &Option<String>| {
            setting
                .as_ref()
                .is_none_or(|name| self.settings.says_yes(name))
        };
        let done = |id: &str| life.taken.iter().any(|past| past.step == id);
        let lacks = step.needs.iter().filter_map(|need| match need {
            Need::Note => None,
            Need::Evidence(files) => (life.evidence < *files).then_some(Lack::Evidence(*files)),
            Need::Advice(advice) => {
                let gives =
                    |e: &Effect| matches!(e, Effect::Advise { kind } if *kind == advice.kind);
                let steps = self.register.steps.iter();
                let given = steps
                    .filter(|s| s.effects.iter().any(gives))
                    .any(|s| done(&s.id));
                (binds(&advice.setting) && !given).then(|| Lack::Advice(advice.kind.clone()))
            }
            Need::Done { step, setting } => (binds(setting) && !done(step)).then(|| {
                let says = self.register.step(step).map_or(step.as_str(), |s| &s.says);
                Lack::Step(says.to_owned())
            }),
            Need::SecondPerson { not, .. } => {
                let same = |past: &Past| not.contains(&past.step) && past.by == who.id;
                life.taken.iter().any(same).then_some(Lack::SecondPerson)
            }
            Need::Linked {
                register,
                states,
                setting,
            } => {
                let fits = |(of, state): &(String, String)| {
                    of == register && (states.is_empty() || states.contains(state))
                };
                (binds(setting) && !life.linked.iter().any(fits))
                    .then(|| Lack::Linked(register.clone()))
            }
        });
        lacks.collect()
    }
}

/// The role that acts in another's place where the case is about somebody who holds it.
#[must_use]
pub fn acting_role<'a>(role: &'a str, of_subject: &[String]) -> &'a str {
    let holds = |name: &str| of_subject.iter().any(|held| held == name);
    let under_the_head = matches!(role, "head" | "senior-leader" | "line-manager");
    match role {
        _ if under_the_head && holds("head") => "chair-of-governors",
        "governor" | "trust-administrator" if holds(role) => "chair-of-governors",
        "staff" => role,
        _ if holds(role) => "head",
        _ => role,
    }
}
