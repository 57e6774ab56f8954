//! What a node adds, in words.

use super::population::{time, word};
use crate::analyse::Population;
use crate::population::Added;
use crate::trace::{Measure, Word, grouped, time_instead};

/// What a node adds as a sentence: since when, how much, and what of it is its own.
pub fn sentence(population: &Population, node: Word, added: &Added) -> String {
    let node = word(population, node);
    let metric = word(population, added.metric);
    let [now, before] = [added.change.now, added.change.before];
    let changed = match added.measure {
        // Availability or a rate of errors: the share that fails is the same for both.
        Measure::Failures => {
            format!("{} of its requests fail instead of {}, by its {metric}", share(now), share(before))
        }
        Measure::Latency | Measure::Requests => {
            format!("its {metric} is {}", time_instead(now * 1000.0, before * 1000.0))
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

/// A measurement as people write it: a latency in seconds, a share from 0 to 1, a number of requests.
pub fn measured(measure: Measure, value: f64) -> String {
    match measure {
        Measure::Latency => time(value * 1000.0),
        Measure::Failures => share(value),
        Measure::Requests => grouped(value.round() as u64),
    }
}

/// A share of requests in percent, with as many digits as it takes to see it.
fn share(share: f64) -> String {
    let percent = share * 100.0;
    // Nearly all is not all, nearly nothing is not nothing.
    let rest = percent.min(100.0 - percent);
    let digits = if rest > 0.0 && rest < 0.1 { 2 } else { usize::from(rest > 0.0 && rest < 9.95) };
    format!("{percent:.digits$} %")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measurements_are_written_with_the_digits_that_tell() {
        for (value, text) in [(0.0, "0 %"), (0.0004, "0.04 %"), (0.012, "1.2 %"), (0.5, "50 %"), (0.9996, "99.96 %")] {
            assert_eq!(measured(Measure::Failures, value), text);
        }
        assert_eq!(measured(Measure::Failures, 1.0), "100 %");
        assert_eq!(measured(Measure::Requests, 1234.4), "1,234");
    }
}
