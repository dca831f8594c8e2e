//! How things stand with a case that somebody without an account opened: in words, for whoever holds its receipt.

use axum::extract::State;
use axum::http::{Extensions, StatusCode};
use axum::response::{Html, IntoResponse as _, Response};
use policy::words::capitalised;
use serde::{Deserialize, Serialize};

use crate::authority::Identity;
use crate::cases::receipts::{self, Counted};
use crate::web::App;
use crate::web::client::ClientAddress;
use crate::web::dates::moment;
use crate::web::extract::Form;
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// `cases/opening/receipt.html`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct ReceiptPage {
    error: String,
    found: Option<Found>,
}

/// How it stands.
#[derive(Debug, Serialize)]
struct Found {
    name: String,
    state: String,
    since: String,
}

impl Page for ReceiptPage {
    const TEMPLATE: &'static str = "cases/opening/receipt.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        let found = Found {
            name: "Complaint".into(),
            state: "Waiting to be acknowledged".into(),
            since: "20 November 2026 at 3:04pm".into(),
        };
        vec![
            Self::default(),
            Self::wrong(),
            Self {
                found: Some(found),
                ..Self::default()
            },
        ]
    }
}

impl ReceiptPage {
    fn wrong() -> Self {
        Self {
            error: "No receipt has this code. Check each letter and try again".to_owned(),
            found: None,
        }
    }
}

/// What the form sends. It is posted, so that the code stands in no address.
#[derive(Debug, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    code: String,
}

pub(super) async fn form(State(app): State<App>) -> Result<Html<String>, Problem> {
    app.store()?;
    app.render(&ReceiptPage::default())
}

pub(super) async fn look(
    State(app): State<App>,
    identity: Identity,
    extensions: Extensions,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let trust = identity.trust.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let mut tx = app.store()?.begin(&trust).await?;
    let client = ClientAddress::of(&extensions).network();
    let may = receipts::count(&mut tx, &trust, Counted::Tried, client).await?;
    let stands = receipts::stands(&mut tx, &typed.code).await?;
    // How often somebody tried is no record.
    tx.commit_unrecorded().await?;
    if !may {
        return Err(Problem::new(Kind::TooManyRequests)
            .detail("Many codes were tried from your network within the hour. Wait an hour, then try again."));
    }
    let zone = app.clock().zoned().time_zone().clone();
    match stands {
        None => {
            let page = app.render(&ReceiptPage::wrong())?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Some(stands) => {
            let found = Found {
                name: capitalised(&stands.name),
                state: stands.state,
                since: moment(stands.since, &zone),
            };
            let found = Some(found);
            let page = ReceiptPage {
                error: String::new(),
                found,
            };
            Ok(app.render(&page)?.into_response())
        }
    }
}
