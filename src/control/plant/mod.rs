//! The reference plant: a mass on a plane that a controller moves along waypoints, step by step, with faults where they are
//! injected. Deterministic: the same setup gives the same bits on every machine, noise included.

mod fault;
mod run;
mod scenario;
mod sweep;
mod write;

pub use fault::{Fault, Injection};
pub use run::{Step, run};
pub use scenario::{Pair, Scenario};
pub use sweep::{Held, Parameter, sweep};
pub use write::{json_lines, samples};

/// A point or a vector of the plane.
pub type Vector = [f64; 2];

/// What is simulated: the plant, its controller and where it is to go. Times are in seconds unless they are called otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Setup {
    /// How long a step lasts.
    pub dt: f64,
    /// How many steps there are.
    pub steps: u32,
    /// Where the plant is to go, one after the other, an equal share of the steps each.
    pub waypoints: Vec<Vector>,
    /// Command for each unit of error.
    pub kp: f64,
    /// Command for each unit of error and second that it lasted.
    pub ki: f64,
    /// Command against each unit of velocity.
    pub kd: f64,
    /// The longest command that the controller gives; infinite for none.
    pub limit: f64,
    /// Acceleration for each unit of command.
    pub gain: f64,
    /// Acceleration against each unit of velocity.
    pub friction: f64,
    /// Acceleration towards the origin for each unit of distance.
    pub stiffness: f64,
    /// How long the controller may take for a step, in milliseconds.
    pub budget_ms: f64,
    /// The standard deviation of the sensor's noise; 0 for none.
    pub noise: f64,
    /// What the noise begins with.
    pub seed: u64,
    /// What goes wrong.
    pub faults: Vec<Injection>,
}

impl Default for Setup {
    /// The setup of the four named scenarios, before anything goes wrong.
    fn default() -> Self {
        Self {
            dt: 0.1,
            steps: 80,
            waypoints: vec![[1.0, 0.8], [2.2, 1.8], [3.5, 1.1], [4.2, 2.6]],
            kp: 1.4,
            ki: 0.0,
            kd: 0.45,
            limit: 1.2,
            gain: 1.0,
            friction: 0.0,
            stiffness: 0.0,
            budget_ms: 100.0,
            noise: 0.0,
            seed: 1,
            faults: Vec::new(),
        }
    }
}

/// The length of a vector, the same on every machine: `hypot` is not.
pub(super) fn length([x, y]: Vector) -> f64 {
    (x * x + y * y).sqrt()
}
