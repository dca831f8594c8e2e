//! One collection: what is in it, and how far it is decided.

use axum::extract::State;
use axum::response::Html;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::collecting::meant;
use crate::authority::{Action, Actor, Permit, Place};
use crate::cases::CaseId;
use crate::subject_access::AccessError;
use crate::subject_access::collection::at;
use crate::subject_access::item::{Choice, Item, Source};
use crate::subject_access::release::open_to;
use crate::subject_access::sight::{Sight, request, sight};
use crate::web::App;
use crate::web::dates::moment;
use crate::web::extract::{Path, Query};
use crate::web::form::Choice as Offered;
use crate::web::page::{Page, Section};
use crate::web::paging::{PAGE_SIZE, Paging, skip};
use crate::web::problem::Problem;

/// `subject_access/collection.html`.
#[derive(Clone, Default, Serialize)]
pub(crate) struct CollectionPage {
    case: String,
    /// Empty for those to whom something was routed: they need not know the case.
    reference: String,
    /// Whether it can be begun, or begun anew, by whoever looks; and for whom.
    choices: Vec<Offered>,
    error: String,
    done: String,
    begun: bool,
    gathering: bool,
    name: String,
    says: &'static str,
    gathered: String,
    answers: bool,
    decided: usize,
    total: usize,
    filter: Filter,
    shows: Vec<Offered>,
    kinds: Vec<Offered>,
    lines: Vec<Line>,
    paging: Paging,
    packages: Vec<PackageLine>,
    may_erase: bool,
}

/// An item, in one line.
#[derive(Clone, Serialize)]
struct Line {
    number: i64,
    href: String,
    kind: &'static str,
    title: String,
    /// What is decided; empty where nothing is.
    decided: &'static str,
    /// What is proposed, where nothing is decided.
    proposed: &'static str,
    others: usize,
}

#[derive(Clone, Serialize)]
struct PackageLine {
    href: String,
    made: String,
    until: String,
    sha256: String,
}

/// Which items are shown.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Filter {
    show: String,
    kind: String,
    #[serde(skip_serializing)]
    page: Option<u32>,
    #[serde(skip_serializing)]
    done: String,
}

impl Filter {
    fn wants(&self, item: &Item) -> bool {
        let choice = item
            .decision
            .as_ref()
            .map(|decision| decision.choice.name());
        let show = match self.show.as_str() {
            "" => true,
            "undecided" => choice.is_none(),
            other => choice == Some(other),
        };
        show && (self.kind.is_empty() || item.source.name() == self.kind)
    }
}

impl Page for CollectionPage {
    const TEMPLATE: &'static str = "subject_access/collection.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let line = |decided, proposed| Line {
            number: 1,
            href: "/subject-access/c1/items/1".into(),
            kind: "Case",
            title: "INC-2026-0001 Incident: named in it".into(),
            decided,
            proposed,
            others: 2,
        };
        let start = Self {
            case: "c1".into(),
            reference: "SAR-2026-0001".into(),
            choices: vec![Offered::new("0", "Kate Adeyemi").hint("works or worked here")],
            error: "Choose whom it is about".into(),
            answers: true,
            ..Self::default()
        };
        let gathering = Self {
            begun: true,
            gathering: true,
            name: "Kate Adeyemi".into(),
            says: "works or worked here",
            error: String::new(),
            ..start.clone()
        };
        let ready = Self {
            gathering: false,
            gathered: "20 November 2026 at 3:04pm".into(),
            done: "Decided".into(),
            decided: 1,
            total: 2,
            shows: vec![Offered::new("", "All")],
            kinds: vec![Offered::new("", "All")],
            lines: vec![line("Give it as it is", ""), line("", "Withhold it")],
            paging: Paging::of(120, 2, "/subject-access/c1"),
            packages: vec![PackageLine {
                href: "/subject-access/c1/packages/p1".into(),
                made: "20 November 2026 at 3:04pm".into(),
                until: "4 December 2026 at 3:04pm".into(),
                sha256: "ab".repeat(32),
            }],
            may_erase: true,
            ..gathering.clone()
        };
        let routed = Self {
            answers: false,
            reference: String::new(),
            choices: Vec::new(),
            lines: Vec::new(),
            packages: Vec::new(),
            done: String::new(),
            may_erase: false,
            decided: 2,
            error: "Choose the things to decide about".into(),
            ..ready.clone()
        };
        vec![start, gathering, ready, routed]
    }
}

pub(super) async fn show(
    State(app): State<App>,
    permit: Permit,
    Path(case): Path<CaseId>,
    Query(filter): Query<Filter>,
) -> Result<Html<String>, Problem> {
    let page = page(&app, permit.actor(), &case, filter, String::new()).await?;
    app.render(&page)
}

pub(super) async fn page(
    app: &App,
    actor: &Actor,
    case: &CaseId,
    filter: Filter,
    error: String,
) -> Result<CollectionPage, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let request = match request(&mut tx, actor, case).await {
        Ok(seen) => Some(seen),
        Err(AccessError::NotFound) => None,
        Err(error) => return Err(error.into()),
    };
    let seen = match sight(&mut tx, actor, case).await {
        Ok(seen) => Some(seen),
        // It was not begun yet.
        Err(AccessError::NotFound) if request.is_some() => None,
        Err(error) => return Err(error.into()),
    };
    let mut page = CollectionPage {
        case: case.to_string(),
        error,
        answers: request.is_some(),
        ..CollectionPage::default()
    };
    if let Some(request) = &request {
        page.reference = request.case.reference.clone();
        let over = request.case.closed_at.is_some();
        let meant = match over {
            true => Vec::new(),
            false => meant(&mut tx, actor, request).await?,
        };
        let choices = meant.iter().enumerate();
        let choices = choices
            .map(|(place, whom)| Offered::new(place.to_string(), &whom.name).hint(whom.says()));
        page.choices = choices.collect();
    }
    tx.commit_unrecorded().await?;
    if let Some(seen) = seen {
        let zone = app.clock().zoned().time_zone().clone();
        let now = app.clock().now().as_millisecond();
        fill(&mut page, actor, &seen, filter, (&zone, now));
    }
    Ok(page)
}

fn fill(
    page: &mut CollectionPage,
    actor: &Actor,
    seen: &Sight,
    filter: Filter,
    (zone, now): (&TimeZone, i64),
) {
    page.begun = true;
    page.answers = seen.answers;
    page.name.clone_from(&seen.whom.name);
    page.says = seen.whom.says();
    let Some(gathered) = seen.collection.gathered_at else {
        page.gathering = true;
        return;
    };
    page.gathered = moment(at(gathered), zone);
    page.decided = seen.decided();
    page.total = seen.items.len();
    page.may_erase = seen.answers && actor.may(Action::Erase, Place::Anywhere);
    page.done = match filter.done.as_str() {
        "decided" => "Decided",
        "undone" => "The decision was taken back",
        "made" => "The package is made. Fetch it below",
        _ => "",
    }
    .to_owned();
    let wanted: Vec<&Item> = seen
        .items
        .iter()
        .filter(|item| filter.wants(item))
        .collect();
    let number = filter.page.unwrap_or(1);
    let address = format!(
        "/subject-access/{}?show={}&kind={}",
        page.case,
        safe(&filter.show),
        safe(&filter.kind)
    );
    page.paging = Paging::of(wanted.len() as u64, number, &address);
    let shown = wanted
        .iter()
        .skip(skip(number) as usize)
        .take(PAGE_SIZE as usize);
    page.lines = shown.map(|item| line(&page.case, item)).collect();
    page.shows = shows();
    page.kinds = kinds(&seen.items);
    page.filter = filter;
    let open = seen
        .collection
        .packages
        .iter()
        .filter(|package| open_to(package, actor, now));
    page.packages = open
        .map(|package| PackageLine {
            href: format!("/subject-access/{}/packages/{}", page.case, package.id),
            made: moment(at(package.made_at), zone),
            until: moment(at(package.until_at), zone),
            sha256: package.sha256.clone(),
        })
        .collect();
}

/// A name of data in an address: letters and hyphens.
fn safe(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_ascii_lowercase() || *c == '-')
        .collect()
}

fn shows() -> Vec<Offered> {
    let mut shows = vec![
        Offered::new("", "All"),
        Offered::new("undecided", "Not decided"),
    ];
    let choices = Choice::ALL.iter();
    shows.extend(choices.map(|choice| Offered::new(choice.name(), choice.says())));
    shows
}

fn kinds(items: &[Item]) -> Vec<Offered> {
    let there = Source::ALL
        .iter()
        .filter(|source| items.iter().any(|item| item.source == **source));
    let all = [Offered::new("", "All")].into_iter();
    all.chain(there.map(|source| Offered::new(source.name(), source.says())))
        .collect()
}

fn line(case: &str, item: &Item) -> Line {
    let decided = item
        .decision
        .as_ref()
        .map(|decision| decision.choice.says());
    let proposed = match decided {
        Some(_) => "",
        None => item.content.proposed().choice.says(),
    };
    Line {
        number: item.number,
        href: format!("/subject-access/{case}/items/{}", item.number),
        kind: item.source.says(),
        title: item.content.title.clone(),
        decided: decided.unwrap_or_default(),
        proposed,
        others: item.content.others.len(),
    }
}
