//! The import held against five real policies. Their texts are not part of the project: the folder
//! that holds them is named by `PROBITY_POLICY_DOCUMENTS`, and without it these tests are skipped.
//! What is known of them (`data/document_lines.tsv`) are facts: which norm stands on which line,
//! and the number printed there.

#![cfg(test)]

mod documents;

use std::collections::{BTreeMap, BTreeSet};

use documents::{Imported, documents, layouts, norms};
use policy::import::{Clause, ControlKind, Document, Place, import};
use policy::policy_file::Policy;
use policy::source::{Fault, Source};
use policy::vocabulary::Vocabulary;

/// The clauses that hold a line.
fn clauses_with(document: &Document, line: usize) -> Vec<&Clause> {
    document
        .clauses()
        .filter(|clause| clause.lines.iter().any(|own| own.line == line))
        .collect()
}

#[test]
fn every_norm_stands_in_one_clause_with_its_printed_number() {
    let norms = norms();
    for Imported { key, document, .. } in documents() {
        for norm in &norms[key] {
            let name = format!("{key} {} on line {}", norm.reference, norm.line);
            let clauses = clauses_with(&document, norm.line);
            if norm.is_control {
                let facts = document
                    .control
                    .iter()
                    .filter(|fact| fact.line == norm.line);
                assert!(clauses.is_empty() && facts.count() > 0, "{name}: no fact");
                continue;
            }
            let [clause] = clauses[..] else {
                panic!("{name}: in {} clauses", clauses.len())
            };
            assert_eq!(clause.number.as_deref(), norm.printed, "{name}: {clause:?}");
            if norm.within.is_some() {
                assert_eq!(clause.within.as_deref(), norm.within, "{name}: {clause:?}");
            }
        }
    }
}

#[test]
fn the_layout_makes_no_difference() {
    let norms = norms();
    for Imported { key, text, .. } in documents() {
        for layout in layouts::all(&text) {
            let laid_out = layout.text();
            let document = import(&laid_out).unwrap_or_else(|error| panic!("{key}: {error}"));
            for norm in norms[key].iter().filter(|norm| !norm.is_control) {
                let lines = layout.lines_of(norm.line);
                let found: BTreeSet<_> = lines
                    .iter()
                    .flat_map(|line| clauses_with(&document, *line))
                    .map(|clause| {
                        (
                            &clause.address,
                            clause.number.as_deref(),
                            clause.within.as_deref(),
                        )
                    })
                    .collect();
                let name = format!("{key} {}, {}, lines {lines:?}", norm.reference, layout.name);
                let [(_, number, within)] = found.iter().copied().collect::<Vec<_>>()[..] else {
                    panic!("{name}: {found:?}");
                };
                assert_eq!(number, norm.printed, "{name}");
                assert!(
                    norm.within.is_none() || within == norm.within,
                    "{name}: {within:?}"
                );
            }
        }
    }
}

#[test]
fn norms_of_one_part_stand_under_one_heading_of_their_own() {
    let norms = norms();
    for Imported { key, document, .. } in documents() {
        let mut headings: BTreeMap<&str, BTreeSet<&[String]>> = BTreeMap::new();
        for norm in norms[key].iter().filter(|norm| !norm.is_control) {
            let part = norm.reference.split('.').next().unwrap_or_default();
            // Ethos paragraphs each have a heading of their own.
            if part != "ethos" {
                let clause = document.clause_at(norm.line).expect("a clause");
                // Numbered parts have headings of their own inside.
                let is_numbered = part.starts_with(|c: char| c.is_ascii_digit());
                let main = if is_numbered {
                    1
                } else {
                    clause.headings.len()
                };
                let path = clause.headings.get(..main).unwrap_or(&clause.headings);
                headings.entry(part).or_default().insert(path);
            }
        }
        let mut seen = BTreeSet::new();
        for (part, headings) in headings {
            assert_eq!(headings.len(), 1, "{key} {part}: {headings:?}");
            assert!(
                headings.into_iter().all(|path| seen.insert(path)),
                "{key} {part}"
            );
        }
    }
}

#[test]
fn every_line_is_in_one_place() {
    for Imported {
        key,
        text,
        document,
    } in documents()
    {
        let lines = text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty());
        let expected: Vec<usize> = lines.map(|(index, _)| index + 1).collect();
        let placed: Vec<usize> = document
            .places()
            .into_iter()
            .map(|(line, _)| line)
            .collect();
        assert_eq!(placed, expected, "{key}");
    }
}

#[test]
fn addresses_name_one_clause_each() {
    for Imported { key, document, .. } in documents() {
        let mut seen = BTreeSet::new();
        for clause in document.clauses() {
            assert!(
                seen.insert(&clause.address),
                "{key}: {} twice",
                clause.address
            );
        }
        let mut seen = BTreeSet::new();
        for sentence in document.clauses().flat_map(|clause| &clause.sentences) {
            assert!(
                seen.insert(&sentence.address),
                "{key}: {} twice",
                sentence.address
            );
        }
    }
}

/// A rule of thumb cannot be right everywhere. How many sentences agree with a careful reader of
/// the same lines is held from below.
#[test]
fn modalities_mostly_agree_with_a_careful_reading() {
    const FEWEST_IN_A_HUNDRED: usize = 90;
    let norms = norms();
    let (mut agreeing, mut all) = (0, 0);
    for Imported { key, document, .. } in documents() {
        for sentence in document.clauses().flat_map(|clause| &clause.sentences) {
            let on_line = norms[key].iter().filter(|norm| norm.line == sentence.line);
            let read: Vec<_> = on_line.map(|norm| norm.modality).collect();
            if !read.is_empty() {
                all += 1;
                agreeing += usize::from(read.contains(&sentence.modality.id()));
            }
        }
    }
    println!("{agreeing} of {all} sentences agree with the reading of their line");
    assert!(
        agreeing * 100 >= all * FEWEST_IN_A_HUNDRED,
        "{agreeing} of {all}"
    );
}

#[test]
fn facts_about_the_documents_are_found() {
    let expected: [(&str, &[(ControlKind, &str)]); 5] = [
        (
            "yes",
            &[
                (ControlKind::Adopted, "2023-spring"),
                (ControlKind::Reviewer, ""),
                (ControlKind::Reviewed, "2023-03-16"),
                (ControlKind::ReviewDue, "2024-spring"),
            ],
        ),
        (
            "stivichall",
            &[
                (ControlKind::Reviewed, "2023-09"),
                (ControlKind::ReviewDue, "2024-09"),
                (ControlKind::Related, ""),
            ],
        ),
        (
            "cmat",
            &[
                (ControlKind::Strapline, ""),
                (ControlKind::AppliesTo, ""),
                (ControlKind::Owner, ""),
                (ControlKind::Approver, ""),
                (ControlKind::Approved, "2022-07-13"),
                (ControlKind::InForce, "2022-09"),
                (ControlKind::ReviewDue, "2025-07"),
                (ControlKind::ReviewPeriod, ""),
                (ControlKind::Version, ""),
                (ControlKind::Change, "2022"),
                (ControlKind::Change, ""),
            ],
        ),
        (
            "tlt",
            &[
                (ControlKind::Reviewed, "2021-07"),
                (ControlKind::Reviewed, "2022-03"),
                (ControlKind::Approved, "2022-03-22"),
                (ControlKind::Reviewed, "2023-03"),
                (ControlKind::Reviewed, "2023-03"),
                (ControlKind::Reviewed, "2024-02-25"),
            ],
        ),
        (
            "link",
            &[
                (ControlKind::Dated, "2022-09"),
                (ControlKind::Approved, ""),
                (ControlKind::Signature, ""),
                (ControlKind::ReviewPeriod, ""),
                (ControlKind::Status, ""),
            ],
        ),
    ];
    for Imported { key, document, .. } in documents() {
        let (_, expected) = expected
            .iter()
            .find(|(known, _)| *known == key)
            .expect("a known key");
        let found: Vec<_> = document
            .control
            .iter()
            .filter(|fact| fact.kind != ControlKind::Title)
            .map(|fact| {
                (
                    fact.kind,
                    fact.date.map(|date| date.to_string()).unwrap_or_default(),
                )
            })
            .collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(kind, date)| (*kind, (*date).to_owned()))
            .collect();
        assert_eq!(found, expected, "{key}");
    }
}

#[test]
fn blank_spaces_for_approval_are_told() {
    for Imported { key, document, .. } in documents() {
        let blank: Vec<_> = document
            .control
            .iter()
            .filter(|fact| fact.blank)
            .map(|fact| fact.kind)
            .collect();
        let expected: &[ControlKind] = if key == "link" {
            &[ControlKind::Approved, ControlKind::Signature]
        } else {
            &[]
        };
        assert_eq!(blank, expected, "{key}");
    }
}

#[test]
fn contents_lists_are_no_clauses() {
    for Imported { key, document, .. } in documents() {
        let set_aside = document
            .places()
            .iter()
            .filter(|(_, place)| *place == Place::Furniture)
            .count();
        let expected = match key {
            "link" => 11,
            "cmat" => 2,
            _ => 0,
        };
        assert_eq!(set_aside, expected, "{key}: {:?}", document.furniture);
    }
}

#[test]
fn a_draft_needs_only_words_and_carriers() {
    let source = Source::new("vocabulary.toml", include_str!("../../../vocabulary.toml"));
    let vocabulary = Vocabulary::load(source).expect("the vocabulary");
    for Imported { key, document, .. } in documents() {
        let draft = document.to_draft_toml();
        let faults =
            Policy::load(Source::new("draft.toml", &draft), &vocabulary).expect_err("a draft");
        let left = |fault: &&Fault| {
            fault.what.contains("'says' is empty") || fault.what.contains("'carried_by' is missing")
        };
        // Stivichall's paper never names the school as a school.
        let own = faults
            .0
            .iter()
            .filter(|fault| !left(fault))
            .map(|fault| fault.what.as_str());
        let nameless = own.clone().all(|what| {
            [
                "'id' is empty.",
                "'organisation' is empty.",
                "'short' is empty.",
            ]
            .contains(&what)
        });
        assert!(nameless && own.count() <= 3, "{key}: {faults}");
        let clauses = draft.matches("[[clause]]").count();
        let sentences = document
            .clauses()
            .flat_map(|clause| &clause.sentences)
            .count();
        let facts = document.control.len() - 1;
        assert_eq!(clauses, sentences + facts, "{key}");
        assert_eq!(faults.0.iter().filter(left).count(), 2 * clauses, "{key}");
    }
}

#[test]
fn what_people_see_is_the_number_or_the_place_in_words() {
    for Imported { key, document, .. } in documents() {
        for clause in document.clauses() {
            let is_figure = |number: &str| number.starts_with(|c: char| c.is_ascii_digit());
            match clause.number.as_deref().filter(|number| is_figure(number)) {
                Some(number) => assert_eq!(clause.printed, number, "{key}"),
                None => assert!(clause.printed.contains(", "), "{key}: {}", clause.printed),
            }
        }
    }
}
