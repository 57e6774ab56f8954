//! Which keys of two lists are the same ones: anchors, then a diff in bounded windows (histogram diff of the crate `imara-diff`).
//! Keys are hashes: only whether two are equal counts, never which is the larger.

use std::cmp::Ordering;
use std::collections::HashMap;

use foldhash::fast::FixedState;
use imara_diff::{Algorithm, Diff, Token};

use super::order::outside_longest_rise;
use crate::trace::NONE;

/// Keys of one lane that are aligned at once. Beyond it the diff goes window by window: the time is then bounded even where
/// nothing is unique, and a match across a window's edge can be missed.
const WINDOW: usize = 1 << 14;
/// From this many keys on, a diff is first split at keys that are unique on both sides, so that a long burst on one
/// side does not push all that follows out of its window.
const ANCHORED: usize = 1 << 12;

/// In the place of a position: there is more than one.
const AGAIN: u32 = NONE - 1;

type Map<V> = HashMap<u64, V, FixedState>;

/// Positions that a long common subsequence pairs up, ascending, and whether some part went through windows. Swapping the lists
/// mirrors the answer: the diff goes from the one that [`comes_first`] to the other. Where the lists are each other's mirror
/// images no place tells them apart: `reads_first` is asked about the first position where they differ, and of two keys that
/// changed places the one that reads first is paired.
pub(super) fn subsequence(
    x: &[u64],
    y: &[u64],
    reads_first: &dyn Fn(usize) -> Ordering,
) -> (Vec<(usize, usize)>, bool) {
    let mirrored = || {
        let (pairs, windowed) = anchored(y, x);
        (pairs.into_iter().map(|(q, p)| (p, q)).collect(), windowed)
    };
    match comes_first(x, y) {
        Ordering::Less => anchored(x, y),
        Ordering::Greater => mirrored(),
        Ordering::Equal => {
            let found = anchored(x, y);
            let crossed = found.0.iter().any(|(p, q)| p != q);
            let differ = crossed.then(|| x.iter().zip(y).position(|(a, b)| a != b)).flatten();
            if differ.map(reads_first) == Some(Ordering::Less) { mirrored() } else { found }
        }
    }
}

/// The shorter list comes first. Of two with one length, the one whose keys, numbered as they appear beside those of the other,
/// have the smaller numbers: a window's length of them is looked at.
fn comes_first(x: &[u64], y: &[u64]) -> Ordering {
    if x.len() != y.len() || x.len() == 1 {
        return x.len().cmp(&y.len());
    }
    // The number of each key where x is told before y at each position, and where y is.
    let mut numbers: Map<[u32; 2]> = Map::default();
    for (a, b) in x.iter().zip(y).take(WINDOW) {
        let next = numbers.len() as u32;
        let behind = next + u32::from(a != b && !numbers.contains_key(a) && !numbers.contains_key(b));
        let [of_a, _] = *numbers.entry(*a).or_insert([next, behind]);
        let [_, of_b] = *numbers.entry(*b).or_insert([behind, next]);
        let (here, there) = ([of_a, numbers[b][0]], [of_b, numbers[a][1]]);
        if here != there {
            return here.cmp(&there);
        }
    }
    Ordering::Equal
}

/// The pairs of a list that comes first and another.
fn anchored(x: &[u64], y: &[u64]) -> (Vec<(usize, usize)>, bool) {
    if x.len().max(y.len()) < ANCHORED {
        return (common(x, y), false);
    }
    let mut pairs = Vec::new();
    let mut windowed = false;
    let (mut i, mut j) = (0, 0);
    for (p, q) in anchors(x, y).into_iter().chain([(x.len(), y.len())]) {
        windowed |= (p - i).min(q - j) > WINDOW;
        pairs.extend(windows(&x[i..p], &y[j..q]).into_iter().map(|(u, v)| (i + u, j + v)));
        if p < x.len() {
            pairs.push((p, q));
        }
        (i, j) = (p + 1, q + 1);
    }
    (pairs, windowed)
}

/// Positions of keys that are unique on both sides, as many as stand in one order (patience diff's anchors).
fn anchors(x: &[u64], y: &[u64]) -> Vec<(usize, usize)> {
    // Where a key of `x` stands, and where each of them stands in `y`.
    let mut at: Map<u32> = Map::with_capacity_and_hasher(x.len(), FixedState::default());
    for (i, &key) in x.iter().enumerate() {
        at.entry(key).and_modify(|at| *at = AGAIN).or_insert(i as u32);
    }
    let mut there = vec![NONE; x.len()];
    for (j, key) in y.iter().enumerate() {
        if let Some(&i) = at.get(key).filter(|&&i| i != AGAIN) {
            let there = &mut there[i as usize];
            *there = if *there == NONE { j as u32 } else { AGAIN };
        }
    }
    let unique = there.iter().enumerate().filter(|(_, there)| **there < AGAIN);
    let unique: Vec<(usize, usize)> = unique.map(|(i, &there)| (i, there as usize)).collect();
    let there: Vec<u32> = unique.iter().map(|u| u.1 as u32).collect();
    let mut outside = outside_longest_rise(&there).into_iter().peekable();
    (unique.into_iter().enumerate())
        .filter(|(at, _)| outside.next_if_eq(&(*at as u32)).is_none())
        .map(|(_, pair)| pair)
        .collect()
}

/// A stretch without anchors, in windows where it is long.
fn windows(x: &[u64], y: &[u64]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < x.len() && j < y.len() {
        let (end_x, end_y) = ((i + WINDOW).min(x.len()), (j + WINDOW).min(y.len()));
        let last = end_x == x.len() && end_y == y.len();
        let found = common(&x[i..end_x], &y[j..end_y]);
        let next = found.last().map_or((end_x, end_y), |&(p, q)| (i + p + 1, j + q + 1));
        pairs.extend(found.into_iter().map(|(p, q)| (i + p, j + q)));
        if last {
            break;
        }
        (i, j) = next;
    }
    pairs
}

/// One window.
fn common(x: &[u64], y: &[u64]) -> Vec<(usize, usize)> {
    if x.is_empty() || y.is_empty() {
        return Vec::new();
    }
    let mut numbers: Map<u32> = Map::default();
    let mut intern = |keys: &[u64]| -> Vec<Token> {
        keys.iter()
            .map(|k| {
                let next = numbers.len() as u32;
                Token(*numbers.entry(*k).or_insert(next))
            })
            .collect()
    };
    let (before, after) = (intern(x), intern(y));
    let mut diff = Diff::default();
    diff.compute_with(Algorithm::Histogram, &before, &after, numbers.len() as u32);
    let kept_x = (0..x.len()).filter(|&i| !diff.is_removed(i as u32));
    let kept_y = (0..y.len()).filter(|&j| !diff.is_added(j as u32));
    kept_x.zip(kept_y).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_cover_long_lanes() {
        let x: Vec<u64> = (0..200_000).collect();
        let mut y = x.clone();
        y.insert(150_000, 1 << 40);
        let pairs = windows(&x, &y);
        assert_eq!(pairs.len(), x.len());
        assert_eq!(pairs[199_999], (199_999, 200_000));
    }

    #[test]
    fn a_burst_longer_than_a_window_costs_no_match() {
        let x: Vec<u64> = (0..100_000).collect();
        let mut y = x[..500].to_vec();
        y.extend(std::iter::repeat_n(1 << 40, 3 * WINDOW));
        y.extend(&x[500..]);
        let (pairs, windowed) = subsequence(&x, &y, &|_| Ordering::Equal);
        assert_eq!((pairs.len(), windowed), (x.len(), false));
        assert_eq!(pairs[500], (500, 500 + 3 * WINDOW));
    }

    /// The pairs of two words, by their letters' hashes; of mirror images the alphabet decides.
    fn pairs(x: &str, y: &str, hash: impl Fn(u8) -> u64) -> Vec<(usize, usize)> {
        let keys = |word: &str| word.bytes().map(&hash).collect::<Vec<u64>>();
        subsequence(&keys(x), &keys(y), &|at| x.as_bytes()[at].cmp(&y.as_bytes()[at])).0
    }

    #[test]
    fn no_pair_depends_on_which_hash_is_the_larger_and_swapping_mirrors_all() {
        let mut letters = (1..).scan(7_u32, |state, _| {
            *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            Some(char::from(b'a' + (*state >> 28) as u8 % 5))
        });
        let words: Vec<String> = (0..400).map(|at| letters.by_ref().take(1 + at % 9).collect()).collect();
        let mut decided = 0;
        for (x, y) in words.iter().zip(words.iter().skip(9)).filter(|(x, y)| x != y) {
            let found = pairs(x, y, u64::from);
            assert_eq!(pairs(x, y, |letter| u64::MAX - u64::from(letter)), found, "{x} {y}");
            assert_eq!(pairs(x, y, |letter| u64::from(letter).wrapping_mul(0x9E37_79B9_7F4A_7C15)), found, "{x} {y}");
            let mirrored: Vec<_> = pairs(y, x, u64::from).into_iter().map(|(q, p)| (p, q)).collect();
            assert_eq!(mirrored, found, "{x} {y}");
            let alike = comes_first(&keys_of(x), &keys_of(y)) == Ordering::Equal;
            decided += usize::from(alike && found.iter().any(|(p, q)| p != q));
        }
        assert!(decided > 0, "some are mirror images");
        assert_eq!([pairs("ab", "ba", u64::from), pairs("ba", "ab", u64::from)], [vec![(0, 1)], vec![(1, 0)]]);
    }

    fn keys_of(word: &str) -> Vec<u64> {
        word.bytes().map(u64::from).collect()
    }

    #[test]
    fn the_first_list_is_the_same_from_both_ends() {
        let of = |x: &str, y: &str| (comes_first(&keys_of(x), &keys_of(y)), comes_first(&keys_of(y), &keys_of(x)));
        assert_eq!(of("ab", "abc"), (Ordering::Less, Ordering::Greater));
        assert_eq!(of("aba", "bca").0, of("aba", "bca").1.reverse());
        assert_ne!(of("aba", "bca").0, Ordering::Equal);
        assert_eq!(of("aab", "bba").0, Ordering::Equal, "one is the other with its letters exchanged");
    }
}
