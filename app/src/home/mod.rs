//! A person's home page: what waits for them and by when, the four doors, and what they were told.

use axum::extract::State;
use axum::response::Html;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use policy::words::capitalised;
use register::Door;
use serde::{Deserialize, Serialize};

use crate::administration;
use crate::authority::{Access, Actor, Routes};
use crate::cases;
use crate::mail::{self, Link};
use crate::messages::{self, Kept};
use crate::people::Part;
use crate::web::App;
use crate::web::dates::moment;
use crate::web::extract::Query;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// Messages on one page.
const PER_PAGE: u64 = 20;
/// Waiting cases on the page; the rest stand in the list of cases.
const WAITING: u32 = 10;

/// `home/home.html`.
#[derive(Debug, Serialize)]
pub(crate) struct HomePage {
    name: String,
    /// The person's address, where it does not work.
    broken_address: Option<String>,
    waiting: Vec<Waiting>,
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
                .map(|_| vec![waiting(true), waiting(false)])
                .unwrap_or_default(),
            waiting_in_all: broken.map_or(0, |_| 12),
            doors: doors(),
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
    Routes::new().get("/home", Access::SignedIn, home)
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
        waiting: waiting.items.iter().map(line).collect(),
        waiting_in_all: waiting.total,
        doors: doors(),
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

fn doors() -> Vec<DoorLine> {
    let ask = DoorLine {
        title: "Ask",
        says: "May I? Get the answer of your school’s policy, with its clause",
        href: "/".to_owned(),
    };
    let others = DOORS.iter().map(|(door, title, says)| DoorLine {
        title,
        says,
        href: format!("/registers#{}", name(*door)),
    });
    std::iter::once(ask).chain(others).collect()
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
