//! A text made to do harm, as long as one likes: how long it takes and what memory.

use std::time::Instant;

use screen::{Draft, Index, screen};

use crate::engines::lists;
use crate::{Outcome, made, peak_kb};

/// Direction marks, joiners, look-alike letters, depth, heaps of accents, links and numbers.
const PIECES: [(&str, &str); 7] = [
    (
        "direction marks",
        "\u{202e}\u{2066}Ella\u{2069} Khan\u{202c} ",
    ),
    ("joiners", "E\u{200d}l\u{200b}l\u{2060}a K\u{feff}han "),
    ("look-alike letters", "Е\u{301}llа Кhаn "),
    ("deep nesting", "((((((((([[[[[[[[{{{{{{{{"),
    ("heaps of accents", "a\u{300}\u{301}\u{302}\u{303}\u{304}"),
    ("one word", "a"),
    (
        "all kinds of findings",
        "Oliver Smith 07700 900123 a@gmail.com https://bit.ly/x the school is a disgrace ",
    ),
];

pub(crate) fn measure(megabytes: usize) -> Outcome<()> {
    let lists = lists()?;
    let index = Index::new(&made::known(60_000)?, &lists);
    println!("| {megabytes} MB of | time | findings | memory at most beside the text |");
    println!("|---|---|---|---|");
    for (name, piece) in PIECES {
        let draft = Draft::of(piece.repeat((megabytes << 20) / piece.len()));
        let before = peak_kb()?;
        let start = Instant::now();
        let found = screen(&draft, &index, &lists).findings.len();
        let took = start.elapsed().as_secs_f64();
        let more = (peak_kb()?.saturating_sub(before)) / 1024;
        println!("| {name} | {took:.1} s | {found} | {more} MB |");
    }
    Ok(())
}
