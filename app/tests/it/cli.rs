//! The command line, run as a person or a program would.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::Value as Json;

fn probity(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_probity"));
    command
        .args(arguments)
        .env_remove("PROBITY_POLICIES")
        .output()
        .unwrap()
}

fn text(arguments: &[&str]) -> String {
    let output = probity(arguments);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

fn json(arguments: &[&str]) -> Json {
    serde_json::from_str(&text(arguments)).unwrap()
}

#[test]
fn a_comparison_is_told_to_people_and_to_programs() {
    let told = text(&["compare", "link", "cmat"]);
    assert!(told.starts_with("Link and Chancery differ by "), "{told}");
    assert!(!told.contains('\u{1b}'), "no colour where nobody looks on");
    let comparison = json(&["compare", "link", "cmat", "--format", "json"]);
    let groups = comparison["groups"].as_array().unwrap();
    let rows: usize = groups
        .iter()
        .map(|g| g["rows"].as_array().unwrap().len())
        .sum();
    assert_eq!(comparison["pairs"], rows);
    assert!(comparison.get("proof").is_none());
}

#[test]
fn a_proof_that_met_a_limit_says_so() {
    let few = ["compare", "yes", "tlt", "--proof", "--proof-limit", "3"];
    assert!(text(&few).contains("A limit was met: these 3 descriptions"));
    let comparison = json(&[&few[..], &["--format", "json"]].concat());
    assert_eq!(comparison["proof"]["complete"], false);
}

#[test]
fn a_policy_does_not_differ_from_itself() {
    assert_eq!(
        text(&["compare", "yes", "yes"]),
        "YES and YES never differ.\n"
    );
}

#[test]
fn lint_holds_dates_against_the_day_it_is_given() {
    let kinds = |day: &str| -> Vec<String> {
        let found = json(&[
            "lint", "--policy", "cmat", "--today", day, "--format", "json",
        ]);
        let findings = found[0]["findings"].as_array().unwrap();
        findings
            .iter()
            .map(|f| f["kind"].as_str().unwrap().to_owned())
            .collect()
    };
    assert!(!kinds("2025-07-31").contains(&"review-overdue".to_owned()));
    assert!(kinds("2025-08-01").contains(&"review-overdue".to_owned()));
    assert!(text(&["lint", "--policy", "link", "--today", "2026-11-15"]).contains("mend 10.1: "));
}

#[test]
fn lint_refuses_a_role_that_there_is_not() {
    let folder = std::env::temp_dir().join(format!("probity-roles-{}", std::process::id()));
    std::fs::write(&folder, "head  # Ms Example\n\nhaed\n").unwrap();
    let output = probity(&["lint", "--roles", folder.to_str().unwrap()]);
    std::fs::remove_file(&folder).unwrap();
    assert!(!output.status.success());
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains(":3: there is no role 'haed'"), "{error}");
}

#[test]
fn coverage_counts_every_norm() {
    let coverages = json(&["coverage", "--format", "json"]);
    let five = ["cmat", "link", "stivichall", "tlt", "yes"];
    let of_five = |c: &&Json| five.contains(&c["policy"].as_str().unwrap());
    let norms: u64 = coverages
        .as_array()
        .unwrap()
        .iter()
        .filter(of_five)
        .map(|c| c["norms"].as_u64().unwrap())
        .sum();
    assert_eq!(norms, 548);
    let missing = text(&["coverage", "--policy", "link", "--missing"]);
    assert!(
        missing.contains("not built yet: the register 'monitor'"),
        "{missing}"
    );
}

#[test]
fn a_policy_is_shown_and_searched() {
    let clause = text(&["policy", "show", "stivichall", "--clause", "8.3.1"]);
    assert!(
        clause.contains("8.3.1 ") && !clause.contains("8.3.2 "),
        "{clause}"
    );
    let found = json(&[
        "policy",
        "show",
        "yes",
        "--search",
        "KCSIE applicants",
        "--format",
        "json",
    ]);
    assert!(found["clauses"].as_array().unwrap().len() <= 1);
    let output = probity(&["policy", "show", "yes", "--clause", "99.9"]);
    assert!(!output.status.success());
}

#[test]
fn a_document_is_imported_from_standard_input() {
    let run = |arguments: &[&str], input: &[u8]| -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_probity"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        child.wait_with_output().unwrap()
    };
    let document = b"Social Media Policy\n\n1. Scope\n1.1 Staff must not share passwords.\n";
    let draft = run(&["import", "-", "--format", "toml"], document);
    assert!(
        String::from_utf8(draft.stdout)
            .unwrap()
            .contains("must-not")
    );
    let refused = run(&["import", "-"], b"%PDF-1.7\n\xff\xfe");
    assert!(!refused.status.success());
    assert!(
        String::from_utf8(refused.stderr)
            .unwrap()
            .contains("plain text")
    );
}

#[test]
fn shells_and_manuals_know_every_verb() {
    for shell in ["bash", "zsh", "fish"] {
        assert!(text(&["completions", shell]).contains("coverage"));
    }
    assert!(text(&["man"]).contains("probity\\-compare"));
    assert!(text(&["man", "lint"]).contains("\\-\\-today"));
    assert!(!probity(&["man", "nothing"]).status.success());
}

#[test]
fn an_unknown_policy_is_answered_with_those_there_are() {
    let output = probity(&["compare", "link", "lnik"]);
    assert!(!output.status.success());
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.contains("there is no policy 'lnik'; there are cmat, link,"),
        "{error}"
    );
}

#[test]
fn asking_tells_programs_the_next_question() {
    let step = json(&[
        "ask",
        "--policy",
        "yes",
        "--format",
        "json",
        "Can I accept a friend request from a former pupil?",
    ]);
    assert_eq!(step["known"]["act"], "connect");
    assert_eq!(step["known"]["other"], "ex-pupil");
    assert_eq!(step["understood"][0]["attribute"], "act");
    assert!(step["possible"].as_array().unwrap().len() > 1);
    assert!(!step["question"]["options"].as_array().unwrap().is_empty());
    assert!(step["decision"].is_null());
}

#[test]
fn asking_ends_with_an_answer() {
    let given = r#"{"act": "notice-child-at-risk", "asker": "teacher"}"#;
    let told = text(&["ask", "--policy", "stivichall", "--given", given]);
    assert!(told.contains("What the law asks"), "{told}");
    assert!(told.contains("Whom to ask"), "{told}");
    let told = text(&["ask", "--policy", "yes", "Can I get round the filter?"]);
    assert!(told.contains("What is known"), "{told}");
}

#[test]
fn an_explanation_says_why_and_what_would_change_it() {
    let given = r#"{"act": "use", "device": "school-computer"}"#;
    let explain = ["explain", "--policy", "yes", "--given", given];
    let told = text(&explain);
    for part in ["Only with permission", "Why", "What would change it"] {
        assert!(told.contains(part), "{part} in {told}");
    }
    let explained = json(&[&explain[..], &["--format", "json"]].concat());
    let first = &explained["changes"][0];
    assert_eq!(first["facts"][0]["attribute"], "device");
    assert_eq!(first["facts"][0]["by"], "asker");
    assert_eq!(explained["decision"]["standing"], "permission-needed");
    assert!(
        !explained["why"][0]["because"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn facts_that_cannot_be_are_refused_in_words() {
    for (given, says) in [
        ("{", "no JSON"),
        (r#"{"act": "conect"}"#, "did you mean 'connect'?"),
        (
            r#"{"in_writing": true}"#,
            "Written leave comes from somebody.",
        ),
        (r#"{"act": ["post", "use"]}"#, "a list leaves open"),
    ] {
        let refused = probity(&["explain", "--policy", "yes", "--given", given]);
        assert!(!refused.status.success(), "{given}");
        let told = String::from_utf8(refused.stderr).unwrap();
        assert!(told.contains(says), "{told}");
    }
    assert!(!probity(&["ask", "what", "now"]).status.success());
}

#[test]
fn a_draft_is_screened_by_a_policy() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let roll = file(
        "roll.json",
        r#"{"pupils": [{"given": ["Ella"], "family": ["Khan"], "year": 4}]}"#,
    );
    let like = ["--policy", "link", "--account", "official", "--roll", &roll];
    let one = [&["screen", "Well done Ella Khan"][..], &like].concat();
    let told = text(&one);
    assert!(told.contains("A pupil's full name: Ella Khan"), "{told}");
    assert!(told.starts_with("Prohibited"), "{told}");
    let screened = json(&[&one[..], &["--format", "json"]].concat());
    assert_eq!(screened["decision"]["standing"], "prohibited");
    let mut findings = screened["findings"].as_array().unwrap().iter();
    let finding = findings
        .find(|finding| finding["finding"]["kind"] == "pupil-full-name")
        .unwrap();
    let clauses = finding["clauses"].as_array().unwrap();
    assert!(clauses.contains(&"6.3.f.a".into()), "{clauses:?}");

    let posts = file(
        "posts.csv",
        "id,text\nfair,The fair is on Friday\ncup,Ella Khan won the cup\n",
    );
    let archive = [&["screen", "--archive", &posts][..], &like].concat();
    let told = text(&archive);
    assert!(
        told.lines().count() == 1 && told.starts_with("cup: "),
        "{told}"
    );

    let unnamed = file("posts.txt", "nothing");
    let refused = probity(&["screen", "--policy", "link", "--archive", &unnamed]);
    let why = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && why.contains(".jsonl"), "{why}");
}
