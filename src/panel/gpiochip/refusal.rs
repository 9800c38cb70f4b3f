// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the kernel's error numbers mean for a line.

use std::path::Path;

use gpiocdev::{Chip, Error};
use rustix::io::Errno;

use crate::panel::{
    denied::denied,
    fault::{Cause, Place},
};

/// A chip could not be looked at.
pub(super) fn of_chip(error: Error, device: &Path) -> Cause {
    match errno(&error) {
        Some(Errno::ACCESS | Errno::PERM) => denied(device),
        Some(Errno::NOENT | Errno::NODEV) => Cause::NoSuchChip,
        Some(_) | None => Cause::Kernel(error),
    }
}

/// A line could not be requested.
pub(super) fn of_line(error: Error, place: &Place) -> Cause {
    match errno(&error) {
        Some(Errno::BUSY) => Cause::InUse { consumer: consumer(place) },
        // Only a request for edges asks for an interrupt.
        Some(Errno::NXIO) => Cause::NoEdges,
        Some(_) | None => of_chip(error, &place.device),
    }
}

fn consumer(place: &Place) -> String {
    let info = Chip::from_path(&place.device).and_then(|chip| chip.line_info(place.offset));
    match info {
        Ok(info) if !info.consumer.is_empty() => info.consumer,
        Ok(_) | Err(_) => "somebody without a name".to_owned(),
    }
}

fn errno(error: &Error) -> Option<Errno> {
    match error {
        Error::Os(number) | Error::Uapi(_, gpiocdev_uapi::Error::Os(number)) => {
            Some(Errno::from_raw_os_error(number.0))
        }
        Error::Uapi(_, gpiocdev_uapi::Error::UnderRead(_))
        | Error::AbiLimitation(..)
        | Error::GpioChip(..)
        | Error::InvalidArgument(_)
        | Error::NoGpioChips()
        | Error::NonuniqueLineName(_)
        | Error::UnexpectedResponse(..)
        | Error::UnsupportedAbi(..)
        | Error::NoAbiSupport() => None,
    }
}
