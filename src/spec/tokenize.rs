//! Records → columns, by the rules of a spec. One record costs a few hashes a field; no text is kept.

use std::collections::HashMap;
use std::sync::Arc;

use super::canonical::{ABSENT, pair, share, value_hash};
use super::gathered::{Gathered, Reference, Referring, lane_key, plain};
use super::iso::Utc;
use super::readers::Readers;
use super::roles::{Action, Lasts, Late, Role, Spec};
use super::shape::{Look, id_hash, take_out, without_ids};
use super::time::Clock;
use super::words;
use crate::trace::{COMPARED, ERROR, Path, PathKey, Place, READ, Scalar, Sink};

/// The lane of events that touch no resource.
const NO_RESOURCE: &str = "events";

/// What a field contributes to a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Share {
    Compare,
    Rename,
    Tolerate,
    /// Names another event by its position: what counts is which event that is.
    Refer,
    Nothing,
}

#[derive(Debug, Clone)]
struct Rule {
    field: u32,
    key: PathKey,
    share: Share,
    look: Look,
    identity: bool,
    kind: bool,
    lane: Option<Lane>,
    clock: Option<(u8, Clock)>,
    lasts: Option<Lasts>,
    reference: Option<Reference>,
    outcome: Outcome,
    duty: Duty,
}

/// How much there is to do with a value: most fields ask for little.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Duty {
    /// The sample did not have the field, and there is no rule.
    Late,
    /// It counts for nothing.
    Nothing,
    /// It is compared, and that is all.
    Compare,
    /// It is compared, and names a lane.
    Lane,
    /// It is compared, and is the kind.
    Kind,
    /// It tells the time, and is not compared.
    Time,
    /// See the rule.
    More,
}

/// The lane that a field names.
#[derive(Debug, Clone)]
struct Lane {
    /// Position in the order of lanes.
    rank: u8,
    /// The word before the colon.
    word: String,
    /// The key of the lane that the field names without a value; with one, it is paired with that.
    key: u64,
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

#[derive(Debug)]
struct Rules {
    all: Vec<Rule>,
    by_key: HashMap<PathKey, u32, foldhash::fast::FixedState>,
    /// The rank from which on lanes go when there is any other.
    first_group: u8,
    readers: Option<Readers>,
    timed: bool,
    lasting: bool,
    late: Late,
    links_at_once: bool,
}

impl Rules {
    /// True when a field that the sample did not have is set aside.
    fn late_ignored(&self, key: PathKey) -> bool {
        self.late.ignore_all || self.late.ignored.iter().any(|path| PathKey::of(path) == key)
    }
}

/// A sink that turns records into columns.
#[derive(Debug, Clone)]
pub struct Tokenizer {
    rules: Arc<Rules>,
    out: Gathered,
    now: Current,
    /// The rule of the field that a reader last gave each slot.
    known: Vec<(PathKey, Duty, u32)>,
    /// It does not know the events before its own.
    is_fork: bool,
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
    until: Option<i64>,
    lasts: Option<i64>,
    /// Has read the times of the records before.
    utc: Utc,
    lanes: Vec<(u8, u32)>,
    /// The hash of the actor's name.
    actor: Option<u64>,
    lane_numbers: Vec<u32>,
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
                let mut rule = Rule {
                    field: i as u32,
                    key: PathKey::of(&f.path),
                    share: match f.action {
                        Action::Rename if plan.cause == Some(i) && plan.cause_by_position => Share::Refer,
                        Action::Compare => Share::Compare,
                        Action::Rename => Share::Rename,
                        Action::Tolerate { .. } => Share::Tolerate,
                        Action::Ignore => Share::Nothing,
                    },
                    look: plan.looks.get(i).copied().unwrap_or_default(),
                    identity: matches!(f.role, Role::Kind)
                        || f.role == Role::Identity
                            && lane.is_none()
                            && matches!(f.action, Action::Compare | Action::Rename)
                            && !plan.refers(i),
                    kind: plan.kind == Some(i),
                    lane: lane.map(|rank| {
                        let word = f.lane.clone().unwrap_or_default();
                        Lane { rank: rank as u8, key: lane_key(&word), word }
                    }),
                    clock: plan
                        .clocks
                        .iter()
                        .position(|c| c.0 == i)
                        .map(|priority| (priority as u8, plan.clocks[priority].1.clone())),
                    lasts: plan.lasts.as_ref().filter(|lasts| lasts.0 == i).map(|lasts| lasts.1.clone()),
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
                    duty: Duty::More,
                };
                rule.duty = rule.duty();
                rule
            })
            .collect();
        let by_key = spec.fields.iter().enumerate().map(|(i, f)| (PathKey::of(&f.path), i as u32)).collect();
        let rules = Arc::new(Rules {
            all,
            by_key,
            first_group: plan.first_group(),
            readers: plan.readers.clone(),
            timed: !plan.clocks.is_empty(),
            lasting: plan.lasts.is_some(),
            late: plan.late.clone(),
            links_at_once: spec.links_at_once(),
        });
        Self { rules, out: Gathered::default(), now: Current::default(), known: Vec::new(), is_fork: false }
    }

    /// The rule of a field, which is remembered for its slot.
    #[cold]
    fn look_up(&mut self, path: Path<'_>) -> (Duty, u32) {
        let rule = self.rules.by_key.get(&path.key).map(|&rule| (self.rules.all[rule as usize].duty, rule));
        let (duty, rule) = rule.unwrap_or((Duty::Late, 0));
        if path.slot != Path::UNNUMBERED {
            if path.slot >= self.known.len() {
                self.known.resize(path.slot + 1, (PathKey(0), Duty::Late, 0));
            }
            self.known[path.slot] = (path.key, duty, rule);
        }
        (duty, rule)
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

impl Lane {
    /// The event is on the lane that this value, which has this hash, names.
    #[inline]
    fn apply(&self, out: &mut Gathered, now: &mut Current, value: Scalar<'_>, hash: u64) {
        let name = || format!("{}:{}", self.word, plain(value));
        now.lanes.push((self.rank, out.lane_id(pair(self.key, hash), self.rank, name)));
        if self.rank == 0 {
            now.actor = Some(hash);
        }
    }
}

impl Rule {
    /// How much there is to do.
    fn duty(&self) -> Duty {
        if self.reference.is_some() || self.lasts.is_some() || self.outcome != Outcome::Silent {
            return Duty::More;
        }
        let telling = [self.lane.is_some(), self.identity, self.kind, self.clock.is_some()];
        match (self.share, telling) {
            (Share::Nothing, [false, false, false, false]) => Duty::Nothing,
            (Share::Compare, [false, false, false, false]) => Duty::Compare,
            (Share::Compare, [true, false, false, false]) => Duty::Lane,
            (Share::Compare, [false, true, true, false]) => Duty::Kind,
            (Share::Nothing, [false, false, false, true]) => Duty::Time,
            _ => Duty::More,
        }
    }

    /// What the value says about when it happened.
    fn tell_time(&self, now: &mut Current, value: Scalar<'_>) {
        if let Some((priority, clock)) = &self.clock
            && now.time.is_none_or(|(p, _)| *priority < p)
        {
            match clock.ticks(value, &mut now.utc) {
                Some(ticks) => now.time = Some((*priority, ticks)),
                None => now.timed_badly = true,
            }
        }
    }

    /// What a value of this field, with its hash and its contribution to a token, does to the record that is being read.
    #[inline(never)]
    fn apply(&self, out: &mut Gathered, now: &mut Current, value: Scalar<'_>, hash: u64, whole: u64) {
        let event = out.columns.len() as u32;
        let (raw, renames) = (hash, out.renames.len());
        let (mut hash, mut whole, mut cut) = (hash, whole, false);
        if self.share == Share::Rename
            && let Some(stays) = take_out(value, self.look, |id| out.renames.push((event, self.field, id_hash(id))))
        {
            (hash, whole, cut) = (stays, share(self.key, stays), true);
        }
        match self.share {
            Share::Compare | Share::Rename => now.token = now.token.wrapping_add(whole),
            Share::Tolerate => match plain(value).parse() {
                Ok(number) => out.measures.push((event, self.field, number)),
                Err(_) => now.token = now.token.wrapping_add(whole),
            },
            Share::Refer | Share::Nothing => {}
        }
        if self.share != Share::Nothing {
            now.flags |= COMPARED;
        }
        if self.identity {
            now.identity = now.identity.wrapping_add(whole);
        }
        if self.kind {
            let id = match value {
                Scalar::Text(text) if cut => out.kind_id(hash, Scalar::Text(&without_ids(text, self.look))),
                _ => out.kind_id(hash, value),
            };
            now.kind = Some(id);
            now.flags |= out.kind_flags[id as usize];
        }
        if let Some(lane) = &self.lane
            && out.renames.len() == renames
        {
            lane.apply(out, now, value, hash);
        }
        self.tell_time(now, value);
        match &self.lasts {
            Some(Lasts::Until(clock)) => now.until = clock.ticks(value, &mut now.utc),
            Some(Lasts::For(clock)) => now.lasts = clock.ticks(value, &mut now.utc),
            None => {}
        }
        if let Some(reference) = self.reference {
            out.references.push(Referring { event, what: reference, value: raw });
        }
        let failed = match (self.outcome, value) {
            (Outcome::Silent, _) => false,
            (_, Scalar::Bool(failed)) => failed,
            (_, Scalar::Int(code)) => (500..600).contains(&code),
            (Outcome::ByPresence, Scalar::Text(_)) => true,
            (Outcome::ByValue, Scalar::Text(text)) => out.is_error_text(raw, text),
            _ => false,
        };
        if failed {
            now.flags |= ERROR;
        }
    }
}

impl Sink for Tokenizer {
    fn fork(&self) -> Self {
        let (out, now) = (Gathered::default(), Current::default());
        Self { rules: Arc::clone(&self.rules), out, now, known: Vec::new(), is_fork: true }
    }

    fn begin(&mut self, place: Place) {
        let Self { now, out, .. } = self;
        now.lanes.clear();
        // One by one, since most of it is memory that is used again.
        (now.place, now.token, now.identity, now.whole) = (place, 0, 0, 0);
        (now.kind, now.actor, now.flags) = (None, None, 0);
        (now.time, now.timed_badly, now.until, now.lasts) = (None, false, None, None);
        (now.references, now.renames, now.measures) = (out.references.len(), out.renames.len(), out.measures.len());
    }

    #[expect(clippy::inline_always, reason = "where the kind of value is known, half of it is known beforehand")]
    #[inline(always)]
    fn field(&mut self, path: Path<'_>, value: Scalar<'_>) {
        let hash = value_hash(value);
        let whole = share(path.key, hash);
        self.now.whole = self.now.whole.wrapping_add(whole);
        let (duty, rule) = match self.known.get(path.slot) {
            Some(&(key, duty, rule)) if key == path.key => (duty, rule),
            _ => self.look_up(path),
        };
        let absent = hash == ABSENT || value == Scalar::Text("");
        if absent {
            return;
        }
        let Self { rules, out, now, .. } = self;
        match duty {
            Duty::Nothing => {}
            Duty::More => rules.all[rule as usize].apply(out, now, value, hash, whole),
            Duty::Time => rules.all[rule as usize].tell_time(now, value),
            Duty::Kind => {
                now.token = now.token.wrapping_add(whole);
                now.identity = now.identity.wrapping_add(whole);
                let id = out.kind_id(hash, value);
                now.kind = Some(id);
                now.flags |= COMPARED | out.kind_flags[id as usize];
            }
            Duty::Late if rules.late_ignored(path.key) => {}
            Duty::Compare | Duty::Lane | Duty::Late => {
                now.token = now.token.wrapping_add(whole);
                now.flags |= COMPARED;
                if duty == Duty::Late {
                    out.late_field(path.text);
                }
                if duty == Duty::Lane
                    && let Some(lane) = &rules.all[rule as usize].lane
                {
                    lane.apply(out, now, value, hash);
                }
            }
        }
    }

    fn follows(&mut self, earlier: u32) {
        let event = self.out.columns.len() as u32;
        self.out.references.push(Referring { event, what: Reference::After, value: u64::from(earlier) });
    }

    fn end(&mut self) {
        let Self { rules, out, now, .. } = self;
        if now.lanes.is_empty() {
            let id = out.lane_id(pair(lane_key(NO_RESOURCE), 0), u8::MAX, || NO_RESOURCE.to_owned());
            now.lanes.push((u8::MAX, id));
        }
        if now.lanes.len() > 1 {
            if !now.lanes.is_sorted() {
                now.lanes.sort_unstable();
            }
            if now.lanes[0].0 < rules.first_group {
                while now.lanes.pop_if(|lane| lane.0 >= rules.first_group).is_some() {}
            } else {
                // Of groups, the finest orders its events.
                now.lanes.truncate(1);
            }
        }
        let kind = now.kind.unwrap_or_else(|| out.no_kind());
        let home = out.lanes[now.lanes[0].1 as usize].0;
        let columns = &mut out.columns;
        columns.places.push(now.place);
        columns.tokens.push(now.token);
        columns.identities.push(pair(now.identity, home));
        columns.whole.push(now.whole);
        columns.kinds.push(kind);
        columns.flags.push(now.flags);
        if rules.timed {
            columns.times.push(now.time.map(|(_, time)| time));
        }
        if rules.lasting {
            // An end counts from the start, which is the first clock; what ends before it began says nothing.
            let start = now.time.filter(|(priority, _)| *priority == 0).map(|(_, start)| start);
            let until = now.until.zip(start).and_then(|(end, start)| end.checked_sub(start));
            columns.lasting.push(until.or(now.lasts).filter(|&ticks| ticks > 0 && start.is_some()));
        }
        now.lane_numbers.clear();
        now.lane_numbers.extend(now.lanes.iter().map(|lane| lane.1));
        if let Some(readers) = &rules.readers {
            readers.part(now.actor.filter(|_| now.flags & READ != 0), &now.lanes, out, &mut now.lane_numbers);
        }
        let columns = &mut out.columns;
        columns.lanes.push(&now.lane_numbers);
        if now.timed_badly && now.time.is_none() {
            out.bad_times += 1;
        }
        if rules.links_at_once && !self.is_fork {
            out.find_links_of_many();
        }
    }

    fn abandon(&mut self) {
        self.out.references.truncate(self.now.references);
        self.out.renames.truncate(self.now.renames);
        self.out.measures.truncate(self.now.measures);
    }

    fn append(&mut self, later: &mut Self) {
        self.out.append(&mut later.out);
        if self.rules.links_at_once && !self.is_fork {
            self.out.find_links();
        }
    }

    fn reserve(&mut self, records: usize) {
        self.out.columns.reserve(records, self.rules.timed);
    }

    fn len(&self) -> usize {
        self.out.columns.len()
    }
}
