//! Where the ticks of an axis stand, and what is written at them.

use crate::trace::{Unit, grouped};

/// This share of a step is what rounding makes.
const ROUNDING: f64 = 1e-6;

/// Ticks at round places: one, two or five times a power of ten apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Ticks {
    /// The first one.
    first: f64,
    /// How far they are apart.
    pub step: f64,
    number: usize,
}

impl Ticks {
    /// The ticks from `from` to `to` that are at least `least` apart.
    pub fn new(from: f64, to: f64, least: f64) -> Self {
        let least = if least.is_finite() && least > 0.0 { least } else { 1.0 };
        let power = 10_f64.powf(least.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|n| n * power).find(|step| *step >= least).unwrap_or(least);
        Self::apart(from, to, step)
    }

    fn apart(from: f64, to: f64, step: f64) -> Self {
        // A last tick at the very end is one, whatever becomes of the digits.
        let first = (from / step - ROUNDING).ceil() * step;
        let number = if to >= first { ((to - first) / step + ROUNDING) as usize + 1 } else { 0 };
        Self { first, step, number: number.min(10_000) }
    }

    /// At whole places only: there is no event between two events.
    pub fn whole(from: f64, to: f64, least: f64) -> Self {
        Self::new(from, to, least.max(1.0))
    }

    /// Ticks at round times of day, `least` or more seconds apart: at whole seconds, minutes, hours or days since 1970.
    pub fn of_day(from: f64, to: f64, least: f64) -> Self {
        const MINUTE: f64 = 60.0;
        const HOUR: f64 = 60.0 * MINUTE;
        const DAY: f64 = 24.0 * HOUR;
        let steps = [1.0, 2.0, 5.0, 10.0, 15.0, 30.0].map(|n| [n, n * MINUTE]).into_iter().flatten();
        let hours = [1.0, 2.0, 3.0, 6.0, 12.0].map(|n| n * HOUR);
        let mut steps: Vec<f64> = steps.chain(hours).filter(|step| *step >= least).collect();
        steps.sort_by(f64::total_cmp);
        let step = steps.first().copied().unwrap_or_else(|| (least / DAY).ceil() * DAY);
        Self::apart(from, to, step)
    }

    /// Where they stand.
    pub fn places(&self) -> impl Iterator<Item = f64> + use<> {
        let (first, step) = (self.first, self.step);
        (0..self.number).map(move |i| i as f64 * step + first)
    }
}

/// A place on an axis in words: `1,200`, or with a unit `+1.2 s`, in the unit that fits ticks that are `step` apart.
pub fn place_words(place: f64, step: f64, unit: Option<Unit>, signed: bool) -> String {
    let Some(unit) = unit else {
        let digits = grouped(place.abs().round() as u64);
        return if place < -0.5 { format!("−{digits}") } else { digits };
    };
    let seconds = 10_f64.powi(-(unit.exponent() as i32));
    let size = (step * seconds).abs().max(f64::MIN_POSITIVE);
    let units = [(1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"), (1e-12, "ps"), (1e-15, "fs")];
    // Tenths of seconds are read as such; below a hundredth the next unit is.
    let (per, word) = units.into_iter().find(|(per, _)| size >= per * 0.0999).unwrap_or((1e-15, "fs"));
    let value = place * seconds / per;
    let decimals = (-(size / per).log10().floor()).clamp(0.0, 3.0) as usize;
    let text = format!("{:.decimals$}", value.abs());
    let zero = text.bytes().all(|b| b == b'0' || b == b'.');
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), String::new()), |(w, r)| (w, format!(".{r}")));
    let whole = grouped(whole.parse().unwrap_or(0)).replace(',', "\u{202f}");
    let sign = match (value < 0.0 && !zero, signed && !zero) {
        (true, _) => "−",
        (false, true) => "+",
        _ => "",
    };
    format!("{sign}{whole}{rest}\u{202f}{word}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_stand_at_round_places_within_the_view() {
        let of = |from, to, least| Ticks::new(from, to, least).places().collect::<Vec<_>>();
        assert_eq!(of(0.0, 10.0, 2.2), [0.0, 5.0, 10.0]);
        assert_eq!(of(-3.0, 3.0, 1.1), [-2.0, 0.0, 2.0]);
        assert_eq!(of(5.0, 4.0, 1.0), [0.0; 0]);
        assert_eq!(of(0.95, 1.0, 0.01).len(), 6, "both ends are ticks");
        assert_eq!(Ticks::whole(0.0, 2.0, 0.1).places().collect::<Vec<_>>(), [0.0, 1.0, 2.0]);
        assert_eq!(Ticks::new(0.0, 1.0, f64::NAN), Ticks::new(0.0, 1.0, 1.0));
    }

    #[test]
    fn ticks_of_a_day_stand_at_round_times() {
        let of = |from, to, least| Ticks::of_day(from, to, least).places().collect::<Vec<_>>();
        assert_eq!(of(250.0, 1500.0, 240.0), [300.0, 600.0, 900.0, 1200.0, 1500.0]);
        assert_eq!(of(1.5, 4.0, 0.1), [2.0, 3.0, 4.0]);
        assert_eq!(of(0.0, 2e5, 50_000.0), [0.0, 86_400.0, 172_800.0]);
        assert_eq!(of(5.0, 4.0, 1.0), [0.0; 0]);
    }

    #[test]
    fn places_are_written_in_the_unit_that_fits() {
        let at = |place, step| place_words(place, step, Some(Unit::Micros), true);
        assert_eq!(at(1_200_000.0, 200_000.0), "+1.2\u{202f}s");
        assert_eq!(at(-1_500.0, 500.0), "−1.5\u{202f}ms");
        assert_eq!(at(0.0, 500.0), "0.0\u{202f}ms");
        assert_eq!(at(12_345_000_000.0, 1_000_000.0), "+12\u{202f}345\u{202f}s");
        assert_eq!(place_words(1_234.0, 1.0, None, true), "1,234");
        assert_eq!(place_words(-3.0, 1.0, None, true), "−3");
    }
}
