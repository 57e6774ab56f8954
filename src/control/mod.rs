//! Control loops: two sampled runs of one loop compared, or one run with its own setpoint. When they part beyond noise, which
//! fault explains the error that came after, how well each run kept to its setpoint.

mod diagnosis;

pub use diagnosis::{
    Band, Cause, Class, Criterion, Curve, CurveKind, Deadlines, Diagnosis, Interval, Lane, LaneKind, Loop, Measures,
    Method, Moment, Onset, Oscillation, Parted, Stability,
};
