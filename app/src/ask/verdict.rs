//! A decision's headline in the words that people read first.

use policy::decision::{Decision, DutyDue, Silence};
use policy::policy_file::{Standing, Strength};
use policy::vocabulary::Vocabulary;
use serde::Serialize;

/// Where a duty to declare is done already.
const DECLARED: &str = "You have declared it already.";

/// The panel at the top of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Panel {
    /// The standing by name, for the colour.
    pub(crate) standing: &'static str,
    /// A sign that repeats the words.
    pub(crate) sign: &'static str,
    /// The answer in a few words.
    pub(crate) title: String,
    /// What else must be known at once, in sentences.
    pub(crate) lines: Vec<String>,
}

impl Panel {
    /// As [`Panel::of`], where some of the duties are done already: `done` has what does each, in the decision's order.
    pub(super) fn of_what_is_left<T>(
        vocabulary: &Vocabulary,
        decision: &Decision<'_>,
        done: &[Vec<T>],
    ) -> Self {
        let mut panel = Self::of(vocabulary, decision);
        let is_done = |duty: &DutyDue<'_>| {
            let mut duties = decision.duties.iter().zip(done);
            duties.any(|(one, done)| one == duty && !done.is_empty())
        };
        for duty in headline_duties(vocabulary, decision) {
            if is_done(duty) {
                let due = also(vocabulary, duty);
                panel.lines.retain(|line| *line != due);
                panel.lines.push(DECLARED.to_owned());
            }
        }
        panel.lines.dedup();
        panel
    }

    pub(crate) fn of(vocabulary: &Vocabulary, decision: &Decision<'_>) -> Self {
        let duties = headline_duties(vocabulary, decision);
        let mut panel = Self {
            standing: decision.standing.id(),
            sign: sign(decision.standing),
            title: title(decision).to_owned(),
            lines: Vec::new(),
        };
        if decision.standing == Standing::Silent {
            match duties.first() {
                Some(first) => {
                    panel.standing = "permission-needed";
                    panel.sign = "!";
                    panel.title = kind_says(vocabulary, first).to_owned();
                    panel.lines.push(strength_says(first.strength).to_owned());
                }
                None => panel.lines.push(silence(decision).to_owned()),
            }
        } else {
            panel
                .lines
                .extend(duties.iter().map(|duty| also(vocabulary, duty)));
        }
        panel.lines.dedup();
        panel
    }
}

/// The duties that the headline counts, the strongest of each kind first.
fn headline_duties<'d, 'p>(
    vocabulary: &Vocabulary,
    decision: &'d Decision<'p>,
) -> Vec<&'d DutyDue<'p>> {
    let counts = |duty: &&DutyDue<'_>| {
        vocabulary
            .duty(duty.kind)
            .is_some_and(|kind| kind.headline.is_some())
    };
    let mut duties: Vec<&DutyDue<'_>> = decision.duties.iter().filter(counts).collect();
    duties.sort_by_key(|duty| duty.strength);
    let mut kinds: Vec<&str> = Vec::new();
    duties.retain(|duty| {
        let fresh = !kinds.contains(&duty.kind);
        kinds.push(duty.kind);
        fresh
    });
    duties
}

fn kind_says<'v>(vocabulary: &'v Vocabulary, duty: &DutyDue<'_>) -> &'v str {
    vocabulary.duty(duty.kind).map_or("", |kind| &kind.says)
}

fn also(vocabulary: &Vocabulary, duty: &DutyDue<'_>) -> String {
    let does = kind_says(vocabulary, duty);
    let mut letters = does.chars();
    let does: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_lowercase)
        .chain(letters)
        .collect();
    let verb = match duty.strength {
        Strength::Must => "You must also",
        Strength::Should => "You should also",
        Strength::Consider => "Consider this too:",
    };
    format!("{verb} {does}.")
}

fn title(decision: &Decision<'_>) -> &'static str {
    match (decision.standing, decision.strength) {
        (Standing::Prohibited, Some(Strength::Should | Strength::Consider)) => {
            "No, you should not do this"
        }
        (Standing::AdvisedAgainst, Some(Strength::Consider)) => "Think it over first",
        (Standing::Silent, _) if decision.silence == Some(Silence::DoesNotCoverYou) => {
            "This policy does not cover you"
        }
        (standing, _) => standing_says(standing),
    }
}

/// A standing in a few words, as an answer to 'may I?'.
pub(crate) fn standing_says(standing: Standing) -> &'static str {
    match standing {
        Standing::Prohibited => "No, do not do this",
        Standing::PermissionNeeded => "Only with permission",
        Standing::AdvisedAgainst => "Better not",
        Standing::PermittedWithConditions => "Yes, with conditions",
        Standing::Permitted => "Yes",
        Standing::Silent => "The policy says nothing about this",
    }
}

/// What a change leads to: the standing, and the duties that come with it.
pub(super) fn then_says(standing: Standing, headline: &[String]) -> String {
    let has = |duty: &str| {
        headline
            .iter()
            .any(|word| word.trim_end_matches(['*', '~']) == duty)
    };
    let mut says = standing_says(standing).to_owned();
    if has("must-report") {
        says.push_str("; report it or ask first");
    }
    if has("must-declare") {
        says.push_str("; declare it");
    }
    says
}

fn sign(standing: Standing) -> &'static str {
    match standing {
        Standing::Prohibited => "✕",
        Standing::PermissionNeeded | Standing::AdvisedAgainst => "!",
        Standing::PermittedWithConditions | Standing::Permitted => "✓",
        Standing::Silent => "–",
    }
}

/// How strongly the policy puts a duty, as a sentence.
pub(super) fn strength_says(strength: Strength) -> &'static str {
    match strength {
        Strength::Must => "The policy says that you must.",
        Strength::Should => "The policy says that you should.",
        Strength::Consider => "The policy asks you to consider it.",
    }
}

fn silence(decision: &Decision<'_>) -> &'static str {
    match decision.silence {
        Some(Silence::DoesNotCoverYou) => {
            "It was written for other people. That is neither leave nor a ban: ask the person named below."
        }
        _ => "That is neither leave nor a ban. Ask the person named below before you act.",
    }
}
