//! Events that last: spans whose record has a start and an end, or a start and a length. Only names that leave no doubt count:
//! a duration beside a time that is no start may as well reach back from it.

use super::roles::Lasts;
use super::stats::Stats;
use super::time::{Clock, number_unit};
use super::words::{is_start_name, words};

/// The field that says how long an event lasts from the time of the first clock, and how it does.
pub(crate) fn find(stats: &[Stats], clocks: &[(usize, Clock, bool)]) -> Option<(usize, Lasts)> {
    let (first, clock, _) = clocks.first()?;
    let start = &stats[*first];
    let (folder, name) = parts(&start.path);
    let beside = |called: &dyn Fn(&str) -> bool| {
        let is = |s: &Stats| matches!(parts(&s.path), (f, n) if f == folder && n != name && called(n));
        stats.iter().position(is)
    };
    if is_start_name(&start.path) {
        let wanted = words(name);
        let end = beside(&|name| is_end_of(&wanted, &words(name))).filter(|&end| {
            let iso = |s: &Stats| s.mostly(|t| t.iso, 0.5);
            iso(&stats[end]) == iso(start)
        });
        if let Some(end) = end {
            return Some((end, Lasts::Until(clock.clone())));
        }
    }
    if !is_chrome_time(stats, *first) && !is_start_name(&start.path) {
        return None;
    }
    let length =
        beside(&|name| words(name).iter().any(|word| matches!(word.as_str(), "duration" | "dur" | "elapsed")))?;
    let s = &stats[length];
    if !s.numeric() {
        return None;
    }
    let largest = s.sides.expected.largest.max(s.sides.actual.largest);
    let number_unit = match number_unit(&s.path, largest, false) {
        (unit, "by name") => unit,
        // Without a unit of its own it has that of the start, if that is a number.
        _ if start.mostly(|t| t.iso, 0.5) => return None,
        _ => clock.number_unit,
    };
    Some((length, Lasts::For(Clock { number_unit, ticks: clock.ticks })))
}

/// True for the time of Chrome's trace events, which is in microseconds, as their `dur` is; `ph` beside it says what they are.
pub(crate) fn is_chrome_time(stats: &[Stats], field: usize) -> bool {
    let (folder, name) = parts(&stats[field].path);
    name == "ts" && stats[field].numeric() && stats.iter().any(|s| parts(&s.path) == (folder, "ph"))
}

/// The path up to its last name, and that name.
fn parts(path: &str) -> (&str, &str) {
    path.rsplit_once('.').unwrap_or(("", path))
}

/// True when two names are the same but for `start` and `end`: `start_ms` and `end_ms`, `beginTime` and `endTime`.
fn is_end_of(start: &[String], end: &[String]) -> bool {
    let is = |word: &str, list: &[&str]| list.contains(&word);
    start.len() == end.len()
        && start.iter().zip(end).all(|(a, b)| a == b || is(a, &["start", "begin"]) && is(b, &["end", "finish", "stop"]))
        && start != end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_called_like_its_start() {
        let fits = |start: &str, end: &str| is_end_of(&words(start), &words(end));
        for (start, end) in [
            ("start", "end"),
            ("start_ms", "end_ms"),
            ("startTimeUnixNano", "endTimeUnixNano"),
            ("begin_time", "finish_time"),
        ] {
            assert!(fits(start, end), "{start} {end}");
        }
        for (start, end) in [("start_ms", "end_us"), ("start", "start"), ("start_time", "time"), ("ts", "end")] {
            assert!(!fits(start, end), "{start} {end}");
        }
    }
}
