// SPDX-License-Identifier: MIT OR Apache-2.0
//! Bytes as they are on the wire: base64url without padding, in its one canonical spelling.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Nothing where the text has padding, other characters, or unused bits that are not zero.
#[must_use]
pub fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[must_use]
pub fn decode_array<const N: usize>(text: &str) -> Option<[u8; N]> {
    decode(text)?.try_into().ok()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not so many bytes of base64url")]
pub struct NotBytes;

/// Values of a fixed length, each with a type of its own.
macro_rules! fixed {
    ($($(#[$doc:meta])* $name:ident: $len:literal, $print:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(pub [u8; $len]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&$crate::link::bytes::encode(&self.0))
            }
        }

        impl FromStr for $name {
            type Err = $crate::link::bytes::NotBytes;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::link::bytes::decode_array(text)
                    .map(Self)
                    .ok_or($crate::link::bytes::NotBytes)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::link::bytes::NotBytes;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.to_string()
            }
        }

        $crate::link::bytes::print!($print $name);
    )*};
}

/// Secrets do not print.
macro_rules! print {
    (open $name:ident) => {
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    };
    (secret $name:ident) => {
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    };
}

pub(crate) use {fixed, print};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_one_spelling_only() {
        assert_eq!(decode("AQ"), Some(vec![1]));
        for other in ["AQ==", "AR", "A", "A Q", "+/", "AQ\n"] {
            assert_eq!(decode(other), None, "{other:?}");
        }
    }
}
