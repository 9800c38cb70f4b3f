// SPDX-License-Identifier: MIT OR Apache-2.0
//! The body of a push: one record of `aes128gcm` (RFC 8188) with a key that the phone and nobody
//! between here and there can find (RFC 8291).

use ring::{
    aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral},
    error::Unspecified,
    hkdf::{HKDF_SHA256, KeyType, Salt},
    rand::{SecureRandom, SystemRandom},
};

use crate::link::push::{Auth, Point, Subscription};

/// What every push service takes.
const LARGEST: usize = 4096;
const SALT: usize = 16;
const POINT: usize = 65;
const TAG: usize = 16;
/// Salt, size of a record, size of a key, key.
const HEADER: usize = SALT + 4 + 1 + POINT;
/// Ends the last record; after it there are zeros only.
const LAST: u8 = 2;
/// Two messages are of one length, mostly, so that nobody tells a ring from its end by that.
const STEP: usize = 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoBody {
    #[error("it does not fit into a push")]
    TooLarge,
    #[error("the handset registered no key on P-256")]
    BadKey,
    #[error("no random numbers")]
    NoRandomness,
}

/// Encrypts with a key that is used once.
pub(super) fn encrypt(text: &[u8], to: &Subscription) -> Result<Vec<u8>, NoBody> {
    let random = SystemRandom::new();
    let mut salt = [0; SALT];
    random.fill(&mut salt).map_err(|_| NoBody::NoRandomness)?;
    let own = EphemeralPrivateKey::generate(&ECDH_P256, &random);
    let own = own.map_err(|_| NoBody::NoRandomness)?;
    let public = own.compute_public_key().map_err(|_| NoBody::NoRandomness)?;
    let public = Point(public.as_ref().try_into().map_err(|_| NoBody::NoRandomness)?);
    let peer = UnparsedPublicKey::new(&ECDH_P256, to.p256dh.0);
    let agreed = agree_ephemeral(own, &peer, |shared| {
        let secret = secret(shared, &to.auth, &to.p256dh, &public);
        seal(&padded(text), &salt, &secret, &public)
    });
    agreed.map_err(|_| NoBody::BadKey)?
}

fn padded(text: &[u8]) -> Vec<u8> {
    let size = (text.len() + 1).next_multiple_of(STEP);
    let most = (LARGEST - HEADER - TAG).max(text.len() + 1);
    let mut padded = Vec::with_capacity(size + TAG);
    padded.extend(text);
    padded.push(LAST);
    padded.resize(size.min(most), 0);
    padded
}

/// RFC 8291, section 3.4.
fn secret(shared: &[u8], auth: &Auth, phone: &Point, station: &Point) -> [u8; 32] {
    let info: [&[u8]; 3] = [b"WebPush: info\0", &phone.0, &station.0];
    derive(&auth.0, shared, &info)
}

fn seal(
    padded: &[u8],
    salt: &[u8; SALT],
    secret: &[u8; 32],
    public: &Point,
) -> Result<Vec<u8>, NoBody> {
    let size = padded.len() + TAG;
    if HEADER + size > LARGEST {
        return Err(NoBody::TooLarge);
    }
    let key: [u8; 16] = derive(salt, secret, &[b"Content-Encoding: aes128gcm\0"]);
    let nonce: [u8; 12] = derive(salt, secret, &[b"Content-Encoding: nonce\0"]);
    let mut record = padded.to_vec();
    let sealed = UnboundKey::new(&AES_128_GCM, &key).and_then(|key| {
        let nonce = Nonce::assume_unique_for_key(nonce);
        LessSafeKey::new(key).seal_in_place_append_tag(nonce, Aad::empty(), &mut record)
    });
    sealed.map_err(|Unspecified| NoBody::TooLarge)?;
    let mut body = Vec::with_capacity(HEADER + record.len());
    body.extend(salt);
    // As large as this one: there is no other.
    body.extend(u32::try_from(size).unwrap_or(u32::MAX).to_be_bytes());
    body.push(65);
    body.extend(public.0);
    body.extend(record);
    Ok(body)
}

struct Size(usize);

impl KeyType for Size {
    fn len(&self) -> usize {
        self.0
    }
}

/// HKDF with SHA-256.
fn derive<const N: usize>(salt: &[u8], key: &[u8], info: &[&[u8]]) -> [u8; N] {
    let mut derived = [0; N];
    let random = Salt::new(HKDF_SHA256, salt).extract(key);
    let filled = random.expand(info, Size(N)).and_then(|okm| okm.fill(&mut derived));
    filled.expect("no more than 255 blocks are wanted");
    derived
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::bytes;

    fn hex_of<const N: usize>(text: &str) -> [u8; N] {
        bytes::decode_array(text).unwrap()
    }

    /// RFC 8291, section 5 and appendix A.
    #[test]
    fn the_example_of_the_rfc_comes_out() {
        let auth = Auth(hex_of("BTBZMqHH6r4Tts7J_aSIgg"));
        let phone = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
        let station = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8";
        let (phone, station) = (Point(hex_of(phone)), Point(hex_of(station)));
        let shared: [u8; 32] = hex_of("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs");
        let secret = secret(&shared, &auth, &phone, &station);
        assert_eq!(bytes::encode(&secret), "S4lYMb_L0FxCeq0WhDx813KgSYqU26kOyzWUdsXYyrg");
        let text =
            bytes::decode("V2hlbiBJIGdyb3cgdXAsIEkgd2FudCB0byBiZSBhIHdhdGVybWVsb24C").unwrap();
        let salt = hex_of("DGv6ra1nlYgDCS1FRnbzlw");
        let mut body = seal(&text, &salt, &secret, &station).unwrap();
        // There a record could be 4096 bytes long.
        assert_eq!(body[16..20], [0, 0, 0, 58]);
        body[16..20].copy_from_slice(&4096_u32.to_be_bytes());
        assert_eq!(
            bytes::encode(&body),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIg\
             Dll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    fn subscription(p256dh: Point) -> Subscription {
        let endpoint = "https://push.example/a".to_owned().try_into().unwrap();
        Subscription { endpoint, p256dh, auth: Auth([7; 16]) }
    }

    #[test]
    fn what_was_encrypted_here_is_read_there() {
        let phone = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).unwrap();
        let point = Point(phone.compute_public_key().unwrap().as_ref().try_into().unwrap());
        let to = subscription(point);
        let body = encrypt(b"a ring", &to).unwrap();
        let (header, record) = body.split_at(HEADER);
        let salt: [u8; SALT] = header[..SALT].try_into().unwrap();
        let station = Point(header[21..].try_into().unwrap());
        let peer = UnparsedPublicKey::new(&ECDH_P256, station.0);
        let secret =
            agree_ephemeral(phone, &peer, |shared| secret(shared, &to.auth, &point, &station));
        let key: [u8; 16] = derive(&salt, &secret.unwrap(), &[b"Content-Encoding: aes128gcm\0"]);
        let nonce = derive(&salt, &secret.unwrap(), &[b"Content-Encoding: nonce\0"]);
        let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).unwrap());
        let mut record = record.to_vec();
        let nonce = Nonce::assume_unique_for_key(nonce);
        let text = key.open_in_place(nonce, Aad::empty(), &mut record).unwrap();
        assert_eq!(text.len(), STEP);
        assert!(text.starts_with(b"a ring\x02\0") && text[7..].iter().all(|byte| *byte == 0));
        assert_ne!(encrypt(b"a ring", &to).unwrap(), body, "each time with another key");
    }

    #[test]
    fn a_body_is_a_round_number_of_bytes_and_never_too_large() {
        let phone = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).unwrap();
        let to = Point(phone.compute_public_key().unwrap().as_ref().try_into().unwrap());
        let size =
            |text: usize| encrypt(&vec![b'x'; text], &subscription(to)).map(|body| body.len());
        let around = HEADER + TAG;
        for (text, expected) in [
            (0, Ok(around + 1024)),
            (1023, Ok(around + 1024)),
            (1024, Ok(around + 2048)),
            (3071, Ok(around + 3072)),
            (3072, Ok(LARGEST)),
            (3993, Ok(LARGEST)),
            (3994, Err(NoBody::TooLarge)),
        ] {
            assert_eq!(size(text), expected, "{text}");
        }
    }

    #[test]
    fn a_key_that_is_none_is_found_out() {
        let mut point = [0xff; 65];
        point[0] = 4;
        assert_eq!(encrypt(b"a ring", &subscription(Point(point))), Err(NoBody::BadKey));
    }
}
