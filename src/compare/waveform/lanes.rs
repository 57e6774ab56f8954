//! Which signals of two waveforms are the same: matched by path, aliases collapsed, each a lane.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::trace::{Side, Sides, Waveform};

/// A signal of both recordings (or of the only one).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    /// Its name: the path where it is most likely driven.
    pub name: String,
    /// All of its paths, sorted; more than one where names are aliases on both sides.
    pub paths: Vec<String>,
    /// True for what has no value, but happens.
    pub pulse: bool,
    /// True when it is declared as something that keeps a value between assignments, not as a net that follows others.
    pub state: bool,
    /// True when one of its paths is in an outermost scope.
    pub outside: bool,
    /// How many scopes its deepest path is in.
    pub depth: u32,
}

/// The lanes of a pair, by name.
#[derive(Debug, Default)]
pub struct Matched {
    /// Sorted by name.
    pub lanes: Vec<Lane>,
    /// For each net of each side, the lanes that it carries: several where the other side tells them apart.
    pub of_net: Sides<Vec<Vec<u32>>>,
    /// The paths that only this side has.
    pub only: Sides<Vec<String>>,
}

/// Words for what keeps its value until it is assigned again (IEEE 1364 and 1800: variables, not nets).
const STATE: [&str; 14] = [
    "reg",
    "integer",
    "time",
    "real",
    "realtime",
    "logic",
    "bit",
    "int",
    "shortint",
    "longint",
    "byte",
    "enum",
    "shortreal",
    "trireg",
];

/// The nets of both sides that a path names.
type Nets = (Option<u32>, Option<u32>);
/// A path, and its variable on each side.
type Named<'a> = (&'a str, Sides<Option<usize>>);

/// Finds the lanes of both sides; with one side only, of that one.
pub fn match_up(sides: Sides<Option<&Waveform>>) -> Matched {
    let ambiguous = ambiguous(sides);
    let names = sides.map(|side| side.map(|waveform| named(waveform, &ambiguous)));
    // For each pair of nets, the paths (and the variables) that name both.
    let mut groups: BTreeMap<Nets, Vec<Named<'_>>> = BTreeMap::new();
    let mut only: Sides<Vec<String>> = Sides::default();
    let net = |side: Side, variable: usize| sides[side].map(|w| w.variables[variable].net);
    for (side, other) in [(Side::Expected, Side::Actual), (Side::Actual, Side::Expected)] {
        for (path, &variable) in names[side].iter().flatten() {
            let twin = names[other].as_ref().map(|names| names.get(path).copied());
            let pair = match twin {
                Some(None) => {
                    only[side].push(path.clone());
                    continue;
                }
                Some(Some(_)) if side == Side::Actual => continue,
                twin => (Some(variable), twin.flatten()),
            };
            let pair = if side == Side::Expected { Sides::new(pair.0, pair.1) } else { Sides::new(pair.1, pair.0) };
            let nets =
                (pair.expected.and_then(|v| net(Side::Expected, v)), pair.actual.and_then(|v| net(Side::Actual, v)));
            groups.entry(nets).or_default().push((path, pair));
        }
    }
    let depths =
        Side::BOTH.into_iter().filter_map(|side| sides[side]).flat_map(|w| w.variables.iter().map(|v| v.depth));
    let outermost = depths.min().unwrap_or(0);
    let mut found: Vec<(Lane, Nets)> =
        groups.into_iter().map(|(nets, paths)| (lane(sides, &paths, outermost), nets)).collect();
    found.sort_by(|a, b| a.0.name.cmp(&b.0.name));
    let mut of_net = sides.map(|side| vec![Vec::new(); side.map_or(0, |w| w.nets.len())]);
    for (i, (_, (expected, actual))) in found.iter().enumerate() {
        for (side, net) in [(Side::Expected, expected), (Side::Actual, actual)] {
            if let Some(net) = net {
                of_net[side][*net as usize].push(i as u32);
            }
        }
    }
    Matched { lanes: found.into_iter().map(|(lane, _)| lane).collect(), of_net, only }
}

/// Paths that name several nets on a side: only with their bits do they tell which (`bus [0]`, `bus [1]`).
fn ambiguous(sides: Sides<Option<&Waveform>>) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for waveform in Side::BOTH.into_iter().filter_map(|side| sides[side]) {
        let mut nets: HashMap<&str, u32, foldhash::fast::FixedState> = HashMap::default();
        for variable in &waveform.variables {
            if *nets.entry(&variable.path).or_insert(variable.net) != variable.net {
                found.insert(variable.path.as_str());
            }
        }
    }
    found
}

/// Every path of a side with its variable. Where even the bits are the same, the order of the declarations tells.
fn named(waveform: &Waveform, ambiguous: &BTreeSet<&str>) -> BTreeMap<String, usize> {
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let mut again: HashMap<String, u32, foldhash::fast::FixedState> = HashMap::default();
    for (i, variable) in waveform.variables.iter().enumerate() {
        let mut name = variable.path.clone();
        if ambiguous.contains(name.as_str()) {
            name.push_str(&variable.range);
        }
        match names.get(&name) {
            None => {
                names.insert(name, i);
            }
            Some(&first) if waveform.variables[first].net == variable.net => {}
            Some(_) => {
                let number = again.entry(name.clone()).or_insert(1);
                *number += 1;
                names.insert(format!("{name} ({number})"), i);
            }
        }
    }
    names
}

fn lane(sides: Sides<Option<&Waveform>>, paths: &[Named<'_>], outermost: u32) -> Lane {
    let declared = |pair: &Sides<Option<usize>>| {
        let of = |side: Side| Some(&sides[side]?.variables[pair[side]?]);
        [of(Side::Expected), of(Side::Actual)].into_iter().flatten().collect::<Vec<_>>()
    };
    let state = |pair| declared(pair).iter().any(|v| STATE.contains(&v.word.as_str()));
    let depth = |pair| declared(pair).iter().map(|v| v.depth).max().unwrap_or(0);
    // A connection is driven where it is state; a net belongs to the outermost scope that it is in.
    let best = paths.iter().min_by_key(|(path, pair)| (!state(pair), depth(pair), *path));
    let name = best.map_or_else(String::new, |(path, _)| (*path).to_owned());
    let mut all: Vec<String> = paths.iter().map(|(path, _)| (*path).to_owned()).collect();
    all.sort();
    let pulse = best.is_some_and(|(_, pair)| {
        let pulse = |side: Side| Some(sides[side]?.nets[sides[side]?.variables[pair[side]?].net as usize].pulse);
        pulse(Side::Expected).or(pulse(Side::Actual)) == Some(true)
    });
    Lane {
        name,
        paths: all,
        pulse,
        state: paths.iter().any(|(_, pair)| state(pair)),
        outside: paths.iter().any(|(_, pair)| declared(pair).iter().any(|v| v.depth == outermost)),
        depth: paths.iter().map(|(_, pair)| depth(pair)).max().unwrap_or(0),
    }
}
