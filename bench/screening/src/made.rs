//! The posts and the rolls: the project's own drafts, and names drawn as often as pupils have them.

use std::path::{Path, PathBuf};

use screen::{Known, Pupil};

use crate::Outcome;

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn data(name: &str) -> Outcome<String> {
    Ok(std::fs::read_to_string(
        root().join("crates/screen/tests/data").join(name),
    )?)
}

/// The drafts without their marks, so many of them in a post.
pub(crate) fn posts(each: usize) -> Outcome<Vec<String>> {
    let drafts = data("drafts/drafts.txt")?;
    let lines = drafts.lines().filter_map(|line| line.split_once(" | "));
    let drafts = lines.filter(|(account, _)| matches!(*account, "o" | "p"));
    let drafts: Vec<String> = drafts.map(|(_, marked)| words(marked)).collect();
    Ok(drafts
        .chunks(each.max(1))
        .map(|some| some.join(". "))
        .collect())
}

fn words(marked: &str) -> String {
    let mut words = String::new();
    let mut inside_kind = false;
    for c in marked.chars() {
        match c {
            '{' => {}
            '|' => inside_kind = true,
            '}' => inside_kind = false,
            c if !inside_kind => words.push(c),
            _ => {}
        }
    }
    words
}

struct Weighted(Vec<(String, u64)>);

impl Weighted {
    fn read(name: &str) -> Outcome<Self> {
        let mut sum = 0;
        let mut names = Vec::new();
        for line in data(name)?.lines() {
            let (name, weight) = line.split_once('\t').ok_or("a name and its weight")?;
            sum += weight.parse::<u64>()?;
            names.push((name.to_owned(), sum));
        }
        Ok(Self(names))
    }

    fn draw(&self, random: &mut u64) -> String {
        *random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let all = self.0.last().map_or(1, |(_, sum)| *sum);
        let at = (*random >> 33) % all;
        let place = self.0.partition_point(|(_, sum)| *sum <= at);
        self.0
            .get(place)
            .map(|(name, _)| name.clone())
            .unwrap_or_default()
    }
}

/// A roll with year groups and classes.
pub(crate) fn known(pupils: usize) -> Outcome<Known> {
    let (given, family) = (Weighted::read("given.tsv")?, Weighted::read("family.tsv")?);
    let mut random = 42;
    let mut all = Vec::with_capacity(pupils);
    for at in 0..pupils {
        let year = i8::try_from(at % 13)? + 1;
        let letter = char::from(b'A' + u8::try_from(at / 13 % 6)?);
        all.push(Pupil {
            given: vec![given.draw(&mut random)],
            family: vec![family.draw(&mut random)],
            year: Some(year),
            classes: vec![format!("{year}{letter}")],
            ..Pupil::default()
        });
    }
    Ok(Known {
        pupils: all,
        ..Known::default()
    })
}

/// The full names of a roll, each once, in small letters.
pub(crate) fn names(known: &Known) -> Vec<String> {
    let full = |pupil: &Pupil| {
        Some(format!("{} {}", pupil.given.first()?, pupil.family.first()?).to_lowercase())
    };
    let mut names: Vec<String> = known.pupils.iter().filter_map(full).collect();
    names.sort_unstable();
    names.dedup();
    names
}
