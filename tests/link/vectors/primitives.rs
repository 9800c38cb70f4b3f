// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the protocol is made of, one by one.

use intercomd::{
    core::{CallId, DoorName, HandsetId},
    link::{
        bytes,
        challenge::Purpose,
        context,
        keys::{PublicKey, Thumbprint},
        message::field::{Mac, Nonce, Srv},
        pairing::{self, Claim, Invitation, Token},
    },
};
use serde::{Deserialize, Serialize};

use super::kept;
use crate::peer::{pair, public, thumbprint};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    about: String,
    base64url: Vec<Base64>,
    thumbprint: Vec<Named>,
    context: Vec<Derived>,
    pair_mac: Vec<PairMac>,
    paired_mac: Vec<PairedMac>,
    invitation: Vec<Link>,
    open: Vec<Opening>,
    signature: Vec<Signed>,
}

/// `hex` is absent where the text is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Base64 {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hex: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Named {
    jwk: PublicKey,
    thumbprint: Thumbprint,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Derived {
    n_h: Nonce,
    n_d: Nonce,
    sx: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct PairMac {
    token: Token,
    station: Thumbprint,
    call: Thumbprint,
    action: Thumbprint,
    srv: Srv,
    mac: Mac,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct PairedMac {
    token: Token,
    station: Thumbprint,
    call: Thumbprint,
    handset: HandsetId,
    mac: Mac,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Link {
    link: String,
    /// Absent where the link is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    invitation: Option<Invitation>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Opening {
    station: Thumbprint,
    handset: Thumbprint,
    door: DoorName,
    /// `-` where there is none.
    cid: String,
    nonce: Nonce,
    /// What is signed, in hexadecimal.
    text: String,
}

/// Of `text` by `key` of keys.json.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Signed {
    key: String,
    text: String,
    sig: String,
    good: bool,
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn nonce(first: u8) -> Nonce {
    let mut nonce = [0; 16];
    nonce.iter_mut().zip(first..).for_each(|(to, from)| *to = from);
    Nonce(nonce)
}

fn base64url() -> Vec<Base64> {
    let texts = [
        "", "AA", "AAA", "AAAA", "_-8", "AQ", "AR", "AQ==", "AAA=", "A", "AAAAA", "+/8", "A A",
        "AA\n", "\u{e9}A", "AAB",
    ];
    let case = |text: &str| Base64 {
        text: text.to_owned(),
        hex: bytes::decode(text).map(|bytes| hex(&bytes)),
    };
    texts.map(case).into()
}

fn contexts() -> Vec<Derived> {
    let pairs = [(0, 16), (16, 0), (0, 0), (200, 100)];
    let derived = |(h, d)| {
        let (n_h, n_d) = (nonce(h), nonce(d));
        Derived { n_h, n_d, sx: context::derive(&n_h, &n_d) }
    };
    pairs.map(derived).into()
}

fn pair_macs() -> Vec<PairMac> {
    let pin: Srv = String::from("47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU").try_into().unwrap();
    let made = |(first, call, action, srv)| {
        let token = Token(nonce(first).0);
        let [station, call, action] = ["station", call, action].map(thumbprint);
        let claim = Claim { station, call, action, srv };
        PairMac { token, station, call, action, srv, mac: claim.mac(&token) }
    };
    let cases = [
        (0, "handset_call", "handset_action", Srv(None)),
        (0, "handset_call", "handset_action", pin),
        (9, "handset_call", "handset_action", Srv(None)),
        (0, "handset_action", "handset_call", Srv(None)),
    ];
    cases.map(made).into()
}

fn paired_macs() -> Vec<PairedMac> {
    let made = |(first, call, handset): (u8, &str, &str)| {
        let (token, handset) = (Token(nonce(first).0), handset.parse().unwrap());
        let [station, call] = ["station", call].map(thumbprint);
        let mac = pairing::confirmation(&token, &station, &call, &handset);
        PairedMac { token, station, call, handset, mac }
    };
    [(0, "handset_call", "h0123456789"), (0, "other_call", "h0123456789"), (5, "other_call", "k")]
        .map(made)
        .into()
}

fn invitations() -> Vec<Link> {
    let made = |name: &str, pin: &str, at: &[&str]| Invitation {
        v: 1,
        name: name.to_owned(),
        key: thumbprint("station"),
        pin: pin.to_owned().try_into().unwrap(),
        at: at.iter().map(|&at| at.to_owned()).collect(),
        token: Token(nonce(0).0),
    };
    let pinned = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
    let good = [
        made("Front door", pinned, &["192.0.2.7:7443", "[2001:db8::7]:7443"]),
        made("Haust\u{fc}r \u{1f6aa}", "", &["127.0.0.1:7480"]),
    ];
    let read = |link: &str| Link { link: link.to_owned(), invitation: Invitation::read(link) };
    let mut links: Vec<_> =
        good.iter().map(|invitation| read(&invitation.link().unwrap().0)).collect();
    links.extend(["https://192.0.2.7:7443/", "https://h/#pair=", "https://h/#pair=e30"].map(read));
    links
}

fn openings() -> Vec<Opening> {
    let made = |(door, call): (&str, Option<u64>)| {
        let [station, handset] = ["station", "handset_call"].map(thumbprint);
        let (door, nonce): (DoorName, _) = (door.parse().unwrap(), nonce(32));
        let purpose = Purpose { door: door.clone(), call: call.map(CallId) };
        let cid = call.map_or_else(|| "-".to_owned(), |cid| cid.to_string());
        let text = hex(purpose.text(&station, &handset, &nonce).as_bytes());
        Opening { station, handset, door, cid, nonce, text }
    };
    [("house", Some(7)), ("house", None), ("garden_gate", Some(18_446_744)), ("a", Some(0))]
        .map(made)
        .into()
}

fn signatures(before: &str) -> Vec<Signed> {
    let used: Option<File> = serde_json::from_str(before).ok();
    let text = "what is said";
    let fresh = || bytes::encode(&pair("handset_action").sign(text.as_bytes()));
    let sig = used.map_or_else(fresh, |file| file.signature[0].sig.clone());
    let right = bytes::decode(&sig).unwrap();
    let swapped = bytes::encode(&[&right[32..], &right[..32]].concat());
    let cases = [
        ("handset_action", text, sig.as_str(), true),
        ("handset_call", text, &sig, false),
        ("handset_action", "what is sait", &sig, false),
        ("handset_action", text, &swapped, false),
        ("handset_action", text, &sig[..84], false),
        ("handset_action", text, &"A".repeat(86), false),
        ("handset_action", text, "", false),
    ];
    let case = |(key, text, sig, good): (&str, &str, &str, bool)| Signed {
        key: key.to_owned(),
        text: text.to_owned(),
        sig: sig.to_owned(),
        good,
    };
    cases.map(case).into()
}

#[test]
fn primitives_are_those_of_the_vectors() {
    let names = ["station", "handset_call", "handset_action", "other_call"];
    let named = |name: &str| Named { jwk: public(name), thumbprint: thumbprint(name) };
    let file = kept("primitives.json", |before| File {
        about: "What the protocol is made of. README.md tells how to read it.".to_owned(),
        base64url: base64url(),
        thumbprint: names.map(named).into(),
        context: contexts(),
        pair_mac: pair_macs(),
        paired_mac: paired_macs(),
        invitation: invitations(),
        open: openings(),
        signature: signatures(before),
    });
    for case in &file.signature {
        let signature = bytes::decode(&case.sig).unwrap();
        let good = public(&case.key).verifies(case.text.as_bytes(), &signature);
        assert_eq!(good, case.good, "{case:?}");
    }
    for Named { jwk, thumbprint } in &file.thumbprint {
        assert_eq!(jwk.thumbprint(), *thumbprint);
    }
}
