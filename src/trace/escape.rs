//! Trace text is data: what could move a cursor, turn a line around or hide is shown as an escape.

use std::borrow::Cow;

/// `text` with every character that a terminal or a text engine would obey (controls, bidi marks, line separators) or
/// hide (zero-width marks) written out as `\n`, `\t`, `\r` or `\u{…}`. Everything else stays, a backslash included.
pub fn escape(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find(unsafe_to_show) else { return Cow::Borrowed(text) };
    let mut shown = String::with_capacity(text.len() + 8);
    shown.push_str(&text[..first]);
    for c in text[first..].chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\t' => shown.push_str("\\t"),
            '\r' => shown.push_str("\\r"),
            c if unsafe_to_show(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// True for characters that are obeyed or hidden rather than shown.
fn unsafe_to_show(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_borrowed_as_it_is() {
        for text in ["", "task 1 → queue 0", "日本語 é \\ \" '", "C:\\new\\table"] {
            assert!(matches!(escape(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn controls_are_written_out() {
        assert_eq!(escape("a\nb\tc\r\u{1b}[31mred\u{7f}\u{0}"), "a\\nb\\tc\\r\\u{1b}[31mred\\u{7f}\\u{0}");
        assert_eq!(escape("\u{85}\u{9b}2J"), "\\u{85}\\u{9b}2J");
    }

    #[test]
    fn bidi_and_zero_width_marks_are_written_out() {
        let marks = "\u{61c}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\
                     \u{2060}\u{2066}\u{2067}\u{2068}\u{2069}\u{feff}";
        let shown = escape(marks);
        assert!(shown.is_ascii(), "{shown}");
        assert_eq!(shown.matches("\\u{").count(), marks.chars().count());
        assert_eq!(escape("ok\u{202e}txt"), "ok\\u{202e}txt");
    }
}
