//! What only the failing window does: work that no baseline knows, below work that they know. There it took no time before.

use std::cell::LazyCell;
use std::collections::{BTreeMap, HashMap};

use crate::trace::{Calls, Context};

/// How often the known work came by that new work is below: in the baselines, and now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Below {
    /// Visits: before, now.
    pub visits: [u32; 2],
}

/// By context what is new. What is below nothing that is known is another request, of which nothing can be said.
pub type Fresh = BTreeMap<Context, Below>;

type Counts = HashMap<Context, u32, foldhash::fast::FixedState>;

/// How often each work is done.
fn counts(calls: &[&Calls<'_>]) -> Counts {
    let mut counts = Counts::default();
    for calls in calls {
        for at in 0..calls.spans.len() as u32 {
            *counts.entry(calls.context(at)).or_default() += 1;
        }
    }
    counts
}

/// What is new in a window.
pub fn fresh(baselines: &[&Calls<'_>], now: &Calls<'_>) -> Fresh {
    let before = counts(baselines);
    // Mostly nothing is new.
    let after = LazyCell::new(|| counts(&[now]));
    let mut found = Fresh::new();
    for at in 0..now.spans.len() as u32 {
        let context = now.context(at);
        if before.contains_key(&context) || found.contains_key(&context) {
            continue;
        }
        let mut above = std::iter::successors(now.parent(at), |&span| now.parent(span)).map(|span| now.context(span));
        if let Some((above, visits)) = above.find_map(|above| Some((above, *before.get(&above)?))) {
            found.insert(context, Below { visits: [visits, after[&above]] });
        }
    }
    found
}
