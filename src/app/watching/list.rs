//! The list of runs as it stands on screen: filtered, grouped, scrolled. It changes only when it is told to, so that what a
//! person looks at stays where it is, and then costs what changed.

use std::cmp::Reverse;
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
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Line<'l> {
    /// A run, by its name.
    Run(&'l Arc<str>),
    /// The heading over runs of a kind.
    Group {
        /// Their kind.
        kind: Kind,
        /// How many there are.
        runs: u64,
        /// The newest of them.
        newest: &'l Arc<str>,
        /// True when they are folded away.
        folded: bool,
    },
}

/// Runs that stand together.
#[derive(Debug)]
struct Group {
    /// What they have in common; `None` without a heading.
    kind: Option<Kind>,
    /// Them with their order, the newest last, so that one more costs one.
    runs: Vec<(u64, Arc<str>)>,
    folded: bool,
    /// Its first line.
    first: u32,
}

impl Group {
    fn heading(&self) -> u32 {
        u32::from(self.kind.is_some())
    }

    fn lines(&self) -> u32 {
        self.heading() + if self.folded { 0 } else { self.runs.len() as u32 }
    }

    fn place(&self, order: u64, name: &str) -> Result<usize, usize> {
        self.runs.binary_search_by(|(other, run)| (*other, &**run).cmp(&(order, name)))
    }
}

/// The list.
#[derive(Debug)]
pub struct List {
    /// From top to bottom.
    groups: Vec<Group>,
    /// Where each of its runs stands: its order, and its kind where the kinds stand together.
    places: BTreeMap<Arc<str>, (u64, Option<Kind>)>,
    grouped: bool,
    /// Kinds whose runs are folded away where they stand together.
    folded: BTreeSet<Kind>,
    scroller: Scroller,
}

impl Default for List {
    fn default() -> Self {
        // What is as it should be is in nobody's way.
        let folded = [Verdict::Identical, Verdict::Equivalent].map(|verdict| Kind::Word(verdict.word())).into();
        let scroller = Scroller::new(ROW_HEIGHT, VIEWPORT, 0);
        Self { groups: Vec::new(), places: BTreeMap::new(), grouped: false, folded, scroller }
    }
}

impl List {
    /// How many lines it has.
    pub fn lines(&self) -> u32 {
        self.groups.last().map_or(0, |last| last.first + last.lines())
    }

    /// The line at this place.
    pub fn line(&self, place: u32) -> Option<Line<'_>> {
        let group = self.groups.get(self.groups.partition_point(|group| group.first <= place).checked_sub(1)?)?;
        let (_, newest) = group.runs.last()?;
        let runs = group.runs.len();
        match (group.kind, (place - group.first).checked_sub(group.heading())) {
            (Some(kind), None) => Some(Line::Group { kind, runs: runs as u64, newest, folded: group.folded }),
            (_, below) if !group.folded => {
                let (_, name) = group.runs.get(runs.checked_sub(below? as usize + 1)?)?;
                Some(Line::Run(name))
            }
            _ => None,
        }
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
        let open = self.groups.iter().filter(|group| !group.folded);
        open.flat_map(|group| group.runs.iter().rev().map(|(_, name)| name))
    }

    /// How many runs it shows.
    pub fn runs_count(&self) -> u64 {
        self.places.len() as u64
    }

    /// The line of a run.
    pub fn line_of(&self, run: &str) -> Option<u32> {
        let (order, kind) = self.places.get(run)?;
        let group = self.groups.iter().find(|group| group.kind == *kind && !group.folded)?;
        let place = group.place(*order, run).ok()?;
        Some(group.first + group.heading() + (group.runs.len() - 1 - place) as u32)
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
        self.arrange();
    }

    /// Makes it anew: the newest first, those of a kind together where `grouped`, failures before all others.
    pub(super) fn make(&mut self, runs: &BTreeMap<Arc<str>, Known>, filter: &str, grouped: bool) {
        self.grouped = grouped;
        self.groups.clear();
        self.places.clear();
        let mut shown: Vec<(&Arc<str>, &Known)> = runs.iter().filter(|(_, known)| matches(known, filter)).collect();
        // So that each goes to the end.
        shown.sort_unstable_by_key(|(_, known)| known.entry.order);
        let mut at: BTreeMap<Option<Kind>, usize> = BTreeMap::new();
        for (name, known) in shown {
            let (order, kind) = (known.entry.order, self.kind_of(known));
            let at = *at.entry(kind).or_insert_with(|| self.begin(kind));
            self.groups[at].runs.push((order, Arc::clone(name)));
            self.places.insert(Arc::clone(name), (order, kind));
        }
        self.arrange();
    }

    /// Puts a run where it belongs now, if the filter lets it through. Then [`Self::arrange`] is due.
    pub(super) fn put(&mut self, name: &Arc<str>, known: &Known, filter: &str) {
        self.take_out(name);
        if !matches(known, filter) {
            return;
        }
        let (order, kind) = (known.entry.order, self.kind_of(known));
        let at = self.groups.iter().position(|group| group.kind == kind).unwrap_or_else(|| self.begin(kind));
        let group = &mut self.groups[at];
        let (Ok(place) | Err(place)) = group.place(order, name);
        group.runs.insert(place, (order, Arc::clone(name)));
        self.places.insert(Arc::clone(name), (order, kind));
    }

    /// Takes a run out. Then [`Self::arrange`] is due.
    pub(super) fn take_out(&mut self, name: &str) {
        let Some((order, kind)) = self.places.remove(name) else { return };
        let Some(at) = self.groups.iter().position(|group| group.kind == kind) else { return };
        let group = &mut self.groups[at];
        if let Ok(place) = group.place(order, name) {
            group.runs.remove(place);
        }
        if group.runs.is_empty() {
            self.groups.remove(at);
        }
    }

    /// Brings the groups into their order: failures before all others, open ones before folded ones, the newest first.
    pub(super) fn arrange(&mut self) {
        for group in &mut self.groups {
            group.folded = group.kind.is_some_and(|kind| self.folded.contains(&kind));
        }
        self.groups.sort_by_key(|group| {
            let failed = matches!(group.kind, Some(Kind::Shape(_)));
            (!failed, group.folded, Reverse(group.runs.last().map(|(order, _)| *order)))
        });
        let mut first = 0;
        for group in &mut self.groups {
            group.first = first;
            first += group.lines();
        }
        self.scroller.set_lines(first);
    }

    fn kind_of(&self, known: &Known) -> Option<Kind> {
        self.grouped.then(|| Kind::of(known.entry.outcome.as_ref()))
    }

    fn begin(&mut self, kind: Option<Kind>) -> usize {
        self.groups.push(Group { kind, runs: Vec::new(), folded: false, first: 0 });
        self.groups.len() - 1
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::app::watching::tests::known;

    fn lines(list: &List) -> Vec<String> {
        (0..list.lines()).map(|place| format!("{:?}", list.line(place).expect("a line"))).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_list_that_changed_bit_by_bit_is_the_one_that_is_made_at_once(
            steps in prop::collection::vec((0..12_usize, 0..6_u64, any::<bool>()), 1..60),
            grouped in any::<bool>(),
            filter in prop::sample::select(vec!["", "diverged", "run-1"]),
            folds in prop::collection::vec(0..6_u64, 0..3),
        ) {
            let mut runs: BTreeMap<Arc<str>, Known> = BTreeMap::new();
            let mut list = List::default();
            list.make(&runs, filter, grouped);
            for (order, (at, way, gone)) in steps.into_iter().enumerate() {
                let name: Arc<str> = format!("run-{at}").into();
                if gone {
                    runs.remove(&name);
                    list.take_out(&name);
                } else {
                    runs.insert(Arc::clone(&name), known(&name, order as u64, way));
                    list.put(&name, &runs[&name], filter);
                }
                list.arrange();
            }
            for way in folds {
                list.fold(Kind::of(known("", 0, way).entry.outcome.as_ref()));
            }
            let mut at_once = List { folded: list.folded.clone(), ..List::default() };
            at_once.make(&runs, filter, grouped);
            prop_assert_eq!(lines(&list), lines(&at_once));
            prop_assert!(list.line(list.lines()).is_none());
            for (place, line) in (0..list.lines()).filter_map(|place| Some((place, list.line(place)?))) {
                if let Line::Run(name) = line {
                    prop_assert_eq!(list.line_of(name), Some(place));
                }
            }
            let of_lines = (0..list.lines()).filter_map(|place| match list.line(place)? {
                Line::Run(name) => Some(name),
                Line::Group { .. } => None,
            });
            prop_assert!(list.runs().eq(of_lines));
        }
    }
}
