//! A table of metrics (CSV): above its columns stand the node and, in one or more further rows, the metric with its statistic; each
//! row below begins with its time. So pandas writes columns of several levels.

use std::collections::BTreeMap;

use super::BOM;
use super::metric_words::{Meaning, meaning};
use crate::trace::{Column, Measure, MetricTable, Warning, WarningKind, Warnings, Words};

/// More rows of text than this before the first number are no header.
const HEADER: usize = 5;

/// The rows of comma-separated values, each with the line that it begins on.
pub(super) fn rows(bytes: &[u8]) -> impl Iterator<Item = (u32, Vec<String>)> {
    let bytes = bytes.strip_prefix(BOM).unwrap_or(bytes);
    let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(bytes);
    // From memory nothing fails: rows may have any number of cells, and be any bytes.
    reader.into_byte_records().filter_map(Result::ok).map(|record| {
        let line = record.position().map_or(0, |at| at.line() as u32);
        (line, record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect())
    })
}

/// A measurement.
pub(super) fn number(cell: &str) -> Option<f64> {
    cell.parse().ok().filter(|number: &f64| number.is_finite())
}

/// Where nothing was measured, tables have nothing, or say so.
fn is_missing(cell: &str) -> bool {
    ["", "nan", "na", "n/a", "null", "none", "-"].iter().any(|word| cell.eq_ignore_ascii_case(word))
}

/// What stands above the columns.
struct Header {
    /// Rows that it takes.
    rows: usize,
    /// For each column but the first its node, metric and what that means.
    columns: Vec<Option<(String, String, Meaning)>>,
    /// Columns with a metric that is not known.
    unknown: usize,
}

impl Header {
    /// The header of a table of metrics; `None` for any other table.
    fn of(first: &[Vec<String>]) -> Option<Self> {
        let text = |row: &&Vec<String>| row.iter().all(|cell| number(cell).is_none()) && row.len() > 1;
        let rows = first.iter().take_while(text).count();
        // Below them numbers come, if anything does.
        let numbers = first.get(rows).is_none_or(|row| row.iter().any(|cell| number(cell).is_some()));
        // A row with one word only names the column of the times.
        let named: Vec<&Vec<String>> =
            first[..rows].iter().filter(|row| row[1..].iter().any(|cell| !cell.is_empty())).collect();
        if !numbers || !(2..=HEADER).contains(&named.len()) {
            return None;
        }
        let cell = |row: &Vec<String>, at: usize| row.get(at).cloned().unwrap_or_default();
        let known = |row: &Vec<String>| row[1..].iter().filter(|cell| meaning(cell).is_some()).count();
        // The row in which fewest words are metrics has the nodes.
        let of_nodes = (0..named.len().min(2)).min_by_key(|&row| known(named[row]))?;
        let width = named.iter().map(|row| row.len()).max()?;
        let mut unknown = 0;
        let columns: Vec<_> = (1..width)
            .map(|at| {
                let node = cell(named[of_nodes], at);
                let rest = named.iter().enumerate().filter(|(row, _)| *row != of_nodes);
                let metric = rest.map(|(_, row)| cell(row, at)).collect::<Vec<String>>().join(" ");
                let meaning = meaning(&metric).filter(|_| !node.is_empty());
                unknown += usize::from(meaning.is_none());
                meaning.map(|meaning| (node, metric, meaning))
            })
            .collect();
        let tells = columns.iter().flatten().any(|(.., meaning)| meaning.measure != Measure::Requests);
        tells.then_some(Self { rows, columns, unknown })
    }
}

/// True for bytes that begin like a table of metrics.
pub fn is_metric_table(head: &[u8]) -> bool {
    let text = head.strip_prefix(BOM).unwrap_or(head).trim_ascii_start();
    // Records of JSON have commas too, and their fields are called like metrics.
    if matches!(text.first(), Some(b'{' | b'[')) {
        return false;
    }
    // The last row may be cut off.
    let first: Vec<Vec<String>> = rows(head).map(|(_, row)| row).take(HEADER + 2).collect();
    Header::of(&first).is_some_and(|header| first.len() > header.rows)
}

/// Reads a table of metrics. What is damaged in it is left out, with a warning.
pub fn read_metric_table(file: &str, bytes: &[u8], words: &mut Words) -> (MetricTable, Warnings) {
    let mut warnings = Warnings::default();
    let mut warn = |kind, line: Option<u32>, what: String, remedy: &str| {
        let (file, remedy) = (file.to_owned(), remedy.to_owned());
        warnings.push(Warning { kind, file, line, what, remedy, more: 0 });
    };
    let all: Vec<(u32, Vec<String>)> = rows(bytes).collect();
    let first: Vec<Vec<String>> = all.iter().take(HEADER + 2).map(|(_, row)| row.clone()).collect();
    let Some(header) = Header::of(&first) else {
        let what = "It is no table of metrics: above its columns there must be the node and the metric.".to_owned();
        warn(
            WarningKind::Unreadable,
            None,
            what,
            "Give a row of nodes, a row of metrics, then rows that begin with a time.",
        );
        return (MetricTable::default(), warnings);
    };
    if header.unknown > 0 {
        let what = format!("{} columns are no latency, availability or number of requests.", header.unknown);
        warn(WarningKind::Note, None, what, "They are not looked at.");
    }
    let mut times: Vec<(i64, usize)> = Vec::new();
    for (at, (line, row)) in all.iter().enumerate().skip(header.rows) {
        if row.len() != header.columns.len() + 1 {
            let what = format!("The row has {} cells instead of {}.", row.len(), header.columns.len() + 1);
            warn(WarningKind::Unreadable, Some(*line), what, "It is left out; see whether it was cut off.");
        } else if let Some(time) = time(&row[0]) {
            times.push((time, at));
        } else {
            let what = "The row does not begin with a time.".to_owned();
            warn(WarningKind::Unreadable, Some(*line), what, "It is left out; give seconds since 1970, or RFC 3339.");
        }
    }
    times.sort_by_key(|(time, _)| *time);
    let mut before = None;
    times.retain(|&(time, at)| {
        if before == Some(time) {
            let what = "The row has the time of another one.".to_owned();
            warn(WarningKind::BadTime, Some(all[at].0), what, "It is left out.");
        }
        before.replace(time) != Some(time)
    });
    if times.is_empty() {
        warn(WarningKind::Note, None, "It has a header, and no row.".to_owned(), "See whether the export was cut off.");
    }
    let mut best: BTreeMap<(&str, Measure), (usize, Meaning, &str)> = BTreeMap::new();
    for (at, column) in header.columns.iter().enumerate() {
        let Some((node, metric, meaning)) = column else { continue };
        let place = best.entry((node, meaning.measure)).or_insert((at, *meaning, metric));
        if meaning.rank < place.1.rank {
            *place = (at, *meaning, metric);
        }
    }
    let mut values: BTreeMap<(&str, Measure), Vec<Option<f64>>> = BTreeMap::new();
    let mut percent = false;
    for (&key, (at, meaning, _)) in &best {
        let mut column = Vec::with_capacity(times.len());
        for (_, row) in &times {
            let (line, row) = &all[*row];
            let cell = &row[at + 1];
            let value = number(cell).filter(|value| *value >= 0.0);
            if value.is_none() && !is_missing(cell) {
                let what = format!("“{}” in column {} is no measurement.", short(cell), at + 2);
                warn(WarningKind::Unreadable, Some(*line), what, "It is taken for missing.");
            }
            percent |= meaning.measure == Measure::Failures && value.is_some_and(|value| value > 1.0);
            column.push(value.map(|value| value * meaning.unit));
        }
        values.insert(key, column);
    }
    let whole = if percent { 100.0 } else { 1.0 };
    for ((_, column), (_, meaning, _)) in values.iter_mut().zip(best.values()) {
        if meaning.measure == Measure::Failures {
            let failed = |share: f64| if meaning.served { 1.0 - share / whole } else { share / whole };
            column.iter_mut().flatten().for_each(|value| *value = failed(*value).clamp(0.0, 1.0));
        }
    }
    if !best.keys().any(|(_, measure)| *measure == Measure::Requests) {
        let what = "It does not count requests, so that those of every node weigh alike.".to_owned();
        warn(WarningKind::Note, None, what, "Add a column with the sum of requests for each node.");
    }
    let columns = values.into_iter().zip(best.values()).map(|(((node, measure), values), (_, meaning, metric))| {
        ((words.intern(node), measure), Column { metric: words.intern(metric), served: meaning.served, values })
    });
    let columns = columns.collect();
    (MetricTable { times: times.into_iter().map(|(time, _)| time).collect(), columns }, warnings)
}

/// The beginning of a cell, for a message.
fn short(cell: &str) -> String {
    const MOST: usize = 20;
    let mut text: String = cell.chars().take(MOST).collect();
    if cell.chars().count() > MOST {
        text.push('…');
    }
    text
}

/// A time in nanoseconds since 1970: a number by how large such a time would be, or RFC 3339; without an offset in UTC.
fn time(cell: &str) -> Option<i64> {
    if let Some(number) = number(cell) {
        let unit = match number {
            n if n >= 1e17 => 1.0,
            n if n >= 1e14 => 1e3,
            n if n >= 1e11 => 1e6,
            _ => 1e9,
        };
        return (number >= 0.0 && number * unit < 9.2e18).then_some((number * unit) as i64);
    }
    let stamp = cell.parse::<jiff::Timestamp>().ok().or_else(|| {
        let civil = cell.parse::<jiff::civil::DateTime>().ok()?;
        civil.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    })?;
    i64::try_from(stamp.as_nanosecond()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "service,shop,shop,shop,shop,bank\nmetric,latency,latency,requests,availability,latency\n\
        statistic,p90,Average,Sum,Average,Average\nunix_timestamp,,,,,\n";

    fn read(text: &str) -> (MetricTable, Warnings, Words) {
        let mut words = Words::default();
        let (table, warnings) = read_metric_table("metrics.csv", text.as_bytes(), &mut words);
        (table, warnings, words)
    }

    #[test]
    fn a_table_is_read_by_its_header_and_the_mean_is_taken() {
        let text = format!("{HEAD}1681398600.0,2,0.5,10,99.5,\n1681398900.0,2,0.25,20,100,0.125\n");
        assert!(is_metric_table(text.as_bytes()));
        let (table, warnings, mut words) = read(&text);
        assert!(warnings.as_slice().is_empty(), "{warnings:?}");
        assert_eq!(table.times, [1_681_398_600_000_000_000, 1_681_398_900_000_000_000]);
        let (shop, bank) = (words.intern("shop"), words.intern("bank"));
        assert_eq!((table.nodes().len(), table.columns.len()), (2, 4));
        assert_eq!(table.columns[&(shop, Measure::Latency)].values, [Some(0.5), Some(0.25)]);
        assert_eq!(words.get(table.columns[&(shop, Measure::Latency)].metric), "latency Average");
        assert!((table.at(shop, Measure::Failures, 0).unwrap() - 0.005).abs() < 1e-12);
        assert_eq!((table.at(bank, Measure::Latency, 0), table.at(bank, Measure::Latency, 1)), (None, Some(0.125)));
        assert_eq!(table.at(shop, Measure::Requests, 1), Some(20.0));
    }

    #[test]
    fn two_rows_of_header_shares_and_other_times_are_read_too() {
        let text = "\u{feff}metric,latency_ms,success,requests\r\nnode,a,a,a\r\n2023-04-13T15:10:00Z,12,0.75,4\r\n";
        let (table, warnings, mut words) = read(text);
        let a = words.intern("a");
        assert!(warnings.as_slice().is_empty() && table.times == [1_681_398_600_000_000_000], "{warnings:?}");
        assert!((table.at(a, Measure::Latency, 0).unwrap() - 0.012).abs() < 1e-12);
        assert!((table.at(a, Measure::Failures, 0).unwrap() - 0.25).abs() < 1e-12);
        assert_eq!(time("1681398600000"), time("1681398600"));
    }

    #[test]
    fn what_is_damaged_is_left_out_and_said() {
        let text = format!(
            "{HEAD}100,1,1,1,100,1\nsoon,1,1,1,100,1\n200,1,oops,1,100,-1\n300,1,1\n100,2,2,2,100,2\n50,1,0.5,1,nan,1\n"
        );
        let (table, warnings, mut words) = read(&text);
        let shop = words.intern("shop");
        assert_eq!(table.times, [50, 100, 200].map(|seconds| seconds * 1_000_000_000), "in the order of time");
        assert_eq!(table.columns[&(shop, Measure::Latency)].values, [Some(0.5), Some(1.0), None]);
        let told: Vec<String> = warnings.as_slice().iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(
            told[0].starts_with("metrics.csv:6: The row does not begin with a time. (and 3 more like it)"),
            "{told:?}"
        );
        assert!(told[1].starts_with("metrics.csv:9: The row has the time of another one. It is left out."), "{told:?}");
        assert!(warnings.partial());
    }

    #[test]
    fn what_is_missing_altogether_is_said() {
        let told = |text: &str| read(text).1.as_slice().iter().map(ToString::to_string).collect::<String>();
        assert!(told(HEAD).contains("It has a header, and no row."));
        assert!(told("n,a,a\nm,latency,cpu\n1,2,3\n").contains("1 columns are no latency, availability or number"));
        assert!(told("n,a\nm,latency\n1,2\n").contains("It does not count requests"));
        assert!(told("a,b\n1,2\n").contains("no table of metrics"));
        assert!(
            told("n,a,b\nm,latency,requests\n1,“a cell that goes on and on”,3\n")
                .contains("“a cell that goes on…” in column 2")
        );
    }

    #[test]
    fn other_tables_are_none_of_metrics() {
        for text in [
            "",
            "timestamp,value\n2014-04-01 00:00:00,20\n",
            "timestamp,q[0],q[1]\n112574307,0.86,-0.01\n112582246,0.86,-0.01\n",
            "time,metric,value\n12:00,latency,5\n12:01,latency,6\n",
            "name,note\nlatency,high\nrequests,low\n",
            "one line\nand another, with a comma\n",
            "{\"at\":\"shop\",\"latency\":\"high\"}\n{\"at\":\"bank\",\"latency\":\"low\"}\n",
            "\u{feff}\n{\"a\":\"x\",\"error\":\"y\"}\n{\"a\":\"x\",\"error\":\"y\"}\n{\"a\":1,\"b\":2}\n",
            "[\"a\",\"latency\"],\n[\"b\",\"latency\"],\n1,2\n",
            "the shop, its latency\nthe bank, its errors\n",
        ] {
            assert!(!is_metric_table(text.as_bytes()), "{text}");
        }
    }
}
