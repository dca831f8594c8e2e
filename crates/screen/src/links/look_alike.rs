//! Hosts that are made to look like another (Unicode TR 39, and what people do with digits).

use rustc_hash::FxHashSet;
use strsim::osa_distance;
use unicode_security::MixedScript;
use unicode_security::confusable_detection::skeleton;

use super::{is_among, same_site};
use crate::contact::Own;

/// Shorter hosts have honest neighbours.
const SHORTEST: usize = 8;

/// How sure it is that a host imitates one that people trust; nothing where it does not.
pub(super) fn imitates(host: &str, own: &Own, known: &FxHashSet<String>) -> Option<u8> {
    let seen = as_seen(host);
    if is_among(&seen, known) && seen == host {
        return None;
    }
    if !seen.is_ascii() {
        let mixed = seen.split('.').any(|label| !label.is_single_script());
        let looks: String = skeleton(&seen).collect();
        let trusted = own.domains.iter().chain(known.iter());
        let alike = trusted
            .map(String::as_str)
            .any(|known| ends_like(&looks, &skeleton(known).collect::<String>()));
        return match (alike, mixed) {
            (true, _) => Some(95),
            (false, true) => Some(88),
            (false, false) => None,
        };
    }
    let plain = plain(&seen);
    let trusted = own.domains.iter().chain(known.iter());
    let mut trusted = trusted.map(String::as_str);
    trusted.find_map(|known| {
        let hidden = stands_before_another(&plain, known);
        let site = last_labels(&plain, known.bytes().filter(|b| *b == b'.').count() + 1);
        let swapped = site == known && !same_site(&seen, known);
        let near = known.len() >= SHORTEST
            && site.len().abs_diff(known.len()) <= 1
            && site != known
            && osa_distance(site, known) == 1
            && same_ending(site, known);
        match (hidden || swapped, near) {
            (true, _) => Some(92),
            (false, true) => Some(70),
            (false, false) => None,
        }
    })
}

/// Whether a host names another before its own ending: `bbc.co.uk.prize.ru`, `bbc-co-uk-news.ru`.
fn stands_before_another(host: &str, known: &str) -> bool {
    let labels = host.match_indices(known).any(|(at, found)| {
        let before = at.checked_sub(1).and_then(|at| host.as_bytes().get(at));
        let after = host.as_bytes().get(at + found.len());
        before.is_none_or(|b| *b == b'.') && after == Some(&b'.')
    });
    labels || (host.contains('-') && host.contains(&format!("{}-", known.replace('.', "-"))))
}

/// What a browser shows: `xn--` labels as the letters that they stand for.
fn as_seen(host: &str) -> String {
    let (seen, _) = idna::domain_to_unicode(host);
    seen
}

/// Digits and pairs that stand for letters as those letters.
fn plain(host: &str) -> String {
    let plain = host.replace("rn", "m").replace("vv", "w");
    let plain = plain.replace('0', "o").replace('1', "l").replace('3', "e");
    // A host that only has these letters by nature is what it is.
    if plain == host {
        host.to_owned()
    } else {
        plain
    }
}

fn last_labels(host: &str, labels: usize) -> &str {
    let mut dots = host.rmatch_indices('.').map(|(at, _)| at + 1);
    let start = labels.checked_sub(1).and_then(|skip| dots.nth(skip));
    start.and_then(|at| host.get(at..)).unwrap_or(host)
}

/// Only the name differs, as where somebody registers a misspelling, not the ending.
fn same_ending(site: &str, known: &str) -> bool {
    let ending = |host: &str| host.split_once('.').map(|(_, end)| end.to_owned());
    ending(site) == ending(known)
}

fn ends_like(host: &str, known: &str) -> bool {
    host == known || host.ends_with(&format!(".{known}"))
}
