//! The samples that are built into the program, so that it shows something on any machine.

use std::path::{Path, PathBuf};

/// One file of a sample.
#[derive(Debug, Clone, Copy)]
pub struct SampleFile {
    /// Its name inside the pack.
    pub name: &'static str,
    /// Its bytes.
    pub bytes: &'static [u8],
}

/// One built-in incident pack.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// The name of its folder.
    pub folder: &'static str,
    /// Its title on the home page.
    pub title: &'static str,
    /// What happened, in a line.
    pub story: &'static str,
    /// Its files.
    pub files: &'static [SampleFile],
}

/// A file of a fixture, as it lies in the repository.
macro_rules! file {
    ($folder:literal, $name:literal) => {
        SampleFile { name: $name, bytes: include_bytes!(concat!("../../fixtures/", $folder, "/", $name)) }
    };
}

/// Every sample, in the order of the home page.
pub const SAMPLES: &[Sample] = &[
    Sample {
        folder: "task-order-race",
        title: "Task order race",
        story: "A queue handed out task 4 before task 3: a card was charged before its stock was reserved.",
        files: &[
            file!("task-order-race", "pack.json"),
            file!("task-order-race", "expected.jsonl"),
            file!("task-order-race", "actual.jsonl"),
        ],
    },
    Sample {
        folder: "retry-storm",
        title: "Retry storm",
        story: "A name that did not resolve made one service retry another until the whole request timed out.",
        files: &[
            file!("retry-storm", "pack.json"),
            file!("retry-storm", "healthy.jsonl.gz"),
            file!("retry-storm", "failing.jsonl.gz"),
        ],
    },
    Sample {
        folder: "gpio-interrupt-race",
        title: "Interrupt race",
        story: "A bouncing door button raised a second edge before the first was acknowledged; both were lost.",
        files: &[file!("gpio-interrupt-race", "door_button.json")],
    },
    Sample {
        folder: "cascading-timeouts",
        title: "Cascading timeouts",
        story: "The ledger database did not answer; payments, checkout and the gateway timed out one after the other.",
        files: &[file!("cascading-timeouts", "healthy.jsonl"), file!("cascading-timeouts", "failing.jsonl")],
    },
    Sample {
        folder: "missed-timer-tick",
        title: "Missed timer tick",
        story: "The second tick of a motor timer never became an interrupt, and the motor lost its position.",
        files: &[file!("missed-timer-tick", "baseline.json"), file!("missed-timer-tick", "candidate.json")],
    },
    Sample {
        folder: "legal-reordering",
        title: "Legal reordering",
        story: "Two workers did exactly the same work, interleaved differently. Nothing diverged.",
        files: &[
            file!("legal-reordering", "pack.json"),
            file!("legal-reordering", "esperado.jsonl"),
            file!("legal-reordering", "actual.jsonl"),
        ],
    },
];

/// Writes a sample into a folder of its own below `root`, and returns that folder.
///
/// # Errors
/// When it cannot be written, or there is no such sample.
pub fn unpack(at: usize, root: &Path) -> std::io::Result<PathBuf> {
    let sample = SAMPLES.get(at).ok_or(std::io::ErrorKind::NotFound)?;
    let folder = root.join(sample.folder);
    std::fs::create_dir_all(&folder)?;
    for file in sample.files {
        let path = folder.join(file.name);
        // Rewriting what is there already would look like a change to whoever watches it.
        if std::fs::read(&path).is_ok_and(|old| old == file.bytes) {
            continue;
        }
        std::fs::write(&path, file.bytes)?;
    }
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_unpacked_whole_and_again_without_touching_it() {
        let root = tempfile::tempdir().unwrap();
        for (at, sample) in SAMPLES.iter().enumerate() {
            let folder = unpack(at, root.path()).unwrap();
            assert_eq!(folder, root.path().join(sample.folder));
            for file in sample.files {
                assert_eq!(std::fs::read(folder.join(file.name)).unwrap(), file.bytes);
            }
        }
        let first = root.path().join(SAMPLES[0].folder).join(SAMPLES[0].files[0].name);
        let before = std::fs::metadata(&first).unwrap().modified().unwrap();
        unpack(0, root.path()).unwrap();
        assert_eq!(std::fs::metadata(&first).unwrap().modified().unwrap(), before);
        assert!(unpack(SAMPLES.len(), root.path()).is_err());
    }
}
