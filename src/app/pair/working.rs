//! What a person has set up to work with a pair: breakpoints, filters, and how it is stepped.

use serde::{Deserialize, Serialize};

use super::Pair;
use crate::query::parse;
use crate::replay::Breakpoint;

/// What is set up, each as it can be typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Working {
    /// The breakpoints.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    breakpoints: Vec<String>,
    /// The filters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    filters: Vec<String>,
    /// How many steps faster than usual it is played; slower when negative.
    faster: i32,
    /// True when the state at the selected row is shown.
    state: bool,
    /// True when the breakpoints are listed.
    list: bool,
}

impl Working {
    /// The same when the sides are exchanged.
    #[must_use]
    pub fn mirrored(self) -> Self {
        let mirrored = |text: &String| match text.parse::<Breakpoint>() {
            Ok(breakpoint) => breakpoint.mirrored().to_string(),
            Err(_) => text.clone(),
        };
        Self { breakpoints: self.breakpoints.iter().map(mirrored).collect(), ..self }
    }
}

impl Pair {
    /// What is set up now.
    pub fn working(&self) -> Working {
        let transport = self.transport();
        Working {
            breakpoints: transport.breakpoints().iter().map(ToString::to_string).collect(),
            filters: self.filter().parts().collect(),
            faster: transport.faster(),
            state: transport.state_open(),
            list: transport.list_open(),
        }
    }

    /// Sets up a newly opened pair as it was before. What cannot be read any more is left out.
    pub fn set_working(&mut self, working: &Working) {
        let breakpoints = working.breakpoints.iter().filter_map(|text| text.parse().ok()).collect();
        self.set_stepping(breakpoints, working.faster, working.state, working.list);
        let filters = working.filters.iter().filter_map(|text| parse(text).ok().flatten()).collect();
        self.set_filters(filters);
    }
}
