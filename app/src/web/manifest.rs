//! The site as something that a phone can put on its screen, and share a draft to.

use axum::Json;
use axum::http::header;
use axum::response::IntoResponse;
use serde_json::json;

use super::assets;

/// `/manifest.webmanifest`, as the W3C's Web Application Manifest and Web Share Target say.
pub(super) async fn manifest() -> impl IntoResponse {
    let icon = assets::path("favicon.svg");
    let manifest = json!({
        "name": "Probity",
        "short_name": "Probity",
        "description": "Ask before you act, and check a post before you share it.",
        "start_url": "/",
        "display": "minimal-ui",
        "background_color": "#ffffff",
        "theme_color": "#0f4c54",
        "icons": [{ "src": icon, "sizes": "any", "type": "image/svg+xml" }],
        "share_target": {
            "action": "/check",
            "method": "POST",
            "enctype": "application/x-www-form-urlencoded",
            "params": { "title": "title", "text": "text", "url": "url" },
        },
    });
    let kind = [(header::CONTENT_TYPE, "application/manifest+json")];
    (kind, Json(manifest))
}
