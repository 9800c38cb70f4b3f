// SPDX-License-Identifier: MIT OR Apache-2.0
//! The station on D-Bus. Objects have no state: what they show is the last [`Published`], what
//! is asked of them becomes a [`Request`].

mod admission;
mod authority;
mod changes;
mod failure;
mod intent;
mod introspection;
mod object;
mod published;
mod publisher;
mod reconnect;
mod report;
mod right;
mod service;
mod standard;
mod text;
mod view;

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
};
use zbus::{
    Connection,
    connection::Builder,
    fdo::{RequestNameFlags, RequestNameReply},
};

use self::{
    admission::Admission,
    authority::Authority,
    publisher::{Announced, Publisher},
    service::Service,
};
pub use self::{
    authority::Authorization,
    published::{Configured, Notice, Published},
    reconnect::keep_serving,
    right::Right,
};
use crate::station::request::Request;

pub const NAME: &str = "org.intercomd1";

/// How long a client waits for the station, or for polkit.
pub const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    System,
    Session,
    /// In the notation of the D-Bus specification.
    At(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    pub address: Address,
    pub authorization: Authorization,
    pub patience: Duration,
}

impl Settings {
    #[must_use]
    pub fn new(address: Address, authorization: Authorization) -> Self {
        Self { address, authorization, patience: PATIENCE }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the bus cannot be reached")]
    Unreachable(#[source] zbus::Error),
    #[error("the bus does not let us own the name {NAME}")]
    NameRefused(#[source] zbus::Error),
    #[error("another program owns the name {NAME}")]
    NameTaken,
}

impl Error {
    /// Whether calling [`serve`] again later may help. A second station does not go away by
    /// waiting for it.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::NameRefused(_) => true,
            Self::NameTaken => false,
        }
    }
}

/// The station is on the bus until this is dropped or the connection is lost.
#[derive(Debug)]
pub struct Bus {
    connection: Connection,
    tasks: [JoinHandle<()>; 2],
    state: watch::Receiver<Arc<Published>>,
    announced: Announced,
}

impl Bus {
    /// Resolves when the connection is gone. Drop this then and call [`serve`] again, or leave
    /// both to [`keep_serving`].
    pub async fn lost(&self) {
        self.connection.closed().await;
    }

    /// Tells clients what they do not know yet and gives the name back.
    pub async fn close(self) {
        let newest = self.state.borrow().revision();
        self.announced.reaches(newest).await;
        if let Err(error) = self.connection.clone().close().await {
            tracing::debug!(%error, "the bus connection was not closed in order");
        }
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// Puts the station on the bus. Clients find the name once everything is served.
///
/// `requests` are answered after what they changed was published through `state`.
pub async fn serve(
    settings: Settings,
    requests: mpsc::Sender<Request>,
    state: watch::Receiver<Arc<Published>>,
) -> Result<Bus, Error> {
    let Settings { address, authorization, patience } = settings;
    let connection = match &address {
        Address::System => Builder::system(),
        Address::Session => Builder::session(),
        Address::At(address) => Builder::address(address.as_str()),
    }
    .build()
    .await
    .map_err(Error::Unreachable)?;
    let calls = service::method_calls(&connection).await.map_err(Error::Unreachable)?;

    let mut state = state;
    let told = Arc::clone(&state.borrow_and_update());
    let (announce, announced) = watch::channel(told.revision());
    let announced = Announced(announced);
    let publisher = Publisher {
        connection: connection.clone(),
        state: state.clone(),
        told,
        announced: announce,
    };
    let service = Arc::new(Service {
        connection: connection.clone(),
        authority: Authority::new(connection.clone(), authorization, patience),
        requests,
        state: state.clone(),
        announced: announced.clone(),
        patience,
        admission: Admission::default(),
    });
    let tasks = [tokio::spawn(service.run(calls)), tokio::spawn(publisher.run())];
    let bus = Bus { connection, tasks, state, announced };

    let flags = RequestNameFlags::DO_NOT_QUEUE;
    match bus.connection.request_name_with_flags(NAME, flags).await {
        Ok(RequestNameReply::PrimaryOwner | RequestNameReply::AlreadyOwner) => Ok(bus),
        Ok(RequestNameReply::Exists | RequestNameReply::InQueue) => Err(Error::NameTaken),
        Err(zbus::Error::NameTaken) => Err(Error::NameTaken),
        Err(error) => Err(Error::NameRefused(error)),
    }
}
