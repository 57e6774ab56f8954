//! What can go wrong in the plant, by name.

use std::fmt;
use std::ops::RangeInclusive;

use super::Vector;

/// A fault with its strength.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fault {
    /// The sensor tells where the plant was so many steps ago.
    Delay(u32),
    /// The sensor tells what it told before.
    Dropout,
    /// The sensor is off by so much along each axis.
    Bias(f64),
    /// The sensor's noise has this standard deviation, on top of the usual one.
    Noise(f64),
    /// The estimate keeps so much of itself and takes the rest from the measurement, from 0 to 1.
    Stale(f64),
    /// The actuator gives no more than this.
    Saturation(f64),
    /// The actuator follows the command with this time constant, in seconds.
    Lag(f64),
    /// The actuator does nothing for commands shorter than this.
    DeadZone(f64),
    /// A step lasts so much longer, in seconds, and its work as long as the step would have with this.
    Jitter(f64),
    /// The controller gives no command, and the step lasts so much longer, in seconds.
    Missed(f64),
    /// The controller's work takes so many milliseconds.
    Overrun(f64),
    /// Something pushes the plant along each axis, with this acceleration.
    Push(f64),
    /// The setpoint is shifted along each axis.
    Shift(f64),
}

/// The names with what their number means: what [`Fault::named`] takes.
const NAMES: [(&str, &str); 13] = [
    ("delay", "steps"),
    ("dropout", ""),
    ("bias", "distance"),
    ("noise", "standard deviation"),
    ("stale", "share that is kept, 0 to 1"),
    ("saturation", "limit"),
    ("lag", "seconds"),
    ("deadzone", "width"),
    ("jitter", "seconds"),
    ("missed", "seconds"),
    ("overrun", "milliseconds"),
    ("push", "acceleration"),
    ("shift", "distance"),
];

impl Fault {
    /// The fault of a name and a strength; `None` for a name that is none, or a strength that means nothing.
    pub fn named(name: &str, strength: f64) -> Option<Self> {
        let sound = strength.is_finite() && strength >= 0.0;
        Some(match name {
            "dropout" => Self::Dropout,
            "bias" if strength.is_finite() => Self::Bias(strength),
            "push" if strength.is_finite() => Self::Push(strength),
            "shift" if strength.is_finite() => Self::Shift(strength),
            _ if !sound => return None,
            "delay" => Self::Delay(strength.round() as u32),
            "noise" => Self::Noise(strength),
            "stale" if strength <= 1.0 => Self::Stale(strength),
            "saturation" => Self::Saturation(strength),
            "lag" => Self::Lag(strength),
            "deadzone" => Self::DeadZone(strength),
            "jitter" => Self::Jitter(strength),
            "missed" => Self::Missed(strength),
            "overrun" => Self::Overrun(strength),
            _ => return None,
        })
    }

    /// Every name with what its number means, for help: `delay=STEPS`.
    pub fn names() -> impl Iterator<Item = String> {
        NAMES.into_iter().map(|(name, of)| match of {
            "" => name.to_owned(),
            of => format!("{name} ({of})"),
        })
    }

    /// Its name and strength.
    pub fn name(self) -> (&'static str, f64) {
        match self {
            Self::Delay(steps) => ("delay", f64::from(steps)),
            Self::Dropout => ("dropout", 0.0),
            Self::Bias(of) => ("bias", of),
            Self::Noise(of) => ("noise", of),
            Self::Stale(of) => ("stale", of),
            Self::Saturation(of) => ("saturation", of),
            Self::Lag(of) => ("lag", of),
            Self::DeadZone(of) => ("deadzone", of),
            Self::Jitter(of) => ("jitter", of),
            Self::Missed(of) => ("missed", of),
            Self::Overrun(of) => ("overrun", of),
            Self::Push(of) => ("push", of),
            Self::Shift(of) => ("shift", of),
        }
    }

    /// The same along each axis.
    pub(super) const fn both(of: f64) -> Vector {
        [of, of]
    }
}

/// A fault and when it is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Injection {
    /// What goes wrong.
    pub fault: Fault,
    /// In which steps, both ends included.
    pub steps: RangeInclusive<u32>,
}

impl Injection {
    /// A fault over some steps.
    pub const fn new(fault: Fault, from: u32, to: u32) -> Self {
        Self { fault, steps: from..=to }
    }

    /// What a person typed: `delay=3@20-40`, `dropout@18`, `saturation=0.55@28-` to the end, `lag=0.3` throughout.
    ///
    /// # Errors
    /// When it means nothing, as a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (fault, when) = text.split_once('@').map_or((text, "0-"), |(fault, when)| (fault, when));
        let (name, strength) = fault.split_once('=').map_or((fault, ""), |(name, strength)| (name, strength));
        let known: Vec<String> = Fault::names().collect();
        let strength = match strength {
            "" => 0.0,
            text => text.parse().map_err(|_error| format!("`{text}` is no number"))?,
        };
        let fault = Fault::named(name, strength)
            .ok_or_else(|| format!("`{fault}` is no fault; there are {}", known.join(", ")))?;
        let step = |text: &str| text.parse().map_err(|_error| format!("`{text}` is no step"));
        let (from, to) = match when.split_once('-') {
            None => (step(when)?, step(when)?),
            Some((from, "")) => (step(from)?, u32::MAX),
            Some((from, to)) => (step(from)?, step(to)?),
        };
        if to < from {
            return Err(format!("the steps {when} end before they begin"));
        }
        Ok(Self::new(fault, from, to))
    }
}

impl fmt::Display for Injection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, strength) = self.fault.name();
        f.write_str(name)?;
        if self.fault != Fault::Dropout {
            write!(f, "={strength}")?;
        }
        let (from, to) = (self.steps.start(), self.steps.end());
        match to {
            to if to == from => write!(f, "@{from}"),
            &u32::MAX => write!(f, "@{from}-"),
            to => write!(f, "@{from}-{to}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_read_and_printed() {
        for text in ["delay=3@20-40", "dropout@18", "saturation=0.55@28-", "bias=-0.5@0-9", "stale=0.98@26-39"] {
            assert_eq!(Injection::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Injection::parse("lag=0.3").unwrap().to_string(), "lag=0.3@0-");
        for (text, wrong) in [
            ("fog", "`fog` is no fault; there are delay (steps), dropout,"),
            ("lag=-1", "`lag=-1` is no fault"),
            ("lag=much", "`much` is no number"),
            ("lag=1@a", "`a` is no step"),
            ("lag=1@5-2", "end before they begin"),
        ] {
            assert!(Injection::parse(text).unwrap_err().contains(wrong), "{text}");
        }
    }

    #[test]
    fn every_name_is_a_fault_of_that_name() {
        for (name, _) in NAMES {
            assert_eq!(Fault::named(name, 1.0).unwrap().name().0, name);
        }
    }
}
