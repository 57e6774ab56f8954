//! From a moment of a sampled run to the event of that moment, and back: what stands in the same place of the same file is the same,
//! whichever way it was read; else the nearest in time, where both recordings have the same clock.

use super::{Analysis, Control};
use crate::pack::Source;
use crate::trace::{EventIndex, Side, TimeScale, Unit};

/// The event of a moment; of the same side where that has one.
pub fn event_of(
    control: &Control,
    side: Side,
    axis: usize,
    index: usize,
    analysis: &Analysis,
) -> Option<(Side, EventIndex)> {
    let sides = || [side, side.other()].into_iter().filter_map(|side| Some((side, analysis.sides[side].as_ref()?)));
    let written = control.source(side, axis).zip(control.place(side, axis, index));
    if let Some((source, (_, place))) = written {
        let same = sides().find(|(_, events)| is_same(&events.recording.source, source));
        let found = same.and_then(|(side, events)| {
            let places = &events.trace.events.places;
            let event = places.first_from(place.offset);
            let there = places.get(event).is_some_and(|at| at.offset < place.offset + u64::from(place.len));
            there.then_some((side, event))
        });
        if found.is_some() {
            return found;
        }
    }
    let samples = &control.samples[side];
    let when = femtos(samples.scale.as_ref()?, *samples.axes.get(axis)?.times.get(index)?);
    sides().find_map(|(side, events)| {
        let scale =
            events.trace.time.as_ref().filter(|scale| Some(scale.epoch) == samples.scale.as_ref().map(|s| s.epoch))?;
        let times = &events.trace.events.times;
        let known =
            (0..times.len() as u32).filter_map(|event| Some((femtos(scale, times.get(event)?).abs_diff(when), event)));
        Some((side, known.min()?.1))
    })
}

/// The moment of an event, as an axis and an index of a side; of the same side where that has one.
pub fn moment_of(
    analysis: &Analysis,
    side: Side,
    event: EventIndex,
    control: &Control,
) -> Option<(Side, usize, usize)> {
    let events = analysis.sides[side].as_ref()?;
    let sides = || [side, side.other()].into_iter().filter(|side| !control.samples[*side].is_empty());
    let place = events.trace.events.places.get(event);
    let written = sides().find_map(|side| {
        let place = place?;
        (0..control.samples[side].axes.len()).find_map(|axis| {
            control.source(side, axis).filter(|source| is_same(source, &events.recording.source))?;
            let places = &control.samples[side].axes[axis].places;
            let index = places.first_from(place.offset + 1).checked_sub(1)?;
            let at = places.get(index)?;
            (place.offset < at.offset + u64::from(at.len.max(1))).then_some((side, axis, index as usize))
        })
    });
    if written.is_some() {
        return written;
    }
    let scale = events.trace.time.as_ref()?;
    let when = femtos(scale, events.trace.events.time_of(event)?);
    sides().find_map(|side| {
        let samples = &control.samples[side];
        let of = samples.scale.as_ref().filter(|of| of.epoch == scale.epoch)?;
        let moments = samples.axes.iter().enumerate().flat_map(|(axis, all)| {
            all.times.iter().enumerate().map(move |(index, time)| (femtos(of, *time).abs_diff(when), axis, index))
        });
        moments.min().map(|(_, axis, index)| (side, axis, index))
    })
}

/// Ticks in the finest unit.
fn femtos(scale: &TimeScale, ticks: i64) -> i128 {
    i128::from(ticks) * 10_i128.pow(Unit::Femtos.exponent() - scale.unit.exponent())
}

fn is_same(one: &Source, other: &Source) -> bool {
    one.name == other.name && one.path == other.path
}
