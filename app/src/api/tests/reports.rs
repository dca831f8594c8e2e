//! `compare`, `lint` and `coverage`: as described, whole, and refused where they cannot be.

use serde_json::Value as Json;

use super::contract::{assert_described, document};
use super::{Answer, get, site};

/// An answer held to the document, read.
async fn read(path: &str) -> (u16, Json) {
    let answer: Answer = get(&site(), path).await;
    let plain = path.split('?').next().unwrap();
    assert_described(&document(), "GET", plain, &answer);
    (answer.status, answer.json())
}

fn rows(comparison: &Json) -> Vec<&Json> {
    let groups = comparison["groups"].as_array().unwrap();
    let rows = groups.iter().map(|group| group["rows"].as_array().unwrap());
    rows.flatten().collect()
}

#[tokio::test]
async fn two_policies_are_compared_and_all_pairs_shown_where_they_are_asked_for() {
    let (status, usual) = read("/api/v1/compare?a=cmat&b=tlt").await;
    assert_eq!(status, 200);
    let shown = rows(&usual);
    assert!(shown.iter().all(|row| row["everyday"] == true) && !shown.is_empty());
    let (_, all) = read("/api/v1/compare?a=cmat&b=tlt&all=true&proof=false").await;
    assert_eq!(all["pairs"], rows(&all).len());
    assert!(rows(&all).len() >= shown.len());
    assert_eq!(all.get("proof"), None);
}

#[tokio::test]
async fn a_policy_does_not_differ_from_itself_and_its_proof_says_so() {
    let (_, none) = read("/api/v1/compare?a=yes&b=yes&proof=true").await;
    assert_eq!(rows(&none).len(), 0);
    assert_eq!(none["proof"]["complete"], true);
    assert!(none["proof"]["descriptions"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn every_policy_is_looked_over_and_covered_unless_one_is_named() {
    for path in ["/api/v1/lint", "/api/v1/coverage"] {
        let (status, all) = read(path).await;
        assert_eq!(status, 200);
        assert!(all["policies"].as_array().unwrap().len() >= 6, "{path}");
        let (_, one) = read(&format!("{path}?policy=link")).await;
        let one = one["policies"].as_array().unwrap();
        assert_eq!((one.len(), &one[0]["policy"]), (1, &Json::from("link")));
        assert!(all["policies"].as_array().unwrap().contains(&one[0]));
    }
}

#[tokio::test]
async fn duties_to_a_role_that_nobody_holds_are_found_where_the_roles_held_are_given() {
    let unheld = |report: &Json| {
        let findings = report["policies"][0]["findings"].as_array().unwrap();
        let kinds = findings.iter().map(|finding| &finding["kind"]);
        kinds.filter(|kind| *kind == "role-nobody-holds").count()
    };
    let (_, unknown) = read("/api/v1/lint?policy=link").await;
    assert_eq!(unheld(&unknown), 0);
    let (_, one) = read("/api/v1/lint?policy=link&roles=hr,it").await;
    assert!(unheld(&one) > 0);
    let (status, problem) = read("/api/v1/lint?roles=hr,haed").await;
    assert_eq!(status, 422);
    let detail = problem["detail"].as_str().unwrap();
    assert!(
        detail.contains("'haed'") && detail.contains("Did you mean 'head'?"),
        "{detail}"
    );
}

#[tokio::test]
async fn what_a_report_cannot_be_about_is_refused() {
    for (path, status, named) in [
        ("/api/v1/compare", 400, "?a=yes&b=link"),
        ("/api/v1/compare?a=yes", 400, "?a=yes&b=link"),
        ("/api/v1/compare?a=yes&b=lnik", 404, "'link'"),
        ("/api/v1/compare?a=yes&b=link&prof=true", 400, "`prof`"),
        ("/api/v1/compare?a=yes&b=link&proof=perhaps", 400, "proof"),
        ("/api/v1/lint?policy=nobody", 404, "'nobody'"),
        ("/api/v1/coverage?policy=yes&policy=link", 400, "policy"),
        ("/api/v1/coverage?plicy=yes", 400, "`plicy`"),
    ] {
        let (found, problem) = read(path).await;
        assert_eq!(found, status, "{path}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(named), "{path}: {detail}");
    }
}
