//! Any bytes as a dump: read alike however they are cut, compared without a panic, like themselves, mirrored when swapped.
#![no_main]

use dettrace::compare::Verdict;
use dettrace::compare::waveform::{Answer, compare, join};
use dettrace::ingest::{WaveReader, value_of_change};
use dettrace::trace::{Sides, Waveform};
use libfuzzer_sys::fuzz_target;

/// Declarations that let most of the input be changes.
const HEAD: &[u8] = b"$timescale 1ns $end $scope module t $end $var wire 1 ! a $end $var reg 4 \" b [3:0] $end \
    $var event 1 # e $end $var real 64 $ r $end $var wire 1 ! alias $end $upscope $end $enddefinitions $end\n#0\n";

fn read(bytes: &[u8], block: usize) -> (Waveform, String) {
    let mut reader = WaveReader::new("fuzz.vcd");
    for piece in bytes.chunks(block.max(1)) {
        reader.push(piece);
    }
    let (waveform, warnings) = reader.finish();
    let said = format!("{waveform:?} {warnings:?}");
    (waveform, said)
}

fn answer(expected: &Waveform, actual: &Waveform) -> Answer {
    let sides = Sides::new(Some(expected.clone()), Some(actual.clone()));
    let joined = join(sides, &|| false).expect("nobody cancels");
    compare(&joined, &|_, _| "x".to_owned(), &|| false).expect("nobody cancels")
}

fuzz_target!(|input: (&[u8], &[u8], u8, bool)| {
    let (expected, actual, block, with_head) = input;
    let bytes = [expected, actual].map(|bytes| if with_head { [HEAD, bytes].concat() } else { bytes.to_vec() });
    let [expected, actual] = [&bytes[0], &bytes[1]].map(|bytes| {
        let (waveform, said) = read(bytes, usize::MAX);
        assert_eq!(said, read(bytes, block.into()).1, "cut into blocks of {block}");
        let places = &waveform.changes.places;
        for place in (0..places.len() as u32).filter_map(|at| places.get(at)) {
            let text = &bytes[place.offset as usize..][..place.len as usize];
            assert!(value_of_change(text).is_some(), "{:?}", String::from_utf8_lossy(text));
        }
        waveform
    });
    let (there, back) = (answer(&expected, &actual), answer(&actual, &expected));
    assert_eq!(there.comparison.rows.len() > 0, back.comparison.rows.len() > 0);
    if there.comparison.ended_early.is_none() && back.comparison.ended_early.is_none() {
        assert_eq!(there.comparison.verdict, back.comparison.verdict);
        assert_eq!((there.time, &there.signals), (back.time, &back.signals));
        assert_eq!(there.comparison.causes.len(), back.comparison.causes.len());
    }
    let own = answer(&expected, &expected).comparison;
    assert!(!matches!(own.verdict, Verdict::Diverged | Verdict::Equivalent), "{own:?}");
    assert!(own.causes.is_empty());
});
