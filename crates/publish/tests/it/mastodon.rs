//! Mastodon's client API, against somebody else's stand-in for a server.

use publish::{Account, Failure, Found, Http as _, Limits, Platform, Post};
use serde_json::{Value, json};
use servers::NodeServer;

use crate::carrier::Carrier;
use crate::{now, post, run};

const TOKEN: &str = "mock_token";

fn stand_in() -> Option<NodeServer> {
    match NodeServer::mastodon() {
        Ok(server) => Some(server),
        Err(servers::Error::Missing(why)) => {
            servers::not_run(why);
            None
        }
        Err(why) => panic!("{why}"),
    }
}

fn account<'a>(server: &NodeServer, carrier: &'a Carrier) -> Account<'a, Carrier> {
    Account::new(Platform::Mastodon, server.address(), "", TOKEN, carrier).unwrap()
}

async fn get(server: &NodeServer, path: &str) -> Value {
    let request = http::Request::get(format!("{}{path}", server.address()))
        .header("authorization", format!("Bearer {TOKEN}"))
        .body(Vec::new());
    let answer = Carrier::new().send(request.unwrap()).await.unwrap();
    serde_json::from_slice(answer.body()).unwrap()
}

async fn posts(server: &NodeServer) -> Vec<Value> {
    let own = get(server, "/api/v1/accounts/verify_credentials").await;
    let path = format!("/api/v1/accounts/{}/statuses", own["id"].as_str().unwrap());
    get(server, &path).await.as_array().unwrap().clone()
}

#[test]
fn a_post_stands_as_it_was_written() {
    let Some(server) = stand_in() else { return };
    run(async {
        let carrier = Carrier::new();
        let account = account(&server, &carrier);
        let owner = account.check().await.unwrap();
        assert!(owner.name.contains('@'), "{owner:?}");
        assert_eq!(
            account.limits().await.unwrap().characters,
            Limits::MASTODON.characters
        );
        let published = account
            .publish(&post("Café 🎶\nhttps://school.example/choir #Choir", "1"))
            .await;
        let published = published.unwrap();
        let shown = get(&server, &format!("/api/v1/statuses/{}", published.id)).await;
        assert_eq!(shown["visibility"], json!("public"));
        assert_eq!(shown["language"], json!("en"));
        assert_eq!(shown["url"], json!(published.address));
        let pictures = shown["media_attachments"].as_array().unwrap();
        assert_eq!(pictures.len(), 1);
        assert_eq!(
            pictures[0]["description"],
            json!("The sports field, seen from the hall")
        );
    });
}

#[test]
fn it_is_found_again_and_sent_once_under_its_key() {
    let Some(server) = stand_in() else { return };
    run(async {
        let carrier = Carrier::new();
        let account = account(&server, &carrier);
        let wanted = post("Sports day is on Friday.\n\nBring a hat.", "1");
        assert_eq!(
            account.find(&wanted, now()).await,
            Ok(Found::Absent {
                may_be_sent_again: true
            })
        );
        let first = account.publish(&wanted).await.unwrap();
        assert_eq!(account.publish(&wanted).await.unwrap().id, first.id);
        assert_eq!(
            account.find(&wanted, now()).await,
            Ok(Found::There(first.clone()))
        );
        let without = Post {
            pictures: Vec::new(),
            ..wanted.clone()
        };
        assert!(matches!(
            account.find(&without, now()).await,
            Ok(Found::Absent { .. })
        ));
        let other = Post {
            text: "Sports day is on Monday.".into(),
            ..wanted
        };
        assert!(matches!(
            account.find(&other, now()).await,
            Ok(Found::Absent { .. })
        ));
        let before = posts(&server).await.len();
        account.take_down(&first.id).await.unwrap();
        account.take_down(&first.id).await.unwrap();
        assert_eq!(posts(&server).await.len(), before - 1);
    });
}

#[test]
fn what_the_server_refuses_is_refused() {
    let Some(server) = stand_in() else { return };
    run(async {
        let carrier = Carrier::new();
        let before = posts(&server).await.len();
        let long = account(&server, &carrier)
            .publish(&post(&"a".repeat(501), "1"))
            .await;
        assert!(matches!(long, Err(Failure::Refused(_))), "{long:?}");
        let wrong =
            Account::new(Platform::Mastodon, server.address(), "", "wrong", &carrier).unwrap();
        for outcome in [
            wrong.check().await.map(|_| ()),
            wrong.publish(&post("Late", "2")).await.map(|_| ()),
        ] {
            assert!(
                matches!(outcome, Err(Failure::TokenRevoked(_))),
                "{outcome:?}"
            );
        }
        assert_eq!(posts(&server).await.len(), before);
    });
}
