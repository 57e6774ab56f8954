//! `dettrace compare … --baseline RUN`: several good runs say what varies between them, and how unusual all else is.

use super::Stop;
use super::args::Compare;
use crate::analyse::{Analysis, Envelope, Progress, Stage};
use crate::pack::{self, Pack};

/// The pack's actual recording, judged by its expected one and the further baselines.
pub fn judge(args: &Compare, pack: &Pack) -> Result<Analysis, Stop> {
    if args.first {
        return Err(Stop(
            "What several good runs set aside is known when all was read: give --first or --baseline.".to_owned(),
        ));
    }
    if !pack.overrides.pairs.is_empty() {
        return Err(Stop(
            "Which events are the same was decided for one baseline, and the most usual of several may be another: take \
             these decisions back, or leave --baseline out."
                .to_owned(),
        ));
    }
    let Some(actual) = &pack.sides.actual else {
        return Err(Stop("There is no recording to judge.".to_owned()));
    };
    let mut runs = pack::runs(&args.baseline)?;
    if let Some(expected) = &pack.sides.expected {
        runs.push(expected.clone());
    }
    runs.leave_out(actual);
    let envelope = Envelope::learn(runs, &pack.overrides, &Told)?;
    let mut analysis = envelope.judge(actual, &Told)?;
    analysis.warnings.extend(pack.warnings.clone());
    Ok(analysis)
}

/// Tells the log how far it is.
struct Told;

impl Progress for Told {
    fn step(&self, stage: Stage, done: u64, total: u64) {
        log::trace!("{} {done} of {total}", stage.word());
    }

    fn wants_first(&self) -> bool {
        false
    }
}
