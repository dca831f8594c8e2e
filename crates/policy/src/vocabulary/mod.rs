//! The words a situation is described in: attributes, their values and questions, what cannot be, duties and roles.

mod circumstances;
mod load;
mod names;
pub(crate) mod pattern;
pub(crate) mod phrases;
pub(crate) mod words;

use serde::Serialize;

use self::phrases::{Phrases, Telling};
use crate::cube::{AttributeIndex, Cube, ValueSet};
use crate::source::{Faults, Source};

pub(crate) use circumstances::Circumstances;
pub(crate) use names::{Names, Short};

/// The attribute that says who asks; a rule that does not name it holds for everybody the policy covers.
pub const ASKER: &str = "asker";
/// The group of askers whom a staff policy may bind.
pub const BOUND: &str = "bound";
/// The attribute that says who has agreed; grants are read from it.
pub const AUTHORISED: &str = "authorised";
/// The yes-no attribute that says that leave was given in writing.
pub const IN_WRITING: &str = "in_writing";

/// How an attribute is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AttributeKind {
    /// One of several values.
    Choice,
    /// Value 0 is no, value 1 is yes.
    YesNo,
}

/// Who could make an attribute otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangedBy {
    /// The person who asks.
    Asker,
    /// Somebody with authority over it.
    Authoriser,
    /// Nobody: it is a fact.
    Nobody,
}

/// One value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Value {
    /// The name in data.
    pub id: String,
    /// The value in plain words.
    pub says: String,
    /// The heading under which a list of the values shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heading: Option<String>,
}

/// One thing a situation says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attribute {
    /// The name in data.
    pub id: String,
    /// How it is answered.
    pub kind: AttributeKind,
    /// A few words for a summary.
    pub label: String,
    /// The question in plain English; a yes-no attribute is asked with its group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// What helps to answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Its values, in order; a yes-no attribute has `no` and `yes`.
    pub values: Vec<Value>,
    /// The value taken where nothing is said.
    #[serde(skip)]
    pub neutral: u8,
    /// Who could make it otherwise.
    pub changed_by: ChangedBy,
    /// The values that advice may suggest.
    #[serde(skip)]
    pub propose: ValueSet,
    /// Words for its being otherwise, with `{new}` and `{old}` for the values.
    #[serde(skip)]
    pub instead: Option<String>,
    /// The situations in which it is worth asking about; empty means always.
    #[serde(skip)]
    pub asked_when: Vec<Cube>,
    /// The group of yes-no attributes it is asked with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The yes-no attributes that are yes where this one is.
    #[serde(skip)]
    pub implies: Vec<AttributeIndex>,
    /// Named groups of its values.
    #[serde(skip)]
    pub value_groups: Vec<(String, ValueSet)>,
}

impl Attribute {
    /// The index of a value.
    #[must_use]
    pub fn value(&self, id: &str) -> Option<u8> {
        self.values
            .iter()
            .position(|v| v.id == id)
            .and_then(|i| u8::try_from(i).ok())
    }

    /// The name of a value.
    #[must_use]
    pub fn value_id(&self, value: u8) -> &str {
        self.values
            .get(usize::from(value))
            .map_or("", |v| v.id.as_str())
    }

    /// A value in plain words.
    #[must_use]
    pub fn value_says(&self, value: u8) -> &str {
        self.values
            .get(usize::from(value))
            .map_or("", |v| v.says.as_str())
    }

    /// All its values.
    #[must_use]
    pub fn all(&self) -> ValueSet {
        ValueSet::all(self.values.len())
    }

    /// Whether it is answered yes or no.
    #[must_use]
    pub fn is_yes_no(&self) -> bool {
        self.kind == AttributeKind::YesNo
    }
}

/// A combination that cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Impossible {
    /// Its name.
    pub name: String,
    /// Why it cannot be, a sentence.
    pub why: String,
    /// The situations it rules out.
    pub when: Cube,
    /// The values taken instead where only neutral values made it impossible.
    pub otherwise: Vec<(AttributeIndex, u8)>,
}

/// Yes-no attributes that are asked together on one page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// The name in data.
    pub id: String,
    /// The question in plain English.
    pub question: String,
    /// What helps to answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The group whose page it shares where both have something to ask.
    #[serde(skip)]
    pub joins: Option<String>,
    /// The attributes, in the vocabulary's order.
    #[serde(skip)]
    pub attributes: Vec<AttributeIndex>,
}

/// Which headline a kind of duty counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DutyHeadline {
    /// Report, ask or consult.
    MustReport,
    /// Declare or tell beforehand.
    MustDeclare,
}

/// A kind of duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DutyKind {
    /// The name in data.
    pub id: String,
    /// What the duty asks, in plain words.
    pub says: String,
    /// The headline it counts as, if any.
    pub headline: Option<DutyHeadline>,
}

/// Somebody to whom a duty is owed, or who decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Role {
    /// The name in data.
    pub id: String,
    /// The role in plain words, as said to the person who asks.
    pub says: String,
    /// The roles any of which is meant; empty for a role of its own.
    pub any_of: Vec<String>,
    /// Whether nobody needs to be appointed to it: the public, any member of staff.
    pub everybody: bool,
}

/// The whole vocabulary.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    attributes: Vec<Attribute>,
    names: Names,
    groups: Vec<Group>,
    impossible: Vec<Impossible>,
    circumstances: Circumstances,
    duties: Vec<DutyKind>,
    roles: Vec<Role>,
    sizes: Vec<usize>,
    phrases: Phrases,
    tellings: Vec<Telling>,
    neutral: Vec<u8>,
}

impl Vocabulary {
    /// Reads a vocabulary file.
    ///
    /// # Errors
    /// Every fault of the file at once.
    pub fn load(source: Source<'_>) -> Result<Self, Faults> {
        load::load(source)
    }

    /// The attributes in order.
    #[must_use]
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// An attribute by name, with its index.
    #[must_use]
    pub fn attribute(&self, id: &str) -> Option<(AttributeIndex, &Attribute)> {
        let index = self.attribute_index(id)?;
        self.attributes.get(index).map(|a| (index, a))
    }

    /// The index of an attribute by name.
    #[must_use]
    pub fn attribute_index(&self, id: &str) -> Option<AttributeIndex> {
        self.names.attributes.get(id)
    }

    /// The names, for reading situations.
    pub(crate) fn names(&self) -> &Names {
        &self.names
    }

    /// An attribute by index.
    #[must_use]
    pub fn at(&self, index: AttributeIndex) -> Option<&Attribute> {
        self.attributes.get(index)
    }

    /// The number of values of each attribute.
    #[must_use]
    pub fn sizes(&self) -> &[usize] {
        &self.sizes
    }

    /// The groups of yes-no attributes.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// A group by name.
    #[must_use]
    pub fn group(&self, id: &str) -> Option<&Group> {
        self.groups.iter().find(|g| g.id == id)
    }

    /// The yes-no attributes that are asked on the page of a group: its own, and those of groups that join it.
    #[must_use]
    pub fn on_page(&self, id: &str) -> Vec<AttributeIndex> {
        let here = |group: &&Group| group.id == id || group.joins.as_deref() == Some(id);
        let groups = self.groups.iter().filter(here);
        let mut members: Vec<AttributeIndex> = groups
            .flat_map(|group| group.attributes.iter().copied())
            .collect();
        members.sort_unstable();
        members
    }

    /// The combinations that cannot be.
    #[must_use]
    pub fn impossible(&self) -> &[Impossible] {
        &self.impossible
    }

    /// The kinds of duty.
    #[must_use]
    pub fn duties(&self) -> &[DutyKind] {
        &self.duties
    }

    /// A kind of duty by name.
    #[must_use]
    pub fn duty(&self, id: &str) -> Option<&DutyKind> {
        self.duties.get(self.names.duties.get(id)?)
    }

    /// The roles.
    #[must_use]
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// A role by name.
    #[must_use]
    pub fn role(&self, id: &str) -> Option<&Role> {
        self.roles.iter().find(|r| r.id == id)
    }

    /// The everyday language.
    pub(crate) fn phrases(&self) -> &Phrases {
        &self.phrases
    }

    /// What is said of reading an attribute from text.
    pub(crate) fn telling(&self, attribute: AttributeIndex) -> Option<&Telling> {
        self.tellings.get(attribute)
    }

    /// Whether an attribute is worth asking about somewhere in a set of situations.
    #[must_use]
    pub fn is_asked(&self, attribute: AttributeIndex, among: &Cube) -> bool {
        let Some(attribute) = self.attributes.get(attribute) else {
            return false;
        };
        attribute.asked_when.is_empty() || attribute.asked_when.iter().any(|when| when.meets(among))
    }

    /// What cannot be and what is worth asking about, by situation.
    pub(crate) fn circumstances(&self) -> &Circumstances {
        &self.circumstances
    }

    /// The neutral value of each attribute.
    #[must_use]
    pub fn neutral(&self) -> &[u8] {
        &self.neutral
    }
}
