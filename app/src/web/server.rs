//! Listening, and stopping without cutting anybody off.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// How long requests under way may take once the server was told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until `stop` ends; then lets requests under way finish, for ten seconds at most.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (told, mut stopping) = watch::channel(());
    let serving = axum::serve(
        listener,
        router.into_make_service_with_connect_info::<SocketAddr>(),
    )
    .with_graceful_shutdown(async move {
        stop.await;
        drop(told);
    });
    tokio::select! {
        done = serving => done,
        () = async {
            // The channel closes when the stop signal has come.
            while stopping.changed().await.is_ok() {}
            tokio::time::sleep(GRACE).await;
        } => {
            tracing::warn!("some connections did not end in time and were cut off");
            Ok(())
        }
    }
}

/// Ends when the process is asked to stop: Ctrl-C, or SIGTERM from a service manager.
pub async fn interrupted() {
    let ctrl_c = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = ctrl_c => {}
        () = terminated => {}
    }
}
