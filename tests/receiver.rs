//! The receiver of live telemetry: from a real SDK, and from senders that mean no good.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use dettrace::analyse::Population;
use dettrace::pack::windows;
use dettrace::watch::{Limits, Receiver};
use opentelemetry::KeyValue;
use opentelemetry::trace::{Span as _, Tracer as _, TracerProvider as _};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;

const PATIENCE: Duration = Duration::from_secs(20);

struct Receiving {
    receiver: Receiver,
    arrived: mpsc::Receiver<()>,
    folder: tempfile::TempDir,
}

fn receiving(limits: Limits) -> Receiving {
    let folder = tempfile::tempdir().unwrap();
    let (tell, arrived) = mpsc::sync_channel(1_000);
    let wake = move || tell.send(()).unwrap_or_default();
    let receiver = Receiver::start("127.0.0.1:0".parse().unwrap(), folder.path(), limits, wake).unwrap();
    Receiving { receiver, arrived, folder }
}

/// A request in the plainest HTTP; the status, and the words of the answer.
fn post(address: SocketAddr, path: &str, headers: &[(&str, &str)], body: &[u8]) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut request =
        format!("POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        request.extend([*name, ": ", *value, "\r\n"]);
    }
    stream.write_all(format!("{request}\r\n").as_bytes()).unwrap();
    // A sender that is refused early may find its connection closed.
    drop(stream.write_all(body));
    let mut answer = String::new();
    drop(stream.read_to_string(&mut answer));
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default())
}

const JSON: (&str, &str) = ("content-type", "application/json");
const PROTOBUF: (&str, &str) = ("content-type", "application/x-protobuf");

fn files(folder: &Path) -> Vec<PathBuf> {
    let inside = |folder: &Path| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    let mut files: Vec<PathBuf> = inside(folder).iter().flat_map(|folder| inside(folder)).collect();
    files.sort();
    files
}

/// Sends requests of two services through the SDK; `slow` makes the inner one fail.
fn export(address: SocketAddr, requests: usize, fails: bool) {
    let exporter = |_: &str| {
        let exporter = SpanExporter::builder().with_http().with_protocol(Protocol::HttpBinary);
        exporter.with_endpoint(format!("http://{address}/v1/traces")).build().unwrap()
    };
    let provider = |service: &'static str| {
        let resource = Resource::builder().with_service_name(service).build();
        SdkTracerProvider::builder().with_resource(resource).with_simple_exporter(exporter(service)).build()
    };
    let (front, back) = (provider("front"), provider("back"));
    for _ in 0..requests {
        let outer = front.tracer("test").start("GET /");
        let context = opentelemetry::Context::new();
        let context = opentelemetry::trace::TraceContextExt::with_span(&context, outer);
        let mut inner = back.tracer("test").start_with_context("load", &context);
        inner.set_attribute(KeyValue::new("rows", 3));
        if fails {
            inner.set_status(opentelemetry::trace::Status::error("no rows"));
        }
        inner.end();
        opentelemetry::trace::TraceContextExt::span(&context).end();
    }
    front.shutdown().unwrap();
    back.shutdown().unwrap();
}

#[test]
fn what_a_real_sdk_exports_is_kept_and_compared() {
    let healthy = receiving(Limits::default());
    export(healthy.receiver.address(), 12, false);
    let failing = receiving(Limits::default());
    export(failing.receiver.address(), 12, true);
    assert_eq!((healthy.receiver.counts(), failing.receiver.counts()), ((24, 0), (24, 0)));
    let paths = [healthy.folder.path(), failing.folder.path()].map(Path::to_path_buf);
    let kept = files(&paths[0]);
    assert!(kept.iter().all(|file| file.ends_with("traces.binpb")) && !kept.is_empty(), "{kept:?}");
    let both = windows(&paths, &[]).unwrap().expect("both are windows of requests");
    let population = Population::new(&both, &()).unwrap();
    assert_eq!(population.told.as_ref().map(|told| (told.requests, told.spans)).expected, (12, 24));
    let suspect = population.ranking.clear().expect("every request fails");
    assert_eq!(population.words.get(suspect.service), "back");
}

#[test]
fn json_is_kept_a_line_each_however_it_is_laid_out() {
    let Receiving { receiver, arrived, folder } = receiving(Limits::default());
    let body = b"{\n  \"resourceLogs\": [\n  ]\n}";
    assert_eq!(post(receiver.address(), "/v1/logs", &[JSON], body), (200, "{}".to_owned()));
    assert!(arrived.recv_timeout(PATIENCE).is_ok());
    let kept = files(folder.path());
    assert!(kept.len() == 1 && kept[0].ends_with("logs.jsonl"), "{kept:?}");
    assert_eq!(fs::read_to_string(&kept[0]).unwrap(), "{\"resourceLogs\":[]}\n");
}

#[test]
fn what_is_no_telemetry_is_refused_in_words() {
    let Receiving { receiver, folder, .. } = receiving(Limits { message: 1_000, ..Limits::default() });
    let address = receiver.address();
    for (path, headers, body, status, words) in [
        ("/v1/spans", &[JSON][..], &b"{}"[..], 404, "/v1/traces"),
        ("/v1/traces", &[("content-type", "text/plain")], b"{}", 415, "application/json"),
        ("/v1/traces", &[JSON, ("content-encoding", "br")], b"{}", 415, "gzip"),
        ("/v1/traces", &[JSON], b"{\"resourceLogs\":[]}", 400, "resourceSpans"),
        ("/v1/traces", &[JSON], b"{\"resource", 400, "no OTLP traces"),
        ("/v1/traces", &[PROTOBUF], b"\xff\xff\xff", 400, "no OTLP traces"),
        ("/v1/traces", &[JSON, ("content-encoding", "gzip")], b"no gzip", 400, "gzip"),
        ("/v1/traces", &[JSON], &[b' '; 2_000], 413, "1000 bytes"),
    ] {
        let (told, why) = post(address, path, headers, body);
        assert_eq!(told, status, "{path} {headers:?}: {why}");
        assert!(why.contains(words), "{why}");
    }
    assert_eq!(receiver.counts(), (0, 8));
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none(), "nothing of it is kept");
}

#[test]
fn a_packed_message_may_not_unpack_to_more_than_may_be() {
    let Receiving { receiver, .. } = receiving(Limits { message: 100_000, ..Limits::default() });
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&vec![b' '; 10_000_000]).unwrap();
    let packed = packed.finish().unwrap();
    assert!(packed.len() < 100_000);
    let (status, why) = post(receiver.address(), "/v1/traces", &[JSON, ("content-encoding", "gzip")], &packed);
    assert_eq!(status, 413, "{why}");
}

#[test]
fn more_than_may_come_or_be_kept_is_put_off() {
    let Receiving { receiver, .. } = receiving(Limits { per_second: 10, kept: 1_000_000, ..Limits::default() });
    let body = b"{\"resourceSpans\":[]}";
    assert_eq!(post(receiver.address(), "/v1/traces", &[JSON], body).0, 200);
    assert_eq!(post(receiver.address(), "/v1/traces", &[JSON], body).0, 429);
    let Receiving { receiver, .. } = receiving(Limits { kept: 10, ..Limits::default() });
    assert_eq!(post(receiver.address(), "/v1/traces", &[JSON], body).0, 200);
    assert_eq!(post(receiver.address(), "/v1/traces", &[JSON], body).0, 507);
}

#[test]
fn who_does_not_speak_keeps_nobody_out_for_long() {
    let Receiving { receiver, .. } = receiving(Limits { at_once: 1, ..Limits::default() });
    let body = b"{\"resourceSpans\":[]}";
    // Many who keep their connections and say nothing take no seat; one that breaks off in the middle does until its time is over.
    let silent: Vec<TcpStream> = (0..64).map(|_| TcpStream::connect(receiver.address()).unwrap()).collect();
    let start = Instant::now();
    assert_eq!(post(receiver.address(), "/v1/traces", &[JSON], body).0, 200);
    assert!(start.elapsed() < Duration::from_secs(5), "the silent ones keep others out");
    let mut half = TcpStream::connect(receiver.address()).unwrap();
    let head = "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{";
    half.write_all(head.as_bytes()).unwrap();
    assert_eq!(post(receiver.address(), "/v1/traces", &[JSON], body).0, 200);
    drop((silent, half));
}

#[test]
fn who_speaks_grpc_hears_what_to_do() {
    let Receiving { receiver, .. } = receiving(Limits::default());
    let mut sender = TcpStream::connect(receiver.address()).unwrap();
    sender.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").unwrap();
    let mut heard = Vec::new();
    sender.read_to_end(&mut heard).unwrap_or_default();
    let words = String::from_utf8_lossy(&heard);
    assert!(words.contains("OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf"), "{words}");
    assert!(receiver.was_asked_in_grpc() && !receiver.was_asked_in_grpc(), "it is said once");
    assert_eq!(receiver.counts(), (0, 1));
}
