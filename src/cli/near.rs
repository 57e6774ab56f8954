//! Names that are like a wrong one.

/// Names offered in place of a wrong one.
const OFFERED: usize = 6;

/// The names that are like `wanted`, most alike first. Their parts stand `between` marks; one that begins with it, or ends with the
/// same part, is most alike.
pub fn near<'a>(wanted: &str, names: impl Iterator<Item = &'a str>, between: char) -> Vec<&'a str> {
    let wanted = wanted.to_lowercase();
    let unlike = |name: &str| {
        let name = name.to_lowercase();
        let last = name.rsplit(between).next().unwrap_or(&name);
        let begins = name.strip_prefix(&wanted).is_some_and(|rest| rest.starts_with(between));
        let related = begins || wanted.rsplit(between).next() == Some(last);
        let whole = edits(&wanted, &name);
        let distance = whole.min(edits(&wanted, last));
        let allowed = wanted.chars().count().max(3) / 3;
        (related || distance <= allowed).then_some((if related { 0 } else { distance }, whole))
    };
    let mut near: Vec<((usize, usize), &str)> = names.filter_map(|name| Some((unlike(name)?, name))).collect();
    near.sort_by_key(|(distance, _)| *distance);
    near.truncate(OFFERED);
    near.into_iter().map(|(_, name)| name).collect()
}

/// How many letters must be put in, left out, changed or exchanged with their neighbour to make `a` into `b`.
fn edits(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let changed = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = changed.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted() {
        assert_eq!(
            [edits("kitten", "sitting"), edits("", "abc"), edits("abc", ""), edits("same", "same")],
            [3, 3, 3, 0]
        );
    }

    #[test]
    fn what_is_most_alike_as_a_whole_comes_first() {
        let names = ["sort-next", "next", "zoom-in", "zoom-out"];
        let near = |wanted| near(wanted, names.into_iter(), '-');
        assert_eq!(near("nxt"), ["next", "sort-next"]);
        assert_eq!(near("zoom"), ["zoom-in", "zoom-out"]);
        assert_eq!(near("xyz"), [""; 0]);
    }
}
