// SPDX-License-Identifier: MIT OR Apache-2.0
//! `hello` and `resume`.

use intercomd::link::{message::field::Srv, refusal::Code};
use serde_json::{Value, json};

use super::{Cases, N_H, hello, refused, resume, said, says, sx};
use crate::{
    peer::thumbprint,
    vectors::{
        draft::Draft,
        to_station::{Case, Expect},
    },
};

impl Cases<'_> {
    pub(super) fn greetings(&self) -> Vec<Case> {
        let by = |key: &str| hello(key);
        let ok = || hello("handset_call");
        let with = |name: &str, value: Value| {
            let mut b = json!({"n_h": N_H, "srv": "", "app": "vectors"});
            b[name] = value;
            ok().with("b", b.to_string())
        };
        let long = "x".repeat(4000);
        let pin = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
        let other = format!("\"{}\"", thumbprint("another_station"));
        let outside = |t: &str| Draft::new("handset_call", "station", t, &json!({}));
        use Code::{BadBody, BadHeader, Revoked, Stale, TooLarge, UnknownKey, WrongRecipient};
        let mut cases = vec![
            self.first("hello", &ok(), says("hello_ok")),
            self.first("hello by another handset", &by("other_call"), says("hello_ok")),
            self.first("hello by an action key", &by("handset_action"), refused(UnknownKey)),
            self.first("hello by a stranger", &by("stranger_call"), refused(UnknownKey)),
            self.first("hello by a revoked call key", &by("revoked_call"), refused(Revoked)),
            self.first("hello by a revoked action key", &by("revoked_action"), refused(Revoked)),
            self.first("hello by the station itself", &by("station"), refused(UnknownKey)),
            self.first(
                "hello to another station",
                &ok().with("to", other),
                refused(WrongRecipient),
            ),
            self.first(
                "hello that saw another key",
                &with("srv", json!(pin)),
                refused(WrongRecipient),
            ),
            self.first(
                "hello in a context",
                &ok().with("sx", format!("{:?}", sx())),
                refused(Stale),
            ),
            self.first("hello with a number", &ok().with("seq", "1"), refused(Stale)),
            self.first("hello of 5 KiB", &with("app", json!(long)), refused(TooLarge)),
            self.first("hello with a short nonce", &with("n_h", json!("AAAA")), refused(BadBody)),
            self.first(
                "hello with a long name",
                &with("app", json!("x".repeat(65))),
                refused(BadBody),
            ),
            self.first("hello with a NUL", &with("app", json!("a\0b")), refused(BadBody)),
            self.first("hello with a number for a name", &with("app", json!(1)), refused(BadBody)),
            self.first("hello with a short pin", &with("srv", json!(&pin[..40])), refused(BadBody)),
            self.first("hello with a member more", &with("token", json!("x")), refused(BadBody)),
            self.first("hello without a body", &ok().with("b", "{}"), refused(BadBody)),
            self.first("resume before hello", &resume(), refused(Stale)),
            self.first("accept outside of a context", &outside("accept"), refused(Stale)),
            self.first("ack outside of a context", &outside("ack"), refused(Stale)),
            self.first("nonsense outside of a context", &outside("nonsense"), refused(Stale)),
            self.first(
                "an empty name of 64 characters",
                &with("app", json!("\u{1f6aa}".repeat(64))),
                says("hello_ok"),
            ),
        ];
        let text = |name: &str, frame: &str, code| Case {
            name: format!("{code}: {name}"),
            window: false,
            before: Vec::new(),
            frame: frame.to_owned(),
            expect: refused(code),
        };
        cases.push(text("4097 dots", &".".repeat(4097), TooLarge));
        cases.push(text("4096 dots", &".".repeat(4096), BadHeader));
        cases.extend(self.after_hello());
        cases
    }

    fn after_hello(&self) -> Vec<Case> {
        let after = |name: &str, before: &[Draft], draft: &Draft, expect: Expect| {
            let before = before.iter().map(|draft| self.scribe.seal(draft)).collect();
            Case { before, ..self.first(name, draft, expect) }
        };
        let greeted = [hello("handset_call")];
        let known = [hello("handset_call"), resume()];
        let accept = said("accept", &json!({"cid": 7})).with("seq", "1");
        let by_another = |draft: &Draft| {
            let from = format!("\"{}\"", thumbprint("other_call"));
            draft.clone().with("from", from).signed_by("other_call")
        };
        let again = hello("handset_call").with("mid", "\"EBESExQVFhcYGRobHB0eHw\"");
        vec![
            after("resume", &greeted, &resume(), says("state_is ring offer")),
            after("hello again", &greeted, &greeted[0], says("hello_ok")),
            after("another hello", &greeted, &again, says("hello_ok")),
            after("accept before resume", &greeted, &accept, refused(Code::Stale)),
            after(
                "resume with the number 0",
                &greeted,
                &resume().with("seq", "0"),
                refused(Code::Stale),
            ),
            after(
                "resume with the number 65",
                &greeted,
                &resume().with("seq", "65"),
                refused(Code::Stale),
            ),
            after(
                "resume with a body",
                &greeted,
                &resume().with("b", "{\"cid\":7}"),
                refused(Code::BadBody),
            ),
            after(
                "resume by another handset",
                &greeted,
                &by_another(&resume()),
                refused(Code::Stale),
            ),
            after("hello in a confirmed context", &known, &again, refused(Code::Stale)),
            after(
                "another handset in this context",
                &known,
                &by_another(&said("accept", &json!({"cid": 7}))),
                refused(Code::Stale),
            ),
            after(
                "pair in a confirmed context",
                &known,
                &self.pair(Srv(None)).0,
                refused(Code::Stale),
            ),
        ]
    }
}
