//! The order of lanes that people expect of names with numbers.

use super::Lane;

/// Every lane, by name, numbers in names by their size: `queue:2` before `queue:10`.
pub(super) fn natural_order(lanes: &[Lane]) -> Vec<u32> {
    let key = |name: &str| {
        let mut parts: Vec<(String, u64)> = Vec::new();
        let mut rest = name;
        while !rest.is_empty() {
            let word = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
            let digits = rest[word..].find(|c: char| !c.is_ascii_digit()).map_or(rest.len(), |end| word + end);
            parts.push((rest[..word].to_owned(), rest[word..digits].parse().unwrap_or(u64::MAX)));
            rest = &rest[digits..];
        }
        parts
    };
    let mut order: Vec<u32> = (0..lanes.len() as u32).collect();
    order.sort_by_cached_key(|&lane| key(&lanes[lane as usize].name));
    order
}
