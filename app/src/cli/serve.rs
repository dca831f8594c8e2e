//! `probity serve`: the web site and the HTTP interface.

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use tokio::net::TcpListener;

use super::installation;
use crate::clock::Clock;
use crate::jobs::Worker;
use crate::mail::{MailSettings, Mailer};
use crate::policies::{Policies, watch};
use crate::settings::{OfServe, Options, Places, Settings};
use crate::web::{self, App, Limits, server};

/// Serve the web site and the HTTP interface
#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    options: Options<OfServe>,

    /// Serve policies only: no sign-in, no records, no data folder
    #[arg(long)]
    policies_only: bool,
}

impl Serve {
    pub(super) fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let settings = Settings::load(&self.options, &Places::usual())?;
        tracing_subscriber::fmt()
            .with_writer(std::io::stderr)
            .with_target(false)
            .init();
        let limits = Limits {
            body_bytes: settings.max_body,
            request_timeout: settings.timeout,
            requests_per_second: settings.rate,
            burst_requests: settings.burst,
        };
        let policies = Arc::new(Policies::load(settings.policies.clone())?);
        let mailer = match MailSettings::of(&settings)? {
            Some(mail) => Mailer::new(&mail)?,
            None => Mailer::none(),
        };
        let app = App::new(Arc::clone(&policies), Clock::system())?.with_mailer(mailer.clone());
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let listen = settings.listen;
            let listener = TcpListener::bind(listen).await.map_err(|error| {
                format!("cannot listen on {listen}: {error}. Choose another with --listen")
            })?;
            let store = match self.policies_only {
                true => None,
                false => Some(installation::open(&settings).await?),
            };
            let working = store.clone().map(|store| {
                let worker = Worker::new(store, web::work::registry(&mailer));
                tokio::spawn(worker.work(server::interrupted()))
            });
            let app = match store {
                Some(store) => app.with_store(store, settings.https()),
                None => app,
            };
            let router = web::router(app, &limits);
            tokio::spawn(watch(policies));
            println!("Probity is ready: http://{}", listener.local_addr()?);
            server::serve(listener, router, server::interrupted()).await?;
            if let Some(working) = working {
                working.await?;
            }
            Ok(ExitCode::SUCCESS)
        })
    }
}
