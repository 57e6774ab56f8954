//! Which signals belong together: a setpoint and what follows it, and the groups of one plant from setpoint to state.

use std::collections::BTreeSet;

use super::Loop;
use crate::trace::{Samples, SignalRole};

/// Words of a name that say what a signal is in a loop, and not which quantity it is.
const ROLE_WORDS: [&str; 26] = [
    "setpoint",
    "sp",
    "reference",
    "ref",
    "target",
    "desired",
    "waypoint",
    "goal",
    "measured",
    "measurement",
    "sensor",
    "estimate",
    "estimated",
    "actual",
    "feedback",
    "state",
    "command",
    "cmd",
    "d",
    "des",
    "meas",
    "est",
    "pv",
    "body",
    "current",
    "value",
];

/// The words of a name that say which quantity it is: `vehicle_rates_setpoint.roll` is vehicle, rates, roll.
fn words(name: &str) -> BTreeSet<String> {
    let split = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut words = BTreeSet::new();
    for word in split {
        let word = word.to_ascii_lowercase();
        // A speed is a rate: `rollspeed` and the rate of `roll` are one quantity.
        match word.strip_suffix("speed").filter(|rest| !rest.is_empty()) {
            Some(rest) => words.extend([rest.to_owned(), "rates".to_owned()]),
            None if word == "rate" => {
                words.insert("rates".to_owned());
            }
            None if ROLE_WORDS.contains(&word.as_str()) => {}
            None => {
                words.insert(word);
            }
        }
    }
    words
}

/// The last word of a name: which component it is.
fn component(name: &str) -> String {
    let mut split = name.split(|c: char| !c.is_ascii_alphanumeric());
    let last = split.rfind(|word| !word.is_empty() && !ROLE_WORDS.contains(&word.to_ascii_lowercase().as_str()));
    let last = last.unwrap_or_default().to_ascii_lowercase();
    last.strip_suffix("speed").filter(|rest| !rest.is_empty()).map_or(last.clone(), str::to_owned)
}

/// How well a follower fits a setpoint: the share of the setpoint's words that both have; `None` when it is another quantity.
fn likeness(setpoint: &str, follower: &str) -> Option<f64> {
    let (one, other) = (words(setpoint), words(follower));
    if one.is_empty() || other.is_empty() {
        return Some(0.0);
    }
    let rates = |words: &BTreeSet<String>| words.contains("rates");
    // Numbers of instances apart, their last words must be the same component.
    if component(setpoint) != component(follower) || rates(&one) != rates(&other) {
        return None;
    }
    let both = one.intersection(&other).count() as f64;
    Some(both / one.len() as f64)
}

/// Every setpoint of a run with what follows it: the state before the measurement before the estimate where all fit alike.
pub fn loops(samples: &Samples) -> Vec<Loop> {
    let mut found: Vec<Loop> = Vec::new();
    let followers: Vec<usize> = [SignalRole::State, SignalRole::Measurement, SignalRole::Estimate]
        .into_iter()
        .flat_map(|role| samples.of_role(role))
        .collect();
    let setpoints: Vec<usize> = samples.of_role(SignalRole::Setpoint).collect();
    let only = setpoints.len() == 1 && followers.len() == 1;
    let mut taken = BTreeSet::new();
    for setpoint in setpoints {
        let of = &samples.signals[setpoint];
        let fits = |at: &usize| likeness(&of.name, &samples.signals[*at].name).or(only.then_some(0.0));
        let mut best: Option<(f64, usize)> = None;
        for &follower in followers.iter().filter(|at| !taken.contains(*at)) {
            if let Some(fit) = fits(&follower)
                && best.is_none_or(|(than, _)| fit > than)
            {
                best = Some((fit, follower));
            }
        }
        let Some((_, follower)) = best else { continue };
        taken.insert(follower);
        let follows = &samples.signals[follower].group;
        match found.iter_mut().find(|known| known.setpoint == of.group && known.follows == *follows) {
            Some(known) => known.components.push((setpoint, follower)),
            None => found.push(Loop {
                setpoint: of.group.clone(),
                follows: follows.clone(),
                components: vec![(setpoint, follower)],
            }),
        }
    }
    found
}

/// The signals of every group of a role, group by group in the order of the recording.
pub(super) fn groups(samples: &Samples, role: SignalRole) -> Vec<(String, Vec<usize>)> {
    let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
    for at in samples.of_role(role) {
        let group = &samples.signals[at].group;
        match groups.iter_mut().find(|(name, _)| name == group) {
            Some((_, signals)) => signals.push(at),
            None => groups.push((group.clone(), vec![at])),
        }
    }
    groups
}

/// The signals that say where a plant is: what follows the first setpoint, or else the first group of states, measurements, or
/// anything.
pub(super) fn whereabouts(samples: &Samples) -> Option<(String, Vec<usize>)> {
    if let Some(first) = loops(samples).into_iter().next() {
        return Some((first.follows, first.components.into_iter().map(|(_, follower)| follower).collect()));
    }
    [SignalRole::State, SignalRole::Measurement, SignalRole::Estimate, SignalRole::Other]
        .into_iter()
        .find_map(|role| groups(samples, role).into_iter().next())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::plant::{Setup, run, samples};
    use crate::trace::{Axis, Signal};

    #[test]
    fn a_waypoint_is_followed_by_the_position() {
        let samples = samples(&run(&Setup::default()), true);
        let loops = loops(&samples);
        assert_eq!(loops.len(), 1);
        assert_eq!((loops[0].setpoint.as_str(), loops[0].follows.as_str()), ("waypoint", "position"));
        assert_eq!(loops[0].components.len(), 2);
        assert_eq!(whereabouts(&samples).map(|(name, of)| (name, of.len())), Some(("position".to_owned(), 2)));
    }

    #[test]
    fn quantities_are_told_apart_by_their_words() {
        let signal =
            |name: &str, role| Signal { name: name.to_owned(), group: name.to_owned(), role, ..Signal::default() };
        let (sp, m) = (SignalRole::Setpoint, SignalRole::Measurement);
        let samples = Samples {
            axes: vec![Axis::default()],
            signals: vec![
                signal("vehicle_attitude.rollspeed", m),
                signal("vehicle_attitude.pitchspeed", m),
                signal("vehicle_attitude.q[0]", m),
                signal("vehicle_rates_setpoint.pitch", sp),
                signal("vehicle_attitude_setpoint.q_d[0]", sp),
                signal("vehicle_attitude_setpoint.roll_body", sp),
            ],
            ..Samples::default()
        };
        let pairs: Vec<(usize, usize)> = loops(&samples).into_iter().flat_map(|found| found.components).collect();
        assert_eq!(pairs, [(3, 1), (4, 2)], "an angle is not followed by its rate");
    }
}
