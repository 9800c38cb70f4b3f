// SPDX-License-Identifier: MIT OR Apache-2.0
//! A new configuration in a running station: all of it or nothing.

use std::sync::Arc;

use super::{
    clock,
    engine::{Engine, configured},
    in_force, link_port, media_port, notify,
    panel_port::PanelPort,
};
use crate::{
    bus::Notice,
    config::{self, Config, Problems, Source},
    core::status::Problem,
    demo::{self, Simulator},
};

impl Engine {
    /// On error the old configuration runs on, and the station says that it does.
    pub(super) async fn reload(
        &mut self,
        panel: &mut PanelPort,
        simulator: Option<&Simulator>,
    ) -> Result<(), Vec<String>> {
        notify::reloading();
        let outcome = self.take_over(panel, simulator).await;
        let problems = outcome.as_ref().err().cloned().unwrap_or_default();
        for problem in &problems {
            tracing::error!(problem, "the new configuration was refused");
        }
        if problems.is_empty() {
            tracing::info!("the new configuration is in force");
        }
        self.problem(Problem::Configuration, !problems.is_empty());
        self.notices.push(Notice::ConfigurationReloaded { problems });
        self.settle(panel);
        notify::ready();
        outcome
    }

    async fn take_over(
        &mut self,
        panel: &mut PanelPort,
        simulator: Option<&Simulator>,
    ) -> Result<(), Vec<String>> {
        let Some(path) = &self.path else {
            return Err(vec!["this station was not started from a file".to_owned()]);
        };
        let told =
            |problems: Problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>();
        let source = Source::read(path).map_err(told)?;
        let new = source.parse().map_err(told)?;
        let rewired = new.wiring != self.config.wiring;
        if rewired && let Err(error) = panel.rewire(&new).await {
            let old = panel.rewire(&self.config).await;
            if let Some(simulator) = simulator {
                simulator.play_on(panel.sim());
            }
            self.panel_opened(panel);
            let mut problems = vec![error.to_string()];
            problems.extend(old.err().map(|error| format!("nor the old lines: {error}")));
            return Err(problems);
        }
        in_force::remember(&source);
        for warning in &new.warnings {
            tracing::warn!(%warning, "configuration");
        }
        self.warn_of_what_needs_a_restart(&new, simulator.is_some());
        if new.media.setup.audio != self.config.media.setup.audio {
            // That was about other devices, and these may never be tested.
            self.problem(Problem::SoundUnheard, false);
        }
        self.config = new;
        self.calls.set_length(self.config.store.calls);
        self.media.reconfigure(&self.config);
        self.loop_tests.reschedule(self.config.media.loop_test);
        self.link_settings.send_if_modified(|shown| {
            let new = link_port::settings(&self.config);
            std::mem::replace(shown, new.clone()) != new
        });
        if rewired {
            self.panel_opened(panel);
        } else {
            self.core.reconfigure(clock::now(), self.config.profile.clone(), false);
        }
        if let Some(simulator) = simulator {
            simulator.reconfigure(&self.config, panel.sim());
        }
        let configured = Arc::new(configured(&self.config));
        let published = self.publish.borrow().as_ref().clone();
        self.publish.send_replace(Arc::new(published.reconfigured(configured)));
        Ok(())
    }

    fn warn_of_what_needs_a_restart(&self, new: &Config, is_simulated: bool) {
        let old = &self.config;
        let link = config::Link { pairing: old.link.pairing.clone(), ..new.link.clone() };
        for (section, differs) in [
            ("bus", old.bus != new.bus),
            ("log", old.log != new.log),
            ("link", old.link != link),
            ("store.directory", old.store.directory != new.store.directory),
            ("simulator", demo::is_wanted(new) && !is_simulated),
            ("media", media_port::is_real(old) != media_port::is_real(new)),
        ] {
            if differs {
                tracing::warn!(section, "changed; in force after a restart");
            }
        }
    }
}
