//! What survives a restart: settings, and where the person was.

use serde::{Deserialize, Serialize};

use super::folders::Folders;
use super::layout::Layout;
use super::recents::Recents;
use super::settings::Settings;
use super::state::{Request, State};
use super::store;
use super::tabs::{KeptTab, Tabs};
use super::working::Workings;

/// The file of settings.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct SettingsFile {
    #[serde(flatten)]
    settings: Settings,
    /// What this version does not know, for the one that wrote it.
    #[serde(flatten)]
    unknown: serde_json::Map<String, serde_json::Value>,
}

/// Where the window was.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Placement {
    /// Left and top edge, where the system tells.
    pub position: Option<[f32; 2]>,
    /// Width and height.
    pub size: [f32; 2],
    /// True when it filled the screen.
    pub maximized: bool,
}

/// Where the person was.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    /// Where the window was.
    pub window: Option<Placement>,
    /// The name of the last crash note that was told.
    pub crash_told: String,
    recents: Recents,
    /// What was open, in the order of the tabs. Files from before there were tabs have none.
    tabs: Vec<KeptTab>,
    /// The place of the tab in front.
    front: usize,
    path_field: String,
    search: Option<(Request, String)>,
    /// The panes, where they are not as usual.
    #[serde(skip_serializing_if = "Option::is_none")]
    layout: Option<serde_json::Value>,
    working: Workings,
    /// What the file of settings holds beside the settings.
    #[serde(skip)]
    unknown: serde_json::Map<String, serde_json::Value>,
}

impl Session {
    /// Reads settings and session into a fresh state. What was wrong with the files is said.
    pub fn restore(folders: &Folders, state: &mut State) -> Self {
        let (settings, trouble) = store::read::<SettingsFile>(&folders.config.join("settings.json"));
        let (mut session, more) = store::read::<Self>(&folders.state.join("session.json"));
        for text in [trouble, more].into_iter().flatten() {
            state.messages.say(super::message::Level::Warning, text, None);
        }
        state.settings = settings.settings;
        session.unknown = settings.unknown;
        // The store writes its own.
        session.unknown.remove("version");
        state.recents = std::mem::take(&mut session.recents);
        state.recents.look();
        state.path_field = std::mem::take(&mut session.path_field);
        state.last_search = session.search.take();
        state.workings = std::mem::take(&mut session.working);
        state.tabs = Tabs::waiting(std::mem::take(&mut session.tabs), session.front);
        if let Some(saved) = session.layout.take() {
            match Layout::from_saved(saved) {
                Ok(layout) => state.layout = layout,
                Err(why) => {
                    let text = format!(
                        "The layout of the panes that was kept makes no sense: {why}. The usual layout is shown."
                    );
                    state.messages.say(super::message::Level::Warning, text, None);
                }
            }
        }
        session
    }

    /// Writes settings and session.
    ///
    /// # Errors
    /// When a file cannot be written, as a sentence.
    pub fn keep(&mut self, folders: &Folders, state: &State) -> Result<(), String> {
        self.recents = state.recents.clone();
        self.path_field.clone_from(&state.path_field);
        self.search.clone_from(&state.last_search);
        self.working.clone_from(&state.workings);
        (self.tabs, self.front) = (state.tabs.kept(), state.tabs.front_place());
        self.layout = state.layout.saved();
        let settings = SettingsFile { settings: state.settings, unknown: self.unknown.clone() };
        store::write(&folders.config.join("settings.json"), &settings)?;
        store::write(&folders.state.join("session.json"), self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::recents::Recent;
    use crate::app::settings::Setting;
    use crate::app::state::ThemeChoice;

    #[test]
    fn theme_recents_and_typed_text_survive() {
        let home = tempfile::tempdir().unwrap();
        let folders = Folders::inside(home.path());
        let mut state = State::default();
        let mut session = Session::restore(&folders, &mut state);
        assert_eq!(state.messages.all().count(), 0, "a first start says nothing");
        state.settings.set(Setting::Theme(ThemeChoice::Light));
        state.settings.set(Setting::Larger);
        state.path_field = "/tmp/half typed".to_owned();
        let request = Request::paths([home.path().to_path_buf()]);
        state.recents.remember(Recent {
            title: "race".to_owned(),
            verdict: "diverged".to_owned(),
            request,
            missing: None,
        });
        session.window = Some(Placement { position: Some([10.0, 20.0]), size: [900.0, 700.0], maximized: false });
        session.keep(&folders, &state).unwrap();

        let mut after = State::default();
        let again = Session::restore(&folders, &mut after);
        assert_eq!((after.settings, after.path_field.as_str()), (state.settings, "/tmp/half typed"));
        assert_eq!((after.settings.theme, after.settings.text_size()), (ThemeChoice::Light, 110));
        assert_eq!(after.recents, state.recents);
        assert_eq!(again.window, session.window);
    }

    #[test]
    fn settings_of_another_version_stay_in_the_file() {
        let home = tempfile::tempdir().unwrap();
        let folders = Folders::inside(home.path());
        std::fs::create_dir_all(&folders.config).unwrap();
        let file = folders.config.join("settings.json");
        std::fs::write(&file, r#"{ "version": 1, "theme": "dark", "wallpaper": { "of": "cats" } }"#).unwrap();
        let mut state = State::default();
        let mut session = Session::restore(&folders, &mut state);
        assert_eq!(state.messages.all().count(), 0);
        state.settings.set(Setting::HighContrast);
        session.keep(&folders, &state).unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&json["theme"], &json["high_contrast"]), (&"dark".into(), &true.into()), "{text}");
        assert_eq!(json["wallpaper"]["of"], "cats", "{text}");
        assert_eq!(text.matches("version").count(), 1, "{text}");
    }

    #[test]
    fn a_session_from_before_there_were_tabs_is_read() {
        let home = tempfile::tempdir().unwrap();
        let folders = Folders::inside(home.path());
        std::fs::create_dir_all(&folders.state).unwrap();
        let old =
            r#"{ "version": 1, "recents": [], "path_field": "/tmp/x", "search": [{ "paths": ["/a"] }, "task 4"] }"#;
        std::fs::write(folders.state.join("session.json"), old).unwrap();
        let mut state = State::default();
        Session::restore(&folders, &mut state);
        assert_eq!((state.messages.all().count(), state.path_field.as_str()), (0, "/tmp/x"));
        assert!(state.tabs.len() == 1 && state.front().is_home());
        assert_eq!(state.last_search.map(|(_, query)| query).as_deref(), Some("task 4"));
    }

    #[test]
    fn a_damaged_session_is_said_in_the_window() {
        let home = tempfile::tempdir().unwrap();
        let folders = Folders::inside(home.path());
        std::fs::create_dir_all(&folders.state).unwrap();
        std::fs::write(folders.state.join("session.json"), "][").unwrap();
        let mut state = State::default();
        Session::restore(&folders, &mut state);
        let said = state.messages.standing().next().unwrap().text.clone();
        assert!(said.contains("session.json is damaged") && said.contains(".damaged"), "{said}");
    }
}
