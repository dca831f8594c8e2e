//! Removing files that no row names: their second step never came, or their row is gone.

use std::collections::HashSet;
use std::time::Duration;

use super::{AttachmentError, AttachmentId, Attachments};
use crate::store::{Query as _, Store, TrustId};
use crate::values;

/// A file that is younger may still be waiting for its second step.
const PATIENCE: Duration = Duration::from_hours(24);

/// What a sweep found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// So many files that no row names were removed.
    pub removed: u64,
    /// Rows whose file is missing: to be restored from a backup.
    pub missing: Vec<AttachmentId>,
}

impl Attachments {
    /// Removes what no row of the trust names, and says which files are missing.
    pub async fn sweep(&self, store: &Store, trust: &TrustId) -> Result<Swept, AttachmentError> {
        let now = store.clock().now();
        // The files are listed before the rows: one that is entered in between is among the rows.
        let lying = self.files.older_than(trust, PATIENCE, now).await?;
        let mut named = HashSet::new();
        let rows = store
            .read(trust)
            .all("SELECT id FROM attachment WHERE trust = $1", values![])
            .await?;
        for row in rows {
            named.insert(row.get::<AttachmentId>("id")?);
        }
        let mut swept = Swept::default();
        for file in lying {
            if file.id.is_none_or(|id| !named.contains(&id)) {
                tokio::fs::remove_file(&file.path).await?;
                swept.removed = swept.removed.saturating_add(1);
            }
        }
        for id in named {
            if !tokio::fs::try_exists(self.files.path(trust, &id)).await? {
                swept.missing.push(id);
            }
        }
        swept.missing.sort();
        Ok(swept)
    }
}
