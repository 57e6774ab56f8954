//! JSON that is cut off in its middle, without the record that is not whole.

/// The lists whose objects are the records of telemetry. Others, such as that of a span's attributes, stand in one of these.
const RECORDS: [&[u8]; 3] = [b"spans", b"logRecords", b"metrics"];

/// A list or an object that is not closed.
struct Open {
    object: bool,
    /// The objects in it are records.
    records: bool,
}

/// Of one cut-off document what stands up to the last end of a list or an object that is no part of a record, with everything
/// closed behind it; `None` where nothing ends.
pub fn mended(torn: &[u8]) -> Option<Vec<u8>> {
    let mut open: Vec<Open> = Vec::new();
    let mut name: &[u8] = b"";
    let mut kept: Option<(usize, Vec<bool>)> = None;
    let mut at = 0;
    while let Some(&byte) = torn.get(at) {
        match byte {
            b'"' => {
                let Some(end) = string_end(torn, at + 1) else { break };
                name = &torn[at + 1..end];
                at = end;
            }
            b'{' => open.push(Open { object: true, records: false }),
            b'[' => {
                let records = RECORDS.contains(&name) && !open.iter().any(|open| open.records);
                open.push(Open { object: false, records });
            }
            b'}' | b']' => {
                open.pop();
                let within = open.len().checked_sub(1).is_some_and(|last| open[..last].iter().any(|open| open.records));
                if !open.is_empty() && !within {
                    kept = Some((at + 1, open.iter().map(|open| open.object).collect()));
                }
            }
            b',' => name = b"",
            _ => {}
        }
        at += 1;
    }
    let (end, open) = kept?;
    let closing = open.iter().rev().map(|&object| if object { b'}' } else { b']' });
    Some(torn[..end].iter().copied().chain(closing).collect())
}

/// Where the quote is that ends a string, unless the string is cut off.
fn string_end(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += memchr::memchr2(b'"', b'\\', text.get(at..)?)?;
        if text[at] == b'"' {
            return Some(at);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cut_keeps_the_records_that_are_whole() {
        let whole = r#"{"data":[{"traceID":"t","spans":[{"id":"a","tags":[{"key":"}]\""}]},{"id":"b","tags":[]}],"processes":{"p":{}}}]}"#;
        let first = whole.find("}]},").unwrap() + 3;
        let second = whole.find(r#""tags":[]}"#).unwrap() + 10;
        for end in 0..whole.len() {
            let kept = mended(&whole.as_bytes()[..end]);
            let spans = kept.map(|text| {
                let value: serde_json::Value = serde_json::from_slice(&text).unwrap();
                value["data"][0]["spans"].as_array().unwrap().len()
            });
            let known = match end {
                end if end < first => None,
                end if end < second => Some(1),
                _ => Some(2),
            };
            assert_eq!(spans, known, "{}", &whole[..end]);
        }
        let names = mended(&whole.as_bytes()[..whole.len() - 4]).unwrap();
        assert_eq!(names, whole.as_bytes(), "what names the services is kept where it is there");
    }

    #[test]
    fn what_is_whole_before_a_torn_record_is_whole() {
        let two = br#"{"data":[{"spans":[{"a":[]}],"processes":{"p":{"x":1}}},{"spans":[{"a":[{}]"#;
        assert_eq!(mended(two).unwrap(), br#"{"data":[{"spans":[{"a":[]}],"processes":{"p":{"x":1}}}]}"#);
        for none in ["", "{", r#"{"a":"#, r#"{"spans":[{"links":[{}]"#, r#"[{"a":""#] {
            assert_eq!(mended(none.as_bytes()), None, "{none}");
        }
    }
}
