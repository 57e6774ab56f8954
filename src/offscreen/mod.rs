//! The window drawn without a window: our own CPU rasteriser over what egui tessellates. No display, driver or GPU;
//! byte-identical from run to run. Pictures, reports and tests are drawn here with the same code as the window.

mod canvas;
mod graph;
mod painter;
mod picture;
mod raster;
pub mod screenshot;
mod texture;
mod vector;

pub use canvas::{Canvas, render};
pub use graph::graph_picture;
pub use painter::Painter;
pub use picture::Picture;
pub use screenshot::screenshot;
