// SPDX-License-Identifier: MIT OR Apache-2.0
//! `challenge` and `action`.

use intercomd::{
    core::CallId,
    link::{bytes, challenge::Purpose, message::field::Nonce, refusal::Code},
};
use serde_json::json;

use super::{Cases, NONCE, refused, said, words};
use crate::{
    peer::thumbprint,
    vectors::{
        damage::der,
        draft::Draft,
        to_station::{Case, Expect},
    },
};

impl Cases<'_> {
    fn sig(&self, door: &str, call: Option<u64>, handset: &str, nonce: &Nonce) -> String {
        let purpose = Purpose { door: door.parse().unwrap(), call: call.map(CallId) };
        let text = purpose.text(&thumbprint("station"), &thumbprint(handset), nonce);
        self.scribe.sign_text("handset_action", &text)
    }

    /// Signed by `sig`, to be the third message.
    fn act(door: &str, nonce: &Nonce, sig: &str) -> Draft {
        said("action", &json!({"door": door, "nonce": nonce, "sig": sig})).with("seq", "3")
    }

    fn right_sig(&self) -> String {
        self.sig("house", Some(7), "handset_call", &NONCE)
    }

    fn swapped_sig(&self) -> String {
        let raw = bytes::decode(&self.right_sig()).unwrap();
        bytes::encode(&[&raw[32..], &raw[..32]].concat())
    }

    /// With a signature that is right for something else, or none.
    fn wrong_acts(&self) -> Vec<(&'static str, Draft)> {
        let right = self.right_sig();
        let raw = bytes::decode(&right).unwrap();
        let (r, s) = raw.split_at(32);
        let by = |sig: &str| Self::act("house", &NONCE, sig);
        let sig = |door, call, handset| by(&self.sig(door, call, handset, &NONCE));
        let other = Nonce([9; 16]);
        let purpose = Purpose { door: "house".parse().unwrap(), call: Some(CallId(7)) };
        let text = purpose.text(&thumbprint("station"), &thumbprint("handset_call"), &NONCE);
        vec![
            ("another door", sig("garden", Some(7), "handset_call")),
            ("no call", sig("house", None, "handset_call")),
            ("another call", sig("house", Some(8), "handset_call")),
            ("another handset", sig("house", Some(7), "other_call")),
            ("another nonce signed", by(&self.sig("house", Some(7), "handset_call", &other))),
            ("another nonce", Self::act("house", &other, &right)),
            ("the call key", by(&self.scribe.sign_text("handset_call", &text))),
            ("r and s exchanged", by(&self.swapped_sig())),
            ("zeros", by(&bytes::encode(&[0; 64]))),
            ("r zero", by(&bytes::encode(&[&[0; 32], s].concat()))),
            ("DER", by(&bytes::encode(&der(r, s)))),
            ("63 bytes", by(&bytes::encode(&raw[..63]))),
            ("no signature", by("")),
        ]
    }

    /// After a challenge.
    fn opens(&self, name: &str, draft: &Draft, expect: Expect) -> Case {
        let challenge =
            said("challenge", &json!({"door": "house"})).with("mid", "\"EBESExQVFhcYGRobHB0eHw\"");
        let kind = expect.refused.map_or("ok", Code::word);
        let name = format!("{kind}: open with {name}");
        let mut case = self.connected(name, self.scribe.seal(draft), expect);
        case.before.push(self.scribe.seal(&challenge));
        case
    }

    pub(super) fn doors(&self) -> Vec<Case> {
        let right = self.right_sig();
        let by = |sig: &str| Self::act("house", &NONCE, sig);
        let opened = Expect { does: words("open house"), ..Expect::default() };
        let not_allowed = unanswered(Code::NotAllowed);
        let mut cases = vec![
            self.opens("the right signature", &by(&right), opened),
            self.opens("padding", &by(&format!("{right}==")), refused(Code::BadBody)),
            self.opens("a door that is not its", &Self::act("garden", &NONCE, &right), not_allowed),
        ];
        let wrong = || unanswered(Code::BadChallenge);
        let acts = self.wrong_acts();
        cases.extend(acts.iter().map(|(name, draft)| self.opens(name, draft, wrong())));
        let later = by(&right).with("seq", "4").with("mid", "\"ICEiIyQlJicoKSorLC0uLw\"");
        let firsts = [("after it was used", &right), ("after a wrong try", &self.swapped_sig())];
        for (name, first) in firsts {
            let mut used = self.opens(name, &later, wrong());
            used.before.push(self.scribe.seal(&by(first)));
            cases.push(used);
        }
        let mut unasked = self.opens("no challenge", &by(&right).with("seq", "2"), wrong());
        unasked.before.truncate(2);
        cases.push(unasked);
        cases
    }
}

/// Nothing is done, and the connection stays.
fn unanswered(code: Code) -> Expect {
    Expect { refused: Some(code), says: words(&format!("error {code}")), ..Expect::default() }
}
