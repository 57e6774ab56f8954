//! Patterns with `*` (any text) and `?` (any one character), whole, upper and lower case alike.

/// True when `pattern` fits the whole of `text`.
pub fn fits(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().flat_map(char::to_lowercase).collect();
    let text: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
    let (mut p, mut t) = (0, 0);
    // Where the last star stands, and how much of the text it has taken.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(&c) if c == '?' || c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((at, taken)) = star else { return false };
                star = Some((at, taken + 1));
                p = at + 1;
                t = taken + 1;
            }
        }
    }
    pattern[p..].iter().all(|&c| c == '*')
}

/// True when it holds a character that stands for others.
pub fn is_glob(text: &str) -> bool {
    text.contains(['*', '?'])
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn stars_and_question_marks_stand_for_others() {
        for (pattern, text) in
            [("queue:*", "queue:0"), ("*", ""), ("*end*", "SEND"), ("?a*b", "Xaab"), ("a*b*c", "abbcbc"), ("Ä*", "äb")]
        {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("queue:*", "queue"), ("", "a"), ("?", ""), ("a*b", "abc"), ("send", "sender")] {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }
}
