//! A run as samples, and as the JSON lines of a control loop's recording.

use std::fmt::Write as _;

use super::{Step, Vector};
use crate::trace::{Axis, Samples, Signal, SignalRole, TimeScale, Unit};

/// Decimals of a time: microseconds.
const TIME_DECIMALS: usize = 6;

/// What a step says: its name, what it is in the loop, and where it stands.
type Of<T> = (&'static str, SignalRole, fn(&Step) -> T);

/// The vectors of a step with their names, in the order of the recording.
const VECTORS: [Of<Vector>; 7] = [
    ("waypoint", SignalRole::Setpoint, |s| s.waypoint),
    ("position", SignalRole::State, |s| s.position),
    ("velocity", SignalRole::State, |s| s.velocity),
    ("measured_position", SignalRole::Measurement, |s| s.measured),
    ("state_estimate", SignalRole::Estimate, |s| s.estimate),
    ("control_output", SignalRole::Command, |s| s.command),
    ("actuator_output", SignalRole::Actuator, |s| s.actuator),
];

/// Whether something was the case in a step.
type Held = fn(&Step) -> bool;

/// The flags of a step.
const FLAGS: [(&str, Held); 6] = [
    ("dropped_sensor_sample", |s| s.dropped),
    ("delayed_measurement", |s| s.delayed),
    ("stale_state_estimate", |s| s.stale),
    ("actuator_saturated", |s| s.saturated),
    ("missed_update_cycle", |s| s.missed),
    ("timing_jitter", |s| s.jitter),
];

/// Its other numbers.
const NUMBERS: [Of<f64>; 3] = [
    ("position_error", SignalRole::Error, |s| s.error),
    ("loop_budget_ms", SignalRole::Budget, |s| s.budget_ms),
    ("loop_elapsed_ms", SignalRole::Elapsed, |s| s.elapsed_ms),
];

/// A run as it would be read back. `actuator`: with what the actuator gave beside what was asked of it.
pub fn samples(steps: &[Step], actuator: bool) -> Samples {
    let mut signals = vec![signal("loop_dt_s", "loop_dt_s", SignalRole::Period, Some("s"), steps, |s| s.dt)];
    for (name, role, of) in vectors(actuator) {
        for (axis, part) in ["x", "y"].into_iter().enumerate() {
            signals.push(signal(&format!("{name}.{part}"), name, role, None, steps, |s| of(s)[axis]));
        }
    }
    for (name, of) in FLAGS {
        signals.push(signal(name, name, SignalRole::Flag, None, steps, |s| f64::from(u8::from(of(s)))));
    }
    for (name, role, of) in NUMBERS {
        let unit = name.ends_with("_ms").then_some("ms");
        signals.push(signal(name, name, role, unit, steps, of));
    }
    let axis = Axis {
        times: steps.iter().map(|s| (s.time * 1e6).round() as i64).collect(),
        steps: steps.iter().map(|s| i64::from(s.step)).collect(),
        ..Axis::default()
    };
    let scale = TimeScale { unit: Unit::Micros, field: "t_s".to_owned(), epoch: false };
    Samples { scale: Some(scale), axes: vec![axis], signals, digits: None, torn: false }
}

fn signal(
    name: &str,
    group: &str,
    role: SignalRole,
    unit: Option<&str>,
    steps: &[Step],
    of: impl Fn(&Step) -> f64,
) -> Signal {
    let values = steps.iter().map(of).collect();
    Signal { name: name.to_owned(), group: group.to_owned(), unit: unit.map(str::to_owned), role, axis: 0, values }
}

fn vectors(actuator: bool) -> impl Iterator<Item = Of<Vector>> {
    VECTORS.into_iter().filter(move |(_, role, _)| actuator || *role != SignalRole::Actuator)
}

/// A run as JSON lines, a step each. `digits`: significant digits of a number; `None` for as many as it needs to be read back
/// exactly.
pub fn json_lines(steps: &[Step], actuator: bool, digits: Option<u32>) -> String {
    let number = |value: f64| digits.map_or_else(|| shortest(value), |digits| rounded(value, digits));
    let mut text = String::new();
    for step in steps {
        let time = |value: f64| trimmed(&format!("{value:.TIME_DECIMALS$}")).to_owned();
        let mut line = format!("{{\"step\":{},\"t_s\":{},\"loop_dt_s\":{}", step.step, time(step.time), time(step.dt));
        // Writing into a String cannot fail.
        for (name, _, of) in vectors(actuator) {
            let [x, y] = of(step).map(number);
            let _infallible = write!(line, ",\"{name}\":{{\"x\":{x},\"y\":{y}}}");
        }
        for (name, of) in FLAGS {
            let _infallible = write!(line, ",\"{name}\":{}", of(step));
        }
        for (name, _, of) in NUMBERS {
            let _infallible = write!(line, ",\"{name}\":{}", number(of(step)));
        }
        text.push_str(&line);
        text.push_str("}\n");
    }
    text
}

fn shortest(value: f64) -> String {
    if value == 0.0 { "0".to_owned() } else { format!("{value}") }
}

/// A number with so many significant digits, as C's `%g` writes it.
fn rounded(value: f64, digits: u32) -> String {
    let digits = digits.max(1) as usize;
    if value == 0.0 || !value.is_finite() {
        return "0".to_owned();
    }
    let exponential = format!("{value:.*e}", digits - 1);
    let (mantissa, exponent) = exponential.split_once('e').unwrap_or((&exponential, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if exponent < -4 || exponent >= digits as i32 {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{}e{sign}{:02}", trimmed(mantissa), exponent.unsigned_abs());
    }
    let decimals = (digits as i32 - 1 - exponent).max(0) as usize;
    trimmed(&format!("{value:.decimals$}")).to_owned()
}

/// Without zeros at the end that say nothing.
fn trimmed(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_in_c() {
        for (value, text) in [
            (0.937_042_571_331_637, "0.937043"),
            (1.0, "1"),
            (-0.320_996_1, "-0.320996"),
            (0.022_489_04, "0.022489"),
            (0.000_012_345_67, "1.23457e-05"),
            (1_234_567.0, "1.23457e+06"),
            (0.0, "0"),
            (123.0, "123"),
        ] {
            assert_eq!(rounded(value, 6), text);
        }
        assert_eq!(shortest(0.1 + 0.2), "0.30000000000000004");
    }
}
