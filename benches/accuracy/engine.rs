//! The engine, asked as the command line asks it.

use dettrace::analyse::{Analysis, Session};
use dettrace::compare::{Cause, Comparison, Verdict};
use dettrace::pack::{self, Found, Pack, Tolerance};
use dettrace::spec::GAP;
use dettrace::trace::Side;

use crate::answer::Answer;

/// What the engine answers to two recordings; `late_after` is the gap in seconds from which on an event is late.
pub fn ask(expected: &str, actual: &str, late_after: Option<f64>) -> Answer {
    let files = [("expected.jsonl", expected.as_bytes()), ("actual.jsonl", actual.as_bytes())];
    let analysis = ready(pack::in_memory("case", &files).map_err(|why| why.to_string())).and_then(|mut pack| {
        let gap = late_after.map(|seconds| (GAP.to_owned(), Tolerance { absolute: seconds, relative: 0.0 }));
        pack.overrides.tolerance.extend(gap);
        analyse(pack)
    });
    match analysis {
        Ok(analysis) => told(&analysis),
        Err(why) => refused(why),
    }
}

/// A pack whose sides are clear.
pub fn ready(found: Result<Found, String>) -> Result<Pack, String> {
    match found? {
        Found::Ready(pack) => Ok(*pack),
        Found::Choose { why, .. } => Err(why),
    }
}

/// The analysis of a pack.
pub fn analyse(pack: Pack) -> Result<Analysis, String> {
    Session::new(pack).run(&()).map_err(|why| why.to_string())
}

/// No answer is a wrong one.
pub fn refused(why: String) -> Answer {
    Answer { alarm: true, causes: Vec::new(), words: why }
}

/// What an analysis answers.
pub fn told(analysis: &Analysis) -> Answer {
    let comparison = &analysis.comparison;
    let alarm = !matches!(comparison.verdict, Verdict::Identical | Verdict::Equivalent);
    Answer { alarm, causes: comparison.causes.iter().map(named).collect(), words: words(comparison) }
}

/// The events of a side, one per line.
pub fn lines(analysis: &Analysis, side: Side) -> String {
    (0..analysis.len(side)).map(|i| analysis.detail(side, i).raw.replace('\n', " ") + "\n").collect()
}

/// The events that a cause names: where it is seen, its counterpart, what it overtook.
fn named(cause: &Cause) -> Vec<(Side, u32)> {
    let there = [cause.other, cause.overtaken].into_iter().flatten().map(|event| (cause.side.other(), event));
    [(cause.side, cause.index)].into_iter().chain(there).collect()
}

fn words(comparison: &Comparison) -> String {
    let differing = comparison.counts.differing();
    let reason = comparison.reason.as_deref().unwrap_or_default();
    let mut lines = vec![format!("{} ({differing} rows differ) {reason}", comparison.verdict.word())];
    if let Some(first) = &comparison.first_difference {
        lines.push(format!("first difference {:?} {:?} {}", first.expected, first.actual, first.kind.word()));
    }
    lines.extend(comparison.causes.iter().take(4).map(|cause| {
        format!(
            "#{} {} {} (other {:?}, overtaken {:?}) {}: {}, explains {} of {}",
            cause.rank,
            cause.side,
            cause.index,
            cause.other,
            cause.overtaken,
            cause.kind.word(),
            cause.headline,
            cause.explains.rows,
            cause.explains.of,
        )
    }));
    lines.join("\n    ")
}
