//! The curves of a control loop as a picture: every plot that is shown, drawn by the window's own code.

use egui::{Theme, vec2};

use super::Canvas;
use crate::app::Command;
use crate::app::control::{PLOT_HEIGHT, Sheet};
use crate::ui;

/// Width in points, and pixels a point: sharp in a report.
const WIDTH: f32 = 1280.0;
const SCALE: f32 = 2.0;
/// Height of a plot, and of what is around all of them, lanes included, in points.
const PLOT: f32 = PLOT_HEIGHT + 36.0;
const AROUND: f32 = 72.0;
const LANE: f32 = 24.0;
/// Higher pictures have no room for more plots; those scroll.
const HIGHEST: f32 = 4_000.0;

/// Draws what is seen of a sheet, into the bytes of a PNG.
///
/// # Errors
/// When the picture cannot be encoded, as a sentence.
pub fn curves(sheet: &Sheet, dark: bool) -> Result<Vec<u8>, String> {
    let (plots, lanes) = (sheet.shown().count().max(1) as f32, sheet.plots().lanes.len() as f32);
    let size = vec2(WIDTH, PLOT.mul_add(plots, LANE.mul_add(lanes, AROUND)).min(HIGHEST));
    let mut canvas = Canvas::new(size, SCALE, if dark { Theme::Dark } else { Theme::Light });
    let mut sheet = sheet.clone();
    // The first pass tells how much room the plots have.
    let mut out = Vec::new();
    canvas.pass(Vec::new(), &mut |ui| ui::curves(ui, &sheet, &mut out));
    for command in out {
        if let Command::Control(command) = command {
            sheet.apply(command);
        }
    }
    let picture = canvas.picture(&mut |ui| ui::curves(ui, &sheet, &mut Vec::new()));
    picture.png().map_err(|error| format!("the picture cannot be encoded: {error}"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::analyse::Control;
    use crate::app::control::{ControlCommand, Plots};
    use crate::control::plant::{Pair, Scenario, samples};
    use crate::trace::Sides;

    #[test]
    fn a_picture_holds_every_plot_in_both_themes() {
        let Pair { expected, actual } = Pair::of(&Scenario::DelayedSensor.setup());
        let both = Sides::new(expected, actual).map(|steps| samples(&steps, false));
        let control = Control::simulated(Sides::default(), both);
        let plots = Plots::new(&control);
        let mut sheet = Sheet::new(Arc::new(control), Arc::new(plots));
        let size = |png: &[u8]| {
            let reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
            (reader.info().width, reader.info().height)
        };
        let (light, dark) = (curves(&sheet, false).unwrap(), curves(&sheet, true).unwrap());
        assert_eq!(size(&light), size(&dark));
        assert_ne!(light, dark);
        let hidden = sheet.shown().next().unwrap();
        sheet.apply(ControlCommand::Toggle(hidden));
        let fewer = curves(&sheet, false).unwrap();
        assert_eq!(size(&light).1 - size(&fewer).1, 320, "one plot less");
    }
}
