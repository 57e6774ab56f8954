//! The colours, type scale and measures of the window. The only file that makes colours.

use egui::{Color32, FontFamily, FontId, TextStyle, Theme, ThemePreference, Visuals};

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
    dim: hex(0x8f_99a8),
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

/// The light theme.
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
    expected: hex(0x0b_6fb8),
    expected_wash: hex(0xe2_f0fb),
    actual: hex(0xa8_6500),
    actual_wash: hex(0xfb_efd8),
    cause: hex(0xd2_3c12),
    cause_wash: hex(0xfd_e4dc),
    symptom: hex(0xa4_447c),
    ok: hex(0x08_7a5c),
    warn: hex(0x72_6000),
    warn_wash: hex(0xf8_f3d6),
    selection: hex(0xdb_e9f9),
};

/// The colours in force for what `ui` draws.
pub fn tokens(ui: &egui::Ui) -> &'static Tokens {
    if ui.visuals().dark_mode { &DARK } else { &LIGHT }
}

/// Sets both themes' visuals, the type scale and the spacing, once; `preference` says which theme is in force.
pub fn install(ctx: &egui::Context, preference: ThemePreference) {
    for (theme, tokens) in [(Theme::Dark, &DARK), (Theme::Light, &LIGHT)] {
        ctx.style_mut_of(theme, |style| {
            style.visuals = visuals(theme, tokens);
            style.text_styles = [
                (TextStyle::Small, FontId::new(11.0, FontFamily::Proportional)),
                (TextStyle::Body, FontId::new(13.0, FontFamily::Proportional)),
                (TextStyle::Button, FontId::new(13.0, FontFamily::Proportional)),
                (TextStyle::Heading, FontId::new(15.0, FontFamily::Proportional)),
                (TextStyle::Monospace, FontId::new(12.0, FontFamily::Monospace)),
            ]
            .into();
            // A window at rest paints nothing: no fades, no blinking.
            style.animation_time = 0.0;
        });
    }
    ctx.set_theme(preference);
}

fn visuals(theme: Theme, tokens: &Tokens) -> Visuals {
    let mut visuals = theme.default_visuals();
    visuals.panel_fill = tokens.panel;
    visuals.text_cursor.blink = false;
    visuals
}
