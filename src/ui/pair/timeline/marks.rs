//! The events of a lane: one by one where there is room, else as heights, with every difference at least two points wide.

use egui::{Color32, FontId, Painter, Rangef, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::stage::Stage;
use crate::app::pair::{Hovered, Mode, PairCommand, PairRequest, TimelineCommand};
use crate::compare::RowClass;
use crate::trace::{EventIndex, Side};
use crate::ui::pair::glyph::{self, Mark};
use crate::ui::pair::row;
use crate::ui::pair::words::Words;
use crate::ui::theme::{self, Tokens, size};
use crate::view::List;

/// Points that an event needs to be drawn by itself.
pub(super) const ROOM: f32 = 4.0;
/// Events drawn by themselves in all lanes together, so that a huge window stays quick.
const MOST: usize = 640;
/// Width of an event's mark, and of where the pointer catches it.
const MARK: f32 = 4.0;
const CATCH: f32 = 8.0;
/// Width of what is hatched where a side lacks an event.
const GAP: f32 = 12.0;
/// Room that words need behind a mark.
const WORDS: f32 = 36.0;

/// What was drawn so far in this frame.
#[derive(Debug, Default)]
pub struct Shown {
    /// What the pointer is over.
    pub hovered: Option<Hovered>,
    single: usize,
}

/// Draws both sides of a lane.
pub fn lane(
    ui: &Ui,
    painter: &Painter,
    stage: &Stage<'_>,
    lane: u32,
    rect: Rect,
    shown: &mut Shown,
    out: &mut Vec<PairRequest>,
) {
    for side in Side::BOTH {
        let strip = Strip { stage, side, lane, y: stage.strip(side, rect) };
        let painter = painter.with_clip_rect(painter.clip_rect().intersect(stage.canvas(side)));
        let gaps = strip.gaps(&painter);
        strip.bars(&painter);
        strip.spans(&painter);
        strip.events(ui, &painter, &gaps, shown, out);
    }
}

/// One side of a lane.
pub(super) struct Strip<'a> {
    pub stage: &'a Stage<'a>,
    pub side: Side,
    pub lane: u32,
    pub y: Rangef,
}

/// The colour of a side, quiet for what is the same.
pub(super) fn ink(t: &Tokens, side: Side, differs: bool) -> Color32 {
    let colour = if side == Side::Expected { t.expected } else { t.actual };
    if differs { colour } else { theme::mix(t.bg, colour, 0.6) }
}

impl Strip<'_> {
    pub fn x(&self, event: EventIndex) -> f64 {
        self.stage.scale.x(self.side, event)
    }

    /// What is in sight of a list of this side, with a little beyond both ends.
    fn in_sight<'l>(&self, list: List<'l>) -> &'l [EventIndex] {
        let (from, to) = self.stage.range_in_sight();
        let beyond = self.stage.per_point() * f64::from(CATCH);
        list.within(&self.stage.scale, self.side, from - beyond, to + beyond)
    }

    /// `gaps` are the middles of what is hatched, from left to right: no words stand on it.
    fn events(&self, ui: &Ui, painter: &Painter, gaps: &[f32], shown: &mut Shown, out: &mut Vec<PairRequest>) {
        let pair = self.stage.pair;
        let axis = self.stage.scale.axis();
        let all = self.in_sight(pair.lanes().events(axis, self.side, self.lane));
        let room = self.stage.width() / ROOM;
        if all.len() as f32 > room || shown.single + all.len() > MOST {
            self.skyline(painter);
            return;
        }
        shown.single += all.len();
        for (i, &event) in all.iter().enumerate() {
            let next = all.get(i + 1).map_or(f32::INFINITY, |&next| self.stage.of(self.side, next));
            let x = self.stage.of(self.side, event);
            // Words begin behind a gap at their mark, and end before the next one.
            let (before, behind) = gaps.split_at(gaps.partition_point(|gap| *gap <= x + GAP));
            let begin = before.last().map_or(x + MARK, |gap| (gap + GAP / 2.0).max(x + MARK));
            let end = behind.first().map_or(next, |gap| next.min(gap - GAP / 2.0));
            self.single(ui, painter, event, (begin, end), shown, out);
        }
    }

    fn single(
        &self,
        ui: &Ui,
        painter: &Painter,
        event: EventIndex,
        (begin, end): (f32, f32),
        shown: &mut Shown,
        out: &mut Vec<PairRequest>,
    ) {
        let (pair, t) = (self.stage.pair, self.stage.t);
        let analysis = pair.analysis();
        let Some(index) = pair.rows().row_of(self.side, event) else { return };
        let content = pair.rows().get(index);
        let differs = content.class != RowClass::Same || content.inverted;
        let x = painter.round_to_pixel_center(self.stage.of(self.side, event));
        let middle = self.y.center();
        let at = Rect::from_center_size(pos2(x, middle), vec2(CATCH, self.y.span() + 4.0));
        let id = ui.scope_id().with((self.side, self.lane, event));
        let response = ui.interact(at.intersect(painter.clip_rect()), id, Sense::click());
        let selected = pair.selection().is_some_and(|selection| selection.row == index);
        let answers = row::answers(pair, index);
        response.widget_info(|| {
            let lane = &pair.lanes().list()[self.lane as usize].name;
            let called = self.stage.cells.name(pair, index, self.side, event);
            let mut name = format!("{} #{event} {called} on {lane}, ", self.side);
            for mark in &answers {
                name.push_str(mark.answer());
                name.push_str(", ");
            }
            name.push_str(row::class_word(pair, index));
            if let Some(lasts) = analysis.lasts(self.side, event) {
                name = format!("{name}, lasts {lasts}");
            }
            if pair.search().found(index) {
                name.push_str(", found");
            }
            if selected {
                name.push_str(", selected");
            }
            WidgetInfo::selected(Role::ListItem, true, selected, name)
        });
        // A place that is hovered lights all that happened there, but a difference stays one.
        let hovered = response.hovered() || pair.hovered_row() == Some(index);
        let lit = hovered || (!differs && pair.is_lit(index));
        let colour = if lit { t.text } else { ink(t, self.side, differs && !content.unrecorded) };
        let answer = answers.iter().copied().max_by_key(|mark| match mark {
            Mark::Diamond { .. } => 2,
            Mark::Ring => 1,
            _ => 0,
        });
        let height = if differs { self.y.span() } else { self.y.span() * 0.6 };
        let mark = Rect::from_center_size(pos2(x, middle), vec2(MARK, height.round()));
        painter.rect_filled(mark, 1.5, colour);
        if pair.search().found(index) {
            let below = Rect::from_center_size(pos2(x, self.y.max + 2.0), vec2(8.0, 3.0));
            painter.rect_filled(below, 1.5, t.warn);
        }
        if selected && answer.is_none() {
            painter.rect_stroke(mark.expand(3.0), 3.0, Stroke::new(1.5, t.text), StrokeKind::Middle);
        }
        let mut left = begin;
        let free = end - left - 2.0;
        if let Some(mark) = answer {
            let c = pos2(x, middle);
            painter.circle_filled(c, 8.0, t.bg);
            if selected {
                painter.circle_stroke(c, 10.0, Stroke::new(1.5, t.text));
            }
            mark.paint(painter, c, 1.0, mark.colour(t));
            left += 6.0;
        } else if let Some(mark) = row::class_mark(pair, content).filter(|_| free > 14.0) {
            mark.paint(painter, pos2(left + 7.0, middle), 0.7, mark.colour(t));
            left += 14.0;
        }
        if free > WORDS && pair.timeline().mode() != Mode::Overlaid {
            let words = if differs { t.text } else { t.dim };
            let called = self.stage.cells.on_lane(pair, index, self.side, event);
            Words::of(&called, FontId::monospace(size::SMALL), words).paint(
                painter,
                pos2(left + 3.0, middle),
                end - left - 8.0,
            );
        }
        if response.hovered() {
            shown.hovered = Some(Hovered::Row(index));
        }
        if response.double_clicked() {
            out.push(PairCommand::SelectCell(index, self.side).into());
            out.push(PairCommand::Timeline(TimelineCommand::Focus).into());
        } else if response.clicked() {
            out.push(PairCommand::SelectCell(index, self.side).into());
        }
        // To ask each mark whether its tooltip is open would cost more than to draw it.
        if response.hovered() {
            response.on_hover_ui_at_pointer(|ui| {
                ui.spacing_mut().item_spacing.y = 2.0;
                let class = row::class_word(pair, index);
                let caption = format!("Row {} · {class}", u64::from(index) + 1);
                ui.label(egui::RichText::new(caption).size(size::SMALL).color(t.dim));
                for side in Side::BOTH {
                    let Some(event) = content.event(side) else { continue };
                    let time = analysis.time(side, event).map_or_else(String::new, |time| format!("  {time}"));
                    let lasts =
                        analysis.lasts(side, event).map_or_else(String::new, |lasts| format!(" · lasts {lasts}"));
                    let called = self.stage.cells.name(pair, index, side, event);
                    let text = format!("{side} #{event}  {called}{time}{lasts}");
                    let ink = if side == Side::Expected { t.expected } else { t.actual };
                    ui.label(egui::RichText::new(text).monospace().size(size::LABEL).color(ink));
                }
            });
        }
    }

    /// What only the other side has is a gap here. Says where the gaps stand.
    fn gaps(&self, painter: &Painter) -> Vec<f32> {
        let (pair, t) = (self.stage.pair, self.stage.t);
        let mut drawn = Vec::new();
        if pair.timeline().mode() == Mode::Overlaid {
            return drawn;
        }
        let other = Strip { stage: self.stage, side: self.side.other(), lane: self.lane, y: self.y };
        let theirs = other.in_sight(pair.lanes().differing(self.stage.scale.axis(), other.side, self.lane));
        if theirs.len() as f32 > self.stage.width() / ROOM {
            return drawn;
        }
        for &event in theirs {
            let row = pair.rows().row_of(other.side, event).map(|row| pair.rows().get(row));
            if row.is_some_and(|row| row.event(self.side).is_none() && !row.unrecorded) {
                let x = self.stage.at(self.side, other.x(event)).round();
                let gap = Rect::from_center_size(pos2(x, self.y.center()), vec2(GAP, self.y.span() - 4.0));
                glyph::hatch(painter, gap, t.raised, theme::mix(t.line, t.dim, 0.4));
                drawn.push(x);
            }
        }
        drawn
    }
}
