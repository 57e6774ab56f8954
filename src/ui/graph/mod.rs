//! A graph of places: who calls whom, where it broke, how far it spread. Layers from left to right, the same for both sides. Far out it
//! has shapes and the names of what matters; nearer all names; near what each says. Words never stand on each other.

mod foot;
mod key;
mod labels;
mod lines;
mod picture;
mod places;
mod sight;
mod ways;

use egui::{FontId, Pos2, Rect, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

use self::labels::Labels;
use crate::app::graph::{GraphCommand, SeenGraph};
use crate::incident::Place;
use crate::trace::grouped;
use crate::ui::pair::words::Words;
use crate::ui::theme::{Tokens, size};

pub use foot::{chain, radius};
pub use picture::{picture, picture_size};

/// Room around the graph in a picture.
const MARGIN: f32 = 40.0;
/// Height of the line that says how many places are left out.
const LEFT_OUT: f32 = 28.0;
/// In a view lower than this there is no key.
const LOW: f32 = 160.0;
/// In a low view that is wider than this the buttons stand right of the graph; else there is no room for them.
const WIDE: f32 = 420.0;
/// At least so large places say what happened there, and ways what went over them.
const SAYS: f32 = 0.62;
/// At least so large places have their names in them.
const NAMED: f32 = 0.36;

/// A graph that is drawn.
pub struct Drawing<'a> {
    /// What is seen of it.
    pub seen: SeenGraph<'a>,
    /// Where the places are that a large graph leaves out, such as `“Services” lists all`.
    pub elsewhere: &'a str,
}

/// What a person does with the drawing.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The place that was clicked.
    pub clicked: Option<Place>,
    /// The place under the pointer.
    pub hovered: Option<Place>,
    /// What is to be in sight of it.
    pub commands: Vec<GraphCommand>,
}

/// How much is said, by how large it is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Detail {
    /// Shapes, and the names of what matters beside them.
    Shapes,
    /// All names.
    Names,
    /// All words.
    All,
}

impl Drawing<'_> {
    /// Draws it into all the room there is.
    pub fn show(&self, ui: &mut Ui, t: &Tokens) -> Asked {
        self.left_out(ui, t);
        // The buttons never stand on the graph.
        let high = ui.available_height() > LOW;
        let (controls, whole) = if high {
            (Some(key::strip(ui, &self.seen, sight::CONTROLS, t)), ui.available_rect_before_wrap())
        } else {
            let whole = ui.available_rect_before_wrap();
            let (graph, controls) = whole.split_left_right_at_x(whole.right() - sight::CONTROLS);
            if whole.width() > WIDE { (Some(controls), graph) } else { (None, whole) }
        };
        ui.allocate_rect(whole, Sense::hover());
        let mut asked = Asked::default();
        let room: [f32; 2] = whole.size().into();
        let seen = self.seen.camera.room();
        if (0..2).any(|axis| (room[axis] - seen[axis]).abs() > 0.5) {
            asked.commands.push(GraphCommand::Room(room));
        }
        let (drawn, camera) = (self.seen.layout.size, &self.seen.camera);
        let origin = whole.min + Vec2::from(camera.origin(drawn));
        ui.scope_builder(egui::UiBuilder::new().max_rect(whole), |ui| {
            ui.shrink_clip_rect(whole);
            sight::ground(ui, self, whole, &mut asked);
            self.draw(ui, t, origin, camera.scale(drawn), &mut asked);
        });
        if let Some(rect) = controls {
            sight::controls(ui, camera.scale(drawn), camera.is_whole(), rect, t, &mut asked);
        }
        asked
    }

    /// Draws ways and places from `origin` on.
    fn draw(&self, ui: &Ui, t: &Tokens, origin: Pos2, scale: f32, asked: &mut Asked) {
        let detail = match scale {
            scale if scale >= SAYS => Detail::All,
            scale if scale >= NAMED => Detail::Names,
            _ => Detail::Shapes,
        };
        let stage = Stage { drawing: self, t, scale, detail, rects: self.rects(origin, scale) };
        let mut labels = Labels::new(&stage, ui.clip_rect());
        let names = stage.far_names(ui, &mut labels);
        let ways = stage.way_words(ui, &mut labels);
        for (at, edge) in self.seen.graph.edges.iter().enumerate() {
            stage.edge(ui, at, edge, &ways[at]);
        }
        for place in 0..self.seen.graph.nodes.len() as Place {
            stage.node(ui, place, asked);
        }
        for way in &ways {
            stage.paint_way_words(ui, way);
        }
        for (place, rect) in names {
            stage.far_name(ui, place, rect);
        }
    }

    /// Where the places are seen.
    fn rects(&self, origin: Pos2, scale: f32) -> Vec<Option<Rect>> {
        let size = Vec2::from(self.seen.layout.node) * scale;
        let rect = |at: &Option<[f32; 2]>| at.map(|[x, y]| Rect::from_center_size(origin + vec2(x, y) * scale, size));
        self.seen.layout.at.iter().map(rect).collect()
    }

    /// Says of a large graph that not all of it is drawn, and where the rest is.
    fn left_out(&self, ui: &mut Ui, t: &Tokens) {
        let left_out = self.seen.layout.left_out as u64;
        if left_out == 0 {
            return;
        }
        let all = grouped(self.seen.graph.nodes.len() as u64);
        let places = if left_out == 1 { "place is" } else { "places are" };
        let text = format!(
            "{} of {all} {places} not drawn: those with least to do with the trouble. {}.",
            grouped(left_out),
            self.elsewhere
        );
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), LEFT_OUT), Sense::hover());
        ui.painter().rect_filled(rect, 0.0, t.warn_wash);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &text));
        let words = Words::of(&text, FontId::proportional(size::LABEL), t.text);
        let (_, cut) = words.paint(ui.painter(), pos2(rect.left() + 20.0, rect.center().y), rect.width() - 40.0);
        if cut {
            response.on_hover_text(text);
        }
    }
}

/// A drawing in its place on the screen.
struct Stage<'a> {
    drawing: &'a Drawing<'a>,
    t: &'a Tokens,
    scale: f32,
    detail: Detail,
    rects: Vec<Option<Rect>>,
}

impl Stage<'_> {
    fn rect(&self, place: Place) -> Option<Rect> {
        self.rects.get(place as usize).copied().flatten()
    }

    /// A length of the layout as it is seen, within bounds.
    fn scaled(&self, length: f32, least: f32) -> f32 {
        (length * self.scale).clamp(least.min(length), length)
    }
}
