//! Plants one fault in a world and says which events name it, or that this plant is no honest case.

use std::collections::BTreeSet;

use super::Truth;
use super::schema::HOSTS;
use super::sim::{self, Event, Fault, Field, Handled, Kind, Role, Run, Val, mix};
use super::worlds;

/// The least number of events of a good run.
const LEAST: usize = 20;

/// How many events at most lie between two that change places.
const NEAR: u32 = 20;

/// A simulated pair with its answer.
#[derive(Debug)]
pub struct Pair {
    /// The good run.
    pub expected: Vec<Event>,
    /// The run with the fault.
    pub actual: Vec<Event>,
    /// Where the fault is.
    pub truth: Truth,
}

/// Which world, how large, and how its actors are laid out.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The name of the world.
    pub world: &'static str,
    /// About how many events.
    pub events: usize,
    /// What all its draws depend on.
    pub seed: u64,
}

/// Runs the world once.
pub fn simulate(setting: Setting, fault: Option<Fault>) -> Run {
    let mut world = worlds::make(setting.world, setting.events, setting.seed);
    sim::run(world.as_mut(), setting.seed, fault, setting.events * 2 + 400)
}

/// A number that stands for a value.
pub fn key(val: &Val) -> u64 {
    match val {
        Val::Num(n) => mix(1, *n as u64),
        Val::Word(word) => word.bytes().fold(2, |sum, byte| mix(sum, byte.into())),
        Val::Named(sort, n) => mix(key(&Val::Word(sort)), *n as u64),
        Val::Id(id) => mix(4, *id),
    }
}

/// The resources of an event that do one thing at a time; the first is where it is at home.
fn lanes(event: &Event) -> Vec<u64> {
    event.fields.iter().filter(|field| field.role == Role::Lane).map(|field| key(&field.val)).collect()
}

/// What an event says at its start, without the ids that another run draws anew.
fn says(event: &Event) -> (&'static str, Vec<&Field>) {
    let told = |field: &&Field| field.role != Role::Late && !matches!(field.val, Val::Id(_));
    (event.label, event.fields.iter().filter(told).collect())
}

/// The events of one lane.
fn along(events: &[Event], lane: u64) -> Vec<u32> {
    (0..events.len() as u32).filter(|index| lanes(&events[*index as usize]).contains(&lane)).collect()
}

/// Both runs of one lane, and the place in it where they begin to say different things.
struct Split {
    expected: Vec<u32>,
    actual: Vec<u32>,
    at: usize,
}

impl Split {
    fn of(pair: &Pair, lane: u64) -> Self {
        let (expected, actual) = (along(&pair.expected, lane), along(&pair.actual, lane));
        let same = |(e, a): &(&u32, &u32)| says(&pair.expected[**e as usize]) == says(&pair.actual[**a as usize]);
        let at = expected.iter().zip(&actual).take_while(same).count();
        Self { expected, actual, at }
    }

    /// Whether the lane parts exactly at these events: only then can a reader of the recording tell which one it was.
    fn is_at(&self, expected: Option<u32>, actual: Option<u32>) -> bool {
        let fits = |lane: &[u32], event: Option<u32>| event.is_none_or(|event| lane.get(self.at) == Some(&event));
        fits(&self.expected, expected) && fits(&self.actual, actual)
    }
}

/// Runs a world with and without a fault at one of its messages; `None` when the plant has no effect, or one that a
/// reader of the recordings could not tell from another.
pub fn plant(setting: Setting, kind: Kind, good: &Run, at: usize, size: i64) -> Option<Pair> {
    let target = good.handled.get(at)?;
    let planted = simulate(setting, Some(Fault { kind, at, size }));
    let was = target.event?;
    if !good.complete || !planted.complete || good.events.len() < LEAST || planted.events.len() < LEAST / 2 {
        return None;
    }
    let home = *lanes(good.events.get(was as usize)?).first()?;
    let mut pair = Pair { expected: good.events.clone(), actual: planted.events, truth: Truth::default() };
    let split = Split::of(&pair, home);
    let is = planted.marks.first().copied();
    let (expected, actual) = match kind {
        Kind::Insert | Kind::Burst => {
            let is = is.filter(|is| fits_alone(&pair, *is))?;
            (vec![], vec![is])
        }
        Kind::Duplicate => {
            let copy = is.filter(|is| fits_alone(&pair, *is))?;
            let before = split.at.checked_sub(1).and_then(|before| split.actual.get(before));
            let twin = before.filter(|twin| says(&pair.actual[**twin as usize]) == says(&pair.actual[copy as usize]));
            (vec![], twin.copied().into_iter().chain([copy]).collect())
        }
        Kind::Delete => (split.is_at(Some(was), None) && goes_on(&pair, was)).then_some((vec![was], vec![]))?,
        Kind::Lost => {
            let actor = pair.expected[was as usize].actor;
            let left = pair.expected[was as usize..].iter().filter(|event| event.actor == actor).count();
            // A span that was open when its service fell silent never ended: that names the fault as well.
            let ended = |event: &Event| event.fields.iter().any(|field| field.role == Role::Late);
            let open = |index: &u32| {
                let (was, is) = (&pair.expected[*index as usize], pair.actual.get(*index as usize));
                was.actor == actor && ended(was) && is.is_some_and(|is| !ended(is))
            };
            let unended: Vec<u32> = (0..was).filter(open).collect();
            let honest = left > 2 && goes_on(&pair, was) && split.is_at(Some(was), None);
            honest.then(|| (unended.iter().copied().chain([was]).collect(), unended))?
        }
        Kind::Substitute | Kind::Value => {
            let is = is?;
            split.is_at(Some(was), Some(is)).then_some((vec![was], vec![is]))?
        }
        Kind::Delay => {
            let is = is?;
            let passed = *split.actual.get(split.at).filter(|_| split.is_at(Some(was), None))?;
            // Only one event went by: then nothing tells a late event from an early one.
            let swapped = split.actual.get(split.at + 1) == Some(&is)
                && split.expected.get(split.at + 1).is_some_and(|next| same(&pair, *next, passed));
            let other = split.expected.get(split.at + 1).filter(|_| swapped).copied();
            let early = swapped.then_some(passed);
            (other.into_iter().chain([was]).collect(), early.into_iter().chain([is]).collect())
        }
        Kind::Reorder => {
            let partner = good.handled.iter().find(|message| Some(message.id) == planted.partner)?.event?;
            let &[early, after] = planted.marks.as_slice() else { return None };
            let shared = lanes(&pair.expected[was as usize]);
            let lane = lanes(&pair.expected[partner as usize]).into_iter().find(|lane| shared.contains(lane))?;
            let split = Split::of(&pair, lane);
            let next =
                split.expected.get(split.at + 1) == Some(&partner) && split.actual.get(split.at + 1) == Some(&after);
            let reads = |index: u32| pair.expected[index as usize].label.contains("read");
            let told = says(&pair.expected[was as usize]) != says(&pair.expected[partner as usize]);
            let kept = same(&pair, was, after) && same(&pair, partner, early);
            let near = was.abs_diff(partner) <= NEAR;
            let honest =
                near && next && told && kept && !(reads(was) && reads(partner)) && split.is_at(Some(was), Some(early));
            honest.then_some((vec![was, partner], vec![early, after]))?
        }
        Kind::Inversion => {
            let (starts, labels) = worlds::make(setting.world, 0, 0).locks()?;
            if target.kind != starts {
                return None;
            }
            let begins = pair.expected[was as usize].label;
            let taken = |events: &[Event]| -> Vec<u32> {
                let after = |index: &u32| *index > was;
                let own = along(events, home).into_iter().filter(after);
                let own = own.take_while(|index| events[*index as usize].label != begins);
                own.filter(|index| labels.contains(&events[*index as usize].label)).collect()
            };
            let (expected, actual) = (taken(&pair.expected), taken(&pair.actual));
            (expected.len() >= 2 && !actual.is_empty()).then_some((expected, actual))?
        }
    };
    pair.truth = Truth { expected: sorted(expected), actual: sorted(actual) };
    Some(pair)
}

/// Whether an extra event is where its own lane parts.
fn fits_alone(pair: &Pair, actual: u32) -> bool {
    let home = lanes(&pair.actual[actual as usize]).first().copied();
    home.is_some_and(|home| Split::of(pair, home).is_at(None, Some(actual)))
}

/// Whether the run with the fault went on well past it: what only stops early is a recording that was cut, and names no
/// event.
fn goes_on(pair: &Pair, fault: u32) -> bool {
    let kept: BTreeSet<u64> = pair.actual.iter().map(|event| event.uid).collect();
    let last = pair.expected.iter().rposition(|event| kept.contains(&event.uid));
    last.is_some_and(|last| last > usize::midpoint(fault as usize, pair.expected.len()))
}

/// Whether both are the same step of the same work.
fn same(pair: &Pair, expected: u32, actual: u32) -> bool {
    pair.expected[expected as usize].uid == pair.actual[actual as usize].uid
}

fn sorted(mut indexes: Vec<u32>) -> Vec<u32> {
    indexes.sort_unstable();
    indexes.dedup();
    indexes
}

/// A pair in which a message came late and nothing but the clock shows it; `None` when something else does.
pub fn late_only(setting: Setting, good: &Run, at: usize, size: i64) -> Option<Pair> {
    let late = simulate(setting, Some(Fault { kind: Kind::Delay, at, size }));
    let told = |run: &Run| {
        let mut all: Vec<(u64, u64, u64)> = Vec::new();
        for (index, event) in run.events.iter().enumerate() {
            let cause = event.cause.map_or(0, |cause| run.events[cause as usize].uid);
            let content =
                event.fields.iter().fold(key(&Val::Word(event.label)), |sum, field| mix(sum, key(&field.val)));
            let things = event.fields.iter().filter(|field| matches!(field.role, Role::Lane | Role::Thing));
            let places = [mix(9, event.actor.into()), mix(8, (event.actor % HOSTS).into())];
            let order = things.map(|field| key(&field.val)).chain(places);
            all.extend(order.map(|lane| (lane, index as u64, mix(mix(event.uid, cause), content))));
        }
        all.sort_unstable();
        all.into_iter().map(|(lane, _, what)| (lane, what)).collect::<Vec<_>>()
    };
    let clocks = |run: &Run| run.events.iter().map(|event| event.at).collect::<Vec<_>>();
    let equal = good.complete
        && good.events.len() >= LEAST
        && late.complete
        && told(good) == told(&late)
        && clocks(good) != clocks(&late);
    equal.then(|| Pair { expected: good.events.clone(), actual: late.events, truth: Truth::default() })
}

/// The messages at which a kind of fault can be planted.
pub fn targets(world: &str, kind: Kind, handled: &[Handled]) -> Vec<usize> {
    let world = worlds::make(world, 0, 0);
    let fits = |message: &Handled| match kind {
        Kind::Insert | Kind::Value => world.number(message.kind).is_some(),
        Kind::Substitute => world.mistaken(message.kind).is_some(),
        Kind::Burst => world.again(message.kind).is_some(),
        Kind::Inversion => world.locks().is_some_and(|(starts, _)| message.kind == starts),
        _ => true,
    };
    let fits = |(_, message): &(usize, &Handled)| message.event.is_some() && fits(message);
    handled.iter().enumerate().filter(fits).map(|(at, _)| at).collect()
}
