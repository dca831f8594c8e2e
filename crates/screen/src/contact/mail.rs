//! E-mail addresses outside the school, plain or spelt out.

use linkify::LinkKind;

use super::{Own, Spot};
use crate::kind::Kind;
use crate::links::find;
use crate::lists::LinkLists;
use crate::text::Text;

pub(super) fn search(raw: &str, text: &Text, own: &Own, lists: &LinkLists, to: &mut Vec<Spot>) {
    if raw.contains('@') {
        for span in find(raw, LinkKind::Email) {
            let address = raw.get(span.clone()).unwrap_or("");
            let host = address.rsplit('@').next().unwrap_or("");
            if !own.has_host(&host.to_ascii_lowercase()) {
                to.push(Spot {
                    span,
                    kind: Kind::Email,
                    score: 95,
                });
            }
        }
    }
    spelt(text, own, lists, to);
}

/// `ella at gmail dot com`, `ella(at)gmail.com`.
fn spelt(text: &Text, own: &Own, lists: &LinkLists, to: &mut Vec<Spot>) {
    for at in 1..text.words.len() {
        if text.word(at) != "at" {
            continue;
        }
        let mut host = text.word(at + 1).to_owned();
        let mut end = at + 2;
        while end < at + 6 {
            match text.word(end) {
                "dot" => end += 1,
                "com" | "co" | "uk" | "org" | "net" | "sch" => {
                    host.push('.');
                    host.push_str(text.word(end));
                    end += 1;
                }
                _ => break,
            }
        }
        if lists.mail.contains(&host) && !own.has_host(&host) {
            to.push(Spot {
                span: text.span(at - 1..end),
                kind: Kind::Email,
                score: 85,
            });
        }
    }
}
