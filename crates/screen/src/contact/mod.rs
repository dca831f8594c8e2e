//! Details by which somebody is reached, found or impersonated: numbers, addresses, dates, codes.

mod address;
mod birth;
mod mail;
mod pupil_number;
mod secret;
mod telephone;

use std::ops::Range;

use rustc_hash::FxHashSet;

use crate::kind::Kind;
use crate::known::Known;
use crate::lists::Lists;
use crate::text::{Text, pieces};

/// A detail found, in bytes of the part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) span: Range<usize>,
    pub(crate) kind: Kind,
    pub(crate) score: u8,
}

/// The school's own details, which are public.
#[derive(Debug, Default)]
pub(crate) struct Own {
    /// Digits of telephone numbers, as they are called within the country.
    telephones: FxHashSet<String>,
    /// Addresses, run together.
    addresses: Vec<String>,
    /// Domains, in small letters.
    pub(crate) domains: Vec<String>,
    /// Accounts' names, run together.
    pub(crate) handles: FxHashSet<String>,
}

impl Own {
    /// `mail` are services of private mail: that people at the school use one makes it none of the school's.
    pub(crate) fn of(known: &Known, mail: &FxHashSet<String>) -> Self {
        let mut own = Self::default();
        for school in &known.schools {
            let telephones = school.telephones.iter();
            own.telephones
                .extend(telephones.filter_map(|number| telephone::national(number)));
            let addresses = school.addresses.iter();
            own.addresses
                .extend(addresses.map(|address| pieces(address).concat()));
            let domains = school.domains.iter();
            let domains = domains.map(|domain| domain.to_ascii_lowercase());
            own.domains
                .extend(domains.filter(|domain| !mail.contains(domain)));
            let handles = school.handles.iter();
            own.handles
                .extend(handles.map(|handle| pieces(handle).concat()));
        }
        own
    }

    /// Whether a host is one of the school's.
    pub(crate) fn has_host(&self, host: &str) -> bool {
        self.domains.iter().any(|domain| is_within(host, domain))
    }
}

/// Whether a host is a domain or under it.
pub(crate) fn is_within(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Every such detail in a part.
pub(crate) fn search(raw: &str, text: &Text, own: &Own, lists: &Lists) -> Vec<Spot> {
    let mut spots = Vec::new();
    if raw.bytes().any(|b| b.is_ascii_digit()) {
        telephone::search(raw, own, &mut spots);
        address::search(text, own, &mut spots);
        birth::search(text, &mut spots);
        pupil_number::search(text, &mut spots);
    }
    mail::search(raw, text, own, &lists.links, &mut spots);
    secret::search(text, lists, &mut spots);
    spots
}
