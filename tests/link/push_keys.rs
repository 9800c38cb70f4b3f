// SPDX-License-Identifier: MIT OR Apache-2.0
//! A phone's side of RFC 8291, and of P-256 what it needs: plain, slow, and with its secrets in
//! everybody's sight. It shares nothing with what it tests.

use intercomd::link::push::{Auth, Point};
use num_bigint::BigUint;
use ring::{
    aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    hkdf::{HKDF_SHA256, KeyType, Salt},
};

/// Coordinates of Jacobi; `z` is zero in infinity.
#[derive(Clone)]
struct Jacobian {
    x: BigUint,
    y: BigUint,
    z: BigUint,
}

fn number(hex: &str) -> BigUint {
    BigUint::parse_bytes(hex.as_bytes(), 16).unwrap()
}

fn p() -> BigUint {
    number("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff")
}

fn generator() -> Point {
    let x = number("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296");
    let y = number("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");
    point(&x, &y)
}

fn bytes32(n: &BigUint) -> [u8; 32] {
    let mut bytes = [0; 32];
    let n = n.to_bytes_be();
    bytes[32 - n.len()..].copy_from_slice(&n);
    bytes
}

fn point(x: &BigUint, y: &BigUint) -> Point {
    let mut point = [4; 65];
    point[1..33].copy_from_slice(&bytes32(x));
    point[33..].copy_from_slice(&bytes32(y));
    Point(point)
}

impl Jacobian {
    fn of(Point(bytes): &Point) -> Self {
        let coordinate = BigUint::from_bytes_be;
        Self { x: coordinate(&bytes[1..33]), y: coordinate(&bytes[33..]), z: 1_u8.into() }
    }

    fn double(&self, p: &BigUint) -> Self {
        let Self { x, y, z } = self;
        let (zz, yy) = (z * z % p, y * y % p);
        let s = x * &yy * 4_u8 % p;
        let m = (p + x - &zz) * (x + &zz) * 3_u8 % p;
        let x = (&m * &m + p * 2_u8 - &s * 2_u8) % p;
        let fourth = &yy * &yy * 8_u8 % p;
        let new_y = (m * (p + s - &x) + p - fourth) % p;
        Self { x, y: new_y, z: y * z * 2_u8 % p }
    }

    fn plus(&self, other: &Self, p: &BigUint) -> Self {
        let zero = BigUint::ZERO;
        if self.z == zero {
            return other.clone();
        }
        let (zz, other_zz) = (&self.z * &self.z % p, &other.z * &other.z % p);
        let (u, other_u) = (&self.x * &other_zz % p, &other.x * &zz % p);
        let s = &self.y * &other_zz * &other.z % p;
        let other_s = &other.y * &zz * &self.z % p;
        let (h, r) = ((p + other_u - &u) % p, (p + other_s - &s) % p);
        if h == zero {
            return if r == zero { self.double(p) } else { Self { z: zero, ..other.clone() } };
        }
        let (hh, uhh) = (&h * &h % p, u * &h * &h % p);
        let hhh = &hh * &h % p;
        let x = (&r * &r + p * 3_u8 - &hhh - &uhh * 2_u8) % p;
        let y = (r * (p + uhh - &x) + p - s * hhh % p) % p;
        Self { x, y, z: h * &self.z * &other.z % p }
    }

    fn times(&self, d: &[u8; 32]) -> Point {
        let p = p();
        let (one, zero) = (BigUint::from(1_u8), BigUint::ZERO);
        let mut sum = Self { x: one.clone(), y: one, z: zero };
        for bit in (0..256).map(|n| d[n / 8] >> (7 - n % 8) & 1) {
            sum = sum.double(&p);
            if bit == 1 {
                sum = sum.plus(self, &p);
            }
        }
        let inverse = sum.z.modpow(&(&p - 2_u8), &p);
        let square = &inverse * &inverse % &p;
        point(&(&sum.x * &square % &p), &(&sum.y * &square * inverse % &p))
    }
}

struct Size(usize);

impl KeyType for Size {
    fn len(&self) -> usize {
        self.0
    }
}

fn derive<const N: usize>(salt: &[u8], key: &[u8], info: &[u8]) -> [u8; N] {
    let mut derived = [0; N];
    let parts = [info];
    let prk = Salt::new(HKDF_SHA256, salt).extract(key);
    prk.expand(&parts, Size(N)).unwrap().fill(&mut derived).unwrap();
    derived
}

pub(crate) struct PushKeys {
    pub(crate) d: [u8; 32],
    pub(crate) point: Point,
    pub(crate) auth: Auth,
}

/// What is in front of the record.
pub(crate) const HEADER: usize = 16 + 4 + 1 + 65;

impl PushKeys {
    pub(crate) fn new(d: [u8; 32], auth: [u8; 16]) -> Self {
        Self { d, point: Jacobian::of(&generator()).times(&d), auth: Auth(auth) }
    }

    pub(crate) fn agreed(&self, other: &Point) -> [u8; 32] {
        Jacobian::of(other).times(&self.d).0[1..33].try_into().unwrap()
    }

    /// Key and nonce of the record, from either end.
    pub(crate) fn secrets(
        shared: [u8; 32],
        auth: &Auth,
        phone: &Point,
        sender: &Point,
        salt: &[u8],
    ) -> (LessSafeKey, Nonce) {
        let info = [b"WebPush: info\0".as_slice(), &phone.0, &sender.0].concat();
        let secret: [u8; 32] = derive(&auth.0, &shared, &info);
        let key: [u8; 16] = derive(salt, &secret, b"Content-Encoding: aes128gcm\0");
        let nonce = derive(salt, &secret, b"Content-Encoding: nonce\0");
        let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).unwrap());
        (key, Nonce::assume_unique_for_key(nonce))
    }

    /// One record for these keys, without its end and the zeros after it.
    pub(crate) fn decrypt(&self, body: &[u8]) -> Option<Vec<u8>> {
        let (header, record) = body.split_at_checked(HEADER)?;
        let size = u32::from_be_bytes(header[16..20].try_into().unwrap());
        let sender = Point(header[21..].try_into().unwrap());
        let is_one = (18..).contains(&size) && record.len() <= usize::try_from(size).unwrap();
        if header[20] != 65 || sender.0[0] != 4 || !is_one {
            return None;
        }
        let shared = self.agreed(&sender);
        let (key, nonce) = Self::secrets(shared, &self.auth, &self.point, &sender, &header[..16]);
        let mut record = record.to_vec();
        let text = key.open_in_place(nonce, Aad::empty(), &mut record).ok()?;
        let end = text.iter().rposition(|byte| *byte != 0)?;
        (text[end] == 2).then(|| text[..end].to_vec())
    }
}

/// RFC 8291, section 5.
#[test]
fn the_phone_of_the_tests_reads_the_example_of_the_rfc() {
    use intercomd::link::bytes::{decode, decode_array};
    let d = decode_array("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94").unwrap();
    let keys = PushKeys::new(d, decode_array("BTBZMqHH6r4Tts7J_aSIgg").unwrap());
    let body = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIg\
                Dll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2\
                Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
    let text = keys.decrypt(&decode(body).unwrap()).unwrap();
    assert_eq!(text, b"When I grow up, I want to be a watermelon");
}
