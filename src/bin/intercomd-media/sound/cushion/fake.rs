// SPDX-License-Identifier: MIT OR Apache-2.0
//! A decoder whose sound tells where it is from.

use crate::sound::{blocks, opus::Decode};

/// Packets are the sound itself; each tells of the one before, if `tells`, in its first sample.
#[derive(Debug, Default)]
pub(crate) struct Plain {
    pub(crate) tells: bool,
}

/// What is made up.
pub(crate) const MADE_UP: i16 = -1;
/// What packets that follow each other differ by: more than mixing rounds off.
pub(crate) const APART: i16 = 8;

impl Decode for Plain {
    fn packet(&mut self, packet: &[u8]) -> Vec<i16> {
        blocks::samples(packet).collect()
    }

    fn recovered(&mut self, packet: &[u8], lost: usize) -> [Vec<i16>; 2] {
        let itself = self.packet(packet);
        let told = itself.first().filter(|_| self.tells).map_or(MADE_UP, |next| next - APART);
        [vec![told; lost], itself]
    }

    fn concealed(&mut self, samples: usize) -> Vec<i16> {
        vec![MADE_UP; samples]
    }

    fn reset(&mut self) {}
}
