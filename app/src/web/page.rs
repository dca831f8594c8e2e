//! Pages: a type for each template's context, and the one door through which all are rendered.

use axum::response::Html;
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::App;
use super::problem::Problem;
use super::templates::TemplateError;
use crate::administration;
use crate::authority::{Actor, Identity};

/// What one template shows. The template finds it under the name `page`.
pub trait Page: Serialize {
    /// The template's path below `templates/`.
    const TEMPLATE: &'static str;
    /// The entry of the navigation that this page belongs to.
    const SECTION: Option<Section>;

    /// Contexts that between them reach every branch of the template: tests render them all.
    fn samples() -> Vec<Self>
    where
        Self: Sized;
}

/// The entries of the navigation at the top of every page.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Section {
    /// Ask before you act.
    Ask,
    /// The policies, to read.
    Policies,
    /// Two policies side by side.
    Compare,
    /// The platforms.
    Platforms,
    /// What waits for the person, and what they have.
    Home,
    /// Looking after schools, people and the installation.
    Administration,
}

impl Section {
    /// All entries, in the order in which they stand.
    pub const ALL: [Self; 6] = [
        Self::Home,
        Self::Ask,
        Self::Policies,
        Self::Compare,
        Self::Platforms,
        Self::Administration,
    ];

    /// Whether it is shown to whoever is asking.
    fn shown(self, actor: Option<&Actor>) -> bool {
        match self {
            Self::Ask | Self::Policies | Self::Compare | Self::Platforms => true,
            Self::Home => actor.is_some(),
            Self::Administration => actor.is_some_and(administration::concerns),
        }
    }

    fn href(self) -> &'static str {
        match self {
            Self::Ask => "/",
            Self::Policies => "/policies",
            Self::Compare => "/compare",
            Self::Platforms => "/platforms",
            Self::Home => "/home",
            Self::Administration => "/administration",
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Ask => "Ask",
            Self::Policies => "Policies",
            Self::Compare => "Compare",
            Self::Platforms => "Platforms",
            Self::Home => "Home",
            Self::Administration => "Administration",
        }
    }
}

/// An entry as the layout shows it.
#[derive(Serialize)]
struct NavigationItem {
    href: &'static str,
    text: &'static str,
    active: bool,
}

/// Whose site it is and who has signed in, as the layout shows it.
#[derive(Serialize)]
struct Account {
    /// The person's name; none where nobody has signed in.
    name: Option<String>,
    trust: String,
    demonstration: bool,
}

impl App {
    /// Renders a page. A template that fails is a fault of ours: it is logged, and the person is
    /// told so.
    pub fn render<P: Page>(&self, page: &P) -> Result<Html<String>, Problem> {
        self.html(page)
            .map(Html)
            .map_err(|error| Problem::internal(&error))
    }

    fn html<P: Page>(&self, page: &P) -> Result<String, TemplateError> {
        let identity = Identity::current();
        let sections = Section::ALL.into_iter();
        let navigation: Vec<_> = sections
            .filter(|section| section.shown(identity.actor.as_ref()))
            .map(|section| NavigationItem {
                href: section.href(),
                text: section.text(),
                active: P::SECTION == Some(section),
            })
            .collect();
        // Before the installation is set up, and without a store, there is nothing to sign in to.
        let account = identity.trust.as_ref().map(|_| Account {
            name: identity.actor.map(|actor| actor.name),
            trust: identity.trust_name,
            demonstration: identity.demonstration,
        });
        let context = context! {
            page => Value::from(Serde(page)),
            navigation => Value::from(Serde(&navigation)),
            account => Value::from(Serde(&account)),
            set_up_first => identity.trust.is_none() && self.setup_code().is_some(),
        };
        self.templates.render(P::TEMPLATE, context)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::templates::Templates;
    use super::super::{about, form, problem};
    use super::{App, Page};
    use crate::administration::AdministrationPage;
    use crate::schools::pages as schools;
    use crate::{
        accounts, api, ask, attestation, audit, cases, compare, consent, credentials,
        document_control, export, home, jobs, messages, overview, people, personnel, platforms,
        policies, posts, pupils, quiz, retention, roster, screening, setup, sign_in,
        subject_access, tokens, training,
    };

    fn check<P: Page>(app: &App) -> &'static str {
        let samples = P::samples();
        assert!(!samples.is_empty(), "{} has no sample", P::TEMPLATE);
        for sample in &samples {
            let html = app
                .html(sample)
                .unwrap_or_else(|error| panic!("{}: {error}", P::TEMPLATE));
            assert!(
                html.starts_with("<!DOCTYPE html>"),
                "{} misses the layout",
                P::TEMPLATE
            );
            assert!(
                !html.contains("style=") && !html.contains("<style"),
                "{}",
                P::TEMPLATE
            );
            assert!(
                !html.contains("<script>"),
                "{} has a script inside",
                P::TEMPLATE
            );
        }
        P::TEMPLATE
    }

    #[test]
    fn every_template_renders_strictly_with_its_samples() {
        let app = App::sample();
        let checked = BTreeSet::from([
            check::<AdministrationPage>(&app),
            check::<tokens::TokensPage>(&app),
            check::<tokens::NewPage>(&app),
            check::<tokens::IssuedPage>(&app),
            check::<tokens::RevokePage>(&app),
            check::<ask::SchoolPage>(&app),
            check::<ask::ActPage>(&app),
            check::<ask::AnswerPage>(&app),
            check::<ask::QuestionPage>(&app),
            check::<ask::UnderstoodPage>(&app),
            check::<cases::CalendarPage>(&app),
            check::<cases::RevokeCalendarPage>(&app),
            check::<cases::import::CaseImportPage>(&app),
            check::<cases::import::CaseImportPreviewPage>(&app),
            check::<cases::import::CaseImportedPage>(&app),
            check::<cases::import::ChooseImportPage>(&app),
            check::<people::ChoosePage>(&app),
            check::<people::ListPage>(&app),
            check::<people::MePage>(&app),
            check::<people::PersonPage>(&app),
            check::<personnel::FilePage>(&app),
            check::<retention::RetentionPage>(&app),
            check::<retention::ConfirmPage>(&app),
            check::<subject_access::AccessListPage>(&app),
            check::<subject_access::CollectionPage>(&app),
            check::<subject_access::ItemPage>(&app),
            check::<subject_access::AccessCheckPage>(&app),
            check::<subject_access::ErasurePage>(&app),
            check::<overview::OverviewPage>(&app),
            check::<overview::SchoolsPage>(&app),
            check::<overview::FiguresPage>(&app),
            check::<form::FormPage>(&app),
            check::<platforms::PlatformsPage>(&app),
            check::<pupils::ListPage>(&app),
            check::<pupils::PupilPage>(&app),
            check::<policies::ShelfPage>(&app),
            check::<policies::ReadPage>(&app),
            check::<policies::InductionPage>(&app),
            check::<policies::OwnerPage>(&app),
            check::<document_control::ControlPage>(&app),
            check::<document_control::AttachPage>(&app),
            check::<cases::SettingsListPage>(&app),
            check::<cases::SettingsPage>(&app),
            check::<cases::RegistersPage>(&app),
            check::<cases::SchoolPage>(&app),
            check::<cases::StartPage>(&app),
            check::<cases::QuestionPage>(&app),
            check::<cases::CheckPage>(&app),
            check::<cases::DiscardPage>(&app),
            check::<cases::DonePage>(&app),
            check::<cases::PublicPage>(&app),
            check::<cases::PublicFormPage>(&app),
            check::<cases::SentPage>(&app),
            check::<cases::ReceiptPage>(&app),
            check::<cases::CasePage>(&app),
            check::<cases::ListPage>(&app),
            check::<cases::SearchPage>(&app),
            check::<cases::StepPage>(&app),
            check::<compare::ChoosePage>(&app),
            check::<compare::SideBySidePage>(&app),
            check::<api::ApiPage>(&app),
            check::<attestation::SchoolsPage>(&app),
            check::<attestation::RoundPage>(&app),
            check::<credentials::LogInPage>(&app),
            check::<credentials::OpenPage>(&app),
            check::<credentials::ShownPage>(&app),
            check::<credentials::SchoolPage>(&app),
            check::<consent::ListPage>(&app),
            check::<consent::PupilConsentPage>(&app),
            check::<consent::RoundsPage>(&app),
            check::<consent::AskedPage>(&app),
            check::<consent::LettersPage>(&app),
            check::<consent::StartPage>(&app),
            check::<consent::QuestionPage>(&app),
            check::<consent::LimitsPage>(&app),
            check::<consent::CheckPage>(&app),
            check::<consent::WithdrawPage>(&app),
            check::<consent::GonePage>(&app),
            check::<accounts::ListPage>(&app),
            check::<accounts::AccountPage>(&app),
            check::<accounts::PublicPage>(&app),
            check::<accounts::SchoolsPage>(&app),
            check::<posts::CalendarPage>(&app),
            check::<posts::EditorPage>(&app),
            check::<posts::FacesPage>(&app),
            check::<posts::PicturesPage>(&app),
            check::<posts::PostPage>(&app),
            check::<posts::PublishedPage>(&app),
            check::<posts::PupilsPage>(&app),
            check::<posts::RepliesPage>(&app),
            check::<posts::SendingPage>(&app),
            check::<posts::StopPage>(&app),
            check::<training::SchoolsPage>(&app),
            check::<training::CoveragePage>(&app),
            check::<home::HomePage>(&app),
            check::<home::WorkloadPage>(&app),
            check::<quiz::QuizPage>(&app),
            check::<quiz::MarkedPage>(&app),
            check::<screening::CheckPostPage>(&app),
            check::<messages::PreferencePage>(&app),
            check::<jobs::ListPage>(&app),
            check::<jobs::JobPage>(&app),
            check::<jobs::DiscardPage>(&app),
            check::<problem::ProblemPage>(&app),
            check::<audit::AuditPage>(&app),
            check::<audit::EventPage>(&app),
            check::<export::ExportPage>(&app),
            check::<roster::ChangesPage>(&app),
            check::<roster::ColumnsPage>(&app),
            check::<roster::ImportPage>(&app),
            check::<roster::SamePeoplePage>(&app),
            check::<roster::StartPage>(&app),
            check::<roster::UndoPage>(&app),
            check::<about::AccessibilityPage>(&app),
            check::<about::LicencesPage>(&app),
            check::<about::ProblemsPage>(&app),
            check::<sign_in::SignInPage>(&app),
            check::<sign_in::ForgotPage>(&app),
            check::<sign_in::SettingsPage>(&app),
            check::<sign_in::StrangerPage>(&app),
            check::<sign_in::ProviderPage>(&app),
            check::<sign_in::LinkPage>(&app),
            check::<sign_in::AgainPage>(&app),
            check::<sign_in::CodePage>(&app),
            check::<sign_in::DeskPage>(&app),
            check::<sign_in::HandedOverPage>(&app),
            check::<sign_in::MePage>(&app),
            check::<sign_in::PasswordPage>(&app),
            check::<sign_in::RecoveryCodesPage>(&app),
            check::<sign_in::SecondFactorPage>(&app),
            check::<sign_in::SecondStepPage>(&app),
            check::<sign_in::SessionsPage>(&app),
            check::<schools::SchoolsPage>(&app),
            check::<schools::OneSchoolPage>(&app),
            check::<schools::SchoolFormPage>(&app),
            check::<schools::ClosePage>(&app),
            check::<schools::ContactsPage>(&app),
            check::<schools::ContactAddPage>(&app),
            check::<schools::ContactRemovePage>(&app),
            check::<schools::CalendarPage>(&app),
            check::<schools::CalendarCheckPage>(&app),
            check::<schools::DayPage>(&app),
            check::<schools::AdoptPage>(&app),
            check::<schools::AdoptCheckPage>(&app),
            check::<schools::WithdrawPage>(&app),
            check::<schools::SettingsPage>(&app),
            check::<setup::StepPage>(&app),
            check::<setup::CheckPage>(&app),
            check::<setup::DonePage>(&app),
        ]);
        assert_eq!(checked, Templates::pages().collect());
    }
}
