//! The start page for those who look after schools, people and the installation: one line for
//! each thing, shown to those who may do it. A feature adds its line to [`ENTRIES`].

#[cfg(test)]
mod tests;

use axum::extract::State;
use axum::response::Html;
use serde::Serialize;

use crate::authority::{Access, Action, Actor, Place, Routes};
use crate::web::App;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// One thing to look after.
#[derive(Clone, Copy, Debug, Serialize)]
struct Entry {
    group: &'static str,
    text: &'static str,
    hint: &'static str,
    href: &'static str,
    #[serde(skip)]
    access: Access,
}

impl Entry {
    fn concerns(&self, actor: &Actor) -> bool {
        match self.access {
            Access::May(action) => actor.may(action, Place::Anywhere),
            Access::MayEverywhere(action) => actor.may(action, Place::Trust),
            Access::Open | Access::Reading | Access::SignedIn => true,
        }
    }
}

/// Everything there is to look after, group by group.
const ENTRIES: &[Entry] = &[
    Entry {
        group: "People",
        text: "People and roles",
        hint: "See who works where, add people, give and take roles",
        href: "/people",
        access: Access::May(Action::ViewPeople),
    },
    Entry {
        group: "People",
        text: "Pupils, parents and carers",
        hint: "Held only as far as the policy needs, and sealed",
        href: "/pupils",
        access: Access::May(Action::ViewPupils),
    },
    Entry {
        group: "People",
        text: "Import a roster",
        hint: "Bring staff, pupils and parents in from the school's systems",
        href: "/roster",
        access: Access::MayEverywhere(Action::ImportRoster),
    },
    Entry {
        group: "People",
        text: "Pictures of pupils",
        hint: "Ask families what they agree to, enter what comes back on paper, and see who has not answered",
        href: "/consent/ask",
        access: Access::May(Action::KeepConsents),
    },
    Entry {
        group: "People",
        text: "Signatures under the policy",
        hint: "Ask a school’s people to read and sign it, and see who has",
        href: "/attestation",
        access: Access::May(Action::ManageAttestation),
    },
    Entry {
        group: "People",
        text: "Training",
        hint: "See who has had which course and who has not, and ask those who have not",
        href: "/training",
        access: Access::May(Action::ManageTraining),
    },
    Entry {
        group: "People",
        text: "Log-ins of official accounts",
        hint: "See which are lodged and who may open them, and have all of a school changed",
        href: "/log-ins",
        access: Access::May(Action::ManageLogIns),
    },
    Entry {
        group: "People",
        text: "Figures of groups",
        hint: "Enter totals for the governors’ report, once a term",
        href: "/overview/figures",
        access: Access::May(Action::EnterFigures),
    },
    Entry {
        group: "Schools",
        text: "Schools",
        hint: "Contacts, terms, the school day, and the policy each follows",
        href: "/schools",
        access: Access::May(Action::ViewSchools),
    },
    Entry {
        group: "Schools",
        text: "Import old records",
        hint: "Bring in what was kept on paper or in a spreadsheet, register by register",
        href: "/import-cases",
        access: Access::May(Action::ManageRegisters),
    },
    Entry {
        group: "Schools",
        text: "Overview",
        hint: "How the registers are used, term by term, in numbers that name nobody",
        href: "/overview",
        access: Access::May(Action::ViewOverview),
    },
    Entry {
        group: "Installation",
        text: "How people sign in",
        hint: "Sign in with Microsoft, Google or another provider, and how long passwords must be",
        href: "/administration/sign-in",
        access: Access::MayEverywhere(Action::ManageSettings),
    },
    Entry {
        group: "Installation",
        text: "Trust settings",
        hint: "The trust’s name, and who may ask and read the policies",
        href: "/trust",
        access: Access::MayEverywhere(Action::ManageSettings),
    },
    Entry {
        group: "Installation",
        text: "Work in the queue",
        hint: "What Probity does in the background, and what it could not do",
        href: "/jobs",
        access: Access::MayEverywhere(Action::ManageJobs),
    },
    Entry {
        group: "Data protection",
        text: "Audit",
        hint: "What was done, by whom and when, and whether the log was proved",
        href: "/audit",
        access: Access::MayEverywhere(Action::ReadAudit),
    },
    Entry {
        group: "Data protection",
        text: "Requests for one's own data",
        hint: "Gather what is held about somebody, look through it, give it out or erase it",
        href: "/subject-access",
        access: Access::May(Action::AnswerSubjectAccess),
    },
    Entry {
        group: "Data protection",
        text: "Retention",
        hint: "What is past its time to be kept: erase it, or hold it back",
        href: "/retention",
        access: Access::May(Action::ManageRetention),
    },
    Entry {
        group: "Data protection",
        text: "Export everything",
        hint: "All that is held of schools, people and pupils, as CSV and JSON",
        href: "/export",
        access: Access::MayEverywhere(Action::Export),
    },
];

/// Whether there is anything here for this person.
pub(crate) fn concerns(actor: &Actor) -> bool {
    ENTRIES.iter().any(|entry| entry.concerns(actor))
}

/// `administration/start.html`.
#[derive(Serialize)]
pub(crate) struct AdministrationPage {
    groups: Vec<Group>,
}

#[derive(Serialize)]
struct Group {
    name: &'static str,
    entries: Vec<Entry>,
}

impl AdministrationPage {
    fn of(entries: impl Iterator<Item = Entry>) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        for entry in entries {
            match groups.iter_mut().find(|group| group.name == entry.group) {
                Some(group) => group.entries.push(entry),
                None => groups.push(Group {
                    name: entry.group,
                    entries: vec![entry],
                }),
            }
        }
        Self { groups }
    }
}

impl Page for AdministrationPage {
    const TEMPLATE: &'static str = "administration/start.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let sample = Entry {
            group: "People",
            text: "People and roles",
            hint: "Add people and give roles",
            href: "/people",
            access: Access::SignedIn,
        };
        vec![
            Self::of(std::iter::empty()),
            Self::of(std::iter::once(sample)),
        ]
    }
}

pub(crate) fn routes() -> Routes {
    Routes::new().get("/administration", Access::SignedIn, start)
}

async fn start(State(app): State<App>, actor: Actor) -> Result<Html<String>, Problem> {
    let entries = ENTRIES.iter().filter(|entry| entry.concerns(&actor));
    app.render(&AdministrationPage::of(entries.copied()))
}
