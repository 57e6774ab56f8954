//! The first answer, sooner: what both files have in common byte for byte need not be read to know that it is the same.

use super::session::{FirstAnswer, Progress, Trouble};
use super::streaming::Streaming;
use crate::compare::{DivergenceType, FirstDifference};
use crate::ingest::{Format, Reader, Select};
use crate::pack::Recording;
use crate::spec::{Gathered, Spec, Tokenizer};
use crate::trace::{Side, Sides};

/// Bytes in common below which looking for the prefix is not worth a second look at the files.
const WORTH: u64 = 1 << 20;
/// Bytes that are read at once while little is wanted: some hundred events.
pub(crate) const SLICE: usize = 64 << 10;
/// Bytes of both sides behind the prefix that are read for the first answer; beyond it the whole reading is as fast.
const BEHIND: u64 = 32 << 20;

/// The first answer for two plain files of lines that begin alike, or `None` when it takes the whole reading.
///
/// # Errors
/// When a file cannot be read, or the progress says to stop.
pub(crate) fn after_common_prefix(
    recordings: Sides<&Recording>,
    spec: &Spec,
    progress: &dyn Progress,
) -> Result<Option<FirstAnswer>, Trouble> {
    let plain = |r: &Recording| r.format == Format::JsonLines && r.select == Select::default() && r.source.is_plain();
    if !plain(recordings.expected) || !plain(recordings.actual) || spec.plan_needs_all() {
        return Ok(None);
    }
    let prefix = recordings.expected.source.common_prefix(&recordings.actual.source, &|| progress.cancelled())?;
    if progress.cancelled() {
        return Err(Trouble::Cancelled);
    }
    if prefix.bytes < WORTH {
        return Ok(None);
    }
    let mut expected = recordings.expected.source.stream_at(prefix.bytes)?.in_blocks_of(SLICE);
    let mut actual = recordings.actual.source.stream_at(prefix.bytes)?.in_blocks_of(SLICE);
    let reader = |r: &Recording| Reader::new(&r.label, &r.format, &r.select, Tokenizer::new(spec));
    let mut readers = Sides::new(reader(recordings.expected), reader(recordings.actual));
    let mut streaming = Streaming::default();
    let mut read = 0;
    // Slice by slice, so that what parts the sides soon is found soon; a slice ends anywhere, and what is left of a line
    // waits in its reader.
    while read < BEHIND {
        if progress.cancelled() {
            return Err(Trouble::Cancelled);
        }
        let blocks = Sides::new(expected.next()?, actual.next()?);
        let longest = blocks.expected.len().max(blocks.actual.len());
        if longest == 0 {
            break;
        }
        read += 2 * longest as u64;
        for side in Side::BOTH {
            readers[side].push(blocks[side]);
        }
        let gathered = Sides::new(readers.expected.sink().gathered(), readers.actual.sink().gathered());
        if let Some(found) = streaming.advance(gathered, progress)? {
            return Ok(Some(answer(gathered, found, prefix.records)));
        }
    }
    Ok(None)
}

/// The first answer in words; `skipped` records stand before the gathered ones.
pub(crate) fn answer(gathered: Sides<&Gathered>, found: Sides<Option<u32>>, skipped: u32) -> FirstAnswer {
    let name = |side: Side| {
        found[side].map(|event| {
            let side = gathered[side];
            let kind = &side.kinds[side.columns.kinds[event as usize] as usize].1;
            let lane = &side.lanes[side.columns.home_lane(event) as usize].1;
            format!("#{} {kind} {lane}", event + skipped)
        })
    };
    let headline = match (name(Side::Expected), name(Side::Actual)) {
        (Some(e), Some(a)) => format!("expected {e}, actual {a}"),
        (Some(e), None) => format!("expected {e}, actual has ended"),
        (None, Some(a)) => format!("expected has ended, actual {a}"),
        (None, None) => "no difference".to_owned(),
    };
    let at = found.map(|f| f.map(|event| event + skipped));
    let kind = match (at.expected, at.actual) {
        (Some(_), Some(_)) => DivergenceType::EventMismatch,
        (Some(_), None) => DivergenceType::MissingEvent,
        (None, _) => DivergenceType::ExtraEvent,
    };
    let first_difference =
        at.actual.or(at.expected).map(|row| FirstDifference { expected: at.expected, actual: at.actual, kind, row });
    FirstAnswer { first_difference, headline }
}
