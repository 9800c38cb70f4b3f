// SPDX-License-Identifier: MIT OR Apache-2.0
//! Answers the method calls of clients. What can be answered from the published state is
//! answered at once; everything else in a task of its own, so that nobody waits for another.

use std::{future::poll_fn, pin::Pin, sync::Arc};

use futures_core::Stream;
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinSet,
    time::{Duration, timeout},
};
use zbus::{Connection, MatchRule, Message, MessageStream, message::Flags};

use super::{
    admission::Admission,
    authority::Authority,
    failure::Failure,
    intent::{Intent, Wish},
    object::{NoObject, Object},
    published::Published,
    publisher::Announced,
    standard::{self, Standard},
    text::carriable,
    view::micros,
};
use crate::{
    core::{Origin, Rejected, Reply},
    link::{PairingLink, qr},
    station::request::{Pairing, Request, SelfTestReport},
    store::LoggedCall,
};

#[derive(Debug)]
pub(super) struct Service {
    pub(super) connection: Connection,
    pub(super) authority: Authority,
    pub(super) requests: mpsc::Sender<Request>,
    pub(super) state: watch::Receiver<Arc<Published>>,
    pub(super) announced: Announced,
    pub(super) patience: Duration,
    pub(super) admission: Admission,
}

/// What becomes of a method call.
enum Plan {
    Reply(Message),
    Carry(Intent),
}

pub(super) async fn method_calls(connection: &Connection) -> zbus::Result<MessageStream> {
    let calls = MatchRule::builder().msg_type(zbus::message::Type::MethodCall).build()?;
    MessageStream::for_match_rule(calls, connection, None).await
}

impl Service {
    /// Ends with the connection. The calls under way end with it.
    pub(super) async fn run(self: Arc<Self>, mut calls: MessageStream) {
        let mut under_way = JoinSet::new();
        while let Some(call) = poll_fn(|cx| Pin::new(&mut calls).poll_next(cx)).await {
            match call {
                Ok(call) => self.take(call, &mut under_way).await,
                Err(error) => tracing::debug!(%error, "a message could not be read"),
            }
            while under_way.try_join_next().is_some() {}
        }
    }

    async fn take(self: &Arc<Self>, call: Message, under_way: &mut JoinSet<()>) {
        let intent = match self.plan(&call) {
            Ok(Plan::Reply(reply)) => return self.send(&call, Ok(reply)).await,
            Ok(Plan::Carry(intent)) => intent,
            Err(failure) => return self.send(&call, Err(failure)).await,
        };
        let caller = call.header().sender().map(ToString::to_string).unwrap_or_default();
        let Some(admitted) = self.admission.admit(caller) else {
            return self.send(&call, Err(Failure::TooManyCalls)).await;
        };
        let service = Arc::clone(self);
        under_way.spawn(async move {
            let result = service.carry(&call, intent).await;
            service.send(&call, result).await;
            drop(admitted);
        });
    }

    fn plan(&self, call: &Message) -> Result<Plan, Failure> {
        let header = call.header();
        let path = header.path().map(|path| path.as_str()).unwrap_or_default();
        let method = header.member().map(|member| member.as_str()).unwrap_or_default();
        let interface = header.interface().map(|interface| interface.as_str());
        let published = Arc::clone(&self.state.borrow());

        if let Some(standard) = Standard::of(interface, method) {
            return match standard::answer(standard, call, path, &published)? {
                standard::Answer::Reply(reply) => Ok(Plan::Reply(reply)),
                standard::Answer::Write(intent) => Ok(Plan::Carry(intent)),
            };
        }
        let object: Object =
            path.parse().map_err(|NoObject| Failure::UnknownObject(path.to_owned()))?;
        if interface.is_some_and(|interface| interface != object.interface()) {
            return Err(Failure::UnknownInterface(interface.unwrap_or_default().to_owned()));
        }
        let body = call.body();
        let intent = Intent::of_method(&object, method, &body, &published)?;
        if object != Object::Station && !Object::managed(&published.snapshot).contains(&object) {
            return Err(Failure::Gone(object));
        }
        Ok(Plan::Carry(intent))
    }

    async fn carry(&self, call: &Message, intent: Intent) -> Result<Message, Failure> {
        self.authority.check(&call.header(), &intent.rights).await?;
        // While a person typed a password the button may have been given another meaning.
        if let Plan::Carry(now) = self.plan(call)?
            && !now.rights.is_subset(&intent.rights)
        {
            self.authority.check(&call.header(), &now.rights).await?;
        }
        let patience = self.patience + intent.wish.lasts();
        let reply = timeout(patience, self.grant(call, intent.wish))
            .await
            .map_err(|_| Failure::StationTimeout)?;
        // What the call changed has been published by now. Its signals go out before its reply.
        let revision = self.state.borrow().revision();
        if timeout(self.patience, self.announced.reaches(revision)).await.is_err() {
            tracing::warn!(revision, "signals are late");
        }
        reply
    }

    async fn grant(&self, call: &Message, wish: Wish) -> Result<Message, Failure> {
        match wish {
            Wish::Command(command) => {
                let origin = Origin::Bus;
                let done: Result<Reply, Rejected> =
                    self.ask(|reply| Request::Command { origin, command, reply }).await?;
                match done? {
                    Reply::Done => returns(call, &()),
                    Reply::Call(id) => returns(call, &Object::Call(id).path()),
                }
            }
            Wish::OpenPairing { lifetime, grant } => {
                let Pairing { link: PairingLink(link), deadline } =
                    self.ask(|reply| Request::OpenPairing { lifetime, grant, reply }).await??;
                let picture = qr::svg(&link).ok_or(Failure::LinkTooLong)?;
                returns(call, &(link, picture, micros(deadline)))
            }
            Wish::RemoveHandset(handset) => {
                self.ask(|reply| Request::RemoveHandset { handset, reply }).await??;
                returns(call, &())
            }
            Wish::Reload => {
                let taken = self.ask(|reply| Request::Reload { reply }).await?;
                taken.map_err(Failure::BadConfiguration)?;
                returns(call, &())
            }
            Wish::CallLog { limit } => {
                let log: Vec<LoggedCall> =
                    self.ask(|reply| Request::CallLog { limit, reply }).await?;
                returns(call, &log.iter().map(LoggedCall::entries).collect::<Vec<_>>())
            }
            Wish::SelfTest => {
                let report: SelfTestReport = self.ask(|reply| Request::SelfTest { reply }).await?;
                returns(call, &report.entries())
            }
        }
    }

    async fn ask<T>(
        &self,
        request: impl FnOnce(oneshot::Sender<T>) -> Request,
    ) -> Result<T, Failure> {
        let (reply, answer) = oneshot::channel();
        self.requests.send(request(reply)).await.map_err(|_| Failure::Stopping)?;
        answer.await.map_err(|_| Failure::Stopping)
    }

    async fn send(&self, call: &Message, result: Result<Message, Failure>) {
        let header = call.header();
        if header.primary().flags().contains(Flags::NO_REPLY_EXPECTED) {
            return;
        }
        let sent = match result {
            Ok(reply) => self.connection.send(&reply).await,
            Err(failure) => {
                let text = carriable(&failure.to_string());
                tracing::debug!(name = failure.name(), text, "a call over the bus failed");
                self.connection.reply_error(&header, failure.name(), &text).await
            }
        };
        if let Err(error) = sent {
            tracing::debug!(%error, "a reply could not be sent");
        }
    }
}

pub(super) fn returns<B>(call: &Message, body: &B) -> Result<Message, Failure>
where
    B: serde::Serialize + zbus::DynamicType,
{
    Message::method_return(&call.header()).build(body).map_err(Failure::Unsendable)
}
