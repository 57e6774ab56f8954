//! One request of each side, span by span.

use egui::{Sense, Ui};

use crate::app::Command;
use crate::app::requests::{RequestsCommand, RequestsPage};
use crate::report::population as report;
use crate::trace::{Side, Word};
use crate::ui::parts;
use crate::ui::theme;
use crate::ui::waterfall::Drawing;

/// Draws the waterfall into all the room there is; the service whose span the pointer is over.
pub fn show(ui: &mut Ui, page: &RequestsPage, out: &mut Vec<Command>) -> Option<usize> {
    let t = theme::tokens(ui);
    let Some(opened) = page.opened().filter(|opened| !opened.seen().lines().is_empty()) else {
        empty(ui, page);
        return None;
    };
    let waterfall = opened.waterfall();
    // The service that a row is about: actual's, where both sides have it.
    let service = |row: u32| -> Option<Word> {
        let span = waterfall.span(Side::Actual, row).or_else(|| waterfall.span(Side::Expected, row));
        span.map(|span| span.service)
    };
    let lit = page.hover().and_then(|place| page.services().get(place)).copied();
    let names = |side: Side, span: u32| {
        let span = waterfall.sides[side].span(span);
        [span.service, span.operation].map(|word| report::word(page.population(), word))
    };
    let drawing = Drawing {
        waterfall,
        seen: opened.seen(),
        selected: Some(opened.seen().row()),
        names: &names,
        lit: &|row| lit.is_some() && service(row) == lit,
        causes: ["shows the evidence most", "shows the evidence"],
        step: None,
        paired: true,
    };
    let asked = drawing.show(ui, t);
    out.extend(asked.commands.into_iter().map(|command| RequestsCommand::Waterfall(command).into()));
    asked.hovered.and_then(service).and_then(|service| page.place_of(service))
}

/// Why there is no waterfall.
fn empty(ui: &mut Ui, page: &RequestsPage) {
    let rect = ui.available_rect_before_wrap();
    ui.allocate_rect(rect, Sense::hover());
    let (title, aside) = if page.suspect().is_some() {
        ("No request shows this evidence by itself", "Choose another sentence on the right, or another service.")
    } else if page.population().ranking.suspects.is_empty() {
        ("No request to show", "A request is shown for what changed in a service, and nothing tells of a change.")
    } else {
        ("No request to show", "Nothing speaks for the selected service. Choose one of the ranked ones on the left.")
    };
    parts::nothing(ui, rect, title, aside);
}
