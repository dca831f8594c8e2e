use ledger::{Checkpoint, Finding, Follows, Loss};

use crate::log::Log;

/// A log of 8 records, of which the restored copy had 5, and 4 that came after.
fn restored() -> (Log, Log) {
    let before = Log::of(8);
    let mut after = before.at(5);
    after.follows = Some(following(&before.checkpoint(), 5));
    after.grow(4, 1);
    (before, after)
}

fn following(last: &Checkpoint, kept: u64) -> Follows {
    Follows {
        epoch: last.epoch(),
        size: last.size,
        root: last.root,
        kept,
    }
}

#[test]
fn a_stated_restore_is_a_loss_and_no_fault() {
    let (before, after) = restored();
    let kept = [
        before.at(5).checkpoint(),
        before.at(7).checkpoint(),
        before.checkpoint(),
        after.checkpoint(),
    ];
    let report = after.audit(&kept);
    assert!(report.is_sound(), "{report}");
    let loss = |size| Loss {
        size,
        epoch: 1,
        kept: 5,
    };
    assert_eq!(report.losses, [loss(7), loss(8)]);
    assert_eq!(report.proved.len(), 2);
    assert_eq!(after.follows.unwrap().lost(), 3);
    assert!(report.to_string().contains(
        "The checkpoint of 8 records in epoch 1 holds for its first 5 only: a restore, which the log states, lost the rest."
    ));
}

#[test]
fn a_restore_that_is_not_stated_is_a_fault() {
    let (before, mut after) = restored();
    after.follows = None;
    let findings = after.audit(&[before.checkpoint()]).findings;
    assert!(matches!(
        findings[..],
        [Finding::RootDiffers { size: 8, .. }]
    ));
}

#[test]
fn what_was_kept_must_still_hold() {
    let (_, after) = restored();
    let mut other = Log::of(0);
    other.grow(5, 3);
    let findings = after
        .audit(&[other.checkpoint(), after.checkpoint()])
        .findings;
    assert!(matches!(
        findings[..],
        [Finding::RootDiffers { size: 5, .. }]
    ));
}

#[test]
fn an_epoch_must_follow_the_last_checkpoint() {
    let (mut before, after) = restored();
    let mut other = before.at(7);
    other.grow(1, 4);
    before.grow(1, 0);
    let differs = |size| [Finding::EpochDiffers { epoch: 2, size }];
    let later = [before.checkpoint(), after.checkpoint()];
    assert_eq!(after.audit(&later).findings, differs(9));
    let another = [other.checkpoint(), after.checkpoint()];
    assert_eq!(after.audit(&another).findings, differs(8));
}

#[test]
fn an_epoch_begins_once() {
    let (before, after) = restored();
    let mut again = before.at(6);
    again.follows = Some(following(&before.checkpoint(), 6));
    again.grow(3, 2);
    let findings = after
        .audit(&[again.checkpoint(), after.checkpoint()])
        .findings;
    assert!(findings.contains(&Finding::EpochDiffers { epoch: 2, size: 9 }));
}

#[test]
fn losses_reach_back_over_several_restores() {
    let (before, second) = restored();
    let mut third = second.at(3);
    third.follows = Some(following(&second.checkpoint(), 3));
    third.grow(20, 2);
    let kept = [
        before.at(3).checkpoint(),
        before.at(5).checkpoint(),
        second.checkpoint(),
        third.checkpoint(),
    ];
    let report = third.audit(&kept);
    assert!(report.is_sound(), "{report}");
    let lost: Vec<_> = report.losses.iter().map(|l| (l.epoch, l.size)).collect();
    assert_eq!(lost, [(1, 5), (2, 9)]);
}
