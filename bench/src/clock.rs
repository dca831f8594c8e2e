//! Thread CPU time, so that other work on the machine counts as little as can be.

use rustix::time::{ClockId, clock_gettime};

/// A round lasts at least this long, so that reading the clock does not count.
const ROUND_NS: f64 = 3_000_000.0;

/// How many rounds each engine runs; the best one counts.
pub(crate) const ROUNDS: usize = 21;

/// The CPU time of this thread in nanoseconds.
pub(crate) fn now_ns() -> f64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    now.tv_sec as f64 * 1e9 + now.tv_nsec as f64
}

/// How long one call takes, in nanoseconds.
pub(crate) fn once_ns<T>(run: impl FnOnce() -> T) -> (T, f64) {
    let start = now_ns();
    let done = std::hint::black_box(run());
    (done, now_ns() - start)
}

/// Something to time: `run` does its work over `units` units once.
pub(crate) struct Timed<'a> {
    pub(crate) name: String,
    pub(crate) units: usize,
    pub(crate) run: Box<dyn FnMut() + 'a>,
}

/// What the rounds gave, in nanoseconds for one unit.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct Time {
    pub(crate) name: String,
    pub(crate) best_ns: f64,
    pub(crate) median_ns: f64,
}

/// Runs all of them in turn, round after round, after a warm-up that also finds how often a round must repeat.
pub(crate) fn rounds(mut all: Vec<Timed<'_>>) -> Vec<Time> {
    let passes: Vec<usize> = all.iter_mut().map(|timed| passes(&mut timed.run)).collect();
    let mut times = vec![Vec::new(); all.len()];
    for _ in 0..ROUNDS {
        for ((timed, passes), times) in all.iter_mut().zip(&passes).zip(&mut times) {
            let ((), ns) = once_ns(|| (0..*passes).for_each(|_| (timed.run)()));
            times.push(ns / (passes * timed.units) as f64);
        }
    }
    all.iter()
        .zip(times)
        .map(|(timed, mut times)| {
            times.sort_by(f64::total_cmp);
            Time {
                name: timed.name.clone(),
                best_ns: times.first().copied().unwrap_or(0.0),
                median_ns: times.get(times.len() / 2).copied().unwrap_or(0.0),
            }
        })
        .collect()
}

fn passes(run: &mut dyn FnMut()) -> usize {
    let mut passes = 1;
    loop {
        let ((), ns) = once_ns(|| (0..passes).for_each(|_| run()));
        if ns >= ROUND_NS {
            return passes;
        }
        passes *= 2;
    }
}
