use std::io::{Cursor, Read as _};

use serde_json::Value as Json;
use zip::ZipArchive;

use super::export;
use crate::authority::{Action, Actor};
use crate::people::Email;
use crate::pupils::{self, GuardianDetails, NewPupil, PupilDetails};
use crate::store::Query as _;
use crate::store::testing::{TestStore, on_both};
use crate::values;

fn file(zip: &[u8], name: &str) -> String {
    let mut archive = ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut text = String::new();
    archive
        .by_name(name)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

async fn with_a_pupil(test: &TestStore) {
    let actor = Actor::operator(test.trust.clone());
    let permit = actor.permit(Action::ManagePupils).unwrap();
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let new = NewPupil {
        details: PupilDetails {
            school: "ash".parse().unwrap(),
            given_name: "=Cai".parse().unwrap(),
            family_name: "Khan".parse().unwrap(),
            known_as: None,
            year: Some("7".to_owned()),
            class: None,
            born: Some(jiff::civil::date(2015, 3, 1)),
        },
        demonstration: false,
    };
    let pupil = pupils::add(&mut tx, &permit, new).await.unwrap();
    let eve = GuardianDetails {
        given_name: "Eve".parse().unwrap(),
        family_name: "Khan".parse().unwrap(),
        email: Some("eve@home.example".parse::<Email>().unwrap()),
        phone: None,
    };
    pupils::add_guardian(&mut tx, &permit, &pupil.id, eve)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

on_both! {
    async fn everything_comes_out_opened_and_harmless(test: TestStore) {
        with_a_pupil(&test).await;
        let permit = Actor::operator(test.trust.clone()).permit(Action::Export).unwrap();
        let zip = export(&test.store, &permit).await.unwrap();
        let pupils = file(&zip, "pupils.csv");
        assert!(pupils.contains(",'=Cai,Khan,,7,,2015-03-01,"), "{pupils}");
        let pupils: Json = serde_json::from_str(&file(&zip, "pupils.json")).unwrap();
        assert_eq!(pupils[0]["given_name"], "=Cai");
        let parents: Json = serde_json::from_str(&file(&zip, "parents-and-carers.json")).unwrap();
        assert_eq!(parents[0]["email"], "eve@home.example");
        assert!(file(&zip, "schools.csv").contains("Ash Primary"));
        let about: Json = serde_json::from_str(&file(&zip, "about.json")).unwrap();
        assert_eq!(about["rows"]["schools"], 2);
        let taken = test
            .store
            .read(&test.trust)
            .count(
                "SELECT COUNT(*) AS n FROM ledger_event WHERE trust = $1 AND kind = 'records.exported'",
                values![],
            )
            .await
            .unwrap();
        assert_eq!(taken, 1, "who took it is in the ledger");
    }

    async fn nobody_takes_it_with_another_right(test: TestStore) {
        let permit = Actor::operator(test.trust.clone()).permit(Action::ViewPeople).unwrap();
        assert!(export(&test.store, &permit).await.is_err());
    }
}
