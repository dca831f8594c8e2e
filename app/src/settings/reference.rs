//! The reference of the settings, from their definitions.

use std::fmt::Write as _;

use super::definition::{Definition, Secrecy, Settings, Verbs};

const OPENING: &str = "\
# Settings

Generated from the program: `cargo xtask generate` writes it again.

A value comes from an option on the command line, otherwise from the environment, otherwise from the settings file,
otherwise from its default. One settings file is read: the one that `--config` or `PROBITY_CONFIG` names, otherwise
`probity.toml` in the data folder, otherwise `/etc/probity/probity.toml`. A name that is no setting is an error, in the
file and in the environment. `probity settings` shows every setting with its value and where that comes from.

The file is TOML; a name with a dot stands in a section. Paths in it are taken from the file's own folder.

```toml
public_url = \"https://probity.example.org\"
trusted_proxies = [\"127.0.0.1\"]

[mail]
url = \"smtps://probity:password@mail.example.org\"
from = \"Probity <probity@example.org>\"
```

A secret can also be kept in a file of its own: the variable with `_FILE` at its end names that file.

| Name | Variable | Option | Default |
|---|---|---|---|
";

const PROVIDERS: &str = "
## Providers of sign-in

Each has a section of its own, called by a key of 1 to 20 letters a-z and digits:

```toml
[provider.microsoft]
name = \"Microsoft\"
issuer = \"https://login.microsoftonline.com/YOUR-TENANT-ID/v2.0\"
client_id = \"0b1c\"
client_secret_file = \"microsoft.secret\"
trusts_email = true
```

`name`, `issuer`, `client_id` and the secret are needed. The secret is given as `client_secret`, or as `client_secret_file`,
which names a file that holds it. `trusts_email = true` believes its e-mail addresses even where it does not call them
verified: only for a provider at which nobody else gives out addresses. `private_network = true` allows private addresses
and plain HTTP. Where an installation has several trusts, `trust` names the one that the provider is for, by its
identifier; without it, all of them offer it.

In the environment the same is `PROBITY_PROVIDER_MICROSOFT_ISSUER` and so on, as in
`PROBITY_PROVIDER_MICROSOFT_CLIENT_SECRET_FILE`; it goes before the file. The return address to enter at the provider is
the site's address and `/sign-in/return/microsoft`. Administrators see these providers and where they stand, and
change nothing of them on the page but the roles that claims give.
";

/// `docs/reference/settings.md`.
#[must_use]
pub fn reference() -> String {
    let mut text = OPENING.to_owned();
    for definition in Settings::DEFINITIONS {
        let (name, variable) = (name(definition), definition.variable());
        let _ = writeln!(
            text,
            "| {name} | `{variable}` | {} | {} |",
            option(definition),
            default(definition)
        );
    }
    text.push_str(PROVIDERS);
    text.push_str("\n## What each is for\n");
    for definition in Settings::DEFINITIONS {
        let _ = write!(text, "\n### {}\n\n{}\n", definition.name, definition.says());
        if let Some(variable) = definition.file_variable() {
            let _ = write!(text, "\nFrom a file: `{variable}`.\n");
        }
    }
    text
}

fn name(definition: &Definition) -> String {
    match definition.secrecy {
        Secrecy::Environment => format!("`{}` (environment only)", definition.name),
        _ => format!("`{}`", definition.name),
    }
}

fn option(definition: &Definition) -> String {
    match definition.verbs {
        Verbs::None => String::new(),
        _ => format!("`--{} {}`", definition.option(), definition.value),
    }
}

fn default(definition: &Definition) -> String {
    match definition.default {
        Some("") => "none".to_owned(),
        Some(value) => format!("`{value}`"),
        None => definition.otherwise.to_owned(),
    }
}
