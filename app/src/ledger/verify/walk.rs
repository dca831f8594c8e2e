//! Going through a log from its first event to its last.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZero;

use ledger::{Audit, Content, Report};

use super::line::{Line, Opened, Opener, StateHash, Told};
use super::{Fault, RecordKind};
use crate::ledger::LedgerError;
use crate::protection::ProtectionError;
use crate::store::{Query as _, Snapshot, Store, StoreError, TrustId};
use crate::values;

/// Events that are read at once.
const PAGE: i64 = 4_096;
/// Events so far from their own number that all numbers are tried; beyond these, they count as altered.
const TRIED_ANYWHERE: usize = 16;

/// What going through the log gave.
pub(super) struct Walked {
    pub(super) report: Report,
    pub(super) book: Book,
    pub(super) found: Vec<Fault>,
}

/// What is noted on the way.
#[derive(Default)]
pub(super) struct Book {
    /// Of each record that is compared: its last event that changed it, and its state after it.
    pub(super) last: HashMap<(String, String), (u64, Option<StateHash>)>,
    /// Of each record with erased content: its last such event, and how many there are.
    erased: BTreeMap<(String, String), (u64, u64)>,
    /// Of each record that was erased: the event of its last erasure.
    erasures: BTreeMap<(String, String), u64>,
    columns: Option<(u64, &'static str, u64)>,
    anywhere: usize,
}

struct Walk {
    store: Store,
    log: TrustId,
    kinds: Vec<&'static str>,
    audit: Audit,
    book: Book,
    faults: Vec<Fault>,
    size: i64,
}

/// Feeds the audit every event.
pub(super) async fn walk(
    store: &Store,
    log: &TrustId,
    snapshot: &mut Snapshot,
    audit: Audit,
    kinds: &[RecordKind],
) -> Result<Walked, LedgerError> {
    let size = snapshot
        .count(
            "SELECT CAST(COALESCE(MAX(seq) + 1, 0) AS BIGINT) AS n FROM ledger_event \
             WHERE trust = $1 AND seq >= 0",
            values![],
        )
        .await?;
    let mut walk = Walk {
        store: store.clone(),
        log: log.clone(),
        kinds: kinds.iter().map(|kind| kind.kind).collect(),
        audit,
        book: Book::default(),
        faults: Vec::new(),
        size: i64::try_from(size).unwrap_or(i64::MAX),
    };
    let mut page = read(snapshot, None).await?;
    while let Some(last) = page.last().map(|line| line.seq) {
        let lines = std::mem::take(&mut page);
        let opening = tokio::task::spawn_blocking(move || {
            let done = walk.take(&lines);
            (walk, done)
        });
        let (opened, next) = tokio::join!(opening, read(snapshot, Some(last)));
        let (after, done) = opened.map_err(|_| LedgerError::Stopped)?;
        done?;
        walk = after;
        page = next?;
    }
    let Walk {
        audit,
        mut book,
        mut faults,
        ..
    } = walk;
    if let Some((first, column, count)) = book.columns.take() {
        faults.push(Fault::Column {
            first,
            column,
            count,
        });
    }
    book.erasures(snapshot, &mut faults).await?;
    Ok(Walked {
        report: audit.finish(),
        book,
        found: faults,
    })
}

async fn read(snapshot: &mut Snapshot, after: Option<i64>) -> Result<Vec<Line>, StoreError> {
    let rows = snapshot
        .all(
            "SELECT e.seq, e.at, e.kind, e.record_kind, e.record, e.person, e.salt, e.content, \
               e.leaf, k.wrapped \
             FROM ledger_event e LEFT JOIN record_key k \
               ON k.trust = e.trust AND k.record = e.record_kind || '/' || e.record \
             WHERE e.trust = $1 AND e.seq > $2 ORDER BY e.seq LIMIT $3",
            values![after.unwrap_or(i64::MIN), PAGE],
        )
        .await?;
    rows.iter().map(Line::read).collect()
}

impl Walk {
    fn take(&mut self, lines: &[Line]) -> Result<(), ProtectionError> {
        for (line, opened) in lines.iter().zip(self.open(lines)?) {
            let Ok(seq) = u64::try_from(line.seq) else {
                self.faults.push(Fault::Number { seq: line.seq });
                continue;
            };
            let opened = match opened {
                Opened::Shut if self.book.anywhere < TRIED_ANYWHERE => {
                    self.book.anywhere += 1;
                    let mut opener = Opener::new(&self.store, &self.log, &self.kinds);
                    opener.open_anywhere(line, self.size)?
                }
                opened => opened,
            };
            match opened {
                Opened::Erased => {
                    self.book.note_erased(seq, line);
                    self.audit.feed(seq, line.hash(), Content::Erased);
                }
                Opened::Shut => self.feed(seq, line, &[]),
                Opened::Open(plain, told) => {
                    self.feed(seq, line, &plain);
                    self.book.note(seq, line, told);
                }
            }
        }
        Ok(())
    }

    fn feed(&mut self, seq: u64, line: &Line, bytes: &[u8]) {
        let salt = line.salt();
        let content = Content::Kept { salt: &salt, bytes };
        self.audit.feed(seq, line.hash(), content);
    }

    /// Opens a page on all processors.
    fn open(&self, lines: &[Line]) -> Result<Vec<Opened>, ProtectionError> {
        let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
        let part = lines.len().div_ceil(processors).max(1);
        let open = |lines: &[Line]| {
            let mut opener = Opener::new(&self.store, &self.log, &self.kinds);
            lines.iter().map(|line| opener.open(line)).collect()
        };
        std::thread::scope(|scope| {
            let mut parts = lines.chunks(part);
            let own = parts.next().unwrap_or_default();
            let others: Vec<_> = parts.map(|part| scope.spawn(move || open(part))).collect();
            let mut all: Vec<Opened> = open(own)?;
            for other in others {
                let opened: Result<Vec<Opened>, _> = other
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                all.append(&mut opened?);
            }
            Ok(all)
        })
    }
}

impl Book {
    fn note(&mut self, seq: u64, line: &Line, told: Told) {
        if let Some(column) = told.column {
            let (_, _, count) = self.columns.get_or_insert((seq, column, 0));
            *count += 1;
        }
        let record = || (line.record_kind.clone(), line.record.clone());
        if let Some(state) = told.state {
            self.last.insert(record(), (seq, state));
        }
        if let Some(erased) = told.erased {
            // What it was before is not known any more: only that it is not there.
            if let Some(last) = self.last.get_mut(&erased) {
                *last = (seq, None);
            }
            self.erasures.insert(erased, seq);
        }
    }

    fn note_erased(&mut self, seq: u64, line: &Line) {
        let record = (line.record_kind.clone(), line.record.clone());
        let (last, count) = self.erased.entry(record).or_insert((seq, 0));
        *last = seq;
        *count += 1;
    }

    /// Holds what is erased to the erasures that were recorded, and the other way round.
    async fn erasures(
        &mut self,
        snapshot: &mut Snapshot,
        faults: &mut Vec<Fault>,
    ) -> Result<(), StoreError> {
        let vanished = self.erased.iter().filter(|(record, (last, _))| {
            self.erasures
                .get(record)
                .is_none_or(|erasure| erasure < last)
        });
        let vanished: Vec<_> = vanished.map(|(_, counted)| *counted).collect();
        if let Some(first) = vanished.iter().map(|(last, _)| *last).min() {
            let count = vanished.iter().map(|(_, count)| count).sum();
            faults.push(Fault::Vanished { first, count });
        }
        let mut left: Vec<u64> = Vec::new();
        for ((kind, record), erasure) in &self.erasures {
            let row = snapshot
                .first(
                    "SELECT seq FROM ledger_event WHERE trust = $1 AND record_kind = $2 \
                       AND record = $3 AND seq < $4 AND content IS NOT NULL ORDER BY seq LIMIT 1",
                    values![kind, record, i64::try_from(*erasure).unwrap_or(i64::MAX)],
                )
                .await?;
            if let Some(row) = row {
                left.push(row.get("seq")?);
            }
        }
        if let Some(first) = left.iter().min().copied() {
            let count = u64::try_from(left.len()).unwrap_or(u64::MAX);
            faults.push(Fault::NotErased { first, count });
        }
        Ok(())
    }
}
