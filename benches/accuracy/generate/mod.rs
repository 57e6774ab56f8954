//! The generator of labelled cases: systems that are simulated, faults that are planted in them, noise that is laid over
//! them, and the words in which they are recorded.

pub mod corpus;
mod dice;
mod event;
mod order;
mod plan;
mod plant;
mod shape;
mod systems;
mod world;
