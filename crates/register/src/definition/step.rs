//! Steps: what they need and what they bring about.

use serde::{Deserialize, Serialize};

use super::{Amount, ClauseRef, Condition, Field, Party};
use crate::value::Answers;

/// Something that may be done to a case.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Step {
    /// The name in data.
    pub id: String,
    /// The words on the button.
    pub says: String,
    /// What to know before it is taken.
    pub help: Option<String>,
    /// The states that it can be taken in.
    pub from: Vec<String>,
    /// The state it leads to; the same one where none is named.
    pub to: Option<String>,
    /// Who may take it.
    pub by: Vec<Party>,
    /// It is offered only where all of these hold.
    pub when: Vec<Condition>,
    /// What must be there first.
    pub needs: Vec<Need>,
    /// What is asked when it is taken.
    pub fields: Vec<Field>,
    /// The fields of the opening that it corrects: each keeps its old value in the timeline.
    pub corrects: Vec<String>,
    /// What follows.
    pub effects: Vec<Effect>,
    /// Whether it needs a page that says what it does and cannot be taken back.
    pub confirm: bool,
    /// The page of the program on which it is taken, where it has one of its own: `/quiz/{case}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// The clauses that it carries out.
    pub clauses: Vec<ClauseRef>,
}

/// What must be there before a step can be taken. Each may bind only where a yes-no setting says so.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// A note.
    Note,
    /// At least so many files of evidence on the case.
    Evidence(u32),
    /// Advice of that kind, recorded by an earlier step.
    Advice(Advice),
    /// An earlier step.
    Done {
        /// The step.
        step: String,
        /// The yes-no setting without which it does not bind.
        setting: Option<String>,
    },
    /// Somebody else than who took these steps (`open` is the opening).
    SecondPerson {
        /// The steps.
        not: Vec<String>,
        /// The role, anywhere in the trust, that steps in where nobody else is there.
        fallback: String,
    },
    /// A linked case of a register, in one of some states.
    Linked {
        /// The register.
        register: String,
        /// The states; any where none is named.
        states: Vec<String>,
        /// The yes-no setting without which it does not bind.
        setting: Option<String>,
    },
}

/// Advice that a step asks for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Advice {
    /// Whose, such as `hr`.
    pub kind: String,
    /// The yes-no setting without which it does not bind.
    pub setting: Option<String>,
}

/// What a step (or the opening) brings about.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Somebody is told, by mail and on their home page.
    Notify {
        /// Whom.
        whom: Vec<Party>,
        /// What, without a name or a detail in it.
        says: String,
    },
    /// Another case is opened, linked with this one.
    Open {
        /// Its register.
        register: String,
        /// The fields carried over.
        carry: Vec<Carried>,
        /// The answers that every case opened so has.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        set: Vec<Condition>,
    },
    /// A permission comes into force, until the date in a field where one is named.
    Grant {
        /// The field with the last day.
        until: Option<String>,
    },
    /// What was in force ends.
    Revoke,
    /// The case is assigned.
    Assign {
        /// To whom.
        to: Party,
    },
    /// The case goes on its subject's personnel file.
    File,
    /// The case comes off the personnel file.
    Unfile,
    /// A deadline that belongs to no state begins.
    Clock {
        /// The deadline.
        deadline: String,
    },
    /// A deadline that belongs to no state ends.
    StopClock {
        /// The deadline.
        deadline: String,
    },
    /// The removal of the content at the address in a field is asked for: opens a removal case.
    TakeDown {
        /// The field that holds the address.
        address: String,
    },
    /// A case is opened later, such as a review.
    Check {
        /// Its register.
        register: String,
        /// When.
        after: Amount,
        /// The fields carried over.
        carry: Vec<Carried>,
        /// The answers that every case opened so has.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        set: Vec<Condition>,
    },
    /// Advice was given, and is on record.
    Advise {
        /// Whose, such as `hr`.
        kind: String,
    },
    /// The subject may see the case from now on.
    Disclose,
    /// Fields become guidance that all staff can read, without names.
    Publish {
        /// The fields.
        fields: Vec<String>,
    },
    /// An effect that follows only from some answers. It never holds another such.
    Where {
        /// It follows only where all of these hold, with the answers of the step that brings it about.
        when: Vec<Condition>,
        /// What follows then.
        effect: Box<Effect>,
    },
}

impl Effect {
    /// The effect itself.
    #[must_use]
    pub fn plain(&self) -> &Self {
        match self {
            Self::Where { effect, .. } => effect,
            _ => self,
        }
    }

    /// The conditions without which it does not follow.
    #[must_use]
    pub fn when(&self) -> &[Condition] {
        match self {
            Self::Where { when, .. } => when,
            _ => &[],
        }
    }

    /// The effect itself, where it follows from these answers.
    #[must_use]
    pub fn follows(&self, answers: &Answers) -> Option<&Self> {
        let holds = self.when().iter().all(|c| c.holds(answers));
        holds.then(|| self.plain())
    }
}

/// A field carried over to another case.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Carried {
    /// The field there.
    pub to: String,
    /// The field here; the subject of the case where it is `subject`.
    pub from: String,
}
