//! Before anything is timed, every engine must give the same rules and the same answer for every situation.

use crate::Outcome;
use crate::engines::{Answer, Engine};
use crate::made::{Made, Rule, space};

/// A loaded engine and its name.
pub(crate) type Named = (&'static str, Box<dyn Engine>);

/// Holds every engine to a reference that looks at every rule; an error names the first that differs.
pub(crate) fn check(made: &Made, engines: &mut [Named]) -> Outcome<String> {
    let texts = made.texts();
    let mut holding = 0;
    for (at, (situation, text)) in made.situations.iter().zip(&texts).enumerate() {
        let rules: Vec<&Rule> = made.rules.iter().filter(|r| r.holds(situation)).collect();
        let numbers: Vec<usize> = rules.iter().map(|r| r.number).collect();
        let answer = Answer::gather(rules.iter().copied()).sorted();
        holding += numbers.len();
        for (name, engine) in engines.iter_mut() {
            if at == 0 {
                engine.prepare(&made.situations)?;
            }
            let found = engine.matching(at)?;
            if found != numbers {
                return Err(format!("{name}: {text} matches {found:?}, not {numbers:?}").into());
            }
            let found = engine.answer(text)?.sorted();
            if found != answer {
                return Err(format!("{name}: {text} gives {found:?}, not {answer:?}").into());
            }
        }
    }
    Ok(format!(
        "{} rules, {} situations of {}: all {} engines agree on every matching rule and every whole answer; \
         {:.1} rules match on average.",
        made.rules.len(),
        texts.len(),
        space(),
        engines.len(),
        holding as f64 / texts.len() as f64,
    ))
}
