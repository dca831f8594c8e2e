//! One draft through every search.

use std::ops::Range;

use crate::draft::{Draft, Part};
use crate::finding::{Finding, Manner, Question, Screening, Sure};
use crate::kind::Kind;
use crate::known::Person;
use crate::lists::{Asked, Lists, Occasion};
use crate::names::{self, Index};
use crate::text::Text;

/// Findings of one draft in the making.
struct Found<'s> {
    draft: &'s Draft,
    lists: &'s Lists,
    findings: Vec<Finding>,
}

/// Screens a draft: what it holds, where, how sure, why it matters, how to mend it; and what must be asked.
///
/// Takes time in proportion to the draft's length, whatever it holds.
#[must_use]
pub fn screen(draft: &Draft, index: &Index, lists: &Lists) -> Screening {
    let mut found = Found {
        draft,
        lists,
        findings: Vec::new(),
    };
    for (part, words) in draft.parts() {
        let text = Text::read(words);
        found.people(part, &text, index);
    }
    found.findings.sort_by(|a, b| {
        let place = |f: &Finding| (f.part, f.span.start, f.span.end, f.kind);
        place(a).cmp(&place(b))
    });
    let questions = found.questions();
    Screening {
        findings: found.findings,
        questions,
    }
}

impl Found<'_> {
    fn people(&mut self, part: Part, text: &Text, index: &Index) {
        for hit in names::search(text, index) {
            let kind = match (part, hit.kind) {
                (Part::Handle, Kind::SchoolNamed) => Kind::SchoolInHandle,
                (_, kind) => kind,
            };
            let span = text.span(hit.words);
            self.push(part, span, kind, hit.score, hit.manner, hit.about);
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

    /// What the words cannot tell.
    fn questions(&self) -> Vec<Question> {
        let asked = self.lists.questions.iter();
        asked.flat_map(|asked| self.question(asked)).collect()
    }

    fn question(&self, asked: &Asked) -> Vec<Question> {
        let draft = self.draft;
        let elsewhere = asked.account.is_some_and(|only| only != draft.account);
        let known = |part: Option<Part>| {
            self.findings.iter().any(|finding| {
                let here = part.is_none_or(|part| part == finding.part);
                here && finding.sure > Sure::Possible && asked.unless.contains(&finding.kind)
            })
        };
        if elsewhere {
            return Vec::new();
        }
        let mut parts: Vec<Option<Part>> = Vec::new();
        for occasion in &asked.when {
            match occasion {
                Occasion::Picture => {
                    parts.extend((0..draft.alts.len()).map(|at| Some(Part::Alt(at))));
                }
                Occasion::PictureUndescribed => {
                    let blank = |at: &usize| draft.part(Part::Alt(*at)).trim().is_empty();
                    let blank = (0..draft.alts.len()).filter(blank);
                    parts.extend(blank.map(|at| Some(Part::Alt(at))));
                }
                Occasion::Found(kind) => {
                    let there = self.findings.iter().any(|finding| finding.kind == *kind);
                    parts.extend(there.then_some(None));
                }
            }
        }
        parts.dedup();
        let open = parts.into_iter().filter(|part| !known(*part));
        let question = |part| Question {
            attribute: asked.attribute.clone(),
            why: asked.why.clone(),
            part,
        };
        open.map(question).collect()
    }
}
