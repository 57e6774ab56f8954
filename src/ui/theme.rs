//! The colours, type scale and measures of the window. The only file that makes colours.

use egui::epaint::Shadow;
use egui::style::{ScrollStyle, WidgetVisuals, Widgets};
use egui::{Color32, CornerRadius, FontFamily, FontId, Stroke, TextStyle, Theme, ThemePreference, Visuals};

/// The colours of one theme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokens {
    /// True in the dark theme.
    pub dark: bool,
    /// Canvas of a view.
    pub bg: Color32,
    /// Bars and side panels.
    pub panel: Color32,
    /// Inputs, chips, tooltips.
    pub raised: Color32,
    /// Borders.
    pub line: Color32,
    /// Grid and lines between rows.
    pub line_soft: Color32,
    /// What is read first.
    pub text: Color32,
    /// What is read second; equal events.
    pub dim: Color32,
    /// Decoration and ignored fields; never for what must be read.
    pub faint: Color32,
    /// The expected side.
    pub expected: Color32,
    /// Behind a changed field of the expected side.
    pub expected_wash: Color32,
    /// The actual side.
    pub actual: Color32,
    /// Behind a changed field of the actual side.
    pub actual_wash: Color32,
    /// The cause, the first difference, the verdict `diverged`.
    pub cause: Color32,
    /// Behind the row of the cause.
    pub cause_wash: Color32,
    /// The first symptom.
    pub symptom: Color32,
    /// Equal, equivalent, alive.
    pub ok: Color32,
    /// What asks for attention without being a difference: `incomparable`, warnings, partial input.
    pub warn: Color32,
    /// Behind a warning.
    pub warn_wash: Color32,
    /// Behind what is selected.
    pub selection: Color32,
}

const fn hex(rgb: u32) -> Color32 {
    Color32::from_rgb((rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8)
}

/// The dark theme.
pub static DARK: Tokens = Tokens {
    dark: true,
    bg: hex(0x0f_1217),
    panel: hex(0x14_1820),
    raised: hex(0x1b_2029),
    line: hex(0x26_2d38),
    line_soft: hex(0x1e_242e),
    text: hex(0xdd_e2ea),
    // One step above the drawing: 4.5 on `selection` too.
    dim: hex(0x90_9aa9),
    faint: hex(0x5d_6776),
    expected: hex(0x5c_b3ee),
    expected_wash: hex(0x16_293a),
    actual: hex(0xed_a63a),
    actual_wash: hex(0x33_270f),
    cause: hex(0xff_6a45),
    cause_wash: hex(0x3a_1c15),
    symptom: hex(0xd2_83b0),
    ok: hex(0x35_b392),
    warn: hex(0xe6_d06a),
    warn_wash: hex(0x2b_2816),
    selection: hex(0x22_324a),
};

/// The light theme. Blue, amber and vermilion are a step darker than drawn, so that words in them reach 4.5 on every ground.
pub static LIGHT: Tokens = Tokens {
    dark: false,
    bg: hex(0xf6_f7f9),
    panel: hex(0xff_ffff),
    raised: hex(0xee_f1f5),
    line: hex(0xd8_dde5),
    line_soft: hex(0xe7_ebf0),
    text: hex(0x1c_232e),
    dim: hex(0x5b_6675),
    faint: hex(0x98_a2b0),
    expected: hex(0x0a_69b0),
    expected_wash: hex(0xe2_f0fb),
    actual: hex(0x93_5700),
    actual_wash: hex(0xfb_efd8),
    cause: hex(0xd0_3b11),
    cause_wash: hex(0xfd_e4dc),
    symptom: hex(0xa4_447c),
    ok: hex(0x08_7a5c),
    warn: hex(0x72_6000),
    warn_wash: hex(0xf8_f3d6),
    selection: hex(0xdb_e9f9),
};

/// The dark theme with high contrast: words reach 7 on every ground, borders 3.
pub static HIGH_DARK: Tokens = Tokens {
    dark: true,
    bg: hex(0x00_0000),
    panel: hex(0x05_0608),
    raised: hex(0x14_171c),
    line: hex(0x8a_94a3),
    line_soft: hex(0x4a_5360),
    text: hex(0xff_ffff),
    dim: hex(0xd3_d9e2),
    faint: hex(0xa0_a8b4),
    expected: hex(0x8c_cbff),
    expected_wash: hex(0x0a_2238),
    actual: hex(0xff_c266),
    actual_wash: hex(0x2b_1d00),
    cause: hex(0xff_9a80),
    cause_wash: hex(0x36_120b),
    symptom: hex(0xf2_b2da),
    ok: hex(0x6f_e0c0),
    warn: hex(0xf5_e28a),
    warn_wash: hex(0x24_2008),
    selection: hex(0x1c_3050),
};

/// The light theme with high contrast.
pub static HIGH_LIGHT: Tokens = Tokens {
    dark: false,
    bg: hex(0xff_ffff),
    panel: hex(0xff_ffff),
    raised: hex(0xf2_f4f7),
    line: hex(0x5b_6675),
    line_soft: hex(0xa8_b1be),
    text: hex(0x00_0000),
    dim: hex(0x2b_333f),
    faint: hex(0x5b_6675),
    expected: hex(0x00_4083),
    expected_wash: hex(0xe2_f0fb),
    actual: hex(0x5c_3300),
    actual_wash: hex(0xfd_edd0),
    cause: hex(0x8a_1a00),
    cause_wash: hex(0xff_e6de),
    symptom: hex(0x7a_1f58),
    ok: hex(0x00_503a),
    warn: hex(0x4d_4000),
    warn_wash: hex(0xfb_f3c4),
    selection: hex(0xcf_e2fb),
};

/// The colours of a picture that is exported.
pub const fn of_picture(dark: bool) -> &'static Tokens {
    if dark { &DARK } else { &LIGHT }
}

/// The colours in force for what `ui` draws.
pub fn tokens(ui: &egui::Ui) -> &'static Tokens {
    let visuals = ui.visuals();
    of(if visuals.dark_mode { Theme::Dark } else { Theme::Light }, has_high_contrast(visuals))
}

const fn of(theme: Theme, high_contrast: bool) -> &'static Tokens {
    match (theme, high_contrast) {
        (Theme::Dark, false) => &DARK,
        (Theme::Light, false) => &LIGHT,
        (Theme::Dark, true) => &HIGH_DARK,
        (Theme::Light, true) => &HIGH_LIGHT,
    }
}

/// The toolkit's visuals have no place to say which colours they were made of; the colour of links tells.
fn has_high_contrast(visuals: &Visuals) -> bool {
    [HIGH_DARK.expected, HIGH_LIGHT.expected].contains(&visuals.hyperlink_color)
}

/// Puts high contrast in force or takes it away, from the next frame on, when it is not so already.
pub fn follow_contrast(ctx: &egui::Context, high_contrast: bool) {
    for theme in [Theme::Dark, Theme::Light] {
        if has_high_contrast(&ctx.style_of(theme).visuals) != high_contrast {
            ctx.style_mut_of(theme, |style| style.visuals = visuals(theme, of(theme, high_contrast)));
            ctx.request_repaint();
        }
    }
}

/// The colours that tell fingerprints apart, in the dark themes and in the light ones. Eight that colour-blind eyes tell apart
/// best (after Paul Tol's muted scheme); the letters beside them say the rest.
const FINGERPRINTS: [[Color32; 8]; 2] = [
    [
        hex(0x88_ccee),
        hex(0xdd_cc77),
        hex(0xe0_7a8c),
        hex(0x44_bb9f),
        hex(0xb9_8ce0),
        hex(0xb8_b84a),
        hex(0xee_8866),
        hex(0xff_aabb),
    ],
    [
        hex(0x33_2288),
        hex(0x11_7733),
        hex(0x88_2255),
        hex(0x00_77aa),
        hex(0x6b_6b1f),
        hex(0xaa_4499),
        hex(0xb0_4a12),
        hex(0x22_5555),
    ],
];

/// The colour of a fingerprint: the same wherever it is seen.
pub const fn fingerprint(number: u64, t: &Tokens) -> Color32 {
    FINGERPRINTS[if t.dark { 0 } else { 1 }][(number % 8) as usize]
}

/// A colour `share` of the way from one to another.
pub fn mix(from: Color32, to: Color32, share: f32) -> Color32 {
    from.lerp_to_gamma(to, share)
}

/// A colour that lets `1 - share` of what is below it through.
pub fn veil(colour: Color32, share: f32) -> Color32 {
    colour.gamma_multiply(share)
}

/// The type scale, in points.
pub mod size {
    /// Captions, indexes, keys.
    pub const SMALL: f32 = 11.0;
    /// Data and secondary words.
    pub const LABEL: f32 = 12.0;
    /// Words.
    pub const BODY: f32 = 13.0;
    /// What a region is about.
    pub const STRONG: f32 = 14.0;
    /// The most important line of a region.
    pub const TITLE: f32 = 15.0;
}

/// Sets both themes' visuals, the type scale and the spacing, once; `preference` says which theme is in force.
pub fn install(ctx: &egui::Context, preference: ThemePreference) {
    for (theme, tokens) in [(Theme::Dark, &DARK), (Theme::Light, &LIGHT)] {
        ctx.style_mut_of(theme, |style| {
            style.visuals = visuals(theme, tokens);
            style.text_styles = [
                (TextStyle::Small, FontId::new(size::SMALL, FontFamily::Proportional)),
                (TextStyle::Body, FontId::new(size::BODY, FontFamily::Proportional)),
                (TextStyle::Button, FontId::new(size::BODY, FontFamily::Proportional)),
                (TextStyle::Heading, FontId::new(size::TITLE, FontFamily::Proportional)),
                (TextStyle::Monospace, FontId::new(size::LABEL, FontFamily::Monospace)),
            ]
            .into();
            let spacing = &mut style.spacing;
            spacing.item_spacing = egui::vec2(8.0, 4.0);
            spacing.button_padding = egui::vec2(8.0, 4.0);
            spacing.menu_margin = egui::Margin::same(4);
            spacing.window_margin = egui::Margin::same(16);
            spacing.interact_size = egui::vec2(24.0, 24.0);
            spacing.tooltip_width = 480.0;
            spacing.scroll = ScrollStyle { bar_width: 8.0, ..ScrollStyle::thin() };
            // A window at rest paints nothing: no fades, no blinking, no gliding.
            style.animation_time = 0.0;
            style.scroll_animation = egui::style::ScrollAnimation::none();
            style.interaction.tooltip_delay = 0.3;
        });
    }
    ctx.set_theme(preference);
}

fn visuals(theme: Theme, tokens: &Tokens) -> Visuals {
    let mut visuals = theme.default_visuals();
    visuals.override_text_color = None;
    visuals.weak_text_color = Some(tokens.dim);
    visuals.hyperlink_color = tokens.expected;
    visuals.faint_bg_color = tokens.line_soft;
    visuals.extreme_bg_color = tokens.raised;
    visuals.text_edit_bg_color = Some(tokens.raised);
    visuals.code_bg_color = tokens.raised;
    visuals.warn_fg_color = tokens.warn;
    visuals.error_fg_color = tokens.cause;
    visuals.panel_fill = tokens.panel;
    visuals.window_fill = tokens.panel;
    visuals.window_stroke = Stroke::new(1.0, tokens.line);
    visuals.window_shadow = Shadow::NONE;
    visuals.popup_shadow = Shadow::NONE;
    visuals.window_corner_radius = CornerRadius::same(8);
    visuals.menu_corner_radius = CornerRadius::same(6);
    visuals.selection.bg_fill = tokens.selection;
    visuals.selection.stroke = Stroke::new(1.0, tokens.text);
    visuals.text_cursor.blink = false;
    visuals.text_cursor.stroke = Stroke::new(1.5, tokens.text);
    visuals.disabled_alpha = 0.6;
    let look = |fill: Color32, border: Color32, words: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, border),
        corner_radius: CornerRadius::same(6),
        fg_stroke: Stroke::new(1.0, words),
        expansion: 0.0,
    };
    visuals.widgets = Widgets {
        noninteractive: look(tokens.panel, tokens.line, tokens.text),
        inactive: look(tokens.raised, tokens.line, tokens.text),
        hovered: look(tokens.selection, tokens.line, tokens.text),
        active: look(tokens.selection, tokens.expected, tokens.text),
        open: look(tokens.selection, tokens.line, tokens.text),
    };
    visuals
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(colour: Color32) -> f64 {
        let linear = |byte: u8| {
            let c = f64::from(byte) / 255.0;
            if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(colour.r()) + 0.7152 * linear(colour.g()) + 0.0722 * linear(colour.b())
    }

    fn contrast(a: Color32, b: Color32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn what_must_be_read_can_be_read() {
        for (t, least) in [(&DARK, 4.5), (&LIGHT, 4.5), (&HIGH_DARK, 7.0), (&HIGH_LIGHT, 7.0)] {
            let grounds = [("bg", t.bg), ("panel", t.panel), ("raised", t.raised), ("selection", t.selection)];
            let words = [("text", t.text), ("dim", t.dim), ("expected", t.expected), ("actual", t.actual)];
            let mut pairs: Vec<(String, Color32, Color32)> = Vec::new();
            for (ground, below) in grounds {
                for (word, above) in words {
                    pairs.push((format!("{word} on {ground}"), above, below));
                }
            }
            for (word, above) in [("cause", t.cause), ("symptom", t.symptom), ("ok", t.ok), ("warn", t.warn)] {
                pairs.push((format!("{word} on panel"), above, t.panel));
                pairs.push((format!("{word} on bg"), above, t.bg));
            }
            let washes = [
                ("expected wash", t.expected_wash),
                ("actual wash", t.actual_wash),
                ("cause wash", t.cause_wash),
                ("warn wash", t.warn_wash),
            ];
            for (wash, below) in washes {
                pairs.push((format!("text on {wash}"), t.text, below));
            }
            pairs.push(("expected on its wash".to_owned(), t.expected, t.expected_wash));
            pairs.push(("actual on its wash".to_owned(), t.actual, t.actual_wash));
            pairs.push(("dim on cause wash".to_owned(), t.dim, t.cause_wash));
            pairs.push(("expected on cause wash".to_owned(), t.expected, t.cause_wash));
            pairs.push(("actual on cause wash".to_owned(), t.actual, t.cause_wash));
            pairs.push(("warn on its wash".to_owned(), t.warn, t.warn_wash));
            let weak: Vec<String> = pairs
                .iter()
                .filter(|(_, a, b)| contrast(*a, *b) < least)
                .map(|(name, a, b)| format!("{name}: {:.2}", contrast(*a, *b)))
                .collect();
            assert!(weak.is_empty(), "dark {}, {least}: {weak:#?}", t.dark);
        }
    }

    #[test]
    fn marks_stand_out_from_their_ground() {
        for t in [&DARK, &LIGHT, &HIGH_DARK, &HIGH_LIGHT] {
            let marks = [
                ("expected", t.expected),
                ("actual", t.actual),
                ("cause", t.cause),
                ("symptom", t.symptom),
                ("ok", t.ok),
            ];
            let fingerprints = (0..8).map(|number| ("fingerprint", fingerprint(number, t)));
            for (name, mark) in marks.into_iter().chain(fingerprints) {
                for ground in [t.bg, t.panel, t.cause_wash, t.selection] {
                    assert!(contrast(mark, ground) >= 3.0, "{name} on {ground:?}: {:.2}", contrast(mark, ground));
                }
            }
        }
    }

    #[test]
    fn high_contrast_has_borders_that_are_seen() {
        for t in [&HIGH_DARK, &HIGH_LIGHT] {
            for ground in [t.bg, t.panel, t.raised] {
                assert!(contrast(t.line, ground) >= 3.0, "{ground:?}: {:.2}", contrast(t.line, ground));
            }
        }
    }

    #[test]
    fn high_contrast_comes_and_goes_in_both_themes() {
        let ctx = egui::Context::default();
        install(&ctx, ThemePreference::Dark);
        for high in [true, false] {
            follow_contrast(&ctx, high);
            for theme in [Theme::Dark, Theme::Light] {
                let visuals = &ctx.style_of(theme).visuals;
                assert_eq!(visuals.panel_fill, of(theme, high).panel);
                assert_eq!(has_high_contrast(visuals), high);
            }
        }
    }

    #[test]
    fn a_window_at_rest_paints_nothing() {
        let ctx = egui::Context::default();
        install(&ctx, ThemePreference::Dark);
        for theme in [Theme::Dark, Theme::Light] {
            let style = ctx.style_of(theme);
            assert!(!style.visuals.text_cursor.blink);
            assert!(style.animation_time.abs() < f32::EPSILON);
        }
    }
}
