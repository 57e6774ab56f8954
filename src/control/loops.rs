//! Which signals belong together: a setpoint and what follows it, and the groups of one plant from setpoint to state.

use std::collections::{BTreeMap, BTreeSet};

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

/// Values that get so many times as large are in another unit: millimetres, degrees times ten millions.
const ANOTHER_UNIT: f64 = 500.0;
/// What is sampled so many times as rarely as others is what was decided or found once, not what follows.
const RARE: usize = 8;
/// So many values tell how large a signal is.
const LOOKED_AT: usize = 1_000;
/// Words that make another quantity of the same name.
const ANOTHER: [&str; 11] =
    ["delta", "min", "max", "reset", "var", "variance", "bias", "type", "valid", "count", "timeout"];
/// Least share of a setpoint's words that its follower has as well.
const ALIKE: f64 = 0.5;

/// What a name says of a quantity: `vehicle_rates_setpoint.roll` is vehicle, rates, roll, and its component is roll.
#[derive(Debug, PartialEq)]
struct Quantity {
    words: BTreeSet<String>,
    /// The last word, with the place in a list.
    component: String,
    is_rate: bool,
}

impl Quantity {
    fn of(name: &str) -> Self {
        let split = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        let (mut words, mut component, mut is_rate) = (BTreeSet::new(), String::new(), false);
        for word in split.map(str::to_ascii_lowercase) {
            // A speed is a rate: `rollspeed` and the rate of `roll` are one quantity.
            let speed = word.strip_suffix("speed").filter(|rest| !rest.is_empty());
            is_rate |= speed.is_some() || word == "rate" || word == "rates";
            match speed.unwrap_or(&word) {
                "rate" | "rates" => {}
                // The number of an instance, or a place in a list.
                word if word.bytes().all(|b| b.is_ascii_digit()) => component.push_str(word),
                word if ROLE_WORDS.contains(&word) => {}
                word => {
                    let word = match word {
                        "pos" => "position",
                        "vel" => "velocity",
                        word => word,
                    };
                    word.clone_into(&mut component);
                    words.insert(word.to_owned());
                }
            }
        }
        Self { words, component, is_rate }
    }

    /// How well a follower fits a setpoint: the share of the setpoint's words that both have, and of the words of both; `None`
    /// when it is another quantity.
    fn fits(&self, follower: &Self) -> Option<[f64; 2]> {
        if self.words.is_empty() || follower.words.is_empty() {
            return Some([0.0; 2]);
        }
        let other = |word: &&str| self.words.contains(*word) != follower.words.contains(*word);
        if self.component != follower.component || self.is_rate != follower.is_rate || ANOTHER.iter().any(other) {
            return None;
        }
        let both = self.words.intersection(&follower.words).count() as f64;
        let all = self.words.union(&follower.words).count() as f64;
        let share = both / self.words.len() as f64;
        (share >= ALIKE).then_some([share, both / all])
    }
}

/// How large the values of a signal get, by some of them; 0 where none is known.
fn size(values: &[f64]) -> f64 {
    let some = values.iter().step_by(values.len() / LOOKED_AT + 1).map(|value| value.abs());
    some.filter(|value| value.is_finite()).fold(0.0, f64::max)
}

/// Every setpoint of a run with what follows it: what shares most of its words, of those that do alike the state before the
/// measurement before the estimate, what is sampled often before what is not, and what says no more of itself.
pub fn loops(samples: &Samples) -> Vec<Loop> {
    let quantity = |at: usize| (at, Quantity::of(&samples.signals[at].name));
    let ranks = [SignalRole::State, SignalRole::Measurement, SignalRole::Estimate].into_iter().zip(0_u8..);
    let followers: Vec<(u8, (usize, Quantity))> =
        ranks.flat_map(|(role, rank)| samples.of_role(role).map(move |at| (rank, quantity(at)))).collect();
    let setpoints: Vec<(usize, Quantity)> = samples.of_role(SignalRole::Setpoint).map(quantity).collect();
    let only = setpoints.len() == 1 && followers.len() == 1;
    let mut fitting: Vec<([f64; 2], u8, usize, usize)> = Vec::new();
    for (setpoint, what) in &setpoints {
        fitting.extend(followers.iter().filter_map(|(rank, (follower, of))| {
            let fit = what.fits(of).or(only.then_some([0.0; 2]))?;
            Some((fit, *rank, *setpoint, *follower))
        }));
    }
    let size = |at: usize| size(&samples.signals[at].values);
    let one_unit = |one: f64, other: f64| one.max(other) <= ANOTHER_UNIT * one.min(other) || one * other == 0.0;
    fitting.retain(|&(.., setpoint, follower)| one_unit(size(setpoint), size(follower)));
    let often = |at: usize| samples.signals[at].values.len();
    let mut most: BTreeMap<usize, usize> = BTreeMap::new();
    for &(.., setpoint, follower) in &fitting {
        let most = most.entry(setpoint).or_default();
        *most = often(follower).max(*most);
    }
    let rare = |setpoint: usize, at: usize| often(at) * RARE < most[&setpoint];
    fitting.sort_by(|a, b| {
        let kind = |of: &([f64; 2], u8, usize, usize)| (of.1, rare(of.2, of.3));
        let alike = |at: usize| b.0[at].total_cmp(&a.0[at]);
        alike(0).then(kind(a).cmp(&kind(b))).then_with(|| alike(1)).then((a.2, a.3).cmp(&(b.2, b.3)))
    });
    let (mut follows, mut taken) = (BTreeMap::new(), BTreeSet::new());
    for (_, _, setpoint, follower) in fitting {
        if !follows.contains_key(&setpoint) && taken.insert(follower) {
            follows.insert(setpoint, follower);
        }
    }
    let mut found: Vec<Loop> = Vec::new();
    for (setpoint, follower) in follows {
        let (of, by) = (&samples.signals[setpoint].group, &samples.signals[follower].group);
        match found.iter_mut().find(|known| known.setpoint == *of && known.follows == *by) {
            Some(known) => known.components.push((setpoint, follower)),
            None => {
                found.push(Loop { setpoint: of.clone(), follows: by.clone(), components: vec![(setpoint, follower)] });
            }
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
