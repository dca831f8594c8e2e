//! Times the engines beside one another.

use std::hint::black_box;

use crate::Outcome;
use crate::agreement::Named;
use crate::clock::{Timed, rounds};
use crate::engines::ENTRANTS;
use crate::made::Made;
use crate::report::Report;

/// The situations that are timed: the first of those agreed on.
const TIMED: usize = 1_000;

/// Loads the rules into every engine.
pub(crate) fn load(made: &Made) -> Outcome<Vec<Named>> {
    let loaded = ENTRANTS.iter().map(|entrant| {
        let engine = (entrant.load)(&(entrant.write)(made), made);
        Ok((
            entrant.name,
            engine.map_err(|e| format!("{}: {e}", entrant.name))?,
        ))
    });
    loaded.collect()
}

/// Matching with the input ready, the whole answer from JSON, and loading.
pub(crate) fn time(made: &Made, mut engines: Vec<Named>, report: &mut Report) -> Outcome<()> {
    let rules = made.rules.len();
    let situations = made.situations.get(..TIMED).unwrap_or(&made.situations);
    for (_, engine) in &mut engines {
        engine.prepare(situations)?;
    }
    let ready = engines.iter_mut().map(|(name, engine)| Timed {
        name: (*name).to_owned(),
        units: situations.len(),
        run: Box::new(|| engine.match_all()),
    });
    let ready = rounds(ready.collect());
    report.table(
        &format!("{rules} rules: all matching rules, input ready"),
        ready,
    );

    let texts = made.texts();
    let texts = texts.get(..TIMED).unwrap_or(&texts);
    let raw = engines.iter_mut().map(|(name, engine)| Timed {
        name: (*name).to_owned(),
        units: texts.len(),
        run: Box::new(|| engine.answer_all(texts)),
    });
    let raw = rounds(raw.collect());
    report.table(&format!("{rules} rules: whole answer from JSON"), raw);

    let loads = ENTRANTS.iter().map(|entrant| {
        let texts = (entrant.write)(made);
        Timed {
            name: entrant.name.to_owned(),
            units: 1,
            run: Box::new(move || {
                let _ = black_box((entrant.load)(&texts, made));
            }),
        }
    });
    let loads = rounds(loads.collect());
    report.table(&format!("{rules} rules: loading them from text"), loads);
    Ok(())
}
