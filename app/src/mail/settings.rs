//! Which mail server, and in whose name.

use std::fmt;

use lettre::message::Mailbox;
use url::{Host, Url};

use crate::settings::Settings;

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Encryption {
    /// Not at all: for a server on the same machine or in a network of its own.
    None,
    /// Begun in clear and encrypted before anything is said (port 587). Where the server does not
    /// offer it, nothing is sent.
    StartTls,
    /// From the first byte (port 465).
    Tls,
}

/// What the mail server knows this program by.
#[derive(Clone, Eq, PartialEq)]
pub struct Login {
    /// The user.
    pub user: String,
    /// The password.
    pub password: String,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login").finish_non_exhaustive()
    }
}

/// The mail server and what is written into every message.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// The server's name, by which its certificate is checked.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub encryption: Encryption,
    /// The login, where the server wants one.
    pub login: Option<Login>,
    /// The sender, as `Probity <probity@school.example>`.
    pub from: String,
    /// The address of this site, to which the links in messages lead: `https://probity.school.example`.
    pub site: String,
    /// The certificate (PEM) of the authority that vouches for the server, where the machine does
    /// not know it already.
    pub authority: Option<Vec<u8>>,
}

/// Settings that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MailSettingsError {
    /// Not the address of a mail server. It may hold a password, so it is not repeated.
    #[error(
        "the address of the mail server cannot be read: write smtp://HOST:PORT (no encryption), smtp+starttls://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST:465"
    )]
    Address,
    /// A password over the network in clear.
    #[error(
        "the password for the mail server would be sent in clear: begin its address with smtp+starttls:// (usually port 587) or smtps:// (usually port 465)"
    )]
    InClear,
    /// Something that belongs to the mail server is not set.
    #[error("mail.url is set, so {0} is needed too")]
    Missing(&'static str),
    /// Checkpoints are to be mailed, and nothing can be.
    #[error("mail.checkpoints is set, so mail.url is needed too")]
    NoServer,
    /// Not the address of a sender.
    #[error("'{0}' is no sender: write it as Probity <probity@school.example>")]
    Sender(String),
    /// The site's address is none.
    #[error("'{0}' is no address of a site: write it as https://probity.school.example")]
    Site(String),
    /// The authority's certificate cannot be used.
    #[error("the certificate of the mail server's authority cannot be used: {0}")]
    Authority(lettre::transport::smtp::Error),
}

impl MailSettings {
    /// What the installation's settings say; nothing where no mail server is set up.
    pub fn of(settings: &Settings) -> Result<Option<Self>, MailSettingsError> {
        let Some(url) = &settings.mail_url else {
            return match settings.checkpoint_addresses().is_empty() {
                true => Ok(None),
                false => Err(MailSettingsError::NoServer),
            };
        };
        let missing = MailSettingsError::Missing;
        let from = settings.mail_from.as_ref().ok_or(missing("mail.from"))?;
        let site = settings.public_url.as_ref().ok_or(missing("public_url"))?;
        Self::from_url(url.reveal(), from, site.origin()).map(Some)
    }

    /// The settings in one address: `smtp://host:25`, `smtp+starttls://user:password@host:587`,
    /// `smtps://user:password@host:465`. Without a port, the usual one.
    pub fn from_url(url: &str, from: &str, site: &str) -> Result<Self, MailSettingsError> {
        let url = Url::parse(url).map_err(|_| MailSettingsError::Address)?;
        let (encryption, usual_port) = match url.scheme() {
            "smtp" => (Encryption::None, 25),
            "smtp+starttls" => (Encryption::StartTls, 587),
            "smtps" => (Encryption::Tls, 465),
            _ => return Err(MailSettingsError::Address),
        };
        let host = url.host_str().filter(|host| !host.is_empty());
        let decoded = |text: &str| {
            let decoded = percent_encoding::percent_decode_str(text).decode_utf8();
            decoded
                .map(String::from)
                .map_err(|_| MailSettingsError::Address)
        };
        let login = match url.username() {
            "" => None,
            user => Some(Login {
                user: decoded(user)?,
                password: decoded(url.password().unwrap_or_default())?,
            }),
        };
        let here = match url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name == "127.0.0.1",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        if encryption == Encryption::None && login.is_some() && !here {
            return Err(MailSettingsError::InClear);
        }
        let settings = Self {
            host: host.ok_or(MailSettingsError::Address)?.to_owned(),
            port: url.port().unwrap_or(usual_port),
            encryption,
            login,
            from: from.to_owned(),
            site: site.trim_end_matches('/').to_owned(),
            authority: None,
        };
        settings.sender()?;
        let site = Url::parse(&settings.site).ok();
        match site.is_some_and(|site| matches!(site.scheme(), "http" | "https")) {
            true => Ok(settings),
            false => Err(MailSettingsError::Site(settings.site)),
        }
    }

    pub(super) fn sender(&self) -> Result<Mailbox, MailSettingsError> {
        let sender = self.from.parse::<Mailbox>();
        sender.map_err(|_| MailSettingsError::Sender(self.from.clone()))
    }
}
