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
    /// Kept back so that a total does not give another number away.
    Hidden,
}

impl Shown {
    pub(super) fn words(self) -> String {
        match self {
            Self::Number(n) => n.to_string(),
            Self::Few => "fewer than 5".to_owned(),
            Self::About(n) => format!("about {n}"),
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

/// The cells of a row whose total is shown as well.
pub(super) fn row(cells: &[u64]) -> (Vec<Shown>, Shown) {
    let total = alone(cells.iter().sum());
    let kept = kept_back(cells, cells.iter().map(|n| *n < FEW).collect());
    (shown(cells, &kept), total)
}

/// Of each place, how many of so many have something and how many have not yet; and the same of all places together.
/// How many there are is known, so that either number gives the other.
pub(super) fn parts(places: &[(u64, u64)]) -> (Vec<(Shown, Shown)>, (Shown, Shown)) {
    let small = |(have, lack): &(u64, u64)| *have < FEW || *lack < FEW;
    let sizes: Vec<u64> = places.iter().map(|(have, lack)| have + lack).collect();
    let kept = kept_back(&sizes, places.iter().map(small).collect());
    let places_shown = places
        .iter()
        .zip(&kept)
        .map(|(place, kept)| pair(*place, *kept));
    let sum = |(a, b): (u64, u64), (c, d): &(u64, u64)| (a + c, b + d);
    let total = places.iter().fold((0, 0), sum);
    (places_shown.collect(), pair(total, small(&total)))
}

fn pair((have, lack): (u64, u64), kept: bool) -> (Shown, Shown) {
    let half = |n: u64| match (n < FEW, kept) {
        (true, _) => Shown::Few,
        (false, true) => Shown::Hidden,
        (false, false) => Shown::Number(n),
    };
    (half(have), half(lack))
}

/// One that alone is kept back of a row is found by taking the others from the total: the smallest of the others is kept
/// back beside it.
fn kept_back(cells: &[u64], mut kept: Vec<bool>) -> Vec<bool> {
    if kept.iter().filter(|kept| **kept).count() == 1 {
        let open = cells.iter().zip(&mut kept).filter(|(_, kept)| !**kept);
        if let Some((_, smallest)) = open.min_by_key(|(n, _)| **n) {
            *smallest = true;
        }
    }
    kept
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
    use super::{Shown, alone, parts, rounded, row};

    #[test]
    fn a_small_number_is_not_found_from_its_row() {
        let (cells, total) = row(&[3, 10, 20]);
        assert_eq!(cells, [Shown::Few, Shown::Hidden, Shown::Number(20)]);
        assert_eq!(total, Shown::Number(33));
        assert_eq!(
            row(&[3, 1, 9]).0,
            [Shown::Few, Shown::Few, Shown::Number(9)]
        );
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
                    assert!(
                        open != 2 || !total.is_open(),
                        "{a} {b} {c}: {cells:?} {total:?}"
                    );
                    for (n, cell) in [a, b, c].into_iter().zip(cells) {
                        assert!(n >= 5 || cell == Shown::Few);
                    }
                }
            }
        }
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
