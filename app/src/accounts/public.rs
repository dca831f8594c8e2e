//! A school's genuine accounts, for everybody: so that an impostor can be told from them.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Serialize;

use super::{REGISTER, answer};
use crate::authority::{Access, Identity, Routes};
use crate::cases::{self, Account};
use crate::schools;
use crate::store::{SchoolId, TrustId};
use crate::web::App;
use crate::web::dates::day;
use crate::web::extract::Path;
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// How long a browser or a proxy may keep the page, for those who have not signed in.
const KEPT: HeaderValue = HeaderValue::from_static("public, max-age=300");
/// The register in which anybody says that somebody pretends to be the school.
const IMPOSTORS: &str = "incident";

/// `accounts/schools.html`.
#[derive(Debug, Serialize)]
pub(crate) struct SchoolsPage {
    trust: String,
    /// The schools: identifier and name.
    schools: Vec<(String, String)>,
}

/// `accounts/public.html`.
#[derive(Debug, Serialize)]
pub(crate) struct PublicPage {
    school: String,
    accounts: Vec<Line>,
    /// The day of the list, in words.
    today: String,
    /// Where anybody reports an impostor.
    report: Option<String>,
}

/// A genuine account.
#[derive(Debug, Serialize)]
struct Line {
    platform: String,
    address: String,
    /// Where the address leads, where it is an address of the platform and not merely a name there.
    href: Option<String>,
    purpose: String,
}

impl Page for SchoolsPage {
    const TEMPLATE: &'static str = "accounts/schools.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        let page = |schools| Self {
            trust: "Elm Trust".into(),
            schools,
        };
        vec![
            page(vec![("ash".into(), "Ash Primary".into())]),
            page(Vec::new()),
        ]
    }
}

impl Page for PublicPage {
    const TEMPLATE: &'static str = "accounts/public.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        let line = |href: Option<&str>| Line {
            platform: "Instagram".into(),
            address: "instagram.com/ash.primary".into(),
            href: href.map(Into::into),
            purpose: "News for parents and carers".into(),
        };
        let page = |accounts, report: Option<&str>| Self {
            school: "Ash Primary".into(),
            accounts,
            today: "20 November 2026".into(),
            report: report.map(Into::into),
        };
        let lines = vec![line(Some("https://instagram.com/ash.primary")), line(None)];
        vec![
            page(lines, Some("/public/incident")),
            page(Vec::new(), None),
        ]
    }
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/official-accounts", Access::Open, every_school)
        .get("/official-accounts/{school}", Access::Open, one_school)
}

fn trust(identity: &Identity) -> Result<&TrustId, Problem> {
    let trust = identity.trust.as_ref();
    trust.ok_or_else(|| Problem::new(Kind::NotFound))
}

/// A page that shows nobody's name may be kept: where somebody has signed in, their name stands above it.
fn kept(identity: &Identity, mut response: Response) -> Response {
    if identity.actor.is_none() {
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, KEPT);
        headers.insert(header::VARY, HeaderValue::from_static("cookie"));
    }
    response
}

async fn every_school(State(app): State<App>, identity: Identity) -> Result<Response, Problem> {
    let mut reader = app.store()?.read(trust(&identity)?);
    let schools = schools::all(&mut reader).await?;
    if let [only] = schools.as_slice() {
        return Ok(Redirect::to(&format!("/official-accounts/{}", only.id)).into_response());
    }
    let page = SchoolsPage {
        trust: identity.trust_name.clone(),
        schools: schools
            .iter()
            .map(|school| (school.id.to_string(), school.details.name.clone()))
            .collect(),
    };
    Ok(kept(&identity, app.render(&page)?.into_response()))
}

async fn one_school(
    State(app): State<App>,
    identity: Identity,
    Path(id): Path<SchoolId>,
) -> Result<Response, Problem> {
    let (store, trust) = (app.store()?, trust(&identity)?);
    let mut reader = store.read(trust);
    let school = schools::find(&mut reader, &id).await?;
    let school = school.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let cases = cases::standing(&mut reader, (store, trust), REGISTER, Some(&id)).await?;
    let library = app.library();
    let mut accounts: Vec<Line> = cases
        .iter()
        .map(|case| {
            let account = Account::of(answer(case, "account"));
            let platform = library.platforms().get(&account.platform);
            Line {
                platform: platform
                    .map_or_else(|| "Elsewhere".to_owned(), |platform| platform.name.clone()),
                href: leads_to(&account.address),
                address: account.address,
                purpose: answer(case, "public_purpose").to_owned(),
            }
        })
        .collect();
    accounts.sort_by(|one, other| {
        (&one.platform, &one.address).cmp(&(&other.platform, &other.address))
    });
    let registers = app.registers();
    let public = registers.register(IMPOSTORS).is_some_and(cases::is_public);
    let page = PublicPage {
        school: school.details.name,
        accounts,
        today: day(app.today()),
        report: public.then(|| format!("/public/{IMPOSTORS}")),
    };
    Ok(kept(&identity, app.render(&page)?.into_response()))
}

/// The address as a link: only one that is an address of the web as it stands, or would be with its scheme.
fn leads_to(address: &str) -> Option<String> {
    if address.starts_with("https://") || address.starts_with("http://") {
        return Some(address.to_owned());
    }
    let is_address = !address.starts_with('@')
        && address.contains('.')
        && address.contains('/')
        && !address.contains(':');
    is_address.then(|| format!("https://{address}"))
}

#[cfg(test)]
mod tests {
    use super::leads_to;

    #[test]
    fn only_addresses_of_the_web_are_links() {
        assert_eq!(
            leads_to("instagram.com/elm").as_deref(),
            Some("https://instagram.com/elm")
        );
        assert_eq!(
            leads_to("https://x.com/elm").as_deref(),
            Some("https://x.com/elm")
        );
        for none in [
            "@elm.school",
            "elm",
            "javascript:alert(1)//a.b/",
            "data:text/html,a.b/c",
        ] {
            assert_eq!(leads_to(none), None, "{none}");
        }
    }
}
