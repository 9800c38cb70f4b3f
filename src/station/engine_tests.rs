// SPDX-License-Identifier: MIT OR Apache-2.0
use std::time::Duration;

use tempfile::TempDir;

use super::*;
use crate::core::{profile::QuietHours, time::Weekday};

const FILE: &str = "[panel]\nbackend = 'sim'\n[contacts.home]\n";

struct Stage {
    engine: Engine,
    panel: PanelPort,
    state: watch::Receiver<Arc<Published>>,
    _directory: TempDir,
}

/// A station that nobody drives but the test, without a panel.
fn stage(config: Config) -> Stage {
    let directory = tempfile::tempdir().unwrap();
    let loaded = crate::store::load(directory.path(), config.store.calls);
    let store = StoreThread::start(directory.path(), &[], |_| {}).unwrap();
    let now = clock::now();
    let core = core::Station::new(now, config.profile.clone(), durable_of(&loaded, &config));
    let published = Published::new(Arc::new(configured(&config)), core.snapshot(now));
    let (publish, state) = watch::channel(Arc::new(published));
    let engine = Engine::new(core, None, config, store, loaded.calls, publish);
    let panel = PanelPort::Missing { retry_at: now, pause: Duration::from_secs(1) };
    Stage { engine, panel, state, _directory: directory }
}

#[test]
fn what_the_clock_decides_is_told_at_once() {
    let mut config = crate::config::parse(FILE).unwrap();
    config.profile.quiet =
        vec![QuietHours { days: Weekday::ALL.into_iter().collect(), from: 0, to: 0 }];
    let mut stage = stage(config);
    assert!(!stage.state.borrow().snapshot.station.quiet);
    stage.engine.read_clock(&stage.panel);
    assert!(stage.state.borrow().snapshot.station.quiet);
}
