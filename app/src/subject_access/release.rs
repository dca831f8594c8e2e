//! Giving out: the package is made, sealed and entered, the case moves on; and each time it is fetched is an event.

use axum::body::to_bytes;
use data_encoding::HEXLOWER;
use jiff::SignedDuration;
use register::value::Answers;
use sha2::{Digest as _, Sha256};

use super::collection::{self, Package, place_of, sealed_under};
use super::item::{Choice, Item};
use super::package::{self, Cover, GivenFile, MEGABYTES};
use super::sight::{Sight, request, sight};
use super::{ACTION, AccessError, RELEASE};
use crate::attachments::Attachments;
use crate::authority::Actor;
use crate::cases::{self, CaseId, Engine, Seen, Taking};
use crate::ledger::{Change, LedgerError, Record as _, record_event};
use crate::protection::Sealed;
use crate::schools;
use crate::store::{Query as _, Store, StoreError, Tx};
use crate::values;
use crate::web::dates::{day, moment};

/// So long a package can be fetched.
pub(super) const LASTS: SignedDuration = SignedDuration::from_hours(14 * 24);
/// The size of a sealed piece, in bytes.
const PIECE: usize = 1_048_576;

/// Makes the package of all that somebody decided about. For whoever answers the request the case takes its step, which
/// holds the hash; what was routed past them is a part of its own, for whoever decided about it.
///
/// # Errors
/// [`AccessError::NotYet`] where something is not decided, or the case is not at that point.
pub(super) async fn release(
    (store, engine, attachments): (&Store, &Engine, &Attachments),
    actor: &Actor,
    case: &CaseId,
) -> Result<(), AccessError> {
    let mut tx = store.begin(&actor.trust).await?;
    let seen = sight(&mut tx, actor, case).await?;
    if seen.decided() < seen.items.len() {
        return Err(AccessError::NotYet(
            "Not everything is decided. Decide about the rest first".to_owned(),
        ));
    }
    let request = match seen.answers {
        true => Some(ready(&mut tx, actor, case).await?),
        false => None,
    };
    let cover = cover(&mut tx, &seen, request.as_ref()).await?;
    tx.commit_unrecorded().await?;
    let files = files(store, attachments, actor, &seen.items).await?;
    let items = seen.items.clone();
    let made = tokio::task::spawn_blocking(move || package::package(cover, &items, &files));
    let bytes = made
        .await
        .map_err(|error| AccessError::Write(error.to_string()))??;
    let sha256 = HEXLOWER.encode(&Sha256::digest(&bytes));

    let mut tx = store.begin(&actor.trust).await?;
    let before = collection::locked(&mut tx, case).await?;
    if before.decisions_hash != seen.collection.decisions_hash
        || before.content_hash != seen.collection.content_hash
    {
        return Err(AccessError::NotYet(
            "Somebody decided otherwise meanwhile. Look at what is new, then make it again"
                .to_owned(),
        ));
    }
    keep(&mut tx, actor, case, &sha256, &bytes).await?;
    let kind = "access_collection.packaged";
    collection::entered(&mut tx, actor, kind, Some(&before), case).await?;
    if let Some(request) = request {
        let taking = Taking {
            step: RELEASE.to_owned(),
            revision: request.case.revision,
            note: String::new(),
            answers: Answers::from([("package".to_owned(), vec![sha256])]),
        };
        cases::take(&mut tx, engine, actor, case, taking).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The request, where a package can be given out now.
async fn ready(tx: &mut Tx, actor: &Actor, case: &CaseId) -> Result<Seen, AccessError> {
    let seen = request(tx, actor, case).await?;
    match seen.steps.iter().any(|step| step.id == RELEASE) {
        true => Ok(seen),
        false => Err(AccessError::NotYet(
            "The case is not being looked through. Say on its page that everything is collected, then make the package"
                .to_owned(),
        )),
    }
}

async fn cover(tx: &mut Tx, seen: &Sight, request: Option<&Seen>) -> Result<Cover, AccessError> {
    let now = tx.store().clock().zoned();
    let gathered = collection::at(seen.collection.gathered_at.unwrap_or_default());
    let searched = request.and_then(|seen| seen.case.answers.get("searched")?.first().cloned());
    Ok(Cover {
        name: seen.whom.name.clone(),
        trust: schools::trust(tx).await?.settings.name,
        reference: request.map_or_else(String::new, |seen| seen.case.reference.clone()),
        gathered: moment(gathered, now.time_zone()),
        made: day(now.date()),
        searched: searched.unwrap_or_default(),
        ..Cover::default()
    })
}

/// The content of the files that are given. That each was opened is entered.
async fn files(
    store: &Store,
    attachments: &Attachments,
    actor: &Actor,
    items: &[Item],
) -> Result<Vec<GivenFile>, AccessError> {
    let included = items.iter().filter(|item| {
        let decision = item.decision.as_ref();
        decision.is_some_and(|decision| decision.choice == Choice::Include)
    });
    let (mut files, mut left) = (Vec::new(), MEGABYTES * PIECE);
    for item in included {
        let Some(id) = &item.content.file else {
            continue;
        };
        let Some(opened) = attachments.open(store, actor, id).await? else {
            continue;
        };
        let read = to_bytes(opened.content, left).await;
        let bytes = read.map_err(|_| AccessError::TooLarge(MEGABYTES))?.to_vec();
        left = left.saturating_sub(bytes.len());
        files.push(GivenFile {
            number: item.number,
            name: opened.attachment.name,
            bytes,
        });
    }
    Ok(files)
}

/// Keeps a package, sealed, in pieces.
async fn keep(
    tx: &mut Tx,
    actor: &Actor,
    case: &CaseId,
    sha256: &str,
    bytes: &[u8],
) -> Result<(), AccessError> {
    let person = actor.person.as_ref().ok_or(AccessError::NotFound)?;
    let id: crate::store::RecordId = tx.fresh()?;
    let now = tx.now();
    let until = now.checked_add(LASTS).unwrap_or(now);
    tx.execute(
        "INSERT INTO access_package (trust, id, case_id, made_for, sha256, size_bytes, made_at, until_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            &id,
            case,
            person,
            sha256,
            i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            now,
            until
        ],
    )
    .await?;
    let key = tx.record_key(&sealed_under(case)).await?;
    for (number, piece) in (0_i64..).zip(bytes.chunks(PIECE)) {
        let at = place_of(&actor.trust, "piece", case, &format!("{id}/{number}"));
        let sealed = key.seal(&at, piece, tx.store().randomness())?;
        tx.execute(
            "INSERT INTO access_piece (trust, package, number, content) VALUES ($1, $2, $3, $4)",
            values![&id, number, sealed.0],
        )
        .await?;
    }
    Ok(())
}

/// Gives a package out to whom it was made for, while its time lasts. That they fetched it is entered.
///
/// # Errors
/// [`AccessError::NotFound`] where it is not theirs, or its time is over.
pub(super) async fn fetch(
    store: &Store,
    actor: &Actor,
    case: &CaseId,
    id: &str,
) -> Result<Vec<u8>, AccessError> {
    let mut tx = store.begin(&actor.trust).await?;
    let seen = sight(&mut tx, actor, case).await?;
    let now = tx.now().as_millisecond();
    let mut packages = seen.collection.packages.iter();
    let package = packages.find(|package| package.id == id && open_to(package, actor, now));
    let package = package.ok_or(AccessError::NotFound)?;
    let key = collection::key(&mut tx, (store, &actor.trust), case).await?;
    let rows = tx
        .all(
            "SELECT number, content FROM access_piece WHERE trust = $1 AND package = $2 ORDER BY number",
            values![id],
        )
        .await?;
    let mut bytes = Vec::new();
    for row in &rows {
        let number: i64 = row.get("number")?;
        let at = place_of(&actor.trust, "piece", case, &format!("{id}/{number}"));
        bytes.extend_from_slice(&key.open(&at, &Sealed(row.get("content")?))?);
    }
    if HEXLOWER.encode(&Sha256::digest(&bytes)) != package.sha256 {
        return Err(StoreError::Unreadable {
            column: "content".to_owned(),
        }
        .into());
    }
    fetched(&mut tx, actor, case).await?;
    tx.commit().await?;
    Ok(bytes)
}

/// Whether a package can be fetched by somebody now.
pub(super) fn open_to(package: &Package, actor: &Actor, now: i64) -> bool {
    actor.person.as_ref() == Some(&package.made_for) && package.until_at > now
}

async fn fetched(tx: &mut Tx, actor: &Actor, case: &CaseId) -> Result<(), LedgerError> {
    let change = Change {
        kind: "access_collection.fetched",
        record_kind: collection::Collection::KIND,
        record: case.as_str(),
        before: None,
        after: None,
    };
    record_event(tx, actor, Some(ACTION), change).await
}
