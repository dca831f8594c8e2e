//! The nodes that serve one PostgreSQL. Each writes down now and then that it lives; the general rate limit is shared
//! out among those that do. On SQLite there is one node, and nothing is written.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::Operation;
use crate::store::{Engine, Query as _, Store, StoreError};
use crate::values;

/// How often a node says that it lives.
const BEAT: Duration = Duration::from_secs(5);
/// How long after it last did so a node counts as alive.
const ALIVE: SignedDuration = SignedDuration::from_secs(15);
/// How long a node that went away without a word is remembered, for whoever looks for it.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);

/// This node, among those of its database.
#[derive(Clone, Debug)]
pub struct Node {
    id: String,
    name: String,
    started_at: Timestamp,
}

impl Node {
    /// A node that has just started.
    pub(super) fn new(store: &Store, name: String) -> Result<Self, StoreError> {
        let mut id = [0; 8];
        store.randomness().fill(&mut id)?;
        Ok(Self {
            id: data_encoding::HEXLOWER.encode(&id),
            name,
            started_at: store.clock().now(),
        })
    }

    /// Says that this node lives, and counts those that do.
    pub(super) async fn beat(&self, store: &Store) -> Result<u32, StoreError> {
        let now = store.clock().now();
        let mut tx = store.begin_installation().await?;
        tx.execute(
            "INSERT INTO node (node, name, version, started_at, seen_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (node) DO UPDATE SET seen_at = excluded.seen_at",
            values![&*self.id, &*self.name, env!("CARGO_PKG_VERSION"), self.started_at, now],
        )
        .await?;
        tx.execute(
            "DELETE FROM node WHERE seen_at < $1",
            values![now - REMEMBERED],
        )
        .await?;
        let live = tx
            .count(
                "SELECT COUNT(*) AS n FROM node WHERE seen_at > $1",
                values![now - ALIVE],
            )
            .await?;
        tx.commit_unrecorded().await?;
        Ok(u32::try_from(live).unwrap_or(u32::MAX))
    }

    /// Says that a node of this name serves the database from now on, and goes on saying so. Nothing on SQLite.
    pub async fn join(
        store: &Store,
        name: String,
        operation: &Arc<Operation>,
    ) -> Result<Option<Self>, StoreError> {
        if store.engine() == Engine::Sqlite {
            return Ok(None);
        }
        let node = Self::new(store, name)?;
        operation.set_live_nodes(node.beat(store).await?);
        let (beating, store, operation) = (node.clone(), store.clone(), Arc::clone(operation));
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(BEAT).await;
                if operation.stopping() {
                    return;
                }
                match beating.beat(&store).await {
                    Ok(live) => operation.set_live_nodes(live),
                    // The last count stands.
                    Err(error) => tracing::warn!(%error, "this node cannot say that it lives"),
                }
            }
        });
        Ok(Some(node))
    }

    /// Says goodbye, so that the others need not wait to take over this node's share.
    pub async fn leave(&self, store: &Store) {
        let left = async {
            let mut tx = store.begin_installation().await?;
            tx.execute("DELETE FROM node WHERE node = $1", values![&*self.id])
                .await?;
            tx.commit_unrecorded().await
        };
        if let Err(error) = left.await {
            tracing::warn!(%error, "the other nodes could not be told that this one left");
        }
    }
}
