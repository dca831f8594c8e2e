//! The school at which the person who asks works: its policy is asked first, and its people stand
//! beside the roles that the policy names.

use policy::table::Table;
use policy::vocabulary::Vocabulary;

use crate::authority::Identity;
use crate::schools::{Contact, ContactRole, contacts, only_school_of, policy_on};
use crate::web::App;
use crate::web::problem::Problem;

/// The one school at which whoever has signed in works.
#[derive(Clone, Debug)]
pub(super) struct Here {
    /// Its name.
    pub(super) school: String,
    /// The policy that it follows today.
    policy: String,
    contacts: Vec<Contact>,
}

/// The most people that are named for one role.
const NAMED_AT_MOST: usize = 3;

impl Here {
    /// Nothing where nobody has signed in, or somebody of several schools, or of one that follows
    /// no policy that is here.
    pub(super) async fn of_request(app: &App) -> Result<Option<Self>, Problem> {
        let (Some(actor), Some(store)) = (Identity::current().actor, app.store_if_any()) else {
            return Ok(None);
        };
        let mut reader = store.read(&actor.trust);
        let Some(school) = only_school_of(&mut reader, &actor).await? else {
            return Ok(None);
        };
        let today = app.today();
        let following = policy_on(&mut reader, &school.id, today).await?;
        let Some(following) = following.filter(|one| app.library().table(&one.policy).is_some())
        else {
            return Ok(None);
        };
        Ok(Some(Self {
            contacts: contacts(&mut reader, &school.id, today).await?,
            policy: following.policy,
            school: school.details.name,
        }))
    }

    /// The policy's id.
    pub(super) fn policy(&self) -> &str {
        &self.policy
    }

    /// Whether the school follows this policy.
    pub(super) fn follows(&self, table: &Table) -> bool {
        self.policy == table.policy().id
    }

    /// The people whom a policy means by a role of the vocabulary, as `Ben Hale, Uma Sato`.
    pub(super) fn people(&self, vocabulary: &Vocabulary, role: &str) -> Option<String> {
        let meant = vocabulary.role(role).map(|role| &role.any_of);
        let meant = meant.filter(|any_of| !any_of.is_empty());
        let roles: Vec<ContactRole> = match meant {
            Some(any_of) => any_of
                .iter()
                .filter_map(|role| ContactRole::of_vocabulary(role))
                .collect(),
            None => ContactRole::of_vocabulary(role).into_iter().collect(),
        };
        let people = self
            .contacts
            .iter()
            .filter(|one| roles.contains(&one.details.role));
        let names: Vec<&str> = people
            .map(|one| one.details.name.as_str())
            .take(NAMED_AT_MOST)
            .collect();
        (!names.is_empty()).then(|| names.join(", "))
    }
}
