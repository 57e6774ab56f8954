//! How a person arranged the lanes: pinned, moved, hidden, folded.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{LaneLine, Timeline};
use crate::app::pair::Pair;
use crate::view::Lanes;

/// What can be done with a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LaneCommand {
    /// Pins it on top, or lets it go.
    Pin,
    /// Leaves it out, or shows it again.
    Hide,
    /// Leaves all others out, or shows them again.
    Only,
    /// Moves it among the lanes that are shown of its group, or among the pinned ones; downwards when positive.
    Move(i32),
    /// Moves it to the top of them.
    Top,
    /// Puts it beside another one of them.
    Beside {
        /// The other one.
        other: u32,
        /// True for below it.
        below: bool,
    },
    /// Folds its group.
    FoldGroup,
}

/// Which lanes are pinned, moved and hidden, by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Arranged {
    /// Lanes on top.
    pinned: Vec<String>,
    /// All lanes in their order, where a person moved one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    order: Vec<String>,
    /// Lanes that are left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hidden: Vec<String>,
    /// The one lane that is left in.
    #[serde(rename = "only_lane", skip_serializing_if = "Option::is_none")]
    only: Option<String>,
}

/// What lanes are filtered by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LaneFilters {
    /// What their names hold.
    name: String,
    only_differing: bool,
}

impl Pair {
    /// Which lanes are pinned, moved and hidden, and what they are filtered by.
    pub(in crate::app) fn arranged(&self) -> (Arranged, LaneFilters) {
        let Timeline { filter, only_differing, .. } = &self.timeline;
        let filters = LaneFilters { name: filter.clone(), only_differing: *only_differing };
        (self.timeline.arranged(&self.lanes), filters)
    }

    /// Pins, moves and hides lanes as they were, and filters them so, where that is given.
    pub(in crate::app) fn set_arranged(&mut self, arranged: Option<&Arranged>, filters: Option<LaneFilters>) {
        if let Some(arranged) = arranged {
            self.timeline.set_arranged(arranged, &self.lanes);
        }
        if let Some(LaneFilters { name, only_differing }) = filters {
            (self.timeline.filter, self.timeline.only_differing) = (name, only_differing);
        }
        self.timeline.arrange(&self.lanes);
    }
}

impl Timeline {
    /// True for a pinned lane.
    pub fn is_pinned(&self, lane: u32) -> bool {
        self.pinned.contains(&lane)
    }

    /// How many lanes a person left out.
    pub fn hidden(&self) -> usize {
        self.hidden.len()
    }

    /// The one lane that a person left in.
    pub const fn only(&self) -> Option<u32> {
        self.only
    }

    /// True while some lanes are left out: by what differs, by their names or one by one.
    pub fn leaves_out(&self) -> bool {
        self.only_differing || !self.filter.is_empty() || !self.hidden.is_empty() || self.only.is_some()
    }

    /// True when lanes, or the pinned ones among themselves, are not in the order of their names.
    pub fn is_moved(&self, lanes: &Lanes) -> bool {
        let named = lanes.natural_order().iter().filter(|lane| self.is_pinned(**lane));
        self.order != lanes.natural_order() || !self.pinned.iter().eq(named)
    }

    /// The group that a lane is shown in; `None` for the pinned ones.
    pub fn group_of(&self, lane: u32, lanes: &Lanes) -> Option<u32> {
        (!self.is_pinned(lane)).then(|| lanes.list()[lane as usize].group)
    }

    /// What happens to a lane that is let go `y` points below the upper edge of the lanes, and where it goes: the edge between two
    /// lanes of its group that is nearest. `None` for a lane that is not shown.
    pub fn drop_at(&self, lane: u32, y: f32) -> Option<(LaneCommand, f32)> {
        let own = self.lines.iter().position(|line| *line == LaneLine::Lane(lane))?;
        let is_group = |line: &LaneLine| matches!(line, LaneLine::Group(..));
        let first = self.lines[..own].iter().rposition(is_group).map_or(0, |group| group + 1);
        let mut edge = self.lines[..first].iter().map(|&line| self.height_of(line)).sum::<f32>() - self.top;
        let mut nearest: Option<(LaneCommand, f32)> = None;
        let mut offer = |other: u32, below: bool, edge: f32| {
            if nearest.is_none_or(|(_, known)| (edge - y).abs() < (known - y).abs()) {
                nearest = Some((LaneCommand::Beside { other, below }, edge));
            }
        };
        let mut above = None;
        for &line in &self.lines[first..] {
            let LaneLine::Lane(other) = line else { break };
            // Both edges of the lane itself leave it where it is.
            let (other, below) = if above == Some(lane) { (lane, true) } else { (other, false) };
            offer(other, below, edge);
            edge += self.height_of(line);
            above = if let LaneLine::Lane(lane) = line { Some(lane) } else { None };
        }
        offer(above?, true, edge);
        nearest
    }

    /// Pins, hides or moves a lane.
    pub(super) fn arrange_lane(&mut self, lane: u32, command: LaneCommand, lanes: &Lanes) {
        if lane as usize >= lanes.list().len() {
            return;
        }
        match command {
            LaneCommand::Pin => match self.pinned.iter().position(|&pinned| pinned == lane) {
                Some(at) => drop(self.pinned.remove(at)),
                None => self.pinned.push(lane),
            },
            LaneCommand::Hide => {
                if !self.hidden.remove(&lane) {
                    self.hidden.insert(lane);
                }
            }
            LaneCommand::Only if self.only == Some(lane) => self.only = None,
            LaneCommand::Only => {
                self.hidden.remove(&lane);
                self.only = Some(lane);
            }
            LaneCommand::Move(by) => self.move_lane(lane, by, lanes),
            LaneCommand::Top => {
                if let Some(&first) = self.together(lane, lanes).first() {
                    self.put_beside(lane, first, false, lanes);
                }
            }
            LaneCommand::Beside { other, below } => self.put_beside(lane, other, below, lanes),
            LaneCommand::FoldGroup => self.toggle_group(self.group_of(lane, lanes)),
        }
        self.arrange(lanes);
        let moves = matches!(command, LaneCommand::Move(_) | LaneCommand::Top);
        if moves && self.lines.contains(&LaneLine::Lane(lane)) {
            self.reveal(lane);
        }
    }

    /// Folds a group, or unfolds it.
    pub(super) fn toggle_group(&mut self, group: Option<u32>) {
        if !self.folded.remove(&group) {
            self.folded.insert(group);
        }
    }

    /// Shows all lanes.
    pub(super) fn leave_nothing_out(&mut self) {
        self.only_differing = false;
        self.filter.clear();
        self.hidden.clear();
        self.only = None;
    }

    /// The lanes that are shown together with this one, itself included, in their order.
    fn together(&self, lane: u32, lanes: &Lanes) -> Vec<u32> {
        let passes = self.passing(lanes);
        let list = if self.is_pinned(lane) { &self.pinned } else { &self.order };
        let group = self.group_of(lane, lanes);
        let alike = |other: &u32| self.group_of(*other, lanes) == group && (passes(other) || *other == lane);
        list.iter().copied().filter(alike).collect()
    }

    fn move_lane(&mut self, lane: u32, by: i32, lanes: &Lanes) {
        let together = self.together(lane, lanes);
        let Some(at) = together.iter().position(|&other| other == lane) else { return };
        let to = at.saturating_add_signed(by as isize).min(together.len() - 1);
        self.put_beside(lane, together[to], by > 0, lanes);
    }

    fn put_beside(&mut self, lane: u32, other: u32, below: bool, lanes: &Lanes) {
        let there = (other as usize) < lanes.list().len();
        if lane == other || !there || self.group_of(lane, lanes) != self.group_of(other, lanes) {
            return;
        }
        let list = if self.is_pinned(lane) { &mut self.pinned } else { &mut self.order };
        list.retain(|&known| known != lane);
        if let Some(at) = list.iter().position(|&known| known == other) {
            list.insert(at + usize::from(below), lane);
        }
    }

    /// Puts lanes, the pinned ones too, into this order; those that it does not name stand behind.
    pub(super) fn put_in_order(&mut self, wanted: &[u32]) {
        let places: HashMap<u32, usize> = wanted.iter().enumerate().map(|(at, &lane)| (lane, at)).collect();
        let place = |lane: &u32| places.get(lane).copied().unwrap_or(places.len());
        self.order.sort_by_key(place);
        self.pinned.sort_by_key(place);
    }

    pub(super) fn arranged(&self, lanes: &Lanes) -> Arranged {
        let name = |lane: &u32| lanes.list()[*lane as usize].name.clone();
        let order = if self.order == lanes.natural_order() { &[][..] } else { &self.order };
        Arranged {
            pinned: self.pinned.iter().map(name).collect(),
            order: order.iter().map(name).collect(),
            hidden: self.hidden.iter().map(name).collect(),
            only: self.only.as_ref().map(name),
        }
    }

    /// Takes what was arranged over, as far as there are such lanes here; the lines are made by who asks.
    pub(super) fn set_arranged(&mut self, arranged: &Arranged, lanes: &Lanes) {
        let Arranged { pinned, order, hidden, only } = arranged;
        self.order = lanes.natural_order().to_vec();
        self.pinned.clear();
        if *arranged == Arranged::default() {
            (self.hidden, self.only) = Default::default();
            return;
        }
        let places: HashMap<&str, u32> = (0..).zip(lanes.list()).map(|(at, lane)| (&*lane.name, at)).collect();
        let place = |name: &String| places.get(&**name).copied();
        if !order.is_empty() {
            self.put_in_order(&order.iter().filter_map(place).collect::<Vec<_>>());
        }
        self.pinned = pinned.iter().filter_map(place).collect();
        self.hidden = hidden.iter().filter_map(place).collect();
        self.only = only.as_ref().and_then(place);
    }

    /// Which lanes are not left out.
    fn passing<'a>(&'a self, lanes: &'a Lanes) -> impl Fn(&u32) -> bool + 'a {
        let wanted = self.filter.to_lowercase();
        move |lane| {
            let info = &lanes.list()[*lane as usize];
            let there = info.events.expected + info.events.actual > 0;
            // Who asks for one lane by itself sees it, whatever lanes are filtered by.
            let left_in = match self.only {
                Some(only) => only == *lane,
                None => (!self.only_differing || info.differences > 0) && info.name.to_lowercase().contains(&wanted),
            };
            there && left_in && !self.hidden.contains(lane)
        }
    }

    /// Makes the lines again, after lanes or groups were chosen otherwise.
    pub(super) fn arrange(&mut self, lanes: &Lanes) {
        let passes = self.passing(lanes);
        let mut arranged = Vec::new();
        let mut add = |group: Option<u32>, members: Vec<u32>, folded: bool| {
            if members.is_empty() {
                return;
            }
            arranged.push(LaneLine::Group(group, members.len() as u32));
            if !folded {
                arranged.extend(members.into_iter().map(LaneLine::Lane));
            }
        };
        add(None, self.pinned.iter().copied().filter(&passes).collect(), self.is_folded(None));
        let mut members: Vec<Vec<u32>> = vec![Vec::new(); lanes.groups().len()];
        for lane in self.order.iter().copied().filter(|lane| !self.is_pinned(*lane)).filter(&passes) {
            members[lanes.list()[lane as usize].group as usize].push(lane);
        }
        for (group, members) in members.into_iter().enumerate() {
            let group = Some(group as u32);
            add(group, members, self.is_folded(group));
        }
        drop(passes);
        // Pinned lanes stand in their own group only.
        let lanes_of = |line: &LaneLine| if let LaneLine::Group(_, lanes) = line { *lanes } else { 0 };
        self.shown = arranged.iter().map(lanes_of).sum();
        self.lines = arranged;
        self.keep_in_sight();
    }
}
