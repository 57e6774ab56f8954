//! The little statistics that the evidence needs: quantiles, how often one sample is above another, rates with their spread.

/// The `share` quantile of an ascending sample, between neighbours in proportion; 0 without a value.
pub fn quantile(ascending: &[f64], share: f64) -> f64 {
    let Some(last) = ascending.len().checked_sub(1) else { return 0.0 };
    let at = share * last as f64;
    let below = at.floor() as usize;
    let above = (below + 1).min(last);
    (ascending[above] - ascending[below]).mul_add(at.fract(), ascending[below])
}

/// The distance between the quartiles of an ascending sample.
pub fn spread(ascending: &[f64]) -> f64 {
    quantile(ascending, 0.75) - quantile(ascending, 0.25)
}

/// How much more often a value of `now` is above one of `before` than below it, from -1 to 1 (Cliff's delta). Both ascend.
pub fn above(now: &[f64], before: &[f64]) -> f64 {
    if now.is_empty() || before.is_empty() {
        return 0.0;
    }
    let balance: f64 = now
        .iter()
        .map(|value| {
            let below = before.partition_point(|other| other < value);
            let not_above = before.partition_point(|other| other <= value);
            below as f64 - (before.len() - not_above) as f64
        })
        .sum();
    balance / (now.len() as f64 * before.len() as f64)
}

/// The rate of `hits` among `all` after Jeffreys, and its standard deviation.
pub fn rate(hits: f64, all: f64) -> (f64, f64) {
    let (a, b) = (hits + 0.5, all - hits + 0.5);
    let whole = a + b;
    (a / whole, (a * b / (whole * whole * (whole + 1.0))).sqrt())
}

/// The root of the sum of squares: independent evidence together.
pub fn together(evidence: impl IntoIterator<Item = f64>) -> f64 {
    evidence.into_iter().map(|one| one * one).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_neighbours() {
        let sample = [1.0, 2.0, 3.0, 5.0];
        assert!((quantile(&sample, 0.5) - 2.5).abs() < 1e-12 && (quantile(&sample, 1.0) - 5.0).abs() < 1e-12);
        assert!(quantile(&[], 0.5).abs() < 1e-12 && (spread(&sample) - 1.75).abs() < 1e-12);
    }

    #[test]
    fn above_is_one_where_all_are_and_nothing_where_they_are_the_same() {
        assert!((above(&[5.0, 6.0], &[1.0, 2.0]) - 1.0).abs() < 1e-12);
        assert!(above(&[1.0, 2.0], &[1.0, 2.0]).abs() < 1e-12);
        assert!((above(&[1.0], &[2.0, 3.0]) + 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_rate_of_little_is_wide() {
        let (few, wide) = rate(1.0, 1.0);
        let (many, narrow) = rate(100.0, 100.0);
        assert!(few < many && wide > narrow * 5.0);
    }
}
