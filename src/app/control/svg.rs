//! What is seen of a control loop as a drawing for a report: every plot that is shown, the lanes below, one axis of time.

use std::fmt::Write as _;

use super::plots::{Look, Plot};
use super::sheet::Sheet;
use crate::trace::{Side, Unit};
use crate::view::{Drawn, Polyline, Reach, Sight, Ticks, place_words};

/// Width of the drawing, of the room for values, and at the right end.
const WIDTH: f64 = 1200.0;
const LEFT: f64 = 72.0;
const RIGHT: f64 = 24.0;
/// Height of a plot with its title, of a lane, of the head and of the axis.
const PLOT: f64 = 180.0;
const LANE: f64 = 24.0;
const HEAD: f64 = 56.0;
const AXIS: f64 = 40.0;
const TITLE: f64 = 24.0;
/// Room at the lower end of a plot.
const BELOW: f64 = 12.0;

/// The colours are those of the light theme, which is how reports are printed.
const STYLE: &str = "text{font:12px Inter,Helvetica,Arial,sans-serif;fill:#1c232e}.dim{fill:#5b6675}\
.grid{stroke:#e7ebf0}.line{fill:none;stroke-width:1.6;stroke-linejoin:round}.expected{stroke:#0a69b0}\
.actual{stroke:#935700}.between{stroke:#d03b11}.wanted{stroke:#5b6675;stroke-dasharray:5 4;stroke-width:1.2}\
.band{fill:#087a5c;opacity:.12}.onset{stroke:#d03b11;stroke-width:1.6}.threshold{stroke:#5b6675;stroke-dasharray:3 3}\
.in-expected{fill:#0a69b0}.in-actual{fill:#935700}";

/// The whole drawing.
pub fn svg(sheet: &Sheet, title: &str) -> String {
    let shown: Vec<usize> = sheet.shown().collect();
    let lanes = &sheet.plots().lanes;
    let height = HEAD + PLOT * shown.len() as f64 + LANE * lanes.len() as f64 + AXIS;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\">\n<title>{}</title>\n<style>{STYLE}</style>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n",
        escaped(title)
    );
    // Writing into a String cannot fail.
    let _infallible = writeln!(
        out,
        "<text x=\"{LEFT}\" y=\"24\" style=\"font-weight:600\">{}</text><text class=\"dim\" x=\"{LEFT}\" y=\"42\">{}</text>",
        escaped(title),
        escaped(&said(sheet))
    );
    for (row, &plot) in shown.iter().enumerate() {
        draw_plot(&mut out, sheet, plot, HEAD + PLOT * row as f64);
    }
    let top = HEAD + PLOT * shown.len() as f64;
    for (row, lane) in lanes.iter().enumerate() {
        let y = top + LANE * row as f64;
        let _infallible = writeln!(out, "<text class=\"dim\" x=\"8\" y=\"{}\">{}</text>", y + 15.0, lane.kind.word());
        for side in Side::BOTH {
            let at = y + if side == Side::Expected { 4.0 } else { 12.0 };
            for &(from, to) in &lane.stretches[side] {
                let sight = sheet.sight();
                if to < sight.from() || from > sight.to() {
                    continue;
                }
                let (from, to) = (x(sight, from.max(sight.from())), x(sight, to.min(sight.to())));
                let width = (to - from).max(2.0);
                let _infallible = writeln!(
                    out,
                    "<rect class=\"in-{side}\" x=\"{from:.2}\" y=\"{at}\" width=\"{width:.2}\" height=\"6\" rx=\"1\"/>"
                );
            }
        }
    }
    axis(&mut out, sheet, height);
    marks(&mut out, sheet, height - AXIS);
    out.push_str("</svg>\n");
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The answer, under the title.
fn said(sheet: &Sheet) -> String {
    let diagnosis = &sheet.control().diagnosis;
    let onset = sheet.onset().map_or_else(String::new, |at| format!(" · onset {at:.3}"));
    let cause = diagnosis.causes.first().map_or_else(String::new, |cause| format!(" · {}", cause.class.words()));
    format!("{}{onset}{cause}", diagnosis.verdict.word())
}

fn x(sight: &Sight, at: f64) -> f64 {
    LEFT + sight.share(at) * (WIDTH - LEFT - RIGHT)
}

fn draw_plot(out: &mut String, sheet: &Sheet, at: usize, top: f64) {
    let plot: &Plot = &sheet.plots().list[at];
    let sight = sheet.sight();
    let (low, high) = sheet.range(at);
    let (upper, lower) = (top + TITLE, top + PLOT - BELOW);
    let y = |value: f64| lower - (value - low) / (high - low) * (lower - upper);
    let unit = plot.unit.as_deref().unwrap_or_default();
    let _infallible = writeln!(
        out,
        "<text x=\"{LEFT}\" y=\"{}\">{} <tspan class=\"dim\">{}</tspan></text>",
        top + 16.0,
        escaped(&plot.name),
        escaped(unit)
    );
    let ticks = Ticks::new(low, high, (high - low) / 5.0);
    for place in ticks.places() {
        let at = y(place);
        let words = value_words(place, ticks.step);
        let _infallible = writeln!(
            out,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{at:.2}\" y2=\"{at:.2}\"/><text class=\"dim\" text-anchor=\"end\" x=\"{}\" y=\"{:.2}\">{words}</text>",
            WIDTH - RIGHT,
            LEFT - 8.0,
            at + 4.0
        );
    }
    let clip = format!("plot-{at}");
    let _infallible = writeln!(
        out,
        "<clipPath id=\"{clip}\"><rect x=\"{LEFT}\" y=\"{upper}\" width=\"{}\" height=\"{}\"/></clipPath><g clip-path=\"url(#{clip})\">",
        WIDTH - LEFT - RIGHT,
        lower - upper
    );
    if let Some(band) = sheet.band(at) {
        let (from, to) = (y(band.high.min(high)), y(band.low.max(low)));
        let _infallible = writeln!(
            out,
            "<rect class=\"band\" x=\"{LEFT}\" y=\"{from:.2}\" width=\"{}\" height=\"{:.2}\"/>",
            WIDTH - LEFT - RIGHT,
            (to - from).max(0.0)
        );
    }
    for line in plot.lines.iter().filter(|line| sheet.draws(line.look)) {
        let class = match line.look {
            Look::Wanted => "wanted",
            Look::Expected => "expected",
            Look::Actual => "actual",
            Look::Between => "between",
        };
        let columns = (WIDTH - LEFT - RIGHT) as usize;
        let drawn = sheet.plots().drawn(sheet.control(), line, (sight.from(), sight.to()), columns);
        for points in strokes(drawn, sight, columns) {
            let points: Vec<String> =
                points.iter().map(|[time, value]| format!("{:.2},{:.2}", x(sight, *time), y(*value))).collect();
            let _infallible = writeln!(out, "<polyline class=\"line {class}\" points=\"{}\"/>", points.join(" "));
        }
    }
    out.push_str("</g>\n");
}

/// Lines from point to point; of a column with many samples, up and down.
fn strokes(drawn: Drawn, sight: &Sight, columns: usize) -> Vec<Polyline> {
    let column = |reach: &Reach, at: usize| sight.at(((reach.first + at) as f64 + 0.5) / columns as f64);
    match drawn {
        Drawn::Lines(lines) => lines,
        Drawn::Reaches(reaches) => {
            let of = |reach: &Reach| {
                let columns = reach.columns.iter().enumerate();
                columns.flat_map(|(at, [low, high])| [low, high].map(|value| [column(reach, at), *value])).collect()
            };
            reaches.iter().map(of).collect()
        }
    }
}

/// A value in as many digits as ticks so far apart need.
pub fn value_words(value: f64, step: f64) -> String {
    let size = step.abs().log10().floor();
    if value != 0.0 && (value.abs() >= 1e6 || step.abs() < 1e-5) {
        return format!("{value:.2e}").replace('-', "−");
    }
    let decimals = (-size).clamp(0.0, 6.0) as usize;
    let text = format!("{value:.decimals$}");
    // Rounding leaves a sign on nothing.
    let nothing = text.bytes().all(|byte| matches!(byte, b'-' | b'0' | b'.'));
    if nothing { text.trim_start_matches('-').to_owned() } else { text.replace('-', "−") }
}

/// A time on the axis in words.
pub fn time_words(time: f64, step: f64, timed: bool) -> String {
    place_words(time, step, timed.then_some(Unit::Seconds), false)
}

fn axis(out: &mut String, sheet: &Sheet, height: f64) {
    let sight = sheet.sight();
    let ticks = Ticks::new(sight.from(), sight.to(), sight.width() / 10.0);
    for place in ticks.places() {
        let words = time_words(place, ticks.step, sheet.plots().timed);
        let at = x(sight, place);
        let _infallible = writeln!(
            out,
            "<line class=\"grid\" x1=\"{at:.2}\" x2=\"{at:.2}\" y1=\"{HEAD}\" y2=\"{}\"/><text class=\"dim\" text-anchor=\"middle\" x=\"{at:.2}\" y=\"{}\">{words}</text>",
            height - AXIS + 6.0,
            height - AXIS + 22.0
        );
    }
}

fn marks(out: &mut String, sheet: &Sheet, bottom: f64) {
    for (at, class) in [(sheet.onset(), "onset"), (sheet.criterion(), "threshold")] {
        let Some(at) = at.filter(|at| (0.0..=1.0).contains(&sheet.sight().share(*at))) else { continue };
        let at = x(sheet.sight(), at);
        let _infallible = writeln!(
            out,
            "<line class=\"{class}\" x1=\"{at:.2}\" x2=\"{at:.2}\" y1=\"{}\" y2=\"{bottom}\"/><text class=\"dim\" x=\"{:.2}\" y=\"{}\">{class}</text>",
            HEAD - 4.0,
            at + 4.0,
            HEAD + 4.0
        );
    }
}
