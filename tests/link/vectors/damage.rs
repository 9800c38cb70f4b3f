// SPDX-License-Identifier: MIT OR Apache-2.0
//! One good frame, spoiled in every way that the checks 2 to 9 are there for.

use intercomd::link::{
    bytes,
    refusal::Code::{
        self, BadHeader, BadPayload, BadSignature, Stale, UnknownKey, UnknownMessage,
        WrongRecipient,
    },
};

use super::draft::{Draft, Scribe, header};
use crate::peer::thumbprint;

pub(super) struct Damaged {
    pub(super) name: String,
    pub(super) frame: String,
    pub(super) code: Code,
    /// Only a reader that sees how JSON was spelled can know.
    pub(super) strict: bool,
}

pub(super) struct Bench<'a> {
    pub(super) scribe: &'a Scribe,
    /// Good, in a context, not seen yet.
    pub(super) good: Draft,
    /// A message that only the other side says.
    pub(super) of_the_other_side: &'a str,
    pub(super) seq: u64,
}

type Spoiled = Vec<(&'static str, String)>;

impl Bench<'_> {
    pub(super) fn all(&self) -> Vec<Damaged> {
        let kinds = [
            (BadHeader, false, self.parts()),
            (BadHeader, false, self.headers()),
            (BadSignature, false, self.signatures()),
            (BadPayload, false, self.payloads()),
            (BadPayload, false, self.members()),
            (BadPayload, true, self.spelled()),
            (Stale, false, self.stale()),
            (UnknownMessage, false, self.unknown()),
            (UnknownKey, false, self.keys()),
            (WrongRecipient, false, self.recipients()),
        ];
        let named = |(code, strict, frames): (Code, bool, Spoiled)| {
            frames.into_iter().map(move |(what, frame)| Damaged {
                name: format!("{code}: {what}"),
                frame,
                code,
                strict,
            })
        };
        kinds.into_iter().flat_map(named).collect()
    }

    fn frame(&self) -> String {
        self.scribe.seal(&self.good)
    }

    fn with(&self, name: &str, value: &str) -> String {
        self.scribe.seal(&self.good.clone().with(name, value))
    }

    fn header(&self, header: &str) -> String {
        self.scribe.sign(&self.good.key, header, self.good.text().as_bytes())
    }

    fn payload(&self, payload: &[u8]) -> String {
        self.scribe.sign(&self.good.key, &header(&thumbprint(&self.good.key)), payload)
    }

    fn parts(&self) -> Spoiled {
        let frame = self.frame();
        let [header, payload, signature] = frame.split('.').collect::<Vec<_>>()[..] else {
            unreachable!("a frame has three parts");
        };
        let json = format!(
            r#"{{"payload":"{payload}","protected":"{header}","signature":"{signature}"}}"#
        );
        // The last character of 32 or 64 bytes has unused bits, which are zero.
        let unused = |text: &str| {
            let (rest, last) = text.split_at(text.len() - 1);
            let next = last.bytes().map(|byte| char::from(byte + 1));
            rest.chars().chain(next).collect::<String>()
        };
        vec![
            ("nothing at all", String::new()),
            ("one part", header.to_owned()),
            ("two parts", format!("{header}.{payload}")),
            ("four parts", format!("{frame}.{signature}")),
            ("only dots", "..".to_owned()),
            ("padded header", format!("{header}=.{payload}.{signature}")),
            ("padded payload", format!("{header}.{payload}=.{signature}")),
            ("padded signature", format!("{header}.{payload}.{signature}==")),
            ("padding in percent", format!("{header}.{payload}.{signature}%3D%3D")),
            ("the other alphabet", format!("{header}.{payload}.+/{}", &signature[2..])),
            ("a line end", format!("{frame}\n")),
            ("a space before", format!(" {frame}")),
            ("a space inside", format!("{header}. {payload}.{signature}")),
            ("unused bits of the signature", format!("{header}.{payload}.{}", unused(signature))),
            ("one character of payload", format!("{header}.A.{signature}")),
            ("JSON serialisation", json),
            ("a letter that is no ASCII", format!("{header}.\u{e9}{payload}.{signature}")),
            ("a NUL", format!("{frame}\0")),
        ]
    }

    fn headers(&self) -> Spoiled {
        let kid = thumbprint(&self.good.key).to_string();
        let swap = |from: &str, to: &str| {
            let plain = header(&thumbprint(&self.good.key));
            assert!(plain.contains(from));
            self.header(&plain.replacen(from, to, 1))
        };
        let near = format!("{}B", &kid[..42]);
        let near = if near == kid { format!("{}D", &kid[..42]) } else { near };
        vec![
            ("alg none", swap("ES256", "none")),
            ("alg HS256", swap("ES256", "HS256")),
            ("alg ES384", swap("ES256", "ES384")),
            ("alg in lower case", swap("ES256", "es256")),
            ("alg escaped", swap("ES256", "\\u0045S256")),
            ("no alg", swap(r#""alg":"ES256","#, "")),
            ("alg twice", swap(r#""alg":"ES256""#, r#""alg":"ES256","alg":"ES256""#)),
            ("typ of something else", swap("icm+jws", "JWT")),
            ("no typ", swap(r#""typ":"icm+jws","#, "")),
            ("no kid", self.header(r#"{"alg":"ES256","typ":"icm+jws"}"#)),
            ("members in another order", {
                self.header(&format!(r#"{{"typ":"icm+jws","alg":"ES256","kid":"{kid}"}}"#))
            }),
            ("a member more", swap(r#","kid""#, r#","crit":["b64"],"kid""#)),
            ("a member more at the end", swap(r#""}"#, r#"","b64":false}"#)),
            ("a key of its own", swap(r#""}"#, r#"","jwk":{"kty":"EC"}}"#)),
            ("a space", swap(r#":"ES256""#, r#": "ES256""#)),
            ("a byte more", self.header(&format!("{} ", header(&thumbprint(&self.good.key))))),
            ("a byte order mark", swap("{", "\u{feff}{")),
            ("kid empty", swap(&kid, "")),
            ("kid short", swap(&kid, &kid[..42])),
            ("kid long", swap(&kid, &format!("{kid}A"))),
            ("kid with unused bits", swap(&kid, &near)),
            ("kid with a quote", swap(&kid, &format!("\\\"{}", &kid[2..]))),
        ]
    }

    fn signatures(&self) -> Spoiled {
        let frame = self.frame();
        let (said, signature) = frame.rsplit_once('.').unwrap();
        let right = bytes::decode(signature).unwrap();
        let (r, s) = right.split_at(32);
        let order: [u8; 32] =
            bytes::decode_array("_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE").unwrap();
        let by = |signature: &[u8]| format!("{said}.{}", bytes::encode(signature));
        let flipped = |place: usize| {
            let mut wrong = right.clone();
            wrong[place] ^= 1;
            by(&wrong)
        };
        // One that is in the file, so that its signature lasts.
        let other = self.with("t", "\"\"");
        let (other_said, other_signature) = other.rsplit_once('.').unwrap();
        let by_another = self.scribe.sign(
            "another_station",
            &header(&thumbprint(&self.good.key)),
            self.good.text().as_bytes(),
        );
        vec![
            ("none", by(&[])),
            ("63 bytes", by(&right[..63])),
            ("65 bytes", by(&[&right[..], &[0]].concat())),
            ("all zero", by(&[0; 64])),
            ("all ones", by(&[255; 64])),
            ("r is zero", by(&[&[0; 32], s].concat())),
            ("s is zero", by(&[r, &[0; 32]].concat())),
            ("r is the order", by(&[&order, s].concat())),
            ("s is the order", by(&[r, &order].concat())),
            ("r and s exchanged", by(&[s, r].concat())),
            ("DER", by(&der(r, s))),
            ("a bit of r", flipped(3)),
            ("a bit of s", flipped(63)),
            ("of another message", format!("{said}.{other_signature}")),
            ("for another message", format!("{other_said}.{signature}")),
            ("by another key", by_another),
        ]
    }

    fn payloads(&self) -> Spoiled {
        let good = self.good.text();
        let bytes = |text: &str| self.payload(text.as_bytes());
        let with_bytes = |middle: &[u8]| {
            let (before, after) = good.split_once("\"t\":\"").unwrap();
            let payload = [before.as_bytes(), b"\"t\":\"", middle, after.as_bytes()].concat();
            self.payload(&payload)
        };
        let utf16: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
        vec![
            ("empty", bytes("")),
            ("no JSON", bytes("hello")),
            ("a list", bytes(&format!("[{good}]"))),
            ("a string", bytes("\"v\"")),
            ("a number", bytes("1")),
            ("null", bytes("null")),
            ("an empty object", bytes("{}")),
            ("cut off", bytes(&good[..good.len() - 1])),
            ("something after it", bytes(&format!("{good}x"))),
            ("two objects", bytes(&format!("{good}{good}"))),
            ("a comma too many", bytes(&good.replace("}}", "},}"))),
            ("a comment", bytes(&good.replacen('{', "{/**/", 1))),
            ("single quotes", bytes(&good.replace('"', "'"))),
            ("names without quotes", bytes(&good.replace("\"v\"", "v"))),
            ("a NUL after it", bytes(&format!("{good}\0"))),
            ("a raw NUL in a string", with_bytes(b"\0")),
            ("a raw line end in a string", with_bytes(b"\n")),
            ("a byte that is not UTF-8", with_bytes(b"\xff")),
            ("UTF-8 cut off", with_bytes(b"\xe2\x82")),
            ("UTF-8 longer than it need be", with_bytes(b"\xc1\xae")),
            ("a surrogate in UTF-8", with_bytes(b"\xed\xa0\x80")),
            ("UTF-16", self.payload(&utf16)),
        ]
    }

    fn members(&self) -> Spoiled {
        let mut frames = vec![
            ("v 2", self.with("v", "2")),
            ("v 0", self.with("v", "0")),
            ("v as text", self.with("v", "\"1\"")),
            ("v true", self.with("v", "true")),
            ("v null", self.with("v", "null")),
            ("mid empty", self.with("mid", "\"\"")),
            ("mid of 15 bytes", self.with("mid", "\"AAECAwQFBgcICQoLDA0O\"")),
            ("mid of 17 bytes", self.with("mid", "\"AAECAwQFBgcICQoLDA0ODxA\"")),
            ("mid with unused bits", self.with("mid", "\"AAECAwQFBgcICQoLDA0ODx\"")),
            ("mid padded", self.with("mid", "\"AAECAwQFBgcICQoLDA0ODw==\"")),
            ("mid a number", self.with("mid", "1")),
            ("from somebody else", {
                self.with("from", &format!("\"{}\"", thumbprint("another_station")))
            }),
            ("from a number", self.with("from", "1")),
            ("to a number", self.with("to", "1")),
            ("to short", self.with("to", "\"AAAA\"")),
            ("to null", self.with("to", "null")),
            ("sx a number", self.with("sx", "0")),
            ("sx null", self.with("sx", "null")),
            ("seq as text", self.with("seq", "\"1\"")),
            ("seq negative", self.with("seq", "-1")),
            ("seq a fraction", self.with("seq", "1.5")),
            ("seq 2^53", self.with("seq", "9007199254740992")),
            ("seq 2^64", self.with("seq", "18446744073709551616")),
            ("seq infinite", self.with("seq", "1e999")),
            ("seq with a zero before", self.with("seq", "01")),
            ("seq hexadecimal", self.with("seq", "0x10")),
            ("seq with a plus", self.with("seq", "+9")),
            ("seq null", self.with("seq", "null")),
            ("seq a list", self.with("seq", "[9]")),
            ("ack as text", self.with("ack", "\"0\"")),
            ("ack negative", self.with("ack", "-1")),
            ("ack a fraction", self.with("ack", "0.5")),
            ("ack null", self.with("ack", "null")),
            ("re null", self.with("re", "null")),
            ("re empty", self.with("re", "\"\"")),
            ("re a number", self.with("re", "7")),
            ("t a number", self.with("t", "1")),
            ("t null", self.with("t", "null")),
            ("t a list", self.with("t", "[\"ack\"]")),
            ("b a list", self.with("b", "[]")),
            ("b a string", self.with("b", "\"{}\"")),
            ("b null", self.with("b", "null")),
            ("a member more", self.scribe.seal(&self.good.clone().and("exp", "1"))),
            ("a member in upper case", self.scribe.seal(&self.good.clone().and("V", "1"))),
            ("__proto__", self.scribe.seal(&self.good.clone().and("__proto__", "{}"))),
        ];
        for name in ["v", "mid", "from", "to", "sx", "seq", "ack", "t", "b"] {
            let what: &'static str = format!("no {name}").leak();
            frames.push((what, self.scribe.seal(&self.good.clone().without(name))));
        }
        frames
    }

    fn spelled(&self) -> Spoiled {
        let twice = |name: &str, value: &str| self.scribe.seal(&self.good.clone().and(name, value));
        let good = self.good.text();
        let nested = |depth: usize| {
            self.with("b", &format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth)))
        };
        let escaped = |text: &str| self.with("t", &format!("\"{text}\""));
        vec![
            ("t twice", twice("t", "\"ack\"")),
            ("seq twice", twice("seq", "0")),
            ("v twice", twice("v", "1")),
            ("t twice, once escaped", twice("\\u0074", "\"ack\"")),
            ("b twice", twice("b", "{}")),
            ("a member of b twice", self.with("b", r#"{"cid":7,"cid":8}"#)),
            ("v 1.0", self.with("v", "1.0")),
            ("v 1e0", self.with("v", "1e0")),
            ("seq 9.0", self.with("seq", "9.0")),
            ("seq -0", self.with("seq", "-0")),
            ("a byte order mark", self.payload(format!("\u{feff}{good}").as_bytes())),
            ("half a surrogate pair", escaped("\\ud800")),
            ("the wrong half first", escaped("\\udc00\\ud800")),
            ("nested 9 deep", nested(7)),
            ("nested 5000 deep", nested(4998)),
        ]
    }

    fn stale(&self) -> Spoiled {
        let far = (self.seq + 64).to_string();
        vec![
            ("no context", self.with("sx", "\"\"")),
            ("another context", self.with("sx", "\"AAAAAAAAAAAAAAAAAAAAAA\"")),
            ("a context in upper case", {
                let text = self.good.text();
                let (_, rest) = text.split_once("\"sx\":\"").unwrap();
                let (sx, _) = rest.split_once('"').unwrap();
                self.with("sx", &format!("\"{}\"", sx.to_uppercase()))
            }),
            ("seq 0", self.with("seq", "0")),
            ("seq too far ahead", self.with("seq", &far)),
            ("seq 2^53-1", self.with("seq", "9007199254740991")),
        ]
    }

    fn unknown(&self) -> Spoiled {
        let other = format!("\"{}\"", self.of_the_other_side);
        vec![
            ("empty", self.with("t", "\"\"")),
            ("in upper case", self.with("t", "\"ACK\"")),
            ("with a space", self.with("t", "\"ack \"")),
            ("with a NUL", self.with("t", "\"ack\\u0000\"")),
            ("of the other side", self.with("t", &other)),
            ("__proto__", self.with("t", "\"__proto__\"")),
            ("constructor", self.with("t", "\"constructor\"")),
            ("with two dots", self.with("t", "\"../ack\"")),
        ]
    }

    fn keys(&self) -> Spoiled {
        let stranger = thumbprint("stranger_call");
        let from = format!("\"{stranger}\"");
        let by_a_stranger = self.good.clone().with("from", from).signed_by("stranger_call");
        let as_if = self.header(&header(&stranger));
        vec![("a stranger", self.scribe.seal(&by_a_stranger)), ("a stranger's name, my key", as_if)]
    }

    fn recipients(&self) -> Spoiled {
        let to = |name: &str| self.with("to", &format!("\"{}\"", thumbprint(name)));
        let back = thumbprint(&self.good.key).to_string();
        vec![
            ("another", to("another_station")),
            ("another of the same station", to("other_call")),
            ("the sender itself", self.with("to", &format!("\"{back}\""))),
            ("nobody", self.with("to", "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"")),
        ]
    }
}

/// The other encoding of an ECDSA signature.
pub(super) fn der(r: &[u8], s: &[u8]) -> Vec<u8> {
    let integer = |bytes: &[u8]| {
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        let bytes = &bytes[zeros..];
        let sign: &[u8] = if bytes[0] & 0x80 != 0 { &[0] } else { &[] };
        let length = u8::try_from(sign.len() + bytes.len()).unwrap();
        [&[2, length], sign, bytes].concat()
    };
    let body = [integer(r), integer(s)].concat();
    [&[0x30, u8::try_from(body.len()).unwrap()], &body[..]].concat()
}
