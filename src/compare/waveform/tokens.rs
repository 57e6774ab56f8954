//! The tokens of changes. While waveforms are compared a token is a value; once compared, equal tokens mean equal changes:
//! signal, time and value. The way back leads from the one to the other.

/// Two odd constants that spread bits: those of `SplitMix64`.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;
const STIR: u64 = 0xBF58_476D_1CE4_E5B9;
/// What undoes multiplying by [`STIR`].
const UNSTIR: u64 = inverse(STIR);

/// The inverse of an odd number modulo 2^64, by Newton's iteration: every round doubles the bits that are right.
const fn inverse(odd: u64) -> u64 {
    let mut found = odd;
    let mut round = 0;
    while round < 6 {
        found = found.wrapping_mul(2_u64.wrapping_sub(odd.wrapping_mul(found)));
        round += 1;
    }
    found
}

const fn mix(a: u64, b: u64) -> u64 {
    (a ^ b.wrapping_mul(SPREAD)).wrapping_mul(STIR)
}

const fn unmix(mixed: u64, b: u64) -> u64 {
    mixed.wrapping_mul(UNSTIR) ^ b.wrapping_mul(SPREAD)
}

/// The number of a signal, by its name.
pub fn number_of(signal: &str) -> u64 {
    signal.bytes().fold(0, |sum, byte| mix(sum, u64::from(byte) + 1))
}

/// The token of a change: its value's number at a time on the signal of this number.
pub const fn token_of(value: u64, time: i64, signal: u64) -> u64 {
    mix(mix(value, time as u64), signal)
}

/// The value's number again, from the token of a change.
pub const fn value_of(token: u64, time: i64, signal: u64) -> u64 {
    unmix(unmix(token, signal), time as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_gives_its_value_back() {
        for (value, time, signal) in
            [(0, 0, "clk"), (7, -3, ""), (u64::MAX, i64::MAX, "tb.uart.tx"), (1 << 63, 75_000, "é")]
        {
            let signal = number_of(signal);
            assert_eq!(value_of(token_of(value, time, signal), time, signal), value);
        }
        assert_ne!(number_of("a.b"), number_of("b.a"));
    }
}
