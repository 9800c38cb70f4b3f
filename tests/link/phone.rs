// SPDX-License-Identifier: MIT OR Apache-2.0
//! A handset that does as it is told, before a [`Stage`].

use intercomd::link::{
    bytes, context,
    desk::{ConnectionId, Heard},
    envelope::{Envelope, Mid, seal},
    message::{FromHandset, FromStation, field::Nonce, from_handset::Hello},
    refusal::Code,
};
use serde_json::{Value, json};

use crate::{
    peer::{Doing, Taken, pair, receive, thumbprint},
    stage::Stage,
};

/// One handset on one connection.
#[derive(Clone, Debug)]
pub(crate) struct Phone {
    /// Of its keys in keys.json.
    pub(crate) keys: &'static str,
    pub(crate) connection: ConnectionId,
    pub(crate) sx: String,
    pub(crate) seq: u64,
    pub(crate) heard: u64,
}

pub(crate) fn mid(n: u64) -> Mid {
    let mut bytes = [0xee; 16];
    bytes.iter_mut().zip(n.to_be_bytes()).for_each(|(to, from)| *to = from);
    Mid(bytes)
}

const N_H: Nonce = Nonce([7; 16]);

impl Phone {
    /// With a connection and nothing else.
    pub(crate) fn new(stage: &mut Stage, keys: &'static str) -> Self {
        Self { keys, connection: stage.open(), sx: String::new(), seq: 0, heard: 0 }
    }

    /// In a confirmed context. What it was told so far has been read.
    pub(crate) fn connected(stage: &mut Stage, keys: &'static str) -> Self {
        let mut phone = Self::new(stage, keys);
        phone.hello(stage);
        phone.request(stage, mid(0), "resume", json!({}));
        let said = phone.hear(stage);
        assert!(matches!(said[0].1, FromStation::StateIs(_)), "{said:?}");
        phone
    }

    /// Whatever is said to it besides, it has heard.
    pub(crate) fn connected_again(stage: &mut Stage, keys: &'static str) -> Self {
        let mut phone = Self::new(stage, keys);
        phone.hello(stage);
        phone.request(stage, mid(0), "resume", json!({}));
        phone.hear(stage);
        phone
    }

    fn call_key(&self) -> String {
        format!("{}_call", self.keys)
    }

    pub(crate) fn envelope(&self, mid: Mid, t: &str, b: Value) -> Envelope {
        Envelope {
            mid,
            from: thumbprint(&self.call_key()),
            to: thumbprint("station"),
            sx: self.sx.clone(),
            seq: self.seq,
            ack: self.heard,
            re: None,
            t: t.to_owned(),
            b,
        }
    }

    pub(crate) fn seal(&self, envelope: &Envelope) -> String {
        seal(&pair(&self.call_key()), envelope)
    }

    /// Outside of a context.
    pub(crate) fn say_first(&self, stage: &mut Stage, mid: Mid, t: &str, b: Value) {
        let frame =
            self.seal(&Envelope { sx: String::new(), seq: 0, ack: 0, ..self.envelope(mid, t, b) });
        stage.frame(self.connection, frame);
    }

    pub(crate) fn hello(&mut self, stage: &mut Stage) {
        let hello = Hello {
            n_h: N_H,
            srv: String::new().try_into().unwrap(),
            app: String::new().try_into().unwrap(),
        };
        let b = FromHandset::Hello(hello).body();
        self.say_first(stage, mid(99), "hello", b);
        let sent = stage.sent.pop().unwrap();
        assert_eq!(sent.0, self.connection);
        let srv = String::new().try_into().unwrap();
        let doing = Doing::SaysHello { mid: mid(99), n_h: N_H, srv };
        let Ok(Taken::Envelope(answer)) = receive(&self.call_key(), &doing, &sent.1) else {
            panic!("no answer to hello: {}", sent.1);
        };
        let FromStation::HelloOk(ok) = FromStation::read(&answer.t, answer.b).unwrap() else {
            panic!("not hello_ok");
        };
        self.sx = context::derive(&ok.n_h, &ok.n_d);
        self.heard = 1;
    }

    /// The frame, for whoever wants to say it again.
    pub(crate) fn request(&mut self, stage: &mut Stage, mid: Mid, t: &str, b: Value) -> String {
        self.seq += 1;
        let frame = self.seal(&self.envelope(mid, t, b));
        stage.frame(self.connection, frame.clone());
        frame
    }

    pub(crate) fn notice(&mut self, stage: &mut Stage, t: &str, b: Value) -> String {
        let mid = mid(10_000 + self.seq);
        self.request(stage, mid, t, b)
    }

    pub(crate) fn ack(&self, stage: &mut Stage) {
        let envelope = Envelope { seq: 0, ..self.envelope(mid(1), "ack", json!({})) };
        stage.frame(self.connection, self.seal(&envelope));
    }

    /// What is new for it, with what each message answers, acknowledged at once.
    pub(crate) fn hear(&mut self, stage: &mut Stage) -> Vec<(Option<Mid>, FromStation)> {
        let said = self.overhear(stage);
        if !said.is_empty() {
            self.ack(stage);
        }
        said
    }

    /// The same without a word in return.
    pub(crate) fn overhear(&mut self, stage: &mut Stage) -> Vec<(Option<Mid>, FromStation)> {
        let mut said = Vec::new();
        let (mine, others): (Vec<_>, Vec<_>) =
            stage.sent.drain(..).partition(|(connection, _)| *connection == self.connection);
        stage.sent = others;
        for (_, frame) in mine {
            let doing = Doing::IsConnected { sx: self.sx.clone(), heard: self.heard };
            match receive(&self.call_key(), &doing, &frame) {
                Ok(Taken::Envelope(envelope)) if envelope.t == "ack" => {}
                Ok(Taken::Envelope(envelope)) => {
                    assert_eq!(envelope.seq, self.heard + 1, "{envelope:?}");
                    self.heard += 1;
                    said.push((envelope.re, FromStation::read(&envelope.t, envelope.b).unwrap()));
                }
                Ok(Taken::Repeated) => {}
                Err(code) => panic!("{code}: {}", payload(&frame)),
            }
        }
        said
    }

    /// Only what was said, in words.
    pub(crate) fn words(&mut self, stage: &mut Stage) -> Vec<&'static str> {
        self.hear(stage).iter().map(|(_, message)| message.word()).collect()
    }

    pub(crate) fn lose(&self, stage: &mut Stage) {
        stage.heard(self.connection, Heard::Closed);
        stage.sent.retain(|(connection, _)| *connection != self.connection);
    }

    pub(crate) fn is_at(&self, stage: &Stage) -> bool {
        stage.closed.iter().all(|(connection, _)| *connection != self.connection)
    }
}

pub(crate) fn payload(frame: &str) -> Value {
    let payload = frame.split('.').nth(1).and_then(bytes::decode).unwrap_or_default();
    serde_json::from_slice(&payload).unwrap_or_default()
}

pub(crate) fn code(said: &[(Option<Mid>, FromStation)]) -> Option<Code> {
    said.iter().find_map(|(_, message)| {
        if let FromStation::Error(failed) = message { Some(failed.code) } else { None }
    })
}
