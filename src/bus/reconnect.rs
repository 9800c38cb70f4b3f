// SPDX-License-Identifier: MIT OR Apache-2.0
//! The bus may start after the station, and may be restarted under it. Neither keeps a button
//! from working.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, oneshot, watch},
    time::sleep,
};

use super::{Error, Published, Settings, serve};
use crate::station::request::Request;

const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Serves, and serves again whenever the connection was lost. Ends only with an error that
/// trying again does not help, and when the station does not take requests any more. `settled`
/// hears of the first attempt, however it went.
pub async fn keep_serving(
    settings: Settings,
    requests: mpsc::Sender<Request>,
    state: watch::Receiver<Arc<Published>>,
    settled: oneshot::Sender<()>,
) -> Result<(), Error> {
    let mut pauses = Pauses::default();
    let mut settled = Some(settled);
    let mut settle = || settled.take().map(|settled| settled.send(()));
    while !requests.is_closed() {
        match serve(settings.clone(), requests.clone(), state.clone()).await {
            Ok(bus) => {
                tracing::debug!("on the bus");
                settle();
                pauses = Pauses::default();
                tokio::select! {
                    () = bus.lost() => tracing::warn!("the bus was lost"),
                    () = requests.closed() => bus.close().await,
                }
            }
            Err(error) if error.is_retryable() => {
                pauses.report(&error);
                settle();
            }
            Err(error) => return Err(error),
        }
        tokio::select! {
            () = sleep(pauses.next_pause()) => (),
            () = requests.closed() => (),
        }
    }
    Ok(())
}

/// Ever longer, so that a machine without a bus is left in peace.
#[derive(Debug, Default)]
struct Pauses {
    last: Option<Duration>,
}

impl Pauses {
    fn next_pause(&mut self) -> Duration {
        let next = self.last.map_or(FIRST_PAUSE, |last| (last * 2).min(LONGEST_PAUSE));
        self.last = Some(next);
        next
    }

    /// Once is enough for the owner of the house.
    fn report(&self, error: &Error) {
        let cause = std::error::Error::source(error).map(ToString::to_string);
        if self.last.is_none() {
            tracing::warn!(%error, cause, "not on the bus, trying again");
        } else {
            tracing::debug!(%error, cause, "still not on the bus");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_half_a_minute() {
        let mut pauses = Pauses::default();
        let taken: Vec<_> = (0..9).map(|_| pauses.next_pause().as_millis()).collect();
        assert_eq!(taken, [250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    }
}
