//! Pairs of waveforms: a design and one with a bug in it, with the time and the signals that first differ.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use dettrace::pack;
use dettrace::report;
use serde_json::Value;

use super::{Asked, Group, WAVES, corpus};
use crate::answer::{LISTED, Outcome};
use crate::{baselines, engine};

/// What is known about a pair.
struct Known {
    /// In picoseconds; none where no signal differs.
    time: Option<i128>,
    signals: Vec<String>,
}

/// Every pair of the corpus.
pub fn group() -> Option<Group> {
    let folder = corpus("vcd-pairs/rtl-repair")?;
    let mut pairs: Vec<_> = folder.read_dir().ok()?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    pairs.sort();
    let asked = pairs.iter().filter_map(|pair| ask(pair)).collect();
    Some(Group::new("waveforms (VCD)", WAVES, asked))
}

fn ask(folder: &Path) -> Option<Asked> {
    let known = known(&serde_json::from_str(&text(&folder.join("truth.json"))?).ok()?)?;
    // Large files are compressed.
    let paths = ["baseline.vcd", "failing.vcd"].map(|name| {
        let plain = folder.join(name);
        if plain.is_file() { plain } else { folder.join(format!("{name}.gz")) }
    });
    let answer = engine::ready(pack::open(&paths).map_err(|why| why.to_string()))
        .and_then(engine::analyse)
        .and_then(|analysis| serde_json::from_str(&report::json(&analysis)).map_err(|why| why.to_string()));
    let (engine, told) = match &answer {
        Ok(answer) => (judge(&known, answer), summary(answer)),
        Err(why) => (known.missed(), why.clone()),
    };
    let sides = [text(&paths[0])?, text(&paths[1])?];
    let places = sides.each_ref().map(|text| changes(text));
    let judge_lines = |answer: baselines::Lines| {
        let right = |&(side, line): &(usize, u32)| {
            places[side]
                .get(line as usize)
                .is_some_and(|(time, signal)| Some(*time) == known.time && known.signals.iter().any(|s| s == signal))
        };
        match known.time {
            Some(_) => Outcome::Fault(answer.iter().position(|row| row.iter().any(right)).map(|at| at + 1)),
            None => Outcome::Clean { alarm: !answer.is_empty() },
        }
    };
    let baselines = baselines::ask_lines(&sides[0], &sides[1]).map(judge_lines);
    let name = folder.file_name()?.to_string_lossy().into_owned();
    let words = format!("{name}\n  planted: {:?} ps {:?}\n  answer: {told}", known.time, known.signals);
    Some(Asked { rows: Vec::new(), engine, baselines, words })
}

fn text(path: &Path) -> Option<String> {
    let bytes = std::fs::read(path).ok()?;
    if path.extension().is_none_or(|extension| extension != "gz") {
        return String::from_utf8(bytes).ok();
    }
    let mut text = String::new();
    flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).ok()?;
    Some(text)
}

impl Known {
    fn missed(&self) -> Outcome {
        match self.time {
            Some(_) => Outcome::Fault(None),
            None => Outcome::Clean { alarm: true },
        }
    }
}

fn known(truth: &Value) -> Option<Known> {
    let signals = truth["first_divergent_signals"].as_array()?;
    let time = truth["first_divergence_time"].as_i64().map(i128::from);
    Some(Known {
        time: time.and_then(|time| Some(time * scale(truth["timescale"].as_str()?)?)),
        signals: signals.iter().filter_map(|signal| Some(signal.as_str()?.to_owned())).collect(),
    })
}

/// Picoseconds of a unit such as `100ps` or `1 ns`.
fn scale(unit: &str) -> Option<i128> {
    let unit = unit.replace(' ', "");
    let digits = unit.find(|c: char| !c.is_ascii_digit())?;
    let number: i128 = if digits == 0 { 1 } else { unit[..digits].parse().ok()? };
    let power = ["ps", "ns", "us", "ms", "s"].iter().position(|&name| name == unit[digits..].replace('µ', "u"))?;
    Some(number * 1000_i128.pow(power as u32))
}

fn judge(known: &Known, answer: &Value) -> Outcome {
    let Some(time) = known.time else { return Outcome::Clean { alarm: answer["verdict"] != "identical" } };
    let told = [&answer["actual"]["time"], &answer["expected"]["time"]]
        .into_iter()
        .find_map(|time| Some(i128::from(time["value"].as_i64()?) * scale(time["unit"].as_str()?)?));
    if told != Some(time) {
        return Outcome::Fault(None);
    }
    let causes = answer["causes"].as_array().map_or(&[][..], Vec::as_slice);
    let named = |cause: &Value| {
        let lanes = cause["lanes"].as_array().map_or(&[][..], Vec::as_slice);
        lanes
            .iter()
            .filter_map(Value::as_str)
            .any(|lane| known.signals.iter().any(|signal| lane.ends_with(signal.as_str())))
    };
    Outcome::Fault(causes.iter().take(LISTED).position(named).map(|at| at + 1))
}

fn summary(answer: &Value) -> String {
    let causes: Vec<String> = (answer["causes"].as_array().into_iter().flatten().take(3))
        .map(|cause| format!("{} {}", cause["lanes"], cause["kind"]))
        .collect();
    format!(
        "{} at {} / {}; {}",
        answer["verdict"],
        answer["expected"]["time"],
        answer["actual"]["time"],
        causes.join("; ")
    )
}

/// For every line of a VCD file that changes a value: when (in picoseconds), and which signal.
fn changes(text: &str) -> Vec<(i128, String)> {
    let (mut scopes, mut names, mut time, mut unit) = (Vec::new(), BTreeMap::new(), 0_i128, 1);
    let mut header = String::new();
    text.lines()
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words.as_slice() {
                ["$scope", _, name, ..] => scopes.push((*name).to_owned()),
                ["$upscope", ..] => drop(scopes.pop()),
                ["$var", _, _, id, name, ..] => {
                    names.entry((*id).to_owned()).or_insert_with(|| format!("{}.{name}", scopes.join(".")));
                }
                ["$timescale", rest @ ..] => {
                    header.clone_from(&"$timescale".to_owned());
                    unit = scale(&rest.concat().replace("$end", "")).unwrap_or(unit);
                }
                [word] if header == "$timescale" => {
                    unit = scale(word).unwrap_or(unit);
                    header.clear();
                }
                [word] if word.starts_with('#') => time = word[1..].parse::<i128>().unwrap_or(time / unit) * unit,
                [value, id] if value.starts_with(['b', 'r']) => {
                    return (time, names.get(*id).cloned().unwrap_or_default());
                }
                [word] if word.len() > 1 && names.contains_key(&word[1..]) => {
                    return (time, names[&word[1..]].clone());
                }
                _ => {}
            }
            (-1, String::new())
        })
        .collect()
}
