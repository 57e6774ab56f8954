//! A log with vector clocks is read alike however it is cut; nothing in it makes the reader panic; what an event's place holds
//! is its text.
#![no_main]

use dettrace::ingest::{Format, Reader, Select, clock_fields};
use dettrace::spec::{Overrides, Sample, Shared, Tokenizer, infer};
use dettrace::trace::Sides;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let read = |size: usize| {
        let mut reader = Reader::new("log", &Format::VectorClocks, &Select::default(), Sample::new());
        bytes.chunks(size).for_each(|block| reader.push(block));
        reader.finish()
    };
    let (whole, cut) = (read(bytes.len().max(1)), read(3));
    assert_eq!((whole.records, whole.torn, &whole.warnings), (cut.records, cut.torn, &cut.warnings));
    let spec = infer(Sides::new(Some(&whole.sink), Some(&cut.sink)), &Overrides::default());
    let mut reader = Reader::new("log", &Format::VectorClocks, &Select::default(), Tokenizer::new(&spec));
    reader.push(bytes);
    let trace = Shared::default().finish(reader.finish().sink.into_gathered(), &spec, false);
    assert!(trace.links.iter().all(|link| link.from < link.to));
    if std::str::from_utf8(bytes).is_ok() {
        let places = &trace.events.places;
        for place in (0..places.len() as u32).filter_map(|at| places.get(at)) {
            let raw = &bytes[place.offset as usize..][..place.len as usize];
            assert!(clock_fields(raw).is_ok(), "{}", String::from_utf8_lossy(raw));
        }
    }
});
