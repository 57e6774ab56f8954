//! Two hundred events of unrelated lanes, in another legal order and with other times on each side.

/// Chains of events; each chain has lanes of its own and keeps its order.
const CHAINS: usize = 50;
/// Events in a chain.
const STEPS: usize = 4;
/// How far everything behind the padding moves.
pub const PADDING: usize = CHAINS * STEPS;

/// One event of the padding: which chain, and which of its steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pad {
    pub chain: usize,
    pub step: usize,
}

/// A legal order of all chains; each `seed` gives another.
pub fn order(seed: u64) -> Vec<Pad> {
    let mut state = seed;
    let mut next = [0; CHAINS];
    let mut pads = Vec::with_capacity(PADDING);
    while pads.len() < PADDING {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut chain = (state >> 33) as usize % CHAINS;
        while next[chain] == STEPS {
            chain = (chain + 1) % CHAINS;
        }
        pads.push(Pad { chain, step: next[chain] });
        next[chain] += 1;
    }
    pads
}

#[test]
fn two_orders_differ_and_both_keep_every_chain() {
    let (a, b) = (order(1), order(2));
    assert_ne!(a, b);
    for pads in [a, b] {
        assert_eq!(pads.len(), PADDING);
        for chain in 0..CHAINS {
            let steps: Vec<usize> = pads.iter().filter(|p| p.chain == chain).map(|p| p.step).collect();
            assert_eq!(steps, [0, 1, 2, 3]);
        }
    }
}
