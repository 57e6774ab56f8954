//! Stepping from the bar at the bottom, and the clock of playing: the only thing that repaints by itself, and only then.

use egui::{FontId, Painter, Pos2, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::app::pair::{Pair, PairCommand, PairRequest};
use crate::trace::grouped;
use crate::ui::hints;
use crate::ui::pair::glyph;
use crate::ui::pair::words::Words;
use crate::ui::theme::{Tokens, size};

/// How wide it is.
pub const WIDTH: f32 = 4.0 * BUTTON + SPEED;
const BUTTON: f32 = 28.0;
const SPEED: f32 = 52.0;
/// Pictures a second while rows are played; what is faster takes several rows at once.
const PICTURES: f64 = 10.0;
/// The same with reduced motion.
const REDUCED: f64 = 1.0;

/// Draws the controls from `left` on.
pub fn show(ui: &Ui, pair: &Pair, left: f32, y: f32, t: &Tokens, out: &mut Vec<PairRequest>) {
    let transport = pair.transport();
    let busy = transport.playing() || transport.running();
    let stops = transport.breakpoints().iter().any(|breakpoint| breakpoint.enabled);
    let buttons = [
        ("Step back", Shown::Back, PairCommand::StepRows(-1), true),
        if busy {
            ("Pause", Shown::Pause, PairCommand::TogglePlay, true)
        } else {
            ("Play", Shown::Play, PairCommand::TogglePlay, true)
        },
        ("Step forward", Shown::Forward, PairCommand::StepRows(1), true),
        ("Run to next breakpoint", Shown::Run, PairCommand::RunToBreakpoint, stops),
    ];
    let mut at = pos2(left + BUTTON / 2.0, y);
    for (name, shown, command, enabled) in buttons {
        if button(ui, at, name, shown, enabled && pair.selection().is_some(), t) {
            out.push(command.into());
        }
        at.x += BUTTON;
    }
    let rect = Rect::from_min_size(pos2(at.x - BUTTON / 2.0, y - 13.0), vec2(SPEED, 26.0));
    let response = ui.interact(rect, ui.scope_id().with("speed"), Sense::click());
    let speed = grouped(u64::from(transport.speed()));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Speed {speed} rows a second, faster")));
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 6.0, t.selection);
    }
    let colour = if transport.playing() { t.text } else { t.dim };
    let words = Words::of(&format!("{speed}/s"), FontId::proportional(size::LABEL), colour);
    words.paint(ui.painter(), pos2(rect.left() + 8.0, y), SPEED - 8.0);
    if response.clicked() {
        out.push(PairCommand::Speed(1).into());
    }
    let keys = ["faster", "slower"].map(|command| hints::key(ui, command));
    let hint = match &keys {
        [faster, slower] if !faster.is_empty() && !slower.is_empty() => {
            format!("Rows a second. {faster} plays faster, {slower} slower.")
        }
        _ => "Rows a second; a click plays faster.".to_owned(),
    };
    response.on_hover_text(hint);
}

/// Sends the rows whose time has come while rows are played, and wakes the window for the next ones.
pub fn clock(ui: &Ui, pair: &Pair, reduced_motion: bool, out: &mut Vec<PairRequest>) {
    let transport = pair.transport();
    if transport.running() {
        out.push(PairCommand::RunMore.into());
        ui.ctx().request_repaint();
    }
    let since = egui::Id::unique("played until");
    if !transport.playing() {
        ui.data_mut(|data| data.remove::<f64>(since));
        return;
    }
    let now = ui.input(|input| input.time);
    let speed = f64::from(transport.speed());
    let pictures = if reduced_motion { REDUCED } else { PICTURES };
    let tick = (1.0 / speed).max(1.0 / pictures);
    let before = ui.data_mut(|data| *data.get_temp_mut_or_insert_with(since, || now));
    let passed = now - before;
    // A hair early is in time: timers are not exact.
    if passed >= tick * 0.99 {
        // After a pause of the whole window it goes on where it was, not where it would be.
        let rows = (passed * speed).round().clamp(1.0, speed.max(1.0));
        ui.data_mut(|data| data.insert_temp(since, now));
        out.push(PairCommand::PlayOn(rows as u32).into());
        ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64(tick));
    } else {
        ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64(tick - passed));
    }
}

#[derive(Clone, Copy)]
enum Shown {
    Back,
    Play,
    Pause,
    Forward,
    Run,
}

fn button(ui: &Ui, middle: Pos2, name: &str, shown: Shown, enabled: bool, t: &Tokens) -> bool {
    let rect = Rect::from_center_size(middle, vec2(26.0, 26.0));
    let sense = if enabled { Sense::click() } else { Sense::hover() };
    let response = ui.interact(rect, ui.scope_id().with(("transport", name)), sense);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, name));
    if enabled && (response.hovered() || response.has_focus()) {
        ui.painter().rect_filled(rect, 6.0, t.selection);
    }
    paint(ui.painter(), middle, shown, enabled, t);
    let clicked = response.clicked();
    response.on_hover_text(if enabled { name } else { "Set a breakpoint first." });
    clicked
}

fn paint(painter: &Painter, middle: Pos2, shown: Shown, enabled: bool, t: &Tokens) {
    let ink = if enabled { t.text } else { t.faint };
    let bar = |x: f32| {
        painter.line_segment([middle + vec2(x, -5.0), middle + vec2(x, 5.0)], Stroke::new(1.5, ink));
    };
    let tip = |x: f32, way: f32| {
        let points = vec![
            middle + vec2(x - 3.0 * way, -4.5),
            middle + vec2(x + 3.5 * way, 0.0),
            middle + vec2(x - 3.0 * way, 4.5),
        ];
        painter.add(Shape::convex_polygon(points, ink, Stroke::NONE));
    };
    match shown {
        Shown::Back => {
            tip(-1.5, -1.0);
            bar(4.0);
        }
        Shown::Play => {
            let points = vec![middle + vec2(-4.0, -6.0), middle + vec2(6.0, 0.0), middle + vec2(-4.0, 6.0)];
            painter.add(Shape::convex_polygon(points, ink, Stroke::NONE));
        }
        Shown::Pause => {
            for x in [-3.0, 3.0] {
                painter.rect_filled(Rect::from_center_size(middle + vec2(x, 0.0), vec2(3.0, 11.0)), 0.5, ink);
            }
        }
        Shown::Forward => {
            bar(-4.0);
            tip(1.5, 1.0);
        }
        Shown::Run => {
            tip(-3.5, 1.0);
            glyph::breakpoint(painter, middle + vec2(5.0, 0.0), enabled, 0.7, t);
        }
    }
}
