// SPDX-License-Identifier: MIT OR Apache-2.0
//! Random histories with somebody on the wire who keeps every frame and says it again anywhere,
//! whole or spoiled. What must never happen is watched by a second, much simpler account.

mod watch;

use std::time::Duration;

use intercomd::{
    core::{CallId, Origin, Reply, profile::Grant},
    link::{
        LinkCommand, LinkEvent, PairingWindow, bytes,
        challenge::Purpose,
        desk::{ConnectionId, Heard, Input, Ticket},
        keys::Thumbprint,
        message::{FromStation, field::Srv},
        pairing::{Claim, Invitation},
    },
};
use proptest::prelude::*;
use serde_json::{Value, json};

use self::watch::Watch;
use crate::{
    peer::{pair, public, thumbprint},
    phone::{Phone, mid, payload},
    stage::{Stage, id},
};

const KEYS: [&str; 3] = ["handset", "other", "stranger"];
const NAMES: [&str; 2] = ["kitchen", "hall"];

/// What happens next, chosen by three numbers.
#[derive(Clone, Copy, Debug)]
struct Step {
    what: u8,
    who: u8,
    how: u8,
}

struct World {
    stage: Stage,
    watch: Watch,
    phones: Vec<Phone>,
    /// Everything that was ever on the wire towards the station.
    tapped: Vec<String>,
    invited: Option<Invitation>,
    newest_wish: Ticket,
    n: u64,
}

fn of<T: Copy>(list: &[T], n: u8) -> T {
    list[usize::from(n) % list.len()]
}

impl World {
    fn new() -> Self {
        Self {
            stage: Stage::new(),
            watch: Watch::default(),
            phones: Vec::new(),
            tapped: Vec::new(),
            invited: None,
            newest_wish: Ticket(0),
            n: 0,
        }
    }

    fn next(&mut self) -> u64 {
        self.n += 1;
        self.n
    }

    fn step(&mut self, step: Step) {
        let Step { what, who, how } = step;
        match what % 16 {
            0 => self.arrive(of(&KEYS, who), true),
            1 => self.arrive(of(&KEYS, who), how.is_multiple_of(2)),
            2 => self.ask(who, "resume", json!({})),
            3 | 4 => self.accept(who, how),
            5 => self.ask(who, "challenge", json!({"door": "house"})),
            6 | 7 => self.open(who, how),
            8 => self.introduce(who, how),
            9 | 10 => self.replay(who, how, false),
            11 => self.replay(who, how, true),
            12 => self.order(who, how),
            13 => self.decide(how),
            14 => self.stage.wait(Duration::from_millis(u64::from(how) * 150)),
            _ => self.lose(who),
        }
        self.settle();
    }

    fn phone(&mut self, who: u8) -> Option<usize> {
        (!self.phones.is_empty()).then(|| usize::from(who) % self.phones.len())
    }

    fn say(&mut self, connection: ConnectionId, frame: String) {
        self.watch.hears(self.stage.now, &frame);
        self.tapped.push(frame.clone());
        self.stage.frame(connection, frame);
    }

    fn arrive(&mut self, keys: &'static str, resumes: bool) {
        let phone = Phone::new(&mut self.stage, keys);
        let b = json!({"n_h": "AQEBAQEBAQEBAQEBAQEBAQ", "srv": "", "app": ""});
        let first = phone.seal(&phone.envelope(mid(self.n + 1_000_000), "hello", b));
        self.next();
        let connection = phone.connection;
        self.phones.push(phone);
        self.say(connection, first);
        if resumes {
            self.settle();
            let newest = u8::try_from(self.phones.len().saturating_sub(1)).unwrap();
            self.ask(newest, "resume", json!({}));
        }
    }

    fn ask(&mut self, who: u8, t: &str, b: Value) {
        let Some(place) = self.phone(who) else { return };
        let n = self.next();
        let phone = &mut self.phones[place];
        phone.seq += 1;
        let (connection, frame) = (phone.connection, phone.seal(&phone.envelope(mid(n), t, b)));
        self.say(connection, frame);
    }

    /// Each with a number of its own, so that it is known whose wish it becomes.
    fn accept(&mut self, who: u8, how: u8) {
        let Some(place) = self.phone(who) else { return };
        // Sometimes under the mid of an earlier one, as after a loss.
        let n = if how.is_multiple_of(3) { self.n } else { self.next() };
        let phone = &mut self.phones[place];
        phone.seq += 1;
        let key = KEYS.iter().position(|keys| *keys == phone.keys).unwrap() as u64;
        let cid = n * 4 + key;
        let envelope = phone.envelope(mid(n), "accept", json!({"cid": cid}));
        let (connection, frame) = (phone.connection, phone.seal(&envelope));
        self.say(connection, frame);
    }

    fn open(&mut self, who: u8, how: u8) {
        let Some(place) = self.phone(who) else { return };
        let phone = &self.phones[place];
        let own = thumbprint(&format!("{}_call", phone.keys));
        let anybodys = how.is_multiple_of(7);
        let known: Vec<_> = self.watch.nonces(|to| anybodys || *to == own).collect();
        if known.is_empty() {
            return;
        }
        let newest = known.len().saturating_sub(1 + usize::from(how % 2));
        let nonce = known[newest];
        let call = self.watch.call_of(phone.keys);
        let purpose = Purpose { door: "house".parse().unwrap(), call: call.map(CallId) };
        let text = purpose.text(&thumbprint("station"), &own, &nonce);
        let sig = pair(&format!("{}_action", phone.keys)).sign(text.as_bytes());
        let b = json!({"door": "house", "nonce": nonce, "sig": bytes::encode(&sig)});
        self.ask(who, "action", b);
    }

    /// On a connection of its own.
    fn introduce(&mut self, who: u8, how: u8) {
        let Some(invited) = self.invited.clone() else { return };
        let mut token = invited.token;
        if how.is_multiple_of(3) {
            token.0[0] ^= how | 1;
        }
        self.watch.knows_token |= token == invited.token;
        let n = self.next();
        let phone = Phone::new(&mut self.stage, of(&KEYS, who));
        let [call_key, action_key] =
            ["call", "action"].map(|kind| format!("{}_{kind}", phone.keys));
        let [call, action] = [&call_key, &action_key].map(|name| thumbprint(name));
        let claim = Claim { station: invited.key, call, action, srv: Srv(None) };
        let b = json!({
            "label": "X", "call_key": public(&call_key), "action_key": public(&action_key),
            "srv": "", "mac": claim.mac(&token),
        });
        let (connection, frame) =
            (phone.connection, phone.seal(&phone.envelope(mid(n), "pair", b)));
        self.phones.push(phone);
        self.say(connection, frame);
    }

    fn replay(&mut self, who: u8, how: u8, spoil: bool) {
        let Some(place) = self.phone(who) else { return };
        if self.tapped.is_empty() {
            return;
        }
        let mut frame = self.tapped[usize::from(how) % self.tapped.len()].clone();
        if spoil {
            let place = usize::from(who).wrapping_mul(37) % frame.len();
            let other = if frame.as_bytes()[place] == b'A' { "B" } else { "A" };
            frame.replace_range(place..=place, other);
        }
        let connection = self.phones[place].connection;
        self.stage.frame(connection, frame);
    }

    fn order(&mut self, who: u8, how: u8) {
        let (name, n) = (of(&NAMES, who), self.next());
        match how % 5 {
            0 | 1 => {
                self.watch.rings(name, n);
                self.stage.ring(n, name, 45);
            }
            2 => {
                let (window, lasts) = (PairingWindow(n), Duration::from_secs(60));
                let (by, grant) = (Origin::Bus, Grant::default());
                self.watch.window();
                self.stage.order(LinkCommand::OpenPairing { window, lasts, by, grant });
            }
            3 if how.is_multiple_of(8) => {
                self.watch.revoked.push(thumbprint(&format!("{}_call", of(&KEYS[..2], who))));
                self.stage.order(LinkCommand::Unpair { handset: id(name) });
            }
            _ => {
                if let Some(call) = self.watch.ends(name) {
                    self.stage.end(call, name, None);
                }
            }
        }
    }

    fn decide(&mut self, how: u8) {
        if !self.stage.wishes.is_empty() {
            self.stage.answer(Ok(Reply::Done));
        }
        if let Some((ticket, _)) = self.stage.keeps.pop() {
            self.stage.input(Input::Kept { ticket, kept: !how.is_multiple_of(5) });
        }
    }

    fn lose(&mut self, who: u8) {
        let Some(place) = self.phone(who) else { return };
        let phone = self.phones.remove(place);
        self.watch.gone(phone.connection);
        self.stage.heard(phone.connection, Heard::Closed);
    }

    /// Everybody reads what came; the account is compared.
    fn settle(&mut self) {
        self.stage.timeout();
        assert!(self.stage.desk.poll_timeout().is_none_or(|due| due > self.stage.now));
        for event in self.stage.take_events() {
            if let LinkEvent::PairingOpened { link, .. } = &event {
                self.invited = Invitation::read(&link.0);
            }
            self.watch.happened(&event);
        }
        for (ticket, handset, command) in &self.stage.wishes {
            if self.newest_wish < *ticket {
                self.newest_wish = *ticket;
                self.watch.wished(handset, command);
            }
        }
        let closed = self.stage.take_closed();
        closed.iter().for_each(|(connection, _)| self.watch.gone(*connection));
        for (connection, frame) in std::mem::take(&mut self.stage.sent) {
            self.watch.told(self.stage.now, connection, &frame);
            self.read(connection, &frame);
        }
        self.phones.retain(|phone| closed.iter().all(|(gone, _)| phone.connection != *gone));
        for code in self.stage.take_refused() {
            self.watch.refused(code);
        }
    }

    fn read(&mut self, connection: ConnectionId, frame: &str) {
        let Some(phone) = self.phones.iter_mut().find(|phone| phone.connection == connection)
        else {
            return;
        };
        let said = payload(frame);
        let own = thumbprint(&format!("{}_call", phone.keys)).to_string();
        if said["to"] != json!(own) {
            return;
        }
        if said["t"] == json!("hello_ok") {
            phone.sx = said["sx"].as_str().unwrap().to_owned();
            phone.seq = 0;
        }
        phone.heard = phone.heard.max(said["seq"].as_u64().unwrap());
        let t = said["t"].as_str().unwrap();
        assert!(FromStation::read(t, said["b"].clone()).is_ok(), "{said}");
    }
}

/// Whose key it is, by its name in the ledger.
fn owner(name: &str) -> Thumbprint {
    let key = match name {
        "kitchen" => "handset_call",
        "hall" => "other_call",
        _ => "stranger_call",
    };
    thumbprint(key)
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = any::<(u8, u8, u8)>().prop_map(|(what, who, how)| Step { what, who, how });
    prop::collection::vec(step, 1..100)
}

/// Every message is signed, so that a history costs more than one of the core.
fn cases() -> u32 {
    (ProptestConfig::default().cases / 32).max(64)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nobody_on_the_wire_gets_further_than_the_keys_they_have(steps in steps()) {
        let mut world = World::new();
        for step in steps {
            world.step(step);
        }
    }
}

#[test]
fn histories_reach_what_they_are_watched_for() {
    let mut seen = watch::Seen::default();
    let mut random = 88_172_645_463_325_252_u64;
    let mut number = || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random.to_le_bytes()[3]
    };
    for _ in 0..60 {
        let mut world = World::new();
        for _ in 0..100 {
            world.step(Step { what: number(), who: number(), how: number() });
        }
        seen.add(&world.watch.seen);
    }
    assert!(seen.is_everything(), "{seen:?}");
}
