//! The types of values, and how each is read from text.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use lettre::Address;
use url::{Host, Url};
use zeroize::Zeroizing;

/// A value that is read from text. An error completes "'VALUE' is ".
pub(super) trait Reads: Sized {
    /// Reads it.
    fn read(text: &str) -> Result<Self, String>;

    /// The value where nothing is given and there is no default.
    fn absent() -> Option<Self> {
        None
    }
}

impl<T: Reads> Reads for Option<T> {
    fn read(text: &str) -> Result<Self, String> {
        T::read(text).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl Reads for SocketAddr {
    fn read(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| {
            "no address with a port. Write it as 127.0.0.1:8080 or [::1]:8080; 0.0.0.0 listens on all".into()
        })
    }
}

impl Reads for Vec<IpNet> {
    fn read(text: &str) -> Result<Self, String> {
        let networks = text
            .split(',')
            .map(str::trim)
            .filter(|network| !network.is_empty());
        let network = |text: &str| {
            let one = text.parse::<IpAddr>().map(IpNet::from);
            one.or_else(|_| text.parse()).map_err(|_| {
                format!("no list of networks: '{text}' is neither an address nor a network such as 10.1.0.0/16")
            })
        };
        networks.map(network).collect()
    }
}

impl Reads for Vec<Address> {
    fn read(text: &str) -> Result<Self, String> {
        let one = |text: &str| {
            text.parse()
                .map_err(|_| format!("no list of e-mail addresses: '{text}' is none"))
        };
        let addresses = text.split(',').map(str::trim);
        addresses.filter(|it| !it.is_empty()).map(one).collect()
    }
}

impl Reads for PathBuf {
    fn read(text: &str) -> Result<Self, String> {
        match text {
            "" => Err("no path".into()),
            path => Ok(path.into()),
        }
    }
}

impl Reads for NonZeroU32 {
    fn read(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| "no whole number from 1 up".into())
    }
}

impl Reads for usize {
    fn read(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| "no whole number".into())
    }
}

impl Reads for u64 {
    fn read(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(number @ 1..) => Ok(number),
            _ => Err("no whole number from 1 up".into()),
        }
    }
}

impl Reads for Duration {
    fn read(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(seconds @ 1..=86_400) => Ok(Self::from_secs(seconds)),
            _ => Err("no number of seconds from 1 to 86400".into()),
        }
    }
}

impl Reads for String {
    fn read(text: &str) -> Result<Self, String> {
        match text.trim() {
            "" => Err("empty".into()),
            text => Ok(text.to_owned()),
        }
    }
}

/// A text that is not shown.
#[derive(Clone, Eq, PartialEq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The text.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Reads for Secret {
    fn read(text: &str) -> Result<Self, String> {
        match text.trim() {
            "" => Err("empty".into()),
            text => Ok(Self(Zeroizing::new(text.to_owned()))),
        }
    }
}

/// Something that is set and is read elsewhere.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Present;

impl Reads for Present {
    fn read(_: &str) -> Result<Self, String> {
        Ok(Self)
    }
}

/// The address at which people reach the site: a scheme, a host and perhaps a port.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PublicUrl(Url);

impl PublicUrl {
    /// Whether it is an address of HTTPS.
    #[must_use]
    pub fn https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The address of a path of this site, which begins with a slash.
    #[must_use]
    pub fn of(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }

    /// The address without a slash at its end.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }
}

impl Reads for PublicUrl {
    fn read(text: &str) -> Result<Self, String> {
        let wrong = || {
            "no address of a site. Write it as https://probity.example.org, without a path"
                .to_owned()
        };
        let url = Url::parse(text.trim()).map_err(|_| wrong())?;
        let named = match url.host() {
            Some(Host::Domain(name)) => !name.is_empty(),
            Some(_) => true,
            None => false,
        };
        let plain = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        match url.scheme() {
            "http" | "https" if named && plain => Ok(Self(url)),
            _ => Err(wrong()),
        }
    }
}

macro_rules! choices {
    ($($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $choice:ident = $text:literal),+ $(,)? })*) => { $(
        $(#[$about])*
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub enum $name { $($(#[$doc])* $choice),+ }

        impl Reads for $name {
            fn read(text: &str) -> Result<Self, String> {
                match text.to_ascii_lowercase().as_str() {
                    $($text => Ok(Self::$choice),)+
                    _ => Err(format!("none of {}", [$($text),+].join(", "))),
                }
            }
        }
    )* };
}

choices! {
    /// How the log is written.
    LogFormat {
        /// For people.
        Text = "text",
        /// One JSON object a line.
        Json = "json",
    }
    /// What the log tells, and everything above it.
    LogLevel {
        /// What failed.
        Error = "error",
        /// What wants a look.
        Warn = "warn",
        /// What happened.
        Info = "info",
        /// What helps to find a fault.
        Debug = "debug",
        /// Everything.
        Trace = "trace",
    }
    /// The header in which proxies give the client's address.
    ForwardedBy {
        /// `X-Forwarded-For`, as nearly all proxies send it.
        XForwardedFor = "x-forwarded-for",
        /// `Forwarded`, RFC 7239.
        Forwarded = "forwarded",
    }
}

impl From<LogLevel> for tracing::Level {
    fn from(level: LogLevel) -> Self {
        match level {
            LogLevel::Error => Self::ERROR,
            LogLevel::Warn => Self::WARN,
            LogLevel::Info => Self::INFO,
            LogLevel::Debug => Self::DEBUG,
            LogLevel::Trace => Self::TRACE,
        }
    }
}
