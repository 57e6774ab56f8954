//! Control loops: two sampled runs of one loop compared, or one run with its own setpoint. When they part beyond noise, which
//! fault explains the error that came after, how well each run kept to its setpoint.

mod causes;
mod change;
mod diagnose;
mod diagnosis;
mod errors;
mod faults;
mod fit;
mod links;
mod loops;
mod matched;
mod measures;
mod noise;
mod noisy;
pub mod plant;
mod resampled;
mod signals;

pub use diagnose::{diagnose, diagnose_one};
pub use diagnosis::{
    Band, Cause, Class, Criterion, Curve, CurveKind, Deadlines, Diagnosis, Interval, Lane, LaneKind, Loop, Measures,
    Method, Moment, Onset, Oscillation, Parted, Stability,
};
pub use loops::loops;
pub use matched::Options;
pub use measures::measure;
