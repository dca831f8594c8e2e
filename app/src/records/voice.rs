//! What speaks for a school: its accounts, their log-ins, families' consent to pictures, and posts.

use crate::accounts;
use crate::consent::{self, ConsentError};
use crate::credentials::{self, CredentialError};
use crate::ledger::{After, Asked, LedgerError, PAGE, State};
use crate::posts::{self, PostError};
use crate::store::{Row, Snapshot, Tx};

pub(super) fn all_keepers<'a>(
    snapshot: &'a mut Snapshot,
    after: &'a After,
) -> Asked<'a, Vec<State>> {
    Box::pin(accounts::states(snapshot, &after.id, PAGE))
}

pub(super) fn forget_keeper<'a>(tx: &'a mut Tx, id: &'a str) -> Asked<'a, ()> {
    Box::pin(async move { Ok(accounts::forget(tx, id).await?) })
}

pub(super) fn all_credentials<'a>(
    snapshot: &'a mut Snapshot,
    after: &'a After,
) -> Asked<'a, Vec<State>> {
    Box::pin(credentials::states(snapshot, &after.id, PAGE))
}

pub(super) fn forget_credential<'a>(tx: &'a mut Tx, id: &'a str) -> Asked<'a, ()> {
    Box::pin(async move { Ok(credentials::forget(tx, id).await?) })
}

pub(super) fn all_credential_views<'a>(
    snapshot: &'a mut Snapshot,
    after: &'a After,
) -> Asked<'a, Vec<State>> {
    Box::pin(async move {
        let of = (&after.store, &after.log);
        let states = credentials::view_states(snapshot, of, &after.id, PAGE).await;
        states.map_err(of_credentials)
    })
}

pub(super) fn forget_credential_view<'a>(tx: &'a mut Tx, id: &'a str) -> Asked<'a, ()> {
    Box::pin(async move { Ok(credentials::forget_view(tx, id).await?) })
}

fn of_credentials(error: CredentialError) -> LedgerError {
    match error {
        CredentialError::Store(error) => error.into(),
        CredentialError::Key(error) => error.into(),
        CredentialError::Protection(error) => error.into(),
        CredentialError::Ledger(error) => error,
        _ => Row::unreadable("credential_view").into(),
    }
}

pub(super) fn all_consent_askings<'a>(
    snapshot: &'a mut Snapshot,
    after: &'a After,
) -> Asked<'a, Vec<State>> {
    Box::pin(consent::asking_states(snapshot, &after.id, PAGE))
}

pub(super) fn all_consent_links<'a>(
    snapshot: &'a mut Snapshot,
    after: &'a After,
) -> Asked<'a, Vec<State>> {
    Box::pin(consent::link_states(snapshot, &after.id, PAGE))
}

pub(super) fn forget_consent_link<'a>(tx: &'a mut Tx, id: &'a str) -> Asked<'a, ()> {
    Box::pin(async move { Ok(consent::forget_link(tx, id).await?) })
}

pub(super) fn all_consent_answers<'a>(
    snapshot: &'a mut Snapshot,
    after: &'a After,
) -> Asked<'a, Vec<State>> {
    Box::pin(async move {
        let of = (&after.store, &after.log);
        let states = consent::answer_states(snapshot, of, &after.id, PAGE).await;
        states.map_err(of_consent)
    })
}

pub(super) fn forget_consent_answer<'a>(tx: &'a mut Tx, id: &'a str) -> Asked<'a, ()> {
    Box::pin(async move { Ok(consent::forget_answer(tx, id).await?) })
}

fn of_consent(error: ConsentError) -> LedgerError {
    match error {
        ConsentError::Store(error) => error.into(),
        ConsentError::Key(error) => error.into(),
        ConsentError::Protection(error) => error.into(),
        ConsentError::Ledger(error) => error,
        _ => Row::unreadable("consent_answer").into(),
    }
}

pub(super) fn all_sendings<'a>(
    snapshot: &'a mut Snapshot,
    after: &'a After,
) -> Asked<'a, Vec<State>> {
    Box::pin(async move {
        let of = (&after.store, &after.log);
        let states = posts::sending::states(snapshot, of, &after.id, PAGE).await;
        states.map_err(of_posts)
    })
}

pub(super) fn forget_sending<'a>(tx: &'a mut Tx, id: &'a str) -> Asked<'a, ()> {
    Box::pin(async move { Ok(posts::sending::forget(tx, id).await?) })
}

pub(super) fn all_post_pupils<'a>(
    snapshot: &'a mut Snapshot,
    after: &'a After,
) -> Asked<'a, Vec<State>> {
    Box::pin(posts::pupil_states(snapshot, &after.id, PAGE))
}

pub(super) fn forget_post_pupil<'a>(tx: &'a mut Tx, id: &'a str) -> Asked<'a, ()> {
    Box::pin(async move { Ok(posts::forget_pupil(tx, id).await?) })
}

pub(super) fn all_post_faces<'a>(
    snapshot: &'a mut Snapshot,
    after: &'a After,
) -> Asked<'a, Vec<State>> {
    Box::pin(posts::face_states(snapshot, &after.id, PAGE))
}

pub(super) fn forget_post_face<'a>(tx: &'a mut Tx, id: &'a str) -> Asked<'a, ()> {
    Box::pin(async move { Ok(posts::forget_face(tx, id).await?) })
}

pub(super) fn all_post_pictures<'a>(
    snapshot: &'a mut Snapshot,
    after: &'a After,
) -> Asked<'a, Vec<State>> {
    Box::pin(async move {
        let of = (&after.store, &after.log);
        let states = posts::picture_states(snapshot, of, &after.id, PAGE).await;
        states.map_err(of_posts)
    })
}

pub(super) fn forget_post_picture<'a>(tx: &'a mut Tx, id: &'a str) -> Asked<'a, ()> {
    Box::pin(async move { Ok(posts::forget_picture(tx, id).await?) })
}

pub(super) fn all_post_holds<'a>(
    snapshot: &'a mut Snapshot,
    after: &'a After,
) -> Asked<'a, Vec<State>> {
    Box::pin(posts::hold_states(snapshot, &after.id, PAGE))
}

fn of_posts(error: PostError) -> LedgerError {
    match error {
        PostError::Store(error) => error.into(),
        PostError::Key(error) => error.into(),
        PostError::Protection(error) => error.into(),
        PostError::Ledger(error) => error,
        _ => Row::unreadable("post_sending").into(),
    }
}
