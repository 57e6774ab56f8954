//! Which events each lane has, on both sides, along each axis, so that a view of lanes touches only what it shows.
//! Built once for a comparison, in time and room proportional to the lanes of all events.

mod clocks;
mod extents;
mod lists;
mod natural;
mod neighbours;
mod reach;
mod scale;

use std::collections::HashMap;

use crate::compare::Comparison;
use crate::trace::{EventIndex, Names, Side, Sides, Trace};

pub use clocks::{Anchor, Clocks};
pub use lists::List;
use lists::Lists;
pub use neighbours::Why;
use reach::Reach;
pub use scale::{Axis, Scale};

/// What was compared, and what came of it.
#[derive(Debug, Clone, Copy)]
pub struct Compared<'a> {
    /// Both traces; `None` where a lone one has no baseline.
    pub traces: Sides<Option<&'a Trace>>,
    /// Names of kinds and lanes.
    pub names: &'a Names,
    /// The answers.
    pub comparison: &'a Comparison,
}

impl Compared<'_> {
    /// How many events a side has.
    pub fn len(&self, side: Side) -> u32 {
        self.traces[side].map_or(0, |trace| trace.events.len() as u32)
    }

    /// True when neither side has an event.
    pub fn is_empty(&self) -> bool {
        Side::BOTH.into_iter().all(|side| self.len(side) == 0)
    }
}

/// One lane as people see it: all lanes of one name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lane {
    /// Its name, such as `queue:0`.
    pub name: String,
    /// The place of its group, such as all queues, in [`Lanes::groups`].
    pub group: u32,
    /// How many events each side has on it.
    pub events: Sides<u32>,
    /// How many of the rows on it differ.
    pub differences: u32,
    /// The first row on it that the first-ranked cause explains; the cause's own row included.
    pub reached: Option<u32>,
    /// True when the first-ranked cause shows on it.
    pub has_cause: bool,
}

/// All lanes of a comparison.
#[derive(Debug, Clone, Default)]
pub struct Lanes {
    list: Vec<Lane>,
    groups: Vec<String>,
    all: Sides<Lists>,
    differing: Sides<Lists>,
    /// For each side and lane what lasts on it, from its first event to its last one.
    extents: Sides<Vec<Vec<(EventIndex, EventIndex)>>>,
    /// Where what lasts on each lane ends: the extents along each axis, then events that last by themselves, which only times tell.
    extents_reach: Sides<[Vec<Reach>; 3]>,
    lasting_reach: Sides<Vec<Reach>>,
    /// The links of each side by their earlier event.
    links_by_cause: Sides<Vec<u32>>,
    /// The place of each lane of the traces in `list`.
    shown: Vec<u32>,
    /// The lanes by name, numbers in names by their size.
    natural: Vec<u32>,
    /// How many lanes have an event.
    used: u32,
}

impl Lanes {
    /// The lanes of both sides, in the order of their first appearance, group by group.
    pub fn new(compared: Compared<'_>) -> Self {
        let mut this = Self::named(&compared.names.lanes);
        let number = this.list.len();
        for side in Side::BOTH {
            let Some(trace) = compared.traces[side] else { continue };
            let columns = &trace.events;
            let every = 0..columns.len() as u32;
            this.all[side] = Lists::new(number, every, |event, add| this.each_lane(&columns.lanes_of(event), add));
            this.all[side].sort(compared, side);
            let rows = &compared.comparison.rows;
            let differing = rows.differences().iter().filter_map(|&row| rows.get(row).event(side));
            this.differing[side] =
                Lists::new(number, differing, |event, add| this.each_lane(&columns.lanes_of(event), add));
            this.differing[side].sort(compared, side);
            this.extents[side] = extents::extents(&compared.names.kinds, &columns.kinds, &this.all[side], number);
            this.reach(compared, side);
            let links = &trace.links;
            this.links_by_cause[side] = (0..links.len() as u32).collect();
            this.links_by_cause[side].sort_by_key(|&link| links[link as usize].from);
            for lane in 0..number {
                this.list[lane].events[side] = this.all[side].len(lane as u32);
            }
        }
        this.judge(compared);
        this.natural = natural::natural_order(&this.list);
        this.used = this.list.iter().filter(|lane| lane.events.expected + lane.events.actual > 0).count() as u32;
        this
    }

    /// Notes where what lasts on each lane of a side ends.
    fn reach(&mut self, compared: Compared<'_>, side: Side) {
        let extents = &self.extents[side];
        for axis in Axis::ALL {
            let scale = Scale::new(compared, axis, Clocks::RECORDED);
            let ends = |lane: &Vec<(EventIndex, EventIndex)>| -> Vec<f64> {
                lane.iter().map(|&(_, last)| scale.x(side, last)).collect()
            };
            self.extents_reach[side][axis as usize] = extents.iter().map(|lane| Reach::new(&ends(lane))).collect();
            if scale.has_ends(side) {
                let end = |&event: &EventIndex| scale.end(side, event).unwrap_or(f64::NEG_INFINITY);
                let ends = |lane: u32| self.all[side].of(axis, lane).events.iter().map(end).collect::<Vec<f64>>();
                self.lasting_reach[side] = (0..self.list.len() as u32).map(|lane| Reach::new(&ends(lane))).collect();
            }
        }
    }

    fn named(names: &[String]) -> Self {
        let mut this = Self::default();
        let mut by_name: HashMap<&str, u32> = HashMap::new();
        let mut by_group: HashMap<&str, u32> = HashMap::new();
        for name in names {
            let next = this.list.len() as u32;
            let place = *by_name.entry(name).or_insert(next);
            this.shown.push(place);
            if place < next {
                continue;
            }
            // What has no word before a colon is a signal, which stands with those of its scope.
            let scope = || name.rsplit_once('.').map_or(name.as_str(), |(scope, _)| scope);
            let word = name.split_once(':').map_or_else(scope, |(word, _)| word);
            let group = *by_group.entry(word).or_insert_with(|| {
                this.groups.push(word.to_owned());
                this.groups.len() as u32 - 1
            });
            this.list.push(Lane { name: name.clone(), group, ..Lane::default() });
        }
        this
    }

    /// Tells the lanes of an event, each once.
    fn each_lane(&self, lanes: &[u32], add: &mut dyn FnMut(u32)) {
        let mut last = u32::MAX;
        for &lane in lanes {
            let lane = self.shown[lane as usize];
            if lane != last {
                add(lane);
            }
            last = lane;
        }
    }

    /// How many rows of each lane differ, and where the cause first reached it.
    fn judge(&mut self, compared: Compared<'_>) {
        let comparison = compared.comparison;
        let rows = &comparison.rows;
        let cause = comparison.causes.first().map(|cause| cause.row);
        let mut on: Vec<u32> = Vec::new();
        for (at, &index) in rows.differences().iter().enumerate() {
            let row = rows.get(index);
            on.clear();
            for side in Side::BOTH {
                if let (Some(trace), Some(event)) = (compared.traces[side], row.event(side)) {
                    self.each_lane(&trace.events.lanes_of(event), &mut |lane| {
                        if !on.contains(&lane) {
                            on.push(lane);
                        }
                    });
                }
            }
            let explained = comparison.explained.get(at) == Some(&1) || Some(index) == cause;
            for &lane in &on {
                let lane = &mut self.list[lane as usize];
                lane.differences += 1;
                lane.has_cause |= Some(index) == cause;
                if explained {
                    lane.reached = Some(lane.reached.map_or(index, |before| before.min(index)));
                }
            }
        }
    }

    /// Every lane, by its place.
    pub fn list(&self) -> &[Lane] {
        &self.list
    }

    /// Every lane, in the order that people expect of names with numbers: `queue:2` before `queue:10`.
    pub fn natural_order(&self) -> &[u32] {
        &self.natural
    }

    /// How many lanes have an event.
    pub const fn used(&self) -> u32 {
        self.used
    }

    /// The earliest and the latest time of each side as it was recorded: clocks may run backwards.
    pub fn times(&self) -> Sides<Option<(f64, f64)>> {
        Sides::new(self.all.expected.times(), self.all.actual.times())
    }

    /// The words that lanes' names begin with.
    pub fn groups(&self) -> &[String] {
        &self.groups
    }

    /// The events of a lane, in the order of an axis.
    pub fn events(&self, axis: Axis, side: Side, lane: u32) -> List<'_> {
        self.all[side].of(axis, lane)
    }

    /// Those whose row differs.
    pub fn differing(&self, axis: Axis, side: Side, lane: u32) -> List<'_> {
        self.differing[side].of(axis, lane)
    }

    /// What lasts on a lane, such as a task from its start to its end: first and last event, by the first.
    pub fn extents(&self, side: Side, lane: u32) -> &[(EventIndex, EventIndex)] {
        self.extents[side].get(lane as usize).map_or(&[], Vec::as_slice)
    }

    /// What of [`Self::extents`] began before `from` and lasts to it or longer, the nearest first, at most `most`.
    pub fn extents_to(
        &self,
        scale: &Scale<'_>,
        side: Side,
        lane: u32,
        from: f64,
        most: usize,
    ) -> Vec<(EventIndex, EventIndex)> {
        let extents = self.extents(side, lane);
        let Some(reach) = self.extents_reach[side][scale.axis() as usize].get(lane as usize) else { return Vec::new() };
        let before = extents.partition_point(|&(first, _)| scale.x(side, first) < from);
        let end = |place: usize| scale.recorded(side, scale.x(side, extents[place].1));
        let found = reach.before(before, scale.recorded(side, from), most, end);
        found.into_iter().map(|place| extents[place]).collect()
    }

    /// The events of a lane that last by themselves, began before `from` and last to it or longer: as [`Self::extents_to`].
    pub fn lasting_to(&self, scale: &Scale<'_>, side: Side, lane: u32, from: f64, most: usize) -> Vec<EventIndex> {
        let events = self.events(scale.axis(), side, lane).events;
        let reach = self.lasting_reach[side].get(lane as usize).filter(|_| scale.has_ends(side));
        let Some(reach) = reach else { return Vec::new() };
        let before = events.partition_point(|&event| scale.x(side, event) < from);
        let end =
            |place: usize| scale.end(side, events[place]).map_or(f64::NEG_INFINITY, |end| scale.recorded(side, end));
        let found = reach.before(before, scale.recorded(side, from), most, end);
        found.into_iter().map(|place| events[place]).collect()
    }

    /// True when an event is on the lane at this place.
    pub fn is_on(&self, compared: Compared<'_>, side: Side, event: EventIndex, lane: u32) -> bool {
        let lanes = compared.traces[side].map(|trace| trace.events.lanes_of(event)).unwrap_or_default();
        lanes.iter().any(|&own| self.shown[own as usize] == lane)
    }

    /// The places of an event's lanes, the home lane first.
    pub fn of_event(&self, compared: Compared<'_>, side: Side, event: EventIndex) -> Vec<u32> {
        let mut lanes = Vec::new();
        if let Some(trace) = compared.traces[side] {
            self.each_lane(&trace.events.lanes_of(event), &mut |lane| lanes.push(lane));
        }
        lanes
    }
}
