//! Which id of one run is which of the other (SEMANTICS rule 11): a bijection, found by what carries the ids and not by the
//! luck of arrival. Ids are coloured by the events that carry them and refined by the ids beside them, as in the colour
//! refinement of Weisfeiler and Leman; then they are bound from the coarsest to the finest, within what bound them.

use std::collections::HashMap;

use super::canonical::pair;
use super::roles::Plan;
use crate::trace::{Columns, ERROR, mix};

type Map<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// One id in one event: event, field, hash.
pub(crate) type Entry = (u32, u32, u64);

/// Ids of either side that are weighed against each other one by one; of more, only equals are bound.
const WEIGHED: usize = 64;
/// Rounds of refinement: how many steps away an id's surroundings tell it from others.
const ROUNDS: usize = 3;
const NONE: u32 = u32::MAX;

/// The ids of one side.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    index: Map<(u32, u64), u32>,
    list: Vec<Id>,
    /// Start of each id's own events in `events`; one more entry than ids.
    starts: Vec<u32>,
    /// What the events of each id say besides ids: token and identity, in order.
    events: Vec<(u64, u64)>,
}

/// One id.
#[derive(Debug, Clone)]
struct Id {
    class: u32,
    hash: u64,
    /// The id that its first parent reference names.
    parent: u32,
    /// How many parents stand above it.
    depth: u32,
    /// For each coarser class the first id that stood beside it.
    owners: Vec<u32>,
    /// True when what stands beside it where it appears first was seen.
    related: bool,
    /// True when an event that carries it says that something went wrong.
    failed: bool,
    /// The strictest first: with what surrounds it, alone, its kinds of event, its first event.
    colours: [u64; 5],
}

impl Ids {
    /// The ids of a side, in the order of their first appearance.
    pub(crate) fn of(entries: &[Entry], columns: &Columns, plan: &Plan) -> Self {
        let mut ids = Self::default();
        let class = |field: u32| plan.classes.get(field as usize).copied().unwrap_or(NONE);
        let is_parent = |field: u32| plan.parent == Some(field as usize);
        let mut of_entry: Vec<u32> = Vec::with_capacity(entries.len());
        for &(_, field, hash) in entries {
            let next = ids.list.len() as u32;
            let at = *ids.index.entry((class(field), hash)).or_insert(next);
            if at == next {
                let colours = [0; 5];
                let owners = vec![NONE; class(field) as usize];
                ids.list.push(Id {
                    class: class(field),
                    hash,
                    parent: NONE,
                    depth: 0,
                    owners,
                    related: false,
                    failed: false,
                    colours,
                });
            }
            of_entry.push(at);
        }
        let chunks: Vec<std::ops::Range<usize>> = {
            let lengths = entries.chunk_by(|a, b| a.0 == b.0).map(<[Entry]>::len);
            let range = |end: &mut usize, n: usize| {
                *end += n;
                Some(*end - n..*end)
            };
            lengths.scan(0, range).collect()
        };
        ids.own_events(entries, &of_entry, columns, is_parent);
        for chunk in &chunks {
            ids.relate(&entries[chunk.clone()], &of_entry[chunk.clone()], is_parent);
        }
        ids.deepen();
        let mut colours: Vec<u64> = ids.list.iter().map(|id| id.colours[1]).collect();
        for _ in 0..ROUNDS {
            let mut next = colours.clone();
            for chunk in &chunks {
                let token = columns.tokens[entries[chunk.start].0 as usize];
                let tint = |i: usize| mix(pair(u64::from(entries[i].1), colours[of_entry[i] as usize]));
                let all = chunk.clone().map(tint).fold(token, u64::wrapping_add);
                for i in chunk.clone() {
                    let at = of_entry[i] as usize;
                    next[at] = next[at].wrapping_add(pair(u64::from(entries[i].1), all.wrapping_sub(tint(i))));
                }
            }
            colours = next;
        }
        for (id, colour) in ids.list.iter_mut().zip(colours) {
            id.colours[0] = colour;
        }
        ids
    }

    /// What happens on each id: the events that carry it other than as a reference to a parent.
    fn own_events(&mut self, entries: &[Entry], of_entry: &[u32], columns: &Columns, is_parent: impl Fn(u32) -> bool) {
        let own = |i: usize| !is_parent(entries[i].1);
        self.starts = vec![0; self.list.len() + 1];
        for i in (0..entries.len()).filter(|&i| own(i)) {
            self.starts[of_entry[i] as usize + 1] += 1;
        }
        for at in 0..self.list.len() {
            self.starts[at + 1] += self.starts[at];
        }
        let mut next = self.starts.clone();
        self.events = vec![(0, 0); *self.starts.last().unwrap_or(&0) as usize];
        for i in (0..entries.len()).filter(|&i| own(i)) {
            let (event, field) = (entries[i].0 as usize, u64::from(entries[i].1));
            let at = of_entry[i] as usize;
            let said = (pair(columns.tokens[event], field), pair(columns.identities[event], field));
            self.list[at].failed |= columns.flags[event] & ERROR != 0;
            let [_, alone, kinds, first, first_kind] = &mut self.list[at].colours;
            *alone = alone.wrapping_add(mix(said.0));
            *kinds = kinds.wrapping_add(mix(said.1));
            if next[at] == self.starts[at] {
                (*first, *first_kind) = said;
            }
            self.events[next[at] as usize] = said;
            next[at] += 1;
        }
    }

    /// What the ids of one event say about each other.
    fn relate(&mut self, entries: &[Entry], of_entry: &[u32], is_parent: impl Fn(u32) -> bool) {
        let parent = entries.iter().zip(of_entry).find(|(e, _)| is_parent(e.1)).map(|(_, &at)| at);
        for (entry, &at) in entries.iter().zip(of_entry) {
            if is_parent(entry.1) {
                continue;
            }
            let id = &mut self.list[at as usize];
            // It belongs to what stands beside it where it appears first.
            if std::mem::replace(&mut id.related, true) {
                continue;
            }
            let class = id.class;
            id.parent = parent.filter(|&parent| parent != at).unwrap_or(NONE);
            for &other in of_entry {
                let coarser = self.list[other as usize].class;
                let id = &mut self.list[at as usize];
                if coarser < class && id.owners[coarser as usize] == NONE {
                    id.owners[coarser as usize] = other;
                }
            }
        }
        // A parent of another class is an owner already.
        for &at in of_entry {
            let id = &self.list[at as usize];
            if id.parent != NONE && self.list[id.parent as usize].class != id.class {
                self.list[at as usize].parent = NONE;
            }
        }
    }

    /// How many parents stand above each id; who is its own ancestor has none.
    fn deepen(&mut self) {
        let mut depths = vec![NONE; self.list.len()];
        for start in 0..self.list.len() {
            let mut path = Vec::new();
            let mut at = start as u32;
            while at != NONE && depths[at as usize] == NONE {
                depths[at as usize] = 0;
                path.push(at);
                at = self.list[at as usize].parent;
            }
            let mut depth = if at == NONE { 0 } else { depths[at as usize] + 1 };
            // A circle: cut where it was entered.
            if path.contains(&at) {
                self.list[at as usize].parent = NONE;
                depth = 0;
            }
            for &at in path.iter().rev() {
                depths[at as usize] = depth;
                depth += 1;
            }
        }
        for (id, depth) in self.list.iter_mut().zip(depths) {
            id.depth = depth;
        }
    }

    /// What both sides call the id: the hash of its name on the side that came first.
    pub(crate) fn own_name(class: u32, hash: u64) -> u64 {
        pair(u64::from(class), hash)
    }

    fn events_of(&self, id: u32) -> &[(u64, u64)] {
        &self.events[self.starts[id as usize] as usize..self.starts[id as usize + 1] as usize]
    }
}

/// The ids of the actual side, bound to those of the expected side.
#[derive(Debug, Default)]
pub(crate) struct Bound {
    names: Map<(u32, u64), u64>,
    /// For each class how many ids actual has, and how many of them expected has by the same name.
    pub(crate) known: Vec<(u32, u32)>,
}

impl Bound {
    /// The name that both sides have for an id of actual.
    pub(crate) fn name(&self, class: u32, hash: u64) -> u64 {
        self.names.get(&(class, hash)).copied().unwrap_or_else(|| Ids::own_name(class, hash))
    }
}

/// The ids on both sides while they are bound.
struct Binding<'i> {
    expected: &'i Ids,
    actual: &'i Ids,
    /// For each id of expected, that of actual, and back.
    to_actual: Vec<u32>,
    to_expected: Vec<u32>,
}

/// Binds ids: the same value on both sides is itself; then class by class, parents before children.
pub(crate) fn bind(expected: &Ids, actual: &Ids) -> Bound {
    let mut b = Binding {
        expected,
        actual,
        to_actual: vec![NONE; expected.list.len()],
        to_expected: vec![NONE; actual.list.len()],
    };
    for (a, id) in actual.list.iter().enumerate() {
        if let Some(&e) = expected.index.get(&(id.class, id.hash)) {
            b.join(e, a as u32);
        }
    }
    let classes = expected.list.iter().chain(&actual.list).map(|id| id.class).max().map_or(0, |c| c + 1);
    for class in 0..classes {
        let deepest = expected.list.iter().chain(&actual.list).filter(|id| id.class == class).map(|id| id.depth).max();
        let of = |ids: &Ids| -> Vec<Vec<u32>> {
            let mut by_depth = vec![Vec::new(); deepest.map_or(0, |d| d as usize + 1)];
            for (at, id) in ids.list.iter().enumerate().filter(|(_, id)| id.class == class) {
                by_depth[id.depth as usize].push(at as u32);
            }
            by_depth
        };
        let (ours, theirs) = (of(expected), of(actual));
        for (ours, theirs) in ours.iter().zip(&theirs) {
            b.level(ours, theirs);
            b.lost(ours, theirs);
        }
        b.lost(&sorted(ours), &sorted(theirs));
    }
    let mut bound = Bound::default();
    for (a, id) in actual.list.iter().enumerate() {
        let e = b.to_expected[a];
        if id.class as usize >= bound.known.len() {
            bound.known.resize(id.class as usize + 1, (0, 0));
        }
        let (all, same) = &mut bound.known[id.class as usize];
        *all += 1;
        if e != NONE {
            let hash = expected.list[e as usize].hash;
            *same += u32::from(hash == id.hash);
            bound.names.insert((id.class, id.hash), Ids::own_name(id.class, hash));
        }
    }
    bound
}

impl Binding<'_> {
    fn join(&mut self, e: u32, a: u32) {
        self.to_actual[e as usize] = a;
        self.to_expected[a as usize] = e;
    }

    /// Ids that something belongs to which is bound, but not there: bound by content alone.
    fn lost(&mut self, ours: &[u32], theirs: &[u32]) {
        let ours = ours.iter().copied().filter(|&e| self.to_actual[e as usize] == NONE);
        let theirs = theirs.iter().copied().filter(|&a| self.to_expected[a as usize] == NONE);
        let ours = ours.filter(|&e| placed(self.expected, e, &self.to_actual)).collect();
        let theirs = theirs.filter(|&a| placed(self.actual, a, &self.to_expected)).collect();
        self.group(ours, theirs);
    }

    /// Ids of one class and depth, by what they belong to.
    fn level(&mut self, ours: &[u32], theirs: &[u32]) {
        let mut groups: Map<u64, (Vec<u32>, Vec<u32>)> = Map::default();
        let mut order = Vec::new();
        for &e in ours.iter().filter(|&&e| self.to_actual[e as usize] == NONE) {
            let id = &self.expected.list[e as usize];
            let key = place(id, |o| u64::from(o) + 1);
            groups.entry(key).or_insert_with(|| {
                order.push(key);
                <(Vec<u32>, Vec<u32>)>::default()
            });
            groups.entry(key).or_default().0.push(e);
        }
        for &a in theirs.iter().filter(|&&a| self.to_expected[a as usize] == NONE) {
            let id = &self.actual.list[a as usize];
            let key = place(id, |o| match self.to_expected[o as usize] {
                NONE => u64::MAX - u64::from(o),
                e => u64::from(e) + 1,
            });
            if let Some(group) = groups.get_mut(&key) {
                group.1.push(a);
            }
        }
        for key in order {
            if let Some((ours, theirs)) = groups.remove(&key) {
                self.group(ours.clone(), theirs.clone());
                for (e, a) in first_tries(self.expected, &ours, &self.to_actual) {
                    self.to_actual[self.to_expected[a as usize] as usize] = NONE;
                    self.join(e, a);
                }
                for (a, e) in first_tries(self.actual, &theirs, &self.to_expected) {
                    self.to_expected[self.to_actual[e as usize] as usize] = NONE;
                    self.join(e, a);
                }
            }
        }
    }

    /// Ids that may be each other, in the order of their first appearance.
    fn group(&mut self, mut ours: Vec<u32>, mut theirs: Vec<u32>) {
        for strictness in 0..5 {
            if ours.is_empty() || theirs.is_empty() {
                return;
            }
            if strictness == 2 && ours.len() <= WEIGHED && theirs.len() <= WEIGHED {
                self.weigh(&ours, &theirs);
            } else {
                self.equals(&ours, &theirs, strictness);
            }
            ours.retain(|&e| self.to_actual[e as usize] == NONE);
            theirs.retain(|&a| self.to_expected[a as usize] == NONE);
        }
    }

    /// Binds ids of one colour, in order; where one side has more of it, those whose places are nearest.
    fn equals(&mut self, ours: &[u32], theirs: &[u32], strictness: usize) {
        let mut of_colour: Map<u64, (Vec<usize>, Vec<usize>)> = Map::default();
        for (rank, &e) in ours.iter().enumerate() {
            of_colour.entry(self.expected.list[e as usize].colours[strictness]).or_default().0.push(rank);
        }
        for (rank, &a) in theirs.iter().enumerate() {
            if let Some(ranks) = of_colour.get_mut(&self.actual.list[a as usize].colours[strictness]) {
                ranks.1.push(rank);
            }
        }
        for (x, y) in of_colour.into_values() {
            let pairs = if x.len() <= y.len() {
                nearest(&x, &y)
            } else {
                nearest(&y, &x).into_iter().map(|(y, x)| (x, y)).collect()
            };
            for (x, y) in pairs {
                self.join(ours[x], theirs[y]);
            }
        }
    }

    /// Binds the ids whose events are alike for longest from the first on, then those that have most in common: until the runs
    /// part, everything does what it did before.
    fn weigh(&mut self, ours: &[u32], theirs: &[u32]) {
        let count = |ids: &Ids, id: u32| {
            let mut counts: Map<u64, u32> = Map::default();
            for &(token, identity) in ids.events_of(id) {
                *counts.entry(token).or_insert(0) += 1;
                *counts.entry(mix(identity)).or_insert(0) += 1;
            }
            counts
        };
        let mine: Vec<_> = ours.iter().map(|&e| count(self.expected, e)).collect();
        let yours: Vec<_> = theirs.iter().map(|&a| count(self.actual, a)).collect();
        let mut scores = Vec::new();
        for (i, x) in mine.iter().enumerate() {
            for (j, y) in yours.iter().enumerate() {
                let score: u32 = x.iter().map(|(key, n)| (*n).min(y.get(key).copied().unwrap_or(0))).sum();
                if score > 0 {
                    let (x, y) = (self.expected.events_of(ours[i]), self.actual.events_of(theirs[j]));
                    let alike = x.iter().zip(y).take_while(|(x, y)| x == y).count();
                    scores.push((std::cmp::Reverse((alike, score)), i.abs_diff(j), i + j, i, j));
                }
            }
        }
        scores.sort_unstable();
        for (.., i, j) in scores {
            if self.to_actual[ours[i] as usize] == NONE && self.to_expected[theirs[j] as usize] == NONE {
                self.join(ours[i], theirs[j]);
            }
        }
    }
}

/// What is tried again begins as it did the first time, and it is a later try that goes as on the other side: yet the first
/// one is what happened there, and those after it came of its failing. For each first try that is not bound and went wrong or
/// did not get as far, what the first bound one after it is bound to, of ids in the order of their first appearance.
fn first_tries(ids: &Ids, all: &[u32], to: &[u32]) -> Vec<(u32, u32)> {
    let mut open: Map<u64, u32> = Map::default();
    let mut found = Vec::new();
    let belongs = |id: &Id| id.owners.iter().chain([&id.parent]).any(|&o| o != NONE);
    // What belongs to nothing was not called, so nobody tried it again; but where some have parents, those without are calls too.
    let mut calls: Vec<u32> = ids.list.iter().filter(|id| id.parent != NONE).map(|id| id.class).collect();
    calls.sort_unstable();
    calls.dedup();
    let called = |&&id: &&u32| belongs(&ids.list[id as usize]) || calls.contains(&ids.list[id as usize].class);
    for &id in all.iter().filter(called) {
        let [_, alone, _, first, _] = ids.list[id as usize].colours;
        match (to[id as usize], open.get(&first)) {
            (NONE, None) => {
                open.insert(first, id);
            }
            (NONE, Some(_)) => {}
            (other, Some(&earlier)) => {
                let failed =
                    ids.list[earlier as usize].failed || ids.events_of(earlier).len() < ids.events_of(id).len();
                if failed && ids.list[earlier as usize].colours[1] != alone {
                    found.push((earlier, other));
                }
                open.remove(&first);
            }
            _ => {}
        }
    }
    found
}

/// True when everything that an id belongs to is bound.
fn placed(ids: &Ids, id: u32, to: &[u32]) -> bool {
    let id = &ids.list[id as usize];
    id.owners.iter().chain([&id.parent]).all(|&o| o == NONE || to[o as usize] != NONE)
}

fn sorted(by_depth: Vec<Vec<u32>>) -> Vec<u32> {
    let mut all: Vec<u32> = by_depth.into_iter().flatten().collect();
    all.sort_unstable();
    all
}

/// What an id belongs to, with `name` for those.
fn place(id: &Id, name: impl Fn(u32) -> u64) -> u64 {
    let of = |o: &u32| if *o == NONE { 0 } else { name(*o) };
    id.owners.iter().chain([&id.parent]).fold(0, |key, o| pair(key, of(o)))
}

/// For each of the fewer ranks the nearest of the others that leaves enough for those behind, in order.
fn nearest(few: &[usize], many: &[usize]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::with_capacity(few.len());
    let mut from = 0;
    for (i, &rank) in few.iter().enumerate() {
        let last = many.len() - (few.len() - i);
        while from < last && many[from + 1].abs_diff(rank) < many[from].abs_diff(rank) {
            from += 1;
        }
        pairs.push((rank, many[from]));
        from += 1;
    }
    pairs
}
