//! Many requests against many: a baseline window and a failing one, compared as populations (SEMANTICS rule 26). Ranks services
//! by what changed in them. One currency for all evidence: ln(how far outside normal) × the share of what is affected; 0 is
//! nothing, and below 1 in all there is no clear cause. No name of a service, an operation or a system means anything here.

mod course;
mod examples;
mod failing;
mod fresh;
mod lost;
mod metrics;
mod numbers;
mod quiet;
mod requests;
mod resources;
mod thinned;
mod time;
mod troubles;
mod waterfall;

use std::collections::BTreeMap;

pub use course::{Course, Courses};
pub use examples::{examples, first_shown};
pub use failing::{Callee, Clients, called, clients};
pub use lost::Step;
pub use metrics::{Added, Level, levels, rank_metrics};
pub use requests::{Request, Requests, Work};
pub use troubles::{Count, Troubled, Troubles};
pub use waterfall::{Bar, CAUSES, Tree, Waterfall, WaterfallRow};

use lost::{Sequences, Steps};
use numbers::together;
use time::Times;

pub use crate::trace::{Calls, Context, Way};
use crate::trace::{Window, Word, Words};

/// With less evidence than this no service is called a clear cause, however quiet the baseline is.
pub const CLEAR: f64 = 1.0;

/// A number before and now, with how many samples each is the median of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// In the baseline.
    pub before: f64,
    /// In the failing window.
    pub now: f64,
    /// How many samples: baseline, failing window.
    pub samples: [u32; 2],
}

/// What failing spans say, by the type of their exception or their status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Says {
    /// What.
    pub message: Word,
    /// In how many requests of the failing window.
    pub requests: u32,
    /// How many spans of the baseline said it.
    pub before: u32,
}

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum What {
    /// A service's own work takes longer, in milliseconds.
    Slower {
        /// Which work.
        context: Context,
        /// How much.
        change: Change,
    },
    /// The way to another service takes longer, in milliseconds.
    SlowWay {
        /// Which way: the one that changed most.
        way: Way,
        /// How much.
        change: Change,
        /// True when all ways of the caller do, so that it is the caller's.
        from_everywhere: bool,
    },
    /// Something else comes after a step than before.
    Lost {
        /// The span it happens in.
        context: Context,
        /// The step before.
        after: Step,
        /// What mostly came next in the baseline.
        usual: Option<Step>,
        /// What comes next now.
        next: Step,
        /// In how many spans.
        spans: u32,
        /// Of how many that passed the step.
        of: u32,
        /// True when what came next before no longer comes at all, in most of them; else something was added, or the order is
        /// another one.
        gone: bool,
    },
    /// Spans fail that did not, and none of their own calls does.
    Failing {
        /// What fails.
        context: Context,
        /// Which share of them, from 0 to 1.
        change: Change,
        /// What they say of it more often than before.
        says: Option<Says>,
    },
    /// An instance uses more, in percent.
    Resource {
        /// Which.
        instance: Word,
        /// Of what.
        metric: Word,
        /// How much.
        change: Change,
    },
    /// A node adds seconds or failures that none of its callees does.
    Added(Added),
}

/// One thing that speaks for a service.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// The service.
    pub service: Word,
    /// How much, from 0 up.
    pub strength: f64,
    /// What.
    pub what: What,
}

/// Evidence of less than this share of a service's strongest is not told.
const LITTLE: f64 = 0.1;

/// A service with everything that speaks for it, the strongest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Suspect {
    /// The service.
    pub service: Word,
    /// All evidence together.
    pub score: f64,
    /// What it is made of.
    pub evidence: Vec<Evidence>,
}

impl Suspect {
    /// What is worth telling of the evidence, the strongest first: without what is little beside that.
    pub fn telling(&self) -> impl Iterator<Item = &Evidence> + Clone {
        let most = self.evidence.first().map_or(0.0, |evidence| evidence.strength);
        self.evidence.iter().filter(move |evidence| evidence.strength >= LITTLE * most)
    }
}

/// The services that may be the cause, the likeliest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    /// The services for which anything speaks.
    pub suspects: Vec<Suspect>,
    /// From this much evidence on a service is called a clear cause: no less than [`CLEAR`], and more than halves of the baseline
    /// show against each other in 19 of 20 splits.
    pub bar: f64,
}

impl Default for Ranking {
    fn default() -> Self {
        Self { suspects: Vec::new(), bar: CLEAR }
    }
}

impl Ranking {
    /// The services that evidence speaks for, the likeliest first.
    fn of(evidence: Vec<Evidence>, words: &Words) -> Self {
        let mut by_service: BTreeMap<Word, Vec<Evidence>> = BTreeMap::new();
        for one in evidence {
            by_service.entry(one.service).or_default().push(one);
        }
        let suspect = |(service, mut evidence): (Word, Vec<Evidence>)| {
            evidence.sort_by(|a, b| b.strength.total_cmp(&a.strength));
            let score = together(evidence.iter().map(|one| one.strength));
            Suspect { service, score, evidence }
        };
        let mut suspects: Vec<Suspect> = by_service.into_iter().map(suspect).collect();
        // Of equal ones the first by name, so that the order of the files does not count.
        suspects
            .sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| words.get(a.service).cmp(words.get(b.service))));
        Self { suspects, ..Self::default() }
    }

    /// The likeliest cause, where the evidence is clear.
    pub fn clear(&self) -> Option<&Suspect> {
        self.suspects.first().filter(|suspect| suspect.score >= self.bar)
    }
}

/// Compares a failing window with one or more baselines; how much evidence makes a clear cause is measured on halves of these.
pub fn rank(baselines: &[&Calls<'_>], failing: &Calls<'_>, words: &Words) -> Ranking {
    let mut ranking = match thinned::thinned(baselines, failing, words) {
        None => compared(baselines, failing, words),
        Some((before, now)) => {
            let before: Vec<Calls<'_>> = before.iter().map(Calls::new).collect();
            compared(&before.iter().collect::<Vec<_>>(), &Calls::new(&now), words)
        }
    };
    // Where nobody comes near it, nobody asks for it.
    if ranking.clear().is_some() {
        let bars = baselines.iter().map(|calls| quiet::quiet(calls.window, words));
        ranking.bar = bars.fold(CLEAR, f64::max);
    }
    ranking
}

/// The services in their order.
fn compared(baselines: &[&Calls<'_>], failing: &Calls<'_>, words: &Words) -> Ranking {
    let (mut before, mut steps_before) = (Times::default(), Steps::default());
    let clients = clients(baselines.iter().copied().chain([failing]));
    for calls in baselines {
        before.add(calls);
        steps_before.add(calls, &Sequences::new(calls, calls.window, &clients));
    }
    let sequences = Sequences::new(failing, failing.window, &clients);
    let (mut now, mut steps_now) = (Times::default(), Steps::default());
    now.add(failing);
    steps_now.add(failing, &sequences);
    before.sort();
    now.sort();
    let fresh = fresh::fresh(baselines, failing);
    let mut evidence = time::own(&before, &now, &fresh);
    evidence.extend(time::ways(&before, &now));
    evidence.extend(lost::lost(failing, &sequences, &steps_before, &steps_now));
    evidence.extend(failing::failing(baselines, failing, &clients, &fresh));
    let windows: Vec<&Window> = baselines.iter().map(|calls| calls.window).collect();
    evidence.extend(resources::resources(&windows, failing.window, words));
    Ranking::of(evidence, words)
}
