//! The log-in of an account: what is known of it without opening it, and opening it.

use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::kept::{self, Kept, LOG_IN, PUBLISHING};
use super::secret::{LogIn, Part};
use super::view::{self, How};
use super::{CredentialError, connection, custody, rotation};
use crate::accounts::{self, Keeping, Sight, says};
use crate::authority::{Access, Actor, Routes};
use crate::cases::CaseId;
use crate::people;
use crate::sign_in::JustProved;
use crate::store::Tx;
use crate::web::App;
use crate::web::dates::moment;
use crate::web::extract::{Form, Path, Query};
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// How long a reason may be, in characters.
const REASON: std::ops::RangeInclusive<usize> = 5..=300;
/// What stands on a page where the parts of a log-in come, until it is sent. The log-in itself is in no page's context.
pub(super) const MARKS: [(Part, &str); 2] = [
    (Part::Name, "\u{2}name\u{3}"),
    (Part::Password, "\u{2}password\u{3}"),
];

/// `credentials/log-in.html`.
#[derive(Debug, Serialize)]
pub(crate) struct LogInPage {
    account: String,
    says: String,
    /// Since when the present one is lodged, in words; none where none is.
    lodged: Option<String>,
    /// Whether a new one was made that is not yet confirmed.
    coming: bool,
    /// Whether it is to be changed or lodged.
    wanted: bool,
    may_open: bool,
    may_lodge: bool,
    /// Whether the reader says who may open it, and so sees who did.
    releases: bool,
    /// Whether one person at a time may open it.
    one_holder: bool,
    /// Whether a token for publishing is kept.
    publishing: bool,
    /// The server on which the program publishes, where it can.
    server: Option<String>,
    named: Vec<String>,
    views: Vec<ViewLine>,
    /// What was done just now: `lodged`, `changed`, `token`, `revoked`, or nothing.
    done: String,
}

/// That somebody saw it.
#[derive(Debug, Serialize)]
struct ViewLine {
    name: String,
    when: String,
    how: &'static str,
    reason: String,
    /// Whether it is the present log-in that they saw.
    present: bool,
}

/// `credentials/open.html`.
#[derive(Debug, Serialize)]
pub(crate) struct OpenPage {
    account: String,
    says: String,
    reason: String,
    error: String,
}

/// `credentials/shown.html`.
#[derive(Debug, Serialize)]
pub(crate) struct ShownPage {
    pub(super) account: String,
    pub(super) says: String,
    /// Where the name and the password come.
    pub(super) name: &'static str,
    pub(super) password: &'static str,
    /// Whether it is a new one, to be set on the platform and confirmed.
    pub(super) coming: bool,
}

impl Page for LogInPage {
    const TEMPLATE: &'static str = "credentials/log-in.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let view = |present| ViewLine {
            name: "Kate Adeyemi".into(),
            when: "20 November 2026 at 9:00am".into(),
            how: How::Copied.says(),
            reason: "To post the news of the week".into(),
            present,
        };
        let page = |done: &str, lodged: Option<&str>, yes: bool| Self {
            account: "01k".into(),
            says: "Instagram: @ash.primary".into(),
            lodged: lodged.map(Into::into),
            coming: yes,
            wanted: yes,
            may_open: yes,
            may_lodge: yes,
            releases: yes,
            one_holder: yes,
            publishing: yes,
            server: lodged.map(|_| "https://bsky.social".into()),
            named: if yes {
                vec!["Kate Adeyemi".into()]
            } else {
                Vec::new()
            },
            views: if yes {
                vec![view(true), view(false)]
            } else {
                Vec::new()
            },
            done: done.into(),
        };
        let since = Some("20 November 2026 at 9:00am");
        let mut quiet = page("changed", since, true);
        quiet.coming = false;
        let mut nothing_seen = page("token", since, true);
        nothing_seen.views = Vec::new();
        nothing_seen.publishing = false;
        let mut wanted = page("revoked", None, true);
        wanted.coming = false;
        vec![
            page("lodged", since, true),
            page("", since, false),
            page("", None, false),
            quiet,
            nothing_seen,
            wanted,
        ]
    }
}

impl Page for OpenPage {
    const TEMPLATE: &'static str = "credentials/open.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let page = |error: &str| Self {
            account: "01k".into(),
            says: "Instagram: @ash.primary".into(),
            reason: String::new(),
            error: error.into(),
        };
        vec![page(""), page(WHY)]
    }
}

impl Page for ShownPage {
    const TEMPLATE: &'static str = "credentials/shown.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let page = |coming| Self {
            account: "01k".into(),
            says: "Instagram: @ash.primary".into(),
            name: "a name",
            password: "a password",
            coming,
        };
        vec![page(false), page(true)]
    }
}

const WHY: &str = "Say in 5 to 300 characters what you need it for";

pub(super) fn routes() -> Routes {
    let own = Access::SignedIn;
    Routes::new()
        .get("/accounts/{case}/log-in", own, show)
        .get("/accounts/{case}/log-in/open", own, ask)
        .post("/accounts/{case}/log-in/open", own, reveal)
        .post("/accounts/{case}/log-in/copy", own, copy)
}

/// Whether somebody may lodge and change it: whoever keeps log-ins by the school's settings, and who looks after the
/// account.
pub(super) fn may_lodge(seen: &Sight, actor: &Actor) -> bool {
    seen.is(Keeping::Administrator) || seen.holds(actor, "keeps_log_ins")
}

/// The account, for those whom its log-in concerns.
async fn concerned(tx: &mut Tx, app: &App, actor: &Actor, case: &CaseId) -> Result<Sight, Problem> {
    let seen = accounts::sight(tx, &app.engine(), actor, case).await?;
    let concerns = seen.is(Keeping::LogIn)
        || seen.may_name.contains(&Keeping::LogIn)
        || may_lodge(&seen, actor);
    match concerns {
        true => Ok(seen),
        false => Err(CredentialError::NotNamed.into()),
    }
}

/// What was done just now.
#[derive(Deserialize)]
struct Done {
    #[serde(default)]
    done: String,
}

async fn show(
    State(app): State<App>,
    actor: Actor,
    Path(case): Path<CaseId>,
    Query(shown): Query<Done>,
) -> Result<Html<String>, Problem> {
    let store = app.store()?;
    let mut tx = store.begin(&actor.trust).await?;
    let seen = concerned(&mut tx, &app, &actor, &case).await?;
    let kept = kept::of(&mut tx, &case, LOG_IN).await?;
    let releases = seen.may_name.contains(&Keeping::LogIn);
    let zone = store.clock().zoned().time_zone().clone();
    let views = match releases {
        true => views(&mut tx, &actor, &case, (kept.as_ref(), &zone)).await?,
        false => Vec::new(),
    };
    let page = LogInPage {
        account: case.to_string(),
        says: says(&seen.case, app.library().platforms()),
        lodged: kept.as_ref().map(|kept| at(kept.lodged_at, &zone)),
        coming: kept.as_ref().is_some_and(|kept| kept.coming.is_some()),
        wanted: !rotation::wanted(&mut tx, &case).await?.is_empty(),
        may_open: seen.is(Keeping::LogIn),
        may_lodge: may_lodge(&seen, &actor),
        releases,
        one_holder: seen.custody.settings.says_yes("one_holder"),
        publishing: kept::of(&mut tx, &case, PUBLISHING).await?.is_some(),
        server: connection(&mut tx, &case).await?.map(|at| at.server),
        named: seen
            .counting(Keeping::LogIn)
            .map(|named| named.person.name())
            .collect(),
        views,
        done: shown.done,
    };
    tx.commit_unrecorded().await?;
    app.render(&page)
}

fn at(milliseconds: i64, zone: &TimeZone) -> String {
    moment(
        Timestamp::from_millisecond(milliseconds).unwrap_or_default(),
        zone,
    )
}

async fn views(
    tx: &mut Tx,
    actor: &Actor,
    case: &CaseId,
    (kept, zone): (Option<&Kept>, &TimeZone),
) -> Result<Vec<ViewLine>, Problem> {
    let store = tx.store().clone();
    let mut lines = Vec::new();
    for seen in view::of_account(tx, (&store, &actor.trust), case).await? {
        let person = people::find(tx, &seen.person).await?;
        lines.push(ViewLine {
            name: person.map_or_else(
                || "Somebody who was erased".to_owned(),
                |person| person.name(),
            ),
            when: at(seen.at, zone),
            how: seen.how.says(),
            present: kept.is_some_and(|kept| kept.version == seen.version),
            reason: seen.reason,
        });
    }
    Ok(lines)
}

/// The account and its log-in, for somebody who was named for it.
async fn theirs(
    tx: &mut Tx,
    app: &App,
    actor: &Actor,
    case: &CaseId,
) -> Result<(Sight, Kept), Problem> {
    let seen = accounts::sight(tx, &app.engine(), actor, case).await?;
    if !seen.is(Keeping::LogIn) {
        return Err(CredentialError::NotNamed.into());
    }
    let kept = kept::of(tx, case, LOG_IN).await?;
    Ok((seen, kept.ok_or(CredentialError::Nothing)?))
}

async fn ask(
    State(app): State<App>,
    proved: JustProved,
    Path(case): Path<CaseId>,
) -> Result<Html<String>, Problem> {
    let mut tx = app.store()?.begin(&proved.actor().trust).await?;
    let (seen, _) = theirs(&mut tx, &app, proved.actor(), &case).await?;
    tx.commit_unrecorded().await?;
    app.render(&asked(&app, &seen, String::new(), ""))
}

fn asked(app: &App, seen: &Sight, reason: String, error: &str) -> OpenPage {
    OpenPage {
        account: seen.case.id.to_string(),
        says: says(&seen.case, app.library().platforms()),
        reason,
        error: error.to_owned(),
    }
}

/// What the form sends: why, and what is to be copied.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Given {
    reason: String,
    part: String,
}

/// Whoever sends a form of a log-in, having just shown who they are. Others begin again at its page, which is at the
/// form's own address and asks them to.
pub(super) struct Sender(pub(super) JustProved);

impl FromRequestParts<App> for Sender {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        match JustProved::from_request_parts(parts, app).await {
            Ok(proved) => Ok(Self(proved)),
            Err(error) if error.kind() == Kind::SignInAgain => {
                Err(Redirect::to(parts.uri.path()).into_response())
            }
            Err(error) => Err(error.into_response()),
        }
    }
}

async fn reveal(
    State(app): State<App>,
    Sender(proved): Sender,
    Path(case): Path<CaseId>,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let mut tx = app.store()?.begin(&proved.actor().trust).await?;
    let (seen, kept) = theirs(&mut tx, &app, proved.actor(), &case).await?;
    if !REASON.contains(&given.reason.trim().chars().count()) {
        tx.commit_unrecorded().await?;
        let page = app.render(&asked(&app, &seen, given.reason, WHY))?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let version = (&kept.case, kept.version);
    view::enter(&mut tx, proved.actor(), version, How::Shown, &given.reason).await?;
    let log_in = custody::opened(&mut tx, &proved, &kept).await?;
    tx.commit().await?;
    shown(&app, &seen, &log_in, false)
}

/// A page that shows a log-in. It is put in where the page's marks stand, after the page was made.
pub(super) fn shown(
    app: &App,
    seen: &Sight,
    log_in: &LogIn,
    coming: bool,
) -> Result<Response, Problem> {
    let [(_, name), (_, password)] = MARKS;
    let page = ShownPage {
        account: seen.case.id.to_string(),
        says: says(&seen.case, app.library().platforms()),
        name,
        password,
        coming,
    };
    let Html(mut html) = app.render(&page)?;
    for (part, mark) in MARKS {
        let plain = log_in.part(part);
        let written = Zeroizing::new(escaped(plain));
        html = html.replace(mark, &written);
    }
    Ok(Html(html).into_response())
}

/// A text as HTML has it.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len() * 2);
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
    html
}

/// One part of the log-in for the person's clipboard, as the script of the page asks: it is never shown.
async fn copy(
    State(app): State<App>,
    proved: JustProved,
    Path(case): Path<CaseId>,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let mut tx = app.store()?.begin(&proved.actor().trust).await?;
    let (_, kept) = theirs(&mut tx, &app, proved.actor(), &case).await?;
    if !REASON.contains(&given.reason.trim().chars().count()) {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, WHY).into_response());
    }
    let part = match given.part.as_str() {
        "name" => Part::Name,
        _ => Part::Password,
    };
    let version = (&kept.case, kept.version);
    view::enter(&mut tx, proved.actor(), version, How::Copied, &given.reason).await?;
    let log_in = custody::opened(&mut tx, &proved, &kept).await?;
    tx.commit().await?;
    Ok(log_in.part(part).as_str().to_owned().into_response())
}
