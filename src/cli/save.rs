//! `--save-spec`: the decisions about fields, saved where opening the same recordings again finds them.

use std::path::PathBuf;

use super::Stop;
use super::args::Compare;
use crate::pack;
use crate::spec::{Overrides, PairDecision};
use crate::trace::escape;

/// That there is something to save and a place for it, looked at before anything is compared.
pub fn check(args: &Compare, decided: &Overrides) -> Result<(), Stop> {
    if !args.save_spec {
        return Ok(());
    }
    if *decided == Overrides::default() {
        return Err(Stop(
            "--save-spec: nothing was decided, so there is nothing to save. Say what is compared, such as --ignore FIELD, \
             or leave --save-spec out."
                .to_owned(),
        ));
    }
    pack::spec_file(&args.inputs.paths)?;
    Ok(())
}

/// Saves what was decided, if that was asked for. A sentence on what is where now.
pub fn save(args: &Compare, decided: &Overrides) -> Result<Option<String>, Stop> {
    if !args.save_spec {
        return Ok(None);
    }
    let file: PathBuf = pack::save_spec(&args.inputs.paths, decided)?;
    Ok(Some(format!(
        "Saved in {}: {}. Opening the same recordings again uses it.",
        escape(&file.to_string_lossy()),
        escape(&words(decided))
    )))
}

/// Decisions by the keys that they have in the file: `ignore host, seq; kind type`.
fn words(decided: &Overrides) -> String {
    let tolerance: Vec<String> = decided.tolerance.iter().map(|(field, _)| field.clone()).collect();
    let roles: Vec<String> = decided.roles.iter().map(|(signal, role)| format!("{signal}={}", role.word())).collect();
    let pair = |pair: &PairDecision| {
        let sign = if pair.same { "=" } else { "≠" };
        format!("{} {sign} {}", pair.expected.anchor, pair.actual.anchor)
    };
    let pairs: Vec<String> = decided.pairs.iter().map(pair).collect();
    let lists = [
        ("ignore", &decided.ignore),
        ("only", &decided.only),
        ("compare", &decided.compare),
        ("rename", &decided.rename),
        ("tolerance", &tolerance),
        ("lanes", &decided.lanes),
        ("roles", &roles),
        ("pairs", &pairs),
    ];
    let singles = [
        ("kind", &decided.kind),
        ("time", &decided.time),
        ("span", &decided.span),
        ("parent", &decided.parent),
        ("message", &decided.message),
        ("cause", &decided.cause),
    ];
    let lists = lists.into_iter().filter(|(_, fields)| !fields.is_empty());
    let lists = lists.map(|(key, fields)| format!("{key} {}", fields.join(", ")));
    let singles = singles.into_iter().filter_map(|(key, field)| Some(format!("{key} {}", field.as_ref()?)));
    let signals = decided.signals.map(|on| format!("signals {on}"));
    lists.chain(singles).chain(signals).collect::<Vec<String>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Tolerance;
    use crate::trace::{EventName, Side, SignalRole};

    #[test]
    fn every_decision_is_named_by_its_key() {
        let name = |key: &str| vec![format!("{key}_field")];
        let one = |key: &str| Some(format!("{key}_field"));
        let decided = Overrides {
            ignore: name("ignore"),
            only: name("only"),
            rename: name("rename"),
            compare: name("compare"),
            tolerance: vec![("tolerance_field".to_owned(), Tolerance::default())],
            lanes: name("lanes"),
            kind: one("kind"),
            time: one("time"),
            span: one("span"),
            parent: one("parent"),
            message: one("message"),
            cause: one("cause"),
            roles: vec![("roles_field".to_owned(), SignalRole::Setpoint)],
            signals: Some(true),
            pairs: vec![PairDecision {
                same: false,
                expected: EventName::at(Side::Expected, 5),
                actual: EventName::at(Side::Actual, 7),
            }],
        };
        let Ok(serde_json::Value::Object(keys)) = serde_json::to_value(&decided) else { panic!("an object") };
        let words = words(&decided);
        assert!(words.contains("pairs expected:5 ≠ actual:7"), "{words}");
        assert!(words.ends_with("; signals true"), "{words}");
        for key in keys.keys().filter(|key| !["pairs", "signals"].contains(&key.as_str())) {
            assert!(words.contains(&format!("{key} {key}_field")), "{key} is missing in: {words}");
        }
        assert_eq!(
            super::words(&Overrides { ignore: vec!["a".into(), "b".into()], ..Overrides::default() }),
            "ignore a, b"
        );
    }
}
