//! The window's state and what happens to it: commands in, state and effects out. Draws nothing.
//!
//! [`State`] changes only in [`update::apply`]; [`App`] carries out the effects and brings back what arrives.

mod authored;
pub mod command;
pub mod control;
mod copied;
pub mod crash;
mod dialog;
pub mod exports;
mod finds;
pub mod folders;
pub mod graph;
pub mod growth;
pub mod history;
mod judged;
pub mod kept;
pub mod keymap;
pub mod keys;
pub mod layout;
pub mod load;
pub mod loads;
pub mod message;
pub mod pair;
pub mod palette;
pub mod paths;
pub mod pictures;
pub mod recents;
pub mod region;
pub mod requests;
mod rounds;
pub mod said;
pub mod samples;
mod services;
pub mod settings;
mod shortcuts;
pub mod sidecar;
mod sides;
pub mod slicing;
mod sorts;
pub mod state;
mod store;
pub mod table;
pub mod tabs;
pub mod tour;
mod trail;
pub mod update;
pub mod view_file;
pub mod watching;
pub mod waterfall;
pub mod working;

pub use command::Command;
pub use services::App;
pub use state::State;
