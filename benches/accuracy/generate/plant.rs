//! Faults: how they are planted, and which events are theirs.

use super::event::{Event, Point};
use super::order::share_a_lane;
use crate::case::Truth;

/// The kinds of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Plant {
    OddEvent,
    OddEnd,
    LostWork,
    LostItem,
    LostRelease,
    LostReply,
    OtherWork,
    WrongQueue,
    QueueOrder,
    WorkOrder,
    PutTwice,
    TakenTwice,
    LateItem,
    LateReply,
    LateWork,
    WorkRetried,
    CallRefused,
    Silence,
    WrongResult,
    WrongPayload,
    LocksSwapped,
    WaiterPreferred,
}

/// Every kind of fault with the ways in which it is planted.
pub const FAULTS: [(&str, &[Plant]); 10] = [
    ("insert", &[Plant::OddEvent, Plant::OddEnd]),
    ("delete", &[Plant::LostWork, Plant::LostItem, Plant::LostRelease, Plant::LostReply]),
    ("substitute", &[Plant::OtherWork, Plant::WrongQueue]),
    ("reorder", &[Plant::QueueOrder, Plant::WorkOrder]),
    ("duplicate", &[Plant::PutTwice, Plant::TakenTwice]),
    ("delay", &[Plant::LateItem, Plant::LateReply, Plant::LateWork]),
    ("retry-burst", &[Plant::WorkRetried, Plant::CallRefused]),
    ("lost-lane", &[Plant::Silence]),
    ("wrong-value", &[Plant::WrongResult, Plant::WrongPayload]),
    ("lock-inversion", &[Plant::LocksSwapped, Plant::WaiterPreferred]),
];

/// Where a fault can be, or was, planted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Site {
    /// How many events there were by then: the index of the next one.
    pub at: u32,
    pub agent: u32,
    pub group: u32,
    pub job: u64,
}

/// The event of a job at a point, from some event on.
fn find(events: &[Event], from: u32, job: u64, point: Point) -> Option<u32> {
    (from..events.len() as u32).find(|&i| events[i as usize].job == job && events[i as usize].point == point)
}

/// Where two recordings in the order of their simulation first differ.
pub fn first_difference(expected: &[Event], actual: &[Event]) -> u32 {
    let both = expected.iter().zip(actual);
    both.take_while(|(e, a)| e.says_the_same(a)).count() as u32
}

/// Two events that changed places, as one and the other side have them.
fn swapped(
    expected: &[Event],
    actual: &[Event],
    at: u32,
    one: u32,
    other: impl Fn(&[Event]) -> Option<u32>,
) -> Option<Truth> {
    let there = |events: &[Event], event: &Event| find(events, at, event.job, event.point);
    let late = other(actual)?;
    let pair = [&actual[one as usize], &actual[late as usize]];
    Some(Truth { expected: pair.iter().filter_map(|event| there(expected, event)).collect(), actual: vec![one, late] })
}

/// The events that are the planted fault, in the order of the simulation; none where nobody could see it.
pub fn truth(plant: Plant, site: Site, groups: &[u32], expected: &[Event], actual: &[Event]) -> Option<Truth> {
    let at = site.at;
    let first = first_difference(expected, actual);
    // A run that only stops is said to be truncated; that has no cause in it.
    if only_stops(expected, actual, groups.len()) {
        return None;
    }
    let has = |events: &[Event], i: u32| (i as usize) < events.len();
    let only_expected = |i: u32| Truth { expected: vec![i], actual: Vec::new() };
    let truth = match plant {
        Plant::OddEvent | Plant::OddEnd | Plant::WorkRetried => Truth { expected: Vec::new(), actual: vec![at] },
        Plant::LostWork | Plant::LostRelease => only_expected(at),
        // What the caller records in the place of the answer is that there is none.
        Plant::LostReply | Plant::LateReply => {
            let there = find(actual, at, site.job, Point::Timeout);
            Truth { expected: vec![at], actual: there.into_iter().collect() }
        }
        Plant::LostItem => {
            let lost = find(expected, at, site.job, Point::Get)?;
            Truth { expected: indistinguishable(expected, actual, lost), actual: Vec::new() }
        }
        Plant::OtherWork | Plant::WrongQueue | Plant::CallRefused | Plant::WrongResult | Plant::WrongPayload => {
            Truth { expected: vec![at], actual: vec![at] }
        }
        Plant::LateWork => {
            let step = expected.get(at as usize)?.step;
            let same = |&i: &u32| {
                let event = &actual[i as usize];
                event.job == site.job && event.point == Point::Work && event.step == step
            };
            Truth { expected: vec![at], actual: vec![(at..actual.len() as u32).find(same)?] }
        }
        // Which of two equal neighbours is the second one, nobody can tell.
        Plant::PutTwice if actual.get(at as usize)?.says_the_same(actual.get(at as usize + 1)?) => {
            Truth { expected: Vec::new(), actual: vec![at, at + 1] }
        }
        Plant::PutTwice => Truth { expected: Vec::new(), actual: vec![at + 1] },
        Plant::TakenTwice => {
            let once = find(actual, at, site.job, Point::Get)?;
            Truth { expected: Vec::new(), actual: vec![find(actual, once + 1, site.job, Point::Get)?] }
        }
        Plant::QueueOrder => {
            let late = expected.get(at as usize)?;
            swapped(expected, actual, at, at, |side| find(side, at, late.job, Point::Get))?
        }
        Plant::WorkOrder => {
            let now = actual.get(at as usize)?;
            Truth {
                expected: vec![at, find(expected, at + 1, now.job, Point::Work)?],
                actual: vec![at, find(actual, at + 1, now.job, Point::Work)?],
            }
        }
        Plant::LateItem => late_item(site, first, expected, actual)?,
        Plant::Silence => {
            let dead = |agent: u32| groups[agent as usize] == site.group;
            let mut silent: Vec<u32> = Vec::new();
            for (i, event) in expected.iter().enumerate().skip(at as usize) {
                if dead(event.agent) && !silent.iter().any(|&s| expected[s as usize].agent == event.agent) {
                    silent.push(i as u32);
                }
            }
            Truth { expected: silent, actual: Vec::new() }
        }
        Plant::LocksSwapped => {
            let own = |events: &[Event]| -> Vec<u32> {
                let mine = |&i: &u32| {
                    let event = &events[i as usize];
                    event.job == site.job && matches!(event.point, Point::Acquire | Point::Wait)
                };
                (at..events.len() as u32)
                    .filter(mine)
                    .take_while(|&i| events[i as usize].step <= events[at as usize].step + 1)
                    .collect()
            };
            (has(expected, at) && has(actual, at)).then(|| Truth { expected: own(expected), actual: own(actual) })?
        }
        Plant::WaiterPreferred => {
            // The release comes before what it lets go on.
            let granted = |events: &[Event]| {
                let lock = events.get(at as usize)?.on;
                let next = |&i: &u32| events[i as usize].point == Point::Acquire && events[i as usize].on == lock;
                (at + 1..events.len() as u32).find(next)
            };
            let (good, bad) = (granted(expected)?, granted(actual)?);
            let late = expected[good as usize].job;
            swapped(expected, actual, at, bad, |side| find(side, bad, late, Point::Acquire))
                .or_else(|| Some(Truth { expected: vec![good], actual: vec![bad] }))?
        }
    };
    // What the simulation did first is the fault, or its label is wrong. What is late is only seen when something overtook it.
    let seen_first = truth.expected.contains(&first) || truth.actual.contains(&first);
    (seen_first || matches!(plant, Plant::LateItem | Plant::LateWork)).then_some(truth)
}

/// True when nobody did anything but less than before, the last event of all being among what is missing.
fn only_stops(expected: &[Event], actual: &[Event], agents: usize) -> bool {
    let by_agent = |events: &'_ [Event]| {
        let mut own: Vec<Vec<u32>> = vec![Vec::new(); agents];
        for (i, event) in events.iter().enumerate() {
            own[event.agent as usize].push(i as u32);
        }
        own
    };
    let (good, bad) = (by_agent(expected), by_agent(actual));
    let last = expected.last().map_or(0, |event| event.agent as usize);
    let begins = |good: &[u32], bad: &[u32]| {
        bad.len() <= good.len()
            && bad.iter().zip(good).all(|(&b, &g)| expected[g as usize].says_the_same(&actual[b as usize]))
    };
    bad[last].len() < good[last].len() && good.iter().zip(&bad).all(|(good, bad)| begins(good, bad))
}

/// The lost event, and those after it as long as what came next says the same: which of two equal stretches of work on one
/// resource was lost, no recording tells.
fn indistinguishable(expected: &[Event], actual: &[Event], lost: u32) -> Vec<u32> {
    let agent = expected[lost as usize].agent;
    let on = |events: &[Event], from: usize| -> Vec<u32> {
        (0..events.len()).filter(|&i| events[i].agent == agent).skip(from).map(|i| i as u32).collect()
    };
    let before = expected[..lost as usize].iter().filter(|event| event.agent == agent).count();
    let (good, bad) = (on(expected, before), on(actual, before));
    let same = good.iter().zip(&bad).take_while(|&(&g, &b)| expected[g as usize].says_the_same(&actual[b as usize]));
    let same = same.count();
    good.into_iter().take(same + 1).collect()
}

/// Work that arrives late: it and the first that overtook it on the same queue (where putting is arriving) or at the same
/// receiver.
fn late_item(site: Site, first: u32, expected: &[Event], actual: &[Event]) -> Option<Truth> {
    let on_queue = |point: Point| {
        let (good, bad) =
            (find(expected, site.at.min(first), site.job, point)?, find(actual, site.at.min(first), site.job, point)?);
        let place = |event: &Event| if point == Point::Put { event.on } else { event.agent };
        let here = place(&expected[good as usize]);
        let overtook = |&i: &u32| {
            let event = &actual[i as usize];
            event.point == point
                && place(event) == here
                && share_a_lane(event, &actual[bad as usize])
                && find(expected, good, event.job, point).is_some_and(|e| e > good)
        };
        let overtaker = (first..bad).find(overtook)?;
        let there = find(expected, good, actual[overtaker as usize].job, point)?;
        Some(Truth { expected: vec![good, there], actual: vec![bad, overtaker] })
    };
    on_queue(Point::Put).or_else(|| on_queue(Point::Get))
}
