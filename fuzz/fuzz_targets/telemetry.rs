//! Telemetry in any layout is read without a panic however it is damaged; a request's lines are JSON.
#![no_main]

use dettrace::ingest::{Request, TelemetryReader, join};
use dettrace::trace::{Marks, Window};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let (mut reader, mut window) = (TelemetryReader::default(), Window::default());
    reader.read("telemetry", bytes, &mut window);
    assert!(window.spans.iter().all(|span| span.end >= span.begin));
    let without = window.logs.iter().filter(|line| line.span == 0).count() as u64;
    assert!(join(&mut window) <= without);
    let marks = Marks::of(&window);
    let mut request = Request::default();
    request.read("telemetry", bytes);
    if request.is_one() {
        let told = request.finish();
        assert_eq!(marks, told.marks);
        for line in told.lines.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
            assert!(serde_json::from_slice::<serde_json::Value>(line).is_ok(), "{}", String::from_utf8_lossy(line));
        }
    }
});
