//! Which fault explains how much of the error that came after.

use super::errors::moment;
use super::faults::{Found, intervals};
use super::{Cause, Class};
use crate::trace::Samples;

/// Shares nearer to each other than this are one rank.
const TIED: f64 = 1e-9;

/// Where a class stands in the loop, from what comes in to what goes out: what stands earlier can bring about what stands later.
const fn place(class: Class) -> u8 {
    match class {
        Class::SetpointChange => 0,
        Class::DelayedMeasurement | Class::FaultyMeasurement => 1,
        Class::StaleEstimate => 2,
        Class::TimingJitter => 3,
        Class::MissedUpdate | Class::OutputClipped => 4,
        Class::ActuatorSaturation => 5,
        Class::ActuatorResponse => 6,
        Class::Disturbance => 7,
    }
}

/// True when one fault came of another: it is further down the loop, and began while the other was there.
fn comes_of(fault: &Found, of: &Found) -> bool {
    let began = fault.when.first().map_or(usize::MAX, |(from, _)| *from);
    place(of.class) < place(fault.class)
        && of.when.first().is_some_and(|(from, _)| *from <= began)
        && of.when.iter().any(|&(from, to)| from <= began && began <= to + 1)
}

/// For each fault the integral of the part of the gap that is charged to it alone, and the integral of the whole gap. As the gap
/// grows the growth is charged to the faults that are there, in equal parts, or else to each in proportion to what it brought
/// about so far, which still moves the plant; as it shrinks all that was charged shrinks with it.
fn charged(faults: &[Found], gap: &[f64], from: usize) -> (Vec<f64>, f64) {
    let mut held = vec![0.0; faults.len()];
    let (mut sums, mut whole) = (vec![0.0; faults.len()], 0.0);
    let mut before = 0.0;
    let active = |at: usize| -> Vec<usize> {
        let there = |fault: &&usize| faults[**fault].when.iter().any(|&(a, b)| a <= at && at <= b);
        (0..faults.len()).collect::<Vec<usize>>().iter().filter(there).copied().collect()
    };
    for (at, &now) in gap.iter().enumerate().skip(from).filter(|(_, now)| now.is_finite()) {
        let grown = now - before;
        if grown > 0.0 {
            let there = active(at);
            let all: f64 = held.iter().sum();
            if !there.is_empty() {
                for &fault in &there {
                    held[fault] += grown / there.len() as f64;
                }
            } else if all > 0.0 {
                for part in &mut held {
                    *part += grown * *part / all;
                }
            }
        } else if before > 0.0 {
            for part in &mut held {
                *part *= now / before;
            }
        }
        before = now;
        whole += now;
        sums.iter_mut().zip(&held).for_each(|(sum, part)| *sum += part);
    }
    (sums, whole)
}

/// The faults as causes, ranked by the share of the later error that each explains with all that came of it; ties by causal order.
/// An output clipped at its usual limit is how a loop answers, and a cause only where nothing else went wrong.
pub fn causes(samples: &Samples, axis: usize, faults: Vec<Found>, gap: Option<&[f64]>, onset: usize) -> Vec<Cause> {
    let other = faults.iter().any(|fault| fault.class != Class::OutputClipped);
    let faults: Vec<Found> = faults.into_iter().filter(|fault| !other || fault.class != Class::OutputClipped).collect();
    let (alone, whole) = gap.map_or_else(|| (vec![0.0; faults.len()], 0.0), |gap| charged(&faults, gap, onset));
    let share = |fault: usize| -> Option<f64> {
        let with: f64 = (0..faults.len())
            .filter(|&at| at == fault || comes_of(&faults[at], &faults[fault]))
            .map(|at| alone[at])
            .sum();
        (gap.is_some() && whole > 0.0).then(|| (with / whole).clamp(0.0, 1.0))
    };
    let mut causes: Vec<Cause> = faults
        .iter()
        .enumerate()
        .filter_map(|(at, fault)| {
            let first = fault.when.first()?.0;
            let of = faults.iter().filter(|of| comes_of(fault, of)).min_by_key(|of| place(of.class));
            let onset = moment(samples, axis, first);
            Some(Cause {
                rank: 0,
                class: fault.class,
                onset,
                signal: fault.signal.clone(),
                share: share(at),
                reason: reason(fault, share(at), of.map(|of| of.class), onset.step),
                evidence: fault.evidence.clone(),
                intervals: intervals(samples, axis, &fault.when),
            })
        })
        .collect();
    causes.sort_by(|a, b| {
        let share = |cause: &Cause| cause.share.unwrap_or(0.0);
        let near = (share(a) - share(b)).abs() <= TIED;
        let by_share = if near { std::cmp::Ordering::Equal } else { share(b).total_cmp(&share(a)) };
        by_share.then(place(a.class).cmp(&place(b.class))).then(a.onset.cmp(&b.onset)).then(a.signal.cmp(&b.signal))
    });
    let mut rank = 0;
    for at in 0..causes.len() {
        let tied = at > 0
            && place(causes[at - 1].class) == place(causes[at].class)
            && (causes[at - 1].share.unwrap_or(0.0) - causes[at].share.unwrap_or(0.0)).abs() <= TIED
            && causes[at - 1].onset == causes[at].onset;
        rank = if tied { rank } else { at as u32 + 1 };
        causes[at].rank = rank;
    }
    causes
}

fn reason(fault: &Found, share: Option<f64>, of: Option<Class>, step: i64) -> String {
    let times = match fault.when.as_slice() {
        [(from, to)] if from == to => format!("at step {step}"),
        [(from, to)] => format!("from step {step} on for {} steps", to - from + 1),
        many => format!("from step {step} on, in {} stretches", many.len()),
    };
    let explains = share.map_or_else(String::new, |share| {
        format!("; with what came of it, it explains {:.0} % of the later gap", share * 100.0)
    });
    let of = of.map_or_else(String::new, |of| format!(", while {} was there", of.words()));
    format!("{}{} {times}{of}{explains}.", fault.class.words()[..1].to_uppercase(), &fault.class.words()[1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(class: Class, when: &[(usize, usize)]) -> Found {
        Found { class, signal: class.name().to_owned(), when: when.to_vec(), evidence: Vec::new() }
    }

    #[test]
    fn a_harmless_first_fault_is_not_the_cause_of_a_later_gap() {
        let faults = [fault(Class::DelayedMeasurement, &[(5, 5)]), fault(Class::ActuatorSaturation, &[(20, 30)])];
        let gap: Vec<f64> = (0..40)
            .map(|at| match at {
                0..5 => 0.0,
                5..20 => 0.01 * 0.7_f64.powi(at - 5),
                20..=30 => f64::from(at - 19) * 0.1,
                _ => 1.1,
            })
            .collect();
        let (alone, whole) = charged(&faults, &gap, 5);
        assert!(alone[1] / whole > 0.95, "{alone:?} of {whole}");
        assert!(!comes_of(&faults[1], &faults[0]));
    }

    #[test]
    fn what_begins_while_an_earlier_fault_is_there_came_of_it() {
        let late = fault(Class::DelayedMeasurement, &[(18, 18), (24, 31)]);
        let stale = fault(Class::StaleEstimate, &[(26, 39)]);
        assert!(comes_of(&stale, &late) && !comes_of(&late, &stale));
        let (alone, whole) = charged(&[late, stale], &[0.0; 50], 18);
        assert_eq!((alone, whole), (vec![0.0, 0.0], 0.0));
    }
}
