//! What a register's file says, in types that cannot be misspelt.

use serde::{Deserialize, Serialize};

/// A kind of record with a life.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Register {
    /// The name in data and addresses: `declaration`.
    pub id: String,
    /// One of them, as on screens: "declaration of a relationship".
    pub name: String,
    /// Several of them.
    pub plural: String,
    /// The capitals that references begin with: `DEC` for `DEC-2026-0001`.
    pub reference: String,
    /// What it is for, in a sentence or two, shown before it is filled in.
    pub purpose: String,
    /// What to do before or instead of filling it in, such as whom to ring.
    pub before: Vec<String>,
    /// The door of the home page that it stands behind; none where cases come from elsewhere only.
    pub door: Option<Door>,
    /// Who may open a case. Empty: only the program and other cases do.
    pub opened_by: Vec<Party>,
    /// Whom a case is about.
    pub subject: Subject,
    /// Whether its subject learns nothing of it until a step discloses it.
    pub undisclosed: bool,
    /// How closely it is kept.
    pub sensitivity: Sensitivity,
    /// The field by which a new case joins an open one about the same person or thing.
    pub joins: Option<String>,
    /// What is asked when a case is opened.
    pub fields: Vec<Field>,
    /// The states; a case begins in the first.
    pub states: Vec<State>,
    /// The steps.
    pub steps: Vec<Step>,
    /// The deadlines.
    pub deadlines: Vec<Deadline>,
    /// What happens when a case is opened.
    pub effects: Vec<Effect>,
    /// Who sees a case, and how much of it.
    pub seen_by: Vec<Sight>,
    /// What each policy has in its own way.
    pub settings: Vec<Setting>,
    /// How long a case is kept.
    pub retention: Retention,
    /// The clauses that the register as a whole carries out.
    pub clauses: Vec<ClauseRef>,
}

/// A clause of a policy that an element of the register carries out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct ClauseRef {
    /// The policy.
    pub policy: String,
    /// The clause's reference in it.
    pub clause: String,
}

/// A door of the home page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Door {
    /// Ask somebody.
    Ask,
    /// Report something.
    Report,
    /// Declare something.
    Declare,
    /// Request something.
    Request,
    /// Look after what the school must keep: for those who run it.
    Keep,
}

/// Somebody by what they are to a case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    /// Whoever holds a role at the case's school or the whole trust.
    Role(String),
    /// Whoever opened it.
    Opener,
    /// Whom it is about.
    Subject,
    /// To whom it is assigned.
    Handler,
    /// The line manager of whom it is about.
    LineManager,
    /// The person whom a field names.
    Named(String),
    /// The roles that a setting names.
    Setting(String),
    /// Anybody, without signing in.
    Public,
    /// The program itself, when a deadline has passed.
    Program,
}

/// Whom a case is about.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// Whoever opens it.
    Opener,
    /// The person (or pupil) whom a field names.
    Field(String),
    /// Nobody: it is about a thing.
    Nobody,
}

/// How closely a case is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sensitivity {
    /// Work as usual.
    Ordinary,
    /// About a person: texts are encrypted.
    Personal,
    /// Safeguarding, health, discipline: encrypted, never in the search index, every reading recorded.
    Sensitive,
}

/// One thing that a case holds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Field {
    /// The name in data.
    pub id: String,
    /// What kind of thing.
    pub kind: FieldKind,
    /// What is asked.
    pub question: String,
    /// The short name in lists and on the case page.
    pub label: String,
    /// What helps with answering.
    pub help: Option<String>,
    /// Whether it must be answered, where it is shown.
    pub required: bool,
    /// It is asked only where all of these hold.
    pub when: Vec<Condition>,
    /// Whether it is kept out of lists, searches, mail and exports but the full one.
    pub sensitive: bool,
    /// Whether words in it are found by a search.
    pub searchable: bool,
    /// Whether lists show it.
    pub listed: bool,
    /// The attribute of an asked situation that fills it in.
    pub fills_from: Option<String>,
    /// The clauses that it carries out.
    pub clauses: Vec<ClauseRef>,
}

/// What kind of thing a field holds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldKind {
    /// A line.
    Text,
    /// Several lines.
    LongText,
    /// One of some values.
    Choice(Vec<ChoiceValue>),
    /// Some of some values.
    Choices(Vec<ChoiceValue>),
    /// Somebody who works here.
    Person,
    /// A pupil.
    Pupil,
    /// A school of the trust.
    School,
    /// A social media platform.
    Platform,
    /// An account: platform and address.
    Account,
    /// A day.
    Date,
    /// A day that has come.
    PastDate,
    /// A day still to come.
    FutureDate,
    /// Day and time.
    Moment,
    /// Files: screenshots, letters.
    Evidence,
    /// A whole number.
    Number,
    /// Yes or no.
    YesNo,
    /// Another case, by its reference, of that register where one is named.
    Case(Option<String>),
}

/// One value of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct ChoiceValue {
    /// The name in data.
    pub id: String,
    /// The words on screen.
    pub says: String,
}

/// A field equals one of some values.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Condition {
    /// The field.
    pub field: String,
    /// Any of these values; `yes` and `no` for a yes-no field.
    pub is: Vec<String>,
}

/// Where a case stands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct State {
    /// The name in data.
    pub id: String,
    /// The words on screen.
    pub says: String,
    /// Whether the case is over.
    pub end: bool,
    /// Whether a permission or the like is in force here.
    pub in_force: bool,
    /// Whom it waits for: the inbox it stands in. Those who can take a step that leads on, where nothing is said.
    pub waits_for: Option<Vec<Party>>,
    /// The clauses that it carries out.
    pub clauses: Vec<ClauseRef>,
}

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
}

/// A field carried over to another case.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Carried {
    /// The field there.
    pub to: String,
    /// The field here; the subject of the case where it is `subject`.
    pub from: String,
}

/// A length of time, or the setting that says it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Amount {
    /// So long.
    Span(Span),
    /// As long as a setting says.
    Setting(String),
}

/// A length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Span {
    /// Hours on the clock, holidays or not.
    Hours(u32),
    /// Days on which the school is open.
    SchoolDays(u32),
    /// Days of the calendar.
    Days(u32),
    /// Months of the calendar.
    Months(u32),
    /// Years of the calendar.
    Years(u32),
}

/// By when something must have happened.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Deadline {
    /// The name in data.
    pub id: String,
    /// What must have happened, in words: "acknowledge the declaration".
    pub says: String,
    /// When it begins to run.
    pub starts: Start,
    /// How long there is; or the last day is the one in a field.
    pub within: Due,
    /// The states that end it; it ends in every state that it did not start in where none is named.
    pub met_in: Vec<String>,
    /// How long before the end a reminder goes to those it waits for.
    pub remind: Vec<Span>,
    /// To whom it rises when it has passed.
    pub escalate: Vec<Party>,
    /// The step that the program takes when it has passed.
    pub then: Option<String>,
    /// Whether the law sets it.
    pub statutory: bool,
    /// The clauses that it carries out.
    pub clauses: Vec<ClauseRef>,
}

/// When a deadline begins to run.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Start {
    /// When the case comes into one of these states.
    States(Vec<String>),
    /// When an effect starts it.
    Clock,
}

/// When a deadline has passed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Due {
    /// So long after it began.
    After(Amount),
    /// At the end of the day in a field; never, where the field is empty.
    Field(String),
}

/// Who sees a case, and how much of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Sight {
    /// Who.
    pub who: Vec<Party>,
    /// Whether only reference, state and what they themselves gave.
    pub outline: bool,
    /// Only where all of these hold.
    pub when: Vec<Condition>,
    /// Only in these states; in all where none is named.
    pub states: Vec<String>,
}

/// What each policy has in its own way, and a school may change.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Setting {
    /// The name in data.
    pub id: String,
    /// What it decides, in words.
    pub says: String,
    /// What kind of value it has.
    pub kind: SettingKind,
    /// The value where a policy says nothing.
    pub is: SettingValue,
    /// Where that value comes from, and how sure it is.
    pub source: Option<String>,
    /// The values that policies give it.
    pub by_policy: Vec<Given>,
}

/// The value that a policy gives a setting.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Given {
    /// The policy and the clause that gives it.
    #[serde(flatten)]
    pub by: ClauseRef,
    /// The value.
    pub is: SettingValue,
}

/// What kind of value a setting has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettingKind {
    /// Roles.
    Roles,
    /// Yes or no.
    YesNo,
    /// A length of time.
    Span,
}

/// The value of a setting.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettingValue {
    /// Roles, of which any will do.
    Roles(Vec<String>),
    /// Yes or no.
    YesNo(bool),
    /// A length of time.
    Span(Span),
}

/// How long a case is kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Retention {
    /// What starts the clock.
    pub from: RetentionStart,
    /// How long it then runs.
    pub keep: Keep,
    /// What is proposed then.
    pub then: Disposal,
    /// Where the period comes from.
    pub source: String,
}

/// How long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Keep {
    /// So long.
    Span(Span),
    /// Until the subject's normal retirement age, or ten years, the longer.
    RetirementOrTenYears,
}

/// What starts the clock of retention.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RetentionStart {
    /// The case's end.
    Closed,
    /// The end of its subject's time at the trust.
    Left,
    /// The subject's birth.
    Born,
    /// The date in a field.
    Field(String),
}

/// What is proposed at the end of the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Disposal {
    /// Erase it.
    Erase,
    /// Look at it again.
    Review,
}
