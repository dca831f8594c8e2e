//! Every kind of record that the store is held to the ledger by, gathered from the features.

mod voice;

use serde::Serialize;
use serde_json::Value as Json;

use crate::attachments::{self, AttachmentError};
use crate::attestation;
use crate::cases::{self, CaseError};
use crate::document_control;
use crate::ledger::{After, Asked, LedgerError, PAGE, Record, RecordKind, State};
use crate::messages;
use crate::overview;
use crate::people::{self, PeopleError};
use crate::pupils::{self, PupilsError};
use crate::retention;
use crate::schools::{self, SchoolsError};
use crate::store::{Row, Snapshot, StoreError, Tx};
use crate::subject_access;
use crate::tokens;

/// The kinds, in the order in which they are compared.
pub const KINDS: &[RecordKind] = &[
    RecordKind {
        kind: "trust",
        states: the_trust,
        remove: None,
    },
    RecordKind {
        kind: "school",
        states: all_schools,
        remove: None,
    },
    RecordKind {
        kind: "school_policy",
        states: all_followings,
        remove: None,
    },
    RecordKind {
        kind: "school_contact",
        states: all_contacts,
        remove: None,
    },
    RecordKind {
        kind: "school_calendar",
        states: all_calendars,
        remove: None,
    },
    RecordKind {
        kind: "person",
        states: all_people,
        remove: Some(forget_person),
    },
    RecordKind {
        kind: "delegation",
        states: all_delegations,
        remove: None,
    },
    RecordKind {
        kind: "pupil",
        states: all_pupils,
        remove: Some(forget_pupil),
    },
    RecordKind {
        kind: "guardian",
        states: all_guardians,
        remove: Some(forget_guardian),
    },
    RecordKind {
        kind: "api_token",
        states: all_tokens,
        remove: Some(forget_token),
    },
    RecordKind {
        kind: "attachment",
        states: all_attachments,
        remove: Some(forget_attachment),
    },
    RecordKind {
        kind: "case_file",
        states: all_cases,
        remove: Some(forget_case),
    },
    RecordKind {
        kind: "register_settings",
        states: all_settings,
        remove: None,
    },
    RecordKind {
        kind: "attestation_round",
        states: all_rounds,
        remove: None,
    },
    RecordKind {
        kind: "group_figures",
        states: all_figures,
        remove: None,
    },
    RecordKind {
        kind: "policy_document",
        states: all_documents,
        remove: None,
    },
    RecordKind {
        kind: "case_view",
        states: all_case_views,
        remove: Some(forget_case_view),
    },
    RecordKind {
        kind: "account_keeper",
        states: voice::all_keepers,
        remove: Some(voice::forget_keeper),
    },
    RecordKind {
        kind: "credential",
        states: voice::all_credentials,
        remove: Some(voice::forget_credential),
    },
    RecordKind {
        kind: "credential_view",
        states: voice::all_credential_views,
        remove: Some(voice::forget_credential_view),
    },
    RecordKind {
        kind: "consent_asking",
        states: voice::all_consent_askings,
        remove: None,
    },
    RecordKind {
        kind: "consent_link",
        states: voice::all_consent_links,
        remove: Some(voice::forget_consent_link),
    },
    RecordKind {
        kind: "consent_answer",
        states: voice::all_consent_answers,
        remove: Some(voice::forget_consent_answer),
    },
    RecordKind {
        kind: "post_sending",
        states: voice::all_sendings,
        remove: Some(voice::forget_sending),
    },
    RecordKind {
        kind: "post_pupil",
        states: voice::all_post_pupils,
        remove: Some(voice::forget_post_pupil),
    },
    RecordKind {
        kind: "post_face",
        states: voice::all_post_faces,
        remove: Some(voice::forget_post_face),
    },
    RecordKind {
        kind: "post_picture",
        states: voice::all_post_pictures,
        remove: Some(voice::forget_post_picture),
    },
    RecordKind {
        kind: "post_hold",
        states: voice::all_post_holds,
        remove: None,
    },
    RecordKind {
        kind: "retention_hold",
        states: all_holds,
        remove: Some(forget_hold),
    },
    RecordKind {
        kind: "access_collection",
        states: all_collections,
        remove: Some(forget_collection),
    },
    RecordKind {
        kind: "message_preference",
        states: all_message_preferences,
        remove: None,
    },
];

fn all_people<'a>(snapshot: &'a mut Snapshot, after: &'a After) -> Asked<'a, Vec<State>> {
    Box::pin(async move {
        let id = id(after)?;
        let states = people::states(snapshot, id.as_ref(), PAGE).await?;
        Ok(named(states))
    })
}

fn all_delegations<'a>(snapshot: &'a mut Snapshot, after: &'a After) -> Asked<'a, Vec<State>> {
    Box::pin(async move {
        let id = id(after)?;
        let states = people::delegation_states(snapshot, id.as_ref(), PAGE).await?;
        Ok(named(states))
    })
}

fn forget_person<'a>(tx: &'a mut Tx, id: &'a str) -> Asked<'a, ()> {
    Box::pin(async move {
        let done = people::forget(tx, &erased(id)?).await;
        done.map_err(of_people)
    })
}

fn forget_pupil<'a>(tx: &'a mut Tx, id: &'a str) -> Asked<'a, ()> {
    Box::pin(async move {
        let done = pupils::forget(tx, &erased(id)?).await;
        done.map_err(of_pupils)
    })
}

fn forget_guardian<'a>(tx: &'a mut Tx, id: &'a str) -> Asked<'a, ()> {
    Box::pin(async move { Ok(pupils::forget_guardian(tx, &erased(id)?).await?) })
}

/// The identifier of a record that was erased.
fn erased<T: std::str::FromStr>(id: &str) -> Result<T, LedgerError> {
    id.parse().map_err(|_| Row::unreadable("id").into())
}

fn all_pupils<'a>(snapshot: &'a mut Snapshot, after: &'a After) -> Asked<'a, Vec<State>> {
    Box::pin(async move {
        let (id, of) = (id(after)?, (&after.store, &after.log));
        let states = pupils::states(snapshot, of, id.as_ref(), PAGE).await;
        states.map(named).map_err(of_pupils)
    })
}

fn all_guardians<'a>(snapshot: &'a mut Snapshot, after: &'a After) -> Asked<'a, Vec<State>> {
    Box::pin(async move {
        let (id, of) = (id(after)?, (&after.store, &after.log));
        let states = pupils::guardian_states(snapshot, of, id.as_ref(), PAGE).await;
        states.map(named).map_err(of_pupils)
    })
}

fn all_tokens<'a>(snapshot: &'a mut Snapshot, after: &'a After) -> Asked<'a, Vec<State>> {
    Box::pin(tokens::states(snapshot, &after.id, i64::from(PAGE)))
}

fn all_attachments<'a>(snapshot: &'a mut Snapshot, after: &'a After) -> Asked<'a, Vec<State>> {
    Box::pin(async move {
        let of = (&after.store, &after.log);
        let states = attachments::states(snapshot, of, &after.id, PAGE).await;
        states.map(named).map_err(of_attachments)
    })
}

fn forget_token<'a>(tx: &'a mut Tx, id: &'a str) -> Asked<'a, ()> {
    Box::pin(async move { Ok(tokens::forget(tx, id).await?) })
}

fn forget_attachment<'a>(tx: &'a mut Tx, id: &'a str) -> Asked<'a, ()> {
    Box::pin(async move { Ok(attachments::forget(tx, id).await?) })
}

fn all_settings<'a>(snapshot: &'a mut Snapshot, after: &'a After) -> Asked<'a, Vec<State>> {
    Box::pin(async move { Ok(cases::settings_states(snapshot, &after.id, PAGE).await?) })
}

fn all_rounds<'a>(snapshot: &'a mut Snapshot, after: &'a After) -> Asked<'a, Vec<State>> {
    Box::pin(async move { Ok(attestation::states(snapshot, &after.id, PAGE).await?) })
}

fn all_figures<'a>(snapshot: &'a mut Snapshot, after: &'a After) -> Asked<'a, Vec<State>> {
    Box::pin(async move { Ok(overview::states(snapshot, &after.id, PAGE).await?) })
}

fn all_documents<'a>(snapshot: &'a mut Snapshot, after: &'a After) -> Asked<'a, Vec<State>> {
    Box::pin(async move { Ok(document_control::states(snapshot, &after.id, PAGE).await?) })
}

fn all_cases<'a>(snapshot: &'a mut Snapshot, after: &'a After) -> Asked<'a, Vec<State>> {
    Box::pin(async move {
        let of = (&after.store, &after.log);
        let states = cases::states(snapshot, of, &after.id, PAGE).await;
        states.map_err(of_cases)
    })
}

fn all_collections<'a>(snapshot: &'a mut Snapshot, after: &'a After) -> Asked<'a, Vec<State>> {
    Box::pin(subject_access::states(snapshot, &after.id, PAGE))
}

fn forget_collection<'a>(tx: &'a mut Tx, id: &'a str) -> Asked<'a, ()> {
    Box::pin(async move { Ok(subject_access::forget(tx, id).await?) })
}

fn forget_case_view<'a>(tx: &'a mut Tx, id: &'a str) -> Asked<'a, ()> {
    Box::pin(async move { Ok(cases::forget_view(tx, id).await?) })
}

fn all_case_views<'a>(snapshot: &'a mut Snapshot, after: &'a After) -> Asked<'a, Vec<State>> {
    Box::pin(async move { cases::view_states(snapshot, &after.id, PAGE).await })
}

fn forget_case<'a>(tx: &'a mut Tx, id: &'a str) -> Asked<'a, ()> {
    Box::pin(async move { Ok(cases::forget(tx, &erased(id)?).await?) })
}

fn all_holds<'a>(snapshot: &'a mut Snapshot, after: &'a After) -> Asked<'a, Vec<State>> {
    Box::pin(retention::states(snapshot, &after.id, PAGE))
}

fn forget_hold<'a>(tx: &'a mut Tx, id: &'a str) -> Asked<'a, ()> {
    Box::pin(async move { Ok(retention::forget(tx, id).await?) })
}

fn of_cases(error: CaseError) -> LedgerError {
    match error {
        CaseError::Store(error) => error.into(),
        CaseError::Key(error) => error.into(),
        CaseError::Protection(error) => error.into(),
        CaseError::Ledger(error) => error,
        _ => Row::unreadable("case_file").into(),
    }
}

fn of_attachments(error: AttachmentError) -> LedgerError {
    match error {
        AttachmentError::Store(error) => error.into(),
        AttachmentError::Ledger(error) => error,
        AttachmentError::Key(error) => error.into(),
        AttachmentError::Protection(error) => error.into(),
        _ => Row::unreadable("attachment").into(),
    }
}

fn all_message_preferences<'a>(
    snapshot: &'a mut Snapshot,
    after: &'a After,
) -> Asked<'a, Vec<State>> {
    Box::pin(async move {
        let id = id(after)?;
        let states = messages::states(snapshot, id.as_ref(), PAGE).await?;
        Ok(named(states))
    })
}

// A trust has tens of schools: what hangs on them is given at once.

fn the_trust<'a>(snapshot: &'a mut Snapshot, after: &'a After) -> Asked<'a, Vec<State>> {
    Box::pin(async move {
        if !after.id.is_empty() {
            return Ok(Vec::new());
        }
        match schools::trust(snapshot).await {
            Ok(trust) => Ok(vec![state(&trust)?]),
            Err(SchoolsError::Missing) => Ok(Vec::new()),
            Err(SchoolsError::Store(error)) => Err(error.into()),
            Err(_) => Err(Row::unreadable("trust").into()),
        }
    })
}

fn all_calendars<'a>(snapshot: &'a mut Snapshot, after: &'a After) -> Asked<'a, Vec<State>> {
    Box::pin(async move {
        if !after.id.is_empty() {
            return Ok(Vec::new());
        }
        Ok(schools::calendar::states(snapshot).await?)
    })
}

fn all_schools<'a>(snapshot: &'a mut Snapshot, after: &'a After) -> Asked<'a, Vec<State>> {
    Box::pin(async move {
        if !after.id.is_empty() {
            return Ok(Vec::new());
        }
        let schools = schools::all(snapshot).await?;
        schools.iter().map(state).collect()
    })
}

fn all_followings<'a>(snapshot: &'a mut Snapshot, after: &'a After) -> Asked<'a, Vec<State>> {
    Box::pin(async move {
        let mut states = Vec::new();
        if after.id.is_empty() {
            for school in schools::all(snapshot).await? {
                for following in schools::policies_of(snapshot, &school.id).await? {
                    states.push(state(&following)?);
                }
            }
        }
        Ok(states)
    })
}

fn all_contacts<'a>(snapshot: &'a mut Snapshot, after: &'a After) -> Asked<'a, Vec<State>> {
    Box::pin(async move {
        let mut states = Vec::new();
        if after.id.is_empty() {
            for school in schools::all(snapshot).await? {
                for contact in schools::outside(snapshot, &school.id).await? {
                    states.push(state(&contact)?);
                }
            }
        }
        Ok(states)
    })
}

fn state<R: Record + Serialize>(record: &R) -> Result<State, LedgerError> {
    Ok((record.id().to_owned(), serde_json::to_value(record)?))
}

/// The last identifier, where there was one.
fn id<T: std::str::FromStr>(after: &After) -> Result<Option<T>, LedgerError> {
    match after.id.as_str() {
        "" => Ok(None),
        id => id
            .parse()
            .map(Some)
            .map_err(|_| LedgerError::from(Row::unreadable("id"))),
    }
}

fn named<T: Into<String>>(states: Vec<(T, Json)>) -> Vec<State> {
    let named = states.into_iter().map(|(id, state)| (id.into(), state));
    named.collect()
}

fn of_people(error: PeopleError) -> LedgerError {
    match error {
        PeopleError::Store(error) => error.into(),
        PeopleError::Ledger(error) => error,
        PeopleError::Denied(_)
        | PeopleError::Refused(_)
        | PeopleError::Same
        | PeopleError::NotFound => Row::unreadable("person").into(),
    }
}

fn of_pupils(error: PupilsError) -> LedgerError {
    match error {
        PupilsError::Store(error) => error.into(),
        PupilsError::Ledger(error) => error,
        PupilsError::Key(error) => error.into(),
        PupilsError::Protection(error) => error.into(),
        PupilsError::Denied(_)
        | PupilsError::Refused(_)
        | PupilsError::Same
        | PupilsError::NotFound => StoreError::Unreadable {
            column: "pupil".to_owned(),
        }
        .into(),
    }
}
