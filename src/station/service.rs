// SPDX-License-Identifier: MIT OR Apache-2.0
//! The life of the daemon: start-up, the loop, shutdown.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
    time::timeout,
};

use super::{
    bus_port::{self, BusNews},
    clock,
    engine::{self, Engine},
    in_force,
    last_calls::LastCalls,
    link_port::{self, LinkPort},
    links::Links,
    media_port,
    notify::{self, Watchdog},
    panel_port::PanelPort,
    request::Request,
    stop::Stop,
};
use crate::{
    bus::{self, Published},
    config::{BusAddress, Config, Problem, Source},
    core::{self, Command, Origin, status},
    demo::{self, Scene, Simulator},
    link::FromLink,
    media::MediaEvent,
    panel::PanelEvent,
    store::{self, StoreThread, Written},
};

const REQUESTS: usize = 256;
/// Ids are on the disk before they are told to anybody. A disk that takes longer is not waited for.
const FIRST_WRITE: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub struct Setup {
    /// Read again on reload; `None` when the configuration did not come from a file.
    pub source: Option<Source>,
    pub config: Config,
    /// For everything that is kept.
    pub directory: PathBuf,
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
    #[error(transparent)]
    StateInUse(#[from] store::InUse),
}

impl Error {
    /// Only an edit helps; starting again does not.
    pub fn is_config_mistake(&self) -> bool {
        match self {
            Self::Panel(_) | Self::PanelKind(_) => true,
            Self::Bus(_) | Self::Signals(_) | Self::Store(_) | Self::StateInUse(_) => false,
        }
    }
}

/// Everything the loop waits for.
struct Inbox {
    panel: PanelPort,
    link: LinkPort,
    /// Of real media, where there is any.
    media: Option<mpsc::Receiver<MediaEvent>>,
    simulator: Option<Simulator>,
    requests: mpsc::Receiver<Request>,
    storage: mpsc::Receiver<Written>,
    bus: mpsc::Receiver<BusNews>,
    stop: Stop,
    hang_up: Signal,
    watchdog: Watchdog,
}

enum Wake {
    Timer,
    Watchdog,
    Panel(PanelEvent),
    PanelRetry,
    Link(FromLink),
    Media(MediaEvent),
    Request(Request),
    Storage(Written),
    Bus(BusNews),
    Reload,
    Stop,
}

pub async fn run(setup: Setup) -> Result<(), Error> {
    let (mut engine, mut inbox) = start(setup).await?;
    let outcome = serve(&mut engine, &mut inbox).await;
    notify::stopping();
    drop(engine.command(&inbox.panel, &Origin::Bus, Command::HangUpAll));
    engine.save_at_last();
    let Inbox { panel, link, media, requests, bus, .. } = inbox;
    panel.close().await;
    drop(media);
    engine.media.close().await;
    engine.links = Links::default();
    link.close().await;
    drop(requests);
    bus_port::until_left(bus).await;
    outcome
}

async fn start(setup: Setup) -> Result<(Engine, Inbox), Error> {
    let Setup { source, config, directory, bus: address, terminal } = setup;
    // From here on a signal waits for the loop instead of killing what is half there.
    let mut stop = Stop::caught().map_err(Error::Signals)?;
    let hang_up = signal(SignalKind::hangup()).map_err(Error::Signals)?;
    let (mut loaded, store, mut storage) = open_store(&config, &directory)?;
    let handsets = loaded.handsets.take();
    let panel = PanelPort::open(&config).await?;
    if let Some(source) = &source {
        in_force::remember(source);
    }
    let path = source.map(|source| source.path);
    let authorization = config.bus.authorization;
    let has_link = !config.link.listen.is_empty();
    let (mut engine, state) = set_up(path, config, loaded, store);
    let (media, simulator) = surround(&mut engine, &panel, &directory);
    let (tell, written) = oneshot::channel();
    engine.store.when_tried(move || tell.send(()).unwrap_or_default());
    drop(timeout(FIRST_WRITE, written).await);
    while let Ok(news) = storage.try_recv() {
        engine.storage_news(&panel, news);
    }
    let kept = link_port::Kept { directory: &directory, handsets, store: &engine.store };
    let opening = link_port::open(
        &engine.config,
        kept,
        engine.states.subscribe(),
        engine.link_settings.subscribe(),
    )
    .await;
    engine.link_opened(&panel, &opening);
    let (sender, requests) = mpsc::channel(REQUESTS);
    if let Some(simulator) = &simulator {
        stop.terminal = play(simulator, &address, terminal, has_link, &state, &sender);
    }
    let bus = bus_port::start(address, authorization, sender, state);
    engine.panel_opened(&panel);
    let watchdog = Watchdog::new();
    let link = opening.port;
    let inbox =
        Inbox { panel, link, media, simulator, requests, storage, bus, stop, hang_up, watchdog };
    Ok((engine, inbox))
}

type State = watch::Receiver<Arc<Published>>;

/// The engine with what was stored, and where it publishes.
fn set_up(
    path: Option<PathBuf>,
    config: Config,
    loaded: store::Loaded,
    store: StoreThread,
) -> (Engine, State) {
    let durable = engine::durable_of(&loaded, &config);
    let now = clock::now();
    let core = core::Station::new(now, config.profile.clone(), durable.clone());
    let published = Published::new(Arc::new(engine::configured(&config)), core.snapshot(now));
    let (publish, state) = watch::channel(Arc::new(published));
    let mut engine = Engine::new(core, path, config, store, loaded.calls, publish);
    // What was made of damaged state holds from now on, also if nothing changes any more.
    engine.save_state(durable);
    // The note of the last calls is written over by the next ones.
    if loaded.is_ahead {
        engine.save_calls();
    }
    if !loaded.faults.is_empty() {
        engine.problem(status::Problem::Storage, true);
    }
    (engine, state)
}

/// Handsets, sound and pictures: real ones, simulated ones, or both, and then the simulation
/// listens to what the real ones are told.
fn surround(
    engine: &mut Engine,
    panel: &PanelPort,
    directory: &Path,
) -> (Option<mpsc::Receiver<MediaEvent>>, Option<Simulator>) {
    let is_real = media_port::is_real(&engine.config);
    let real = is_real.then(|| engine.media.employ_workers(directory));
    let (events, axe) = real.unzip();
    let simulator = demo::start(&engine.config, panel.sim(), axe);
    if let Some(simulator) = &simulator {
        engine.links.simulated = Some(simulator.link.commands.clone());
        engine.ears = Some(simulator.ears());
        let sound = Some(simulator.media.commands.clone());
        match events {
            Some(_) => engine.media.listener = sound,
            None => engine.media.commands = sound,
        }
    }
    (events, simulator)
}

/// The surroundings come to the bus, and to the person who plays, if there is to be one.
fn play(
    simulator: &Simulator,
    address: &BusAddress,
    terminal: bool,
    has_link: bool,
    state: &State,
    requests: &mpsc::Sender<Request>,
) -> Option<JoinHandle<()>> {
    let controls = simulator.controls();
    // Only a simulated panel can be played on.
    if controls.panel().is_some() {
        tokio::spawn(demo::keep_serving(address.clone(), controls.clone()));
    }
    if !terminal {
        return None;
    }
    let (state, requests) = (state.clone(), requests.clone());
    Some(tokio::spawn(demo::play(Scene { controls, state, requests, has_link })))
}

type OpenStore = (store::Loaded, StoreThread, mpsc::Receiver<Written>);

fn open_store(config: &Config, directory: &Path) -> Result<OpenStore, Error> {
    let claim = store::claim(directory)?;
    let noted = LastCalls::find().read();
    let loaded = store::load(directory, config.store.calls, noted);
    report_loaded(&loaded);
    let (written, storage) = mpsc::channel(4);
    let store = StoreThread::start(directory, &loaded.faults, move |news| {
        drop(written.blocking_send(news));
    })
    .map_err(Error::Store)?;
    Ok((loaded, store.holding(claim), storage))
}

async fn serve(engine: &mut Engine, inbox: &mut Inbox) -> Result<(), Error> {
    loop {
        let wake = next(engine, inbox).await;
        engine.read_clock(&inbox.panel);
        let Inbox { panel, simulator, .. } = inbox;
        match wake {
            Wake::Timer => engine.timeout(panel),
            Wake::Watchdog => notify::alive(),
            Wake::Panel(event) => engine.panel_event(panel, event),
            Wake::PanelRetry => engine.retry_panel(panel).await,
            Wake::Link(what) => engine.hear_link(panel, what),
            Wake::Media(event) => engine.media_event(panel, event),
            Wake::Request(request) => engine.request(panel, simulator.as_ref(), request).await,
            Wake::Storage(news) => engine.storage_news(panel, news),
            Wake::Bus(BusNews::Settled) => notify::ready(),
            Wake::Bus(BusNews::Failed(error)) => return Err(Error::Bus(error)),
            Wake::Reload => drop(engine.reload(panel, simulator.as_ref()).await),
            Wake::Stop => return Ok(()),
        }
    }
}

/// Time first, so that no flood of events delays the end of anything, and a request to stop before
/// whatever may come in floods.
async fn next(engine: &Engine, inbox: &mut Inbox) -> Wake {
    let due = engine.poll_timeout();
    let timer = async {
        match due {
            Some(due) => tokio::time::sleep(due.since(clock::now())).await,
            None => std::future::pending().await,
        }
    };
    let Inbox { panel, link, media, simulator, requests, storage, bus, stop, hang_up, watchdog } =
        inbox;
    let real = async {
        match media {
            Some(media) => media.recv().await,
            None => std::future::pending().await,
        }
    };
    let simulated = demo::next(simulator.as_mut());
    // Whoever plays at a terminal closes it and is gone.
    let at_terminal = stop.terminal.is_some();
    tokio::select! {
        biased;
        () = timer => Wake::Timer,
        () = watchdog.tick() => Wake::Watchdog,
        () = stop.asked() => Wake::Stop,
        news = panel.next() => news.map_or(Wake::PanelRetry, Wake::Panel),
        event = link.next() => Wake::Link(event),
        Some(event) = real => Wake::Media(event),
        news = simulated => match news {
            demo::News::Link(event) => Wake::Link(event),
            demo::News::Media(event) => Wake::Media(event),
        },
        Some(request) = requests.recv() => Wake::Request(request),
        Some(news) = storage.recv() => Wake::Storage(news),
        Some(news) = bus.recv() => Wake::Bus(news),
        _ = hang_up.recv() => if at_terminal { Wake::Stop } else { Wake::Reload },
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
