//! What is known of social media platforms: ages, domains, addresses and report routes, read from `platforms.toml`.

mod address;
mod load;

use jiff::civil::Date;

pub use address::{AddressPattern, PatternError};

use crate::source::{Faults, Source};
use crate::vocabulary::Vocabulary;
use address::Address;

/// Longer texts, in bytes, are no web addresses that people paste.
const ADDRESS_AT_MOST: usize = 2_048;

/// The least age by a platform's terms in the United Kingdom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Age {
    /// In years; `None` where the terms name none.
    pub years: Option<u8>,
    /// Where it was read.
    pub source: String,
    /// The day of the text that was read.
    pub as_of: Option<Date>,
    /// What goes with the number.
    pub note: Option<String>,
    /// What is uncertain about it.
    pub doubt: Option<String>,
}

/// What the terms say for another nation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// Where, in words.
    pub place: String,
    /// The least age there, in years.
    pub years: u8,
    /// What is uncertain about it.
    pub doubt: Option<String>,
}

/// What a name on a platform may be made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handle {
    /// What it may hold besides the letters a to z and digits.
    pub symbols: String,
    /// How many characters it has at most.
    pub longest: u32,
}

impl Handle {
    /// Whether `name` is such a name.
    #[must_use]
    pub fn admits(&self, name: &str) -> bool {
        let fits = usize::try_from(self.longest).is_ok_and(|most| name.chars().count() <= most);
        fits && !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || self.symbols.contains(c))
    }
}

/// What a platform takes of pictures in one post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pictures {
    /// Bytes of one file at most.
    pub bytes: u32,
    /// Pixels of the longer side at most, where that is known.
    pub side: Option<u32>,
    /// Pixels in all at most, where that is known.
    pub pixels: Option<u32>,
    /// How many one post has at most.
    pub most: u32,
    /// How many characters a description has at most, where that is known.
    pub description: Option<u32>,
    /// Where it was read.
    pub source: String,
    /// What is uncertain about it.
    pub doubt: Option<String>,
}

/// How something is reported to a platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportRoute {
    /// From inside the application.
    InApp,
    /// On a web page.
    Web,
    /// To the moderators of the server in question.
    Server,
    /// There is no public way.
    None,
}

/// Where something is reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How.
    pub how: ReportRoute,
    /// The page, where it is reported on the web.
    pub page: Option<String>,
    /// What is uncertain about it.
    pub doubt: Option<String>,
}

/// One platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Platform {
    /// The vocabulary's value.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The year in which it closed.
    pub closed: Option<u32>,
    /// What is uncertain about it as a whole.
    pub doubt: Option<String>,
    /// The least age; `None` only where the platform has closed.
    pub age: Option<Age>,
    /// What the terms say for other nations.
    pub elsewhere: Vec<Elsewhere>,
    /// Its domains, in small letters; their subdomains are its own too.
    pub domains: Vec<String>,
    /// What a name on it may be made of, where that is known.
    pub handle: Option<Handle>,
    /// What it takes of pictures, where that is known.
    pub pictures: Option<Pictures>,
    /// Addresses of a person's own page.
    pub profiles: Vec<AddressPattern>,
    /// Addresses of one post.
    pub posts: Vec<AddressPattern>,
    /// Where to report; `None` only where the platform has closed.
    pub report: Option<Report>,
}

/// What an address leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressKind {
    /// A person's own page.
    Profile,
    /// One post.
    Post,
    /// Something else of the platform.
    Other,
}

/// The platforms, in the order of their file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Platforms {
    platforms: Vec<Platform>,
}

impl Platforms {
    /// Reads a platform file. Its platforms are those of the vocabulary, all of them and no others.
    ///
    /// # Errors
    /// Every fault of the file at once.
    pub fn load(source: Source<'_>, vocabulary: &Vocabulary) -> Result<Self, Faults> {
        load::load(source, vocabulary)
    }

    /// Every platform.
    pub fn iter(&self) -> impl Iterator<Item = &Platform> {
        self.platforms.iter()
    }

    /// A platform by the vocabulary's value.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Platform> {
        self.platforms.iter().find(|p| p.id == id)
    }

    /// The platform that a host name belongs to, by its longest domain.
    #[must_use]
    pub fn of_host(&self, host: &str) -> Option<&Platform> {
        let host = host.to_lowercase();
        let of = |p: &Platform| {
            let domains = p.domains.iter().filter(|d| is_within(&host, d));
            domains.map(String::len).max()
        };
        let found = self.platforms.iter().filter_map(|p| Some((of(p)?, p)));
        found.max_by_key(|(length, _)| *length).map(|(_, p)| p)
    }

    /// The platform that a web address leads to, and to what there; `None` for every other text.
    #[must_use]
    pub fn of_address(&self, address: &str) -> Option<(&Platform, AddressKind)> {
        if address.len() > ADDRESS_AT_MOST {
            return None;
        }
        let address = Address::read(address);
        match self.of_host(address.host()) {
            Some(platform) => Some((
                platform,
                platform.kind(&address).unwrap_or(AddressKind::Other),
            )),
            None => self
                .platforms
                .iter()
                .find_map(|p| Some((p, p.kind(&address)?))),
        }
    }
}

impl Platform {
    /// By the pattern that leaves least open; a post where two leave as much.
    fn kind(&self, address: &Address<'_>) -> Option<AddressKind> {
        let profiles = self.profiles.iter().map(|p| (p, AddressKind::Profile));
        let posts = self.posts.iter().map(|p| (p, AddressKind::Post));
        profiles
            .chain(posts)
            .filter(|(pattern, _)| pattern.fits(address, self.handle.as_ref()))
            .max_by_key(|(pattern, _)| pattern.fixed())
            .map(|(_, kind)| kind)
    }
}

/// Whether `host` is `domain` or below it.
fn is_within(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}
