//! Labelled cases from a second hand: eight simulated worlds, written from the rules alone, with one planted fault each
//! or none.

mod noise;
mod plant;
mod schema;
mod sim;
mod words;
mod worlds;

use super::case::{Case, Truth};
use noise::Noise;
use plant::{Pair, Setting};
use schema::Schema;
use sim::{Kind, Run, mix};

/// The kinds of fault with their names.
const KINDS: [(Kind, &str); 10] = [
    (Kind::Insert, "insert"),
    (Kind::Delete, "delete"),
    (Kind::Substitute, "substitute"),
    (Kind::Reorder, "reorder"),
    (Kind::Duplicate, "duplicate"),
    (Kind::Delay, "delay"),
    (Kind::Burst, "retry-burst"),
    (Kind::Lost, "lost-lane"),
    (Kind::Value, "wrong-value"),
    (Kind::Inversion, "lock-inversion"),
];

/// How many cases have a fault.
const FAULTED: usize = 500;
/// How many have none.
const FAULT_FREE: usize = 80;
/// How many targets are tried in one world before another is drawn.
const TARGETS: u64 = 30;
/// How many worlds are drawn for a case before it is given up.
const ROUNDS: u64 = 12;
/// The sizes, in events; each as often as it is named.
const SIZES: [usize; 16] = [24, 30, 40, 50, 60, 80, 100, 150, 200, 250, 300, 400, 600, 1000, 2000, 4500];
/// The size of the largest cases, and how far apart they are.
const LARGEST: (usize, usize) = (20_000, 83);

/// All cases, the same ones for the same seed.
pub fn cases(seed: u64) -> Vec<Case> {
    let faulted = (0..FAULTED).filter_map(|number| drawn(seed, number, true));
    faulted.chain((0..FAULT_FREE).filter_map(|number| drawn(seed, number, false))).collect()
}

/// The case of a name: no other is made for it.
pub fn find(seed: u64, name: &str) -> Option<Case> {
    let number = name.rsplit('/').next()?.parse().ok()?;
    [true, false].into_iter().filter_map(|fault| drawn(seed, number, fault)).find(|case| case.name == name)
}

/// The case of a number, if it can be made.
fn drawn(seed: u64, number: usize, fault: bool) -> Option<Case> {
    let draw = if fault { faulted } else { fault_free };
    (0..ROUNDS).find_map(|round| draw(seed, number, round))
}

/// The size of a case.
fn size(number: usize, draw: u64) -> usize {
    if number % LARGEST.1 == LARGEST.1 - 1 { LARGEST.0 } else { SIZES[(draw % SIZES.len() as u64) as usize] }
}

/// A case with a fault, if this round of drawing gives an honest one.
fn faulted(seed: u64, number: usize, round: u64) -> Option<Case> {
    let draw = |salt: u64| mix(mix(seed, number as u64), mix(round, salt));
    let (kind, name) = KINDS[number % KINDS.len()];
    let world = if kind == Kind::Inversion {
        ["build", "warehouse"][number / KINDS.len() % 2]
    } else {
        worlds::NAMES[(number / KINDS.len() + round as usize) % worlds::NAMES.len()]
    };
    let setting = Setting { world, events: size(number, draw(1)), seed: draw(2) };
    let good = plant::simulate(setting, None);
    let targets = plant::targets(world, kind, &good.handled);
    let pair = (0..TARGETS).find_map(|turn| {
        // Neither in the first steps nor at the very end, where there is nothing left to go wrong.
        let (low, high) = ((targets.len() / 12).max(1), targets.len() * 9 / 10);
        let at = *targets.get(low + (draw(10 + turn) % high.saturating_sub(low).max(1) as u64) as usize)?;
        let size = match kind {
            Kind::Delay => 40 << (draw(100 + turn) % 10),
            Kind::Burst => 3 + (draw(100 + turn) % 6) as i64,
            _ => 1 + (draw(100 + turn) % 7) as i64,
        };
        plant::plant(setting, kind, &good, at, size)
    })?;
    Some(write(&pair, setting, Some(name), Noise::of(draw(5) & draw(6) | draw(7) & draw(8)), number, draw(9)))
}

/// A case without a fault, if this round of drawing gives an honest one.
fn fault_free(seed: u64, number: usize, round: u64) -> Option<Case> {
    let draw = |salt: u64| mix(mix(seed ^ 0x6f6b, number as u64), mix(round, salt));
    let world = worlds::NAMES[(number + round as usize) % worlds::NAMES.len()];
    let setting = Setting { world, events: size(number, draw(1)), seed: draw(2) };
    let good = plant::simulate(setting, None);
    if good.events.len() < SIZES[0] {
        return None;
    }
    let pair = if number % 4 == 3 {
        (0..TARGETS).find_map(|turn| late(setting, &good, draw(10 + turn)))?
    } else {
        Pair { expected: good.events.clone(), actual: good.events, truth: Truth::default() }
    };
    Some(write(&pair, setting, None, Noise::of(draw(5) | draw(6)), number, draw(9)))
}

/// A pair in which one message came late and changed nothing.
fn late(setting: Setting, good: &Run, draw: u64) -> Option<Pair> {
    let targets = plant::targets(setting.world, Kind::Delay, &good.handled);
    let at = *targets.get((draw % targets.len().max(1) as u64) as usize)?;
    plant::late_only(setting, good, at, 20 << (draw >> 32 & 7))
}

/// Writes a pair with its noise, and moves the answer to where the noise has put it.
fn write(pair: &Pair, setting: Setting, fault: Option<&'static str>, noise: Noise, number: usize, draw: u64) -> Case {
    let schema = Schema::of(setting.world, mix(draw, 1));
    let mut noise = schema.shows(noise);
    // A start that moves past the end of another span would be more than a change of order.
    noise.order &= setting.world != "spans";
    let clean = Noise::of(0);
    let plain = |events: &[sim::Event]| (0..events.len() as u32).collect::<Vec<_>>();
    // The noise may have hit either run.
    let shaken = noise.order.then(|| mix(draw, 2).is_multiple_of(3));
    let order = |events: &[sim::Event], shake: bool| {
        if shake { noise::reorder(events, schema.hosts, mix(draw, 3)) } else { plain(events) }
    };
    let first = order(&pair.expected, shaken == Some(true));
    let second = order(&pair.actual, shaken == Some(false));
    let moved = |truth: &[u32], order: &[u32]| -> Vec<u32> {
        (0..order.len() as u32).filter(|at| truth.contains(&order[*at as usize])).collect()
    };
    let name = fault.unwrap_or("none");
    Case {
        name: format!("second/{}/{name}/{}/{}/{number}", setting.world, pair.expected.len(), noise.name()),
        workload: setting.world,
        fault,
        expected: schema.write(&pair.expected, &first, clean, mix(draw, 4)),
        actual: schema.write(&pair.actual, &second, noise, mix(draw, 5)),
        truth: Truth { expected: moved(&pair.truth.expected, &first), actual: moved(&pair.truth.actual, &second) },
    }
}
