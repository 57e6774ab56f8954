//! The page by itself: what it holds still, and what it lets through.

use std::path::PathBuf;

use super::*;
use crate::compare::Verdict;
use crate::runs::{Desk, Patience, Run};
use crate::watch::{Change, Changed};

/// A desk of a folder without files, that is told of names.
struct Told {
    desk: Desk,
    now: std::time::Instant,
    root: tempfile::TempDir,
}

impl Told {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let none = std::time::Duration::ZERO;
        let patience = Patience { quiet: none, most: none, settle: none };
        let baseline = Some(root.path().join("good.jsonl"));
        Self { desk: Desk::new(root.path(), baseline, patience), now: std::time::Instant::now(), root }
    }

    fn page(&self) -> Watching {
        Watching::new(Request::watch(self.root.path().to_path_buf()))
    }

    /// What is told when these names are new and have answered.
    fn news(&mut self, names: &[&str], verdict: Verdict) -> News {
        self.now += std::time::Duration::from_secs(1);
        let new = |name: &&str| Changed { name: (*name).to_owned(), change: Change::New, closed: true, modified: None };
        self.desk.changed(names.iter().map(new).collect(), self.now);
        while let Some(task) = self.desk.next(self.now) {
            let headline = format!("{} in words", task.run.name);
            self.desk.done(Some(Outcome {
                verdict: Some(verdict),
                headline,
                waits: false,
                ..Outcome::trouble(String::new())
            }));
        }
        let answered = self.desk.take_settled(self.now);
        let changed = answered.iter().filter_map(|name| self.desk.entry(name).cloned()).collect();
        News { changed, answered, counts: self.desk.counts().clone(), ..News::default() }
    }
}

/// A run of this order, of one of a few kinds.
pub fn known(name: &str, order: u64, way: u64) -> Known {
    let mut told = Told::new();
    told.news(&[name], Verdict::Diverged);
    let mut entry = told.desk.entries().next().cloned().unwrap();
    entry.order = order;
    let failed = Outcome { verdict: Some(Verdict::Diverged), ..Outcome::trouble(String::new()) };
    entry.outcome = match way {
        0 => None,
        1 => Some(Outcome { verdict: Some(Verdict::Equivalent), ..failed }),
        2 => Some(failed),
        way => Some(Outcome { shape: Some(Shape::test(way)), ..failed }),
    };
    Known { entry, gone: false }
}

fn shown(page: &Watching) -> Vec<&str> {
    page.list().runs().map(|name| &**name).collect()
}

#[test]
fn only_a_new_way_of_failing_after_the_beginning_asks_for_attention() {
    let mut told = Told::new();
    let mut page = told.page();
    assert!(!page.take(told.news(&["a.jsonl"], Verdict::Equivalent)), "that was there");
    let failed = |told: &mut Told, name: &str, way: u64| {
        let mut news = told.news(&[name], Verdict::Diverged);
        for entry in &mut news.changed {
            entry.outcome.as_mut().unwrap().shape = Some(Shape::test(way));
        }
        news
    };
    assert!(page.take(failed(&mut told, "b.jsonl", 1)), "the first of its kind");
    assert!(!page.take(failed(&mut told, "c.jsonl", 1)), "one more of them");
    assert!(page.take(failed(&mut told, "d.jsonl", 2)));
    assert!(!page.take(told.news(&["e.jsonl"], Verdict::Equivalent)));
}

#[test]
fn the_newest_is_on_top_until_something_is_selected_then_it_is_counted() {
    let mut told = Told::new();
    let mut page = told.page();
    page.take(told.news(&["a.jsonl"], Verdict::Equivalent));
    page.take(told.news(&["b.jsonl"], Verdict::Equivalent));
    assert_eq!((shown(&page), page.unseen()), (vec!["b.jsonl", "a.jsonl"], 0));
    page.apply(WatchCommand::Bottom);
    page.take(told.news(&["c.jsonl", "d.jsonl"], Verdict::Diverged));
    assert_eq!((shown(&page), page.unseen()), (vec!["b.jsonl", "a.jsonl"], 2));
    page.apply(WatchCommand::ShowNew);
    assert_eq!((shown(&page).len(), page.unseen()), (4, 0));
    assert_eq!(page.selected().map(|(name, _)| &**name), Some("a.jsonl"), "showing them selects nothing else");
    page.apply(WatchCommand::Deselect);
    page.take(told.news(&["e.jsonl"], Verdict::Equivalent));
    assert_eq!(shown(&page)[0], "e.jsonl", "nothing is held any more");
}

#[test]
fn another_baseline_fills_the_list_anew_and_keeps_what_is_selected() {
    let mut told = Told::new();
    let mut page = told.page();
    page.take(told.news(&["a.jsonl", "b.jsonl", "c.jsonl"], Verdict::Equivalent));
    page.apply(WatchCommand::Bottom);
    page.apply(WatchCommand::Pause);
    page.apply(WatchCommand::Baseline(Some(told.root.path().join("other.jsonl"))));
    assert!(shown(&page).is_empty() && !page.paused(), "everything is looked at anew");
    let mut told = Told::new();
    page.take(News { waiting: 2, ..told.news(&["c.jsonl"], Verdict::Diverged) });
    page.take(told.news(&["a.jsonl", "b.jsonl"], Verdict::Diverged));
    assert_eq!((shown(&page).len(), page.unseen()), (3, 0));
    assert_eq!(page.selected().map(|(name, _)| &**name), Some("a.jsonl"));
    page.take(told.news(&["d.jsonl"], Verdict::Diverged));
    assert_eq!((shown(&page).len(), page.unseen()), (3, 1), "from now on it is held");
}

#[test]
fn what_is_gone_stays_while_the_list_is_held() {
    let mut told = Told::new();
    let mut page = told.page();
    page.take(told.news(&["a.jsonl", "b.jsonl"], Verdict::Equivalent));
    page.apply(WatchCommand::Top);
    page.take(News { removed: vec!["a.jsonl".to_owned()], ..News::default() });
    assert!(page.run("a.jsonl").is_some_and(|known| known.gone) && shown(&page).len() == 2);
    page.apply(WatchCommand::ShowNew);
    assert_eq!(shown(&page), ["b.jsonl"]);
}

#[test]
fn only_new_runs_that_the_filter_lets_through_are_counted() {
    let mut told = Told::new();
    let mut page = told.page();
    page.take(told.news(&["a.jsonl"], Verdict::Diverged));
    page.apply(WatchCommand::Filter("DIVERGED".to_owned()));
    page.apply(WatchCommand::Top);
    page.take(told.news(&["b.jsonl"], Verdict::Equivalent));
    page.take(told.news(&["c.jsonl"], Verdict::Diverged));
    assert_eq!((shown(&page), page.unseen()), (vec!["a.jsonl"], 1));
    page.apply(WatchCommand::Filter("words b".to_owned()));
    assert_eq!((shown(&page), page.selected().is_none()), (vec!["b.jsonl"], true));
}

#[test]
fn following_selects_the_latest_until_one_is_selected_by_hand() {
    let mut told = Told::new();
    let mut page = told.page();
    page.apply(WatchCommand::Follow);
    let latest = |page: &Watching| page.selected().map(|(name, _)| name.to_string());
    for name in ["a.jsonl", "b.jsonl"] {
        page.take(told.news(&[name], Verdict::Equivalent));
        assert_eq!(latest(&page).as_deref(), Some(name));
    }
    page.apply(WatchCommand::Bottom);
    page.take(told.news(&["c.jsonl"], Verdict::Equivalent));
    assert_eq!((latest(&page).as_deref(), page.follows(), page.unseen()), (Some("a.jsonl"), false, 1));
}

#[test]
fn keys_go_from_failure_to_failure() {
    let mut told = Told::new();
    let mut page = told.page();
    for (name, verdict) in [("a", Verdict::Diverged), ("b", Verdict::Equivalent), ("c", Verdict::Truncated)] {
        page.take(told.news(&[&format!("{name}.jsonl")], verdict));
    }
    let mut went = Vec::new();
    for forward in [true, true, true, false] {
        page.apply(WatchCommand::StepFailed { forward });
        went.push(page.selected().unwrap().0.to_string());
    }
    assert_eq!(went, ["c.jsonl", "a.jsonl", "a.jsonl", "c.jsonl"]);
}

#[test]
fn a_wrong_pattern_is_said_and_nothing_is_begun_anew() {
    let told = Told::new();
    let mut page = told.page();
    page.apply(WatchCommand::Write(RuleField::Include, "*.jsonl a[".to_owned()));
    assert!(!page.apply(WatchCommand::Rules) && page.number() == 1);
    assert!(page.fault().is_some_and(|why| why.contains("`a[`")), "{:?}", page.fault());
    page.apply(WatchCommand::Write(RuleField::Include, "*.jsonl, fail-*".to_owned()));
    page.apply(WatchCommand::Write(RuleField::Baseline, "good.jsonl".to_owned()));
    assert!(page.apply(WatchCommand::Rules) && page.number() == 2 && page.fault().is_none());
    let plan = page.plan();
    assert_eq!(plan.include, ["*.jsonl", "fail-*"]);
    assert_eq!(plan.baseline, Some(told.root.path().join("good.jsonl")));
    assert!(!page.is_edited());
}

#[test]
fn a_pack_is_no_baseline() {
    let mut told = Told::new();
    let mut page = told.page();
    page.take(told.news(&["a.jsonl"], Verdict::Equivalent));
    assert!(page.baseline_here().is_err(), "nothing is selected");
    page.apply(WatchCommand::Top);
    assert_eq!(page.baseline_here(), Ok(told.root.path().join("a.jsonl")));
    let mut news = told.news(&["b.jsonl"], Verdict::Diverged);
    let files = vec!["b/expected.jsonl".to_owned(), "b/actual.jsonl".to_owned()];
    let paths: Vec<PathBuf> = vec![told.root.path().join("b")];
    news.changed[0].run = Run { name: "b".to_owned(), paths, files };
    page.take(news);
    page.apply(WatchCommand::ShowNew);
    page.apply(WatchCommand::Top);
    assert!(page.baseline_here().is_err_and(|why| why.contains("pack")));
}

#[test]
fn ten_thousand_runs_are_listed_by_those_in_sight() {
    let mut told = Told::new();
    let mut page = told.page();
    let names: Vec<String> = (0..10_000).map(|at| format!("run-{at:05}.jsonl")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    page.take(told.news(&names, Verdict::Equivalent));
    assert_eq!((page.list().lines(), page.past().len()), (10_000, 10_000));
    assert!(page.list().scroller().visible().len() < 20);
    page.apply(WatchCommand::Bottom);
    assert!(page.list().scroller().visible().contains(&9_999));
}
