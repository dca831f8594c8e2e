//! What the words cannot tell: it is asked, not guessed.

use crate::draft::{Draft, Part};
use crate::finding::{Finding, Question, Sure};
use crate::lists::{Asked, Lists, Occasion};

pub(crate) fn questions(draft: &Draft, findings: &[Finding], lists: &Lists) -> Vec<Question> {
    let asked = lists.questions.iter();
    let here = asked.filter(|asked| asked.account.is_none_or(|only| only == draft.account));
    here.flat_map(|asked| put(asked, draft, findings)).collect()
}

/// The question once for each part that it is about, where nothing found answers it.
fn put(asked: &Asked, draft: &Draft, findings: &[Finding]) -> Vec<Question> {
    let mut parts: Vec<Option<Part>> = Vec::new();
    let pictures = 0..draft.alts.len();
    for occasion in &asked.when {
        match occasion {
            Occasion::Picture => parts.extend(pictures.clone().map(|at| Some(Part::Alt(at)))),
            Occasion::PictureUndescribed => {
                let blank = |at: &usize| draft.part(Part::Alt(*at)).trim().is_empty();
                let blank = pictures.clone().filter(blank);
                parts.extend(blank.map(|at| Some(Part::Alt(at))));
            }
            Occasion::Found(kind) => {
                let there = findings.iter().any(|finding| finding.kind == *kind);
                parts.extend(there.then_some(None));
            }
        }
    }
    parts.dedup();
    let answered = |part: &Option<Part>| {
        findings.iter().any(|finding| {
            let here = part.is_none_or(|part| part == finding.part);
            here && finding.sure > Sure::Possible && asked.unless.contains(&finding.kind)
        })
    };
    let open = parts.into_iter().filter(|part| !answered(part));
    let question = |part| Question {
        attribute: asked.attribute.clone(),
        why: asked.why.clone(),
        part,
    };
    open.map(question).collect()
}
