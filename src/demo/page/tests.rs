// SPDX-License-Identifier: MIT OR Apache-2.0

use std::{sync::Arc, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    runtime::Builder,
    sync::{mpsc, watch},
    time::timeout,
};

use super::*;
use crate::{bus::Published, config, demo};

const PATIENCE: Duration = Duration::from_secs(30);
const UPGRADE: &str = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                       Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/// The status line and the headers of what is answered.
async fn answer(port: u16, path: &str, host: &str, headers: &str) -> String {
    ask(port, path, host, headers).await.1
}

/// And what they came by.
async fn ask(port: u16, path: &str, host: &str, headers: &str) -> (TcpStream, String) {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut text = Vec::new();
    while !text.windows(4).any(|end| end == b"\r\n\r\n") {
        let mut byte = [0];
        let read = timeout(PATIENCE, stream.read(&mut byte)).await.unwrap().unwrap();
        assert_eq!(read, 1, "closed after {:?}", String::from_utf8_lossy(&text));
        text.extend(byte);
    }
    (stream, String::from_utf8(text).unwrap())
}

fn on_a_page<F: Future>(visit: impl FnOnce(u16) -> F) {
    Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let config = config::parse("[panel]\nbackend = \"sim\"").unwrap();
        let simulator = demo::start(&config, None, None).unwrap();
        let (_publish, state) = watch::channel(Arc::new(Published::default()));
        let (requests, _) = mpsc::channel(1);
        let controls = simulator.controls();
        let scene = Scene { controls, state, requests, has_link: false };
        let url = open(scene).await.unwrap();
        let port = url.trim_end_matches('/').rsplit(':').next().unwrap().parse().unwrap();
        visit(port).await;
    });
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap()
}

#[test]
fn the_page_is_served_to_this_machine_and_runs_nothing_but_itself() {
    on_a_page(|port| async move {
        let host = format!("127.0.0.1:{port}");
        let page = answer(port, "/", &host, "").await.to_lowercase();
        assert_eq!(status(&page), "200");
        for header in [
            "content-type: text/html; charset=utf-8",
            "content-security-policy: default-src 'self'; ",
            "x-content-type-options: nosniff",
        ] {
            assert!(page.contains(header), "{header} is not in {page}");
        }
        assert_eq!(status(&answer(port, "/panel.js", &host, "").await), "200");
        assert_eq!(status(&answer(port, "/../Cargo.toml", &host, "").await), "404");
    });
}

#[test]
fn no_other_page_can_touch_the_panel() {
    on_a_page(|port| async move {
        let host = format!("127.0.0.1:{port}");
        let knock = async |host: &str, origin: &str| {
            let headers = format!("{UPGRADE}Origin: {origin}\r\n");
            status(&answer(port, "/live", host, &headers).await).to_owned()
        };
        assert_eq!(knock(&host, &format!("http://{host}")).await, "101");
        assert_eq!(knock(&host, "http://elsewhere.example").await, "403");
        assert_eq!(knock(&host, "null").await, "403");
        let rebound = format!("rebound.example:{port}");
        assert_eq!(knock(&rebound, &format!("http://{rebound}")).await, "403");
    });
}

#[test]
fn half_a_question_is_not_waited_for() {
    on_a_page(|port| async move {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: ").await.unwrap();
        let mut rest = Vec::new();
        drop(timeout(PATIENCE, stream.read_to_end(&mut rest)).await.expect("the end"));
    });
}

#[test]
fn so_many_pages_are_open_and_no_more() {
    on_a_page(|port| async move {
        let host = format!("127.0.0.1:{port}");
        let open = async || ask(port, "/live", &host, UPGRADE).await;
        let mut pages = Vec::new();
        for _ in 0..VISITS.in_all {
            let (page, answer) = open().await;
            assert_eq!(status(&answer), "101");
            pages.push(page);
        }
        assert_eq!(status(&open().await.1), "429");
        pages.pop();
        let room = async { while status(&open().await.1) != "101" {} };
        timeout(PATIENCE, room).await.expect("a page that is closed makes room");
    });
}

#[test]
fn nothing_is_sent_to_a_page_but_questions() {
    on_a_page(|port| async move {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.unwrap();
        let request =
            format!("POST / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        timeout(PATIENCE, stream.read_to_string(&mut answer)).await.unwrap().unwrap();
        assert_eq!(status(&answer), "405");
    });
}

#[test]
fn two_pages_of_one_machine_have_ports_of_their_own() {
    on_a_page(|first| async move {
        let second = bind().await.unwrap().local_addr().unwrap();
        assert_ne!(first, second.port());
        assert!(second.ip().is_loopback());
    });
}
