//! What an import gives: the document's facts, sections and clauses, each with its source lines.

use serde::Serialize;

use super::control::ControlFact;
use super::furniture::Furniture;
use super::lines::TextLine;
use crate::policy_file::Modality;

/// A policy document, read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Document {
    /// The title as printed.
    pub title: Option<String>,
    /// The school or trust that the text names most often, where it names one.
    pub organisation: Option<String>,
    /// Dates, approvals, reviews, versions: the facts about the document itself.
    pub control: Vec<ControlFact>,
    /// Sections and clauses, in the order of the document.
    pub content: Vec<Node>,
    /// Lines that are no part of the policy: page numbers, contents, letterhead.
    pub furniture: Vec<Furniture>,
}

/// A section or a clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "node", rename_all = "kebab-case")]
pub enum Node {
    /// A heading and what stands under it.
    Section(Section),
    /// A clause that stands in the section, or under no heading at all.
    Clause(Clause),
}

/// A heading and what stands under it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Section {
    /// A name for the section that no other section or clause of the document has.
    pub address: String,
    /// Its full number as printed ('3.1'), where one is printed.
    pub number: Option<String>,
    /// The heading without its number.
    pub heading: String,
    /// The lines the heading is printed on. Where the heading itself states a rule, the rule is the
    /// section's first clause and these lines are that clause's.
    pub lines: Vec<usize>,
    /// Whether the heading itself states a rule.
    pub states_rule: bool,
    /// Clauses and sections under the heading.
    pub content: Vec<Node>,
}

/// One clause: a numbered paragraph, a paragraph, or an item of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Clause {
    /// A name for the clause that no other section or clause of the document has: its number
    /// ('6.3.a'), or, where none is printed, its heading and its place under it ('scope.2').
    pub address: String,
    /// Its full number as a reader would cite it ('8.3', '6.3(a)'), where one is printed.
    pub number: Option<String>,
    /// What people see: its number, or, where none is printed, 'Scope, para 2, point 1'.
    pub printed: String,
    /// The part of the number that stands at the clause itself, to the letter ('1.1.', '(a)').
    pub marker: Option<String>,
    /// The number of the nearest section or clause around it that has one.
    pub within: Option<String>,
    /// The headings it stands under, outermost first.
    pub headings: Vec<String>,
    /// What sort of clause it is.
    pub kind: ClauseKind,
    /// Whether it opens a list that completes its sentence ('Staff must not:').
    pub stem: bool,
    /// Its text, line by line.
    pub lines: Vec<TextLine>,
    /// Its text, sentence by sentence.
    pub sentences: Vec<Sentence>,
    /// The items and sub-clauses under it.
    pub clauses: Vec<Clause>,
}

/// What sort of clause it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClauseKind {
    /// Printed with a number ('8.3', '4.').
    Numbered,
    /// Printed with a letter or a roman number ('(a)', 'ii.').
    Lettered,
    /// An item of a list without numbers.
    ListItem,
    /// A paragraph without a number.
    Paragraph,
    /// A heading that states a rule.
    Heading,
}

/// One sentence of a clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Sentence {
    /// A name for the sentence that no other sentence of the document has ('8.3.b').
    pub address: String,
    /// The line it begins on.
    pub line: usize,
    /// How strongly it speaks, the stem it completes taken into account.
    pub modality: Modality,
    /// Its words.
    pub text: String,
}

/// Where a line of the document ended up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// In a clause.
    Clause,
    /// In a section's heading.
    Heading,
    /// Among the facts about the document itself.
    Control,
    /// Set aside as no part of the policy.
    Furniture,
}

impl Document {
    /// Every clause, in the order of the document, each before the clauses under it.
    #[must_use]
    pub fn clauses(&self) -> Clauses<'_> {
        Clauses {
            ahead: vec![Ahead::Nodes(self.content.iter())],
        }
    }

    /// Every section, in the order of the document, each before the sections in it.
    #[must_use]
    pub fn sections(&self) -> Vec<&Section> {
        let mut found = Vec::new();
        let mut ahead = vec![self.content.iter()];
        while let Some(nodes) = ahead.last_mut() {
            match nodes.next() {
                Some(Node::Section(section)) => {
                    found.push(section);
                    ahead.push(section.content.iter());
                }
                Some(Node::Clause(_)) => {}
                None => {
                    ahead.pop();
                }
            }
        }
        found
    }

    /// The clause that a line of the document belongs to.
    #[must_use]
    pub fn clause_at(&self, line: usize) -> Option<&Clause> {
        self.clauses()
            .find(|clause| clause.lines.iter().any(|own| own.line == line))
    }

    /// The clauses with this number or address. More than one where the document prints a number
    /// twice.
    #[must_use]
    pub fn find(&self, number: &str) -> Vec<&Clause> {
        self.clauses()
            .filter(|clause| clause.number.as_deref() == Some(number) || clause.address == number)
            .collect()
    }

    /// Where each line of the document went, in the order of the lines. Every line that is not
    /// blank is there exactly once.
    #[must_use]
    pub fn places(&self) -> Vec<(usize, Place)> {
        let clauses = self
            .clauses()
            .flat_map(|clause| clause.lines.iter().map(|line| line.line));
        let sections = self.sections();
        let headings = sections
            .iter()
            .filter(|section| !section.states_rule)
            .flat_map(|section| section.lines.iter().copied());
        // Two facts can stand on one line; the line is still in one place.
        let mut control: Vec<_> = self.control.iter().flat_map(ControlFact::lines).collect();
        control.sort_unstable();
        control.dedup();
        let furniture = self.furniture.iter().map(|furniture| furniture.line);
        let mut places: Vec<_> = clauses
            .map(|line| (line, Place::Clause))
            .chain(headings.map(|line| (line, Place::Heading)))
            .chain(control.into_iter().map(|line| (line, Place::Control)))
            .chain(furniture.map(|line| (line, Place::Furniture)))
            .collect();
        places.sort_unstable();
        places
    }

    /// Whether any sentence does more than inform.
    pub(super) fn speaks_to_somebody(&self) -> bool {
        self.clauses()
            .flat_map(|clause| &clause.sentences)
            .any(|sentence| sentence.modality != Modality::Inform)
    }
}

/// Walks every clause of a document.
#[derive(Debug, Clone)]
pub struct Clauses<'a> {
    ahead: Vec<Ahead<'a>>,
}

#[derive(Debug, Clone)]
enum Ahead<'a> {
    Nodes(std::slice::Iter<'a, Node>),
    Clauses(std::slice::Iter<'a, Clause>),
}

impl<'a> Iterator for Clauses<'a> {
    type Item = &'a Clause;

    fn next(&mut self) -> Option<&'a Clause> {
        loop {
            let clause = match self.ahead.last_mut()? {
                Ahead::Nodes(nodes) => match nodes.next() {
                    Some(Node::Section(section)) => {
                        self.ahead.push(Ahead::Nodes(section.content.iter()));
                        continue;
                    }
                    Some(Node::Clause(clause)) => Some(clause),
                    None => None,
                },
                Ahead::Clauses(clauses) => clauses.next(),
            };
            match clause {
                Some(clause) => {
                    self.ahead.push(Ahead::Clauses(clause.clauses.iter()));
                    return Some(clause);
                }
                None => {
                    self.ahead.pop();
                }
            }
        }
    }
}
