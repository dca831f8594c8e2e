//! `probity serve`: the web site and the HTTP interface.

use std::error::Error;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use tokio::net::TcpListener;

use super::PolicyFolder;
use super::installation::Installation;
use crate::clock::Clock;
use crate::policies::watch;
use crate::web::{self, App, Limits, server};

/// Serve the web site and the HTTP interface
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(
        long,
        env = "PROBITY_LISTEN",
        value_name = "ADDR",
        default_value = "127.0.0.1:8080"
    )]
    listen: SocketAddr,

    /// Requests a second that one client address may keep up
    #[arg(long, env = "PROBITY_RATE", value_name = "N", default_value = "20")]
    rate: NonZeroU32,

    /// Requests that one client address may make at once before the rate holds; a whole school
    /// often shares one address
    #[arg(long, env = "PROBITY_BURST", value_name = "N", default_value = "200")]
    burst: NonZeroU32,

    /// Largest request body accepted, in bytes
    #[arg(long, env = "PROBITY_MAX_BODY", value_name = "BYTES", default_value_t = 1024 * 1024)]
    max_body: usize,

    /// Seconds after which a request is given up
    #[arg(
        long,
        env = "PROBITY_TIMEOUT",
        value_name = "SECONDS",
        default_value = "15"
    )]
    timeout: u64,

    /// Serve policies only: no sign-in, no records, no data folder
    #[arg(long)]
    policies_only: bool,

    /// People reach the site by HTTPS, through a proxy: the session's cookie is sent that way only
    #[arg(long, env = "PROBITY_HTTPS")]
    https: bool,

    #[command(flatten)]
    installation: Installation,

    #[command(flatten)]
    folder: PolicyFolder,
}

impl Serve {
    pub(super) fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        tracing_subscriber::fmt()
            .with_writer(std::io::stderr)
            .with_target(false)
            .init();
        let limits = Limits {
            body_bytes: self.max_body,
            request_timeout: Duration::from_secs(self.timeout),
            requests_per_second: self.rate,
            burst_requests: self.burst,
        };
        let policies = Arc::new(self.folder.load()?);
        let app = App::new(Arc::clone(&policies), Clock::system())?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let listener = TcpListener::bind(self.listen).await.map_err(|error| {
                format!(
                    "cannot listen on {}: {error}. Choose another with --listen",
                    self.listen
                )
            })?;
            let app = match self.policies_only {
                true => app,
                false => app.with_store(self.installation.open().await?, self.https),
            };
            let router = web::router(app, &limits);
            tokio::spawn(watch(policies));
            println!("Probity is ready: http://{}", listener.local_addr()?);
            server::serve(listener, router, server::interrupted()).await?;
            Ok(ExitCode::SUCCESS)
        })
    }
}
