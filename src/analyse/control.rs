//! From recordings of a control loop to its diagnosis.

use super::session::{Progress, Stage, Trouble};
use crate::control::{Diagnosis, Options, diagnose, diagnose_one};
use crate::ingest::{in_unit, read_samples, role, split_sides};
use crate::pack::{Overrides, Sampled, Source};
use crate::trace::{Place, Samples, Side, Sides, SignalRole, Warnings};

/// Two runs of a loop compared, or one by itself.
#[derive(Debug)]
pub struct Control {
    /// The names a person knows the runs by; `None` for a side that is not there.
    pub labels: Sides<Option<String>>,
    /// What each run recorded; empty for a side that is not there.
    pub samples: Sides<Samples>,
    /// What is known of them.
    pub diagnosis: Diagnosis,
    /// What was wrong with the input.
    pub warnings: Warnings,
    /// The runs' files, for what stands in them, and which of them each axis was read from.
    runs: Sides<Option<Sampled>>,
    files_of: Sides<Vec<usize>>,
}

impl Control {
    /// Reads the runs and compares them; one that has no baseline is compared with its own setpoint. `warnings`: what is known
    /// to be wrong already.
    ///
    /// # Errors
    /// When a run cannot be read at all, or the progress says to stop.
    pub fn new(
        runs: Sides<Option<Sampled>>,
        overrides: &Overrides,
        mut warnings: Warnings,
        progress: &dyn Progress,
    ) -> Result<Self, Trouble> {
        let files = Side::BOTH.into_iter().flat_map(|side| &runs[side]).map(|run| run.files.len() as u64).sum();
        let mut done = 0;
        let mut read = |run: &Option<Sampled>| -> Result<(Samples, Vec<usize>), Trouble> {
            let mut all = Samples::default();
            let mut files_of = Vec::new();
            for (file, (source, format)) in run.iter().flat_map(|run| &run.files).enumerate() {
                if progress.cancelled() {
                    return Err(Trouble::Cancelled);
                }
                let bytes = source.whole(usize::MAX, &mut warnings)?.unwrap_or_default();
                let (samples, found) = read_samples(&source.name, &bytes, *format, overrides.time.as_deref());
                warnings.extend(found);
                let several = run.as_ref().is_some_and(|run| run.files.len() > 1);
                files_of.extend(samples.axes.iter().map(|_| file));
                join(&mut all, samples, several.then(|| stem(&source.name)));
                done += 1;
                progress.step(Stage::Reading, done, files);
            }
            Ok((all, files_of))
        };
        let (expected, actual) = (read(&runs.expected)?, read(&runs.actual)?);
        let mut samples = Sides::new(expected.0, actual.0);
        let mut files_of = Sides::new(expected.1, actual.1);
        let mut labels = runs.as_ref().map(|run| run.as_ref().map(|run| run.label.clone()));
        if runs.expected.is_none()
            && let Some([expected, actual]) = split_sides(&samples.actual)
        {
            samples = Sides::new(expected, actual);
            labels.expected.clone_from(&labels.actual);
            files_of.expected.clone_from(&files_of.actual);
        }
        for side in Side::BOTH {
            for signal in &mut samples[side].signals {
                let named = |(name, _): &&(String, SignalRole)| *name == signal.name || *name == signal.group;
                if let Some((_, role)) = overrides.roles.iter().find(named) {
                    signal.role = *role;
                }
            }
        }
        let units = samples.as_ref().map(|run| run.scale.as_ref().map(|scale| scale.unit));
        if let Some(finest) = Side::BOTH.into_iter().filter_map(|side| units[side]).max_by_key(|unit| unit.exponent()) {
            for side in Side::BOTH {
                in_unit(&mut samples[side], finest);
            }
        }
        progress.step(Stage::Comparing, 0, 1);
        let options = Options {
            ignore: overrides.ignore.clone(),
            only: overrides.only.clone(),
            tolerance: overrides
                .tolerance
                .iter()
                .map(|(name, tolerance)| (name.clone(), tolerance.absolute, tolerance.relative))
                .collect(),
            ..Options::default()
        };
        let diagnosis = if labels.expected.is_some() {
            diagnose(&samples.as_ref(), &options)
        } else {
            diagnose_one(&samples.actual, &options)
        };
        progress.step(Stage::Comparing, 1, 1);
        Ok(Self { labels, samples, diagnosis, warnings, runs, files_of })
    }

    /// Two runs that no file holds, such as simulated ones.
    pub fn simulated(labels: Sides<Option<String>>, samples: Sides<Samples>) -> Self {
        let diagnosis = diagnose(&samples.as_ref(), &Options::default());
        let (warnings, runs, files_of) = Default::default();
        Self { labels, samples, diagnosis, warnings, runs, files_of }
    }

    /// The files that the runs were read from.
    pub fn files(&self) -> impl Iterator<Item = &Source> {
        Side::BOTH.into_iter().flat_map(|side| &self.runs[side]).flat_map(|run| &run.files).map(|(source, _)| &**source)
    }

    /// Where a moment of a run stands: file, line and offset; `None` where the run has no text.
    pub fn place(&self, side: Side, axis: usize, index: usize) -> Option<(&str, Place)> {
        let place = self.samples[side].axes.get(axis)?.places.get(index as u32)?;
        Some((&self.source(side, axis)?.name, place))
    }

    /// The text of a moment, re-read; `None` where the run has none, or its file has changed.
    pub fn text(&self, side: Side, axis: usize, index: usize) -> Option<String> {
        let (_, place) = self.place(side, axis, index)?;
        let bytes = self.source(side, axis)?.text(place.offset, place.len).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The file that an axis was read from.
    pub(super) fn source(&self, side: Side, axis: usize) -> Option<&Source> {
        // What one file holds of both sides stands in that file.
        let run = self.runs[side].as_ref().or(self.runs.actual.as_ref())?;
        let (source, _) = run.files.get(*self.files_of[side].get(axis)?)?;
        Some(source)
    }
}

/// A file's name without its folder and endings.
fn stem(name: &str) -> &str {
    let name = name.rsplit_once('/').map_or(name, |(_, name)| name);
    name.split('.').next().unwrap_or(name)
}

/// Adds what another file of the run recorded, with its name before that of each signal.
fn join(all: &mut Samples, mut more: Samples, stem: Option<&str>) {
    let unit = |samples: &Samples| samples.scale.as_ref().map(|scale| scale.unit);
    if let (Some(one), Some(other)) = (unit(all), unit(&more)) {
        let finer = if one.exponent() > other.exponent() { one } else { other };
        in_unit(all, finer);
        in_unit(&mut more, finer);
    }
    let axis = all.axes.len();
    for mut signal in more.signals {
        signal.axis += axis;
        if let Some(stem) = stem {
            let flag = signal.role == SignalRole::Flag;
            signal.name = format!("{stem}.{}", signal.name);
            signal.group = format!("{stem}.{}", signal.group);
            signal.role = role(&signal.name, flag);
        }
        all.signals.push(signal);
    }
    all.axes.extend(more.axes);
    all.scale = all.scale.take().or(more.scale);
    all.digits = match (all.digits, more.digits) {
        (Some(one), Some(other)) => Some(one.max(other)),
        (one, other) if axis == 0 => one.or(other),
        _ => None,
    };
    all.torn |= more.torn;
}
