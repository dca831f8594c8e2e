//! A log as a store keeps it, to be tampered with.

use jiff::Timestamp;
use ledger::{Audit, Checkpoint, Content, Follows, Frontier, Hash, Held, Report, Salt, leaf};

#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) number: u64,
    pub(crate) leaf: Hash,
    pub(crate) content: Option<(Salt, Vec<u8>)>,
}

#[derive(Clone)]
pub(crate) struct Log {
    pub(crate) rows: Vec<Row>,
    pub(crate) head: Frontier,
    pub(crate) follows: Option<Follows>,
}

/// A row with a right leaf. Content and salt differ with number and hand.
pub(crate) fn row(number: u64, hand: u8) -> Row {
    let salt = Salt::new(
        [hand; 24]
            .iter()
            .copied()
            .chain(number.to_be_bytes())
            .collect::<Vec<_>>()
            .try_into()
            .unwrap(),
    );
    let content = format!("event {number} by {hand}").into_bytes();
    Row {
        number,
        leaf: leaf(number, &salt, &content),
        content: Some((salt, content)),
    }
}

impl Log {
    pub(crate) fn of(size: u64) -> Self {
        let mut log = Self {
            rows: Vec::new(),
            head: Frontier::new(),
            follows: None,
        };
        log.grow(size, 0);
        log
    }

    pub(crate) fn grow(&mut self, by: u64, hand: u8) {
        for _ in 0..by {
            let row = row(self.head.size(), hand);
            self.head.append(row.leaf);
            self.rows.push(row);
        }
    }

    /// The copy of an earlier time that a backup holds.
    pub(crate) fn at(&self, size: usize) -> Self {
        let mut log = self.clone();
        log.rows.truncate(size);
        log.rebuild_head();
        log
    }

    /// What somebody does who can write to the store and knows how the head is made.
    pub(crate) fn rebuild_head(&mut self) {
        self.head = Frontier::new();
        self.head.append_many(self.rows.iter().map(|row| row.leaf));
    }

    pub(crate) fn renumber(&mut self) {
        for (number, row) in (0..).zip(&mut self.rows) {
            row.number = number;
        }
    }

    pub(crate) fn erase(&mut self, number: usize) {
        self.rows[number].content = None;
    }

    pub(crate) fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            origin: "probity.example.org/trust".parse().unwrap(),
            size: self.head.size(),
            root: self.head.root(),
            follows: self.follows,
            time: Timestamp::UNIX_EPOCH,
        }
    }

    pub(crate) fn audit(&self, kept: &[Checkpoint]) -> Report {
        let kept = kept.iter().cloned().map(|one| (Held::Elsewhere, one));
        let mut audit = Audit::new(self.head.clone(), kept);
        for row in &self.rows {
            let content = match &row.content {
                Some((salt, bytes)) => Content::Kept { salt, bytes },
                None => Content::Erased,
            };
            audit.feed(row.number, row.leaf, content);
        }
        audit.finish()
    }
}
