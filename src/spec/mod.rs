//! See the map in the crate's documentation.

mod roles;

pub use roles::{Action, FieldSpec, Role, Spec};
