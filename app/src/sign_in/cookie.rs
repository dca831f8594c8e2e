//! Cookies, read and set: out of reach of scripts, not sent with another site's forms, and behind
//! HTTPS bound to this host (`__Host-`) and never sent without it.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::web::App;

/// The session's cookie on a site without HTTPS.
pub const SESSION_COOKIE: &str = "probity";

/// A cookie of this site.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Cookie {
    /// The session.
    Session,
    /// A sign-in whose second factor is missing.
    Half,
    /// A browser in which somebody signed in before.
    Known,
    /// A way to a provider and back.
    Trip,
}

impl Cookie {
    /// Its name on a site with and without HTTPS.
    const fn name(self, https: bool) -> &'static str {
        match (self, https) {
            (Self::Session, true) => "__Host-probity",
            (Self::Session, false) => SESSION_COOKIE,
            (Self::Half, true) => "__Host-probity-half",
            (Self::Half, false) => "probity-half",
            (Self::Known, true) => "__Host-probity-known",
            (Self::Known, false) => "probity-known",
            (Self::Trip, true) => "__Host-probity-trip",
            (Self::Trip, false) => "probity-trip",
        }
    }

    /// The value that the browser sent.
    pub(super) fn read(self, app: &App, headers: &HeaderMap) -> Option<String> {
        let name = self.name(app.https());
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(key, value)| (key == name).then(|| value.to_owned()))
    }

    /// The header that gives it to the browser.
    pub(super) fn set(self, app: &App, value: &str) -> SetCookie {
        let lifetime = match self {
            Self::Session => "",
            Self::Half | Self::Trip => "; Max-Age=600",
            // 400 days: no browser keeps one longer.
            Self::Known => "; Max-Age=34560000",
        };
        self.header(app, value, lifetime)
    }

    /// The header that takes it away again.
    pub(super) fn clear(self, app: &App) -> SetCookie {
        self.header(app, "", "; Max-Age=0")
    }

    fn header(self, app: &App, value: &str, more: &str) -> SetCookie {
        let name = self.name(app.https());
        let secure = if app.https() { "; Secure" } else { "" };
        let line = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}");
        // Values are ids and base64, so this does not fail; nothing set is the safe side.
        let value = HeaderValue::from_str(&line).ok();
        SetCookie(value)
    }
}

/// A `Set-Cookie` header, as part of an answer.
#[derive(Debug)]
pub(super) struct SetCookie(Option<HeaderValue>);

impl SetCookie {
    /// Adds it to the headers of an answer.
    pub(super) fn append(self, headers: &mut HeaderMap) {
        if let Some(value) = self.0 {
            headers.append(header::SET_COOKIE, value);
        }
    }
}

impl axum::response::IntoResponseParts for SetCookie {
    type Error = std::convert::Infallible;

    fn into_response_parts(
        self,
        mut parts: axum::response::ResponseParts,
    ) -> Result<axum::response::ResponseParts, Self::Error> {
        self.append(parts.headers_mut());
        Ok(parts)
    }
}
