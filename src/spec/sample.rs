//! The first events of a side, kept small, from which the roles of its fields are inferred.

use std::collections::{HashMap, HashSet};

use super::canonical::{pair, text_hash, value_hash};
use super::shape::{Look, Piece, id_hash, pieces, take_out};
use super::words::{is_id_shaped, least_number_id};
use crate::trace::{Path, PathKey, Place, Scalar, Sink};

/// How many events a side's sample holds. SEMANTICS rule 10.
pub const SAMPLE: usize = 10_000;
/// Values after which a sample is full however few events they make: events of thousands of fields tell enough, and sooner.
const MOST_VALUES: usize = 1 << 20;

/// What sort of value it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Sort {
    Bool,
    Int,
    Decimal,
    Text,
    Json,
}

/// How many values of late are remembered.
const RECENT: usize = 1 << 12;

/// Whether a text is written as times are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Timelike {
    No,
    /// A date and time.
    Iso,
    /// Digits, as many as a time has: some formats write large numbers as texts.
    Digits,
}

/// One value of one sampled event.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "none of them says anything about another")]
pub(crate) struct Sampled {
    pub(crate) field: u32,
    pub(crate) hash: u64,
    pub(crate) sort: Sort,
    /// The number as a float where it is one; only for trends, never for equality.
    pub(crate) number: f64,
    pub(crate) id_shaped: bool,
    pub(crate) timelike: Timelike,
    pub(crate) wordy: bool,
    /// True when there is an id, a time or a duration in it.
    pub(crate) inside: bool,
    /// True when it is known that the field had this value before, in this sample.
    pub(crate) again: bool,
    /// Digits after the point of a decimal or of an ISO time's seconds.
    pub(crate) fraction: u8,
}

/// What is inside a text beside words.
#[derive(Debug, Clone, Default)]
pub(crate) struct Inside {
    /// What stays without ids and times, and what stays without durations as well.
    pub(crate) template: u64,
    pub(crate) bare: u64,
    pub(crate) ids: Vec<u64>,
    /// Its durations, hashed together; 0 where it has none.
    pub(crate) durations: u64,
}

/// What is inside values, by field and hash: names count. The places apart from what is there, so that little is moved when
/// there are more.
#[derive(Debug, Clone, Default)]
pub(crate) struct Insides {
    places: HashMap<(u32, u64), u32, foldhash::fast::FixedState>,
    list: Vec<Inside>,
}

impl Insides {
    /// What is inside a value of a field.
    pub(crate) fn get(&self, field: u32, hash: u64) -> Option<&Inside> {
        self.places.get(&(field, hash)).map(|&at| &self.list[at as usize])
    }

    fn insert(&mut self, field: u32, hash: u64, inside: Inside) {
        self.places.insert((field, hash), self.list.len() as u32);
        self.list.push(inside);
    }

    /// Takes over all of another; `map` has the number here of each of its fields.
    fn append(&mut self, later: Self, map: &[u32]) {
        let base = self.list.len() as u32;
        let here = |((field, hash), at): ((u32, u64), u32)| ((map[field as usize], hash), base + at);
        self.places.extend(later.places.into_iter().map(here));
        self.list.extend(later.list);
    }
}

/// A sink that keeps the first [`SAMPLE`] events.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    pub(crate) paths: Vec<String>,
    by_key: HashMap<PathKey, u32, foldhash::fast::FixedState>,
    pub(crate) values: Vec<Sampled>,
    /// Start of each event's values; one more entry than events.
    pub(crate) starts: Vec<u32>,
    /// Text of each distinct short value, for kinds' and outcomes' words.
    pub(crate) texts: HashMap<u64, String, foldhash::fast::FixedState>,
    /// What is inside each distinct value, where there is an id, a time or a duration in it.
    pub(crate) inside: Insides,
    /// Distinct values that were looked into in vain.
    plain: HashSet<(u32, u64), foldhash::fast::FixedState>,
    /// Texts and whole numbers of late, by their hashes: most come again soon. Other numbers may be equal and not spelled alike.
    recent: Vec<Sampled>,
    /// From which number on a field's numbers are ids.
    least_numbers: Vec<Option<f64>>,
    open: usize,
}

impl Sample {
    /// An empty sample.
    pub fn new() -> Self {
        Self { starts: vec![0], ..Self::default() }
    }

    /// The values of one sampled event.
    pub(crate) fn event(&self, index: usize) -> &[Sampled] {
        &self.values[self.starts[index] as usize..self.starts[index + 1] as usize]
    }

    fn field_id(&mut self, key: PathKey, text: impl FnOnce() -> String) -> u32 {
        *self.by_key.entry(key).or_insert_with(|| {
            let path = text();
            self.least_numbers.push(least_number_id(&path));
            self.paths.push(path);
            self.paths.len() as u32 - 1
        })
    }

    /// Looks inside a value, unless that was done before. True when there is something.
    fn look_inside(&mut self, field: u32, hash: u64, value: Scalar<'_>) -> bool {
        let least_number = self.least_numbers[field as usize];
        let looks = matches!(value, Scalar::Text(_) | Scalar::Json(_)) || least_number.is_some();
        if !looks || self.plain.contains(&(field, hash)) {
            return false;
        }
        if self.inside.get(field, hash).is_some() {
            return true;
        }
        let mut inside = Inside::default();
        let look = Look { least_number, ..Look::default() };
        let template = take_out(value, look, |id| inside.ids.push(id_hash(id)));
        if let Scalar::Text(text) = value {
            pieces(text, look, |piece| {
                if let Piece::Duration(text) = piece {
                    inside.durations = pair(inside.durations, text_hash(text));
                }
            });
        }
        if template.is_none() && inside.durations == 0 {
            self.plain.insert((field, hash));
            return false;
        }
        inside.template = template.unwrap_or(hash);
        inside.bare = take_out(value, Look { durations: true, ..look }, |_| {}).unwrap_or(hash);
        self.inside.insert(field, hash, inside);
        true
    }
}

impl Sink for Sample {
    fn fork(&self) -> Self {
        Self::new()
    }

    fn begin(&mut self, _place: Place) {
        self.open = self.values.len();
    }

    fn field(&mut self, path: Path<'_>, value: Scalar<'_>) {
        if self.is_full() {
            return;
        }
        let field = self.field_id(path.key, || path.text.to_owned());
        let hash = value_hash(value);
        let mut sampled = Sampled {
            field,
            hash,
            sort: Sort::Text,
            number: 0.0,
            id_shaped: false,
            timelike: Timelike::No,
            wordy: false,
            inside: false,
            again: false,
            fraction: 0,
        };
        let recent = (hash ^ u64::from(field)) as usize % RECENT;
        let kept = matches!(value, Scalar::Text(_) | Scalar::Int(_));
        if let Some(&known) = self.recent.get(recent).filter(|known| kept && (known.field, known.hash) == (field, hash))
        {
            self.values.push(Sampled { again: true, ..known });
            return;
        }
        match value {
            Scalar::Null => return,
            Scalar::Bool(_) => sampled.sort = Sort::Bool,
            Scalar::Int(i) => (sampled.sort, sampled.number) = (Sort::Int, i as f64),
            Scalar::Uint(u) => (sampled.sort, sampled.number) = (Sort::Int, u as f64),
            Scalar::Decimal(text) => {
                sampled.sort = Sort::Decimal;
                sampled.number = text.parse().unwrap_or(f64::NAN);
                sampled.fraction = text.split_once('.').map_or(0, |(_, f)| f.len().min(255) as u8);
            }
            Scalar::Text(text) => {
                // An empty string says "none" in every format seen so far.
                if text.is_empty() {
                    return;
                }
                sampled.id_shaped = is_id_shaped(text);
                if (9..=19).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) {
                    (sampled.timelike, sampled.number) = (Timelike::Digits, text.parse().unwrap_or(f64::NAN));
                }
                sampled.wordy = text.contains(' ') || text.len() > 40;
                if let Some(fraction) = super::time::iso_fraction(text) {
                    (sampled.timelike, sampled.fraction) = (Timelike::Iso, fraction);
                }
                if text.len() <= 64 && sampled.timelike != Timelike::Iso {
                    self.texts.entry(hash).or_insert_with(|| text.to_owned());
                }
            }
            Scalar::Json(_) => sampled.sort = Sort::Json,
        }
        sampled.inside = self.look_inside(field, hash, value);
        if kept {
            if self.recent.is_empty() {
                // No field has this number, so none of these is ever found.
                self.recent = vec![Sampled { field: u32::MAX, ..sampled }; RECENT];
            }
            self.recent[recent] = sampled;
        }
        self.values.push(sampled);
    }

    fn end(&mut self) {
        if !self.is_full() {
            self.starts.push(self.values.len() as u32);
        }
    }

    fn abandon(&mut self) {
        self.values.truncate(self.open);
        // What was seen in that event only was not seen.
        self.recent.clear();
    }

    fn append(&mut self, later: &mut Self) {
        let later = std::mem::replace(later, Self::new());
        let map: Vec<u32> = (later.paths.iter().map(|p| self.field_id(PathKey::of(p), || p.clone()))).collect();
        for event in 0..later.len() {
            if self.is_full() {
                break;
            }
            self.values.extend(later.event(event).iter().map(|v| Sampled { field: map[v.field as usize], ..*v }));
            self.starts.push(self.values.len() as u32);
        }
        self.texts.extend(later.texts);
        self.inside.append(later.inside, &map);
    }

    fn len(&self) -> usize {
        self.starts.len() - 1
    }

    fn is_full(&self) -> bool {
        self.len() >= SAMPLE || self.starts.last().is_some_and(|&end| end as usize >= MOST_VALUES)
    }
}

/// The one value that a field has throughout a sample, as text; `None` when it varies or is no text.
pub fn constants(sample: &Sample, path: &str) -> Option<String> {
    let field = sample.paths.iter().position(|p| p == path)? as u32;
    let mut values = sample.values.iter().filter(|v| v.field == field);
    let first = values.next()?;
    let same = values.all(|v| v.hash == first.hash);
    let text = sample.texts.get(&first.hash).cloned();
    let number = matches!(first.sort, Sort::Int | Sort::Decimal).then(|| first.number.to_string());
    text.or(number).filter(|_| same)
}

/// The median distance between consecutive times of a sample, in the field's own unit.
pub fn median_gap(sample: &Sample, spec: &super::Spec) -> Option<f64> {
    let (field, _) = spec.plan.clocks.first()?;
    let field = sample.paths.iter().position(|p| *p == spec.fields[*field].path)? as u32;
    let times: Vec<f64> = (sample.values.iter())
        .filter(|v| v.field == field && matches!(v.sort, Sort::Int | Sort::Decimal))
        .map(|v| v.number)
        .collect();
    let mut gaps: Vec<f64> = times.windows(2).map(|w| w[1] - w[0]).collect();
    gaps.sort_by(f64::total_cmp);
    gaps.get(gaps.len() / 2).copied().filter(|&g| g > 0.0)
}
