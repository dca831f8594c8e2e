//! Given and family name together: in either order, with a short form, a middle name, one slip, a shared family name.

use std::ops::Range;

use super::index::{Entry, role};
use super::reading::Reading;
use super::{Hit, Search, kind_of};
use crate::draft::Account;
use crate::finding::Manner;
use crate::kind::Kind;
use crate::known::Person;
use crate::lists::mark;
use crate::text::{Casing, gap, like};

/// What may stand between two names of one person.
const WITHIN: u16 = gap::SPACE | gap::HYPHEN | gap::UNDER | gap::DOT | gap::QUOTE | gap::SYMBOL;

/// A pair of names in the text, not yet weighed.
struct Pair {
    words: Range<usize>,
    given: Range<usize>,
    family: Range<usize>,
    people: Vec<Person>,
    score: u8,
    manner: Manner,
    given_id: u32,
    family_id: u32,
}

impl Search<'_> {
    /// Every pair of names; of those that overlap, the surest.
    pub(super) fn full_names(&mut self) {
        let mut at = 0;
        while at < self.text.words.len() {
            let best = self
                .pairs_at(at)
                .into_iter()
                .max_by_key(|(score, pair)| (*score, pair.words.end - pair.words.start));
            match best {
                Some((score, pair)) if score >= 30 => {
                    at = pair.words.end;
                    self.found(score, pair);
                }
                _ => at += 1,
            }
        }
    }

    fn found(&mut self, score: u8, pair: Pair) {
        self.sharer(score, &pair);
        let kind = kind_of(&pair.people, Kind::PupilFullName);
        self.hit(Hit {
            words: pair.words,
            kind,
            score,
            manner: pair.manner,
            about: pair.people,
        });
    }

    fn pairs_at(&self, at: usize) -> Vec<(u8, Pair)> {
        let mut pairs = Vec::new();
        for one in self.readings(at) {
            let entry = self.index.entry(one.id);
            if !entry.is(role::ANY_GIVEN | role::ANY_FAMILY) {
                continue;
            }
            let next = at + one.words;
            let between = self.gap(next);
            if between & !(WITHIN | gap::COMMA) == 0 {
                self.two(at, one, next, between, &mut pairs);
            }
            if between & !WITHIN == 0 && entry.is(role::ANY_GIVEN) {
                self.with_middle(at, one, next, &mut pairs);
            }
        }
        if pairs.is_empty() {
            self.slipped(at, &mut pairs);
        }
        let weighed = pairs.into_iter().map(|pair| (self.weigh(&pair), pair));
        weighed.collect()
    }

    fn two(&self, at: usize, one: Reading, next: usize, between: u16, to: &mut Vec<Pair>) {
        let comma = between & gap::COMMA != 0;
        for other in self.readings(next) {
            let end = next + other.words;
            let spelled = one.spelled || other.spelled;
            if !comma {
                to.extend(self.pair(one.id, other.id, at..next, next..end, 97, spelled));
            }
            // 'Khan, Ella' is how lists are kept; 'Khan Ella' may be two people.
            let score = if comma { 93 } else { 88 };
            to.extend(self.pair(other.id, one.id, next..end, at..next, score, spelled));
        }
    }

    /// A middle name, an initial or a pet name between the two.
    fn with_middle(&self, at: usize, one: Reading, middle: usize, to: &mut Vec<Pair>) {
        let likely = self.is(middle, like::CAPITAL)
            || self.text.word(middle).chars().count() == 1
            || self.gap(middle) & gap::QUOTE != 0
            || self.text.casing != Casing::Mixed && !self.marked(middle, mark::COMMON);
        let last = middle + 1;
        if !likely || self.gap(last) & !WITHIN != 0 {
            return;
        }
        for other in self.readings(last) {
            let end = last + other.words;
            let spelled = one.spelled || other.spelled;
            let pair = self.pair(one.id, other.id, at..last, last..end, 92, spelled);
            to.extend(pair);
        }
    }

    fn pair(
        &self,
        given: u32,
        family: u32,
        given_at: Range<usize>,
        family_at: Range<usize>,
        score: u8,
        spelled: bool,
    ) -> Option<Pair> {
        let direct = self.index.people(given, family);
        let (people, score, manner) = match direct {
            Some((people, false)) => (people, score, Manner::Plain),
            Some((people, true)) => (people, score - 12, Manner::PartOfName),
            None => {
                let variants = self.index.variants(given).iter();
                let found = variants.filter_map(|name| self.index.people(*name, family));
                let people: Vec<Person> = found.flat_map(|(people, _)| people).collect();
                (!people.is_empty()).then_some((people, score - 10, Manner::Nickname))?
            }
        };
        let manner = if spelled { Manner::Disguised } else { manner };
        let words = given_at.start.min(family_at.start)..given_at.end.max(family_at.end);
        Some(Pair {
            words,
            given: given_at,
            family: family_at,
            people,
            score,
            manner,
            given_id: given,
            family_id: family,
        })
    }

    /// Two words of which one or both are a slip away from a name on the roll.
    fn slipped(&self, at: usize, to: &mut Vec<Pair>) {
        let next = at + 1;
        if self.gap(next) & !WITHIN != 0 || !(self.may_slip(at) || self.may_slip(next)) {
            return;
        }
        let known = |at: usize, roles: u8| {
            let whole = self.readings(at).find(|reading| reading.words == 1);
            whole.filter(|reading| self.index.entry(reading.id).is(roles))
        };
        let (one, other) = (known(at, role::ANY_GIVEN), known(next, role::ANY_FAMILY));
        if let Some(one) = one.filter(|_| self.may_slip(next)) {
            self.index.slips(self.text.word(next), |family| {
                let pair = self.pair(one.id, family, at..next, next..next + 1, 77, false);
                to.extend(pair.map(slip));
            });
        }
        if let Some(one) = one.filter(|_| self.may_slip(next)) {
            for family in self.index.sounding(self.text.word(next)) {
                let pair = self.pair(one.id, *family, at..next, next..next + 1, 74, false);
                to.extend(pair.map(slip));
            }
        }
        if let Some(other) = other.filter(|_| self.may_slip(at)) {
            for given in self.index.sounding(self.text.word(at)) {
                let pair = self.pair(*given, other.id, at..next, next..next + 1, 74, false);
                to.extend(pair.map(slip));
            }
            self.index.slips(self.text.word(at), |given| {
                let pair = self.pair(given, other.id, at..next, next..next + 1, 77, false);
                to.extend(pair.map(slip));
            });
        }
        if one.is_none() && other.is_none() && self.may_slip(at) && self.may_slip(next) {
            let mut given = Vec::new();
            self.index
                .slips(self.text.word(at), |name| given.push(name));
            if given.is_empty() {
                return;
            }
            self.index.slips(self.text.word(next), |family| {
                for given in &given {
                    let pair = self.pair(*given, family, at..next, next..next + 1, 68, false);
                    to.extend(pair.map(slip));
                }
            });
        }
    }

    /// An everyday word is no misspelt name, nor is one that a capital would begin were it a name.
    fn may_slip(&self, at: usize) -> bool {
        let plain = self.text.casing == Casing::Mixed && !self.is(at, like::CAPITAL | like::TAG);
        let everyday = self.marked(at, mark::COMMON | mark::TITLE | mark::PLACE | mark::PUPIL);
        !plain && !everyday && !self.is(at, like::DIGIT)
    }

    /// How sure a pair is, by how its words are written and what stands about it.
    fn weigh(&self, pair: &Pair) -> u8 {
        let given = self.index.entry(pair.given_id);
        let family = self.index.entry(pair.family_id);
        let capital = |at: usize| self.is(at, like::CAPITAL | like::TAG);
        let (first, last) = (capital(pair.given.start), capital(pair.family.start));
        let words = usize::from(given.is_word()) + usize::from(family.is_word());
        let tagged = self.is(pair.given.start, like::TAG) && self.is(pair.family.start, like::TAG);
        let slipped = pair.manner == Manner::Slip;
        let lost = match (self.text.casing, words) {
            (_, 0) => 0,
            _ if tagged => 5,
            (Casing::Mixed, 2) if first && last => 15,
            (Casing::Mixed, 2) => 80,
            (Casing::Mixed, _) if family.is_word() && !last => 70,
            (Casing::Mixed, _) => 2,
            // 'lily ward' in small letters is a name, 'may day' is not.
            (_, 2) => {
                let everyday = |entry: Entry| entry.marked(mark::COMMON | mark::TIME);
                match (everyday(given), everyday(family)) {
                    (false, false) => 30,
                    (true, true) => 58,
                    _ => 37,
                }
            }
            (_, _) if family.is_word() => 25,
            _ => 10,
        };
        let plain = self.text.casing == Casing::Mixed && words == 1 && first && last;
        let lost = lost
            + match (slipped && words > 0, plain) {
                (false, _) => 0,
                (true, true) => 10,
                (true, false) => 25,
            };
        let lost = lost + self.somebody_else(pair);
        pair.score.saturating_sub(lost)
    }

    /// A title before it, a place after it, somebody famous of the same name.
    fn somebody_else(&self, pair: &Pair) -> u8 {
        let before = pair.words.start.checked_sub(1);
        let title = before.is_some_and(|at| self.marked(at, mark::TITLE));
        let pupil = pair.people.iter().any(|p| matches!(p, Person::Pupil(_)));
        let place = self.gap(pair.words.end) == gap::SPACE
            && self.marked(pair.words.end, mark::PLACE)
            && self.is(pair.words.end, like::CAPITAL);
        let famous = self.is_famous(pair.words.clone());
        let fame = famous && self.speaks_of_fame(pair.words.start);
        // At home one speaks of films, on the school's account of pupils.
        let elsewhere =
            self.account == Account::Personal && !self.speaks_of_pupils(pair.words.start);
        [
            (title && pupil, 20),
            (place, 60),
            (famous && !fame && !elsewhere, 12),
            (fame || famous && elsewhere, 50),
        ]
        .into_iter()
        .filter(|(holds, _)| *holds)
        .map(|(_, lost)| lost)
        .sum()
    }

    /// `Ella and Sam Khan`: the first shares the family name.
    fn sharer(&mut self, score: u8, pair: &Pair) {
        let Some(joint) = pair.words.start.checked_sub(1) else {
            return;
        };
        let sign = self.gap(pair.words.start) & gap::AND != 0;
        let word = self.text.word(joint) == "and";
        let Some(at) = (if sign {
            Some(joint)
        } else {
            joint.checked_sub(1)
        }) else {
            return;
        };
        if !(sign || word) || self.is_taken(at..at + 1) {
            return;
        }
        let readings: Vec<Reading> = self.readings(at).collect();
        for reading in readings.into_iter().filter(|reading| reading.words == 1) {
            let found = self.pair(
                reading.id,
                pair.family_id,
                at..at + 1,
                at..at + 1,
                85,
                false,
            );
            if let Some(found) = found {
                let kind = kind_of(&found.people, Kind::PupilFullName);
                self.hit(Hit {
                    words: at..at + 1,
                    kind,
                    score: score.min(found.score),
                    manner: found.manner,
                    about: found.people,
                });
                return;
            }
        }
    }
}

fn slip(pair: Pair) -> Pair {
    Pair {
        manner: Manner::Slip,
        ..pair
    }
}
