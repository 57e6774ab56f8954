//! The names of the lanes and groups, left of the axis.

use egui::{FontId, Painter, Rect, Response, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::{drag, lane_menu};
use crate::app::pair::{LaneCommand, Mode, Pair, PairCommand, PairRequest, TimelineCommand};
use crate::trace::{escape, grouped};
use crate::ui::fonts::{medium, semibold};
use crate::ui::pair::words::Words;
use crate::ui::theme::{Tokens, size};
use crate::view::Lane;

/// Where names begin.
const INDENT: f32 = 16.0;

/// `1 difference`, `2,000 differences`.
fn differences(number: u32) -> String {
    if number == 1 { "1 difference".to_owned() } else { format!("{} differences", grouped(u64::from(number))) }
}

/// `1 event`, `2,000 events`, of both sides.
fn events(info: &Lane) -> String {
    match u64::from(info.events.expected) + u64::from(info.events.actual) {
        1 => "1 event".to_owned(),
        n => format!("{} events", grouped(n)),
    }
}

/// The title of a group: folds and unfolds it.
#[expect(clippy::too_many_arguments, reason = "one line of the timeline")]
pub fn group(
    ui: &Ui,
    painter: &Painter,
    pair: &Pair,
    group: Option<u32>,
    lanes: u32,
    rect: Rect,
    t: &Tokens,
    out: &mut Vec<PairRequest>,
) {
    let word = match group {
        None => "pinned".to_owned(),
        Some(group) => match pair.lanes().groups()[group as usize].as_str() {
            "" => "no lane".to_owned(),
            word => escape(word).into_owned(),
        },
    };
    let folded = pair.timeline().is_folded(group);
    let number = if lanes == 1 { "1 lane".to_owned() } else { format!("{} lanes", grouped(u64::from(lanes))) };
    let response =
        press(ui, rect.intersect(painter.clip_rect()), ("group", group), Sense::click(), Role::Button, || {
            format!("{} {word}, {number}", if folded { "Unfold" } else { "Fold" })
        });
    let over = response.hovered() || response.has_focus();
    painter.rect_filled(rect, 0.0, if over { t.raised } else { t.panel });
    painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line));
    let c = pos2(rect.left() + INDENT + 3.0, rect.center().y);
    let triangle = if folded {
        vec![c + vec2(-2.0, -4.0), c + vec2(3.0, 0.0), c + vec2(-2.0, 4.0)]
    } else {
        vec![c + vec2(-4.0, -2.0), c + vec2(4.0, -2.0), c + vec2(0.0, 3.0)]
    };
    painter.add(Shape::convex_polygon(triangle, t.dim, Stroke::NONE));
    let name = Words::of(&word, semibold(size::LABEL), t.text).add(
        &format!("  {number}"),
        FontId::proportional(size::SMALL),
        t.dim,
    );
    name.paint(painter, pos2(rect.left() + INDENT + 14.0, rect.center().y), rect.width() - 48.0);
    if response.clicked() {
        out.push(PairCommand::Timeline(TimelineCommand::ToggleGroup(group)).into());
    }
}

/// The name of a lane. A click pins it, dragging moves it, the right button has the rest; what differs on it stands below where there is room. True when the pointer is over it.
pub fn lane(
    ui: &Ui,
    painter: &Painter,
    pair: &Pair,
    lane: u32,
    rect: Rect,
    t: &Tokens,
    out: &mut Vec<PairRequest>,
) -> bool {
    let info = &pair.lanes().list()[lane as usize];
    let pinned = pair.timeline().is_pinned(lane);
    let lit = pair.is_lane_lit(lane);
    // Where nothing was compared a lane is neither equal nor different.
    let found = pair.is_compared().then_some(info.differences);
    let sense = Sense::click_and_drag();
    let response = press(ui, rect.intersect(painter.clip_rect()), ("lane", lane), sense, Role::Row, || {
        let mut name =
            format!("lane {}, {} expected and {} actual events", info.name, info.events.expected, info.events.actual);
        if let Some(found) = found {
            name.extend([", ", &differences(found)]);
        }
        if info.has_cause {
            name.push_str(", the most likely cause");
        } else if info.reached.is_some() {
            name.push_str(", reached by the cause");
        }
        if pinned {
            name.push_str(", pinned");
        }
        if lit {
            name.push_str(", lit");
        }
        name
    });
    let hovered = response.hovered();
    let over = hovered || lit || response.has_focus() || drag::is_dragged(ui, lane);
    painter.rect_filled(rect.shrink2(vec2(0.0, 0.5)), 0.0, if over { t.raised } else { t.panel });
    let edge = if info.has_cause {
        Some(t.cause)
    } else if found > Some(0) {
        Some(t.actual)
    } else {
        None
    };
    if let Some(edge) = edge {
        painter.rect_filled(rect.with_max_x(rect.left() + 3.0), 0.0, edge);
    }
    let (word, value) = info.name.split_at(info.name.find(':').map_or(0, |colon| colon + 1));
    let room = rect.width() - INDENT - 12.0;
    let stacked = pair.timeline().mode() == Mode::Stacked;
    let aside = match found {
        None => events(info),
        Some(0) if stacked => "equal".to_owned(),
        Some(0) => String::new(),
        Some(n) if !stacked => n.to_string(),
        Some(n) if info.has_cause => format!("{} · cause", differences(n)),
        Some(n) => differences(n),
    };
    let aside_colour = if info.has_cause { t.cause } else { t.dim };
    let name = Words::of(&escape(word), FontId::proportional(size::BODY), t.dim).add(
        &escape(value),
        medium(size::BODY),
        t.text,
    );
    if stacked {
        let aside = Words::of(&aside, FontId::proportional(size::SMALL), aside_colour);
        name.paint(painter, pos2(rect.left() + INDENT, rect.center().y - 9.0), room);
        aside.paint(painter, pos2(rect.left() + INDENT, rect.center().y + 10.0), room);
    } else {
        let right = rect.right() - 12.0;
        let font = if found.is_some() { FontId::monospace(size::SMALL) } else { FontId::proportional(size::SMALL) };
        let aside = Words::of(&aside, font, aside_colour);
        let taken = aside.paint_right(painter, pos2(right, rect.center().y), room).width();
        name.paint(painter, pos2(rect.left() + INDENT, rect.center().y), room - taken - 8.0);
    }
    if pinned {
        let at = pos2(rect.left() + 9.0, rect.center().y - if stacked { 9.0 } else { 0.0 });
        painter.circle_filled(at, 2.5, t.expected);
    }
    if response.clicked() {
        out.push(PairCommand::Timeline(TimelineCommand::Lane(lane, LaneCommand::Pin)).into());
    }
    drag::begin(ui, &response, pair, lane);
    lane_menu::show(ui, &response, pair, lane, out);
    response.on_hover_text(format!(
        "{}\n{} expected · {} actual{}\nClick to {}, drag to move it; the right button has more.",
        escape(&info.name),
        grouped(u64::from(info.events.expected)),
        grouped(u64::from(info.events.actual)),
        found.map_or_else(String::new, |found| format!(" · {}", differences(found))),
        if pinned { "let it go" } else { "pin it on top" }
    ));
    hovered
}

fn press(
    ui: &Ui,
    rect: Rect,
    id: impl std::hash::Hash + std::fmt::Debug,
    sense: Sense,
    role: Role,
    name: impl Fn() -> String,
) -> Response {
    let response = ui.interact(rect, ui.scope_id().with(id), sense);
    response.widget_info(|| WidgetInfo::labeled(role, true, name()));
    response.on_hover_cursor(egui::CursorIcon::PointingHand)
}
