//! What the records of one side became, and how parts of it are joined.

use std::collections::HashMap;

use super::canonical::{ABSENT, pair, text_hash};
use super::links::Linker;
use super::readers;
use super::words;
use crate::trace::{Columns, ERROR, READ, REPLY, REQUEST, Scalar};

type Map<V> = HashMap<u64, V, foldhash::fast::FixedState>;

/// How many names of fields that the sample did not have are kept for the warning about them.
const LATE_FIELDS: usize = 8;
/// Kinds and lanes that a part remembers from block to block.
const KEPT_NAMES: usize = 1 << 12;
/// Keys that are known by one look.
const RECENT: usize = 1 << 10;

/// References that are kept until their links are looked for.
const MANY_REFERENCES: usize = 1 << 12;

/// What a field refers to, kept for links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reference {
    Span,
    Parent,
    Message,
    Cause,
    Position,
    /// The number of a record that came before.
    After,
}

/// What a field of an event refers to. Packed: there may be more than one for each event while all are read.
#[derive(Debug, Clone, Copy)]
#[repr(Rust, packed)]
pub(crate) struct Referring {
    pub(crate) event: u32,
    pub(crate) what: Reference,
    pub(crate) value: u64,
}

/// What the records of one side became, before names are shared and ids are renamed.
#[derive(Debug, Clone, Default)]
pub struct Gathered {
    /// The columns; kinds and lanes are this side's own numbers.
    pub columns: Columns,
    /// Key and name of each kind.
    pub kinds: Vec<(u64, String)>,
    /// Key and name of each lane.
    pub lanes: Vec<(u64, String)>,
    /// Order of each lane's field among the lanes of an event.
    pub(crate) lane_ranks: Vec<u8>,
    /// References of events whose links were not looked for yet.
    pub(crate) references: Vec<Referring>,
    pub(crate) linker: Linker,
    /// Values of renamed fields: event, field, hash.
    pub(crate) renames: Vec<(u32, u32, u64)>,
    /// Values of tolerated fields: event, field, number.
    pub measures: Vec<(u32, u32, f64)>,
    /// Fields that the sample did not have.
    pub late_fields: Vec<String>,
    /// Events whose time could not be read.
    pub bad_times: u32,
    pub(crate) kind_flags: Vec<u8>,
    kind_ids: Ids,
    lane_ids: Ids,
    outcomes: Map<bool>,
}

/// Numbers of keys, with the last ones at hand: most values come again soon, and are then known by one look.
#[derive(Debug, Clone, Default)]
struct Ids {
    all: Map<u32>,
    recent: Box<[(u64, u32)]>,
}

impl Ids {
    #[inline]
    fn get(&mut self, key: u64) -> Option<u32> {
        match self.recent.get(key as usize % RECENT) {
            Some(&(known, id)) if known == key => Some(id),
            _ => self.look_up(key),
        }
    }

    fn look_up(&mut self, key: u64) -> Option<u32> {
        let id = self.all.get(&key).copied()?;
        self.remember(key, id);
        Some(id)
    }

    fn insert(&mut self, key: u64, id: u32) {
        self.all.insert(key, id);
        self.remember(key, id);
    }

    fn remember(&mut self, key: u64, id: u32) {
        if self.recent.is_empty() {
            // None of these keys belongs where it stands, so none of them is ever found.
            self.recent = (1..=RECENT as u64).map(|key| (key, 0)).collect();
        }
        self.recent[key as usize % RECENT] = (key, id);
    }
}

/// What the keys of the lanes with this word have in common; paired with the hash of a value it is the key of one of them.
pub(crate) fn lane_key(word: &str) -> u64 {
    text_hash(word)
}

impl Gathered {
    /// The number of a kind, by the hash of its value.
    #[inline]
    pub(crate) fn kind_id(&mut self, hash: u64, value: Scalar<'_>) -> u32 {
        if let Some(id) = self.kind_ids.get(hash) {
            return id;
        }
        self.new_kind(hash, plain(value))
    }

    #[cold]
    fn new_kind(&mut self, hash: u64, name: String) -> u32 {
        let mut flags = 0;
        if words::is_error_word(&name) {
            flags |= ERROR;
        }
        if readers::is_read(&name) {
            flags |= READ;
        }
        if words::is_reply_word(&name) {
            flags |= REPLY;
        } else if words::is_request_word(&name) {
            flags |= REQUEST;
        }
        self.intern_kind(hash, name, flags)
    }

    /// The number of the kind of events that say none.
    pub(crate) fn no_kind(&mut self) -> u32 {
        self.kind_ids.get(ABSENT).unwrap_or_else(|| self.intern_kind(ABSENT, String::new(), 0))
    }

    fn intern_kind(&mut self, key: u64, name: String, flags: u8) -> u32 {
        let id = self.kinds.len() as u32;
        self.kinds.push((key, name));
        self.kind_flags.push(flags);
        self.kind_ids.insert(key, id);
        id
    }

    /// The number of a lane, by its key.
    #[inline]
    pub(crate) fn lane_id(&mut self, key: u64, rank: u8, name: impl FnOnce() -> String) -> u32 {
        if let Some(id) = self.lane_ids.get(key) {
            return id;
        }
        let id = self.lanes.len() as u32;
        self.lanes.push((key, name()));
        self.lane_ranks.push(rank);
        self.lane_ids.insert(key, id);
        id
    }

    /// The number of another lane with the name of a known one, by what tells the two apart.
    #[inline]
    pub(crate) fn lane_beside(&mut self, lane: u32, by: u64) -> u32 {
        let key = pair(self.lanes[lane as usize].0, by);
        if let Some(id) = self.lane_ids.get(key) {
            return id;
        }
        let name = self.lanes[lane as usize].1.clone();
        self.lane_id(key, self.lane_ranks[lane as usize], || name)
    }

    /// True when the text of an outcome, whose hash is given, says that something went wrong.
    pub(crate) fn is_error_text(&mut self, hash: u64, text: &str) -> bool {
        *self.outcomes.entry(hash).or_insert_with(|| words::is_error_word(text))
    }

    /// Remembers the name of a field that the sample did not have.
    #[cold]
    pub(crate) fn late_field(&mut self, name: &str) {
        if self.late_fields.len() < LATE_FIELDS && !self.late_fields.iter().any(|known| known == name) {
            self.late_fields.push(name.to_owned());
        }
    }

    /// Looks for the links of the events so far, once there are many.
    pub(crate) fn find_links_of_many(&mut self) {
        if self.references.len() >= MANY_REFERENCES {
            self.find_links();
        }
    }

    /// Looks for the links of the events so far.
    pub(crate) fn find_links(&mut self) {
        self.linker.take(&self.references, &self.columns);
        self.references.clear();
    }

    /// Takes over what a part gathered from the records that follow. The part is left without events; it remembers names.
    pub(crate) fn append(&mut self, part: &mut Self) {
        let base = self.columns.len() as u32;
        let kinds: Vec<u32> = (part.kinds.iter().zip(&part.kind_flags))
            .map(|((key, name), &flags)| match self.kind_ids.get(*key) {
                Some(id) => id,
                None => self.intern_kind(*key, name.clone(), flags),
            })
            .collect();
        let lanes: Vec<u32> = (part.lanes.iter().zip(&part.lane_ranks))
            .map(|((key, name), &rank)| self.lane_id(*key, rank, || name.clone()))
            .collect();
        let (to, from) = (&mut self.columns, &mut part.columns);
        to.places.append(&mut from.places);
        to.tokens.append(&mut from.tokens);
        to.identities.append(&mut from.identities);
        to.whole.append(std::mem::take(&mut from.whole));
        to.flags.append(&mut from.flags);
        to.times.append(&mut from.times);
        to.lasting.append(&mut from.lasting);
        to.kinds.extend(from.kinds.drain(..).map(|kind| kinds[kind as usize]));
        to.lanes.append(&from.lanes, &lanes);
        from.lanes.clear();
        self.references.extend(part.references.drain(..).map(|r| Referring { event: r.event + base, ..r }));
        self.renames.extend(part.renames.drain(..).map(|(e, f, h)| (e + base, f, h)));
        self.measures.extend(part.measures.drain(..).map(|(e, f, v)| (e + base, f, v)));
        self.bad_times += std::mem::take(&mut part.bad_times);
        for name in part.late_fields.drain(..) {
            self.late_field(&name);
        }
        if part.kinds.len().max(part.lanes.len()).max(part.outcomes.len()) > KEPT_NAMES {
            *part = Self::default();
        }
    }
}

/// A value as a name has it.
pub(crate) fn plain(value: Scalar<'_>) -> String {
    match value {
        Scalar::Null => String::new(),
        Scalar::Bool(b) => b.to_string(),
        Scalar::Int(i) => i.to_string(),
        Scalar::Uint(u) => u.to_string(),
        Scalar::Decimal(text) | Scalar::Text(text) | Scalar::Json(text) => text.to_owned(),
    }
}
