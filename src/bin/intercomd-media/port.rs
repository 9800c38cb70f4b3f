// SPDX-License-Identifier: MIT OR Apache-2.0
//! The daemon at the other end of standard input: lines in, lines out.

use std::{io, os::fd::AsFd};

use intercomd::media::wire::{FromWorker, ToWorker};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{
        UnixStream,
        unix::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::mpsc,
};

/// Far more than the daemon lets a handset say, in JSON's longest spelling.
const LINE_MAX: u64 = 1024 * 1024;
/// More than this unread, and the daemon does not live any more.
const UNREAD_MAX: usize = 1024;

#[derive(Debug)]
pub(crate) struct Lines(BufReader<OwnedReadHalf>);

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("standard input is no socket: {0}")]
    Io(#[from] io::Error),
    /// The reader's own words would quote from the line.
    #[error("a line cannot be read (column {0})")]
    Unreadable(usize),
}

pub(crate) fn open() -> Result<(Lines, mpsc::Sender<FromWorker>), Error> {
    let socket = std::os::unix::net::UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    socket.set_nonblocking(true)?;
    let (read, write) = UnixStream::from_std(socket)?.into_split();
    let (sender, outgoing) = mpsc::channel(UNREAD_MAX);
    tokio::spawn(write_all(write, outgoing));
    Ok((Lines(BufReader::new(read)), sender))
}

impl Lines {
    /// `None` when the daemon has hung up. Not to be dropped half way: a part of a line would be
    /// lost.
    pub(crate) async fn next(&mut self) -> Result<Option<ToWorker>, Error> {
        loop {
            let mut line = Vec::new();
            (&mut self.0).take(LINE_MAX).read_until(b'\n', &mut line).await?;
            if line.last() == Some(&b'\n') {
                let read = serde_json::from_slice(&line);
                return read.map(Some).map_err(|error| Error::Unreadable(error.column()));
            }
            if line.len() as u64 != LINE_MAX {
                return Ok(None);
            }
            tracing::warn!("a line is too long");
            self.skip_line().await?;
        }
    }

    async fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let read = self.0.fill_buf().await?;
            let end = read.iter().position(|byte| *byte == b'\n');
            let used = end.map_or(read.len(), |end| end + 1);
            self.0.consume(used);
            if end.is_some() || used == 0 {
                return Ok(());
            }
        }
    }

    /// Reads on in a task of its own, so that nothing is ever read in halves.
    pub(crate) fn forward(mut self) -> mpsc::Receiver<Result<ToWorker, Error>> {
        let (sender, receiver) = mpsc::channel(64);
        tokio::spawn(async move {
            while let Some(next) = self.next().await.transpose() {
                let last = next.is_err();
                if sender.send(next).await.is_err() || last {
                    return;
                }
            }
        });
        receiver
    }
}

async fn write_all(mut socket: OwnedWriteHalf, mut outgoing: mpsc::Receiver<FromWorker>) {
    while let Some(message) = outgoing.recv().await {
        let Ok(mut line) = serde_json::to_vec(&message) else { continue };
        line.push(b'\n');
        if socket.write_all(&line).await.is_err() {
            return;
        }
    }
}
