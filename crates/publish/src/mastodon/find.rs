//! Looking for a post among the account's own.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::{Instance, Status};
use crate::failure::Failure;
use crate::http::Http;
use crate::post::Post;

/// How far a server's clock may be behind.
const CLOCKS: SignedDuration = SignedDuration::from_mins(10);
/// Posts of one page: the most that servers give.
const PAGE: usize = 40;
/// Pages that are looked through.
const PAGES: usize = 10;

/// `StatusSource`, as far as it is read.
#[derive(Debug, Deserialize)]
struct Source {
    text: String,
}

/// The path of an account's own posts, the newest first, from before another on.
pub(super) fn own_posts(account: &str, number: usize, before: Option<&str>) -> String {
    let before = before.map_or_else(String::new, |id| format!("&max_id={id}"));
    format!("/api/v1/accounts/{account}/statuses?exclude_reblogs=true&limit={number}{before}")
}

impl<H: Http> Instance<'_, H> {
    /// The post, if it stands among those that were published since it was first to be.
    pub(super) async fn found(
        &self,
        account: &str,
        post: &Post,
    ) -> Result<Option<Status>, Failure> {
        let since = earliest(post.key.first());
        let mut before: Option<String> = None;
        for _ in 0..PAGES {
            let path = own_posts(account, PAGE, before.as_deref());
            let page: Vec<Status> = self.server.get(&path).await?;
            let over = page.iter().any(|status| status.created_at < since);
            before = page.last().map(|status| status.id.clone());
            for status in page.into_iter().filter(|status| status.created_at >= since) {
                if self.is(&status, post).await? {
                    return Ok(Some(status));
                }
            }
            // Servers may leave out posts of a page, so that a short one is not the last.
            if over || before.is_none() {
                return Ok(None);
            }
        }
        Err(Failure::NotReached(
            "the account has published more since than could be looked through".into(),
        ))
    }

    async fn is(&self, status: &Status, post: &Post) -> Result<bool, Failure> {
        let shown = status.media_attachments.iter();
        let shown = shown.map(|picture| picture.description.as_deref().unwrap_or_default().trim());
        if !shown.eq(post.pictures.iter().map(|picture| picture.alt.trim())) {
            return Ok(false);
        }
        let path = format!("/api/v1/statuses/{}/source", status.id);
        let source: Source = self.server.get(&path).await?;
        Ok(same(&source.text, &post.text))
    }
}

fn earliest(first: Timestamp) -> Timestamp {
    first.checked_sub(CLOCKS).unwrap_or(first)
}

/// Whether two texts are one, whatever their line ends and the space around them.
fn same(one: &str, other: &str) -> bool {
    let lines = |text: &str| -> Vec<String> {
        text.trim()
            .lines()
            .map(|line| line.trim_end().to_owned())
            .collect()
    };
    lines(one) == lines(other)
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn line_ends_make_no_other_post() {
        assert!(same("One\r\ntwo \n", " One\ntwo"));
        assert!(!same("One two", "One\ntwo"));
    }
}
