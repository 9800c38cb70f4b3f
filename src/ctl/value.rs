// SPDX-License-Identifier: MIT OR Apache-2.0
//! D-Bus values as JSON, which is what everything here is printed from.

use serde_json::{Map, Value};
use zbus::Variant;

const NO_OBJECT: &str = "/";

/// A reference to an object becomes its name, or its number if it is a call. `/` becomes null.
pub(super) fn json(value: &Variant<'_>) -> Value {
    match value {
        Variant::U8(number) => (*number).into(),
        Variant::Bool(truth) => (*truth).into(),
        Variant::I16(number) => (*number).into(),
        Variant::U16(number) => (*number).into(),
        Variant::I32(number) => (*number).into(),
        Variant::U32(number) => (*number).into(),
        Variant::I64(number) => (*number).into(),
        Variant::U64(number) => (*number).into(),
        Variant::F64(number) => (*number).into(),
        Variant::Str(text) => text.as_str().into(),
        Variant::Signature(signature) => signature.to_string().into(),
        Variant::ObjectPath(path) => object(path.as_str()),
        Variant::Variant(inner) => json(inner),
        Variant::Array(list) => list.inner().iter().map(json).collect(),
        Variant::Dict(dict) => {
            Value::Object(dict.iter().map(|(key, value)| (text(&json(key)), json(value))).collect())
        }
        Variant::Structure(fields) => fields.fields().iter().map(json).collect(),
        // The station passes none.
        Variant::Fd(_) => Value::Null,
    }
}

fn object(path: &str) -> Value {
    if path == NO_OBJECT {
        return Value::Null;
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.parse::<u64>() {
        Ok(number) => number.into(),
        Err(_) => name.into(),
    }
}

/// Without quotes around what is text already.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(","),
        Value::Null => "none".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Object(entries) => entries_text(entries),
    }
}

fn entries_text(entries: &Map<String, Value>) -> String {
    let entry = |(key, value): (&String, &Value)| match value.as_object() {
        Some(inner) => format!("{key}({})", entries_text(inner)),
        None => format!("{key}={}", text(value)),
    };
    entries.iter().map(entry).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json as literal;
    use zbus::ObjectPath;

    use super::*;

    fn path(text: &'static str) -> Variant<'static> {
        Variant::ObjectPath(ObjectPath::from_static_str(text).unwrap())
    }

    #[test]
    fn references_are_names_and_calls_are_numbers() {
        assert_eq!(json(&path("/")), literal!(null));
        assert_eq!(json(&path("/org/intercomd1/calls/7")), literal!(7));
        assert_eq!(json(&path("/org/intercomd1/contacts/flat_2")), literal!("flat_2"));
    }

    #[test]
    fn nested_values_keep_their_shape() {
        let leg = BTreeMap::from([("status", Variant::from("ringing"))]);
        let legs = Variant::from(BTreeMap::from([("hall", leg)]));
        assert_eq!(json(&legs), literal!({ "hall": { "status": "ringing" } }));
        assert_eq!(text(&json(&legs)), "hall(status=ringing)");
        assert_eq!(json(&Variant::from(vec!["a", "b"])), literal!(["a", "b"]));
    }
}
