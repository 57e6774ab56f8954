//! The reference plant with every kind of fault, at every onset and strength, with and without noise.

use std::fmt::Write as _;

use dettrace::control::plant::{Fault, Injection, Pair, Setup, Step, samples};
use dettrace::control::{Class, Diagnosis, Options, diagnose, diagnose_one};
use dettrace::trace::{Side, Sides, SignalRole};

/// Steps of a run, and how long a fault is there.
const STEPS: u32 = 200;
const LASTS: u32 = 25;
/// When faults begin.
const ONSETS: [u32; 4] = [45, 72, 104, 131];
/// Standard deviations of the sensor's noise.
const NOISES: [f64; 3] = [0.002, 0.01, 0.03];
/// Steps of a run without a baseline.
const ALONE: u32 = 600;
/// Healthy noisy pairs, and runs without a baseline, to count false alarms in.
const HEALTHY: u64 = 200;

/// A kind of fault with three strengths and the class that is right.
const KINDS: [(&str, [f64; 3], Class); 12] = [
    ("delay", [1.0, 3.0, 6.0], Class::DelayedMeasurement),
    ("dropout", [0.0, 0.0, 0.0], Class::DelayedMeasurement),
    ("bias", [0.05, 0.15, 0.4], Class::FaultyMeasurement),
    ("noise", [0.05, 0.1, 0.2], Class::FaultyMeasurement),
    ("stale", [0.6, 0.85, 0.97], Class::StaleEstimate),
    ("saturation", [0.6, 0.4, 0.2], Class::ActuatorSaturation),
    ("lag", [0.1, 0.3, 0.8], Class::ActuatorResponse),
    ("deadzone", [0.1, 0.3, 0.6], Class::ActuatorResponse),
    ("jitter", [0.01, 0.03, 0.08], Class::TimingJitter),
    ("missed", [0.01, 0.02, 0.05], Class::MissedUpdate),
    ("push", [0.05, 0.2, 0.6], Class::Disturbance),
    ("shift", [0.05, 0.2, 0.6], Class::SetpointChange),
];

/// What was counted of a kind.
#[derive(Default)]
struct Counted {
    runs: u32,
    without_effect: u32,
    onset: u32,
    cause: u32,
    late: Vec<i64>,
    early: u32,
    unseen: u32,
}

fn pair(setup: &Setup) -> Pair {
    Pair::of(setup)
}

/// The diagnosis of a pair whose recordings hold no flag that gives the fault away.
fn diagnosis(pair: &Pair) -> Diagnosis {
    let mut runs = Sides::new(samples(&pair.expected, true), samples(&pair.actual, true));
    for side in Side::BOTH {
        runs[side].signals.retain(|signal| signal.role != SignalRole::Flag);
    }
    diagnose(&runs.as_ref(), &Options::default())
}

/// The first step that a fault changes, by the plant itself: the same seed with and without it.
fn changed(setup: &Setup) -> Option<u32> {
    let healthy = dettrace::control::plant::run(&Setup { faults: Vec::new(), ..setup.clone() });
    let faulty = dettrace::control::plant::run(setup);
    let flows = |s: &Step| (s.waypoint, s.position, s.velocity, s.measured, s.estimate, s.command, s.actuator);
    healthy.iter().zip(&faulty).find(|(a, b)| flows(a) != flows(b)).map(|(_, b)| b.step)
}

/// A missed update lengthens its steps: either is what happened.
fn right(found: &Diagnosis, class: Class) -> bool {
    let first = found.causes.first().map(|cause| cause.class);
    first == Some(class) || class == Class::MissedUpdate && first == Some(Class::TimingJitter)
}

fn measure(name: &str, strengths: [f64; 3], class: Class, noises: &[f64], misses: bool) -> Counted {
    let mut counted = Counted::default();
    let strengths = if name == "dropout" { &strengths[..1] } else { &strengths[..] };
    for (number, &noise) in noises.iter().enumerate() {
        for &onset in &ONSETS {
            for &strength in strengths {
                let fault = Fault::named(name, strength).unwrap();
                let seed = 100 * number as u64 + u64::from(onset);
                let faults = vec![Injection::new(fault, onset, onset + LASTS - 1)];
                let setup = Setup { steps: STEPS, noise, seed, faults, ..Setup::default() };
                counted.runs += 1;
                let Some(truth) = changed(&Setup { seed: seed + 1, ..setup.clone() }) else {
                    counted.without_effect += 1;
                    continue;
                };
                let found = diagnosis(&pair(&setup));
                let at = found.onset.as_ref().map(|onset| onset.detected.step);
                let exact = found.onset.as_ref().is_some_and(|onset| onset.at.step.abs_diff(i64::from(truth)) <= 1);
                counted.onset += u32::from(exact);
                match at {
                    None => counted.unseen += 1,
                    Some(at) if at < i64::from(truth) => counted.early += 1,
                    Some(at) => counted.late.push(at - i64::from(truth)),
                }
                let cause = at.is_some() && right(&found, class);
                counted.cause += u32::from(cause);
                if misses && !(cause && (exact || noise > 0.0)) {
                    let said = found.causes.first().map_or("nothing", |cause| cause.class.name());
                    let onset = found.onset.as_ref().map(|onset| (onset.at.step, onset.detected.step));
                    println!("{name}={strength} from {truth}, noise {noise}: {onset:?}, {said}");
                }
            }
        }
    }
    counted
}

/// Of the healthy noisy runs that are compared with their own beginnings, how many raise a false alarm.
fn alone(waypoints: &[[f64; 2]]) -> usize {
    let alarm = |seed: &u64| {
        let noise = NOISES[*seed as usize % NOISES.len()];
        let waypoints = waypoints.to_vec();
        let setup = Setup { steps: ALONE, noise, seed: 20_000 + seed, waypoints, ..Setup::default() };
        let mut run = samples(&dettrace::control::plant::run(&setup), false);
        // As in life: nobody knows where the plant really is.
        run.signals.retain(|signal| signal.role != SignalRole::State);
        diagnose_one(&run, &Options::default()).onset.is_some()
    };
    (0..HEALTHY).filter(alarm).count()
}

/// The table of all kinds.
pub fn table(misses: bool) -> String {
    let mut text = String::from(
        "| fault | exact runs | onset within 1 step | cause first | noisy runs | seen | seen too early | median steps late | cause first of those seen |\n\
         |---|---|---|---|---|---|---|---|---|\n",
    );
    let mut all = (Counted::default(), Counted::default());
    let row = |name: &str, exact: &Counted, noisy: &mut Counted| {
        noisy.late.sort_unstable();
        let seen = noisy.late.len() as u32 + noisy.early;
        let late = noisy.late.get(noisy.late.len() / 2).map_or_else(|| "-".to_owned(), ToString::to_string);
        let (effect, effects) = (exact.runs - exact.without_effect, noisy.runs - noisy.without_effect);
        format!(
            "| {name} | {effect} | {} | {} | {effects} | {seen} | {} | {late} | {} |\n",
            exact.onset, exact.cause, noisy.early, noisy.cause
        )
    };
    for (name, strengths, class) in KINDS {
        let exact = measure(name, strengths, class, &[0.0], misses);
        let mut noisy = measure(name, strengths, class, &NOISES, misses);
        text.push_str(&row(name, &exact, &mut noisy));
        for (sum, part) in [(&mut all.0, exact), (&mut all.1, noisy)] {
            sum.runs += part.runs;
            sum.without_effect += part.without_effect;
            sum.onset += part.onset;
            sum.cause += part.cause;
            sum.early += part.early;
            sum.unseen += part.unseen;
            sum.late.extend(part.late);
        }
    }
    let idle = all.0.without_effect + all.1.without_effect;
    text.push_str(&row("**all**", &all.0, &mut all.1));
    let runs = all.0.runs + all.1.runs;
    let alarms = (0..HEALTHY)
        .filter(|seed| {
            let noise = NOISES[*seed as usize % NOISES.len()];
            let setup = Setup { steps: STEPS, noise, seed: 10_000 + 2 * seed, ..Setup::default() };
            diagnosis(&pair(&setup)).onset.is_some()
        })
        .count();
    let [still, moving] = [vec![[0.0, 0.0]], Setup::default().waypoints].map(|waypoints| alone(&waypoints));
    writeln!(
        text,
        "\n{runs} runs of {STEPS} steps, of which {idle} with a fault that changes nothing are left out. Of {HEALTHY} healthy pairs with \
         noise of their own {alarms} raise a false alarm, where 1 % is asked for. \
         Of {HEALTHY} healthy runs of {ALONE} steps without any baseline {still} raise one at a setpoint that stays, and {moving} at one that moves three times."
    )
    .unwrap();
    text
}
