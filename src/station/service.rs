// SPDX-License-Identifier: MIT OR Apache-2.0
//! The life of the daemon: start-up, the loop, shutdown.

use std::{io, path::PathBuf, sync::Arc, time::Duration};

use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::{mpsc, watch},
    task::JoinHandle,
    time::timeout,
};

use super::{
    bus_port::{self, BusNews},
    clock,
    engine::{self, Engine},
    in_force,
    notify::{Notifier, Watchdog},
    panel_port::PanelPort,
    request::Request,
};
use crate::{
    bus::{self, Published},
    config::{BusAddress, Config, Problem},
    core::{self, Command, Event, Origin, status},
    demo::{self, Simulator},
    link::LinkEvent,
    panel::PanelEvent,
    store::{self, StoreThread, Written},
};

const REQUESTS: usize = 256;
/// Ids are on the disk before they are told to anybody. A disk that takes longer is not waited for.
const FIRST_WRITE: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub struct Setup {
    /// Read again on reload; `None` when the configuration did not come from a file.
    pub path: Option<PathBuf>,
    pub config: Config,
    pub bus: BusAddress,
    /// A person at the terminal plays the surroundings.
    pub terminal: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Every line that the configuration names and the board does not have.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Panel(Vec<Problem>),
    #[error("this panel cannot be had: {0}")]
    PanelKind(#[source] crate::panel::fault::OpenError),
    #[error(transparent)]
    Bus(bus::Error),
    #[error("signals cannot be received")]
    Signals(#[source] io::Error),
    #[error("the store thread does not start")]
    Store(#[source] io::Error),
}

impl Error {
    /// Only an edit helps; starting again does not.
    pub fn is_config_mistake(&self) -> bool {
        match self {
            Self::Panel(_) | Self::PanelKind(_) => true,
            Self::Bus(_) | Self::Signals(_) | Self::Store(_) => false,
        }
    }
}

/// Everything the loop waits for.
struct Inbox {
    panel: PanelPort,
    simulator: Option<Simulator>,
    requests: mpsc::Receiver<Request>,
    storage: mpsc::Receiver<Written>,
    bus: mpsc::Receiver<BusNews>,
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
    watchdog: Watchdog,
    terminal: Option<JoinHandle<()>>,
}

enum Wake {
    Timer,
    Watchdog,
    Panel(PanelEvent),
    PanelRetry,
    Link(LinkEvent),
    Media(Event),
    Request(Request),
    Storage(Written),
    Bus(BusNews),
    Reload,
    Stop,
}

pub async fn run(setup: Setup) -> Result<(), Error> {
    let Setup { path, config, bus: address, terminal } = setup;
    let notifier = Notifier::new();
    let (loaded, store, mut storage) = open_store(&config)?;
    let panel = PanelPort::open(&config).await?;
    if let Some(path) = &path {
        in_force::remember(path);
    }
    let durable = engine::durable_of(&loaded, &config);
    let now = clock::now();
    let core = core::Station::new(now, config.profile.clone(), durable.clone());
    let simulator = demo::start(&config, panel.sim());
    let published = Published::new(Arc::new(engine::configured(&config)), core.snapshot(now));
    let (publish, state) = watch::channel(Arc::new(published));
    let mut engine = Engine::new(core, path, config, store, loaded.calls, publish);
    engine.attach(simulator.as_ref());
    if loaded.interrupted > 0 || !loaded.faults.is_empty() {
        engine.save_calls();
    }
    if !loaded.faults.is_empty() {
        engine.problem(status::Problem::Storage, true);
    }

    // What was made of damaged state holds from now on, also if nothing changes any more.
    engine.save_state(durable);
    if let Ok(Some(news)) = timeout(FIRST_WRITE, storage.recv()).await {
        engine.storage_news(&panel, news);
    }

    let (requests, inbox) = mpsc::channel(REQUESTS);
    let authorization = engine.config().bus.authorization;
    let simulated = simulator.as_ref().map(Simulator::controls);
    // Only a simulated panel can be played on.
    let played = simulated.clone().filter(|controls| controls.panel().is_some());
    let surroundings =
        played.map(|controls| tokio::spawn(demo::keep_serving(address.clone(), controls)));
    let terminal = simulated
        .filter(|_| terminal)
        .map(|controls| tokio::spawn(demo::run_terminal(controls, state.clone())));
    let bus = bus_port::start(address, authorization, requests, state);
    let watchdog = notifier.watchdog();
    let mut inbox = Inbox {
        panel,
        simulator,
        requests: inbox,
        storage,
        bus,
        terminate: signal(SignalKind::terminate()).map_err(Error::Signals)?,
        interrupt: signal(SignalKind::interrupt()).map_err(Error::Signals)?,
        hang_up: signal(SignalKind::hangup()).map_err(Error::Signals)?,
        watchdog,
        terminal,
    };
    engine.panel_opened(&inbox.panel);
    let outcome = serve(&mut engine, &mut inbox, &notifier).await;
    notifier.stopping();
    drop(engine.command(&inbox.panel, &Origin::Bus, Command::HangUpAll));
    engine.save_at_last();
    let Inbox { panel, simulator, .. } = inbox;
    panel.close().await;
    if let Some(surroundings) = surroundings {
        surroundings.abort();
    }
    if let Some(simulator) = simulator {
        simulator.finish().await;
    }
    outcome
}

type OpenStore = (store::Loaded, StoreThread, mpsc::Receiver<Written>);

fn open_store(config: &Config) -> Result<OpenStore, Error> {
    let directory = config.store.directory_or(std::env::var_os("STATE_DIRECTORY").as_deref());
    let loaded = store::load(&directory, config.store.calls);
    report_loaded(&loaded);
    let (written, storage) = mpsc::channel(4);
    let store = StoreThread::start(&directory, &loaded.faults, move |news| {
        drop(written.blocking_send(news));
    })
    .map_err(Error::Store)?;
    Ok((loaded, store, storage))
}

async fn serve(engine: &mut Engine, inbox: &mut Inbox, notifier: &Notifier) -> Result<(), Error> {
    loop {
        let wake = next(engine, inbox).await;
        engine.read_clock(&inbox.panel);
        match wake {
            Wake::Timer => engine.timeout(&inbox.panel),
            Wake::Watchdog => notifier.alive(),
            Wake::Panel(event) => engine.panel_event(&mut inbox.panel, event),
            Wake::PanelRetry => engine.retry_panel(&mut inbox.panel).await,
            Wake::Link(event) => engine.link_event(&inbox.panel, event),
            Wake::Media(event) => engine.fact(&inbox.panel, event),
            Wake::Request(Request::Reload { reply }) => {
                let outcome = reload(engine, inbox, notifier).await;
                drop(reply.send(outcome));
            }
            Wake::Request(request) => engine.request(&inbox.panel, request),
            Wake::Storage(news) => engine.storage_news(&inbox.panel, news),
            Wake::Bus(BusNews::Settled) => notifier.ready(),
            Wake::Bus(BusNews::Failed(error)) => return Err(Error::Bus(error)),
            Wake::Reload => drop(reload(engine, inbox, notifier).await),
            Wake::Stop => return Ok(()),
        }
    }
}

async fn reload(
    engine: &mut Engine,
    inbox: &mut Inbox,
    notifier: &Notifier,
) -> Result<(), Vec<String>> {
    notifier.reloading();
    let outcome = engine.reload(&mut inbox.panel, inbox.simulator.as_ref()).await;
    notifier.ready();
    outcome
}

/// Time first, so that no flood of events delays the end of anything.
async fn next(engine: &Engine, inbox: &mut Inbox) -> Wake {
    let due = engine.poll_timeout();
    let timer = async {
        match due {
            Some(due) => tokio::time::sleep(due.since(clock::now())).await,
            None => std::future::pending().await,
        }
    };
    let Inbox { panel, simulator, requests, storage, bus, terminal, .. } = inbox;
    let left = async {
        match terminal {
            Some(terminal) => drop(terminal.await),
            None => std::future::pending().await,
        }
    };
    let simulated = demo::next(simulator.as_mut());
    tokio::select! {
        biased;
        () = timer => Wake::Timer,
        () = inbox.watchdog.tick() => Wake::Watchdog,
        news = panel.next() => news.map_or(Wake::PanelRetry, Wake::Panel),
        news = simulated => match news {
            demo::News::Link(event) => Wake::Link(event),
            demo::News::Media(event) => Wake::Media(event),
        },
        Some(request) = requests.recv() => Wake::Request(request),
        Some(news) = storage.recv() => Wake::Storage(news),
        Some(news) = bus.recv() => Wake::Bus(news),
        _ = inbox.hang_up.recv() => Wake::Reload,
        _ = inbox.terminate.recv() => Wake::Stop,
        _ = inbox.interrupt.recv() => Wake::Stop,
        () = left => Wake::Stop,
    }
}

fn report_loaded(loaded: &store::Loaded) {
    for fault in &loaded.faults {
        tracing::error!(%fault, "stored state is not usable");
    }
    if loaded.durable.is_none() {
        tracing::error!("nobody knows which doors were locked; all of them are now");
    }
    if loaded.interrupted > 0 {
        tracing::warn!(calls = loaded.interrupted, "a call was interrupted by the last stop");
    }
}
