//! A made-up trust of any size, the same every time: for demonstration data, tests and measurements. Nobody in it is
//! real; addresses end in `.example`, which nobody can own (RFC 2606).

use jiff::civil::Date;

use crate::contract::Contract;
use crate::record::{Guardian, Identifier, Person, Post, Pupil, Roster, School, SchoolKind};
use crate::role::{self, Standing};
use crate::year::Year;

/// How large a made-up trust is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Schools, the trust not counted; at least one is made.
    pub schools: usize,
    /// Pupils, spread over the schools.
    pub pupils: usize,
    /// Staff, spread over the schools; the first of each school is its head.
    pub staff: usize,
    /// Parents and carers, of one pupil or of two.
    pub guardians: usize,
    /// The September in which the school year begins: a pupil's date of birth goes by it.
    pub school_year: i16,
}

const GIVEN: [&str; 40] = [
    "Ada", "Aisha", "Alfie", "Amara", "Ben", "Bronwen", "Callum", "Chidi", "Chloe", "Daniel",
    "Dewi", "Ella", "Emeka", "Esme", "Farah", "Finlay", "Grace", "Hamza", "Hannah", "Imogen",
    "Isla", "Jakub", "Jaya", "Kwame", "Leila", "Liam", "Maja", "Mei", "Mohammed", "Nia", "Oliver",
    "Priya", "Rhys", "Ruby", "Sean", "Sofia", "Tomasz", "Wren", "Yusuf", "Zoë",
];
const FAMILY: [&str; 41] = [
    "Adeyemi",
    "Ahmed",
    "Allen",
    "Baker",
    "Begum",
    "Brown",
    "Campbell",
    "Chen",
    "Clarke",
    "Davies",
    "D'Souza",
    "Evans",
    "Fraser",
    "García",
    "Green",
    "Hall",
    "Hughes",
    "Iqbal",
    "Jones",
    "Kaur",
    "Khan",
    "Kowalska",
    "Lewis",
    "MacDonald",
    "Mensah",
    "Murphy",
    "Ng",
    "O'Brien",
    "Okafor",
    "Patel",
    "Price",
    "Rahman",
    "Reid",
    "Roberts",
    "Shah",
    "Singh",
    "Smith-Jones",
    "Taylor",
    "Walker",
    "Williams",
    "Wright",
];
const PLACES: [&str; 12] = [
    "Ashfield",
    "Beechwood",
    "Castle Hill",
    "Dunmore",
    "Eastgate",
    "Fairview",
    "Greenbank",
    "Hawthorn",
    "Kingsway",
    "Lakeside",
    "Meadow",
    "Northfield",
];
const ROLES: [&str; 8] = [
    "teacher",
    "teacher",
    "teacher",
    "teacher",
    "aide",
    "aide",
    "proctor",
    "siteAdministrator",
];

/// Most have a permanent contract.
const CONTRACTS: [Contract; 10] = [
    Contract::Permanent,
    Contract::Permanent,
    Contract::Permanent,
    Contract::Permanent,
    Contract::Permanent,
    Contract::FixedTerm,
    Contract::FixedTerm,
    Contract::Temporary,
    Contract::Supply,
    Contract::Trainee,
];

/// Makes a trust. The same size gives the same trust.
#[must_use]
pub fn trust(size: Size) -> Roster {
    let schools = size.schools.max(1);
    let mut roster = Roster {
        schools: vec![School {
            external_id: "trust".to_owned(),
            name: "Made-up Learning Trust".to_owned(),
            identifier: None,
            kind: SchoolKind::Trust,
            parent: None,
        }],
        ..Roster::default()
    };
    roster.schools.extend((0..schools).map(school));
    roster.staff = (0..size.staff).map(|at| person(at, schools)).collect();
    roster.pupils = (0..size.pupils)
        .map(|at| pupil(at, schools, size.school_year))
        .collect();
    roster.guardians = (0..size.guardians)
        .map(|at| guardian(at, size.pupils))
        .collect();
    roster
}

fn school_id(at: usize) -> String {
    format!("school-{}", at + 1)
}

fn is_secondary(school: usize) -> bool {
    school % 3 == 2
}

fn school(at: usize) -> School {
    let kind = if is_secondary(at) {
        "Academy"
    } else {
        "Primary School"
    };
    let round = match at / PLACES.len() {
        0 => String::new(),
        more => format!(" {}", more + 1),
    };
    School {
        external_id: school_id(at),
        name: format!("{}{round} {kind}", pick(&PLACES, at)),
        identifier: Some(Identifier::Urn((100_000 + at).to_string())),
        kind: SchoolKind::School,
        parent: Some("trust".to_owned()),
    }
}

fn person(at: usize, schools: usize) -> Person {
    let (given, family) = names(at, 1);
    let mixed = mix(at, 2);
    let printed = if at < schools {
        "principal"
    } else {
        pick(&ROLES, mixed)
    };
    let suggested_role = match role::standing(printed) {
        Some(Standing::Staff(suggested)) => suggested,
        _ => None,
    };
    let post = |school: usize| Post {
        school: school_id(school),
        printed_role: printed.to_owned(),
        suggested_role,
        begin: day(2005 + i16_of(mixed % 20), 9, 1),
        end: None,
    };
    let mut posts = vec![post(at % schools)];
    // One in forty works at two schools.
    if schools > 1 && at >= schools && at.is_multiple_of(40) {
        posts.push(post((at + 1) % schools));
    }
    let username = format!("{}.{}{}", plain(given), plain(family), at + 1);
    Person {
        external_id: format!("staff-{:05}", at + 1),
        given: given.to_owned(),
        family: family.to_owned(),
        known_as: (at % 25 == 7).then(|| pick(&GIVEN, mixed).to_owned()),
        email: (at % 50 != 3).then(|| format!("{username}@made-up.example")),
        username: Some(username),
        contract: CONTRACTS.get(mixed / 8 % CONTRACTS.len()).copied(),
        posts,
        enabled: true,
    }
}

fn pupil(at: usize, schools: usize, school_year: i16) -> Pupil {
    let school = at % schools;
    let (given, family) = names(at, 3);
    let mixed = mix(at, 4);
    let age = if is_secondary(school) {
        11 + mixed % 7
    } else {
        4 + mixed % 7
    };
    let year = match age {
        4 => Year::Reception,
        older => Year::Year(u8::try_from(older - 4).unwrap_or(1)),
    };
    let month = i8::try_from(1 + mixed / 7 % 12).unwrap_or(1);
    // Born from September to August: who is born before September is of the later calendar year.
    let later = if month < 9 { 0 } else { 1 };
    Pupil {
        external_id: format!("pupil-{:06}", at + 1),
        given: given.to_owned(),
        family: family.to_owned(),
        known_as: (at % 30 == 11).then(|| pick(&GIVEN, mixed).to_owned()),
        year: Some(year),
        class: Some(format!(
            "{}{}",
            year.code(),
            pick(&["A", "B", "C", "D"], mixed / 84)
        )),
        born: day(
            school_year - i16_of(age) - later,
            month,
            i8::try_from(1 + mixed / 400 % 28).unwrap_or(1),
        ),
        school: school_id(school),
    }
}

fn guardian(at: usize, pupils: usize) -> Guardian {
    let (given, family) = names(at, 5);
    let mut of = Vec::new();
    if pupils > 0 {
        of.push(format!("pupil-{:06}", at % pupils + 1));
        let sibling = format!("pupil-{:06}", (at + pupils / 2) % pupils + 1);
        if at.is_multiple_of(3) && !of.contains(&sibling) {
            of.push(sibling);
        }
    }
    of.sort();
    Guardian {
        external_id: format!("carer-{:06}", at + 1),
        given: given.to_owned(),
        family: family.to_owned(),
        email: (!at.is_multiple_of(10)).then(|| format!("carer{}@home.example", at + 1)),
        phone: (at.is_multiple_of(4)).then(|| format!("01632 {:06}", at % 1_000_000)),
        pupils: of,
    }
}

fn names(at: usize, salt: u64) -> (&'static str, &'static str) {
    let mixed = mix(at, salt);
    (pick(&GIVEN, mixed), pick(&FAMILY, mixed / GIVEN.len()))
}

fn pick<'a>(from: &[&'a str], at: usize) -> &'a str {
    from.get(at % from.len().max(1))
        .copied()
        .unwrap_or_default()
}

/// Spreads a number over all numbers, the same way every time (the finisher of SplitMix64).
fn mix(at: usize, salt: u64) -> usize {
    let mut z = u64::try_from(at)
        .unwrap_or_default()
        .wrapping_add(salt.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    usize::try_from((z ^ (z >> 31)) >> 33).unwrap_or_default()
}

fn day(year: i16, month: i8, day: i8) -> Option<Date> {
    Date::new(year, month, day).ok()
}

fn i16_of(small: usize) -> i16 {
    i16::try_from(small).unwrap_or_default()
}

fn plain(name: &str) -> String {
    name.chars()
        .filter_map(|c| match c {
            'ë' => Some('e'),
            'í' => Some('i'),
            c if c.is_ascii_alphanumeric() => Some(c.to_ascii_lowercase()),
            _ => None,
        })
        .collect()
}
