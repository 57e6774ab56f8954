//! The language as a whole: what is read, what is refused and where, and that printing reads back.

use proptest::prelude::*;

use super::*;
use crate::compare::RowClass;
use crate::trace::Side;

fn read(text: &str) -> Query {
    match parse(text) {
        Ok(Some(query)) => query,
        other => panic!("{text:?}: {other:?}"),
    }
}

fn text(text: &str) -> Query {
    Query::Test(Test::Text(text.to_owned()))
}

#[test]
fn words_phrases_and_expressions_are_told_apart() {
    assert_eq!(parse(""), Ok(None));
    assert_eq!(parse(" \t"), Ok(None));
    assert_eq!(read("a b"), Query::All(vec![text("a"), text("b")]));
    assert_eq!(read(r#""a \"b\" \\ \n""#), text(r#"a "b" \ \n"#));
    assert_eq!(read(r"/a\/b c/"), Query::Test(Test::Expression(r"a\/b c".to_owned())));
    assert_eq!(read(":8080"), text(":8080"));
    assert_eq!(read("-a"), Query::Not(Box::new(text("a"))));
    assert_eq!(read(&format!("{}a", "-".repeat(35))), read("-a"), "printing nests no deeper than it was typed");
    assert_eq!(read("a-b"), text("a-b"));
    assert_eq!(read("a b or c"), Query::Any(vec![Query::All(vec![text("a"), text("b")]), text("c")]));
    assert_eq!(read("a (b OR c)"), Query::All(vec![text("a"), Query::Any(vec![text("b"), text("c")])]));
    assert_eq!(read("\"or\""), text("or"));
}

#[test]
fn keys_values_and_ranges_are_told_apart() {
    let field = |path: &str, pattern| Query::Test(Test::Field(path.to_owned(), pattern));
    let equal = |text: &str| Pattern::Equal(text.to_owned());
    assert_eq!(read("kind:send"), Query::Test(Test::Kind(equal("send"))));
    assert_eq!(read("lane:queue:*"), Query::Test(Test::Lane(Pattern::Glob("queue:*".to_owned()))));
    assert_eq!(read("\"kind\":send"), field("kind", equal("send")));
    assert_eq!(read("a.b:\"x y\""), field("a.b", equal("x y")));
    assert_eq!(read("SIDE:Actual"), Query::Test(Test::Side(Side::Actual)));
    assert_eq!(read("diff:late"), Query::Test(Test::Diff(Class::Of(RowClass::Late))));
    assert_eq!(read("v:1.2.3"), field("v", equal("1.2.3")), "a version is no range");
    assert_eq!(read("v:>5").to_string(), "v:>5");
    assert_eq!(read("index:5..5").to_string(), "index:5");
    assert_eq!(read("v:5..5").to_string(), "v:5..5");
    assert_eq!(read("time:1.5s..2s").to_string(), "time:1.5s..2s");
    assert_eq!(read("v:-3..").to_string(), "v:>=-3");
}

#[test]
fn what_cannot_be_read_is_said_with_its_place() {
    for (text, place, says) in [
        ("a \"b", "\"", "not closed"),
        ("a /b", "/", "End it with /"),
        ("path:/api/v1", "v1", "second slash"),
        ("/a(b/", "(", "unclosed group"),
        ("x /[z-a]/", "z-a", "range"),
        ("(a", "(", "not closed"),
        ("a )", ")", "closes nothing"),
        ("a ()", "()", "nothing between"),
        ("a or", "or", "behind this `or`"),
        ("or a", "or", "before this `or`"),
        ("a or or b", "or", "before this `or`"),
        ("- a", "-", "right behind the minus"),
        ("kind:", "", "missing behind `kind:`"),
        ("diff:chnged", "chnged", "any, same, changed"),
        ("index:abc", "abc", "wants a number"),
        ("index:5ms", "5ms", "no unit"),
        ("v:>5ms", ">5ms", "Only `time:`"),
        ("v:>", ">", "number is missing"),
        ("v:9..5", "9..5", "ends before"),
        ("time:soon", "soon", "wants a time"),
        ("\"\"", "\"\"", "nothing between"),
    ] {
        let Err(fault) = parse(text) else { panic!("{text:?} was read") };
        assert_eq!(&text[fault.span.clone()], place, "{text:?}: {fault:?}");
        assert!(fault.says.contains(says) && fault.says.ends_with(['.', '?']), "{text:?}: {fault:?}");
    }
    let deep = "(".repeat(MAX_DEPTH + 1) + "a" + &")".repeat(MAX_DEPTH + 1);
    assert!(parse(&deep).is_err_and(|fault| fault.says.contains("too deeply")));
    assert!(parse(&format!("{}a", "-".repeat(100_000))).is_err());
    assert!(parse("/a{1000}{1000}{1000}/").is_err_and(|fault| fault.says.contains("too large")));
}

#[test]
fn every_line_of_the_guide_can_be_typed_and_every_key_is_in_it() {
    for line in GUIDE {
        assert_eq!(read(line.written).to_string(), line.written);
        assert!(line.means.ends_with('.'), "{}", line.means);
    }
    for key in Key::ALL {
        let word = format!("{}:", key.word());
        assert!(GUIDE.iter().any(|line| line.written.contains(&word) || line.means.contains(&word)), "{word}");
    }
}

fn offered(text: &str) -> Vec<String> {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let (fields, kinds) = (names(&["attrs.latency_ms", "kind", "task"]), names(&["TASK_DEQUEUED", "odd kind"]));
    let lanes = names(&["queue:0", "queue:1", "task:4"]);
    let caret = text.find('|').unwrap_or(text.len());
    let whole = text.replace('|', "");
    let known = Known { fields: &fields, kinds: &kinds, lanes: &lanes };
    let Some(completion) = complete(&whole, caret, known) else { return Vec::new() };
    let write = |candidate: &Candidate| {
        let mut text = whole.clone();
        text.replace_range(completion.replace.clone(), &candidate.text);
        text
    };
    completion.candidates.iter().map(write).collect()
}

#[test]
fn completion_offers_what_fits_where_the_caret_stands() {
    assert_eq!(offered("ki")[..2], ["kind:", "\"kind\":"]);
    assert_eq!(offered("a -la|")[0], "a -lane:");
    assert!(offered("laten").contains(&"attrs.latency_ms:".to_owned()));
    assert_eq!(offered("dequ"), ["kind:TASK_DEQUEUED"]);
    assert_eq!(offered("kind:odd"), ["kind:\"odd kind\""]);
    assert_eq!(offered("lane:qu| b")[..2], ["lane:queue:* b", "lane:queue:0 b"]);
    assert_eq!(offered("diff:mis|sing"), Vec::<String>::new(), "it is there already");
    assert_eq!(offered("(diff:ch|)"), ["(diff:changed)"]);
    assert_eq!(offered("side:"), ["side:expected", "side:actual"]);
    assert!(offered("").len() > Key::ALL.len());
    assert_eq!(offered("\"ki|"), Vec::<String>::new());
    assert_eq!(offered("/ki|/"), Vec::<String>::new());
    assert_eq!(offered("index:"), Vec::<String>::new());
}

fn range() -> impl Strategy<Value = Range> {
    let limit = |inside: bool| {
        (-50_i32..50)
            .prop_filter_map("a number", move |n| Some(Limit { number: Number::read(&n.to_string())?, inside }))
    };
    prop_oneof![
        (limit(true), limit(true)).prop_map(|(a, b)| {
            let (low, high) = if a.number.value() <= b.number.value() { (a, b) } else { (b, a) };
            Range { low: Some(low), high: Some(high) }
        }),
        any::<bool>().prop_flat_map(limit).prop_map(|l| Range { low: Some(l), high: None }),
        any::<bool>().prop_flat_map(limit).prop_map(|l| Range { low: None, high: Some(l) }),
    ]
}

fn pattern(numbers: bool) -> impl Strategy<Value = Pattern> {
    let within = range().prop_map(Pattern::Within).boxed();
    let plain = prop_oneof![
        any::<String>().prop_map(Pattern::Equal),
        "[a-z<>./\"*? ]{0,6}".prop_map(Pattern::Equal),
        "[a-z:]{1,3}[*?][a-z.]{0,3}".prop_map(Pattern::Glob),
        "[a-z.]{1,3}( x)?".prop_map(Pattern::Expression),
    ];
    if numbers { prop_oneof![plain, within].boxed() } else { plain.boxed() }
}

fn test() -> impl Strategy<Value = Test> {
    let sided = |actual| Test::Side(if actual { Side::Actual } else { Side::Expected });
    prop_oneof![
        any::<String>().prop_filter("some text", |text| !text.is_empty()).prop_map(Test::Text),
        "(-|/|or|>|[a-z:]){1,4}".prop_map(Test::Text),
        "[a-z.]{1,3}( x)?".prop_map(Test::Expression),
        pattern(false).prop_map(Test::Kind),
        pattern(false).prop_map(Test::Lane),
        (any::<String>(), pattern(true)).prop_map(|(path, pattern)| Test::Field(path, pattern)),
        ("(kind|a|-b|c.d|e:f)", pattern(true)).prop_map(|(path, pattern)| Test::Field(path, pattern)),
        any::<bool>().prop_map(sided),
        (0..Class::ALL.len()).prop_map(|i| Test::Diff(Class::ALL[i])),
        (0..Mark::ALL.len()).prop_map(|i| Test::Is(Mark::ALL[i])),
        range().prop_map(Test::Cause),
        range().prop_map(Test::Index),
        range().prop_map(Test::Time),
    ]
}

/// Queries as the parser makes them: no list inside a list of its own sort.
fn query() -> impl Strategy<Value = Query> {
    test().prop_map(Query::Test).prop_recursive(4, 24, 4, |inner| {
        let some = prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            some.clone().prop_map(|parts| parts.into_iter().reduce(Query::and).expect("two parts")),
            some.prop_map(|parts| {
                Query::Any(parts.into_iter().flat_map(|p| if let Query::Any(p) = p { p } else { vec![p] }).collect())
            }),
            inner.prop_map(Query::not),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_printed_reads_back_as_the_same_query(query in query()) {
        let printed = query.to_string();
        prop_assert_eq!(parse(&printed), Ok(Some(query)), "{}", printed);
    }

    #[test]
    fn no_text_is_too_strange(text in any::<String>(), caret in 0..40_usize) {
        strange(&text, caret);
    }

    #[test]
    fn no_text_of_the_language_is_too_strange(text in "([a-c:./<>0-9\"\\\\()* -]|or| |kind:|diff:|µs|é){0,24}", caret in 0..40_usize) {
        strange(&text, caret);
    }
}

/// Whatever is typed is read or refused at a place in it, and what is read prints as what reads the same.
fn strange(text: &str, caret: usize) {
    match parse(text) {
        Ok(None) => assert!(text.trim().is_empty()),
        Ok(Some(query)) => assert_eq!(parse(&query.to_string()), Ok(Some(query)), "{text:?}"),
        Err(fault) => assert!(text.get(fault.span).is_some(), "{text:?}"),
    }
    if let Some(completion) = complete(text, caret.min(text.len()), Known::default()) {
        assert!(text.get(completion.replace).is_some());
    }
}
