// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a handset notices of the daemon's end and of its next start.

use intercomd::{
    core::{Status, profile::Right},
    link::message::{FromHandset, FromStation, field::Cid},
};
use rustix::process::Signal;

use super::{
    house::{House, tables},
    phone::Phone,
};
use crate::{
    daemon::{client::until, home::Tables},
    deadline::within_deadline,
};

/// The same port again, so that a handset finds its station.
fn at(port: u16) -> Tables {
    let link = format!("listen = '127.0.0.1:{port}'\nannounce = false");
    tables().with("link", &link)
}

async fn house_and_its_address() -> (House, super::phone::Phone, super::phone::Line) {
    let mut house = House::usual().await;
    let (phone, line) = house.let_in("Kitchen").await;
    let address = phone.invitation.at.first().unwrap();
    let port = address.rsplit(':').next().unwrap().parse().unwrap();
    house.home.configure(&at(port));
    (house, phone, line)
}

#[tokio::test]
async fn a_handset_is_paired_also_after_a_restart_and_a_kill() {
    let (mut house, phone, line) = house_and_its_address().await;
    drop(line);
    house.0.daemon.signal(Signal::TERM);
    house.0.daemon.ended().await;
    for _ in 0..2 {
        house.0.start_again().await;
        let mut line = phone.online().await;
        house.press("bell").await;
        let call = line.rings().await;
        line.ask(&FromHandset::Accept(Cid { cid: call })).await.unwrap();
        house.0.daemon.kill().await;
    }
}

#[tokio::test]
async fn a_handset_in_a_call_hears_that_the_station_stops() {
    let (mut house, _phone, mut line) = house_and_its_address().await;
    house.press("bell").await;
    let call = line.rings().await;
    house.0.daemon.signal(Signal::TERM);
    assert!(line.ended(call).await.status != Status::Ongoing);
    house.0.daemon.ended().await;
}

#[tokio::test]
async fn a_station_that_lost_its_key_lets_nobody_take_its_place() {
    let (mut house, phone, line) = house_and_its_address().await;
    drop(line);
    house.0.daemon.signal(Signal::TERM);
    house.0.daemon.ended().await;
    let key = house.home.state().join("station.pem");
    let kept = std::fs::read(&key).unwrap();
    std::fs::write(&key, "damaged").unwrap();
    house.0.handsets = 0;
    house.0.start_again().await;
    assert!(house.problems().await.contains(&"link".to_owned()));
    assert!(house.log().contains("handsets.json"), "how to mend it is in the log");
    // Doors and buttons are not the link's.
    house.call("doors/front", "Open", &crate::daemon::client::no_options()).await.unwrap();
    house.0.daemon.kill().await;
    assert_eq!(std::fs::read(&key).unwrap(), b"damaged");
    std::fs::write(&key, kept).unwrap();
    house.0.handsets = 1;
    house.0.start_again().await;
    drop(phone.online().await);
}

#[tokio::test]
async fn an_address_that_is_taken_is_used_once_it_is_free() {
    let (mut house, phone, line) = house_and_its_address().await;
    drop(line);
    house.0.daemon.kill().await;
    let address = phone.invitation.at.first().unwrap().clone();
    let squatter = within_deadline("the port", async {
        loop {
            match std::net::TcpListener::bind(&address) {
                Ok(squatter) => return squatter,
                Err(_) => tokio::task::yield_now().await,
            }
        }
    })
    .await;
    house.0.start_again().await;
    assert!(house.problems().await.contains(&"link".to_owned()));
    drop(squatter);
    until("the link is there", async || !house.problems().await.contains(&"link".to_owned())).await;
    drop(phone.online().await);
}

#[tokio::test]
async fn a_new_name_and_what_newcomers_may_do_are_in_force_at_once() {
    let mut house = House::usual().await;
    let (phone, mut line) = house.let_in("Kitchen").await;
    let new = tables()
        .with("station", "name = 'Other door'")
        .with("link.pairing", "rights = ['preview']\ndoors = ['cellar']");
    house.home.configure(&new);
    house.daemon.signal(Signal::HUP);
    line.find(|_, message| match message {
        FromStation::StateIs(state) if state.name == "Other door" => Some(()),
        _ => None,
    })
    .await;
    let (_, state) = phone.resume(phone.connect().await).await;
    assert_eq!(state.name, "Other door");

    let mut guest = Phone::new("Guest", &house.pairing_link().await);
    assert_eq!(guest.invitation.name, "Other door");
    let ok = guest.pair(&mut guest.connect().await).await;
    assert_eq!((ok.rights, ok.doors), (vec![Right::Preview], vec!["cellar".parse().unwrap()]));
    assert!(!house.log().contains("in force after a restart"));
}
