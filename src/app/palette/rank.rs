//! Fuzzy ranking of names, group by group, with bounded work.

use std::cmp::Reverse;

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::{FEW, Group, Hit, Hits, MOST};

/// Names of one group that are looked at for one query: a few milliseconds of work.
pub(super) const LOOKED_AT: usize = 20_000;
/// What a match in the title counts more than one in the words around it.
const BY_TITLE: u32 = 1000;
/// Names of this length and longer count as equally long.
const LONG: u32 = 1024;

/// Names as they are scored: the title, and the words that find it too.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub title: String,
    pub more: String,
}

/// The hits found so far.
pub(super) struct Ranking {
    pattern: Option<Pattern>,
    matcher: Matcher,
    room: Vec<char>,
    said: Said,
    groups: Vec<(u32, Group, Vec<Hit>)>,
    not_now: Vec<(u32, Hit)>,
    more: Vec<(Group, usize)>,
}

impl Ranking {
    pub(super) fn new(query: &str) -> Self {
        let pattern = (!query.trim().is_empty())
            .then(|| Pattern::parse(query.trim(), CaseMatching::Ignore, Normalization::Smart));
        Self {
            pattern,
            matcher: Matcher::new(Config::DEFAULT),
            room: Vec::new(),
            said: Said::default(),
            groups: Vec::new(),
            not_now: Vec::new(),
            more: Vec::new(),
        }
    }

    /// Takes a hit that fits whatever was typed.
    pub(super) fn put(&mut self, hit: Hit) {
        if hit.off.is_some() {
            self.not_now.push((u32::MAX, Hit { group: Group::NotNow, ..hit }));
        } else {
            self.groups.push((u32::MAX, hit.group, vec![hit]));
        }
    }

    /// Looks at names of a group. `say` writes what is scored; `hit` makes a hit of those that are offered only.
    pub(super) fn look<T>(
        &mut self,
        group: Group,
        names: impl Iterator<Item = T>,
        say: impl Fn(&T, &mut Said),
        hit: impl Fn(T) -> Hit,
    ) {
        let mut scored: Vec<(u32, usize, T)> = Vec::new();
        for (at, name) in names.take(LOOKED_AT).enumerate() {
            if let Some(score) = self.score(&name, &say) {
                scored.push((score, at, name));
            }
        }
        scored.sort_by_key(|&(score, at, _)| (Reverse(score), at));
        // Commands are few, and a person may want to read them all.
        let most = match (group, &self.pattern) {
            (Group::Commands, _) => usize::MAX,
            (_, Some(_)) => MOST,
            (_, None) => FEW,
        };
        if scored.len() > most {
            self.more.push((group, scored.len()));
        }
        let mut list = Vec::new();
        let mut best = 0;
        for (score, _, name) in scored.into_iter().take(most) {
            let hit = hit(name);
            if hit.off.is_some() {
                self.not_now.push((score, Hit { group: Group::NotNow, ..hit }));
            } else {
                best = best.max(score);
                list.push(hit);
            }
        }
        if !list.is_empty() {
            self.groups.push((best, group, list));
        }
    }

    fn score<T>(&mut self, name: &T, say: impl Fn(&T, &mut Said)) -> Option<u32> {
        let Some(pattern) = &self.pattern else { return Some(0) };
        self.said.title.clear();
        self.said.more.clear();
        say(name, &mut self.said);
        let Said { title, more } = &mut self.said;
        // Of two that fit as well the shorter one is nearer to what was typed.
        let near = |score: u32, title: &str| score * LONG + (LONG - 1).saturating_sub(title.len() as u32);
        if let Some(score) = pattern.score(Utf32Str::new(title, &mut self.room), &mut self.matcher) {
            return Some(near(score + BY_TITLE, title));
        }
        if more.is_empty() {
            return None;
        }
        title.push(' ');
        title.push_str(more);
        let score = pattern.score(Utf32Str::new(title, &mut self.room), &mut self.matcher)?;
        Some(near(score, title))
    }

    pub(super) fn finish(mut self) -> Hits {
        self.groups.sort_by_key(|&(best, group, _)| (Reverse(best), group));
        self.not_now.sort_by_key(|&(score, _)| Reverse(score));
        let groups = self.groups.into_iter().flat_map(|(_, _, list)| list);
        Hits { list: groups.chain(self.not_now.into_iter().map(|(_, hit)| hit)).collect(), more: self.more }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Command;

    fn lane(name: String) -> Hit {
        let (does, keys) = (String::new(), String::new());
        Hit { group: Group::Lanes, title: name, does, keys, off: None, command: Command::Home }
    }

    #[test]
    fn of_many_names_the_best_are_offered_and_the_others_counted() {
        let mut ranking = Ranking::new("task:77");
        let made = std::cell::Cell::new(0);
        let names = (0..1_000_000_u32).map(|n| format!("task:{n}"));
        ranking.look(
            Group::Lanes,
            names,
            |name, said| said.title.push_str(name),
            |name| {
                made.set(made.get() + 1);
                lane(name)
            },
        );
        let hits = ranking.finish();
        assert_eq!(hits.list[0].title, "task:77");
        assert_eq!((hits.list.len(), made.get()), (MOST, MOST), "hits are made for what is offered only");
        let (_, all) = hits.more[0];
        assert!(all > MOST && all < LOOKED_AT, "{all}");
        assert_eq!(hits.caption(Group::Lanes), format!("LANES · {MOST} OF {}", crate::trace::grouped(all as u64)));
    }

    #[test]
    fn the_group_with_the_best_hit_comes_first() {
        let mut ranking = Ranking::new("queue:0");
        ranking.look(
            Group::Commands,
            ["quit", "queue up: ten"].into_iter(),
            |name, said| said.title.push_str(name),
            |name| Hit { group: Group::Commands, ..lane(name.to_owned()) },
        );
        ranking.look(
            Group::Lanes,
            ["queue:10", "queue:0"].into_iter(),
            |name, said| said.title.push_str(name),
            |name| lane(name.to_owned()),
        );
        let titles: Vec<String> = ranking.finish().list.into_iter().map(|hit| hit.title).collect();
        assert_eq!(titles, ["queue:0", "queue:10"]);
    }
}
