//! One draft through every search.

use std::ops::Range;

use crate::contact::{self, Spot};
use crate::disguise;
use crate::draft::{Account, Audience, Draft, Part};
use crate::finding::{Finding, Manner, Screening, Sure};
use crate::kind::Kind;
use crate::known::Person;
use crate::links;
use crate::lists::Lists;
use crate::names::{self, Hit, Index};
use crate::phrases;
use crate::questions::questions;
use crate::text::{self, Text};

/// More findings than anybody reads; a hostile text could bring millions.
const MOST: usize = 10_000;

/// Findings of one draft in the making.
struct Found<'s> {
    draft: &'s Draft,
    index: &'s Index,
    lists: &'s Lists,
    findings: Vec<Finding>,
    /// Where the piece under search begins in its part.
    at: usize,
}

/// Screens a draft: what it holds, where, how sure, why it matters, how to mend it; and what must be asked.
///
/// Takes time in proportion to the draft's length, whatever it holds; beside the draft, memory for one piece of it and for
/// no more findings than anybody reads: the first ten thousand.
#[must_use]
pub fn screen(draft: &Draft, index: &Index, lists: &Lists) -> Screening {
    let mut found = Found {
        draft,
        index,
        lists,
        findings: Vec::new(),
        at: 0,
    };
    for (part, raw) in draft.parts() {
        for (at, piece) in text::parts(raw) {
            found.at = at;
            found.part(part, piece);
        }
    }
    found.at = 0;
    found.message();
    found.own_views();
    let mut findings = found.findings;
    findings.sort_by(|a, b| {
        let place = |f: &Finding| (f.part, f.span.start, f.span.end, f.kind);
        place(a).cmp(&place(b))
    });
    findings.dedup_by(|a, b| (a.part, &a.span, a.kind) == (b.part, &b.span, b.kind));
    let questions = questions(draft, &findings, lists);
    Screening {
        findings,
        questions,
    }
}

impl Found<'_> {
    fn part(&mut self, part: Part, raw: &str) {
        let mut text = Text::read(raw);
        let places = match part {
            Part::Handle => Vec::new(),
            _ => links::places(raw, part),
        };
        text.mark_links(&places);
        let people = names::search(&text, self.draft.account, self.index);
        self.phrases(part, &text, &people);
        for hit in people {
            let span = text.span(hit.words.clone());
            // A picture by somebody does not show them.
            let before = hit
                .words
                .start
                .checked_sub(1)
                .map_or("", |at| text.word(at));
            self.person(part, span, hit, before == "by");
        }
        if part == Part::Handle {
            self.handle(raw, &text);
        } else {
            let own = &self.index.own;
            let links = &self.lists.links;
            let linked = links::search(raw, &text, &places, self.draft.account, own, links);
            self.spots(part, linked);
            let mut details = contact::search(raw, &text, own, self.lists);
            details.retain(|spot| !is_in_address(spot, &places));
            self.spots(part, details);
            self.spots(part, disguise::search(raw));
        }
    }

    fn phrases(&mut self, part: Part, text: &Text, people: &[Hit]) {
        let phrases = &self.lists.phrases;
        for said in phrases::search(text, phrases, people, part, self.draft.account) {
            let span = text.span(said.words);
            self.push(part, span, said.kind, said.score, Manner::Plain, Vec::new());
        }
    }

    fn person(&mut self, part: Part, span: Range<usize>, hit: Hit, made_by: bool) {
        let kind = match (part, hit.kind) {
            (Part::Handle, Kind::SchoolNamed) => Kind::SchoolInHandle,
            // The account's own name and profile name its owner.
            (Part::Handle | Part::Profile, Kind::StaffNamed) => return,
            (_, kind) => kind,
        };
        let shown = match kind {
            Kind::PupilFullName | Kind::PupilIdentified => Some(Kind::PupilPictured),
            Kind::StaffNamed => Some(Kind::ColleaguePictured),
            _ => None,
        };
        // Whom a picture's description names, the picture shows.
        if let Some(shown) = shown.filter(|_| matches!(part, Part::Alt(_)) && !made_by) {
            let score = hit.score.min(85);
            let about = hit.about.clone();
            self.push(part, span.clone(), shown, score, hit.manner, about);
        }
        self.push(part, span, kind, hit.score, hit.manner, hit.about);
    }

    /// A school's name run together in the account's name.
    fn handle(&mut self, raw: &str, text: &Text) {
        let mut whole = String::new();
        text.joined(0..text.words.len(), &mut whole);
        let named = |f: &Finding| f.kind == Kind::SchoolInHandle;
        if self.index.groups.has_school(&whole) && !self.findings.iter().any(named) {
            let kind = Kind::SchoolInHandle;
            self.push(
                Part::Handle,
                0..raw.len(),
                kind,
                85,
                Manner::RunTogether,
                Vec::new(),
            );
        }
    }

    fn spots(&mut self, part: Part, spots: Vec<Spot>) {
        for spot in spots {
            let (kind, score) = (spot.kind, spot.score);
            self.push(part, spot.span, kind, score, Manner::Plain, Vec::new());
        }
    }

    /// A draft for one person is a private message, whatever it says.
    fn message(&mut self) {
        if self.draft.audience == Audience::Direct && !self.draft.text.is_empty() {
            let span = 0..self.draft.text.len();
            let kind = Kind::DirectMessage;
            self.push(Part::Text, span, kind, 95, Manner::Plain, Vec::new());
        }
    }

    /// A line that the views are one's own, in the post or the profile, answers for every opinion.
    fn own_views(&mut self) {
        let line = |f: &Finding| f.kind == Kind::ViewsLine && f.sure > Sure::Possible;
        if self.draft.account == Account::Official || self.findings.iter().any(line) {
            self.findings
                .retain(|finding| finding.kind != Kind::ViewsLineMissing);
        }
    }

    fn push(
        &mut self,
        part: Part,
        span: Range<usize>,
        kind: Kind,
        score: u8,
        manner: Manner,
        about: Vec<Person>,
    ) {
        let told = self.lists.told(kind);
        let matters = told.account.is_none_or(|only| only == self.draft.account);
        let Some(sure) = Sure::of(score).filter(|_| matters) else {
            return;
        };
        if self.findings.len() >= MOST {
            return;
        }
        let span = self.at + span.start..self.at + span.end;
        self.findings.push(Finding {
            part,
            span,
            kind,
            score,
            sure,
            manner,
            about,
            why: told.why.clone(),
            mend: told.mend.clone(),
        });
    }
}

/// Digits of an address are no number or postcode.
fn is_in_address(spot: &Spot, places: &[Range<usize>]) -> bool {
    let numbers = matches!(
        spot.kind,
        Kind::Telephone | Kind::PostalAddress | Kind::BirthDate | Kind::PupilNumber
    );
    let after = places.partition_point(|place| place.start <= spot.span.start);
    let last = after.checked_sub(1).and_then(|at| places.get(at));
    numbers && last.is_some_and(|place| spot.span.end <= place.end)
}
