//! Tables of samples (CSV): names above the columns, then a row of numbers for each moment.
#![expect(clippy::float_cmp, reason = "a value that is repeated, or was never changed, is the same to the last bit")]

use super::super::BOM;
use super::build::{Column, Columns, build, digits};
use super::clock;
use crate::trace::{Place, Samples, Warning, WarningKind, Warnings};

/// Rows that tell whether a table holds samples.
const ROWS: usize = 20;
/// Rows whose digits are counted.
const COUNTED: usize = 1000;

fn reader(bytes: &[u8]) -> csv::Reader<&[u8]> {
    let bytes = bytes.strip_prefix(BOM).unwrap_or(bytes);
    let first = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
    let count = |sign: u8| memchr::memchr_iter(sign, first).count();
    let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(|sign| (count(*sign), *sign == b',')).unwrap_or(b',');
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .delimiter(delimiter)
        .from_reader(bytes)
}

fn number(cell: &str) -> Option<f64> {
    match cell {
        "true" | "True" | "TRUE" => Some(1.0),
        "false" | "False" | "FALSE" => Some(0.0),
        _ => cell.parse().ok(),
    }
}

/// Where nothing was measured, tables have nothing, or say so.
fn is_missing(cell: &str) -> bool {
    ["", "nan", "na", "n/a", "null", "none", "-", "?"].iter().any(|word| cell.eq_ignore_ascii_case(word))
}

/// True for bytes that begin like a table of samples: names, then rows as long of numbers, at most the first of another kind.
pub fn recognises(head: &[u8]) -> bool {
    let mut rows = reader(head)
        .into_byte_records()
        .filter_map(Result::ok)
        .map(|record| record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect::<Vec<String>>());
    let Some(names) = rows.next() else { return false };
    if names.len() < 2 || names.iter().any(|name| name.is_empty() || name.parse::<f64>().is_ok()) {
        return false;
    }
    let mut rows: Vec<Vec<String>> = rows.take(ROWS + 1).collect();
    // The last row may be cut off.
    if rows.len() > 1 {
        rows.pop();
    }
    let numeric = |row: &Vec<String>| {
        let time = clock::column(names.iter().map(String::as_str));
        let cells = row.iter().enumerate().filter(|(at, _)| Some(*at) != time);
        row.len() == names.len()
            && cells.clone().any(|(_, cell)| number(cell).is_some())
            && cells.filter(|(_, cell)| number(cell).is_none() && !is_missing(cell)).count() * 2 < row.len()
    };
    !rows.is_empty() && rows.iter().filter(|row| numeric(row)).count() * 10 >= rows.len() * 9
}

/// Reads a table of samples.
pub fn read(file: &str, bytes: &[u8], time: Option<&str>) -> (Samples, Warnings) {
    let mut warnings = Warnings::default();
    let mut warn = |kind, line: Option<u32>, what: String, remedy: &str| {
        warnings.push(Warning { kind, file: file.to_owned(), line, what, remedy: remedy.to_owned(), more: 0 });
    };
    let start = if bytes.starts_with(BOM) { BOM.len() as u64 } else { 0 };
    let mut rows = reader(bytes);
    let mut record = csv::ByteRecord::new();
    // Bytes that are there cannot fail to be read.
    let mut next = |record: &mut csv::ByteRecord| {
        rows.read_byte_record(record).unwrap_or(false).then(|| start + rows.position().byte() == bytes.len() as u64)
    };
    let _names_are_last = next(&mut record);
    let names: Vec<String> = record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
    let asked = time.and_then(|time| names.iter().position(|name| name == time));
    let time = asked.or_else(|| clock::column(names.iter().map(String::as_str)));
    let step = clock::step_column(names.iter().map(String::as_str)).filter(|at| Some(*at) != time);
    let mut columns = Columns::default();
    let mut read: Vec<Column> =
        names.iter().map(|name| Column { name: name.clone(), flag: true, ..Column::default() }).collect();
    let mut text = vec![0_u64; names.len()];
    let mut readings = Vec::new();
    while let Some(is_last) = next(&mut record) {
        let (offset, line) = record.position().map_or((0, 0), |at| (at.byte(), at.line() as u32));
        if record.len() != names.len() {
            // A last line without an end is whole when it has all its cells.
            let torn = is_last && record.len() < names.len() && !bytes.ends_with(b"\n");
            columns.torn |= torn;
            let (kind, what) = if torn {
                (WarningKind::TornEnd, "The last row is cut off.".to_owned())
            } else {
                let what = format!("The row has {} cells instead of {}.", record.len(), names.len());
                (WarningKind::Unreadable, what)
            };
            warn(kind, Some(line), what, "It is left out; see whether the recorder could end.");
            continue;
        }
        let moment = columns.places.len();
        for (at, cell) in record.iter().enumerate() {
            let cell = std::str::from_utf8(cell).unwrap_or("?");
            if Some(at) == time {
                readings.push(clock::reading(cell));
                continue;
            }
            let value = number(cell);
            if Some(at) == step
                && let Some(number) = value.filter(|v| v.fract() == 0.0)
            {
                columns.steps.push(number as i64);
            }
            text[at] += u64::from(value.is_none() && !is_missing(cell));
            let value = value.unwrap_or(f64::NAN);
            read[at].flag &= value == 0.0 || value == 1.0;
            read[at].values.push(value);
            if moment < COUNTED {
                columns.digits = columns.digits.max(digits(cell));
            }
        }
        let len = record.as_slice().len() + record.len().saturating_sub(1);
        columns.places.push(Place { offset: start + offset, len: len as u32, line });
    }
    let moments = columns.places.len() as u64;
    // What is called like a number of steps and is none on every row is a signal.
    let step = step.filter(|_| columns.steps.len() as u64 == moments);
    for (at, column) in read.into_iter().enumerate().filter(|(at, _)| Some(*at) != time && Some(*at) != step) {
        if text[at] * 2 > moments {
            let what = format!("The column {} holds text.", column.name);
            warn(WarningKind::Note, None, what, "It is no signal and is left out.");
            continue;
        }
        if text[at] > 0 {
            let what = format!("{} values of {} are no numbers.", text[at], column.name);
            warn(WarningKind::Note, None, what, "They count as missing.");
        }
        columns.signals.push(column);
    }
    columns.times = time.map(|at| (names[at].clone(), readings));
    let samples = build(file, columns, &mut warnings);
    (samples, warnings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{SignalRole, Unit};

    const TRAJECTORY: &[u8] =
        b"step,t_s,waypoint_x,waypoint_y,expected_x,expected_y,actual_x,actual_y,expected_error,actual_error\n\
        0,0.1,1,0.8,0.00937043,0.00749634,0.00937043,0.00749634,1.26862,1.26862\n\
        1,0.2,1,0.8,0.0281113,0.022489,0.0281,0.0224,1.24462,1.24\n";

    #[test]
    fn a_trajectory_holds_both_sides() {
        assert!(recognises(TRAJECTORY));
        let (samples, warnings) = read("t.csv", TRAJECTORY, None);
        assert!(warnings.as_slice().is_empty());
        assert_eq!(samples.axes[0].times, [100, 200]);
        assert_eq!((samples.scale.as_ref().unwrap().unit, samples.digits), (Unit::Millis, Some(6)));
        let [expected, actual] = super::super::split_sides(&samples).unwrap();
        let names = |samples: &Samples| samples.signals.iter().map(|s| s.name.clone()).collect::<Vec<String>>();
        assert_eq!(names(&expected), ["waypoint_x", "waypoint_y", "position.x", "position.y", "error"]);
        assert_eq!(names(&expected), names(&actual));
        assert_eq!((expected.signals[2].values[1], actual.signals[2].values[1]), (0.028_111_3, 0.0281));
    }

    #[test]
    fn what_is_missing_late_repeated_or_restarted_is_read_with_a_word() {
        let text = b"Time [ms];speed;note\n0;1.5;a\n10;;b\n10;nan;c\n5;2;d\nlater;3;e\n30;4\n";
        assert!(recognises(b"Time [ms];speed\n0;1.5\n10;2\n"));
        let (samples, warnings) = read("t.csv", text, None);
        let told: Vec<String> = warnings.as_slice().iter().map(ToString::to_string).collect();
        assert_eq!(samples.axes[0].times, [0, 10, 10, 10, 10]);
        assert_eq!(samples.signals.len(), 1);
        assert!(samples.signals[0].values[1].is_nan() && samples.signals[0].values[3] == 2.0);
        let (cut, warnings) = read("t.csv", b"t,k,x\n0,0.5,1\n1,0.5,2\n2,0.7", None);
        assert!(cut.torn && warnings.partial() && cut.axes[0].times.len() == 2);
        assert_eq!(cut.signals[0].values, [0.5, 0.5], "a gain, and no number of steps");
        let (late, _) = read("t.csv", b"timestamp,x\n,1\n2013-07-04 00:00:00,2\n", None);
        assert_eq!(late.axes[0].times[0], late.axes[0].times[1], "nothing was recorded in 1970");
        for said in [
            "has 2 cells instead of 3",
            "note holds text",
            "1 times in Time [ms]",
            "goes back 1 times",
            "repeat the time",
        ] {
            assert!(told.iter().any(|line| line.contains(said)), "{said}: {told:#?}");
        }
    }

    #[test]
    fn dates_and_counted_samples_are_times_too() {
        let (dated, _) = read("n.csv", b"timestamp,value\n2013-07-04 00:00:00,69.88\n2013-07-04 01:00:00,71.2\n", None);
        assert!(dated.scale.as_ref().is_some_and(|scale| scale.epoch && scale.unit == Unit::Seconds));
        let (counted, _) = read("c.csv", b"sample,XMEAS_1\n7,2.5e-01\n8,2.6e-01\n", None);
        assert!(counted.scale.is_none());
        assert_eq!((counted.axes[0].times.clone(), counted.axes[0].steps.clone()), (vec![0, 1], vec![7, 8]));
        assert_eq!(counted.signals[0].role, SignalRole::Measurement);
    }

    #[test]
    fn other_tables_and_texts_are_none() {
        for text in ["", "one line", "a,b\nx,y\n", "1,2\n3,4\n", "name,city\nAda,London\n"] {
            assert!(!recognises(text.as_bytes()), "{text}");
        }
    }
}
