//! The worlds: small causal simulators of systems that record what they do.

mod build;
mod chat;
mod elevator;
mod locks;
mod mcu;
mod raft;
mod saga;
mod warehouse;

use super::sim::World;

/// The names of the worlds.
pub const NAMES: [&str; 8] = ["elevator", "build", "chat", "mcu", "saga", "spans", "raft", "warehouse"];

/// A fresh world of about so many events; the shape varies its actors.
pub fn make(name: &str, events: usize, shape: u64) -> Box<dyn World> {
    let work = |each: usize| (events / each).max(2) as i64;
    match name {
        "elevator" => Box::new(elevator::Elevators::new(work(11), shape)),
        "build" => Box::new(build::Build::new(work(11), shape)),
        "chat" => Box::new(chat::Chat::new(work(8), shape)),
        "mcu" => Box::new(mcu::Mcu::new(work(7), shape)),
        "saga" => Box::new(saga::Saga::new(work(30), shape, false)),
        "spans" => Box::new(saga::Saga::new(work(8), shape, true)),
        "raft" => Box::new(raft::Raft::new(work(11), shape)),
        _ => Box::new(warehouse::Warehouse::new(work(11), shape)),
    }
}
