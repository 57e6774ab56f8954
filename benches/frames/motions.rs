//! What a person does in each view over many frames: scrolling, zooming, stepping, searching.

use dettrace::app::Command;
use dettrace::app::control::{ControlCommand, ControlView};
use dettrace::app::graph::Look;
use dettrace::app::pair::{Mode, PairCommand, TimelineCommand, View};
use dettrace::app::requests::{RequestsCommand, RequestsView};
use dettrace::app::waterfall::WaterfallCommand;
use dettrace::view::Axis;
use egui::{Event, Modifiers, MouseWheelSource, MouseWheelUnit, TouchPhase, pos2, vec2};

/// Frames of each motion.
pub const FRAMES: usize = 240;
/// So often another letter of a query is typed; between letters a person goes on to the next row found.
const LETTER: usize = 12;
/// What is typed: with every letter the search begins anew, and at the end everything is taken away again.
const QUERY: &str = "value:99 side:actual";

/// What happens between two frames.
pub enum Act {
    /// A command arrives.
    Command(Command),
    /// The pointer does something.
    Pointer(Vec<Event>),
}

impl<C: Into<Command>> From<C> for Act {
    fn from(command: C) -> Self {
        Self::Command(command.into())
    }
}

/// Something that a person does over many frames.
pub struct Motion {
    /// Where.
    pub view: &'static str,
    /// What.
    pub name: String,
    /// What is set up for it.
    pub before: Vec<Command>,
    /// What happens after each frame.
    pub each: fn(usize) -> Act,
    /// True where frames come as a screen shows them, because jobs bring something meanwhile.
    pub paced: bool,
}

/// The name of every motion in which something is searched for.
const SEARCHING: &str = "searching";

/// There and back again.
fn turning(frame: usize, by: f64) -> f64 {
    if frame < FRAMES / 2 { by } else { -by }
}

/// A wheel over the middle of the view, down and up again.
fn wheel(frame: usize) -> Act {
    let at = Event::PointerMoved(pos2(600.0, 400.0));
    let wheel = Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: vec2(0.0, turning(frame, -40.0) as f32),
        phase: TouchPhase::Move,
        source: MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    };
    Act::Pointer(vec![at, wheel])
}

/// Row by row, into folds too, and now and then to the next difference.
fn step(frame: usize) -> Act {
    if frame % 8 == 7 { PairCommand::NextDifference.into() } else { PairCommand::StepRows(1).into() }
}

/// Letter by letter, and to what was found so far.
fn search(frame: usize) -> Act {
    if !frame.is_multiple_of(LETTER) {
        return PairCommand::NextFound.into();
    }
    let letters = 1 + frame / LETTER % QUERY.len();
    PairCommand::Search(QUERY[..letters].to_owned()).into()
}

fn timeline(command: TimelineCommand) -> PairCommand {
    PairCommand::Timeline(command)
}

fn pan(frame: usize) -> Act {
    timeline(TimelineCommand::Pan(turning(frame, 0.01))).into()
}

fn zoom(frame: usize) -> Act {
    let by = if frame < FRAMES / 2 { 1.0 / 1.1 } else { 1.1 };
    timeline(TimelineCommand::Zoom { at: 0.4, by }).into()
}

fn lanes(frame: usize) -> Act {
    timeline(TimelineCommand::Scroll(turning(frame, 12.0) as f32)).into()
}

/// What is done in a pair of many events.
pub fn in_pair() -> Vec<Motion> {
    let of = |view: View, name: &str, before: Vec<PairCommand>, each: fn(usize) -> Act| {
        // What a search before it lit up and folded is gone.
        let clear = [PairCommand::Search(String::new()), PairCommand::Show(view), PairCommand::FirstDifference];
        let before = clear.into_iter().chain(before).map(Command::from).collect();
        Motion { view: view.title(), name: name.to_owned(), before, each, paced: name.ends_with(SEARCHING) }
    };
    let fit = || timeline(TimelineCommand::Fit);
    let quarter = || timeline(TimelineCommand::Zoom { at: 0.5, by: 0.25 });
    let mut all = vec![
        of(View::Events, "scrolling", vec![], |_| PairCommand::ScrollBy(90.0).into()),
        of(View::Events, "stepping", vec![], step),
        of(View::Events, SEARCHING, vec![], search),
        of(View::Events, "dragging the overview", vec![], |frame| {
            PairCommand::ScrollTo(frame as f64 / FRAMES as f64).into()
        }),
        of(View::Events, "stepping, with the state", vec![PairCommand::ToggleState], step),
        of(View::Timeline, "everything, still", vec![PairCommand::ToggleState, fit()], |_| {
            PairCommand::Hover(None).into()
        }),
    ];
    for mode in Mode::ALL {
        let with = |more: Vec<PairCommand>| {
            [timeline(TimelineCommand::Mode(mode)), timeline(TimelineCommand::Axis(Axis::Time)), fit()]
                .into_iter()
                .chain(more)
                .collect()
        };
        let name = |what: &str| format!("{}, {what}", mode.word());
        all.extend([
            of(View::Timeline, &name("scrolling lanes"), with(vec![]), lanes),
            of(View::Timeline, &name("a quarter, panning"), with(vec![quarter()]), pan),
            of(View::Timeline, &name("zooming"), with(vec![]), zoom),
            of(View::Timeline, &name("zooming, by row"), with(vec![timeline(TimelineCommand::Axis(Axis::Row))]), zoom),
            of(View::Timeline, &name("stepping"), with(vec![timeline(TimelineCommand::Focus)]), step),
            of(View::Timeline, &name(SEARCHING), with(vec![]), search),
        ]);
    }
    for view in [View::Order, View::Propagation] {
        all.extend([
            of(view, "scrolling", vec![], wheel),
            of(view, "stepping", vec![], step),
            of(view, SEARCHING, vec![], search),
        ]);
    }
    all.push(of(View::Propagation, "zooming", vec![PairCommand::Look(Look::Fit)], |frame| {
        PairCommand::Look(Look::Zoom(if frame < FRAMES / 2 { 1.0 / 1.1 } else { 1.1 })).into()
    }));
    all
}

/// What is done in one request of many spans beside another one.
pub fn in_spans() -> Vec<Motion> {
    let of = |name: &str, before: Vec<PairCommand>, each: fn(usize) -> Act| {
        let before = std::iter::once(PairCommand::Show(View::Waterfall)).chain(before).map(Command::from).collect();
        Motion { view: View::Waterfall.title(), name: name.to_owned(), before, each, paced: false }
    };
    let zoom: fn(usize) -> Act = |frame| {
        let by = if frame < FRAMES / 2 { 1.0 / 1.1 } else { 1.1 };
        PairCommand::Waterfall(WaterfallCommand::Zoom { at: 0.4, by }).into()
    };
    let scroll: fn(usize) -> Act = |_| PairCommand::Waterfall(WaterfallCommand::Scroll(90.0)).into();
    vec![
        of("scrolling", vec![PairCommand::Home], scroll),
        of("stepping", vec![PairCommand::Home], |_| PairCommand::Step(1).into()),
        of("stepping through events", vec![PairCommand::Home], step),
        of("zooming", vec![PairCommand::Look(Look::Fit)], zoom),
    ]
}

/// What is done in requests of many spans.
pub fn in_requests() -> Vec<Motion> {
    let of = |view: RequestsView, name: &str, before: Vec<RequestsCommand>, each: fn(usize) -> Act| {
        let before = std::iter::once(RequestsCommand::Cause).chain(before).chain([RequestsCommand::Show(view)]);
        let before = before.map(Command::from).collect();
        Motion { view: view.title(), name: name.to_owned(), before, each, paced: name.ends_with(SEARCHING) }
    };
    let zoom: fn(usize) -> Act = |frame| {
        let by = if frame < FRAMES / 2 { 1.0 / 1.1 } else { 1.1 };
        RequestsCommand::Waterfall(WaterfallCommand::Zoom { at: 0.4, by }).into()
    };
    let step: fn(usize) -> Act = |_| RequestsCommand::Step(1).into();
    vec![
        of(RequestsView::Waterfall, "scrolling", vec![RequestsCommand::Top], |_| RequestsCommand::Scroll(90.0).into()),
        of(RequestsView::Waterfall, "stepping", vec![RequestsCommand::Top], step),
        of(RequestsView::Waterfall, "zooming", vec![RequestsCommand::Look(Look::Fit)], zoom),
        of(RequestsView::Services, "stepping", vec![], |frame| {
            RequestsCommand::Step(turning(frame / 4, 1.0) as i64).into()
        }),
        of(RequestsView::Propagation, "stepping through time", vec![], |_| RequestsCommand::UntilBy(1).into()),
    ]
}

/// What is done in a control loop of many samples.
pub fn in_control() -> Vec<Motion> {
    let of = |view: ControlView, name: &str, before: Vec<ControlCommand>, each: fn(usize) -> Act| {
        let before = std::iter::once(ControlCommand::Show(view)).chain(before).map(Command::from).collect();
        Motion { view: view.title(), name: name.to_owned(), before, each, paced: name.ends_with(SEARCHING) }
    };
    let pan: fn(usize) -> Act = |frame| ControlCommand::Pan(turning(frame, 0.01)).into();
    let zoom: fn(usize) -> Act = |frame| {
        let by = if frame < FRAMES / 2 { 1.0 / 1.1 } else { 1.1 };
        ControlCommand::Zoom { at: 0.4, by }.into()
    };
    let step: fn(usize) -> Act = |_| ControlCommand::Step(1).into();
    let quarter = ControlCommand::Zoom { at: 0.5, by: 0.25 };
    vec![
        of(ControlView::Control, "everything, stepping the cursor", vec![ControlCommand::Fit], step),
        of(ControlView::Control, "a quarter, panning", vec![ControlCommand::Fit, quarter], pan),
        of(ControlView::Control, "zooming", vec![ControlCommand::Fit], zoom),
        of(ControlView::Trajectory, "stepping the cursor", vec![ControlCommand::Fit], step),
    ]
}
