// SPDX-License-Identifier: MIT OR Apache-2.0
//! The servers of the configuration in the words of a handset's WebRTC.

use crate::{
    link::message::from_station::IceServer,
    media::setup::{Ice, Transport, Turn},
};

pub(super) fn servers(ice: &Ice) -> Vec<IceServer> {
    let stun = ice.stun.iter().map(|server| IceServer {
        urls: vec![format!("stun:{server}")],
        username: None,
        credential: None,
    });
    stun.chain(ice.turn.iter().map(turn)).collect()
}

fn turn(turn: &Turn) -> IceServer {
    let transport = match turn.transport {
        Transport::Udp => "udp",
        Transport::Tcp => "tcp",
    };
    IceServer {
        urls: vec![format!("turn:{}?transport={transport}", turn.server)],
        username: Some(turn.user.clone()),
        credential: Some(turn.password.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handset_uses_the_servers_that_the_station_uses() {
        let turn = Turn {
            server: "turn.example:3478".to_owned(),
            transport: Transport::Tcp,
            user: "door".to_owned(),
            password: "secret".to_owned(),
        };
        let stun = Some("stun.example:3478".to_owned());
        let told = servers(&Ice { stun, turn: vec![turn], ..Ice::default() });
        let urls: Vec<_> = told.iter().flat_map(|server| &server.urls).collect();
        assert_eq!(urls, ["stun:stun.example:3478", "turn:turn.example:3478?transport=tcp"]);
        assert_eq!(told[1].credential.as_deref(), Some("secret"));
        assert!(!format!("{told:?}").contains("secret"));
    }
}
