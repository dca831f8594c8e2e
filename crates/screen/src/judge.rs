//! Findings as facts about a situation, and what a policy says of it: the same engine as for a question.

use policy::decision::Decision;
use policy::situation::{Given, GivenError};
use policy::table::Table;
use policy::vocabulary::Vocabulary;
use serde_json::{Map, Value as Json};

use crate::draft::{Account, Audience, Draft};
use crate::finding::{Finding, Screening, Sure};
use crate::lists::Lists;

/// The attribute that says what is done; a draft is posted or sent, whatever else it does.
const ACT: &str = "act";

/// What a policy says of a draft.
#[derive(Debug)]
pub struct Judged<'p> {
    /// Of everything that was found at least likely, together.
    pub whole: Decision<'p>,
    /// Of each finding by itself, in their order; nothing where the finding alone changes nothing.
    pub each: Vec<Option<Decision<'p>>>,
}

/// Why a draft could not be judged.
#[derive(Debug, thiserror::Error)]
pub enum JudgeError {
    /// What is known besides has names that the vocabulary lacks, or cannot go together with what was found.
    #[error(transparent)]
    Given(#[from] GivenError),
    /// What is known besides leaves a choice.
    #[error("a list leaves open which situation it is: give one value for each attribute")]
    Open,
}

/// What somebody who asks about a draft knows.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a, 'p> {
    /// The draft.
    pub draft: &'a Draft,
    /// What it was screened for.
    pub lists: &'a Lists,
    /// The words of situations.
    pub vocabulary: &'p Vocabulary,
    /// What is known besides, as `{"attribute": value}`: who asks, who has agreed. It goes before what was found.
    pub known: &'a Map<String, Json>,
}

impl<'p> Asking<'_, 'p> {
    /// The facts that some findings make, as `{"attribute": value}`: findings that are only possible are none.
    pub fn facts<'f>(&self, findings: impl IntoIterator<Item = &'f Finding>) -> Map<String, Json> {
        let mut facts = self.draft_itself();
        for finding in findings {
            if finding.sure > Sure::Possible {
                for fact in &self.lists.told(finding.kind).facts {
                    let value = match &*fact.value {
                        "yes" => Json::Bool(true),
                        "no" => Json::Bool(false),
                        value => Json::from(value),
                    };
                    facts.insert(fact.attribute.to_string(), value);
                }
            }
        }
        facts.extend(self.known.clone());
        facts
    }

    /// The situation that some findings make, as far as it is known.
    ///
    /// # Errors
    /// Names that the vocabulary lacks, or facts that cannot go together.
    pub fn given<'f>(
        &self,
        findings: impl IntoIterator<Item = &'f Finding>,
    ) -> Result<Given, GivenError> {
        Given::from_json(self.vocabulary, &Json::Object(self.facts(findings)))
    }

    /// What a policy says of a screened draft.
    ///
    /// # Errors
    /// As [`Asking::given`].
    pub fn judge(&self, screening: &Screening, table: &'p Table) -> Result<Judged<'p>, JudgeError> {
        let bare = self.decide([], table)?;
        let bare = references(&bare);
        let mut each = Vec::with_capacity(screening.findings.len());
        for finding in &screening.findings {
            let decision = self.decide([finding], table)?;
            let same = references(&decision) == bare;
            each.push((!same).then_some(decision));
        }
        let posted = screening
            .findings
            .iter()
            .filter(|finding| !self.is_another_act(finding));
        let whole = self.decide(posted, table)?;
        let others = screening.findings.iter().zip(&each);
        let others = others.filter(|(finding, _)| self.is_another_act(finding));
        let others = others.filter_map(|(_, decision)| decision.clone());
        let stricter = others.fold(whole, |strictest, decision| {
            if decision.standing < strictest.standing {
                decision
            } else {
                strictest
            }
        });
        Ok(Judged {
            whole: stricter,
            each,
        })
    }

    fn decide<'f>(
        &self,
        findings: impl IntoIterator<Item = &'f Finding>,
        table: &'p Table,
    ) -> Result<Decision<'p>, JudgeError> {
        let given = self.given(findings)?;
        let assumed = given.assumed(self.vocabulary);
        let situation = given.situation(self.vocabulary);
        let situation = situation.ok_or(JudgeError::Open)?;
        Ok(table.decide(self.vocabulary, &situation, &assumed))
    }

    fn draft_itself(&self) -> Map<String, Json> {
        let (account, capacity) = match self.draft.account {
            Account::Personal => ("personal", "personal"),
            Account::Official => ("official", "official"),
        };
        let act = match self.draft.audience {
            Audience::Direct => "message",
            Audience::Public | Audience::Followers | Audience::Group => "post",
        };
        let facts = [(ACT, act), ("account", account), ("capacity", capacity)];
        let facts = facts.map(|(name, value)| (name.to_owned(), Json::from(value)));
        facts.into_iter().collect()
    }

    /// A reference is an act of its own, and is decided by itself.
    fn is_another_act(&self, finding: &Finding) -> bool {
        let told = self.lists.told(finding.kind);
        told.facts.iter().any(|fact| &*fact.attribute == ACT)
    }
}

fn references<'d>(decision: &'d Decision<'_>) -> Vec<&'d str> {
    let clauses = decision.decided_by.iter();
    clauses.map(|clause| clause.reference.as_str()).collect()
}
