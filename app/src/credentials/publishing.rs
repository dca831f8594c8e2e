//! The token with which the program publishes: kept once the platform has said whose it is, and destroyed.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use publish::{AccountError, Failure, Owner, Platform};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::kept::{self, Connection, PUBLISHING};
use super::page::Sender;
use super::secret::PublishingToken;
use super::typing::{asked, form, next, theirs};
use super::{CredentialError, custody};
use crate::accounts::answer;
use crate::authority::{Access, Routes};
use crate::cases::{Account, Case, CaseId};
use crate::outbound::Outbound;
use crate::sign_in::JustProved;
use crate::web::App;
use crate::web::extract::{Form, Path};
use crate::web::form::{Asked, Faults, Field, FormPage};
use crate::web::problem::Problem;

/// How long a platform may take to say whose a token is: somebody waits before the page, which ends at 15 seconds.
const PATIENCE: Duration = Duration::from_secs(12);
/// The server of most accounts on Bluesky.
const BLUESKY: &str = "https://bsky.social";

pub(super) fn routes() -> Routes {
    let own = Access::SignedIn;
    Routes::new()
        .get("/accounts/{case}/log-in/token", own, token_form)
        .post("/accounts/{case}/log-in/token", own, token)
        .get("/accounts/{case}/log-in/token/revoke", own, revoke_form)
        .post("/accounts/{case}/log-in/token/revoke", own, revoke)
}

/// A token as it comes.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Given {
    server: String,
    name: String,
    token: Zeroizing<String>,
}

/// The account as its case names it.
fn account(case: &Case) -> Account {
    Account::of(answer(case, "account"))
}

/// The platform, where the program can publish on it.
fn platform(case: &Case) -> Option<Platform> {
    account(case).platform.parse().ok()
}

/// What stands in the form before anybody types: what the account's address says.
fn usual(case: &Case) -> Given {
    let address = account(case).address;
    let whole = address
        .split_once("://")
        .map_or(address.as_str(), |(_, rest)| rest);
    let server = match platform(case) {
        Some(Platform::Mastodon) => match whole.split_once("/@") {
            Some((server, _)) => format!("https://{server}"),
            None => whole
                .rsplit_once('@')
                .map_or_else(String::new, |(_, server)| match server.contains('.') {
                    true => format!("https://{server}"),
                    false => String::new(),
                }),
        },
        _ => BLUESKY.to_owned(),
    };
    Given {
        server,
        name: handle(&address),
        token: Zeroizing::default(),
    }
}

/// The name of an account within its address: what follows the last stroke, without the server of a name with two `@`.
fn handle(address: &str) -> String {
    let last = address
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let name = last.trim_start_matches('@');
    name.split('@').next().unwrap_or_default().to_lowercase()
}

fn giving(case: &Case, given: &Given, faults: &Faults) -> FormPage {
    let mut lead = vec![
        "With it the program can publish and nothing else. It is no log-in: it can be revoked on the platform at any time \
         without changing the password. It is sealed here, used by the program alone, and shown to nobody again."
            .to_owned(),
    ];
    let server = |hint: &str| {
        Field::new(Asked::Text, "server", "Address of the server")
            .hint(hint)
            .value(&given.server)
            .faulted(faults)
    };
    let token = |label| Field::new(Asked::Password, "token", label).faulted(faults);
    let fields = match platform(case) {
        Some(Platform::Bluesky) => {
            lead.push(
                "Make one on Bluesky, under Settings, Privacy and security, App passwords. It needs no access to direct \
                 messages."
                    .to_owned(),
            );
            vec![
                server("https://bsky.social, unless the account is on a server of its own"),
                Field::new(Asked::Text, "name", "The account’s name")
                    .hint("Such as school.bsky.social")
                    .value(&given.name)
                    .faulted(faults),
                token("App password"),
            ]
        }
        Some(Platform::Mastodon) => {
            lead.push(
                "Make one on the server, under Preferences, Development, New application. It needs read:accounts, \
                 read:statuses, write:statuses and write:media, and nothing more."
                    .to_owned(),
            );
            vec![
                server("Such as https://mastodon.social"),
                token("Access token"),
            ]
        }
        None => {
            lead.push(
                "The program cannot publish on this platform yet: people put posts out by hand. A token can be kept for \
                 later."
                    .to_owned(),
            );
            vec![token("Token, as the platform gave it")]
        }
    };
    FormPage {
        title: "A token for publishing".to_owned(),
        lead,
        fields,
        button: match platform(case) {
            Some(_) => "Check and seal it".to_owned(),
            None => "Seal it".to_owned(),
        },
        ..FormPage::default()
    }
}

async fn token_form(
    State(app): State<App>,
    proved: JustProved,
    Path(case): Path<CaseId>,
) -> Result<Html<String>, Problem> {
    let mut tx = app.store()?.begin(&proved.actor().trust).await?;
    let seen = theirs(&mut tx, &app, &proved, &case).await?;
    tx.commit_unrecorded().await?;
    let page = giving(&seen.case, &usual(&seen.case), &Faults::default());
    app.render(&form(&app, &seen, "token", page))
}

async fn token(
    State(app): State<App>,
    Sender(proved): Sender,
    Path(case): Path<CaseId>,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let mut tx = app.store()?.begin(&proved.actor().trust).await?;
    let seen = theirs(&mut tx, &app, &proved, &case).await?;
    tx.commit_unrecorded().await?;
    let mut faults = Faults::default();
    let token = PublishingToken::typed(&given.token);
    if token.is_none() {
        faults.add(
            "token",
            "Enter the token in one line, as the platform gave it",
        );
    }
    // No transaction is open while others are waited for.
    let connection = match (&token, platform(&seen.case)) {
        (Some(token), Some(platform)) => {
            checked(
                app.platforms(),
                (platform, &given, token),
                &seen.case,
                &mut faults,
            )
            .await
        }
        _ => None,
    };
    let Some(token) = token.filter(|_| faults.is_empty()) else {
        let page = form(&app, &seen, "token", giving(&seen.case, &given, &faults));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, app.render(&page)?).into_response());
    };
    let mut tx = app.store()?.begin(&proved.actor().trust).await?;
    theirs(&mut tx, &app, &proved, &case).await?;
    let before = kept::of(&mut tx, &case, PUBLISHING).await?;
    let version = before.as_ref().map_or(1, |kept| kept.version + 1);
    let trust = &proved.actor().trust;
    let sealed = custody::seal_token(&mut tx, trust, (&case, version), &token).await?;
    let version = (&case, PUBLISHING, version);
    let mut after = next(&mut tx, &proved, version, before.as_ref(), sealed)?;
    after.connection = connection;
    let event = "credential.token-kept";
    kept::keep(&mut tx, proved.actor(), before.as_ref(), &after, event).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/accounts/{case}/log-in?done=token")).into_response())
}

/// Asks the platform whose a token is: this account's, or it is not kept.
async fn checked(
    outbound: &Outbound,
    (platform, given, token): (Platform, &Given, &PublishingToken),
    case: &Case,
    faults: &mut Faults,
) -> Option<Connection> {
    let found = publish::Account::new(
        platform,
        &given.server,
        &given.name,
        token.expose(),
        outbound,
    );
    let found = match found {
        Ok(account) => tokio::time::timeout(PATIENCE, account.check()).await,
        Err(error) => {
            let (field, what) = unlike(&error);
            faults.add(field, what);
            return None;
        }
    };
    let owner = match found {
        Ok(Ok(owner)) => owner,
        Ok(Err(failure)) => {
            let (field, what) = said(&failure);
            faults.add(field, what);
            return None;
        }
        Err(_) => {
            faults.add(
                "server",
                "The server did not answer in time. Try again later",
            );
            return None;
        }
    };
    let named = handle(&account(case).address);
    if owner_name(platform, &owner) != named {
        faults.add(
            "token",
            format!(
                "This is the token of {}, and this account is {named}",
                owner.name
            ),
        );
        return None;
    }
    Some(Connection {
        server: given.server.trim().trim_end_matches('/').to_owned(),
        name: match platform {
            Platform::Bluesky => owner.id.clone(),
            Platform::Mastodon => owner.name,
        },
        id: owner.id,
    })
}

/// The owner's name as [`handle`] gives that of an address.
fn owner_name(platform: Platform, owner: &Owner) -> String {
    let name = owner.name.to_lowercase();
    match platform {
        Platform::Bluesky => name,
        Platform::Mastodon => name.split('@').next().unwrap_or_default().to_owned(),
    }
}

fn unlike(error: &AccountError) -> (&'static str, String) {
    match error {
        AccountError::Platform(_) | AccountError::Server(_) => (
            "server",
            "Give the address of the server, such as https://bsky.social, and nothing after it"
                .to_owned(),
        ),
        AccountError::NoName => (
            "name",
            "Give the account’s name, such as school.bsky.social".to_owned(),
        ),
        AccountError::Token => (
            "token",
            "Enter the token without spaces, as the platform gave it".to_owned(),
        ),
    }
}

fn said(failure: &Failure) -> (&'static str, String) {
    match failure {
        Failure::TokenRevoked(_) => (
            "token",
            "The platform does not accept this. Look whether it was copied whole, and whether it was revoked".to_owned(),
        ),
        Failure::Refused(why) => ("token", format!("The platform refused it: {why}")),
        Failure::RateLimited { .. } => (
            "server",
            "The platform was asked too often in a short time. Try again later".to_owned(),
        ),
        Failure::NotReached(why) | Failure::Unknown(why) => (
            "server",
            format!("The server could not be reached, and nothing was kept: {why}"),
        ),
    }
}

async fn revoke_form(
    State(app): State<App>,
    proved: JustProved,
    Path(case): Path<CaseId>,
) -> Result<Html<String>, Problem> {
    let page = FormPage {
        title: "Revoke the token for publishing".to_owned(),
        lead: vec![
            "It is destroyed here, and the program can publish on this account no more. Revoke it on the platform as \
             well."
                .to_owned(),
        ],
        button: "Revoke it".to_owned(),
        destructive: true,
        ..FormPage::default()
    };
    asked(&app, &proved, &case, ("token/revoke", page)).await
}

async fn revoke(
    State(app): State<App>,
    Sender(proved): Sender,
    Path(case): Path<CaseId>,
) -> Result<Response, Problem> {
    let mut tx = app.store()?.begin(&proved.actor().trust).await?;
    theirs(&mut tx, &app, &proved, &case).await?;
    let kept = kept::of(&mut tx, &case, PUBLISHING)
        .await?
        .ok_or(CredentialError::Nothing)?;
    kept::destroy(&mut tx, proved.actor(), &kept, "credential.token-revoked").await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/accounts/{case}/log-in?done=revoked")).into_response())
}

#[cfg(test)]
mod tests {
    use super::handle;

    #[test]
    fn the_name_of_an_account_is_read_from_its_address() {
        for (address, name) in [
            (
                "https://bsky.app/profile/Ash.bsky.social",
                "ash.bsky.social",
            ),
            ("@ash.bsky.social", "ash.bsky.social"),
            ("https://mastodon.example/@ash/", "ash"),
            ("@ash@mastodon.example", "ash"),
        ] {
            assert_eq!(handle(address), name, "{address}");
        }
    }
}
