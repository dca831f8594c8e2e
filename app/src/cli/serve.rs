//! `probity serve`: the web site and the HTTP interface.

use std::error::Error;
use std::io::{self, IsTerminal as _};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use tokio::net::TcpListener;
use tracing::Level;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

use super::installation;
use crate::attachments::Attachments;
use crate::cases::Engine;
use crate::clock::Clock;
use crate::jobs::Worker;
use crate::mail::{MailSettings, Mailer};
use crate::operation::{Node, Operation, service_manager};
use crate::policies::{Policies, watch};
use crate::randomness::Randomness;
use crate::settings::{LogFormat, OfServe, Options, Places, Settings};
use crate::setup::{SetupCode, is_set_up};
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
        log_to_stderr(&settings);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        runtime.block_on(self.serve(settings))?;
        Ok(ExitCode::SUCCESS)
    }

    async fn serve(self, settings: Settings) -> Result<(), Box<dyn Error>> {
        let randomness = Randomness::system();
        let policies = Arc::new(Policies::load(settings.policies.clone())?);
        let operation = Arc::new(Operation::new(&settings, &randomness));
        let mailer = match MailSettings::of(&settings)? {
            Some(mail) => Mailer::new(&mail)?,
            None => Mailer::none(),
        };
        let app = App::new(Arc::clone(&policies), Clock::system())?
            .with_mailer(mailer.clone())
            .with_providers(settings.providers())
            .with_private_platforms(&settings.publish_private_networks)
            .with_operation(Arc::clone(&operation));
        // The port first: where it is taken, nothing is made.
        let listener = listen(settings.listen).await?;
        let address = listener.local_addr()?;
        let store = match self.policies_only {
            true => None,
            false => Some(installation::open(&settings).await?),
        };
        let app = match &store {
            None => app,
            Some(store) => {
                let folder = settings.attachments();
                let attachments = Attachments::new(folder, settings.max_attachment);
                app.with_store(store.clone(), settings.https())
                    .with_attachments(attachments)
            }
        };
        let code = new_code(&app).await?;
        let app = match code.clone() {
            Some(code) => app.with_setup_code(code),
            None => app,
        };
        let node = match &store {
            None => None,
            Some(store) => Node::join(store, node_name(&settings), &operation).await?,
        };
        let working = store.clone().map(|store| {
            let engine = Engine::new(Arc::clone(&policies));
            let worker = Worker::new(store, web::work::registry(&mailer, &settings, &engine));
            tokio::spawn(worker.work(server::interrupted()))
        });
        tokio::spawn(watch(policies));
        service_manager::keep_informed(store.clone());
        println!("Probity is ready: http://{address}");
        if let Some(code) = code {
            let code = code.printed();
            println!(
                "It is not set up yet. Set it up at http://{address}/setup with the code {code}"
            );
        }
        service_manager::ready();
        let stop = async {
            server::interrupted().await;
            operation.stop();
            service_manager::stopping();
        };
        let router = web::router(app, &limits(&settings));
        server::serve(listener, router, settings.header_timeout, stop).await?;
        if let Some(working) = working {
            working.await?;
        }
        if let Some(store) = store {
            if let Some(node) = node {
                node.leave(&store).await;
            }
            store.close().await;
        }
        Ok(())
    }
}

fn limits(settings: &Settings) -> Limits {
    Limits {
        body_bytes: settings.max_body,
        request_timeout: settings.timeout,
        requests_per_second: settings.rate,
        burst_requests: settings.burst,
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address).await.map_err(|error| {
        let why = match error.kind() {
            io::ErrorKind::AddrInUse => {
                "another program, perhaps another Probity, listens there already"
            }
            io::ErrorKind::PermissionDenied => {
                "only the system's administrator may listen on a port below 1024"
            }
            io::ErrorKind::AddrNotAvailable => "this machine does not have that address",
            _ => {
                return format!(
                    "cannot listen on {address}: {error}. Choose another with --listen"
                );
            }
        };
        format!("cannot listen on {address}: {why}. Choose another with --listen")
    })
}

/// The name of this node: as set, otherwise the machine's.
fn node_name(settings: &Settings) -> String {
    let machine = || {
        let name = rustix::system::uname();
        name.nodename().to_string_lossy().into_owned()
    };
    settings.node.clone().unwrap_or_else(machine)
}

fn log_to_stderr(settings: &Settings) {
    // What other crates tell about queries may hold values: only their faults are told.
    let level = LevelFilter::from(Level::from(settings.log_level));
    let targets = Targets::new()
        .with_default(LevelFilter::WARN.min(level))
        .with_target("probity", level);
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr)
        .with_target(false);
    let lines = match settings.log_format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .boxed(),
    };
    tracing_subscriber::registry()
        .with(lines.with_filter(targets))
        .init();
}

/// A code for setting the installation up, where it has a store and no trust yet.
async fn new_code(app: &App) -> Result<Option<SetupCode>, Box<dyn Error>> {
    match app.store_if_any() {
        Some(store) if !is_set_up(store).await? => Ok(Some(SetupCode::new(store.randomness())?)),
        _ => Ok(None),
    }
}
