//! The fields of a recording, numbered, and which tends to follow which: records look like those before them, so a name is
//! mostly known by one comparison with the one that is expected here.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use crate::trace::{Path, PathKey};

/// Names with their quotes and colon up to this length are expected; longer ones are looked up each time.
const NAME: usize = 24;
/// Fields that are expected after a field.
const NEXT: usize = 4;
/// With more fields than this the numbers are given anew: names that never come again would fill the memory.
const MANY: usize = 1 << 14;
/// No slot.
const NONE: u32 = u32::MAX;
/// The record itself: what contains its fields, and what the first of them follows.
pub const RECORD: u32 = 0;

/// One field.
#[derive(Debug, Clone)]
struct Slot {
    key: PathKey,
    /// The slot of the object that it is in.
    parent: u32,
    /// Its name as it stands in the record, from quote to colon, and which bits of that count.
    name: [u64; NAME / 8],
    mask: [u64; NAME / 8],
    /// How many bytes of the name there are; 0 when it is not to be expected.
    len: usize,
    /// The record that it was in last.
    record: u32,
    next: [u32; NEXT],
    text: Box<str>,
}

/// The fields seen so far.
#[derive(Debug, Clone)]
pub struct Slots {
    all: Vec<Slot>,
    by_key: HashMap<PathKey, u32, FixedState>,
    record: u32,
}

impl Default for Slots {
    fn default() -> Self {
        let record = Slot::new(PathKey::ROOT, NONE, None, String::new());
        Self { all: vec![record], by_key: HashMap::default(), record: 0 }
    }
}

impl Slot {
    fn new(key: PathKey, parent: u32, name: Option<&[u8]>, text: String) -> Self {
        let name = name.filter(|name| name.len() <= NAME).unwrap_or_default();
        let mut padded = [0; NAME];
        padded[..name.len()].copy_from_slice(name);
        let mut mask = [0; NAME];
        mask[..name.len()].fill(0xFF);
        // What is masked out is never there, so a name that is not to be expected is never found.
        padded[NAME - 1] |= u8::from(name.is_empty());
        Self {
            key,
            parent,
            name: words(&padded),
            mask: words(&mask),
            len: name.len(),
            record: 0,
            next: [NONE; NEXT],
            text: text.into(),
        }
    }

    /// True when the name stands where these words are.
    #[inline]
    fn is(&self, here: [u64; NAME / 8]) -> bool {
        let other = |i: usize| (here[i] & self.mask[i]) ^ self.name[i];
        other(0) | other(1) | other(2) == 0
    }
}

/// The first bytes as words; 0 where there are none.
#[inline]
fn words(bytes: &[u8]) -> [u64; NAME / 8] {
    first_words(bytes).unwrap_or_else(|| last_words(bytes))
}

#[inline]
fn first_words(bytes: &[u8]) -> Option<[u64; NAME / 8]> {
    let bytes = bytes.first_chunk::<NAME>()?;
    let (a, bytes) = bytes.split_first_chunk()?;
    let (b, bytes) = bytes.split_first_chunk()?;
    Some([*a, *b, *bytes.first_chunk()?].map(u64::from_le_bytes))
}

/// The same near the end of all bytes.
#[cold]
#[inline(never)]
fn last_words(bytes: &[u8]) -> [u64; NAME / 8] {
    let short = |at: usize| bytes.get(at..).unwrap_or_default().iter().take(8).rev();
    [0, 8, 16].map(|at| short(at).fold(0, |word, &byte| word << 8 | u64::from(byte)))
}

impl Slots {
    /// A record begins.
    pub fn begin(&mut self) {
        if self.all.len() > MANY || self.record == u32::MAX {
            *self = Self::default();
        }
        self.record += 1;
    }

    /// The field in the object `parent` that is expected behind the field `last`, when its name (and colon) stands at `at` in
    /// `bytes`; and the position behind it.
    #[expect(clippy::inline_always, reason = "as a call it costs twice what it does")]
    #[inline(always)]
    pub fn expected(&self, last: u32, parent: u32, bytes: &[u8], at: usize) -> Option<(u32, usize)> {
        let next = self.all[last as usize].next[0];
        let slot = self.all.get(next as usize)?;
        if slot.parent == parent && slot.is(words(&bytes[at..])) {
            return Some((next, at + slot.len));
        }
        self.found(last, parent, bytes, at)
    }

    /// The same for those that are expected less.
    #[inline(never)]
    fn found(&self, last: u32, parent: u32, bytes: &[u8], at: usize) -> Option<(u32, usize)> {
        let here = words(&bytes[at..]);
        let others = self.all[last as usize].next[1..].iter();
        let mut others = others.filter_map(|&next| Some((next, self.all.get(next as usize)?)));
        let (next, slot) = others.find(|(_, slot)| slot.parent == parent && slot.is(here))?;
        Some((next, at + slot.len))
    }

    /// The field `name` (unescaped) in the object `parent`, which from now on is expected behind the field `last`. `raw` is
    /// how it stands in the record, from quote to colon, if it always means this name there.
    pub fn named(&mut self, last: u32, parent: u32, name: &str, raw: Option<&[u8]>) -> u32 {
        let key = self.all[parent as usize].key.below(name);
        let slot = self.by_key.get(&key).copied().unwrap_or_else(|| {
            let slot = self.all.len() as u32;
            let above = &self.all[parent as usize].text;
            let text = if parent == RECORD { name.to_owned() } else { format!("{above}.{name}") };
            self.all.push(Slot::new(key, parent, raw, text));
            self.by_key.insert(key, slot);
            slot
        });
        let next = &mut self.all[last as usize].next;
        if !next.contains(&slot) {
            let free = next.iter().position(|&n| n == NONE).unwrap_or(NEXT - 1);
            next[free] = slot;
        }
        slot
    }

    /// Notes that the field is in this record: false when it was before, and its path.
    #[expect(clippy::inline_always, reason = "as a call it costs more than it does")]
    #[inline(always)]
    pub fn enter(&mut self, slot: u32) -> (bool, Path<'_>) {
        let Slot { key, text, record, .. } = &mut self.all[slot as usize];
        let first_time = std::mem::replace(record, self.record) != self.record;
        (first_time, Path { key: *key, slot: slot as usize, text })
    }

    /// The path of a field.
    #[inline]
    pub fn path(&self, slot: u32) -> Path<'_> {
        let Slot { key, text, .. } = &self.all[slot as usize];
        Path { key: *key, slot: slot as usize, text }
    }
}
