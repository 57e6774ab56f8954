//! Chance that belongs to what it is for: the same question has the same answer, whatever was asked before. So a planted
//! fault changes what follows from it, and no luck besides.

/// A source of chance.
#[derive(Debug, Clone, Copy)]
pub struct Dice(u64);

/// The finaliser of `SplitMix64` (Steele, Lea, Flood 2014).
const fn mix(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

impl Dice {
    /// The chance of a seed.
    pub const fn new(seed: u64) -> Self {
        Self(mix(seed ^ 0x9E37_79B9_7F4A_7C15))
    }

    /// A dice for a part of the work.
    pub const fn part(self, part: u64) -> Self {
        Self(mix(self.0.wrapping_add(part.wrapping_mul(0x9E37_79B9_7F4A_7C15)).wrapping_add(1)))
    }

    /// The throw for a question.
    pub const fn of(self, question: u64) -> u64 {
        self.part(question).0
    }

    /// The throw for a question, below a bound.
    pub const fn below(self, question: u64, bound: u64) -> u64 {
        self.of(question) % bound
    }

    /// True for one in so many questions.
    pub const fn one_in(self, question: u64, bound: u64) -> bool {
        self.below(question, bound) == 0
    }

    /// One of several.
    pub fn pick<T: Copy>(self, question: u64, of: &[T]) -> T {
        of[self.below(question, of.len() as u64) as usize]
    }
}
