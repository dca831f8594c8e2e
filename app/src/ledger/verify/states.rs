//! Holding the records of the store to their last events.

use super::fault::Differing;
use super::line::state_hash;
use super::walk::Book;
use super::{Fault, RecordKind};
use crate::ledger::LedgerError;
use crate::ledger::kind::After;
use crate::store::{Snapshot, Store, TrustId};

/// The first of each way to differ.
#[derive(Default)]
struct Differences {
    altered: Option<Differing>,
    missing: Option<Differing>,
    added: Option<Differing>,
}

/// Compares every record of these kinds; gives how many there are.
pub(super) async fn compare(
    store: &Store,
    log: &TrustId,
    snapshot: &mut Snapshot,
    kinds: &[RecordKind],
    mut book: Book,
    faults: &mut Vec<Fault>,
) -> Result<u64, LedgerError> {
    let mut differences = Differences::default();
    let mut compared = 0;
    for kind in kinds {
        let mut after = After {
            store: store.clone(),
            log: log.clone(),
            id: String::new(),
        };
        loop {
            let states = (kind.states)(snapshot, &after).await?;
            let Some((last, _)) = states.last() else {
                break;
            };
            let last = last.clone();
            for (record, state) in states {
                compared += 1;
                let known = book.last.remove(&(kind.kind.to_owned(), record.clone()));
                let (slot, event) = match known {
                    Some((_, Some(hash))) if hash == state_hash(&state) => continue,
                    Some((event, Some(_))) => (&mut differences.altered, Some(event)),
                    Some((event, None)) => (&mut differences.added, Some(event)),
                    None => (&mut differences.added, None),
                };
                note(slot, (kind.kind.to_owned(), record), event);
            }
            // A feature that gives the same records again would never end.
            if after.id == last {
                break;
            }
            after.id = last;
        }
    }
    let mut gone: Vec<_> = book
        .last
        .into_iter()
        .filter_map(|(record, (event, state))| state.map(|_| (event, record)))
        .collect();
    gone.sort();
    for (event, record) in gone {
        note(&mut differences.missing, record, Some(event));
    }
    faults.extend(differences.altered.map(Fault::RecordAltered));
    faults.extend(differences.missing.map(Fault::RecordMissing));
    faults.extend(differences.added.map(Fault::RecordAdded));
    Ok(compared)
}

fn note(slot: &mut Option<Differing>, (kind, record): (String, String), event: Option<u64>) {
    let found = slot.get_or_insert(Differing {
        record_kind: kind,
        record,
        event,
        count: 0,
    });
    found.count += 1;
}
