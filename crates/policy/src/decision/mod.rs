//! A full situation to a decision: the verdict, the clauses that give it, what must follow.

mod gather;

use serde::Serialize;

use crate::policy_file::{Clause, Grant, Policy, Standing, Strength};

/// A condition and the clause that sets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ConditionDue<'p> {
    /// The condition, a sentence.
    pub says: &'p str,
    /// The clause.
    #[serde(serialize_with = "by_reference")]
    pub clause: &'p Clause,
}

/// A duty and the clause that sets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DutyDue<'p> {
    /// The kind, a name of the vocabulary.
    #[serde(rename = "do")]
    pub kind: &'p str,
    /// To whom.
    pub to: Option<&'p str>,
    /// By when, in words.
    pub by: Option<&'p str>,
    /// How strongly.
    pub strength: Strength,
    /// The duty in plain words.
    pub says: &'p str,
    /// The clause.
    #[serde(serialize_with = "by_reference")]
    pub clause: &'p Clause,
}

/// A clause lifted by another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LiftedClause<'p> {
    /// The clause that does not apply here.
    #[serde(serialize_with = "by_reference")]
    pub clause: &'p Clause,
    /// The clause that lifts it.
    #[serde(serialize_with = "by_reference")]
    pub by: &'p Clause,
}

/// Who may grant leave, and the clause that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PermissionDue<'p> {
    /// Who, and on what conditions.
    #[serde(flatten)]
    pub grant: &'p Grant,
    /// The clause.
    #[serde(serialize_with = "by_reference")]
    pub clause: &'p Clause,
}

/// Which silence it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Silence {
    /// The policy does not cover this person.
    DoesNotCoverYou,
    /// It covers this person and says nothing on the act.
    SaysNothing,
}

/// What a policy says of one situation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision<'p> {
    /// The policy.
    #[serde(rename = "policy", serialize_with = "policy_id")]
    pub policy: &'p Policy,
    /// The standing.
    pub standing: Standing,
    /// The strongest strength among the deciding rules.
    pub strength: Option<Strength>,
    /// The verdict in the words of headlines.
    pub headline: Vec<String>,
    /// Every clause of the winning standing, and every clause whose duty is in the headline.
    #[serde(serialize_with = "references")]
    pub decided_by: Vec<&'p Clause>,
    /// Clauses that match too, but do not decide.
    #[serde(serialize_with = "references")]
    pub also: Vec<&'p Clause>,
    /// Clauses that come near.
    #[serde(serialize_with = "references")]
    pub near: Vec<&'p Clause>,
    /// Clauses to keep in mind.
    #[serde(serialize_with = "references")]
    pub notices: Vec<&'p Clause>,
    /// What was lifted, and by which clause.
    pub lifted: Vec<LiftedClause<'p>>,
    /// What must be observed.
    pub conditions: Vec<ConditionDue<'p>>,
    /// What must be done besides.
    pub duties: Vec<DutyDue<'p>>,
    /// Who may grant leave, where it is needed.
    pub permission: Vec<PermissionDue<'p>>,
    /// Which silence it is, where the policy is silent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silence: Option<Silence>,
    /// Attributes that were not given and were taken as neutral.
    pub assumed: Vec<&'p str>,
}

/// Writes a clause as its reference.
pub(crate) fn by_reference<S: serde::Serializer>(
    clause: &Clause,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&clause.reference)
}

fn references<S: serde::Serializer>(clauses: &[&Clause], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(clauses.iter().map(|c| &c.reference))
}

fn policy_id<S: serde::Serializer>(policy: &Policy, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&policy.id)
}
