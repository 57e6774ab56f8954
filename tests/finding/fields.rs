//! Fields, however they are spelled: what is looked for in the bytes first finds what reading every field finds.

use dettrace::analyse::Detail;
use dettrace::query::{Number, Pattern, Query, Test, parse};
use dettrace::trace::Value;
use proptest::prelude::*;

use super::{in_memory, plain, rows_of};

/// JSON of a value, with some of its text written as escapes.
fn spelled(text: &str, escaped: bool) -> String {
    if !escaped {
        return serde_json::Value::from(text).to_string();
    }
    let mut units = [0; 2];
    let all = text.chars().flat_map(|c| c.encode_utf16(&mut units).to_vec());
    let written: Vec<String> = all.map(|unit| format!("\\u{unit:04x}")).collect();
    format!("\"{}\"", written.concat())
}

/// Texts that are values, or asked for.
const TEXTS: [&str; 17] = [
    "20", "20.0", "2e1", "a", "A b", "true", "null", "café", "CAFÉ", "x,y", "q\"q", "1.2.3", "-x", "[20]", "\u{212a}",
    "k", "",
];

/// Values that are no texts, one a line.
const BARE: &str = r#"20
20.0
2e1
2E+1
0.2e2
200e-1
-20
0
-0.0
1e400
123456789012345678901
1.5
true
false
null
[20]
[ 20 ]
{}
{"v":20}
{ "a" : { "v" : "a" } }"#;

/// What else is asked of a field.
const OTHERS: [&str; 11] =
    ["v:0", "v:-20", "v:1.50", "v:>19.9", "v:0..20", "v:<0", "v:2*", "v:/^A/", "v:false", "v:{}", "v:1e400"];

/// A value as a record may spell it.
fn value() -> impl Strategy<Value = String> {
    let text = (prop::sample::select(&TEXTS[..]), any::<bool>()).prop_map(|(text, escaped)| spelled(text, escaped));
    prop_oneof![prop::sample::select(BARE.lines().collect::<Vec<_>>()).prop_map(str::to_owned), text]
}

/// A record with a few fields, some of them of the same name.
fn record() -> impl Strategy<Value = String> {
    let name = (prop::sample::select(&["v", "V", "xv", "a.v", "v:20", "a"][..]), any::<bool>());
    let name = name.prop_map(|(name, escaped)| spelled(name, escaped));
    let member = (name, prop::sample::select(&[":", " : ", ":\t"][..]), value());
    let member = member.prop_map(|(name, colon, value)| format!(", {name}{colon}{value}"));
    prop::collection::vec(member, 0..4).prop_map(|members| format!("{{\"type\":\"m\"{}}}", members.concat()))
}

/// What is asked of a field: its path and its value.
fn asked() -> impl Strategy<Value = (String, Pattern)> {
    let texts = prop::sample::select(&TEXTS[..]).prop_map(|text| Pattern::Equal(text.to_owned()));
    let others = prop::sample::select(&OTHERS[..]).prop_map(|text| match parse(text) {
        Ok(Some(Query::Test(Test::Field(_, pattern)))) => pattern,
        other => panic!("{text}: {other:?}"),
    });
    (
        prop::sample::select(&["v", "V", "a.v", "v.a.v", "a", "none"][..]).prop_map(str::to_owned),
        prop_oneof![texts, others],
    )
}

/// True when a field of an event answers, by all of its fields one after another.
fn answers(detail: &Detail, path: &str, pattern: &Pattern) -> bool {
    let (end, wanted) = (format!(".{}", path.to_lowercase()), path.to_lowercase());
    let there = detail.fields.iter().filter(|field| {
        let path = field.path.to_lowercase();
        path == wanted || path.ends_with(&end)
    });
    let read = |text: &str| Number::read(text).filter(|number| number.unit().is_none()).map(|number| number.value());
    // What is asked in ASCII is found in ASCII.
    let alike = |value: &str, text: &str| {
        let text = text.to_lowercase();
        if text.is_ascii() { value.eq_ignore_ascii_case(&text) } else { value.to_lowercase() == text }
    };
    there.into_iter().any(|field| match (pattern, &field.value) {
        (Pattern::Equal(text), Value::Number(value)) => match read(text) {
            Some(number) => (value.parse::<f64>().unwrap() - number).abs() <= 0.0,
            None => alike(value, text),
        },
        (Pattern::Equal(text), value) => alike(value.plain(), text),
        (Pattern::Within(range), Value::Number(value)) => range.holds(value.parse().unwrap(), Number::value),
        (Pattern::Within(range), Value::Text(value)) => {
            read(value).is_some_and(|value| range.holds(value, Number::value))
        }
        (_, Value::Null) | (Pattern::Within(_), _) => false,
        (Pattern::Glob(_), value) => value.plain().starts_with('2'),
        (Pattern::Expression(_), value) => value.plain().starts_with('A'),
    })
}

proptest! {
    #[test]
    fn a_look_at_the_bytes_finds_what_reading_every_field_finds(
        records in prop::collection::vec(record(), 1..24),
        asked in prop::collection::vec(asked(), 8),
    ) {
        let text = records.join("\n");
        let analysis = in_memory(&text, &text);
        let field = |(path, pattern): &(String, Pattern)| Query::Test(Test::Field(path.clone(), pattern.clone()));
        for pair in asked.windows(2) {
            let [one, two] = pair else { continue };
            let fits = |detail: &Detail, of: &(String, Pattern)| answers(detail, &of.0, &of.1);
            let found = |query: Query, expected: Vec<u32>| (rows_of(&analysis, &query), expected, query.to_string());
            for (found, expected, query) in [
                found(field(one), plain(&analysis, |d, _| fits(d, one))),
                found(field(one).not(), plain(&analysis, |d, _| !fits(d, one))),
                found(field(one).and(field(two)), plain(&analysis, |d, _| fits(d, one) && fits(d, two))),
                found(Query::Any(vec![field(one), field(two)]), plain(&analysis, |d, _| fits(d, one) || fits(d, two))),
            ] {
                prop_assert_eq!(found, expected, "{} in\n{}", query, text);
            }
        }
    }
}
