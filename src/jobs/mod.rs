//! Background work: one named thread a job, cancellable, with progress. A panic becomes a failure, and a result always
//! wakes the window. Knows nobody: what a job does is handed to it.

mod handle;
mod slot;

pub use handle::{Handle, Snapshot, Waker};
pub use slot::{Panicked, Slot};
