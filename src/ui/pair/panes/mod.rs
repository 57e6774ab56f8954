//! The working area: every pane where the layout has it. A tab or a heading is dragged beside, below or into the tabs of
//! another pane; the lines between places are dragged too.

mod bars;
mod lines;
mod tree;

use egui::{Color32, CursorIcon, Id, Panel, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, Visuals};
use egui::{WidgetInfo, WidgetText, pos2, vec2};
use egui_tiles::{Behavior, EditAction, ResizeState, SimplificationOptions, TabState, TileId, Tiles, UiResponse};

use self::tree::Drawn;
use super::words::Words;
use super::{
    bookmarks, causes, events, filters, inspector, order, overview, propagation, replay, spec, timeline, waterfall,
};
use crate::app::layout::{BAR, GAP, Layout, LayoutCommand, Pane, Plan, Room};
use crate::app::pair::{Pair, PairCommand, PairRequest};
use crate::ui::bars::Status;
use crate::ui::fonts::medium;
use crate::ui::hints;
use crate::ui::theme::{self, Tokens, size};

/// Draws all panes into the room there is; `window` is all that the pair has.
pub fn show(
    ui: &mut Ui,
    pair: &Pair,
    layout: &Layout,
    (window, status): (egui::Vec2, &Status),
    out: &mut Vec<PairRequest>,
) {
    let t = theme::tokens(ui);
    let rect = ui.available_rect_before_wrap();
    ui.painter().rect_filled(rect, 0.0, t.panel);
    let room = Room {
        window,
        panes: rect.size(),
        state: replay::height(pair),
        headings: replay::HEADINGS,
        bookmarks: bookmarks::height(pair),
    };
    if room != *layout.room() {
        out.push(PairRequest::Layout(LayoutCommand::Room(room)));
    }
    let plan = layout.plan(rect, &room);
    if plan.groups.is_empty() {
        nothing_open(ui, rect, t);
        return;
    }
    let mut drawn = Drawn::new(layout, &plan);
    let dragged = drawn.dragged(ui.ctx());
    let mut panes = Panes { pair, layout, status, plan: &plan, t, out, over_view: false, dropped: false };
    drawn.tree.ui(&mut panes, ui);
    let Panes { over_view, dropped, .. } = panes;
    match dragged.filter(|_| dropped).and_then(|moved| Some((moved, drawn.read(moved)?))) {
        Some((moved, now)) => send(out, LayoutCommand::Arrange(Box::new(layout.rearranged(now, moved)))),
        None => bars::chosen(&drawn.tree, &plan, dragged, out),
    }
    lines::show(ui, layout, &plan, t, out);
    // Each view knows what the pointer is over in it; only here it is known that it is over none.
    if !over_view && pair.hover().is_some() {
        out.push(PairCommand::Hover(None).into());
    }
}

fn send(out: &mut Vec<PairRequest>, command: LayoutCommand) {
    out.push(PairRequest::Layout(command));
}

fn nothing_open(ui: &mut Ui, rect: Rect, t: &Tokens) {
    ui.painter().rect_filled(rect, 0.0, t.bg);
    let hint = hints::with_key(ui, "Reset the layout", "reset-layout");
    let text = format!("Every pane is closed. {hint} opens the usual ones.");
    let words = Words::of(&text, medium(size::BODY), t.dim).layout(ui.painter(), rect.width() - 48.0);
    let at = pos2((rect.center().x - words.width() / 2.0).round(), rect.center().y.round());
    let response = ui.interact(rect, ui.scope_id().with("nothing open"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &text));
    words.paint(ui.painter(), at);
    ui.allocate_rect(rect, Sense::hover());
}

struct Panes<'a> {
    pair: &'a Pair,
    layout: &'a Layout,
    status: &'a Status,
    plan: &'a Plan,
    t: &'a Tokens,
    out: &'a mut Vec<PairRequest>,
    /// True when the pointer is over a view, which then knows what it is over.
    over_view: bool,
    dropped: bool,
}

impl Panes<'_> {
    fn draw(&mut self, ui: &mut Ui, pane: Pane) {
        let (pair, out) = (self.pair, &mut *self.out);
        match pane {
            Pane::Timeline => timeline::show(ui, pair, out),
            Pane::Events => {
                if pair.filter().active() {
                    let panel = Panel::top("filters").exact_size(filters::HEIGHT).resizable(false);
                    panel.frame(egui::Frame::NONE.fill(self.t.panel)).show(ui, |ui| filters::show(ui, pair, out));
                }
                events::show(ui, pair, out);
            }
            Pane::Order => order::show(ui, pair, out),
            Pane::Propagation => propagation::show(ui, pair, out),
            Pane::Waterfall => waterfall::show(ui, pair, out),
            Pane::Inspector => inspector::show(ui, pair, out),
            Pane::Spec => spec::show(ui, pair, out),
            Pane::State => replay::show(ui, pair, out),
            Pane::Causes => causes::show(ui, pair, out),
            Pane::Bookmarks => bookmarks::show(ui, pair, out),
            Pane::Overview => overview::show(ui, pair, out),
        }
    }

    /// True for a pane alone in its place that brings a heading of its own.
    fn is_bare(&self, pane: Pane) -> bool {
        self.plan.groups.iter().any(|group| group.shown == pane && !group.has_bar())
    }
}

impl Behavior<Pane> for Panes<'_> {
    fn pane_ui(&mut self, ui: &mut Ui, tile: TileId, pane: &mut Pane) -> UiResponse {
        let (pane, t) = (*pane, self.t);
        let rect = ui.max_rect();
        let bare = self.is_bare(pane);
        // What is scrolled or typed in a pane stays with it wherever it is moved.
        let builder = UiBuilder::new().scope_id(Id::unique(("pane", pane))).max_rect(rect);
        ui.scope_builder(builder, |ui| {
            ui.set_clip_rect(rect.intersect(ui.clip_rect()));
            ui.painter().rect_filled(rect, 0.0, if pane.view().is_some() { t.bg } else { t.panel });
            let over = ui.rect_contains_pointer(rect);
            let focused = self.layout.focus() == pane;
            let whole = ui.interact(rect, ui.scope_id().with("whole"), Sense::hover());
            whole.widget_info(|| {
                let words = if focused { ", has the focus" } else { "" };
                WidgetInfo::labeled(Role::Pane, true, format!("{} pane{words}", pane.title()))
            });
            if over && !focused && ui.input(|input| input.pointer.any_pressed()) {
                send(self.out, LayoutCommand::Focus(pane));
            }
            let handle = bare.then(|| bars::handle(ui, tile.egui_id(tree::id()), pane, rect));
            let before = self.out.len();
            self.draw(ui, pane);
            if pane.view().is_some() {
                self.over_view |= over;
                if !over {
                    let is_hover = |request: &PairRequest| matches!(request, PairRequest::Pair(PairCommand::Hover(_)));
                    let others: Vec<PairRequest> =
                        self.out.drain(before..).filter(|request| !is_hover(request)).collect();
                    self.out.extend(others);
                }
            }
            if bare && focused {
                let mark = Rect::from_min_size(rect.min + vec2(16.0, 0.0), vec2(32.0, 2.0));
                ui.painter().rect_filled(mark, 0.0, t.expected);
            }
            if let Some(handle) = handle {
                bars::grip(ui, &handle, t);
            }
        });
        UiResponse::None
    }

    fn tab_title_for_pane(&mut self, pane: &Pane) -> WidgetText {
        pane.title().into()
    }

    fn tab_ui(&mut self, tiles: &mut Tiles<Pane>, ui: &mut Ui, id: Id, tile: TileId, state: &TabState) -> Response {
        let pane = tiles.get_pane(&tile).copied().unwrap_or(Pane::Events);
        bars::tab(ui, id, pane, state, self.layout, self.out)
    }

    fn tab_bar_left_ui(&mut self, _: &Tiles<Pane>, ui: &mut Ui, _: TileId, _: &egui_tiles::Tabs) {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.add_space(bars::INDENT);
    }

    fn top_bar_right_ui(&mut self, tiles: &Tiles<Pane>, ui: &mut Ui, _: TileId, tabs: &egui_tiles::Tabs, _: &mut f32) {
        let bar = ui.max_rect();
        ui.painter().hline(bar.x_range(), bar.bottom() - 0.5, Stroke::new(1.0, self.t.line));
        ui.spacing_mut().item_spacing.x = 0.0;
        let shown = tabs.active.and_then(|tile| tiles.get_pane(&tile));
        if shown == Some(&Pane::Timeline) {
            let open = tabs.children.iter().filter(|tile| tiles.is_visible(**tile));
            let open = open.filter_map(|tile| tiles.get_pane(tile).copied());
            let left = bar.left() + bars::INDENT + open.map(|pane| bars::width(ui, pane)).sum::<f32>() + 12.0;
            let rest = Rect::from_min_max(pos2(left, bar.top()), pos2(bar.right() - 12.0, bar.bottom()));
            timeline::tools::show(ui, self.pair, rest, self.status.filter_lanes, self.out);
        }
    }

    fn drag_ui(&mut self, tiles: &Tiles<Pane>, ui: &mut Ui, tile: TileId) {
        let Some(pane) = tiles.get_pane(&tile) else { return };
        let frame = egui::Frame::new().fill(self.t.raised).stroke(Stroke::new(1.0, self.t.expected)).corner_radius(6);
        frame.inner_margin(egui::Margin::symmetric(12, 8)).show(ui, |ui| {
            let text = egui::RichText::new(pane.title()).font(medium(size::BODY)).color(self.t.text);
            ui.add(egui::Label::new(text).selectable(false));
        });
    }

    fn on_edit(&mut self, action: EditAction) {
        self.dropped |= action == EditAction::TileDropped;
    }

    fn tab_hover_cursor_icon(&self) -> CursorIcon {
        CursorIcon::Default
    }

    fn tab_bar_height(&self, _: &egui::Style) -> f32 {
        BAR
    }

    fn is_tab_bar_visible(&self, _: TileId, tabs: &egui_tiles::Tabs) -> bool {
        let Some(active) = tabs.active else { return false };
        self.plan.groups.iter().any(|group| tree::tile_of(group.shown) == active && group.has_bar())
    }

    fn gap_width(&self, _: &egui::Style) -> f32 {
        GAP
    }

    fn tab_bar_color(&self, _: &Visuals) -> Color32 {
        self.t.panel
    }

    /// The lines between places are drawn by [`lines`].
    fn is_container_resizable(&self, _: &Tiles<Pane>, _: TileId) -> bool {
        false
    }

    fn resize_stroke(&self, _: &egui::Style, _: ResizeState) -> Stroke {
        Stroke::NONE
    }

    fn is_tile_draggable(&self, tiles: &Tiles<Pane>, tile: TileId) -> bool {
        tiles.get_pane(&tile).is_some()
    }

    fn dragged_overlay_color(&self, _: &Visuals) -> Color32 {
        theme::veil(self.t.bg, 0.5)
    }

    fn paint_drag_preview(&self, _: &Visuals, painter: &egui::Painter, _: Option<Rect>, preview: Rect) {
        let rect = preview.shrink(4.0);
        painter.rect_filled(rect, 6.0, theme::veil(self.t.expected, 0.14));
        painter.rect_stroke(rect, 6.0, Stroke::new(1.5, self.t.expected), StrokeKind::Inside);
    }

    fn simplification_options(&self) -> SimplificationOptions {
        SimplificationOptions::OFF
    }

    /// Ctrl+Tab is for others.
    fn cycle_tabs_with_keyboard(&self) -> bool {
        false
    }
}
