//! `probity user add`: a person with their first role.

use std::error::Error;

use clap::Args;

use super::{Desk, Where};
use crate::authority::{Action, Denied, Role};
use crate::people::{self, Contract, Details, Email, Name, NewPerson, NewRole};
use crate::schools::{self, School, Urn};
use crate::store::SchoolId;

/// Add a person with their first role
///
/// They sign in once they have chosen a password: `probity user invite` prints the link.
#[derive(Debug, Args)]
pub(super) struct Add {
    /// Their e-mail address
    email: Email,

    /// Their given name
    #[arg(long, value_name = "NAME")]
    given_name: Name,

    /// Their family name
    #[arg(long, value_name = "NAME")]
    family_name: Name,

    /// Their first role, as in staff, head, it or trust-administrator
    #[arg(long, value_name = "ROLE", default_value = "staff", value_parser = role)]
    role: Role,

    /// On what terms they work, as in permanent, fixed-term, supply or volunteer; it is only counted
    #[arg(long, value_name = "CONTRACT", value_parser = contract)]
    contract: Option<Contract>,

    /// The school where they hold it, by its name, URN or identifier; without one, they hold it
    /// for the whole trust
    #[arg(long, value_name = "SCHOOL")]
    school: Option<String>,

    #[command(flatten)]
    at: Where,
}

fn role(text: &str) -> Result<Role, String> {
    Role::named(text).ok_or_else(|| {
        let names = Role::ALL.map(Role::name).join(", ");
        format!("there is no such role; there are {names}")
    })
}

fn contract(text: &str) -> Result<Contract, String> {
    Contract::named(text).ok_or_else(|| {
        let names = Contract::ALL.map(Contract::name).join(", ");
        format!("there is no such contract type; there are {names}")
    })
}

impl Add {
    pub(super) async fn run(self) -> Result<(), Box<dyn Error>> {
        let desk = self.at.open().await?;
        let school = match &self.school {
            Some(named) => Some(school(&desk, named).await?),
            // Nobody works for a trust at no school by a slip.
            None if self.role == Role::Staff => {
                return Err("name the school where they work with --school".into());
            }
            None => None,
        };
        let email = self.email.as_str().to_owned();
        let new = NewPerson {
            details: Details {
                given_name: self.given_name,
                family_name: self.family_name,
                known_as: None,
                email: Some(self.email),
                contract: self.contract,
                line_manager: None,
                starts_on: None,
            },
            ends_on: None,
            role: NewRole {
                role: self.role,
                school,
                starts_on: None,
                ends_on: None,
            },
            demonstration: false,
        };
        let permit = desk.operator().permit(Action::ManagePeople).ok_or(Denied)?;
        let mut tx = desk.store.begin(&desk.trust).await?;
        let person = people::add(&mut tx, &permit, new).await?;
        tx.commit().await?;
        println!(
            "{} is added. `probity user invite {email}` prints the link with which they choose a \
             password.",
            person.name()
        );
        Ok(())
    }
}

/// The open school that is meant.
async fn school(desk: &Desk, named: &str) -> Result<SchoolId, Box<dyn Error>> {
    let today = desk.store.clock().today();
    let all = schools::all(&mut desk.store.read(&desk.trust)).await?;
    let open: Vec<School> = all.into_iter().filter(|it| it.is_open(today)).collect();
    let wanted = named.trim().to_lowercase();
    let meant = |school: &&School| {
        let urn = school.details.urn.as_ref().map(Urn::as_str);
        school.id.as_str() == wanted
            || school.details.name.to_lowercase() == wanted
            || urn == Some(wanted.as_str())
    };
    let found: Vec<&School> = open.iter().filter(meant).collect();
    match found.as_slice() {
        [one] => Ok(one.id.clone()),
        [] => {
            let names = open.iter().map(|school| school.details.name.as_str());
            let names = names.collect::<Vec<_>>().join(", ");
            Err(format!("there is no open school '{named}'; there are {names}").into())
        }
        several => {
            let ids = several.iter().map(|school| school.id.as_str());
            let ids = ids.collect::<Vec<_>>().join(", ");
            Err(
                format!("several schools are called '{named}'; name one by its identifier: {ids}")
                    .into(),
            )
        }
    }
}
