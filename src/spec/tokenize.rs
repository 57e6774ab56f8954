//! Records → columns, by the rules of a spec. One record costs a few hashes a field; no text is kept.

use std::collections::HashMap;
use std::sync::Arc;

use super::canonical::{ABSENT, mix, pair, text_hash, value_hash};
use super::roles::{Action, Late, Plan, Role, Spec};
use super::shape::{Look, id_hash, take_out, without_ids};
use super::time::Clock;
use super::words;
use crate::trace::{COMPARED, Columns, ERROR, Path, PathKey, Place, REPLY, REQUEST, Scalar, Sink};

type Map<V> = HashMap<u64, V, foldhash::fast::FixedState>;

/// How many names of fields that the sample did not have are kept for the warning about them.
const LATE_FIELDS: usize = 8;
/// The lane of events that touch no resource.
const NO_RESOURCE: &str = "events";

/// What a field contributes to a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Share {
    Compare,
    Rename,
    Tolerate,
    Nothing,
}

#[derive(Debug, Clone)]
struct Rule {
    field: u32,
    share: Share,
    look: Look,
    identity: bool,
    kind: bool,
    /// Position in the order of lanes, and the word before the colon.
    lane: Option<(u8, String)>,
    clock: Option<(u8, Clock)>,
    reference: Option<Reference>,
    outcome: Outcome,
}

/// What a field says about how it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Nothing.
    Silent,
    /// Its value may be an error.
    ByValue,
    /// Its mere presence says that something failed.
    ByPresence,
}

impl Outcome {
    fn of(path: &str) -> Self {
        if words::words(path).iter().any(|w| matches!(w.as_str(), "failure" | "error" | "exception")) {
            Self::ByPresence
        } else if words::is_outcome_name(path) {
            Self::ByValue
        } else {
            Self::Silent
        }
    }
}

/// What a field refers to, kept for links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reference {
    Span,
    Parent,
    Message,
    Cause,
    Position,
}

#[derive(Debug)]
struct Rules {
    all: Vec<Rule>,
    by_key: HashMap<PathKey, u32, foldhash::fast::FixedState>,
    timed: bool,
    late: Late,
}

impl Rules {
    /// True when a field that the sample did not have is set aside.
    fn late_ignored(&self, key: PathKey) -> bool {
        self.late.ignore_all || self.late.ignored.iter().any(|path| PathKey::of(path) == key)
    }
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
    /// References of events, for links.
    pub(crate) references: Vec<(u32, Reference, u64)>,
    /// Values of renamed fields: event, field, hash.
    pub(crate) renames: Vec<(u32, u32, u64)>,
    /// Values of tolerated fields: event, field, number.
    pub measures: Vec<(u32, u32, f64)>,
    /// Fields that the sample did not have.
    pub late_fields: Vec<String>,
    /// Events whose time could not be read.
    pub bad_times: u32,
    kind_flags: Vec<u8>,
    kind_ids: Map<u32>,
    lane_ids: Map<u32>,
    outcomes: Map<bool>,
}

/// A sink that turns records into columns.
#[derive(Debug, Clone)]
pub struct Tokenizer {
    rules: Arc<Rules>,
    out: Gathered,
    now: Current,
}

/// The record that is being read.
#[derive(Debug, Clone, Default)]
struct Current {
    place: Place,
    token: u64,
    identity: u64,
    whole: u64,
    kind: Option<u32>,
    flags: u8,
    time: Option<(u8, i64)>,
    timed_badly: bool,
    lanes: Vec<(u8, u32)>,
    references: usize,
    renames: usize,
    measures: usize,
}

impl Tokenizer {
    /// A tokenizer for the rules of `spec`.
    pub fn new(spec: &Spec) -> Self {
        let plan = &spec.plan;
        let all: Vec<Rule> = (spec.fields.iter().enumerate())
            .map(|(i, f)| {
                let lane = plan.lanes.iter().position(|l| l.0 == i);
                Rule {
                    field: i as u32,
                    share: match f.action {
                        Action::Compare => Share::Compare,
                        Action::Rename => Share::Rename,
                        Action::Tolerate { .. } => Share::Tolerate,
                        Action::Ignore => Share::Nothing,
                    },
                    look: plan.looks.get(i).copied().unwrap_or_default(),
                    identity: matches!(f.role, Role::Kind)
                        || f.role == Role::Identity && lane.is_none() && !refers(plan, i),
                    kind: plan.kind == Some(i),
                    lane: lane.map(|rank| (rank as u8, f.lane.clone().unwrap_or_default())),
                    clock: plan
                        .clocks
                        .iter()
                        .position(|c| c.0 == i)
                        .map(|priority| (priority as u8, plan.clocks[priority].1.clone())),
                    reference: [
                        (plan.span, Reference::Span),
                        (plan.parent, Reference::Parent),
                        (plan.message, Reference::Message),
                        (plan.cause, Reference::Cause),
                    ]
                    .into_iter()
                    .find(|(field, _)| *field == Some(i))
                    .map(|(_, r)| r)
                    .or_else(|| {
                        let counts = plan.cause.is_some() && f.role == Role::Position;
                        counts.then_some(Reference::Position)
                    }),
                    outcome: Outcome::of(&f.path),
                }
            })
            .collect();
        let by_key = spec.fields.iter().enumerate().map(|(i, f)| (PathKey::of(&f.path), i as u32)).collect();
        let rules = Arc::new(Rules { all, by_key, timed: !plan.clocks.is_empty(), late: plan.late.clone() });
        Self { rules, out: Gathered { columns: empty_columns(), ..Gathered::default() }, now: Current::default() }
    }

    /// What it has gathered so far.
    pub fn gathered(&self) -> &Gathered {
        &self.out
    }

    /// Takes out what it gathered.
    pub fn into_gathered(self) -> Gathered {
        self.out
    }
}

/// True for a field that names another event: a wrong one changes an event, and does not make it another.
fn refers(plan: &Plan, field: usize) -> bool {
    [plan.parent, plan.cause].contains(&Some(field))
}

fn empty_columns() -> Columns {
    Columns { lane_starts: vec![0], ..Columns::default() }
}

/// The stable key of a lane.
pub(crate) fn lane_key(word: &str, value: u64) -> u64 {
    pair(text_hash(word), value)
}

impl Gathered {
    fn kind_named(&mut self, hash: u64, name: impl FnOnce() -> String) -> u32 {
        if let Some(&id) = self.kind_ids.get(&hash) {
            return id;
        }
        let name = name();
        let mut flags = 0;
        if words::is_error_word(&name) {
            flags |= ERROR;
        }
        if words::is_reply_word(&name) {
            flags |= REPLY;
        } else if words::is_request_word(&name) {
            flags |= REQUEST;
        }
        self.intern_kind(hash, name, flags)
    }

    fn intern_kind(&mut self, key: u64, name: String, flags: u8) -> u32 {
        let id = self.kinds.len() as u32;
        self.kinds.push((key, name));
        self.kind_flags.push(flags);
        self.kind_ids.insert(key, id);
        id
    }

    fn lane_id(&mut self, key: u64, rank: u8, name: impl FnOnce() -> String) -> u32 {
        if let Some(&id) = self.lane_ids.get(&key) {
            return id;
        }
        let id = self.lanes.len() as u32;
        self.lanes.push((key, name()));
        self.lane_ranks.push(rank);
        self.lane_ids.insert(key, id);
        id
    }

    /// True when an outcome's value says that something went wrong.
    fn is_failure(&mut self, rule: &Rule, hash: u64, value: Scalar<'_>) -> bool {
        match value {
            Scalar::Bool(true) => true,
            Scalar::Int(code) => (500..600).contains(&code),
            Scalar::Text(text) => {
                rule.outcome == Outcome::ByPresence
                    || *self.outcomes.entry(hash).or_insert_with(|| words::is_error_word(text))
            }
            _ => false,
        }
    }
}

fn plain(value: Scalar<'_>) -> String {
    match value {
        Scalar::Null => String::new(),
        Scalar::Bool(b) => b.to_string(),
        Scalar::Int(i) => i.to_string(),
        Scalar::Uint(u) => u.to_string(),
        Scalar::Decimal(text) | Scalar::Text(text) | Scalar::Json(text) => text.to_owned(),
    }
}

impl Sink for Tokenizer {
    fn fork(&self) -> Self {
        Self {
            rules: Arc::clone(&self.rules),
            out: Gathered { columns: empty_columns(), ..Gathered::default() },
            now: Current::default(),
        }
    }

    fn begin(&mut self, place: Place) {
        let mut lanes = std::mem::take(&mut self.now.lanes);
        lanes.clear();
        self.now = Current {
            place,
            lanes,
            references: self.out.references.len(),
            renames: self.out.renames.len(),
            measures: self.out.measures.len(),
            ..Current::default()
        };
    }

    fn field(&mut self, path: Path<'_>, value: Scalar<'_>) {
        let raw = value_hash(value);
        let hash = raw;
        let whole = mix(path.key.0 ^ hash.rotate_left(17));
        self.now.whole = self.now.whole.wrapping_add(whole);
        let absent = hash == ABSENT || value == Scalar::Text("");
        let Some(&rule) = self.rules.by_key.get(&path.key) else {
            if !absent && !self.rules.late_ignored(path.key) {
                self.now.flags |= COMPARED;
                self.now.token = self.now.token.wrapping_add(whole);
                if self.out.late_fields.len() < LATE_FIELDS {
                    let name = path.text();
                    if !self.out.late_fields.contains(&name) {
                        self.out.late_fields.push(name);
                    }
                }
            }
            return;
        };
        if absent {
            return;
        }
        let rules = Arc::clone(&self.rules);
        let rule = &rules.all[rule as usize];
        let event = self.out.columns.len() as u32;
        let mut stays = None;
        if rule.share == Share::Rename {
            let renames = &mut self.out.renames;
            stays = take_out(value, rule.look, |id| renames.push((event, rule.field, id_hash(id))));
        }
        let renamed = self.out.renames.last().is_some_and(|r| (r.0, r.1) == (event, rule.field));
        let (hash, whole) = stays.map_or((hash, whole), |stays| (stays, mix(path.key.0 ^ stays.rotate_left(17))));
        match rule.share {
            Share::Compare | Share::Rename => self.now.token = self.now.token.wrapping_add(whole),
            Share::Tolerate => match plain(value).parse() {
                Ok(number) => self.out.measures.push((event, rule.field, number)),
                Err(_) => self.now.token = self.now.token.wrapping_add(whole),
            },
            Share::Nothing => {}
        }
        if rule.share != Share::Nothing {
            self.now.flags |= COMPARED;
        }
        if rule.identity {
            self.now.identity = self.now.identity.wrapping_add(whole);
        }
        if rule.kind {
            let id = match value {
                Scalar::Text(text) if stays.is_some() => self.out.kind_named(hash, || without_ids(text, rule.look)),
                _ => self.out.kind_named(hash, || plain(value)),
            };
            self.now.kind = Some(id);
            self.now.flags |= self.out.kind_flags[id as usize];
        }
        if let Some((rank, word)) = &rule.lane
            && !renamed
        {
            let id = self.out.lane_id(lane_key(word, hash), *rank, || format!("{word}:{}", plain(value)));
            self.now.lanes.push((*rank, id));
        }
        if let Some((priority, clock)) = &rule.clock
            && self.now.time.is_none_or(|(p, _)| *priority < p)
        {
            match clock.ticks(value) {
                Some(ticks) => self.now.time = Some((*priority, ticks)),
                None => self.now.timed_badly = true,
            }
        }
        if let Some(reference) = rule.reference {
            self.out.references.push((event, reference, raw));
        }
        if rule.outcome != Outcome::Silent && self.out.is_failure(rule, hash, value) {
            self.now.flags |= ERROR;
        }
    }

    fn end(&mut self) {
        if self.now.lanes.is_empty() {
            let id = self.out.lane_id(lane_key(NO_RESOURCE, 0), u8::MAX, || NO_RESOURCE.to_owned());
            self.now.lanes.push((u8::MAX, id));
        }
        if self.now.lanes.len() > 1 {
            self.now.lanes.sort_unstable();
        }
        let kind = match self.now.kind {
            Some(kind) => kind,
            None => match self.out.kind_ids.get(&ABSENT) {
                Some(&id) => id,
                None => self.out.intern_kind(ABSENT, String::new(), 0),
            },
        };
        let home = self.out.lanes[self.now.lanes[0].1 as usize].0;
        let columns = &mut self.out.columns;
        columns.places.push(self.now.place);
        columns.tokens.push(self.now.token);
        columns.identities.push(pair(self.now.identity, home));
        columns.whole.push(self.now.whole);
        columns.kinds.push(kind);
        columns.flags.push(self.now.flags);
        if self.rules.timed {
            columns.times.push(self.now.time.map_or(i64::MIN, |(_, t)| t));
        }
        columns.lanes.extend(self.now.lanes.iter().map(|l| l.1));
        columns.lane_starts.push(columns.lanes.len() as u32);
        if self.now.timed_badly && self.now.time.is_none() {
            self.out.bad_times += 1;
        }
    }

    fn abandon(&mut self) {
        self.out.references.truncate(self.now.references);
        self.out.renames.truncate(self.now.renames);
        self.out.measures.truncate(self.now.measures);
    }

    fn append(&mut self, later: Self) {
        let later = later.out;
        let kinds: Vec<u32> = (later.kinds.into_iter().zip(later.kind_flags))
            .map(|((key, name), flags)| match self.out.kind_ids.get(&key) {
                Some(&id) => id,
                None => self.out.intern_kind(key, name, flags),
            })
            .collect();
        let lanes: Vec<u32> = (later.lanes.into_iter().zip(later.lane_ranks))
            .map(|((key, name), rank)| self.out.lane_id(key, rank, || name))
            .collect();
        let out = &mut self.out;
        let base = out.columns.len() as u32;
        let (to, from) = (&mut out.columns, later.columns);
        to.places.extend(from.places);
        to.tokens.extend(from.tokens);
        to.identities.extend(from.identities);
        to.whole.extend(from.whole);
        to.flags.extend(from.flags);
        to.times.extend(from.times);
        to.kinds.extend(from.kinds.into_iter().map(|k| kinds[k as usize]));
        let lane_base = to.lanes.len() as u32;
        to.lanes.extend(from.lanes.into_iter().map(|l| lanes[l as usize]));
        to.lane_starts.extend(from.lane_starts[1..].iter().map(|s| s + lane_base));
        out.references.extend(later.references.into_iter().map(|(e, r, h)| (e + base, r, h)));
        out.renames.extend(later.renames.into_iter().map(|(e, f, h)| (e + base, f, h)));
        out.measures.extend(later.measures.into_iter().map(|(e, f, v)| (e + base, f, v)));
        out.bad_times += later.bad_times;
        for name in later.late_fields {
            if out.late_fields.len() < LATE_FIELDS && !out.late_fields.contains(&name) {
                out.late_fields.push(name);
            }
        }
    }

    fn len(&self) -> usize {
        self.out.columns.len()
    }
}

/// True when two owned values are equal as the comparison sees them: by value, not by spelling.
pub fn same_value(a: &crate::trace::Value, b: &crate::trace::Value) -> bool {
    fn hash(value: &crate::trace::Value) -> u64 {
        use crate::trace::Value;
        value_hash(match value {
            Value::Null => Scalar::Null,
            Value::Bool(b) => Scalar::Bool(*b),
            Value::Number(text) => match (text.parse(), text.parse()) {
                (Ok(i), _) => Scalar::Int(i),
                (_, Ok(u)) => Scalar::Uint(u),
                _ => Scalar::Decimal(text),
            },
            Value::Text(text) if text.is_empty() => Scalar::Null,
            Value::Text(text) => Scalar::Text(text),
            Value::Json(text) => Scalar::Json(text),
        })
    }
    hash(a) == hash(b)
}
