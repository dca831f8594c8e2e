use ledger::{Audit, Finding, Frontier, Hash, Held, Salt};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::log::{Log, Row, row};

fn alter(row: &mut Row) {
    row.content.as_mut().unwrap().1.push(b'!');
}

/// The findings, each as its words.
fn words(log: &Log, sound: &Log) -> Vec<String> {
    let report = log.audit(&[sound.checkpoint()]);
    report.findings.iter().map(Finding::to_string).collect()
}

#[test]
fn a_sound_log_says_what_proves_it() {
    let mut log = Log::of(5);
    log.erase(2);
    let report = log.audit(&[log.at(3).checkpoint(), log.checkpoint()]);
    assert!(report.is_sound());
    assert_eq!(report.erased, [2]);
    assert_eq!(report.root, Some(log.head.root()));
    assert_eq!(
        report.to_string(),
        "The log is sound: 5 records, 1 of them erased.\n\
         The first 5 records are proved by a checkpoint kept elsewhere."
    );
}

#[test]
fn a_checkpoint_of_the_store_itself_is_no_proof_of_the_end() {
    let log = Log::of(0);
    let audit = Audit::new(Frontier::new(), [(Held::Here, log.checkpoint())]);
    let report = audit.finish();
    assert_eq!(report.proved.len(), 1);
    assert_eq!(
        report.to_string(),
        "The log is sound: 0 records, 0 of them erased.\n\
         No checkpoint kept elsewhere proves the log, so a cut end or an old copy put back could not be seen."
    );
}

#[test]
fn each_fault_in_plain_words() {
    let sound = Log::of(10);

    let mut log = sound.clone();
    alter(&mut log.rows[3]);
    alter(&mut log.rows[7]);
    assert_eq!(
        words(&log, &sound),
        ["Record 3 was altered: its content does not match its leaf. It is the first of 2."]
    );

    let mut log = sound.clone();
    log.rows.remove(4);
    assert_eq!(words(&log, &sound), ["Record 4 is missing."]);

    let mut log = sound.clone();
    log.rows.swap(4, 5);
    log.renumber();
    log.rebuild_head();
    assert_eq!(
        words(&log, &sound),
        [
            "The log is not the one that the checkpoint of 10 records was made of: a leaf from record 0 on was altered.",
            "Record 4 is not in its place: it was exchanged with record 5.",
        ]
    );

    let mut log = sound.clone();
    log.grow(1, 1);
    log.head = sound.head.clone();
    assert_eq!(
        words(&log, &sound),
        ["Record 10 was added: it is not part of the recorded log."]
    );

    assert_eq!(
        words(&sound.at(8), &sound),
        [
            "The end of the log was cut off, or an old copy was put back: there are 8 records, and a checkpoint covers 10."
        ]
    );

    let mut log = sound.clone();
    log.rows[6].leaf = Hash::EMPTY;
    log.erase(6);
    let report = log.audit(&[sound.at(5).checkpoint(), sound.checkpoint()]);
    assert_eq!(
        report.to_string(),
        "The log is not as it was recorded.\n\
         - The log is not the one that the checkpoint of 10 records was made of: a leaf from record 5 on was altered.\n\
         - The stored head does not fit the leaves of the 10 records that it covers.\n\
         The first 5 records are proved by a checkpoint kept elsewhere."
    );
}

#[test]
fn a_record_fed_twice_or_late_is_found() {
    let sound = Log::of(4);
    let mut log = sound.clone();
    log.rows.insert(2, row(1, 9));
    let first = log.audit(&[]).findings[0];
    assert_eq!(first, Finding::Added { first: 1, count: 1 });
}

#[test]
fn content_of_another_log_or_all_wrong_is_counted() {
    let mut log = Log::of(500);
    for row in &mut log.rows {
        alter(row);
    }
    let findings = log.audit(&[]).findings;
    let all = Finding::Altered {
        first: 0,
        count: 500,
    };
    assert_eq!(findings, [all]);
}

#[test]
fn faults_of_several_kinds_are_each_named() {
    let mut log = Log::of(60);
    for at in 0..8 {
        log.rows.swap(at, at + 30);
    }
    log.renumber();
    alter(&mut log.rows[59]);
    let exchanged = Finding::Reordered {
        first: 0,
        with: Some(30),
    };
    let altered = Finding::Altered {
        first: 59,
        count: 1,
    };
    let findings = log.audit(&[]).findings;
    assert_eq!(findings[..2], [exchanged, altered]);

    let mut log = Log::of(10);
    log.rows.insert(4, row(4, 1));
    log.renumber();
    alter(&mut log.rows[10]);
    let named = [
        Finding::Added { first: 4, count: 1 },
        Finding::HeadDiffers { size: 10 },
        Finding::Altered {
            first: 10,
            count: 1,
        },
    ];
    assert_eq!(log.audit(&[]).findings, named);
}

/// Two different numbers below the size, the smaller first.
fn two(size: u64, a: Index, b: Index) -> (usize, usize) {
    let size = usize::try_from(size).unwrap();
    let (a, step) = (a.index(size), 1 + b.index(size - 1));
    let b = (a + step) % size;
    (a.min(b), a.max(b))
}

fn first(log: &Log) -> Finding {
    log.audit(&[]).findings[0]
}

proptest! {
    #[test]
    fn an_altered_content_or_leaf_is_named(size in 1_u64..60, at: Index, byte: Index, bit in 0..8_u32) {
        let at = at.index(size as usize);
        let named = Finding::Altered { first: at as u64, count: 1 };
        let mut log = Log::of(size);
        let (_, content) = log.rows[at].content.as_mut().unwrap();
        *byte.get_mut(content) ^= 1_u8 << bit;
        prop_assert_eq!(log.audit(&[]).findings, vec![named]);

        let mut log = Log::of(size);
        *byte.get_mut(&mut log.rows[at].leaf.0) ^= 1_u8 << bit;
        prop_assert_eq!(log.audit(&[]).findings, vec![named, Finding::HeadDiffers { size }]);

        let mut log = Log::of(size);
        let (salt, _) = log.rows[at].content.as_mut().unwrap();
        *salt = Salt::new([7; 32]);
        prop_assert_eq!(log.audit(&[]).findings, vec![named]);
    }

    #[test]
    fn a_missing_record_is_named(size in 1_u64..60, at: Index, renumber: bool) {
        let at = at.index(size as usize);
        let mut log = Log::of(size);
        log.rows.remove(at);
        if renumber {
            log.renumber();
        }
        let report = log.audit(&[]);
        prop_assert_eq!(report.findings, vec![Finding::Missing { first: at as u64, count: 1 }]);
    }

    #[test]
    fn an_exchange_is_named(size in 2_u64..60, a: Index, b: Index, what in 0..3_u8) {
        let (a, b) = two(size, a, b);
        let mut log = Log::of(size);
        log.rows.swap(a, b);
        log.renumber();
        let (low, high) = log.rows.split_at_mut(b);
        match what {
            0 => {}
            1 => std::mem::swap(&mut low[a].leaf, &mut high[0].leaf),
            _ => std::mem::swap(&mut low[a].content, &mut high[0].content),
        }
        let named = Finding::Reordered { first: a as u64, with: Some(b as u64) };
        prop_assert_eq!(first(&log), named);
        // With contents alone exchanged, leaves and head are as they were.
        prop_assert_eq!(log.audit(&[]).findings.len(), if what == 1 { 1 } else { 2 });
    }

    #[test]
    fn a_moved_record_is_named(size in 9_u64..60, a: Index, by in 2..8_usize) {
        let a = a.index(size as usize - 7);
        let b = a + by;
        let mut log = Log::of(size);
        let moved = log.rows.remove(a);
        log.rows.insert(b, moved);
        log.renumber();
        prop_assert_eq!(first(&log), Finding::Reordered { first: a as u64, with: None });
    }

    #[test]
    fn an_added_record_is_named(size in 0_u64..60, at: Index, good_leaf: bool, head: bool) {
        let at = at.index(size as usize + 1);
        let sound = Log::of(size);
        let mut log = sound.clone();
        let mut added = row(at as u64, 1);
        if !good_leaf {
            alter(&mut added);
        }
        log.rows.insert(at, added);
        log.renumber();
        let named = Finding::Added { first: at as u64, count: 1 };
        prop_assert_eq!(first(&log), named);
        if head {
            log.rebuild_head();
            let differs = Finding::RootDiffers { size, after: 0, count: 1 };
            let found = log.audit(&[sound.checkpoint()]).findings;
            if at as u64 == size {
                // At the very end it is a record like any other: only its content can be wrong.
                prop_assert_eq!(found.is_empty(), good_leaf);
                return Ok(());
            }
            prop_assert!(found.contains(&differs));
            // Before the last, with a right leaf, it cannot be told from a last record that repeats the one before it.
            let repeats = Finding::Altered { first: size, count: 1 };
            prop_assert!(found.contains(&named) || good_leaf && at as u64 + 1 == size && found.contains(&repeats));
        }
    }

    #[test]
    fn a_record_replaced_by_a_copy_is_named(size in 2_u64..60, a: Index, b: Index, forth: bool) {
        let (mut a, mut b) = two(size, a, b);
        if forth {
            std::mem::swap(&mut a, &mut b);
        }
        let mut log = Log::of(size);
        log.rows[b] = log.rows[a].clone();
        log.renumber();
        prop_assert_eq!(first(&log), Finding::Altered { first: b as u64, count: 1 });
    }

    #[test]
    fn a_cut_end_is_found(size in 1_u64..60, at: Index, head: bool) {
        let at = at.index(size as usize);
        let sound = Log::of(size);
        let mut log = sound.at(at);
        let promised = sound.head.size();
        if !head {
            log.head = sound.head.clone();
        }
        let findings = log.audit(&[sound.checkpoint()]).findings;
        let at = at as u64;
        let cut = Finding::TailCut { size: at, promised };
        prop_assert!(findings.contains(&cut));
        prop_assert_eq!(findings.contains(&Finding::Missing { first: at, count: size - at }), !head);
    }

    #[test]
    fn an_old_copy_that_went_on_is_found(size in 1_u64..60, at: Index, by in 0_u64..70) {
        let at = at.index(size as usize);
        let sound = Log::of(size);
        let mut log = sound.at(at);
        log.grow(by, 1);
        let kept = [sound.at(at).checkpoint(), sound.checkpoint()];
        let after = at as u64;
        let found = if after + by < size {
            Finding::TailCut { size: after + by, promised: size }
        } else {
            Finding::RootDiffers { size, after, count: 1 }
        };
        prop_assert_eq!(log.audit(&kept).findings, vec![found]);
    }

    /// Where content is erased a fault may not be named to the record, but it is found.
    #[test]
    fn any_single_fault_among_erased_records_is_found(
        size in 2_u64..60, erased: Vec<Index>, a: Index, b: Index, fault in 0..7_u8, head: bool,
    ) {
        let (a, b) = two(size, a, b);
        let mut sound = Log::of(size);
        for at in erased {
            sound.erase(at.index(size as usize));
        }
        prop_assert!(sound.audit(&[sound.checkpoint()]).is_sound());
        let mut log = sound.clone();
        match fault {
            0 => log.rows[a].leaf.0[b % 32] ^= 1,
            1 => drop(log.rows.remove(a)),
            2 => drop(log.rows.split_off(a)),
            3 => log.rows.insert(a, row(a as u64, 1)),
            4 => log.rows[a] = row(a as u64, 1),
            5 => log.rows.swap(a, b),
            _ => log.rows[a].leaf = log.rows[b].leaf,
        }
        log.renumber();
        if head {
            log.rebuild_head();
        }
        prop_assert!(!log.audit(&[sound.checkpoint()]).is_sound());
    }
}
