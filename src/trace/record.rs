//! The meeting point of reading and understanding: `ingest` finds records and their fields, a [`Sink`] makes something of them.

use std::borrow::Cow;
use std::hash::Hasher as _;

/// Where a record stands in its (decompressed) source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// Byte offset of the record's first byte.
    pub offset: u64,
    /// Length in bytes, without the line end.
    pub len: u32,
    /// 1-based line of the record's first byte.
    pub line: u32,
}

/// A stable 64-bit name of a field's dotted path: equal paths have equal keys in every file, run and machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PathKey(pub u64);

impl PathKey {
    /// The key of the record itself; fields grow from it.
    pub const ROOT: Self = Self(0x9E37_79B9_7F4A_7C15);

    /// The key of the field `name` (unescaped) inside the object at `self`.
    #[must_use]
    pub fn child(self, name: &str) -> Self {
        let mut hasher = foldhash::fast::FoldHasher::with_seed(self.0, foldhash::SharedSeed::global_fixed());
        hasher.write(name.as_bytes());
        Self(hasher.finish())
    }

    /// The key of what `path` spells inside the object at `self`: a name with dots in it is the path that it spells.
    #[must_use]
    pub fn below(self, path: &str) -> Self {
        path.split('.').fold(self, Self::child)
    }

    /// The key of a dotted path such as `metadata.pin`.
    pub fn of(path: &str) -> Self {
        Self::ROOT.below(path)
    }
}

/// A field's name as the scanner knows it.
#[derive(Debug, Clone, Copy)]
pub struct Path<'a> {
    /// Stable key of the whole dotted path.
    pub key: PathKey,
    /// A small number that one reader tends to give the same path again and again; [`Self::UNNUMBERED`] where it has
    /// none. A hint where to look first, never a proof: two readers number differently.
    pub slot: usize,
    /// The dotted path from the record down to this field, unescaped, such as `metadata.pin`.
    pub text: &'a str,
}

impl<'a> Path<'a> {
    /// The slot of a path without one.
    pub const UNNUMBERED: usize = usize::MAX;

    /// The path that `text` spells.
    pub fn new(text: &'a str) -> Self {
        Self { key: PathKey::of(text), slot: Self::UNNUMBERED, text }
    }
}

/// One leaf value as it stands in a record. Numbers stay exact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scalar<'a> {
    /// `null`, which counts as absent.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer that fits 64 bits with sign.
    Int(i64),
    /// An integer above `i64::MAX` that fits 64 bits without sign.
    Uint(u64),
    /// Any other number, with its text; the text is the truth, a float is only for measuring.
    Decimal(&'a str),
    /// A string, unescaped.
    Text(&'a str),
    /// An array (or an empty object), as its JSON text. Compared as one value.
    Json(&'a str),
}

impl<'a> Scalar<'a> {
    /// As it is read: text without quotes, numbers as they were written.
    pub fn plain(self) -> Cow<'a, str> {
        match self {
            Self::Null => "null".into(),
            Self::Bool(value) => value.to_string().into(),
            Self::Int(value) => value.to_string().into(),
            Self::Uint(value) => value.to_string().into(),
            Self::Decimal(text) | Self::Text(text) | Self::Json(text) => text.into(),
        }
    }
}

/// What a reader hands its records to. Chunks of a source may be scanned in parallel: each into a fork, appended in order.
pub trait Sink: Sized + Send {
    /// An empty sink with the same rules.
    #[must_use]
    fn fork(&self) -> Self;
    /// A record begins.
    fn begin(&mut self, place: Place);
    /// One leaf of the record. A path comes at most once a record (of a repeated key the last value counts).
    fn field(&mut self, path: Path<'_>, value: Scalar<'_>);
    /// The record follows the record number `earlier` of the same trace, beyond the order on its lanes.
    fn follows(&mut self, _earlier: u32) {}
    /// The record is whole.
    fn end(&mut self);
    /// The record that began is unreadable or not selected: forget it.
    fn abandon(&mut self);
    /// Takes over everything that a fork of this sink collected from the bytes that follow. The fork is left empty, to be
    /// used again.
    fn append(&mut self, later: &mut Self);
    /// About so many more records will come: room for them can be made at once.
    fn reserve(&mut self, _records: usize) {}
    /// How many whole records it holds.
    fn len(&self) -> usize;
    /// True when it holds no record.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// True when it wants no more records (a sample that is full). A reader may stop early.
    fn is_full(&self) -> bool {
        false
    }
}
