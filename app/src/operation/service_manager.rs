//! What systemd is told, where it started the program and wants to know. Elsewhere all of this does nothing.

use std::time::Duration;

use sd_notify::NotifyState;

use crate::store::{Query as _, Store};
use crate::values;

/// The program answers requests.
pub fn ready() {
    tell(NotifyState::Ready);
}

/// The program lets requests under way finish.
pub fn stopping() {
    tell(NotifyState::Stopping);
}

/// Tells a watchdog that the program works, for as long as it does. A database that does not answer is no reason to
/// start the program again, but work that does not go on at all is.
pub fn keep_informed(store: Option<Store>) {
    let Some(within) = sd_notify::watchdog_enabled() else {
        return;
    };
    tokio::spawn(async move {
        let turn = within / 2;
        loop {
            if let Some(store) = &store {
                let asked = async {
                    let count = "SELECT COUNT(*) AS n FROM node";
                    store.installation().count(count, values![]).await
                };
                // Whatever it says, in time or not: the program goes on.
                tokio::time::timeout(turn / 2, asked).await.ok();
            }
            tell(NotifyState::Watchdog);
            tokio::time::sleep(turn.max(Duration::from_millis(100))).await;
        }
    });
}

fn tell(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "the service manager cannot be told");
    }
}
