// SPDX-License-Identifier: MIT OR Apache-2.0
//! The D-Bus side over a real bus, in front of a station that the test plays itself.

mod access;
mod answers;
mod commands;
mod description;
mod fixture;
mod lifecycle;
mod signals;

use std::sync::Arc;

use intercomd::{
    bus::{Address, Authorization, Bus, Configured, Notice, Published, Settings, serve},
    core::{Command, Origin, Profile, Rejected, Reply, Snapshot},
    station::request::Request,
};
use tokio::sync::{mpsc, oneshot, watch};
use zbus::{Connection, DBusError, Message};

use crate::{deadline::within_deadline, private_bus::PrivateBus};

pub(crate) const NAME: &str = "org.intercomd1";
pub(crate) const ROOT: &str = "/org/intercomd1";
pub(crate) const STATION: &str = "org.intercomd1.Station";

/// Receives what the bus asks and says what the test wants said.
pub(crate) struct PlayedStation {
    published: Arc<Published>,
    state: watch::Sender<Arc<Published>>,
    requests: mpsc::Receiver<Request>,
    sender: mpsc::Sender<Request>,
}

type Verdict = oneshot::Sender<Result<Reply, Rejected>>;

impl PlayedStation {
    fn new(snapshot: Snapshot) -> Self {
        let published = Arc::new(Published::new(configured(&fixture::profile()), snapshot));
        let (state, _) = watch::channel(Arc::clone(&published));
        let (sender, requests) = mpsc::channel(8);
        Self { published, state, requests, sender }
    }

    async fn serve(&self, settings: Settings) -> Result<Bus, intercomd::bus::Error> {
        let serve = serve(settings, self.sender.clone(), self.state.subscribe());
        within_deadline("serving", serve).await
    }

    fn publish(&mut self, change: impl FnOnce(&mut Snapshot), notices: Vec<Notice>) {
        let mut snapshot = self.published.snapshot.clone();
        change(Arc::make_mut(&mut snapshot));
        self.published = Arc::new(self.published.followed_by(snapshot, notices));
        self.state.send_replace(Arc::clone(&self.published));
    }

    fn reconfigure(&mut self, profile: &Profile) {
        let next = self.published.followed_by(self.published.snapshot.clone(), []);
        self.published = Arc::new(next.reconfigured(configured(profile)));
        self.state.send_replace(Arc::clone(&self.published));
    }

    async fn request(&mut self) -> Request {
        let request = within_deadline("a request", self.requests.recv()).await;
        request.expect("the station holds a sender itself")
    }

    async fn command(&mut self) -> (Command, Verdict) {
        let Request::Command { origin, command, reply } = self.request().await else {
            panic!("not a command");
        };
        assert_eq!(origin, Origin::Bus);
        (command, reply)
    }

    /// The next command gets this answer.
    async fn answer(&mut self, verdict: Result<Reply, Rejected>) -> Command {
        let (command, reply) = self.command().await;
        reply.send(verdict).expect("the caller waits");
        command
    }
}

fn configured(profile: &Profile) -> Arc<Configured> {
    Arc::new(Configured::new("Front gate", profile))
}

/// A bus with a station of every kind of object on it, and a client.
struct Stage {
    bus: PrivateBus,
    station: PlayedStation,
    served: Bus,
    client: Connection,
}

impl Stage {
    async fn set() -> Self {
        Self::with(|_| ()).await
    }

    async fn with(adjust: impl FnOnce(&mut Settings)) -> Self {
        let bus = PrivateBus::start();
        let mut settings = settings(&bus);
        adjust(&mut settings);
        let station = PlayedStation::new(fixture::snapshot());
        let served = station.serve(settings).await.expect("the bus takes the station");
        let client = bus.connect().await;
        Self { bus, station, served, client }
    }
}

fn settings(bus: &PrivateBus) -> Settings {
    let address = Address::At(bus.address().to_owned());
    Settings::new(address, Authorization::polkit())
}

/// The name of an error and its text.
type Refusal = (String, String);

async fn call<B>(
    client: &Connection,
    path: &str,
    interface: &str,
    method: &str,
    body: &B,
) -> Result<Message, Refusal>
where
    B: serde::Serialize + zbus::DynamicType,
{
    let call = client.call_method(Some(NAME), path, Some(interface), method, body);
    match within_deadline(method, call).await {
        Ok(reply) => Ok(reply),
        Err(zbus::Error::MethodError(name, text, _)) => {
            Err((name.to_string(), text.unwrap_or_default()))
        }
        Err(zbus::Error::FDO(standard)) => {
            let text = standard.description().unwrap_or_default().to_owned();
            Err((standard.name().to_string(), text))
        }
        Err(other) => panic!("{method}: {other}"),
    }
}

fn error(name: &str) -> String {
    format!("org.intercomd1.Error.{name}")
}
