//! Arguments: help, version, wrong values, where results go.

use std::fs;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::program::{dettrace, fixture, run, said, write};

const GOOD: &str = "{\"seq\":0,\"type\":\"A\",\"task\":1}\n{\"seq\":1,\"type\":\"B\",\"task\":1}\n";
const BAD: &str = "{\"seq\":0,\"type\":\"A\",\"task\":1}\n{\"seq\":1,\"type\":\"C\",\"task\":1}\n";

/// A folder with a pair that differs.
fn pair() -> TempDir {
    let folder = TempDir::new().unwrap();
    write(&folder, "expected.jsonl", GOOD);
    write(&folder, "actual.jsonl", BAD);
    folder
}

/// Runs `compare` in the pair's folder with its names, and more.
fn compare(folder: &TempDir, more: &[&str]) -> super::program::Said {
    said(dettrace().current_dir(folder).args(["compare", "expected.jsonl", "actual.jsonl"]).args(more))
}

#[test]
fn help_teaches_and_version_names_itself() {
    let help = run(["compare", "--help"]);
    assert_eq!(help.code, 0);
    for part in
        ["Exit codes", "Examples", "--tolerance", "--save-spec", "--allow-partial", "provisional", "standard input"]
    {
        assert!(help.out.contains(part), "{part} is missing in: {}", help.out);
    }
    let help = run(["--help"]);
    for part in ["incident pack", "compare", "Examples"] {
        assert!(help.out.contains(part), "{part} is missing in: {}", help.out);
    }
    let version = run(["--version"]);
    assert!(version.out.starts_with(concat!("dettrace ", env!("CARGO_PKG_VERSION"))), "{}", version.out);
    if fixture("../.git").exists() {
        assert!(version.out.contains("(commit "), "{}", version.out);
    }
}

#[test]
fn every_shell_gets_its_completions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = run(["completions", shell]);
        assert_eq!(script.code, 0);
        assert!(script.out.contains("compare") && script.out.contains("allow-partial"), "{shell}");
    }
}

#[test]
fn wrong_arguments_are_trouble_and_say_what_is_right() {
    run(["compare"]).is_trouble(&["PATH"]);
    run(["compare", "a", "--format", "xml"]).is_trouble(&["xml", "markdown"]);
    run(["compare", "a", "--tolerance", "latency_ms=fast"]).is_trouble(&["`fast` is no number"]);
    run(["compare", "a", "--tolerance", "time=5"]).is_trouble(&["time=20ms"]);
    run(["compare", "a", "--log", "loud"]).is_trouble(&["loud", "debug"]);
    run(["compare", "a", "--frist"]).is_trouble(&["--first"]);
    run(["completions", "tcsh"]).is_trouble(&["zsh"]);
}

#[test]
fn without_a_display_the_window_says_so_and_names_what_works() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let window = run(["expected.jsonl", "actual.jsonl"]);
    window.is_trouble(&["no display", "dettrace screenshot"]);
    assert_eq!(window.err.lines().count(), 1, "{}", window.err);
}

#[test]
fn results_go_to_standard_output_and_are_plain_in_a_pipe() {
    let text = compare(&pair(), &[]);
    assert_eq!(text.code, 1, "{}", text.err);
    assert!(text.out.starts_with("Diverged"), "{}", text.out);
    for part in
        ["First difference", "Most likely cause", "First symptom", "actual.jsonl:2", "Compared", "actual:1@task:1"]
    {
        assert!(text.out.contains(part), "{part} is missing in: {}", text.out);
    }
    assert!(!text.out.contains('\u{1b}'), "{}", text.out);
    assert_eq!(text.err, "");
}

#[test]
fn no_color_is_respected_whatever_the_terminal() {
    let folder = pair();
    let plain = compare(&folder, &[]);
    let asked = said(dettrace().env("NO_COLOR", "1").env("TERM", "xterm-256color").current_dir(&folder).args([
        "compare",
        "expected.jsonl",
        "actual.jsonl",
    ]));
    assert_eq!((plain.out, plain.code), (asked.out, asked.code));
}

#[test]
fn an_output_file_holds_what_standard_output_would() {
    let folder = pair();
    for format in ["text", "json", "markdown"] {
        let shown = compare(&folder, &["--format", format]);
        let filed = compare(&folder, &["--format", format, "--output", "answer"]);
        assert_eq!((filed.code, filed.out.as_str()), (1, ""));
        assert_eq!(fs::read_to_string(folder.path().join("answer")).unwrap(), shown.out);
    }
    compare(&folder, &["--output", "no/such/folder/answer"]).is_trouble(&["no/such/folder/answer", "--output"]);
}

#[test]
fn a_closed_pipe_is_no_error() {
    let folder = pair();
    let mut child = Command::new(env!("CARGO_BIN_EXE_dettrace"))
        .current_dir(&folder)
        .args(["compare", "expected.jsonl", "actual.jsonl", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn the_first_answer_comes_alone_and_says_that_it_is_provisional() {
    let folder = pair();
    let first = compare(&folder, &["--first"]);
    assert_eq!(first.code, 1, "{}", first.err);
    assert!(first.out.contains("provisional") && first.out.contains("actual:1"), "{}", first.out);
    let json = compare(&folder, &["--first", "--format", "json"]).json();
    assert_eq!((&json["provisional"], &json["first_divergence_index"]), (&true.into(), &1.into()));
    let whole: Vec<_> = compare(&folder, &["--format", "json"]).json().as_object().unwrap().keys().cloned().collect();
    assert_eq!(json.as_object().unwrap().keys().cloned().collect::<Vec<_>>(), whole, "the same keys as a whole answer");
    let both = compare(&folder, &["--first", "--output", "whole.txt"]);
    assert!(both.out.contains("provisional"), "{}", both.out);
    assert_eq!(fs::read_to_string(folder.path().join("whole.txt")).unwrap(), compare(&folder, &[]).out);
}

#[test]
fn the_first_answer_of_equal_sides_is_the_whole_answer() {
    let folder = pair();
    let same = said(dettrace().current_dir(&folder).args(["compare", "expected.jsonl", "expected.jsonl", "--first"]));
    assert_eq!(same.code, 0, "{}", same.err);
    assert!(same.out.starts_with("Identical"), "{}", same.out);
}

#[test]
fn decisions_change_the_answer_and_unknown_fields_are_refused() {
    let folder = pair();
    let ignored = compare(&folder, &["--ignore", "type"]);
    assert_eq!(ignored.code, 0, "{}{}", ignored.out, ignored.err);
    assert_eq!(compare(&folder, &["--only", "task"]).code, 0);
    for flag in ["--ignore", "--only", "--compare", "--lane", "--kind", "--time"] {
        compare(&folder, &[flag, "tpye"]).is_trouble(&[flag, "tpye", "Did you mean type?"]);
    }
    compare(&folder, &["--tolerance", "zzz=5%"]).is_trouble(&["zzz", "seq, type, task"]);
    compare(&folder, &["--first", "--ignore", "tpye"]).is_trouble(&["Did you mean type?"]);
}

#[test]
fn a_screenshot_needs_no_display_and_refuses_in_sentences() {
    let folder = pair();
    let shot = |more: &[&str]| {
        let paths = ["screenshot", "expected.jsonl", "actual.jsonl", "-o", "shot.png"];
        said(dettrace().current_dir(&folder).args(paths).args(more))
    };
    let drawn = shot(&["--size", "640x400", "--theme", "light", "--select", "actual:1"]);
    assert_eq!((drawn.code, drawn.out.as_str(), drawn.err.as_str()), (0, "", ""));
    assert!(fs::read(folder.path().join("shot.png")).unwrap().starts_with(b"\x89PNG"));
    shot(&["--size", "640"]).is_trouble(&["WIDTHxHEIGHT"]);
    shot(&["--size", "1x1"]).is_trouble(&["cannot be drawn"]);
    shot(&["--scale", "9"]).is_trouble(&["scale of 9"]);
    shot(&["--select", "actual:99"]).is_trouble(&["actual:99"]);
    shot(&["--select", "here"]).is_trouble(&["actual:5@queue:0"]);
    shot(&["--view", "graph"]).is_trouble(&["events"]);
    let list = "`dettrace screenshot --help` lists all of them.";
    shot(&["--command", "nxt"]).is_trouble(&["There is no command `nxt`. Did you mean `next` or `sort-next`?", list]);
    shot(&["--command", "zoom"]).is_trouble(&["Did you mean `zoom-in` or `zoom-out`", list]);
    let wrong = shot(&["--command", "xyz"]);
    wrong.is_trouble(&["There is no command `xyz`.", list]);
    assert!(!wrong.err.contains("Did you mean"), "{}", wrong.err);
    let help = said(dettrace().args(["screenshot", "--help"]));
    for entry in dettrace::app::table::TABLE {
        assert!(help.out.split([',', ' ', '\n']).any(|word| word == entry.id), "{} is not listed", entry.id);
    }
    fs::rename(folder.path().join("expected.jsonl"), folder.path().join("one.jsonl")).unwrap();
    fs::rename(folder.path().join("actual.jsonl"), folder.path().join("two.jsonl")).unwrap();
    let asked = said(dettrace().current_dir(&folder).args(["screenshot", ".", "-o", "shot.png"]));
    asked.is_trouble(&["dettrace screenshot -o shot.png . --expected one.jsonl --actual two.jsonl"]);
}

#[test]
fn decisions_are_saved_where_the_next_comparison_finds_them() {
    let folder = pair();
    let saved = compare(&folder, &["--ignore", "type", "--save-spec"]);
    assert_eq!((saved.code, saved.err.lines().count()), (0, 1), "{}", saved.err);
    assert!(saved.err.contains("Saved in actual.jsonl.dettrace.json: ignore type."), "{}", saved.err);
    let body = fs::read_to_string(folder.path().join("actual.jsonl.dettrace.json")).unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(&body).unwrap()["spec"]["ignore"][0], "type");
    let again = compare(&folder, &[]);
    assert_eq!((again.code, again.out), (0, saved.out), "without words the same answer");
    // A second decision joins the first, and one taken back is gone.
    let both = compare(&folder, &["--lane", "task", "--ignore", "type", "--save-spec"]);
    assert!(both.err.contains("ignore type; lanes task."), "{}", both.err);
    let back = compare(&folder, &["--compare", "type", "--save-spec"]);
    assert!(back.code == 1 && back.err.contains(": compare type; lanes task."), "{}", back.err);
}

#[test]
fn decisions_about_a_folder_are_saved_in_its_description() {
    let folder = pair();
    write(&folder, "pack.json", "{\"title\":\"Door\",\"spec\":{\"ignore\":[\"seq\"]}}");
    for first in [&[][..], &["--first"]] {
        let words = ["compare", ".", "--tolerance", "seq=5%", "--save-spec"];
        let saved = said(dettrace().current_dir(&folder).args(words).args(first));
        assert!(saved.code == 1 && saved.err.contains("pack.json: tolerance seq."), "{}", saved.err);
        let body = fs::read_to_string(folder.path().join("pack.json")).unwrap();
        assert!(body.contains("\"Door\"") && body.contains("0.05"), "{body}");
    }
}

#[test]
fn decisions_that_cannot_be_saved_are_trouble_and_change_nothing() {
    let folder = pair();
    compare(&folder, &["--save-spec"]).is_trouble(&["--save-spec", "nothing was decided", "--ignore"]);
    compare(&folder, &["--ignore", "tpye", "--save-spec"]).is_trouble(&["Did you mean type?"]);
    assert!(!folder.path().join("actual.jsonl.dettrace.json").exists(), "a wrong field is not saved");
    let words = ["compare", "-", "actual.jsonl", "--ignore", "type", "--save-spec"];
    said(dettrace().current_dir(&folder).args(words).write_stdin(GOOD)).is_trouble(&["standard input", "as files"]);
    write(&folder, "actual.jsonl.dettrace.json", "{ torn");
    let torn = compare(&folder, &["--ignore", "type", "--save-spec"]);
    torn.is_trouble(&["actual.jsonl.dettrace.json", "cannot be understood", "Correct it"]);
    assert_eq!(fs::read_to_string(folder.path().join("actual.jsonl.dettrace.json")).unwrap(), "{ torn");
}

#[test]
fn pairs_are_decided_by_their_numbers() {
    let pair = ["fixtures/task-order-race/expected.jsonl", "fixtures/task-order-race/actual.jsonl"];
    let compare = |more: &[&str]| run([&["compare", "--format", "json"][..], &pair, more].concat());
    let plain = compare(&[]);
    let answer = plain.json();
    let same = compare(&["--same", "0=0"]);
    assert_eq!((same.code, &same.json()["counts"]), (plain.code, &answer["counts"]), "{}", same.out);
    let parted = compare(&["--not-same", "0=0"]).json();
    assert_eq!(parted["counts"]["missing"], answer["counts"]["missing"].as_u64().unwrap() + 1, "{parted}");
    let gone = compare(&["--same", "0=4000"]);
    assert_eq!((gone.code, &gone.json()["counts"]), (plain.code, &answer["counts"]));
    assert!(gone.json()["warnings"].to_string().contains("actual:4000 is not among the events"), "{}", gone.out);
    compare(&["--same", "5"]).is_trouble(&["E=A", "such as 5=7"]);
    let first = compare(&["--first", "--not-same", "0=0"]);
    assert_eq!(first.json()["provisional"], false, "what cannot be known early is not said early");
    assert_eq!(first.json()["counts"], parted["counts"]);
}
