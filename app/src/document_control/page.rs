//! The page of document control: every fact that the policy gives of itself with the clause that gives it, and how
//! what goes with it stands today.

use axum::extract::State;
use axum::response::Html;
use policy::library::Library;
use policy::policy_file::{Clause, Policy};
use policy::table::Table;
use policy::words::capitalised;
use serde::Serialize;

use super::carried::{Carried, Carrier, carried};
use super::document::document_of;
use super::standing::{EDITIONS, Kept, LINKED, REVIEWS, answer};
use crate::authority::{Action, Actor, Identity};
use crate::cases::Line;
use crate::overview::{self, Brief};
use crate::policies::{self, anchor, contact_label, fact_label};
use crate::web::App;
use crate::web::dates::{day, moment};
use crate::web::extract::Path;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// What of a review its page shows, by the fields of its register.
const OF_REVIEW: [&str; 8] = [
    "figures_for",
    "fair",
    "problem",
    "consulted",
    "said",
    "approved_on",
    "approved_by",
    "published_where",
];

/// `document_control/control.html`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct ControlPage {
    id: String,
    title: String,
    organisation: String,
    hash: String,
    facts: Vec<Fact>,
    aims: Vec<Told>,
    covers: Vec<Told>,
    contacts: Vec<Fact>,
    linked: Vec<Kin>,
    editions: Vec<Kin>,
    carried: Vec<Carried>,
    reviews: Vec<Review>,
    brief: Option<Brief>,
    document: Option<File>,
    /// Whether this site can keep files at all.
    keeps_files: bool,
    may_attach: bool,
    signed_in: bool,
    /// The registers in which this person may open a case: linked papers, editions, reviews.
    registers: Registers,
}

/// The registers that keep what goes with a policy.
#[derive(Debug, Serialize)]
struct Registers {
    linked: &'static str,
    editions: &'static str,
    reviews: &'static str,
}

impl Default for Registers {
    fn default() -> Self {
        Self {
            linked: LINKED,
            editions: EDITIONS,
            reviews: REVIEWS,
        }
    }
}

/// A clause by number.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ClauseLink {
    printed: String,
    href: String,
}

/// A fact in words, with the clause that gives it.
#[derive(Debug, Serialize)]
struct Fact {
    label: &'static str,
    says: String,
    clause: ClauseLink,
}

/// What a clause says.
#[derive(Debug, Serialize)]
struct Told {
    says: String,
    clause: ClauseLink,
}

/// A paper or edition that the policy leans on.
#[derive(Debug, Serialize)]
struct Kin {
    says: String,
    /// The edition in force, where the policy names another.
    newer: Option<String>,
    clause: ClauseLink,
    /// The case that keeps it, and where that stands; none where nobody has put it on record, or it is not theirs.
    state: Option<String>,
    href: String,
}

/// A review of the policy.
#[derive(Debug, Serialize)]
struct Review {
    reference: String,
    href: String,
    state: String,
    due: Option<String>,
    told: Vec<(String, String)>,
}

/// The approved document.
#[derive(Debug, Serialize)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) size: String,
    pub(super) sha256: String,
    pub(super) added: String,
    pub(super) passages: usize,
}

impl Page for ControlPage {
    const TEMPLATE: &'static str = "document_control/control.html";
    const SECTION: Option<Section> = Some(Section::Policies);

    fn samples() -> Vec<Self> {
        let clause = || ClauseLink {
            printed: "1.1".into(),
            href: "/policies/example#clause-1.1".into(),
        };
        let told = || Told {
            says: "Be kind.".into(),
            clause: clause(),
        };
        let fact = || Fact {
            label: "Owner",
            says: "The head".into(),
            clause: clause(),
        };
        let kin = |newer: Option<&str>, state: Option<&str>| Kin {
            says: "Keeping children safe in education 2022".into(),
            newer: newer.map(Into::into),
            clause: clause(),
            state: state.map(Into::into),
            href: "/cases/c1".into(),
        };
        let plain = Self {
            id: "example".into(),
            title: "Social media policy".into(),
            organisation: "Example School".into(),
            hash: "0123456789ab".repeat(5),
            ..Self::default()
        };
        let whole = Self {
            id: "example".into(),
            title: "Social media policy".into(),
            organisation: "Example School".into(),
            hash: "0123456789ab".repeat(5),
            facts: vec![fact()],
            aims: vec![told()],
            covers: vec![told()],
            contacts: vec![fact()],
            linked: vec![kin(None, Some("Linked")), kin(None, None)],
            editions: vec![kin(Some("2026, since 1 September 2026"), Some("In force"))],
            carried: vec![Carried {
                says: "The policy is checked each year.".into(),
                clause: clause(),
                by: vec![Carrier {
                    says: "Policy reviews".into(),
                    href: "/registers/policy-review".into(),
                }],
            }],
            reviews: vec![Review {
                reference: "REV-2026-0001".into(),
                href: "/cases/c2".into(),
                state: "Waiting for its day".into(),
                due: Some("1 September 2027".into()),
                told: vec![("Fair".into(), "Yes".into())],
            }],
            brief: Some(Brief::sample()),
            document: Some(File::sample()),
            keeps_files: true,
            may_attach: true,
            signed_in: true,
            registers: Registers::default(),
        };
        let none_attached = Self {
            keeps_files: true,
            may_attach: true,
            signed_in: true,
            ..Self::default()
        };
        vec![plain, whole, none_attached]
    }
}

impl File {
    pub(super) fn sample() -> Self {
        Self {
            name: "policy.pdf".into(),
            size: "120 KB".into(),
            sha256: "ab".repeat(32),
            added: "20 November 2026 at 3:00pm".into(),
            passages: 12,
        }
    }

    pub(super) fn of(document: &super::Document, zone: &jiff::tz::TimeZone) -> Self {
        let bytes = document.size_bytes;
        let at = jiff::Timestamp::from_millisecond(document.added_at).unwrap_or_default();
        Self {
            name: document.name.clone(),
            size: match bytes {
                ..1_048_576 => format!("{} KB", (bytes + 1_023) / 1_024),
                more => format!("{} MB", (more + 1_048_575) / 1_048_576),
            },
            sha256: document.sha256.clone(),
            added: moment(at, zone),
            passages: document.passages.len(),
        }
    }
}

pub(super) async fn show(
    State(app): State<App>,
    identity: Identity,
    Path(id): Path<String>,
) -> Result<Html<String>, Problem> {
    let library = app.library();
    let table = policies::find(&library, &id)?;
    let policy = table.policy();
    let mut page = on_paper(&app, &library, table);
    if let (Some(store), Some(trust)) = (app.store_if_any(), &identity.trust) {
        let zone = store.clock().zoned().time_zone().clone();
        let mut reader = store.read(trust);
        let document = document_of(&mut reader, &policy.id, &policy.hash).await?;
        page.document = document.map(|document| File::of(&document, &zone));
        page.keeps_files = app.attachments().is_ok();
        page.signed_in = identity.actor.is_some();
        let actor = identity.actor.as_ref();
        page.may_attach = actor.is_some_and(|a| a.permit(Action::AdoptPolicy).is_some());
        if let Some(actor) = actor.filter(|actor| actor.permit(Action::ReadCases).is_some()) {
            let kept = Kept::of(&mut reader, store, actor, policy).await?;
            fill(&mut page, &library, policy, &kept, &zone);
        }
        drop(reader);
        page.brief = brief(&app, actor).await?;
    }
    app.render(&page)
}

/// The figures, for those who may see them.
async fn brief(app: &App, actor: Option<&Actor>) -> Result<Option<Brief>, Problem> {
    match actor.and_then(|actor| actor.permit(Action::ViewOverview)) {
        Some(permit) => Ok(Some(overview::brief(app, &permit).await?)),
        None => Ok(None),
    }
}

pub(super) fn link(policy: &Policy, reference: &str) -> ClauseLink {
    let printed = policy.clause(reference).map(|c| c.printed.clone());
    ClauseLink {
        printed: printed.unwrap_or_else(|| reference.to_owned()),
        href: format!("/policies/{}#{}", policy.id, anchor(reference)),
    }
}

/// What stands in the policy itself.
fn on_paper(app: &App, library: &Library, table: &Table) -> ControlPage {
    let policy = table.policy();
    let told = |clause: &Clause| Told {
        says: clause.says.clone(),
        clause: link(policy, &clause.reference),
    };
    let clauses = policy.clauses.iter();
    let facts = policy.facts.iter().map(|fact| Fact {
        label: fact_label(fact.kind),
        says: match fact.value.as_str() {
            "blank" => "The space is empty".to_owned(),
            value => fact.printed.clone().unwrap_or_else(|| value.to_owned()),
        },
        clause: link(policy, &fact.clause),
    });
    let vocabulary = library.vocabulary();
    let contacts = policy.contacts.iter().map(|contact| Fact {
        label: contact_label(contact.matter),
        says: capitalised(
            vocabulary
                .role(&contact.to)
                .map_or(contact.to.as_str(), |role| &role.says),
        ),
        clause: link(policy, &contact.clause),
    });
    let kin = |says: String, newer, clause: &str| Kin {
        says,
        newer,
        clause: link(policy, clause),
        state: None,
        href: String::new(),
    };
    let linked = policy.linked.iter();
    let linked = linked.map(|paper| kin(paper.title.clone(), None, &paper.clause));
    let editions = policy.cites.iter().map(|cited| {
        let current = library.law().edition_in_force(&cited.work, app.today());
        let title = current.map_or(cited.work.as_str(), |current| &current.title);
        let newer = current.filter(|current| current.edition != cited.edition);
        let newer = newer.map(|newer| format!("{}, since {}", newer.edition, day(newer.in_force)));
        kin(edition_called(title, &cited.edition), newer, &cited.clause)
    });
    ControlPage {
        id: policy.id.clone(),
        title: policy.title.clone(),
        organisation: policy.organisation.clone(),
        hash: policy.hash.clone(),
        facts: facts.collect(),
        aims: clauses.clone().filter(|c| c.aim).map(told).collect(),
        covers: clauses.filter(|c| !c.covers.is_empty()).map(told).collect(),
        contacts: contacts.collect(),
        linked: linked.collect(),
        editions: editions.collect(),
        carried: carried(app, library, table),
        ..ControlPage::default()
    }
}

/// A title that holds its year is not followed by it again.
fn edition_called(title: &str, edition: &str) -> String {
    match title.ends_with(edition) {
        true => title.to_owned(),
        false => format!("{title} {edition}"),
    }
}

/// Adds how things stand, from the cases that somebody may see.
fn fill(
    page: &mut ControlPage,
    library: &Library,
    policy: &Policy,
    kept: &Kept,
    zone: &jiff::tz::TimeZone,
) {
    let stands = |kin: &mut Kin, line: Option<&Line>, with: &str| {
        if let Some(line) = line {
            kin.state = Some(format!("{}{with}", line.state));
            kin.href = format!("/cases/{}", line.case.id);
        }
    };
    for (kin, paper) in page.linked.iter_mut().zip(&policy.linked) {
        stands(kin, kept.of_linked(paper), "");
    }
    for (kin, cited) in page.editions.iter_mut().zip(&policy.cites) {
        let law = library
            .law()
            .edition_in_force(&cited.work, jiff::civil::Date::MAX);
        let line = kept.of_work(cited, law.map(|edition| edition.title.as_str()));
        let edition = line.map(|line| answer(line, "edition")).unwrap_or_default();
        let with = match edition {
            "" => String::new(),
            edition => format!(" ({edition})"),
        };
        stands(kin, line, &with);
    }
    page.reviews = kept.reviews.iter().map(|line| review(line, zone)).collect();
}

fn review(line: &Line, zone: &jiff::tz::TimeZone) -> Review {
    let register = line.rules.register();
    let told = OF_REVIEW.iter().filter_map(|name| {
        let answers = line.case.answers.get(*name)?;
        let fields = register.fields.iter();
        let fields = fields.chain(register.steps.iter().flat_map(|step| &step.fields));
        let field = fields.into_iter().find(|field| field.id == *name)?;
        let words: Vec<&str> = answers.iter().map(|answer| field.words(answer)).collect();
        Some((field.label.clone(), words.join(", ")))
    });
    Review {
        reference: line.case.reference.clone(),
        href: format!("/cases/{}", line.case.id),
        state: line.state.clone(),
        due: line.due.map(|due| day(due.to_zoned(zone.clone()).date())),
        told: told.collect(),
    }
}
