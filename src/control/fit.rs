//! How one signal came of others, as a straight line through many dimensions.

/// A column of which less than this is its own, and not that of the columns before it, says nothing new.
const OWN: f64 = 1e-7;

/// What was learnt: the target is about Σ weight·feature.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// A weight for each feature; 0 for one that says nothing that those before it do not.
    pub weights: Vec<f64>,
}

impl Fit {
    /// Least squares over rows of features with their target, by Gram and Schmidt's method, modified, and run twice (Björck,
    /// "Numerics of Gram-Schmidt orthogonalization", 1994). `None` with fewer rows than three for each feature.
    pub fn of(rows: &[(Vec<f64>, f64)]) -> Option<Self> {
        let width = rows.first()?.0.len();
        if rows.len() < 3 * width {
            return None;
        }
        let column = |at: usize| rows.iter().map(|(features, _)| features[at]).collect::<Vec<f64>>();
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        // Each kept column is orthonormal: q = Σ mix·column.
        let mut kept: Vec<(Vec<f64>, Vec<f64>)> = Vec::new();
        for at in 0..width {
            let mut q = column(at);
            let size = dot(&q, &q).sqrt();
            let mut mix = vec![0.0; width];
            mix[at] = 1.0;
            for _ in 0..2 {
                for (other, others) in &kept {
                    let along = dot(&q, other);
                    q.iter_mut().zip(other).for_each(|(q, o)| *q -= along * o);
                    mix.iter_mut().zip(others).for_each(|(m, o)| *m -= along * o);
                }
            }
            let own = dot(&q, &q).sqrt();
            if size > 0.0 && own > OWN * size {
                for number in q.iter_mut().chain(&mut mix) {
                    *number /= own;
                }
                kept.push((q, mix));
            }
        }
        let target: Vec<f64> = rows.iter().map(|(_, target)| *target).collect();
        let mut weights = vec![0.0; width];
        for (q, mix) in &kept {
            let along = dot(q, &target);
            weights.iter_mut().zip(mix).for_each(|(w, m)| *w += along * m);
        }
        Some(Self { weights })
    }

    /// What the target should be.
    pub fn of_features(&self, features: &[f64]) -> f64 {
        self.weights.iter().zip(features).map(|(w, f)| w * f).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_law_is_found_and_a_column_twice_counts_once() {
        let rows: Vec<(Vec<f64>, f64)> = (0..40)
            .map(|i| {
                let (a, b) = (f64::from(i % 7), f64::from(i * i % 11));
                (vec![a, b, a, 1.0], 1.4 * a - 0.45 * b + 3.0)
            })
            .collect();
        let fit = Fit::of(&rows).unwrap();
        for (found, right) in fit.weights.iter().zip([1.4, -0.45, 0.0, 3.0]) {
            assert!((found - right).abs() < 1e-9, "{:?}", fit.weights);
        }
        assert!((fit.of_features(&[2.0, 1.0, 2.0, 1.0]) - 5.35).abs() < 1e-9);
        assert_eq!(Fit::of(&rows[..10]), None, "too few rows");
    }
}
