// SPDX-License-Identifier: MIT OR Apache-2.0
//! A push service on loopback that answers as it is told, and the phone behind it.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
};

use intercomd::link::{
    bytes,
    envelope::{self, LARGEST_AT_FIRST},
    message::Pushed,
    push::Subscription,
};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    task::JoinHandle,
};

use super::{
    phone::{OnlyStation, Phone, random},
    push_keys::PushKeys,
};
use crate::deadline::within_deadline;

/// A request as it came.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) line: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

/// The head of an answer, or silence.
pub(crate) type Answer = Option<&'static str>;

pub(crate) const CREATED: Answer = Some("201 Created\r\nLocation: /m/1");

pub(crate) struct PushService {
    pub(crate) port: u16,
    answers: Arc<Mutex<VecDeque<Answer>>>,
    requests: mpsc::Receiver<Request>,
    task: JoinHandle<()>,
}

impl PushService {
    /// Answers as listed, and from then on that it took the push.
    pub(crate) async fn start(answers: impl IntoIterator<Item = Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let answers = Arc::new(Mutex::new(answers.into_iter().collect::<VecDeque<_>>()));
        let (tell, requests) = mpsc::channel(64);
        let listed = answers.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (listed, tell) = (listed.clone(), tell.clone());
                tokio::spawn(serve(stream, listed, tell));
            }
        });
        Self { port, answers, requests, task }
    }

    pub(crate) fn will_answer(&self, answer: Answer) {
        self.answers.lock().unwrap().push_back(answer);
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) async fn request(&mut self) -> Request {
        within_deadline("a push", self.requests.recv()).await.unwrap()
    }

    /// What came and was not looked at yet.
    pub(crate) fn has_more(&mut self) -> bool {
        self.requests.try_recv().is_ok()
    }
}

impl Drop for PushService {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    mut stream: TcpStream,
    answers: Arc<Mutex<VecDeque<Answer>>>,
    tell: mpsc::Sender<Request>,
) {
    let Some(request) = read(&mut stream).await else { return };
    let answer = answers.lock().unwrap().pop_front().unwrap_or(CREATED);
    drop(tell.send(request).await);
    match answer {
        Some(head) => {
            let answer = format!("HTTP/1.1 {head}\r\nContent-Length: 0\r\n\r\n");
            drop(stream.write_all(answer.as_bytes()).await);
        }
        // Until the other side has had enough.
        None => drop(stream.read(&mut [0; 1]).await),
    }
}

async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        (stream.read_buf(&mut bytes).await.ok()? > 0).then_some(())?;
    };
    let head = String::from_utf8(bytes.drain(..end).collect()).ok()?;
    let (line, rest) = head.split_once("\r\n")?;
    let header = |line: &str| {
        let (name, value) = line.split_once(": ")?;
        Some((name.to_ascii_lowercase(), value.to_owned()))
    };
    let headers: BTreeMap<_, _> = rest.lines().filter_map(header).collect();
    let length: usize = headers.get("content-length")?.parse().ok()?;
    while bytes.len() < length {
        (stream.read_buf(&mut bytes).await.ok()? > 0).then_some(())?;
    }
    Some(Request { line: line.to_owned(), headers, body: bytes })
}

/// The push keys of a phone, for one station.
pub(crate) struct Sleeper {
    pub(crate) keys: PushKeys,
    pub(crate) endpoint: String,
}

impl Sleeper {
    pub(crate) fn at(origin: &str) -> Self {
        let mut d: [u8; 32] = random();
        // Below the order of the curve.
        d[0] = 1;
        let endpoint = format!("{origin}/up/{}", bytes::encode(&random::<12>()));
        Self { keys: PushKeys::new(d, random()), endpoint }
    }

    pub(crate) fn subscription(&self) -> Subscription {
        let endpoint = self.endpoint.clone().try_into().unwrap();
        Subscription { endpoint, p256dh: self.keys.point, auth: self.keys.auth }
    }

    /// What the station says to this phone; everything about the request is as it should be.
    pub(crate) fn read(&self, phone: &Phone, request: &Request) -> Pushed {
        let path = self.endpoint.splitn(4, '/').last().unwrap();
        assert_eq!(request.line, format!("POST /{path} HTTP/1.1"));
        for (name, value) in [
            ("content-encoding", "aes128gcm"),
            ("content-type", "application/octet-stream"),
            ("urgency", "high"),
        ] {
            assert_eq!(request.headers[name], value);
        }
        assert_eq!(request.headers["topic"].len(), 22);
        let ttl: u64 = request.headers["ttl"].parse().unwrap();
        assert!(ttl <= 45, "{ttl}");
        let station = phone.station.unwrap();
        self.checks_token(phone, &request.headers["authorization"]);
        assert_eq!(request.body.len() % 1024, 86 + 16);
        let text = self.keys.decrypt(&request.body).expect("it is for this phone");
        let frame = String::from_utf8(text).unwrap();
        let keyring = OnlyStation(Some(station));
        let opened = envelope::open(&frame, LARGEST_AT_FIRST, &phone.me(), &keyring).unwrap();
        assert_eq!((opened.sx.as_str(), opened.seq, opened.ack, opened.re), ("", 0, 0, None));
        Pushed::read(&opened.t, opened.b).unwrap()
    }

    fn checks_token(&self, phone: &Phone, authorization: &str) {
        let rest = authorization.strip_prefix("vapid t=").unwrap();
        let (token, key) = rest.split_once(", k=").unwrap();
        let key = bytes::decode(key).unwrap();
        let jwk = serde_json::to_value(phone.station.unwrap()).unwrap();
        let coordinate = |name: &str| bytes::decode(jwk[name].as_str().unwrap()).unwrap();
        assert_eq!(key, [vec![4], coordinate("x"), coordinate("y")].concat());
        let (said, signature) = token.rsplit_once('.').unwrap();
        let signature = bytes::decode(signature).unwrap();
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key);
        key.verify(said.as_bytes(), &signature).unwrap();
        let claims = said.split_once('.').unwrap().1;
        let claims: Value = serde_json::from_slice(&bytes::decode(claims).unwrap()).unwrap();
        let origin = self.endpoint.split('/').take(3).collect::<Vec<_>>().join("/");
        assert_eq!(claims["aud"], json!(origin));
        assert_eq!(claims["sub"], json!("mailto:owner@door.example"));
        let left = claims["exp"].as_u64().unwrap().checked_sub(unix_s()).unwrap();
        assert!(left <= 12 * 60 * 60, "{left}");
    }
}

pub(crate) fn unix_s() -> u64 {
    rustix::time::clock_gettime(rustix::time::ClockId::Realtime).tv_sec.try_into().unwrap()
}
