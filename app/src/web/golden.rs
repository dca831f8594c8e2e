//! Our component macros against the examples that the `govuk-frontend` package ships with each of
//! its components: the same options must give the same document. What we leave out on purpose is
//! listed, with the reason, in `tests/fixtures-not-supported.tsv`; the list may not go stale.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use minijinja::{Value, context};
use scraper::node::Element;
use scraper::{ElementRef, Html, Node};
use serde_json::Value as Json;

use super::templates::Templates;

/// The components we have macros for, under the package's names.
const COMPONENTS: [&str; 30] = [
    "accordion",
    "back-link",
    "breadcrumbs",
    "button",
    "checkboxes",
    "date-input",
    "details",
    "error-message",
    "error-summary",
    "fieldset",
    "generic-header",
    "hint",
    "input",
    "inset-text",
    "label",
    "notification-banner",
    "pagination",
    "panel",
    "phase-banner",
    "radios",
    "select",
    "service-navigation",
    "skip-link",
    "summary-list",
    "table",
    "tabs",
    "tag",
    "task-list",
    "textarea",
    "warning-text",
];

/// How many examples of these components come out the same.
const MATCHING: usize = 564;

/// The package's components that we have no macro for.
const LEFT_OUT: [(&str, &str); 9] = [
    (
        "character-count",
        "free text here has no length that a person should watch",
    ),
    ("cookie-banner", "no cookies are set"),
    (
        "exit-this-page",
        "asking about a policy puts nobody in danger at home",
    ),
    ("feedback", "there is nobody behind the site to send it to"),
    ("file-upload", "no page takes a file"),
    (
        "footer",
        "its crown, crest and licence are the government's; `components/footer.html` is ours",
    ),
    (
        "header",
        "it carries the GOV.UK logo; we use generic-header",
    ),
    ("language-navigation", "the site is in English alone"),
    ("password-input", "nobody signs in"),
];

#[test]
fn the_macros_give_what_the_package_gives() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("node_modules/govuk-frontend/dist/govuk/components");
    if !folder.exists() {
        eprintln!("SKIPPED: the component examples need `npm ci --ignore-scripts` in app/");
        return;
    }
    let known: BTreeSet<String> = COMPONENTS
        .into_iter()
        .chain(LEFT_OUT.into_iter().map(|(name, _reason)| name))
        .map(str::to_owned)
        .collect();
    assert_eq!(
        known,
        shipped(&folder),
        "each component has a macro, or a reason for having none"
    );

    let templates = Templates::embedded().unwrap();
    let mut excused = excused();
    let (mut matching, mut wrong) = (0, String::new());
    for component in COMPONENTS {
        let text = std::fs::read_to_string(folder.join(component).join("fixtures.json")).unwrap();
        let file: Json = serde_json::from_str(&text).unwrap();
        for fixture in file["fixtures"].as_array().unwrap() {
            let name = fixture["name"].as_str().unwrap();
            let wanted = normalised(fixture["html"].as_str().unwrap());
            let given = render(&templates, component, &fixture["options"]);
            let excuse = excused.remove(&(component.to_owned(), name.to_owned()));
            match (given.map(|html| normalised(&html)), excuse) {
                (Ok(given), None) if given == wanted => matching += 1,
                (Ok(given), Some(_)) if given == wanted => {
                    writeln!(wrong, "{component}: {name}: matches, and is listed as not").unwrap();
                }
                (_, Some(_)) => {}
                (Ok(given), None) => {
                    writeln!(wrong, "{component}: {name}\n  {wanted}\n  {given}").unwrap();
                }
                (Err(error), None) => writeln!(wrong, "{component}: {name}\n  {error}").unwrap(),
            }
        }
    }
    for (component, name) in excused.keys() {
        writeln!(
            wrong,
            "{component}: {name}: listed, and not among the examples"
        )
        .unwrap();
    }
    println!(
        "{matching} examples of {} components match",
        COMPONENTS.len()
    );
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!(matching, MATCHING);
}

/// The components in the package.
fn shipped(folder: &Path) -> BTreeSet<String> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(Result::unwrap)
        .filter(|entry| entry.path().join("fixtures.json").exists())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect()
}

/// (component, example) to the reason why we do not support it.
fn excused() -> BTreeMap<(String, String), String> {
    include_str!("../../tests/fixtures-not-supported.tsv")
        .lines()
        .skip(1)
        .map(|line| {
            let mut columns = line.split('\t').map(str::to_owned);
            let mut column = || columns.next().filter(|column| !column.is_empty()).unwrap();
            ((column(), column()), column())
        })
        .collect()
}

fn render(
    templates: &Templates,
    component: &str,
    options: &Json,
) -> Result<String, minijinja::Error> {
    let name = component.replace('-', "_");
    let source = format!(
        "{{% from \"components/{component}.html\" import {name} %}}{{{{ {name}(**options) }}}}"
    );
    templates.render_source(&source, context! { options => ours(options) })
}

/// The package has two names for each piece of content, `text` (escaped) and `html` (not). We have
/// one, `text`, and escape what is not markup already.
fn ours(options: &Json) -> Value {
    match options {
        Json::Object(map) => {
            let mut content: BTreeMap<String, Value> = BTreeMap::new();
            for (name, option) in map {
                if !is_markup(name, option) {
                    content.entry(name.clone()).or_insert_with(|| ours(option));
                }
            }
            for (name, option) in map.iter().filter(|(name, option)| is_markup(name, option)) {
                let name = name.replace("html", "text").replace("Html", "Text");
                content.insert(
                    name,
                    Value::from_safe_string(option.as_str().unwrap().to_owned()),
                );
            }
            Value::from(content)
        }
        Json::Array(list) => Value::from_iter(list.iter().map(ours)),
        other => Value::from(minijinja::value::Serde(other)),
    }
}

fn is_markup(name: &str, option: &Json) -> bool {
    (name == "html" || name.ends_with("Html")) && option.as_str().is_some_and(|s| !s.is_empty())
}

/// A document fragment with what a browser would ignore taken out.
fn normalised(html: &str) -> String {
    let document = Html::parse_fragment(html);
    let mut out = String::new();
    children(document.root_element(), &mut out);
    out
}

fn children(parent: ElementRef<'_>, out: &mut String) {
    let last = parent.children().count().saturating_sub(1);
    for (index, node) in parent.children().enumerate() {
        match node.value() {
            Node::Element(element) => {
                open(element, out);
                if let Some(child) = ElementRef::wrap(node) {
                    children(child, out);
                }
                write!(out, "</{}>", element.name()).unwrap();
            }
            Node::Text(text) if parent.value().name() == "textarea" => out.push_str(text),
            Node::Text(text) => {
                let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
                let spaced = |at_edge: bool, there: bool| !at_edge && there && !words.is_empty();
                if spaced(index == 0, text.starts_with(char::is_whitespace)) {
                    out.push(' ');
                }
                out.push_str(&words);
                if spaced(index == last, text.ends_with(char::is_whitespace)) {
                    out.push(' ');
                }
            }
            _ => {}
        }
    }
}

fn open(element: &Element, out: &mut String) {
    write!(out, "<{}", element.name()).unwrap();
    let mut attributes: Vec<(&str, String)> = element
        .attrs()
        .map(|(name, value)| {
            let value = if name == "class" {
                let mut classes: Vec<&str> = value.split_whitespace().collect();
                classes.sort_unstable();
                classes.join(" ")
            } else {
                value.to_owned()
            };
            (name, value)
        })
        .collect();
    attributes.sort();
    for (name, value) in attributes {
        write!(out, " {name}={value:?}").unwrap();
    }
    out.push('>');
}
