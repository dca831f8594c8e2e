//! The comparison in words: grouped by verdicts, the most telling first, each row with an example.

use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::cube::{AttributeIndex, Cube, ValueSet, joined};
use crate::policy_file::{Clause, Policy, Standing, Strength};
use crate::situation::Situation;
use crate::space::Space;
use crate::table::{Rung, Table, Verdict};
use crate::vocabulary::{ASKER, Vocabulary};
use crate::words::{Condition, conditions, given, told};

use super::pairing::Pairing;
use super::{Matter, Side};

/// Which policy, in which version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PolicyName<'t> {
    /// The name in data.
    pub id: &'t str,
    /// The organisation in a word or two.
    pub short: &'t str,
    /// Who issued it.
    pub organisation: &'t str,
    /// The version as printed, if the paper has one.
    pub version: Option<&'t str>,
    /// SHA-256 of the file's text.
    pub hash: &'t str,
}

/// A clause as it stands in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClauseSays<'t> {
    /// The finer address.
    #[serde(rename = "ref")]
    pub reference: &'t str,
    /// What people see printed.
    pub printed: &'t str,
    /// The section it stands under.
    pub heading: &'t str,
    /// What it says.
    pub says: &'t str,
}

/// A verdict on one matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Word {
    /// In the words of headlines: `prohibited*`, `must-report`, `silent`.
    pub headline: String,
    /// In plain words.
    pub says: &'static str,
}

/// A situation that the two policies decide differently.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Example<'v> {
    /// The facts that are not neutral, ready to be asked.
    pub given: Map<String, Json>,
    /// The same in words.
    pub says: Vec<Condition<'v>>,
    /// The whole headline of the first policy.
    pub a: Vec<String>,
    /// The whole headline of the second.
    pub b: Vec<String>,
}

/// Two clauses and where both decide.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row<'t> {
    /// The first policy's clause; `None` where it says nothing.
    pub a: Option<ClauseSays<'t>>,
    /// The second policy's clause; `None` where it says nothing.
    pub b: Option<ClauseSays<'t>>,
    /// Where the two clauses speak of the same situations: each entry is enough, all of its conditions hold in it.
    /// What nobody would be asked about there is left out where it may be as usual.
    pub when: Vec<Vec<Condition<'t>>>,
    /// Whether a stricter clause of either policy decides a part of those situations instead.
    pub in_part: bool,
    /// How many facts the example needs: the fewer, the more everyday.
    pub facts: usize,
    /// Whether the example holds only facts that one would be asked about. Other rows are exact too, but nobody would
    /// describe such a situation.
    pub everyday: bool,
    /// A situation that these two clauses decide.
    pub example: Example<'t>,
}

/// The rows with the same two verdicts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group<'t> {
    /// On which matter.
    pub matter: Matter,
    /// The first policy's verdict.
    pub a: Word,
    /// The second policy's verdict.
    pub b: Word,
    /// The rows, those that need the fewest facts first.
    pub rows: Vec<Row<'t>>,
}

/// Where two policies part company, in words.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison<'t> {
    /// The first policy.
    pub a: PolicyName<'t>,
    /// The second policy.
    pub b: PolicyName<'t>,
    /// How many pairs of clauses there are.
    pub pairs: usize,
    /// The pairs by matter and verdicts, those furthest apart first. Empty where the two never differ.
    pub groups: Vec<Group<'t>>,
}

/// Where two policies part company, in words: every pair of [`super::rows`], with the situations that both clauses
/// decide.
#[must_use]
pub fn compare<'t>(a: &'t Table, b: &'t Table, vocabulary: &'t Vocabulary) -> Comparison<'t> {
    let unasked = Space::new(vocabulary).unasked();
    let teller = Teller {
        a,
        b,
        vocabulary,
        unasked,
    };
    let mut groups: Vec<(i32, Verdict, Verdict, Group<'t>)> = Vec::new();
    for matter in Matter::ALL {
        let pairing = Pairing::new(a, b, matter, vocabulary);
        pairing.each(|mine, theirs| {
            let (x, y) = (mine.verdict, theirs.verdict);
            let row = teller.row(&pairing, mine, theirs);
            let known = groups
                .iter_mut()
                .find(|(_, v, w, g)| (g.matter, *v, *w) == (matter, x, y));
            match known {
                Some((_, _, _, group)) => group.rows.extend(row),
                None => {
                    let rows = row.into_iter().collect();
                    let (a, b) = (Word::of(matter, x), Word::of(matter, y));
                    groups.push((-apart(x, y), x, y, Group { matter, a, b, rows }));
                }
            }
        });
    }
    groups.sort_by_key(|(apart, x, y, group)| (group.matter, *apart, *x, *y));
    let mut groups: Vec<Group<'t>> = groups.into_iter().map(|(_, _, _, group)| group).collect();
    for group in &mut groups {
        group.rows.sort_by_key(|row| (!row.everyday, row.facts));
    }
    Comparison {
        a: PolicyName::of(a.policy()),
        b: PolicyName::of(b.policy()),
        pairs: groups.iter().map(|g| g.rows.len()).sum(),
        groups,
    }
}

struct Teller<'t> {
    a: &'t Table,
    b: &'t Table,
    vocabulary: &'t Vocabulary,
    unasked: Vec<Cube>,
}

impl<'t> Teller<'t> {
    /// The conditions of a cube. What nobody would be asked about there is left out where it may be as usual, and
    /// long lists of people are told by the policy that covers them.
    fn when(&self, cube: &Cube) -> Vec<Condition<'t>> {
        let usual = |(index, set): &(AttributeIndex, ValueSet)| {
            let neutral = self.vocabulary.at(*index).map(|a| a.neutral);
            neutral.is_some_and(|n| set.has(n)) && !self.vocabulary.is_asked(*index, cube)
        };
        let left_out = cube.sets().iter().filter(|set| usual(set));
        let asked = left_out.fold(cube.clone(), |cube, (index, _)| cube.without(*index));
        let mut told = conditions(&asked, self.vocabulary);
        let asker = self.vocabulary.attribute(ASKER);
        let people = asker.and_then(|(index, _)| asked.get(index));
        if let Some(covered) = people.and_then(|people| self.covered_by(people)) {
            let about = told.iter_mut().find(|c| c.attributes == [ASKER]);
            if let (Some(condition), Some((_, asker))) = (about, asker) {
                condition.says = format!("{}: {covered}", asker.label);
            }
        }
        told
    }

    /// Whose policy covers just these people.
    fn covered_by(&self, people: ValueSet) -> Option<String> {
        let (a, b) = (self.a.covered(), self.b.covered());
        let both = a.zip(b).map(|(a, b)| a.and(b)) == Some(people);
        let short = |table: &'t Table| table.policy().short.as_str();
        match (a == Some(people), b == Some(people)) {
            (true, true) => Some("anybody whom the two policies cover".to_owned()),
            _ if both => Some("anybody whom both policies cover".to_owned()),
            (true, _) => Some(format!("anybody whom {} covers", short(self.a))),
            (_, true) => Some(format!("anybody whom {} covers", short(self.b))),
            _ => None,
        }
    }

    fn row(&self, pairing: &Pairing<'_>, mine: &Rung, theirs: &Rung) -> Option<Row<'t>> {
        let space = Space::new(self.vocabulary);
        let mut cubes: Vec<Cube> = Vec::new();
        let mut nearest = None;
        let mut in_part = false;
        for x in pairing.a.of_voice(mine.voice) {
            for y in pairing.b.of_voice(theirs.voice) {
                let Some(both) = x.cube.and(&y.cube) else {
                    continue;
                };
                let stricter = pairing.stricter(x, y, &both);
                in_part |= pairing.a.is_in_part(x, &both) || pairing.b.is_in_part(y, &both);
                let usual = stricter.iter().copied().chain(&self.unasked);
                let usual = space.find(&both, usual).map(|found| (false, found));
                let any = || space.find(&both, stricter).map(|found| (true, found));
                let Some((odd, found)) = usual.or_else(any) else {
                    continue;
                };
                let rank = (odd, given(&found, self.vocabulary).len());
                if nearest.as_ref().is_none_or(|(least, _)| rank < *least) {
                    nearest = Some((rank, found));
                }
                cubes.push(both);
            }
        }
        let ((odd, facts), example) = nearest?;
        let cubes = joined(cubes, self.vocabulary.sizes());
        let mut when: Vec<_> = cubes.iter().map(|cube| self.when(cube)).collect();
        when.sort_by_key(Vec::len);
        Some(Row {
            a: ClauseSays::of(self.a, mine.side()),
            b: ClauseSays::of(self.b, theirs.side()),
            when,
            in_part,
            facts,
            everyday: !odd,
            example: Example::of(&example, self.a, self.b, self.vocabulary),
        })
    }
}

impl<'v> Example<'v> {
    pub(super) fn of(
        situation: &Situation,
        a: &Table,
        b: &Table,
        vocabulary: &'v Vocabulary,
    ) -> Self {
        let headline = |table: &Table| table.verdict(&table.matches(situation)).headline();
        Self {
            given: given(situation, vocabulary),
            says: told(situation, vocabulary),
            a: headline(a),
            b: headline(b),
        }
    }
}

impl<'t> PolicyName<'t> {
    fn of(policy: &'t Policy) -> Self {
        Self {
            id: &policy.id,
            short: &policy.short,
            organisation: &policy.organisation,
            version: policy.version(),
            hash: &policy.hash,
        }
    }
}

impl<'t> ClauseSays<'t> {
    fn of(table: &'t Table, side: Side) -> Option<Self> {
        let clause: &Clause = table.policy().clauses.get(side.clause?)?;
        Some(Self {
            reference: &clause.reference,
            printed: &clause.printed,
            heading: &clause.heading,
            says: &clause.says,
        })
    }
}

impl Word {
    fn of(matter: Matter, verdict: Verdict) -> Self {
        Self {
            headline: verdict.headline().join(" "),
            says: says(matter, verdict),
        }
    }
}

fn says(matter: Matter, verdict: Verdict) -> &'static str {
    match (matter, verdict.report.or(verdict.declare)) {
        (Matter::Standing, _) => standing_says(verdict),
        (Matter::Report, Some(Strength::Must)) => "report it or ask first: you must",
        (Matter::Report, Some(Strength::Should)) => "report it or ask first: you should",
        (Matter::Report, Some(Strength::Consider)) => "think of reporting it or asking first",
        (Matter::Report, None) => "no report is asked for",
        (Matter::Declare, Some(Strength::Must)) => "declare it: you must",
        (Matter::Declare, Some(Strength::Should)) => "declare it: you should",
        (Matter::Declare, Some(Strength::Consider)) => "think of declaring it",
        (Matter::Declare, None) => "no declaration is asked for",
    }
}

fn standing_says(verdict: Verdict) -> &'static str {
    match (verdict.standing, verdict.strength) {
        (Standing::Prohibited, Some(Strength::Should)) => "it should not be done",
        (Standing::Prohibited, Some(Strength::Consider)) => "think of not doing it",
        (Standing::Prohibited, _) => "it must not be done",
        (Standing::PermissionNeeded, _) => "it needs leave first",
        (Standing::AdvisedAgainst, Some(Strength::Consider)) => "think twice about it",
        (Standing::AdvisedAgainst, _) => "it is better not done",
        (Standing::PermittedWithConditions, _) => "it may be done on conditions",
        (Standing::Permitted, _) => "it may be done",
        (Standing::Silent, _) => "nothing is said on it",
    }
}

/// How far two verdicts stand apart, so that the most telling come first.
fn apart(a: Verdict, b: Verdict) -> i32 {
    (weight(a) - weight(b)).abs()
}

fn weight(verdict: Verdict) -> i32 {
    let softer = |strength: Option<Strength>| match strength {
        None => 0,
        Some(Strength::Must) => 9,
        Some(Strength::Should) => 6,
        Some(Strength::Consider) => 3,
    };
    match verdict.standing {
        Standing::Prohibited => 11 + softer(verdict.strength),
        Standing::PermissionNeeded => 11,
        Standing::AdvisedAgainst => 10 - softer(verdict.strength),
        Standing::PermittedWithConditions => 2,
        Standing::Permitted => 0,
        Standing::Silent => 4 + softer(verdict.report.or(verdict.declare)),
    }
}
