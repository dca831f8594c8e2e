//! What is around the program: how people reach it, its mail server, its backups, its time zone.

use std::path::Path;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use url::Url;

use super::Finding;
use crate::clock::Clock;
use crate::settings::{Secret, Settings};

/// How long a mail server may take to greet.
const PATIENCE: Duration = Duration::from_secs(5);
/// How old the newest backup may be.
const OLD: SignedDuration = SignedDuration::from_hours(26);

pub(super) async fn examine(settings: &Settings, clock: &Clock) -> Vec<Finding> {
    vec![
        address(settings),
        mail(settings.mail_url.as_ref(), settings.mail_from.as_deref()).await,
        backups(settings.backups.as_deref(), clock.now()),
        time_zone(clock),
    ]
}

fn address(settings: &Settings) -> Finding {
    let subject = "address";
    let Some(site) = &settings.public_url else {
        return Finding::warn(
            subject,
            "public_url is not set: mail cannot hold links, and cookies are sent without HTTPS too",
            "Set public_url to the address at which people reach the site.",
        );
    };
    let origin = site.origin();
    if !site.https() {
        let mend = "Put a reverse proxy with a certificate before Probity and make public_url an address of https.";
        return Finding::warn(
            subject,
            format!("{origin} is without HTTPS: passwords can be read on the way"),
            mend,
        );
    }
    if settings.trusted_proxies.is_empty() {
        let says = format!(
            "{origin} needs a proxy, and none is trusted: all people seem to be one client"
        );
        return Finding::warn(
            subject,
            says,
            "Set trusted_proxies to the address of the reverse proxy.",
        );
    }
    Finding::ok(subject, origin)
}

async fn mail(url: Option<&Secret>, from: Option<&str>) -> Finding {
    let subject = "mail";
    let Some(url) = url else {
        let mend = "Set mail.url and mail.from to send invitations, resets and reminders by mail.";
        return Finding::warn(
            subject,
            "no mail server is set: every message waits in the person's Home",
            mend,
        );
    };
    if from.is_none() {
        return Finding::fail(subject, "mail.from is not set", "Say whom mail comes from.");
    }
    let server = Url::parse(url.reveal()).ok();
    let server = server.as_ref().and_then(|url| {
        let port = match url.scheme() {
            "smtp" => 25,
            "smtp+starttls" => 587,
            "smtps" => 465,
            _ => return None,
        };
        Some((
            url.scheme() == "smtps",
            url.host_str()?.to_owned(),
            url.port().unwrap_or(port),
        ))
    });
    let Some((encrypted, host, port)) = server else {
        return Finding::fail(
            subject,
            "mail.url is no address of a mail server",
            "Write it as smtps://HOST:PORT.",
        );
    };
    match tokio::time::timeout(PATIENCE, greeted(encrypted, &host, port)).await {
        Ok(Ok(true)) => Finding::ok(subject, format!("{host}:{port} answers")),
        Ok(Ok(false)) => Finding::fail(
            subject,
            format!("{host}:{port} answers, but not as a mail server"),
            "Check the port: 25 with smtp://, 587 with smtp+starttls://, 465 with smtps://.",
        ),
        Ok(Err(error)) => Finding::fail(
            subject,
            format!("{host}:{port} cannot be reached: {error}"),
            "Check mail.url, and that no firewall stands between.",
        ),
        Err(_) => Finding::fail(
            subject,
            format!(
                "{host}:{port} does not answer within {} s",
                PATIENCE.as_secs()
            ),
            "Check mail.url, and that no firewall stands between.",
        ),
    }
}

/// Whether a mail server greets there. One that begins with TLS says nothing first.
async fn greeted(encrypted: bool, host: &str, port: u16) -> std::io::Result<bool> {
    let mut connection = TcpStream::connect((host, port)).await?;
    if encrypted {
        return Ok(true);
    }
    let mut greeting = [0; 3];
    connection.read_exact(&mut greeting).await?;
    Ok(&greeting == b"220")
}

fn backups(folder: Option<&Path>, now: Timestamp) -> Finding {
    let subject = "backups";
    let Some(folder) = folder else {
        return Finding::warn(
            subject,
            "the setting backups names no folder, so nobody can see here how old the newest one is",
            "Run 'probity backup' every night, on another disk, and set backups to its folder.",
        );
    };
    let mend = "See that 'probity backup' runs every night.";
    let files = match std::fs::read_dir(folder) {
        Ok(files) => files,
        Err(error) => {
            let says = format!("{} cannot be read: {error}", folder.display());
            return Finding::fail(subject, says, mend);
        }
    };
    let names = files.filter_map(|file| file.ok()?.file_name().into_string().ok());
    let newest = names.filter_map(|name| crate::backup::made_at(&name)).max();
    match newest {
        None => Finding::fail(
            subject,
            format!("there is none in {}", folder.display()),
            mend,
        ),
        Some(at) if now.duration_since(at) > OLD => Finding::warn(
            subject,
            format!("the newest is of {at}, older than a day"),
            mend,
        ),
        Some(at) => Finding::ok(subject, format!("the newest is of {at}")),
    }
}

fn time_zone(clock: &Clock) -> Finding {
    let subject = "time zone";
    let zoned = clock.zoned();
    match zoned.time_zone().iana_name() {
        Some("UTC" | "Etc/UTC") | None => Finding::warn(
            subject,
            "this machine's time zone is UTC: in summer the school day would be an hour off",
            "Set it: TZ=Europe/London, or timedatectl set-timezone Europe/London.",
        ),
        Some(name) => Finding::ok(subject, name),
    }
}
