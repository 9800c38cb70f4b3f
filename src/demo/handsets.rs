// SPDX-License-Identifier: MIT OR Apache-2.0
//! Phones that nobody holds. Each follows its script; an order overrides it.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use tokio::sync::{mpsc, oneshot};

use super::{
    control::{Control, ControlError, Order},
    sound::Sound,
};
use crate::{
    config::{OnRing, Script, SimulatedHandset, Simulator},
    core::{
        Command, HandsetId, LegId, Moment, Rejected, Reply,
        event::{CallVerb, LegFact},
        profile::Rights,
    },
    link::{FromLink, LinkCommand, LinkEvent, PairingLink, PairingWindow},
    media::MediaCommand,
    station::clock,
};

const PAIRED: Script = Script {
    on_ring: OnRing::Ring,
    after: Duration::from_secs(1),
    connect: Duration::from_millis(200),
    talk: None,
};

#[derive(Debug)]
pub(super) struct Handsets {
    phones: BTreeMap<HandsetId, Phone>,
    /// The phones that the configuration declares; others were paired.
    declared: BTreeSet<HandsetId>,
    plans: Vec<Plan>,
    open_window: Option<(PairingWindow, PairingLink)>,
    station: mpsc::Sender<FromLink>,
    sound: Sound,
}

#[derive(Debug)]
struct Phone {
    handset: SimulatedHandset,
    /// The newest. Whoever presses too late on it hears from the station why it is too late.
    leg: Option<LegId>,
}

/// Something a phone will do by itself.
#[derive(Debug)]
struct Plan {
    at: Moment,
    leg: LegId,
    step: Step,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Tell(LegFact),
    Press(CallVerb),
}

impl Handsets {
    pub(super) fn new(
        simulator: &Simulator,
        station: mpsc::Sender<FromLink>,
        sound: Sound,
    ) -> Self {
        let phone = |(id, handset): (&HandsetId, &SimulatedHandset)| {
            (id.clone(), Phone { handset: handset.clone(), leg: None })
        };
        let phones = simulator.handsets.iter().map(phone).collect();
        let declared = simulator.handsets.keys().cloned().collect();
        Self { phones, declared, plans: Vec::new(), open_window: None, station, sound }
    }

    pub(super) async fn run(
        mut self,
        mut commands: mpsc::Receiver<LinkCommand>,
        mut sounds: mpsc::Receiver<MediaCommand>,
        mut orders: mpsc::Receiver<Order>,
    ) {
        self.sound.begin().await;
        let ids: Vec<_> = self.phones.keys().cloned().collect();
        for id in &ids {
            self.introduce(id).await;
        }
        loop {
            self.sound.phones(self.phones.keys().cloned().collect());
            let next = self.plans.iter().map(|plan| plan.at).min();
            let due = async {
                match next {
                    Some(at) => tokio::time::sleep(at.since(clock::now())).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                Some(command) = commands.recv() => self.hear(command).await,
                Some(sound) = sounds.recv() => self.sound.take(sound),
                Some(order) = orders.recv() => self.obey(order).await,
                () = due => self.act().await,
                else => return,
            }
        }
    }

    async fn tell(&self, what: impl Into<FromLink>) {
        // The station may have ended.
        drop(self.station.send(what.into()).await);
    }

    async fn introduce(&self, id: &HandsetId) {
        let Some(phone) = self.phones.get(id) else { return };
        let SimulatedHandset { label, rights, .. } = phone.handset.clone();
        self.tell(LinkEvent::Paired { handset: id.clone(), label, rights }).await;
    }

    async fn hear(&mut self, command: LinkCommand) {
        match command {
            LinkCommand::Ring { leg, .. } => {
                self.sound.ring();
                self.ring(leg).await;
            }
            LinkCommand::Select { leg } => self.selected(leg),
            LinkCommand::End { leg, .. } => self.plans.retain(|plan| plan.leg != leg),
            LinkCommand::Nudge { .. } => self.sound.nudge(),
            LinkCommand::Held { .. } | LinkCommand::Warn { .. } | LinkCommand::Signal { .. } => {}
            LinkCommand::OpenPairing { window, .. } => {
                let link = one_time_link();
                self.open_window = Some((window, link.clone()));
                self.tell(LinkEvent::PairingOpened { window, link }).await;
            }
            LinkCommand::ClosePairing => {
                self.open_window = None;
            }
            LinkCommand::Unpair { handset } => drop(self.phones.remove(&handset)),
        }
    }

    async fn ring(&mut self, leg: LegId) {
        let Some(phone) = self.phones.get_mut(&leg.handset) else {
            return self.fact(leg, LegFact::Unreachable).await;
        };
        phone.leg = Some(leg.clone());
        let script = phone.handset.script.clone();
        let step = match script.on_ring {
            OnRing::Ring => None,
            OnRing::Accept => Some(Step::Press(CallVerb::Accept)),
            OnRing::Reject => Some(Step::Press(CallVerb::Reject)),
            OnRing::Busy => Some(Step::Tell(LegFact::Busy)),
            OnRing::Unreachable => Some(Step::Tell(LegFact::Unreachable)),
            OnRing::Silent => return,
        };
        let rings = matches!(script.on_ring, OnRing::Ring | OnRing::Accept | OnRing::Reject);
        if rings {
            self.fact(leg.clone(), LegFact::Rang).await;
        }
        if let Some(step) = step {
            self.plans.push(Plan { at: clock::now() + script.after, leg, step });
        }
    }

    fn selected(&mut self, leg: LegId) {
        let Some(phone) = self.phones.get_mut(&leg.handset) else { return };
        phone.leg = Some(leg.clone());
        let at = clock::now() + phone.handset.script.connect;
        let talk = phone.handset.script.talk;
        self.plans.retain(|plan| plan.leg != leg);
        let connect = Step::Tell(LegFact::MediaConnected);
        self.plans.push(Plan { at, leg: leg.clone(), step: connect });
        if let Some(talk) = talk {
            self.plans.push(Plan { at: at + talk, leg, step: Step::Press(CallVerb::HangUp) });
        }
    }

    async fn act(&mut self) {
        let now = clock::now();
        let due = |plan: &Plan| plan.at <= now;
        while let Some(place) = self.plans.iter().position(due) {
            let Plan { leg, step, .. } = self.plans.remove(place);
            match step {
                Step::Tell(fact) => self.fact(leg, fact).await,
                Step::Press(verb) => {
                    let command = Command::InCall { call: leg.call, verb };
                    if let Err(error) = self.wish(leg.handset, command).await {
                        tracing::debug!(%error, "a simulated handset was refused");
                    }
                }
            }
        }
    }

    async fn fact(&self, leg: LegId, fact: LegFact) {
        self.tell(LinkEvent::Leg { leg, fact }).await;
    }

    /// The station answers without waiting for us, so waiting for it is safe.
    async fn wish(&self, handset: HandsetId, command: Command) -> Result<Reply, ControlError> {
        let (reply, answer) = oneshot::channel();
        self.tell(FromLink::Wish { handset, command, reply }).await;
        let answer: Result<Reply, Rejected> = answer.await.map_err(|_| ControlError::Over)?;
        Ok(answer?)
    }

    async fn obey(&mut self, order: Order) {
        match order {
            Order::Do { control, reply } => {
                let outcome = self.carry_out(control).await;
                drop(reply.send(outcome));
            }
            Order::Reconfigure(simulator) => self.reconfigure(&simulator).await,
        }
    }

    async fn carry_out(&mut self, control: Control) -> Result<(), ControlError> {
        match control {
            Control::InCall { handset, verb } => {
                let leg = self.leg(&handset)?;
                self.wish(handset, Command::InCall { call: leg.call, verb }).await?;
            }
            Control::Dial { handset, media, kind } => {
                self.phone(&handset)?;
                let dial = Command::Dial { handset: handset.clone(), media, kind };
                let reply = self.wish(handset.clone(), dial).await?;
                if let (Reply::Call(call), Some(phone)) = (reply, self.phones.get_mut(&handset)) {
                    phone.leg = Some(LegId { call, handset });
                }
            }
            Control::OpenDoor { handset, door } => {
                self.phone(&handset)?;
                let verb = crate::core::event::DoorVerb::Open;
                self.wish(handset, Command::AtDoor { door, verb }).await?;
            }
            Control::Leg { handset, fact } => {
                let leg = self.leg(&handset)?;
                self.fact(leg, fact).await;
            }
            Control::Script { handset, script } => {
                self.phone(&handset)?.handset.script = script;
            }
            Control::Pair { link, handset, label } => self.pair(&link, handset, label).await?,
            Control::Unpair { handset } => {
                self.phone(&handset)?;
                self.phones.remove(&handset);
                self.tell(LinkEvent::Revoked { handset }).await;
            }
            Control::CrashWorker => {
                let call = self.sound.running().ok_or(ControlError::NoWorker)?;
                self.sound.crash(call).await;
            }
            Control::Audio { available } => self.sound.available(available).await,
        }
        Ok(())
    }

    fn phone(&mut self, handset: &HandsetId) -> Result<&mut Phone, ControlError> {
        self.phones.get_mut(handset).ok_or_else(|| ControlError::NoHandset(handset.clone()))
    }

    fn leg(&mut self, handset: &HandsetId) -> Result<LegId, ControlError> {
        let leg = self.phone(handset)?.leg.clone();
        leg.ok_or_else(|| ControlError::NoCall(handset.clone()))
    }

    async fn pair(
        &mut self,
        link: &PairingLink,
        id: HandsetId,
        label: String,
    ) -> Result<(), ControlError> {
        if self.phones.contains_key(&id) {
            return Err(ControlError::Paired(id));
        }
        let found = self.open_window.take_if(|(_, open)| open == link);
        let Some((window, _)) = found else { return Err(ControlError::WrongLink) };
        let rights = Rights { answer: true, preview: true, ..Rights::default() };
        let handset = SimulatedHandset { label, rights, script: PAIRED };
        self.phones.insert(id.clone(), Phone { handset, leg: None });
        self.introduce(&id).await;
        self.tell(LinkEvent::PairingClosed { window }).await;
        Ok(())
    }

    /// Those who were paired meanwhile stay.
    async fn reconfigure(&mut self, simulator: &Simulator) {
        let declared = simulator.handsets.keys().cloned().collect();
        let before = std::mem::replace(&mut self.declared, declared);
        let gone: Vec<_> = before.difference(&self.declared).cloned().collect();
        for handset in gone {
            self.phones.remove(&handset);
            self.tell(LinkEvent::Revoked { handset }).await;
        }
        for (id, handset) in &simulator.handsets {
            let leg = self.phones.remove(id).and_then(|phone| phone.leg);
            self.phones.insert(id.clone(), Phone { handset: handset.clone(), leg });
            self.introduce(id).await;
        }
    }
}

fn one_time_link() -> PairingLink {
    let mut token = [0; 16];
    if getrandom::fill(&mut token).is_err() {
        tracing::error!("the system has no randomness");
    }
    let hex: String = token.iter().map(|byte| format!("{byte:02x}")).collect();
    PairingLink(format!("intercomd-sim:{hex}"))
}
