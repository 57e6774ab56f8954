//! What README.md says about keys and files is true.
#![expect(clippy::unwrap_used, reason = "a README that cannot be read must fail")]

use std::fs;
use std::path::Path;

use dettrace::app::table::TABLE;

fn readme() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

/// The rows of the table under a heading, cell by cell.
fn rows(text: &str, heading: &str) -> Vec<Vec<String>> {
    let section = text.split(heading).nth(1).unwrap();
    let table = section.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    table.skip(2).map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

#[test]
fn keys_do_what_the_readme_says() {
    let rows = rows(&readme(), "## Keys");
    assert!(rows.len() > 8);
    for row in rows {
        let titles: Vec<&str> = row[1].split(", ").collect();
        let keys: Vec<Vec<&str>> =
            row[0].split(", ").map(|one| one.split(" or ").map(|key| key.trim_matches('`')).collect()).collect();
        assert_eq!(titles.len(), keys.len(), "{row:?}");
        for (title, keys) in titles.iter().zip(keys) {
            let entry = TABLE.iter().find(|entry| entry.title == *title);
            let entry = entry.unwrap_or_else(|| panic!("there is no command `{title}`"));
            for key in keys {
                let known: Vec<String> = entry.keys.iter().map(|keys| keys.text()).collect();
                assert!(known.iter().any(|k| k == key), "`{title}` is not on {key} but on {known:?}");
            }
        }
    }
}

#[test]
fn every_file_that_the_readme_shows_or_links_is_there() {
    let text = readme();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let local: Vec<&str> = links.filter(|link| !link.starts_with("http")).collect();
    assert!(local.len() >= 3, "{local:?}");
    for link in local {
        assert!(root.join(link).is_file(), "{link} is not there");
    }
    assert!(root.join("fixtures/task-order-race").is_dir());
}

#[test]
fn the_pack_json_of_the_readme_is_json() {
    let text = readme();
    let block = text.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let pack: serde_json::Value = serde_json::from_str(block).unwrap();
    assert_eq!(pack["dettrace_pack"], 1);
    assert!(serde_json::from_value::<dettrace::spec::Overrides>(pack["spec"].clone()).is_ok());
}
