//! What several good runs said, in words and for programs.

use super::json_node::Node;
use super::words::many;
use crate::analyse::{Judged, SetAside};
use crate::trace::escape;

/// `40, the most usual is good-7.jsonl; 12 rows are nothing new (3 changed, 9 missing)`.
pub fn good_runs(judged: &Judged) -> String {
    let aside = &judged.set_aside;
    let told: Vec<String> =
        classes(aside).iter().filter(|(_, n)| *n > 0).map(|(word, n)| format!("{n} {word}")).collect();
    let aside = match aside.rows() {
        0 => "no row is set aside".to_owned(),
        1 => format!("1 row is nothing new ({})", told.join(", ")),
        n => format!("{n} rows are nothing new ({})", told.join(", ")),
    };
    let others = judged.runs.saturating_sub(1);
    let by_others = match (others, judged.alarms) {
        (0, _) => "one run teaches nothing about what varies".to_owned(),
        (others, alarms) => {
            format!("judged by all others, {alarms} of the other {} would be said to diverge", many(others, "run"))
        }
    };
    format!("{}, the most usual is {}; {aside}; {by_others}", judged.runs, escape(&judged.medoid))
}

/// The same for programs.
pub fn node(judged: &Judged) -> Node {
    let aside = classes(&judged.set_aside).map(|(word, n)| (word, Node::of(n)));
    Node::Object(vec![
        ("runs", Node::of(judged.runs)),
        ("medoid", Node::of(&judged.medoid)),
        ("alarms", Node::of(judged.alarms)),
        ("set_aside", Node::Object(aside.into())),
    ])
}

const fn classes(aside: &SetAside) -> [(&'static str, u32); 5] {
    [
        ("changed", aside.changed),
        ("missing", aside.missing),
        ("extra", aside.extra),
        ("moved", aside.moved),
        ("late", aside.late),
    ]
}
