//! A file of evidence as the page of a case shows it.

use serde::Serialize;

use crate::attachments::Attachment;
use crate::cases::CaseId;
use crate::cases::pages::words::Names;
use crate::web::dates::moment;

/// A file of evidence.
#[derive(Clone, Debug, Serialize)]
pub(super) struct File {
    pub(super) href: String,
    pub(super) name: String,
    pub(super) size: String,
    pub(super) sha256: String,
    pub(super) added: String,
}

pub(super) fn file(id: &CaseId, file: &Attachment, names: &Names<'_>) -> File {
    File {
        href: format!("/cases/{id}/evidence/{}", file.id),
        name: file.name.clone(),
        size: size(file.size_bytes),
        sha256: file.sha256.clone(),
        added: moment(file.added_at, &names.zone()),
    }
}

/// `812 bytes`, `12 KB`, `3 MB`.
fn size(bytes: u64) -> String {
    match bytes {
        0 | 2..1_024 => format!("{bytes} bytes"),
        1 => "1 byte".to_owned(),
        1_024..1_048_576 => format!("{} KB", bytes.div_ceil(1_024)),
        more => format!("{} MB", more.div_ceil(1_048_576)),
    }
}
