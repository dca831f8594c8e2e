//! Where an import begins, and the imports there were.

use axum::extract::State;
use axum::response::Html;
use serde::Serialize;

use crate::authority::Permit;
use crate::roster::import::{Import, Mode, State as Stands, Wrong, latest};
use crate::web::App;
use crate::web::dates::moment;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `roster/start.html`.
#[derive(Debug, Serialize)]
pub(crate) struct StartPage {
    mode: Mode,
    /// What is missing in the form: the field and the text.
    missing: Option<(&'static str, String)>,
    /// What is wrong with the files.
    wrong: Vec<Wrong>,
    more_wrong: bool,
    imports: Vec<Line>,
}

/// An import as the list shows it.
#[derive(Clone, Debug, Serialize)]
struct Line {
    href: String,
    at: String,
    by: String,
    what: String,
    stands: &'static str,
    tag: &'static str,
}

impl Page for StartPage {
    const TEMPLATE: &'static str = "roster/start.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let line = Line {
            href: "/roster/01j".into(),
            at: "20 November 2026 at 12:00pm".into(),
            by: "Kate Adeyemi".into(),
            what: "OneRoster: roster.zip".into(),
            stands: "Imported",
            tag: "govuk-tag--green",
        };
        let bare = Self {
            mode: Mode::FileWins,
            missing: None,
            wrong: Vec::new(),
            more_wrong: false,
            imports: Vec::new(),
        };
        let wrong = Wrong {
            place: "users.csv, row 2".into(),
            wrong: "This is wrong.".into(),
            mend: "Mend it.".into(),
        };
        vec![
            Self {
                wrong: vec![wrong],
                more_wrong: true,
                imports: vec![line],
                ..bare
            },
            Self {
                missing: Some(("files", "Choose a file".into())),
                mode: Mode::OnlyAdd,
                wrong: Vec::new(),
                more_wrong: false,
                imports: Vec::new(),
            },
            Self::bare(Mode::KeepOurs),
        ]
    }
}

impl StartPage {
    fn bare(mode: Mode) -> Self {
        Self {
            mode,
            missing: None,
            wrong: Vec::new(),
            more_wrong: false,
            imports: Vec::new(),
        }
    }

    /// The form again, because a field was not filled in.
    pub(super) fn missing(mode: Mode, field: &'static str, text: String) -> Self {
        Self {
            missing: Some((field, text)),
            ..Self::bare(mode)
        }
    }

    /// The form again, because the files are wrong.
    pub(super) fn wrong(mode: Mode, errors: roster::RosterErrors) -> Self {
        Self {
            wrong: errors.errors.into_iter().map(Wrong::from).collect(),
            more_wrong: errors.more,
            ..Self::bare(mode)
        }
    }
}

pub(super) async fn start(State(app): State<App>, permit: Permit) -> Result<Html<String>, Problem> {
    let zone = app.clock().zoned().time_zone().clone();
    let imports = latest(&mut app.store()?.read(&permit.actor().trust)).await?;
    let line = |import: Import| {
        let (stands, tag) = stands(import.state);
        Line {
            href: format!("/roster/{}", import.id),
            at: moment(import.at, &zone),
            by: import.name,
            what: format!("{}: {}", import.source, import.files),
            stands,
            tag,
        }
    };
    app.render(&StartPage {
        imports: imports.into_iter().map(line).collect(),
        ..StartPage::bare(Mode::FileWins)
    })
}

/// Where an import stands, in words, and the colour of its tag.
fn stands(state: Stands) -> (&'static str, &'static str) {
    match state {
        Stands::Mapping => ("Columns to be chosen", "govuk-tag--yellow"),
        Stands::Waiting => ("Being compared", "govuk-tag--blue"),
        Stands::Ready => ("To be confirmed", "govuk-tag--yellow"),
        Stands::Refused => ("Refused", "govuk-tag--red"),
        Stands::Applying => ("Being imported", "govuk-tag--blue"),
        Stands::Applied => ("Imported", "govuk-tag--green"),
        Stands::Undoing => ("Being undone", "govuk-tag--blue"),
        Stands::Undone => ("Undone", "govuk-tag--grey"),
        Stands::Cancelled => ("Given up", "govuk-tag--grey"),
    }
}
