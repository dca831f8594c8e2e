//! The rows of many records at once. One call of a feature's door for each of 68,000 records would
//! take a minute, with everybody else waiting. What is sealed is sealed before the transaction.

use serde::Deserialize;

use crate::ledger::Prepared;
use crate::people::{Contract, Person};
use crate::protection::{RecordKey, place};
use crate::pupils::{Guardian, Pupil};
use crate::store::{Store, StoreError, TrustId, Tx, Value};
use crate::values;

use super::RosterError;

/// What is to be written: every record of the prepared events that is there after them.
#[derive(Default)]
pub(super) struct Rows {
    schools: Vec<Vec<Value>>,
    people: Vec<Vec<Value>>,
    roles: Vec<Vec<Value>>,
    pupils: Vec<Vec<Value>>,
    guardians: Vec<Vec<Value>>,
    ties: Vec<Vec<Value>>,
}

impl Rows {
    pub(super) fn of(
        store: &Store,
        trust: &TrustId,
        prepared: &Prepared,
    ) -> Result<Self, RosterError> {
        let mut rows = Self::default();
        let seal = Seal { store, trust };
        for (event, key) in prepared.events() {
            let Some(after) = event.after.clone() else {
                continue;
            };
            match event.record_kind {
                "school" => rows.school(serde_json::from_value(after)?),
                "person" => rows.person(&serde_json::from_value(after)?),
                "pupil" => rows.pupil(&serde_json::from_value(after)?, &seal, key)?,
                _ => rows.guardian(&serde_json::from_value(after)?, &seal, key)?,
            }
        }
        Ok(rows)
    }

    fn school(&mut self, school: NewSchool) {
        self.schools.push(values![
            school.id,
            school.name,
            school.urn,
            school.dfe_number,
            school.phase,
            school.nation
        ]);
    }

    fn person(&mut self, person: &Person) {
        let details = &person.details;
        self.people.push(values![
            &person.id,
            &details.given_name,
            &details.family_name,
            details.known_as.as_ref(),
            details.email.as_ref(),
            details.line_manager.as_ref(),
            details.starts_on,
            person.ends_on,
            person.demonstration,
            details.search_text(),
            details.contract.map(Contract::name)
        ]);
        let role = |held: &crate::people::HeldRole| {
            values![
                &held.id,
                &person.id,
                held.role,
                held.school.as_ref(),
                held.starts_on,
                held.ends_on
            ]
        };
        self.roles.extend(person.roles.iter().map(role));
    }

    fn pupil(
        &mut self,
        pupil: &Pupil,
        seal: &Seal<'_>,
        key: &RecordKey,
    ) -> Result<(), RosterError> {
        let details = &pupil.details;
        let born = details.born.map(|day| day.to_string());
        let born = seal.text(key, ("pupil", "born", pupil.id.as_str()), born.as_deref())?;
        self.pupils.push(values![
            &pupil.id,
            &details.school,
            &details.given_name,
            &details.family_name,
            details.known_as.as_ref(),
            details.year.clone(),
            details.class.clone(),
            born,
            pupil.left_on,
            details.search_text(),
            pupil.demonstration
        ]);
        Ok(())
    }

    fn guardian(
        &mut self,
        guardian: &Guardian,
        seal: &Seal<'_>,
        key: &RecordKey,
    ) -> Result<(), RosterError> {
        let (id, details) = (guardian.id.as_str(), &guardian.details);
        let email = details.email.as_ref().map(|email| email.as_str());
        let email = seal.text(key, ("guardian", "email", id), email)?;
        let phone = seal.text(key, ("guardian", "phone", id), details.phone.as_deref())?;
        self.guardians.push(values![
            &guardian.id,
            &details.given_name,
            &details.family_name,
            email,
            phone,
            details.search_text(),
            guardian.demonstration
        ]);
        self.ties.extend(
            guardian
                .pupils
                .iter()
                .map(|pupil| values![&guardian.id, pupil]),
        );
        Ok(())
    }

    /// Writes them, new or not. Roles are added and changed; the ties of the guardians were taken away before.
    pub(super) async fn write(self, tx: &mut Tx) -> Result<(), StoreError> {
        tx.insert_all(
            "INSERT INTO school (trust, id, name, urn, dfe_number, phase, nation)",
            "",
            self.schools,
        )
        .await?;
        tx.insert_all(
            "INSERT INTO person (trust, id, given_name, family_name, known_as, email, line_manager, \
               starts_on, ends_on, demonstration, search, contract)",
            "ON CONFLICT (trust, id) DO UPDATE SET given_name = excluded.given_name, \
               family_name = excluded.family_name, known_as = excluded.known_as, \
               email = excluded.email, starts_on = excluded.starts_on, ends_on = excluded.ends_on, \
               search = excluded.search, contract = excluded.contract",
            self.people,
        )
        .await?;
        tx.insert_all(
            "INSERT INTO held_role (trust, id, person, role, school, starts_on, ends_on)",
            "ON CONFLICT (trust, id) DO UPDATE SET starts_on = excluded.starts_on, \
               ends_on = excluded.ends_on",
            self.roles,
        )
        .await?;
        tx.insert_all(
            "INSERT INTO pupil (trust, id, school, given_name, family_name, known_as, year, class, \
               born, left_on, search, demonstration)",
            "ON CONFLICT (trust, id) DO UPDATE SET school = excluded.school, \
               given_name = excluded.given_name, family_name = excluded.family_name, \
               known_as = excluded.known_as, year = excluded.year, class = excluded.class, \
               born = excluded.born, left_on = excluded.left_on, search = excluded.search",
            self.pupils,
        )
        .await?;
        tx.insert_all(
            "INSERT INTO guardian (trust, id, given_name, family_name, email, phone, search, \
               demonstration)",
            "ON CONFLICT (trust, id) DO UPDATE SET given_name = excluded.given_name, \
               family_name = excluded.family_name, email = excluded.email, \
               phone = excluded.phone, search = excluded.search",
            self.guardians,
        )
        .await?;
        tx.insert_all(
            "INSERT INTO guardian_of (trust, guardian, pupil)",
            "ON CONFLICT (trust, guardian, pupil) DO NOTHING",
            self.ties,
        )
        .await?;
        Ok(())
    }
}

/// A school as its event has it.
#[derive(Deserialize)]
struct NewSchool {
    id: String,
    name: String,
    urn: Option<String>,
    dfe_number: Option<String>,
    phase: String,
    nation: String,
}

struct Seal<'a> {
    store: &'a Store,
    trust: &'a TrustId,
}

impl Seal<'_> {
    fn text(
        &self,
        key: &RecordKey,
        (table, column, record): (&str, &str, &str),
        text: Option<&str>,
    ) -> Result<Option<Vec<u8>>, RosterError> {
        let at = place(table, column, self.trust.as_str(), record);
        let sealed = text.map(|text| key.seal_text(&at, text, self.store.randomness()));
        Ok(sealed.transpose()?.map(|sealed| sealed.0))
    }
}
