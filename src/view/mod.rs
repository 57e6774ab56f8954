//! Geometry without pixels: which line stands where, how a table of ten million rows scrolls, what a strip of a thousand
//! columns says about them, what stands on a lane between two moments, what is seen of a curve of ten million samples. Pure numbers, so that every promise here has a test.

mod camera;
mod fold;
mod graph;
mod grid;
mod lanes;
mod lines;
mod names;
mod order;
mod overview;
mod pyramid;
mod scroll;
mod series;
mod sight;
mod spread;
mod ticks;

pub use camera::{Camera, Near};
pub use fold::{CONTEXT, Folding, Line, Run, RunKind};
pub use graph::{GraphLayout, NODE, TWO_LINES};
pub use lanes::{Anchor, Axis, Clocks, Compared, Lane, Lanes, List, Scale, Why};
pub use lines::{Lines, Sorted};
pub use names::{LEAST_SCALE, in_a_line};
pub use order::{Edge, Node, Order};
pub use overview::{Bucket, Overview, Weight};
pub use pyramid::{Extent, Piece, Pyramid};
pub use scroll::{Scroller, Thumb};
pub use series::{Drawn, Polyline, Reach, Series};
pub use sight::{Cursors, Sight};
pub use spread::{Spread, Step};
pub use ticks::{Ticks, place_words};
