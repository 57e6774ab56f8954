//! The last steps from gathered columns to a trace: one set of names for both sides, ids renamed consistently, links.

use std::collections::HashMap;

use super::bind::{Ids, bind};
use super::canonical::{pair, text_hash};
use super::gathered::{Gathered, Reference, lane_key};
use super::roles::{Role, Spec};
use super::skew;
use super::words;
use crate::trace::{Columns, LaneLists, Names, PathKey, TimeScale, Trace, mix};

type Map<V> = HashMap<u64, V, foldhash::fast::FixedState>;

/// Ids that both sides have, from which on it is no chance that they do.
const DOUBTFUL: u32 = 8;

/// The names of both sides, growing.
#[derive(Debug, Default)]
pub struct Shared {
    /// The names.
    pub names: Names,
    kind_ids: Map<u32>,
    lane_ids: Map<u32>,
    renamed_lanes: Map<u32>,
    /// Renamed fields whose ids turned out to be on both sides after all.
    pub doubts: Vec<String>,
    /// The ids of the side that came first.
    ids: Option<Ids>,
}

impl Shared {
    fn kind(&mut self, key: u64, name: &str) -> u32 {
        *self.kind_ids.entry(key).or_insert_with(|| {
            self.names.kinds.push(name.to_owned());
            self.names.kinds.len() as u32 - 1
        })
    }

    fn lane(&mut self, key: u64, name: impl FnOnce() -> String) -> u32 {
        *self.lane_ids.entry(key).or_insert_with(|| {
            self.names.lanes.push(name());
            self.names.lanes.len() as u32 - 1
        })
    }

    /// The shared number of each of one side's lanes that is not in `known` yet is added to it.
    pub fn map_lanes(&mut self, gathered: &Gathered, known: &mut Vec<u32>) {
        for (key, name) in &gathered.lanes[known.len()..] {
            known.push(self.lane(*key, || name.clone()));
        }
    }

    /// Finishes one side: its trace, with shared names, renamed ids and links. Expected must come first.
    pub fn finish(&mut self, mut gathered: Gathered, spec: &Spec, torn: bool) -> Trace {
        let mut lanes = Vec::new();
        self.map_lanes(&gathered, &mut lanes);
        let kinds: Vec<u32> = gathered.kinds.iter().map(|(key, name)| self.kind(*key, name)).collect();
        gathered.columns.lanes.renumber(&lanes);
        for kind in &mut gathered.columns.kinds {
            *kind = kinds[*kind as usize];
        }
        if spec.plan.by_start {
            order_by_start(&mut gathered);
        }
        name_causes(&mut gathered, spec);
        self.rename(&mut gathered, spec);
        gathered.find_links();
        let links = std::mem::take(&mut gathered.linker).into_links();
        let time = spec.plan.clocks.first().zip(spec.unit).map(|((field, _), unit)| TimeScale {
            unit,
            field: spec.fields[*field].path.clone(),
            epoch: spec.plan.epoch,
        });
        let skews = skew::skews(&gathered.columns, &links, &self.names.lanes);
        Trace { events: gathered.columns, links, time, torn, measures: gathered.measures, skews }
    }

    /// Ids get one name on both sides: actual's those of the expected ids that play the same part. SEMANTICS rule 11.
    fn rename(&mut self, gathered: &mut Gathered, spec: &Spec) {
        let entries = std::mem::take(&mut gathered.renames);
        let ids = Ids::of(&entries, &gathered.columns, &spec.plan);
        let bound = self.ids.as_ref().map(|expected| bind(expected, &ids)).unwrap_or_default();
        let mut new_lanes: Vec<(u32, u8, u32)> = Vec::new();
        let columns = &mut gathered.columns;
        for values in entries.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let (event, field) = (values[0].0 as usize, values[0].1 as usize);
            let class = spec.plan.classes[field];
            let name = |value: &(u32, u32, u64)| bound.name(class, value.2);
            // The order of several in one text counts.
            let canonical = values[1..].iter().fold(name(&values[0]), |all, next| pair(all, name(next)));
            let said = mix(PathKey::of(&spec.fields[field].path).0 ^ canonical);
            columns.tokens[event] = columns.tokens[event].wrapping_add(said);
            if spec.fields[field].role == Role::Identity && !spec.plan.refers(field) {
                columns.identities[event] = columns.identities[event].wrapping_add(said);
            }
            let lane = spec.plan.lanes.iter().position(|l| l.0 == field);
            if let Some((rank, word)) = lane.zip(spec.fields[field].lane.as_ref()) {
                let seen = self.renamed_lanes.entry(text_hash(word)).or_insert(0);
                let next = *seen + 1;
                let before = self.names.lanes.len();
                let id = *self.lane_ids.entry(pair(lane_key(word), canonical)).or_insert_with(|| {
                    self.names.lanes.push(format!("{word}:#{next}"));
                    self.names.lanes.len() as u32 - 1
                });
                if self.names.lanes.len() > before {
                    *seen = next;
                }
                new_lanes.push((event as u32, rank as u8, id));
            }
        }
        let doubtful = |class: u32| {
            let known = bound.known.get(class as usize);
            known.is_some_and(|(all, same)| *same >= DOUBTFUL && same * 2 >= *all)
        };
        let fields = spec.fields.iter().zip(&spec.plan.classes);
        self.doubts.extend(fields.filter(|(_, class)| doubtful(**class)).map(|(field, _)| field.path.clone()));
        add_lanes(columns, &new_lanes, &lane_ranks(&self.names, spec), spec.plan.first_group());
        self.ids.get_or_insert(ids);
    }
}

/// Causes that are named by position count by what those events are: positions shift in a legal reordering.
fn name_causes(gathered: &mut Gathered, spec: &Spec) {
    let Some(field) = spec.plan.cause.filter(|_| spec.plan.cause_by_position) else { return };
    let key = PathKey::of(&spec.fields[field].path).0;
    let of = |what: Reference| {
        let all = gathered.references.iter().filter(move |r| r.what == what);
        all.map(|r| (r.value, r.event))
    };
    let at: Map<u32> = of(Reference::Position).collect();
    let columns = &mut gathered.columns;
    for (position, event) in of(Reference::Cause) {
        let named = at.get(&position).map_or(position, |&cause| columns.identities[cause as usize]);
        columns.tokens[event as usize] = columns.tokens[event as usize].wrapping_add(mix(key ^ named));
    }
}

/// Order of each lane's field among an event's lanes.
fn lane_ranks(names: &Names, spec: &Spec) -> Vec<u8> {
    let words: Vec<&str> =
        spec.plan.lanes.iter().map(|(f, _)| spec.fields[*f].lane.as_deref().unwrap_or_default()).collect();
    let rank = |name: &String| {
        let word = name.split(':').next().unwrap_or(name);
        words.iter().position(|w| *w == word).map_or(u8::MAX, |r| r as u8)
    };
    names.lanes.iter().map(rank).collect()
}

/// Puts renamed lanes among the lanes of their events, in the order of the plan.
fn add_lanes(columns: &mut Columns, added: &[(u32, u8, u32)], ranks: &[u8], first_group: u8) {
    if added.is_empty() {
        return;
    }
    let mut lanes = LaneLists::default();
    let mut numbers = Vec::new();
    let mut at = 0;
    for event in 0..columns.len() as u32 {
        let mut own: Vec<(u8, u32)> = columns.lanes_of(event).iter().map(|&l| (ranks[l as usize], l)).collect();
        while at < added.len() && added[at].0 == event {
            own.push((added[at].1, added[at].2));
            at += 1;
        }
        if own.len() > 1 {
            own.sort_unstable();
            // A group, or the stand-in for no resource at all, goes when a real lane comes; of groups the finest stays.
            if own[0].0 < first_group {
                own.retain(|&(rank, _)| rank < first_group);
            } else {
                own.truncate(1);
            }
        }
        numbers.clear();
        numbers.extend(own.iter().map(|l| l.1));
        lanes.push(&numbers);
    }
    columns.lanes = lanes;
}

/// Spans are recorded when they end; their order is that of their starts. SEMANTICS rule 1.
fn order_by_start(gathered: &mut Gathered) {
    let columns = &mut gathered.columns;
    let mut order: Vec<u32> = (0..columns.len() as u32).collect();
    order.sort_by_key(|&e| (columns.time_of(e).unwrap_or(i64::MAX), e));
    if order.is_sorted() {
        return;
    }
    let mut sorted = Columns { whole: columns.whole, ..Columns::default() };
    for &e in &order {
        let i = e as usize;
        sorted.places.push(columns.places.get(e).unwrap_or_default());
        sorted.tokens.push(columns.tokens[i]);
        sorted.identities.push(columns.identities[i]);
        sorted.kinds.push(columns.kinds[i]);
        sorted.flags.push(columns.flags[i]);
        if !columns.times.is_empty() {
            sorted.times.push(columns.times.get(e));
        }
        if !columns.lasting.is_empty() {
            sorted.lasting.push(columns.lasting.get(e));
        }
        sorted.lanes.push(&columns.lanes_of(e));
    }
    *columns = sorted;
    let mut place = vec![0; order.len()];
    for (now, &before) in order.iter().enumerate() {
        place[before as usize] = now as u32;
    }
    for entry in &mut gathered.references {
        entry.event = place[entry.event as usize];
    }
    for entry in &mut gathered.renames {
        entry.0 = place[entry.0 as usize];
    }
    for entry in &mut gathered.measures {
        entry.0 = place[entry.0 as usize];
    }
    gathered.references.sort_by_key(|r| r.event);
    gathered.renames.sort_by_key(|r| r.0);
    gathered.measures.sort_by_key(|m| m.0);
}

impl Spec {
    /// The fields that say where a recording comes from and make two less comparable when they differ; and whether their names say
    /// so, or leave open what they are.
    pub fn telling(&self) -> impl Iterator<Item = (&str, bool)> {
        let provenance = self.fields.iter().filter(|f| f.role == Role::Provenance).map(|f| f.path.as_str());
        provenance.filter_map(|path| {
            let named = words::is_telling_name(path);
            let open = !words::is_provenance_name(path) && !words::is_machine_name(path);
            (named || open).then_some((path, named))
        })
    }

    /// True for a series of samples: no lanes, a time, and no kinds of event.
    pub fn is_sampled(&self) -> bool {
        self.plan.lanes.is_empty() && self.plan.kind.is_none() && !self.plan.clocks.is_empty()
    }

    /// True when links are known as soon as the events are: nothing changes the events' order, names or lanes later.
    pub(crate) fn links_at_once(&self) -> bool {
        !self.plan_needs_all() && !self.plan.cause_by_position
    }

    /// True when the order or the names of events are known only after everything was read.
    pub fn plan_needs_all(&self) -> bool {
        self.plan.by_start || self.renamed().next().is_some()
    }
}
