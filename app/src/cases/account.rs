//! An account as an answer names it: a platform and the address or name on it, with a space between them.

use policy::platforms::{AddressKind, Platform, Platforms};

/// The platform where none of the list is meant.
pub(crate) const OTHER: &str = "other";

/// An account on a platform.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Account {
    /// The platform, as the list of platforms names it, or [`OTHER`].
    pub(crate) platform: String,
    /// The address of its page, or its name there.
    pub(crate) address: String,
}

/// Why what was typed names no account.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum NotAnAccount {
    /// No platform was chosen.
    #[error("Choose the platform that the account is on")]
    NoPlatform,
    /// No address was typed.
    #[error("Give the account’s address or its name there")]
    NoAddress,
    /// A space stands in it.
    #[error("Give one address or name, without spaces")]
    Spaces,
    /// It leads somewhere else.
    #[error("This is an address on {0}. Choose {0}, or give another address")]
    Elsewhere(String),
    /// It is the address of a post.
    #[error("This is the address of a single post. Give the address of the account’s own page")]
    Post,
    /// It is neither an address nor a name there.
    #[error("{0} has no such addresses or names. Copy the address of the account’s own page")]
    Unlike(String),
}

impl Account {
    /// An account as it is kept.
    pub(crate) fn of(answer: &str) -> Self {
        let (platform, address) = answer.split_once(' ').unwrap_or((OTHER, answer));
        Self {
            platform: platform.to_owned(),
            address: address.to_owned(),
        }
    }

    /// How it is kept.
    pub(crate) fn kept(&self) -> String {
        format!("{} {}", self.platform, self.address)
    }

    /// Whether both name the same account, however its address was written.
    pub(crate) fn is_the_same_as(&self, other: &Self) -> bool {
        self.platform == other.platform && plain(&self.address) == plain(&other.address)
    }

    /// On screen.
    pub(crate) fn says(&self, platforms: &Platforms) -> String {
        match platforms.get(&self.platform) {
            Some(platform) => format!("{}: {}", platform.name, self.address),
            None => self.address.clone(),
        }
    }

    /// Checks what was typed against what the platform's addresses and names look like.
    pub(crate) fn read(
        platforms: &Platforms,
        platform: &str,
        address: &str,
    ) -> Result<Self, NotAnAccount> {
        let (platform, address) = (platform.trim(), address.trim());
        let account = Self {
            platform: platform.to_owned(),
            address: address.to_owned(),
        };
        let known = platforms.get(platform);
        if known.is_none() && platform != OTHER {
            return Err(NotAnAccount::NoPlatform);
        }
        if address.is_empty() {
            return Err(NotAnAccount::NoAddress);
        }
        if address.contains(char::is_whitespace) {
            return Err(NotAnAccount::Spaces);
        }
        if let Some(owner) = platforms.of_host(host(address))
            && owner.id != platform
        {
            return Err(NotAnAccount::Elsewhere(owner.name.clone()));
        }
        let Some(known) = known else {
            return Ok(account);
        };
        let found = platforms.of_address(address);
        match found.filter(|(platform, _)| platform.id == known.id) {
            Some((_, AddressKind::Post)) => Err(NotAnAccount::Post),
            Some((_, AddressKind::Profile)) => Ok(account),
            _ if is_name(known, address) => Ok(account),
            _ => Err(NotAnAccount::Unlike(known.name.clone())),
        }
    }
}

/// An address without what differs between ways of writing it.
fn plain(address: &str) -> String {
    let address = address.to_lowercase();
    let address = address
        .split_once("://")
        .map_or(address.as_str(), |(_, rest)| rest);
    let address = address.strip_prefix("www.").unwrap_or(address);
    let name = address.trim_end_matches('/');
    let name = name.rsplit('/').next().unwrap_or(name);
    name.trim_start_matches('@').to_owned()
}

/// Whether a text may be a name on the platform, with or without the `@` before it.
fn is_name(platform: &Platform, text: &str) -> bool {
    let name = text.strip_prefix('@').unwrap_or(text);
    match &platform.handle {
        Some(handle) => handle.admits(name),
        None => {
            let may_stand = |c: char| c.is_alphanumeric() || "._-".contains(c);
            is_not_its_host(platform, name) && !name.is_empty() && name.chars().all(may_stand)
        }
    }
}

/// Whether a text is not simply the platform's own host name.
fn is_not_its_host(platform: &Platform, name: &str) -> bool {
    let name = name.to_lowercase();
    let name = name.strip_prefix("www.").unwrap_or(&name);
    !platform.domains.iter().any(|domain| domain == name)
}

/// The host of an address, with or without its scheme.
fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::{Account, NotAnAccount};
    use crate::policies::Policies;

    #[test]
    fn an_account_is_an_address_or_a_name_on_its_platform() {
        let library = Policies::load(None).unwrap().library();
        let read = |platform: &str, address: &str| {
            Account::read(library.platforms(), platform, address).map(|account| account.kept())
        };
        assert_eq!(
            read("instagram", " https://www.instagram.com/elm.school "),
            Ok("instagram https://www.instagram.com/elm.school".to_owned())
        );
        assert_eq!(
            read("instagram", "@elm.school"),
            Ok("instagram @elm.school".to_owned())
        );
        assert_eq!(
            read("other", "elm.example/us"),
            Ok("other elm.example/us".to_owned())
        );
        assert_eq!(read("", "elm"), Err(NotAnAccount::NoPlatform));
        assert_eq!(read("instagram", " "), Err(NotAnAccount::NoAddress));
        assert_eq!(read("instagram", "elm school"), Err(NotAnAccount::Spaces));
        assert_eq!(
            read("instagram", "instagram.com/p/Cx1"),
            Err(NotAnAccount::Post)
        );
        assert_eq!(
            read("instagram", "instagram.com"),
            Err(NotAnAccount::Unlike("Instagram".to_owned()))
        );
        for platform in ["instagram", "other"] {
            assert_eq!(
                read(platform, "https://facebook.com/elm"),
                Err(NotAnAccount::Elsewhere("Facebook".to_owned()))
            );
        }
        let kept = Account::of("instagram @elm");
        assert_eq!(kept.says(library.platforms()), "Instagram: @elm");
    }
}
