//! The most usual of several runs: the one with the least distance to all others, by sketches of what they say and in which
//! order.

use crate::spec::Gathered;

/// Counters of a sketch: more than what varies between good runs, few enough to compare all with all.
const BINS: usize = 1 << 11;

/// How often a run says what, each counter being shared by what falls into it (a count sketch with one row: Charikar, Chen
/// and Farach-Colton 2002).
#[derive(Debug, Clone)]
pub struct Sketch(Vec<u32>);

impl Sketch {
    /// The sketch of a run that was read by the rules of one spec, as the others were.
    pub fn of(run: &Gathered) -> Self {
        let mut bins = vec![0; BINS];
        let mut last = vec![0_u64; run.lanes.len()];
        for event in 0..run.columns.len() {
            let kind = run.kinds[run.columns.kinds[event] as usize].0;
            let before = std::mem::replace(&mut last[run.columns.home_lane(event as u32) as usize], kind);
            // What it says, and what it follows on its lane.
            for said in [run.columns.tokens[event], before.rotate_left(31) ^ kind.wrapping_mul(3)] {
                bins[(said.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - BINS.ilog2())) as usize] += 1;
            }
        }
        Self(bins)
    }

    /// How much two runs differ: the sum over all counters.
    fn distance(&self, other: &Self) -> u64 {
        self.0.iter().zip(&other.0).map(|(a, b)| u64::from(a.abs_diff(*b))).sum()
    }
}

/// Which of the runs is least far from all others; of several, the first. `None` of none.
pub fn medoid(sketches: &[Sketch]) -> Option<usize> {
    let far = |one: &Sketch| -> u64 { sketches.iter().map(|other| one.distance(other)).sum() };
    (0..sketches.len()).min_by_key(|&at| (far(&sketches[at]), at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_medoid_is_the_run_between_the_others() {
        let run = |kinds: &[u64]| {
            let mut run = Gathered::default();
            run.lanes.push((1, "task:1".to_owned()));
            for &kind in kinds {
                run.kinds.push((kind, kind.to_string()));
                run.columns.kinds.push(run.columns.tokens.len() as u32);
                run.columns.tokens.push(kind);
                run.columns.lanes.push(&[0]);
            }
            Sketch::of(&run)
        };
        let runs = [run(&[1, 2, 3, 4, 5]), run(&[1, 2, 3]), run(&[1, 2, 3, 4])];
        assert_eq!(medoid(&runs), Some(2));
        assert_eq!(medoid(&[run(&[1, 2]), run(&[2, 1]), run(&[2, 1])]), Some(1), "order counts");
        assert_eq!(medoid(&[]), None);
    }
}
