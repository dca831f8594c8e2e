use jiff::civil::Date;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use roster::{
    Contract, DateOrder, Field, Files, Guardian, Identifier, Kind, Mapping, Person, Post, Pupil,
    Roster, School, SchoolKind, Source, SuggestedRole, Year, write_one_roster,
};

fn day() -> impl Strategy<Value = Date> {
    (1950_i16..2100, 1_i8..=12, 1_i8..=28).prop_map(|(y, m, d)| Date::new(y, m, d).unwrap())
}

/// A name as people have them, with signs that CSV must quote.
fn name() -> impl Strategy<Value = String> {
    "[A-Za-zÀ-ž][A-Za-zÀ-ž',;\"-]{0,12}"
}

fn email() -> impl Strategy<Value = Option<String>> {
    option::of("[a-z0-9.+-]{1,10}@[a-z]{1,8}\\.example")
}

fn year() -> impl Strategy<Value = Year> {
    prop_oneof![
        Just(Year::Nursery),
        Just(Year::Reception),
        (1_u8..=14).prop_map(Year::Year),
        (1_u8..=7).prop_map(Year::Primary),
        (1_u8..=6).prop_map(Year::Secondary),
    ]
}

fn post() -> impl Strategy<Value = Post> {
    let roles = prop_oneof![
        Just(("teacher", None)),
        Just(("principal", Some(SuggestedRole::Head))),
        Just(("systemAdministrator", Some(SuggestedRole::It))),
    ];
    (0_usize..3, roles, option::of(day())).prop_map(|(school, (printed, suggested_role), begin)| {
        Post {
            school: format!("s{school}"),
            printed_role: printed.to_owned(),
            suggested_role,
            begin,
            end: begin,
        }
    })
}

fn staff() -> impl Strategy<Value = Vec<Person>> {
    let person = (
        name(),
        name(),
        option::of(name()),
        email(),
        option::of("[a-z]{1,8}"),
        post(),
        (
            any::<bool>(),
            option::of(proptest::sample::select(Contract::ALL.to_vec())),
        ),
    );
    btree_map("t[0-9]{1,6}", person, 0..6).prop_map(|people| {
        people
            .into_iter()
            .map(
                |(
                    external_id,
                    (given, family, known_as, email, username, post, (enabled, contract)),
                )| Person {
                    external_id,
                    given,
                    family,
                    known_as,
                    email,
                    username,
                    contract,
                    posts: vec![post],
                    enabled,
                },
            )
            .collect()
    })
}

fn pupils() -> impl Strategy<Value = Vec<Pupil>> {
    let class = option::of("[0-9]{1,2}[A-Z]");
    let pupil = (
        name(),
        name(),
        option::of(name()),
        option::of(year()),
        class,
        option::of(day()),
        0_usize..3,
    );
    btree_map("p[0-9]{1,6}", pupil, 1..6).prop_map(|pupils| {
        pupils
            .into_iter()
            .map(
                |(external_id, (given, family, known_as, year, class, born, school))| Pupil {
                    external_id,
                    given,
                    family,
                    known_as,
                    year,
                    class,
                    born,
                    school: format!("s{school}"),
                },
            )
            .collect()
    })
}

fn rosters() -> impl Strategy<Value = Roster> {
    let guardians = vec(
        (
            name(),
            name(),
            email(),
            vec(any::<prop::sample::Index>(), 0..3),
        ),
        0..5,
    );
    (staff(), pupils(), guardians, vec(name(), 3)).prop_map(
        |(staff, pupils, guardians, schools)| {
            let guardians =
                guardians
                    .into_iter()
                    .enumerate()
                    .map(|(at, (given, family, email, of))| {
                        let mut of: Vec<String> = of
                            .iter()
                            .map(|i| i.get(&pupils).external_id.clone())
                            .collect();
                        of.sort();
                        of.dedup();
                        Guardian {
                            external_id: format!("c{at}"),
                            given,
                            family,
                            email,
                            phone: None,
                            pupils: of,
                        }
                    });
            let schools = schools.into_iter().enumerate().map(|(at, name)| School {
                external_id: format!("s{at}"),
                name,
                identifier: (at > 0).then(|| Identifier::Urn(format!("10000{at}"))),
                kind: if at == 0 {
                    SchoolKind::Trust
                } else {
                    SchoolKind::School
                },
                parent: (at > 0).then(|| "s0".to_owned()),
            });
            Roster {
                schools: schools.collect(),
                staff,
                guardians: guardians.collect(),
                pupils,
                notes: Vec::new(),
            }
        },
    )
}

/// Every way of reading; none may panic.
fn read_every_way(files: &Files) {
    let _ = roster::detect(files);
    let _ = roster::read(files, &Source::OneRoster);
    let _ = roster::read(files, &Source::SchoolDataSync(DateOrder::MonthFirst));
    if let Ok(peek) = roster::peek(files, 3) {
        let kind = Kind::guess(&peek.headers);
        let mut mapping = Mapping::guess(kind, &peek.headers);
        mapping.school = Some("x".to_owned());
        if let Some(header) = peek.headers.first() {
            mapping
                .columns
                .entry(Field::Family)
                .or_insert_with(|| header.clone());
        }
        let _ = roster::read(files, &Source::Mapped(mapping));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_written_roster_reads_back_equal(roster in rosters()) {
        let mut files = Files::new();
        for (name, bytes) in write_one_roster(&roster).unwrap() {
            files.add(name, bytes).unwrap();
        }
        prop_assert_eq!(roster::read(&files, &Source::OneRoster).unwrap(), roster);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..400), zip in any::<bool>()) {
        let mut files = Files::new();
        let bytes = if zip { [b"PK\x03\x04".to_vec(), bytes].concat() } else { bytes };
        if files.add("users.csv", bytes).is_ok() {
            read_every_way(&files);
        }
    }

    #[test]
    fn any_cells_are_read_or_refused(cells in "[a-z0-9,;\"\n\r@./ é]{0,200}") {
        let mut files = Files::new();
        files.add("orgs.csv", b"sourcedId,name,type\nA,Ash,school\n".to_vec()).unwrap();
        let users = format!("sourcedId,username,givenName,familyName,email,role,orgSourcedIds\n{cells}");
        files.add("users.csv", users.into_bytes()).unwrap();
        let roles = format!("userSourcedId,orgSourcedId,role,grade,roleStartDate\n{cells}");
        files.add("roles.csv", roles.into_bytes()).unwrap();
        read_every_way(&files);
    }
}
