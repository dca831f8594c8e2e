//! A code that a telephone reads, as a picture.

use qrcodegen::{QrCode, QrCodeEcc};
use serde::Serialize;

/// Dark squares on white, with the quiet zone of four squares that readers need: an SVG's side and path.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Qr {
    /// The length of a side, in squares.
    pub(crate) side: i32,
    /// The dark squares, as an SVG path.
    pub(crate) path: String,
}

impl Qr {
    /// The code of a text; nothing where it is too long for one.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
        let mut path = String::new();
        for y in 0..code.size() {
            for x in 0..code.size() {
                if code.get_module(x, y) {
                    path.push_str(&format!("M{},{}h1v1h-1z", x + 4, y + 4));
                }
            }
        }
        Some(Self {
            side: code.size() + 8,
            path,
        })
    }

    /// A picture of its own.
    pub(crate) fn svg(&self) -> String {
        let Self { side, path } = self;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" \
             shape-rendering=\"crispEdges\"><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/>\
             <path d=\"{path}\" fill=\"#000\"/></svg>"
        )
    }
}
