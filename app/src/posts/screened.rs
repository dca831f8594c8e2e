//! A post, screened by the policy of its school with what is on record of it: leave to post, and consent.

use std::collections::BTreeMap;

use screen::{Account, Audience, Draft};
use serde_json::{Map, Value as Json};

use crate::authority::Actor;
use crate::schools;
use crate::screening::{self, Checked};
use crate::store::SchoolId;
use crate::web::App;
use crate::web::problem::Problem;

/// What is on record of a post, for screening it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct OnRecord {
    /// Whoever writes it may post on every account that it goes to.
    pub(super) may_post: bool,
    /// Every pupil in it may be in it as they are.
    pub(super) consented: bool,
}

/// What the policy says of a text and the descriptions of its pictures; nothing where the school follows none.
pub(super) async fn screened(
    app: &App,
    actor: &Actor,
    school: &SchoolId,
    (text, alts): (&str, Vec<String>),
    on_record: OnRecord,
) -> Result<Option<Checked>, Problem> {
    let mut reader = app.store()?.read(&actor.trust);
    let Some(school) = schools::find(&mut reader, school).await? else {
        return Ok(None);
    };
    let draft = Draft {
        text: text.to_owned(),
        alts,
        account: Account::Official,
        audience: Audience::Public,
        ..Draft::default()
    };
    let mut facts = BTreeMap::new();
    if on_record.may_post {
        facts.insert("authorised", Json::from("head"));
        facts.insert("in_writing", Json::Bool(true));
    }
    if on_record.consented {
        facts.insert("image_consent", Json::from("given"));
    }
    let facts: Map<String, Json> = facts
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    screening::at_school(app, actor, &school, (draft, facts)).await
}
