//! The first run: a trust, its first school, an administrator, and the demonstration if wanted;
//! all of it or nothing, and once.

mod code;
mod form;
mod pages;
mod plan;
#[cfg(test)]
mod tests;

pub(crate) use code::SetupCode;
pub(crate) use pages::routes;
#[cfg(test)]
pub(crate) use pages::{CheckPage, DonePage, StepPage};
pub(crate) use plan::{Administrator, FirstSchool, Plan};

use jiff::SignedDuration;
use policy::library::Library;

use crate::authority::{Action, Actor, Denied, Permit, Role};
use crate::cases::Engine;
use crate::demonstration::{self, DemonstrationError};
use crate::ledger::LedgerError;
use crate::people::{self, Details, NewPerson, NewRole, PeopleError};
use crate::schools::{self, SchoolsError};
use crate::sign_in::{LinkKind, make_link};
use crate::store::{PersonId, Query as _, Store, StoreError, TrustId, Tx};
use crate::values;

/// How long the administrator's first link works.
const LINK_WORKS: SignedDuration = SignedDuration::from_hours(24);

/// What has been set up.
#[derive(Clone, Debug)]
pub(crate) struct Ready {
    /// The path of the link with which the administrator signs in for the first time. A real one
    /// chooses a password there, the demonstration's has none.
    pub(crate) link: String,
}

/// Why nothing was set up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SetupError {
    /// A trust is there already.
    #[error("this installation is set up already. Sign in as its administrator to change it")]
    Already,
    /// There is no such policy.
    #[error("there is no policy '{0}'")]
    NoPolicy(String),
    /// Without an administrator nobody could sign in.
    #[error("say who the administrator is, or load the demonstration, which brings one")]
    NoAdministrator,
    /// The demonstration could not be loaded.
    #[error(transparent)]
    Demonstration(#[from] DemonstrationError),
    /// A school or the trust was refused.
    #[error(transparent)]
    Schools(#[from] SchoolsError),
    /// The administrator was refused.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// The operator may do everything.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// Whether there is a trust.
pub(crate) async fn is_set_up(store: &Store) -> Result<bool, StoreError> {
    let mut installation = store.installation();
    let sql = "SELECT COUNT(*) AS n FROM trust";
    Ok(installation.count(sql, values![]).await? > 0)
}

/// Sets the installation up, in one transaction.
pub(crate) async fn set_up(
    store: &Store,
    engine: &Engine,
    plan: &Plan,
) -> Result<Ready, SetupError> {
    if is_set_up(store).await? {
        return Err(SetupError::Already);
    }
    let trust: TrustId = {
        let tx = store.begin_installation().await?;
        tx.fresh()?
    };
    let mut tx = store.begin(&trust).await?;
    let operator = Actor::operator(trust);
    let settings = permit(&operator, Action::ManageSettings)?;
    schools::add_trust(&mut tx, &settings, plan.trust.clone()).await?;
    claim(&mut tx).await?;
    if let Some(first) = &plan.school {
        first_school(&mut tx, &operator, &engine.library(), first).await?;
    }
    let administrator = match &plan.administrator {
        Some(one) => Some(administrator(&mut tx, &operator, one).await?),
        None => None,
    };
    if plan.demonstration {
        let beside_real_people = administrator.is_some();
        demonstration::load(&mut tx, &operator, engine, beside_real_people).await?;
    }
    let (administrator, kind) = match administrator {
        Some(person) => (person, LinkKind::Invitation),
        None => (invented_administrator(&mut tx).await?, LinkKind::OneTime),
    };
    let link = make_link(&mut tx, &operator, &administrator, kind, LINK_WORKS).await?;
    tx.commit().await?;
    Ok(Ready { link })
}

fn permit(operator: &Actor, action: Action) -> Result<Permit, Denied> {
    operator.permit(action).ok_or(Denied)
}

/// Two who set up at the same moment both find no trust; only one of them can enter this.
async fn claim(tx: &mut Tx) -> Result<(), SetupError> {
    let claimed = tx
        .execute(
            "INSERT INTO installation (name, value) \
             SELECT 'set-up', $2 FROM trust WHERE trust = $1",
            values![Vec::new()],
        )
        .await;
    match claimed {
        Err(StoreError::Taken(_)) => Err(SetupError::Already),
        other => Ok(other.map(|_| ())?),
    }
}

async fn first_school(
    tx: &mut Tx,
    operator: &Actor,
    library: &Library,
    first: &FirstSchool,
) -> Result<(), SetupError> {
    let missing = || SetupError::NoPolicy(first.policy.clone());
    let policy = library.table(&first.policy).ok_or_else(missing)?.policy();
    let manage = permit(operator, Action::ManageSchools)?;
    let school = schools::add(tx, &manage, first.details.clone(), false).await?;
    let today = tx.store().clock().today();
    let adopt = permit(operator, Action::AdoptPolicy)?;
    schools::adopt(tx, &adopt, &school.id, policy, today).await?;
    Ok(())
}

async fn administrator(
    tx: &mut Tx,
    operator: &Actor,
    one: &Administrator,
) -> Result<PersonId, SetupError> {
    let new = NewPerson {
        details: Details {
            given_name: one.given_name.clone(),
            family_name: one.family_name.clone(),
            known_as: None,
            email: Some(one.email.clone()),
            contract: None,
            line_manager: None,
            starts_on: None,
        },
        ends_on: None,
        role: NewRole {
            role: Role::TrustAdministrator,
            school: None,
            starts_on: None,
            ends_on: None,
        },
        demonstration: false,
    };
    let manage = permit(operator, Action::ManagePeople)?;
    Ok(people::add(tx, &manage, new).await?.id)
}

async fn invented_administrator(tx: &mut Tx) -> Result<PersonId, SetupError> {
    let holders = demonstration::holders(tx).await?;
    let mut holders = holders.into_iter();
    let found = holders.find(|holder| holder.role == Role::TrustAdministrator);
    found
        .map(|holder| holder.person)
        .ok_or(SetupError::NoAdministrator)
}
