// SPDX-License-Identifier: MIT OR Apache-2.0
//! The station as seen from the other end of the bus.

use std::{future::Future, io::IsTerminal, num::NonZeroUsize, time::Duration};

use futures_core::Stream;
use serde::Serialize;
use tokio::time::timeout;
use zbus::{
    Connection, DynamicType, MatchRule, Message, MessageStream, Proxy, Variant,
    connection::Builder,
    fdo::{DBusProxy, ManagedObjects, ObjectManagerProxy, PropertiesProxy},
    message::Type,
    names::{InterfaceName, WellKnownName},
    proxy::{CacheProperties, MethodFlags},
    wire::DynamicDeserialize,
};

use super::{
    cli::Bus,
    failure::{Failure, Kind},
    news::What,
    state::{Properties, State},
    value::json,
};
use crate::{media::LoopTest, station::clock::now};

pub(super) const NAME: &str = "org.intercomd1";
pub(super) const ROOT: &str = "/org/intercomd1";
pub(super) const STATION: &str = "org.intercomd1.Station";

const PATIENCE: Duration = Duration::from_secs(10);
/// The station gives a person a minute to type a password, and answers then.
const PATIENCE_WITH_PASSWORD: Duration = Duration::from_secs(65);
const SIGNALS_QUEUED: NonZeroUsize = NonZeroUsize::new(1024).expect("is not zero");

#[derive(Debug)]
pub(super) struct Client {
    connection: Connection,
    patience: Option<Duration>,
    /// Somebody could answer polkit's questions.
    attended: bool,
}

/// What a method takes besides the time that every one may take.
fn lasts(method: &str) -> Duration {
    if method == "SelfTest" { LoopTest::LONGEST } else { Duration::ZERO }
}

impl Client {
    pub(super) async fn connect(bus: &Bus, patience: Option<Duration>) -> Result<Self, Failure> {
        let builder = match bus {
            Bus::System => Builder::system(),
            Bus::Session => Builder::session(),
            Bus::At(address) => Builder::address(address.as_str()),
        };
        let attended = std::io::stdin().is_terminal();
        let connection = timeout(patience.unwrap_or(PATIENCE), builder.build())
            .await
            .map_err(|_| Failure::NoBus("it does not answer".to_owned()))?
            .map_err(|error| Failure::NoBus(error.to_string()))?;
        Ok(Self { connection, patience, attended })
    }

    /// Everything that can be read, at one moment.
    pub(super) async fn state(&self) -> Result<State, Failure> {
        let manager = self.read(ObjectManagerProxy::new(&self.connection, NAME, ROOT)).await?;
        let station = self.properties().await?;
        let objects = self.read(manager.get_managed_objects()).await?;
        State::of(now_us(), station, keyed(&objects))
            .map_err(|error| Failure::Gibberish(error.to_string()))
    }

    async fn properties(&self) -> Result<Properties, Failure> {
        let proxy = self.read(PropertiesProxy::new(&self.connection, NAME, ROOT)).await?;
        let station = InterfaceName::from_static_str_unchecked(STATION);
        let values = self.read(proxy.get_all(station)).await?;
        Ok(values.iter().map(|(name, value)| (name.clone(), json(value))).collect())
    }

    /// Calls a method of the station itself.
    pub(super) async fn station<B, R>(&self, method: &str, arguments: &B) -> Result<R, Failure>
    where
        B: Serialize + DynamicType,
        R: for<'d> DynamicDeserialize<'d>,
    {
        self.call(ROOT, STATION, method, arguments).await
    }

    /// Calls a method of something that the station has.
    pub(super) async fn object<B, R>(
        &self,
        kind: Kind,
        name: &str,
        method: &str,
        arguments: &B,
    ) -> Result<R, Failure>
    where
        B: Serialize + DynamicType,
        R: for<'d> DynamicDeserialize<'d>,
    {
        let path = format!("{ROOT}/{}/{name}", kind.folder());
        self.call(&path, interface(kind), method, arguments).await
    }

    pub(super) async fn set(
        &self,
        object: Option<(Kind, &str)>,
        property: &str,
        value: Variant<'_>,
    ) -> Result<(), Failure> {
        let (path, interface) = match object {
            Some((kind, name)) => (format!("{ROOT}/{}/{name}", kind.folder()), interface(kind)),
            None => (ROOT.to_owned(), STATION),
        };
        let properties = "org.freedesktop.DBus.Properties";
        self.call(&path, properties, "Set", &(interface, property, value)).await
    }

    async fn call<B, R>(
        &self,
        path: &str,
        interface: &str,
        method: &str,
        arguments: &B,
    ) -> Result<R, Failure>
    where
        B: Serialize + DynamicType,
        R: for<'d> DynamicDeserialize<'d>,
    {
        let (flags, patience) = if self.attended {
            (MethodFlags::ALLOW_INTERACTIVE_AUTH, self.patience.unwrap_or(PATIENCE_WITH_PASSWORD))
        } else {
            (MethodFlags::empty(), self.patience.unwrap_or(PATIENCE + lasts(method)))
        };
        let ask = async {
            let proxy: Proxy<'_> = zbus::proxy::Builder::new(&self.connection)
                .destination(NAME)
                .path(path)
                .interface(interface)
                .cache_properties(CacheProperties::No)
                .build()
                .await?;
            proxy.call_with_flags(method, flags, arguments).await
        };
        timeout(patience, ask)
            .await
            .map_err(|_| Failure::NoAnswer(patience))?
            .map_err(Failure::of_reply)?
            .ok_or_else(|| Failure::Gibberish("there is none".to_owned()))
    }

    async fn read<T, E: Into<zbus::Error>>(
        &self,
        ask: impl Future<Output = Result<T, E>>,
    ) -> Result<T, Failure> {
        let patience = self.patience.unwrap_or(PATIENCE);
        timeout(patience, ask)
            .await
            .map_err(|_| Failure::NoAnswer(patience))?
            .map_err(|error| Failure::of_reply(error.into()))
    }

    /// What the station is called, as the first thing to tell about it.
    pub(super) async fn name(&self) -> Result<What, Failure> {
        let wanted = |name: &str| name == "Name" || name == "Version";
        let properties = self.properties().await?;
        Ok(What::Here(properties.into_iter().filter(|(name, _)| wanted(name)).collect()))
    }

    /// Whether the daemon is on the bus.
    pub(super) async fn is_served(&self) -> Result<bool, Failure> {
        let bus = self.read(DBusProxy::new(&self.connection)).await?;
        let station = WellKnownName::from_static_str_unchecked(NAME);
        self.read(bus.name_has_owner(station.into())).await
    }

    /// Everything that the station says from now on, and its comings and goings, in order.
    pub(super) async fn signals(&self) -> Result<Signals, Failure> {
        // One stream for all: the order between several would be lost. Match rules alone decide
        // what the bus sends; a stream of its own per rule does not know well-known names.
        let mut stream = MessageStream::from(&self.connection);
        stream.set_max_queued(SIGNALS_QUEUED);
        let bus = self.read(DBusProxy::new(&self.connection)).await?;
        for rule in rules().map_err(Failure::of_reply)? {
            self.read(bus.add_match_rule(rule)).await?;
        }
        Ok(Signals(stream))
    }
}

/// On the clock of the bus's times.
fn now_us() -> u64 {
    u64::try_from(now().0.as_micros()).unwrap_or(u64::MAX)
}

fn rules() -> zbus::Result<[MatchRule<'static>; 2]> {
    let said = MatchRule::builder().msg_type(Type::Signal).sender(NAME).path_namespace(ROOT);
    let owner = MatchRule::builder()
        .msg_type(Type::Signal)
        .sender("org.freedesktop.DBus")
        .member("NameOwnerChanged")
        .add_arg(NAME);
    Ok([said.build()?, owner.build()?])
}

const fn interface(kind: Kind) -> &'static str {
    match kind {
        Kind::Call => "org.intercomd1.Call",
        Kind::Contact => "org.intercomd1.Contact",
        Kind::Door => "org.intercomd1.Door",
        Kind::Button => "org.intercomd1.Button",
        Kind::Handset => "org.intercomd1.Handset",
    }
}

fn keyed(objects: &ManagedObjects) -> impl Iterator<Item = (String, Properties)> {
    objects.iter().filter_map(|(path, interfaces)| {
        let key = path.as_str().strip_prefix(ROOT)?.strip_prefix('/')?.to_owned();
        let own = interfaces.iter().filter(|(name, _)| name.as_str().starts_with(NAME));
        let values = own.flat_map(|(_, values)| values);
        Some((key, values.map(|(name, value)| (name.clone(), json(value))).collect()))
    })
}

/// Signals in the order of their arrival.
#[derive(Debug)]
pub(super) struct Signals(MessageStream);

impl Signals {
    /// Fails when the bus is gone.
    pub(super) async fn next(&mut self) -> Result<Message, Failure> {
        loop {
            let next =
                std::future::poll_fn(|context| std::pin::Pin::new(&mut self.0).poll_next(context));
            let message = next
                .await
                .ok_or_else(|| Failure::NoBus("the connection was closed".to_owned()))?
                .map_err(|error| Failure::NoBus(error.to_string()))?;
            if message.message_type() == Type::Signal {
                return Ok(message);
            }
        }
    }
}
