//! The graph of the services as it is laid out, in the job that loads the windows, and as it was at a moment of the failing window,
//! or of the table of metrics of the incident.

use std::collections::HashMap;

use crate::analyse::{Survey, Tables};
use crate::incident::Graph;
use crate::population::{Count, Courses, Troubled};
use crate::report;
use crate::trace::grouped;
use crate::view::GraphLayout;

/// Steps that the failing window is gone through in.
pub const STEPS: usize = 96;

/// Where the services stand, and what each and each way between two says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Chart {
    /// Where they stand.
    pub layout: GraphLayout,
    /// What each service says, by its place.
    pub services: Vec<String>,
    /// What each way says, by its place among the edges.
    pub ways: Vec<String>,
    /// How many requests of the failing window were known to be through at each step, and how many of them in trouble anywhere. Of a
    /// table, how many values of its nodes, and how many of those above what is usual.
    pub known: Vec<Count>,
    /// How long the failing window is, in nanoseconds.
    pub length: i64,
    /// The graph as it was at a step.
    past: Option<Past>,
}

/// What was known at a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Past {
    /// Which, below [`STEPS`].
    pub step: usize,
    /// The graph: reached is a place where more requests were in trouble by then than chance explains.
    pub graph: Graph,
    /// What each service says of it, by its place, and each way, which is nothing.
    pub notes: [Vec<String>; 2],
}

impl Chart {
    /// Lays the graph of a survey out.
    pub fn new(survey: &Survey) -> Self {
        let (begin, end) = survey.troubles.time.unwrap_or_default();
        Self {
            layout: GraphLayout::new(&survey.population.services.graph),
            services: report::service_notes(&survey.population),
            ways: report::way_notes(&survey.population),
            known: known(survey),
            length: end - begin,
            past: None,
        }
    }

    /// The graph as it was at the chosen step; `None` for all of the window.
    pub const fn past(&self) -> Option<&Past> {
        self.past.as_ref()
    }

    /// Shows the graph as it was at a step, or all of it.
    pub(super) fn go_to(&mut self, survey: &Survey, step: Option<usize>) {
        let Some(step) = step.filter(|step| *step < STEPS) else {
            self.past = None;
            return;
        };
        if let Some(tables) = &survey.population.tables {
            self.past = tables.courses.as_ref().map(|courses| of_tables(survey, tables, courses, step));
            return;
        }
        let moment = moment(survey, step);
        let words = &survey.population.words;
        let by_name: HashMap<&str, &Troubled> =
            survey.troubles.services.iter().map(|(word, troubled)| (words.get(*word), troubled)).collect();
        let mut graph = survey.population.services.graph.clone();
        let mut services = Vec::with_capacity(graph.nodes.len());
        for node in &mut graph.nodes {
            let Some(troubled) = by_name.get(node.name.as_str()) else {
                services.push(String::new());
                continue;
            };
            let count = troubled.until(moment);
            node.reached = node.reached.filter(|_| troubled.beyond_chance(count));
            services.push(note(count, troubled.usual));
        }
        self.past = Some(Past::new(step, graph, services));
    }
}

impl Past {
    /// A way is reached with both of its ends.
    fn new(step: usize, mut graph: Graph, services: Vec<String>) -> Self {
        // What is likely next is told from all of the window.
        for node in &mut graph.nodes {
            node.next = false;
        }
        for edge in &mut graph.edges {
            let reached = [edge.from, edge.to].iter().all(|place| graph.nodes[*place as usize].reached.is_some());
            edge.reached = edge.reached.filter(|_| reached);
        }
        let ways = vec![String::new(); graph.edges.len()];
        Self { step, graph, notes: [services, ways] }
    }
}

/// What was known at each step.
fn known(survey: &Survey) -> Vec<Count> {
    let steps = (0..=STEPS).map(|step| moment(survey, step));
    let Some(tables) = &survey.population.tables else {
        return steps.map(|moment| survey.troubles.all.until(moment)).collect();
    };
    let courses = || tables.courses.iter().flat_map(|courses| courses.of.values());
    let mut sum = Count::default();
    let mut sums = vec![sum];
    for row in 0..tables.now.times.len() {
        let here = courses().filter_map(|course| *course.rows.get(row)?);
        let (all, troubled) = here.fold((0, 0), |(all, sum), troubled| (all + 1, sum + u32::from(troubled)));
        sum = Count { requests: sum.requests + all, troubled: sum.troubled + troubled };
        sums.push(sum);
    }
    steps.map(|moment| sums[tables.now.times.partition_point(|&time| time <= moment)]).collect()
}

/// The graph of tables at a moment: reached is what the trouble had come to by then.
fn of_tables(survey: &Survey, tables: &Tables, courses: &Courses, step: usize) -> Past {
    let row = row_at(survey, tables, step);
    let words = &survey.population.words;
    let onsets: HashMap<&str, usize> =
        courses.of.iter().filter_map(|(&node, course)| Some((words.get(node), course.onset?))).collect();
    let mut graph = survey.population.services.graph.clone();
    for node in &mut graph.nodes {
        node.reached = node.reached.filter(|_| onsets.get(node.name.as_str()).is_some_and(|onset| *onset <= row));
    }
    Past::new(step, graph, report::row_notes(&survey.population, tables, courses, row))
}

/// The last row of the incident's table at a step.
pub fn row_at(survey: &Survey, tables: &Tables, step: usize) -> usize {
    let moment = moment(survey, step);
    tables.now.times.partition_point(|&time| time <= moment).saturating_sub(1)
}

/// The moment of a step, in nanoseconds since 1970.
fn moment(survey: &Survey, step: usize) -> i64 {
    let (begin, end) = survey.troubles.time.unwrap_or_default();
    let part = i128::from(end - begin) * step as i128 / STEPS as i128;
    begin + part as i64
}

/// `7 of 12 in trouble · before 4 %`.
fn note(count: Count, usual: Count) -> String {
    let many = |number: u32| grouped(u64::from(number));
    match (count.requests, usual.requests) {
        (0, _) => "no request yet".to_owned(),
        (all, 0) => format!("{} of {} in trouble", many(count.troubled), many(all)),
        (all, before) => {
            let share = f64::from(usual.troubled) / f64::from(before) * 100.0;
            format!("{} of {} in trouble · before {share:.0} %", many(count.troubled), many(all))
        }
    }
}
