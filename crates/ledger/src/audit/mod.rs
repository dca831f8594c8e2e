//! Reading a whole log once, leaf by leaf, against what is known of it.

mod claims;
mod places;
mod report;

use crate::{Checkpoint, Frontier, Hash, Salt, leaf};
use claims::Claims;
use places::{Places, Record};

pub use report::{Finding, Loss, Proved, Report};

/// What the store still has of a record's content.
#[derive(Debug, Clone, Copy)]
pub enum Content<'a> {
    /// The content and the salt of its commitment.
    Kept {
        /// The salt that the leaf was made with.
        salt: &'a Salt,
        /// The content that the leaf was made of.
        bytes: &'a [u8],
    },
    /// Both were erased; the leaf alone is left. Whether an erasure was recorded is for the caller to check: see [`Report::erased`].
    Erased,
}

/// Where a checkpoint came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// From the store that is verified. Whoever puts an old copy of the store back puts back its checkpoints as well.
    Here,
    /// From somebody who kept it elsewhere: this alone shows that nothing was cut from the end.
    Elsewhere,
}

/// Verifies one log: create it with what the log is held to, feed it every record in the order of their numbers, read the report.
///
/// It works in one pass and constant memory, but for the numbers of erased records, and allocates nothing for a sound one.
/// Recording may go on meanwhile if the store's head and its records are read in one transaction.
#[derive(Debug)]
pub struct Audit {
    head: Frontier,
    claims: Claims,
    log: Frontier,
    /// The next size at which something is compared, so that most leaves cost one comparison.
    stop: u64,
    /// The number of the next record. The size of `log`, until a record is missing.
    next: u64,
    /// A record is missing or stands twice: no root after it can be computed.
    broken: bool,
    places: Places,
    findings: Vec<Finding>,
    erased: Vec<u64>,
}

impl Audit {
    /// An audit against the store's head and all verified checkpoints of this log that can be had, whatever their epoch and order.
    /// A checkpoint of each later epoch must be among them, or what its restore lost counts as cut off.
    pub fn new(head: Frontier, checkpoints: impl IntoIterator<Item = (Held, Checkpoint)>) -> Self {
        let mut findings = Vec::new();
        let claims = Claims::new(checkpoints, &mut findings);
        let mut audit = Self {
            head,
            claims,
            log: Frontier::new(),
            stop: 0,
            next: 0,
            broken: false,
            places: Places::default(),
            findings,
            erased: Vec::new(),
        };
        audit.compare();
        audit
    }

    /// Takes the next record: its number, its leaf as stored, and its content.
    pub fn feed(&mut self, number: u64, stored: Hash, content: Content<'_>) {
        if number != self.next && !self.place(number) {
            return;
        }
        self.next = number.saturating_add(1);
        match content {
            Content::Kept { salt, bytes } => {
                // Another number only where a removal or an insertion was found: see `Places`.
                let own = number.wrapping_add_signed(self.places.shift());
                if leaf(own, salt, bytes) != stored {
                    self.places.displaced(&Record {
                        number,
                        stored,
                        salt,
                        bytes,
                    });
                } else {
                    self.places.in_place();
                }
            }
            Content::Erased => self.erased.push(number),
        }
        if !self.broken {
            self.log.append(stored);
            if self.log.size() == self.stop {
                self.compare();
            }
        }
    }

    /// Records that a number is not the next. False for a number that was passed already, whose record is not counted.
    fn place(&mut self, number: u64) -> bool {
        self.broken = true;
        if number < self.next {
            self.add(Finding::Added {
                first: number,
                count: 1,
            });
            return false;
        }
        self.add(Finding::Missing {
            first: self.next,
            count: number - self.next,
        });
        true
    }

    /// Compares what is due at this size, and finds the next.
    fn compare(&mut self) {
        let size = self.log.size();
        if size == self.head.size() && self.log != self.head {
            self.add(Finding::HeadDiffers { size });
        }
        let next = self.claims.compare(&self.log, &mut self.findings);
        let head = Some(self.head.size()).filter(|&head| head > size);
        self.stop = next.into_iter().chain(head).min().unwrap_or(u64::MAX);
    }

    fn add(&mut self, finding: Finding) {
        report::add(&mut self.findings, finding);
    }

    fn compare_end(&mut self, fed: u64, head: u64) {
        if fed < head {
            self.add(Finding::Missing {
                first: fed,
                count: head - fed,
            });
        } else if fed > head {
            self.add(Finding::Added {
                first: head,
                count: fed - head,
            });
        }
    }

    /// Ends the audit, when every record was fed.
    #[must_use]
    pub fn finish(mut self) -> Report {
        let (fed, head) = (self.next, self.head.size());
        let shift = self.places.resolve(fed, head, &mut self.findings);
        // Where later records were renumbered, that alone explains a difference.
        if fed.checked_add_signed(shift) != Some(head) {
            self.compare_end(fed, head);
        }
        let (proved, losses) = self.claims.finish(fed, &mut self.findings);
        self.findings.sort_by_key(Finding::first);
        Report {
            size: fed,
            root: (!self.broken).then(|| self.log.root()),
            findings: self.findings,
            proved,
            losses,
            erased: self.erased,
        }
    }
}
