//! What a person says before a slice is cut: which fields are to be redacted, and where it goes.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::authored::beside;
use super::command::Effect;
use super::message::Level;
use super::pair::Pair;
use super::paths::typed;
use super::state::{Ask, Focus, Overlay, State};
use super::tabs::TabId;
use crate::slice::{Pseudonyms, can_cut};
use crate::spec::Role;
use crate::trace::{Field, Side, Value};

/// Rows around the selected one whose events are read for examples of values.
const READ: u32 = 16;

/// A change of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SliceCommand {
    /// Opens the form for the pair on screen.
    Open,
    /// Redacts the field at this place, or leaves it.
    Redact(usize, bool),
    /// Redacts every field whose values are words, but not ids.
    RedactText,
    /// Redacts nothing.
    RedactNone,
    /// Changes the folder.
    Folder(String),
    /// Cuts and writes.
    Export,
}

/// A field that can be redacted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// Its dotted path.
    pub path: String,
    /// What it is for.
    pub role: Role,
    /// A value of it, as JSON; `None` where no event nearby has it.
    pub example: Option<String>,
    /// True when it is to be redacted.
    pub redacted: bool,
}

impl Offered {
    /// True for words that are not ids.
    fn is_text(&self) -> bool {
        let words = self.example.as_ref().is_none_or(|example| example.starts_with('"'));
        self.role == Role::Text || matches!(self.role, Role::Data | Role::Provenance) && words
    }
}

/// The form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SliceForm {
    /// The tab whose pair is cut; the one in front when none.
    pub tab: Option<TabId>,
    /// The fields that can be redacted.
    pub fields: Vec<Offered>,
    /// The folder, as it is typed.
    pub folder: String,
    /// Why it cannot be exported so, as a sentence.
    pub trouble: Option<String>,
}

impl SliceForm {
    /// A form for what is open: nothing is redacted, and the folder is a new one beside it.
    fn new(pair: &Pair, folder: String) -> Self {
        let examples = examples(pair);
        let spec = &pair.analysis().spec;
        let offered =
            spec.fields.iter().filter(|field| !matches!(field.role, Role::Kind | Role::Time | Role::Position));
        let fields = offered.map(|field| Offered {
            path: field.path.clone(),
            role: field.role,
            example: examples.get(&field.path).cloned(),
            redacted: false,
        });
        Self { tab: None, fields: fields.collect(), folder, trouble: None }
    }

    /// What stands for the example of each field that is redacted.
    pub fn previews(&self) -> Vec<Option<String>> {
        let mut pseudonyms = Pseudonyms::default();
        let preview = |field: &Offered| Some(pseudonyms.of(field.example.as_ref().filter(|_| field.redacted)?));
        self.fields.iter().map(preview).collect()
    }

    /// How many fields are redacted.
    pub fn redacted(&self) -> usize {
        self.fields.iter().filter(|field| field.redacted).count()
    }
}

/// A value of each field, from the events around the selected row.
fn examples(pair: &Pair) -> BTreeMap<String, String> {
    let row = pair.selection().map_or(0, |selection| selection.row);
    let rows = row.saturating_sub(READ)..row.saturating_add(READ).min(pair.rows().len());
    let events = rows.flat_map(|row| Side::BOTH.map(|side| (side, pair.rows().get(row).event(side))));
    let mut examples = BTreeMap::new();
    for (side, event) in events {
        for Field { path, value } in
            event.and_then(|event| pair.analysis().fields(side, event).ok()).unwrap_or_default()
        {
            if value != Value::Null {
                examples.entry(path).or_insert_with(|| json(&value));
            }
        }
    }
    examples
}

/// A value as it stands in a record.
fn json(value: &Value) -> String {
    match value {
        Value::Text(text) => serde_json::Value::from(text.as_str()).to_string(),
        other => other.plain().to_owned(),
    }
}

/// Carries out a change of the form.
pub fn change(state: &mut State, command: SliceCommand) -> Vec<Effect> {
    match command {
        SliceCommand::Open => open(state),
        SliceCommand::Redact(place, redacted) => {
            if let Some(field) = state.slice.fields.get_mut(place) {
                field.redacted = redacted;
            }
        }
        SliceCommand::RedactText => state.slice.fields.iter_mut().for_each(|field| field.redacted |= field.is_text()),
        SliceCommand::RedactNone => state.slice.fields.iter_mut().for_each(|field| field.redacted = false),
        SliceCommand::Folder(folder) => {
            state.slice.folder = folder;
            state.slice.trouble = None;
        }
        SliceCommand::Export => return export(state),
    }
    Vec::new()
}

fn open(state: &mut State) {
    let Some(pair) = state.pair() else { return };
    if let Err(why) = can_cut(pair.analysis()) {
        return state.messages.say(Level::Error, why, None);
    }
    let folder =
        state.front().open.as_ref().and_then(|open| open.paths.last()).map(|opened| beside(opened, Ask::Slice));
    state.slice = SliceForm::new(pair, folder.map(|folder| folder.display().to_string()).unwrap_or_default());
    state.slice.tab = Some(state.front().id);
    state.overlay = Some(Overlay::Slice);
    state.focus = Some(Focus::Slice);
}

fn export(state: &mut State) -> Vec<Effect> {
    let [folder] = typed(&state.slice.folder).try_into().unwrap_or_else(|_| [PathBuf::new()]);
    if folder.as_os_str().is_empty() {
        state.slice.trouble = Some("Type the path of one folder; it is made when it is not there.".to_owned());
        return Vec::new();
    }
    let redact = state.slice.fields.iter().filter(|field| field.redacted).map(|field| field.path.clone()).collect();
    state.overlay = None;
    let tab = state.slice.tab.unwrap_or(state.front().id);
    let Some(tab) = state.tabs.get_mut(tab).filter(|tab| tab.pair().is_some()) else { return Vec::new() };
    tab.exporting = Some("Cutting a slice");
    vec![Effect::ExportSlice(tab.id, folder, redact)]
}

/// Takes the folder that a person chose in a dialog, or says why there was none.
pub fn picked(state: &mut State, picked: Result<Vec<PathBuf>, String>) {
    match picked {
        Ok(paths) => {
            if let Some(path) = paths.first() {
                state.slice.folder = path.display().to_string();
                state.slice.trouble = None;
            }
        }
        Err(_) => state.slice.trouble = Some("No folder dialog is available here. Type the path instead.".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered(path: &str, role: Role, example: &str) -> Offered {
        Offered { path: path.to_owned(), role, example: Some(example.to_owned()), redacted: false }
    }

    fn form() -> State {
        let fields = vec![
            offered("user", Role::Data, "\"ann\""),
            offered("n", Role::Data, "7"),
            offered("host", Role::Provenance, "\"ann\""),
            offered("span", Role::Identity, "\"a1\""),
            offered("note", Role::Text, "\"late\""),
        ];
        State { slice: SliceForm { fields, ..SliceForm::default() }, ..State::default() }
    }

    fn redacted(state: &State) -> Vec<&str> {
        state.slice.fields.iter().filter(|field| field.redacted).map(|field| field.path.as_str()).collect()
    }

    #[test]
    fn all_text_is_words_that_are_no_ids() {
        let mut state = form();
        change(&mut state, SliceCommand::RedactText);
        assert_eq!(redacted(&state), ["user", "host", "note"]);
        change(&mut state, SliceCommand::Redact(0, false));
        change(&mut state, SliceCommand::Redact(9, true));
        assert_eq!(redacted(&state), ["host", "note"]);
        change(&mut state, SliceCommand::RedactNone);
        assert_eq!(state.slice.redacted(), 0);
    }

    #[test]
    fn one_value_looks_the_same_in_every_field() {
        let mut state = form();
        change(&mut state, SliceCommand::RedactText);
        change(&mut state, SliceCommand::Redact(1, true));
        let shown = ["\"redacted-1\"", "2", "\"redacted-1\"", "", "\"redacted-3\""];
        let previews: Vec<String> = state.slice.previews().into_iter().map(Option::unwrap_or_default).collect();
        assert_eq!(previews, shown);
    }

    #[test]
    fn without_a_folder_nothing_is_exported_and_it_is_said() {
        let mut state = form();
        assert!(change(&mut state, SliceCommand::Export).is_empty());
        assert!(state.slice.trouble.as_ref().unwrap().contains("Type the path"));
        change(&mut state, SliceCommand::Folder("/a/b".to_owned()));
        assert_eq!(state.slice.trouble, None);
        picked(&mut state, Err("no".to_owned()));
        assert!(state.slice.trouble.as_ref().unwrap().contains("No folder dialog"));
        picked(&mut state, Ok(vec![PathBuf::from("/c d")]));
        assert_eq!((state.slice.folder.as_str(), &state.slice.trouble), ("/c d", &None));
    }
}
