//! Links: those that hide where they lead, that are not what they look like, or that lead where nobody should.

mod find;
mod host;
mod look_alike;

use std::ops::Range;

use linkify::LinkKind;

use crate::contact::{Own, Spot, is_within};
use crate::draft::{Account, Part};
use crate::kind::Kind;
use crate::lists::LinkLists;
use crate::text::Text;
pub(crate) use find::find;
use host::Address;
use look_alike::imitates;

/// What a link is worth saying of.
struct Judged {
    kind: Kind,
    score: u8,
}

/// Every link of a part that there is something to say of; `places` is where links stand.
pub(crate) fn search(
    raw: &str,
    text: &Text,
    places: &[Range<usize>],
    account: Account,
    own: &Own,
    lists: &LinkLists,
) -> Vec<Spot> {
    let mut spots = Vec::new();
    for span in places.iter().cloned() {
        let Some(address) = raw.get(span.clone()) else {
            continue;
        };
        if let Some(judged) = judge(address, text, &span, account, own, lists) {
            spots.push(Spot {
                span,
                kind: judged.kind,
                score: judged.score,
            });
        }
    }
    unsafe_schemes(raw, lists, &mut spots);
    spots
}

/// Where links stand; an attached link is one whole.
pub(crate) fn places(raw: &str, part: Part) -> Vec<Range<usize>> {
    if matches!(part, Part::Link(_)) {
        return vec![trimmed(raw)];
    }
    if !raw.bytes().any(|b| matches!(b, b'.' | b':')) {
        return Vec::new();
    }
    let mut found = find(raw, LinkKind::Url);
    found.retain(|span| {
        let address = raw.get(span.clone()).and_then(Address::read);
        address.is_some_and(|address| address.scheme.is_some() || address.is_plain_host())
    });
    found
}

fn trimmed(raw: &str) -> Range<usize> {
    let start = raw.len() - raw.trim_start().len();
    start..start + raw.trim().len()
}

fn judge(
    address: &str,
    text: &Text,
    span: &Range<usize>,
    account: Account,
    own: &Own,
    lists: &LinkLists,
) -> Option<Judged> {
    let address = Address::read(address)?;
    let judged = |kind, score| Some(Judged { kind, score });
    let host = address.host.as_str();
    let among = |hosts: &rustc_hash::FxHashSet<String>| is_among(host, hosts);
    if address.user || address.is_number() {
        return judged(Kind::UnsafeLink, 92);
    }
    if own.has_host(host) {
        return None;
    }
    if among(&lists.adult) {
        return judged(Kind::UnsafeLink, 95);
    }
    if let Some(score) = imitates(host, own, &lists.known) {
        return judged(Kind::UnsafeLink, score);
    }
    let program = address
        .ending()
        .is_some_and(|end| lists.programs.contains(end));
    if among(&lists.files) || program {
        return judged(Kind::UnsafeLink, 75);
    }
    if among(&lists.short) {
        return judged(Kind::HiddenLink, 90);
    }
    if among(&lists.profiles) && address.is_profile(own) {
        let score = if speaks_of_me(text, span) { 80 } else { 40 };
        return match account {
            Account::Personal => judged(Kind::OwnProfile, score),
            Account::Official => judged(Kind::ExternalLink, 85),
        };
    }
    judged(Kind::ExternalLink, 90)
}

/// Whether a host is one of a list or under one.
fn is_among(host: &str, hosts: &rustc_hash::FxHashSet<String>) -> bool {
    let mut rest = host;
    loop {
        if hosts.contains(rest) {
            return true;
        }
        match rest.split_once('.') {
            Some((_, parent)) => rest = parent,
            None => return false,
        }
    }
}

/// Whether the sentence about a link gives it as the writer's own.
fn speaks_of_me(text: &Text, span: &Range<usize>) -> bool {
    let at = text.words.partition_point(|word| word.start < span.start);
    let after = text.words.partition_point(|word| word.start < span.end);
    let mut near = (at.saturating_sub(8)..at).chain(after..after + 6);
    near.any(|at| matches!(text.word(at), "my" | "me" | "mine" | "add" | "follow"))
}

/// `javascript:` and the like, which no finder of links looks for.
fn unsafe_schemes(raw: &str, lists: &LinkLists, to: &mut Vec<Spot>) {
    for (colon, _) in raw.match_indices(':') {
        let before = raw.get(..colon).unwrap_or("");
        let letters = before.bytes().rev().take(16);
        let length = letters.take_while(|b| b.is_ascii_alphabetic()).count();
        let start = colon - length;
        let scheme = raw.get(start..colon).unwrap_or("").to_ascii_lowercase();
        let follows = raw.as_bytes().get(colon + 1);
        let runs = follows.is_some_and(|b| !b.is_ascii_whitespace());
        if runs && lists.unsafe_schemes.contains(&scheme) {
            let rest = raw.get(colon..).unwrap_or("");
            let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
            to.push(Spot {
                span: start..colon + length,
                kind: Kind::UnsafeLink,
                score: 92,
            });
        }
    }
}

/// Whether two hosts belong together.
fn same_site(host: &str, other: &str) -> bool {
    is_within(host, other) || is_within(other, host)
}
