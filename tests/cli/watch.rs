//! `dettrace watch` on real folders.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use serde_json::{Value, json};

/// No answer takes longer.
const PATIENCE: Duration = Duration::from_mins(1);

/// The program, watching.
struct Watching {
    child: Child,
    lines: Receiver<Value>,
}

impl Watching {
    fn start(folder: &Path, args: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dettrace"));
        command.arg("watch").arg(folder).args(["--format", "json"]).args(args);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (tell, lines) = mpsc::channel();
        let listen = move || {
            for line in out.lines() {
                let line = serde_json::from_str(&line.unwrap()).expect("a line of JSON");
                if tell.send(line).is_err() {
                    return;
                }
            }
        };
        std::thread::Builder::new().name("lines".to_owned()).spawn(listen).unwrap();
        Self { child, lines }
    }

    /// The next run that is told: its name, verdict, and how many failed like it.
    fn next(&self) -> (String, String, Option<u64>) {
        let line = self.lines.recv_timeout(PATIENCE).expect("a run is told");
        let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
        (text("run"), text("verdict"), line["alike"].as_u64())
    }

    fn ends(mut self) -> (i32, String) {
        let status = self.child.wait().unwrap();
        let mut err = String::new();
        std::io::Read::read_to_string(&mut self.child.stderr.take().unwrap(), &mut err).unwrap();
        (status.code().expect("it ends by itself"), err)
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn said(run: &str, verdict: &str, alike: Option<u64>) -> (String, String, Option<u64>) {
    (run.to_owned(), verdict.to_owned(), alike)
}

/// Lines of a queue worked off by tasks; `overtaken` hands out the second task before the first.
fn run(overtaken: bool) -> String {
    let mut order = [1, 2, 3, 4, 5, 6];
    if overtaken {
        order.swap(0, 1);
    }
    let mut text = String::new();
    let mut seq = 0;
    for (event, tasks) in [("TASK_ENQUEUED", [1, 2, 3, 4, 5, 6]), ("TASK_DEQUEUED", order), ("TASK_FINISHED", order)] {
        for task in tasks {
            text += &json!({"seq": seq, "type": event, "task": task, "queue": 0}).to_string();
            text.push('\n');
            seq += 1;
        }
    }
    text
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("good.jsonl"), run(false)).unwrap();
    let path = folder.path().to_path_buf();
    (folder, path)
}

#[test]
fn each_run_of_a_test_loop_is_told_once() {
    let (_keep, folder) = folder();
    fs::write(folder.join("run-1.jsonl"), run(false)).unwrap();
    let watching = Watching::start(&folder, &[]);
    assert_eq!(watching.next(), said("run-1.jsonl", "identical", None));
    fs::write(folder.join("run-2.jsonl"), run(true)).unwrap();
    assert_eq!(watching.next(), said("run-2.jsonl", "diverged", Some(1)));
    // An atomic save, and a run in a folder of its own.
    fs::write(folder.join("run-3.tmp"), run(true)).unwrap();
    fs::rename(folder.join("run-3.tmp"), folder.join("run-3.jsonl")).unwrap();
    assert_eq!(watching.next(), said("run-3.jsonl", "diverged", Some(2)));
    fs::create_dir(folder.join("deep")).unwrap();
    fs::write(folder.join("deep/run-4.jsonl"), run(false)).unwrap();
    assert_eq!(watching.next(), said("deep/run-4.jsonl", "identical", None));
    // Mended: told again, and the other one is now the only one of its kind.
    fs::write(folder.join("run-2.jsonl"), run(false)).unwrap();
    assert_eq!(watching.next(), said("run-2.jsonl", "identical", None));
    watching.kill();
}

#[test]
fn until_diverged_ends_a_loop() {
    let (_keep, folder) = folder();
    let watching = Watching::start(&folder, &["--until", "diverged"]);
    fs::write(folder.join("run-1.jsonl"), run(false)).unwrap();
    assert_eq!(watching.next().1, "identical");
    fs::write(folder.join("run-2.jsonl"), run(true)).unwrap();
    assert_eq!(watching.next().1, "diverged");
    let (code, err) = watching.ends();
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("2 runs: 1 identical, 1 failed in a way of its own."), "{err}");
}

#[test]
fn what_may_go_on_is_not_missing_until_it_settles() {
    let (_keep, folder) = folder();
    let watching = Watching::start(&folder, &["--settle", "3s"]);
    let whole = run(false);
    let (half, rest) = whole.split_at(whole.len() / 2);
    let path = folder.join("run-1.jsonl");
    fs::write(&path, half).unwrap();
    std::thread::sleep(Duration::from_millis(700));
    fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(rest.as_bytes()).unwrap();
    assert_eq!(watching.next(), said("run-1.jsonl", "identical", None), "half of it was no answer");
    fs::write(folder.join("run-2.jsonl"), &whole[..whole.len() / 3]).unwrap();
    let (run, verdict, _) = watching.next();
    assert_eq!((run.as_str(), verdict.as_str()), ("run-2.jsonl", "truncated"), "nothing came");
    watching.kill();
}

#[test]
fn a_baseline_that_is_still_written_lacks_nothing() {
    let (_keep, folder) = folder();
    fs::write(folder.join("run-1.jsonl"), run(false)).unwrap();
    let watching = Watching::start(&folder, &["--until", "diverged"]);
    assert_eq!(watching.next(), said("run-1.jsonl", "identical", None));
    let whole = run(false);
    let (half, rest) = whole.split_at(whole.len() / 2);
    fs::write(folder.join("good.jsonl"), half).unwrap();
    std::thread::sleep(Duration::from_millis(700));
    fs::OpenOptions::new().append(true).open(folder.join("good.jsonl")).unwrap().write_all(rest.as_bytes()).unwrap();
    assert_eq!(watching.next(), said("run-1.jsonl", "identical", None), "half a baseline was no baseline");
    watching.kill();
}

#[test]
fn a_log_that_never_rests_is_told_when_it_has_parted() {
    let folder = tempfile::tempdir().unwrap();
    let line = |i: u32, value: u32| format!("{{\"type\":\"STEP\",\"task\":{},\"value\":{value}}}\n", i % 4);
    let good: String = (0..20_000).map(|i| line(i, i % 7)).collect();
    let (baseline, log) = (folder.path().join("good.jsonl"), folder.path().join("device.jsonl"));
    fs::write(&baseline, good).unwrap();
    fs::write(&log, line(0, 0)).unwrap();
    let mut watching = Watching::start(&log, &["--baseline", baseline.to_str().unwrap(), "--until", "diverged"]);
    let mut file = fs::OpenOptions::new().append(true).open(&log).unwrap();
    for i in 1..6_000 {
        file.write_all(line(i, if i == 30 { 9 } else { i % 7 }).as_bytes()).unwrap();
        if watching.child.try_wait().unwrap().is_some() {
            break;
        }
        assert!(i < 5_000, "nothing was told while it was written");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(watching.next().1, "diverged");
    assert_eq!(watching.ends().0, 1);
}

#[test]
fn a_folder_may_go_and_come_back() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("runs");
    let baseline = place.path().join("good.jsonl");
    fs::write(&baseline, run(false)).unwrap();
    let watching = Watching::start(&folder, &["--baseline", baseline.to_str().unwrap()]);
    for _ in 0..2 {
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("run-1.jsonl"), run(true)).unwrap();
        assert_eq!(watching.next(), said("run-1.jsonl", "diverged", Some(1)));
        fs::remove_dir_all(&folder).unwrap();
        std::thread::sleep(Duration::from_millis(1500));
    }
    watching.kill();
}

#[test]
fn a_time_may_be_given_and_new_means_new() {
    let (_keep, folder) = folder();
    fs::write(folder.join("old.jsonl"), run(true)).unwrap();
    fs::write(folder.join("notes.md"), "no recording").unwrap();
    let watching = Watching::start(&folder, &["--new", "--timeout", "1s", "--until", "diverged"]);
    let (code, err) = watching.ends();
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("No run yet."), "{err}");
}

#[test]
#[cfg(unix)]
fn an_interrupt_ends_it_cleanly() {
    let (_keep, folder) = folder();
    fs::write(folder.join("run-1.jsonl"), run(false)).unwrap();
    let watching = Watching::start(&folder, &[]);
    assert_eq!(watching.next().1, "identical");
    let pid = watching.child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let (code, err) = watching.ends();
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("1 run: 1 identical."), "{err}");
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_goes_on() {
    let (_keep, folder) = folder();
    let watching = Watching::start(&folder, &["--settle", "500ms"]);
    fs::write(folder.join("noise.jsonl"), [0_u8, 159, 146, 150, 7, 7, 7]).unwrap();
    let (run_name, verdict, _) = watching.next();
    assert_eq!(run_name, "noise.jsonl");
    assert!(["", "incomparable"].contains(&verdict.as_str()), "{verdict}");
    fs::write(folder.join("run-1.jsonl"), run(false)).unwrap();
    assert_eq!(watching.next(), said("run-1.jsonl", "identical", None));
    watching.kill();
}

#[test]
fn wrong_patterns_are_named() {
    let (_keep, folder) = folder();
    let watching = Watching::start(&folder, &["--include", "a["]);
    let (code, err) = watching.ends();
    assert_eq!(code, 2);
    assert!(err.contains("`a[`"), "{err}");
}

#[test]
fn rotated_cut_renamed_and_removed_runs_are_told_as_they_are_at_last() {
    let (_keep, folder) = folder();
    let log = folder.join("run.jsonl");
    fs::write(&log, run(true)).unwrap();
    let watching = Watching::start(&folder, &["--settle", "500ms"]);
    assert_eq!(watching.next(), said("run.jsonl", "diverged", Some(1)));
    // A rotation: the old one goes on under another name, and a new one begins.
    fs::rename(&log, folder.join("rotated.jsonl")).unwrap();
    fs::write(&log, run(false)).unwrap();
    let mut both = [watching.next(), watching.next()];
    both.sort();
    // The old name is forgotten before or after the new one is told, so that they are alike or not.
    assert_eq!(both[0].0, "rotated.jsonl", "{both:?}");
    assert_eq!((both[0].1.as_str(), &both[1]), ("diverged", &said("run.jsonl", "identical", None)));
    // Cut to its half, which then is all there is.
    let half = run(false).len() as u64 / 2;
    fs::OpenOptions::new().write(true).open(&log).unwrap().set_len(half).unwrap();
    assert_eq!(watching.next().1, "truncated");
    fs::rename(&log, folder.join("run-moved.jsonl")).unwrap();
    assert_eq!(watching.next().0, "run-moved.jsonl");
    fs::remove_file(folder.join("rotated.jsonl")).unwrap();
    fs::write(folder.join("last.jsonl"), run(true)).unwrap();
    assert_eq!(watching.next(), said("last.jsonl", "diverged", Some(1)), "what is removed counts no more");
    watching.kill();
}

#[test]
fn thousands_of_runs_are_told_once_each() {
    const RUNS: usize = 2_000;
    let (_keep, folder) = folder();
    let watching = Watching::start(&folder, &[]);
    let mut expected = std::collections::BTreeSet::new();
    for at in 0..RUNS {
        let name = format!("run-{at}.jsonl");
        fs::write(folder.join("beside.tmp"), run(at % 10 == 0)).unwrap();
        fs::rename(folder.join("beside.tmp"), folder.join(&name)).unwrap();
        expected.insert((name, if at % 10 == 0 { "diverged" } else { "identical" }.to_owned()));
    }
    let told: Vec<(String, String)> =
        (0..RUNS).map(|_| watching.next()).map(|(run, verdict, _)| (run, verdict)).collect();
    assert!(watching.lines.recv_timeout(Duration::from_secs(1)).is_err(), "a run is told twice");
    assert_eq!(told.into_iter().collect::<std::collections::BTreeSet<_>>(), expected);
    watching.kill();
}

#[test]
fn what_does_not_tell_is_looked_at_and_that_is_said() {
    let (_keep, folder) = folder();
    let watching = Watching::start(&folder, &["--poll", "--until", "diverged"]);
    fs::write(folder.join("run-1.jsonl"), run(true)).unwrap();
    assert_eq!(watching.next().0, "run-1.jsonl");
    let (code, err) = watching.ends();
    assert_eq!(code, 1);
    assert!(err.contains("Looking at ") && err.contains(" every second, because you asked for it."), "{err}");
}

#[test]
fn a_damaged_archive_is_told_to_be_unreadable_until_it_is_mended() {
    let (_keep, folder) = folder();
    let watching = Watching::start(&folder, &["--settle", "500ms"]);
    fs::write(folder.join("run.zip"), b"PK\x03\x04 no archive").unwrap();
    let line = watching.lines.recv_timeout(PATIENCE).unwrap();
    assert_eq!((line["run"].as_str(), line["verdict"].as_str()), (Some("run.zip"), None), "{line}");
    assert!(line["reason"].as_str().is_some_and(|why| why.contains("run.zip")), "{line}");
    fs::remove_file(folder.join("run.zip")).unwrap();
    fs::write(folder.join("run.jsonl"), run(false)).unwrap();
    assert_eq!(watching.next(), said("run.jsonl", "identical", None));
    watching.kill();
}

#[test]
fn several_good_runs_are_a_baseline_that_is_learnt_again_when_it_changes() {
    let place = tempfile::tempdir().unwrap();
    let (good, runs) = (place.path().join("good"), place.path().join("runs"));
    fs::create_dir(&good).unwrap();
    fs::create_dir(&runs).unwrap();
    // A step that every third good run leaves out, and what no good run has.
    let text = |optional: bool, stray: bool| {
        let mut text = String::new();
        for task in 0..8 {
            let mut line = |event: &str| writeln!(text, "{{\"event\":\"{event}\",\"task\":\"t{task}\"}}").unwrap();
            line("taken");
            if optional || task != 3 {
                line("checked");
            }
            if stray && task == 5 {
                line("lost");
            }
            line("done");
        }
        text
    };
    for at in 0..9 {
        fs::write(good.join(format!("run-{at}.jsonl")), text(at % 3 > 0, false)).unwrap();
    }
    let watching = Watching::start(&runs, &["--baseline", good.to_str().unwrap()]);
    fs::write(runs.join("run-1.jsonl"), text(false, false)).unwrap();
    assert_eq!(watching.next(), said("run-1.jsonl", "equivalent", None), "good runs have that too");
    fs::write(runs.join("run-2.jsonl"), text(true, true)).unwrap();
    let line = watching.lines.recv_timeout(PATIENCE).unwrap();
    assert_eq!(
        (&line["run"], &line["verdict"], &line["alike"]),
        (&json!("run-2.jsonl"), &json!("diverged"), &json!(1))
    );
    assert_eq!(line["unusual"], "never in 9 runs");
    // Appended to, it is read anew: what is learnt of several runs does not grow line by line.
    let mut file = fs::OpenOptions::new().append(true).open(runs.join("run-1.jsonl")).unwrap();
    file.write_all(b"{\"event\":\"lost\",\"task\":\"t9\"}\n").unwrap();
    assert_eq!((watching.next().1, "run-1.jsonl"), ("diverged".to_owned(), "run-1.jsonl"));
    // With more good runs that lose something, it is nothing new any more.
    for at in 9..12 {
        fs::write(good.join(format!("run-{at}.jsonl")), text(true, true)).unwrap();
    }
    fs::write(runs.join("run-3.jsonl"), text(true, true)).unwrap();
    let (name, verdict, _) = watching.next();
    assert_eq!((name.as_str(), verdict.as_str()), ("run-3.jsonl", "equivalent"));
    watching.kill();
}
