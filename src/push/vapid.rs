// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who sends a push: a token signed with the station's own key (RFC 8292).

use serde_json::json;

use crate::link::{bytes, keys::KeyPair};

/// Much longer than a push is tried for, much shorter than the 24 h that services take.
const LASTS_S: u64 = 60 * 60;
const HEADER: &str = r#"{"typ":"JWT","alg":"ES256"}"#;

/// The value of `Authorization`.
pub(super) fn authorization(
    key: &KeyPair,
    origin: &str,
    contact: Option<&str>,
    unix_s: u64,
) -> String {
    let mut claims = json!({ "aud": origin, "exp": unix_s + LASTS_S });
    if let (Some(contact), Some(claims)) = (contact, claims.as_object_mut()) {
        claims.insert("sub".to_owned(), json!(contact));
    }
    let said = format!(
        "{}.{}",
        bytes::encode(HEADER.as_bytes()),
        bytes::encode(claims.to_string().as_bytes())
    );
    let signature = bytes::encode(&key.sign(said.as_bytes()));
    format!("vapid t={said}.{signature}, k={}", bytes::encode(&key.public().point()))
}

#[cfg(test)]
mod tests {
    use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
    use serde_json::Value;

    use super::*;

    fn parts(authorization: &str) -> (Value, Value) {
        let rest = authorization.strip_prefix("vapid t=").unwrap();
        let (token, key) = rest.split_once(", k=").unwrap();
        let (said, signature) = token.rsplit_once('.').unwrap();
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, bytes::decode(key).unwrap());
        let signature = bytes::decode(signature).unwrap();
        assert!(key.verify(said.as_bytes(), &signature).is_ok());
        let (header, claims) = said.split_once('.').unwrap();
        let read = |part| serde_json::from_slice(&bytes::decode(part).unwrap()).unwrap();
        (read(header), read(claims))
    }

    #[test]
    fn the_token_is_signed_by_the_station_for_one_service_and_an_hour() {
        let key = KeyPair::from_pkcs8(&KeyPair::generate().unwrap()).unwrap();
        let (header, claims) =
            parts(&authorization(&key, "https://push.example:8443", None, 1_700_000_000));
        assert_eq!(header, json!({"typ": "JWT", "alg": "ES256"}));
        assert_eq!(claims, json!({"aud": "https://push.example:8443", "exp": 1_700_003_600}));
        let contact = Some("mailto:owner@door.example");
        let (_, claims) = parts(&authorization(&key, "https://push.example", contact, 1));
        assert_eq!(claims["sub"], "mailto:owner@door.example");
    }
}
