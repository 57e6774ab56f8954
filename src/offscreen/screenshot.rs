//! A picture of the window: its own state, loaded and changed by its own commands, drawn by its own code.

use std::fmt;
use std::str::FromStr;
use std::time::Instant;

use egui::{Theme, Vec2};

use super::{Canvas, Picture};
use crate::app::control::{ControlCommand, ControlPage, ControlView};
use crate::app::pair::{Pair, PairCommand, View};
use crate::app::requests::{RequestsCommand, RequestsView};
use crate::app::settings::Setting;
use crate::app::state::{Failed, Page, Request, ThemeChoice};
use crate::app::{App, Command, table};
use crate::report::{Anchor, BadAnchor};
use crate::trace::escape;
use crate::ui;

/// More pixels than this are a slip of the finger: 400 MB of memory.
const MOST_PIXELS: f64 = 100_000_000.0;
/// No wall of screens is wider or higher than this many points.
const LONGEST_SIDE: f32 = 16_384.0;
/// Smaller windows than this many points have no room for a single line.
const SHORTEST_SIDE: f32 = 16.0;
/// Rounds of drawing and carrying out what the drawing asked for, before the picture is taken.
const MOST_ROUNDS: usize = 64;

/// What is selected in the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Select {
    /// The first difference.
    First,
    /// The most likely cause.
    Cause,
    /// The first symptom.
    Symptom,
    /// A row of the alignment, from 0.
    Row(u32),
    /// An event.
    Event(Anchor),
}

impl FromStr for Select {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "first" => return Ok(Self::First),
            "cause" => return Ok(Self::Cause),
            "symptom" => return Ok(Self::Symptom),
            _ => {}
        }
        if let Some(row) = text.strip_prefix("row:").and_then(|row| row.parse().ok()) {
            return Ok(Self::Row(row));
        }
        text.parse().map(Self::Event).map_err(|_bad: BadAnchor| {
            format!(
                "`{}` selects nothing: write first, cause, symptom, row:6, actual:5 or actual:5@queue:0.",
                escape(text)
            )
        })
    }
}

impl fmt::Display for Select {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::First => f.write_str("first"),
            Self::Cause => f.write_str("cause"),
            Self::Symptom => f.write_str("symptom"),
            Self::Row(row) => write!(f, "row:{row}"),
            Self::Event(anchor) => anchor.fmt(f),
        }
    }
}

impl Select {
    /// The command that selects it in a control loop, or why it cannot be selected.
    fn in_control(&self, page: &ControlPage) -> Result<ControlCommand, Refusal> {
        let command = match self {
            Self::First => ControlCommand::Onset,
            Self::Cause => ControlCommand::Cause(0),
            Self::Symptom => ControlCommand::Criterion,
            Self::Row(_) | Self::Event(_) => {
                return Err(Refusal(format!(
                    "There is no {self} to select in a control loop: write first, cause or symptom."
                )));
            }
        };
        let refused = |why: &str| Refusal(format!("There is no {self} to select: {why}"));
        page.can(command).map(|()| command).map_err(refused)
    }

    /// The command that selects it, or why it cannot be selected.
    fn command(&self, pair: &Pair) -> Result<PairCommand, Refusal> {
        let comparison = &pair.analysis().comparison;
        let refuse = |what: String| Err(Refusal(what));
        match self {
            Self::First if comparison.first_difference.is_none() => {
                refuse("There is no first difference to select: nothing differs.".to_owned())
            }
            Self::First => Ok(PairCommand::FirstDifference),
            Self::Cause if comparison.causes.is_empty() => refuse("There is no cause to select.".to_owned()),
            Self::Cause => Ok(PairCommand::Cause(0)),
            Self::Symptom if comparison.first_symptom.is_none() => {
                refuse("There is no symptom to select: none was recorded.".to_owned())
            }
            Self::Symptom => Ok(PairCommand::FirstSymptom),
            Self::Row(row) if *row >= pair.rows().len() => {
                refuse(format!("There is no row {row}: this pair has {} rows, from 0.", pair.rows().len()))
            }
            Self::Row(row) => Ok(PairCommand::SelectRow(*row)),
            Self::Event(Anchor { side, index, lane }) => {
                let count = pair.analysis().len(*side);
                if *index >= count {
                    return refuse(format!("There is no {self}: {side} has {count} events, from 0."));
                }
                let lanes = pair.analysis().lanes(*side, *index);
                if let Some(lane) = lane.as_deref().filter(|lane| !lanes.contains(lane)) {
                    let has = if lanes.is_empty() { "none".to_owned() } else { escape(&lanes.join(", ")).into_owned() };
                    return refuse(format!("{side}:{index} is not on the lane {}; its lanes: {has}.", escape(lane)));
                }
                Ok(PairCommand::SelectEvent(*side, *index))
            }
        }
    }
}

/// A view of whatever is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnyView {
    /// One of a pair.
    Pair(View),
    /// One of two windows of requests.
    Requests(RequestsView),
    /// One of a control loop.
    Control(ControlView),
}

impl AnyView {
    /// Its name on the command line.
    const fn name(self) -> &'static str {
        match self {
            Self::Pair(view) => view.name(),
            Self::Requests(view) => view.name(),
            Self::Control(view) => view.name(),
        }
    }
}

impl FromStr for AnyView {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let of_pair = text.parse().map(Self::Pair);
        of_pair.or_else(|why: String| {
            let of_requests = text.parse().map(Self::Requests);
            let of_control = |_why: String| text.parse().map(Self::Control);
            of_requests.or_else(of_control).map_err(|_why: String| {
                format!(
                    "{why} Of windows of requests: services, propagation or waterfall. Of a control loop: control, trajectory or what-if."
                )
            })
        })
    }
}

/// What to draw.
#[derive(Debug, Clone)]
pub struct Options {
    /// What to open; no path draws the home page.
    pub request: Request,
    /// The view; the window's own, or a view file's, when none.
    pub view: Option<AnyView>,
    /// The window's size in points.
    pub size: Vec2,
    /// Pixels a point: 1, 1.5 and 2 are what screens have.
    pub scale: f32,
    /// Dark or light.
    pub theme: Theme,
    /// What to select; what the window selects by itself when none.
    pub select: Option<Select>,
    /// What else a person did before the picture was taken.
    pub then: Vec<Command>,
    /// Commands to carry out then, by their names in the command table.
    pub commands: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            request: Request::default(),
            view: None,
            size: Vec2::new(1600.0, 1000.0),
            scale: 1.0,
            theme: Theme::Dark,
            select: None,
            then: Vec::new(),
            commands: Vec::new(),
        }
    }
}

/// Why there is no picture: a sentence for a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub String);

/// Opens what is asked for, selects, and draws the window.
///
/// # Errors
/// When it cannot be opened, the sides are not clear, there is nothing of the kind to select, or the size is no size.
pub fn screenshot(options: &Options) -> Result<Picture, Refusal> {
    check(options)?;
    let mut app = App::in_place();
    app.push(Command::Set(Setting::Theme(match options.theme {
        Theme::Dark => ThemeChoice::Dark,
        Theme::Light => ThemeChoice::Light,
    })));
    if !options.request.paths.is_empty() {
        app.push(Command::Open(options.request.clone()));
    }
    while app.is_pending() {
        app.step(Instant::now());
    }
    match &app.state.front().page {
        Page::Failed(Failed { why, detail, .. }) => {
            let detail = detail.as_ref().map_or_else(String::new, |detail| format!(" {detail}"));
            return Err(Refusal(format!("{why}{detail}")));
        }
        Page::Choose(choose) => {
            let names: Vec<&str> = choose.candidates.iter().map(|c| c.name.as_str()).collect();
            let list = escape(&names.join(", ")).into_owned();
            return Err(Refusal(format!("{} Say which is which; there are: {list}.", choose.why)));
        }
        Page::Watching(_) if options.view.is_some() => {
            return Err(Refusal("A watched folder has one view only; leave --view out.".to_owned()));
        }
        Page::Home | Page::Watching(_) => {}
        Page::Pair(_) => match options.view {
            Some(AnyView::Pair(view)) => app.push(PairCommand::Show(view)),
            Some(AnyView::Requests(_) | AnyView::Control(_)) => {
                return Err(no_such(options, "a pair", "timeline, events, order, propagation or waterfall"));
            }
            None => {}
        },
        Page::Requests(page) => match options.view {
            Some(AnyView::Requests(view)) if page.views().contains(&view) => app.push(RequestsCommand::Show(view)),
            Some(AnyView::Pair(View::Propagation)) => {
                app.push(RequestsCommand::Show(RequestsView::Propagation));
            }
            Some(AnyView::Pair(View::Waterfall)) if !page.is_metrics() => {
                app.push(RequestsCommand::Show(RequestsView::Waterfall));
            }
            Some(_) if page.is_metrics() => {
                return Err(no_such(options, "tables of metrics", "services, propagation or metrics"));
            }
            Some(_) => return Err(no_such(options, "two windows of requests", "services, propagation or waterfall")),
            None => {}
        },
        Page::Control(_) => match options.view {
            Some(AnyView::Control(view)) => app.push(ControlCommand::Show(view)),
            Some(AnyView::Pair(_) | AnyView::Requests(_)) => {
                return Err(no_such(options, "a control loop", "control, trajectory or what-if"));
            }
            None => {}
        },
    }
    let mut canvas = Canvas::new(options.size, options.scale, options.theme);
    // The first passes tell the views their sizes; only then can a selection be brought into sight.
    settle(&mut canvas, &mut app);
    if let Some(select) = &options.select {
        let command = match &app.state.front().page {
            Page::Pair(pair) => Command::from(select.command(pair)?),
            Page::Requests(page) if *select == Select::Cause && page.has_evidence() => RequestsCommand::Cause.into(),
            Page::Control(page) => select.in_control(page)?.into(),
            Page::Requests(_) => {
                return Err(Refusal(format!(
                    "There is no {select} to select in two windows of requests, only a cause."
                )));
            }
            _ => return Err(Refusal(format!("There is nothing to select with {select}: no pack is open."))),
        };
        app.push(command);
        settle(&mut canvas, &mut app);
    }
    for command in options.then.iter().cloned() {
        app.push(command);
        settle(&mut canvas, &mut app);
    }
    for name in &options.commands {
        let refuse = |why: &str| Refusal(format!("The command `{}` cannot be carried out: {why}", escape(name)));
        let entry = table::by_id(name).ok_or_else(|| refuse("there is no such command."))?;
        entry.enabled(&app.state).map_err(refuse)?;
        app.push((entry.command)());
        settle(&mut canvas, &mut app);
    }
    let state = &app.state;
    Ok(canvas.picture(&mut |ui| ui::frame(ui, state, &mut Vec::new())))
}

fn no_such(options: &Options, what: &str, views: &str) -> Refusal {
    let view = options.view.map_or("", AnyView::name);
    Refusal(format!("There is no view {view} of {what}: write {views}."))
}

/// Draws and carries out what the drawing asks for until neither changes anything.
pub fn settle(canvas: &mut Canvas, app: &mut App) {
    for round in 0..MOST_ROUNDS {
        app.step(Instant::now());
        canvas.context().set_zoom_factor(f32::from(app.state.settings.text_size()) / 100.0);
        let mut out = Vec::new();
        let state = &app.state;
        let again = canvas.pass(Vec::new(), &mut |ui| ui::frame(ui, state, &mut out));
        let quiet = out.is_empty() && !again;
        for command in out {
            app.push(command);
        }
        if quiet && round > 1 && !app.is_pending() {
            return;
        }
    }
}

fn check(options: &Options) -> Result<(), Refusal> {
    let Options { size, scale, .. } = options;
    let fits = |side: f32| (SHORTEST_SIDE..=LONGEST_SIDE).contains(&side);
    if !fits(size.x) || !fits(size.y) {
        return Err(Refusal(format!(
            "A picture of {} × {} points cannot be drawn; each side is between {SHORTEST_SIDE} and {LONGEST_SIDE}.",
            size.x, size.y
        )));
    }
    if !(0.5..=4.0).contains(scale) {
        return Err(Refusal(format!("A scale of {scale} cannot be drawn; it is between 0.5 and 4.")));
    }
    let pixels = f64::from(size.x * scale) * f64::from(size.y * scale);
    if pixels > MOST_PIXELS {
        return Err(Refusal(format!("A picture of {:.0} million pixels is too large; make it smaller.", pixels / 1e6)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Side;

    #[test]
    fn selections_are_read_as_they_are_written() {
        for text in ["first", "cause", "symptom", "row:6", "actual:5", "expected:0@queue:0"] {
            assert_eq!(text.parse::<Select>().unwrap().to_string(), text);
        }
        assert_eq!("row:6".parse(), Ok(Select::Row(6)));
        let event = Anchor { side: Side::Actual, index: 5, lane: None };
        assert_eq!("actual:5".parse(), Ok(Select::Event(event)));
        for text in ["", "row:", "row:-1", "middle", "actual:x"] {
            assert!(text.parse::<Select>().unwrap_err().contains("row:6"), "{text}");
        }
        assert_eq!("order".parse(), Ok(AnyView::Pair(View::Order)));
        assert_eq!("waterfall".parse(), Ok(AnyView::Pair(View::Waterfall)));
        let none = "graph".parse::<AnyView>().unwrap_err();
        assert!(none.contains("events") && none.contains("services"), "{none}");
    }

    #[test]
    fn impossible_sizes_are_refused_in_a_sentence() {
        let refused = |options: &Options| screenshot(options).unwrap_err().to_string();
        for (x, y) in [(0.0, 100.0), (100.0, f32::NAN), (1e9, 100.0)] {
            assert!(refused(&Options { size: Vec2::new(x, y), ..Options::default() }).contains("points"));
        }
        assert!(refused(&Options { scale: 0.0, ..Options::default() }).contains("scale"));
        let huge = Options { size: Vec2::splat(16_000.0), ..Options::default() };
        assert!(refused(&huge).contains("million"));
    }

    #[test]
    fn without_a_pack_it_is_the_home_page_and_nothing_can_be_selected() {
        let small = Options { size: Vec2::new(640.0, 400.0), ..Options::default() };
        let picture = screenshot(&small).unwrap();
        assert_eq!((picture.width, picture.height), (640, 400));
        assert_eq!(picture, screenshot(&small).unwrap(), "the same picture again");
        let select = Options { select: Some(Select::Cause), ..small };
        assert!(screenshot(&select).unwrap_err().to_string().contains("no pack is open"));
    }

    #[test]
    fn commands_are_carried_out_by_name_or_refused() {
        let options = |name: &str| Options { commands: vec![name.to_owned()], ..Options::default() };
        assert!(screenshot(&options("no such")).unwrap_err().to_string().contains("no such command"));
        assert!(screenshot(&options("next")).unwrap_err().to_string().contains("Open a pack first."));
        for name in ["help", "text-larger"] {
            assert_ne!(screenshot(&options(name)), screenshot(&Options::default()), "{name} changes nothing");
        }
    }

    #[test]
    fn a_pack_that_is_not_there_is_a_sentence() {
        let options = Options { request: Request::paths(["no/such/pack".into()]), ..Options::default() };
        let why = screenshot(&options).unwrap_err().to_string();
        assert!(why.contains("no/such/pack"), "{why}");
    }
}
