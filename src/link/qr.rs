// SPDX-License-Identifier: MIT OR Apache-2.0
//! A pairing link as a camera reads it.

use qrcode::{EcLevel, QrCode, render::svg::Color};

/// `None` when the link is too long. Nothing scratches a screen, so that little is spent on mending:
/// fewer modules are larger ones.
pub(crate) fn code(link: &str) -> Option<QrCode> {
    QrCode::with_error_correction_level(link, EcLevel::L).ok()
}

pub(crate) fn svg(link: &str) -> Option<String> {
    Some(code(link)?.render::<Color<'_>>().min_dimensions(240, 240).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_with_three_addresses_is_no_larger_than_a_camera_reads() {
        let link = "a".repeat(430);
        assert_eq!(code(&link).unwrap().width(), 73);
        assert!(svg(&link).unwrap().starts_with("<?xml"));
        assert!(code(&"a".repeat(3_000)).is_none());
    }
}
