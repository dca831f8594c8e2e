//! What keeps a post from being sent for approval.

use super::super::super::{PostError, may_go, sending};
use super::PostPage;
use crate::accounts::answer;
use crate::authority::Actor;
use crate::cases::Seen;
use crate::store::Tx;
use crate::web::App;

/// What must be mended before it is sent for approval, beside what the policy forbids.
pub(super) async fn to_mend(
    tx: &mut Tx,
    app: &App,
    actor: &Actor,
    (seen, page): (&Seen, &PostPage),
) -> Result<Vec<String>, PostError> {
    let (post, engine, today) = (&seen.case, app.engine(), app.today());
    let mut faults = Vec::new();
    if page.accounts.is_empty() {
        faults.push("Choose at least one account that it goes to.".to_owned());
    }
    for sending in sending::of_post(tx, &post.id).await? {
        match may_go::account(tx, actor, &sending.account).await? {
            Some(account) => faults.extend(may_go::authority(tx, post, &account, today).await?),
            None => faults.push("One of its accounts is not in use any more.".to_owned()),
        }
    }
    let over = page.accounts.iter().filter(|account| account.over);
    faults.extend(over.map(|account| {
        format!(
            "It is too long for {}: {} characters of at most {}.",
            account.says,
            account.count,
            account.most.unwrap_or_default()
        )
    }));
    if page.pictures.iter().any(|picture| picture.alt.is_empty()) {
        faults.push("Say of every picture what is to be seen on it.".to_owned());
    }
    if answer(post, "has_link") == "yes" && answer(post, "link_checked") != "yes" {
        faults
            .push("Open every outside link, and look whether it is safe and suitable.".to_owned());
    }
    let own = seen.rules.settings.says_yes("own_adverts");
    if own && answer(post, "kind") == "vacancy" && answer(post, "own_advert") != "yes" {
        faults.push(
            "The policy wants adverts for vacancies to be written and put up by the school itself."
                .to_owned(),
        );
    }
    faults.extend(may_go::consent(tx, &engine, post, today).await?);
    Ok(faults)
}
