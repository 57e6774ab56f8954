//! Names as words.

/// A path or value cut into lower-case words: `parentSpanId` → parent, span, id; `loop_dt_s` → loop, dt, s.
pub fn words(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut previous_lower = false;
    for c in text.chars() {
        if c.is_alphanumeric() {
            if c.is_uppercase() && previous_lower && !word.is_empty() {
                out.push(std::mem::take(&mut word));
            }
            previous_lower = c.is_lowercase() || c.is_numeric();
            word.extend(c.to_lowercase());
        } else {
            previous_lower = false;
            if !word.is_empty() {
                out.push(std::mem::take(&mut word));
            }
        }
    }
    if !word.is_empty() {
        out.push(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_split_at_case_and_signs() {
        assert_eq!(words("parentSpanId"), ["parent", "span", "id"]);
        assert_eq!(words("loop_dt_s"), ["loop", "dt", "s"]);
        assert_eq!(words("TASK_ENQUEUED"), ["task", "enqueued"]);
    }
}
