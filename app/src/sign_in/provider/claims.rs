//! What a provider says of somebody beside who they are.

use std::collections::BTreeMap;

use openidconnect::AdditionalClaims;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// Where Entra ID names the claims that were too long for the token (OpenID Connect Core 1.0,
/// 5.6.2).
const ELSEWHERE: &str = "_claim_names";

/// The claims of an ID token that have no type of their own, by name.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(transparent)]
pub(super) struct Claims(BTreeMap<String, Json>);

impl AdditionalClaims for Claims {}

impl Claims {
    /// The values of a claim, one or several. A name with dots also leads into claims within
    /// claims, as in `realm_access.roles`. Nothing where the provider says that it keeps the
    /// claim elsewhere, so that nobody knows what it says.
    pub(super) fn values(&self, claim: &str) -> Option<Vec<String>> {
        match self.found(claim) {
            Some(Json::Array(several)) => Some(several.iter().filter_map(text).collect()),
            Some(one) => Some(text(one).into_iter().collect()),
            None => {
                let elsewhere = self.0.get(ELSEWHERE);
                let elsewhere = elsewhere.is_some_and(|names| names.get(claim).is_some());
                (!elsewhere).then(Vec::new)
            }
        }
    }

    fn found(&self, claim: &str) -> Option<&Json> {
        if let Some(value) = self.0.get(claim) {
            return Some(value);
        }
        let mut names = claim.split('.');
        let outer = self.0.get(names.next()?)?;
        names.try_fold(outer, |within, name| within.get(name))
    }
}

fn text(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(yes) => Some(yes.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Claims;

    #[test]
    fn values_are_found_as_providers_write_them() {
        let claims: Claims = serde_json::from_value(json!({
            "groups": ["heads", 7, ["nested"], null],
            "hd": "elm.example",
            "realm_access": { "roles": ["teacher"] },
            "https://elm.example/roles": ["office"],
            "staff": true,
            "_claim_names": { "wids": "src1" },
        }))
        .unwrap();
        let values = |claim| claims.values(claim).map(|found| found.join(" "));
        for (claim, expected) in [
            ("groups", Some("heads 7")),
            ("hd", Some("elm.example")),
            ("realm_access.roles", Some("teacher")),
            ("realm_access.groups", Some("")),
            ("realm_access", Some("")),
            ("https://elm.example/roles", Some("office")),
            ("staff", Some("true")),
            ("nothing", Some("")),
            ("", Some("")),
            ("wids", None),
        ] {
            assert_eq!(values(claim).as_deref(), expected, "{claim}");
        }
    }
}
