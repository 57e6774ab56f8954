//! A timeline as it is saved: lanes and groups by their names, so that it fits a newer recording too.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{Mode, Timeline};
use crate::view::{Anchor, Axis, Compared, Lanes, Scale};

/// What a saved view says about the timeline.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SavedTimeline {
    /// `stacked`, `side by side` or `overlaid`.
    mode: String,
    /// `time`, `event index` or `aligned row`.
    axis: String,
    /// Where both sides' times meet: `recorded`, `start`, or a row from 0.
    sync: String,
    /// Which part of the axis is in sight, in its own unit.
    range: Option<[f64; 2]>,
    /// Lanes on top.
    pinned: Vec<String>,
    /// All lanes in their order, where a person moved one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    order: Vec<String>,
    /// Groups that are folded; `null` stands for the pinned lanes.
    folded: Vec<Option<String>>,
    /// What lanes' names are filtered by.
    filter: String,
    /// True for only the lanes that differ.
    only_differing: bool,
}

impl Timeline {
    /// Shows a part of an axis, where there is such an axis.
    pub(in super::super) fn show(&mut self, axis: Axis, (from, to): (f64, f64), compared: Compared<'_>) {
        if axis != Axis::Time || Scale::has_times(compared) {
            self.axis = axis;
            self.set_range(from.min(to), from.max(to), compared);
        }
    }

    /// What is saved of it.
    pub(in super::super) fn saved(&self, lanes: &Lanes) -> SavedTimeline {
        let name = |lane: &u32| lanes.list()[*lane as usize].name.clone();
        let moved = self.order != lanes.natural_order();
        SavedTimeline {
            mode: self.mode.word().to_owned(),
            axis: self.axis.word().to_owned(),
            sync: match self.anchor {
                Anchor::Recorded => "recorded".to_owned(),
                Anchor::Start => "start".to_owned(),
                Anchor::Row(row) => row.to_string(),
            },
            range: Some([self.from, self.to]),
            pinned: self.pinned.iter().map(name).collect(),
            order: if moved { self.order.iter().map(name).collect() } else { Vec::new() },
            folded: self.folded.iter().map(|group| group.map(|at| lanes.groups()[at as usize].clone())).collect(),
            filter: self.filter.clone(),
            only_differing: self.only_differing,
        }
    }

    /// Shows what was saved, as far as there is such a thing here.
    pub(in super::super) fn set_saved(&mut self, saved: &SavedTimeline, compared: Compared<'_>, lanes: &Lanes) {
        let lane = |name: &String| Some(lanes.list().iter().position(|lane| lane.name == *name)? as u32);
        let group = |name: &String| Some(lanes.groups().iter().position(|group| group == name)? as u32);
        if let Some(mode) = Mode::ALL.into_iter().find(|mode| mode.word() == saved.mode) {
            self.mode = mode;
        }
        let rows = compared.comparison.rows.len();
        self.anchor = match saved.sync.as_str() {
            "recorded" => Anchor::Recorded,
            row => row.parse().ok().filter(|row| *row < rows).map_or(Anchor::Start, Anchor::Row),
        };
        self.pinned = saved.pinned.iter().filter_map(lane).collect();
        let wanted: HashMap<&str, usize> = saved.order.iter().enumerate().map(|(at, name)| (&**name, at)).collect();
        self.order.sort_by_key(|&lane| wanted.get(&*lanes.list()[lane as usize].name).copied().unwrap_or(wanted.len()));
        self.folded = saved
            .folded
            .iter()
            .filter_map(|name| name.as_ref().map_or(Some(None), |name| group(name).map(Some)))
            .collect();
        self.filter.clone_from(&saved.filter);
        self.only_differing = saved.only_differing;
        self.arrange(lanes);
        let axis = Axis::ALL.into_iter().find(|axis| axis.word() == saved.axis).unwrap_or(self.axis);
        match saved.range.filter(|range| range.iter().all(|place| place.is_finite())) {
            Some([from, to]) => self.show(axis, (from, to), compared),
            None => self.fit(compared),
        }
    }
}
