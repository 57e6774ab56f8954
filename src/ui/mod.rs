//! See the map in the crate's documentation.

pub mod fonts;
pub mod pair;
pub mod theme;
