//! From columns of values to samples: times in exact ticks, roles, groups, and what was odd about them.

use super::clock::{Reading, guessed_unit, named_unit};
use super::roles::{role, unit};
use crate::trace::{Axis, Places, Samples, Signal, SignalRole, TimeScale, Unit, Warning, WarningKind, Warnings};

/// Significant digits that say no more than that a number was written exactly.
const EXACT_DIGITS: u32 = 13;

/// Values of one recording beyond which there is no room for more signals.
pub const MOST_VALUES: usize = 1 << 28;

/// One column as it was read.
#[derive(Debug, Clone, Default)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it is a component of, where the recording says so.
    pub group: Option<String>,
    /// Its values, NaN where there is none.
    pub values: Vec<f64>,
    /// True when every value was `true`, `false`, 0 or 1.
    pub flag: bool,
}

/// Everything that was read of a file.
#[derive(Debug, Default)]
pub struct Columns {
    /// The columns that are signals.
    pub signals: Vec<Column>,
    /// The column of times, and what it is called; `None` for a moment without one.
    pub times: Option<(String, Vec<Option<Reading>>)>,
    /// Step numbers.
    pub steps: Vec<i64>,
    /// Where each moment stands.
    pub places: Places,
    /// The greatest number of significant digits.
    pub digits: u32,
    /// True when the file ends in the middle of a moment.
    pub torn: bool,
}

/// Components of a vector, behind a dot, a line or in brackets.
const COMPONENTS: [&str; 9] = ["x", "y", "z", "w", "roll", "pitch", "yaw", "north", "east"];

/// What a column is a component of, by its name: `waypoint_x` of `waypoint`, `q[0]` of `q`.
fn group(name: &str) -> String {
    if let Some((stem, rest)) = name.rsplit_once('[')
        && rest.trim_end_matches(']').bytes().all(|b| b.is_ascii_digit())
    {
        return stem.to_owned();
    }
    let split = name.rsplit_once(['.', '_']);
    split.filter(|(_, last)| COMPONENTS.contains(last)).map_or(name, |(stem, _)| stem).to_owned()
}

/// True for the name of a component of a vector.
pub fn is_component(name: &str) -> bool {
    COMPONENTS.contains(&name)
}

/// Samples of columns that were sampled together.
pub fn build(file: &str, columns: Columns, warnings: &mut Warnings) -> Samples {
    let moments = columns.places.len();
    let (times, scale) = match columns.times {
        Some((name, readings)) => ticks(file, &name, &readings, warnings),
        None => ((0..moments as i64).collect(), None),
    };
    let signals = columns
        .signals
        .into_iter()
        .map(|column| {
            let known = column.values.iter().any(|v| !v.is_nan());
            let role = role(&column.name, column.flag && known);
            let group = column.group.unwrap_or_else(|| group(&column.name));
            Signal { unit: unit(&column.name), group, role, axis: 0, values: column.values, name: column.name }
        })
        .collect();
    let steps = if columns.steps.len() == moments { columns.steps } else { Vec::new() };
    Samples {
        scale,
        axes: vec![Axis { times, steps, places: columns.places }],
        signals,
        digits: (1..=EXACT_DIGITS).contains(&columns.digits).then_some(columns.digits),
        torn: columns.torn,
    }
}

/// Times as ticks of the coarsest unit that is exact.
fn ticks(
    file: &str,
    name: &str,
    readings: &[Option<Reading>],
    warnings: &mut Warnings,
) -> (Vec<i64>, Option<TimeScale>) {
    let numbers: Vec<i128> =
        readings.iter().flatten().filter_map(|r| if let Reading::Number(n) = r { Some(*n) } else { None }).collect();
    let per = named_unit(name).unwrap_or_else(|| guessed_unit(&numbers));
    let epoch = numbers.is_empty() || numbers.iter().all(|n| n / 1_000_000_000 * per > 300_000_000_000_000_000);
    let read = |reading: &Option<Reading>| match reading {
        Some(Reading::Date(nanos)) => Some(*nanos),
        Some(Reading::Number(n)) => i64::try_from(n * per / 1_000_000_000).ok(),
        None => None,
    };
    let mut nanos = [forward(file, name, readings.iter().map(read), warnings)];
    let unit = coarsest(&mut nanos, Unit::Nanos);
    let [times] = nanos;
    (times, Some(TimeScale { unit, field: name.to_owned(), epoch }))
}

/// Times that never go back. A moment without a time has that of the one before; where time goes back the recording was
/// restarted, and it is counted on. `name`: what is timed, for a warning.
pub fn forward(
    file: &str,
    name: &str,
    read: impl Iterator<Item = Option<i64>> + Clone,
    warnings: &mut Warnings,
) -> Vec<i64> {
    let mut warn = |kind, what: String, remedy: &str| {
        warnings.push(Warning { kind, file: file.to_owned(), line: None, what, remedy: remedy.to_owned(), more: 0 });
    };
    // Moments before the first time have that one.
    let mut last = read.clone().flatten().next().unwrap_or_default();
    let (mut shift, mut missing, mut back, mut again) = (0_i64, 0, 0, 0);
    let mut times = Vec::with_capacity(read.size_hint().0);
    for (at, time) in read.enumerate() {
        let Some(mut time) = time.and_then(|time| time.checked_add(shift)) else {
            missing += 1;
            times.push(last);
            continue;
        };
        if at > 0 && time < last {
            back += 1;
            shift = shift.saturating_add(last.saturating_sub(time));
            time = last;
        } else if at > 0 && time == last {
            again += 1;
        }
        last = time;
        times.push(time);
    }
    if missing > 0 {
        let what = format!("{missing} times in {name} could not be read.");
        warn(WarningKind::BadTime, what, "Each such sample has the time of the one before.");
    }
    if back > 0 {
        let what = format!("The time in {name} goes back {back} times, as where a recording was restarted.");
        warn(WarningKind::Note, what, "It is counted on from there.");
    }
    if again > 0 {
        let what = format!("{again} samples in {name} repeat the time of the one before.");
        warn(WarningKind::Note, what, "They are kept in the order of the recording.");
    }
    times
}

/// Brings all axes from a unit to the coarsest one that is exact, and says which.
pub fn coarsest(axes: &mut [Vec<i64>], unit: Unit) -> Unit {
    let divisor = |coarser: Unit| 10_i64.pow(unit.exponent() - coarser.exponent());
    let exact = |coarser: &Unit| axes.iter().flatten().all(|time| time % divisor(*coarser) == 0);
    let coarser = Unit::ALL.into_iter().filter(|coarser| coarser.exponent() < unit.exponent());
    let found = coarser.clone().find(exact).unwrap_or(unit);
    axes.iter_mut().flatten().for_each(|time| *time /= divisor(found));
    found
}

/// A signal of a name, on the first axis; without a unit of its own it has that which its name tells.
pub fn signal(name: String, of: Option<String>, values: Vec<f64>) -> Signal {
    let role = role(&name, is_flag(&values));
    Signal { unit: of.or_else(|| unit(&name)), group: group(&name), role, axis: 0, values, name }
}

/// True for values that are 0 and 1 alone.
#[expect(clippy::float_cmp, reason = "a flag is 0 or 1 to the last bit")]
pub fn is_flag(values: &[f64]) -> bool {
    let mut known = values.iter().filter(|value| !value.is_nan()).peekable();
    known.peek().is_some() && known.all(|value| *value == 0.0 || *value == 1.0)
}

/// Brings samples to a finer unit, exactly; those without a time stay as they are.
pub fn in_unit(samples: &mut Samples, unit: Unit) {
    let Some(scale) = &mut samples.scale else { return };
    let factor = 10_i64.pow(unit.exponent().saturating_sub(scale.unit.exponent()));
    if factor > 1 {
        scale.unit = unit;
        for axis in &mut samples.axes {
            for time in &mut axis.times {
                *time = time.saturating_mul(factor);
            }
        }
    }
}

/// Both sides of a table that holds them beside each other, in columns that begin with `expected_` and `actual_`; what begins with
/// neither belongs to both. `None` for any other.
pub fn split_sides(samples: &Samples) -> Option<[Samples; 2]> {
    let of = |word: &str| samples.signals.iter().filter(|signal| signal.name.starts_with(word)).count();
    if of("expected_") == 0 || of("expected_") != of("actual_") {
        return None;
    }
    let side = |own: &str, other: &str| -> Samples {
        let signals = samples.signals.iter().filter(|signal| !signal.name.starts_with(other)).map(|signal| {
            let mut signal = signal.clone();
            if let Some(rest) = signal.name.strip_prefix(own) {
                // A bare component is one of where the plant is.
                let bare = COMPONENTS.contains(&rest);
                signal.name = if bare { format!("position.{rest}") } else { rest.to_owned() };
                signal.group = if bare { "position".to_owned() } else { group(&signal.name) };
                signal.role = role(&signal.name, signal.role == SignalRole::Flag);
            }
            signal
        });
        Samples { signals: signals.collect(), ..samples.clone() }
    };
    Some([side("expected_", "actual_"), side("actual_", "expected_")])
}

/// How many significant digits a number was written with.
pub fn digits(text: &str) -> u32 {
    let mantissa = text.split(['e', 'E']).next().unwrap_or(text);
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0');
    digits.count() as u32
}
