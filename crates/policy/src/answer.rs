//! As much of a situation as is known, to a decision: lists of possible values included.

use serde::Serialize;

use crate::cube::ValueSet;
use crate::decision::Decision;
use crate::policy_file::{Standing, Strength};
use crate::possible::{self, Missing, VerdictSet};
use crate::situation::{Given, GivenError, Situation};
use crate::table::Table;
use crate::vocabulary::Vocabulary;

/// What a policy says of what was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Answer<'p> {
    /// All situations that were given have the same verdict.
    Decided {
        /// The decision; where lists were given, that of the most ordinary of the situations.
        #[serde(flatten)]
        decision: Box<Decision<'p>>,
        /// The headlines that are possible, where a list was given.
        #[serde(skip_serializing_if = "Option::is_none")]
        possible: Option<Vec<Vec<String>>>,
    },
    /// The verdict depends on what is still open.
    Open(Open<'p>),
}

/// An answer that depends on which of the listed values it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Open<'p> {
    /// The policy's id.
    pub policy: &'p str,
    /// The standing, where all situations agree on it.
    pub standing: Option<Standing>,
    /// The strength, where all situations agree on standing and strength.
    pub strength: Option<Strength>,
    /// Empty: there is no one headline.
    pub headline: [String; 0],
    /// Empty: the clauses depend on the situation.
    pub decided_by: [String; 0],
    /// Empty, as `decided_by`.
    pub near: [String; 0],
    /// Empty, as `decided_by`.
    pub conditions: [String; 0],
    /// Empty, as `decided_by`.
    pub duties: [String; 0],
    /// Attributes that were not given and were taken as neutral.
    pub assumed: Vec<&'p str>,
    /// The headlines that are possible, from the strictest.
    pub possible: Vec<Vec<String>>,
}

impl Answer<'_> {
    /// The headline, where all situations agree on the verdict.
    #[must_use]
    pub fn headline(&self) -> &[String] {
        match self {
            Self::Decided { decision, .. } => &decision.headline,
            Self::Open(open) => &open.headline,
        }
    }

    /// The headlines that are possible, where a list was given.
    #[must_use]
    pub fn possible(&self) -> Option<&[Vec<String>]> {
        match self {
            Self::Decided { possible, .. } => possible.as_deref(),
            Self::Open(open) => Some(&open.possible),
        }
    }

    /// The standing, where all situations agree on it.
    #[must_use]
    pub fn standing(&self) -> Option<Standing> {
        match self {
            Self::Decided { decision, .. } => Some(decision.standing),
            Self::Open(open) => open.standing,
        }
    }
}

impl Table {
    /// Decides what was given: a list is a set of possible values, what is missing is neutral.
    ///
    /// # Errors
    /// [`GivenError::Impossible`] where no situation is left.
    pub fn decide_given<'p>(
        &'p self,
        vocabulary: &'p Vocabulary,
        given: &Given,
    ) -> Result<Answer<'p>, GivenError> {
        let given = given.completed(vocabulary)?;
        let assumed = given.assumed(vocabulary);
        let decide = |s: &Situation| Box::new(self.decide(vocabulary, s, &assumed));
        if let Some(situation) = given.situation(vocabulary) {
            let (decision, possible) = (decide(&situation), None);
            return Ok(Answer::Decided { decision, possible });
        }
        let verdicts = possible::verdicts(self, vocabulary, &given, Missing::Neutral)?;
        let headlines = verdicts.headlines();
        if verdicts.single().is_some()
            && let Some(situation) = self.usual(vocabulary, &given)
        {
            let (decision, possible) = (decide(&situation), Some(headlines));
            return Ok(Answer::Decided { decision, possible });
        }
        let ids = assumed.iter().filter_map(|a| vocabulary.at(*a));
        Ok(Answer::Open(Open {
            policy: &self.policy().id,
            standing: agreed(verdicts, |v| v.standing),
            strength: agreed(verdicts, |v| (v.standing, v.strength)).and_then(|(_, s)| s),
            headline: [],
            decided_by: [],
            near: [],
            conditions: [],
            duties: [],
            assumed: ids.map(|a| a.id.as_str()).collect(),
            possible: headlines,
        }))
    }

    /// The most ordinary of the situations that were given: one value for every list, the neutral one where it can be.
    pub(crate) fn usual(&self, vocabulary: &Vocabulary, given: &Given) -> Option<Situation> {
        let mut chosen = given.completed(vocabulary).ok()?;
        for (index, attribute) in vocabulary.attributes().iter().enumerate() {
            let Some(listed) = chosen.get(index).filter(|set| set.len() > 1) else {
                continue;
            };
            let neutral = Some(attribute.neutral).filter(|v| listed.has(*v));
            let with = |value| chosen.with(index, ValueSet::one(value));
            let can_be =
                |g: &Given| possible::verdicts(self, vocabulary, g, Missing::Neutral).is_ok();
            let mut options = neutral.into_iter().chain(listed.iter()).map(with);
            chosen = options.find(can_be)?;
        }
        chosen.completed(vocabulary).ok()?.situation(vocabulary)
    }
}

fn agreed<T: PartialEq>(
    verdicts: VerdictSet,
    of: impl Fn(crate::table::Verdict) -> T,
) -> Option<T> {
    let mut all = verdicts.iter().map(of);
    let first = all.next()?;
    all.all(|other| other == first).then_some(first)
}
