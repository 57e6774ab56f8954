//! Value change dumps as samples: a moment for each time at which a signal changes, at which every other one keeps its value.

use super::build::{self, MOST_VALUES};
use super::roles::{make_a_loop, role_of_path};
use crate::ingest::detect::is_vcd;
use crate::ingest::{BOM, WaveReader, value_of_change};
use crate::trace::{
    Axis, Changes, Samples, Signal, SignalRole, TimeScale, Variable, Warning, WarningKind, Warnings, Waveform,
};

/// What dumps call a variable whose values are numbers with fractions.
const REALS: [&str; 2] = ["real", "realtime"];
/// Bits of the widest vector that a 64-bit number holds exactly.
const EXACT_BITS: u32 = 53;

/// True for the beginning of a dump of a control loop: most of its signals are real numbers, one is a setpoint and one follows it.
pub fn recognises(head: &[u8]) -> bool {
    let waveform = waveform("", head).0;
    let named = first_names(&waveform);
    let reals: Vec<&Variable> = named.iter().copied().filter(|variable| is_real(variable)).collect();
    let roles: Vec<SignalRole> = reals.iter().map(|variable| role_of_path(&variable.path, false)).collect();
    reals.len() * 2 > named.len() && make_a_loop(&roles)
}

/// True for the beginning of any dump.
pub fn is_dump(head: &[u8]) -> bool {
    is_vcd(head.strip_prefix(BOM).unwrap_or(head).trim_ascii())
}

fn is_real(variable: &Variable) -> bool {
    REALS.iter().any(|word| variable.word.eq_ignore_ascii_case(word))
}

fn waveform(file: &str, bytes: &[u8]) -> (Waveform, Warnings) {
    let mut reader = WaveReader::new(file);
    reader.push(bytes);
    reader.finish()
}

/// Every net by its first name, without what has no value.
fn first_names(waveform: &Waveform) -> Vec<&Variable> {
    let mut named = vec![false; waveform.nets.len()];
    let first = |variable: &&Variable| {
        let net = variable.net as usize;
        !waveform.nets[net].pulse && !std::mem::replace(&mut named[net], true)
    };
    waveform.variables.iter().filter(first).collect()
}

/// Reads a dump. Where it has real numbers those are its signals, with what is 0 and 1; else every vector is a number.
pub fn read(file: &str, bytes: &[u8]) -> (Samples, Warnings) {
    let (waveform, mut warnings) = waveform(file, bytes);
    let named = first_names(&waveform);
    let reals = named.iter().any(|variable| is_real(variable));
    let wanted = |variable: &&&Variable| {
        let width = waveform.nets[variable.net as usize].width;
        is_real(variable) || width == 1 || !reals && width <= EXACT_BITS
    };
    let mut chosen: Vec<&Variable> = named.iter().filter(wanted).copied().collect();
    let left = named.len() - chosen.len();
    let mut column = vec![usize::MAX; waveform.nets.len()];
    let moments = moments(&waveform.changes, |net| chosen.iter().any(|variable| variable.net == net));
    let room = MOST_VALUES / moments.max(1);
    let mut warn = |kind, what: String, remedy: &str| {
        warnings.push(Warning { kind, file: file.to_owned(), line: None, what, remedy: remedy.to_owned(), more: 0 });
    };
    if left > 0 {
        let what = format!("{left} of its signals are neither real numbers nor single bits.");
        warn(WarningKind::Note, what, "They are left out; leave --signals out to compare every bit.");
    }
    if chosen.len() > room {
        let what = format!("{} signals that change at {moments} times are more than fit.", chosen.len());
        warn(WarningKind::Limit, what, "Only the first of them are read; dump the signals of the loop alone.");
        chosen.truncate(room);
    }
    for (at, variable) in chosen.iter().enumerate() {
        column[variable.net as usize] = at;
    }
    let mut axis = Axis::default();
    let mut values: Vec<Vec<f64>> = chosen.iter().map(|_| Vec::with_capacity(moments)).collect();
    let changes = &waveform.changes;
    for (event, &net) in changes.nets.iter().enumerate() {
        let at = column[net as usize];
        let (Some(time), Some(place)) = (changes.times.get(event as u32), changes.places.get(event as u32)) else {
            continue;
        };
        if at == usize::MAX {
            continue;
        }
        let time = time.saturating_mul(i64::from(waveform.timescale.factor));
        if axis.times.last() != Some(&time) {
            axis.times.push(time);
            axis.places.push(place);
            for held in &mut values {
                held.push(held.last().copied().unwrap_or(f64::NAN));
            }
        }
        let text = bytes.get(place.offset as usize..).and_then(|rest| rest.get(..place.len as usize));
        if let Some(value) = values[at].last_mut() {
            *value =
                text.and_then(value_of_change).and_then(|text| number(&text, is_real(chosen[at]))).unwrap_or(f64::NAN);
        }
    }
    let signals = chosen.iter().zip(values).map(|(variable, values)| {
        let flag = !is_real(variable) && waveform.nets[variable.net as usize].width == 1;
        Signal { role: role_of_path(&variable.path, flag), ..build::signal(variable.path.clone(), None, values) }
    });
    let scale = TimeScale { unit: waveform.timescale.unit, field: "time".to_owned(), epoch: false };
    let samples =
        Samples { signals: signals.collect(), axes: vec![axis], scale: Some(scale), digits: None, torn: waveform.torn };
    (samples, warnings)
}

/// At how many times one of some nets changes.
fn moments(changes: &Changes, of: impl Fn(u32) -> bool) -> usize {
    let mut last = None;
    let times =
        changes.nets.iter().enumerate().filter(|(_, net)| of(**net)).filter_map(|(at, _)| changes.times.get(at as u32));
    times.filter(|time| last.replace(*time) != Some(*time)).count()
}

/// A value as it is spelled in one way: a real number, or bits. `None` where one of them is unknown.
fn number(text: &str, real: bool) -> Option<f64> {
    if real { text.parse().ok() } else { u64::from_str_radix(text, 2).ok().map(|bits| bits as f64) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Unit;

    const LOOP: &str = "$timescale 10 us $end\n$scope module control $end\n$var real 64 ! setpoint $end\n\
        $var real 64 \" position $end\n$var real 64 # position_copy_m $end\n$var wire 1 $ actuator_saturated $end\n\
        $upscope $end\n$enddefinitions $end\n#0\nr1 !\nr0 \"\nr0 #\n0$\n#10\nr0.25 \"\n#25\nr0.5 \"\n1$\nr2e0 !\nrnan #\n";

    #[test]
    fn real_numbers_keep_their_values_between_changes() {
        assert!(is_dump(LOOP.as_bytes()) && recognises(LOOP.as_bytes()));
        let (samples, warnings) = read("l.vcd", LOOP.as_bytes());
        assert!(warnings.as_slice().is_empty(), "{warnings:?}");
        assert_eq!(
            (samples.axes[0].times.clone(), samples.scale.as_ref().unwrap().unit),
            (vec![0, 100, 250], Unit::Micros)
        );
        let of = |name: &str| &samples.signals[samples.find(name).unwrap()];
        assert_eq!(
            (&*of("control.setpoint").values, of("control.setpoint").role),
            (&[1.0, 1.0, 2.0][..], SignalRole::Setpoint)
        );
        assert_eq!(
            (&*of("control.position").values, of("control.position").role),
            (&[0.0, 0.25, 0.5][..], SignalRole::State)
        );
        assert_eq!(of("control.position_copy_m").unit.as_deref(), Some("m"));
        assert!(of("control.position_copy_m").values[2].is_nan());
        assert_eq!(
            (&*of("control.actuator_saturated").values, of("control.actuator_saturated").role),
            (&[0.0, 0.0, 1.0][..], SignalRole::Flag)
        );
        assert_eq!(samples.axes[0].places.get(2).map(|place| place.line), Some(17));
    }

    #[test]
    fn logic_is_no_loop_but_its_vectors_are_numbers_where_that_is_asked_for() {
        let text = "$timescale 1 ns $end\n$var wire 4 ! setpoint $end\n$var wire 4 \" state $end\n$enddefinitions $end\n\
            #0\nb0101 !\nbx \"\n#5\nb11 \"\n";
        assert!(is_dump(text.as_bytes()) && !recognises(text.as_bytes()));
        let (samples, _) = read("l.vcd", text.as_bytes());
        assert_eq!(samples.signals[0].values, [5.0, 5.0]);
        assert!(samples.signals[1].values[0].is_nan());
        assert_eq!(samples.signals[1].values[1..], [3.0]);
        let (_, warnings) = read("l.vcd", LOOP.replace("wire 1", "wire 8").as_bytes());
        assert!(warnings.as_slice()[0].what.starts_with("1 of its signals are neither"), "{warnings:?}");
        let (cut, warnings) = read("l.vcd", &LOOP.as_bytes()[..LOOP.len() - 3]);
        assert!(cut.torn && warnings.partial());
    }
}
