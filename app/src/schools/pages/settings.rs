//! What the trust has settled: its name, its host name, its nation, who may read.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::{Choice, Sent, sent};
use crate::authority::{Access, Action, Permit, Routes};
use crate::schools::faults::Faults;
use crate::schools::{Nation, Reading, Trust, TrustSettings, change_trust, trust};
use crate::web::App;
use crate::web::extract::{Form, Query};
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `schools/settings.html`.
#[derive(Debug, Serialize)]
pub(crate) struct SettingsPage {
    form: SettingsForm,
    nations: Vec<Choice>,
    readings: Vec<Choice>,
    saved: bool,
    demonstration: bool,
    faults: Faults,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct SettingsForm {
    name: String,
    host: String,
    nation: String,
    reading: String,
}

impl SettingsForm {
    fn of(settings: &TrustSettings) -> Self {
        Self {
            name: settings.name.clone(),
            host: settings.host.clone().unwrap_or_default(),
            nation: settings.nation.name().to_owned(),
            reading: settings.reading.name().to_owned(),
        }
    }

    fn read(&self) -> Result<TrustSettings, Faults> {
        let mut faults = Faults::default();
        let name = faults.text("name", &self.name, "Enter the trust’s name");
        let says = "Enter a host name like probity.example.org, without http:// and without a path";
        let host = faults.optional("host", &self.host, says, read_host);
        let nation = faults.need("nation", Nation::named(&self.nation), "Choose a nation");
        let reading = Reading::named(&self.reading);
        let reading = faults.need(
            "reading",
            reading,
            "Choose who may ask and read the policies",
        );
        match (name, nation, reading) {
            (Some(name), Some(nation), Some(reading)) if faults.none() => Ok(TrustSettings {
                name,
                host,
                nation,
                reading,
            }),
            _ => Err(faults),
        }
    }
}

/// A host name as browsers send it: in lower case, with the port where it is not the usual one.
fn read_host(text: &str) -> Option<String> {
    let host = text.to_lowercase();
    let (name, port) = host.split_once(':').unwrap_or((&host, "80"));
    let letters = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let right = name.len() <= 253 && name.split('.').all(letters) && port.parse::<u16>().is_ok();
    right.then_some(host)
}

impl Page for SettingsPage {
    const TEMPLATE: &'static str = "schools/settings.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let faults = SettingsForm::default().read().err().unwrap_or_default();
        let mut after = Self::new(SettingsForm::default(), Faults::default(), true);
        after.saved = true;
        vec![after, Self::new(SettingsForm::default(), faults, false)]
    }
}

impl SettingsPage {
    fn new(form: SettingsForm, faults: Faults, demonstration: bool) -> Self {
        let nation = |nation: &Nation| Choice::new(nation.name(), nation.label());
        let reading = |reading: &Reading| Choice::new(reading.name(), reading.label());
        Self {
            form,
            nations: Nation::ALL.iter().map(nation).collect(),
            readings: Reading::ALL.iter().map(reading).collect(),
            saved: false,
            demonstration,
            faults,
        }
    }
}

pub(super) fn routes() -> Routes {
    let access = Access::MayEverywhere(Action::ManageSettings);
    Routes::new()
        .get("/trust", access, show)
        .post("/trust", access, save)
}

#[derive(Deserialize)]
struct After {
    done: Option<String>,
}

async fn show(
    State(app): State<App>,
    permit: Permit,
    Query(after): Query<After>,
) -> Result<Html<String>, Problem> {
    let Trust {
        settings,
        demonstration,
        ..
    } = trust(&mut app.store()?.read(&permit.actor().trust)).await?;
    let mut page = SettingsPage::new(
        SettingsForm::of(&settings),
        Faults::default(),
        demonstration,
    );
    page.saved = after.done.is_some();
    app.render(&page)
}

async fn save(
    State(app): State<App>,
    permit: Permit,
    Form(form): Form<SettingsForm>,
) -> Result<Response, Problem> {
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    let demonstration = trust(&mut tx).await?.demonstration;
    let again = |form, faults| app.render(&SettingsPage::new(form, faults, demonstration));
    let settings = match form.read() {
        Ok(settings) => settings,
        Err(faults) => return Ok(again(form, faults)?.into_response()),
    };
    match sent(change_trust(&mut tx, &permit, settings).await)? {
        Sent::Again(faults) => Ok(again(form, faults)?.into_response()),
        Sent::Done(()) => {
            tx.commit().await?;
            Ok(Redirect::to("/trust?done=saved").into_response())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read_host;

    #[test]
    fn a_host_name_is_what_browsers_send() {
        assert_eq!(
            read_host("Probity.Example.org").as_deref(),
            Some("probity.example.org")
        );
        assert_eq!(
            read_host("127.0.0.1:8080").as_deref(),
            Some("127.0.0.1:8080")
        );
        for wrong in [
            "http://a.example",
            "a.example/x",
            "a b",
            "a..b",
            "a:port",
            "é.example",
        ] {
            assert!(read_host(wrong).is_none(), "{wrong}");
        }
    }
}
