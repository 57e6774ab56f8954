//! What an incident did to services (or tasks, or lanes): who called whom, what broke where first, how far it reached, what kind
//! of incident it is, and what is likely to break next. Works on happenings, whatever recording they come from.

mod act;
mod blast;
mod chain;
mod family;
mod graph;
mod predict;
mod relate;
mod story;

pub use act::{Act, Happening, Place};
pub use blast::Blast;
pub use chain::{Chain, ChainLink};
pub use family::{Family, Finding};
pub use graph::{Edge, Graph, Node, Part, Tally};
pub use predict::{Prediction, predict};
pub use relate::{Relation, excess, first_failure, relate};
pub use story::{Incident, Link, Story};
