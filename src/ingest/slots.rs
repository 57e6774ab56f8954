//! The fields of a recording, numbered, and what stands between one value and the next: records look like those before them,
//! so all from the end of a value to the beginning of the next one is mostly known by one comparison.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use crate::trace::{Path, PathKey};

/// Bytes between two values that are compared at once; what is longer is compared to its end as well.
const HEAD: usize = 16;
/// Between two values more than this is looked up each time.
const MOST: usize = 256;
/// What is expected behind a field.
const NEXT: usize = 5;
/// With more fields than this the numbers are given anew: names that never come again would fill the memory.
const MANY: usize = 1 << 14;
/// No slot.
const NONE: u32 = u32::MAX;
/// The record itself, which contains its fields.
pub const RECORD: u32 = 0;
/// What the last field is followed by: the end of the record.
pub const END: u32 = NONE - 1;

/// Where a record is read on: behind the value of a slot, or before the first field of one that is an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State(u32);

impl State {
    /// Before the record's first field.
    pub const START: Self = Self::inside(RECORD);

    /// Behind the value of a slot.
    pub const fn behind(slot: u32) -> Self {
        Self(slot << 1)
    }

    /// Before the first field of an object.
    pub const fn inside(slot: u32) -> Self {
        Self(slot << 1 | 1)
    }

    /// The slot, and true when it is before the first field of that object.
    pub const fn slot(self) -> (u32, bool) {
        (self.0 >> 1, self.0 & 1 == 1)
    }
}

/// One field, by what contains it and its name.
#[derive(Debug, Clone)]
struct Slot {
    key: PathKey,
    text: Box<str>,
    /// The first of the slots of its path: `{"a.b":1}` spells that of `{"a":{"b":1}}`.
    first: u32,
    /// The record that it was in last.
    record: u32,
    /// The slot of the object that it is in, and how deep that is.
    parent: u32,
    depth: u32,
}

/// From the end of a value to the beginning of the next one.
#[derive(Debug, Clone)]
struct Step {
    /// The first bytes, and which bits of these count.
    head: u128,
    mask: u128,
    /// The bytes behind those.
    rest: Box<[u8]>,
    to: Next,
}

/// Where a step leads.
#[derive(Debug, Clone, Copy)]
pub struct Next {
    /// The field whose value follows, or [`END`].
    pub slot: u32,
    /// How many bytes it is away.
    pub len: u32,
}

/// The fields seen so far.
#[derive(Debug, Clone)]
pub struct Slots {
    all: Vec<Slot>,
    /// For each state what tends to follow, as far as is known.
    next: Vec<Vec<Step>>,
    by_name: HashMap<(u32, PathKey), u32, FixedState>,
    by_path: HashMap<PathKey, u32, FixedState>,
    record: u32,
    /// True when a path is spelled in several ways.
    has_twins: bool,
}

impl Default for Slots {
    fn default() -> Self {
        let record =
            Slot { key: PathKey::ROOT, text: Box::default(), first: RECORD, record: 0, parent: NONE, depth: 0 };
        let next = vec![Vec::new(); 2];
        Self {
            all: vec![record],
            next,
            by_name: HashMap::default(),
            by_path: HashMap::default(),
            record: 0,
            has_twins: false,
        }
    }
}

impl Step {
    fn new(bytes: &[u8], to: Next) -> Self {
        let (head, rest) = bytes.split_at(bytes.len().min(HEAD));
        let mut mask = [0; HEAD];
        mask[..head.len()].fill(0xFF);
        Self { head: padded(head), mask: u128::from_le_bytes(mask), rest: rest.into(), to }
    }

    /// True when the step begins with these bytes.
    #[inline]
    fn begins(&self, here: u128) -> bool {
        here & self.mask == self.head
    }
}

/// The first bytes, and zeros where there are none.
fn padded(bytes: &[u8]) -> u128 {
    let mut padded = [0; HEAD];
    let len = bytes.len().min(HEAD);
    padded[..len].copy_from_slice(&bytes[..len]);
    u128::from_le_bytes(padded)
}

impl Slots {
    /// A record begins.
    #[inline]
    pub fn begin(&mut self) {
        if self.all.len() > MANY || self.record == u32::MAX {
            *self = Self::default();
        }
        self.record += 1;
    }

    /// What stands at `at` in `bytes` in this state, when it is expected there.
    #[expect(clippy::inline_always, reason = "as a call it costs twice what it does")]
    #[inline(always)]
    pub fn expected(&self, state: State, bytes: &[u8], at: usize) -> Option<Next> {
        let here = bytes.get(at..)?;
        let next = &self.next[state.0 as usize];
        let Some(first) = here.first_chunk() else { return expected_at_the_end(next, here) };
        let first = u128::from_le_bytes(*first);
        for step in next {
            if step.begins(first) && (step.rest.is_empty() || here[HEAD..].starts_with(&step.rest)) {
                return Some(step.to);
            }
        }
        None
    }

    /// From now on expects `bytes` in a state, and then the value of `slot`.
    pub fn expect(&mut self, state: State, bytes: &[u8], slot: u32) {
        // Of so many fields none is expected: their numbers are given anew with the next record.
        if bytes.len() > MOST || self.all.len() > MANY {
            return;
        }
        let step = Step::new(bytes, Next { slot, len: bytes.len() as u32 });
        let next = &mut self.next[state.0 as usize];
        if next.len() < NEXT {
            next.push(step);
        } else {
            next[NEXT - 1] = step;
        }
    }

    /// The field `name` (unescaped) in the object `parent`.
    pub fn named(&mut self, parent: u32, name: &str) -> u32 {
        let above = &self.all[parent as usize];
        let key = above.key.below(name);
        if let Some(&slot) = self.by_name.get(&(parent, key)) {
            return slot;
        }
        let slot = self.all.len() as u32;
        let text = if parent == RECORD { name.into() } else { format!("{}.{name}", above.text).into() };
        let depth = above.depth + 1;
        let first = *self.by_path.entry(key).or_insert(slot);
        self.has_twins |= first != slot;
        self.all.push(Slot { key, text, first, record: 0, parent, depth });
        self.next.extend([Vec::new(), Vec::new()]);
        self.by_name.insert((parent, key), slot);
        slot
    }

    /// The object that a field is in.
    pub fn parent(&self, slot: u32) -> u32 {
        self.all[slot as usize].parent
    }

    /// How many objects a field is in, with the record.
    pub fn depth(&self, slot: u32) -> usize {
        self.all[slot as usize].depth as usize
    }

    /// Notes that the field is in this record: false when it was before, and its path.
    #[expect(clippy::inline_always, reason = "as a call it costs more than it does")]
    #[inline(always)]
    pub fn enter(&mut self, slot: u32) -> (bool, Path<'_>) {
        if self.has_twins {
            return self.enter_twin(slot);
        }
        let Slot { key, text, record, .. } = &mut self.all[slot as usize];
        let first_time = std::mem::replace(record, self.record) != self.record;
        (first_time, Path { key: *key, slot: slot as usize, text })
    }

    /// The same where paths are spelled in several ways.
    #[cold]
    fn enter_twin(&mut self, slot: u32) -> (bool, Path<'_>) {
        let first = self.all[slot as usize].first as usize;
        let first_time = std::mem::replace(&mut self.all[first].record, self.record) != self.record;
        (first_time, self.path(slot))
    }

    /// The path of a field.
    #[inline]
    pub fn path(&self, slot: u32) -> Path<'_> {
        let Slot { key, text, .. } = &self.all[slot as usize];
        Path { key: *key, slot: slot as usize, text }
    }
}

/// [`Slots::expected`] where so few bytes are left that none can be read beyond them.
#[cold]
#[inline(never)]
fn expected_at_the_end(next: &[Step], here: &[u8]) -> Option<Next> {
    let first = padded(here);
    let fits = |step: &&Step| step.begins(first) && step.to.len as usize <= here.len();
    next.iter().find(fits).map(|step| step.to)
}
