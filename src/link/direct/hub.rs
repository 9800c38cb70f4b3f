// SPDX-License-Identifier: MIT OR Apache-2.0
//! The task that owns the desk: everything that comes in goes to it one after the other, and what
//! it decides goes out. It waits for the station's queue at most, never for a handset.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};

use tokio::{
    join,
    sync::{
        mpsc::{self, error::TrySendError},
        oneshot, watch,
    },
    task::JoinSet,
    time::{sleep, timeout},
};

use super::{
    reception::{Arrival, Line, Outgoing},
    whereabouts::Whereabouts,
};
use crate::{
    core::{Command, HandsetId, Moment, Rejected, Reply, Snapshot},
    link::{
        FromLink, LinkCommand, LinkEvent, Settings,
        desk::{ConnectionId, Desk, Heard, Input, Ledger, Output, Ticket},
        push::{Fate, FromPushes, Order},
    },
    station::clock,
    store::HandsetKeeper,
};

/// Refusals are told to the station no more often than this.
const COUNTED_EVERY: Duration = Duration::from_secs(1);
/// For the last words to handsets when the station ends.
const GOODBYE: Duration = Duration::from_millis(500);
/// For the last words to phones that sleep: a name, a connection and a handshake.
const LAST_PUSHES: Duration = Duration::from_millis(1500);

#[derive(Debug)]
pub(super) struct Hub {
    desk: Desk,
    lines: BTreeMap<ConnectionId, Line>,
    station: mpsc::Sender<FromLink>,
    pushes: mpsc::Sender<Order>,
    keeper: HandsetKeeper,
    /// What others have yet to finish.
    pending: JoinSet<Option<Done>>,
    refusals: Refusals,
    whereabouts: Whereabouts,
    /// The station has the same keys after a restart.
    lasts: bool,
}

#[derive(Debug)]
pub(super) struct Inbox {
    pub(super) commands: mpsc::Receiver<LinkCommand>,
    pub(super) arrivals: mpsc::Receiver<Arrival>,
    pub(super) reports: mpsc::Receiver<FromPushes>,
    pub(super) state: watch::Receiver<Arc<Snapshot>>,
    pub(super) settings: watch::Receiver<Settings>,
}

#[derive(Debug)]
enum Done {
    Answered { ticket: Ticket, answer: Result<Reply, Rejected> },
    Kept { ticket: Ticket, kept: bool },
}

enum Wake {
    Command(LinkCommand),
    Arrival(Arrival),
    Done(Option<Done>),
    Pushes(FromPushes),
    State,
    Settings,
    Timer,
    /// The station has ended.
    Over,
}

impl Hub {
    pub(super) fn new(
        desk: Desk,
        station: mpsc::Sender<FromLink>,
        pushes: mpsc::Sender<Order>,
        keeper: HandsetKeeper,
        whereabouts: Whereabouts,
        lasts: bool,
    ) -> Self {
        let (lines, pending) = (BTreeMap::new(), JoinSet::new());
        let refusals = Refusals::default();
        Self { desk, lines, station, pushes, keeper, pending, refusals, whereabouts, lasts }
    }

    pub(super) async fn run(mut self, mut inbox: Inbox) {
        inbox.state.mark_changed();
        loop {
            let wake = self.next(&mut inbox).await;
            let now = clock::now();
            match wake {
                Wake::Command(command) => self.command(now, command),
                Wake::Arrival(arrival) => self.arrived(now, arrival).await,
                Wake::Done(Some(done)) => self.done(now, done),
                Wake::Done(None) => {}
                Wake::Pushes(what) => self.hear_pushes(now, what),
                Wake::State => {
                    let state = Arc::clone(&inbox.state.borrow_and_update());
                    self.desk.handle(now, Input::State(state));
                }
                Wake::Settings => {
                    let place = self.whereabouts.settle(&inbox.settings.borrow_and_update());
                    self.desk.handle(now, Input::Moved(place));
                }
                Wake::Timer => self.desk.handle_timeout(now),
                Wake::Over => break,
            }
            self.carry_out(now).await;
        }
        self.say_goodbye(inbox).await;
    }

    /// What was said to handsets is on its way when this returns, unless they do not read.
    async fn say_goodbye(mut self, inbox: Inbox) {
        let Inbox { mut arrivals, mut reports, .. } = inbox;
        let mut there: BTreeSet<ConnectionId> = self.lines.keys().copied().collect();
        self.lines.clear();
        let left = async {
            while !there.is_empty()
                && let Some(arrival) = arrivals.recv().await
            {
                if let Arrival::Heard { connection, heard: Heard::Closed } = arrival {
                    there.remove(&connection);
                }
            }
        };
        drop(self.pushes);
        let pushed = async { while reports.recv().await.is_some() {} };
        drop(join!(timeout(GOODBYE, left), timeout(LAST_PUSHES, pushed)));
    }

    fn command(&mut self, now: Moment, command: LinkCommand) {
        // The machine may have other addresses than before.
        if matches!(command, LinkCommand::OpenPairing { .. })
            && let Some(place) = self.whereabouts.look_again()
        {
            self.desk.handle(now, Input::Moved(place));
        }
        self.desk.handle(now, Input::Command(command));
    }

    async fn bound(&mut self, now: Moment, slot: usize, address: SocketAddr) {
        let place = self.whereabouts.bound(slot, address);
        self.desk.handle(now, Input::Moved(place));
        if self.whereabouts.is_whole() {
            self.tell(FromLink::Listening(true)).await;
        }
    }

    /// The station first: a ring waits for no flood.
    async fn next(&mut self, inbox: &mut Inbox) -> Wake {
        let due = self.desk.poll_timeout().into_iter().chain(self.refusals.tell_at).min();
        let timer = async {
            match due {
                Some(due) => sleep(due.since(clock::now())).await,
                None => std::future::pending().await,
            }
        };
        let Inbox { commands, arrivals, reports, state, settings } = inbox;
        tokio::select! {
            biased;
            command = commands.recv() => command.map_or(Wake::Over, Wake::Command),
            Some(done) = self.pending.join_next() => Wake::Done(done.ok().flatten()),
            Some(what) = reports.recv() => Wake::Pushes(what),
            () = timer => Wake::Timer,
            Ok(()) = settings.changed() => Wake::Settings,
            Ok(()) = state.changed() => Wake::State,
            Some(arrival) = arrivals.recv() => Wake::Arrival(arrival),
        }
    }

    async fn arrived(&mut self, now: Moment, arrival: Arrival) {
        match arrival {
            Arrival::Opened { connection, peer, line } => {
                tracing::debug!(?connection, %peer, "connected");
                self.lines.insert(connection, line);
                self.desk.handle(now, Input::Opened { connection });
            }
            Arrival::Heard { connection, heard } => self.heard(now, connection, heard),
            Arrival::Bound { slot, address } => self.bound(now, slot, address).await,
        }
    }

    fn heard(&mut self, now: Moment, connection: ConnectionId, heard: Heard) {
        // What comes from a connection that was given up has nobody any more.
        let Entry::Occupied(mut line) = self.lines.entry(connection) else { return };
        if matches!(heard, Heard::Closed) {
            line.remove();
            return self.desk.handle(now, Input::Heard { connection, heard });
        }
        self.desk.handle(now, Input::Heard { connection, heard });
        let line = line.get_mut();
        if let Some(seat) = &line.seat
            && let Some(handset) = self.desk.handset_at(connection)
        {
            tracing::info!(%handset, "handset connected");
            seat.give_back();
            line.seat = None;
        }
    }

    fn done(&mut self, now: Moment, done: Done) {
        match done {
            Done::Answered { ticket, answer } => {
                self.desk.handle(now, Input::Answered { ticket, answer });
            }
            Done::Kept { ticket, kept } => {
                if !kept {
                    tracing::error!("the disk does not take who is paired");
                }
                // Where the station's own key does not outlast it either, nothing is lost by that.
                let kept = kept || !self.lasts;
                self.desk.handle(now, Input::Kept { ticket, kept });
            }
        }
    }

    async fn carry_out(&mut self, now: Moment) {
        while let Some(output) = self.desk.poll_output() {
            match output {
                Output::Send { connection, frame } => self.send(now, connection, frame),
                Output::Close { connection, why } => {
                    if let Some(line) = self.lines.remove(&connection) {
                        // A line that is full is cut off; nobody reads the reason there.
                        drop(line.to.try_send(Outgoing::Close(why.word())));
                    }
                }
                Output::Event(event) => {
                    log(&event);
                    self.tell(event).await;
                }
                Output::Wish { ticket, handset, command } => {
                    self.wish(ticket, handset, command).await;
                }
                Output::Keep { ticket, ledger } => self.keep(ticket, &ledger),
                Output::Push(order) => self.push(now, *order),
                Output::Pushing(pushing) => self.tell(FromLink::Pushing(pushing)).await,
                Output::Refused { connection, code } => {
                    tracing::debug!(?connection, code = code.word(), "refused");
                    self.refusals.count(now, code.word());
                }
            }
        }
        if let Some(counters) = self.refusals.due(now) {
            self.tell(FromLink::Refused(counters)).await;
        }
    }

    async fn tell(&mut self, what: impl Into<FromLink>) {
        // The station may have ended.
        drop(self.station.send(what.into()).await);
    }

    fn send(&mut self, now: Moment, connection: ConnectionId, frame: String) {
        let Entry::Occupied(line) = self.lines.entry(connection) else { return };
        if line.get().to.try_send(Outgoing::Frame(frame)).is_err() {
            tracing::debug!(?connection, "does not read; given up");
            line.remove();
            self.desk.handle(now, Input::Heard { connection, heard: Heard::Closed });
        }
    }

    /// Nobody waits for a push; one that finds no room has failed.
    fn push(&mut self, now: Moment, order: Order) {
        if let Err(TrySendError::Full(order) | TrySendError::Closed(order)) =
            self.pushes.try_send(order)
        {
            tracing::error!(handset = %order.leg.handset, "nobody has time to send a push");
            self.desk.handle(now, Input::Pushed(order.report(Fate::Failed)));
        }
    }

    fn hear_pushes(&mut self, now: Moment, what: FromPushes) {
        let input = match what {
            FromPushes::Report(report) => Input::Pushed(report),
            FromPushes::Tried(tried) => Input::PushTried(tried),
            FromPushes::Ready => Input::PushesReady,
        };
        self.desk.handle(now, input);
    }

    async fn wish(&mut self, ticket: Ticket, handset: HandsetId, command: Command) {
        let (reply, answer) = oneshot::channel();
        self.pending.spawn(async move {
            let answer = answer.await.ok()?;
            Some(Done::Answered { ticket, answer })
        });
        self.tell(FromLink::Wish { handset, command, reply }).await;
    }

    fn keep(&mut self, ticket: Ticket, ledger: &Ledger) {
        let (tell, told) = oneshot::channel();
        let ledger = serde_json::to_value(ledger).expect("the members of a ledger have names");
        // Nobody waits once the station ends.
        self.keeper.save(ledger, move |kept| tell.send(kept).unwrap_or_default());
        self.pending.spawn(async move {
            let kept = told.await.ok()?;
            Some(Done::Kept { ticket, kept })
        });
    }
}

/// For the owner of the house.
fn log(event: &LinkEvent) {
    match event {
        LinkEvent::Paired { handset, label, .. } => tracing::info!(%handset, label, "paired"),
        LinkEvent::Revoked { handset } => tracing::info!(%handset, "unpaired"),
        LinkEvent::PairingClosed { .. } => tracing::info!("pairing is over"),
        LinkEvent::Leg { leg, fact } => tracing::debug!(%leg, ?fact, "leg"),
        LinkEvent::SessionWanted { leg, .. } => tracing::debug!(%leg, "wants a session"),
        LinkEvent::Signal { leg, session, .. } => {
            tracing::debug!(%leg, session = session.0, "signal")
        }
        LinkEvent::PairingOpened { .. }
        | LinkEvent::Forgotten { .. }
        | LinkEvent::Waking { .. } => {}
    }
}

#[derive(Debug, Default)]
struct Refusals {
    counters: BTreeMap<&'static str, u64>,
    told_at: Option<Moment>,
    tell_at: Option<Moment>,
}

impl Refusals {
    fn count(&mut self, now: Moment, code: &'static str) {
        *self.counters.entry(code).or_default() += 1;
        let earliest = self.told_at.map_or(now, |told| now.max(told + COUNTED_EVERY));
        self.tell_at.get_or_insert(earliest);
    }

    fn due(&mut self, now: Moment) -> Option<BTreeMap<&'static str, u64>> {
        self.tell_at.take_if(|at| *at <= now)?;
        self.told_at = Some(now);
        Some(self.counters.clone())
    }
}
