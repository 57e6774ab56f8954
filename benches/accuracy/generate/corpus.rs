//! The corpus: which systems, faults, sizes and kinds of noise, and the cases that come of it.

use super::dice::Dice;
use super::event::Event;
use super::order::{concurrent, reorder};
use super::plant::{FAULTS, Plant, Site, truth};
use super::shape::{Shape, Take};
use super::systems::SYSTEMS;
use super::world::simulate;
use crate::case::{Case, Truth};

/// What is laid over a run besides the fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is switched by itself")]
pub struct Noise {
    pub reorder: bool,
    pub rename: bool,
    pub times: bool,
    pub skew: bool,
}

impl Noise {
    /// Every combination is one of sixteen.
    pub const fn of(bits: u64) -> Self {
        Self { reorder: bits & 1 == 1, rename: bits & 2 == 2, times: bits & 4 == 4, skew: bits & 8 == 8 }
    }

    /// What two runs usually have: other times, often other ids and another order.
    const fn usual(dice: Dice) -> Self {
        Self {
            reorder: !dice.one_in(1, 4),
            rename: !dice.one_in(2, 3),
            times: !dice.one_in(3, 4),
            skew: dice.one_in(4, 2),
        }
    }

    /// Its kinds, in words.
    pub fn words(self) -> Vec<&'static str> {
        let all =
            [(self.reorder, "reordered"), (self.rename, "renamed"), (self.times, "retimed"), (self.skew, "skewed")];
        let words: Vec<&str> = all.iter().filter(|(on, _)| *on).map(|(_, word)| *word).collect();
        if words.is_empty() { vec!["none"] } else { words }
    }
}

/// A case to be made: the same order makes the same case.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    pub system: usize,
    /// The number of the fault in [`FAULTS`], or none.
    pub fault: Option<usize>,
    pub size: u64,
    pub noise: Noise,
    pub seed: u64,
    /// In the words that most people use, rather than in words of its own.
    pub common: bool,
}

/// A case, and the gap in seconds from which on an event is late, where gaps are compared.
#[derive(Debug, Clone)]
pub struct Made {
    pub case: Case,
    pub late_after: Option<f64>,
    pub noise: Noise,
}

/// More events than so many times what was wanted are a storm that nobody can read: no case is made of it.
const STORM: u64 = 8;

impl Order {
    /// Makes the case; none where the fault has no place in the system, or no effect that a recording shows.
    pub fn make(&self) -> Option<Made> {
        let system = &SYSTEMS[self.system];
        let dice = Dice::new(self.seed).part(self.system as u64);
        let plan = (system.plan)(dice.part(1), self.size);
        let most = (self.size * STORM).max(400) as usize;
        let good = simulate(&plan, dice.part(2), None, most);
        let (mut bad_events, mut fault, mut plant) = (good.events.clone(), None, None);
        let mut planted = Truth::default();
        if let Some(number) = self.fault {
            let (name, plants) = FAULTS[number];
            let able: Vec<Plant> = plants.iter().copied().filter(|p| good.sites.contains_key(p)).collect();
            if able.is_empty() {
                return None;
            }
            let how = dice.pick(31 + number as u64, &able);
            let sites = &good.sites[&how];
            // Neither right at the start nor at the very end, where there is a choice.
            let spare = sites.len() / 8;
            let number = spare as u64 + dice.below(41, (sites.len() - 2 * spare) as u64);
            let bad = simulate(&plan, dice.part(2), Some((how, number as u32)), most);
            if bad.events.len() >= most {
                return None;
            }
            let site: Site = bad.struck?;
            let groups: Vec<u32> = plan.agents.iter().map(|a| a.group).collect();
            planted = truth(how, site, &groups, &good.events, &bad.events)?;
            bad_events = bad.events;
            (fault, plant) = (Some(name), Some(how));
        }
        if good.events.len() >= most || good.events.is_empty() {
            return None;
        }
        // What is only late can only be seen where gaps are compared, and then times must be comparable.
        let late = plant == Some(Plant::LateWork);
        // One machine has one clock.
        let hosts = plan.agents.iter().any(|agent| agent.host > 0);
        let noise = Noise { skew: self.noise.skew && hosts, ..self.noise };
        let noise = if late { Noise { times: false, skew: false, reorder: false, ..noise } } else { noise };
        let shape = if self.common { Shape::common(dice.part(3)) } else { Shape::new(dice.part(3), late) };
        let (expected, actual, order) = recordings(dice, noise, shape, &good.events, &bad_events);
        let place = |side: &[u32]| {
            let mut places: Vec<u32> =
                (order.iter().enumerate()).filter(|(_, i)| side.contains(i)).map(|(place, _)| place as u32).collect();
            places.sort_unstable();
            places
        };
        let name = format!(
            "{}/{}{}/{}/{}/{}",
            system.name,
            fault.unwrap_or("none"),
            plant.map_or_else(String::new, |plant| format!("-{plant:?}")),
            self.size,
            noise.words().join("+"),
            self.seed
        );
        let truth = Truth { expected: planted.expected.clone(), actual: place(&planted.actual) };
        let case = Case { name, workload: system.name, fault, expected, actual, truth };
        Some(Made { case, late_after: late.then_some(0.02), noise })
    }
}

fn recordings(dice: Dice, noise: Noise, shape: Shape, good: &[Event], bad: &[Event]) -> (String, String, Vec<u32>) {
    let day = 1_772_000_000_000_000;
    let salt = dice.of(51);
    let first = Take { salt, start: day, jitter: None, skew: None };
    let second = Take {
        salt: if noise.rename { dice.of(52) } else { salt },
        start: if noise.times { day + 3_000_000_000 + dice.below(53, 9_000_000_000) } else { day },
        jitter: noise.times.then(|| dice.part(54)),
        skew: noise.skew.then(|| dice.part(55)),
    };
    let in_turn: Vec<u32> = (0..good.len() as u32).collect();
    let expected = shape.record(good, &in_turn, &first);
    let order = if noise.reorder {
        reorder(bad, &concurrent(good), dice.part(56), 3 + dice.below(57, 30))
    } else {
        (0..bad.len() as u32).collect()
    };
    let actual = shape.record(bad, &order, &second);
    (expected, actual, order)
}

/// How large cases are: mostly small, as people's are, some large, a few very large. Of 200 cases, so many of each size.
const SIZES: [(u64, u64); 7] = [(20, 24), (60, 40), (200, 60), (600, 44), (2_000, 28), (10_000, 3), (100_000, 1)];

fn size(seed: u64, number: u64) -> u64 {
    let mut at = Dice::new(seed).part(77).below(number, 200);
    for (size, share) in SIZES {
        if at < share {
            return size;
        }
        at -= share;
    }
    SIZES[0].0
}

/// Orders of labelled single faults, in turn over systems, faults and kinds of noise.
pub fn faults(seed: u64, number: u64) -> Vec<Order> {
    (0..number)
        .map(|i| Order {
            system: (i % 4) as usize,
            fault: Some((i / 4 % 10) as usize),
            size: size(seed, i),
            noise: Noise::usual(Dice::new(seed).part(i)),
            seed: seed.wrapping_mul(1_000_003).wrapping_add(i),
            common: false,
        })
        .collect()
}

/// Orders of pairs without any fault.
pub fn clean(seed: u64, number: u64) -> Vec<Order> {
    (0..number)
        .map(|i| Order {
            system: (i % 4) as usize,
            fault: None,
            size: size(seed, i),
            noise: Noise::of(i / 4),
            seed: seed.wrapping_mul(1_000_003).wrapping_add(500_000 + i),
            common: false,
        })
        .collect()
}
