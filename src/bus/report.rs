// SPDX-License-Identifier: MIT OR Apache-2.0
//! The call log and the self-test as dictionaries.

use std::collections::BTreeMap;

use zbus::Variant;

use super::text::carriable;
use crate::{station::request::SelfTestReport, store::LoggedCall};

type Entries = BTreeMap<&'static str, Variant<'static>>;

impl LoggedCall {
    pub(super) fn entries(&self) -> Entries {
        let record = &self.record;
        let mut entries = Entries::from([
            ("id", record.id.0.into()),
            ("direction", record.direction.word().into()),
            ("status", record.status.word().into()),
            ("lasted_ms", record.lasted_ms.into()),
            ("talked_ms", record.talked_ms.into()),
        ]);
        let optional = [
            ("contact", record.contact.as_ref().map(|contact| contact.to_string().into())),
            ("handset", record.handset.as_ref().map(|handset| handset.to_string().into())),
            ("reason", record.reason.map(|reason| reason.word().into())),
            ("started_at", self.started_at_unix_ms.map(Variant::from)),
        ];
        entries.extend(optional.into_iter().filter_map(|(key, value)| Some((key, value?))));
        entries
    }
}

impl SelfTestReport {
    pub(super) fn entries(&self) -> Entries {
        Entries::from([
            ("passed", self.passed.iter().map(|name| carriable(name)).collect::<Vec<_>>().into()),
            ("failed", with_reasons(&self.failed)),
            ("skipped", with_reasons(&self.skipped)),
            ("measured", with_reasons(&self.measured)),
        ])
    }
}

fn with_reasons(checks: &BTreeMap<String, String>) -> Variant<'static> {
    let checks: BTreeMap<_, _> =
        checks.iter().map(|(name, why)| (carriable(name), carriable(why))).collect();
    checks.into()
}
