//! The graph of the services as it is laid out, in the job that loads the windows.

use crate::analyse::Survey;
use crate::report;
use crate::view::GraphLayout;

/// Where the services stand, and what each and each way between two says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Chart {
    /// Where they stand.
    pub layout: GraphLayout,
    /// What each service says, by its place.
    pub services: Vec<String>,
    /// What each way says, by its place among the edges.
    pub ways: Vec<String>,
}

impl Chart {
    /// Lays the graph of a survey out.
    pub fn new(survey: &Survey) -> Self {
        let graph = &survey.population.services;
        Self {
            layout: GraphLayout::new(&graph.graph),
            services: report::service_notes(graph),
            ways: report::way_notes(graph),
        }
    }
}
