//! Bluesky end to end: a real personal data server.

use publish::{Account, Failure, Found, Limits, Platform, Published};
use serde_json::{Value, json};
use servers::NodeServer;

use crate::carrier::Carrier;
use crate::{now, post, run};

const HANDLE: &str = "oakfield-primary.test";
const OTHER: &str = "oakfield-choir.test";

/// A server, the account and how it was made.
struct Real {
    address: String,
    account: Value,
    other: Value,
    _server: NodeServer,
}

fn real() -> Option<Real> {
    let settings = json!({ "accounts": [{ "handle": HANDLE }, { "handle": OTHER }] });
    let mut server = match NodeServer::bluesky(&settings) {
        Ok(server) => server,
        Err(servers::Error::Missing(why)) => {
            servers::not_run(why);
            return None;
        }
        Err(why) => panic!("{why}"),
    };
    Some(Real {
        address: server.address().to_owned(),
        account: server.event("account").unwrap(),
        other: server.event("account").unwrap(),
        _server: server,
    })
}

impl Real {
    fn password(&self) -> &str {
        self.account["appPassword"].as_str().unwrap()
    }

    fn account<'a>(&'a self, carrier: &'a Carrier) -> Account<'a, Carrier> {
        Account::new(
            Platform::Bluesky,
            &self.address,
            HANDLE,
            self.password(),
            carrier,
        )
        .unwrap()
    }

    async fn call(&self, method: &str, path: &str, body: Value) -> Value {
        use publish::Http as _;
        let token = self.account["accessJwt"].as_str().unwrap();
        let request = http::Request::builder()
            .method(method)
            .uri(format!("{}/xrpc/{path}", self.address))
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {token}"));
        let body = if body.is_null() {
            Vec::new()
        } else {
            body.to_string().into_bytes()
        };
        let answer = Carrier::new()
            .send(request.body(body).unwrap())
            .await
            .unwrap();
        assert!(
            answer.status().is_success(),
            "{:?}",
            String::from_utf8_lossy(answer.body())
        );
        serde_json::from_slice(answer.body()).unwrap_or_default()
    }

    /// The records of all posts.
    async fn posts(&self) -> Vec<Value> {
        let list =
            format!("com.atproto.repo.listRecords?repo={HANDLE}&collection=app.bsky.feed.post");
        let listed = self.call("GET", &list, Value::Null).await;
        listed["records"].as_array().unwrap().clone()
    }
}

#[test]
fn a_post_stands_as_it_was_written() {
    let Some(real) = real() else { return };
    run(async {
        let carrier = Carrier::new();
        let account = real.account(&carrier);
        let owner = account.check().await.unwrap();
        assert_eq!(
            (owner.name.as_str(), owner.id.as_str()),
            (HANDLE, real.account["did"].as_str().unwrap())
        );
        let text = format!(
            "Café: @{OTHER} sings 🎶 https://school.example/choir #Choir with @nobody.test"
        );
        let published = account.publish(&post(&text, "1")).await.unwrap();
        let [record] = real.posts().await.try_into().unwrap();
        assert_eq!(record["uri"], json!(published.id));
        assert_eq!(record["cid"], json!(published.cid));
        let value = &record["value"];
        assert_eq!(value["text"], json!(text));
        assert_eq!(value["langs"], json!(["en-GB"]));
        assert_eq!(
            value["embed"]["images"][0]["alt"],
            json!("The sports field, seen from the hall")
        );
        assert_eq!(
            value["embed"]["images"][0]["image"]["mimeType"],
            json!("image/png")
        );
        assert_eq!(
            value["embed"]["images"][0]["aspectRatio"],
            json!({ "height": 1, "width": 1 })
        );
        let shown: Vec<_> = value["facets"]
            .as_array()
            .unwrap()
            .iter()
            .map(|facet| {
                let place =
                    |end: &str| usize::try_from(facet["index"][end].as_u64().unwrap()).unwrap();
                (
                    &text[place("byteStart")..place("byteEnd")],
                    &facet["features"][0],
                )
            })
            .collect();
        let link = "https://school.example/choir";
        let did = &real.other["did"];
        assert_eq!(
            shown,
            [
                (
                    format!("@{OTHER}").as_str(),
                    &json!({ "$type": "app.bsky.richtext.facet#mention", "did": did })
                ),
                (
                    link,
                    &json!({ "$type": "app.bsky.richtext.facet#link", "uri": link })
                ),
                (
                    "#Choir",
                    &json!({ "$type": "app.bsky.richtext.facet#tag", "tag": "Choir" })
                ),
            ]
        );
    });
}

#[test]
fn however_often_it_is_sent_there_is_one() {
    let Some(real) = real() else { return };
    run(async {
        let carrier = Carrier::new();
        let account = real.account(&carrier);
        let wanted = post("Sports day is on Friday.", "1");
        assert_eq!(
            account.find(&wanted, now()).await,
            Ok(Found::Absent {
                may_be_sent_again: true
            })
        );
        let first: Published = account.publish(&wanted).await.unwrap();
        assert_eq!(account.publish(&wanted).await.as_ref(), Ok(&first));
        // Even where somebody changed what goes out under the key.
        let changed = publish::Post {
            text: "Sports day is on Monday.".into(),
            ..wanted.clone()
        };
        assert_eq!(account.publish(&changed).await.as_ref(), Ok(&first));
        assert_eq!(
            account.find(&wanted, now()).await,
            Ok(Found::There(first.clone()))
        );
        assert_eq!(real.posts().await.len(), 1);
        account.take_down(&first.id).await.unwrap();
        account.take_down(&first.id).await.unwrap();
        assert_eq!(real.posts().await.len(), 0);
    });
}

#[test]
fn what_the_server_refuses_is_refused() {
    let Some(real) = real() else { return };
    run(async {
        let carrier = Carrier::new();
        let account = real.account(&carrier);
        let long = post(&"a".repeat(301), "1");
        assert!(!publish::counted(&long.text, &Limits::BLUESKY).fits());
        let refused = account.publish(&long).await;
        assert!(matches!(refused, Err(Failure::Refused(_))), "{refused:?}");
        let full = post(&"👩🏽‍🚒".repeat(190), "2");
        assert!(publish::counted(&full.text, &Limits::BLUESKY).fits());
        account.publish(&full).await.unwrap();
        let wrong = Account::new(Platform::Bluesky, &real.address, HANDLE, "wrong", &carrier);
        let wrong = wrong.unwrap().check().await;
        assert!(matches!(wrong, Err(Failure::TokenRevoked(_))), "{wrong:?}");
        real.call(
            "POST",
            "com.atproto.server.revokeAppPassword",
            json!({ "name": "Probity" }),
        )
        .await;
        let revoked = account.publish(&post("Late", "3")).await;
        assert!(
            matches!(revoked, Err(Failure::TokenRevoked(_))),
            "{revoked:?}"
        );
        assert_eq!(real.posts().await.len(), 1);
    });
}
