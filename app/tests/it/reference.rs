//! The reference documents that are generated: they say what the program says, or this fails.
//! With PROBITY_GENERATE set, they are written instead (`cargo xtask generate`).

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use clap::{Command, CommandFactory as _};
use policy::vocabulary::{Attribute, Vocabulary};
use probity::cli::Cli;

pub(crate) fn hold(name: &str, generated: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../docs/reference")
        .join(name);
    if env::var_os("PROBITY_GENERATE").is_some() {
        fs::write(&path, generated).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == generated,
        "docs/reference/{name} is stale: run 'cargo xtask generate'"
    );
}

#[test]
fn the_command_line_reference_is_fresh() {
    let mut text = String::from(
        "# The command line\n\nGenerated from the program: `cargo xtask generate` writes it again.\n",
    );
    let mut command = Cli::command().term_width(96);
    command.build();
    told(&mut text, &mut command, 2);
    hold("command-line.md", &text);
}

#[test]
fn the_reference_of_the_settings_is_fresh() {
    hold("settings.md", &probity::settings::reference());
}

fn told(text: &mut String, command: &mut Command, level: usize) {
    let name = command.get_bin_name().unwrap_or("probity").to_owned();
    let help = command.render_long_help().to_string();
    let help: Vec<&str> = help.lines().map(str::trim_end).collect();
    writeln!(
        text,
        "\n{} {name}\n\n```text\n{}\n```",
        "#".repeat(level),
        help.join("\n")
    )
    .unwrap();
    for verb in command
        .get_subcommands_mut()
        .filter(|verb| verb.get_name() != "help")
    {
        told(text, verb, level + 1);
    }
}

#[test]
fn the_vocabulary_reference_is_fresh() {
    let vocabulary = probity::policies::vocabulary().unwrap();
    let mut text = String::from(
        "# The vocabulary\n\nThe words a situation is described in. Generated from `vocabulary.toml`: `cargo xtask generate` \
         writes it again.\n\n## Attributes\n",
    );
    for attribute in vocabulary.attributes() {
        attribute_told(&mut text, attribute);
    }
    text.push_str("\n## What cannot be\n\n");
    for impossible in vocabulary.impossible() {
        writeln!(text, "- `{}`: {}", impossible.name, impossible.why).unwrap();
    }
    duties(&mut text, &vocabulary);
    hold("vocabulary.md", &text);
}

fn attribute_told(text: &mut String, attribute: &Attribute) {
    writeln!(text, "\n### `{}`\n", attribute.id).unwrap();
    if attribute.is_yes_no() {
        let group = attribute.group.as_deref().unwrap_or_default();
        writeln!(
            text,
            "Yes or no: {}. Asked with `{group}`.",
            attribute.value_says(1)
        )
        .unwrap();
        return;
    }
    writeln!(
        text,
        "{}\n",
        attribute.question.as_deref().unwrap_or(&attribute.label)
    )
    .unwrap();
    for value in (0u8..).take(attribute.values.len()) {
        let neutral = if value == attribute.neutral {
            " (taken where nothing is said)"
        } else {
            ""
        };
        writeln!(
            text,
            "- `{}`: {}{neutral}",
            attribute.value_id(value),
            attribute.value_says(value)
        )
        .unwrap();
    }
    for (name, values) in &attribute.value_groups {
        let ids: Vec<String> = values
            .iter()
            .map(|v| format!("`{}`", attribute.value_id(v)))
            .collect();
        writeln!(text, "- `@{name}`: {}", ids.join(", ")).unwrap();
    }
}

fn duties(text: &mut String, vocabulary: &Vocabulary) {
    text.push_str("\n## Duties\n\n");
    for duty in vocabulary.duties() {
        writeln!(text, "- `{}`: {}", duty.id, duty.says).unwrap();
    }
    text.push_str("\n## Roles\n\n");
    for role in vocabulary.roles() {
        writeln!(text, "- `{}`: {}", role.id, role.says).unwrap();
    }
}
