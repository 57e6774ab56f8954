//! What is looked at when, and what is told.

use super::*;
use crate::compare::Verdict;

const PATIENCE: Patience =
    Patience { quiet: Duration::from_millis(200), most: Duration::from_secs(2), settle: Duration::from_secs(2) };

struct Scene {
    desk: Desk,
    start: Instant,
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk::new(folder.path(), Some(folder.path().join("good.jsonl")), PATIENCE);
        Self { desk, start: Instant::now(), folder }
    }

    fn at(&self, ms: u64) -> Instant {
        self.start + Duration::from_millis(ms)
    }

    fn tell(&mut self, ms: u64, changes: &[(&str, Change, bool)]) {
        let told = |(name, change, closed): &(&str, Change, bool)| Changed {
            name: (*name).to_owned(),
            change: *change,
            closed: *closed,
            modified: None,
        };
        let now = self.at(ms);
        self.desk.changed(changes.iter().map(told).collect(), now);
    }

    fn next(&mut self, ms: u64) -> Option<(String, Work)> {
        let now = self.at(ms);
        self.desk.next(now).map(|task| (task.run.name, task.work))
    }

    fn answer(&mut self, verdict: Verdict, waits: bool) {
        self.desk.done(Some(outcome(verdict, waits)));
    }

    fn settled(&mut self, ms: u64) -> Vec<String> {
        let now = self.at(ms);
        self.desk.take_settled(now)
    }
}

fn outcome(verdict: Verdict, waits: bool) -> Outcome {
    Outcome { verdict: Some(verdict), waits, ..Outcome::trouble(String::new()) }
}

fn whole(name: &str) -> (String, Work) {
    (name.to_owned(), Work::Whole)
}

#[test]
fn the_newest_that_rests_comes_first_and_one_at_a_time() {
    let mut scene = Scene::new();
    scene.tell(0, &[("a.jsonl", Change::New, false), ("b.jsonl", Change::New, false)]);
    scene.tell(150, &[("b.jsonl", Change::Grown, false)]);
    assert_eq!(scene.next(199), None, "nothing has come to rest");
    assert_eq!(scene.next(210), Some(whole("a.jsonl")));
    assert_eq!(scene.next(400), None, "one at a time");
    scene.answer(Verdict::Equivalent, false);
    scene.tell(500, &[("c.jsonl", Change::New, true)]);
    assert_eq!(scene.next(501), Some(whole("c.jsonl")), "its writer let go, and it is the newest");
    scene.answer(Verdict::Diverged, false);
    assert_eq!(scene.next(502), Some(whole("b.jsonl")));
    scene.answer(Verdict::Equivalent, false);
    assert_eq!(scene.settled(503), ["a.jsonl", "b.jsonl", "c.jsonl"]);
    assert_eq!(scene.settled(504), [""; 0], "told once");
    assert_eq!(scene.desk.counts().runs(), 3);
}

#[test]
fn a_file_that_never_rests_is_looked_at_nevertheless() {
    let mut scene = Scene::new();
    scene.tell(0, &[("a.jsonl", Change::New, false)]);
    for ms in (100..=2000).step_by(100) {
        scene.tell(ms, &[("a.jsonl", Change::Replaced, false)]);
    }
    assert_eq!(scene.next(2001), Some(whole("a.jsonl")));
}

#[test]
fn an_answer_of_an_older_state_is_dropped() {
    let mut scene = Scene::new();
    scene.tell(0, &[("a.jsonl", Change::New, true)]);
    assert_eq!(scene.next(1), Some(whole("a.jsonl")));
    scene.tell(2, &[("a.jsonl", Change::Replaced, true)]);
    assert!(scene.desk.is_stale());
    scene.answer(Verdict::Diverged, false);
    assert_eq!((scene.settled(3).len(), scene.desk.counts().runs()), (0, 0));
    assert_eq!(scene.next(4), Some(whole("a.jsonl")));
    scene.answer(Verdict::Equivalent, false);
    assert_eq!(scene.settled(5), ["a.jsonl"]);
}

#[test]
fn what_never_stops_growing_is_answered_nevertheless() {
    let mut scene = Scene::new();
    scene.tell(0, &[("a.jsonl", Change::New, false)]);
    for ms in (100..=2000).step_by(100) {
        scene.tell(ms, &[("a.jsonl", Change::Grown, false)]);
    }
    assert_eq!(scene.next(2001), Some(whole("a.jsonl")));
    scene.tell(2002, &[("a.jsonl", Change::Grown, false)]);
    assert!(!scene.desk.is_stale(), "what was read still stands there");
    scene.answer(Verdict::Truncated, true);
    assert_eq!((scene.desk.counts().runs(), scene.settled(2003).len()), (1, 0));
    assert_eq!(scene.next(2003), Some(("a.jsonl".to_owned(), Work::Grown)), "and on from there");
}

#[test]
fn what_never_stops_growing_takes_turns_with_the_others() {
    let mut scene = Scene::new();
    scene.tell(0, &[("a.jsonl", Change::New, true), ("b.jsonl", Change::New, true), ("c.jsonl", Change::New, true)]);
    assert_eq!(scene.next(1), Some(whole("c.jsonl")));
    scene.answer(Verdict::Truncated, true);
    let mut looked_at = Vec::new();
    for ms in 2..6 {
        scene.tell(ms, &[("c.jsonl", Change::Grown, false)]);
        looked_at.extend(scene.next(ms).map(|(name, _)| name));
        scene.answer(Verdict::Truncated, true);
    }
    assert_eq!(looked_at, ["c.jsonl", "b.jsonl", "c.jsonl", "a.jsonl"]);
}

#[test]
fn what_must_be_read_anew_for_each_line_waits_until_it_rests() {
    let mut scene = Scene::new();
    scene.tell(0, &[("a.jsonl", Change::New, true)]);
    assert_eq!(scene.next(1), Some(whole("a.jsonl")));
    scene.desk.done(Some(Outcome { next: Next::Anew, ..outcome(Verdict::Truncated, true) }));
    scene.tell(10, &[("a.jsonl", Change::Grown, false)]);
    assert_eq!(scene.next(11), None);
    assert_eq!(scene.next(211), Some(whole("a.jsonl")));
}

#[test]
fn what_grows_is_followed_and_what_waits_settles() {
    let mut scene = Scene::new();
    scene.tell(0, &[("a.jsonl", Change::New, true)]);
    assert_eq!(scene.next(1), Some(whole("a.jsonl")));
    scene.answer(Verdict::Truncated, true);
    assert_eq!(scene.settled(2), [""; 0], "more may come");
    scene.tell(1000, &[("a.jsonl", Change::Grown, false)]);
    assert_eq!(scene.next(1000), Some(("a.jsonl".to_owned(), Work::Grown)), "at once");
    scene.answer(Verdict::Truncated, true);
    assert_eq!(scene.settled(2999), [""; 0]);
    assert_eq!(scene.desk.due(scene.at(2999)), Some(Duration::from_millis(1)));
    assert_eq!(scene.settled(3000), ["a.jsonl"], "nothing came for so long");
    assert_eq!(scene.desk.due(scene.at(3000)), None);
}

#[test]
fn what_was_told_roughly_is_told_in_full_when_it_settles() {
    let mut scene = Scene::new();
    scene.tell(0, &[("a.jsonl", Change::New, true)]);
    assert_eq!(scene.next(1), Some(whole("a.jsonl")));
    scene.answer(Verdict::Equivalent, false);
    scene.tell(10, &[("a.jsonl", Change::Grown, true)]);
    assert!(scene.next(11).is_some());
    scene.desk.done(Some(Outcome { rough: true, ..outcome(Verdict::Equivalent, false) }));
    assert_eq!(scene.desk.next_to_settle(scene.at(2009)), None);
    let task = scene.desk.next_to_settle(scene.at(2011)).unwrap();
    assert_eq!((task.run.name.as_str(), task.work), ("a.jsonl", Work::Settle));
    scene.answer(Verdict::Diverged, false);
    assert_eq!(scene.settled(2012), ["a.jsonl"]);
    assert_eq!(scene.desk.counts().line(), "1 run: 1 failed");
}

#[test]
fn of_what_was_there_already_the_last_written_is_the_newest() {
    let mut scene = Scene::new();
    let written = |name: &str, second: u64| Changed {
        name: name.to_owned(),
        change: Change::New,
        closed: true,
        modified: Some(std::time::UNIX_EPOCH + Duration::from_secs(second)),
    };
    let now = scene.at(0);
    // The baseline is part of every run, and the newest file of all.
    let changes = vec![written("a.jsonl", 2), written("b.jsonl", 3), written("c.jsonl", 1), written("good.jsonl", 9)];
    scene.desk.changed(changes, now);
    for name in ["b.jsonl", "a.jsonl", "c.jsonl"] {
        assert_eq!(scene.next(0), Some(whole(name)));
        scene.answer(Verdict::Identical, false);
    }
}

#[test]
fn what_failed_for_certain_and_never_rests_is_told_nevertheless_and_once() {
    let mut scene = Scene::new();
    scene.tell(0, &[("a.jsonl", Change::New, true)]);
    let mut told = Vec::new();
    for at in 0..60 {
        let ms = at * 100;
        if scene.next(ms).is_some() {
            scene.desk.done(Some(Outcome { certain: true, ..outcome(Verdict::Diverged, false) }));
        }
        scene.tell(ms + 1, &[("a.jsonl", Change::Grown, false)]);
        scene.desk.done(None);
        told.extend(scene.settled(ms + 50).into_iter().map(|name| (ms, name)));
    }
    // The first answer stood before the file went on.
    assert_eq!(told, [(2_000, "a.jsonl".to_owned())]);
}

#[test]
fn what_is_gone_is_forgotten() {
    let mut scene = Scene::new();
    scene.tell(0, &[("a.jsonl", Change::New, true)]);
    assert!(scene.next(1).is_some());
    scene.answer(Verdict::Equivalent, false);
    scene.tell(200, &[("a.jsonl", Change::Removed, false)]);
    assert_eq!((scene.desk.entries().count(), scene.desk.counts().runs()), (0, 0));
    assert_eq!(scene.settled(201), [""; 0]);
}

#[test]
fn a_changed_baseline_asks_about_everything_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut scene = Scene { desk: Desk::new(folder.path(), None, PATIENCE), start: Instant::now(), folder };
    scene.tell(0, &[("good.jsonl", Change::New, true), ("a.jsonl", Change::New, true)]);
    assert_eq!(scene.next(1), Some(whole("a.jsonl")));
    scene.answer(Verdict::Equivalent, false);
    assert_eq!(scene.next(2), None);
    scene.tell(300, &[("good.jsonl", Change::Replaced, true)]);
    assert_eq!(scene.next(301), Some(whole("a.jsonl")));
}

#[test]
fn of_many_runs_only_those_that_changed_are_told() {
    let mut scene = Scene::new();
    scene.desk = Desk::new(scene.folder.path(), None, PATIENCE).noting();
    let names: Vec<String> = (0..2_000).map(|at| format!("run-{at}.jsonl")).collect();
    let all: Vec<(&str, Change, bool)> = names.iter().map(|name| (name.as_str(), Change::New, true)).collect();
    scene.tell(0, &all);
    assert_eq!(scene.desk.take_touched().len(), 2_000);
    assert_eq!(scene.desk.take_touched().len(), 0);
    // So soon after all names were paired up, a few are nevertheless.
    scene.tell(1, &[("one-more.jsonl", Change::New, true), ("run-7.jsonl", Change::Removed, false)]);
    let touched = |scene: &mut Scene| scene.desk.take_touched().into_iter().collect::<Vec<_>>();
    assert_eq!(touched(&mut scene), ["one-more.jsonl", "run-7.jsonl"]);
    assert!(scene.desk.entry("run-7.jsonl").is_none(), "what is gone is told by its name");
    assert_eq!(scene.next(2), Some(whole("one-more.jsonl")));
    scene.answer(Verdict::Truncated, true);
    assert_eq!(touched(&mut scene), ["one-more.jsonl"]);
    scene.settled(2_500);
    assert_eq!(touched(&mut scene), ["one-more.jsonl"], "it stands now");
    // A baseline concerns all of them, which waits until it is due.
    scene.tell(3, &[("good.jsonl", Change::New, true)]);
    assert_eq!(touched(&mut scene).len(), 0);
    scene.tell(200, &[]);
    assert_eq!(touched(&mut scene).len(), 2_000);
}
