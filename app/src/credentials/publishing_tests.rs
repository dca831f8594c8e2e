//! Tokens for publishing, on both engines, against a platform.

use super::connection;
use super::tests::published;
use crate::accounts::tests::{asked, follow, step};
use crate::authority::Role;
use crate::cases::tests::made::of;
use crate::ledger::{Kept, verify};
use crate::outbound::testing::{Platform, TOKEN};
use crate::records::KINDS;
use crate::store::testing::on_both;
use crate::web::App;
use crate::web::testing::TestSite;

on_both! {
    async fn a_token_is_kept_once_the_platform_says_whose_it_is(test: TestStore) {
        let mut platform = Platform::start().await;
        let app = App::sample().with_platforms(Platform::outbound());
        let site = TestSite::over(app, test);
        follow(&site.test, "tlt").await;
        let (head, ann) = (site.person("Hal", Role::Head, Some("ash")).await, site.person("Ann", Role::Staff, Some("ash")).await);
        let server = platform.address().replace(':', "%3A").replace('/', "%2F");
        for (account, shown) in [("bluesky @ash.bsky.social", "bsky.social"), ("mastodon https://social.example/@ash", "value=\"https://social.example\"")] {
            let case = asked(&site.test, &of(&site.test, &ann, Role::Staff), &ann.id, &[("account", account)]).await.id;
            step(&site.test, &of(&site.test, &head, Role::Head), &case, "take-on", "").await.unwrap();
            let page = format!("/accounts/{case}/log-in/token");
            let form = site.get(&ann, &page).await.text;
            assert!(form.contains(shown), "{form}");
            let send = async |name: &str, token: &str, server: &str| {
                site.send(&ann, "POST", &page, &format!("server={server}&name={name}&token={token}")).await
            };
            let name = if account.starts_with("bluesky") { "ash.bsky.social" } else { "" };
            let there = async || {
                connection(&mut site.test.store.read(&site.test.trust), &case).await.unwrap()
            };
            for (name, token, server, why) in [
                (name, "wrong", server.as_str(), "does not accept"),
                (name, "", server.as_str(), "Enter the token"),
                (name, "two%20words", server.as_str(), "without spaces"),
                (name, TOKEN, "bsky.social", "address of the server"),
                (name, TOKEN, "https%3A%2F%2F10.0.0.1", "private network"),
            ] {
                let refused = send(name, token, server).await;
                assert!(refused.status == 422 && refused.text.contains(why), "{why}: {}", refused.text);
                assert!(!refused.text.contains(TOKEN), "{why}");
            }
            assert_eq!(there().await, None);
            platform.down().await;
            let down = send(name, TOKEN, &server).await;
            assert!(down.status == 422 && down.text.contains("could not be reached"), "{}", down.text);
            platform.up().await;
            let kept = send(name, TOKEN, &server).await;
            assert_eq!(kept.location, format!("/accounts/{case}/log-in?done=token"), "{}", kept.text);
            assert_eq!(there().await.unwrap().server, platform.address());
            assert_eq!(published(&site.test, &case).await, [TOKEN]);
            site.send(&ann, "POST", &format!("{page}/revoke"), "").await;
            assert_eq!(there().await, None);
        }
        let other = asked(&site.test, &of(&site.test, &ann, Role::Staff), &ann.id, &[("account", "mastodon https://social.example/@oak")]).await.id;
        step(&site.test, &of(&site.test, &head, Role::Head), &other, "take-on", "").await.unwrap();
        let refused = site.send(&ann, "POST", &format!("/accounts/{other}/log-in/token"), &format!("server={server}&token={TOKEN}")).await;
        assert!(refused.status == 422 && refused.text.contains("this account is oak"), "{}", refused.text);
        let kinds: Vec<_> = KINDS.iter().filter(|kind| kind.kind == "credential").copied().collect();
        let differing = verify(&site.test.store, &site.test.trust, &kinds, &Kept::default()).await.unwrap();
        assert!(differing.faults.is_empty(), "{:?}", differing.faults);
    }
}
