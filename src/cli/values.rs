//! Values of arguments that are more than words.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use egui::Vec2;

use crate::control::plant::{Parameter, Scenario};
use crate::spec::Tolerance;
use crate::trace::{EventIndex, SignalRole};

/// One `--tolerance`.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldTolerance {
    /// Dotted path, or `time` for the gap to the event before.
    pub field: String,
    /// How much.
    pub tolerance: Tolerance,
}

/// The path that stands for the gap to the event before; its tolerance is in seconds.
pub const GAP: &str = "time";

/// Reads `FIELD=5`, `FIELD=5%` or `time=5ms`.
pub fn field_tolerance(text: &str) -> Result<FieldTolerance, String> {
    let how = "write FIELD=VALUE, such as latency_ms=5, latency_ms=5% or time=20ms";
    let (field, value) = text.rsplit_once('=').ok_or_else(|| how.to_owned())?;
    let (field, value) = (field.trim(), value.trim());
    if field.is_empty() {
        return Err(how.to_owned());
    }
    let tolerance = if field == GAP && !value.ends_with('%') {
        Tolerance { absolute: seconds(value)?, relative: 0.0 }
    } else {
        value.parse()?
    };
    Ok(FieldTolerance { field: field.to_owned(), tolerance })
}

fn seconds(text: &str) -> Result<f64, String> {
    // Longest suffix first: `ms` ends in `s` too.
    const UNITS: [(&str, f64); 5] = [("ms", 1e3), ("us", 1e6), ("µs", 1e6), ("ns", 1e9), ("s", 1.0)];
    UNITS
        .iter()
        .find_map(|(unit, per_second)| {
            text.strip_suffix(unit).map(|n| n.parse::<Tolerance>().map(|n| n.absolute / per_second))
        })
        .unwrap_or_else(|| {
            Err(format!("`{text}` has no unit of time: write s, ms, us or ns after the number, such as time=20ms"))
        })
}

/// Reads `90s`, `1500ms`, `10m` or `1h 30m`.
pub fn duration(text: &str) -> Result<Duration, String> {
    let how = "write a time such as 500ms, 90s, 10m or 1h";
    let time: jiff::SignedDuration = text.trim().parse().map_err(|_bad: jiff::Error| how.to_owned())?;
    Duration::try_from(time).map_err(|_negative: jiff::Error| how.to_owned())
}

/// Reads `127.0.0.1:4318`, `localhost:4318` or `4318`.
pub fn address(text: &str) -> Result<SocketAddr, String> {
    let text = text.trim();
    let port = text.strip_prefix("localhost:").unwrap_or(text);
    let here = port.parse().map(|port: u16| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    let how = "write an address of this machine with a port, such as 127.0.0.1:4318";
    here.or_else(|_no_port| text.parse()).map_err(|_bad| how.to_owned())
}

/// Reads `5=7`: an expected and an actual event, counted from 0.
pub fn event_pair(text: &str) -> Result<(EventIndex, EventIndex), String> {
    let event = |text: &str| {
        let digits = text.trim().trim_start_matches('#');
        digits.parse::<EventIndex>().ok().filter(|&event| event != EventIndex::MAX)
    };
    text.split_once('=')
        .and_then(|(expected, actual)| Some((event(expected)?, event(actual)?)))
        .ok_or_else(|| "write E=A, the numbers of an expected and an actual event, such as 5=7".to_owned())
}

/// Reads `1600x1000`. What can be drawn is for the picture to say.
pub fn size(text: &str) -> Result<Vec2, String> {
    let side = |text: &str| text.trim().parse::<u16>().ok().map(f32::from);
    text.split_once(['x', 'X', '×'])
        .and_then(|(width, height)| Some(Vec2::new(side(width)?, side(height)?)))
        .ok_or_else(|| "write WIDTHxHEIGHT, such as 1600x1000".to_owned())
}

/// A parameter of the reference plant and the values it takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// The parameter.
    pub parameter: Parameter,
    /// The first value.
    pub from: f64,
    /// The last one.
    pub to: f64,
    /// From one to the next.
    pub step: f64,
}

/// Values of a sweep beyond which nobody waits.
const VALUES: f64 = 10_000.0;

/// Reads `delay=0..8:1`.
pub fn range(text: &str) -> Result<Range, String> {
    const FORM: &str = "write NAME=FROM..TO:STEP, such as delay=0..8:1";
    let (name, values) = text.split_once('=').ok_or(FORM)?;
    let parameter = Parameter::named(name).ok_or_else(|| {
        let known: Vec<&str> = Parameter::ALL.iter().map(|parameter| parameter.name()).collect();
        format!("`{name}` is no parameter; there are {}", known.join(", "))
    })?;
    let (from, rest) = values.split_once("..").ok_or(FORM)?;
    let (to, step) = rest.split_once(':').ok_or(FORM)?;
    let [from, to, step] = [from, to, step].map(str::parse::<f64>);
    let (Ok(from), Ok(to), Ok(step)) = (from, to, step) else { return Err(FORM.to_owned()) };
    let count = (to - from) / step;
    if !(step > 0.0 && (0.0..=VALUES).contains(&count)) {
        return Err(format!(
            "the step must be positive, lead from the first value to the last, and take at most {VALUES}"
        ));
    }
    Ok(Range { parameter, from, to, step })
}

/// Reads the name of a scenario.
pub fn scenario(text: &str) -> Result<Scenario, String> {
    Scenario::named(text).ok_or_else(|| {
        let known: Vec<&str> = Scenario::ALL.iter().map(|scenario| scenario.name()).collect();
        format!("there are {}", known.join(", "))
    })
}

/// Reads `speed=measurement`.
pub fn signal_role(text: &str) -> Result<(String, SignalRole), String> {
    let (signal, role) = text.rsplit_once('=').ok_or("write SIGNAL=ROLE")?;
    let role = SignalRole::of(role).ok_or_else(|| {
        let known: Vec<&str> = SignalRole::ALL.iter().map(|role| role.word()).collect();
        format!("`{role}` is no role; there are {}", known.join(", "))
    })?;
    Ok((signal.to_owned(), role))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, f64, f64) {
        let FieldTolerance { field, tolerance } = field_tolerance(text).unwrap();
        (field, tolerance.absolute, tolerance.relative)
    }

    #[test]
    fn absolute_relative_and_time() {
        assert_eq!(read("latency_ms=5"), ("latency_ms".to_owned(), 5.0, 0.0));
        assert_eq!(read("a.b=2.5%"), ("a.b".to_owned(), 0.0, 0.025));
        assert_eq!(read("time=5ms"), ("time".to_owned(), 0.005, 0.0));
        assert_eq!(read("time=20 us"), ("time".to_owned(), 0.000_02, 0.0));
        assert_eq!(read("time=2s"), ("time".to_owned(), 2.0, 0.0));
        assert_eq!(read("time=10%"), ("time".to_owned(), 0.0, 0.1));
        assert_eq!(read("odd=name=1"), ("odd=name".to_owned(), 1.0, 0.0));
    }

    #[test]
    fn a_pair_is_two_numbers_of_events() {
        assert_eq!(event_pair("5=7"), Ok((5, 7)));
        assert_eq!(event_pair("#0 = #12"), Ok((0, 12)));
        for text in ["", "5", "5=", "=7", "-1=7", "5=7=9", "a=b", "4294967295=0"] {
            assert!(event_pair(text).unwrap_err().contains("E=A"), "{text}");
        }
    }

    #[test]
    fn a_size_is_two_numbers() {
        assert_eq!(size("1600x1000"), Ok(Vec2::new(1600.0, 1000.0)));
        assert_eq!(size("640 × 400"), Ok(Vec2::new(640.0, 400.0)));
        for text in ["", "1600", "x", "1600x", "-1x5", "1e3x5", "99999x5", "1x2x3"] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_no_tolerance_says_how_to_write_one() {
        for (text, part) in [
            ("latency_ms", "FIELD=VALUE"),
            ("=5", "FIELD=VALUE"),
            ("a=", "no number"),
            ("a=-1", "from 0 up"),
            ("a=NaN", "from 0 up"),
            ("a=5ms", "no number"),
            ("time=5", "unit of time"),
            ("time=fastms", "no number"),
        ] {
            let error = field_tolerance(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
