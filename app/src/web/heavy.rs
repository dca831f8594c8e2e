//! Long computations, where they do not hold up the requests that are quick.

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::problem::Problem;

/// How many long computations run at a time; the others wait, and are given up with their request.
static AT_A_TIME: Semaphore = Semaphore::const_new(2);

/// Computes an answer off the request threads. Its turn ends with the computation, even where
/// nobody waits for it any longer.
pub(crate) async fn heavy<T: Send + 'static>(
    compute: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let turn = AT_A_TIME.acquire().await;
    let turn = turn.map_err(|error| Problem::internal(&error))?;
    let computed = spawn_blocking(move || {
        let answer = compute();
        drop(turn);
        answer
    });
    computed.await.map_err(|error| Problem::internal(&error))?
}
