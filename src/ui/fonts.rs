//! The fonts: `Inter` for words, `JetBrains Mono` for data, our own symbols for the marks that neither has.

use std::sync::Arc;

use egui::{FontData, FontDefinitions, FontFamily, FontId};

/// The name of the family of medium weight, for words.
pub const MEDIUM: &str = "medium";
/// The name of the family of half bold weight, for words.
pub const SEMIBOLD: &str = "semibold";
/// The name of the family of medium weight, for data.
pub const MONO_MEDIUM: &str = "mono-medium";

const FILES: [(&str, &[u8]); 6] = [
    ("Inter-Regular", include_bytes!("../../assets/fonts/Inter-Regular.otf")),
    ("Inter-Medium", include_bytes!("../../assets/fonts/Inter-Medium.otf")),
    ("Inter-SemiBold", include_bytes!("../../assets/fonts/Inter-SemiBold.otf")),
    ("JetBrainsMono-Regular", include_bytes!("../../assets/fonts/JetBrainsMono-Regular.ttf")),
    ("JetBrainsMono-Medium", include_bytes!("../../assets/fonts/JetBrainsMono-Medium.ttf")),
    ("DetTraceSymbols", include_bytes!("../../assets/fonts/DetTraceSymbols.ttf")),
];

/// Every symbol that the window writes as text. Each has a glyph in every family; a test holds that.
pub const SYMBOLS: &str = "◆◇●○▲▼▶◀▴▾▸◂⏮⏭⏸⚑≠−+⇅⇄⧉◷→←↔↑↓…·±≡✔✖⌘⌕⚠×–—“”‘’•⊘☰";

/// Words of medium weight.
pub fn medium(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(MEDIUM.into()))
}

/// Words of half bold weight.
pub fn semibold(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(SEMIBOLD.into()))
}

/// Data of medium weight.
pub fn mono_medium(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(MONO_MEDIUM.into()))
}

/// Installs the fonts and their families. The same text looks the same on every machine: no system font is asked.
pub fn install(ctx: &egui::Context) {
    let mut fonts = FontDefinitions::default();
    for (name, bytes) in FILES {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    let words = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    let data = fonts.families.get(&FontFamily::Monospace).cloned().unwrap_or_default();
    for (family, first, rest) in [
        (FontFamily::Proportional, "Inter-Regular", &words),
        (FontFamily::Name(MEDIUM.into()), "Inter-Medium", &words),
        (FontFamily::Name(SEMIBOLD.into()), "Inter-SemiBold", &words),
        (FontFamily::Monospace, "JetBrainsMono-Regular", &data),
        (FontFamily::Name(MONO_MEDIUM.into()), "JetBrainsMono-Medium", &data),
    ] {
        // Hack comes last for words too: it has the arrows and shapes that the defaults for words lack.
        let chain = [first, "DetTraceSymbols"].into_iter().chain(rest.iter().map(String::as_str)).chain(["Hack"]);
        let mut names: Vec<String> = Vec::new();
        for name in chain {
            if !names.iter().any(|n| n == name) {
                names.push(name.to_owned());
            }
        }
        fonts.families.insert(family, names);
    }
    ctx.set_fonts(fonts);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn families() -> [FontId; 5] {
        [FontId::proportional(13.0), FontId::monospace(13.0), medium(13.0), semibold(13.0), mono_medium(13.0)]
    }

    fn in_a_pass(check: impl Fn(&egui::Context)) {
        let ctx = egui::Context::default();
        install(&ctx);
        let mut output = ctx.run_ui(egui::RawInput::default(), |ui| check(ui.ctx()));
        output.textures_delta.clear();
    }

    #[test]
    fn every_symbol_has_a_glyph_in_every_family() {
        in_a_pass(|ctx| {
            for font in families() {
                let boxes: String = ctx.fonts_mut(|f| SYMBOLS.chars().filter(|&c| !f.has_glyph(&font, c)).collect());
                assert_eq!(boxes, "", "boxes in {:?}", font.family);
            }
        });
    }

    #[test]
    fn words_in_latin_greek_and_cyrillic_are_no_boxes() {
        in_a_pass(|ctx| {
            for font in families() {
                for word in ["Straße, niño, Łódź, œuvre", "Ωμέγα", "ошибка"] {
                    assert!(ctx.fonts_mut(|f| f.has_glyphs(&font, word)), "{word} in {:?}", font.family);
                }
            }
        });
    }

    #[test]
    fn digits_are_as_wide_as_each_other() {
        in_a_pass(|ctx| {
            for font in families() {
                let width = |c| ctx.fonts_mut(|f| f.glyph_width(&font, c));
                assert!("0123456789".chars().all(|c| (width(c) - width('1')).abs() < 0.02), "{:?}", font.family);
            }
        });
    }

    #[test]
    fn a_trace_is_shown_as_it_was_recorded() {
        // An arrow ligature would make `->` one glyph, narrower or wider than its two characters.
        in_a_pass(|ctx| {
            for font in families() {
                let width = |text: &str| {
                    let ink = egui::Color32::PLACEHOLDER;
                    ctx.fonts_mut(|f| f.layout_no_wrap(text.to_owned(), font.clone(), ink).rows[0].glyphs.len())
                };
                assert_eq!((width("->"), width("!="), width("fi")), (2, 2, 2), "{:?}", font.family);
            }
        });
    }
}
