//! What stands above and below a pair and windows of requests alike: the verdict, what makes it doubtful, and the bar at the bottom with
//! what is running and what was wrong with the input.

use egui::{Color32, FontId, Frame, Panel, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2};

use super::fonts::medium;
use super::hints;
use super::pair::banner;
use super::pair::words::Words;
use super::theme::{self, Tokens, size};
use crate::trace::{Warnings, escape, grouped};

/// Height of the bar at the bottom.
const STATUS: f32 = 36.0;
/// Room between two things that are said in it.
pub const GAP: f32 = 20.0;

/// What the window around a page has to say in its status bar.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Status {
    /// What is running, such as `Comparing 45 %`; empty when nothing is.
    pub job: String,
    /// True to play in fewer, larger jumps.
    pub reduced_motion: bool,
    /// How the files go on, and whether that is a warning; empty where they do not.
    pub live: (String, bool),
    /// `3 new`, where something came to it; empty where nothing did.
    pub new: String,
    /// What makes the verdict less than final: `waiting for more`.
    pub states: Vec<&'static str>,
    /// True when the field that lanes are filtered by is to have the keyboard.
    pub filter_lanes: bool,
}

/// A bar that a page fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bar {
    /// The verdict and its answers.
    Verdict,
    /// The bar at the bottom.
    Status,
}

/// Makes room for the bars and lets `draw` fill them; says whether the doubts were clicked, which asks for the messages.
pub fn around(ui: &mut Ui, verdict: f32, doubts: &[String], draw: &mut dyn FnMut(&mut Ui, Bar)) -> bool {
    let t = theme::tokens(ui);
    let bar = |fill: Color32| Frame::NONE.fill(fill);
    Panel::top("verdict")
        .exact_size(verdict)
        .resizable(false)
        .frame(bar(t.panel))
        .show_separator_line(true)
        .show(ui, |ui| draw(ui, Bar::Verdict));
    let mut clicked = false;
    if !doubts.is_empty() {
        let panel = Panel::top("banner").exact_size(banner::HEIGHT).resizable(false).frame(bar(t.warn_wash));
        panel.show_separator_line(false).show(ui, |ui| clicked = banner::show(ui, doubts));
    }
    let panel = Panel::bottom("status").exact_size(STATUS).resizable(false).frame(bar(t.panel));
    panel.show(ui, |ui| draw(ui, Bar::Status));
    clicked
}

/// What a person asks for at the right end of the bar.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Asked {
    /// To stop what is running.
    pub cancel: bool,
    /// To see the messages.
    pub messages: bool,
}

/// What a person asks for where it says how files go on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AskedLive {
    /// To see what came.
    pub new: bool,
    /// To pause, or to go on.
    pub pause: bool,
}

/// Draws what is running and how many warnings there are at the right end of the bar; says where they begin.
pub fn right_end(ui: &Ui, rect: Rect, job: &str, warnings: &Warnings, t: &Tokens) -> (f32, Asked) {
    let y = rect.center().y;
    let font = || FontId::proportional(size::LABEL);
    let mut right = rect.right() - 16.0;
    let mut asked = Asked::default();
    if !job.is_empty() {
        let shown = Words::of(&escape(job), font(), t.text).paint_right(ui.painter(), pos2(right, y), 240.0);
        let response = ui.interact(shown.expand(4.0), ui.scope_id().with("job"), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{job}, cancel")));
        asked.cancel = response.clicked();
        response.on_hover_text("Click to cancel.");
        right = shown.left() - GAP;
    }
    let number: u64 = warnings.as_slice().iter().map(|warning| 1 + warning.more).sum();
    let text = match number {
        0 => "no warnings".to_owned(),
        1 => "1 warning".to_owned(),
        n => format!("{} warnings", grouped(n)),
    };
    let colour = if number == 0 { t.dim } else { t.warn };
    let shown = Words::of(&text, font(), colour).paint_right(ui.painter(), pos2(right, y), 160.0);
    let response = ui.interact(shown.expand(4.0), ui.scope_id().with("warnings"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, text.clone()));
    if response.hovered() || response.has_focus() {
        ui.painter().hline(shown.x_range(), shown.bottom(), Stroke::new(1.0, colour));
    }
    asked.messages = response.clicked();
    (shown.left() - GAP, asked)
}

/// Draws how the files go on and how much came, both to be clicked; says where they begin.
pub fn live(ui: &Ui, status: &Status, mut right: f32, y: f32, t: &Tokens) -> (f32, AskedLive) {
    let mut asked = AskedLive::default();
    if !status.new.is_empty() {
        let shown =
            Words::of(&status.new, medium(size::LABEL), t.expected).paint_right(ui.painter(), pos2(right, y), 100.0);
        let response = ui.interact(shown.expand(4.0), ui.scope_id().with("new"), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{}, show", status.new)));
        if response.hovered() || response.has_focus() {
            ui.painter().hline(shown.x_range(), shown.bottom(), Stroke::new(1.0, t.expected));
        }
        asked.new = response.clicked();
        let over = "What came; what you look at stays where it is until you ask for them";
        response.on_hover_text(hints::with_key(ui, over, "new-runs"));
        right = shown.left() - GAP;
    }
    let (words, warns) = &status.live;
    if !words.is_empty() {
        let colour = if *warns { t.warn } else { t.text };
        let line = Words::of(&escape(words), FontId::proportional(size::LABEL), colour);
        let shown = line.paint_right(ui.painter(), pos2(right, y), 240.0);
        let dot = pos2(shown.left() - 10.0, y);
        ui.painter().circle_filled(dot, 3.5, if *warns { t.warn } else { t.ok });
        let area = Rect::from_min_max(pos2(dot.x - 4.0, shown.top()), shown.max);
        let response = ui.interact(area.expand(4.0), ui.scope_id().with("live"), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, words));
        asked.pause = response.clicked();
        let over = format!("{}. Click to pause or to go on", escape(words));
        response.on_hover_text(hints::with_key(ui, &over, "pause-watching"));
        right = area.left() - GAP;
    }
    (right, asked)
}

/// Paints something that is said in the bar up to `end`, and names it; says where it ends.
pub fn said(ui: &Ui, left: f32, y: f32, end: f32, id: &str, name: &str, words: Words) -> f32 {
    if end - left < 24.0 {
        return left;
    }
    let (shown, cut) = words.paint(ui.painter(), pos2(left, y), end - left);
    let response = ui.interact(shown, ui.scope_id().with(id), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, name));
    if cut {
        response.on_hover_text(escape(name));
    }
    shown.right()
}

/// Paints what was said last behind what ends at `left`; nothing where nothing was.
pub fn notice(ui: &Ui, left: f32, y: f32, end: f32, notice: &str, t: &Tokens) {
    if !notice.is_empty() {
        let words = Words::of(&escape(notice), medium(size::LABEL), t.text);
        said(ui, left + GAP, y, end, "notice", notice, words);
    }
}
