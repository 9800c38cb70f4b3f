// SPDX-License-Identifier: MIT OR Apache-2.0
//! Texts from outside: labels, names, messages.

/// D-Bus strings cannot hold a zero character. zbus sends it all the same, and the bus answers by
/// cutting the connection.
pub(super) fn carriable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}
