// SPDX-License-Identifier: MIT OR Apache-2.0
//! The listener itself: TLS, pages, and what it does not put up with.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_tungstenite::tungstenite::{self, http::StatusCode};

use super::{
    house::{House, tables},
    phone::Phone,
    wire::{Socket, carrier},
};
use crate::deadline::within_deadline;

/// Of a client that knows nothing newer: no `supported_versions`.
fn hello_of_tls_1_2() -> Vec<u8> {
    let mut body = vec![3, 3];
    body.extend([7; 32]);
    body.push(0);
    body.extend([0, 4, 0xc0, 0x2b, 0xc0, 0x2f]);
    body.extend([1, 0]);
    // P-256, and ECDSA with SHA-256.
    let extensions = [0, 10, 0, 4, 0, 2, 0, 23, 0, 13, 0, 4, 0, 2, 4, 3];
    body.extend([0, u8::try_from(extensions.len()).unwrap()]);
    body.extend(extensions);
    let long = |bytes: &[u8]| u16::try_from(bytes.len()).unwrap().to_be_bytes();
    let mut handshake = vec![1, 0];
    handshake.extend(long(&body));
    handshake.extend(body);
    let mut record = vec![22, 3, 1];
    record.extend(long(&handshake));
    record.extend(handshake);
    record
}

async fn station() -> (House, Phone) {
    let house = House::usual().await;
    let phone = Phone::new("Nobody", &house.pairing_link().await);
    (house, phone)
}

#[tokio::test]
async fn nothing_older_than_tls_1_3_is_spoken() {
    let (_house, phone) = station().await;
    let mut stream = TcpStream::connect(phone.invitation.at.first().unwrap()).await.unwrap();
    stream.write_all(&hello_of_tls_1_2()).await.unwrap();
    let mut answer = Vec::new();
    within_deadline("an alert", stream.read_to_end(&mut answer)).await.unwrap();
    // An alert, fatal: protocol_version.
    assert_eq!((answer[0], &answer[5..7]), (21, &[2, 70][..]), "{answer:?}");
}

async fn get(phone: &Phone, request: &str) -> String {
    let host = phone.invitation.at.first().unwrap();
    get_from(phone, host, request).await
}

async fn get_from(phone: &Phone, host: &str, request: &str) -> String {
    let address = phone.invitation.at.first().unwrap();
    let mut stream = carrier(address, phone.invitation.pin.0).await.unwrap();
    let request = format!("{request}\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    // Whoever is refused may be so before all of it is written.
    drop(stream.write_all(request.as_bytes()).await);
    let mut answer = Vec::new();
    // Some end TLS without a word.
    drop(within_deadline("an answer", stream.read_to_end(&mut answer)).await);
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn the_handset_page_comes_with_everything_that_keeps_it_to_itself() {
    let (_house, phone) = station().await;
    let page = get(&phone, "GET / HTTP/1.1").await.to_ascii_lowercase();
    assert!(page.starts_with("http/1.1 200"), "{page}");
    for header in [
        "content-type: text/html; charset=utf-8",
        "frame-ancestors 'none'",
        "default-src 'none'",
        "x-content-type-options: nosniff",
        "referrer-policy: no-referrer",
    ] {
        assert!(page.contains(header), "{header} is not in {page}");
    }
    let script = get(&phone, "GET /main.js HTTP/1.1").await.to_ascii_lowercase();
    assert!(script.contains("content-type: text/javascript; charset=utf-8"));
    for (request, status) in [
        ("GET /station.pem HTTP/1.1", "404"),
        ("GET /../../etc/passwd HTTP/1.1", "404"),
        ("POST / HTTP/1.1", "405"),
        ("DELETE /index.html HTTP/1.1", "405"),
        ("GET /link HTTP/1.1", "4"),
    ] {
        let answer = get(&phone, request).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{request}: {answer}");
    }
}

#[tokio::test]
async fn a_foreign_page_opens_no_link() {
    let (_house, phone) = station().await;
    let (address, pin) = (phone.invitation.at.first().unwrap(), phone.invitation.pin.0);
    let open = async |origin: &str| {
        let headers = [("sec-websocket-protocol", "icm1"), ("origin", origin)];
        Socket::open_with(address, pin, &headers).await
    };
    let refused = open("https://evil.example").await.err();
    let Some(tungstenite::Error::Http(answer)) = refused else { panic!("{refused:?}") };
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    let (_, answer) = open(&format!("https://{address}")).await.unwrap();
    assert_eq!(answer.headers()["sec-websocket-protocol"], "icm1");
    let other = [("sec-websocket-protocol", "chat")];
    assert!(Socket::open_with(address, pin, &other).await.is_err(), "another protocol");
}

#[tokio::test]
async fn a_foreign_name_that_was_made_to_point_here_leads_nowhere() {
    let named = tables().with("link", "listen = '127.0.0.1:0'\nat = ['door.example']");
    let house = House::with(named).await;
    let mut phone = Phone::new("Nobody", &house.pairing_link().await);
    for at in &mut phone.invitation.at {
        *at = at.replace("door.example", "127.0.0.1");
    }
    for (host, status) in [
        ("evil.example:7443", "421"),
        ("evil.example", "421"),
        ("door.example.evil.example", "421"),
        ("door.example:7443", "200"),
        ("localhost", "200"),
        ("intercomd.local:7443", "200"),
        ("192.0.2.9:7443", "200"),
    ] {
        let answer = get_from(&phone, host, "GET / HTTP/1.1").await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{host}: {answer}");
    }
    let headers = [
        ("sec-websocket-protocol", "icm1"),
        ("host", "evil.example:7443"),
        ("origin", "https://evil.example:7443"),
    ];
    let address = phone.invitation.at.first().unwrap();
    let refused = Socket::open_with(address, phone.invitation.pin.0, &headers).await.err();
    let Some(tungstenite::Error::Http(answer)) = refused else { panic!("{refused:?}") };
    assert_eq!(answer.status(), StatusCode::MISDIRECTED_REQUEST);
}

#[tokio::test]
async fn whoever_dawdles_is_hung_up_on() {
    let (_house, phone) = station().await;
    let address = phone.invitation.at.first().unwrap();
    // No TLS, half a head, and a page that is followed by nothing.
    let mut silent = TcpStream::connect(address).await.unwrap();
    let mut slow = carrier(address, phone.invitation.pin.0).await.unwrap();
    slow.write_all(b"GET / HTTP/1.1\r\nHost: ").await.unwrap();
    let mut idle = carrier(address, phone.invitation.pin.0).await.unwrap();
    idle.write_all(format!("GET /icon.svg HTTP/1.1\r\nHost: {address}\r\n\r\n").as_bytes())
        .await
        .unwrap();
    let mut rest = Vec::new();
    drop(within_deadline("the end of silence", silent.read_to_end(&mut rest)).await);
    drop(within_deadline("the end of half a head", slow.read_to_end(&mut rest)).await);
    drop(within_deadline("the end of idleness", idle.read_to_end(&mut rest)).await);
}

#[tokio::test]
async fn an_endless_head_is_refused() {
    let (_house, phone) = station().await;
    let filler = format!("GET / HTTP/1.1\r\nX-Filler: {}", "x".repeat(64 * 1024));
    let answer = get(&phone, &filler).await;
    assert!(!answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test]
async fn loopback_may_do_without_tls() {
    let tables = tables().with("link", "listen = 'http://127.0.0.1:0'");
    let mut house = House::with(tables).await;
    let link = house.pairing_link().await;
    assert!(link.starts_with("http://127.0.0.1:"), "{link}");
    let (phone, mut line) = house.let_in_by("Browser", &link).await;
    assert_eq!(phone.invitation.pin.0, None);
    house.press("bell").await;
    line.rings().await;
}
