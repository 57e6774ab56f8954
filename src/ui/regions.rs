//! Where the regions of the window are, wherever they were moved to: each notes its place when it is drawn.

use egui::{Id, Rect, Ui};

use crate::app::region::Region;

/// The place of a region, and in which pass it was noted.
type Noted = (u64, Rect);

fn id(region: Region) -> Id {
    Id::unique(("a region of the window", region))
}

/// Where it is kept which region a person looked at.
fn looked_at_id() -> Id {
    Id::unique("the region that was looked at")
}

/// Notes that a region is drawn here.
pub fn note(ui: &Ui, region: Region, rect: Rect) {
    let pass = ui.ctx().cumulative_pass_nr();
    ui.data_mut(|data| data.insert_temp::<Noted>(id(region), (pass, rect)));
}

/// Where a region was drawn, in this pass or the one before.
pub fn place(ui: &Ui, region: Region) -> Option<Rect> {
    let (pass, rect) = ui.data(|data| data.get_temp::<Noted>(id(region)))?;
    (pass + 1 >= ui.ctx().cumulative_pass_nr()).then_some(rect)
}

/// Notes which region a person looks at: the smallest that holds what has the keyboard, else the pointer. To be called while
/// nothing lies over the page.
pub fn look(ui: &Ui) {
    let focused = ui.memory(egui::Memory::focused);
    // Asking for the response would take the keyboard away from a field that a press has just given it back to.
    let rect_of = |id| ui.ctx().viewport(|viewport| viewport.this_pass.widgets.get(id).map(|widget| widget.rect));
    let at =
        focused.and_then(rect_of).map(|rect| rect.center()).or_else(|| ui.input(|input| input.pointer.hover_pos()));
    let here = |region: &Region| at.is_some_and(|at| place(ui, *region).is_some_and(|rect| rect.contains(at)));
    let area = |region: &Region| place(ui, *region).map_or(0.0, |rect| rect.area());
    let region = Region::ALL.into_iter().filter(here).min_by(|a, b| area(a).total_cmp(&area(b)));
    ui.data_mut(|data| data.insert_temp(looked_at_id(), region));
}

/// The region that a person looked at when something was put over the page.
pub fn looked_at(ui: &Ui) -> Option<Region> {
    ui.data(|data| data.get_temp::<Option<Region>>(looked_at_id())).flatten()
}
