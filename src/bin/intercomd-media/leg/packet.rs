// SPDX-License-Identifier: MIT OR Apache-2.0
//! A packet of RTP, as far as sound needs it.

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Packet<'a> {
    pub(super) kind: u8,
    pub(super) timestamp: u32,
    pub(super) payload: &'a [u8],
}

impl<'a> Packet<'a> {
    /// Nothing if it is not what it says.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let (&[flags, kind, _, _, t0, t1, t2, t3, ..], rest) = bytes.split_first_chunk::<12>()?;
        if flags >> 6 != 2 {
            return None;
        }
        let mut payload = rest.get(4 * usize::from(flags & 0x0f)..)?;
        if flags & 0x10 != 0 {
            let (&[_, _, high, low], rest) = payload.split_first_chunk()?;
            payload = rest.get(4 * usize::from(u16::from_be_bytes([high, low]))..)?;
        }
        if flags & 0x20 != 0 {
            let padding = usize::from(*payload.last()?);
            payload = payload.get(..payload.len().checked_sub(padding)?)?;
        }
        let timestamp = u32::from_be_bytes([t0, t1, t2, t3]);
        Some(Self { kind: kind & 0x7f, timestamp, payload })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: [u8; 12] = [0x80, 0xef, 0, 7, 0, 0, 1, 2, 9, 9, 9, 9];

    fn packet(flags: u8, rest: &[u8]) -> Vec<u8> {
        let mut bytes = [&HEADER, rest].concat();
        bytes[0] = flags;
        bytes
    }

    #[test]
    fn what_surrounds_the_payload_is_left_out() {
        for (flags, rest) in [
            (0x80, &[5, 6][..]),
            (0x82, &[1, 1, 1, 1, 2, 2, 2, 2, 5, 6]),
            (0x90, &[0xbe, 0xde, 0, 1, 3, 3, 3, 3, 5, 6]),
            (0xa0, &[5, 6, 0, 0, 3]),
            (0xb1, &[1, 1, 1, 1, 0xbe, 0xde, 0, 0, 5, 6, 1]),
        ] {
            let expected = Packet { kind: 111, timestamp: 258, payload: &[5, 6] };
            assert_eq!(Packet::read(&packet(flags, rest)), Some(expected), "{flags:x}");
        }
    }

    #[test]
    fn what_is_too_short_for_what_it_says_is_no_packet() {
        assert_eq!(Packet::read(&HEADER[..11]), None);
        for (flags, rest) in [
            (0x40, &[5, 6][..]),
            (0x81, &[1, 1]),
            (0x90, &[0xbe, 0xde, 0]),
            (0x90, &[0xbe, 0xde, 0, 9, 1]),
            (0xa0, &[5, 9]),
            (0xa0, &[]),
        ] {
            assert_eq!(Packet::read(&packet(flags, rest)), None, "{flags:x}");
        }
    }
}
