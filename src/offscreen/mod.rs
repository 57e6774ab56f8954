//! The window drawn without a window: our own CPU rasteriser over what egui tessellates. No display, driver or GPU;
//! byte-identical from run to run. Pictures, reports and tests are drawn here with the same code as the window.

mod canvas;
mod curves;
mod painter;
mod picture;
mod raster;
pub mod screenshot;
mod texture;

pub use canvas::{Canvas, render};
pub use curves::curves;
pub use painter::Painter;
pub use picture::Picture;
pub use screenshot::screenshot;
