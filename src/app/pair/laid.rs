//! What of an analysis is laid out before it is shown, in the job that loads it.

use std::sync::Arc;

use super::compared;
use crate::analyse::{Analysis, EventSpans};
use crate::view::{Lanes, Spread};

/// Lanes along an axis, places in a graph, and spans in a waterfall.
#[derive(Debug, Clone)]
pub struct Laid {
    /// The lanes.
    pub lanes: Arc<Lanes>,
    /// What happened to services, tasks or lanes; `None` where the recordings tell of none.
    pub spread: Option<Arc<Spread>>,
    /// The spans that events tell of; `None` where they tell of none.
    pub spans: Option<Arc<EventSpans>>,
}

impl Laid {
    /// Lays an analysis out; `go_on` is asked now and then, and without it there is neither graph nor waterfall.
    pub fn new(analysis: &Analysis, go_on: &dyn Fn() -> bool) -> Self {
        let Self { lanes, .. } = Self::without_graph(analysis);
        let spread = analysis
            .incident(go_on)
            .map(|incident| Arc::new(Spread::new(incident.clone(), compared(analysis), &lanes)));
        let spans = analysis.spans(go_on).map(Arc::new);
        Self { lanes, spread, spans }
    }

    /// Lays only its lanes out.
    pub fn without_graph(analysis: &Analysis) -> Self {
        Self { lanes: Arc::new(Lanes::new(compared(analysis))), spread: None, spans: None }
    }
}
