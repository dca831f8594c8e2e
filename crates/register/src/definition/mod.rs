//! What a register's file says, in types that cannot be misspelt.

mod find;
mod step;
mod time;

use serde::{Deserialize, Serialize};

pub use step::{Advice, Carried, Effect, Need, Step};
pub use time::{
    Amount, Deadline, Disposal, Due, Keep, ParticularRetention, Retention, RetentionStart, Span,
    Start,
};

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
    /// A page of the program to look at beside a case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<Beside>,
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
    /// How long cases of some kinds or ends are kept; of those that fit a case the first counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub particular_retentions: Vec<ParticularRetention>,
    /// How long every other case is kept.
    pub retention: Retention,
    /// The clauses that the register as a whole carries out.
    pub clauses: Vec<ClauseRef>,
}

/// A page of the program to look at beside a case.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Beside {
    /// What the link says.
    pub says: String,
    /// The page's address, with a field of the opening in braces: `/policies/{policy}`.
    pub page: String,
    /// That field.
    pub field: String,
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
    /// Whether it belongs to the terms of what is granted or declared, shown wherever that is relied on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub terms: bool,
    /// Who sees the answer, of those who see the case; all of them where nobody is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen_by: Vec<Party>,
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
    /// The facts of an asked situation that it stands for: each attribute with its values. What `fills_from` says of the
    /// field holds where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Condition>,
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
