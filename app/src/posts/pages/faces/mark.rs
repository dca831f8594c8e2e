//! A face that the program missed: where a person says it is.

use picture::Place;

use super::Typed;

/// How much of the picture's longer side a marked face takes, in hundredths.
const SIZES: [(&str, u32); 3] = [("small", 5), ("medium", 12), ("large", 30)];
pub(super) const NOT_MARKED: &str = "Click on the middle of the face, or enter how far it is from the left and from the top, each from 0 to 100";

/// The place that was marked: around the point that was entered in hundredths, or around the one clicked on.
pub(super) fn place(
    typed: &Typed,
    (width, height): (u32, u32),
    shown: (i64, i64),
) -> Option<Place> {
    let entered = || {
        let part = |text: &str, side: u32| {
            let hundredths = text.trim().parse::<u32>().ok().filter(|n| *n <= 100)?;
            u32::try_from(u64::from(side) * u64::from(hundredths) / 100).ok()
        };
        Some((part(&typed.left, width)?, part(&typed.top, height)?))
    };
    let clicked = || {
        let (x, y): (i64, i64) = (typed.at_x.parse().ok()?, typed.at_y.parse().ok()?);
        // A keyboard presses the picture at its corner.
        let inside = (0..shown.0).contains(&x) && (0..shown.1).contains(&y);
        let scaled = |at: i64, side: u32, shown: i64| {
            u32::try_from(at * i64::from(side) / shown.max(1)).ok()
        };
        let point = Some((scaled(x, width, shown.0)?, scaled(y, height, shown.1)?));
        point.filter(|_| inside && (x, y) != (0, 0))
    };
    let (x, y) = entered().or_else(clicked)?;
    let (_, part) = SIZES.into_iter().find(|(name, _)| *name == typed.size)?;
    let long = (width.max(height).saturating_mul(part) / 100).max(1);
    let place = Place {
        x: x.saturating_sub(long / 2),
        y: y.saturating_sub(long / 2),
        width: long,
        height: long,
    };
    place.within(width, height)
}

#[cfg(test)]
mod tests {
    use super::{Typed, place};

    fn typed(list: [&str; 5]) -> Typed {
        let [at_x, at_y, left, top, size] = list.map(str::to_owned);
        Typed {
            at_x,
            at_y,
            left,
            top,
            size,
            ..Typed::default()
        }
    }

    fn at(list: [&str; 5]) -> Option<(u32, u32, u32, u32)> {
        let place = place(&typed(list), (1200, 800), (600, 400))?;
        Some((place.x, place.y, place.width, place.height))
    }

    #[test]
    fn a_click_and_hundredths_mean_the_same_place() {
        let small = Some((570, 370, 60, 60));
        assert_eq!(at(["300", "200", "", "", "small"]), small);
        assert_eq!(at(["", "", "50", "50", "small"]), small);
        // What was entered counts before a key that pressed the picture.
        assert_eq!(at(["0", "0", "50", "50", "small"]), small);
        // At the edge there is less of it.
        assert_eq!(
            at(["599", "399", "", "", "large"]),
            Some((1018, 618, 182, 182))
        );
    }

    #[test]
    fn what_is_no_place_is_none() {
        for none in [
            ["0", "0", "", "", "small"],
            ["700", "20", "", "", "small"],
            ["-1", "20", "", "", "small"],
            ["", "", "101", "5", "small"],
            ["300", "200", "", "", "huge"],
            ["", "", "", "", "small"],
        ] {
            assert_eq!(at(none), None, "{none:?}");
        }
    }
}
