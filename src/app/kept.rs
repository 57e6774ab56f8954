//! What survives a restart: settings, and where the person was.

use serde::{Deserialize, Serialize};

use super::folders::Folders;
use super::recents::Recents;
use super::state::{Request, State, ThemeChoice};
use super::store;

/// What a person decided.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Settings {
    theme: ThemeChoice,
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
    path_field: String,
    search: Option<(Request, String)>,
}

impl Session {
    /// Reads settings and session into a fresh state. What was wrong with the files is said.
    pub fn restore(folders: &Folders, state: &mut State) -> Self {
        let (settings, trouble) = store::read::<Settings>(&folders.config.join("settings.json"));
        let (mut session, more) = store::read::<Self>(&folders.state.join("session.json"));
        for text in [trouble, more].into_iter().flatten() {
            state.messages.say(super::message::Level::Warning, text, None);
        }
        state.theme = settings.theme;
        state.recents = std::mem::take(&mut session.recents);
        state.recents.look();
        state.path_field = std::mem::take(&mut session.path_field);
        state.last_search = session.search.take();
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
        store::write(&folders.config.join("settings.json"), &Settings { theme: state.theme })?;
        store::write(&folders.state.join("session.json"), self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::recents::Recent;

    #[test]
    fn theme_recents_and_typed_text_survive() {
        let home = tempfile::tempdir().unwrap();
        let folders = Folders::inside(home.path());
        let mut state = State::default();
        let mut session = Session::restore(&folders, &mut state);
        assert_eq!(state.messages.all().count(), 0, "a first start says nothing");
        state.theme = ThemeChoice::Light;
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
        assert_eq!((after.theme, after.path_field.as_str()), (ThemeChoice::Light, "/tmp/half typed"));
        assert_eq!(after.recents, state.recents);
        assert_eq!(again.window, session.window);
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
