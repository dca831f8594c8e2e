//! A code that the school issues to somebody without an e-mail address. It works once, for a few
//! days, and its first use sets a password.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::account::{self, Account};
use super::client::Client;
use super::entering::Entering;
use super::entry::{Candidate, count, failed, too_many};
use super::form::{Faults, no_trust};
use super::session::{self, Method};
use super::{factor, password, tries};
use crate::authority::{Access, Actor, Identity, Routes};
use crate::store::{Store, StoreError, Tx};
use crate::values;
use crate::web::App;
use crate::web::extract::Form;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// How long a code works.
pub(super) const LIFETIME: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Without letters and digits that are easily taken for each other.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// 60 random bits.
const LENGTH: usize = 12;

/// What is handed over on paper.
#[derive(Clone, Debug)]
pub(super) struct Issued {
    pub(super) username: String,
    pub(super) code: String,
    /// Its slow hash: see [`issue`].
    hash: String,
}

/// Draws a code. It is hashed before the transaction begins, because that takes a while.
pub(super) async fn draw(store: &Store, account: &Account) -> Result<Issued, Problem> {
    let trust_wide = store.randomness();
    let bytes: [u8; LENGTH] = trust_wide
        .bytes()
        .map_err(|error| Problem::internal(&error))?;
    let letters = bytes
        .iter()
        .filter_map(|byte| LETTERS.get(usize::from(byte & 31)));
    let code: String = letters.map(|&letter| char::from(letter)).collect();
    Ok(Issued {
        username: account.username.clone().unwrap_or_default(),
        hash: password::hash_code(code.clone(), trust_wide).await?,
        code: factor::grouped(&code),
    })
}

/// Issues a drawn code; an older one, and the password, stop working.
pub(super) async fn issue(
    tx: &mut Tx,
    actor: &Actor,
    account: &Account,
    mut issued: Issued,
) -> Result<Issued, Problem> {
    let person = &account.person;
    account::ensure(tx, &person.id).await?;
    if issued.username.is_empty() {
        issued.username = account::free_username(tx, person).await?;
    }
    let expires_at = tx.now() + LIFETIME;
    tx.execute(
        "UPDATE sign_in_account \
         SET username = $3, code_hash = $4, code_expires_at = $5, password_hash = NULL \
         WHERE trust = $1 AND person = $2",
        values![&person.id, &issued.username, &issued.hash, expires_at],
    )
    .await?;
    session::about(tx, actor, &person.id, "sign-in.code-issued").await?;
    Ok(issued)
}

/// `sign_in/code.html`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct CodePage {
    name: String,
    shortest: usize,
    faults: Faults,
}

impl Page for CodePage {
    const TEMPLATE: &'static str = "sign_in/code.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        let faulty = |field| Self {
            name: "k.adeyemi".into(),
            shortest: 12,
            faults: Faults::one(field, WRONG),
        };
        vec![
            Self::default(),
            faulty("name"),
            faulty("password"),
            faulty("code"),
        ]
    }
}

pub(super) fn routes() -> Routes {
    Routes::new().get("/sign-in/code", Access::Open, show).post(
        "/sign-in/code",
        Access::Open,
        by_code,
    )
}

const WRONG: &str =
    "That name and code do not fit together, or the code was used already or is too old";

async fn show(State(app): State<App>, identity: Identity) -> Result<Response, Problem> {
    let trust = identity.trust.as_ref().ok_or_else(no_trust)?;
    let page = CodePage {
        shortest: account::shortest_password(&mut app.store()?.read(trust)).await?,
        ..CodePage::default()
    };
    Ok(app.render(&page)?.into_response())
}

#[derive(Deserialize)]
struct Given {
    #[serde(default)]
    name: String,
    #[serde(default)]
    code: Zeroizing<String>,
    #[serde(default)]
    password: Zeroizing<String>,
    #[serde(default)]
    again: Zeroizing<String>,
}

async fn by_code(
    State(app): State<App>,
    identity: Identity,
    client: Client,
    headers: HeaderMap,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let trust = identity.trust.as_ref().ok_or_else(no_trust)?;
    let store = app.store()?;
    let entering = Entering {
        app: &app,
        trust,
        identity: &identity,
        headers: &headers,
        next: None,
    };
    let shortest = account::shortest_password(&mut store.read(trust)).await?;
    let refuse = |status: StatusCode, faults: Faults| {
        let page = CodePage {
            name: given.name.clone(),
            shortest,
            faults,
        };
        Ok((status, app.render(&page)?).into_response())
    };
    let mut faults = Faults::default();
    faults.demand("name", &given.name, "Enter the name the school gave you");
    faults.demand("code", &given.code, "Enter the code the school gave you");
    faults.demand("password", &given.password, "Enter a new password");
    if !faults.is_empty() {
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, faults);
    }
    let candidate = Candidate::find(&entering, &given.name).await?;
    let attempt = candidate.attempt("code", &given.name, client);
    if let Err(wait) = count(&app, trust, attempt).await? {
        let faults = Faults::one("name", too_many(wait));
        return refuse(StatusCode::TOO_MANY_REQUESTS, faults);
    }
    let right = is_code(&app, candidate.account.as_ref(), &given.code).await?;
    let Some(account) = candidate.account.as_ref().filter(|_| right) else {
        failed(
            &app,
            trust,
            candidate.account.as_ref(),
            "sign-in.code-failed",
        )
        .await?;
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, Faults::one("name", WRONG));
    };
    let (password, again) = (given.password.clone(), given.again.clone());
    let randomness = store.randomness();
    let taken = password::take(password, again, account.about(), shortest, randomness).await?;
    let mut tx = store.begin(trust).await?;
    tries::succeeded(&mut tx, trust, attempt).await?;
    let hash = match taken {
        Ok(hash) => hash,
        Err(refusal) => {
            tx.commit_unrecorded().await?;
            let faults = Faults::one("password", refusal);
            return refuse(StatusCode::UNPROCESSABLE_ENTITY, faults);
        }
    };
    if !use_up(&mut tx, account).await? {
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, Faults::one("name", WRONG));
    }
    let actor = account::acting(&mut tx, trust, &account.person).await?;
    account::set_password(&mut tx, &actor, &account.person.id, &hash, None).await?;
    let entered = entering.proved(&mut tx, account, Method::Code).await?;
    tx.commit().await?;
    Ok(entered.into_response())
}

async fn is_code(app: &App, account: Option<&Account>, code: &str) -> Result<bool, Problem> {
    let now = app.clock().now();
    let live = account.filter(|account| account.code_expires_at.is_some_and(|at| now < at));
    let hash = live.and_then(|account| account.code_hash.clone());
    let letters = code.chars().filter(char::is_ascii_alphanumeric);
    let plain: String = letters.map(|c| c.to_ascii_uppercase()).take(64).collect();
    password::is(Zeroizing::new(plain), hash).await
}

/// Of two that use a code at once, one is refused.
async fn use_up(tx: &mut Tx, account: &Account) -> Result<bool, StoreError> {
    let used = tx
        .execute(
            "UPDATE sign_in_account SET code_hash = NULL, code_expires_at = NULL \
             WHERE trust = $1 AND person = $2 AND code_hash = $3",
            values![&account.person.id, account.code_hash.clone()],
        )
        .await?;
    Ok(used == 1)
}
