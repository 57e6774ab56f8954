//! The window drawn without a window: our own CPU rasteriser over what egui tessellates. No display, driver or GPU;
//! byte-identical from run to run. Pictures, reports and tests are drawn here with the same code as the window.

mod canvas;
mod curves;
mod graph;
mod painter;
mod picture;
mod raster;
pub mod screenshot;
mod texture;
mod vector;

use crate::app::pictures::Drawers;

pub use canvas::{Canvas, render};
pub use painter::Painter;
pub use picture::Picture;
pub use screenshot::screenshot;

/// What draws the pictures that the window exports.
pub const DRAWERS: Drawers = Drawers { graph: graph::graph_picture, curves: curves::curves };
