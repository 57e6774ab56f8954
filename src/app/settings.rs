//! How a person wants to see the window.

use serde::{Deserialize, Serialize};

use super::state::ThemeChoice;

/// The sizes of text that are offered, in percent.
pub const TEXT_SIZES: [u16; 6] = [90, 100, 110, 125, 150, 175];
/// The size of text as it was drawn.
const USUAL: u16 = 100;

/// What a person decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Dark or light.
    pub theme: ThemeChoice,
    /// True for black on white or white on black, with borders that are seen.
    pub high_contrast: bool,
    /// The size of text and everything else, in percent.
    text_size: u16,
    /// True to play in fewer, larger jumps.
    pub reduced_motion: bool,
    /// Whether attention is asked for when a run of a watched folder fails in a new way.
    pub attention: Attention,
    /// True when the tour was shown.
    pub tour_seen: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::default(),
            high_contrast: false,
            text_size: USUAL,
            reduced_motion: false,
            attention: Attention::Never,
            tour_seen: false,
        }
    }
}

/// What the desktop is asked to mark the window for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attention {
    /// Nothing.
    #[default]
    Never,
    /// A run of a watched folder that failed in a way that none has before.
    NewFailures,
}

/// A change of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// Dark or light.
    Theme(ThemeChoice),
    /// The next of dark and light.
    NextTheme,
    /// Switches high contrast on or off.
    HighContrast,
    /// The next larger text.
    Larger,
    /// The next smaller text.
    Smaller,
    /// Text as it was drawn.
    UsualSize,
    /// Switches reduced motion on or off.
    ReducedMotion,
    /// Asks for attention when a run fails in a new way, or does not.
    Attention,
}

impl Settings {
    /// The size of text and everything else, in percent; always one that can be worked with.
    pub fn text_size(&self) -> u16 {
        self.text_size.clamp(TEXT_SIZES[0], TEXT_SIZES[TEXT_SIZES.len() - 1])
    }

    /// Carries out a change.
    pub fn set(&mut self, setting: Setting) {
        let now = self.text_size();
        match setting {
            Setting::Theme(theme) => self.theme = theme,
            Setting::NextTheme => self.theme = self.theme.next(),
            Setting::HighContrast => self.high_contrast ^= true,
            Setting::Larger => self.text_size = TEXT_SIZES.into_iter().find(|size| *size > now).unwrap_or(now),
            Setting::Smaller => self.text_size = TEXT_SIZES.into_iter().rfind(|size| *size < now).unwrap_or(now),
            Setting::UsualSize => self.text_size = USUAL,
            Setting::ReducedMotion => self.reduced_motion ^= true,
            Setting::Attention => {
                self.attention = match self.attention {
                    Attention::Never => Attention::NewFailures,
                    Attention::NewFailures => Attention::Never,
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_goes_through_the_sizes_and_stops_at_both_ends() {
        let mut settings = Settings::default();
        let mut walk = |setting| {
            let mut sizes = vec![settings.text_size()];
            for _ in 0..TEXT_SIZES.len() {
                settings.set(setting);
                sizes.push(settings.text_size());
            }
            sizes.dedup();
            sizes
        };
        assert_eq!(walk(Setting::Larger), TEXT_SIZES[1..]);
        assert!(walk(Setting::Smaller).into_iter().rev().eq(TEXT_SIZES));
        settings.set(Setting::UsualSize);
        assert_eq!(settings, Settings::default());
    }

    #[test]
    fn a_size_that_nobody_can_read_is_not_taken_from_the_file() {
        for (written, read) in [(0, 90), (120, 120), (60_000, 175)] {
            let mut settings: Settings = serde_json::from_str(&format!("{{ \"text_size\": {written} }}")).unwrap();
            assert_eq!(settings.text_size(), read);
            settings.set(Setting::Larger);
            assert!(TEXT_SIZES.contains(&settings.text_size()));
        }
    }
}
