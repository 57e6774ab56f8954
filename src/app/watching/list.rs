//! The list of runs as it stands on screen: filtered, grouped, scrolled. It changes only when it is made anew, so that what
//! a person looks at stays where it is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Known;
use crate::compare::Verdict;
use crate::runs::{Outcome, Shape};
use crate::view::Scroller;

/// Height of a line.
pub const ROW_HEIGHT: f32 = 48.0;
/// Height of the list until it was drawn.
const VIEWPORT: f32 = 600.0;

/// What puts runs together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// They failed in this way.
    Shape(Shape),
    /// They answered this, and have no shape.
    Word(&'static str),
}

impl Kind {
    /// The kind of a run; one without an answer waits.
    pub fn of(outcome: Option<&Outcome>) -> Self {
        match outcome {
            None => Self::Word("not looked at yet"),
            Some(Outcome { shape: Some(shape), .. }) => Self::Shape(*shape),
            Some(outcome) => Self::Word(outcome.verdict.map_or("unreadable", Verdict::word)),
        }
    }
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    /// A run, by its name.
    Run(Arc<str>),
    /// The heading over runs of a kind.
    Group {
        /// Their kind.
        kind: Kind,
        /// How many there are.
        runs: u64,
        /// The newest of them.
        newest: Arc<str>,
        /// True when they are folded away.
        folded: bool,
    },
}

/// The list.
#[derive(Debug)]
pub struct List {
    lines: Vec<Line>,
    runs: u64,
    /// Kinds whose runs are folded away where they stand together.
    folded: BTreeSet<Kind>,
    scroller: Scroller,
}

impl Default for List {
    fn default() -> Self {
        // What is as it should be is in nobody's way.
        let folded = [Verdict::Identical, Verdict::Equivalent].map(|verdict| Kind::Word(verdict.word())).into();
        Self { lines: Vec::new(), runs: 0, folded, scroller: Scroller::new(ROW_HEIGHT, VIEWPORT, 0) }
    }
}

impl List {
    /// Its lines.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Which lines are in sight.
    pub const fn scroller(&self) -> &Scroller {
        &self.scroller
    }

    pub(super) const fn scroller_mut(&mut self) -> &mut Scroller {
        &mut self.scroller
    }

    /// The runs of the list, from top to bottom.
    pub fn runs(&self) -> impl DoubleEndedIterator<Item = &Arc<str>> {
        self.lines.iter().filter_map(|line| if let Line::Run(name) = line { Some(name) } else { None })
    }

    /// How many runs it shows.
    pub const fn runs_count(&self) -> u64 {
        self.runs
    }

    /// The line of a run.
    pub fn line_of(&self, run: &str) -> Option<u32> {
        let place = self.lines.iter().position(|line| matches!(line, Line::Run(name) if **name == *run));
        place.map(|place| place as u32)
    }

    /// True when its first line is where a person sees it.
    pub fn is_at_top(&self) -> bool {
        self.scroller.top() == 0 && self.scroller.rest() <= 0.0
    }

    /// Folds the runs of a kind away, or shows them again.
    pub(super) fn fold(&mut self, kind: Kind) {
        if !self.folded.remove(&kind) {
            self.folded.insert(kind);
        }
    }

    /// Makes it anew: the newest first, those of a kind together where `grouped`, failures before all others.
    pub(super) fn make(&mut self, runs: &BTreeMap<Arc<str>, Known>, filter: &str, grouped: bool) {
        let shown = runs.iter().filter(|(_, known)| matches(known, filter));
        let mut shown: Vec<(u64, &Arc<str>, &Known)> =
            shown.map(|(name, known)| (known.entry.order, name, known)).collect();
        shown.sort_unstable_by_key(|&(order, ..)| std::cmp::Reverse(order));
        self.lines.clear();
        self.runs = shown.len() as u64;
        if grouped {
            let mut kinds: Vec<(Kind, Vec<&Arc<str>>)> = Vec::new();
            let mut place: BTreeMap<Kind, usize> = BTreeMap::new();
            for (_, name, known) in shown {
                let kind = Kind::of(known.entry.outcome.as_ref());
                let at = *place.entry(kind).or_insert(kinds.len());
                if at == kinds.len() {
                    kinds.push((kind, Vec::new()));
                }
                kinds[at].1.push(name);
            }
            kinds.sort_by_key(|(kind, _)| (!matches!(kind, Kind::Shape(_)), self.folded.contains(kind)));
            for (kind, names) in kinds {
                let (folded, runs) = (self.folded.contains(&kind), names.len() as u64);
                self.lines.push(Line::Group { kind, runs, newest: Arc::clone(names[0]), folded });
                if !folded {
                    self.lines.extend(names.into_iter().map(|name| Line::Run(Arc::clone(name))));
                }
            }
        } else {
            self.lines.extend(shown.into_iter().map(|(_, name, _)| Line::Run(Arc::clone(name))));
        }
        self.scroller.set_lines(self.lines.len() as u32);
    }
}

/// True when a run is shown: its name, verdict, cause or fingerprint holds every word of the filter.
pub fn matches(known: &Known, filter: &str) -> bool {
    if filter.trim().is_empty() {
        return true;
    }
    let outcome = known.entry.outcome.as_ref();
    let said = outcome.map_or_else(String::new, |outcome| {
        let shape = outcome.shape.map(|shape| shape.to_string()).unwrap_or_default();
        format!("{} {} {shape}", outcome.verdict.map_or("unreadable", Verdict::word), outcome.headline)
    });
    let said = format!("{} {said}", known.entry.run.name).to_lowercase();
    filter.to_lowercase().split_whitespace().all(|word| said.contains(word))
}
