// SPDX-License-Identifier: MIT OR Apache-2.0
//! `pair`.

use intercomd::link::{
    bytes,
    keys::PublicKey,
    message::field::Srv,
    pairing::Claim,
    refusal::Code::{
        self, BadBody, BadSignature, BadToken, PairingClosed, Revoked, Stale, UnknownKey,
        WrongRecipient,
    },
};
use serde_json::{Value, json};

use super::{Cases, TOKEN, refused};
use crate::{
    peer::{public, thumbprint},
    vectors::{
        draft::Draft,
        to_station::{Case, Expect},
    },
};

fn keeps() -> Expect {
    Expect { does: vec!["keep 3".to_owned()], ..Expect::default() }
}

impl Cases<'_> {
    /// By a stranger, and its body.
    pub(super) fn pair(&self, srv: Srv) -> (Draft, Value) {
        let [station, call, action] =
            ["station", "stranger_call", "stranger_action"].map(thumbprint);
        let claim = Claim { station, call, action, srv };
        let b = json!({
            "label": "Study", "call_key": public("stranger_call"),
            "action_key": public("stranger_action"), "srv": srv, "mac": claim.mac(&TOKEN),
        });
        (Draft::new("stranger_call", "station", "pair", &b), b)
    }

    fn pair_with(&self, name: &str, value: Value) -> Draft {
        let (draft, mut b) = self.pair(Srv(None));
        b[name] = value;
        draft.with("b", b.to_string())
    }

    pub(super) fn pairings(&self) -> Vec<Case> {
        let mut cases = self.introductions();
        cases.extend(self.bad_texts());
        cases.extend(self.bad_keys());
        cases.extend(self.tries());
        for case in &mut cases {
            case.name.push_str(" (pair)");
            case.window = true;
        }
        let (good, _) = self.pair(Srv(None));
        cases.push(self.first("pair without a window", &good, refused(PairingClosed)));
        cases
    }

    fn introductions(&self) -> Vec<Case> {
        let (good, _) = self.pair(Srv(None));
        let pin = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU".to_owned().try_into().unwrap();
        let long = self.pair_with("label", json!("\u{1f6aa}".repeat(64)));
        let elsewhere = format!("\"{}\"", thumbprint("another_station"));
        let elsewhere = good.clone().with("to", elsewhere);
        let stale = good.clone().with("seq", "1");
        let foreign = good.clone().wrongly_signed_by("other_call");
        vec![
            self.first("pair", &good, keeps()),
            self.first("a label of 64 characters", &long, keeps()),
            self.first("another token", &self.wrong_mac(), refused(BadToken)),
            self.first("a pin, and there is none", &self.pair(pin).0, refused(BadToken)),
            self.first("signed by another key", &foreign, refused(BadSignature)),
            self.first("to another station", &elsewhere, refused(WrongRecipient)),
            self.first("with a number", &stale, refused(Stale)),
        ]
    }

    fn wrong_mac(&self) -> Draft {
        self.pair_with("mac", json!(bytes::encode(&[0; 32])))
    }

    fn bad_texts(&self) -> Vec<Case> {
        let list = [
            ("a short MAC", "mac", json!("AAAA")),
            ("an empty label", "label", json!("")),
            ("a label of 65 characters", "label", json!("x".repeat(65))),
            ("a label with a line end", "label", json!("a\nb")),
            ("a label with a NUL", "label", json!("a\0")),
            ("a label with a C1 control", "label", json!("a\u{9b}b")),
            ("a list of labels", "label", json!(["a"])),
            ("a member more", "rights", json!(["admin"])),
        ];
        let case = |(what, name, value): (&str, &str, Value)| {
            self.first(what, &self.pair_with(name, value), refused(BadBody))
        };
        list.map(case).into()
    }

    fn bad_keys(&self) -> Vec<Case> {
        let key = |name: &str, value: Value| {
            let mut jwk = json!(public("stranger_action"));
            jwk[name] = value;
            ("action_key", jwk)
        };
        let x = |bytes: &[u8]| json!(bytes::encode(bytes));
        let foreign = json!(public("handset_call"));
        let list = [
            ("the same key twice", ("action_key", json!(public("stranger_call"))), BadBody),
            ("the action key of another", ("action_key", json!(public("other_action"))), BadBody),
            ("the call key of another", ("action_key", json!(public("other_call"))), BadBody),
            ("a revoked action key", ("action_key", json!(public("revoked_action"))), Revoked),
            ("an action key of 31 bytes", key("x", x(&[1; 31])), BadBody),
            ("an action key of 33 bytes", key("y", x(&[1; 33])), BadBody),
            ("an action key on P-384", key("crv", json!("P-384")), BadBody),
            ("an action key of RSA", key("kty", json!("RSA")), BadBody),
            ("a private action key", key("d", x(&[1; 32])), BadBody),
            ("an action key with a use", key("use", json!("sig")), BadBody),
            ("somebody else's call key", ("call_key", foreign), UnknownKey),
            ("no call key", ("call_key", Value::Null), UnknownKey),
            ("a call key with a member more", ("call_key", json!({"kid": "1"})), UnknownKey),
        ];
        let case = |(what, (name, value), code): (&str, (&str, Value), Code)| {
            self.first(what, &self.pair_with(name, value), refused(code))
        };
        let mut cases: Vec<_> = list.map(case).into();
        cases.extend([self.off_the_curve(), self.revoked_call_key()]);
        cases
    }

    fn tries(&self) -> Vec<Case> {
        let (good, _) = self.pair(Srv(None));
        let another = good.clone().with("mid", "\"EBESExQVFhcYGRobHB0eHw\"");
        let fifth = Expect { does: vec!["window closed".to_owned()], ..refused(BadToken) };
        let (wrong, right) = (self.wrong_mac(), || vec![self.scribe.seal(&good)]);
        let tries = |n: usize| vec![self.scribe.seal(&wrong); n];
        let list = [
            (tries(4), self.first("the fifth try is right", &good, keeps())),
            (tries(4), self.first("the fifth try is wrong", &wrong, fifth)),
            (tries(5), self.first("the sixth try is right", &good, refused(PairingClosed))),
            (right(), self.first("again before it is kept", &good, Expect::default())),
            (right(), self.first("a used window", &another, refused(PairingClosed))),
        ];
        list.map(|(before, case)| Case { before, ..case }).into()
    }

    fn off_the_curve(&self) -> Case {
        let jwk = json!({"kty": "EC", "crv": "P-256", "x": bytes::encode(&[1; 32]), "y": bytes::encode(&[1; 32])});
        let key: PublicKey = serde_json::from_value(jwk.clone()).unwrap();
        let kid = key.thumbprint();
        let (draft, mut b) = self.pair(Srv(None));
        b["call_key"] = jwk;
        let draft = draft.with("b", b.to_string()).with("from", format!("\"{kid}\"")).named(kid);
        self.first("a call key that is no point of the curve", &draft, refused(Code::BadSignature))
    }

    fn revoked_call_key(&self) -> Case {
        let (draft, mut b) = self.pair(Srv(None));
        b["call_key"] = json!(public("revoked_call"));
        let from = format!("\"{}\"", thumbprint("revoked_call"));
        let draft = draft.with("b", b.to_string()).with("from", from).signed_by("revoked_call");
        self.first("a revoked call key", &draft, refused(Code::Revoked))
    }
}
