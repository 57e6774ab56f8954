//! Fields that were named by hand: a name that no event carries is a mistake to be told, not a decision to be kept.

use super::Stop;
use super::args::Decisions;
use super::near::near;
use super::values::GAP;
use crate::spec::{Decision, Overrides, PairDecision, Spec};
use crate::trace::{EventName, Side, escape};

/// Puts what was typed over what the pack says.
pub fn decide(overrides: &mut Overrides, typed: &Decisions) {
    let lists =
        [(&typed.ignore, Decision::Ignore), (&typed.compare, Decision::Compare), (&typed.rename, Decision::Rename)];
    for (fields, decision) in lists {
        for field in fields {
            overrides.decide(field, decision);
        }
    }
    for typed in &typed.tolerance {
        overrides.decide(&typed.field, Decision::Tolerate(typed.tolerance));
    }
    for (same, pairs) in [(true, &typed.same), (false, &typed.not_same)] {
        for &(e, a) in pairs {
            let (expected, actual) = (EventName::at(Side::Expected, e), EventName::at(Side::Actual, a));
            overrides.decide_pair(PairDecision { same, expected, actual });
        }
    }
    for (name, role) in &typed.role {
        overrides.roles.retain(|(known, _)| known != name);
        overrides.roles.push((name.clone(), *role));
    }
    for list in [(&mut overrides.only, &typed.only), (&mut overrides.lanes, &typed.lane)] {
        if !list.1.is_empty() {
            list.0.clone_from(list.1);
        }
    }
    for one in [
        (&mut overrides.kind, &typed.kind),
        (&mut overrides.time, &typed.time),
        (&mut overrides.span, &typed.span),
        (&mut overrides.parent, &typed.parent),
        (&mut overrides.message, &typed.message),
        (&mut overrides.cause, &typed.cause),
    ] {
        if one.1.is_some() {
            one.0.clone_from(one.1);
        }
    }
}

/// That every field that was typed is one of the recordings'. What is compared may also be named by an object that holds
/// fields.
pub fn check(typed: &Decisions, spec: &Spec) -> Result<(), Stop> {
    let whole = [
        ("--ignore", &typed.ignore),
        ("--only", &typed.only),
        ("--compare", &typed.compare),
        ("--rename", &typed.rename),
    ];
    for (flag, fields) in whole {
        for field in fields {
            let inside = |path: &str| path.strip_prefix(field.as_str()).is_some_and(|rest| rest.starts_with('.'));
            if spec.field(field).is_none() && !spec.fields.iter().any(|f| inside(&f.path)) {
                return Err(Stop(unknown(flag, field, spec)));
            }
        }
    }
    let tolerated = typed.tolerance.iter().map(|t| &t.field).filter(|field| *field != GAP);
    let single = (typed.lane.iter().map(|field| ("--lane", field)))
        .chain(tolerated.map(|field| ("--tolerance", field)))
        .chain(typed.kind.iter().map(|field| ("--kind", field)))
        .chain(typed.time.iter().map(|field| ("--time", field)))
        .chain(typed.span.iter().map(|field| ("--span", field)))
        .chain(typed.parent.iter().map(|field| ("--parent", field)))
        .chain(typed.message.iter().map(|field| ("--message", field)))
        .chain(typed.cause.iter().map(|field| ("--cause", field)));
    for (flag, field) in single {
        if spec.field(field).is_none() {
            return Err(Stop(unknown(flag, field, spec)));
        }
    }
    Ok(())
}

fn unknown(flag: &str, field: &str, spec: &Spec) -> String {
    let near = near(field, spec.fields.iter().map(|f| f.path.as_str()), '.');
    let offer = if near.is_empty() {
        let all: Vec<&str> = spec.fields.iter().map(|f| f.path.as_str()).collect();
        format!("The fields are {}.", all.join(", "))
    } else {
        format!("Did you mean {}?", near.join(" or "))
    };
    format!("{flag} {}: none of the first events of either side has this field. {}", escape(field), escape(&offer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::values::field_tolerance;
    use crate::spec::{Action, FieldSpec, Role, Tolerance};

    fn spec(paths: &[&str]) -> Spec {
        let field = |path: &&str| FieldSpec {
            path: (*path).to_owned(),
            role: Role::Data,
            action: Action::Compare,
            why: String::new(),
            lane: None,
            by_hand: false,
            shared: true,
        };
        Spec { fields: paths.iter().map(field).collect(), ..Spec::default() }
    }

    #[test]
    fn an_unknown_field_names_its_like_and_a_strange_one_names_all() {
        let spec = spec(&["type", "task", "metadata.pin", "metadata.irq", "latency_ms"]);
        let error = |decisions: &Decisions| check(decisions, &spec).unwrap_err().0;
        let ignore = |field: &str| Decisions { ignore: vec![field.to_owned()], ..Decisions::default() };
        assert!(error(&ignore("latency_sm")).contains("Did you mean latency_ms?"));
        let lane = Decisions { lane: vec!["metadata".to_owned()], ..Decisions::default() };
        assert!(error(&lane).contains("Did you mean metadata.pin or metadata.irq?"));
        assert!(error(&ignore("pin")).contains("Did you mean metadata.pin?"));
        assert!(error(&ignore("TYPE")).contains("Did you mean type?"));
        let strange = error(&ignore("zzzzz"));
        assert!(strange.starts_with("--ignore zzzzz: none of the first events"), "{strange}");
        assert!(strange.contains("type, task, metadata.pin, metadata.irq, latency_ms"), "{strange}");
        assert!(error(&Decisions { kind: Some("typ".to_owned()), ..Decisions::default() }).starts_with("--kind typ"));
        assert!(check(&ignore("metadata.pin"), &spec).is_ok());
        assert!(check(&ignore("metadata"), &spec).is_ok());
        assert!(check(&ignore("meta"), &spec).is_err());
    }

    #[test]
    fn the_gap_has_a_tolerance_though_it_is_no_field() {
        let typed = Decisions { tolerance: vec![field_tolerance("time=5ms").unwrap()], ..Decisions::default() };
        assert!(check(&typed, &spec(&["ts"])).is_ok());
    }

    #[test]
    fn what_is_typed_stands_over_what_the_pack_says() {
        let old = Tolerance { absolute: 1.0, relative: 0.0 };
        let mut overrides = Overrides {
            ignore: vec!["host".to_owned(), "back".to_owned()],
            compare: vec!["seq".to_owned()],
            only: vec!["a".to_owned()],
            tolerance: vec![("x".to_owned(), old), ("y".to_owned(), old)],
            kind: Some("type".to_owned()),
            ..Overrides::default()
        };
        let typed = Decisions {
            ignore: vec!["seq".to_owned(), "host".to_owned()],
            compare: vec!["back".to_owned()],
            only: vec!["b".to_owned()],
            tolerance: vec![field_tolerance("x=5").unwrap()],
            ..Decisions::default()
        };
        decide(&mut overrides, &typed);
        assert_eq!((overrides.ignore, overrides.compare), (vec!["seq".into(), "host".into()], vec!["back".to_owned()]));
        assert_eq!(overrides.only, ["b"]);
        assert_eq!(overrides.kind.as_deref(), Some("type"));
        let five = Tolerance { absolute: 5.0, relative: 0.0 };
        assert_eq!(overrides.tolerance, [("y".to_owned(), old), ("x".to_owned(), five)]);
    }
}
