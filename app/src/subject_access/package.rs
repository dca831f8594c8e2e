//! What is given out: a page to read and print, the same for machines, and the files; in one zip. What was left out is in
//! none of its bytes, and nothing in it is numbered so that a gap would show.

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};

use minijinja::value::{Serde, Value};
use minijinja::{Environment, context};
use serde::Serialize;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::AccessError;
use super::item::{Choice, Content, Item};
use super::redact::{LEFT_OUT, redacted};

const PAGE: &str = include_str!("package.html");
/// The most that the files of one package may be together.
pub(super) const MEGABYTES: usize = 64;

/// What the cover sheet says.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Cover {
    /// Whose data they are.
    pub(super) name: String,
    pub(super) trust: String,
    /// The reference of the request; empty for a part that somebody else adds.
    pub(super) reference: String,
    pub(super) gathered: String,
    pub(super) made: String,
    /// Where was looked, in the words of whoever answers; may be empty.
    pub(super) searched: String,
    pub(super) redacted: usize,
    pub(super) withheld: Vec<Withheld>,
}

/// How many things were withheld, and why in general.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Withheld {
    says: &'static str,
    count: usize,
}

/// A file that goes along.
pub(super) struct GivenFile {
    /// The item that it is.
    pub(super) number: i64,
    /// Its name, safe to save under.
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

/// An item as it is given.
#[derive(Clone, Debug, Serialize)]
struct Given {
    number: usize,
    kind: &'static str,
    title: String,
    lines: Vec<Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    label: String,
    text: String,
}

/// The same for machines.
#[derive(Serialize)]
struct Data<'a> {
    about: &'a Cover,
    items: &'a [Given],
    note: &'a str,
}

/// The content as it is given; nothing where it is withheld, or nobody has decided.
pub(super) fn given(item: &Item) -> Option<Content> {
    let decision = item.decision.as_ref()?;
    match decision.choice {
        Choice::Include => Some(item.content.clone()),
        Choice::Redact => Some(redacted(&item.content, &decision.marks)),
        Choice::Withhold => None,
    }
}

/// Puts the package together.
pub(super) fn package(
    mut cover: Cover,
    items: &[Item],
    files: &[GivenFile],
) -> Result<Vec<u8>, AccessError> {
    (cover.redacted, cover.withheld) = told_of(items);
    let (mut all, mut put_in) = (Vec::new(), Vec::new());
    for item in items {
        let Some(content) = given(item) else { continue };
        let number = all.len() + 1;
        let mut files = files.iter().filter(|_| content.file.is_some());
        let file = files.find(|file| file.number == item.number);
        let named = file.map(|file| (format!("files/{number}-{}", file.name), file));
        let lines = content.parts.into_iter().map(|part| Line {
            label: part.label,
            text: part.text,
        });
        all.push(Given {
            number,
            kind: item.source.name(),
            title: content.title,
            lines: lines.collect(),
            file: named.as_ref().map(|(name, _)| name.clone()),
        });
        put_in.extend(named);
    }
    let data = Data {
        about: &cover,
        items: &all,
        note: "What was left out is marked as such; it is in no part of this package.",
    };
    let json = serde_json::to_vec_pretty(&data).map_err(unwritten)?;
    let page = page(&cover, &all, files.len())?;
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    put(&mut zip, "read-me-first.html", page.as_bytes())?;
    put(&mut zip, "data.json", &json)?;
    for (name, file) in put_in {
        put(&mut zip, &name, &file.bytes)?;
    }
    Ok(zip.finish().map_err(unwritten)?.into_inner())
}

/// In how many parts were left out, and what was withheld. What is kept from whom it is about is not counted: to say
/// that something is kept back would tell them that it is there.
fn told_of(items: &[Item]) -> (usize, Vec<Withheld>) {
    let mut redacted = 0;
    let mut withheld: BTreeMap<&'static str, usize> = BTreeMap::new();
    for item in items {
        let Some(decision) = &item.decision else {
            continue;
        };
        match (decision.choice, decision.exemption) {
            (Choice::Redact, _) => redacted += 1,
            (Choice::Withhold, Some(exemption)) if item.content.withhold.is_none() => {
                *withheld.entry(exemption.in_general()).or_default() += 1;
            }
            _ => {}
        }
    }
    let withheld = withheld.into_iter();
    let withheld = withheld.map(|(says, count)| Withheld { says, count });
    (redacted, withheld.collect())
}

fn page(cover: &Cover, items: &[Given], files: usize) -> Result<String, AccessError> {
    let mut environment = Environment::new();
    environment
        .add_template("package.html", PAGE)
        .map_err(unwritten)?;
    let template = environment
        .get_template("package.html")
        .map_err(unwritten)?;
    let said = Value::from(Serde(cover));
    let items = Value::from(Serde(items));
    template
        .render(context! { cover => said, items => items, files => files, left_out => LEFT_OUT })
        .map_err(unwritten)
}

fn put(
    zip: &mut ZipWriter<Cursor<Vec<u8>>>,
    name: &str,
    content: &[u8],
) -> Result<(), AccessError> {
    zip.start_file(name, SimpleFileOptions::default())
        .map_err(unwritten)?;
    zip.write_all(content).map_err(unwritten)
}

fn unwritten(error: impl std::fmt::Display) -> AccessError {
    AccessError::Write(error.to_string())
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read as _};

    use proptest::prelude::*;
    use zip::ZipArchive;

    use super::{Cover, GivenFile, package};
    use crate::subject_access::item::{
        Choice, Content, Decision, Exemption, Item, Marks, Part, Source,
    };

    /// Everything that is in a package, unpacked, and the names in it.
    fn unpacked(bytes: &[u8]) -> Vec<u8> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut all = bytes.to_vec();
        for at in 0..zip.len() {
            let mut file = zip.by_index(at).unwrap();
            all.extend(file.name().unwrap().as_bytes());
            file.read_to_end(&mut all).unwrap();
        }
        all
    }

    fn holds(bytes: &[u8], text: &str) -> bool {
        memchr::memmem::find(bytes, text.as_bytes()).is_some()
    }

    /// An item whose every passage is told from every other by its number.
    fn item(number: i64, choice: Choice, marked: bool) -> Item {
        let secret = format!("Zq{number}x Wv{number}y");
        let text = format!(
            "kept{number}k and {secret}, again {}",
            secret.to_uppercase()
        );
        let mut content = Content::of(
            format!("title{number}t of {secret}"),
            vec![
                Part::new(format!("label {secret}"), text),
                Part::new("line", format!("cut{number}c")),
            ],
        );
        content.file = (number % 3 == 0).then(|| "f1".parse().unwrap());
        let marks = Marks {
            passages: vec![secret.to_lowercase()],
            parts: vec![1],
            ..Marks::default()
        };
        let exemption = (choice == Choice::Withhold).then_some(Exemption::ThirdParty);
        Item {
            number,
            source: Source::Case,
            of_case: None,
            content,
            decision: Some(Decision {
                choice,
                exemption,
                marks: if marked { marks } else { Marks::default() },
            }),
        }
    }

    proptest! {
        #[test]
        fn nothing_that_is_left_out_or_withheld_is_in_any_byte(choices in prop::collection::vec(0_usize..3, 1..12)) {
            let choices: Vec<Choice> = choices.iter().map(|at| Choice::ALL[*at]).collect();
            let items: Vec<Item> = (1_i64..).zip(&choices).map(|(n, c)| item(n, *c, *c == Choice::Redact)).collect();
            let given = items.iter().filter(|item| item.content.file.is_some());
            let given = given.filter(|item| item.decision.as_ref().unwrap().choice == Choice::Include);
            let files: Vec<GivenFile> = given.map(|item| GivenFile {
                number: item.number,
                name: format!("name{}.txt", item.number),
                bytes: format!("file{}f", item.number).into_bytes(),
            }).collect();
            let bytes = unpacked(&package(Cover::default(), &items, &files).unwrap());
            for (number, choice) in (1..).zip(choices) {
                let kept = format!("kept{number}k");
                let secret = [format!("Zq{number}x"), format!("Wv{number}y"), format!("ZQ{number}X"), format!("cut{number}c")];
                match choice {
                    Choice::Include => {
                        prop_assert!(holds(&bytes, &kept));
                        prop_assert!(secret.iter().all(|text| holds(&bytes, text)));
                    }
                    Choice::Redact => {
                        prop_assert!(holds(&bytes, &kept));
                        prop_assert!(!secret.iter().any(|text| holds(&bytes, text)));
                    }
                    Choice::Withhold => {
                        prop_assert!(!holds(&bytes, &kept));
                        let title = format!("title{number}t");
                        prop_assert!(!holds(&bytes, &title));
                        prop_assert!(!secret.iter().any(|text| holds(&bytes, text)));
                    }
                }
            }
            for file in &files {
                let content = format!("file{}f", file.number);
                prop_assert!(holds(&bytes, &content));
            }
        }
    }

    #[test]
    fn what_is_kept_from_its_subject_is_in_no_number() {
        let mut kept = item(1, Choice::Withhold, false);
        kept.content.withhold = Some(Exemption::Protecting);
        let with = package(
            Cover::default(),
            &[item(2, Choice::Include, false), kept],
            &[],
        )
        .unwrap();
        let without = package(Cover::default(), &[item(2, Choice::Include, false)], &[]).unwrap();
        assert_eq!(with, without);
        let told = package(Cover::default(), &[item(3, Choice::Withhold, false)], &[]).unwrap();
        assert!(holds(&unpacked(&told), "Information about somebody else"));
    }
}
