// SPDX-License-Identifier: MIT OR Apache-2.0
//! The names that the station answers to. To a browser a foreign page whose name was made to point
//! here is the station's own page; what gives it away is the name.

use std::net::IpAddr;

use hyper::http::uri::Authority;

use super::{announce, tls::Tls};
use crate::{config::Host, link::keys::Thumbprint};

#[derive(Clone, Debug)]
pub(super) struct Names {
    /// Of pairing links, and of the announcement.
    told: Vec<String>,
    certificate: Option<Tls>,
}

impl Names {
    pub(super) fn new(at: &[Host], key: &Thumbprint, certificate: Option<&Tls>) -> Self {
        let announced = announce::host(key);
        let told = at.iter().map(|host| host.name().to_owned()).chain([announced]).collect();
        Self { told, certificate: certificate.cloned() }
    }

    /// Of a `Host` header, whatever its port: one that is forwarded may be another.
    pub(super) fn include(&self, host: &str) -> bool {
        let Ok(host) = host.parse::<Authority>() else { return false };
        // Nobody can let an address point anywhere else.
        let address = host.host().trim_start_matches('[').trim_end_matches(']');
        address.parse::<IpAddr>().is_ok() || self.include_name(host.host(), &machine())
    }

    fn include_name(&self, name: &str, machine: &str) -> bool {
        let name = name.strip_suffix('.').unwrap_or(name);
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        let short = machine.split('.').next().unwrap_or_default();
        is("localhost")
            || self.told.iter().any(|told| is(told))
            || (!machine.is_empty() && (is(machine) || is(short) || is(&format!("{short}.local"))))
            || self.certificate.as_ref().is_some_and(|tls| tls.is_for(name))
    }
}

/// It may change while the station runs.
fn machine() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair};

    use super::*;

    fn names() -> Names {
        let key = KeyPair::generate().unwrap();
        let names = vec!["door.example".to_owned(), "*.house.example".to_owned()];
        let certificate = CertificateParams::new(names).unwrap().self_signed(&key).unwrap();
        let pem = format!("{}{}", key.serialize_pem(), certificate.pem());
        let tls = Tls::from_pem("door.pem".into(), &pem).unwrap();
        let at = crate::config::parse("[link]\nat = ['door.example.net:8443', '[2001:db8::7]']");
        Names::new(&at.unwrap().link.at, &Thumbprint([7; 32]), Some(&tls))
    }

    #[test]
    fn the_station_answers_to_addresses_and_to_its_own_names() {
        for own in [
            "192.0.2.7:7443",
            "192.0.2.7",
            "[2001:db8::9]:7443",
            "localhost:7443",
            "LOCALHOST",
            "door.example.net:1",
            "door.example:7443",
            "door.example.",
            "front.house.example",
            "intercomd-bwchbwch.local:7443",
        ] {
            assert!(names().include(own), "{own}");
        }
    }

    #[test]
    fn a_name_that_somebody_let_point_here_is_none_of_its_own() {
        for foreign in [
            "evil.example:7443",
            "evil.example",
            "door.example.evil.example",
            "a.front.house.example",
            "192.0.2.7.evil.example",
            "localhost.evil.example",
            "intercomd-bwchbwch.example",
            "",
            ":7443",
            "[evil.example]",
        ] {
            assert!(!names().include(foreign), "{foreign}");
        }
    }

    #[test]
    fn the_machine_is_known_by_its_name() {
        let names = names();
        for machine in ["door", "door.lan"] {
            assert!(
                names.include_name("door", machine) && names.include_name("Door.local", machine)
            );
        }
        assert!(names.include_name("door.lan", "door.lan"));
        assert!(!names.include_name("door.lan", "door"));
        assert!(!names.include_name("", "") && !names.include_name(".local", ""));
        assert!(names.include(&machine()));
    }
}
