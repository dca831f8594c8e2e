//! Staff with another id and another address, who may be somebody who is here.

use super::*;

/// Ada comes back in the next roster as somebody whom nothing but her name and school tell.
fn ada_anew() -> Roster {
    let mut roster = small();
    roster.staff[0] = teacher("new-id", "Ada", "a.okafor@elm.example", "A");
    roster
}

async fn asked(test: &TestStore, import: &Import) -> Vec<Matched> {
    merges(&test.store, &permit(test), &import.id, (0, 50))
        .await
        .unwrap()
}

async fn answer(test: &TestStore, import: &Import, same: bool) {
    let number = asked(test, import).await[0].number;
    let ticked = if same { vec![number] } else { Vec::new() };
    decide(&test.store, &permit(test), &import.id, &[number], &ticked)
        .await
        .unwrap();
}

async fn staff(test: &TestStore, import: &Import) -> (u64, u64, u64) {
    let counted = counts(&test.store, &test.trust, &import.id).await.unwrap();
    let of = |happening| counted.of("person", happening);
    (
        of(Happening::Add),
        of(Happening::Change),
        of(Happening::End),
    )
}

on_both! {
    async fn who_may_be_the_same_is_kept_apart_unless_somebody_says_so(test: TestStore) {
        applied(&test, small(), Mode::FileWins).await;
        let ada = by_email(&test, "ada@elm.example").await.unwrap();
        let import = staged(&test, ada_anew(), Mode::FileWins).await;
        let matched = asked(&test, &import).await;
        assert_eq!(matched.len(), 1);
        assert_eq!((matched[0].merge, matched[0].by_name), (Some(Merge::Apart), true));
        assert_eq!(staff(&test, &import).await, (1, 0, 1), "she is new, and the old one has left");
        answer(&test, &import, true).await;
        assert_eq!(staff(&test, &import).await, (0, 1, 0));
        answer(&test, &import, false).await;
        assert_eq!(staff(&test, &import).await, (1, 0, 1));

        carried_out(&test, &import.id).await;
        assert!(by_email(&test, "ada@elm.example").await.unwrap().ends_on.is_some());
        let new = by_email(&test, "a.okafor@elm.example").await.unwrap();
        assert!(new.id != ada.id && new.ends_on.is_none());
        let again = staged(&test, ada_anew(), Mode::FileWins).await;
        assert_eq!(asked(&test, &again).await.len(), 0, "it is not asked twice");
        assert_eq!(counts(&test.store, &test.trust, &again.id).await.unwrap().all(), 0);
    }

    async fn who_is_the_same_keeps_one_record(test: TestStore) {
        applied(&test, small(), Mode::FileWins).await;
        let ada = by_email(&test, "ada@elm.example").await.unwrap();
        let import = staged(&test, ada_anew(), Mode::FileWins).await;
        answer(&test, &import, true).await;
        cancel(&test.store, &test.trust, &import.id).await.unwrap();
        let import = staged(&test, ada_anew(), Mode::FileWins).await;
        assert_eq!(asked(&test, &import).await[0].merge, Some(Merge::Same), "it is remembered");
        assert_eq!(staff(&test, &import).await, (0, 1, 0));
        let import = carried_out(&test, &import.id).await;
        let now = by_email(&test, "a.okafor@elm.example").await.unwrap();
        assert_eq!((now.id, now.ends_on), (ada.id.clone(), None));
        assert_eq!(count(&test, PEOPLE).await, 2);
        undone(&test, &import.id).await;
        assert_eq!(by_email(&test, "ada@elm.example").await.unwrap(), ada);
    }

    async fn a_staff_number_that_is_padded_in_another_way_is_the_same(test: TestStore) {
        let mut roster = small();
        "E-00417".clone_into(&mut roster.staff[0].external_id);
        applied(&test, roster, Mode::FileWins).await;
        let mut next = small();
        next.staff[0] = teacher("417", "Ada", "a.okafor@oak.example", "O");
        let import = staged(&test, next.clone(), Mode::FileWins).await;
        assert_eq!(asked(&test, &import).await.len(), 1, "another school, and the same number");
        "418".clone_into(&mut next.staff[0].external_id);
        let import = staged(&test, next, Mode::FileWins).await;
        assert_eq!(asked(&test, &import).await.len(), 0, "the name alone says nothing");
    }
}
