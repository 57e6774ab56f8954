//! Bad input: each kind gives a message that names the file and the remedy, and never a false comfort.

use std::fs;

use tempfile::TempDir;

use super::program::{Said, dettrace, run, said, write};

const LINES: &str = "{\"seq\":0,\"type\":\"A\",\"task\":1}\n{\"seq\":1,\"type\":\"B\",\"task\":1}\n{\"seq\":2,\"type\":\"C\",\"task\":1}\n";

/// Compares a good recording with one that holds `bytes`, in a scratch folder.
fn against(bytes: &[u8], more: &[&str]) -> Said {
    let folder = TempDir::new().unwrap();
    write(&folder, "expected.jsonl", LINES);
    write(&folder, "actual.jsonl", bytes);
    said(dettrace().current_dir(&folder).args(["compare", "expected.jsonl", "actual.jsonl"]).args(more))
}

/// The kinds of the warnings of a JSON answer.
fn kinds(said: &Said) -> Vec<String> {
    let answer = said.json();
    answer["warnings"].as_array().unwrap().iter().map(|w| w["kind"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_missing_file() {
    run(["compare", "no-such-file.jsonl"]).is_trouble(&["no-such-file.jsonl"]);
    run(["compare", "no-such-a.jsonl", "no-such-b.jsonl"]).is_trouble(&["no-such-a.jsonl"]);
}

#[test]
fn a_folder_without_recordings() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().to_str().unwrap();
    run(["compare", path]).is_trouble(&[path]);
    write(&folder, "notes.md", "# nothing");
    run(["compare", path]).is_trouble(&[path]);
}

#[test]
fn an_empty_file() {
    let empty = against(b"", &["--format", "json"]);
    assert_eq!(empty.code, 2, "{}", empty.out);
    assert!(!empty.out.contains("\"identical\"") && !empty.out.contains("\"equivalent\""), "{}", empty.out);
    assert!(format!("{}{}", empty.out, empty.err).contains("actual.jsonl"), "{}{}", empty.out, empty.err);
}

#[test]
fn a_file_that_is_no_recording() {
    let picture = against(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", &[]);
    assert_eq!(picture.code, 2);
    assert!(format!("{}{}", picture.out, picture.err).contains("actual.jsonl"), "{}{}", picture.out, picture.err);
}

#[test]
fn two_recordings_without_side_words_are_a_question_with_its_answer() {
    let folder = TempDir::new().unwrap();
    write(&folder, "monday.jsonl", LINES);
    write(&folder, "tues day.jsonl", LINES);
    let asked = said(dettrace().current_dir(&folder).args(["compare", "."]));
    asked.is_trouble(&["monday.jsonl", "tues day.jsonl", "--expected", "--actual"]);
    let typed = asked.err.lines().last().unwrap().trim();
    assert!(typed.starts_with("dettrace compare . --expected monday.jsonl --actual "), "{typed}");
    // The command that it names works as it stands.
    let chosen = ["compare", ".", "--expected", "monday.jsonl", "--actual", "tues day.jsonl"];
    let chosen = said(dettrace().current_dir(&folder).args(chosen));
    assert_eq!(chosen.code, 0, "{}", chosen.err);
    let wrong = ["compare", ".", "--expected", "sunday.jsonl", "--actual", "monday.jsonl"];
    said(dettrace().current_dir(&folder).args(wrong)).is_trouble(&["sunday.jsonl", "monday.jsonl"]);
}

#[test]
fn two_files_in_order_need_no_words() {
    let folder = TempDir::new().unwrap();
    write(&folder, "one.jsonl", LINES);
    write(&folder, "two.jsonl", LINES);
    let said = said(dettrace().current_dir(&folder).args(["compare", "one.jsonl", "two.jsonl"]));
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.starts_with("Identical"), "{}", said.out);
}

#[test]
fn a_lone_recording() {
    let folder = TempDir::new().unwrap();
    let path = write(&folder, "alone.jsonl", LINES);
    let alone = said(dettrace().arg("compare").arg(path));
    assert_eq!(alone.code, 2);
    assert!(alone.out.to_lowercase().contains("no baseline"), "{}{}", alone.out, alone.err);
}

#[test]
fn what_was_read_in_part_is_no_comfort_unless_it_is_accepted() {
    let broken = LINES.replace("{\"seq\":1,\"type\":\"B\",\"task\":1}", "{\"seq\":1,\"type\":");
    let partial = against(broken.as_bytes(), &["--format", "json"]);
    assert_eq!(partial.code, 2, "{}", partial.out);
    assert_eq!(partial.json()["partial"], true);
    assert!(partial.err.contains("--allow-partial"), "{}", partial.err);
    assert_eq!(kinds(&partial), ["unreadable"]);
    let warning = &partial.json()["warnings"][0];
    assert_eq!((&warning["file"], &warning["line"]), (&"actual.jsonl".into(), &2.into()));
    assert_eq!(against(broken.as_bytes(), &["--allow-partial"]).code, 1);
    let text = against(broken.as_bytes(), &[]);
    assert!(text.out.contains("Partial") && text.out.contains("actual.jsonl:2"), "{}", text.out);
}

#[test]
fn a_torn_last_line() {
    let torn = &LINES[..LINES.len() - 10];
    let said = against(torn.as_bytes(), &["--format", "json"]);
    assert_eq!(said.code, 2, "{}", said.out);
    assert_eq!(said.json()["verdict"], "truncated", "{}", said.out);
    assert_eq!(kinds(&said), ["torn_end"]);
    assert_eq!(against(torn.as_bytes(), &["--allow-partial"]).code, 1);
}

#[test]
fn a_last_line_without_its_end_is_whole() {
    assert_eq!(against(LINES.trim_end().as_bytes(), &[]).code, 0);
}

#[test]
fn marks_carriage_returns_and_blank_lines_are_no_difference() {
    let odd = format!("\u{feff}{}", LINES.replace('\n', "\r\n\r\n"));
    let said = against(odd.as_bytes(), &["--format", "json"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert_eq!(said.json()["partial"], false);
}

#[test]
fn bytes_that_are_no_text_and_keys_that_come_twice_are_told() {
    let mut bytes = LINES.replace("\"A\"", "\"A\",\"type\":\"A\"").into_bytes();
    bytes.extend(b"{\"seq\":3,\"type\":\"D\xff\",\"task\":1}\n");
    let said = against(&bytes, &["--format", "json"]);
    let kinds = kinds(&said);
    assert!(kinds.contains(&"duplicate_key".to_owned()) && kinds.contains(&"invalid_utf8".to_owned()), "{}", said.out);
    assert_eq!(said.json()["verdict"], "diverged");
}

#[test]
fn a_nesting_bomb_and_wrong_types_are_warnings() {
    let bomb = format!("{}{{\"a\":{}1{}}}\n[1,2]\n42\n", LINES, "[".repeat(100_000), "]".repeat(100_000));
    let said = against(bomb.as_bytes(), &["--format", "json"]);
    assert_eq!(said.code, 2, "{}", said.out);
    assert_eq!(said.json()["partial"], true);
    assert!(!said.json()["warnings"].as_array().unwrap().is_empty());
}

#[test]
fn recorded_text_is_shown_and_never_obeyed() {
    let evil = "{\"seq\":1,\"type\":\"\\u001b[2J\\u202eB`|<img>\",\"task\":1}";
    let bytes = LINES.replace("{\"seq\":1,\"type\":\"B\",\"task\":1}", evil);
    for format in ["text", "markdown", "json"] {
        let said = against(bytes.as_bytes(), &["--format", format]);
        assert_eq!(said.code, 1, "{}", said.err);
        assert!(!said.out.contains(['\u{1b}', '\u{202e}']), "{format}: {}", said.out);
    }
    let text = against(bytes.as_bytes(), &[]);
    assert!(text.out.contains("\\u{1b}[2J\\u{202e}B"), "{}", text.out);
}

#[test]
fn standard_input_is_a_recording_too() {
    let folder = TempDir::new().unwrap();
    write(&folder, "expected.jsonl", LINES);
    let mut command = dettrace();
    command.current_dir(&folder).args(["compare", "expected.jsonl", "-", "--format", "json"]);
    let same = said(command.write_stdin(LINES));
    assert_eq!(same.code, 0, "{}", same.err);
    assert_eq!(same.json()["verdict"], "identical");
    let other = said(command.write_stdin(LINES.replace("\"B\"", "\"X\"")));
    assert_eq!(other.code, 1, "{}", other.err);
    assert_eq!(other.json()["actual"]["event"]["type"], "X");
    run(["compare", "-", "-"]).is_trouble(&["-"]);
}

#[test]
#[cfg(unix)]
fn a_name_that_is_no_text_and_a_file_that_may_not_be_read() {
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::PermissionsExt as _;
    let folder = TempDir::new().unwrap();
    let good = write(&folder, "expected.jsonl", LINES);
    let odd = folder.path().join(std::ffi::OsStr::from_bytes(b"act\xffual.jsonl"));
    if fs::write(&odd, LINES).is_ok() {
        assert_eq!(said(dettrace().arg("compare").arg(&good).arg(&odd)).code, 0);
    }
    let locked = write(&folder, "locked.jsonl", LINES);
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o0)).unwrap();
    if fs::read(&locked).is_ok() {
        // Past the harness, which hides what a passing test prints.
        std::io::Write::write_all(&mut std::io::stderr(), b"SKIPPED: this user may read everything\n").ok();
        return;
    }
    said(dettrace().arg("compare").arg(&good).arg(&locked)).is_trouble(&["locked.jsonl", "ermission"]);
}
