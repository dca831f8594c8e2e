//! The calendar of posts: a month as a list, by account, for reading on a phone and for printing.

use axum::extract::State;
use axum::response::Html;
use jiff::ToSpan as _;
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use super::super::{PostError, hold, sending};
use super::{account_says, sight};
use crate::accounts::answer;
use crate::authority::{Access, Actor, Routes};
use crate::cases::CaseError;
use crate::store::{StoreError, Tx};
use crate::web::App;
use crate::web::dates;
use crate::web::extract::Query;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// The most sendings of a month.
const AT_MOST: i64 = 1_000;

/// `posts/calendar.html`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct CalendarPage {
    month: String,
    before: String,
    after: String,
    /// The month, as its address names it.
    this: String,
    days: Vec<Day>,
    accounts: Vec<Choice>,
    all_held: bool,
}

#[derive(Debug, Serialize)]
struct Day {
    says: String,
    lines: Vec<Line>,
}

#[derive(Debug, Serialize)]
struct Line {
    time: String,
    href: String,
    title: String,
    account: String,
    state: &'static str,
}

#[derive(Debug, Serialize)]
struct Choice {
    value: String,
    text: String,
    selected: bool,
}

impl Page for CalendarPage {
    const TEMPLATE: &'static str = "posts/calendar.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let line = Line {
            time: "9:00am".into(),
            href: "/posts/01k".into(),
            title: "Garden".into(),
            account: "Instagram: @ash.primary".into(),
            state: "Scheduled",
        };
        let choice = Choice {
            value: "01k".into(),
            text: "Instagram: @ash.primary".into(),
            selected: true,
        };
        let full = Self {
            month: "November 2026".into(),
            before: "2026-10".into(),
            after: "2026-12".into(),
            this: "2026-11".into(),
            days: vec![Day {
                says: "Friday 20 November".into(),
                lines: vec![line],
            }],
            accounts: vec![choice],
            all_held: true,
        };
        vec![full, Self::default()]
    }
}

pub(super) fn routes() -> Routes {
    Routes::new().get("/posts", Access::SignedIn, show)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    month: String,
    account: String,
}

async fn show(
    State(app): State<App>,
    actor: Actor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let first = format!("{}-01", asked.month).parse::<Date>();
    let first = first.unwrap_or_else(|_| app.today()).first_of_month();
    let page = page(&mut tx, &app, &actor, (first, &asked.account)).await?;
    tx.commit_unrecorded().await?;
    app.render(&page)
}

async fn page(
    tx: &mut Tx,
    app: &App,
    actor: &Actor,
    (first, account): (Date, &str),
) -> Result<CalendarPage, PostError> {
    let zone = app.clock().zoned().time_zone().clone();
    let next = first.checked_add(1.month()).unwrap_or(first);
    let begins = |day: Date| {
        let at = day.to_datetime(Time::midnight()).to_zoned(zone.clone());
        at.map_or(0, |at| at.timestamp().as_millisecond())
    };
    let name = |day: Date| day.strftime("%Y-%m").to_string();
    let mut page = CalendarPage {
        month: first.strftime("%B %Y").to_string(),
        before: name(first.checked_sub(1.month()).unwrap_or(first)),
        after: name(next),
        this: name(first),
        ..CalendarPage::default()
    };
    let (library, store) = (app.library(), tx.store().clone());
    for found in sending::between(tx, (begins(first), begins(next)), AT_MOST).await? {
        // A post that is not theirs to see is not there.
        let seen = match sight(tx, actor, &found.case).await {
            Ok(seen) => seen,
            Err(PostError::NotFound | PostError::Case(CaseError::NotFound)) => continue,
            Err(error) => return Err(error),
        };
        let id = found.account.to_string();
        let says = account_says(
            tx,
            (&store, &actor.trust),
            library.platforms(),
            &found.account,
        )
        .await?;
        if !page.accounts.iter().any(|one| one.value == id) {
            page.accounts.push(Choice {
                selected: id == account,
                value: id.clone(),
                text: says.clone(),
            });
        }
        if !account.is_empty() && id != account {
            continue;
        }
        let at = found.published_at.or(found.due_at).unwrap_or_default();
        let at = jiff::Timestamp::from_millisecond(at).map_err(|_| StoreError::Dangling)?;
        let local = at.to_zoned(zone.clone());
        let day = local.strftime("%A %-d %B").to_string();
        let line = Line {
            time: dates::moment(at, &zone)
                .split(" at ")
                .last()
                .unwrap_or_default()
                .to_owned(),
            href: format!("/posts/{}", found.case),
            title: answer(&seen.case, "title").to_owned(),
            account: says,
            state: match seen.case.state.as_str() {
                "held" => "Held",
                _ => found.state.says(),
            },
        };
        match page.days.last_mut().filter(|last| last.says == day) {
            Some(last) => last.lines.push(line),
            None => page.days.push(Day {
                says: day,
                lines: vec![line],
            }),
        }
    }
    let mut holds = hold::open(tx).await?.into_iter();
    page.all_held = holds.any(|hold| {
        let here =
            |held: &crate::authority::Held| held.school.is_none() || held.school == hold.school;
        hold.school.is_none() || actor.roles.iter().any(here)
    });
    Ok(page)
}
