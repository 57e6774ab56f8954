//! A labelled case: two recordings and where the fault was planted.

/// Two recordings of the same work, as lines of JSON, and the answer.
#[derive(Debug, Clone)]
pub struct Case {
    /// Unique and telling: `task/insert/1000/renamed-ids/7`.
    pub name: String,
    /// What kind of system it records: `task`, `service`, `firmware`, `messages`, …
    pub workload: &'static str,
    /// The kind of the planted fault; `None` when there is none.
    pub fault: Option<&'static str>,
    /// The good run.
    pub expected: String,
    /// The run in question.
    pub actual: String,
    /// Where the fault is; empty when there is none.
    pub truth: Truth,
}

/// The events (0-based, within their own recording) any one of which names the planted fault: the inserted, deleted or
/// changed event itself, both of two that were swapped, the first of a burst. Never an effect of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Truth {
    /// Events of the good run.
    pub expected: Vec<u32>,
    /// Events of the run in question.
    pub actual: Vec<u32>,
}
