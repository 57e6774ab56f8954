//! Live telemetry: a receiver of OTLP over HTTP on this machine, protobuf and JSON (opentelemetry.io/docs/specs/otlp, 1.5).
//! What arrives is checked and kept on disk. Off unless asked for, and closed to other machines.

use std::convert::Infallible;
use std::io::Read as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use opentelemetry_proto::tonic::logs::v1::LogsData;
use opentelemetry_proto::tonic::metrics::v1::MetricsData;
use opentelemetry_proto::tonic::trace::v1::TracesData;
use prost::Message as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot};

use super::store::{Signal, Spelling, Store};

/// Nobody may take longer to say what they want.
const PATIENCE: Duration = Duration::from_secs(10);
/// Connections at once; further ones wait at the door. Senders keep theirs, and each costs little while it says nothing.
const CONNECTIONS: usize = 1_024;
/// Between two tries to let somebody in.
const BREATH: Duration = Duration::from_millis(100);

/// What is taken at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one message, unpacked.
    pub message: usize,
    /// Messages that are read at once; further ones wait, which is the back-pressure that exporters understand.
    pub at_once: usize,
    /// Bytes a second; of more, the sender is asked to come again later.
    pub per_second: u64,
    /// Bytes that are kept since it began.
    pub kept: u64,
    /// How long what arrives belongs to one window of requests.
    pub stretch: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { message: 16 << 20, at_once: 16, per_second: 64 << 20, kept: 4 << 30, stretch: Duration::from_mins(1) }
    }
}

/// What arrived.
#[derive(Debug, Default)]
struct Tally {
    taken: AtomicU64,
    refused: AtomicU64,
    /// Somebody spoke gRPC.
    grpc: AtomicBool,
}

/// A bucket that fills by so many bytes a second, up to a second's worth.
#[derive(Debug)]
struct Bucket {
    left: f64,
    filled: Instant,
    per_second: f64,
}

impl Bucket {
    fn new(per_second: u64, now: Instant) -> Self {
        Self { left: per_second as f64, filled: now, per_second: per_second as f64 }
    }

    /// Takes bytes out, where there are any left.
    fn take(&mut self, bytes: usize, now: Instant) -> bool {
        let gained = now.saturating_duration_since(self.filled).as_secs_f64() * self.per_second;
        (self.left, self.filled) = ((self.left + gained).min(self.per_second), now);
        if self.left <= 0.0 {
            return false;
        }
        // One message may be larger than what is left: it is paid for by those that come later.
        self.left -= bytes as f64;
        true
    }
}

/// Everything that an answer needs.
struct Intake {
    store: Mutex<(Store, Bucket)>,
    /// A seat for each message that is read.
    seats: Semaphore,
    limits: Limits,
    tally: Arc<Tally>,
    wake: Box<dyn Fn() + Send + Sync>,
}

/// Receives until it is dropped.
#[derive(Debug)]
pub struct Receiver {
    address: SocketAddr,
    tally: Arc<Tally>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Receiver {
    /// Begins to receive on an address of this machine, into a folder. `wake` is called from another thread after each message
    /// that was kept.
    ///
    /// # Errors
    /// When the address is not of this machine alone or is taken, as a sentence.
    pub fn start(
        address: SocketAddr,
        into: &Path,
        limits: Limits,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> Result<Self, String> {
        if !address.ip().is_loopback() {
            return Err(format!("{address} can be reached from other machines. Receive on 127.0.0.1 or [::1]."));
        }
        if into.is_file() {
            return Err(format!(
                "{} is a file, and telemetry is kept in a folder. Name a folder to watch.",
                into.display()
            ));
        }
        let tally = Arc::new(Tally::default());
        let store = Store::new(into, limits.stretch, limits.kept);
        let intake = Arc::new(Intake {
            store: Mutex::new((store, Bucket::new(limits.per_second, Instant::now()))),
            seats: Semaphore::new(limits.at_once),
            limits,
            tally: Arc::clone(&tally),
            wake: Box::new(wake),
        });
        let cannot = |why: &dyn std::fmt::Display| {
            format!("Nothing can be received on {address}: {why}. Choose another address.")
        };
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = mpsc::sync_channel(1);
        let body = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            match runtime {
                Ok(runtime) => runtime.block_on(serve(address, intake, &tell, stopped)),
                Err(error) => tell.send(Err(error)).unwrap_or_default(),
            }
        };
        let thread = std::thread::Builder::new().name("otlp".to_owned()).spawn(body).map_err(|error| cannot(&error))?;
        match told.recv() {
            Ok(Ok(address)) => Ok(Self { address, tally, stop: Some(stop), thread: Some(thread) }),
            Ok(Err(error)) => Err(cannot(&error)),
            Err(ended) => Err(cannot(&ended)),
        }
    }

    /// Where it receives; with port 0 asked for, the port that was free.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Messages that were kept, and that were refused.
    pub fn counts(&self) -> (u64, u64) {
        (self.tally.taken.load(Ordering::Relaxed), self.tally.refused.load(Ordering::Relaxed))
    }

    /// True once when somebody spoke gRPC, which is not understood: what to tell a person.
    pub fn was_asked_in_grpc(&self) -> bool {
        self.tally.grpc.swap(false, Ordering::Relaxed)
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // It may have ended by itself.
            stop.send(()).unwrap_or_default();
        }
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap_or_default();
        }
    }
}

async fn serve(
    address: SocketAddr,
    intake: Arc<Intake>,
    tell: &mpsc::SyncSender<std::io::Result<SocketAddr>>,
    stopped: oneshot::Receiver<()>,
) {
    match TcpListener::bind(address).await {
        Err(error) => tell.send(Err(error)).unwrap_or_default(),
        Ok(listener) => {
            tell.send(listener.local_addr()).unwrap_or_default();
            tokio::spawn(accept(listener, intake));
            // With the runtime ends everything that was spawned on it. That the owner is gone is an end too.
            drop(stopped.await);
        }
    }
}

async fn accept(listener: TcpListener, intake: Arc<Intake>) {
    let door = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        // Whoever is not let in waits in the system's queue, not in our memory.
        let Ok(inside) = Arc::clone(&door).acquire_owned().await else { return };
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                // Out of file descriptors, as a rule: some are given back.
                log::warn!("a sender of telemetry cannot be let in: {error}");
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        let intake = Arc::clone(&intake);
        tokio::spawn(async move {
            if speaks_grpc(&stream).await {
                intake.tally.refused.fetch_add(1, Ordering::Relaxed);
                intake.tally.grpc.store(true, Ordering::Relaxed);
                // Whether it hears why is up to it.
                let _may_be_gone = stream.try_write(&go_away());
                (intake.wake)();
                return;
            }
            let service = service_fn(|request| answer(&intake, request));
            let mut server = http1::Builder::new();
            server.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
            if let Err(error) = server.serve_connection(TokioIo::new(stream), service).await {
                log::debug!("a sender of telemetry went away: {error}");
            }
            drop(inside);
        });
    }
}

/// What a sender is told that speaks gRPC.
const NO_GRPC: &str = "DetTrace receives OTLP over HTTP, not gRPC: set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf.";

/// True when somebody begins as HTTP/2 does (RFC 9113, 3.4), which gRPC is spoken over.
async fn speaks_grpc(stream: &TcpStream) -> bool {
    let mut first = [0; 3];
    let peeked = tokio::time::timeout(PATIENCE, stream.peek(&mut first)).await;
    matches!(peeked, Ok(Ok(3))) && first == *b"PRI"
}

/// An empty SETTINGS and a GOAWAY with the reason `HTTP_1_1_REQUIRED` and words (RFC 9113, 6.5, 6.8 and 7).
fn go_away() -> Vec<u8> {
    let len = 8 + NO_GRPC.len() as u8;
    let mut frames = vec![0, 0, 0, 4, 0, 0, 0, 0, 0];
    frames.extend([0, 0, len, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xD]);
    frames.extend(NO_GRPC.as_bytes());
    frames
}

/// Why a message is not taken.
struct Refused {
    status: StatusCode,
    why: String,
}

fn refused(status: StatusCode, why: impl Into<String>) -> Refused {
    Refused { status, why: why.into() }
}

async fn answer(intake: &Intake, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let spelling = spelling(request.headers());
    Ok(match take(intake, request).await {
        Ok(()) => {
            intake.tally.taken.fetch_add(1, Ordering::Relaxed);
            (intake.wake)();
            // An empty message says that all was taken.
            let (kind, body) = match spelling {
                Some(Spelling::Json) => ("application/json", "{}"),
                _ => ("application/x-protobuf", ""),
            };
            let mut response = Response::new(Full::new(Bytes::from_static(body.as_bytes())));
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
            response
        }
        Err(Refused { status, why }) => {
            intake.tally.refused.fetch_add(1, Ordering::Relaxed);
            let mut response = Response::new(Full::new(Bytes::from(why)));
            *response.status_mut() = status;
            let headers = response.headers_mut();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
            if status == StatusCode::TOO_MANY_REQUESTS {
                headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
            }
            response
        }
    })
}

fn spelling(headers: &HeaderMap) -> Option<Spelling> {
    let kind = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    match kind.split(';').next()?.trim().to_ascii_lowercase().as_str() {
        "application/x-protobuf" => Some(Spelling::Protobuf),
        "application/json" => Some(Spelling::Json),
        _ => None,
    }
}

async fn take(intake: &Intake, request: Request<Incoming>) -> Result<(), Refused> {
    let signal = match request.uri().path() {
        "/v1/traces" => Signal::Traces,
        "/v1/logs" => Signal::Logs,
        "/v1/metrics" => Signal::Metrics,
        _ => return Err(refused(StatusCode::NOT_FOUND, "Send to /v1/traces, /v1/logs or /v1/metrics.")),
    };
    if request.method() != Method::POST {
        return Err(refused(StatusCode::METHOD_NOT_ALLOWED, "Only POST is understood."));
    }
    let unknown = || {
        refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send application/x-protobuf or application/json, plain or gzip.")
    };
    let spelling = spelling(request.headers()).ok_or_else(unknown)?;
    let packed = match request.headers().get(CONTENT_ENCODING).map(|value| value.as_bytes().to_ascii_lowercase()) {
        None => false,
        Some(word) if word.is_empty() || word == b"identity" => false,
        Some(word) if word == b"gzip" => true,
        Some(_) => return Err(unknown()),
    };
    let Ok(_seat) = intake.seats.acquire().await else {
        return Err(refused(StatusCode::SERVICE_UNAVAILABLE, "Nothing is received any more."));
    };
    let most = intake.limits.message;
    let large = || refused(StatusCode::PAYLOAD_TOO_LARGE, format!("A message may have {most} bytes."));
    let body = tokio::time::timeout(PATIENCE, Limited::new(request.into_body(), most).collect()).await;
    let body = body.map_err(|_late| refused(StatusCode::REQUEST_TIMEOUT, "The message did not arrive in time."))?;
    let body = body.map_err(|error| match error.downcast::<http_body_util::LengthLimitError>() {
        Ok(_) => large(),
        Err(error) => refused(StatusCode::BAD_REQUEST, format!("The message did not arrive: {error}.")),
    })?;
    let body = body.to_bytes();
    let message = if packed { unpacked(&body, most)?.ok_or_else(large)? } else { body.to_vec() };
    let message = checked(signal, spelling, message)?;
    let mut store = intake.store.lock().unwrap_or_else(PoisonError::into_inner);
    let (store, bucket) = &mut *store;
    let now = Instant::now();
    if store.is_full() {
        return Err(refused(StatusCode::INSUFFICIENT_STORAGE, "All the room that was given for telemetry is used."));
    }
    if !bucket.take(message.len(), now) {
        return Err(refused(StatusCode::TOO_MANY_REQUESTS, "More arrives than may; come again in a second."));
    }
    store.keep(signal, spelling, &message, now).map_err(|error| {
        log::warn!("what arrived cannot be kept: {error}");
        refused(StatusCode::SERVICE_UNAVAILABLE, format!("It cannot be kept: {error}."))
    })
}

/// A packed message unpacked; `None` where it is larger than may be.
fn unpacked(body: &[u8], most: usize) -> Result<Option<Vec<u8>>, Refused> {
    let mut message = Vec::new();
    let mut packed = flate2::read::MultiGzDecoder::new(body).take(most as u64 + 1);
    let bad = |error: std::io::Error| refused(StatusCode::BAD_REQUEST, format!("The gzip data is damaged: {error}."));
    packed.read_to_end(&mut message).map_err(bad)?;
    Ok((message.len() <= most).then_some(message))
}

/// The message as it is kept, if it is what it says.
fn checked(signal: Signal, spelling: Spelling, message: Vec<u8>) -> Result<Vec<u8>, Refused> {
    let bad = |error: &dyn std::fmt::Display| {
        refused(StatusCode::BAD_REQUEST, format!("These are no OTLP {}: {error}.", signal.word()))
    };
    match spelling {
        Spelling::Protobuf => {
            let decoded = match signal {
                Signal::Traces => TracesData::decode(message.as_slice()).map(drop),
                Signal::Logs => LogsData::decode(message.as_slice()).map(drop),
                Signal::Metrics => MetricsData::decode(message.as_slice()).map(drop),
            };
            decoded.map_err(|error| bad(&error))?;
            Ok(message)
        }
        Spelling::Json => {
            let value: serde_json::Value = serde_json::from_slice(&message).map_err(|error| bad(&error))?;
            let key = match signal {
                Signal::Traces => "resourceSpans",
                Signal::Logs => "resourceLogs",
                Signal::Metrics => "resourceMetrics",
            };
            let list = value.get(key).and_then(serde_json::Value::as_array);
            if list.is_none_or(|list| !list.iter().all(serde_json::Value::is_object)) {
                return Err(bad(&format_args!("there is no list `{key}` of objects")));
            }
            // On one line, however it was laid out.
            serde_json::to_vec(&value).map_err(|error| bad(&error))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_may_come_in_a_second_is_put_off() {
        let start = Instant::now();
        let mut bucket = Bucket::new(100, start);
        assert!(bucket.take(60, start) && bucket.take(60, start), "the last one is paid for later");
        assert!(!bucket.take(1, start));
        assert!(!bucket.take(1, start + Duration::from_millis(200)), "20 bytes were owed");
        assert!(bucket.take(1, start + Duration::from_millis(300)));
    }

    #[test]
    fn other_machines_are_kept_out() {
        let place = tempfile::tempdir().unwrap();
        let error = Receiver::start("0.0.0.0:0".parse().unwrap(), place.path(), Limits::default(), || {}).unwrap_err();
        assert!(error.contains("other machines"), "{error}");
    }
}
