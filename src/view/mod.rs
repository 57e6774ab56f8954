//! Geometry without pixels: which line stands where, how a table of ten million rows scrolls, what a strip of a thousand
//! columns says about them. Pure numbers, so that every promise here has a test.

mod fold;
mod overview;
mod scroll;

pub use fold::{CONTEXT, Folding, Line, Run, RunKind};
pub use overview::{Bucket, Overview, Weight};
pub use scroll::{Scroller, Thumb};
