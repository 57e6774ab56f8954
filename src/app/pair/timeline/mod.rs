//! What the timeline shows: which lanes, from where to where, along which axis. Pure, like the pair it belongs to.

mod arrange;
mod meet;
mod saved;
mod sight;

use std::collections::BTreeSet;

use crate::trace::Sides;
use crate::view::{Anchor, Axis, Clocks, Compared, Lanes, Scale};

pub use arrange::{Arranged, LaneCommand, LaneFilters};
pub use saved::SavedTimeline;

/// Height of a group's line, in points.
pub const GROUP_HEIGHT: f32 = 28.0;
/// Height of a lane with both sides one above the other.
const STACKED_HEIGHT: f32 = 60.0;
/// Height of a lane with one strip.
const SINGLE_HEIGHT: f32 = 36.0;
/// Share of the whole that is left free at both ends.
const MARGIN: f64 = 0.02;
/// Rows that are in sight when a selection was focused, on average.
const FOCUSED: f64 = 60.0;
/// So little of the axis at least is in sight: a few events.
const LEAST_SPAN: f64 = 4.0;

/// How the two sides of a lane are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Expected above actual, on one axis.
    #[default]
    Stacked,
    /// Expected left, actual right, each on its own half of the same axis.
    SideBySide,
    /// One over the other.
    Overlaid,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Self; 3] = [Self::Stacked, Self::SideBySide, Self::Overlaid];

    /// Its word on screen.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Stacked => "stacked",
            Self::SideBySide => "side by side",
            Self::Overlaid => "overlaid",
        }
    }
}

/// A line of the timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LaneLine {
    /// The title of a group, by its place; `None` for the pinned lanes. How many lanes follow, folded or not.
    Group(Option<u32>, u32),
    /// A lane, by its place.
    Lane(u32),
}

/// A change of the timeline.
#[derive(Debug, Clone, PartialEq)]
pub enum TimelineCommand {
    /// Draws the sides in another way.
    Mode(Mode),
    /// The next way to draw the sides.
    NextMode,
    /// Puts something else on the axis; everything is in sight again.
    Axis(Axis),
    /// The next of the axes there are.
    NextAxis,
    /// Shows `by` times as much, with what stands at a share of the width staying there.
    Zoom {
        /// Share of the width, from the left.
        at: f64,
        /// Below one shows less, larger.
        by: f64,
    },
    /// Moves the view by a share of its width, to the right when positive.
    Pan(f64),
    /// Shows everything.
    Fit,
    /// Shows the selected row and what is around it.
    Focus,
    /// Shows from here to there on the axis.
    Range(f64, f64),
    /// Scrolls the lanes by points, downwards when positive.
    Scroll(f32),
    /// Folds or unfolds a group of lanes; `None` for the pinned ones.
    ToggleGroup(Option<u32>),
    /// Folds every group of lanes, or unfolds them all.
    FoldGroups(bool),
    /// Pins, hides or moves a lane.
    Lane(u32, LaneCommand),
    /// Puts all lanes back into the order of their names.
    NaturalOrder,
    /// Shows only lanes whose name holds this text.
    Filter(String),
    /// Shows all lanes, or only those that differ.
    OnlyDiffering,
    /// Shows all lanes, whatever they were filtered by, also those that were hidden.
    AllLanes,
    /// The lanes have this height in points.
    Viewport(f32),
}

/// What the timeline shows.
#[derive(Debug, Clone)]
pub struct Timeline {
    mode: Mode,
    axis: Axis,
    anchor: Anchor,
    /// The clocks that meet there.
    clocks: Clocks,
    from: f64,
    to: f64,
    top: f32,
    viewport: f32,
    folded: BTreeSet<Option<u32>>,
    pinned: Vec<u32>,
    /// Every lane, in the order in which a person wants them.
    order: Vec<u32>,
    /// Lanes that a person left out.
    hidden: BTreeSet<u32>,
    /// The one lane that a person left in.
    only: Option<u32>,
    filter: String,
    only_differing: bool,
    lines: Vec<LaneLine>,
    /// How many lanes are not filtered away.
    shown: u32,
    /// The earliest and the latest time of each side.
    times: Sides<Option<(f64, f64)>>,
    /// The lane that a person last asked for.
    wanted: Option<u32>,
}

impl Timeline {
    /// Everything that was compared, by time if it has one.
    pub(super) fn new(compared: Compared<'_>, lanes: &Lanes) -> Self {
        let mut anchor = Anchor::default();
        let clocks = Clocks::meeting_at(&mut anchor, compared);
        let mut this = Self {
            mode: Mode::default(),
            axis: if Scale::has_times(compared) { Axis::Time } else { Axis::Row },
            anchor,
            clocks,
            from: 0.0,
            to: 1.0,
            top: 0.0,
            viewport: 600.0,
            folded: BTreeSet::new(),
            pinned: Vec::new(),
            order: lanes.natural_order().to_vec(),
            hidden: BTreeSet::new(),
            only: None,
            filter: String::new(),
            only_differing: false,
            lines: Vec::new(),
            shown: 0,
            times: lanes.times(),
            wanted: None,
        };
        this.arrange(lanes);
        this.fit(compared);
        this
    }

    /// The same view of a newer analysis, whose times meet at `anchor`: what was chosen stays, lanes go by their names.
    pub(super) fn carried(&self, old: &Lanes, compared: Compared<'_>, lanes: &Lanes, anchor: Anchor) -> Self {
        let mut new = Self::new(compared, lanes);
        new.set_anchor(anchor, compared);
        new.mode = self.mode;
        new.set_arranged(&self.arranged(old), lanes);
        new.filter.clone_from(&self.filter);
        new.only_differing = self.only_differing;
        new.folded = self
            .folded
            .iter()
            .filter_map(|group| match group {
                None => Some(None),
                Some(group) => {
                    let name = &old.groups()[*group as usize];
                    lanes.groups().iter().position(|g| g == name).map(|at| Some(at as u32))
                }
            })
            .collect();
        new.arrange(lanes);
        if self.axis != Axis::Time || Scale::has_times(compared) {
            new.set_axis(self.axis, compared);
            (new.from, new.to) = (self.from, self.to);
        }
        new.viewport = self.viewport;
        new.top = self.top;
        new.keep_in_sight();
        new
    }

    /// How the sides are drawn.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Which part of the axis is in sight.
    pub fn range(&self) -> (f64, f64) {
        (self.from, self.to)
    }

    /// What stands on the axis.
    pub fn axis(&self) -> Axis {
        self.axis
    }

    /// Where events stand.
    pub fn scale<'a>(&'a self, compared: Compared<'a>) -> Scale<'a> {
        Scale::new(compared, self.axis, &self.clocks)
    }

    /// All lines that are not folded or filtered away.
    pub fn lines(&self) -> &[LaneLine] {
        &self.lines
    }

    /// How many lanes are not filtered away.
    pub fn lanes_shown(&self) -> u32 {
        self.shown
    }

    /// True for a folded group.
    pub fn is_folded(&self, group: Option<u32>) -> bool {
        self.folded.contains(&group)
    }

    /// What lanes' names are filtered by.
    pub fn filter(&self) -> &str {
        &self.filter
    }

    /// True when only lanes that differ are shown.
    pub fn only_differing(&self) -> bool {
        self.only_differing
    }

    /// How far the lanes are scrolled, in points.
    pub fn top(&self) -> f32 {
        self.top
    }

    /// The height of the lanes in points, as it was last drawn.
    pub fn viewport(&self) -> f32 {
        self.viewport
    }

    /// The height of a line.
    pub fn height_of(&self, line: LaneLine) -> f32 {
        match (line, self.mode) {
            (LaneLine::Group(..), _) => GROUP_HEIGHT,
            (LaneLine::Lane(_), Mode::Stacked) => STACKED_HEIGHT,
            (LaneLine::Lane(_), _) => SINGLE_HEIGHT,
        }
    }

    /// The height of all lines.
    pub fn height(&self) -> f32 {
        self.lines.iter().map(|&line| self.height_of(line)).sum()
    }

    /// The lines in sight, each with its place below the upper edge.
    pub fn visible(&self) -> Vec<(LaneLine, f32)> {
        let mut y = -self.top;
        let mut seen = Vec::new();
        for &line in &self.lines {
            let height = self.height_of(line);
            if y + height > 0.0 && y < self.viewport {
                seen.push((line, y));
            }
            y += height;
        }
        seen
    }

    /// Carries out a command; `selected` is the place of the selected row on the axis and the lane it is at home on.
    pub(super) fn apply(
        &mut self,
        command: TimelineCommand,
        compared: Compared<'_>,
        lanes: &Lanes,
        selected: Option<(f64, u32)>,
    ) {
        match command {
            TimelineCommand::Mode(mode) => self.set_mode(mode),
            TimelineCommand::NextMode => {
                let at = Mode::ALL.iter().position(|mode| *mode == self.mode).unwrap_or(0);
                self.set_mode(Mode::ALL[(at + 1) % Mode::ALL.len()]);
            }
            TimelineCommand::Axis(axis) => self.set_axis(axis, compared),
            TimelineCommand::NextAxis => {
                let axes: Vec<Axis> =
                    Axis::ALL.into_iter().filter(|axis| *axis != Axis::Time || Scale::has_times(compared)).collect();
                let at = axes.iter().position(|axis| *axis == self.axis).unwrap_or(0);
                self.set_axis(axes[(at + 1) % axes.len()], compared);
            }
            TimelineCommand::Zoom { at, by } => self.zoom(at, by, compared),
            TimelineCommand::Pan(share) => {
                let by = (self.to - self.from) * share;
                self.set_range(self.from + by, self.to + by, compared);
            }
            TimelineCommand::Fit => self.fit(compared),
            TimelineCommand::Focus => {
                if let Some((x, lane)) = selected {
                    self.focus(x, compared);
                    self.reveal(lane);
                }
            }
            TimelineCommand::Range(from, to) => self.set_range(from.min(to), from.max(to), compared),
            TimelineCommand::Scroll(points) => {
                self.top += points;
                self.keep_in_sight();
            }
            TimelineCommand::ToggleGroup(group) => {
                self.toggle_group(group);
                self.arrange(lanes);
            }
            TimelineCommand::FoldGroups(fold) => {
                let groups = (0..lanes.groups().len() as u32).map(Some);
                self.folded = groups.chain([None]).filter(|_| fold).collect();
                self.arrange(lanes);
            }
            TimelineCommand::Lane(lane, command) => self.arrange_lane(lane, command, lanes),
            TimelineCommand::NaturalOrder => {
                self.put_in_order(lanes.natural_order());
                self.arrange(lanes);
            }
            TimelineCommand::Filter(text) => {
                self.filter = text;
                self.arrange(lanes);
            }
            TimelineCommand::OnlyDiffering => {
                self.only_differing = !self.only_differing;
                self.arrange(lanes);
            }
            TimelineCommand::AllLanes => {
                self.leave_nothing_out();
                self.arrange(lanes);
            }
            TimelineCommand::Viewport(height) => self.resize(height),
        }
    }

    /// Brings a place on the axis to the middle.
    pub(super) fn center(&mut self, x: f64, compared: Compared<'_>) {
        let span = self.to - self.from;
        self.set_range(x - span / 2.0, x + span / 2.0, compared);
    }

    /// Brings a place on the axis and a lane into sight, moving as little as possible.
    pub(super) fn reveal_place(&mut self, x: f64, lane: u32, compared: Compared<'_>) {
        let span = self.to - self.from;
        let edge = span * 0.05;
        if x < self.from + edge || x > self.to - edge {
            self.set_range(x - span / 2.0, x + span / 2.0, compared);
        }
        self.reveal(lane);
    }

    fn set_mode(&mut self, mode: Mode) {
        // What stands at the upper edge stays there.
        let share = self.top / self.height().max(1.0);
        self.mode = mode;
        self.top = share * self.height();
        self.keep_in_sight();
    }

    fn set_axis(&mut self, axis: Axis, compared: Compared<'_>) {
        self.axis = axis;
        self.fit(compared);
    }

    fn whole(&self, compared: Compared<'_>) -> (f64, f64) {
        let (from, to) = self.scale(compared).extent(self.times);
        let margin = ((to - from) * MARGIN).max(if self.axis == Axis::Time { f64::MIN_POSITIVE } else { 0.75 });
        (from - margin, to + margin)
    }

    /// The least that is ever in sight: a few events, however the times of a recording are counted.
    fn least_span(&self, compared: Compared<'_>) -> f64 {
        let (from, to) = self.whole(compared);
        if self.axis == Axis::Time {
            let events = compared.comparison.rows.len().max(1);
            ((to - from) / f64::from(events) * 0.25).max((to - from) * 1e-9)
        } else {
            LEAST_SPAN.min(to - from)
        }
    }

    fn fit(&mut self, compared: Compared<'_>) {
        let (from, to) = self.whole(compared);
        (self.from, self.to) = if to > from { (from, to) } else { (from - 0.5, from + 0.5) };
    }

    /// Shows a place and about as much around it as a few rows take on average.
    fn focus(&mut self, x: f64, compared: Compared<'_>) {
        let (from, to) = self.whole(compared);
        let rows = f64::from(compared.comparison.rows.len().max(1));
        let span = (to - from) * (FOCUSED / rows).min(1.0);
        self.set_range(x - span / 2.0, x + span / 2.0, compared);
    }

    fn zoom(&mut self, at: f64, by: f64, compared: Compared<'_>) {
        let place = self.from + (self.to - self.from) * at;
        let span = ((self.to - self.from) * by).max(self.least_span(compared));
        self.set_range(place - span * at, place + span * (1.0 - at), compared);
    }

    /// Shows from here to there, as far as there is something.
    fn set_range(&mut self, from: f64, to: f64, compared: Compared<'_>) {
        let (least, most) = self.whole(compared);
        let span = (to - from).max(self.least_span(compared));
        if span >= most - least {
            return self.fit(compared);
        }
        let from = (from + to - span) / 2.0;
        self.from = from.clamp(least, most - span);
        self.to = self.from + span;
    }
}
