//! What a node adds, in words.

use super::population::{time, word};
use crate::analyse::Population;
use crate::population::Added;
use crate::trace::{Measure, Word, grouped};

/// What a node adds as a sentence: since when, how much, and what of it is its own.
pub fn sentence(population: &Population, node: Word, added: &Added) -> String {
    let node = word(population, node);
    let metric = word(population, added.metric);
    let [now, before] = [added.change.now, added.change.before];
    let changed = match added.measure {
        // Availability or a rate of errors: the share that fails is the same for both.
        Measure::Failures => {
            format!("{:.1} % of its requests fail instead of {:.1} %, by its {metric}", now * 100.0, before * 100.0)
        }
        Measure::Latency | Measure::Requests => {
            format!("its {metric} is {} instead of {}", time(now * 1000.0), time(before * 1000.0))
        }
    };
    let [usual, rows] = added.change.samples.map(|rows| grouped(u64::from(rows)));
    let since = jiff::Timestamp::from_nanosecond(i128::from(added.since)).unwrap_or_default();
    let own = amount(added.measure, added.own.min(added.added), false);
    let all = amount(added.measure, added.added, true);
    let symptom = word(population, added.symptom);
    let seen = if node == symptom {
        String::new()
    } else {
        format!("; {symptom}, where requests come in, has {}", amount(added.measure, added.at_symptom, true))
    };
    format!(
        "Since {} {changed} (median of {usual} rows; {rows} rows with {} requests): of the {all} at \
         {node}, {own} are its own{seen}.",
        since.strftime("%F %T UTC"),
        grouped(added.requests.round() as u64),
    )
}

/// So many added seconds or failures, with what they are where that is asked for.
fn amount(measure: Measure, amount: f64, unit: bool) -> String {
    let digits = usize::from(amount < 10.0);
    let what = match measure {
        Measure::Latency => " added seconds",
        Measure::Failures => " added failures",
        Measure::Requests => " requests",
    };
    format!("{amount:.digits$}{}", if unit { what } else { "" })
}
