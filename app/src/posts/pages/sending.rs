//! What a person does about a post on one account: puts it out by hand, says whether it is there, takes it down.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use register::value::Answers;
use serde::{Deserialize, Serialize};

use super::super::sending::{self, Copy, Said, Sending, SendingId, State as Stand, address_of};
use super::super::{PostError, photo, platform};
use super::{account_says, sees_to_it, sight, take};
use crate::accounts::answer;
use crate::authority::{Access, Actor, Routes};
use crate::cases::{Account, CaseId, Seen};
use crate::store::Tx;
use crate::web::App;
use crate::web::extract::{Form, Path};
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `posts/sending.html`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct SendingPage {
    id: String,
    sending: String,
    title: String,
    account: String,
    state: &'static str,
    /// Where it stands, by name.
    stand: &'static str,
    why: String,
    text: String,
    pictures: Vec<(String, String)>,
    composer: String,
    address: String,
    typed: String,
    error: String,
}

impl Page for SendingPage {
    const TEMPLATE: &'static str = "posts/sending.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let page = |stand: Stand, error: &str| Self {
            id: "01k".into(),
            sending: "01m".into(),
            title: "Garden".into(),
            account: "Instagram: @ash.primary".into(),
            state: stand.says(),
            stand: stand.name(),
            why: error.into(),
            text: "The garden is open".into(),
            pictures: vec![(
                "/posts/01k/sendings/01m/pictures/1".into(),
                "A garden".into(),
            )],
            composer: "https://www.instagram.com/".into(),
            address: "https://instagram.com/p/abc".into(),
            typed: String::new(),
            error: error.into(),
        };
        vec![
            page(Stand::HandedOver, "Give the address"),
            page(Stand::Asked, "Why"),
            page(Stand::Failed, ""),
            page(Stand::Removing, ""),
            page(Stand::Published, ""),
            Self::default(),
        ]
    }
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/posts/{case}/sendings/{sending}", Access::SignedIn, show)
        .get(
            "/posts/{case}/sendings/{sending}/pictures/{number}",
            Access::SignedIn,
            picture,
        )
        .post("/posts/{case}/sendings/{sending}", Access::SignedIn, save)
}

/// The post and its sending, where whoever asks may see to it.
async fn theirs(
    tx: &mut Tx,
    actor: &Actor,
    (id, sending): (&CaseId, &SendingId),
) -> Result<(Seen, Sending), PostError> {
    let seen = sight(tx, actor, id).await?;
    let sending = sending::find(tx, sending).await?;
    let sending = sending.filter(|sending| sending.case == *id);
    let sending = sending.ok_or(PostError::NotFound)?;
    match sees_to_it(&seen, actor) {
        true => Ok((seen, sending)),
        false => Err(PostError::NotTheirs),
    }
}

async fn page(
    tx: &mut Tx,
    app: &App,
    actor: &Actor,
    (seen, sending): (&Seen, &Sending),
) -> Result<(SendingPage, Option<Copy>), PostError> {
    let library = app.library();
    let store = tx.store().clone();
    let copy = sending.copy(tx, (&store, &actor.trust)).await?;
    let account = account_says(
        tx,
        (&store, &actor.trust),
        library.platforms(),
        &sending.account,
    )
    .await?;
    let there = copy.iter().flat_map(|copy| &copy.pictures);
    let there = (1..).zip(there).map(|(number, picture): (usize, _)| {
        let (post, sending) = (&seen.case.id, &sending.id);
        let href = format!("/posts/{post}/sendings/{sending}/pictures/{number}");
        (href, picture.alt.clone())
    });
    let on = copy.as_ref().map(|copy| Account {
        platform: copy.platform.clone(),
        address: copy.account.clone(),
    });
    let composer = on.and_then(|on| platform::composer(library.platforms(), &on));
    let page = SendingPage {
        id: seen.case.id.to_string(),
        sending: sending.id.to_string(),
        title: answer(&seen.case, "title").to_owned(),
        account,
        state: sending.state.says(),
        stand: sending.state.name(),
        why: sending.why.clone(),
        text: copy
            .as_ref()
            .map(|copy| copy.text.clone())
            .unwrap_or_default(),
        pictures: there.collect(),
        composer: composer.unwrap_or_default(),
        address: sending.address.clone().unwrap_or_default(),
        ..SendingPage::default()
    };
    Ok((page, copy))
}

async fn show(
    State(app): State<App>,
    actor: Actor,
    Path((id, sending)): Path<(CaseId, SendingId)>,
) -> Result<Html<String>, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let (seen, sending) = theirs(&mut tx, &actor, (&id, &sending)).await?;
    let (page, _) = page(&mut tx, &app, &actor, (&seen, &sending)).await?;
    tx.commit_unrecorded().await?;
    app.render(&page)
}

/// A picture of what is put out by hand, as the program would send it.
async fn picture(
    State(app): State<App>,
    actor: Actor,
    Path((id, sending, number)): Path<(CaseId, SendingId, usize)>,
) -> Result<Response, Problem> {
    let (library, store) = (app.library(), app.store()?);
    let mut tx = store.begin(&actor.trust).await?;
    let (_, sending) = theirs(&mut tx, &actor, (&id, &sending)).await?;
    let copy = sending.copy(&mut tx, (store, &actor.trust)).await?;
    tx.commit_unrecorded().await?;
    let copy = copy.ok_or(PostError::NotFound)?;
    let picture = number.checked_sub(1).and_then(|at| copy.pictures.get(at));
    let picture = picture.ok_or(PostError::NotFound)?;
    let platform = library.platforms().get(&copy.platform);
    let takes = platform.and_then(|platform| platform.pictures.as_ref());
    let of = (store, &actor.trust);
    let fitted = photo::for_platform(app.attachments()?, of, picture, takes).await?;
    let fitted = fitted
        .map_err(|why| PostError::NotNow(format!("This picture cannot be given out: {why}.")))?;
    let (kind, ending) = (fitted.kind.media_type(), fitted.kind.ending());
    let saved = format!("attachment; filename=\"picture-{number}.{ending}\"");
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::CONTENT_DISPOSITION, saved),
    ];
    Ok((headers, fitted.bytes).into_response())
}

/// What a person says of it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Typed {
    says: String,
    address: String,
}

async fn save(
    State(app): State<App>,
    actor: Actor,
    Path((id, sending)): Path<(CaseId, SendingId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let engine = app.engine();
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let (seen, found) = theirs(&mut tx, &actor, (&id, &sending)).await?;
    let (mut page, copy) = page(&mut tx, &app, &actor, (&seen, &found)).await?;
    let library = app.library();
    let on = copy.as_ref().map_or("", |copy| copy.platform.as_str());
    let address = address_of(library.platforms(), on, &typed.address);
    match (typed.says.as_str(), address) {
        ("out" | "there", Err(why)) => {
            page.error = why.to_owned();
            page.typed = typed.address;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, app.render(&page)?).into_response());
        }
        ("out", Ok(address)) => {
            sending::is_out(&mut tx, &engine, &actor, &sending, &address).await?;
        }
        ("there", Ok(address)) => {
            sending::said(&mut tx, &engine, &actor, &sending, Said::There(address)).await?;
        }
        ("send", _) if found.state == Stand::Asked => {
            sending::said(&mut tx, &engine, &actor, &sending, Said::SendAgain).await?;
        }
        ("leave", _) => {
            sending::said(&mut tx, &engine, &actor, &sending, Said::LeaveIt).await?;
        }
        ("down", _) => sending::is_down(&mut tx, &engine, &actor, &sending).await?,
        (how @ ("again" | "by-hand"), _) => {
            // A post of which nothing is out is scheduled anew first.
            if seen.case.state == "not-published" {
                let now = app.clock().zoned();
                let says = crate::web::dates::moment(now.timestamp(), now.time_zone());
                let answers = Answers::from([("goes_out".to_owned(), vec![says])]);
                take(&mut tx, &engine, &actor, &seen, ("schedule", "", answers)).await?;
            }
            let by_hand = how == "by-hand";
            sending::again(&mut tx, &engine, &actor, &sending, by_hand).await?;
        }
        _ => return Err(PostError::NotNow("Choose what is so.".to_owned()).into()),
    }
    tx.commit().await?;
    Ok(Redirect::to(&format!("/posts/{id}?done=said")).into_response())
}
