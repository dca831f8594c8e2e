use std::collections::BTreeMap;

use super::Held;
use super::report::{self, Finding, Loss, Proved};
use crate::{Checkpoint, Follows, Frontier};

/// What checkpoints say that the log must give, the smallest first.
#[derive(Debug)]
pub(super) struct Claims {
    due: std::iter::Peekable<std::vec::IntoIter<(Held, Checkpoint)>>,
    proved: Vec<Proved>,
    losses: Vec<Loss>,
}

impl Claims {
    /// Sorts the checkpoints, and sets apart those that a later epoch says it could not keep.
    pub(super) fn new(
        checkpoints: impl IntoIterator<Item = (Held, Checkpoint)>,
        findings: &mut Vec<Finding>,
    ) -> Self {
        let mut due: Vec<_> = checkpoints.into_iter().collect();
        due.sort_by_key(|(_, checkpoint)| checkpoint.size);
        let openings = openings(&due, findings);
        let mut losses = Vec::new();
        due.retain(|(_, checkpoint)| {
            check_last(checkpoint, &openings, findings);
            let later = openings.range(checkpoint.epoch().saturating_add(1)..);
            let kept = later.map(|(_, from)| from.kept).min();
            let Some(kept) = kept.filter(|&kept| kept < checkpoint.size) else {
                return true;
            };
            losses.push(Loss {
                size: checkpoint.size,
                epoch: checkpoint.epoch(),
                kept,
            });
            false
        });
        Self {
            due: due.into_iter().peekable(),
            proved: Vec::new(),
            losses,
        }
    }

    /// Compares the checkpoints of the log's present size; returns the size of the next.
    pub(super) fn compare(&mut self, log: &Frontier, findings: &mut Vec<Finding>) -> Option<u64> {
        let size = log.size();
        while let Some((held, checkpoint)) = self.due.next_if(|(_, due)| due.size == size) {
            if checkpoint.root == log.root() {
                let epoch = checkpoint.epoch();
                self.proved.push(Proved { size, epoch, held });
            } else {
                let after = self.proved.last().map_or(0, |proved| proved.size);
                let count = 1;
                report::add(findings, Finding::RootDiffers { size, after, count });
            }
        }
        self.due.peek().map(|(_, checkpoint)| checkpoint.size)
    }

    /// What was proved and lost; a checkpoint of more records than were fed shows a cut.
    pub(super) fn finish(self, size: u64, findings: &mut Vec<Finding>) -> (Vec<Proved>, Vec<Loss>) {
        let promised = self.due.map(|(_, checkpoint)| checkpoint.size).max();
        if let Some(promised) = promised.filter(|&promised| promised > size) {
            report::add(findings, Finding::TailCut { size, promised });
        }
        (self.proved, self.losses)
    }
}

/// How each epoch after the first began. Two checkpoints that tell it differently mean two histories.
fn openings(
    checkpoints: &[(Held, Checkpoint)],
    findings: &mut Vec<Finding>,
) -> BTreeMap<u32, Follows> {
    let mut openings = BTreeMap::new();
    for (_, checkpoint) in checkpoints {
        let (epoch, size) = (checkpoint.epoch(), checkpoint.size);
        let Some(from) = checkpoint.follows else {
            continue;
        };
        if *openings.entry(epoch).or_insert(from) != from {
            report::add(findings, Finding::EpochDiffers { epoch, size });
        }
    }
    openings
}

/// The next epoch must follow the last checkpoint of this one: none may be larger, and none of its size may have another root.
fn check_last(
    checkpoint: &Checkpoint,
    openings: &BTreeMap<u32, Follows>,
    findings: &mut Vec<Finding>,
) {
    let epoch = checkpoint.epoch().saturating_add(1);
    let Some(from) = openings.get(&epoch) else {
        return;
    };
    let size = checkpoint.size;
    if size > from.size || (size == from.size && checkpoint.root != from.root) {
        report::add(findings, Finding::EpochDiffers { epoch, size });
    }
}
