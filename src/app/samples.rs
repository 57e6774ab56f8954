//! The samples that are built into the program, so that it shows something on any machine.

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

/// Every sample, in the order of the home page.
pub const SAMPLES: &[Sample] = &[];
