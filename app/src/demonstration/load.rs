//! Loading the demonstration: schools first, then their people.

use jiff::ToSpan as _;
use jiff::civil::Date;
use policy::library::Library;

use super::DemonstrationError;
use super::invented::{self, Invented, SCHOOLS, TRUST_DOMAIN};
use super::names::Names;
use crate::authority::{Action, Actor, Denied, Permit, Role};
use crate::cases::Engine;
use crate::consent;
use crate::messages;
use crate::people::{self, Contract, Details, NewDelegation, NewPerson, NewRole, Person};
use crate::pupils::{self, GuardianDetails, NewPupil, Pupil, PupilDetails};
use crate::schools::calendar::{SchoolCalendar, keep_calendar};
use crate::schools::{self, School};
use crate::store::{PersonId, Query as _, Tx};
use crate::values;

/// What the names are drawn from.
const SEED: u64 = 20_261_120;
/// Staff of each school besides those with a role of their own.
const TEACHERS: [Contract; 8] = [
    Contract::Permanent,
    Contract::Permanent,
    Contract::Permanent,
    Contract::FixedTerm,
    Contract::Temporary,
    Contract::Supply,
    Contract::Trainee,
    Contract::Volunteer,
];
/// The policy of the school whose head is away.
const AWAY: &str = "yes";
/// Pupils of each school.
const PUPILS: usize = 30;

/// The roles that somebody holds at each school, each after the one who leads them.
const ROLES: [(Role, Option<Role>); 10] = [
    (Role::Head, None),
    (Role::SeniorLeader, Some(Role::Head)),
    (Role::SafeguardingLead, Some(Role::Head)),
    (Role::LineManager, Some(Role::SeniorLeader)),
    (Role::Hr, Some(Role::Head)),
    (Role::It, Some(Role::SeniorLeader)),
    (Role::Publisher, Some(Role::SeniorLeader)),
    (Role::ChairOfGovernors, None),
    (Role::Governor, None),
    (Role::DataProtectionOfficer, None),
];

/// Loads the demonstration into a trust. Beside real people it is loaded only where whoever asked
/// for it was told so.
pub(crate) async fn load(
    tx: &mut Tx,
    actor: &Actor,
    engine: &Engine,
    beside_real_people: bool,
) -> Result<(), DemonstrationError> {
    let settings = permit(actor, Action::ManageSettings)?;
    if schools::trust(tx).await?.demonstration {
        return Err(DemonstrationError::Loaded);
    }
    let real = tx
        .count(
            "SELECT COUNT(*) AS n FROM person WHERE trust = $1 AND demonstration = 0",
            values![],
        )
        .await?;
    if real > 0 && !beside_real_people {
        return Err(DemonstrationError::RealPeople);
    }
    schools::mark_demonstration(tx, &settings, true).await?;
    let mut loading = Loading::new(tx, actor)?;
    loading.trust_people().await?;
    for invented in &SCHOOLS {
        let school = loading.school(invented, &engine.library()).await?;
        loading.people(invented, &school).await?;
        let pupils = loading.pupils(invented, &school).await?;
        consent::demonstrate(loading.tx, engine, actor, &pupils).await?;
    }
    Ok(())
}

fn permit(actor: &Actor, action: Action) -> Result<Permit, DemonstrationError> {
    let permit = actor.permit(action);
    permit.ok_or(DemonstrationError::Denied(Denied))
}

struct Loading<'t> {
    tx: &'t mut Tx,
    names: Names,
    manage_people: Permit,
    manage_schools: Permit,
    manage_pupils: Permit,
    adopt: Permit,
    today: Date,
}

impl<'t> Loading<'t> {
    fn new(tx: &'t mut Tx, actor: &Actor) -> Result<Self, DemonstrationError> {
        let today = tx.store().clock().today();
        Ok(Self {
            tx,
            names: Names::new(SEED),
            manage_people: permit(actor, Action::ManagePeople)?,
            manage_schools: permit(actor, Action::ManageSchools)?,
            manage_pupils: permit(actor, Action::ManagePupils)?,
            adopt: permit(actor, Action::AdoptPolicy)?,
            today,
        })
    }

    async fn school(
        &mut self,
        invented: &Invented,
        library: &Library,
    ) -> Result<School, DemonstrationError> {
        let permit = &self.manage_schools;
        let school = schools::add(self.tx, permit, invented.details(), true).await?;
        let (terms, closed) = invented::days(self.today);
        let nation = school.details.nation;
        let calendar = SchoolCalendar::new(nation, terms, closed, invented::week())?;
        keep_calendar(self.tx, permit, &school.id, &calendar).await?;
        schools::add_contact(self.tx, permit, &school.id, invented.lado()).await?;
        let table = library.table(invented.policy);
        let policy = table.ok_or(DemonstrationError::NoPolicy(invented.policy))?;
        let since = invented::year_begins(self.today);
        schools::adopt(self.tx, &self.adopt, &school.id, policy.policy(), since).await?;
        Ok(school)
    }

    async fn trust_people(&mut self) -> Result<(), DemonstrationError> {
        for role in [
            Role::TrustAdministrator,
            Role::DataProtectionOfficer,
            Role::Hr,
        ] {
            self.person(TRUST_DOMAIN, (role, Contract::Permanent), None, None)
                .await?;
        }
        Ok(())
    }

    async fn people(
        &mut self,
        invented: &Invented,
        school: &School,
    ) -> Result<(), DemonstrationError> {
        let mut leaders: Vec<(Role, PersonId)> = Vec::new();
        let domain = invented.domain;
        let led_by = |leaders: &[(Role, PersonId)], by: Option<Role>| {
            let found = leaders.iter().find(|(role, _)| Some(*role) == by);
            found.map(|(_, person)| person.clone())
        };
        for (role, by) in ROLES {
            let manager = led_by(&leaders, by);
            let contract = match role {
                Role::ChairOfGovernors | Role::Governor => Contract::Office,
                Role::DataProtectionOfficer => Contract::Contractor,
                _ => Contract::Permanent,
            };
            let person = self
                .person(domain, (role, contract), Some(school), manager)
                .await?;
            leaders.push((role, person.id));
        }
        let manager = led_by(&leaders, Some(Role::LineManager));
        if invented.policy == AWAY {
            self.hand_over(school, &leaders).await?;
        }
        for contract in TEACHERS {
            let as_staff = (Role::Staff, contract);
            self.person(domain, as_staff, Some(school), manager.clone())
                .await?;
        }
        Ok(())
    }

    /// The head is away for a fortnight; the senior leader holds their roles.
    async fn hand_over(
        &mut self,
        school: &School,
        leaders: &[(Role, PersonId)],
    ) -> Result<(), DemonstrationError> {
        let holding = |role| leaders.iter().find(|(held, _)| *held == role);
        let (Some((_, head)), Some((_, deputy))) =
            (holding(Role::Head), holding(Role::SeniorLeader))
        else {
            return Ok(());
        };
        // People hand over their own roles alone, so the head does it here.
        let head = Actor {
            person: Some(head.clone()),
            ..self.manage_people.actor().clone()
        };
        let new = NewDelegation {
            delegate: deputy.clone(),
            school: school.id.clone(),
            starts_on: self.today,
            ends_on: self.today.saturating_add(13.days()),
        };
        let permit = permit(&head, Action::Delegate)?;
        people::delegate(self.tx, &permit, new).await?;
        Ok(())
    }

    async fn pupils(
        &mut self,
        invented: &Invented,
        school: &School,
    ) -> Result<Vec<Pupil>, DemonstrationError> {
        let mut added = Vec::new();
        for number in 0..PUPILS {
            let (given, family) = self.names.next()?;
            let year = self.names.below(invented.years.len())?;
            let new = NewPupil {
                details: PupilDetails {
                    school: school.id.clone(),
                    given_name: given.parse()?,
                    family_name: family.parse()?,
                    known_as: None,
                    year: invented.years.get(year).map(|year| (*year).to_owned()),
                    class: None,
                    born: None,
                },
                demonstration: true,
            };
            let pupil = pupils::add(self.tx, &self.manage_pupils, new).await?;
            // One parent or two, in turn.
            for _ in 0..=number % 2 {
                let given = self.names.given()?;
                let email = format!("{given}.{family}@families.example").to_lowercase();
                let details = GuardianDetails {
                    given_name: given.parse()?,
                    family_name: family.parse()?,
                    email: email.parse().ok(),
                    phone: None,
                };
                pupils::add_guardian(self.tx, &self.manage_pupils, &pupil.id, details).await?;
            }
            added.push(pupil);
        }
        Ok(added)
    }

    async fn person(
        &mut self,
        domain: &str,
        (role, contract): (Role, Contract),
        school: Option<&School>,
        line_manager: Option<PersonId>,
    ) -> Result<Person, DemonstrationError> {
        let (given, family) = self.names.next()?;
        let email = format!("{given}.{family}@{domain}").to_lowercase();
        let new = NewPerson {
            details: Details {
                given_name: given.parse()?,
                family_name: family.parse()?,
                known_as: None,
                email: email.parse().ok(),
                contract: Some(contract),
                line_manager,
                starts_on: Some(invented::year_begins(self.today)),
            },
            ends_on: None,
            role: NewRole {
                role,
                school: school.map(|school| school.id.clone()),
                starts_on: None,
                ends_on: None,
            },
            demonstration: true,
        };
        let person = people::add(self.tx, &self.manage_people, new).await?;
        messages::send(self.tx, &person.id, &invented::welcome()).await?;
        Ok(person)
    }
}
