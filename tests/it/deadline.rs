// SPDX-License-Identifier: MIT OR Apache-2.0
//! No wait in a test is without end.

use std::time::Duration;

/// No wait in a test lasts longer.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

pub(crate) async fn within_deadline<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(DEADLINE, future).await {
        Ok(value) => value,
        Err(_) => panic!("{what} took longer than {DEADLINE:?}"),
    }
}
