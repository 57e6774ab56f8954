//! The window's state and what happens to it: commands in, state and effects out. Draws nothing.
//!
//! [`State`] changes only in [`update::apply`]; [`App`] carries out the effects and brings back what arrives.

pub mod command;
pub mod keys;
pub mod load;
pub mod message;
pub mod pair;
pub mod paths;
pub mod recents;
pub mod samples;
mod services;
mod sides;
pub mod state;
pub mod table;
pub mod update;

pub use command::Command;
pub use services::App;
pub use state::State;
