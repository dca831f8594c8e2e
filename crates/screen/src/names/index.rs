//! The roll, so that a word is looked up once: built once, asked for every draft.

use rustc_hash::{FxHashMap, FxHashSet};

use super::groups::Groups;
use super::slips::Slips;
use super::sounds::Sounds;
use crate::contact::Own;
use crate::known::{Known, Person};
use crate::lists::{Lists, mark};
use crate::text::pieces;

/// What a word is on the roll; several can hold.
pub(crate) mod role {
    /// A pupil's given name.
    pub(crate) const GIVEN: u8 = 1;
    /// A pupil's family name.
    pub(crate) const FAMILY: u8 = 1 << 1;
    /// A given name of staff.
    pub(crate) const STAFF_GIVEN: u8 = 1 << 2;
    /// A family name of staff.
    pub(crate) const STAFF_FAMILY: u8 = 1 << 3;
    /// The first word of a name of several.
    pub(crate) const STARTS: u8 = 1 << 4;
    /// A short form of a given name.
    pub(crate) const SHORT: u8 = 1 << 5;
    /// Any given name.
    pub(crate) const ANY_GIVEN: u8 = GIVEN | STAFF_GIVEN | SHORT;
    /// Any family name.
    pub(crate) const ANY_FAMILY: u8 = FAMILY | STAFF_FAMILY;
}

/// What is known of one word.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Entry {
    /// Of [`role`].
    pub(crate) roles: u8,
    /// Of [`mark`].
    pub(crate) marks: u16,
    /// Of the people with this family name, the initials of their given names, a bit each.
    pub(crate) given_initials: u32,
    /// Of the pupils with this given name, the initials of their family names.
    pub(crate) family_initials: u32,
}

/// One who has a pair of names.
#[derive(Debug, Clone, Copy)]
struct Link {
    person: Person,
    /// One of the names is only part of theirs.
    part: bool,
    next: u32,
}

const NONE: u32 = u32::MAX;

/// A school's people and names, ready to be looked for. It keeps no text beside single names.
#[derive(Debug)]
pub struct Index {
    ids: FxHashMap<Box<str>, u32>,
    names: Vec<Box<str>>,
    entries: Vec<Entry>,
    pairs: FxHashMap<(u32, u32), u32>,
    links: Vec<Link>,
    given_of: FxHashMap<u32, Vec<u32>>,
    family_of: FxHashMap<u32, Vec<Person>>,
    variants: FxHashMap<u32, Vec<u32>>,
    slips: Slips,
    sounds: Sounds,
    pub(crate) groups: Groups,
    famous: FxHashSet<Box<str>>,
    pub(crate) own: Own,
    /// Of each person, the initials of their given names.
    pupil_initials: Vec<u32>,
    staff_initials: Vec<u32>,
    /// Of each pupil, the initials of their family names.
    pupil_families: Vec<u32>,
}

/// A name and the parts that are used for the whole.
struct Forms {
    whole: u32,
    parts: Vec<u32>,
}

impl Index {
    /// Reads what the school knows.
    #[must_use]
    pub fn new(known: &Known, lists: &Lists) -> Self {
        let mut index = Self {
            ids: FxHashMap::default(),
            names: Vec::new(),
            entries: Vec::new(),
            pairs: FxHashMap::default(),
            links: Vec::new(),
            given_of: FxHashMap::default(),
            family_of: FxHashMap::default(),
            variants: FxHashMap::default(),
            slips: Slips::default(),
            sounds: Sounds::default(),
            groups: Groups::default(),
            famous: lists.names.famous.clone(),
            own: Own::of(known, &lists.links.mail),
            pupil_initials: vec![0; known.pupils.len()],
            staff_initials: vec![0; known.staff.len()],
            pupil_families: vec![0; known.pupils.len()],
        };
        for (word, marks) in &lists.names.marks {
            let id = index.intern(word);
            index.mark(id, |entry| entry.marks |= marks);
        }
        for (at, pupil) in (0u32..).zip(&known.pupils) {
            index.person(Person::Pupil(at), &pupil.given, &pupil.family);
        }
        for (at, staff) in (0u32..).zip(&known.staff) {
            index.person(Person::Staff(at), &staff.given, &staff.family);
        }
        index.shorten(lists);
        index.endings();
        index.groups = Groups::of(known);
        let on_roll = |entry: &Entry| entry.roles & (role::GIVEN | role::FAMILY) != 0;
        let names = index.names.iter().zip(&index.entries);
        let names = (0u32..).zip(names).filter(|(_, (_, entry))| on_roll(entry));
        let names = names.map(|(id, (name, _))| (id, &**name));
        index.slips = Slips::of(names.clone());
        index.sounds = Sounds::of(names);
        index
    }

    fn intern(&mut self, word: &str) -> u32 {
        if let Some(id) = self.ids.get(word) {
            return *id;
        }
        let id = u32::try_from(self.names.len()).unwrap_or(NONE);
        self.ids.insert(word.into(), id);
        self.names.push(word.into());
        self.entries.push(Entry::default());
        id
    }

    fn mark(&mut self, id: u32, change: impl FnOnce(&mut Entry)) {
        if let Some(entry) = self.entries.get_mut(id as usize) {
            change(entry);
        }
    }

    /// A name of several words stands whole, and each word that is no mere particle stands for it.
    fn forms(&mut self, name: &str, roles: u8) -> Option<Forms> {
        let pieces = pieces(name);
        let whole = pieces.concat();
        if whole.is_empty() {
            return None;
        }
        let whole = self.intern(&whole);
        self.mark(whole, |entry| entry.roles |= roles);
        let mut parts = Vec::new();
        // O'Brien is one word, and is written as two.
        if let Some((before, _)) = name.split_once(['\'', '\u{2019}']) {
            let first = self.intern(&crate::text::pieces(before).concat());
            self.mark(first, |entry| entry.roles |= role::STARTS);
        }
        if let [first, _, ..] = pieces.as_slice() {
            let first = self.intern(first);
            self.mark(first, |entry| entry.roles |= role::STARTS);
            for piece in pieces.iter().filter(|piece| piece.chars().count() > 3) {
                let part = self.intern(piece);
                self.mark(part, |entry| entry.roles |= roles);
                parts.push(part);
            }
            if roles & role::ANY_GIVEN != 0 && !parts.contains(&first) {
                self.mark(first, |entry| entry.roles |= roles);
                parts.push(first);
            }
        }
        Some(Forms { whole, parts })
    }

    fn person(&mut self, person: Person, given: &[String], family: &[String]) {
        let (given_role, family_role) = match person {
            Person::Pupil(_) => (role::GIVEN, role::FAMILY),
            Person::Staff(_) => (role::STAFF_GIVEN, role::STAFF_FAMILY),
        };
        let given: Vec<Forms> = given
            .iter()
            .filter_map(|name| self.forms(name, given_role))
            .collect();
        let family: Vec<Forms> = family
            .iter()
            .filter_map(|name| self.forms(name, family_role))
            .collect();
        let all = |forms: &[Forms]| -> Vec<(u32, bool)> {
            let each = forms.iter().flat_map(|form| {
                let parts = form.parts.iter().map(|part| (*part, true));
                [(form.whole, false)].into_iter().chain(parts)
            });
            each.collect()
        };
        let (given, family) = (all(&given), all(&family));
        for (one, first_part) in &given {
            for (other, second_part) in &family {
                self.pair(*one, *other, person, *first_part || *second_part);
            }
            if let Person::Pupil(at) = person {
                push_new(self.given_of.entry(*one).or_default(), at);
            }
        }
        for (other, _) in &family {
            push_new(self.family_of.entry(*other).or_default(), person);
        }
    }

    fn pair(&mut self, given: u32, family: u32, person: Person, part: bool) {
        let given_bit = self.initial(given);
        let family_bit = self.initial(family);
        self.mark(family, |entry| entry.given_initials |= given_bit);
        self.mark(given, |entry| entry.family_initials |= family_bit);
        let (initials, place) = match person {
            Person::Pupil(place) => (&mut self.pupil_initials, place),
            Person::Staff(place) => (&mut self.staff_initials, place),
        };
        if let Some(initials) = initials.get_mut(place as usize) {
            *initials |= given_bit;
        }
        if let Person::Pupil(place) = person
            && let Some(initials) = self.pupil_families.get_mut(place as usize)
        {
            *initials |= family_bit;
        }
        let at = u32::try_from(self.links.len()).unwrap_or(NONE);
        let next = self.pairs.insert((given, family), at).unwrap_or(NONE);
        self.links.push(Link { person, part, next });
    }

    fn initial(&self, id: u32) -> u32 {
        self.name(id).chars().next().map_or(0, letter_bit)
    }

    /// Short forms stand for every name of their group that is on the roll, and those for one another.
    fn shorten(&mut self, lists: &Lists) {
        for group in &lists.names.short {
            let ids: Vec<u32> = group.iter().map(|name| self.intern(name)).collect();
            let roles = |index: &Self, id: u32| index.entry(id).roles;
            let on_roll: Vec<u32> = ids
                .iter()
                .copied()
                .filter(|id| roles(self, *id) & (role::GIVEN | role::STAFF_GIVEN) != 0)
                .collect();
            if on_roll.is_empty() {
                continue;
            }
            for id in ids {
                self.mark(id, |entry| entry.roles |= role::SHORT);
                let others = on_roll.iter().copied().filter(|other| *other != id);
                let variants = self.variants.entry(id).or_default();
                for other in others {
                    push_new(variants, other);
                }
            }
        }
    }

    /// Katie and Katy, Jamie and Jamey: names that end alike when spoken.
    fn endings(&mut self) {
        const ENDINGS: [&str; 4] = ["ie", "ey", "y", "i"];
        let given = |entry: &Entry| entry.is(role::GIVEN | role::STAFF_GIVEN);
        let names = (0u32..).zip(self.names.iter().zip(&self.entries));
        let names: Vec<(u32, String)> = names
            .filter(|(_, (name, entry))| given(entry) && name.len() > 3)
            .map(|(id, (name, _))| (id, name.to_string()))
            .collect();
        for (id, name) in names {
            let found = ENDINGS.iter().find_map(|end| name.strip_suffix(end));
            let Some(stem) = found.filter(|stem| stem.len() > 1) else {
                continue;
            };
            for ending in ENDINGS.map(|end| format!("{stem}{end}")) {
                if ending != name {
                    let other = self.intern(&ending);
                    self.mark(other, |entry| entry.roles |= role::SHORT);
                    push_new(self.variants.entry(other).or_default(), id);
                }
            }
        }
    }

    /// The number of a word, where the roll or the lists know it.
    pub(crate) fn id(&self, word: &str) -> Option<u32> {
        self.ids.get(word).copied()
    }

    /// The word of a number.
    pub(crate) fn name(&self, id: u32) -> &str {
        self.names.get(id as usize).map_or("", |name| name)
    }

    pub(crate) fn entry(&self, id: u32) -> Entry {
        self.entries.get(id as usize).copied().unwrap_or_default()
    }

    /// Those who have this pair of names, pupils first, and whether a name is only part of theirs.
    pub(crate) fn people(&self, given: u32, family: u32) -> Option<(Vec<Person>, bool)> {
        let mut at = *self.pairs.get(&(given, family))?;
        let mut people = Vec::new();
        let mut part = true;
        while let Some(link) = self.links.get(at as usize) {
            push_new(&mut people, link.person);
            part &= link.part;
            at = link.next;
        }
        people.sort_unstable();
        Some((people, part))
    }

    /// The names on the roll that a short form stands for.
    pub(crate) fn variants(&self, given: u32) -> &[u32] {
        self.variants.get(&given).map_or(&[], Vec::as_slice)
    }

    /// The pupils with a given name.
    pub(crate) fn with_given(&self, given: u32) -> impl Iterator<Item = u32> {
        let names = [given].into_iter().chain(self.variants(given).to_vec());
        names.flat_map(|name| self.given_of.get(&name).into_iter().flatten().copied())
    }

    /// The people with a family name.
    pub(crate) fn with_family(&self, family: u32) -> &[Person] {
        self.family_of.get(&family).map_or(&[], Vec::as_slice)
    }

    /// Whether a given name of theirs begins with a letter.
    pub(crate) fn has_initial(&self, person: Person, letter: char) -> bool {
        let initials = match person {
            Person::Pupil(place) => self.pupil_initials.get(place as usize),
            Person::Staff(place) => self.staff_initials.get(place as usize),
        };
        initials.is_some_and(|initials| initials & letter_bit(letter) != 0)
    }

    /// Whether a family name of a pupil begins with a letter.
    pub(crate) fn has_family_initial(&self, pupil: u32, letter: char) -> bool {
        let initials = self.pupil_families.get(pupil as usize);
        initials.is_some_and(|initials| initials & letter_bit(letter) != 0)
    }

    /// Whether a full name, run together, is somebody's whom everybody knows.
    pub(crate) fn is_famous(&self, name: &str) -> bool {
        self.famous.contains(name)
    }

    /// The names that sound like a word.
    pub(crate) fn sounding(&self, word: &str) -> &[u32] {
        self.sounds.like(word)
    }

    /// The names one slip away from a word.
    pub(crate) fn slips(&self, word: &str, found: impl FnMut(u32)) {
        self.slips.near(word, |id| self.name(id), found);
    }
}

/// A bit for each letter, and one for all others.
pub(crate) fn letter_bit(c: char) -> u32 {
    let number = u32::from(c).wrapping_sub(u32::from('a'));
    1 << number.min(26)
}

fn push_new<T: PartialEq>(to: &mut Vec<T>, value: T) {
    // People are read one after the other, so only the last can be the same in a long list.
    let same = match to.len() {
        ..8 => to.contains(&value),
        _ => to.last() == Some(&value),
    };
    if !same {
        to.push(value);
    }
}

impl Entry {
    pub(crate) fn is(&self, roles: u8) -> bool {
        self.roles & roles != 0
    }

    pub(crate) fn marked(&self, marks: u16) -> bool {
        self.marks & marks != 0
    }

    /// Whether it is more than a name.
    pub(crate) fn is_word(&self) -> bool {
        self.marked(mark::WORD | mark::COMMON)
    }
}
