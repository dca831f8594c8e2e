//! The platform file: read whole or refused whole, and addresses recognised by its patterns.

use policy::platforms::{AddressKind, AddressPattern, PatternError, Platforms, ReportRoute};
use policy::source::{Faults, Source};
use policy::vocabulary::Vocabulary;
use proptest::prelude::*;

use crate::real::text;

fn vocabulary() -> Vocabulary {
    Vocabulary::load(Source::new("vocabulary.toml", &text("vocabulary.toml"))).unwrap()
}

fn read(text: &str) -> Result<Platforms, Faults> {
    Platforms::load(Source::new("platforms.toml", text), &vocabulary())
}

fn platforms() -> Platforms {
    read(&text("platforms.toml")).unwrap_or_else(|f| panic!("{f}"))
}

/// The real file with one change, and the faults that it brings.
fn faults(from: &str, to: &str) -> String {
    let text = text("platforms.toml");
    assert!(text.contains(from), "{from}");
    read(&text.replacen(from, to, 1)).unwrap_err().to_string()
}

#[test]
fn every_platform_of_the_vocabulary_is_there() {
    let vocabulary = vocabulary();
    let (_, attribute) = vocabulary.attribute("platform").unwrap();
    let values: Vec<&str> = attribute.values.iter().map(|v| v.id.as_str()).collect();
    let platforms = platforms();
    for id in &values {
        let wanted = !["any", "other"].contains(id);
        assert_eq!(platforms.get(id).is_some(), wanted, "{id}");
    }
    assert_eq!(platforms.iter().count(), values.len() - 2);
}

#[test]
fn facts_keep_their_date_and_their_doubt() {
    let platforms = platforms();
    let age = |id: &str| platforms.get(id).unwrap().age.clone().unwrap();
    assert_eq!(age("whatsapp").years, Some(13));
    assert_eq!(
        age("whatsapp").as_of,
        Some(jiff::civil::date(2026, 7, 3)),
        "the day of the text that was read"
    );
    assert_eq!(age("telegram").years, None);
    assert!(age("telegram").doubt.unwrap().contains("18"));
    let youtube = platforms.get("youtube").unwrap();
    assert_eq!(youtube.elsewhere.first().unwrap().years, 16);
    let closed = platforms.get("google-plus").unwrap();
    assert_eq!((closed.closed, closed.age.is_none()), (Some(2019), true));
    let report = platforms.get("tumblr").unwrap().report.clone().unwrap();
    assert_eq!(report.how, ReportRoute::Web);
}

#[test]
fn what_a_platform_takes_of_pictures() {
    let platforms = platforms();
    let pictures = |id: &str| platforms.get(id).and_then(|p| p.pictures.clone());
    let mastodon = pictures("mastodon").unwrap();
    assert_eq!(
        (mastodon.bytes, mastodon.side, mastodon.most),
        (16_777_216, None, 4)
    );
    assert_eq!(mastodon.pixels, Some(33_177_600));
    assert_eq!(pictures("bluesky").map(|p| p.bytes), Some(1_000_000));
    assert_eq!(pictures("facebook"), None);
    let fault = faults("bytes = 16_777_216, ", "");
    assert!(fault.contains("'bytes' is missing here"), "{fault}");
}

#[test]
fn faults_name_place_and_nearest_name() {
    let unknown = faults("id = \"bluesky\"", "id = \"bleusky\"");
    assert!(unknown.contains("Did you mean 'bluesky'?"), "{unknown}");
    assert!(
        unknown.contains("platform 'bluesky' is missing"),
        "{unknown}"
    );
    let key = faults("closed = 2019", "close = 2019");
    assert!(key.contains("'close' is not a key"), "{key}");
    assert!(key.contains("Did you mean 'closed'?"), "{key}");
    let line = text("platforms.toml")
        .lines()
        .position(|l| l == "closed = 2019")
        .unwrap()
        + 1;
    assert!(key.contains(&format!("platforms.toml:{line}:1:")), "{key}");
}

#[test]
fn what_cannot_be_is_refused() {
    let wrong = [
        ("version = 1", "version = 2", "'version'"),
        ("id = \"flickr\"", "id = \"vimeo\"", "two platforms 'vimeo'"),
        ("id = \"flickr\"", "id = \"any\"", "not a platform"),
        ("\"fb.me\"", "\"t.co\"", "a domain of 'facebook' already"),
        ("\"fb.me\"", "\"FB.me\"", "not a domain"),
        ("years = 18", "years = 180", "an age from 1 to 25"),
        ("2026-06-16", "2026-06-36", "'as_of' is a day"),
        (", as_of = \"2026-06-16\"", "", "of an unknown date"),
        (
            "years = 18, source",
            "source",
            "needs a 'note' or a 'doubt'",
        ),
        ("how = \"server\"", "how = \"web\"", "'page' goes with"),
        (
            "how = \"server\"",
            "how = \"post\"",
            "'how' cannot be 'post'",
        ),
        ("page = \"https", "page = \"http", "starts with https://"),
        ("\"quora.com/p", "\"quota.com/p", "not among 'domains'"),
        ("vimeo.com/{n}", "vimeo.com/{n", "not an address pattern"),
        ("longest = 15", "longest = 0", "'longest'"),
        ("report = { how = \"in-app\" }", "", "'report' is missing"),
        ("where = \"Germany\", ", "", "'where' is missing"),
    ];
    for (from, to, what) in wrong {
        let found = faults(from, to);
        assert!(found.contains(what), "{from} -> {to}: {found}");
    }
}

#[test]
fn addresses_lead_to_their_platform() {
    let platforms = platforms();
    let of = |address: &str| {
        platforms
            .of_address(address)
            .map(|(p, kind)| (p.id.clone(), kind))
    };
    let known = [
        (
            "https://www.facebook.com/school/posts/12/",
            "facebook",
            AddressKind::Post,
        ),
        (
            "facebook.com/photo?fbid=7&set=a",
            "facebook",
            AddressKind::Post,
        ),
        ("m.facebook.com/jo.bloggs", "facebook", AddressKind::Profile),
        (
            "https://edge-chat.facebook.com/x",
            "messenger",
            AddressKind::Other,
        ),
        ("https://m.me/jo", "messenger", AddressKind::Profile),
        (
            "https://www.youtube.com/watch?t=9&v=abc",
            "youtube",
            AddressKind::Post,
        ),
        ("twitter.com/jo_b/status/12", "x", AddressKind::Post),
        ("x.com/a_name_that_is_too_long", "x", AddressKind::Other),
        ("https://vimeo.com/jo", "vimeo", AddressKind::Profile),
        ("https://vimeo.com/123", "vimeo", AddressKind::Post),
        (
            "en.wikipedia.org/wiki/User:Jo",
            "wikipedia",
            AddressKind::Profile,
        ),
        ("https://signal.me/#eu/abc", "signal", AddressKind::Profile),
        ("social.example.org/@jo/12", "mastodon", AddressKind::Post),
        (
            "https://jo.blogspot.com/2024/05/a-day.html",
            "blogger",
            AddressKind::Post,
        ),
    ];
    for (address, id, kind) in known {
        assert_eq!(of(address), Some((id.to_owned(), kind)), "{address}");
    }
    for address in ["", "example.org/jo", "notfacebook.com/jo", "//", "?#/"] {
        assert_eq!(of(address), None, "{address}");
    }
    assert_eq!(of(&format!("vimeo.com/{}", "1".repeat(5_000))), None);
}

#[test]
fn patterns_say_what_is_wrong_with_them() {
    let read = |text| AddressPattern::read(text).unwrap_err();
    assert_eq!(read("https://x.com/{id}"), PatternError::Host);
    assert_eq!(read(""), PatternError::Host);
    assert_eq!(read("x.com/{id}{n}"), PatternError::Adjoining);
    for text in ["x.com/{id", "x.com/id}", "x.com/{}", "x.com/{I d}"] {
        assert!(AddressPattern::read(text).is_err(), "{text}");
    }
}

/// The pattern with every word in braces replaced.
fn fill(pattern: &str, name: &str, number: u32) -> String {
    let mut parts = pattern.split('{');
    let mut address = parts.next().unwrap().to_owned();
    for part in parts {
        let (word, rest) = part.split_once('}').unwrap();
        match word {
            "n" | "number" | "year" | "month" | "day" => address += &number.to_string(),
            "server" => address += &format!("{name}.example.org"),
            _ => address += name,
        }
        address += rest;
    }
    address
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_address_made_by_a_pattern_is_recognised(name in "z[a-z0-9]{1,12}", number in 1_u32..1_000_000) {
        let platforms = platforms();
        for platform in platforms.iter() {
            let profiles = platform.profiles.iter().map(|p| (p, AddressKind::Profile));
            let posts = platform.posts.iter().map(|p| (p, AddressKind::Post));
            for (pattern, kind) in profiles.chain(posts) {
                let address = format!("https://www.{}/", fill(pattern.as_str(), &name, number));
                let found = platforms.of_address(&address).map(|(p, k)| (p.id.as_str(), k));
                prop_assert_eq!(found, Some((platform.id.as_str(), kind)), "{}", address);
            }
        }
    }

    #[test]
    fn any_text_is_an_address_of_something_or_of_nothing(text in "(https?://)?(www\\.)?(x\\.com|t\\.me|\\PC{0,12})[/?#@{}\\PC]{0,24}") {
        let platforms = platforms();
        if let Some((platform, kind)) = platforms.of_address(&text) {
            prop_assert!(kind == AddressKind::Other || !platform.domains.is_empty());
        }
    }

    #[test]
    fn a_file_cut_short_is_refused(part in 0_usize..100) {
        let whole = text("platforms.toml");
        let end = whole.find("id = \"google-plus\"").unwrap() * part / 100;
        let cut = whole.char_indices().map(|(at, _)| at).take_while(|at| *at <= end).last().unwrap();
        prop_assert!(!read(whole.get(..cut).unwrap()).unwrap_err().0.is_empty());
    }
}
