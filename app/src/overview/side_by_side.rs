//! The page on which the schools of a trust stand side by side, and the same as a table to take away.

use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse as _, Response};
use policy::words::capitalised;
use register::Register;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::count;
use super::page::TERMS;
use super::schools::{COLUMNS, Cell, Counted, Line, compared, ended, sort};
use super::table::{Scope, Table, is_open_to_all};
use super::term::Term;
use crate::authority::{Permit, Place};
use crate::export::csv_file;
use crate::schools;
use crate::web::App;
use crate::web::dates::moment;
use crate::web::extract::Query;
use crate::web::form::Choice;
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// `overview/schools.html`.
#[derive(Serialize)]
pub(crate) struct SchoolsPage {
    /// "autumn 2026".
    term: String,
    is_over: bool,
    /// The register that is compared; empty for all of them.
    register: String,
    terms: Vec<Choice>,
    registers: Vec<Choice>,
    term_chosen: String,
    register_chosen: String,
    columns: Vec<Column>,
    trust: Line,
    lines: Vec<Line>,
    ended: Option<Table>,
    csv: String,
    made: String,
}

/// A column by which the table can be sorted.
#[derive(Debug, Serialize)]
struct Column {
    says: &'static str,
    /// Sorts by it; the other way round where it is sorted by it already.
    href: String,
    /// As `aria-sort` has it: `none`, `ascending`, `descending`.
    sorted: &'static str,
}

impl Page for SchoolsPage {
    const TEMPLATE: &'static str = "overview/schools.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let line = |name: &str| Line {
            name: name.to_owned(),
            href: "/overview?place=s1".to_owned(),
            cells: vec![Cell::default(); COLUMNS.len() - 1],
        };
        let page = |full: bool| Self {
            term: "autumn 2026".to_owned(),
            is_over: full,
            register: if full { "Permissions" } else { "" }.to_owned(),
            terms: vec![Choice::new("2026-autumn", "Autumn 2026")],
            registers: vec![Choice::new("permission", "Permissions")],
            term_chosen: "2026-autumn".to_owned(),
            register_chosen: "permission".to_owned(),
            columns: columns(&Asked::default(), Term::of(jiff::civil::date(2026, 11, 20))),
            trust: line("The whole trust"),
            lines: match full {
                true => vec![line("Ash Primary"), line("Oak High")],
                false => Vec::new(),
            },
            ended: full.then(|| Table {
                title: "How permissions ended".to_owned(),
                note: "Rounded.".to_owned(),
                head: vec!["School".to_owned(), "Ended".to_owned()],
                rows: vec![vec!["Ash Primary".to_owned(), "about 10".to_owned()]],
            }),
            csv: "/overview/schools.csv".to_owned(),
            made: "20 November 2026 at 3:04pm".to_owned(),
        };
        vec![page(true), page(false)]
    }
}

/// What is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    term: String,
    register: String,
    sort: String,
    order: String,
}

impl Asked {
    /// The column that is sorted by, and whether downwards: names from A, numbers from the largest, unless asked.
    fn sorting(&self) -> (usize, bool) {
        let column = COLUMNS.iter().position(|(name, _)| *name == self.sort);
        let column = column.unwrap_or_default();
        let downwards = match self.order.as_str() {
            "up" => false,
            "down" => true,
            _ => column > 0,
        };
        (column, downwards)
    }

    fn query(&self, term: Term) -> String {
        format!("term={}&register={}", term.name(), self.register)
    }
}

fn columns(asked: &Asked, term: Term) -> Vec<Column> {
    let (by, downwards) = asked.sorting();
    let column = |(at, (name, says)): (usize, &(&'static str, &'static str))| {
        let here = at == by;
        // Chosen again, a column turns round; another begins as numbers and names do.
        let order = match (here, downwards) {
            (true, true) => "&order=up",
            (true, false) => "&order=down",
            (false, _) => "",
        };
        Column {
            says,
            href: format!("/overview/schools?{}&sort={name}{order}", asked.query(term)),
            sorted: match (here, downwards) {
                (false, _) => "none",
                (true, false) => "ascending",
                (true, true) => "descending",
            },
        }
    };
    COLUMNS.iter().enumerate().map(column).collect()
}

/// Everything that the page says.
struct Compared {
    term: Term,
    is_over: bool,
    register: String,
    registers: Vec<Choice>,
    trust: Line,
    lines: Vec<Line>,
    ended: Option<Table>,
}

async fn compare(app: &App, permit: &Permit, asked: &Asked) -> Result<Compared, Problem> {
    let not_found = || Problem::new(Kind::NotFound);
    let today = app.today();
    let term = match asked.term.as_str() {
        "" => Term::of(today),
        name => Term::named(name).ok_or_else(not_found)?,
    };
    let all = app.registers();
    let mut open: Vec<&Register> = all
        .registers()
        .iter()
        .filter(|r| is_open_to_all(r))
        .collect();
    open.sort_by(|one, other| one.plural.cmp(&other.plural));
    let named = |register: &&Register| capitalised(&register.plural);
    let choices = open.iter().map(|one| Choice::new(&one.id, named(one)));
    let every = Choice::new("", "All that are not kept closely");
    let registers = std::iter::once(every).chain(choices).collect();
    let chosen = match asked.register.as_str() {
        "" => open.clone(),
        id => open.iter().copied().filter(|one| one.id == id).collect(),
    };
    let one = match (asked.register.as_str(), chosen.as_slice()) {
        ("", _) => None,
        (_, [one]) => Some(*one),
        _ => return Err(not_found()),
    };

    let mut reader = app.store()?.read(&permit.actor().trust);
    let schools = schools::all(&mut reader).await?;
    let mut places: Vec<String> = schools.iter().map(|school| school.id.to_string()).collect();
    places.push(String::new());
    let scope = Scope {
        places,
        school: None,
    };
    let zone = app.clock().zoned().time_zone().clone();
    let span = term.span(&zone);
    let ids: Vec<&str> = chosen.iter().map(|register| register.id.as_str()).collect();
    let counted = Counted {
        opened: count::opened(&mut reader, span).await?,
        outcomes: count::outcomes(&mut reader, span).await?,
        open: count::open(&mut reader).await?,
        overdue: count::overdue(&mut reader, app.clock().now().as_millisecond()).await?,
        medians: count::medians_by_school(&mut reader, span, &format!(",{},", ids.join(",")))
            .await?,
        coverage: count::coverage(&mut reader, today).await?,
    };
    let (places, trust) = compared(&chosen, &scope, &counted);
    let of_ends = one.map(|register| ended(register, &scope, &counted));

    let whole = permit.at(Place::Trust).is_ok();
    let names = schools.iter().map(|school| {
        let theirs = permit.at(Place::School(&school.id)).is_ok();
        let href = format!("/overview?place={}&term={}", school.id, term.name());
        theirs.then(|| (school.details.name.clone(), href))
    });
    let none = whole.then(|| ("At no school".to_owned(), String::new()));
    let names: Vec<Option<(String, String)>> = names.chain([none]).collect();
    let line = |(name, cells): (Option<(String, String)>, Vec<Cell>)| {
        let (name, href) = name?;
        Some(Line { name, href, cells })
    };
    let mut lines: Vec<Line> = names.iter().cloned().zip(places).filter_map(line).collect();
    let (column, downwards) = asked.sorting();
    sort(&mut lines, column, downwards);
    let trust = Line {
        name: "The whole trust".to_owned(),
        href: match whole {
            true => format!("/overview?place=trust&term={}", term.name()),
            false => String::new(),
        },
        cells: trust,
    };
    let ended = of_ends.map(|ended| {
        let mut rows = vec![(trust.name.clone(), ended.trust.clone())];
        for line in &lines {
            let at = names.iter().position(|name| {
                name.as_ref()
                    .is_some_and(|(name, href)| *name == line.name && *href == line.href)
            });
            let cells = at.and_then(|at| ended.places.get(at));
            rows.extend(cells.map(|cells| (line.name.clone(), cells.clone())));
        }
        ended.table(rows)
    });
    Ok(Compared {
        term,
        is_over: term.is_over(today),
        register: one.map_or_else(String::new, |register| capitalised(&register.plural)),
        registers,
        trust,
        lines,
        ended,
    })
}

pub(super) async fn show(
    State(app): State<App>,
    permit: Permit,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let compared = compare(&app, &permit, &asked).await?;
    let mut terms = Term::of(app.today()).up_to(TERMS);
    terms.reverse();
    let zone = app.clock().zoned().time_zone().clone();
    let term = compared.term;
    app.render(&SchoolsPage {
        term: term.words(),
        is_over: compared.is_over,
        register: compared.register,
        terms: terms
            .into_iter()
            .map(|term| Choice::new(term.name(), capitalised(&term.words())))
            .collect(),
        registers: compared.registers,
        term_chosen: term.name(),
        columns: columns(&asked, term),
        csv: format!("/overview/schools.csv?{}", asked.query(term)),
        register_chosen: asked.register,
        trust: compared.trust,
        lines: compared.lines,
        ended: compared.ended,
        made: moment(app.clock().now(), &zone),
    })
}

pub(super) async fn csv(
    State(app): State<App>,
    permit: Permit,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let compared = compare(&app, &permit, &asked).await?;
    let term = compared.term.name();
    let mut head: Vec<&str> = vec!["Term", "Registers"];
    head.extend(COLUMNS.map(|(_, says)| says));
    let ends = compared.ended.as_ref();
    head.extend(
        ends.iter()
            .flat_map(|table| table.head.iter().skip(1).map(String::as_str)),
    );
    let register = match compared.register.as_str() {
        "" => "All that are not kept closely",
        register => register,
    };
    let lines = std::iter::once(&compared.trust).chain(&compared.lines);
    let row = |(at, line): (usize, &Line)| {
        let mut cells = vec![
            Json::from(term.as_str()),
            register.into(),
            line.name.as_str().into(),
        ];
        cells.extend(
            line.cells
                .iter()
                .map(|cell| Json::from(cell.words.as_str())),
        );
        let ended = ends.and_then(|table| table.rows.get(at));
        cells.extend(
            ended
                .iter()
                .flat_map(|row| row.iter().skip(1).map(|cell| Json::from(cell.as_str()))),
        );
        cells
    };
    let rows: Vec<Vec<Json>> = lines.enumerate().map(row).collect();
    let bytes = csv_file::write(&head, &rows).map_err(|error| Problem::internal(&error))?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"schools-{term}.csv\""),
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
