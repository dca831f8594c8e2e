//! Two policies side by side: pairs of clauses that decide the same situations differently.

use axum::extract::State;
use axum::response::Html;
use policy::compare::{self, Comparison, Row};
use policy::vocabulary::Vocabulary;
use policy::words::capitalised;
use serde::{Deserialize, Serialize};

use crate::ask::{ACT, ask_address};
use crate::authority::{Access, Routes};
use crate::policies::{anchor, find};
use crate::web::App;
use crate::web::extract::{Path, Query};
use crate::web::heavy::heavy;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `compare/side-by-side.html`.
#[derive(Debug, Serialize)]
pub(crate) struct SideBySidePage {
    a: Name,
    b: Name,
    pairs: usize,
    shown: usize,
    rare: usize,
    all: bool,
    acts: Vec<ActChoice>,
    groups: Vec<Group>,
}

/// A policy as the page names it.
#[derive(Debug, Clone, Serialize)]
struct Name {
    id: String,
    organisation: String,
    short: String,
}

/// One act to filter by.
#[derive(Debug, Serialize)]
struct ActChoice {
    value: String,
    text: String,
    selected: bool,
}

/// Pairs with the same two verdicts.
#[derive(Debug, Serialize)]
struct Group {
    a: String,
    b: String,
    rows: Vec<Pair>,
}

/// Two clauses and where both decide.
#[derive(Debug, Serialize)]
struct Pair {
    example: Vec<String>,
    when: Vec<Vec<String>>,
    in_part: bool,
    a: Option<Clause>,
    b: Option<Clause>,
    ask_a: String,
    ask_b: String,
}

/// A clause as the page names it.
#[derive(Debug, Serialize)]
struct Clause {
    printed: String,
    says: String,
    href: String,
}

impl Page for SideBySidePage {
    const TEMPLATE: &'static str = "compare/side-by-side.html";
    const SECTION: Option<Section> = Some(Section::Compare);

    fn samples() -> Vec<Self> {
        let name = |short: &str| Name {
            id: "example".into(),
            organisation: "Example School".into(),
            short: short.into(),
        };
        let clause = || Clause {
            printed: "1.1".into(),
            says: "Be kind.".into(),
            href: "/policies/example#clause-1.1".into(),
        };
        let pair = |a: Option<Clause>, b: Option<Clause>| Pair {
            example: vec!["Posts a photo".into()],
            when: vec![vec!["A pupil".into()]],
            in_part: a.is_some(),
            a,
            b,
            ask_a: "/ask/example/answer".into(),
            ask_b: "/ask/example/answer".into(),
        };
        let group = Group {
            a: "must not".into(),
            b: "says nothing".into(),
            rows: vec![pair(Some(clause()), None), pair(None, Some(clause()))],
        };
        let act = ActChoice {
            value: "use".into(),
            text: "Use".into(),
            selected: true,
        };
        let page = |groups, acts, all: bool| Self {
            a: name("A"),
            b: name("B"),
            pairs: 2,
            shown: 2,
            rare: usize::from(!all),
            all,
            acts,
            groups,
        };
        vec![
            page(vec![group], vec![act], false),
            page(Vec::new(), Vec::new(), true),
        ]
    }
}

#[derive(Deserialize)]
struct Filter {
    /// Show pairs that nobody would describe from everyday life, too.
    #[serde(default)]
    all: String,
    #[serde(default)]
    act: String,
}

pub(super) fn routes() -> Routes {
    Routes::new().get("/compare/{a}/{b}", Access::Reading, side_by_side)
}

async fn side_by_side(
    State(app): State<App>,
    Path((a, b)): Path<(String, String)>,
    Query(filter): Query<Filter>,
) -> Result<Html<String>, Problem> {
    heavy(move || {
        let library = app.library();
        let vocabulary = library.vocabulary();
        let comparison = compare::compare(find(&library, &a)?, find(&library, &b)?, vocabulary);
        app.render(&page(&comparison, vocabulary, &filter))
    })
    .await
}

fn page(comparison: &Comparison<'_>, vocabulary: &Vocabulary, filter: &Filter) -> SideBySidePage {
    let all = filter.all == "yes";
    let everyday = |row: &&Row<'_>| all || row.everyday;
    let of_act = |row: &&Row<'_>| filter.act.is_empty() || act_of(vocabulary, row) == filter.act;
    let mut groups = Vec::new();
    for group in &comparison.groups {
        let rows = group.rows.iter().filter(everyday).filter(of_act);
        let rows: Vec<Pair> = rows.map(|row| pair(comparison, vocabulary, row)).collect();
        if !rows.is_empty() {
            groups.push(Group {
                a: capitalised(group.a.says),
                b: capitalised(group.b.says),
                rows,
            });
        }
    }
    let rows = || comparison.groups.iter().flat_map(|group| &group.rows);
    SideBySidePage {
        a: name(&comparison.a),
        b: name(&comparison.b),
        pairs: comparison.pairs,
        shown: groups.iter().map(|group| group.rows.len()).sum(),
        rare: rows().filter(|row| !row.everyday).count(),
        all,
        acts: acts(vocabulary, rows().filter(everyday), &filter.act),
        groups,
    }
}

fn name(policy: &compare::PolicyName<'_>) -> Name {
    Name {
        id: policy.id.to_owned(),
        organisation: policy.organisation.to_owned(),
        short: policy.short.to_owned(),
    }
}

fn pair(comparison: &Comparison<'_>, vocabulary: &Vocabulary, row: &Row<'_>) -> Pair {
    let clause = |policy: &str, clause: &Option<compare::ClauseSays<'_>>| {
        clause.as_ref().map(|clause| Clause {
            printed: clause.printed.to_owned(),
            says: clause.says.to_owned(),
            href: format!("/policies/{policy}#{}", anchor(clause.reference)),
        })
    };
    let says = |conditions: &[policy::words::Condition<'_>]| {
        conditions
            .iter()
            .map(|condition| condition.says.clone())
            .collect()
    };
    Pair {
        example: says(&row.example.says),
        when: row.when.iter().map(|when| says(when)).collect(),
        in_part: row.in_part,
        a: clause(comparison.a.id, &row.a),
        b: clause(comparison.b.id, &row.b),
        ask_a: ask_address(comparison.a.id, vocabulary, &row.example.given),
        ask_b: ask_address(comparison.b.id, vocabulary, &row.example.given),
    }
}

/// The act of a row's example; the neutral one where the example does not name it.
fn act_of<'r>(vocabulary: &'r Vocabulary, row: &'r Row<'_>) -> &'r str {
    let named = row.example.given.get(ACT).and_then(|act| act.as_str());
    let neutral = || {
        vocabulary
            .attribute(ACT)
            .map_or("", |(_, a)| a.value_id(a.neutral))
    };
    named.unwrap_or_else(neutral)
}

/// The acts that any row is about, in the vocabulary's order.
fn acts<'r>(
    vocabulary: &Vocabulary,
    rows: impl Iterator<Item = &'r Row<'r>>,
    chosen: &str,
) -> Vec<ActChoice> {
    let rows: Vec<&Row<'_>> = rows.collect();
    let values = vocabulary.attribute(ACT).map(|(_, a)| a.values.as_slice());
    let values = values.unwrap_or_default().iter();
    let met = values.filter(|value| rows.iter().any(|row| act_of(vocabulary, row) == value.id));
    met.map(|value| ActChoice {
        value: value.id.clone(),
        text: value.says.clone(),
        selected: value.id == chosen,
    })
    .collect()
}
