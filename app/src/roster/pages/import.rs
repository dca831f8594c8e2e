//! One import: how far it is, the preview, what became of it.

use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse as _, Response};
use serde::Serialize;

use super::{found, to};
use crate::authority::Permit;
use crate::roster::import::{Import, ImportId, Mode, State as Stands, Wrong, cancel};
use crate::roster::{
    Counts, Happening, ask_to_undo, confirm, counts, hindered, jobs, may_add_schools, merges,
};
use crate::web::App;
use crate::web::dates::moment;
use crate::web::extract::Path;
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// A page that waits asks for itself again after so many seconds.
const RENEW_SECONDS: &str = "3";

/// `roster/import.html`.
#[derive(Debug, Serialize)]
pub(crate) struct ImportPage {
    href: String,
    state: Stands,
    source: String,
    files: String,
    begun: String,
    mode: Mode,
    /// How much of the step is done, in hundredths; none where that is not known.
    percent: Option<u64>,
    lines: Vec<CountLine>,
    nothing: bool,
    notes: Vec<String>,
    wrong: Vec<Wrong>,
    more_wrong: bool,
    refused: Option<String>,
    /// Whether there is somebody about whom it is asked whether they are the same person.
    same_people: bool,
    /// Whether schools would be added.
    adds_schools: bool,
    /// Whether whoever looks may confirm that.
    may_confirm: bool,
    /// Why it cannot be undone, if it was imported.
    hindered: Option<String>,
}

/// One kind of record in the preview.
#[derive(Clone, Debug, Serialize)]
struct CountLine {
    what: &'static str,
    kind: &'static str,
    added: u64,
    changed: u64,
    ended: u64,
    returned: u64,
}

/// `roster/undo.html`.
#[derive(Debug, Serialize)]
pub(crate) struct UndoPage {
    href: String,
    files: String,
    begun: String,
    hindered: Option<String>,
}

impl Page for ImportPage {
    const TEMPLATE: &'static str = "roster/import.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let line = CountLine {
            what: "Staff",
            kind: "person",
            added: 1,
            changed: 2,
            ended: 0,
            returned: 0,
        };
        let wrong = Wrong {
            place: "staff '1'".into(),
            wrong: "This is wrong.".into(),
            mend: "Mend it.".into(),
        };
        let page = |state: Stands| Self {
            href: "/roster/01j".into(),
            state,
            source: "OneRoster".into(),
            files: "roster.zip".into(),
            begun: "20 November 2026 at 12:00pm".into(),
            mode: Mode::FileWins,
            percent: None,
            lines: vec![line.clone()],
            nothing: false,
            notes: vec!["2 rows: left out.".into()],
            wrong: vec![wrong.clone()],
            more_wrong: true,
            refused: Some("Look again.".into()),
            same_people: true,
            adds_schools: true,
            may_confirm: true,
            hindered: None,
        };
        let mut pages: Vec<Self> = Stands::ALL.iter().copied().map(page).collect();
        let waiting = page(Stands::Waiting);
        pages.push(Self {
            percent: Some(40),
            refused: None,
            ..waiting
        });
        let ready = page(Stands::Ready);
        pages.push(Self {
            nothing: true,
            lines: Vec::new(),
            mode: Mode::OnlyAdd,
            same_people: false,
            notes: Vec::new(),
            ..ready
        });
        let ready = page(Stands::Ready);
        pages.push(Self {
            may_confirm: false,
            ..ready
        });
        let applied = page(Stands::Applied);
        pages.push(Self {
            hindered: Some("It was changed since.".into()),
            mode: Mode::KeepOurs,
            ..applied
        });
        pages
    }
}

impl Page for UndoPage {
    const TEMPLATE: &'static str = "roster/undo.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let page = |hindered| Self {
            href: "/roster/01j".into(),
            files: "roster.zip".into(),
            begun: "20 November 2026 at 12:00pm".into(),
            hindered,
        };
        vec![page(None), page(Some("It was changed since.".into()))]
    }
}

pub(super) async fn import(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<ImportId>,
) -> Result<Response, Problem> {
    let import = found(&app, &permit, &id).await?;
    if import.state == Stands::Mapping {
        let columns = format!("/roster/{id}/columns");
        return Ok(axum::response::Redirect::to(&columns).into_response());
    }
    let waits = matches!(
        import.state,
        Stands::Waiting | Stands::Applying | Stands::Undoing
    );
    let page = app.render(&page(&app, &permit, import).await?)?;
    Ok(match waits {
        true => ([(header::REFRESH, RENEW_SECONDS)], page).into_response(),
        false => page.into_response(),
    })
}

async fn page(app: &App, permit: &Permit, import: Import) -> Result<ImportPage, Problem> {
    let (store, trust) = (app.store()?, &permit.actor().trust);
    let ready = import.state == Stands::Ready;
    let counted = match ready {
        true => counts(store, trust, &import.id).await?,
        false => Counts::default(),
    };
    let matched = ready && !merges(store, permit, &import.id, (0, 1)).await?.is_empty();
    let hindered = match import.state {
        Stands::Applied => hindered(store, trust, &import).await?,
        _ => None,
    };
    let adds_schools = counted.of("school", Happening::Add) > 0;
    let note = |note: roster::Note| format!("{} ({})", note.what, rows(note.rows));
    Ok(ImportPage {
        href: format!("/roster/{}", import.id),
        state: import.state,
        begun: begun(app, &import),
        percent: (import.total > 0).then(|| import.done * 100 / import.total.max(1)),
        nothing: ready && counted.all() == 0,
        lines: lines(&counted),
        same_people: matched,
        may_confirm: !adds_schools || may_add_schools(permit.actor()),
        adds_schools,
        hindered,
        source: import.source,
        files: import.files,
        mode: import.mode,
        notes: import.detail.notes.into_iter().map(note).collect(),
        wrong: import.detail.errors,
        more_wrong: import.detail.more_errors,
        refused: import.detail.refused,
    })
}

fn rows(rows: u32) -> String {
    match rows {
        1 => "1 row".to_owned(),
        n => format!("{n} rows"),
    }
}

fn begun(app: &App, import: &Import) -> String {
    let zone = app.clock().zoned().time_zone().clone();
    format!("{} by {}", moment(import.at, &zone), import.name)
}

fn lines(counted: &Counts) -> Vec<CountLine> {
    let kinds = [
        ("Schools", "school"),
        ("Staff", "person"),
        ("Pupils", "pupil"),
        ("Parents and carers", "guardian"),
    ];
    let line = |(what, kind)| CountLine {
        what,
        kind,
        added: counted.of(kind, Happening::Add),
        changed: counted.of(kind, Happening::Change),
        ended: counted.of(kind, Happening::End),
        returned: counted.of(kind, Happening::Return),
    };
    let lines = kinds.into_iter().map(line);
    lines
        .filter(|line| line.added + line.changed + line.ended + line.returned > 0)
        .collect()
}

pub(super) async fn confirmed(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<ImportId>,
) -> Result<Response, Problem> {
    found(&app, &permit, &id).await?;
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    if confirm(&mut tx, permit.actor(), &id).await? {
        jobs::queue_apply(&mut tx, &id).await?;
        tx.commit_unrecorded().await?;
    }
    Ok(to(&id))
}

pub(super) async fn cancelled(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<ImportId>,
) -> Result<Response, Problem> {
    found(&app, &permit, &id).await?;
    cancel(app.store()?, &permit.actor().trust, &id).await?;
    Ok(to(&id))
}

pub(super) async fn undo(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<ImportId>,
) -> Result<Html<String>, Problem> {
    let import = found(&app, &permit, &id).await?;
    let hindered = hindered(app.store()?, &permit.actor().trust, &import).await?;
    app.render(&UndoPage {
        href: format!("/roster/{id}"),
        begun: begun(&app, &import),
        files: import.files,
        hindered,
    })
}

pub(super) async fn undo_confirmed(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<ImportId>,
) -> Result<Response, Problem> {
    let import = found(&app, &permit, &id).await?;
    let (store, trust) = (app.store()?, &permit.actor().trust);
    if let Some(why) = hindered(store, trust, &import).await? {
        return Err(Problem::new(Kind::Conflict).detail(why));
    }
    let mut tx = store.begin(trust).await?;
    if ask_to_undo(&mut tx, permit.actor(), &id).await? {
        jobs::queue_undo(&mut tx, &id).await?;
        tx.commit_unrecorded().await?;
    }
    Ok(to(&id))
}
