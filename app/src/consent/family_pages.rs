//! What the pages of a parent or carer show.

use serde::{Deserialize, Serialize};

use super::said::{Extent, Said, Use};
use crate::web::form::{Choice, Hidden};
use crate::web::page::{Page, Section};

/// Whom every page is about.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct About {
    /// The link, in addresses.
    pub(super) link: String,
    pub(super) child: String,
    pub(super) school: String,
}

/// `consent/family/start.html`.
#[derive(Debug, Serialize)]
pub(crate) struct StartPage {
    pub(super) about: About,
    /// What they said before: for each use, and the limits.
    pub(super) said: Option<Vec<Row>>,
    /// Whether that is a no to everything.
    pub(super) no: bool,
    /// The last day on which what they said holds.
    pub(super) until: String,
    pub(super) expired: bool,
    /// Whether the school takes silence for agreement.
    pub(super) presumed: bool,
    /// What was done just now.
    pub(super) done: String,
}

/// An answer, in words.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Row {
    /// The question, in addresses.
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) says: String,
}

/// `consent/family/question.html`.
#[derive(Debug, Serialize)]
pub(crate) struct QuestionPage {
    pub(super) about: About,
    pub(super) name: &'static str,
    pub(super) question: &'static str,
    pub(super) hint: &'static str,
    pub(super) choices: Vec<Choice>,
    pub(super) value: &'static str,
    pub(super) error: &'static str,
    pub(super) action: String,
    pub(super) back: String,
    pub(super) hidden: Vec<Hidden>,
}

/// `consent/family/limits.html`.
#[derive(Debug, Serialize)]
pub(crate) struct LimitsPage {
    pub(super) about: About,
    pub(super) limits: String,
    pub(super) error: String,
    pub(super) back: String,
    pub(super) hidden: Vec<Hidden>,
}

/// `consent/family/check.html`.
#[derive(Debug, Serialize)]
pub(crate) struct CheckPage {
    pub(super) about: About,
    pub(super) rows: Vec<Row>,
    pub(super) hidden: Vec<Hidden>,
    pub(super) until: String,
}

/// `consent/family/withdraw.html`.
#[derive(Debug, Serialize)]
pub(crate) struct WithdrawPage {
    pub(super) about: About,
}

/// `consent/family/gone.html`.
#[derive(Debug, Serialize)]
pub(crate) struct GonePage {
    pub(super) trust: String,
}

impl About {
    fn sample() -> Self {
        Self {
            link: "l1.abc".into(),
            child: "Ama".into(),
            school: "Ash Primary".into(),
        }
    }
}

impl Page for StartPage {
    const TEMPLATE: &'static str = "consent/family/start.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        let page = |said: Option<Said>, done: &str, expired| Self {
            about: About::sample(),
            no: said.as_ref().is_some_and(Said::is_no),
            said: said.as_ref().map(rows),
            until: "20 November 2027".into(),
            expired,
            presumed: expired,
            done: done.into(),
        };
        let some = Said {
            website: Extent::Named,
            limits: "No swimming".into(),
            ..Said::no()
        };
        vec![
            page(None, "", false),
            page(None, "", true),
            page(Some(some.clone()), "sent", false),
            page(Some(some), "", true),
            page(Some(Said::no()), "withdrawn", false),
        ]
    }
}

impl Page for QuestionPage {
    const TEMPLATE: &'static str = "consent/family/question.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        let page = |error| Self {
            error,
            ..question(&About::sample(), Use::Social, &Chosen::default())
        };
        vec![page(""), page(CHOOSE)]
    }
}

impl Page for LimitsPage {
    const TEMPLATE: &'static str = "consent/family/limits.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        let page = |error: &str| Self {
            about: About::sample(),
            limits: "No swimming".into(),
            error: error.into(),
            back: "/pictures/l1.abc/press".into(),
            hidden: vec![Hidden::new("website", "no")],
        };
        vec![page(""), page("Too long")]
    }
}

impl Page for CheckPage {
    const TEMPLATE: &'static str = "consent/family/check.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        vec![Self {
            about: About::sample(),
            rows: rows(&Said::no()),
            hidden: vec![Hidden::new("website", "no")],
            until: "20 November 2027".into(),
        }]
    }
}

impl Page for WithdrawPage {
    const TEMPLATE: &'static str = "consent/family/withdraw.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        vec![Self {
            about: About::sample(),
        }]
    }
}

impl Page for GonePage {
    const TEMPLATE: &'static str = "consent/family/gone.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        vec![Self {
            trust: "Elm Trust".into(),
        }]
    }
}

pub(super) const CHOOSE: &str = "Choose what you agree to, or no";

/// The choices so far, as they stand in addresses and in forms.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    pub(super) website: String,
    pub(super) social: String,
    pub(super) press: String,
    pub(super) limits: String,
    /// The question that is to be answered anew.
    pub(super) change: String,
    pub(super) done: String,
}

impl Chosen {
    pub(super) fn of(&self, use_: Use) -> Option<Extent> {
        Extent::named(match use_ {
            Use::Website => &self.website,
            Use::Social => &self.social,
            Use::Press => &self.press,
        })
    }

    /// The first use that is not answered.
    pub(super) fn missing(&self) -> Option<Use> {
        Use::ALL.into_iter().find(|use_| self.of(*use_).is_none())
    }

    /// What was chosen for the uses: it names nobody, so it may stand in an address.
    pub(super) fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for use_ in Use::ALL {
            if let Some(extent) = self.of(use_) {
                query.append_pair(use_.name(), extent.name());
            }
        }
        query.finish()
    }

    pub(super) fn said(&self) -> Said {
        let mut said = Said::no();
        for use_ in Use::ALL {
            said.set(use_, self.of(use_).unwrap_or_default());
        }
        self.limits.trim().clone_into(&mut said.limits);
        said
    }

    /// Everything but one question, to be sent along.
    pub(super) fn hidden(&self, without: &str) -> Vec<Hidden> {
        let fields = [
            ("website", &self.website),
            ("social", &self.social),
            ("press", &self.press),
            ("limits", &self.limits),
        ];
        fields
            .into_iter()
            .filter(|(name, _)| *name != without)
            .map(|(name, value)| Hidden::new(name, value))
            .collect()
    }
}

pub(super) fn rows(said: &Said) -> Vec<Row> {
    let uses = Use::ALL.map(|use_| Row {
        name: use_.name(),
        label: use_.says(),
        says: said.of(use_).says().to_owned(),
    });
    let limits = Row {
        name: "limits",
        label: "Limits",
        says: match said.limits.trim() {
            "" => "None".to_owned(),
            limits => limits.to_owned(),
        },
    };
    uses.into_iter().chain([limits]).collect()
}

pub(super) fn question(about: &About, use_: Use, chosen: &Chosen) -> QuestionPage {
    let (question, hint) = match use_ {
        Use::Website => (
            "May pictures be used on the school’s website?",
            "Everybody can see it.",
        ),
        Use::Social => (
            "May pictures be used on the school’s social media?",
            "What is posted there can be copied and shared by others, and may be hard to take back.",
        ),
        Use::Press => (
            "May pictures be given to newspapers, radio or television?",
            "What they have printed or broadcast cannot be taken back.",
        ),
    };
    let at = Use::ALL.iter().position(|one| *one == use_).unwrap_or(0);
    let before = at.checked_sub(1).and_then(|at| Use::ALL.get(at));
    let back = match before {
        Some(before) => format!(
            "/pictures/{}/about/{}?{}",
            about.link,
            before.name(),
            chosen.query()
        ),
        None => format!("/pictures/{}", about.link),
    };
    QuestionPage {
        name: use_.name(),
        question,
        hint,
        choices: Extent::ALL
            .map(|extent| Choice::new(extent.name(), extent.says()))
            .into(),
        value: chosen.of(use_).map_or("", Extent::name),
        error: "",
        action: format!("/pictures/{}/about/{}", about.link, use_.name()),
        back,
        hidden: chosen.hidden(use_.name()),
        about: about.clone(),
    }
}

pub(super) fn limits_page(
    about: &About,
    chosen: &Chosen,
    limits: String,
    error: &str,
) -> LimitsPage {
    LimitsPage {
        limits,
        error: error.to_owned(),
        back: format!("/pictures/{}/about/press?{}", about.link, chosen.query()),
        hidden: chosen.hidden("limits"),
        about: about.clone(),
    }
}
