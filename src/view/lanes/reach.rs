//! What began long before a place and lasts to it: the largest end of every block of what lasts, and of blocks of those, so that it is
//! found by looking at a few blocks however much came between.

/// Of so many one is kept beside the list.
const BLOCK: usize = 64;

/// The largest ends of a list of what lasts, level by level: of blocks, of blocks of blocks, until one block holds all.
#[derive(Debug, Clone, Default)]
pub(super) struct Reach(Vec<Vec<f64>>);

impl Reach {
    /// Of these ends, in the order of the list.
    pub(super) fn new(ends: &[f64]) -> Self {
        let largest = |ends: &[f64]| -> Vec<f64> {
            ends.chunks(BLOCK).map(|block| block.iter().copied().fold(f64::NEG_INFINITY, f64::max)).collect()
        };
        let mut levels = Vec::new();
        let mut level = largest(ends);
        while level.len() > 1 {
            let above = largest(&level);
            levels.push(std::mem::replace(&mut level, above));
        }
        levels.push(level);
        Self(levels)
    }

    /// The places before `before` of what ends at `from` or later, the last first, at most `most`; `end` tells the end of a place.
    pub(super) fn before(&self, before: usize, from: f64, most: usize, end: impl Fn(usize) -> f64) -> Vec<usize> {
        let mut found = Vec::new();
        let top = self.0.len() - 1;
        self.look(
            top,
            0,
            &mut |block| {
                let all = block * BLOCK..((block + 1) * BLOCK).min(before);
                for place in all.rev().filter(|&place| end(place) >= from) {
                    if found.len() < most {
                        found.push(place);
                    }
                }
                found.len() < most
            },
            from,
            before,
        );
        found
    }

    /// Looks into a block of a level, the last first, as long as `see` wants more.
    fn look(&self, level: usize, block: usize, see: &mut dyn FnMut(usize) -> bool, from: f64, before: usize) -> bool {
        let begins = block * BLOCK.pow(level as u32 + 1);
        if begins >= before || self.0[level].get(block).is_none_or(|&largest| largest < from) {
            return true;
        }
        if level == 0 {
            return see(block);
        }
        (block * BLOCK..(block + 1) * BLOCK).rev().all(|below| self.look(level - 1, below, see, from, before))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lasts_to_a_place_is_found_however_much_came_between() {
        let ends: Vec<f64> = (0..20_000_u32)
            .map(|at| f64::from(at) + f64::from(at * 7919 % 50) + if at % 4_999 == 3 { 9_000.0 } else { 0.0 })
            .collect();
        let reach = Reach::new(&ends);
        for before in [0, 1, 63, 64, 65, 4096, 9_999, 20_000] {
            for from in [0.0, 100.0, 5_010.0, 10_030.0, 19_990.0, 1e9] {
                let all: Vec<usize> = (0..before).rev().filter(|&at| ends[at] >= from).collect();
                let looked = std::cell::Cell::new(0);
                let end = |at: usize| {
                    looked.set(looked.get() + 1);
                    ends[at]
                };
                assert_eq!(reach.before(before, from, usize::MAX, end), all, "{before} {from}");
                let few = reach.before(before, from, 5, end);
                assert_eq!(few, all[..all.len().min(5)]);
                // Each that is found costs a block, and so does the border.
                assert!(looked.get() <= (2 * all.len() + 4) * BLOCK, "{before} {from}: {}", looked.get());
            }
        }
        assert_eq!(Reach::new(&[]).before(0, 0.0, 9, |_| 0.0), Vec::<usize>::new());
    }
}
