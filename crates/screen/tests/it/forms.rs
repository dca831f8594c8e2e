//! A roll of two thousand, its names drawn as often as pupils have them: every way of writing a full name is
//! found, and harmless drafts stay harmless.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use screen::{Draft, Index, Kind, Known, Person, Sure, screen};

use crate::roll::pupils;
use crate::school::LISTS;

const LABELLED: &str = include_str!("../data/labelled.tsv");
const PUPILS: usize = 2_000;

static KNOWN: LazyLock<Known> = LazyLock::new(|| Known {
    pupils: pupils(PUPILS, 42),
    ..Known::default()
});

static INDEX: LazyLock<Index> = LazyLock::new(|| Index::new(&KNOWN, &LISTS));

fn plain(name: &str) -> String {
    let name = name.replace(['\'', '-', ' '], "");
    let flat = name.nfd().filter(|c| !is_combining_mark(*c));
    flat.map(|c| if c == 'ł' { 'l' } else { c }).collect()
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

fn decomposed(name: &str) -> String {
    name.nfd().collect()
}

/// Some letters as Cyrillic ones that look the same.
fn look_alike(name: &str) -> String {
    let swap = |c| match c {
        'a' => 'а',
        'e' => 'е',
        'o' => 'о',
        'c' => 'с',
        'p' => 'р',
        'A' => 'А',
        c => c,
    };
    name.chars().map(swap).collect()
}

fn wide(name: &str) -> String {
    let wide = |c: char| match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c),
        c => c,
    };
    name.chars().map(wide).collect()
}

fn apart(name: &str) -> String {
    let letters: Vec<String> = plain(name).chars().map(String::from).collect();
    letters.join(" ")
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
    ("Last First", |g, f| {
        format!("On the list: {f} {g} and others")
    }),
    ("LAST First", |g, f| {
        format!("On the list: {} {g} and others", f.to_uppercase())
    }),
    ("first last in a sentence", |g, f| {
        format!("We were so pleased that {g} {f} came back to help")
    }),
    ("curly possessive", |g, f| {
        format!("The prize is {g} {f}’s for a year")
    }),
    ("decomposed accents", |g, f| {
        format!("The prize goes to {} {}", decomposed(g), decomposed(f))
    }),
    ("look-alike letters", |g, f| {
        format!("The prize goes to {} {}", look_alike(g), look_alike(f))
    }),
    ("full-width letters", |g, f| {
        format!("The prize goes to {} {}", wide(g), wide(f))
    }),
    ("letters apart", |g, f| {
        format!("The prize goes to {} {}", apart(g), apart(f))
    }),
    ("between emoji", |g, f| format!("🏆{g} {f}🏆")),
    ("pet name between", |g, f| {
        format!("The prize goes to {g} \"Bear\" {f}")
    }),
    ("on two lines", |g, f| {
        format!("Player of the match\n{g}\u{a0}{f}\nWell played")
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

/// Other ways of pointing at a pupil, and of misspelling one.
const HARDER: &[(&str, Form)] = &[
    ("F. Last", |g, f| {
        format!("A goal by {}. {f} in time", initial(g))
    }),
    ("two letters swapped", |g, f| {
        format!("The prize goes to {g} {}", swapped(f))
    }),
];

fn initial(name: &str) -> char {
    name.chars().next().expect("a letter")
}

/// Every form with the share that is found.
pub(crate) fn figures() -> Vec<(&'static str, f64)> {
    let exact = FORMS
        .iter()
        .map(|(name, form)| (*name, recall(*form, &[Kind::PupilFullName]).0));
    let both = [Kind::PupilFullName, Kind::PupilIdentified];
    let harder = HARDER
        .iter()
        .map(|(name, form)| (*name, recall(*form, &both).0));
    exact.chain(harder).collect()
}

#[test]
fn every_form_of_a_full_name_is_found() {
    let mut low = Vec::new();
    for (name, form) in FORMS {
        let (recall, missed) = recall(*form, &[Kind::PupilFullName]);
        println!("{name:16} {recall:.4}  {:?}", missed.first());
        if recall < 0.99 {
            let some = missed.iter().take(5).collect::<Vec<_>>();
            low.push(format!("{name} {recall}: {some:?}"));
        }
    }
    let both = [Kind::PupilFullName, Kind::PupilIdentified];
    for ((name, form), least) in HARDER.iter().zip([0.99, 0.85]) {
        let (recall, missed) = recall(*form, &both);
        let some = missed.iter().take(5).collect::<Vec<_>>();
        println!("{name:16} {recall:.4}  {some:?}");
        if recall < least {
            low.push(format!("{name} {recall}: {some:?}"));
        }
    }
    assert!(low.is_empty(), "{}", low.join("\n"));
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
