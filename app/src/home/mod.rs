//! A person's home page: what waits for them and by when, the four doors, and what they were told.

mod away;
mod workload;

use axum::extract::State;
use axum::response::Html;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use policy::words::capitalised;
use register::Door;
use serde::{Deserialize, Serialize};

use crate::administration;
use crate::authority::{Access, Action, Actor, Place, Routes};
use crate::cases;
use crate::mail::{self, Link};
use crate::messages::{self, Kept};
use crate::people::Part;
use crate::web::App;
use crate::web::dates::moment;
use crate::web::extract::Query;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

const OVERDUE: &str = "Overdue";
const TODAY: &str = "Due today";
const THIS_WEEK: &str = "Due this week";
const LATER: &str = "Later, or without a day";
/// Messages on one page.
const PER_PAGE: u64 = 20;
/// Waiting cases on the page; the rest stand in the list of cases.
const WAITING: u32 = 15;

#[cfg(test)]
pub(crate) use workload::WorkloadPage;

/// `home/home.html`.
#[derive(Debug, Serialize)]
pub(crate) struct HomePage {
    name: String,
    /// The person's address, where it does not work.
    broken_address: Option<String>,
    /// By urgency: overdue, today, this week, later.
    waiting: Vec<Urgency>,
    /// Who is away today, and who stands in.
    away: Vec<String>,
    /// Whether they lead others.
    leads: bool,
    /// How many wait in all.
    waiting_in_all: u64,
    doors: Vec<DoorLine>,
    unread: u64,
    messages: Vec<MessageLine>,
    previous: Option<u64>,
    next: Option<u64>,
    administers: bool,
    /// What was done just now: `read`, or nothing.
    done: String,
}

/// Cases that are equally urgent.
#[derive(Debug, Serialize)]
struct Urgency {
    title: &'static str,
    cases: Vec<Waiting>,
}

/// A case that waits.
#[derive(Debug, Serialize)]
struct Waiting {
    id: String,
    reference: String,
    register: String,
    state: String,
    due: Option<String>,
    overdue: bool,
}

/// A door: a kind of thing that people come for.
#[derive(Debug, Serialize)]
struct DoorLine {
    title: &'static str,
    says: &'static str,
    href: String,
}

/// One message.
#[derive(Debug, Serialize)]
struct MessageLine {
    id: String,
    subject: String,
    paragraphs: Vec<String>,
    link: Option<Link>,
    at: String,
    unread: bool,
    urgent: bool,
}

const DOORS: [(Door, &str, &str); 3] = [
    (
        Door::Report,
        "Report",
        "Something that worries you, or that you have seen",
    ),
    (
        Door::Declare,
        "Declare",
        "A tie that you have, or something that the school should know",
    ),
    (
        Door::Request,
        "Request",
        "Leave, training, a site unblocked, an adjustment",
    ),
];

impl Page for HomePage {
    const TEMPLATE: &'static str = "home/home.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let line = |unread: bool, urgent: bool| MessageLine {
            id: "01j".into(),
            subject: "A declaration waits for you".into(),
            paragraphs: vec!["Please look at it this week.".into()],
            link: urgent.then(|| Link {
                text: "Look at it".into(),
                path: "/home".into(),
            }),
            at: "20 November 2026 at 12:00pm".into(),
            unread,
            urgent,
        };
        let waiting = |overdue: bool| Waiting {
            id: "01k".into(),
            reference: "DEC-2026-0001".into(),
            register: "Declaration of a relationship".into(),
            state: "Waiting to be acknowledged".into(),
            due: Some("20 November 2026 at 12:00pm".into()),
            overdue,
        };
        let page = |messages: Vec<MessageLine>, broken: Option<&str>, done: &str| Self {
            name: "Kate Adeyemi".into(),
            broken_address: broken.map(Into::into),
            waiting: broken
                .map(|_| {
                    vec![
                        Urgency {
                            title: OVERDUE,
                            cases: vec![waiting(true)],
                        },
                        Urgency {
                            title: LATER,
                            cases: vec![waiting(false)],
                        },
                    ]
                })
                .unwrap_or_default(),
            away: broken
                .map(|_| "Hal Head is away from Ash Primary until 27 November 2026.".into())
                .into_iter()
                .collect(),
            leads: broken.is_some(),
            waiting_in_all: broken.map_or(0, |_| 12),
            doors: doors(true),
            unread: messages.iter().filter(|line| line.unread).count() as u64,
            previous: (messages.len() > 1).then_some(1),
            next: (messages.len() > 1).then_some(3),
            messages,
            administers: broken.is_some(),
            done: done.into(),
        };
        vec![
            page(Vec::new(), None, ""),
            page(
                vec![line(true, true), line(true, false), line(false, false)],
                Some("kate@ash.example"),
                "read",
            ),
            page(vec![line(false, false)], None, ""),
        ]
    }
}

/// Which part of the messages.
#[derive(Debug, Deserialize)]
struct Shown {
    #[serde(default)]
    page: u64,
    #[serde(default)]
    done: String,
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/home", Access::SignedIn, home)
        .merge(workload::routes())
}

async fn home(
    State(app): State<App>,
    actor: Actor,
    Query(shown): Query<Shown>,
) -> Result<Html<String>, Problem> {
    let store = app.store()?;
    let person = messages::person(&actor)?;
    let mut reader = store.read(&actor.trust);
    let page = shown.page.clamp(1, 100_000);
    let inbox = messages::inbox(&mut reader, store, &actor, person, (page, PER_PAGE)).await?;
    let part = Part {
        skip: 0,
        size: WAITING,
    };
    let waiting = cases::waiting(&mut reader, store, &actor, part).await?;
    let (now, zone) = (
        store.clock().now(),
        store.clock().zoned().time_zone().clone(),
    );
    let registers = app.registers();
    let line = |line: &cases::Line| {
        let register = registers.register(&line.case.register);
        waiting_line(
            line,
            register.map_or("", |register| &register.name),
            now,
            &zone,
        )
    };
    app.render(&HomePage {
        broken_address: mail::fault(&mut reader, person).await?,
        waiting: by_urgency(&waiting.items, now, &zone, line),
        away: away::away(&mut reader, person, app.today()).await?,
        leads: workload::leads(&actor),
        waiting_in_all: waiting.total,
        doors: doors(actor.may(Action::ReadConsents, Place::Anywhere)),
        unread: inbox.unread,
        messages: inbox
            .messages
            .into_iter()
            .map(|kept| message_line(kept, &zone))
            .collect(),
        previous: (page > 1).then(|| page - 1),
        next: inbox.more.then_some(page + 1),
        administers: administration::concerns(&actor),
        done: shown.done,
        name: actor.name,
    })
}

/// The lines by urgency; they come in the order in which they are due.
fn by_urgency(
    lines: &[cases::Line],
    now: Timestamp,
    zone: &TimeZone,
    shown: impl Fn(&cases::Line) -> Waiting,
) -> Vec<Urgency> {
    let mut groups: Vec<Urgency> = Vec::new();
    for line in lines {
        let title = urgency(line.due, now, zone);
        let line = shown(line);
        match groups.iter_mut().find(|group| group.title == title) {
            Some(group) => group.cases.push(line),
            None => groups.push(Urgency {
                title,
                cases: vec![line],
            }),
        }
    }
    groups
}

/// How urgent something is that is due then. The week goes to its Sunday.
fn urgency(due: Option<Timestamp>, now: Timestamp, zone: &TimeZone) -> &'static str {
    let Some(due) = due else {
        return LATER;
    };
    let today = now.to_zoned(zone.clone()).date();
    let on = due.to_zoned(zone.clone()).date();
    let left = 7 - i32::from(today.weekday().to_monday_one_offset());
    let sunday = today.checked_add(left.days()).unwrap_or(today);
    match () {
        () if due < now => OVERDUE,
        () if on == today => TODAY,
        () if on <= sunday => THIS_WEEK,
        () => LATER,
    }
}

fn doors(reads_consents: bool) -> Vec<DoorLine> {
    let ask = DoorLine {
        title: "Ask",
        says: "May I? Get the answer of your school’s policy, with its clause",
        href: "/".to_owned(),
    };
    let check = DoorLine {
        title: "Check a post",
        says: "See what the policy says about a draft before anybody else sees it",
        href: "/check".to_owned(),
    };
    let pictures = DoorLine {
        title: "Pictures of pupils",
        says: "Look up what a family agrees to before you use a picture",
        href: "/consent".to_owned(),
    };
    let others = DOORS.iter().map(|(door, title, says)| DoorLine {
        title,
        says,
        href: format!("/registers#{}", name(*door)),
    });
    let pictures = reads_consents.then_some(pictures);
    [ask, check]
        .into_iter()
        .chain(pictures)
        .chain(others)
        .collect()
}

fn name(door: Door) -> &'static str {
    match door {
        Door::Ask => "ask",
        Door::Report => "report",
        Door::Declare => "declare",
        Door::Request => "request",
        Door::Keep => "keep",
    }
}

fn waiting_line(line: &cases::Line, register: &str, now: Timestamp, zone: &TimeZone) -> Waiting {
    Waiting {
        id: line.case.id.to_string(),
        reference: line.case.reference.clone(),
        register: capitalised(register),
        state: line.state.clone(),
        due: line.due.map(|due| moment(due, zone)),
        overdue: line.due.is_some_and(|due| due < now),
    }
}

fn message_line(kept: Kept, zone: &TimeZone) -> MessageLine {
    MessageLine {
        id: kept.id.to_string(),
        subject: kept.message.subject,
        paragraphs: messages::paragraphs(&kept.message.body),
        link: kept.message.link,
        at: moment(kept.created_at, zone),
        unread: !kept.read,
        urgent: kept.message.urgent,
    }
}
