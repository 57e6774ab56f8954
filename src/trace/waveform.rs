//! A waveform as it was recorded: named signals and their value changes, in ticks of the recording's own timescale.

use super::{Places, Times, Unit};

/// The value of a signal that was never written, and of one whose bits are all unknown (`x`).
pub const UNDEFINED: u64 = 0;

/// What one tick of a waveform means: 1, 10 or 100 of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timescale {
    /// How many of the unit.
    pub factor: u32,
    /// The unit.
    pub unit: Unit,
}

impl std::fmt::Display for Timescale {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.factor, self.unit.symbol())
    }
}

/// One name of a signal. Several names of one net are its aliases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// The scopes and the name, joined by dots: `tb.dut.state`.
    pub path: String,
    /// Its bits as the recording gives them, such as `[7:0]`; empty where it gives none.
    pub range: String,
    /// The recording's word for what it is: `wire`, `reg`, `integer`…
    pub word: String,
    /// How many scopes it is in.
    pub depth: u32,
    /// The net it names, into [`Waveform::nets`].
    pub net: u32,
}

/// What carries a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Net {
    /// Width in bits.
    pub width: u32,
    /// True for what has no value, but happens (`event`): each time counts.
    pub pulse: bool,
}

/// Value changes as columns, ordered by time. A net changes at most once at a time, to its last value then; a write of the
/// value that it has is no change.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// When, in ticks of the recording.
    pub times: Times,
    /// What, into [`Waveform::nets`].
    pub nets: Vec<u32>,
    /// To which value: a hash of it in one spelling, [`UNDEFINED`] for all unknown. Equal values are equal in every recording.
    pub values: Vec<u64>,
    /// Where it stands.
    pub places: Places,
}

/// One recorded waveform.
#[derive(Debug, Clone)]
pub struct Waveform {
    /// What a tick means.
    pub timescale: Timescale,
    /// Every name, in the order of the declarations.
    pub variables: Vec<Variable>,
    /// What they name.
    pub nets: Vec<Net>,
    /// What happened.
    pub changes: Changes,
    /// The first and the last time that the recording speaks of; none when it speaks of no time.
    pub span: Option<(i64, i64)>,
    /// True when it ends in the middle.
    pub torn: bool,
}
