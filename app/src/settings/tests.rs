use std::ffi::OsString;
use std::fs;
use std::path::Path;

use clap::{Args as _, Command, FromArgMatches as _};

use super::*;

/// Loads settings from options and variables; nothing of this machine comes in.
fn load(options: &[&str], environment: &[(&str, &str)]) -> Result<Settings, String> {
    let command = Options::<OfServe>::augment_args(Command::new("probity"));
    let matches = command.get_matches_from([&["probity"], options].concat());
    let places = Places {
        environment: environment
            .iter()
            .map(|(name, value)| ((*name).to_owned(), OsString::from(value)))
            .collect(),
        system_file: "no/such/file".into(),
    };
    let options = Options::<OfServe>::from_arg_matches(&matches).unwrap();
    Settings::load(&options, &places).map_err(|error| error.to_string())
}

fn written(folder: &Path, name: &str, text: &str) -> String {
    let file = folder.join(name);
    fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

fn in_force<'s>(settings: &'s Settings, name: &str) -> &'s InForce {
    settings
        .in_force()
        .iter()
        .find(|it| it.name == name)
        .unwrap()
}

#[test]
fn without_anything_the_defaults_hold() {
    let settings = load(&[], &[]).unwrap();
    assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.data, Path::new("probity-data"));
    assert!(!settings.https() && settings.trusted_proxies.is_empty());
    assert_eq!(settings.metrics_readers.len(), 2);
    assert_eq!(in_force(&settings, "listen").source, "default");
    assert_eq!(in_force(&settings, "database_url").value, None);
}

#[test]
fn an_option_goes_before_a_variable_before_the_file_before_the_default() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(
        folder.path(),
        "s.toml",
        "rate = 1\nburst = 1\nmax_body = 1\n[log]\nformat = \"json\"\n",
    );
    let settings = load(
        &["--config", &file, "--rate", "3"],
        &[("PROBITY_RATE", "2"), ("PROBITY_BURST", "2")],
    )
    .unwrap();
    assert_eq!(
        (settings.rate.get(), settings.burst.get(), settings.max_body),
        (3, 2, 1)
    );
    assert_eq!(settings.log_format, LogFormat::Json);
    assert_eq!(in_force(&settings, "rate").source, "--rate");
    assert_eq!(in_force(&settings, "burst").source, "PROBITY_BURST");
    assert_eq!(
        in_force(&settings, "log.format").source,
        format!("{file}:5")
    );
}

#[test]
fn every_fault_is_named_at_once_with_its_place_and_the_right_name() {
    let folder = tempfile::tempdir().unwrap();
    let text = "rate = 0\nbrust = 5\n[mail]\nurll = \"x\"\n[log]\nformat = { a = 1 }\n";
    let file = written(folder.path(), "s.toml", text);
    let faults = load(
        &["--config", &file, "--listen", "nowhere"],
        &[("PROBITY_LISTNE", "x"), ("PROBITY_TIMEOUT", "-1")],
    )
    .unwrap_err();
    for expected in [
        "the settings have 7 faults".to_owned(),
        format!("{file}:1: rate: '0' is no whole number from 1 up"),
        format!("{file}:2: 'brust' is no setting. Did you mean 'burst'?"),
        format!("{file}:4: 'mail.urll' is no setting. Did you mean 'mail.url'?"),
        format!("{file}:6: 'log.format' takes a text"),
        "--listen: listen: 'nowhere' is no address with a port".to_owned(),
        "PROBITY_LISTNE is no setting. Did you mean 'PROBITY_LISTEN'?".to_owned(),
        "PROBITY_TIMEOUT: timeout: '-1' is no number of seconds".to_owned(),
    ] {
        assert!(faults.contains(&expected), "{expected}\nin:\n{faults}");
    }
}

#[test]
fn a_file_that_is_no_toml_is_refused_with_the_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(folder.path(), "s.toml", "rate = 1\nburst =\n");
    let fault = load(&["--config", &file], &[]).unwrap_err();
    assert!(fault.starts_with(&format!("{file}:2: ")), "{fault}");
    let fault = load(&["--config", "no/such/file.toml"], &[]).unwrap_err();
    assert!(
        fault.contains("no/such/file.toml cannot be read"),
        "{fault}"
    );
}

#[test]
fn the_file_of_the_data_folder_is_read_and_its_paths_are_taken_from_there() {
    let folder = tempfile::tempdir().unwrap();
    let text = "policies = \"own\"\ntrusted_proxies = [\"10.0.0.0/8\", \"::1\"]\n";
    let file = written(folder.path(), "probity.toml", text);
    let data = folder.path().to_str().unwrap();
    let settings = load(&[], &[("PROBITY_DATA", data)]).unwrap();
    assert_eq!(settings.policies, Some(folder.path().join("own")));
    assert_eq!(settings.trusted_proxies.len(), 2);
    assert_eq!(settings.file(), Some(&file.into()));
    assert_eq!(
        settings.master_key_source(),
        MasterKeySource::File(folder.path().join("master.key"))
    );
}

#[test]
fn secrets_come_from_files_too_and_are_masked() {
    let folder = tempfile::tempdir().unwrap();
    let url = written(
        folder.path(),
        "url",
        "postgres://probity:opensesame@db.example.org/probity?password=b\n",
    );
    let settings = load(
        &[],
        &[
            ("PROBITY_DATABASE_URL_FILE", &url),
            ("PROBITY_METRICS_TOKEN", "opensesame"),
        ],
    )
    .unwrap();
    assert_eq!(
        settings.metrics_token.as_ref().unwrap().reveal(),
        "opensesame"
    );
    assert!(
        settings
            .database_url
            .as_ref()
            .unwrap()
            .reveal()
            .ends_with("?password=b")
    );
    let shown = in_force(&settings, "database_url").value.clone();
    assert_eq!(
        shown.as_deref(),
        Some("postgres://probity:****@db.example.org/probity?****")
    );
    let told = format!("{settings:?}");
    assert!(
        !told.contains("opensesame") && !told.contains("=b"),
        "{told}"
    );
    let both = [
        ("PROBITY_MAIL_URL", "smtp://a"),
        ("PROBITY_MAIL_URL_FILE", url.as_str()),
    ];
    let fault = load(&[], &both).unwrap_err();
    assert!(fault.contains("are both set"), "{fault}");
    let fault = load(&[], &[("PROBITY_DATABASE_URL_FILE", "no/such/file")]).unwrap_err();
    assert!(fault.contains("no/such/file cannot be read"), "{fault}");
}

#[test]
fn one_master_key_setting_of_the_highest_standing_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(folder.path(), "s.toml", "master_key_file = \"/keys/a\"\n");
    let config = ["--config", &file];
    let source =
        |environment: &[(&str, &str)]| load(&config, environment).unwrap().master_key_source();
    assert_eq!(source(&[]), MasterKeySource::File("/keys/a".into()));
    let command = [("PROBITY_MASTER_KEY_COMMAND", "vault read")];
    assert_eq!(
        source(&command),
        MasterKeySource::Command("vault read".into())
    );
    let variable = [("PROBITY_MASTER_KEY", "00")];
    assert_eq!(
        source(&variable),
        MasterKeySource::Environment("PROBITY_MASTER_KEY".into())
    );
    let fault = load(&config, &[command[0], variable[0]]).unwrap_err();
    assert_eq!(
        fault,
        "master_key and master_key_command are both set; give one of them"
    );
    let file = written(folder.path(), "k.toml", "master_key = \"00\"\n");
    let fault = load(&["--config", &file], &[]).unwrap_err();
    assert!(fault.contains("not read from a file"), "{fault}");
}

#[test]
fn a_public_address_is_a_scheme_and_a_host() {
    let of = |url: &str| load(&["--public-url", url], &[]);
    let settings = of("https://Probity.Example.org/").unwrap();
    assert!(settings.https());
    let link = settings.public_url.unwrap().of("/home");
    assert_eq!(link, "https://probity.example.org/home");
    assert!(!of("http://localhost:8080").unwrap().https());
    for wrong in [
        "probity.example.org",
        "ftp://a",
        "https://a/path",
        "https://u@a",
        "https://a?b",
        "",
    ] {
        assert!(of(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn variables_that_container_platforms_set_for_a_service_of_our_name_are_no_faults() {
    let foreign = [
        ("PROBITY_PORT", "tcp://10.0.0.1:80"),
        ("PROBITY_SERVICE_HOST", "10.0.0.1"),
    ];
    assert!(load(&[], &foreign).is_ok());
}

const PROVIDER: &str = "[provider.elm]\nname = \"Elm\"\nissuer = \"https://id.elm.example\"\nclient_id = \"probity\"\n";

#[test]
fn providers_stand_in_sections_and_their_secrets_in_files() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path(), "elm.secret", "open sesame\n");
    let text = format!("{PROVIDER}client_secret_file = \"elm.secret\"\ntrusts_email = true\n");
    let file = written(folder.path(), "s.toml", &text);
    let environment = [("PROBITY_PROVIDER_ELM_NAME", "Elm Trust")];
    let settings = load(&["--config", &file], &environment).unwrap();
    let [elm] = settings.providers() else {
        panic!("one provider")
    };
    assert_eq!((elm.key.as_str(), elm.name.as_str()), ("elm", "Elm Trust"));
    assert_eq!(elm.client_secret.reveal(), "open sesame");
    assert!(elm.trusts_email && !elm.private_network && elm.trust.is_none());
    assert_eq!(elm.source, format!("{file}:3"));
    let secret = in_force(&settings, "provider.elm.client_secret");
    assert_eq!(secret.value.as_deref(), Some("****"));
    assert!(secret.source.contains("elm.secret"), "{}", secret.source);
    let name = in_force(&settings, "provider.elm.name");
    assert_eq!(name.source, "PROBITY_PROVIDER_ELM_NAME");
}

#[test]
fn a_provider_may_stand_in_the_environment_alone() {
    let environment = [
        ("PROBITY_PROVIDER_ELM_NAME", "Elm"),
        ("PROBITY_PROVIDER_ELM_ISSUER", "http://10.0.0.2"),
        ("PROBITY_PROVIDER_ELM_CLIENT_ID", "probity"),
        ("PROBITY_PROVIDER_ELM_CLIENT_SECRET", "open sesame"),
        ("PROBITY_PROVIDER_ELM_PRIVATE_NETWORK", "true"),
    ];
    assert_eq!(load(&[], &environment).unwrap().providers().len(), 1);
    let without = load(&[], &environment[..4]).unwrap_err();
    assert!(
        without.contains("does not begin with https://"),
        "{without}"
    );
}

#[test]
fn every_fault_of_a_provider_is_named_and_no_secret_is() {
    let folder = tempfile::tempdir().unwrap();
    let secret = "open sesame";
    let refused = |text: &str, environment: &[(&str, &str)]| {
        let file = written(folder.path(), "s.toml", text);
        let told = load(&["--config", &file], environment).unwrap_err();
        assert!(!told.contains(secret), "{told}");
        told
    };
    for (text, told) in [
        (
            PROVIDER.to_owned(),
            "provider.elm.client_secret (or client_secret_file) is missing",
        ),
        (
            format!("{PROVIDER}client_secrets = \"{secret}\"\n"),
            "Did you mean 'client_secret'?",
        ),
        (format!("{PROVIDER}client_secret = 7\n"), "takes a text"),
        (
            format!("{PROVIDER}client_secret = \"{secret}\"\ntrusts_email = \"perhaps\"\n"),
            "neither true nor false",
        ),
        (
            format!("{PROVIDER}client_secret_file = \"gone\"\n"),
            "cannot be read",
        ),
        (
            "[provider.\"Elm Trust\"]\n".to_owned(),
            "letters a-z and digits",
        ),
        ("provider = 3\n".to_owned(), "'provider' is no setting"),
        ("[provider]\nelm = 3\n".to_owned(), "is no section"),
    ] {
        let said = refused(&text, &[]);
        assert!(said.contains(told), "{said}");
    }
    let whole =
        format!("{PROVIDER}client_secret = \"{secret}\"\nclient_secret_file = \"elm.secret\"\n");
    written(folder.path(), "elm.secret", secret);
    assert!(refused(&whole, &[]).contains("the secret is given twice"));
    let said = refused("", &[("PROBITY_PROVIDER_ELM_SECRET", secret)]);
    assert!(said.contains("CLIENT_SECRET_FILE"), "{said}");
}
