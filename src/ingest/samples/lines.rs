//! Samples as JSON lines: an object of numbers, flags and vectors for each moment.
#![expect(clippy::float_cmp, reason = "a value that is repeated, or was never changed, is the same to the last bit")]

use std::collections::HashMap;

use serde_json::Value;

use super::super::BOM;
use super::build::{Column, Columns, build, digits};
use super::clock;
use super::roles::{make_a_loop, role};
use crate::trace::{Place, Samples, Warning, WarningKind, Warnings};

/// Lines that tell whether they hold samples.
const LINES: usize = 20;
/// Lines whose digits are counted.
const COUNTED: usize = 1000;

/// The leaves of an object: path, the path above it, value.
fn leaves<'v>(value: &'v Value, path: &str, above: Option<&str>, found: &mut Vec<(String, Option<String>, &'v Value)>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let path_of = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                leaves(value, &path_of, (!path.is_empty()).then_some(path), found);
            }
        }
        Value::Array(values) => {
            for (at, value) in values.iter().enumerate() {
                leaves(value, &format!("{path}[{at}]"), Some(path), found);
            }
        }
        value => found.push((path.to_owned(), above.map(str::to_owned), value)),
    }
}

/// True for lines of samples and nothing but samples: objects without any text, with a setpoint and what follows it, or with
/// fractions over a time.
pub fn recognises(head: &[u8]) -> bool {
    let head = head.strip_prefix(BOM).unwrap_or(head);
    if head.trim_ascii_start().first() != Some(&b'{') {
        return false;
    }
    let mut lines: Vec<&[u8]> =
        head.split(|b| *b == b'\n').filter(|line| !line.trim_ascii().is_empty()).take(LINES + 1).collect();
    // The last line may be cut off.
    if lines.len() > 1 && !head.ends_with(b"\n") {
        lines.pop();
    }
    let (mut roles, mut time, mut fractions) = (Vec::new(), false, false);
    for line in &lines {
        let Ok(Value::Object(object)) = serde_json::from_slice::<Value>(line) else { return false };
        let object = Value::Object(object);
        let mut found = Vec::new();
        leaves(&object, "", None, &mut found);
        if found.len() < 2 {
            return false;
        }
        for (path, _, value) in &found {
            match value {
                Value::Number(number) => {
                    time |= clock::column(std::iter::once(path.as_str())).is_some();
                    roles.push(role(path, false));
                    fractions |= number.is_f64() && clock::column(std::iter::once(path.as_str())).is_none();
                }
                Value::Bool(_) | Value::Null => {}
                _ => return false,
            }
        }
    }
    fractions && (make_a_loop(&roles) || time) && lines.len() > 1
}

/// Reads lines of samples.
pub fn read(file: &str, bytes: &[u8], time: Option<&str>) -> (Samples, Warnings) {
    let mut warnings = Warnings::default();
    let mut columns = Columns::default();
    let mut signals: Vec<Column> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let (mut offset, mut line_number) = (0_u64, 0_u32);
    let mut time_name: Option<String> = time.map(str::to_owned);
    let mut readings = Vec::new();
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        let at = offset;
        offset += line.len() as u64;
        line_number += 1;
        let text = if line_number == 1 { line.strip_prefix(BOM).unwrap_or(line) } else { line };
        let at = at + (line.len() - text.trim_ascii_start().len()) as u64;
        let text = text.trim_ascii();
        if text.is_empty() {
            continue;
        }
        let Ok(Value::Object(object)) = serde_json::from_slice::<Value>(text) else {
            let torn = !line.ends_with(b"\n");
            columns.torn |= torn;
            let (kind, what) = if torn {
                (WarningKind::TornEnd, "The last line is cut off.")
            } else {
                (WarningKind::Unreadable, "The line is no JSON object.")
            };
            warnings.push(Warning {
                kind,
                file: file.to_owned(),
                line: Some(line_number),
                what: what.to_owned(),
                remedy: "It is left out.".to_owned(),
                more: 0,
            });
            continue;
        };
        let object = Value::Object(object);
        let mut found = Vec::new();
        leaves(&object, "", None, &mut found);
        if time_name.is_none() {
            let at = clock::column(found.iter().map(|(path, ..)| path.as_str()));
            time_name = Some(at.map_or_else(String::new, |at| found[at].0.clone()));
        }
        let moment = columns.places.len();
        let mut reading = None;
        for (path, above, value) in found {
            if time_name.as_deref() == Some(path.as_str()) {
                reading = clock::reading(&value.as_str().map_or_else(|| value.to_string(), str::to_owned));
                continue;
            }
            if path == "step"
                && let Some(step) = value.as_i64()
            {
                columns.steps.push(step);
                continue;
            }
            let number = match value {
                Value::Bool(on) => f64::from(u8::from(*on)),
                Value::Number(number) => {
                    if moment < COUNTED {
                        columns.digits = columns.digits.max(digits(&number.to_string()));
                    }
                    number.as_f64().unwrap_or(f64::NAN)
                }
                _ => f64::NAN,
            };
            let column = *places.entry(path).or_insert_with_key(|path| {
                signals.push(Column { name: path.clone(), group: above, values: Vec::new(), flag: true });
                signals.len() - 1
            });
            let column = &mut signals[column];
            column.values.resize(moment, f64::NAN);
            column.flag &= number == 0.0 || number == 1.0;
            column.values.push(number);
        }
        readings.push(reading);
        columns.places.push(Place { offset: at, len: text.len() as u32, line: line_number });
    }
    let moments = columns.places.len();
    for column in &mut signals {
        column.values.resize(moments, f64::NAN);
    }
    signals.retain(|column| column.values.iter().any(|v| !v.is_nan()));
    columns.signals = signals;
    columns.times = time_name.filter(|name| !name.is_empty()).map(|name| (name, readings));
    let samples = build(file, columns, &mut warnings);
    (samples, warnings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::SignalRole;

    const STEP: &str = r#"{"step":0,"t_s":0.1,"waypoint":{"x":1,"y":0.8},"position":{"x":0.009,"y":0.0075},"actuator_saturated":true,"loop_budget_ms":100,"loop_elapsed_ms":55}"#;

    #[test]
    fn a_step_of_a_loop_is_read_with_its_vectors() {
        let text = format!("{STEP}\n{}\n", STEP.replace("0.1", "0.2").replace(":0,", ":1,").replace("0.009", "null"));
        assert!(recognises(text.as_bytes()));
        let (samples, warnings) = read("a.jsonl", text.as_bytes(), None);
        assert!(warnings.as_slice().is_empty());
        assert_eq!((samples.axes[0].times.clone(), samples.axes[0].steps.clone()), (vec![100, 200], vec![0, 1]));
        let position = &samples.signals[samples.find("position.x").unwrap()];
        assert_eq!((position.group.as_str(), position.role), ("position", SignalRole::State));
        assert!(position.values[1].is_nan());
        assert_eq!(samples.signals[samples.find("actuator_saturated").unwrap()].role, SignalRole::Flag);
        assert_eq!(samples.axes[0].places.get(1).map(|place| place.line), Some(2));
    }

    #[test]
    fn events_are_no_samples_and_a_cut_line_is_said() {
        for text in [
            "{\"seq\":0,\"type\":\"A\"}\n{\"seq\":1,\"type\":\"B\"}\n",
            "{\"seq\":0}\n{\"seq\":1}\n",
            "{\"t\":0.5,\"task\":1}\n{\"t\":0.7,\"task\":2}\n",
            "[1,2]\n",
        ] {
            assert!(!recognises(text.as_bytes()), "{text}");
        }
        let (samples, warnings) = read("a.jsonl", format!("{STEP}\n{}", &STEP[..40]).as_bytes(), None);
        assert_eq!(samples.axes[0].times.len(), 1);
        assert!(samples.torn && warnings.partial());
    }
}
