//! The embedded stylesheet, scripts and pictures, made by `build.rs`. Each is served under a name
//! that holds a hash of its content, so browsers may keep it for good.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use super::App;
use super::problem::{Kind, Problem};

/// One embedded file.
struct Asset {
    /// The name that templates use.
    name: &'static str,
    /// The name with the hash.
    file: &'static str,
    /// The address.
    path: &'static str,
    content_type: &'static str,
    plain: &'static [u8],
    gzip: &'static [u8],
}

static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The address of the file that templates call by this name.
pub(super) fn path(name: &str) -> Option<&'static str> {
    ASSETS
        .iter()
        .find(|asset| asset.name == name)
        .map(|asset| asset.path)
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/assets/{file}", get(serve))
}

async fn serve(Path(file): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let asset = ASSETS.iter().find(|asset| asset.file == file);
    let asset = asset.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let gzip = takes_gzip(&headers);
    let mut response = if gzip { asset.gzip } else { asset.plain }.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(asset.content_type),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if gzip {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    Ok(response)
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok());
    accepted.unwrap_or_default().split(',').any(|coding| {
        let (name, quality) = coding.split_once(';').unwrap_or((coding, ""));
        name.trim() == "gzip" && !matches!(quality.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}
