//! Every setting, defined once: its field, names, default, who may see it, and what it says.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use lettre::Address;

use super::InForce;
use super::kinds::{ForwardedBy, LogFormat, LogLevel, Present, PublicUrl, Secret};
use super::providers::ProviderSettings;
use super::sources::Gathered;

/// What a setting is, apart from its value.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// The name in the settings file; a dot stands before a name within a section.
    pub name: &'static str,
    /// What stands for the value in help texts.
    pub value: &'static str,
    /// The value where none is given.
    pub default: Option<&'static str>,
    /// The default in words, where it is worked out and not written down.
    pub otherwise: &'static str,
    /// Who may see the value.
    pub secrecy: Secrecy,
    /// Which verbs take it as an option.
    pub verbs: Verbs,
    /// Whether the value is a path, which a settings file gives from its own folder.
    pub path: bool,
    /// What it is for.
    pub says: &'static str,
}

/// Who may see a value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Secrecy {
    /// Everybody.
    Open,
    /// Everybody, but not the password in the address.
    Address,
    /// Nobody.
    Hidden,
    /// Nobody; and it is given in the environment only, and read there when it is needed.
    Environment,
}

/// Which verbs take a setting as an option.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Verbs {
    /// Those that decide by policies.
    Policies,
    /// Those that work on an installation.
    Installation,
    /// `serve` alone.
    Serve,
    /// None: it belongs into a file or the environment.
    None,
}

const PLAIN: Definition = Definition {
    name: "",
    value: "",
    default: None,
    otherwise: "",
    secrecy: Secrecy::Open,
    verbs: Verbs::None,
    path: false,
    says: "",
};

impl Definition {
    /// Its environment variable.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("PROBITY_{}", self.name.replace('.', "_").to_uppercase())
    }

    /// Its option on the command line, without the dashes.
    #[must_use]
    pub fn option(&self) -> String {
        self.name.replace(['.', '_'], "-")
    }

    /// The variable that names a file which holds the value, as for secrets.
    #[must_use]
    pub fn file_variable(&self) -> Option<String> {
        matches!(self.secrecy, Secrecy::Address | Secrecy::Hidden)
            .then(|| format!("{}_FILE", self.variable()))
    }

    /// What it is for, as one paragraph.
    #[must_use]
    pub fn says(&self) -> &'static str {
        self.says.trim()
    }

    /// The setting of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        Settings::DEFINITIONS
            .iter()
            .find(|known| known.name == name)
    }
}

macro_rules! settings {
    ($($(#[doc = $doc:literal])+ $field:ident: $kind:ty { $($facts:tt)* })*) => {
        /// The settings of this installation, checked.
        #[derive(Clone, Debug)]
        pub struct Settings {
            $($(#[doc = $doc])+ pub $field: $kind,)*
            pub(super) in_force: Vec<InForce>,
            pub(super) file: Option<PathBuf>,
            pub(super) key_source: Option<&'static str>,
            pub(super) providers: Vec<ProviderSettings>,
        }

        impl Settings {
            /// Every setting there is.
            pub const DEFINITIONS: &[Definition] = &[
                $(Definition { says: concat!($($doc),+), $($facts)* ..PLAIN }),*
            ];

            /// Reads every value; nothing where one cannot be read, and then there are faults.
            pub(super) fn read(gathered: &mut Gathered) -> Option<Self> {
                let mut definitions = Self::DEFINITIONS.iter();
                $(let $field = definitions.next().and_then(|it| gathered.value::<$kind>(it));)*
                Some(Self {
                    $($field: $field?,)*
                    in_force: Vec::new(),
                    file: None,
                    key_source: None,
                    providers: Vec::new(),
                })
            }
        }
    };
}

settings! {
    /// Address and port to listen on; port 0 takes a free one.
    listen: SocketAddr {
        name: "listen", value: "ADDR", default: Some("127.0.0.1:8080"), verbs: Verbs::Serve,
    }
    /// The address at which people reach the site, such as https://probity.example.org. With https, cookies are sent
    /// that way only and browsers are told to stay with it; links in mail and the return from a sign-in provider begin
    /// with it.
    public_url: Option<PublicUrl> {
        name: "public_url", value: "URL", otherwise: "links in mail cannot be made",
        verbs: Verbs::Installation,
    }
    /// Networks of the reverse proxies that stand before Probity, between commas, such as 127.0.0.1 or 10.1.0.0/16.
    /// What they say about the client's address is believed; nobody else is.
    trusted_proxies: Vec<IpNet> {
        name: "trusted_proxies", value: "NETWORKS", default: Some(""), verbs: Verbs::Serve,
    }
    /// The header in which the trusted proxies give the client's address: x-forwarded-for or forwarded (RFC 7239).
    /// The other one is not read: a proxy that sets one lets a client's own other one through.
    forwarded_header: ForwardedBy {
        name: "forwarded_header", value: "HEADER", default: Some("x-forwarded-for"),
    }
    /// The data folder: the database, the master key and the attachments, unless they are elsewhere.
    data: PathBuf {
        name: "data", value: "DIR", default: Some("probity-data"), verbs: Verbs::Installation, path: true,
    }
    /// The database: sqlite:FILE or postgres://USER:PASSWORD@HOST/NAME.
    database_url: Option<Secret> {
        name: "database_url", value: "URL", otherwise: "probity.db in the data folder", secrecy: Secrecy::Address,
        verbs: Verbs::Installation,
    }
    /// The master key itself, 64 hexadecimal digits. Give only one of the three master_key settings.
    master_key: Option<Present> {
        name: "master_key", value: "KEY", otherwise: "see master_key_file", secrecy: Secrecy::Environment,
    }
    /// The file of the master key, which only its owner may read.
    master_key_file: Option<PathBuf> {
        name: "master_key_file", value: "FILE", otherwise: "master.key in the data folder",
        verbs: Verbs::Installation, path: true,
    }
    /// A command that prints the master key, such as a key store's client.
    master_key_command: Option<Secret> {
        name: "master_key_command", value: "COMMAND", otherwise: "see master_key_file", secrecy: Secrecy::Hidden,
    }
    /// The folder that signed checkpoints of the ledger are written to, best one that this machine can add to and not
    /// change.
    checkpoints: Option<PathBuf> {
        name: "checkpoints", value: "DIR", otherwise: "checkpoints in the data folder", path: true,
    }
    /// The list of what was erased, kept outside the database and its backups; where several nodes serve one database,
    /// one file for all of them.
    erasure_list: Option<PathBuf> {
        name: "erasure_list", value: "FILE", otherwise: "erasures.jsonl in the data folder", path: true,
    }
    /// A folder of your own policy files, loaded over those built in.
    policies: Option<PathBuf> {
        name: "policies", value: "DIR", otherwise: "the policies built in", verbs: Verbs::Policies, path: true,
    }
    /// The folder of the backups, on another disk than the data: 'probity doctor' looks how old the newest one is.
    backups: Option<PathBuf> {
        name: "backups",
        value: "DIR",
        otherwise: "nobody looks for backups",
        path: true,
    }
    /// Requests a second that one client address may keep up, over all nodes together.
    rate: NonZeroU32 {
        name: "rate", value: "N", default: Some("20"), verbs: Verbs::Serve,
    }
    /// Requests that one client address may make at once before the rate holds; a whole school often shares one
    /// address.
    burst: NonZeroU32 {
        name: "burst", value: "N", default: Some("200"), verbs: Verbs::Serve,
    }
    /// Largest request body accepted, in bytes.
    max_body: usize {
        name: "max_body", value: "BYTES", default: Some("1048576"), verbs: Verbs::Serve,
    }
    /// Largest file that may be attached to a record, in bytes.
    max_attachment: u64 {
        name: "max_attachment", value: "BYTES", default: Some("26214400"), verbs: Verbs::Serve,
    }
    /// Seconds after which a request is given up.
    timeout: Duration {
        name: "timeout", value: "SECONDS", default: Some("15"), verbs: Verbs::Serve,
    }
    /// Seconds within which a client must have sent the head of its request.
    header_timeout: Duration {
        name: "header_timeout", value: "SECONDS", default: Some("10"),
    }
    /// The mail server: smtp+starttls://USER:PASSWORD@HOST:PORT, smtps:// for one that begins with TLS, smtp:// for one
    /// without encryption. Without one, every message waits in the person's Home.
    mail_url: Option<Secret> {
        name: "mail.url", value: "URL", otherwise: "no mail is sent", secrecy: Secrecy::Address,
    }
    /// Whom mail comes from, such as "Probity <probity@example.org>".
    mail_from: Option<String> {
        name: "mail.from", value: "ADDRESS", otherwise: "no mail is sent",
    }
    /// E-mail addresses, between commas, to which the signed checkpoints of the ledger are sent, once a day and with each
    /// backup: mailboxes that this machine can send to and cannot change.
    mail_checkpoints: Option<Vec<Address>> {
        name: "mail.checkpoints", value: "ADDRESSES", otherwise: "checkpoints are not mailed",
    }
    /// Private networks, between commas, in which servers of one's own may be published on, also by plain HTTP, such as
    /// 10.1.0.0/16. Elsewhere posts go to public addresses only, by HTTPS.
    publish_private_networks: Vec<IpNet> {
        name: "publish.private_networks", value: "NETWORKS", default: Some(""),
    }
    /// How the log is written: text for people, json for programs.
    log_format: LogFormat {
        name: "log.format", value: "FORMAT", default: Some("text"),
    }
    /// What the log tells: error, warn, info, debug or trace. No level writes personal data.
    log_level: LogLevel {
        name: "log.level", value: "LEVEL", default: Some("info"),
    }
    /// Networks from which /metrics may be read without a token.
    metrics_readers: Vec<IpNet> {
        name: "metrics.readers", value: "NETWORKS", default: Some("127.0.0.0/8, ::1/128"),
    }
    /// A token with which /metrics may be read from anywhere: Authorization: Bearer TOKEN.
    metrics_token: Option<Secret> {
        name: "metrics.token", value: "TOKEN", otherwise: "by network only", secrecy: Secrecy::Hidden,
    }
    /// The name of this node, where several serve one database.
    node: Option<String> {
        name: "node", value: "NAME", otherwise: "the machine's name",
    }
}
