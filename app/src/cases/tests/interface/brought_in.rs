//! Old records brought in, and the calendar taken out.

use super::*;

on_both! {
    async fn old_records_come_in_whole_or_not_at_all_and_hurry_nobody(test: TestStore) {
        let site = Site::open(test);
        let sam = site.person("Sam", Role::Staff).await;
        let kate = site.person("Kate", Role::Head).await;
        let permit = permit_of(&site, &kate);
        let registers = site.app.registers();
        let register = registers.register("key-loan").unwrap();
        assert_eq!(template(register), "opened_on,opened_by,state,room,back,why\r\n");
        let ash: SchoolId = "ash".parse().unwrap();
        let engine = site.app.engine();
        let file = "opened_on,opened_by,State,Room,back,numbre\n";
        let store = &site.test.store;
        let mut tx = store.begin(&site.test.trust).await.unwrap();
        let place = ("key-loan", Some(&ash));
        let told = |error: ImportError| error.to_string();
        let refused = import(&mut tx, &engine, &permit, place, file.as_bytes()).await.unwrap_err();
        assert!(told(refused).contains("row 1, column 'numbre'"));
        let file = "opened_on,opened_by,state,room,back\n\
                    30/09/2024,Sam@elm.example,Returned,The gym,\n\
                    tomorrow,nobody@elm.example,gone,roof,\n\
                    ,,,,\n\
                    2027-01-01,sam@elm.example,,lab,\n";
        let refused = told(import(&mut tx, &engine, &permit, place, file.as_bytes()).await.unwrap_err());
        drop(tx);
        let lines: Vec<&str> = refused.lines().map(|line| line.split(':').next().unwrap()).collect();
        assert_eq!(
            lines,
            ["row 3, column 'opened_on'", "row 3, column 'opened_by'", "row 3, column 'state'", "row 3, column 'room'", "row 5, column 'back'"],
            "{refused}"
        );
        assert_eq!(site.get(&kate, "/api/v1/cases?show=all").await.json()["total"], 0);

        let file = "\u{feff}opened_on,opened_by,state,room,back,why\n\
                    30/09/2024,Sam@elm.example,Returned,The gym,,\"Two\nlines\"\n\
                    2024-10-01,sam@elm.example,lent,lab,02/10/2024,\n";
        let mut tx = store.begin(&site.test.trust).await.unwrap();
        let cases = import(&mut tx, &engine, &permit, place, file.as_bytes()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(cases.len(), 2);
        let listed = site.get(&sam, "/api/v1/cases?show=closed").await.json();
        let case = &listed["cases"][0];
        assert_eq!((case["from_paper"].clone(), case["state"]["id"].clone()), (json!(true), json!("returned")));
        assert!(case["opened_at"].as_str().unwrap().starts_with("2024-09-"));
        assert_eq!(case["due"], Json::Null);
        assert_eq!(site.get(&kate, "/api/v1/cases?show=waiting").await.json()["total"], 0);
        let id = case["id"].as_str().unwrap();
        let events = site.get(&kate, &format!("/api/v1/cases/{id}/events")).await.json();
        assert_eq!(events["events"][0]["note"], "Entered from paper.");
        let mut reader = store.read(&site.test.trust);
        for sql in [
            "SELECT COUNT(*) AS n FROM case_deadline WHERE trust = $1",
            "SELECT COUNT(*) AS n FROM message WHERE trust = $1",
        ] {
            assert_eq!(reader.count(sql, values![]).await.unwrap(), 0, "{sql}");
        }
        // Another school's records are not hers to import, nor is the trust's.
        for school in [Some("oak".parse().unwrap()), None] {
            let mut tx = store.begin(&site.test.trust).await.unwrap();
            let place = ("key-loan", school.as_ref());
            let refused = import(&mut tx, &engine, &permit, place, file.as_bytes()).await.unwrap_err();
            assert!(matches!(refused, ImportError::Denied(_)), "{refused}");
        }
    }

    async fn a_calendar_is_read_with_its_address_alone_until_it_is_revoked(test: TestStore) {
        let site = Site::open(test);
        let sam = site.person("Sam", Role::Staff).await;
        let kate = site.person("Kate", Role::Head).await;
        site.post(&sam, OPEN, json!({ "answers": { "room": "gym", "why": "Practice" } })).await;
        let made = |page: Answer| {
            let text = page.text().replace("&#x2f;", "/");
            let (_, rest) = text.split_once("/calendar/elm.").unwrap();
            format!("/calendar/elm.{}", rest.split('<').next().unwrap())
        };
        let form = ("POST", "/me/calendar");
        let first = made(site.ask(Some(&kate), form, None, "").await);
        let feed = site.ask(None, ("GET", &first), None, "").await;
        assert_eq!(feed.headers[header::CONTENT_TYPE], "text/calendar; charset=utf-8");
        let text = feed.text();
        assert!(text.contains("\r\nSUMMARY:KEY-2026-0001: answer the request\\; soon\r\n"), "{text}");
        assert!(text.contains("\r\nDTSTART;VALUE=DATE:20261122\r\n"), "{text}");
        for kept in ["Sam", "Kate", "Practice", "gym"] {
            assert!(!text.contains(kept), "{text}");
        }
        let second = made(site.ask(Some(&kate), form, None, "").await);
        assert_eq!(site.ask(None, ("GET", &first), None, "").await.status, 404);
        let empty = made(site.ask(Some(&sam), form, None, "").await);
        assert!(!site.ask(None, ("GET", &empty), None, "").await.text().contains("KEY-"));
        site.ask(Some(&kate), ("POST", "/me/calendar/revoke"), None, "").await;
        for gone in [second.as_str(), "/calendar/elm.x.y.ics", "/calendar/oak.x.y.ics", "/calendar/x"] {
            assert_eq!(site.ask(None, ("GET", gone), None, "").await.status, 404, "{gone}");
        }
        assert_eq!((site.events("calendar_feed.made").await, site.events("calendar_feed.revoked").await), (3, 1));
    }
}
