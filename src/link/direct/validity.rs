// SPDX-License-Identifier: MIT OR Apache-2.0
//! Until when browsers take a certificate. Handsets that pin its key do not ask.

use jiff::{Timestamp, civil, tz::Offset};

/// In seconds since 1970; `None` for what is no X.509 certificate.
pub(super) fn not_after(certificate: &[u8]) -> Option<i64> {
    let (_, certificate, _) = element(certificate)?;
    let (_, mut signed, _) = element(certificate)?;
    if signed.first() == Some(&VERSION) {
        (_, _, signed) = element(signed)?;
    }
    // Serial number, algorithm, issuer.
    for _ in 0..3 {
        (_, _, signed) = element(signed)?;
    }
    let (_, validity, _) = element(signed)?;
    let (_, _, rest) = element(validity)?;
    let (kind, time, _) = element(rest)?;
    seconds(kind, std::str::from_utf8(time).ok()?)
}

const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
/// The length follows in so many bytes.
const LONG: u8 = 0x80;

/// Tag, content and what follows, in DER.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < LONG {
        (usize::from(first), rest)
    } else {
        let (digits, rest) = rest.split_at_checked(usize::from(first - LONG))?;
        let length = digits.iter().try_fold(0_usize, |length, digit| {
            length.checked_mul(256)?.checked_add(usize::from(*digit))
        })?;
        (length, rest)
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

fn seconds(kind: u8, time: &str) -> Option<i64> {
    let digits = time.strip_suffix('Z').filter(|time| time.bytes().all(|b| b.is_ascii_digit()))?;
    let (year, rest) = match kind {
        UTC_TIME => {
            let (year, rest) = digits.split_at_checked(2)?;
            let year: i16 = year.parse().ok()?;
            (if year < 50 { 2000 + year } else { 1900 + year }, rest)
        }
        GENERALIZED_TIME => {
            let (year, rest) = digits.split_at_checked(4)?;
            (year.parse().ok()?, rest)
        }
        _ => return None,
    };
    let pair = |at: usize| rest.get(at..at + 2)?.parse::<i8>().ok();
    let (month, day) = (pair(0)?, pair(2)?);
    let moment = civil::DateTime::new(year, month, day, pair(4)?, pair(6)?, pair(8)?, 0).ok()?;
    let moment: Timestamp = Offset::UTC.to_timestamp(moment).ok()?;
    Some(moment.as_second())
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    use super::*;

    fn certificate(year: i32) -> Vec<u8> {
        let mut params = CertificateParams::new(vec!["door.example".to_owned()]).unwrap();
        params.not_after = date_time_ymd(year, 2, 3);
        params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().to_vec()
    }

    #[test]
    fn the_end_of_a_certificate_is_found_in_either_notation() {
        assert_eq!(not_after(&certificate(2030)), Some(1_896_307_200));
        assert_eq!(not_after(&certificate(2051)), Some(2_558_995_200));
    }

    #[test]
    fn whatever_is_no_certificate_has_no_end() {
        let whole = certificate(2030);
        for length in 0..200.min(whole.len()) {
            assert_eq!(not_after(&whole[..length]), None);
        }
        assert_eq!(not_after(&[0x30, 0x8f]), None);
    }
}
