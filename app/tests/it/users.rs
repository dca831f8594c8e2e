//! `probity user`, as an operator types it, with good and bad input.

use crate::process::Installed;

/// What a command printed, or what it said instead.
fn user(installed: &Installed, words: &[&str]) -> Result<String, String> {
    let done = installed
        .program(&[&["user"], words].concat())
        .output()
        .unwrap();
    match done.status.success() {
        true => Ok(String::from_utf8(done.stdout).unwrap()),
        false => Err(String::from_utf8(done.stderr).unwrap()),
    }
}

const BEN: [&str; 6] = [
    "add",
    "ben@elm.example",
    "--given-name",
    "Ben",
    "--family-name",
    "Okoro",
];

#[tokio::test]
async fn people_are_added_and_given_links_that_choose_a_password() {
    let installed = Installed::on(None).await;
    let user = |words: &[&str]| user(&installed, words);
    for (more, told) in [
        (&[][..], "name the school where they work with --school"),
        (
            &["--school", "Oak"],
            "there is no open school 'Oak'; there are Ash Primary",
        ),
        (
            &["--school", "Ash Primary", "--role", "king"],
            "there is no such role; there are staff",
        ),
        (
            &["--school", "Ash Primary", "--role", "trust-administrator"],
            "for the whole trust",
        ),
    ] {
        let refused = user(&[&BEN[..], more].concat()).unwrap_err();
        assert!(refused.contains(told), "{refused}");
    }
    let added = user(&[&BEN[..], &["--school", "ash primary"]].concat()).unwrap();
    assert!(added.contains("Ben Okoro is added"), "{added}");
    let again = user(&[&BEN[..], &["--school", "ash primary"]].concat()).unwrap_err();
    assert!(again.contains("has this e-mail address already"), "{again}");
    assert!(user(&["list"]).unwrap().contains("ben@elm.example"));
    for verb in ["invite", "reset", "link"] {
        let link = user(&[verb, "Ben@elm.example"]).unwrap();
        assert!(
            link.starts_with("http://") && link.contains("/sign-in/link/"),
            "{link}"
        );
        let unknown = user(&[verb, "nobody@elm.example"]).unwrap_err();
        assert!(
            unknown.contains("`probity user list` shows who there is"),
            "{unknown}"
        );
    }
    let store = installed.store().await;
    let kinds = kinds(&installed, &store).await;
    assert_eq!(
        kinds,
        [
            "person.added",
            "sign-in.invited",
            "sign-in.reset-link-made",
            "sign-in.link-made"
        ]
    );
    store.close().await;
}

/// The kinds of the latest events about people, oldest first.
async fn kinds(installed: &Installed, store: &probity::store::Store) -> Vec<String> {
    use probity::store::Query as _;
    let rows = store
        .read(&installed.trust)
        .all(
            "SELECT kind FROM ledger_event WHERE trust = $1 AND record_kind = 'person' \
             AND record <> $2 ORDER BY seq",
            probity::values![&installed.person],
        )
        .await
        .unwrap();
    rows.iter().map(|row| row.get("kind").unwrap()).collect()
}

#[tokio::test]
async fn asking_for_somebody_needs_somebody_and_an_installation() {
    let installed = Installed::on(None).await;
    let run = |words: &[&str]| {
        let done = installed.program(words).output().unwrap();
        let (out, err) = (
            String::from_utf8(done.stdout),
            String::from_utf8(done.stderr),
        );
        (done.status.success(), out.unwrap(), err.unwrap())
    };
    user(
        &installed,
        &[&BEN[..], &["--school", "ash primary"]].concat(),
    )
    .unwrap();
    let ask = [
        "ask",
        "--policy",
        "stivichall",
        "post on the school account",
    ];
    let (done, told, _) = run(&[&ask[..], &["--as", "ben@elm.example"]].concat());
    assert!(done && told.contains("What is known"), "{told}");
    let (done, _, told) = run(&[&ask[..], &["--as", "nobody@elm.example"]].concat());
    assert!(
        !done && told.contains("nobody here has the e-mail address"),
        "{told}"
    );
    let held = ["--as", "ben@elm.example", "--held", "PER-2026-0001"];
    let (done, _, told) = run(&[&ask[..], &held].concat());
    assert!(
        !done && told.contains("nothing stands on record for Ben Okoro"),
        "{told}"
    );
    let (done, _, told) = run(&[&ask[..], &["--held", "PER-2026-0001"]].concat());
    assert!(!done && told.contains("--as"), "{told}");
    let requests = ["subject-access", "list", "--as", "ben@elm.example"];
    let (done, _, told) = run(&requests);
    assert!(
        !done && told.contains("Ben Okoro does not answer requests"),
        "{told}"
    );
}

#[test]
fn asking_for_somebody_where_there_is_no_installation_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let none = folder.path().join("none");
    for words in [
        &["ask", "--policy", "yes", "--as", "a@elm.example"][..],
        &["decide", "--policy", "yes", "--as", "a@elm.example"],
    ] {
        let done = std::process::Command::new(env!("CARGO_BIN_EXE_probity"))
            .args(words)
            .arg("--data")
            .arg(&none)
            .output()
            .unwrap();
        let told = String::from_utf8(done.stderr).unwrap();
        assert!(
            !done.status.success() && told.contains("there is no installation here"),
            "{told}"
        );
        assert!(!none.exists());
    }
}

#[test]
fn a_folder_without_an_installation_is_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let none = folder.path().join("none");
    let done = std::process::Command::new(env!("CARGO_BIN_EXE_probity"))
        .args(["user", "list", "--data"])
        .arg(&none)
        .output()
        .unwrap();
    assert!(!done.status.success() && !none.exists());
}
