//! The school whose policy and roll a draft is checked by.

use screen::{Draft, Known};

use super::roll;
use crate::authority::Actor;
use crate::schools::{self, School};
use crate::web::App;
use crate::web::problem::{Kind, Problem};

/// The longest draft, in characters of all its parts together: longer than any platform takes.
pub(crate) const LONGEST: usize = 20_000;

/// The school whose policy and roll a draft is checked by, and the others to choose from.
pub(crate) struct Desk {
    pub(super) schools: Vec<School>,
    /// The one that was named, else the first; nothing for whoever works at none.
    pub(crate) at: Option<School>,
    /// The policy that it follows today, where it is in force here.
    pub(crate) policy: Option<String>,
}

impl Desk {
    /// For one of the schools at which somebody works; for any, where they work for the whole trust.
    ///
    /// # Errors
    /// Not found where they do not work at the school that is named, or there is no such school.
    pub(crate) async fn of(app: &App, actor: &Actor, school: &str) -> Result<Self, Problem> {
        let mut reader = app.store()?.read(&actor.trust);
        let today = app.today();
        let mut schools = schools::all(&mut reader).await?;
        let everywhere = actor.roles.iter().any(|held| held.school.is_none());
        schools.retain(|one| {
            let works = actor
                .roles
                .iter()
                .any(|held| held.school.as_ref() == Some(&one.id));
            one.is_open(today) && (everywhere || works)
        });
        let at = match school.is_empty() {
            true => schools.first().cloned(),
            false => {
                let named = schools.iter().find(|one| one.id.as_str() == school);
                Some(named.cloned().ok_or_else(|| Problem::new(Kind::NotFound))?)
            }
        };
        let mut policy = None;
        if let Some(at) = &at {
            let following = schools::policy_on(&mut reader, &at.id, today).await?;
            policy = following.map(|following| following.policy);
        }
        let policy = policy.filter(|id| app.library().table(id).is_some());
        Ok(Self {
            schools,
            at,
            policy,
        })
    }

    /// What the school knows that drafts are compared with.
    ///
    /// # Errors
    /// Where the store fails.
    pub(crate) async fn known(app: &App, actor: &Actor, school: &School) -> Result<Known, Problem> {
        let store = app.store()?;
        let mut reader = store.read(&actor.trust);
        roll::known(&mut reader, (store, &actor.trust), school, app.today()).await
    }
}

/// How many characters all parts of a draft have together.
pub(crate) fn length(draft: &Draft) -> usize {
    draft.parts().map(|(_, words)| words.chars().count()).sum()
}
