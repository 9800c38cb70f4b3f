// SPDX-License-Identifier: MIT OR Apache-2.0
//! `[contacts.NAME]`: whom a button calls, and in which order the phones ring.

use std::collections::BTreeMap;

use toml::de::DeValue;

use super::{
    Declared,
    buttons::label,
    reader::{Entry, Table},
};
use crate::core::{
    ids::{ContactName, HandsetId},
    profile::{Contact, Tier, Whom},
    status::Media,
};

pub(super) fn read(contacts: &Entry<'_>, declared: &Declared) -> BTreeMap<ContactName, Contact> {
    let mut all = BTreeMap::new();
    for (name, table) in contacts.named::<ContactName>() {
        let contact = read_one(&table, name.as_ref(), declared);
        all.extend(name.zip(Some(contact)));
    }
    all
}

fn read_one(table: &Table<'_>, name: Option<&ContactName>, declared: &Declared) -> Contact {
    Contact {
        label: table.key("label").text().unwrap_or_else(|| label(name)),
        tiers: read_tiers(table, declared),
        media: table.key("media").word(Media::ALL, Media::word).unwrap_or(Media::Video),
        always: table.key("always").flag().unwrap_or(false),
    }
}

fn read_tiers(table: &Table<'_>, declared: &Declared) -> Vec<Tier> {
    let handsets = table.key("handsets");
    let timeout = table.key("timeout_s");
    let whom = read_whom(&handsets, declared);
    let ring_for = timeout.ring_time();
    let ring = table.key("ring");
    let Some(tiers) = ring.items("a list of tables with handsets, for_s and joins") else {
        return vec![Tier { handsets: whom, ring_for, joins: false }];
    };
    for short in [handsets, timeout].iter().filter(|entry| entry.is_set()) {
        let what = format!("says what ring{} says too", ring.whence());
        short.clash(what, "either ring, or handsets and timeout_s");
    }
    if tiers.is_empty() {
        ring.wrong("rings nobody".to_owned(), "one or more tables with handsets, for_s and joins");
    }
    let tier = |(index, entry): (usize, &Entry<'_>)| read_tier(&entry.section(), index, declared);
    tiers.iter().enumerate().map(tier).collect()
}

fn read_tier(table: &Table<'_>, index: usize, declared: &Declared) -> Tier {
    let joins = table.key("joins");
    let joining = joins.flag().unwrap_or(false);
    if joining && index == 0 {
        joins.wrong("has nothing before it to join".to_owned(), "false in the first table");
    }
    Tier {
        handsets: read_whom(&table.key("handsets"), declared),
        ring_for: table.key("for_s").ring_time(),
        joins: joining,
    }
}

fn read_whom(entry: &Entry<'_>, declared: &Declared) -> Whom {
    if entry.value.and_then(DeValue::as_str) == Some("all") || !entry.is_set() {
        return Whom::Everyone;
    }
    let allowed = "\"all\", or a list of handset ids";
    let handsets = entry.set(allowed, |item| {
        if declared.simulated.is_empty() {
            item.name::<HandsetId>()
        } else {
            item.known(&declared.simulated, "simulated handset")
        }
    });
    if entry.value.and_then(DeValue::as_array).is_some_and(|list| list.is_empty()) {
        entry.wrong("rings nobody".to_owned(), allowed);
    }
    Whom::These(handsets.unwrap_or_default())
}
