use roster::sample::{Size, trust};
use roster::{Files, Source, write_one_roster};

const LARGE: Size = Size {
    schools: 60,
    pupils: 60_000,
    staff: 8_000,
    guardians: 0,
    school_year: 2026,
};

#[test]
fn a_made_up_trust_is_the_same_every_time_and_reads_back_equal() {
    let size = Size {
        pupils: 2_000,
        staff: 300,
        guardians: 1_500,
        ..LARGE
    };
    let roster = trust(size);
    assert_eq!(roster, trust(size));
    let mut files = Files::new();
    for (name, bytes) in write_one_roster(&roster).unwrap() {
        files.add(name, bytes).unwrap();
    }
    assert_eq!(roster::read(&files, &Source::OneRoster).unwrap(), roster);
}

/// Prints what it took; with `--release --nocapture` that is the figure that is published.
#[test]
fn sixty_thousand_pupils_and_eight_thousand_staff_are_read() {
    let roster = trust(LARGE);
    let written = write_one_roster(&roster).unwrap();
    let bytes: usize = written.iter().map(|(_, bytes)| bytes.len()).sum();
    let begun = std::time::Instant::now();
    let mut files = Files::new();
    for (name, bytes) in written {
        files.add(name, bytes).unwrap();
    }
    let read = roster::read(&files, &Source::OneRoster).unwrap();
    let took = begun.elapsed();
    println!("{} rows from {bytes} bytes in {took:?}", read.len());
    assert_eq!((read.pupils.len(), read.staff.len()), (60_000, 8_000));
    assert_eq!(read, roster);
}
