//! Stepping through the opened pair: play, run, breakpoints, and the state at the selected row. What takes long is done in
//! slices so small that no frame waits for them.

use std::time::{Duration, Instant};

use super::Pair;
use crate::analyse::{Analysis, Asking};
use crate::query;
use crate::replay::{
    BadBreakpoint, Breakpoint, Breakpoints, Goal, Matcher, Ran, Run, StateLine, Stated, StepError, Stepper, line_words,
};
use crate::trace::{LaneId, Sides, grouped};

/// How long one slice may take: a fraction of a frame.
const SLICE: Duration = Duration::from_millis(3);
/// How long finding out the state may take of a frame in which a person steps on.
const BESIDE: Duration = Duration::from_millis(1);
/// Rows between two looks at the clock.
const ROWS: u32 = 4096;
/// So many lanes have their state shown.
const LINES: usize = 200;
/// Speeds of playing, in rows a second.
const SPEEDS: [u32; 6] = [1, 2, 5, 20, 100, 1000];
/// The speed it begins with.
const USUAL: usize = 2;

/// The state at the selected row, in words.
#[derive(Debug, Clone, Default)]
pub struct ShownState {
    /// The row.
    pub row: u32,
    /// What it is.
    pub stated: Stated,
    /// The words of each line, for each side.
    pub words: Vec<Sides<String>>,
}

/// A breakpoint whose text is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Editing {
    /// Its place in the list; `None` for a new one.
    pub place: Option<usize>,
    /// What is typed.
    pub text: String,
    /// What is wrong with that.
    pub wrong: Option<BadBreakpoint>,
    /// Which editing since the pair was opened it is, so that the field is given the keyboard once.
    pub number: u32,
}

/// Everything about stepping. Nothing is worked out before it is asked for.
#[derive(Debug, Clone)]
pub struct Transport {
    stepper: Option<Box<Stepper>>,
    breakpoints: Breakpoints,
    /// One for each breakpoint.
    matchers: Vec<Matcher>,
    run: Option<Run>,
    playing: bool,
    speed: usize,
    state_open: bool,
    list_open: bool,
    editing: Option<Editing>,
    editings: u32,
    shown: Option<Box<ShownState>>,
}

impl Default for Transport {
    fn default() -> Self {
        Self {
            stepper: None,
            breakpoints: Breakpoints::default(),
            matchers: Vec::new(),
            run: None,
            playing: false,
            speed: USUAL,
            state_open: false,
            list_open: false,
            editing: None,
            editings: 0,
            shown: None,
        }
    }
}

impl Transport {
    /// The same breakpoints, speed and panels for a newer analysis, perhaps with the sides exchanged.
    pub(super) fn renewed(&self, analysis: &Analysis, exchanged: bool) -> Self {
        let breakpoints = self.breakpoints.clone();
        let breakpoints = if exchanged { breakpoints.mirrored() } else { breakpoints };
        let mut transport = Self {
            breakpoints,
            speed: self.speed,
            state_open: self.state_open,
            list_open: self.list_open,
            editings: self.editings,
            ..Self::default()
        };
        transport.look_up(analysis);
        transport
    }

    /// The breakpoints.
    pub fn breakpoints(&self) -> &[Breakpoint] {
        &self.breakpoints.list
    }

    /// Why the breakpoint at this place can never stop in this pair, as a sentence.
    pub fn never(&self, place: usize) -> Option<&str> {
        self.matchers.get(place).and_then(Matcher::never)
    }

    /// Whether a breakpoint that is a place (an event, a time, a lane, a kind) stands at the row, and is enabled.
    pub fn mark(&self, analysis: &Analysis, row: u32) -> Option<bool> {
        let stepper = self.stepper.as_ref()?;
        let recorded = analysis.recorded();
        let mut mark = None;
        for (breakpoint, matcher) in self.breakpoints.list.iter().zip(&self.matchers) {
            if matcher.is_a_place() && stepper.stops(&recorded, matcher, None, row) == Ok(true) {
                mark = Some(mark.unwrap_or(false) || breakpoint.enabled);
            }
        }
        mark
    }

    /// True while a run looks for the next reason to stop.
    pub const fn running(&self) -> bool {
        self.run.is_some()
    }

    /// The row that a run looks at.
    pub fn looking_at(&self) -> Option<u32> {
        self.run.as_ref().and_then(Run::next)
    }

    /// True while rows are played.
    pub const fn playing(&self) -> bool {
        self.playing
    }

    /// Rows a second.
    pub const fn speed(&self) -> u32 {
        SPEEDS[self.speed]
    }

    /// How many steps faster than usual rows are played; slower when negative.
    pub const fn faster(&self) -> i32 {
        self.speed as i32 - USUAL as i32
    }

    /// True when the state is shown.
    pub const fn state_open(&self) -> bool {
        self.state_open
    }

    /// True when the list of breakpoints is shown.
    pub const fn list_open(&self) -> bool {
        self.list_open
    }

    /// What is being typed.
    pub const fn editing(&self) -> Option<&Editing> {
        self.editing.as_ref()
    }

    /// The state at the selected row, once it is known.
    pub fn state(&self) -> Option<&ShownState> {
        self.shown.as_deref()
    }

    /// Work done before every row's state is known, of all; `None` when it is or nobody asks.
    pub fn progress(&self, analysis: &Analysis) -> Option<(u64, u64)> {
        let (done, all) = self.stepper.as_ref().filter(|_| self.state_open)?.progress(&analysis.recorded());
        (done < all).then_some((done, all))
    }

    fn look_up(&mut self, analysis: &Analysis) {
        let recorded = analysis.recorded();
        self.matchers = self.breakpoints.list.iter().map(|one| Matcher::new(&recorded, one)).collect();
        if !self.matchers.is_empty() || self.state_open {
            self.stepper(analysis);
        }
    }

    fn stepper(&mut self, analysis: &Analysis) -> &mut Stepper {
        self.stepper.get_or_insert_with(|| Box::new(Stepper::new(&analysis.recorded())))
    }

    /// Goes to the row's state, as soon as it is known.
    fn follow(&mut self, analysis: &Analysis, row: u32) {
        if !self.state_open || self.shown.as_ref().is_some_and(|shown| shown.row == row) {
            return;
        }
        let recorded = analysis.recorded();
        let stepper = self.stepper(analysis);
        if stepper.seek(&recorded, row).is_err() {
            self.shown = None;
            return;
        }
        let stated = stepper.stated(&recorded, LINES);
        let fields = |side, event| analysis.fields(side, event);
        // What reads as it did is not read from the recordings again: one step changes few lanes.
        let before = self.shown.take();
        let known = |line: &StateLine| {
            let shown = before.as_ref()?;
            let at = shown.stated.lines.iter().position(|old| old.lane == line.lane)?;
            let old = &shown.stated.lines[at];
            let alike = (&old.states, &old.holds, old.differs) == (&line.states, &line.holds, line.differs);
            alike.then(|| shown.words[at].clone())
        };
        let words = |line| known(line).unwrap_or_else(|| line_words(&recorded, line, Some(&fields)));
        let words = stated.lines.iter().map(words).collect();
        self.shown = Some(Box::new(ShownState { row, stated, words }));
    }
}

impl Pair {
    /// Stepping, breakpoints and the state at the selected row.
    pub fn transport(&self) -> &Transport {
        &self.transport
    }

    /// After every command: the state is that of the selected row.
    pub(super) fn follow_selection(&mut self) {
        if let Some(selection) = self.selection {
            self.transport.follow(&self.analysis, selection.row);
        }
    }

    /// Steps by rows, not by lines: into folds, which open.
    pub(super) fn step_rows(&mut self, rows: i32) {
        let Some(selection) = self.selection else { return };
        let to = i64::from(selection.row) + i64::from(rows);
        let last = i64::from(self.rows().len()) - 1;
        if to < 0 {
            self.notice = StepError::AtStart.to_string();
        } else if to > last {
            self.notice = StepError::AtEnd.to_string();
        }
        self.select_row(to.clamp(0, last) as u32, None);
    }

    /// Runs to the next row on the home lane of the selected event, or the one before.
    pub(super) fn step_on_lane(&mut self, forward: bool) {
        let recorded = self.analysis.recorded();
        let lane = self.selected_event().and_then(|(side, event)| recorded.lanes(side, event).first().copied());
        match lane {
            Some(lane) => self.begin_run(Goal::Lane(lane), forward),
            None => "This event is on no lane.".clone_into(&mut self.notice),
        }
    }

    pub(super) fn run_to_breakpoint(&mut self) {
        if self.transport.breakpoints.any_enabled() {
            self.begin_run(Goal::Breakpoint, true);
        } else {
            "Every breakpoint is switched off.".clone_into(&mut self.notice);
        }
    }

    fn begin_run(&mut self, goal: Goal, forward: bool) {
        self.transport.playing = false;
        self.transport.run = Some(Run::new(goal, self.selection.map(|selection| selection.row), forward));
        self.run_more();
    }

    /// Goes on with the run for one slice.
    pub(super) fn run_more(&mut self) {
        let analysis = self.analysis.clone();
        let recorded = analysis.recorded();
        let asking = Asking::new(&analysis);
        let asks = |matcher: &query::Matcher, side, event| asking.answers(matcher, side, event);
        let started = Instant::now();
        self.transport.stepper(&analysis);
        let Transport { run: Some(run), breakpoints, stepper: Some(stepper), .. } = &mut self.transport else { return };
        let ran = loop {
            match run.go(&recorded, stepper, breakpoints, Some(&asks), ROWS) {
                Ran::GoesOn if started.elapsed() < SLICE => {}
                ran => break ran,
            }
        };
        if ran == Ran::GoesOn {
            return;
        }
        let goal = run.goal();
        let trouble = run.trouble().map(str::to_owned);
        self.transport.run = None;
        match (ran, goal) {
            (Ran::Stopped { row, breakpoints }, _) => {
                self.select_row(row, None);
                self.say_stop(&breakpoints);
            }
            (_, Goal::Breakpoint) => {
                let none = "No breakpoint stops after this row.";
                self.notice = trouble.map_or_else(|| none.to_owned(), |why| format!("{none} {why}"));
            }
            (_, Goal::Lane(lane)) => {
                let lane = lane_name(&analysis, lane);
                self.notice = format!("No further row touches {lane}.");
            }
        }
    }

    fn say_stop(&mut self, places: &[usize]) {
        if let Some((&first, others)) = places.split_first() {
            let breakpoint = &self.transport.breakpoints.list[first];
            let more = if others.is_empty() { String::new() } else { format!(" and {} more", others.len()) };
            self.notice = format!("Stopped at {}{more}.", Breakpoint { enabled: true, ..breakpoint.clone() });
        }
    }

    /// Stops a run that is under way, or playing; says whether there was one.
    pub(super) fn stop(&mut self) -> bool {
        let running = self.transport.run.take().is_some();
        std::mem::take(&mut self.transport.playing) || running
    }

    pub(super) fn toggle_play(&mut self) {
        let last = self.rows().len().checked_sub(1);
        let at_end = self.selection.map(|selection| selection.row) == last;
        if !self.stop() {
            self.transport.playing = !at_end;
            if at_end {
                self.notice = StepError::AtEnd.to_string();
            }
        }
    }

    /// The window's clock says that so many rows' time has passed.
    pub(super) fn play_on(&mut self, rows: u32) {
        let Some(selection) = self.selection.filter(|_| self.transport.playing) else { return };
        let analysis = self.analysis.clone();
        let recorded = analysis.recorded();
        let asking = Asking::new(&analysis);
        let asks = |matcher: &query::Matcher, side, event| asking.answers(matcher, side, event);
        let last = self.rows().len() - 1;
        let end = selection.row.saturating_add(rows).min(last);
        for row in selection.row + 1..=end {
            let Transport { stepper, breakpoints, matchers, .. } = &mut self.transport;
            let mut stopped = Vec::new();
            for (place, matcher) in matchers.iter().enumerate() {
                if !breakpoints.list[place].enabled {
                    continue;
                }
                let stops = stepper.as_ref().map(|stepper| stepper.stops(&recorded, matcher, Some(&asks), row));
                if stops == Some(Ok(true)) {
                    breakpoints.list[place].hits += 1;
                    stopped.push(place);
                }
            }
            if !stopped.is_empty() {
                self.transport.playing = false;
                self.select_row(row, None);
                self.say_stop(&stopped);
                return;
            }
        }
        self.select_row(end, None);
        if end == last {
            self.transport.playing = false;
            self.notice = StepError::AtEnd.to_string();
        }
    }

    pub(super) fn change_speed(&mut self, steps: i32) {
        let speed = (self.transport.speed as i32 + steps).clamp(0, SPEEDS.len() as i32 - 1);
        self.transport.speed = speed as usize;
        self.notice = format!("Plays {} rows a second.", grouped(u64::from(self.transport.speed())));
    }

    pub(super) fn toggle_state(&mut self) {
        self.transport.state_open = !self.transport.state_open;
        self.transport.shown = None;
        if self.transport.state_open {
            self.transport.stepper(&self.analysis);
        }
    }

    /// Sets breakpoints, speed and panels, as they were before.
    pub(super) fn set_stepping(&mut self, breakpoints: Vec<Breakpoint>, faster: i32, state: bool, list: bool) {
        let speed = (USUAL as i32).saturating_add(faster).clamp(0, SPEEDS.len() as i32 - 1) as usize;
        let breakpoints = Breakpoints { list: breakpoints };
        self.transport = Transport { breakpoints, speed, state_open: state, list_open: list, ..Transport::default() };
        self.transport.look_up(&self.analysis);
        self.follow_selection();
    }

    pub(super) fn toggle_breakpoint_list(&mut self) {
        self.transport.list_open = !self.transport.list_open;
        self.transport.editing = None;
    }

    /// Goes on finding out every row's state for one slice.
    pub(super) fn state_more(&mut self) {
        let analysis = self.analysis.clone();
        let started = Instant::now();
        let stepper = self.transport.stepper(&analysis);
        while !stepper.prepare(&analysis.recorded(), ROWS) && started.elapsed() < BESIDE {}
    }

    pub(super) fn toggle_breakpoint(&mut self, row: u32) {
        if row >= self.rows().len() {
            return;
        }
        let side = self.selection.map_or(crate::trace::Side::Actual, |selection| selection.side);
        let set = self.transport.breakpoints.toggle_row(&self.analysis.recorded(), row, side);
        self.breakpoints_changed();
        let row = grouped(u64::from(row) + 1);
        match set {
            Some(true) => self.notice = format!("Breakpoint set at row {row}."),
            Some(false) => self.notice = format!("Breakpoint taken away from row {row}."),
            None => {}
        }
    }

    pub(super) fn enable_breakpoint(&mut self, place: usize, enabled: bool) {
        if let Some(breakpoint) = self.transport.breakpoints.list.get_mut(place) {
            breakpoint.enabled = enabled;
        }
        self.breakpoints_changed();
    }

    pub(super) fn delete_breakpoint(&mut self, place: usize) {
        if place < self.transport.breakpoints.list.len() {
            self.transport.breakpoints.list.remove(place);
        }
        self.transport.editing = None;
        self.breakpoints_changed();
    }

    pub(super) fn clear_breakpoints(&mut self) {
        self.transport.breakpoints.list.clear();
        self.transport.editing = None;
        self.breakpoints_changed();
        "All breakpoints were taken away.".clone_into(&mut self.notice);
    }

    /// Sets the breakpoints, as undo does. Those that stay keep how often they stopped.
    pub(in crate::app) fn set_breakpoints(&mut self, mut list: Vec<Breakpoint>) {
        for one in &mut list {
            let same = |old: &&Breakpoint| (&old.condition, old.side) == (&one.condition, one.side);
            one.hits = self.transport.breakpoints.list.iter().find(same).map_or(0, |old| old.hits);
        }
        self.transport.breakpoints.list = list;
        self.transport.editing = None;
        self.breakpoints_changed();
    }

    fn breakpoints_changed(&mut self) {
        // A run is for the list that it began with.
        self.transport.run = None;
        let analysis = self.analysis.clone();
        self.transport.look_up(&analysis);
    }

    /// Opens the field for a breakpoint's text, with the list around it.
    pub(super) fn edit_breakpoint(&mut self, place: Option<usize>) {
        let transport = &mut self.transport;
        let known = place.and_then(|place| transport.breakpoints.list.get(place));
        let text = known.map(ToString::to_string).unwrap_or_default();
        transport.list_open = true;
        transport.editings += 1;
        transport.editing = Some(Editing { place, text, wrong: None, number: transport.editings });
    }

    pub(super) fn type_breakpoint(&mut self, text: String) {
        if let Some(editing) = &mut self.transport.editing {
            editing.wrong = text.parse::<Breakpoint>().err().filter(|_| !text.trim().is_empty());
            editing.text = text;
        }
    }

    /// Takes what was typed into the list, if it can be understood.
    pub(super) fn finish_breakpoint(&mut self) {
        let Some(mut editing) = self.transport.editing.take() else { return };
        match editing.text.parse::<Breakpoint>() {
            Ok(breakpoint) => {
                let list = &mut self.transport.breakpoints.list;
                match editing.place.and_then(|place| list.get_mut(place)) {
                    Some(known) => *known = Breakpoint { hits: known.hits, ..breakpoint },
                    None => list.push(breakpoint),
                }
                self.breakpoints_changed();
            }
            Err(wrong) => {
                editing.wrong = Some(wrong);
                self.transport.editing = Some(editing);
            }
        }
    }

    /// Leaves the text as it was; says whether one was being typed.
    pub(super) fn cancel_breakpoint(&mut self) -> bool {
        self.transport.editing.take().is_some()
    }
}

fn lane_name(analysis: &Analysis, lane: LaneId) -> String {
    analysis.names.lanes.get(lane as usize).cloned().unwrap_or_default()
}
