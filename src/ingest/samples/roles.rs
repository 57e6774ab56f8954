//! What a signal is in its loop, and in which unit, by its name.

use crate::trace::SignalRole;

/// Words of names with the role that they tell, the telling ones first.
const WORDS: [(SignalRole, &[&str]); 11] = [
    (SignalRole::Error, &["error", "err", "residual"]),
    (SignalRole::Budget, &["budget", "deadline"]),
    (SignalRole::Elapsed, &["elapsed", "exec", "runtime", "duration", "wcet"]),
    (SignalRole::Period, &["dt", "period", "jitter"]),
    (
        SignalRole::Setpoint,
        &["setpoint", "setpoints", "sp", "waypoint", "reference", "ref", "target", "desired", "goal", "commanded"],
    ),
    (SignalRole::Estimate, &["estimate", "estimated", "est", "estimator", "ekf", "hat"]),
    (
        SignalRole::Measurement,
        &["measured", "measurement", "meas", "sensor", "xmeas", "pv", "feedback", "encoder", "imu"],
    ),
    (SignalRole::Actuator, &["actuator", "actuators", "motor", "servo", "valve"]),
    (SignalRole::Command, &["command", "cmd", "control", "controls", "output", "xmv", "mv", "u", "effort", "throttle"]),
    (
        SignalRole::State,
        &[
            "state",
            "position",
            "pos",
            "velocity",
            "vel",
            "speed",
            "actual",
            "attitude",
            "angle",
            "x",
            "y",
            "z",
            "rollspeed",
            "pitchspeed",
            "yawspeed",
            "temperature",
            "level",
            "pressure",
        ],
    ),
    (SignalRole::Other, &[]),
];

/// Words that say that a condition held.
const FLAGS: [&str; 9] = ["saturated", "dropped", "delayed", "stale", "missed", "clipped", "jitter", "valid", "active"];

/// Words of times, which no loop controls, and of setpoints that do not hold now.
const TIMES: [&str; 3] = ["timestamp", "timestamps", "stamp"];
const NOT_NOW: [&str; 3] = ["previous", "prev", "next"];
/// What a reference is an origin of, and no setpoint.
const PLACES: [&str; 3] = ["lat", "lon", "alt"];

/// The words of a name, in small letters: `vehicleRates_sp.roll[0]` is vehicle, rates, sp, roll, 0.
fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut small = false;
    for c in name.chars().chain([' ']) {
        if (!c.is_ascii_alphanumeric() || small && c.is_ascii_uppercase()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        small = c.is_ascii_lowercase();
        if c.is_ascii_alphanumeric() {
            word.push(c.to_ascii_lowercase());
        }
    }
    words
}

/// The role of a signal. `flag`: it is never anything but 0 and 1.
pub fn role(name: &str, flag: bool) -> SignalRole {
    let words = words(name);
    if flag && words.iter().any(|word| FLAGS.contains(&word.as_str())) {
        return SignalRole::Flag;
    }
    let says = |of: &[&str]| words.iter().any(|word| of.contains(&word.as_str()));
    let role = WORDS.iter().find(|(_, of)| says(of)).map_or(SignalRole::Other, |(role, _)| *role);
    let origin = says(&["ref", "reference"]) && says(&PLACES);
    let is_none = says(&TIMES) || role == SignalRole::Setpoint && (origin || says(&NOT_NOW));
    if is_none { SignalRole::Other } else { role }
}

/// The role of a signal with its scopes before its name: what it is called itself says more than where it is.
pub fn role_of_path(path: &str, flag: bool) -> SignalRole {
    let mut parts = path.rsplitn(3, '.');
    let (leaf, above) = (parts.next().unwrap_or(path), parts.next());
    let own = match above {
        Some(above) if super::build::is_component(leaf) => role(&format!("{above}.{leaf}"), flag),
        _ => role(leaf, flag),
    };
    if own == SignalRole::Other { role(path, flag) } else { own }
}

/// True where there is a setpoint and what follows one.
pub fn make_a_loop(roles: &[SignalRole]) -> bool {
    let follows = [SignalRole::State, SignalRole::Measurement, SignalRole::Estimate];
    roles.contains(&SignalRole::Setpoint) && roles.iter().any(|role| follows.contains(role))
}

/// The unit of a name: in brackets, as in `speed [m/s]` or `time (ms)`, or behind its last line, as in `t_s` or `elapsed_ms`.
pub fn unit(name: &str) -> Option<String> {
    for (open, close) in [('[', ']'), ('(', ')')] {
        if let Some((_, rest)) = name.split_once(open)
            && let Some((inside, _)) = rest.split_once(close)
            && !inside.trim().is_empty()
            && !inside.trim().bytes().all(|b| b.is_ascii_digit())
        {
            return Some(inside.trim().to_owned());
        }
    }
    let last = name.rsplit_once('_')?.1;
    ["s", "ms", "us", "ns", "m", "mm", "rad", "deg", "hz", "v", "a", "n", "pa", "kpa", "c"]
        .contains(&last.to_ascii_lowercase().as_str())
        .then(|| last.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_a_signal_is() {
        for (name, is) in [
            ("waypoint.x", SignalRole::Setpoint),
            ("position.x", SignalRole::State),
            ("velocity.y", SignalRole::State),
            ("measured_position.x", SignalRole::Measurement),
            ("state_estimate.x", SignalRole::Estimate),
            ("control_output.x", SignalRole::Command),
            ("actuator_output.x", SignalRole::Actuator),
            ("position_error", SignalRole::Error),
            ("loop_dt_s", SignalRole::Period),
            ("loop_budget_ms", SignalRole::Budget),
            ("loop_elapsed_ms", SignalRole::Elapsed),
            ("XMEAS_1", SignalRole::Measurement),
            ("XMV_10", SignalRole::Command),
            ("vehicle_rates_setpoint_0.roll", SignalRole::Setpoint),
            ("vehicle_attitude_0.rollspeed", SignalRole::State),
            ("targetSpeed", SignalRole::Setpoint),
            ("position_setpoint_triplet_0.current.x", SignalRole::Setpoint),
            ("position_setpoint_triplet_0.next.x", SignalRole::Other),
            ("vehicle_local_position_0.ref_timestamp", SignalRole::Other),
            ("vehicle_local_position_0.ref_lat", SignalRole::Other),
            ("value", SignalRole::Other),
        ] {
            assert_eq!(role(name, false), is, "{name}");
        }
        assert_eq!(role("actuator_saturated", true), SignalRole::Flag);
        assert_eq!(role("actuator_saturated", false), SignalRole::Actuator, "with other values it is no flag");
    }

    #[test]
    fn a_name_says_more_than_its_scopes() {
        for (path, is) in [
            ("tb.control.position", SignalRole::State),
            ("tb.setpoint.x", SignalRole::Setpoint),
            ("tb.setpoint.q0", SignalRole::Setpoint),
            ("x", SignalRole::State),
        ] {
            assert_eq!(role_of_path(path, false), is, "{path}");
        }
        assert!(make_a_loop(&[SignalRole::Setpoint, SignalRole::Other, SignalRole::Estimate]));
        assert!(!make_a_loop(&[SignalRole::Setpoint, SignalRole::Command]));
    }

    #[test]
    fn names_tell_the_unit() {
        let of = |name| unit(name);
        assert_eq!(of("speed [m/s]").as_deref(), Some("m/s"));
        assert_eq!(of("loop_elapsed_ms").as_deref(), Some("ms"));
        assert_eq!(of("q[0]"), None);
        assert_eq!(of("XMEAS_1"), None);
    }
}
