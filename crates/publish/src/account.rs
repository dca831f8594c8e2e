//! The door: an account on a platform, and what is done there.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use url::Url;

use crate::failure::{Failure, Found};
use crate::http::Http;
use crate::limits::Limits;
use crate::post::{Post, Published};
use crate::{bluesky, mastodon};

/// A platform that can be published on. Its name as text is the one that the vocabulary and `platforms.toml` use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// AT Protocol: the account's personal data server, and an app password.
    Bluesky,
    /// Any server with Mastodon's client API, and an access token.
    Mastodon,
}

impl Platform {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Bluesky, Self::Mastodon];

    /// `bluesky` or `mastodon`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Bluesky => "bluesky",
            Self::Mastodon => "mastodon",
        }
    }

    /// What its posts may hold where nobody has asked the server itself.
    #[must_use]
    pub fn limits(self) -> Limits {
        match self {
            Self::Bluesky => Limits::BLUESKY,
            Self::Mastodon => Limits::MASTODON,
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl FromStr for Platform {
    type Err = AccountError;

    fn from_str(id: &str) -> Result<Self, AccountError> {
        let known = Self::ALL.into_iter().find(|platform| platform.id() == id);
        known.ok_or_else(|| AccountError::Platform(id.to_owned()))
    }
}

/// What cannot be an account.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// No client is here for it.
    #[error("'{0}' is not a platform that can be published on: 'bluesky' and 'mastodon' are")]
    Platform(String),
    /// Not a server.
    #[error("'{0}' is not the address of a server, such as https://bsky.social")]
    Server(String),
    /// Bluesky signs in with a name.
    #[error("the account's name on Bluesky is missing, such as school.bsky.social")]
    NoName,
    /// Nothing was given, or something that no token looks like.
    #[error("that is no token: it is empty, or has spaces or line ends in it")]
    Token,
}

/// Whose token it is, by the platform's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The account's lasting identifier: a DID, or the account's number on its server.
    pub id: String,
    /// Its name there, such as `school.bsky.social` or `school@mastodon.example`.
    pub name: String,
    /// Where people see it.
    pub address: String,
}

/// An account, its token and the way to its server.
pub struct Account<'a, H> {
    platform: Platform,
    /// Scheme, host and port, without a slash at the end.
    server: String,
    name: &'a str,
    token: &'a str,
    http: &'a H,
}

impl<H> fmt::Debug for Account<'_, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Account({} at {})", self.name, self.server)
    }
}

impl<'a, H: Http> Account<'a, H> {
    /// `server` is the address of the account's own server; `name` is what it signs in as on Bluesky, and nothing on
    /// Mastodon, whose token says whose it is.
    ///
    /// # Errors
    /// [`AccountError`] where these cannot be an account. Nothing is asked of the server yet.
    pub fn new(
        platform: Platform,
        server: &str,
        name: &'a str,
        token: &'a str,
        http: &'a H,
    ) -> Result<Self, AccountError> {
        let name = name.trim().trim_start_matches('@');
        if platform == Platform::Bluesky && name.is_empty() {
            return Err(AccountError::NoName);
        }
        let visible = |c: char| c.is_ascii_graphic();
        if token.is_empty() || !token.chars().all(visible) {
            return Err(AccountError::Token);
        }
        Ok(Self {
            platform,
            server: origin(server)?,
            name,
            token,
            http,
        })
    }

    /// Signs in and says whose the token is, and that it may publish, as far as that can be seen without publishing.
    ///
    /// # Errors
    /// [`Failure`]; never [`Failure::Unknown`].
    pub async fn check(&self) -> Result<Owner, Failure> {
        let owner = match self.platform {
            Platform::Bluesky => self.bluesky().check().await,
            Platform::Mastodon => self.mastodon().check().await,
        };
        owner.map_err(Failure::before_publishing)
    }

    /// What a post on this account's server may hold.
    ///
    /// # Errors
    /// [`Failure`] where the server does not say; never [`Failure::Unknown`].
    pub async fn limits(&self) -> Result<Limits, Failure> {
        match self.platform {
            Platform::Bluesky => Ok(Limits::BLUESKY),
            Platform::Mastodon => self
                .mastodon()
                .limits()
                .await
                .map_err(Failure::before_publishing),
        }
    }

    /// Publishes a post with its pictures. Where one was published under its key before, that one is the answer, as far
    /// as the platform remembers: always on Bluesky, for an hour on Mastodon.
    ///
    /// # Errors
    /// [`Failure`]: after [`Failure::Unknown`] alone may it have been published.
    pub async fn publish(&self, post: &Post) -> Result<Published, Failure> {
        match self.platform {
            Platform::Bluesky => self.bluesky().publish(post).await,
            Platform::Mastodon => self.mastodon().publish(post).await,
        }
    }

    /// Looks for a post whose publishing ended with [`Failure::Unknown`], or was cut short. It is a later look that
    /// counts: a request that is still under way is not seen yet.
    ///
    /// # Errors
    /// [`Failure`] where the platform could not be asked; never [`Failure::Unknown`].
    pub async fn find(&self, post: &Post, now: Timestamp) -> Result<Found, Failure> {
        let found = match self.platform {
            Platform::Bluesky => self.bluesky().find(post).await,
            Platform::Mastodon => self.mastodon().find(post, now).await,
        };
        found.map_err(Failure::before_publishing)
    }

    /// Takes down the post of an id, as [`Published`] has it. One that is gone already is as good, so this may be done
    /// again however it ended.
    ///
    /// # Errors
    /// [`Failure`]: the post may still stand there.
    pub async fn take_down(&self, id: &str) -> Result<(), Failure> {
        match self.platform {
            Platform::Bluesky => self.bluesky().take_down(id).await,
            Platform::Mastodon => self.mastodon().take_down(id).await,
        }
    }

    fn bluesky(&self) -> bluesky::Repository<'_, H> {
        bluesky::Repository::new(&self.server, self.name, self.token, self.http)
    }

    fn mastodon(&self) -> mastodon::Instance<'_, H> {
        mastodon::Instance::new(&self.server, self.token, self.http)
    }
}

/// Scheme, host and port of an address that has nothing else.
fn origin(server: &str) -> Result<String, AccountError> {
    let wrong = || AccountError::Server(server.to_owned());
    let url = Url::parse(server.trim()).map_err(|_| wrong())?;
    let bare = matches!(url.path(), "" | "/")
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    match matches!(url.scheme(), "http" | "https") && url.has_host() && bare {
        true => Ok(url.origin().ascii_serialization()),
        false => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_an_address_and_nothing_else() {
        assert_eq!(
            origin("https://BSKY.social/ ").unwrap(),
            "https://bsky.social"
        );
        assert_eq!(
            origin("http://127.0.0.1:3901").unwrap(),
            "http://127.0.0.1:3901"
        );
        for wrong in [
            "bsky.social",
            "ftp://bsky.social",
            "https://bsky.social/xrpc",
            "https://me:secret@bsky.social",
            "https://bsky.social?a",
            "",
        ] {
            assert_eq!(origin(wrong), Err(AccountError::Server(wrong.to_owned())));
        }
    }

    #[test]
    fn platforms_go_by_their_names() {
        for platform in Platform::ALL {
            assert_eq!(platform.id().parse(), Ok(platform));
        }
        assert!("facebook".parse::<Platform>().is_err());
    }
}
