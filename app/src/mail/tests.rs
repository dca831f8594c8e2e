//! Against a real mail server: `e2e/servers/mail.js`.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::json;
use servers::NodeServer;

use super::{Encryption, Letter, Link, Login, MailSettings, Mailer, Refusal, fault, kinds, send};
use crate::jobs::{Waiting, Worker, waiting};
use crate::store::testing::{TestStore, on_both};
use crate::store::{PersonId, Query as _};
use crate::values;

const EMAIL: &str = "kate@ash.example";

/// The server, or nothing where it cannot be had here.
pub(crate) fn mail_server(settings: &serde_json::Value) -> Option<NodeServer> {
    match NodeServer::mail(settings) {
        Ok(server) => Some(server),
        Err(servers::Error::Missing(why)) => {
            servers::not_run(why);
            None
        }
        Err(error) => panic!("{error}"),
    }
}

pub(crate) fn settings(server: &NodeServer) -> MailSettings {
    let url = format!("smtp://{}", server.address());
    let from = "Probity <probity@ash.example>";
    MailSettings::from_url(&url, from, "https://probity.ash.example").unwrap()
}

pub(crate) async fn kate(test: &TestStore) -> PersonId {
    let person: PersonId = "p1".parse().unwrap();
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    tx.execute(
        "INSERT INTO person (trust, id, given_name, family_name, email, demonstration) \
         VALUES ($1, $2, 'Katherine', 'Adeyemi', $3, 0)",
        values![&person, EMAIL],
    )
    .await
    .unwrap();
    tx.commit_unrecorded().await.unwrap();
    person
}

fn letter() -> Letter {
    Letter {
        subject: "Come in & sign in".to_owned(),
        paragraphs: vec![
            "Your school invites you to Probity, where you can ask before you act and where \
             everything that waits for you is shown."
                .to_owned(),
            "It’s <quick>.".to_owned(),
        ],
        link: Some(Link {
            text: "Sign in".to_owned(),
            path: "/sign-in/once/abc?x=1&y=2".to_owned(),
        }),
        reason: "You get this because your school added you.".to_owned(),
    }
}

async fn post(test: &TestStore, to: &PersonId) {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    send(&mut tx, to, letter(), None).await.unwrap();
    tx.commit_unrecorded().await.unwrap();
}

fn worker(test: &TestStore, settings: &MailSettings) -> Worker {
    let mailer = Mailer::new(settings).unwrap();
    Worker::new(test.store.clone(), kinds(&mailer))
}

async fn standing(test: &TestStore) -> Waiting {
    let mut reader = test.store.read(&test.trust);
    waiting(&mut reader, test.store.clock().now())
        .await
        .unwrap()
}

async fn last_error(test: &TestStore) -> String {
    let row = test
        .store
        .read(&test.trust)
        .first("SELECT last_error FROM job WHERE trust = $1", values![])
        .await
        .unwrap();
    row.unwrap().get("last_error").unwrap()
}

on_both! {
    async fn a_letter_arrives_as_plain_text_and_html(test: TestStore) {
        let Some(mut server) = mail_server(&json!({})) else { return };
        let person = kate(&test).await;
        post(&test, &person).await;
        worker(&test, &settings(&server)).round().await.unwrap();
        assert_eq!(standing(&test).await, Waiting::default());
        let message = server.event("message").unwrap();
        assert_eq!(message["from"], "probity@ash.example");
        assert_eq!(message["to"], json!([EMAIL]));
        assert_eq!(message["subject"], "Come in & sign in");
        let text = message["text"].as_str().unwrap();
        assert!(text.contains("It’s <quick>."), "{text}");
        let link = "https://probity.ash.example/sign-in/once/abc?x=1&y=2";
        assert!(text.lines().any(|line| line == link), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 72), "{text}");
        let html = message["html"].as_str().unwrap();
        assert!(html.contains("It’s &lt;quick&gt;."), "{html}");
        assert!(!html.contains("<img") && !html.contains("src="), "no tracking: {html}");
        let raw = message["raw"].as_str().unwrap();
        assert!(!raw.contains("Katherine") && !raw.contains("Adeyemi"), "{raw}");
        assert!(raw.contains("Auto-Submitted: auto-generated"), "{raw}");
    }

    async fn a_server_that_is_busy_is_asked_again(test: TestStore) {
        let busy = json!({ "refuse": { EMAIL: 451 } });
        let Some(mut server) = mail_server(&busy) else { return };
        let person = kate(&test).await;
        post(&test, &person).await;
        let worker = worker(&test, &settings(&server));
        worker.round().await.unwrap();
        assert_eq!(server.event("refused").unwrap()["code"], 451);
        assert_eq!(standing(&test).await.waiting, 1);
        assert!(last_error(&test).await.starts_with("The mail server said 451: "));
        server.set(&json!({})).unwrap();
        test.hand.advance(Duration::from_secs(30));
        worker.round().await.unwrap();
        assert_eq!(server.event("message").unwrap()["to"], json!([EMAIL]));
        assert_eq!(standing(&test).await, Waiting::default());
    }

    async fn an_address_that_does_not_work_is_written_down_until_it_does(test: TestStore) {
        let Some(server) = mail_server(&json!({ "refuse": { EMAIL: 550 } })) else { return };
        let person = kate(&test).await;
        post(&test, &person).await;
        let worker = worker(&test, &settings(&server));
        worker.round().await.unwrap();
        assert_eq!(standing(&test).await.dead, 1, "never tried again by itself");
        let error = last_error(&test).await;
        assert!(error.contains("550") && !error.contains(EMAIL), "{error}");
        let mut reader = test.store.read(&test.trust);
        assert_eq!(fault(&mut reader, &person).await.unwrap().as_deref(), Some(EMAIL));
        // Another address is not to blame for this one.
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let changed = "UPDATE person SET email = 'k@ash.example' WHERE trust = $1 AND id = $2";
        tx.execute(changed, values![&person]).await.unwrap();
        tx.commit_unrecorded().await.unwrap();
        assert_eq!(fault(&mut reader, &person).await.unwrap(), None);
        post(&test, &person).await;
        worker.round().await.unwrap();
        assert_eq!(standing(&test).await.dead, 1, "the second letter went");
    }

    async fn a_server_that_is_down_is_asked_again(test: TestStore) {
        let Some(server) = mail_server(&json!({})) else { return };
        let gone = settings(&server);
        drop(server);
        let person = kate(&test).await;
        post(&test, &person).await;
        worker(&test, &gone).round().await.unwrap();
        assert_eq!(standing(&test).await.waiting, 1);
        let error = last_error(&test).await;
        assert!(error.starts_with("The mail server does not answer: "), "{error}");
    }

    async fn what_is_sent_again_after_a_crash_is_the_same_message(test: TestStore) {
        let Some(mut server) = mail_server(&json!({})) else { return };
        let person = kate(&test).await;
        post(&test, &person).await;
        // The server has the letter, and the program ends before that is written down: the job
        // comes back. A transaction that never commits is what a killed program leaves.
        let mailer = Mailer::new(&settings(&server)).unwrap();
        let row = test.store.read(&test.trust)
            .first("SELECT id, created_at FROM job WHERE trust = $1", values![])
            .await.unwrap().unwrap();
        let name: String = row.get("id").unwrap();
        mailer.send(EMAIL, &letter(), &name, row.get("created_at").unwrap()).await.unwrap();
        worker(&test, &settings(&server)).round().await.unwrap();
        let first = server.event("message").unwrap();
        let second = server.event("message").unwrap();
        assert_eq!(first["messageId"], format!("<{name}@ash.example>"));
        assert_eq!(first["raw"], second["raw"], "the same to the last byte");
    }

    async fn without_an_address_or_after_its_time_nothing_is_sent(test: TestStore) {
        let nowhere = MailSettings::from_url("smtp://127.0.0.1:1", "p@ash.example", "http://x").unwrap();
        let person = kate(&test).await;
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let until = test.store.clock().now() + jiff::SignedDuration::from_mins(10);
        send(&mut tx, &person, letter(), Some(until)).await.unwrap();
        tx.commit_unrecorded().await.unwrap();
        test.hand.advance(Duration::from_secs(600));
        worker(&test, &nowhere).round().await.unwrap();
        assert_eq!(standing(&test).await, Waiting::default());
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        tx.execute("UPDATE person SET email = NULL WHERE trust = $1", values![]).await.unwrap();
        tx.commit_unrecorded().await.unwrap();
        post(&test, &person).await;
        worker(&test, &nowhere).round().await.unwrap();
        assert_eq!(standing(&test).await, Waiting::default());
    }
}

/// A certificate for 127.0.0.1 that no authority vouches for.
fn certificate(folder: &Path) -> Option<(String, String)> {
    let (key, cert) = (folder.join("key.pem"), folder.join("cert.pem"));
    let made = Command::new("openssl")
        .args([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
        ])
        .args([
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=IP:127.0.0.1",
        ])
        .args(["-addext", "basicConstraints=CA:FALSE", "-keyout"])
        .arg(&key)
        .arg("-out")
        .arg(&cert)
        .output();
    match made {
        Ok(made) if made.status.success() => {
            Some((key.display().to_string(), cert.display().to_string()))
        }
        _ => {
            servers::not_run("openssl is missing, which makes the mail server's certificate");
            None
        }
    }
}

#[tokio::test]
async fn a_certificate_is_checked_and_the_login_is_said_only_behind_it() {
    let folder = tempfile::tempdir().unwrap();
    let Some((key, cert)) = certificate(folder.path()) else {
        return;
    };
    for implicit in [true, false] {
        let told = json!({
            "key": key, "cert": cert, "implicitTls": implicit, "user": "probity", "password": "right",
        });
        let Some(server) = mail_server(&told) else {
            return;
        };
        let mut asked = settings(&server);
        asked.encryption = match implicit {
            true => Encryption::Tls,
            false => Encryption::StartTls,
        };
        let login = |password: &str| {
            Some(Login {
                user: "probity".to_owned(),
                password: password.to_owned(),
            })
        };
        asked.login = login("right");
        let refused = Mailer::new(&asked).unwrap().check().await.unwrap_err();
        assert!(
            matches!(&refused, Refusal::Later(why) if !why.contains("535")),
            "{refused}"
        );
        asked.authority = Some(std::fs::read(&cert).unwrap());
        assert_eq!(Mailer::new(&asked).unwrap().check().await, Ok(()));
        asked.login = login("wrong");
        let refused = Mailer::new(&asked).unwrap().check().await.unwrap_err();
        assert!(
            matches!(&refused, Refusal::Later(why) if why.contains("535")),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn nothing_is_said_in_clear_to_a_server_that_offers_no_encryption() {
    let Some(server) = mail_server(&json!({})) else {
        return;
    };
    let mut asked = settings(&server);
    asked.encryption = Encryption::StartTls;
    let refused = Mailer::new(&asked).unwrap().check().await.unwrap_err();
    assert!(matches!(refused, Refusal::Later(_)), "{refused}");
}

#[test]
fn settings_are_read_from_one_address() {
    let from = "Probity <probity@ash.example>";
    let read = |url: &str| MailSettings::from_url(url, from, "https://probity.ash.example/");
    let settings = read("smtps://kate%40ash.example:p%2Fw@mail.ash.example").unwrap();
    assert_eq!(
        (settings.host.as_str(), settings.port),
        ("mail.ash.example", 465)
    );
    assert_eq!(settings.encryption, Encryption::Tls);
    assert_eq!(settings.site, "https://probity.ash.example");
    let login = settings.login.clone().unwrap();
    assert_eq!(
        (login.user.as_str(), login.password.as_str()),
        ("kate@ash.example", "p/w")
    );
    assert!(!format!("{settings:?}").contains("p/w"));
    assert_eq!(read("smtp+starttls://mail.ash.example").unwrap().port, 587);
    assert_eq!(
        read("smtp://127.0.0.1:1025").unwrap().encryption,
        Encryption::None
    );
    for wrong in ["", "mail.ash.example", "http://mail.ash.example", "smtp://"] {
        let error = read(wrong).unwrap_err().to_string();
        assert!(
            error.starts_with("the address of the mail server"),
            "{wrong}: {error}"
        );
    }
    assert!(read("smtp://kate:secret@mail.ash.example").is_err());
    assert!(read("smtp://kate:secret@127.0.0.1:1025").is_ok());
    let secret = read("smtp//kate:secret@x").unwrap_err().to_string();
    assert!(!secret.contains("secret"));
    assert!(MailSettings::from_url("smtp://x", "nobody", "https://x").is_err());
    assert!(MailSettings::from_url("smtp://x", from, "probity.ash.example").is_err());
}
