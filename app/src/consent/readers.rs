//! Who reads the list of what families agree to.

use jiff::civil::Date;
use register::settings::Settings;

use super::{ConsentError, REGISTER};
use crate::authority::{Action, Actor, Place, Role};
use crate::cases::{self, Engine};
use crate::people;
use crate::store::{Query as Rows, SchoolId};

/// A school whose list somebody may read, with its settings of today.
pub(super) struct Readable {
    pub(super) id: SchoolId,
    pub(super) name: String,
    pub(super) settings: Settings,
}

/// The schools whose list somebody may read: where they post, lead or look after consents; where they merely work, if
/// the school's settings let all staff read it.
pub(super) async fn readable(
    query: &mut impl Rows,
    engine: &Engine,
    actor: &Actor,
    today: Date,
) -> Result<Vec<Readable>, ConsentError> {
    let registers = engine.registers();
    let mut readable = Vec::new();
    for (id, name) in people::schools(query, today).await? {
        if !actor.may(Action::ReadConsents, Place::School(&id)) {
            continue;
        }
        let in_force = cases::in_force(query, &registers, REGISTER, Some(&id), today).await?;
        let mut held = actor.roles.iter();
        let by_role = held.any(|held| {
            let here = held.school.is_none() || held.school.as_ref() == Some(&id);
            here && READERS.contains(&held.role)
        });
        if by_role || in_force.settings.says_yes("staff_read_list") {
            readable.push(Readable {
                id,
                name,
                settings: in_force.settings,
            });
        }
    }
    Ok(readable)
}

/// Those who read the list whatever a school's settings say.
const READERS: [Role; 6] = [
    Role::Publisher,
    Role::Head,
    Role::SeniorLeader,
    Role::SafeguardingLead,
    Role::DataProtectionOfficer,
    Role::TrustAdministrator,
];
