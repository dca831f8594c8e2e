//! What verifying finds, in plain English.

use std::fmt;

use ledger::Finding;
use serde::Serialize;

/// One way in which a log, or the store beside it, is not as it was recorded.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Fault {
    /// The log itself.
    Log(Finding),
    /// The stored head of the log cannot be read.
    Head,
    /// An event stands under a number that no event has.
    Number {
        /// The number.
        seq: i64,
    },
    /// What stands beside an event's content is not what the content says.
    Column {
        /// The first such event.
        first: u64,
        /// The column.
        column: &'static str,
        /// How many there are.
        count: u64,
    },
    /// The content of events is gone, and no erasure was recorded.
    Vanished {
        /// The first such event.
        first: u64,
        /// How many there are.
        count: u64,
    },
    /// An erasure was recorded, and content is still there.
    NotErased {
        /// The first such event.
        first: u64,
        /// How many erasures there are of which something is left.
        count: u64,
    },
    /// A record is not what its last event says.
    RecordAltered(Differing),
    /// A record that its last event says is there, is not.
    RecordMissing(Differing),
    /// A record that no event tells of, or that its last event says is gone, is there.
    RecordAdded(Differing),
    /// A checkpoint in the store was altered.
    Checkpoint {
        /// What its row says of its size.
        size: i64,
        /// What is wrong with it.
        why: String,
    },
    /// A checkpoint that was kept elsewhere is not of any log here, or signed by no key known.
    Kept {
        /// The file.
        file: String,
        /// What is wrong with it.
        why: String,
    },
    /// A verifier key that was kept elsewhere is not among those of the store.
    Key {
        /// The key.
        key: String,
    },
}

/// The first record that differs, and how many do.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Differing {
    /// The kind of record.
    pub record_kind: String,
    /// The record.
    pub record: String,
    /// Its last event, where there is one.
    pub event: Option<u64>,
    /// How many records differ so.
    pub count: u64,
}

/// A fault as JSON.
#[derive(Debug, Serialize)]
pub struct Told {
    /// Its name.
    pub fault: &'static str,
    /// The first event that it can concern.
    pub event: Option<u64>,
    /// The record that it concerns.
    pub record: Option<String>,
    /// In words.
    pub says: String,
}

impl Fault {
    /// The first event that it can concern.
    #[must_use]
    pub fn event(&self) -> Option<u64> {
        match self {
            Self::Log(finding) => Some(finding.first()),
            Self::Column { first, .. }
            | Self::Vanished { first, .. }
            | Self::NotErased { first, .. } => Some(*first),
            Self::RecordAltered(found) | Self::RecordMissing(found) | Self::RecordAdded(found) => {
                found.event
            }
            Self::Number { seq } => u64::try_from(*seq).ok(),
            Self::Head | Self::Checkpoint { .. } | Self::Kept { .. } | Self::Key { .. } => None,
        }
    }

    /// It as JSON.
    #[must_use]
    pub fn told(&self) -> Told {
        let record = match self {
            Self::RecordAltered(found) | Self::RecordMissing(found) | Self::RecordAdded(found) => {
                Some(format!("{}/{}", found.record_kind, found.record))
            }
            _ => None,
        };
        Told {
            fault: self.name(),
            event: self.event(),
            record,
            says: self.to_string(),
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Log(Finding::Altered { .. }) => "event-altered",
            Self::Log(Finding::Missing { .. }) => "event-missing",
            Self::Log(Finding::Reordered { .. }) => "event-reordered",
            Self::Log(Finding::Added { .. }) => "event-added",
            Self::Log(Finding::HeadDiffers { .. }) | Self::Head => "head-differs",
            Self::Log(Finding::RootDiffers { .. }) => "checkpoint-differs",
            Self::Log(Finding::TailCut { .. }) => "end-cut-off",
            Self::Log(Finding::EpochDiffers { .. }) => "epoch-differs",
            Self::Number { .. } => "event-added",
            Self::Column { .. } => "event-altered",
            Self::Vanished { .. } => "content-vanished",
            Self::NotErased { .. } => "not-erased",
            Self::RecordAltered(_) => "record-altered",
            Self::RecordMissing(_) => "record-missing",
            Self::RecordAdded(_) => "record-added",
            Self::Checkpoint { .. } => "checkpoint-altered",
            Self::Kept { .. } => "kept-checkpoint-refused",
            Self::Key { .. } => "key-differs",
        }
    }

    /// How to go on.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Log(Finding::TailCut { .. }) => {
                "If an older backup was restored by `probity restore`, the log says so itself and this does not \
                 appear. Otherwise find the newest backup that this checkpoint holds for, and restore that."
            }
            Self::NotErased { .. } => {
                "An older copy was probably put back by hand. Run `probity restore` as the guide says, which erases \
                 again what the list of erasures names."
            }
            Self::Kept { .. } => {
                "Check that the file is the one that was kept, and that it is of this installation. If it is, and \
                 the key was changed since, give the key of that time with --key."
            }
            Self::Key { .. } | Self::Checkpoint { .. } => {
                "Compare with the verifier key that was handed out when it was made. If the store's is another one, \
                 somebody with access to the database has exchanged it."
            }
            _ => {
                "Change nothing yet. Keep a copy of the database as it is, tell the data protection officer, and \
                 compare with the last backup that verifies (`probity restore` into an empty folder, then \
                 `probity verify` there)."
            }
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = match self {
            Self::Log(finding) => return log_fault(finding, f),
            Self::Head => {
                return f.write_str("The stored head of the log cannot be read: it was altered.");
            }
            Self::Number { seq } => {
                return write!(f, "Event {seq} was added: no event has such a number.");
            }
            Self::Column {
                first,
                column,
                count,
            } => {
                write!(
                    f,
                    "Event {first} was altered: its column '{column}' is not what was recorded."
                )?;
                *count
            }
            Self::Vanished { first, count } => {
                write!(
                    f,
                    "The content of event {first} is gone, and no erasure of it was recorded."
                )?;
                *count
            }
            Self::NotErased { first, count } => {
                write!(
                    f,
                    "The content of event {first} was erased by a recorded step, and is there again."
                )?;
                *count
            }
            Self::RecordAltered(found) => {
                write!(
                    f,
                    "The {found} was altered: it is not what its last event{} says.",
                    numbered(found.event)
                )?;
                found.count
            }
            Self::RecordMissing(found) => {
                write!(
                    f,
                    "The {found} is missing: its last event{} says that it is there.",
                    numbered(found.event)
                )?;
                found.count
            }
            Self::RecordAdded(found) => {
                match found.event {
                    None => write!(f, "The {found} was added: no event tells of it.")?,
                    Some(event) => write!(
                        f,
                        "The {found} was added: its last event ({event}) says that it is gone."
                    )?,
                }
                found.count
            }
            Self::Checkpoint { size, why } => {
                return write!(
                    f,
                    "A checkpoint of {size} events that is kept in the store was altered: {why}."
                );
            }
            Self::Kept { file, why } => {
                return write!(f, "The checkpoint in {file} does not fit: {why}.");
            }
            Self::Key { key } => {
                return write!(
                    f,
                    "The verifier key {key} is not among the log's keys here."
                );
            }
        };
        first_of(count, f)
    }
}

fn numbered(event: Option<u64>) -> String {
    event.map_or_else(String::new, |event| format!(" ({event})"))
}

fn first_of(count: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match count {
        0 | 1 => Ok(()),
        count => write!(f, " It is the first of {count}."),
    }
}

/// The ledger's own word for what is recorded is a record; people who read this look after records of
/// another kind, and call these events.
fn log_fault(finding: &Finding, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let text = finding.to_string();
    let text = text
        .replace("Record ", "Event ")
        .replace("records", "events")
        .replace("record ", "event ");
    f.write_str(&text)
}

impl fmt::Display for Differing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}",
            self.record_kind.replace(['_', '-'], " "),
            self.record
        )
    }
}
