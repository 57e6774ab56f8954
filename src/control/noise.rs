//! Noise that is the same on every machine.

use crate::trace::mix;

/// A sequence of numbers that look random: `SplitMix64` (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
/// 2014).
#[derive(Debug, Clone)]
pub struct Noise(u64);

impl Noise {
    /// The sequence of a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// From 0 to 1, without 1.
    pub fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        (mix(self.0) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Mean 0 and standard deviation 1: twelve uniform numbers, which needs no logarithm that machines round otherwise.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_the_mean_and_the_deviation_it_should_have_and_repeats() {
        let draw = || {
            let mut noise = Noise::new(7);
            (0..20_000).map(move |_| noise.normal()).collect::<Vec<f64>>()
        };
        let numbers = draw();
        let mean = numbers.iter().sum::<f64>() / 20_000.0;
        let deviation = (numbers.iter().map(|n| (n - mean).powi(2)).sum::<f64>() / 20_000.0).sqrt();
        assert!(mean.abs() < 0.02 && (deviation - 1.0).abs() < 0.02, "{mean} {deviation}");
        assert_eq!(numbers, draw());
    }
}
