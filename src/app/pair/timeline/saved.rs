//! A timeline as it is saved: lanes and groups by their names, so that it fits a newer recording too.

use serde::{Deserialize, Serialize};

use super::{Arranged, Mode, Timeline};
use crate::trace::{self, Side};
use crate::view::{Anchor, Axis, Compared, Lanes, Scale};

/// What a saved view says about the timeline.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SavedTimeline {
    /// `stacked`, `side by side` or `overlaid`.
    mode: String,
    /// `time`, `event index` or `aligned row`.
    axis: String,
    /// Where both sides' times meet: `recorded`, `start` or `points`; as older versions wrote it, a row from 0.
    sync: String,
    /// The events of the points.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sync_points: Vec<trace::Anchor>,
    /// Which part of the axis is in sight, in its own unit.
    range: Option<[f64; 2]>,
    /// How far the lanes are scrolled, in points.
    #[serde(skip_serializing_if = "Option::is_none")]
    top: Option<f32>,
    /// Which lanes are pinned, moved and hidden.
    #[serde(flatten)]
    arranged: Arranged,
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
        SavedTimeline {
            mode: self.mode.word().to_owned(),
            axis: self.axis.word().to_owned(),
            sync: match &self.anchor {
                Anchor::Recorded => "recorded",
                Anchor::Start => "start",
                Anchor::Points(_) => "points",
            }
            .to_owned(),
            sync_points: self
                .anchor
                .points()
                .iter()
                .map(|&(side, index)| trace::Anchor { side, index, lane: None })
                .collect(),
            range: Some([self.from, self.to]),
            top: Some(self.top).filter(|&top| top > 0.0),
            arranged: self.arranged(lanes),
            folded: self.folded.iter().map(|group| group.map(|at| lanes.groups()[at as usize].clone())).collect(),
            filter: self.filter.clone(),
            only_differing: self.only_differing,
        }
    }

    /// Shows what was saved, as far as there is such a thing here.
    pub(in super::super) fn set_saved(&mut self, saved: &SavedTimeline, compared: Compared<'_>, lanes: &Lanes) {
        let group = |name: &String| Some(lanes.groups().iter().position(|group| group == name)? as u32);
        if let Some(mode) = Mode::ALL.into_iter().find(|mode| mode.word() == saved.mode) {
            self.mode = mode;
        }
        self.set_anchor(saved.anchor(compared), compared);
        self.set_arranged(&saved.arranged, lanes);
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

impl SavedTimeline {
    /// Where times meet, as far as there are such events here.
    fn anchor(&self, compared: Compared<'_>) -> Anchor {
        let rows = &compared.comparison.rows;
        let of_row = |row: u32| rows.get(row).event_from(Side::Actual);
        match self.sync.as_str() {
            "recorded" => Anchor::Recorded,
            "points" => {
                let there = self.sync_points.iter().map(|at| (at.side, at.index));
                Anchor::Points(there.filter(|&(side, event)| rows.row_of(side, event).is_some()).collect())
            }
            row => {
                let row = row.parse().ok().filter(|row| *row < rows.len());
                row.and_then(of_row).map_or(Anchor::Start, |point| Anchor::Points(vec![point]))
            }
        }
    }
}
