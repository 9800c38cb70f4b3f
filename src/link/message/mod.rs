// SPDX-License-Identifier: MIT OR Apache-2.0
//! What handset and station say: PROTOCOL.md, section 5.

pub mod field;
pub mod from_handset;
pub mod from_station;
pub mod pushed;

use serde_json::Value;

pub use from_handset::FromHandset;
pub use from_station::FromStation;
pub use pushed::Pushed;

use super::refusal::Code;

/// One enum for each direction: `t` is the variant, `b` its body.
macro_rules! messages {
    ($(#[$doc:meta])* pub enum $name:ident { $($variant:ident($body:ty) = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $name { $($variant($body),)* }

        impl $name {
            pub const WORDS: &[&str] = &[$($word),*];

            #[must_use]
            pub fn word(&self) -> &'static str {
                match self { $(Self::$variant(_) => $word,)* }
            }

            /// The checks 9 and 10.
            pub fn read(t: &str, b: serde_json::Value) -> Result<Self, Code> {
                match t {
                    $($word => super::body(b).map(Self::$variant),)*
                    _ => Err(Code::UnknownMessage),
                }
            }

            #[must_use]
            pub fn body(&self) -> serde_json::Value {
                match self { $(Self::$variant(body) => super::written(body),)* }
            }
        }
    };
}

use messages;

fn body<T: serde::de::DeserializeOwned>(b: Value) -> Result<T, Code> {
    serde_json::from_value(b).map_err(|_| Code::BadBody)
}

fn written<T: serde::Serialize>(body: &T) -> Value {
    serde_json::to_value(body).expect("the members of our bodies have names")
}
