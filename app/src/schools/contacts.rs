//! Whom a school turns to: those who hold a role there, and those outside it.

use jiff::civil::Date;
use serde::Serialize;

use super::SchoolsError;
use super::kinds::kinds;
use crate::authority::{Permit, Place, Role};
use crate::ledger::{Record, record};
use crate::store::{Query, Row, SchoolId, StoreError, Tx, ids};
use crate::values;

ids! {
    /// A contact outside the school.
    ContactId
}

kinds! {
    /// What somebody is turned to as.
    ContactRole {
        /// Heads the school.
        Head "head" "Head"
        /// The designated safeguarding lead, or a deputy.
        SafeguardingLead "safeguarding-lead" "Safeguarding lead or deputy"
        /// Of the leadership.
        SeniorLeader "senior-leader" "Senior leader"
        /// Chairs the governors.
        Chair "chair-of-governors" "Chair of governors"
        /// The data protection officer.
        DataProtectionOfficer "data-protection-officer" "Data protection officer"
        /// Human resources.
        Hr "hr" "HR"
        /// Looks after computers and network.
        It "it" "IT"
        /// The officer at the council for allegations against staff.
        Lado "lado" "Local authority designated officer (LADO)"
        /// The council's team for the protection of children.
        ChildrensServices "childrens-services" "Children’s social care"
    }
}

impl ContactRole {
    /// The role of a person here that makes them such a contact.
    #[must_use]
    pub fn of_held(role: Role) -> Option<Self> {
        Self::named(role.name())
    }

    /// The one whom a policy means by a role of the vocabulary.
    #[must_use]
    pub fn of_vocabulary(role: &str) -> Option<Self> {
        match role {
            "chair" => Some(Self::Chair),
            other => Self::named(other),
        }
    }
}

/// Somebody outside the school whom it turns to.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct OutsideContact {
    /// The identifier.
    pub id: ContactId,
    /// The school.
    pub school: SchoolId,
    /// How to reach them.
    #[serde(flatten)]
    pub details: ContactDetails,
}

/// Who a contact is and how to reach them.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct ContactDetails {
    /// As what.
    pub role: ContactRole,
    /// Their name, or that of a team.
    pub name: String,
    /// Where they work, if not at the school.
    pub organisation: Option<String>,
    /// Their e-mail address.
    pub email: Option<String>,
    /// Their telephone number.
    pub phone: Option<String>,
}

/// A contact as it is shown.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Contact {
    /// The identifier of one outside the school; those inside are known by the role they hold.
    pub outside: Option<ContactId>,
    /// How to reach them.
    pub details: ContactDetails,
}

impl Record for OutsideContact {
    const KIND: &'static str = "school_contact";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

impl OutsideContact {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get("id")?,
            school: row.get("school")?,
            details: ContactDetails {
                role: row.get("role")?,
                name: row.get("name")?,
                organisation: row.get("organisation")?,
                email: row.get("email")?,
                phone: row.get("phone")?,
            },
        })
    }
}

/// Everybody whom a school can turn to on a day: in the order of the roles, those inside first.
pub async fn contacts(
    query: &mut impl Query,
    school: &SchoolId,
    day: Date,
) -> Result<Vec<Contact>, StoreError> {
    let mut contacts = inside(query, school, day).await?;
    for one in outside(query, school).await? {
        contacts.push(Contact {
            outside: Some(one.id),
            details: one.details,
        });
    }
    contacts.sort_by_key(|one| one.details.role);
    Ok(contacts)
}

/// Those who hold a role at the school or at the whole trust.
async fn inside(
    query: &mut impl Query,
    school: &SchoolId,
    day: Date,
) -> Result<Vec<Contact>, StoreError> {
    let rows = query
        .all(
            "SELECT DISTINCT h.role, p.given_name, p.known_as, p.family_name, p.email \
             FROM held_role h JOIN person p ON p.trust = h.trust AND p.id = h.person \
             WHERE h.trust = $1 AND (h.school = $2 OR h.school IS NULL) \
               AND h.role IN ('head', 'safeguarding-lead', 'senior-leader', \
                 'chair-of-governors', 'data-protection-officer', 'hr', 'it') \
               AND (h.starts_on IS NULL OR h.starts_on <= $3) \
               AND (h.ends_on IS NULL OR h.ends_on >= $3) \
               AND (p.ends_on IS NULL OR p.ends_on >= $3) \
             ORDER BY p.family_name, p.given_name",
            values![school, day],
        )
        .await?;
    let mut contacts = Vec::new();
    for row in rows {
        let Some(role) = ContactRole::of_held(row.get("role")?) else {
            continue;
        };
        let given: String = match row.get::<Option<String>>("known_as")? {
            Some(known_as) => known_as,
            None => row.get("given_name")?,
        };
        contacts.push(Contact {
            outside: None,
            details: ContactDetails {
                role,
                name: format!("{given} {}", row.get::<String>("family_name")?),
                organisation: None,
                email: row.get("email")?,
                phone: None,
            },
        });
    }
    Ok(contacts)
}

/// The contacts outside the school.
pub async fn outside(
    query: &mut impl Query,
    school: &SchoolId,
) -> Result<Vec<OutsideContact>, StoreError> {
    let rows = query
        .all(
            "SELECT id, school, role, name, organisation, email, phone FROM school_contact \
             WHERE trust = $1 AND school = $2 ORDER BY role, name, id",
            values![school],
        )
        .await?;
    rows.iter().map(OutsideContact::read).collect()
}

/// Adds a contact outside the school.
pub async fn add_contact(
    tx: &mut Tx,
    permit: &Permit,
    school: &SchoolId,
    details: ContactDetails,
) -> Result<OutsideContact, SchoolsError> {
    permit.at(Place::School(school))?;
    let contact = OutsideContact {
        id: tx.fresh()?,
        school: school.clone(),
        details,
    };
    let details = &contact.details;
    tx.execute(
        "INSERT INTO school_contact (trust, id, school, role, name, organisation, email, phone) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            &contact.id,
            school,
            details.role,
            &details.name,
            details.organisation.clone(),
            details.email.clone(),
            details.phone.clone()
        ],
    )
    .await?;
    let (actor, action) = (permit.actor(), Some(permit.action()));
    let none: Option<&OutsideContact> = None;
    record(
        tx,
        actor,
        action,
        "school.contact-added",
        none,
        Some(&contact),
    )
    .await?;
    Ok(contact)
}

/// Removes a contact outside the school.
pub async fn remove_contact(
    tx: &mut Tx,
    permit: &Permit,
    contact: &OutsideContact,
) -> Result<(), SchoolsError> {
    permit.at(Place::School(&contact.school))?;
    let removed = tx
        .execute(
            "DELETE FROM school_contact WHERE trust = $1 AND id = $2 AND school = $3",
            values![&contact.id, &contact.school],
        )
        .await?;
    if removed == 0 {
        return Err(SchoolsError::Missing);
    }
    let (actor, action) = (permit.actor(), Some(permit.action()));
    let kind = "school.contact-removed";
    Ok(record(tx, actor, action, kind, Some(contact), None).await?)
}
