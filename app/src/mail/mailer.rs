//! Handing a letter to the mail server.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use lettre::message::{Mailbox, MultiPart, SinglePart, header};
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use serde::{Deserialize, Serialize};

use super::letter::Letter;
use super::settings::{Encryption, MailSettings, MailSettingsError};

/// How long the server may take for one answer.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Characters that are kept of what the server said.
const SAID_LENGTH: usize = 200;

/// Hands letters to the mail server, where one is set up. Cheap to clone.
#[derive(Clone, Default)]
pub struct Mailer(Option<Arc<Server>>);

struct Server {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    site: String,
}

/// Why a letter was not taken. The texts name no address.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// The server may take it later, or after its settings were mended.
    #[error("{0}")]
    Later(String),
    /// The server will never take this letter.
    #[error("{0}")]
    Never(String),
    /// The recipient's address does not work.
    #[error("{0}")]
    Address(String),
}

/// Why a letter did not go.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The server, or the way to it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The template of letters is wrong.
    #[error("the template of letters is wrong: {0}")]
    Template(#[from] minijinja::Error),
    /// The letter cannot be put into the form of an e-mail.
    #[error("the letter cannot be written: {0}")]
    Form(#[from] lettre::error::Error),
}

impl Mailer {
    /// No mail server is set up: whatever is sent waits on people's home pages alone.
    #[must_use]
    pub fn none() -> Self {
        Self(None)
    }

    /// Uses this server. Nothing is sent yet.
    pub fn new(settings: &MailSettings) -> Result<Self, MailSettingsError> {
        let from = settings.sender()?;
        let hello = ClientId::Domain(from.email.domain().to_owned());
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port)
            .tls(tls(settings)?)
            .timeout(Some(TIMEOUT))
            .hello_name(hello);
        if let Some(login) = &settings.login {
            let credentials = Credentials::new(login.user.clone(), login.password.clone());
            builder = builder.credentials(credentials);
        }
        Ok(Self(Some(Arc::new(Server {
            transport: builder.build(),
            from,
            site: settings.site.clone(),
        }))))
    }

    /// Whether a mail server is set up.
    #[must_use]
    pub fn is_set_up(&self) -> bool {
        self.0.is_some()
    }

    /// Whether the server answers and takes our login.
    pub async fn check(&self) -> Result<(), Refusal> {
        let Some(server) = &self.0 else {
            return Err(not_set_up());
        };
        match server.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Refusal::Later(
                "The mail server ended the connection.".into(),
            )),
            Err(error) => Err(judged(&error, "")),
        }
    }

    /// Sends a letter to an address. `name` makes the `Message-ID`, and with `written_at` the same
    /// message each time.
    pub async fn send(
        &self,
        to: &str,
        letter: &Letter,
        name: &str,
        written_at: Timestamp,
    ) -> Result<(), MailError> {
        self.send_with(to, letter, &[], name, written_at).await
    }

    /// Sends a letter as [`Mailer::send`] does, with files of text that arrive byte for byte.
    pub async fn send_with(
        &self,
        to: &str,
        letter: &Letter,
        files: &[TextFile],
        name: &str,
        written_at: Timestamp,
    ) -> Result<(), MailError> {
        let server = self.0.as_ref().ok_or_else(not_set_up)?;
        let mailbox = to.parse::<Mailbox>().map_err(|_| {
            Refusal::Address("The address is not in the form of an e-mail address.".to_owned())
        })?;
        let written = letter.write(&server.site)?;
        let domain = server.from.email.domain();
        let bodies = MultiPart::alternative()
            .boundary(format!("probity-{name}"))
            .singlepart(SinglePart::plain(written.plain))
            .singlepart(SinglePart::html(written.html));
        let body = match files {
            [] => bodies,
            files => files.iter().fold(
                MultiPart::mixed()
                    .boundary(format!("probity-files-{name}"))
                    .multipart(bodies),
                |body, file| body.singlepart(attached(file)),
            ),
        };
        let message = Message::builder()
            .from(server.from.clone())
            .to(mailbox)
            .date(written_at.into())
            .message_id(Some(format!("<{name}@{domain}>")))
            .subject(&letter.subject)
            // Nobody reads answers to it, and no machine should write one.
            .raw_header(header::HeaderValue::new(
                header::HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ))
            .multipart(body)?;
        let sent = server.transport.send(message).await;
        sent.map(|_| ()).map_err(|error| judged(&error, to).into())
    }
}

/// A file that goes with a letter.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct TextFile {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// In base64: no server on the way may break a line or change its end.
fn attached(file: &TextFile) -> SinglePart {
    SinglePart::builder()
        .header(header::ContentType::TEXT_PLAIN)
        .header(header::ContentDisposition::attachment(&file.name))
        .header(header::ContentTransferEncoding::Base64)
        .body(file.text.clone().into_bytes())
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Mailer").field(&self.is_set_up()).finish()
    }
}

fn not_set_up() -> Refusal {
    Refusal::Later("No mail server is set up.".to_owned())
}

fn tls(settings: &MailSettings) -> Result<Tls, MailSettingsError> {
    if settings.encryption == Encryption::None {
        return Ok(Tls::None);
    }
    let mut parameters = TlsParameters::builder(settings.host.clone());
    if let Some(pem) = &settings.authority {
        let authority = Certificate::from_pem(pem).map_err(MailSettingsError::Authority)?;
        parameters = parameters.add_root_certificate(authority);
    }
    let parameters = parameters
        .build_rustls()
        .map_err(MailSettingsError::Authority)?;
    Ok(match settings.encryption {
        Encryption::Tls => Tls::Wrapper(parameters),
        _ => Tls::Required(parameters),
    })
}

/// What an error of the server or of the way to it means (RFC 5321, 4.2; RFC 3463).
fn judged(error: &smtp::Error, to: &str) -> Refusal {
    let source = std::error::Error::source(error);
    let said = source.map(ToString::to_string).unwrap_or_default();
    let told = told(&said, to);
    let Some(code) = error.status().map(u16::from) else {
        let what = match error.is_tls() {
            true => "The connection to the mail server could not be protected",
            false => "The mail server does not answer",
        };
        return Refusal::Later(format!("{what}: {told}"));
    };
    let told = format!("The mail server said {code}: {told}");
    match code {
        // Our login: for whoever looks after the settings to mend.
        530 | 534 | 535 | 538 => Refusal::Later(told),
        550 | 551 | 553 if is_about_recipient(&said) => Refusal::Address(told),
        500.. => Refusal::Never(told),
        _ => Refusal::Later(told),
    }
}

/// Whether the status that stands before the text is about the recipient's mailbox. A server that
/// gives none means it: 550 is the answer to `RCPT TO`.
fn is_about_recipient(said: &str) -> bool {
    let first = said.split_whitespace().next().unwrap_or_default();
    let is_status = first.starts_with("5.") && first.split('.').count() == 3;
    let sender = ["5.1.7", "5.1.8"].contains(&first);
    !is_status || (first.starts_with("5.1.") && !sender) || first == "5.2.1"
}

/// What the server said, short, in one line and without the address.
fn told(said: &str, to: &str) -> String {
    let line = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = match to {
        "" => line,
        to => line.replace(to, "the address"),
    };
    line.chars().take(SAID_LENGTH).collect()
}
