//! Takes in edits of the school's own folder while the program runs.

use std::sync::Arc;
use std::time::Duration;

use super::{Policies, folder};

/// How often the folder is looked at. Looking reads names, sizes and times only.
const EVERY: Duration = Duration::from_secs(1);

/// Looks at the folder for as long as the program runs, and reloads it when anything in it changed. What was taken in,
/// and what was refused and why, is logged: file names and faults, nothing that a person asked.
pub async fn watch(policies: Arc<Policies>) {
    let Some(folder) = policies.folder() else {
        return;
    };
    let mut seen = folder::state(folder);
    let mut tick = tokio::time::interval(EVERY);
    loop {
        tick.tick().await;
        let now = folder::state(folder);
        if now != seen {
            seen = now;
            policies.reload();
            match policies.refused() {
                None => tracing::info!("policies reloaded"),
                Some(why) => tracing::error!(
                    "policies not reloaded, the last sound version stays in force: {why}"
                ),
            }
        }
    }
}
