use std::fmt;

use super::Held;

/// One way in which a log is not as it was recorded. Of each way the first is named, and how many more there are. Numbers are from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// A record's content does not match its leaf: one of the two was altered after it was recorded.
    Altered {
        /// The first such record.
        first: u64,
        /// How many there are.
        count: u64,
    },
    /// Records were taken out.
    Missing {
        /// The first number that is gone. Where those after it were renumbered, it is the number that it had.
        first: u64,
        /// How many are gone.
        count: u64,
    },
    /// Records were recorded under other numbers than they now bear.
    Reordered {
        /// The first record that is not in its place.
        first: u64,
        /// The record that it changed places with, where it is as plain as that.
        with: Option<u64>,
    },
    /// Records were put in that the log does not have.
    Added {
        /// The first such record.
        first: u64,
        /// How many there are.
        count: u64,
    },
    /// The stored head (size and frontier) is not what the leaves give.
    HeadDiffers {
        /// The head's size.
        size: u64,
    },
    /// The leaves do not give the root of a checkpoint.
    RootDiffers {
        /// The checkpoint's size.
        size: u64,
        /// The size of the last checkpoint before it that is proved, or 0: the leaf in question has this number or a higher one.
        after: u64,
        /// How many checkpoints are so.
        count: u64,
    },
    /// A checkpoint covers more records than there are: the end was cut off, or an old copy was put back.
    TailCut {
        /// How many records there are.
        size: u64,
        /// How many the checkpoint covers.
        promised: u64,
    },
    /// Two checkpoints contradict each other on how an epoch began, or an epoch names as the last checkpoint before it one that is not.
    EpochDiffers {
        /// The epoch.
        epoch: u32,
        /// The size of the checkpoint that contradicts it.
        size: u64,
    },
}

/// A checkpoint that the log was proved to continue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proved {
    /// Its size.
    pub size: u64,
    /// Its epoch.
    pub epoch: u32,
    /// Where it was kept.
    pub held: Held,
}

/// A checkpoint that covers records which a restore lost, as the epoch after it states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loss {
    /// The checkpoint's size.
    pub size: u64,
    /// Its epoch.
    pub epoch: u32,
    /// How many of its records are left.
    pub kept: u64,
}

/// What an [`super::Audit`] found. Its `Display` is for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How many records the log has, counting missing ones.
    pub size: u64,
    /// The root that its leaves give; nothing where some are missing.
    pub root: Option<crate::Hash>,
    /// Everything that is wrong, in the order of the records concerned. Empty for a sound log.
    pub findings: Vec<Finding>,
    /// The checkpoints that were proved, by size.
    pub proved: Vec<Proved>,
    /// The checkpoints that a stated restore broke. Not findings: the log says so itself.
    pub losses: Vec<Loss>,
    /// The numbers of records whose content is erased, ascending. For each the caller must know of an erasure that was recorded.
    pub erased: Vec<u64>,
}

impl Report {
    /// Whether nothing was found.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }

    /// The largest size that a checkpoint kept elsewhere proves. Beyond it, a cut end or an old copy put back could not be seen.
    #[must_use]
    pub fn proved_elsewhere(&self) -> Option<u64> {
        let elsewhere = |proved: &&Proved| proved.held == Held::Elsewhere;
        self.proved
            .iter()
            .filter(elsewhere)
            .map(|proved| proved.size)
            .max()
    }
}

impl Finding {
    /// The first record that it can concern.
    #[must_use]
    pub fn first(&self) -> u64 {
        match *self {
            Self::Altered { first, .. }
            | Self::Missing { first, .. }
            | Self::Reordered { first, .. }
            | Self::Added { first, .. } => first,
            Self::RootDiffers { after, .. } => after,
            Self::HeadDiffers { size }
            | Self::TailCut { size, .. }
            | Self::EpochDiffers { size, .. } => size,
        }
    }

    fn count(&self) -> u64 {
        match *self {
            Self::Altered { count, .. }
            | Self::Missing { count, .. }
            | Self::Added { count, .. }
            | Self::RootDiffers { count, .. } => count,
            _ => 1,
        }
    }
}

/// Adds a finding to the first of its kind, so that a log of a million faults makes a short report.
pub(super) fn add(findings: &mut Vec<Finding>, new: Finding) {
    use Finding::{Added, Altered, Missing, RootDiffers};
    for old in &mut *findings {
        match (old, new) {
            (Altered { first, count }, Altered { first: f, count: c })
            | (Missing { first, count }, Missing { first: f, count: c })
            | (Added { first, count }, Added { first: f, count: c }) => {
                *first = f.min(*first);
                *count += c;
                return;
            }
            // Checkpoints are compared from the smallest up.
            (RootDiffers { count, .. }, RootDiffers { .. }) => {
                *count += 1;
                return;
            }
            (old, new) if std::mem::discriminant(old) == std::mem::discriminant(&new) => {
                if new.first() < old.first() {
                    *old = new;
                }
                return;
            }
            _ => {}
        }
    }
    findings.push(new);
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Altered { first, .. } => write!(
                f,
                "Record {first} was altered: its content does not match its leaf."
            ),
            Self::Missing { first, .. } => write!(f, "Record {first} is missing."),
            Self::Reordered { first, with } => {
                write!(f, "Record {first} is not in its place: ")?;
                match with {
                    Some(with) => write!(f, "it was exchanged with record {with}."),
                    None => f.write_str("it and records after it were put in another order."),
                }
            }
            Self::Added { first, .. } => write!(
                f,
                "Record {first} was added: it is not part of the recorded log."
            ),
            Self::HeadDiffers { size } => write!(
                f,
                "The stored head does not fit the leaves of the {size} records that it covers."
            ),
            Self::RootDiffers { size, after, .. } => write!(
                f,
                "The log is not the one that the checkpoint of {size} records was made of: a leaf from record {after} on was altered."
            ),
            Self::TailCut { size, promised } => write!(
                f,
                "The end of the log was cut off, or an old copy was put back: there are {size} records, and a checkpoint covers {promised}."
            ),
            Self::EpochDiffers { epoch, size } => write!(
                f,
                "Epoch {epoch} does not say truly which checkpoint it follows: the checkpoint of {size} records contradicts it."
            ),
        }?;
        match self.count() {
            0 | 1 => Ok(()),
            count => write!(f, " It is the first of {count}."),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_sound() {
            writeln!(
                f,
                "The log is sound: {} records, {} of them erased.",
                self.size,
                self.erased.len()
            )?;
        } else {
            writeln!(f, "The log is not as it was recorded.")?;
        }
        for finding in &self.findings {
            writeln!(f, "- {finding}")?;
        }
        for Loss { size, epoch, kept } in &self.losses {
            writeln!(
                f,
                "The checkpoint of {size} records in epoch {epoch} holds for its first {kept} only: a restore, which the log states, lost the rest."
            )?;
        }
        match self.proved_elsewhere() {
            Some(size) => write!(
                f,
                "The first {size} records are proved by a checkpoint kept elsewhere."
            ),
            None => f.write_str(
                "No checkpoint kept elsewhere proves the log, so a cut end or an old copy put back could not be seen.",
            ),
        }
    }
}
