//! Numbers as they are read out: few figures, a real minus, the unit behind.

use crate::app::control::{Sheet, time_words};
use crate::trace::grouped;

/// A value in four figures.
pub fn figures(value: f64) -> String {
    let size = value.abs();
    let text = if value == 0.0 {
        "0".to_owned()
    } else if !(1e-4..1e7).contains(&size) {
        format!("{value:.1e}")
    } else if size >= 1_000.0 {
        format!("{value:.0}")
    } else if size >= 100.0 {
        format!("{value:.1}")
    } else if size >= 10.0 {
        format!("{value:.2}")
    } else if size >= 0.01 {
        format!("{value:.3}")
    } else {
        format!("{value:.5}")
    };
    text.replace('-', "−")
}

/// A number without the zeros that say nothing: `0.75`.
fn plain(text: &str) -> String {
    if text.contains('.') && !text.contains('e') {
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    text.to_owned()
}

/// A number that a person set, as it was set.
pub fn set(value: f64) -> String {
    plain(&figures(value))
}

/// The same with its sign always.
pub fn signed(value: f64) -> String {
    let text = figures(value);
    if value > 0.0 { format!("+{text}") } else { text }
}

/// A value that may be missing.
pub fn maybe(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), figures)
}

/// A value with its unit.
pub fn with_unit(value: &str, unit: Option<&str>) -> String {
    unit.map_or_else(|| value.to_owned(), |unit| format!("{value}\u{202f}{unit}"))
}

/// A time on the axis of a sheet: `1.9 s`, `sample 12`.
pub fn time(sheet: &Sheet, at: f64) -> String {
    if !sheet.plots().timed {
        return format!("sample {}", grouped(at.max(0.0) as u64));
    }
    let width = sheet.sight().whole().1 - sheet.sight().whole().0;
    if width < 0.5 {
        return time_words(at, width / 1_000.0, true);
    }
    // Three figures more than the whole axis has tell samples apart.
    let decimals = (3.0 - width.log10().floor()).clamp(1.0, 6.0) as usize;
    let text = plain(&format!("{at:.decimals$}"));
    let whole = !text.contains('.');
    format!("{text}{}\u{202f}s", if whole { ".0" } else { "" }).replace('-', "−")
}

/// A time with its step: `step 18 · 1.9 s`.
pub fn moment(sheet: &Sheet, at: f64) -> String {
    let time = time(sheet, at);
    match sheet.plots().step_at(sheet.control(), at).filter(|_| sheet.plots().timed) {
        Some(step) => format!("step {step} · {time}"),
        None => time,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_few_figures_and_a_real_minus() {
        let cases = [
            (0.0, "0"),
            (0.812_345, "0.812"),
            (-31.218, "−31.22"),
            (1234.5, "1234"),
            (0.001_234, "0.00123"),
            (1.5e-7, "1.5e−7"),
        ];
        for (value, text) in cases {
            assert_eq!(figures(value), text);
        }
        assert_eq!(
            (signed(0.5), signed(-0.5), signed(0.0)),
            ("+0.500".to_owned(), "−0.500".to_owned(), "0".to_owned())
        );
        assert_eq!((set(0.75), set(100.0), set(3.0)), ("0.75".to_owned(), "100".to_owned(), "3".to_owned()));
        assert_eq!((maybe(None), with_unit("1", Some("m"))), ("–".to_owned(), "1\u{202f}m".to_owned()));
    }
}
