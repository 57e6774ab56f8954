//! Dumps that are broken: said with the line, read as far as can be, never called complete.

use std::io::Write as _;

use proptest::prelude::*;
use serde_json::Value;

use super::{analyse, answer, compare, pack, ready};
use dettrace::ingest::WaveReader;
use dettrace::pack as packs;

const HEAD: &str = "$timescale 1ns $end\n$scope module tb $end\n$var wire 1 ! a $end\n$var wire 8 \" b [7:0] $end\n\
                    $upscope $end\n$enddefinitions $end\n";
const BODY: &str = "#0\n0!\nb0 \"\n#10\n1!\nb101 \"\n#20\n0!\n";

fn whole() -> String {
    format!("{HEAD}{BODY}")
}

/// The first warning that makes the answer partial.
fn partial(answer: &Value) -> &Value {
    let kinds = ["unreadable", "torn_end", "damaged", "limit"];
    let warnings = answer["warnings"].as_array().unwrap();
    warnings.iter().find(|w| kinds.contains(&w["kind"].as_str().unwrap())).unwrap_or(&Value::Null)
}

#[test]
fn what_is_wrong_is_said_with_its_line_and_the_answer_is_partial() {
    for (body, line, words) in [
        ("#0\n0!\n?\"\nb0 \"\n", 9, "A time or a value is expected, but there stands `?\"`"),
        ("#0\n0!\n1%\n", 9, "The code `%` of a change was never declared."),
        ("#0\n0!\nb2 \"\n", 9, "`b2` is no value."),
        ("#10\n0!\n#5\n1!\n#20\n", 9, "The time goes back from #10 to #5"),
        ("#x\n0!\n", 7, "#x is no time."),
        ("#0\npU 6 6 !\n", 8, "extended dump"),
        ("#0\n0!\n$var wire 1 # c $end\n", 9, "The command `$var` stands among the changes."),
        ("#0\n0!\nb10", 9, "The dump ends in the middle of a change."),
        ("#0\n0!\nb10 \"\n1", 10, "The dump ends in the middle of a change."),
    ] {
        let answer = compare(&whole(), &format!("{HEAD}{body}"));
        let warning = partial(&answer);
        assert_eq!(answer["partial"], true, "{body}");
        assert_eq!(warning["line"], line, "{body}: {warning}");
        assert!(warning["message"].as_str().unwrap().contains(words), "{body}: {warning}");
        assert!(warning["remedy"].as_str().unwrap().ends_with('.'), "{body}: {warning}");
    }
    let declarations = compare(&whole(), &HEAD[..60]);
    assert!(partial(&declarations)["message"].as_str().unwrap().contains("ends among its declarations"));
    assert_eq!(declarations["verdict"], "incomparable");
}

#[test]
fn what_follows_a_damage_is_still_compared() {
    let damaged = whole().replace("1!\nb101", "1!\n@@@\nb101").replace("#20\n0!", "#20\n1!");
    let answer = compare(&whole(), &damaged);
    assert_eq!([&answer["verdict"], &answer["time"]["value"]], [&Value::from("diverged"), &Value::from(20)]);
    assert_eq!(answer["partial"], true);
}

#[test]
fn a_cut_dump_is_never_said_to_be_the_same() {
    let text = whole();
    // Without its last line end it is still whole.
    for cut in 0..text.len() - 1 {
        let answer = compare(&text, &text[..cut]);
        assert_ne!(answer["verdict"], "identical", "cut at {cut}: {}", &text[..cut]);
        // Cut between two changes, it may as well be a dump that says no more.
        assert!(answer["verdict"] != "diverged" || answer["partial"] == false, "cut at {cut}: {}", &text[..cut]);
    }
}

#[test]
fn odd_but_legal_dumps_are_read_whole() {
    for odd in [
        whole().replace('\n', "\r\n"),
        whole().replace('\n', " "),
        whole().replace("$timescale 1ns $end", "$timescale\n\t1 ns\n$end\n$comment made by $hand $end"),
        whole().replace("$timescale 1ns $end", "$date today$end $timescale 1ns$end"),
        whole().replace("#0\n0!\nb0 \"", "$dumpvars\n0!\nb0 \"\n$end\n#0"),
        whole().replace("#10", "#10\n#10"),
        whole().replace("#10\n1!", "#10\n0!\nx!\n1 !\n$comment it is $end"),
        whole().replace("b101", "B0000101"),
        format!("\u{feff}{}", whole()),
        whole().trim_end().to_owned(),
    ] {
        let answer = compare(&whole(), &odd);
        assert_eq!(answer["verdict"], "identical", "{odd}\n{}", answer["warnings"]);
        assert_eq!(answer["partial"], false, "{odd}\n{}", answer["warnings"]);
    }
}

#[test]
fn without_a_timescale_the_assumption_is_said() {
    let bare = whole().replace("$timescale 1ns $end", "");
    let answer = compare(&whole(), &bare);
    assert_eq!(answer["verdict"], "identical");
    assert!(answer["warnings"].to_string().contains("no timescale"), "{}", answer["warnings"]);
}

#[test]
fn a_dump_is_found_in_archives_and_under_any_name() {
    let folder = tempfile::tempdir().unwrap();
    let pressed = folder.path().join("expected.bin");
    let mut gz = flate2::write::GzEncoder::new(std::fs::File::create(&pressed).unwrap(), flate2::Compression::fast());
    gz.write_all(whole().as_bytes()).unwrap();
    gz.finish().unwrap();
    std::fs::write(folder.path().join("actual.txt"), whole().replace("b101", "b111")).unwrap();
    let found = packs::open(&[folder.path().to_path_buf()]).unwrap();
    let answer = answer(ready(found));
    assert_eq!(answer["time"]["value"], 10);
    assert!(answer["causes"][0]["headline"].as_str().unwrap().starts_with("tb.b is 111 instead of 101"));
    let zipped = folder.path().join("pair.zip");
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&zipped).unwrap());
    for name in ["good.vcd", "bad.vcd"] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(whole().as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    assert_eq!(analyse(ready(packs::open(&[zipped]).unwrap())).comparison.verdict.word(), "identical");
}

#[test]
fn a_lone_dump_has_no_baseline_and_shows_its_changes() {
    let lone = ready(packs::in_memory("lone", &[("a.vcd", whole().as_bytes())]).unwrap());
    let analysis = analyse(lone);
    assert_eq!(analysis.comparison.verdict.word(), "incomparable");
    assert!(analysis.comparison.reason.unwrap().contains("no baseline"));
    assert_eq!(analysis.comparison.rows.len(), 5);
}

/// Everything that a reader says of some bytes, cut into blocks.
fn read(bytes: &[u8], block: usize) -> String {
    let mut reader = WaveReader::new("a.vcd");
    for piece in bytes.chunks(block) {
        reader.push(piece);
    }
    format!("{:?}", reader.finish())
}

proptest! {
    #[test]
    fn any_bytes_are_read_alike_however_they_are_cut(
        words in prop::collection::vec("[ -~]{0,6}|#[0-9]{1,3}|[01xz][!\"]|b[01xz]{1,9} \"|\\$[a-z]{3,8}|\\$end|\n", 0..60),
        block in 1..20_usize,
    ) {
        let text = format!("{HEAD}{}", words.join("\n"));
        prop_assert_eq!(read(text.as_bytes(), block), read(text.as_bytes(), usize::MAX));
        let pair = pack(&whole(), &text);
        prop_assert!(!serde_json::to_string(&answer(pair)).unwrap().is_empty());
    }
}
