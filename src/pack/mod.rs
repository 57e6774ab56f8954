//! Incident packs: a folder, a zip or files in; a pair of recordings with their labels, spec and notes out.

mod archive;
mod decode;
mod find;
mod found;
mod ids;
mod listing;
mod look;
mod manifest;
mod metrics;
mod open;
mod prefix;
mod samples;
mod save;
mod select;
mod source;
mod spool;
mod stream;
mod tail;
mod telemetry;
mod trouble;
mod whole;
mod words;

pub use crate::spec::{Overrides, Tolerance};
pub use found::{Candidate, Found, OpenError, Pack, Recording};
pub use metrics::{Metrics, metrics};
pub use open::{in_memory, nothing_in, open};
pub use prefix::Prefix;
pub use samples::{Sampled, sampled, samples};
pub use save::{save_spec, spec_file};
pub use select::{choose, select};
pub use source::{Source, Stamp};
pub use stream::Stream;
pub use tail::{Look, Tail};
pub use telemetry::{Telemetry, Windows, telemetry, windows};
pub use whole::write_whole;
pub use words::{side_hint, side_hints};
