//! Any bytes as the files of a roster, in every format: they are read or refused, and told why.

#![no_main]

use libfuzzer_sys::fuzz_target;
use roster::{DateOrder, Files, Kind, Mapping, RosterErrors, Source};

/// Files follow each other, parted by 0x1C; the first line of each is its name.
fuzz_target!(|bytes: &[u8]| {
    let mut files = Files::new();
    for part in bytes.split(|byte| *byte == 0x1C) {
        let mut halves = part.splitn(2, |byte| *byte == b'\n');
        let name = String::from_utf8_lossy(halves.next().unwrap_or_default());
        let content = halves.next().unwrap_or_default();
        if files.add(&name, content.to_vec()).is_err() {
            return;
        }
    }
    let _ = roster::detect(&files);
    told(roster::read(&files, &Source::OneRoster));
    told(roster::read(&files, &Source::SchoolDataSync(DateOrder::DayFirst)));
    if let Ok(peek) = roster::peek(&files, 2) {
        let mut mapping = Mapping::guess(Kind::guess(&peek.headers), &peek.headers);
        mapping.school = Some("Ash".to_owned());
        told(roster::read(&files, &Source::Mapped(mapping)));
    }
});

/// Errors are there to be read.
fn told<T>(read: Result<T, RosterErrors>) {
    if let Err(errors) = read {
        assert!(!errors.errors.is_empty() && errors.errors.len() <= 100);
        assert!(errors.errors.iter().all(|e| !e.wrong.is_empty() && !e.mend.is_empty()));
    }
}
