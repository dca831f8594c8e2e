//! The pages of a parent or carer who has a link: one question a page, answers to check, and later what they said, to
//! change or take back. They say no more of the child than the given name and the school.

use axum::extract::State;
use axum::http::{Extensions, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};

use super::answer::{Answer, By, Given, How, answer, answers_to, family};
use super::family_pages::{
    About, CHOOSE, CheckPage, Chosen, GonePage, QuestionPage, StartPage, WithdrawPage, limits_page,
    question, rows,
};
use super::letter::school_of;
use super::link::{self, Opened};
use super::said::{Said, Use};
use super::standing::later;
use super::{ConsentError, REGISTER};
use crate::authority::{Access, Identity, Routes};
use crate::cases::{self, Counted};
use crate::pupils;
use crate::store::{TrustId, Tx};
use crate::web::App;
use crate::web::client::ClientAddress;
use crate::web::dates::day;
use crate::web::extract::{Form, Path, Query};
use crate::web::problem::{Kind, Problem};

/// The longest limits, in characters.
const LIMITS_MAX: usize = 1000;

/// The pages are open to whoever has a link: it alone is the key.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/pictures/{link}", Access::Open, start)
        .get("/pictures/{link}/limits", Access::Open, limits)
        .post("/pictures/{link}/check", Access::Open, check)
        .post("/pictures/{link}/send", Access::Open, send)
        .get("/pictures/{link}/no", Access::Open, withdraw)
        .post("/pictures/{link}/no", Access::Open, withdrawn)
        .get("/pictures/{link}/about/{use}", Access::Open, ask)
        .post("/pictures/{link}/about/{use}", Access::Open, next)
}

/// What a link opened, with the names that its pages show.
struct Seen {
    opened: Opened,
    about: About,
}

/// What the link in an address opens; the page that says that it does not work, otherwise.
async fn seen(
    app: &App,
    tx: &mut Tx,
    identity: &Identity,
    token: &str,
    client: &Extensions,
) -> Result<Result<Seen, Response>, Problem> {
    let (store, trust) = (app.store()?, trust(identity)?);
    let opened = link::opened(tx, (store, trust), token, app.today()).await?;
    let pupil = match &opened {
        Some(opened) => pupils::find(tx, store, trust, &opened.pupil)
            .await
            .map_err(ConsentError::from)?,
        None => None,
    };
    let Some((opened, pupil)) = opened.zip(pupil) else {
        let network = ClientAddress::of(client).network();
        if !cases::count(tx, trust, Counted::Tried, network).await? {
            return Err(Problem::new(Kind::TooManyRequests).detail(
                "Many addresses that do not work were tried from your network. Wait an hour, or ring the school.",
            ));
        }
        let page = app.render(&GonePage {
            trust: identity.trust_name.clone(),
        })?;
        return Ok(Err((StatusCode::NOT_FOUND, page).into_response()));
    };
    let details = &pupil.details;
    let about = About {
        link: token.to_owned(),
        child: details
            .known_as
            .as_ref()
            .unwrap_or(&details.given_name)
            .to_string(),
        school: school_of(tx, &opened.case).await?,
    };
    Ok(Ok(Seen { opened, about }))
}

fn trust(identity: &Identity) -> Result<&TrustId, Problem> {
    let trust = identity.trust.as_ref();
    trust.ok_or_else(|| Problem::new(Kind::NotFound))
}

/// Begins a transaction and opens the link in it; ends with the page that says that it does not work.
macro_rules! open {
    ($app:ident, $identity:ident, $client:ident, $link:ident) => {{
        let mut tx = $app.store()?.begin(trust(&$identity)?).await?;
        match seen(&$app, &mut tx, &$identity, &$link, &$client).await? {
            Ok(seen) => (tx, seen),
            Err(page) => {
                tx.commit_unrecorded().await?;
                return Ok(page);
            }
        }
    }};
}

async fn start(
    State(app): State<App>,
    identity: Identity,
    client: Extensions,
    Path(link): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Problem> {
    let (mut tx, seen) = open!(app, identity, client, link);
    let own = own(&app, &mut tx, &identity, &seen.opened).await?;
    let rules = in_force(&app, &mut tx, &seen.opened).await?;
    tx.commit_unrecorded().await?;
    let today = app.today();
    let until = own
        .as_ref()
        .map_or_else(|| later(today, &rules.settings, "lasts"), |own| own.until);
    let page = StartPage {
        no: own.as_ref().is_some_and(|own| own.said.is_no()),
        said: own.as_ref().map(|own| rows(&own.said)),
        until: day(until),
        expired: until < today,
        presumed: rules.settings.says_yes("presumed"),
        done: chosen.done,
        about: seen.about,
    };
    Ok(app.render(&page)?.into_response())
}

async fn in_force(app: &App, tx: &mut Tx, opened: &Opened) -> Result<cases::InForce, Problem> {
    let school = opened.case.school.as_ref();
    Ok(cases::in_force(tx, &app.registers(), REGISTER, school, app.today()).await?)
}

/// What whoever has this link said last.
async fn own(
    app: &App,
    tx: &mut Tx,
    identity: &Identity,
    opened: &Opened,
) -> Result<Option<Answer>, Problem> {
    let of = (app.store()?, trust(identity)?);
    let all = answers_to(tx, of, &opened.case.id).await?;
    let mut latest_first = all.into_iter().rev();
    Ok(latest_first.find(|one| one.guardian == opened.link.guardian && one.given_by == By::Parent))
}

fn a_use(name: &str) -> Result<Use, Problem> {
    Use::named(name).ok_or_else(|| Problem::new(Kind::NotFound))
}

async fn ask(
    State(app): State<App>,
    identity: Identity,
    client: Extensions,
    Path((link, name)): Path<(String, String)>,
    Query(mut chosen): Query<Chosen>,
) -> Result<Response, Problem> {
    let use_ = a_use(&name)?;
    let (mut tx, seen) = open!(app, identity, client, link);
    // Whoever changes an answer begins with it; whoever answers first begins with nothing chosen.
    if chosen.of(use_).is_none()
        && let Some(own) = own(&app, &mut tx, &identity, &seen.opened).await?
    {
        let was = own.said.of(use_).name().to_owned();
        match use_ {
            Use::Website => chosen.website = was,
            Use::Social => chosen.social = was,
            Use::Press => chosen.press = was,
        }
    }
    tx.commit_unrecorded().await?;
    Ok(app
        .render(&question(&seen.about, use_, &chosen))?
        .into_response())
}

async fn next(
    State(app): State<App>,
    identity: Identity,
    client: Extensions,
    Path((link, name)): Path<(String, String)>,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Problem> {
    let use_ = a_use(&name)?;
    let (tx, seen) = open!(app, identity, client, link);
    tx.commit_unrecorded().await?;
    if chosen.of(use_).is_none() {
        let page = QuestionPage {
            error: CHOOSE,
            ..question(&seen.about, use_, &chosen)
        };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, app.render(&page)?).into_response());
    }
    let then = match use_ {
        Use::Website => "about/social",
        Use::Social => "about/press",
        Use::Press => "limits",
    };
    let to = format!("/pictures/{link}/{then}?{}", chosen.query());
    Ok(Redirect::to(&to).into_response())
}

async fn limits(
    State(app): State<App>,
    identity: Identity,
    client: Extensions,
    Path(link): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Problem> {
    let (mut tx, seen) = open!(app, identity, client, link);
    let own = own(&app, &mut tx, &identity, &seen.opened).await?;
    tx.commit_unrecorded().await?;
    if let Some(missing) = chosen.missing() {
        return Ok(to_question(&link, missing, &chosen));
    }
    let limits = own.map_or_else(String::new, |own| own.said.limits);
    let page = limits_page(&seen.about, &chosen, limits, "");
    Ok(app.render(&page)?.into_response())
}

fn to_question(link: &str, use_: Use, chosen: &Chosen) -> Response {
    let to = format!("/pictures/{link}/about/{}?{}", use_.name(), chosen.query());
    Redirect::to(&to).into_response()
}

/// The answers to check; or the question that is to be answered anew.
async fn check(
    State(app): State<App>,
    identity: Identity,
    client: Extensions,
    Path(link): Path<String>,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Problem> {
    let (mut tx, seen) = open!(app, identity, client, link);
    let rules = in_force(&app, &mut tx, &seen.opened).await?;
    tx.commit_unrecorded().await?;
    if let Some(use_) = Use::named(&chosen.change) {
        let page = QuestionPage {
            action: format!("/pictures/{link}/check"),
            ..question(&seen.about, use_, &chosen)
        };
        return Ok(app.render(&page)?.into_response());
    }
    if let Some(missing) = chosen.missing() {
        return Ok(to_question(&link, missing, &chosen));
    }
    let fault = fault(&chosen);
    if chosen.change == "limits" || fault.is_some() {
        let error = fault.clone().unwrap_or_default();
        let page = limits_page(&seen.about, &chosen, chosen.limits.clone(), &error);
        let status = fault.map_or(StatusCode::OK, |_| StatusCode::UNPROCESSABLE_ENTITY);
        return Ok((status, app.render(&page)?).into_response());
    }
    let page = CheckPage {
        rows: rows(&chosen.said()),
        hidden: chosen.hidden(""),
        until: day(later(app.today(), &rules.settings, "lasts")),
        about: seen.about,
    };
    Ok(app.render(&page)?.into_response())
}

/// What is wrong with the limits.
fn fault(chosen: &Chosen) -> Option<String> {
    let long = chosen.limits.chars().count() > LIMITS_MAX;
    long.then(|| format!("Write no more than {LIMITS_MAX} letters, or ring the school"))
}

async fn send(
    State(app): State<App>,
    identity: Identity,
    client: Extensions,
    Path(link): Path<String>,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Problem> {
    let (mut tx, seen) = open!(app, identity, client, link);
    if let Some(missing) = chosen.missing() {
        return Ok(to_question(&link, missing, &chosen));
    }
    if let Some(fault) = fault(&chosen) {
        return Err(Problem::new(Kind::Unprocessable).detail(fault));
    }
    say(&app, &mut tx, &identity, &client, &seen, chosen.said()).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/pictures/{link}?done=sent")).into_response())
}

/// Takes what they say; one network says no more than so much in an hour.
async fn say(
    app: &App,
    tx: &mut Tx,
    identity: &Identity,
    client: &Extensions,
    seen: &Seen,
    said: Said,
) -> Result<(), Problem> {
    let trust = trust(identity)?;
    let network = ClientAddress::of(client).network();
    if !cases::count(tx, trust, Counted::Answered, network).await? {
        return Err(Problem::new(Kind::TooManyRequests).detail(
            "Many answers came from your network within the hour. Wait an hour, or ring the school.",
        ));
    }
    let given = Given {
        guardian: seen.opened.link.guardian.clone(),
        by: By::Parent,
        how: How::Link,
        said,
        given_on: app.today(),
        until: None,
    };
    answer(tx, &app.engine(), &family(trust), &seen.opened.case, given).await?;
    Ok(())
}

async fn withdraw(
    State(app): State<App>,
    identity: Identity,
    client: Extensions,
    Path(link): Path<String>,
) -> Result<Response, Problem> {
    let (tx, seen) = open!(app, identity, client, link);
    tx.commit_unrecorded().await?;
    let page = WithdrawPage { about: seen.about };
    Ok(app.render(&page)?.into_response())
}

async fn withdrawn(
    State(app): State<App>,
    identity: Identity,
    client: Extensions,
    Path(link): Path<String>,
) -> Result<Response, Problem> {
    let (mut tx, seen) = open!(app, identity, client, link);
    say(&app, &mut tx, &identity, &client, &seen, Said::no()).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/pictures/{link}?done=withdrawn")).into_response())
}
