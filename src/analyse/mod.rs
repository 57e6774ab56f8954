//! The one place that joins a pack with the analyses it needs: a `Session` reads, infers, compares; an `Analysis` answers.

mod analysis;
mod comparable;
mod control;
mod envelope;
mod event_name;
mod find;
mod first;
mod growing;
mod incident;
mod live;
mod metrics;
mod pairs;
mod population;
mod sentences;
mod service_graph;
mod session;
mod sort;
mod streaming;
mod survey;
mod waveform;
mod window_acts;
mod window_families;
mod window_incident;

pub use analysis::{Analysis, Detail, Events};
pub use control::Control;
pub use envelope::{Envelope, Judged, SetAside};
pub use event_name::{event_name, find_events};
pub use find::{Finding, find};
pub use growing::Rebuilt;
pub use live::{Live, Update};
pub use population::{Baseline, Population, Tables, Told};
pub use service_graph::ServiceGraph;
pub use session::{FirstAnswer, Progress, Session, Stage, Trouble};
pub use sort::{Sort, SortKey, Sorting, sort};
pub use survey::{Representative, Survey};
pub use waveform::WaveAnswer;
