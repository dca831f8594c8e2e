//! Keeping small numbers back, and the numbers that would give them away.

use serde::Serialize;

/// Below this, a number could be about somebody who is known.
pub(super) const FEW: u64 = 5;
/// What rounded numbers are rounded to.
const STEP: u64 = 5;

/// A number as it may be shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "is")]
pub(super) enum Shown {
    /// As it is.
    Number(u64),
    /// Fewer than five, which may be none.
    Few,
    /// Rounded, so that no difference is exact.
    About(u64),
    /// At least so many: a sum of which a part is kept back.
    AtLeast(u64),
    /// Kept back so that a total does not give another number away.
    Hidden,
}

impl Shown {
    pub(super) fn words(self) -> String {
        match self {
            Self::Number(n) => n.to_string(),
            Self::Few => "fewer than 5".to_owned(),
            Self::About(n) => format!("about {n}"),
            Self::AtLeast(0) => "few".to_owned(),
            Self::AtLeast(n) => format!("at least {n}"),
            Self::Hidden => "not shown".to_owned(),
        }
    }

    pub(super) fn is_open(self) -> bool {
        matches!(self, Self::Number(_))
    }
}

/// A number alone.
pub(super) fn alone(n: u64) -> Shown {
    if n < FEW {
        Shown::Few
    } else {
        Shown::Number(n)
    }
}

/// A number that stands beside others which it must not give away.
pub(super) fn rounded(n: u64) -> Shown {
    match n {
        ..FEW => Shown::Few,
        n => Shown::About((n + STEP / 2) / STEP * STEP),
    }
}

/// The sum of numbers that are shown beside it. Made of what is shown alone, so that nothing that is kept back can be
/// found from it.
pub(super) fn sum(shown: &[Shown]) -> Shown {
    let numbers = shown.iter().map(|cell| match cell {
        Shown::Number(n) => *n,
        Shown::Few | Shown::About(_) | Shown::AtLeast(_) | Shown::Hidden => 0,
    });
    let known = numbers.sum();
    match shown.iter().all(|cell| cell.is_open()) {
        true => Shown::Number(known),
        false => Shown::AtLeast(known),
    }
}

/// The cells of a row whose total is shown as well.
pub(super) fn row(cells: &[u64]) -> (Vec<Shown>, Shown) {
    let mut total = alone(cells.iter().sum());
    let mut kept: Vec<bool> = cells.iter().map(|n| *n < FEW).collect();
    if total.is_open() {
        let places: Vec<(u64, u64)> = cells.iter().map(|n| (*n, 0)).collect();
        if !keep_back_more(&places, &mut kept) {
            total = Shown::Hidden;
        }
    }
    (shown(cells, &kept), total)
}

/// Of each place, how many of so many have something and how many have not yet; and the same of all places together.
/// How many there are is known, so that either number gives the other.
pub(super) fn parts(places: &[(u64, u64)]) -> (Vec<(Shown, Shown)>, (Shown, Shown)) {
    let small = |(have, lack): &(u64, u64)| *have < FEW || *lack < FEW;
    let sum = |(a, b): (u64, u64), (c, d): &(u64, u64)| (a + c, b + d);
    let total = places.iter().fold((0, 0), sum);
    let mut kept: Vec<bool> = places.iter().map(small).collect();
    let safe = small(&total) || keep_back_more(places, &mut kept);
    let shown = places.iter().zip(&kept);
    let shown = shown.map(|(place, kept)| pair(*place, *kept));
    (shown.collect(), pair(total, small(&total) || !safe))
}

/// What is kept back must not be found by taking the rest from the total: one that is alone is, and so is the sum of
/// several that is small itself. The smallest of the others are kept back beside them until neither is so. False where
/// that is not enough, and the total has to be kept back as well.
fn keep_back_more(places: &[(u64, u64)], kept: &mut [bool]) -> bool {
    loop {
        // Where there is nothing at all, there is nothing to give away.
        let held = places.iter().zip(kept.iter());
        let held = held.filter(|(place, kept)| **kept && **place != (0, 0));
        let none = (0, 0, 0, true, true);
        let add = |(count, one, other, few, others), ((a, b), _): (&(u64, u64), &bool)| {
            (
                count + 1,
                one + a,
                other + b,
                few && *a < FEW,
                others && *b < FEW,
            )
        };
        let (count, one, other, few, others) = held.fold(none, add);
        let small = |sum: u64| (1..FEW).contains(&sum);
        // Where all of them are said to be few, their sum must leave each the choice of being none: two fours that are
        // known to be eight are two fours.
        let tight = |sum: u64, few: bool| few && sum > (FEW - 1) * u64::saturating_sub(count, 1);
        if count != 1 && !small(one) && !small(other) && !tight(one, few) && !tight(other, others) {
            return true;
        }
        let open = places
            .iter()
            .zip(kept.iter_mut())
            .filter(|(_, kept)| !**kept);
        match open.min_by_key(|(place, _)| place.0 + place.1) {
            Some((_, smallest)) => *smallest = true,
            None => return false,
        }
    }
}

fn pair((have, lack): (u64, u64), kept: bool) -> (Shown, Shown) {
    let half = |n: u64| match (n < FEW, kept) {
        (true, _) => Shown::Few,
        (false, true) => Shown::Hidden,
        (false, false) => Shown::Number(n),
    };
    (half(have), half(lack))
}

fn shown(cells: &[u64], kept: &[bool]) -> Vec<Shown> {
    let cell = |(n, kept): (&u64, &bool)| match (*n < FEW, *kept) {
        (true, _) => Shown::Few,
        (false, true) => Shown::Hidden,
        (false, false) => Shown::Number(*n),
    };
    cells.iter().zip(kept).map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::{Shown, alone, parts, rounded, row, sum};

    #[test]
    fn a_small_number_is_not_found_from_its_row() {
        let (cells, total) = row(&[3, 10, 20]);
        assert_eq!(cells, [Shown::Few, Shown::Hidden, Shown::Number(20)]);
        assert_eq!(total, Shown::Number(33));
        assert_eq!(
            row(&[3, 1, 9, 20]).0,
            [Shown::Few, Shown::Few, Shown::Hidden, Shown::Number(20)]
        );
        assert_eq!(row(&[20, 0, 0]).0.first(), Some(&Shown::Number(20)));
        assert_eq!(row(&[6]), (vec![Shown::Number(6)], Shown::Number(6)));
        assert_eq!(row(&[2, 1]).1, Shown::Few);
        assert_eq!(alone(4).words(), "fewer than 5");
        assert_eq!(
            (rounded(7).words(), rounded(8).words()),
            ("about 5".into(), "about 10".into())
        );
    }

    /// Whatever the numbers: with the total known, every number that is kept back could be another one as well.
    #[test]
    fn no_number_that_is_kept_back_follows_from_the_others() {
        for a in 0..9 {
            for b in 0..9 {
                for c in 0..9 {
                    let (cells, total) = row(&[a, b, c]);
                    let open = cells.iter().filter(|cell| cell.is_open()).count();
                    let held = [a, b, c].into_iter().zip(&cells);
                    let held: u64 = held
                        .filter(|(_, cell)| !cell.is_open())
                        .map(|(n, _)| n)
                        .sum();
                    assert!(
                        !total.is_open() || held == 0 || held >= 5,
                        "{a} {b} {c}: {cells:?}"
                    );
                    assert!(
                        open != 2 || !total.is_open() || held == 0,
                        "{a} {b} {c}: {cells:?} {total:?}"
                    );
                    for (n, cell) in [a, b, c].into_iter().zip(cells) {
                        assert!(n >= 5 || cell == Shown::Few);
                    }
                }
            }
        }
    }

    /// The values that a cell can have, by what is said of it.
    fn may_be(cell: Shown, n: u64) -> bool {
        match cell {
            Shown::Number(is) => is == n,
            Shown::Few => n < 5,
            Shown::Hidden => n >= 5,
            Shown::About(_) | Shown::AtLeast(_) => true,
        }
    }

    /// Whoever knows the total and what is said of every cell has at least two answers for each small number but none.
    #[test]
    fn every_small_number_could_be_another() {
        let mut tried = 0;
        for a in 0..7 {
            for b in a..7 {
                for c in [0, 3, 4, 6, 20] {
                    for d in [2, 4, 5, 30] {
                        let cells = [a, b, c, d];
                        let (said, total) = row(&cells);
                        if !total.is_open() {
                            continue;
                        }
                        let sum: u64 = cells.iter().sum();
                        let mut possible: [Vec<u64>; 4] = Default::default();
                        for w in (0..=sum).filter(|n| may_be(said[0], *n)) {
                            for x in (0..=sum - w).filter(|n| may_be(said[1], *n)) {
                                for y in (0..=sum - w - x).filter(|n| may_be(said[2], *n)) {
                                    let z = sum - w - x - y;
                                    if may_be(said[3], z) {
                                        for (of, n) in possible.iter_mut().zip([w, x, y, z]) {
                                            of.push(n);
                                        }
                                    }
                                }
                            }
                        }
                        for (n, of) in cells.into_iter().zip(&mut possible) {
                            of.sort_unstable();
                            of.dedup();
                            tried += 1;
                            assert!(
                                !(1..5).contains(&n) || of.len() > 1,
                                "{n} of {cells:?}, said as {said:?}, can only be {of:?}"
                            );
                        }
                    }
                }
            }
        }
        assert!(tried > 1_000, "{tried}");
    }

    #[test]
    fn a_sum_says_no_more_than_its_parts() {
        let shown = [Shown::Number(8), Shown::Number(12)];
        assert_eq!(sum(&shown), Shown::Number(20));
        for kept in [Shown::Few, Shown::Hidden] {
            assert_eq!(sum(&[shown[0], kept]).words(), "at least 8");
        }
        assert_eq!(sum(&[Shown::Few, Shown::Hidden]).words(), "few");
    }

    #[test]
    fn of_two_parts_neither_gives_the_other_away() {
        let (places, total) = parts(&[(40, 2), (30, 10), (50, 20)]);
        assert_eq!(places.first(), Some(&(Shown::Hidden, Shown::Few)));
        assert_eq!(places.get(1), Some(&(Shown::Hidden, Shown::Hidden)));
        assert_eq!(places.get(2), Some(&(Shown::Number(50), Shown::Number(20))));
        assert_eq!(total, (Shown::Number(120), Shown::Number(32)));
    }
}
