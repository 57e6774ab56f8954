//! DetTrace: a divergence explorer. Two recordings of the same work go in; where they part, why, and what it broke comes out.
//!
//! # The map of the house
//! | room | what lives there |
//! |---|---|
//! | [`trace`] | the data: events as columns, their names, lanes, values, sides, time, warnings |
//! | [`spec`] | what each field is for: roles inferred from behaviour, compared, ignored, renamed, tolerated |
//! | [`ingest`] | bytes → records, a waveform or a table of metrics + warnings; detection by content; the JSON scanner; telemetry in every layout → windows, or one request as events |
//! | [`pack`] | incident packs: files, archives, finding the two sides, windows of telemetry, following files that grow |
//! | [`compare`] | replay, lock step of growing sides, alignment, pairs by hand, row classes, causality, ranking, verdict |
//! | [`incident`] | what an incident did to services: who called whom, root, blast radius, families, chain, prediction, two compared |
//! | [`envelope`] | several good runs: what varies between them, and how unusual what a further run does is |
//! | [`population`] | many requests against many: own time, ways, lost steps, resources; metrics with a call graph; services ranked; one request as a waterfall |
//! | [`control`] | sampled control loops: when two runs part beyond noise, by which fault, how well each keeps to its setpoint; the reference plant |
//! | [`query`] | the language of the search field: parsed, printed, completed, asked of events |
//! | [`replay`] | stepping through a comparison: what the events imply for every lane, breakpoints |
//! | [`analyse`] | the one place that joins a pack with the comparison: `Session` → `Analysis`, and `Live` for recordings that grow |
//! | [`report`] | an analysis in words: text, Markdown, JSON |
//! | [`notes`] | what a person keeps about a pair: bookmarks with notes, on events that are found again in changed files |
//! | [`slice`] | the least of a pair that still compares the same, as a pack of its own |
//! | [`view`] | geometry without pixels: folding, other orders, scrolling, overview buckets |
//! | [`runs`] | a folder of runs: which files are one, which is looked at next, what each answered, which failed alike |
//! | [`jobs`] | background work: named, cancellable, with progress |
//! | [`watch`] | the file system, told when a recording changes; folders followed through everything that becomes of them |
//! | [`app`] | the window's state, its commands, its settings; the only place where state changes |
//! | [`ui`] | one file per region of the window; draws, and sends commands |
//! | [`offscreen`] | the window drawn without a window |
//! | [`cli`] | arguments in, window or command out |
//!
//! # Invariants
//! * Arrows point down only: `cli → offscreen → ui → app → {runs, jobs, watch, view, notes, slice} → report → analyse → {control, envelope, incident, population, replay → query} → compare → spec → trace`
//!   and `pack → {ingest, spec} → trace`; only `analyse` joins `pack` with `compare`. `tests/house.rs` holds them.
//! * `trace`, `spec`, `ingest`, `compare`, `envelope`, `incident`, `control`, `population`, `query`, `replay` and `view` know no window, thread, clock, file or global. Data parallelism
//!   inside them is welcome; spawned threads are not.
//! * User data never makes the core fail: it makes [`trace::Warning`]s.
//! * Same input, same bytes out, for any thread count and machine.
//! * An event's text is never stored: it is re-read from its source by offset when it is shown.
//!
//! [`slice`]: mod@slice

pub mod analyse;
pub mod app;
pub mod cli;
pub mod compare;
pub mod control;
pub mod envelope;
pub mod incident;
pub mod ingest;
pub mod jobs;
pub mod notes;
pub mod offscreen;
pub mod pack;
pub mod population;
pub mod query;
pub mod replay;
pub mod report;
pub mod runs;
pub mod slice;
pub mod spec;
pub mod trace;
pub mod ui;
pub mod view;
pub mod watch;
