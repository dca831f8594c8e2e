//! Reads `links.toml`: hosts and schemes.

use policy::fields::{Fields, Reader};
use policy::source::{Faults, Source};
use rustc_hash::FxHashSet;

use super::kinds::version;

/// The lists of `links.toml`. Hosts are in small letters; a host stands for those under it too.
#[derive(Debug, Default)]
pub(crate) struct LinkLists {
    /// They hide where a link leads.
    pub(crate) short: FxHashSet<String>,
    /// For adults; gambling.
    pub(crate) adult: FxHashSet<String>,
    /// Anybody may put a file there.
    pub(crate) files: FxHashSet<String>,
    /// What is often imitated.
    pub(crate) known: FxHashSet<String>,
    /// Where people have profiles.
    pub(crate) profiles: FxHashSet<String>,
    /// Private mail.
    pub(crate) mail: FxHashSet<String>,
    /// Schemes that run something or open a file.
    pub(crate) unsafe_schemes: FxHashSet<String>,
    /// Endings of programs.
    pub(crate) programs: FxHashSet<String>,
}

pub(super) fn load(source: Source<'_>) -> Result<LinkLists, Faults> {
    let reader = Reader::new(source);
    let table = reader.parse();
    let lists = table.as_ref().map(|table| {
        let fields = Fields::new(&reader, table);
        version(&fields);
        let lists = LinkLists {
            short: list(&fields, "shorteners", true),
            adult: list(&fields, "adult", true),
            files: list(&fields, "file_sharing", true),
            known: list(&fields, "imitated", true),
            profiles: list(&fields, "profiles", true),
            mail: list(&fields, "private_mail", true),
            unsafe_schemes: list(&fields, "unsafe_schemes", false),
            programs: list(&fields, "programs", false),
        };
        fields.finish();
        lists
    });
    reader.finish(lists)
}

fn list(fields: &Fields<'_, '_, '_>, key: &'static str, hosts: bool) -> FxHashSet<String> {
    let Some(texts) = fields.texts(key) else {
        let what = format!("'{key}' is missing here: a list.");
        fields.reader.fault(fields.at(), what);
        return FxHashSet::default();
    };
    let mut list = FxHashSet::default();
    for text in &texts {
        for word in text.is.split_whitespace() {
            let plain = |c: char| {
                c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.' | '+')
            };
            if !word.chars().all(plain) || (hosts && !word.contains('.')) {
                let what = format!("'{word}' is no host or scheme in small letters.");
                fields.reader.fault(text.at.clone(), what);
            }
            list.insert(word.to_owned());
        }
    }
    list
}
