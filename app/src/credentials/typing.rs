//! Lodging a log-in, and having a new one made. What was typed is never shown again on a form.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::kept::{self, Kept, LOG_IN};
use super::page::{Sender, may_lodge, shown};
use super::secret::{LogIn, Unfit};
use super::view::{self, How};
use super::{CredentialError, custody, rotation};
use crate::accounts::{self, Sight, says};
use crate::authority::{Access, Routes};
use crate::cases::CaseId;
use crate::sign_in::JustProved;
use crate::store::Tx;
use crate::web::App;
use crate::web::extract::{Form, Path};
use crate::web::form::{Asked, Faults, Field, FormPage};
use crate::web::problem::Problem;

const LODGED: &str = "Lodged";
const MADE: &str = "A new one was made";

pub(super) fn routes() -> Routes {
    let own = Access::SignedIn;
    Routes::new()
        .get("/accounts/{case}/log-in/lodge", own, lodge_form)
        .post("/accounts/{case}/log-in/lodge", own, lodge)
        .get("/accounts/{case}/log-in/change", own, change_form)
        .post("/accounts/{case}/log-in/change", own, make)
        .get("/accounts/{case}/log-in/changed", own, changed_form)
        .post("/accounts/{case}/log-in/changed", own, changed)
}

/// The account, for somebody who may lodge and change its log-in.
pub(super) async fn theirs(
    tx: &mut Tx,
    app: &App,
    proved: &JustProved,
    case: &CaseId,
) -> Result<Sight, Problem> {
    let seen = accounts::sight(tx, &app.engine(), proved.actor(), case).await?;
    match may_lodge(&seen, proved.actor()) {
        true => Ok(seen),
        false => Err(CredentialError::NotNamed.into()),
    }
}

/// The forms, each at its address below the account's log-in.
pub(super) fn form(app: &App, seen: &Sight, to: &str, page: FormPage) -> FormPage {
    let id = &seen.case.id;
    FormPage {
        caption: says(&seen.case, app.library().platforms()),
        back: format!("/accounts/{id}/log-in"),
        action: format!("/accounts/{id}/log-in/{to}"),
        ..page
    }
}

pub(super) async fn asked(
    app: &App,
    proved: &JustProved,
    case: &CaseId,
    (to, page): (&str, FormPage),
) -> Result<Html<String>, Problem> {
    let mut tx = app.store()?.begin(&proved.actor().trust).await?;
    let seen = theirs(&mut tx, app, proved, case).await?;
    tx.commit_unrecorded().await?;
    app.render(&form(app, &seen, to, page))
}

fn lodging(faults: &Faults) -> FormPage {
    FormPage {
        title: "Lodge the log-in".to_owned(),
        lead: vec![
            "What the account itself is signed in to with. It is sealed here, and opened only by people who were named \
             for it."
                .to_owned(),
        ],
        warning: "Never lodge a log-in of your own, or of any other person: only that of this account. The school may \
                  not ask for personal passwords."
            .to_owned(),
        fields: vec![
            Field::new(Asked::Text, "name", "Name or e-mail address that the account signs in with").faulted(faults),
            Field::new(Asked::Password, "password", "Password")
                .hint("Better: go back and have a new one made here, which nobody can guess.")
                .faulted(faults),
        ],
        button: "Seal and lodge it".to_owned(),
        ..FormPage::default()
    }
}

async fn lodge_form(
    State(app): State<App>,
    proved: JustProved,
    Path(case): Path<CaseId>,
) -> Result<Html<String>, Problem> {
    asked(&app, &proved, &case, ("lodge", lodging(&Faults::default()))).await
}

/// A log-in as it comes.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Typed {
    name: Zeroizing<String>,
    password: Zeroizing<String>,
}

async fn lodge(
    State(app): State<App>,
    Sender(proved): Sender,
    Path(case): Path<CaseId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let mut tx = app.store()?.begin(&proved.actor().trust).await?;
    let seen = theirs(&mut tx, &app, &proved, &case).await?;
    let log_in = match LogIn::typed(&typed.name, typed.password) {
        Ok(log_in) => log_in,
        Err(unfit) => {
            tx.commit_unrecorded().await?;
            let page = form(&app, &seen, "lodge", lodging(&fault(unfit)));
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, app.render(&page)?).into_response());
        }
    };
    let before = kept::of(&mut tx, &case, LOG_IN).await?;
    let version = before.as_ref().map_or(1, |kept| kept.version + 1);
    let sealed = custody::seal(&mut tx, &proved.actor().trust, (&case, version), &log_in).await?;
    let after = next(
        &mut tx,
        &proved,
        (&case, LOG_IN, version),
        before.as_ref(),
        sealed,
    )?;
    kept::keep(
        &mut tx,
        proved.actor(),
        before.as_ref(),
        &after,
        "credential.lodged",
    )
    .await?;
    view::enter(&mut tx, proved.actor(), (&case, version), How::Set, LODGED).await?;
    rotation::settle(
        &mut tx,
        &app.engine(),
        &case,
        ("done", "The log-in was lodged."),
    )
    .await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/accounts/{case}/log-in?done=lodged")).into_response())
}

fn fault(unfit: Unfit) -> Faults {
    let mut faults = Faults::default();
    match unfit {
        Unfit::NoName => faults.add(
            "name",
            "Enter the name or address that the account signs in with",
        ),
        Unfit::NoPassword => faults.add("password", "Enter the password"),
        Unfit::TooLong => faults.add(
            "password",
            "Name and password have at most 300 characters each, and no line breaks",
        ),
    }
    faults
}

/// The secret as it is kept from now on.
pub(super) fn next(
    tx: &mut Tx,
    proved: &JustProved,
    (case, kind, version): (&CaseId, &str, i64),
    before: Option<&Kept>,
    sealed: Vec<u8>,
) -> Result<Kept, CredentialError> {
    Ok(Kept {
        id: match before {
            Some(before) => before.id.clone(),
            None => tx.fresh()?,
        },
        case: case.clone(),
        kind: kind.to_owned(),
        version,
        sealed,
        coming: None,
        lodged_at: tx.now().as_millisecond(),
        lodged_by: proved.actor().person.clone(),
        connection: None,
    })
}

async fn change_form(
    State(app): State<App>,
    proved: JustProved,
    Path(case): Path<CaseId>,
) -> Result<Html<String>, Problem> {
    let page = FormPage {
        title: "Change the password".to_owned(),
        lead: vec![
            "A new password is made here, long and at random. It is shown to you once, to be set on the platform. Until \
             you confirm that it is set, the present one stays."
                .to_owned(),
            "Have the platform’s page for changing the password open first. Look whether a recovery address, a \
             telephone number or another device there is somebody’s own, and take it off."
                .to_owned(),
        ],
        button: "Make a new password and show it".to_owned(),
        ..FormPage::default()
    };
    asked(&app, &proved, &case, ("change", page)).await
}

async fn make(
    State(app): State<App>,
    Sender(proved): Sender,
    Path(case): Path<CaseId>,
) -> Result<Response, Problem> {
    let mut tx = app.store()?.begin(&proved.actor().trust).await?;
    let seen = theirs(&mut tx, &app, &proved, &case).await?;
    let before = kept::of(&mut tx, &case, LOG_IN)
        .await?
        .ok_or(CredentialError::Nothing)?;
    let present = custody::opened(&mut tx, &proved, &before).await?;
    let randomness = tx.store().randomness().clone();
    let log_in = present
        .renewed(&randomness)
        .map_err(CredentialError::from)?;
    let version = before.version + 1;
    let sealed = custody::seal(&mut tx, &proved.actor().trust, (&case, version), &log_in).await?;
    let after = Kept {
        coming: Some(sealed),
        ..before.clone()
    };
    kept::keep(
        &mut tx,
        proved.actor(),
        Some(&before),
        &after,
        "credential.made",
    )
    .await?;
    view::enter(&mut tx, proved.actor(), (&case, version), How::Set, MADE).await?;
    tx.commit().await?;
    shown(&app, &seen, &log_in, true)
}

async fn changed_form(
    State(app): State<App>,
    proved: JustProved,
    Path(case): Path<CaseId>,
) -> Result<Html<String>, Problem> {
    asked(&app, &proved, &case, ("changed", confirming())).await
}

fn confirming() -> FormPage {
    FormPage {
        title: "Is the new password set on the platform?".to_owned(),
        lead: vec![
            "Once you confirm it, the new one is the account’s log-in, and the one before is destroyed here. If the \
             platform did not take it, go back: the present one stays."
                .to_owned(),
        ],
        button: "Yes, it is set".to_owned(),
        ..FormPage::default()
    }
}

async fn changed(
    State(app): State<App>,
    Sender(proved): Sender,
    Path(case): Path<CaseId>,
) -> Result<Response, Problem> {
    let mut tx = app.store()?.begin(&proved.actor().trust).await?;
    theirs(&mut tx, &app, &proved, &case).await?;
    let before = kept::of(&mut tx, &case, LOG_IN)
        .await?
        .ok_or(CredentialError::Nothing)?;
    // It opens, or nothing is destroyed for it.
    custody::coming(&mut tx, &proved, &before)
        .await?
        .ok_or(CredentialError::Nothing)?;
    let sealed = before.coming.clone().ok_or(CredentialError::Nothing)?;
    let version = (&case, LOG_IN, before.version + 1);
    let after = next(&mut tx, &proved, version, Some(&before), sealed)?;
    kept::keep(
        &mut tx,
        proved.actor(),
        Some(&before),
        &after,
        "credential.changed",
    )
    .await?;
    rotation::settle(
        &mut tx,
        &app.engine(),
        &case,
        ("done", "The log-in was changed."),
    )
    .await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/accounts/{case}/log-in?done=changed")).into_response())
}
