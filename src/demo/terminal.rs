// SPDX-License-Identifier: MIT OR Apache-2.0
pub async fn run(
    _c: super::Controls,
    _s: tokio::sync::watch::Receiver<std::sync::Arc<crate::bus::Published>>,
) {
}
