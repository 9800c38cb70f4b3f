// SPDX-License-Identifier: MIT OR Apache-2.0
//! A local program: calls, properties and refusals.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use zbus::{Connection, Message, ObjectPath, OwnedVariant, Variant};

use crate::deadline::{DEADLINE, within_deadline};

pub(crate) const NAME: &str = "org.intercomd1";
pub(crate) const SIMULATOR: &str = "org.intercomd1.Simulator";
const ROOT: &str = "/org/intercomd1";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";

/// The last word of the error's name, and its text.
pub(crate) type Refusal = (String, String);

pub(crate) type Properties = BTreeMap<String, OwnedVariant>;

pub(crate) fn no_options() -> HashMap<&'static str, Variant<'static>> {
    HashMap::new()
}

pub(crate) fn options<const N: usize>(
    entries: [(&'static str, Variant<'static>); N],
) -> HashMap<&'static str, Variant<'static>> {
    HashMap::from(entries)
}

/// Pauses between two looks are short; a signal would be faster but not everything sends one.
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let mut pace = tokio::time::interval(Duration::from_millis(5));
    pace.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let wait = async {
        while !holds().await {
            pace.tick().await;
        }
    };
    if tokio::time::timeout(DEADLINE, wait).await.is_err() {
        panic!("in vain: {what}");
    }
}

/// One connection to the bus.
#[derive(Clone, Debug)]
pub(crate) struct Client(pub(crate) Connection);

impl Client {
    async fn ask<B>(
        &self,
        (destination, path, interface): (&str, &str, &str),
        method: &str,
        body: &B,
    ) -> Result<Message, Refusal>
    where
        B: serde::Serialize + zbus::DynamicType,
    {
        let call = self.0.call_method(Some(destination), path, Some(interface), method, body);
        match within_deadline(method, call).await {
            Ok(reply) => Ok(reply),
            Err(zbus::Error::MethodError(name, text, _)) => {
                Err((last_word(name.as_str()), text.unwrap_or_default()))
            }
            Err(zbus::Error::FDO(standard)) => {
                use zbus::DBusError;
                let text = standard.description().unwrap_or_default().to_owned();
                Err((last_word(standard.name().as_str()), text))
            }
            Err(other) => panic!("{method}: {other}"),
        }
    }

    /// `object` is a path below the root, as in `calls/1`; nothing is the station.
    pub(crate) async fn call<B>(
        &self,
        object: &str,
        method: &str,
        body: &B,
    ) -> Result<Message, Refusal>
    where
        B: serde::Serialize + zbus::DynamicType,
    {
        self.ask((NAME, &path(object), interface(object)), method, body).await
    }

    /// Starts a call and returns its object.
    pub(crate) async fn ring(&self, contact: &str) -> Result<String, Refusal> {
        let reply = self.call("", "Call", &(contact, no_options())).await?;
        let body = reply.body();
        let call: ObjectPath<'_> = body.deserialize().unwrap();
        Ok(object(call.as_str()))
    }

    /// What people and phones do.
    pub(crate) async fn play<B>(&self, method: &str, body: &B) -> Result<Message, Refusal>
    where
        B: serde::Serialize + zbus::DynamicType,
    {
        let place = (SIMULATOR, "/org/intercomd1/Simulator", SIMULATOR);
        self.ask(place, method, body).await
    }

    pub(crate) async fn get(&self, object: &str, property: &str) -> Result<OwnedVariant, Refusal> {
        let body = (interface(object), property);
        let reply = self.ask((NAME, &path(object), PROPERTIES), "Get", &body).await?;
        Ok(reply.body().deserialize::<OwnedVariant>().unwrap())
    }

    pub(crate) async fn property<T: TryFrom<OwnedVariant>>(
        &self,
        object: &str,
        property: &str,
    ) -> T {
        let value = self.get(object, property).await;
        let value = value.unwrap_or_else(|refusal| panic!("{object}.{property}: {refusal:?}"));
        let shown = format!("{value:?}");
        T::try_from(value).unwrap_or_else(|_| panic!("{object}.{property} is {shown}"))
    }

    pub(crate) async fn text(&self, object: &str, property: &str) -> String {
        self.property(object, property).await
    }

    pub(crate) async fn set(
        &self,
        object: &str,
        property: &str,
        value: Variant<'_>,
    ) -> Result<(), Refusal> {
        let body = (interface(object), property, value);
        self.ask((NAME, &path(object), PROPERTIES), "Set", &body).await.map(drop)
    }

    pub(crate) async fn becomes(&self, object: &str, property: &str, value: &str) {
        let what = format!("{object}.{property} becomes {value}");
        until(&what, async || self.text(object, property).await == value).await;
    }

    pub(crate) async fn objects(&self) -> BTreeMap<String, Properties> {
        let manager = (NAME, ROOT, "org.freedesktop.DBus.ObjectManager");
        let reply = self.ask(manager, "GetManagedObjects", &()).await.unwrap();
        let body = reply.body();
        let managed: BTreeMap<ObjectPath<'_>, BTreeMap<String, Properties>> =
            body.deserialize().unwrap();
        let one = |(path, mut interfaces): (ObjectPath<'_>, BTreeMap<String, Properties>)| {
            let name = object(path.as_str());
            let properties = interfaces.remove(interface(&name)).unwrap_or_default();
            (name, properties)
        };
        managed.into_iter().map(one).collect()
    }

    pub(crate) async fn exists(&self, object: &str) -> bool {
        self.objects().await.contains_key(object)
    }
}

fn last_word(name: &str) -> String {
    name.rsplit('.').next().unwrap_or_default().to_owned()
}

pub(crate) fn path(object: &str) -> String {
    if object.is_empty() { ROOT.to_owned() } else { format!("{ROOT}/{object}") }
}

pub(crate) fn object(path: &str) -> String {
    path.strip_prefix(ROOT).unwrap().trim_start_matches('/').to_owned()
}

fn interface(object: &str) -> &'static str {
    match object.split('/').next().unwrap_or_default() {
        "" => "org.intercomd1.Station",
        "calls" => "org.intercomd1.Call",
        "doors" => "org.intercomd1.Door",
        "buttons" => "org.intercomd1.Button",
        "lights" => "org.intercomd1.Light",
        "handsets" => "org.intercomd1.Handset",
        "contacts" => "org.intercomd1.Contact",
        other => panic!("there is no kind {other}"),
    }
}
