//! What cannot be opened, or not as a whole, is told with its file and a remedy.

use super::*;

#[test]
fn what_cannot_be_opened_is_told_with_its_file_and_a_remedy() {
    let folder = Folder::new(&[
        ("empty.jsonl", b""),
        ("text.log", b"hello\nworld\n"),
        ("numbers.json", b"[1, 2, 3]"),
        ("report.json", b"{\"verdict\": \"diverged\", \"of\": {\"rows\": 3}}\n"),
        ("utf16.json", b"\xff\xfe{\0}\0"),
        ("broken.zip", b"PK\x03\x04 and nothing else"),
        ("broken.gz", b"\x1f\x8b\x08 and nothing else"),
        ("many/a.jsonl", LINES),
        ("many/b.jsonl", LINES),
    ]);
    std::fs::create_dir(folder.at("nothing")).unwrap();
    let said = |name: &str| {
        let said = refused(&[folder.at(name)]);
        let at = folder.at(name).display().to_string();
        said.strip_prefix(&at).unwrap_or_else(|| panic!("{said} does not begin with {at}")).to_owned()
    };
    assert_eq!(said("none.jsonl"), ": There is no such file or folder. Check the path.");
    assert_eq!(said("empty.jsonl"), ": It is empty. Check that the recording was written.");
    assert!(said("nothing").starts_with(": There is no recording in it. Give a folder"), "{}", said("nothing"));
    assert!(said("text.log").starts_with(": It is a plain text log, which this version does not read yet. Convert it"));
    assert!(said("numbers.json").starts_with(": It is a JSON array, but not of objects"));
    assert!(said("utf16.json").contains("UTF-16"), "{}", said("utf16.json"));
    assert!(said("broken.zip").starts_with(": It begins like a zip archive, but cannot be read as one"));
    assert!(said("broken.gz").starts_with(": The compressed data "), "{}", said("broken.gz"));
    let trace = folder.at("many/a.jsonl");
    let said = refused(&[trace.clone(), folder.at("many")]);
    assert!(
        said.contains("It holds 2 recordings, where one is needed: a.jsonl, b.jsonl. Name the recording's own file.")
    );
    assert!(refused(&[]).contains("Nothing was named."));
    assert!(refused(&[trace.clone(), trace.clone(), trace]).contains("A third path was named"));
    assert!(refused(&["-".into(), "-".into()]).contains("Standard input can be only one of the sides."));
}

#[test]
#[cfg(unix)]
fn a_file_that_may_not_be_read_is_told_with_a_remedy() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new(&[("expected.jsonl", LINES), ("actual.jsonl", LINES)]);
    let path = folder.at("actual.jsonl");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o0)).unwrap();
    if std::fs::File::open(&path).is_ok() {
        // Past the harness, which hides what a passing test prints.
        std::io::Write::write_all(&mut std::io::stderr(), b"SKIPPED: this user may read every file\n").ok();
        return;
    }
    let said = refused(&[folder.at("expected.jsonl"), path]);
    assert!(said.contains("actual.jsonl: It may not be read: permission denied. Allow yourself to read it"), "{said}");
    let said = refused(&[folder.at("")]);
    assert!(said.contains("actual.jsonl: It may not be read: permission denied."), "{said}");
}

#[test]
#[cfg(unix)]
fn a_side_that_is_there_but_cannot_be_read_is_no_missing_side() {
    let folder = Folder::new(&[("expected.jsonl", LINES)]);
    std::os::unix::fs::symlink("gone", folder.at("notes.txt")).unwrap();
    let pack = folder.ready();
    assert!(told(&pack).contains("notes.txt: There is no such file"), "{}", told(&pack));
    std::os::unix::fs::symlink("gone", folder.at("actual.jsonl")).unwrap();
    assert!(refused(&[folder.at("")]).contains("actual.jsonl: There is no such file or folder."));
}

#[test]
#[cfg(unix)]
fn a_name_that_is_no_utf_8_opens_and_is_shown_with_marks() {
    use std::os::unix::ffi::OsStrExt;
    let folder = Folder::new(&[("expected.jsonl", LINES)]);
    let name = std::ffi::OsStr::from_bytes(b"actual\xff.jsonl");
    std::fs::write(folder.0.path().join(name), LINES).unwrap();
    let pack = folder.ready();
    assert_eq!(sides(&pack), ("expected.jsonl", "actual\u{fffd}.jsonl"));
    assert_eq!(read(&pack, Side::Actual).0, LINES);
}

#[test]
fn a_side_without_a_record_is_opened_and_told() {
    let pack = Folder::new(&[("expected.jsonl", LINES), ("actual.jsonl", b"\n"), ("stderr.log", b"")]).ready();
    assert_eq!(sides(&pack), ("expected.jsonl", "actual.jsonl"));
    assert!(told(&pack).contains("actual.jsonl: It is empty: nothing was recorded."), "{}", told(&pack));
    assert!(told(&pack).contains("stderr.log: It is empty, and was set aside."));
}

#[test]
fn a_damaged_side_is_read_as_far_as_it_goes_and_told() {
    let text = LINES.repeat(5000);
    let whole = gzip(&text);
    let folder = Folder::new(&[("expected.jsonl.gz", &whole), ("actual.jsonl.gz", &whole[..whole.len() - 30])]);
    let pack = folder.ready();
    assert_eq!(read(&pack, Side::Expected), (text.clone(), String::new()));
    let (bytes, said) = read(&pack, Side::Actual);
    assert!(text.starts_with(&bytes) && bytes.len() > 1000);
    assert!(said.starts_with("actual.jsonl.gz: The compressed data ends early; what came before was read."), "{said}");
    assert!(said.contains("Compress it again from the original"));
}

#[test]
fn an_archive_is_a_pack_whose_entries_never_touch_the_disk() {
    let inner = gzip(LINES);
    let bytes = zip(&[
        ("incident/README.md", b"What happened."),
        ("incident/healthy.jsonl", LINES),
        ("incident/failing.jsonl.gz", &inner),
        ("__MACOSX/incident/._failing.jsonl", b"junk"),
    ]);
    // The ending lies.
    let folder = Folder::new(&[("incident.bin", &bytes)]);
    let pack = ready(&folder.at("incident.bin"));
    assert_eq!(sides(&pack), ("healthy.jsonl", "failing.jsonl.gz"));
    assert_eq!(pack.notes.as_deref(), Some("What happened."));
    assert_eq!(read(&pack, Side::Actual), (LINES.to_vec(), String::new()));
    assert_eq!(pack.sides.expected.as_ref().unwrap().source.text(21, 20).unwrap(), &LINES[21..41]);
    assert_eq!(std::fs::read_dir(folder.0.path()).unwrap().count(), 1);
}

#[test]
fn entries_that_climb_out_link_or_nest_are_set_aside_by_name() {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for name in ["expected.jsonl", "actual.jsonl", "../expected.jsonl", "/etc/actual.jsonl", "nested.zip"] {
        zip.start_file(name, stored).unwrap();
        let bytes = if name == "nested.zip" { self::zip(&[("expected.jsonl", LINES)]) } else { LINES.to_vec() };
        zip.write_all(&bytes).unwrap();
    }
    zip.add_symlink("baseline.jsonl", "/etc/passwd", stored).unwrap();
    let folder = Folder::new(&[("pack.zip", &zip.finish().unwrap().into_inner())]);
    let pack = ready(&folder.at("pack.zip"));
    assert_eq!(sides(&pack), ("expected.jsonl", "actual.jsonl"));
    let told = told(&pack);
    for said in [
        "../expected.jsonl: The entry's path climbs out of the archive. It was set aside",
        "/etc/actual.jsonl: The entry's path is absolute.",
        "baseline.jsonl: The entry is a link.",
        "nested.zip: It is an archive inside a pack",
    ] {
        assert!(told.contains(said), "{said} is not in\n{told}");
    }
}

#[test]
fn an_archive_that_explodes_or_is_damaged_is_stopped_and_told() {
    let bomb = vec![b' '; 80 << 20];
    let mut exploding = LINES.to_vec();
    exploding.extend_from_slice(&bomb);
    let mut bytes = zip(&[("expected.jsonl", &exploding), ("actual.jsonl", &LINES.repeat(2000))]);
    let at = bytes.windows(12).rposition(|w| w == b"actual.jsonl").unwrap();
    // The checksum of the second entry, in the central directory.
    bytes[at - 46 + 16] ^= 1;
    let folder = Folder::new(&[("pack.zip", &bytes)]);
    let pack = ready(&folder.at("pack.zip"));
    let (text, said) = read(&pack, Side::Expected);
    assert!(text.len() < exploding.len());
    assert!(said.contains("expected.jsonl: It grows to") && said.contains("decompression bomb"), "{said}");
    let (text, said) = read(&pack, Side::Actual);
    assert_eq!(text.len(), LINES.len() * 2000);
    assert!(said.starts_with("actual.jsonl: The compressed data is damaged (its checksum is wrong)"), "{said}");
}
