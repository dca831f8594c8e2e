//! A roll of two thousand, its names drawn from those that are common in England: every way of writing a full name is
//! found, and harmless drafts stay harmless.

use std::sync::LazyLock;

use screen::{Draft, Index, Kind, Known, Person, Pupil, Sure, screen};

use crate::school::LISTS;

const GIVEN: &str = include_str!("../data/given.txt");
const FAMILY: &str = include_str!("../data/family.txt");
const LABELLED: &str = include_str!("../data/labelled.tsv");
const PUPILS: usize = 2_000;

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let given: Vec<&str> = GIVEN.split_whitespace().collect();
    let family: Vec<&str> = FAMILY.split_whitespace().collect();
    let mut seed: u64 = 42;
    let mut draw = |among: usize| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).expect("31 bits") % among
    };
    let mut pupil = || {
        // The commoner a name, the earlier it stands in the list.
        let one = draw(given.len()).min(draw(given.len()));
        let other = draw(family.len()).min(draw(family.len()));
        Pupil {
            given: vec![given[one].to_owned()],
            family: vec![family[other].to_owned()],
            ..Pupil::default()
        }
    };
    Known {
        pupils: (0..PUPILS).map(|_| pupil()).collect(),
        ..Known::default()
    }
});

static INDEX: LazyLock<Index> = LazyLock::new(|| Index::new(&KNOWN, &LISTS));

fn plain(name: &str) -> String {
    let name = name.replace(['\'', '-'], "");
    let accents = [('ś', 's'), ('ó', 'o'), ('ń', 'n'), ('í', 'i'), ('ü', 'u')];
    let flat = |c: char| {
        accents
            .iter()
            .find(|(from, _)| *from == c)
            .map_or(c, |(_, to)| *to)
    };
    name.chars().map(flat).collect()
}

/// The same letters, two inner ones the wrong way round.
fn swapped(name: &str) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let at = (1..letters.len() - 1)
        .rev()
        .find(|at| letters[*at] != letters[*at + 1]);
    if let Some(at) = at {
        letters.swap(at, at + 1);
    }
    letters.into_iter().collect()
}

type Form = fn(&str, &str) -> String;

/// How people write a full name, in a sentence each.
const FORMS: &[(&str, Form)] = &[
    ("First Last", |g, f| {
        format!("Well played {g} {f} on Saturday")
    }),
    ("UPPER", |g, f| {
        format!(
            "WELL PLAYED {} {} ON SATURDAY",
            g.to_uppercase(),
            f.to_uppercase()
        )
    }),
    ("lower", |g, f| {
        format!(
            "well played {} {} on saturday",
            g.to_lowercase(),
            f.to_lowercase()
        )
    }),
    ("Last, First", |g, f| {
        format!("On the list: {f}, {g} and others")
    }),
    ("#FirstLast", |g, f| {
        format!("Great goal #{}{}", plain(g), plain(f))
    }),
    ("#firstlast", |g, f| {
        format!("Great goal #{}", (plain(g) + &plain(f)).to_lowercase())
    }),
    ("@first_last", |g, f| {
        format!("Great goal @{}_{}", plain(g), plain(f)).to_lowercase()
    }),
    ("@first.last9", |g, f| {
        format!("Great goal @{}.{}9", plain(g), plain(f)).to_lowercase()
    }),
    ("First Last's", |g, f| {
        format!("The prize is {g} {f}'s for a year")
    }),
    ("no accents", |g, f| {
        format!("The prize goes to {} {}", plain(g), plain(f))
    }),
    ("middle name", |g, f| {
        format!("The prize goes to {g} Alexandra {f}")
    }),
    ("initial between", |g, f| {
        format!("The prize goes to {g} J. {f}")
    }),
    ("zero width", |g, f| {
        format!("The prize goes to {g}\u{200b} \u{200d}{f}")
    }),
];

fn is_found(text: &str, kinds: &[Kind], pupil: usize) -> bool {
    let screening = screen(&Draft::of(text), &INDEX, &LISTS);
    let pupil = Person::Pupil(u32::try_from(pupil).expect("a place"));
    let mut findings = screening.findings.iter();
    findings.any(|f| kinds.contains(&f.kind) && f.sure >= Sure::Likely && f.about.contains(&pupil))
}

fn recall(form: Form, kinds: &[Kind]) -> (f64, Vec<String>) {
    let mut missed = Vec::new();
    for (at, pupil) in KNOWN.pupils.iter().enumerate() {
        let text = form(&pupil.given[0], &pupil.family[0]);
        if !is_found(&text, kinds, at) {
            missed.push(text);
        }
    }
    let found = u32::try_from(PUPILS - missed.len()).expect("few");
    (f64::from(found) / 2_000.0, missed)
}

#[test]
fn every_form_of_a_full_name_is_found() {
    let mut low = Vec::new();
    for (name, form) in FORMS {
        let (recall, missed) = recall(*form, &[Kind::PupilFullName]);
        println!("{name:16} {recall:.4}  {:?}", missed.first());
        if recall < 0.99 {
            low.push(format!(
                "{name} {recall}: {:?}",
                missed.iter().take(5).collect::<Vec<_>>()
            ));
        }
    }
    let both = [Kind::PupilFullName, Kind::PupilIdentified];
    let (initial, missed) = recall(
        |g, f| {
            format!(
                "A goal by {}. {f} in time",
                &g.chars().next().expect("a letter")
            )
        },
        &both,
    );
    println!("{:16} {initial:.4}  {:?}", "F. Last", missed.first());
    let slip: Form = |g, f| format!("The prize goes to {g} {}", swapped(f));
    let (slipped, missed) = recall(slip, &both);
    println!("{:16} {slipped:.4}  {:?}", "a slip", missed.first());
    assert!(low.is_empty(), "{}", low.join("\n"));
    assert!(initial >= 0.99, "F. Last {initial}");
    assert!(slipped >= 0.85, "a slip {slipped}");
}

/// Drafts of the labelled set that name nobody, and sentences full of words that are names.
#[test]
fn harmless_drafts_stay_harmless_beside_two_thousand_names() {
    const WORDS: &[&str] = &[
        "In May we hope to grow a field of roses",
        "Will the park be open on a summer day?",
        "Will Smith is in that film, and Emma Watson too",
        "Mark the date: Rose Lane is closed in June",
        "Grace and faith, hope and charity: our topic in RE",
        "Long day, sharp wind, winter is near",
        "The King will visit in April or May",
        "Young people walk the long lane in autumn rain",
        "Oliver Twist, the musical, and Charlie and the Chocolate Factory",
        "Prime Minister James Callaghan and Harold Wilson, a history lesson",
        "We are reading about Florence Nightingale and Mary Seacole",
        "The Mason family lent a brown horse from Green Hill farm",
        "Cook a meal, bake bread, and brush the yard",
        "Victoria Park, Alexander Road and the Thomas Library",
    ];
    let clean = LABELLED.lines().filter_map(|line| {
        let (_, rest) = line.split_once('\t')?;
        let (kinds, words) = rest.split_once('\t')?;
        (kinds == "-" && !words.contains(": ")).then_some(words)
    });
    let drafts: Vec<&str> = clean.chain(WORDS.iter().copied()).collect();
    let mut alarms = Vec::new();
    let mut by_score = [0u32; 11];
    for text in &drafts {
        let screening = screen(&Draft::of(*text), &INDEX, &LISTS);
        for finding in screening.findings {
            if matches!(finding.kind, Kind::PupilFullName | Kind::PupilIdentified)
                && finding.sure >= Sure::Likely
            {
                alarms.push(format!("{} in '{text}'", finding.kind.id()));
            }
            if finding.kind == Kind::PupilGivenName {
                by_score[usize::from(finding.score / 10)] += 1;
            }
        }
    }
    println!(
        "{} harmless drafts; given names alone by score in tens: {by_score:?}",
        drafts.len()
    );
    assert!(alarms.is_empty(), "{}", alarms.join("\n"));
}

#[test]
fn given_names_alone_are_found_by_how_sure_one_wants_to_be() {
    let text: Form = |g, _| format!("Well done {g} for a lovely picture");
    let bare: Form = |g, _| format!("A lovely picture by {g} today");
    for (name, form) in [("with praise", text), ("bare", bare)] {
        for least in [30, 45, 50, 60, 70] {
            let found = KNOWN.pupils.iter().filter(|pupil| {
                let text = form(&pupil.given[0], "");
                let screening = screen(&Draft::of(text), &INDEX, &LISTS);
                let mut findings = screening.findings.iter();
                findings.any(|f| f.kind == Kind::PupilGivenName && f.score >= least)
            });
            println!(
                "given name {name:12} at {least} and above: {:.3}",
                f64::from(u32::try_from(found.count()).expect("few")) / 2_000.0
            );
        }
    }
    let half = KNOWN.pupils.iter().filter(|pupil| {
        let screening = screen(&Draft::of(bare(&pupil.given[0], "")), &INDEX, &LISTS);
        screening
            .findings
            .iter()
            .any(|f| f.kind == Kind::PupilGivenName)
    });
    assert!(half.count() >= PUPILS * 9 / 10);
}

#[test]
fn a_post_beside_sixty_thousand_names_takes_well_under_a_millisecond() {
    let pupils = (0..30).flat_map(|_| KNOWN.pupils.clone());
    let known = Known {
        pupils: pupils.collect(),
        ..Known::default()
    };
    let start = std::time::Instant::now();
    let index = Index::new(&known, &LISTS);
    println!(
        "{} pupils read in {:?}",
        known.pupils.len(),
        start.elapsed()
    );
    let posts: Vec<Draft> = LABELLED
        .lines()
        .filter_map(|line| line.rsplit('\t').next())
        .map(Draft::of)
        .collect();
    let rounds = (0..5).map(|_| {
        let start = std::time::Instant::now();
        let found: usize = posts
            .iter()
            .map(|post| screen(post, &index, &LISTS).findings.len())
            .sum();
        (
            start.elapsed() / u32::try_from(posts.len()).expect("few"),
            found,
        )
    });
    let (each, found) = rounds.min().expect("rounds");
    println!("{} posts, {found} findings, {each:?} each", posts.len());
    assert!(each < std::time::Duration::from_millis(1), "{each:?}");
}
