// SPDX-License-Identifier: MIT OR Apache-2.0
//! A handset without a person: keys, pairing and a context, by PROTOCOL.md.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use intercomd::{
    core::{CallId, DoorName, HandsetId},
    link::{
        challenge::Purpose,
        context::{self, Arrival, Heard},
        envelope::{self, Acquaintance, Envelope, Keyring, LARGEST, Mid},
        keys::{KeyPair, PublicKey, Thumbprint},
        message::{
            FromHandset, FromStation,
            field::{Nonce, Nothing, Signature, Srv},
            from_handset::{Action, Hello, Pair},
            from_station::{Done, Failed, PairOk, StateIs},
        },
        pairing::{Claim, Invitation, confirmation},
    },
};
use tokio::sync::mpsc;

use super::wire::{Socket, Spoken};
use crate::deadline::within_deadline;

pub(crate) struct Phone {
    pub(crate) label: String,
    pub(crate) call: Arc<KeyPair>,
    pub(crate) action: Arc<KeyPair>,
    pub(crate) invitation: Invitation,
    pub(crate) station: Option<PublicKey>,
    pub(crate) id: Option<HandsetId>,
}

/// Well within the 500 ms that there are.
const ACK_AFTER: Duration = Duration::from_millis(150);

pub(crate) struct OnlyStation(pub(crate) Option<PublicKey>);

impl Keyring for OnlyStation {
    fn look_up(&self, kid: &Thumbprint) -> Acquaintance {
        match self.0 {
            Some(key) if key.thumbprint() == *kid => Acquaintance::Known(key),
            Some(_) | None => Acquaintance::Unknown,
        }
    }

    fn strangers(&self) -> bool {
        false
    }
}

fn new_key() -> Arc<KeyPair> {
    Arc::new(KeyPair::from_pkcs8(&KeyPair::generate().unwrap()).unwrap())
}

pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

pub(crate) fn new_mid() -> Mid {
    Mid(random())
}

impl Phone {
    pub(crate) fn new(label: &str, link: &str) -> Self {
        let invitation = Invitation::read(link).expect("a pairing link");
        let label = label.to_owned();
        Self { label, call: new_key(), action: new_key(), invitation, station: None, id: None }
    }

    pub(crate) async fn connect(&self) -> Socket {
        Socket::open(self.invitation.at.first().unwrap(), self.invitation.pin.0).await.unwrap()
    }

    pub(crate) fn me(&self) -> Thumbprint {
        self.call.public().thumbprint()
    }

    /// Outside of any context.
    pub(crate) fn envelope(&self, mid: Mid, message: &FromHandset) -> Envelope {
        Envelope {
            mid,
            from: self.me(),
            to: self.invitation.key,
            sx: String::new(),
            seq: 0,
            ack: 0,
            re: None,
            t: message.word().to_owned(),
            b: message.body(),
        }
    }

    pub(crate) fn pair_message(&self, srv: Srv) -> FromHandset {
        let (call_key, action_key) = (*self.call.public(), *self.action.public());
        let claim = Claim {
            station: self.invitation.key,
            call: call_key.thumbprint(),
            action: action_key.thumbprint(),
            srv,
        };
        let label = self.label.clone().try_into().unwrap();
        let mac = claim.mac(&self.invitation.token);
        FromHandset::Pair(Pair { label, call_key, action_key, srv, mac })
    }

    /// What the station answers to `pair`.
    pub(crate) async fn try_pair(&self, socket: &mut Socket, srv: Srv) -> Result<PairOk, Failed> {
        let envelope = self.envelope(new_mid(), &self.pair_message(srv));
        socket.say(&envelope::seal(&self.call, &envelope)).await;
        let frame = socket.frame().await;
        let key = key_inside(&frame).expect("an answer to pair brings the station's key");
        assert_eq!(key.thumbprint(), self.invitation.key, "another station");
        let answer = self.open(&frame, key);
        assert_eq!(answer.0.re, Some(envelope.mid));
        match answer.1 {
            FromStation::PairOk(ok) => Ok(ok),
            FromStation::Error(failed) => Err(failed),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn pair(&mut self, socket: &mut Socket) -> PairOk {
        let srv = self.invitation.pin;
        let ok = self.try_pair(socket, srv).await.expect("the window is open");
        let Invitation { key, token, .. } = &self.invitation;
        assert_eq!(ok.mac, confirmation(token, key, &self.me(), &ok.handset));
        self.station = Some(ok.key);
        self.id = Some(ok.handset.clone());
        ok
    }

    /// Opens a door, if the key is the right one.
    pub(crate) fn action(
        &self,
        door: &DoorName,
        call: Option<CallId>,
        nonce: Nonce,
        key: &KeyPair,
    ) -> FromHandset {
        let purpose = Purpose { door: door.clone(), call };
        let text = purpose.text(&self.invitation.key, &self.me(), &nonce);
        let sig = Signature(key.sign(text.as_bytes()));
        FromHandset::Action(Action { door: door.clone(), nonce, sig })
    }

    fn open(&self, frame: &str, key: PublicKey) -> (Envelope, FromStation) {
        let opened = envelope::open(frame, LARGEST, &self.me(), &OnlyStation(Some(key)));
        let opened = opened.unwrap_or_else(|refused| panic!("{refused:?}: {frame}"));
        let message = FromStation::read(&opened.t, opened.b.clone()).expect("a known message");
        (opened, message)
    }

    pub(crate) fn hello(&self, n_h: Nonce) -> FromHandset {
        let app = "test".to_owned().try_into().unwrap();
        FromHandset::Hello(Hello { n_h, srv: self.invitation.pin, app })
    }

    /// Says hello, and nothing to confirm it.
    pub(crate) async fn begin(&self, mut socket: Socket) -> Line {
        let key = self.station.expect("it is paired");
        let (n_h, mid) = (Nonce(random()), new_mid());
        let envelope = self.envelope(mid, &self.hello(n_h));
        socket.say(&envelope::seal(&self.call, &envelope)).await;
        let frame = socket.frame().await;
        let (opened, message) = self.open(&frame, key);
        let FromStation::HelloOk(ok) = message else { panic!("{message:?}") };
        assert_eq!(
            (opened.re, opened.seq, ok.n_h, ok.srv),
            (Some(mid), 1, n_h, self.invitation.pin)
        );
        let sx = context::derive(&n_h, &ok.n_d);
        assert_eq!(opened.sx, sx);
        let mut heard = Heard::default();
        heard.take(1);
        let (me, to) = (self.me(), self.invitation.key);
        let wire = Wire { key: self.call.clone(), station: key, me, to, sx, said: 0, heard };
        Line::new(socket, wire)
    }

    /// Connected, and known to be there.
    pub(crate) async fn resume(&self, socket: Socket) -> (Line, StateIs) {
        let mut line = self.begin(socket).await;
        let mid = line.say(&FromHandset::Resume(Nothing {})).await;
        match line.answer(mid).await {
            FromStation::StateIs(state) => (line, state),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn online(&self) -> Line {
        self.resume(self.connect().await).await.0
    }
}

fn key_inside(frame: &str) -> Option<PublicKey> {
    let payload = intercomd::link::bytes::decode(frame.split('.').nth(1)?)?;
    let payload: serde_json::Value = serde_json::from_slice(&payload).ok()?;
    serde_json::from_value(payload.get("b")?.get("key")?.clone()).ok()
}

/// A context, from the handset's side.
pub(crate) struct Wire {
    key: Arc<KeyPair>,
    station: PublicKey,
    me: Thumbprint,
    to: Thumbprint,
    pub(crate) sx: String,
    pub(crate) said: u64,
    heard: Heard,
}

impl Wire {
    pub(crate) fn envelope(&self, mid: Mid, seq: u64, message: &FromHandset) -> Envelope {
        Envelope {
            mid,
            from: self.me,
            to: self.to,
            sx: self.sx.clone(),
            seq,
            ack: self.heard.ack(),
            re: None,
            t: message.word().to_owned(),
            b: message.body(),
        }
    }

    pub(crate) fn seal(&self, envelope: &Envelope) -> String {
        envelope::seal(&self.key, envelope)
    }

    fn next(&mut self, mid: Mid, message: &FromHandset) -> String {
        self.said += 1;
        self.seal(&self.envelope(mid, self.said, message))
    }

    fn ack(&self) -> String {
        self.seal(&self.envelope(new_mid(), 0, &FromHandset::Ack(Nothing {})))
    }

    /// What is new.
    fn take(&mut self, frame: &str) -> Option<(Envelope, FromStation)> {
        let keyring = OnlyStation(Some(self.station));
        let opened = envelope::open(frame, LARGEST, &self.me, &keyring).expect("a sound frame");
        let message = FromStation::read(&opened.t, opened.b.clone()).expect("a known message");
        if opened.sx != self.sx || opened.seq == 0 {
            return Some((opened, message));
        }
        matches!(self.heard.take(opened.seq), Arrival::New).then_some((opened, message))
    }
}

#[allow(clippy::large_enum_variant, reason = "a handful of them")]
pub(crate) enum Said {
    Message(Envelope, FromStation),
    Closed(String),
}

/// A connection in a context. Whatever comes is acknowledged in the background.
pub(crate) struct Line {
    pub(crate) wire: Arc<Mutex<Wire>>,
    out: mpsc::Sender<String>,
    said: mpsc::Receiver<Said>,
    /// What came while something else was waited for.
    put_by: VecDeque<(Envelope, FromStation)>,
}

impl Line {
    fn new(mut socket: Socket, wire: Wire) -> Self {
        let wire = Arc::new(Mutex::new(wire));
        let (out, mut outgoing) = mpsc::channel::<String>(256);
        let (tell, said) = mpsc::channel(256);
        let background = wire.clone();
        tokio::spawn(async move {
            let mut ack_at = None;
            loop {
                let ack = async {
                    match ack_at {
                        Some(at) => tokio::time::sleep_until(at).await,
                        None => std::future::pending().await,
                    }
                };
                let spoken = tokio::select! {
                    Some(frame) = outgoing.recv() => {
                        ack_at = None;
                        socket.say(&frame).await;
                        continue;
                    }
                    () = ack => {
                        ack_at = None;
                        let ack = background.lock().unwrap().ack();
                        socket.say(&ack).await;
                        continue;
                    }
                    spoken = socket.next() => spoken,
                    else => return,
                };
                let said = match spoken {
                    Spoken::Frame(frame) => {
                        ack_at.get_or_insert(tokio::time::Instant::now() + ACK_AFTER);
                        let new = background.lock().unwrap().take(&frame);
                        new.map(|(envelope, message)| Said::Message(envelope, message))
                    }
                    Spoken::Closed(why) => Some(Said::Closed(why)),
                };
                let is_over = matches!(said, Some(Said::Closed(_)));
                if let Some(said) = said
                    && tell.send(said).await.is_err()
                {
                    return;
                }
                if is_over {
                    return;
                }
            }
        });
        Self { wire, out, said, put_by: VecDeque::new() }
    }

    pub(crate) async fn send(&self, frame: String) {
        // The other side may have hung up.
        drop(self.out.send(frame).await);
    }

    pub(crate) async fn say(&self, message: &FromHandset) -> Mid {
        let mid = new_mid();
        self.say_as(mid, message).await;
        mid
    }

    pub(crate) async fn say_as(&self, mid: Mid, message: &FromHandset) {
        let frame = self.wire.lock().unwrap().next(mid, message);
        self.send(frame).await;
    }

    /// Whatever comes next, however long it takes. `None` after the end.
    pub(crate) async fn hear(&mut self) -> Option<Said> {
        self.said.recv().await
    }

    async fn next(&mut self) -> (Envelope, FromStation) {
        match within_deadline("a message of the station", self.hear()).await {
            Some(Said::Message(envelope, message)) => (envelope, message),
            Some(Said::Closed(why)) => panic!("the station closed the connection: {why}"),
            None => panic!("the connection is over"),
        }
    }

    /// The first message, also of those that were put by, that is wanted.
    pub(crate) async fn find<T>(
        &mut self,
        mut wanted: impl FnMut(&Envelope, &FromStation) -> Option<T>,
    ) -> T {
        let mut seen = VecDeque::new();
        std::mem::swap(&mut seen, &mut self.put_by);
        while let Some((envelope, message)) = seen.pop_front() {
            if let Some(found) = wanted(&envelope, &message) {
                self.put_by.append(&mut seen);
                return found;
            }
            self.put_by.push_back((envelope, message));
        }
        loop {
            let (envelope, message) = self.next().await;
            if let Some(found) = wanted(&envelope, &message) {
                return found;
            }
            self.put_by.push_back((envelope, message));
        }
    }

    pub(crate) async fn answer(&mut self, to: Mid) -> FromStation {
        self.find(|envelope, message| (envelope.re == Some(to)).then(|| message.clone())).await
    }

    /// A request that is answered with `ok` or `error`.
    pub(crate) async fn ask(&mut self, message: &FromHandset) -> Result<Done, Failed> {
        let mid = self.say(message).await;
        match self.answer(mid).await {
            FromStation::Ok(done) => Ok(done),
            FromStation::Error(failed) => Err(failed),
            other => panic!("{other:?}"),
        }
    }

    /// Until the station ends the connection; returns the reason that it gave.
    pub(crate) async fn closed(&mut self) -> String {
        loop {
            match within_deadline("the end of a connection", self.said.recv()).await {
                Some(Said::Message(envelope, message)) => {
                    self.put_by.push_back((envelope, message))
                }
                Some(Said::Closed(why)) => return why,
                None => panic!("it was over already"),
            }
        }
    }
}
