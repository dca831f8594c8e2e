//! What a platform is to be asked, put together from what is kept.

use publish::{Account, Failure, Key, Picture, Platform, Post};

use super::super::photo;
use super::super::sending::{CopyPicture, Order};
use super::Way;
use crate::credentials::{self, Connection, PublishingToken};
use crate::jobs::JobContext;
use crate::outbound::Outbound;

/// The language of what the program writes, and its people with it.
const LANGUAGE: &str = "en-GB";

/// A post, and the account that it goes to.
pub(super) struct Prepared {
    platform: Platform,
    connection: Connection,
    token: PublishingToken,
    pub(super) post: Post,
}

/// What the program itself could not do: nothing was sent.
fn ours(error: impl std::fmt::Display) -> Failure {
    Failure::NotReached(format!("the post could not be put together: {error}"))
}

impl Prepared {
    /// With its pictures, or with what is said of them alone, which is enough to look for it.
    pub(super) async fn of(
        way: &Way,
        context: &JobContext,
        order: &Order,
        pictures: bool,
    ) -> Result<Self, Failure> {
        let (platform, connection, token) =
            connected(context, &order.account, &order.copy.platform).await?;
        let mut shown = Vec::new();
        for picture in &order.copy.pictures {
            shown.push(match pictures {
                true => opened(way, context, (picture, &order.copy.platform)).await?,
                false => Picture {
                    bytes: Vec::new(),
                    media_type: String::new(),
                    alt: picture.alt.clone(),
                    size: None,
                },
            });
        }
        Ok(Self {
            platform,
            connection,
            token,
            post: Post {
                text: order.copy.text.clone(),
                language: LANGUAGE.to_owned(),
                pictures: shown,
                key: Key::new(order.idempotency_key.clone(), order.first),
            },
        })
    }

    pub(super) fn account<'a>(&'a self, way: &'a Way) -> Result<Account<'a, Outbound>, Failure> {
        account(self.platform, &self.connection, &self.token, &way.outbound)
    }
}

/// An account with what is needed to ask its platform; [`Failure::TokenRevoked`] where no token is kept any more.
pub(super) async fn connected(
    context: &JobContext,
    account: &crate::cases::CaseId,
    platform: &str,
) -> Result<(Platform, Connection, PublishingToken), Failure> {
    let platform = platform
        .parse()
        .map_err(|error: publish::AccountError| Failure::Refused(error.to_string()))?;
    let mut reader = context.store().read(context.trust());
    let connection = credentials::connection(&mut reader, account)
        .await
        .map_err(ours)?;
    drop(reader);
    let token = credentials::token_for_job(context, account)
        .await
        .map_err(ours)?;
    match (connection, token) {
        (Some(connection), Some(token)) => Ok((platform, connection, token)),
        _ => Err(Failure::TokenRevoked(
            "no token is kept for the account".to_owned(),
        )),
    }
}

pub(super) fn account<'a>(
    platform: Platform,
    connection: &'a Connection,
    token: &'a PublishingToken,
    outbound: &'a Outbound,
) -> Result<Account<'a, Outbound>, Failure> {
    let (server, name) = (&connection.server, &connection.name);
    let account = Account::new(platform, server, name, token.expose(), outbound);
    account.map_err(|error| Failure::Refused(error.to_string()))
}

/// A picture as it was approved, no larger than the platform takes.
async fn opened(
    way: &Way,
    context: &JobContext,
    (picture, platform): (&CopyPicture, &str),
) -> Result<Picture, Failure> {
    let library = way.engine.library();
    let takes = library.platforms().get(platform);
    let takes = takes.and_then(|platform| platform.pictures.as_ref());
    let of = (context.store(), context.trust());
    let fitted = photo::for_platform(&way.files, of, picture, takes).await;
    let fitted = fitted.map_err(|_| ours("one of its pictures could not be read"))?;
    let fitted = fitted.map_err(Failure::Refused)?;
    Ok(Picture {
        bytes: fitted.bytes,
        media_type: fitted.kind.media_type().to_owned(),
        alt: picture.alt.clone(),
        size: Some((fitted.width, fitted.height)),
    })
}
