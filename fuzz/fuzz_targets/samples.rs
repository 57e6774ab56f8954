//! Any bytes as sampled signals: read with warnings, diagnosed, never a panic; every signal has a value for each moment, and shares
//! are shares.
#![no_main]

use dettrace::control::{Options, diagnose, diagnose_one};
use dettrace::ingest::{SampleFormat, read_samples, sample_format, split_sides};
use dettrace::trace::Sides;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _known = [false, true].map(|asked| sample_format(bytes, asked));
    for format in SampleFormat::ALL {
        let (samples, _) = read_samples("samples", bytes, format, None);
        for (at, signal) in samples.signals.iter().enumerate() {
            assert_eq!(signal.values.len(), samples.times(at).len());
        }
        assert!(samples.axes.iter().all(|axis| axis.times.is_sorted()));
        let _one = diagnose_one(&samples, &Options::default());
        let other = split_sides(&samples).map_or_else(|| samples.clone(), |[expected, _]| expected);
        let found = diagnose(&Sides::new(&other, &samples), &Options::default());
        assert!(found.causes.iter().all(|cause| cause.share.is_none_or(|share| (0.0..=1.0).contains(&share))));
    }
});
