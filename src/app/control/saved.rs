//! What is seen of a control loop, as it is saved: the view, the runs, and the fault that is tried out.

use serde::{Deserialize, Serialize};

use super::what_if::SeenWhatIf;
use super::{ControlCommand, ControlPage, ControlView, SeenSheet};
use crate::app::trail::Trail;

/// What is seen of a control loop.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SeenControl {
    view: String,
    /// What is seen of what was recorded.
    #[serde(flatten)]
    recorded: SeenSheet,
    /// The reference plant, where it has run.
    #[serde(skip_serializing_if = "Option::is_none")]
    what_if: Option<SeenWhatIf>,
}

impl SeenControl {
    /// True when the reference plant has run, which needs no recording.
    pub const fn has_plant(&self) -> bool {
        self.what_if.is_some()
    }
}

impl ControlPage {
    /// What is seen, to be kept.
    pub fn seen(&self) -> SeenControl {
        SeenControl { view: self.view.name().to_owned(), recorded: self.recorded.seen(), what_if: self.what_if.seen() }
    }

    /// Shows what was seen before; says what of it is not here.
    pub fn set_seen(&mut self, seen: &SeenControl) -> Vec<String> {
        let mut missing = self.recorded.set_seen(&seen.recorded);
        if let Some(what_if) = &seen.what_if {
            missing.extend(self.what_if.set_seen(what_if));
        }
        match seen.view.parse::<ControlView>() {
            Ok(view) => self.carry_out(ControlCommand::Show(view)),
            Err(_) if seen.view.is_empty() => {}
            Err(trouble) => missing.push(format!("{trouble} The view file asks for it.")),
        }
        self.trail = Trail::default();
        missing
    }
}
