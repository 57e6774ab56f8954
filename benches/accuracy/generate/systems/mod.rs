//! The systems that are simulated.

mod firmware;
mod messages;
mod service;
mod task;

use super::dice::Dice;
use super::plan::Plan;

/// A workload: its name and the plan of one such system of about so many events.
pub struct System {
    pub name: &'static str,
    pub plan: fn(Dice, u64) -> Plan,
}

/// Every workload.
pub const SYSTEMS: [System; 4] = [
    System { name: "task", plan: task::plan },
    System { name: "service", plan: service::plan },
    System { name: "firmware", plan: firmware::plan },
    System { name: "messages", plan: messages::plan },
];
