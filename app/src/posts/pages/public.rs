//! What a school has published, for everybody: a page, and a feed (Atom, RFC 4287) for its website.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse as _, Response};
use jiff::Timestamp;
use serde::Serialize;

use super::super::{PostError, pupils, sending};
use super::account_says;
use crate::authority::{Access, Identity, Routes};
use crate::schools::{self, School};
use crate::store::{Query, SchoolId, Store, TrustId};
use crate::web::App;
use crate::web::dates;
use crate::web::extract::Path;
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// The most posts that are shown.
const AT_MOST: i64 = 30;
/// What stands for the text of a post that shows or names pupils: its consent is for social media.
const ELSEWHERE: &str = "See this post where it was published.";

/// `posts/published.html`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct PublishedPage {
    school: String,
    id: String,
    entries: Vec<Entry>,
}

/// A post as everybody may see it.
#[derive(Debug, Serialize)]
struct Entry {
    id: String,
    account: String,
    text: String,
    address: String,
    when: String,
    at: String,
}

impl Page for PublishedPage {
    const TEMPLATE: &'static str = "posts/published.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        let entry = Entry {
            id: "01k".into(),
            account: "Instagram: @ash.primary".into(),
            text: "The garden is open".into(),
            address: "https://instagram.com/p/abc".into(),
            when: "20 November 2026 at 9am".into(),
            at: "2026-11-20T09:00:00Z".into(),
        };
        let full = Self {
            school: "Ash Primary".into(),
            id: "ash".into(),
            entries: vec![entry],
        };
        vec![full, Self::default()]
    }
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/published/{school}", Access::Open, page)
        .get("/published/{school}/feed", Access::Open, feed)
}

async fn published(
    app: &App,
    identity: &Identity,
    id: &SchoolId,
) -> Result<(School, Vec<Entry>), Problem> {
    let trust = identity.trust.as_ref();
    let trust = trust.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let store = app.store()?;
    let mut reader = store.read(trust);
    let school = schools::find(&mut reader, id).await?;
    let school = school.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let entries = entries(&mut reader, app, (store, trust), id).await?;
    Ok((school, entries))
}

async fn entries(
    query: &mut impl Query,
    app: &App,
    of: (&Store, &TrustId),
    school: &SchoolId,
) -> Result<Vec<Entry>, PostError> {
    let zone = app.clock().zoned().time_zone().clone();
    let library = app.library();
    let mut entries = Vec::new();
    for out in sending::published(query, school, AT_MOST).await? {
        let Some(copy) = out.copy(query, of).await? else {
            continue;
        };
        let alone = pupils::of_post(query, &out.case).await?.is_empty();
        let at = out.published_at.unwrap_or_default();
        let at = Timestamp::from_millisecond(at).unwrap_or_default();
        entries.push(Entry {
            id: out.id.to_string(),
            account: account_says(query, of, library.platforms(), &out.account).await?,
            text: match alone {
                true => copy.text,
                false => ELSEWHERE.to_owned(),
            },
            address: out.address.unwrap_or_default(),
            when: dates::moment(at, &zone),
            at: at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        });
    }
    Ok(entries)
}

async fn page(
    State(app): State<App>,
    identity: Identity,
    Path(id): Path<SchoolId>,
) -> Result<Html<String>, Problem> {
    let (school, entries) = published(&app, &identity, &id).await?;
    app.render(&PublishedPage {
        school: school.details.name,
        id: id.to_string(),
        entries,
    })
}

async fn feed(
    State(app): State<App>,
    identity: Identity,
    Path(id): Path<SchoolId>,
) -> Result<Response, Problem> {
    let (school, entries) = published(&app, &identity, &id).await?;
    let kind = HeaderValue::from_static("application/atom+xml; charset=utf-8");
    let text = atom(&id, &school.details.name, &entries);
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}

/// A feed. Its identifiers are the posts' own, so that a reader knows a post again.
fn atom(id: &SchoolId, school: &str, entries: &[Entry]) -> String {
    let updated = entries
        .first()
        .map_or("1970-01-01T00:00:00Z", |entry| &entry.at);
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n\
         <id>urn:probity:published:{}</id>\n<title>{}</title>\n<updated>{updated}</updated>\n\
         <author><name>{}</name></author>\n<link rel=\"self\" href=\"/published/{}/feed\"/>\n",
        escaped(id.as_str()),
        escaped(school),
        escaped(school),
        escaped(id.as_str())
    );
    for entry in entries {
        text.push_str(&format!(
            "<entry>\n<id>urn:probity:post:{}</id>\n<title>{}</title>\n<updated>{}</updated>\n\
             <link href=\"{}\"/>\n<content type=\"text\">{}</content>\n</entry>\n",
            escaped(&entry.id),
            escaped(&entry.account),
            entry.at,
            escaped(&entry.address),
            escaped(&entry.text)
        ));
    }
    text.push_str("</feed>\n");
    text
}

/// A text inside XML: what XML 1.0 has no character for is left out.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\n' | '\r' | '\t' => safe.push(c),
            c if c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::{Entry, atom};

    #[test]
    fn a_feed_holds_any_text() {
        let entry = Entry {
            id: "01k".into(),
            account: "Bluesky: @ash".into(),
            text: "Cakes & <tea>\u{7} \"today\"\u{ffff}".into(),
            address: "https://bsky.app/profile/ash/post/1?a=1&b=2".into(),
            when: String::new(),
            at: "2026-11-20T09:00:00Z".into(),
        };
        let text = atom(&"ash".parse().unwrap(), "Ash & Elm", &[entry]);
        assert!(
            text.contains("Cakes &amp; &lt;tea&gt; &quot;today&quot;</content>"),
            "{text}"
        );
        assert!(
            text.contains("a=1&amp;b=2")
                && text.contains("<updated>2026-11-20T09:00:00Z</updated>")
        );
    }
}
