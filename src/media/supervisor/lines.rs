// SPDX-License-Identifier: MIT OR Apache-2.0
//! The conversation with one worker: a JSON object on each line.

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::UnixStream,
    sync::mpsc,
};

use super::{
    desk::WorkerNo,
    process::{Loss, News, What},
};
use crate::media::wire::{FromWorker, ToWorker};

/// An offer with everything in it has some ten KiB.
const LONGEST: usize = 64 * 1024;

/// What a worker says makes no sense. Only that much is told of it: it may hold a password.
#[derive(Debug, thiserror::Error)]
pub(super) enum Breach {
    #[error("it says something of {length} bytes that means nothing, from column {column}")]
    NoSense { length: usize, column: usize },
    #[error("it says more than {LONGEST} bytes on one line")]
    TooLong,
}

/// Both ways at once, so that two full buffers do not wait for each other. Ends when the worker
/// does, or says nonsense.
pub(super) async fn exchange(
    no: WorkerNo,
    socket: UnixStream,
    queue: mpsc::Receiver<ToWorker>,
    news: mpsc::Sender<News>,
) {
    let (mut reader, writer) = socket.into_split();
    let loss = tokio::select! {
        loss = listen(no, &mut reader, &news) => loss,
        // Its last words may still be on the way.
        () = speak(writer, queue) => listen(no, &mut reader, &news).await,
    };
    // The daemon may have ended.
    drop(news.send(News { from: no, what: What::Lost(loss) }).await);
}

/// Ends, and with it what the worker can read, when nothing more will be said.
async fn speak(mut to: impl AsyncWrite + Unpin, mut queue: mpsc::Receiver<ToWorker>) {
    while let Some(line) = queue.recv().await {
        let Ok(mut bytes) = serde_json::to_vec(&line) else { continue };
        bytes.push(b'\n');
        if to.write_all(&bytes).await.is_err() {
            return;
        }
    }
}

async fn listen(
    no: WorkerNo,
    from: &mut (impl AsyncRead + Unpin),
    news: &mpsc::Sender<News>,
) -> Loss {
    let mut heard = Vec::new();
    loop {
        match from.read_buf(&mut heard).await {
            Ok(0) | Err(_) => return Loss::Closed,
            Ok(_) => {}
        }
        let mut rest = heard.as_slice();
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let (line, after) = rest.split_at(end);
            rest = after.get(1..).unwrap_or_default();
            let what = match meaning(line) {
                Ok(line) => What::Line(line),
                Err(breach) => return Loss::Breach(breach),
            };
            if news.send(News { from: no, what }).await.is_err() {
                return Loss::Closed;
            }
        }
        if rest.len() > LONGEST {
            return Loss::Breach(Breach::TooLong);
        }
        heard = rest.to_vec();
    }
}

fn meaning(line: &[u8]) -> Result<FromWorker, Breach> {
    if line.len() > LONGEST {
        return Err(Breach::TooLong);
    }
    serde_json::from_slice(line)
        .map_err(|error| Breach::NoSense { length: line.len(), column: error.column() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        core::LegId,
        media::MediaEvent,
        session::{Sdp, SessionNo, Signal},
    };

    async fn heard(text: &[u8]) -> (Vec<FromWorker>, Loss) {
        let (news, mut told) = mpsc::channel(1024);
        let loss = listen(WorkerNo(1), &mut &text[..], &news).await;
        drop(news);
        let mut lines = Vec::new();
        while let Some(News { what: What::Line(line), .. }) = told.recv().await {
            lines.push(line);
        }
        (lines, loss)
    }

    fn offer(sdp: &str) -> FromWorker {
        let leg: LegId = serde_json::from_str(r#"{"call":1,"handset":"hall"}"#).unwrap();
        let signal = Signal::Description(Sdp(sdp.to_owned()));
        FromWorker::Said(MediaEvent::Signal { leg, session: SessionNo(1), signal })
    }

    #[tokio::test]
    async fn lines_are_told_apart_however_they_arrive() {
        let long = offer(&"a=candidate\r\n".repeat(2000));
        let text =
            format!("\"ready\"\n{}\n{{\"pong\":7}}\n", serde_json::to_string(&long).unwrap());
        let (mut worker, mut us) = tokio::io::duplex(100);
        let (news, mut told) = mpsc::channel(8);
        let listening =
            tokio::spawn(async move { listen(WorkerNo(3), &mut us, &news).await.to_string() });
        worker.write_all(text.as_bytes()).await.unwrap();
        drop(worker);
        for expected in [FromWorker::Ready, long, FromWorker::Pong(7)] {
            let News { from, what } = told.recv().await.unwrap();
            assert_eq!(from, WorkerNo(3));
            assert!(matches!(what, What::Line(line) if line == expected));
        }
        assert_eq!(listening.await.unwrap(), "it closed its end");
    }

    #[tokio::test]
    async fn nonsense_ends_the_conversation_and_none_of_it_is_told() {
        for nonsense in ["hunter2", "{\"said\":\"hunter2\"}", "{\"pong\":\"hunter2\"}", "", "{}"] {
            let (lines, loss) =
                heard(format!("\"ready\"\n{nonsense}\n\"ready\"\n").as_bytes()).await;
            assert_eq!(lines, [FromWorker::Ready], "{nonsense}");
            assert!(matches!(loss, Loss::Breach(Breach::NoSense { .. })), "{nonsense}");
            assert!(!format!("{loss} {loss:?}").contains("hunter2"), "{loss:?}");
        }
    }

    #[tokio::test]
    async fn a_line_without_end_is_not_collected() {
        let endless = vec![b'['; 10 * LONGEST];
        let (_, loss) = heard(&endless).await;
        assert!(matches!(loss, Loss::Breach(Breach::TooLong)));
        let mut almost = serde_json::to_vec(&offer(&"x".repeat(2 * LONGEST))).unwrap();
        almost.push(b'\n');
        let (lines, loss) = heard(&almost).await;
        assert!(lines.is_empty() && matches!(loss, Loss::Breach(Breach::TooLong)));
    }

    #[tokio::test]
    async fn what_was_said_before_the_end_is_heard_in_both_directions() {
        let (ours, mut worker) = UnixStream::pair().unwrap();
        let (lines, queue) = mpsc::channel(8);
        let (news, mut told) = mpsc::channel(8);
        for number in 0..3 {
            lines.try_send(ToWorker::Ping(number)).unwrap();
        }
        drop(lines);
        let exchange = tokio::spawn(exchange(WorkerNo(1), ours, queue, news));
        let mut read = String::new();
        worker.read_to_string(&mut read).await.unwrap();
        assert_eq!(read, "{\"ping\":0}\n{\"ping\":1}\n{\"ping\":2}\n");
        worker.write_all(b"{\"pong\":2}\n").await.unwrap();
        drop(worker);
        assert!(matches!(told.recv().await.unwrap().what, What::Line(FromWorker::Pong(2))));
        assert!(matches!(told.recv().await.unwrap().what, What::Lost(Loss::Closed)));
        exchange.await.unwrap();
    }

    proptest! {
        #[test]
        fn any_bytes_are_lines_or_a_loss(bytes in any::<Vec<u8>>()) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(heard(&bytes));
        }
    }
}
