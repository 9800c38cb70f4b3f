// SPDX-License-Identifier: MIT OR Apache-2.0
//! One connection of the handset to its station, and the call in it.

use intercomd::{
    core::{CallId, DoorName},
    link::message::{
        FromHandset, FromStation,
        field::{CandidateLine, Cid, Ice},
        from_handset::{Answer, Challenge, Connect},
        from_station::Offer,
    },
    session::{Candidate, SessionNo, Signal, VideoCodec},
};
use tokio::sync::mpsc::{self, Receiver};

use crate::{
    peer::{Manners, Peer},
    phone::{Line, Phone, Said},
};

pub(crate) struct Talk<'a> {
    phone: &'a Phone,
    line: Line,
    call: Option<CallId>,
    peer: Option<Peer>,
    /// The door that a challenge was asked for.
    door: Option<DoorName>,
    signals: Receiver<(SessionNo, Signal)>,
    signals_in: mpsc::Sender<(SessionNo, Signal)>,
}

impl<'a> Talk<'a> {
    pub(crate) fn new(phone: &'a Phone, line: Line) -> Self {
        let (signals_in, signals) = mpsc::channel(64);
        Self { phone, line, call: None, peer: None, door: None, signals, signals_in }
    }

    /// Until the connection is over, or nobody gives orders any more.
    pub(crate) async fn goes_on(&mut self, orders: &mut Receiver<String>) -> bool {
        tokio::select! {
            said = self.line.hear() => match said {
                Some(Said::Message(_, message)) => self.heard(message).await,
                Some(Said::Closed(_)) | None => return false,
            },
            Some((session, signal)) = self.signals.recv() => self.signal(session, signal).await,
            order = orders.recv() => match order {
                Some(order) => self.order(&order).await,
                None => std::process::exit(0),
            },
        }
        true
    }

    async fn order(&mut self, order: &str) {
        let cid = self.call.unwrap_or(CallId(0));
        let message = match order.split_once(' ') {
            None if order == "accept" => FromHandset::Accept(Cid { cid }),
            None if order == "reject" => FromHandset::Reject(Cid { cid }),
            None if order == "hangup" => FromHandset::HangUp(Cid { cid }),
            Some(("open", door)) => {
                let door = door.parse::<DoorName>().unwrap();
                self.door = Some(door.clone());
                FromHandset::Challenge(Challenge { door })
            }
            _ => panic!("no order: {order}"),
        };
        self.line.say(&message).await;
    }

    async fn heard(&mut self, message: FromStation) {
        match message {
            FromStation::Ring(ring) => self.rings(ring.cid).await,
            FromStation::Offer(offer) => self.answer(offer).await,
            FromStation::Ice(ice) => {
                if let Some(peer) = self.peer.as_ref().filter(|peer| peer.session == ice.session) {
                    let line = ice.candidate.into();
                    peer.candidate(&Candidate { mline: ice.mline, line });
                }
            }
            FromStation::Selected(_) => println!("selected"),
            FromStation::Ended(ended) => {
                println!("ended {} {}", ended.status.word(), ended.reason.word());
                (self.call, self.peer) = (None, None);
            }
            FromStation::ChallengeIs(challenge) => {
                if let Some(door) = self.door.take() {
                    let key = &self.phone.action;
                    let open = self.phone.action(&door, self.call, challenge.nonce, key);
                    self.line.say(&open).await;
                }
            }
            FromStation::Ok(_) => println!("done"),
            FromStation::Error(failed) => println!("refused {}", failed.code.word()),
            other @ (FromStation::HelloOk(_)
            | FromStation::PairOk(_)
            | FromStation::StateIs(_)
            | FromStation::Nudge(_)
            | FromStation::Held(_)
            | FromStation::Warning(_)
            | FromStation::Ack(_)) => println!("said {}", other.word()),
        }
    }

    pub(crate) async fn rings(&mut self, cid: CallId) {
        self.call = Some(cid);
        println!("rings");
        self.line.say(&FromHandset::Ringing(Cid { cid })).await;
        let connect = Connect { cid, video: vec![VideoCodec::Vp8], camera: false };
        self.line.say(&FromHandset::Connect(connect)).await;
    }

    async fn answer(&mut self, offer: Offer) {
        let Offer { session, sdp, .. } = offer;
        let signals = self.signals_in.clone();
        let tell = move |signal| drop(signals.blocking_send((session, signal)));
        self.peer = None;
        let answered = tokio::task::spawn_blocking(move || {
            Peer::answer(session, &sdp.0, &Manners::default(), tell)
        });
        self.peer = Some(answered.await.unwrap());
    }

    async fn signal(&mut self, session: SessionNo, signal: Signal) {
        let Some(cid) = self.call else { return };
        let message = match signal {
            Signal::Description(sdp) => FromHandset::Answer(Answer { cid, session, sdp }),
            Signal::Candidate(Candidate { mline, line }) => {
                let Ok(candidate) = CandidateLine::try_from(line) else { return };
                FromHandset::Ice(Ice { cid, session, mline, candidate })
            }
        };
        self.line.say(&message).await;
    }
}
