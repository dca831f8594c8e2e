//! Requests for one's own data without a page: which there are, gathering, and taking the package away.

use super::collection;
use super::item::Item;
use super::job::{self, Gather};
use super::pages::collecting::{begun, meant};
use super::release::{self, open_to};
use super::sight::{Sight, request, sight};
use super::{AccessError, REGISTER};
use crate::attachments::Attachments;
use crate::authority::Actor;
use crate::cases::{self, CaseId, Engine, Filter, Standing};
use crate::people::Part;
use crate::store::{Store, Tx};

/// So many open requests are listed.
const AT_MOST: u32 = 200;

/// An open request, as somebody who answers it sees it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Request {
    /// The case.
    pub(crate) case: CaseId,
    /// What people call it: `SAR-2026-0001`.
    pub(crate) reference: String,
    /// Whom it is about; empty where nothing is gathered yet.
    pub(crate) name: String,
    /// How far it is, in words.
    pub(crate) says: String,
}

/// The open requests that somebody answers.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn requests(tx: &mut Tx, actor: &Actor) -> Result<Vec<Request>, AccessError> {
    let store = tx.store().clone();
    let filter = Filter {
        register: Some(REGISTER.to_owned()),
        standing: Standing::Open,
        ..Filter::default()
    };
    let part = Part {
        skip: 0,
        size: AT_MOST,
    };
    let open = cases::list(tx, &store, actor, &filter, part).await?;
    let mut requests = Vec::new();
    for line in open.items.into_iter().filter(|line| !line.outline) {
        let (name, says) = match sight(tx, actor, &line.case.id).await {
            Ok(seen) => (seen.whom.name.clone(), progress(&seen)),
            Err(AccessError::NotFound) => (String::new(), "Not begun".to_owned()),
            Err(error) => return Err(error),
        };
        requests.push(Request {
            case: line.case.id,
            reference: line.case.reference,
            name,
            says,
        });
    }
    Ok(requests)
}

/// How far a collection is.
pub(super) fn progress(seen: &Sight) -> String {
    match seen.collection.gathered_at {
        None => "Being gathered".to_owned(),
        Some(_) => format!("{} of {} decided", seen.decided(), seen.items.len()),
    }
}

/// Those whom a request can be about, by name and what they are: the first is 1 for whoever chooses.
///
/// # Errors
/// [`AccessError::NotFound`] where it is no request that they answer.
pub(crate) async fn choices(
    tx: &mut Tx,
    actor: &Actor,
    case: &CaseId,
) -> Result<Vec<String>, AccessError> {
    let seen = request(tx, actor, case).await?;
    let meant = meant(tx, actor, &seen).await?;
    let says = meant
        .iter()
        .map(|whom| format!("{} ({})", whom.name, whom.says()));
    Ok(says.collect())
}

/// Gathers all that is held about one of those whom a request can be about, at once; how many things there are for
/// whoever asks, and how many of them name somebody else. `tx` is theirs to begin it in.
///
/// # Errors
/// [`AccessError::NotYet`] where the request is over or there is nobody of that number.
pub(crate) async fn gather(
    mut tx: Tx,
    (engine, attachments): (&Engine, &Attachments),
    actor: &Actor,
    (case, place): (&CaseId, usize),
) -> Result<(usize, usize), AccessError> {
    let store = tx.store().clone();
    let seen = request(&mut tx, actor, case).await?;
    if seen.case.closed_at.is_some() {
        return Err(AccessError::NotYet(
            "This request is over: nothing more is gathered for it".to_owned(),
        ));
    }
    let meant = meant(&mut tx, actor, &seen).await?;
    let whom = meant.into_iter().nth(place);
    let whom = whom.ok_or_else(|| {
        AccessError::NotYet("There is nobody of that number whom it can be about".to_owned())
    })?;
    let begun_at = begun(&mut tx, actor, case, &whom).await?;
    tx.commit().await?;
    // The job is queued as well: where this does not come to its end, a running server goes on with it.
    let job = Gather {
        case: case.clone(),
        begun_at,
    };
    let of = (&store, &actor.trust);
    if let Some(tx) = job::gathered(of, (engine, attachments), &job).await? {
        tx.commit().await?;
    }
    let mut tx = store.begin(&actor.trust).await?;
    let seen = sight(&mut tx, actor, case).await?;
    tx.commit_unrecorded().await?;
    let named = |item: &&Item| !item.content.others.is_empty();
    Ok((seen.items.len(), seen.items.iter().filter(named).count()))
}

/// The package of a request that was made for somebody and can be fetched still, the latest; made now where there is
/// none. That they have it is entered.
///
/// # Errors
/// [`AccessError::NotYet`] where not everything is decided, or the case is not at that point.
pub(crate) async fn package(
    (store, engine, attachments): (&Store, &Engine, &Attachments),
    actor: &Actor,
    case: &CaseId,
) -> Result<Vec<u8>, AccessError> {
    let latest = async || -> Result<Option<String>, AccessError> {
        let mut tx = store.begin(&actor.trust).await?;
        let seen = sight(&mut tx, actor, case).await?;
        let now = tx.now().as_millisecond();
        tx.commit_unrecorded().await?;
        let packages = seen.collection.packages.iter();
        let open = packages.filter(|package| open_to(package, actor, now));
        let latest: Option<&collection::Package> = open.max_by_key(|package| package.made_at);
        Ok(latest.map(|package| package.id.clone()))
    };
    let id = match latest().await? {
        Some(id) => id,
        None => {
            release::release((store, engine, attachments), actor, case).await?;
            latest().await?.ok_or(AccessError::NotFound)?
        }
    };
    release::fetch(store, actor, case, &id).await
}
