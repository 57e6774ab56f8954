//! The state of every lane at the selected row: said once where both sides agree, expected above actual on a wash where
//! they differ.

use egui::{FontId, Rect, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

use super::{PAD, sentence};
use crate::app::pair::{Pair, PairCommand, PairRequest, ShownState};
use crate::replay::{StateLine, Status};
use crate::trace::{Sides, escape, grouped};
use crate::ui::fonts::{medium, mono_medium, semibold};
use crate::ui::pair::glyph::Mark;
use crate::ui::pair::words::Words;
use crate::ui::theme::{Tokens, size};

/// Height of a line.
const LINE: f32 = 20.0;
/// The least that a lane's name leaves to what is said of it.
const VALUES: f32 = 150.0;
/// Height of the name of a class.
const CLASS: f32 = 24.0;

/// How high it wants to be.
pub fn height(pair: &Pair) -> f32 {
    let Some(shown) = pair.transport().state() else { return 2.0 * LINE };
    let lines = &shown.stated.lines;
    let classes = lines.chunk_by(|a, b| a.class == b.class).count();
    let notes = usize::from(shown.stated.ended.is_some()) * 2 + usize::from(shown.stated.more > 0);
    let twice = lines.iter().filter(|line| line.differs).count();
    LINE * (lines.len() + twice + 1 + notes) as f32 + CLASS * classes as f32 + 8.0
}

/// What its heading says beside its name.
pub fn aside(pair: &Pair) -> String {
    match pair.transport().state().map(|shown| shown.stated.differing) {
        None => String::new(),
        Some(0) => "no lane differs".to_owned(),
        Some(1) => "1 lane differs".to_owned(),
        Some(n) => format!("{} lanes differ", grouped(n as u64)),
    }
}

/// Draws the state; asks for more of it as long as it is not known.
pub fn show(ui: &mut Ui, pair: &Pair, t: &Tokens, out: &mut Vec<PairRequest>) {
    let progress = pair.transport().progress(pair.analysis());
    if progress.is_some() {
        out.push(PairCommand::StateMore.into());
        ui.ctx().request_repaint();
    }
    let Some(shown) = pair.transport().state() else {
        let (done, all) = progress.unwrap_or((0, 1));
        let text = match pair.selection() {
            None => "There is no row to stand at.".to_owned(),
            Some(_) => format!("Going through the rows, {} %.", done * 100 / all.max(1)),
        };
        sentence(ui, &text, t.dim);
        return;
    };
    let whole = ui.available_height() >= height(pair);
    ScrollArea::vertical().id_salt("state").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        legend(ui, t);
        lines(ui, pair, shown, whole, t);
        if shown.stated.more > 0 {
            sentence(ui, &format!("and {} more lanes.", grouped(shown.stated.more as u64)), t.dim);
        }
        if let Some(side) = shown.stated.ended {
            sentence(ui, &format!("The {side} side is not recorded here any more: its last states stand."), t.warn);
        }
        ui.add_space(8.0);
    });
}

/// What stands above what, in the colours of the sides.
fn legend(ui: &mut Ui, t: &Tokens) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::hover());
    let words = Words::of("Differing: ", FontId::proportional(size::LABEL), t.dim)
        .add("expected", medium(size::LABEL), t.expected)
        .add(" above ", FontId::proportional(size::LABEL), t.dim)
        .add("actual", medium(size::LABEL), t.actual);
    words.paint(ui.painter(), pos2(rect.left() + PAD, rect.center().y), rect.width() - 2.0 * PAD);
}

/// The lanes by their class. Where not all are in sight, those that differ stand before the others.
fn lines(ui: &mut Ui, pair: &Pair, shown: &ShownState, whole: bool, t: &Tokens) {
    let names = &pair.analysis().names.lanes;
    let name = |line: &StateLine| names.get(line.lane as usize).map_or("", String::as_str);
    let digit = ui.fonts_mut(|fonts| fonts.glyph_width(&FontId::monospace(size::SMALL), '0'));
    let longest = shown.stated.lines.iter().map(|line| escape(name(line)).chars().count()).max().unwrap_or(0);
    let room = ui.available_width() - 2.0 * PAD - 16.0;
    let most = (room - VALUES).max(room * 0.3).max(72.0);
    let name_room = (longest as f32 * digit + 14.0).min(most);
    let mut all: Vec<(&StateLine, &Sides<String>)> = shown.stated.lines.iter().zip(&shown.words).collect();
    if !whole {
        all.sort_by_key(|(line, _)| !line.differs);
    }
    let mut class = None;
    for (line, words) in all {
        if class != Some((line.class, line.differs && !whole)) {
            class = Some((line.class, line.differs && !whole));
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), CLASS), Sense::hover());
            let at = pos2(rect.left() + PAD, rect.center().y + 2.0);
            Words::of(line.class.title(), semibold(size::SMALL), t.dim).paint(ui.painter(), at, rect.width());
        }
        state_line(ui, (name(line), name_room), line, words, t);
    }
}

fn state_line(ui: &mut Ui, (lane, name_room): (&str, f32), stated: &StateLine, words: &Sides<String>, t: &Tokens) {
    let height = if stated.differs { 2.0 * LINE } else { LINE };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let lane = escape(lane);
    let [expected, actual] = [escape(&words.expected), escape(&words.actual)];
    response.widget_info(|| {
        let differs = if stated.differs { ", differs" } else { "" };
        let here = if stated.here { ", touched by this row" } else { "" };
        let name = format!("state of {lane}{differs}{here}: expected {expected}, actual {actual}");
        WidgetInfo::labeled(Role::Label, true, name)
    });
    if !ui.is_rect_visible(rect) {
        return;
    }
    let painter = ui.painter();
    let first = rect.top() + LINE / 2.0;
    let name = rect.left() + PAD + 16.0;
    let left = name + name_room;
    let width = rect.right() - PAD - left;
    if stated.differs {
        let wash =
            Rect::from_min_max(pos2(left - 6.0, rect.top() + 1.0), pos2(rect.right() - PAD + 6.0, rect.bottom() - 1.0));
        painter.rect_filled(wash, 3.0, t.cause_wash);
        Mark::Changed.paint(painter, pos2(rect.left() + PAD + 5.0, first), 0.7, Mark::Changed.colour(t));
    }
    let font = if stated.here { mono_medium(size::SMALL) } else { FontId::monospace(size::SMALL) };
    let ink = if stated.here || stated.differs { t.text } else { t.dim };
    let (_, mut cut) = Words::of(&lane, font, ink).paint(painter, pos2(name, first), left - name - 12.0);
    let mut say = |text: &str, y: f32, colour| {
        let words = Words::of(text, FontId::monospace(size::SMALL), colour);
        cut |= words.paint(painter, pos2(left, y), width).1;
    };
    if stated.differs {
        say(&expected, first, t.expected);
        say(&actual, first + LINE - 2.0, t.actual);
    } else if stated.states.actual.status == Status::Untouched {
        // A trace without a baseline, or without a partner.
        say(&expected, first, ink);
    } else {
        say(&actual, first, ink);
    }
    if cut {
        response.on_hover_text(format!("{lane}\nexpected: {expected}\nactual: {actual}"));
    }
}
