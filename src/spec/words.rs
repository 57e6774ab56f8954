//! What names of fields and values hint at. Names are a hint only: behaviour decides (SEMANTICS rule 8).

pub(crate) use crate::trace::words;

/// True when one of `words` stands in `list`, which is words with spaces between.
pub(crate) fn any(words: &[String], list: &str) -> bool {
    words.iter().any(|w| list.split(' ').any(|l| l == w))
}

/// How much a field's name suggests that it is the kind of event; 0 is not at all.
pub(crate) fn kind_score(path: &str) -> u32 {
    let words = words(path.rsplit('.').next().unwrap_or(path));
    let joined = words.join("_");
    let exact = [
        ("event_type", 100),
        ("type", 95),
        ("typ", 95),
        ("tipo", 95),
        ("event_kind", 94),
        ("event", 90),
        ("evt", 90),
        ("evento", 90),
        ("ereignis", 90),
        ("evenement", 90),
        ("event_name", 89),
        ("kind", 86),
        ("action", 85),
        ("accion", 85),
        ("aktion", 85),
        ("operation", 82),
        ("operacion", 82),
        ("op", 82),
        ("op_type", 82),
        ("opcode", 80),
        ("syscall", 80),
        ("span_name", 70),
        ("method", 62),
        ("name", 60),
        ("nombre", 60),
        ("cmd", 58),
        ("command", 58),
        ("phase", 50),
        ("msg", 40),
        ("message", 30),
        ("mensaje", 30),
    ];
    exact.iter().find(|(name, _)| *name == joined).map_or(0, |&(_, score)| score)
}

/// How a lane's name stands in the order that chooses the home lane. SEMANTICS rule 14.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Selectivity {
    /// A task, thread, span: does one thing.
    Actor,
    /// A worker, queue, lock, pin, register.
    Signal,
    /// A component, service, host: may do many things at once.
    Component,
    /// A component that does: it orders only events that touch nothing else.
    Group,
}

const ACTORS: &str = "\
    task thread tid fiber coroutine goroutine actor process job agent robot lwp coro greenlet strand tarea hilo hebra \
    aufgabe faden tache fil prozess proceso trabajo travail";
const SIGNALS: &str = "\
    worker queue lock mutex semaphore channel chan conn connection socket pin gpio register reg irq interrupt \
    signal cpu core timer dma bus port topic partition shard fifo buffer resource q sem vector intr latch barrier pipe \
    mailbox sock spinlock rwlock condvar cond mtx ch vcpu hart executor runner trabajador obrero cola cerrojo \
    candado canal conexion registro senal arbeiter warteschlange sperre kanal verrou ouvrier recurso";
const COMPONENTS: &str = "\
    component service svc host node device module instance server subsystem pod container servicio componente nodo \
    dienst modul composant dispositivo";
/// Words that say a field is no lane even though another of its words is one: the other end of a link, a level, a count.
const NEVER_LANES: &str = "\
    to from source sender receiver remote caller callee owner holder blocked waits downstream upstream peer dest \
    destination dst src target next prev previous parent status state level severity count size len length depth \
    attempt latency duration value version time timeout priority request trace correlation budget load usage type \
    kind estado nivel hacia desde destino origen items elapsed dt try tries retry retries round iteration offset \
    operation action method endpoint route total reason message text quantity qty cantidad menge quantite stock \
    units detail details description note info comment title weight capacity waiting pending";

/// True when a field's values are called like it: `car-2` of `car`, `/nd/1` of `nd`, `client000` of `clientId`.
pub(crate) fn is_called_like<'a>(path: &str, values: impl Iterator<Item = &'a str>) -> bool {
    let mut name = words(path.rsplit('.').next().unwrap_or(path));
    name.retain(|w| !matches!(w.as_str(), "id" | "no" | "nr" | "name"));
    let called = |value: &str| {
        let first = words(value).into_iter().next().unwrap_or_default();
        let bare = first.trim_end_matches(|c: char| c.is_ascii_digit());
        !bare.is_empty() && name.iter().any(|w| w == bare) && value.ends_with(|c: char| c.is_ascii_digit())
    };
    let mut values = values.peekable();
    values.peek().is_some() && values.all(called)
}

/// True for names that never are lanes: the other end of a link, a level, a count.
pub(crate) fn never_lane(path: &str) -> bool {
    any(&words(path.rsplit('.').next().unwrap_or(path)), NEVER_LANES)
}

/// The lane word of a field (`task` for `task_id`, `tarea` for `tarea.id`) and its selectivity, if its name suggests one.
pub(crate) fn lane_hint(path: &str) -> Option<(String, Selectivity)> {
    let mut names = path.rsplit('.');
    let last = words(names.next().unwrap_or(path));
    if any(&last, NEVER_LANES) {
        return None;
    }
    let found = classify(&last).or_else(|| {
        let bare = last.iter().all(|w| matches!(w.as_str(), "id" | "no" | "num" | "number" | "name" | "nombre" | "nr"));
        let parent = words(names.next()?);
        (bare && !any(&parent, NEVER_LANES)).then(|| classify(&parent)).flatten()
    });
    found.map(|(word, selectivity)| (word.to_owned(), selectivity))
}

/// The lane word that texts such as `queue-0`, `task3`, `irq_18` begin with, when nearly all of them do.
pub(crate) fn lane_hint_of_values<'t>(values: impl Iterator<Item = &'t str>) -> Option<(&'static str, Selectivity)> {
    let (mut all, mut found) = (0, None);
    for value in values {
        let bare = value.trim_end_matches(|c: char| c.is_ascii_digit());
        let word = bare.trim_end_matches(['-', '_', ':', '#', '.', ' ']).to_lowercase();
        let hint = if bare.len() < value.len() { classify(&[word]) } else { None };
        match (hint, found) {
            (Some(hint), None) => found = Some(hint),
            (Some(hint), Some(before)) if hint == before => {}
            _ => return None,
        }
        all += 1;
    }
    found.filter(|_| all >= 2)
}

fn classify(words: &[String]) -> Option<(&'static str, Selectivity)> {
    if words.len() == 2 && words[0] == "work" && words[1] == "item" {
        return Some(("work_item", Selectivity::Actor));
    }
    [(ACTORS, Selectivity::Actor), (SIGNALS, Selectivity::Signal), (COMPONENTS, Selectivity::Component)]
        .into_iter()
        .find_map(|(list, s)| words.iter().find_map(|w| list.split(' ').find(|l| l == w)).map(|w| (w, s)))
}

/// The lane word of a field that a person or behaviour made a lane.
pub(crate) fn lane_word(path: &str) -> String {
    if let Some((word, _)) = lane_hint(path) {
        return word;
    }
    let mut names: Vec<&str> = path.split('.').collect();
    if names.len() > 1 && matches!(names[names.len() - 1], "id" | "name" | "no") {
        names.pop();
    }
    names.last().map_or_else(|| path.to_owned(), |n| (*n).to_owned())
}

/// Names that suggest a time of day or of the run.
pub(crate) fn is_time_name(path: &str) -> bool {
    let w = words(path.rsplit('.').next().unwrap_or(path));
    let list = "\
        ts time timestamp t at when start clock date datetime hora fecha tiempo zeit zeitstempel temps momento \
        instante begin end finish marca ticks";
    any(&w, list) && !is_measure_name(path)
}

/// Names that are the unit in which a clock counts, and nothing else.
pub(crate) fn is_unit_name(path: &str) -> bool {
    let name = path.rsplit('.').next().unwrap_or(path).to_lowercase();
    any(&[name], "ms us ns msec usec nsec millis micros nanos jiffies")
}

/// Names that say no less than a time of a clock.
pub(crate) fn is_clock_name(path: &str) -> bool {
    let w = words(path.rsplit('.').next().unwrap_or(path));
    any(&w, "ts timestamp time clock date datetime zeitstempel")
}

/// Names that say a time is the start of something with a length.
pub(crate) fn is_start_name(path: &str) -> bool {
    any(&words(path.rsplit('.').next().unwrap_or(path)), "start begin inicio debut")
}

/// Names of measured quantities.
pub(crate) fn is_measure_name(path: &str) -> bool {
    let list = "\
        cpu mem memory rss heap load usage utilization percent pct rate throughput temperature budget cost";
    is_duration_name(path) || any(&words(path.rsplit('.').next().unwrap_or(path)), list)
}

/// Names of measured times, which are never twice the same.
pub(crate) fn is_duration_name(path: &str) -> bool {
    let list = "\
        latency duration dur elapsed took delay dt uptime wait waited overhead latencia duracion dauer duree jitter";
    any(&words(path.rsplit('.').next().unwrap_or(path)), list)
}

/// Names of the time that something took, though a time of day may be called so too.
pub(crate) fn is_time_spent_name(path: &str) -> bool {
    let words = words(path.rsplit('.').next().unwrap_or(path));
    let of = "response request processing process exec execution run query render service turnaround cycle upstream";
    words.windows(2).any(|w| w[1] == "time" && any(&w[..1], of))
}

/// Names of record counters.
pub(crate) fn is_position_name(path: &str) -> bool {
    let list = "\
        seq sequence index idx step line lineno sec secuencia indice paso nr n i ordinal offset num pos position \
        schritt";
    any(&words(path), list)
}

/// Names whose difference makes two runs less comparable.
pub(crate) fn is_telling_name(path: &str) -> bool {
    let list = "host hostname build version commit branch revision sha config configuration env environment region zone \
        machine arch os platform seed firmware kernel compiler maquina entorno";
    any(&words(path), list)
}

/// Names of machines: other lanes live on them, and the next run may use others.
pub(crate) fn is_machine_name(path: &str) -> bool {
    any(&words(path.rsplit('.').next().unwrap_or(path)), "host hostname machine vm pod container maquina")
}

/// Names of what runs on its own within a process.
pub(crate) fn is_thread_name(path: &str) -> bool {
    any(
        &words(path.rsplit('.').next().unwrap_or(path)),
        "thread tid fiber coroutine goroutine coro greenlet strand lwp hilo hebra faden fil",
    )
}

/// Names of what threads run in.
pub(crate) fn is_process_name(path: &str) -> bool {
    any(&words(path.rsplit('.').next().unwrap_or(path)), "process prozess proceso processus")
}

/// Names of what acts where nothing finer is known: a process, what carries out one piece of work of a database.
pub(crate) fn is_last_actor_name(path: &str) -> bool {
    any(&words(path.rsplit('.').next().unwrap_or(path)), "pid tx txn txid xid transaction transaccion transaktion")
}

/// True for kinds that take hold of something, or wait for it.
pub(crate) fn takes(kind: &str) -> bool {
    any(&words(kind), "lock locked acquire acquired take taken wait waiting")
}

/// True for kinds that let go of something, or let others have it.
pub(crate) fn gives(kind: &str) -> bool {
    any(&words(kind), "unlock unlocked release released give given signal notify broadcast wakeup")
}

/// Names that say where a recording comes from; those that differ in every run are not telling.
pub(crate) fn is_provenance_name(path: &str) -> bool {
    let list = "run session pid boot uuid node instance pod file scenario";
    is_telling_name(path) || any(&words(path), list) || is_correlation_name(path)
}

/// Names of ids that hold a whole request or run together, and so are never lanes.
pub(crate) fn is_correlation_name(path: &str) -> bool {
    let w = words(path);
    any(&w, "trace request correlation req run session peticion solicitud") && (w.len() == 1 || any(&w, "id no key"))
}

/// Names of ids that hold a request together, within which span ids are told apart.
pub(crate) fn is_request_id_name(path: &str) -> bool {
    is_correlation_name(path) && !any(&words(path), "run session")
}

/// Names of span ids.
pub(crate) fn is_span_name(path: &str) -> bool {
    let w = words(path);
    any(&w, "span") && !any(&w, "parent name kind type")
}

/// Names of references to a parent span.
pub(crate) fn is_parent_name(path: &str) -> bool {
    any(&words(path), "parent padre")
}

/// Names of message ids, seen once where the message is sent and again where it arrives.
pub(crate) fn is_message_name(path: &str) -> bool {
    let w = words(path.rsplit('.').next().unwrap_or(path));
    let joined = w.join("_");
    matches!(
        joined.as_str(),
        "msg" | "msg_id" | "message_id" | "packet" | "packet_id" | "frame_id" | "flow" | "flow_id" | "mensaje_id"
    )
}

/// Names of references to the event that caused this one.
pub(crate) fn is_cause_name(path: &str) -> bool {
    let w = words(path).join("_");
    matches!(w.as_str(), "cause" | "caused_by" | "cause_id" | "cause_seq" | "because" | "triggered_by" | "causa")
}

/// Names of fields whose value says how it went.
pub(crate) fn is_outcome_name(path: &str) -> bool {
    let w = words(path.rsplit('.').next().unwrap_or(path));
    let list = "\
        status state level severity result outcome error exception failure reason code estado resultado nivel \
        cancelled canceled failed timeout ergebnis";
    any(&w, list)
}

/// Values (and kinds) that say that it went wrong.
pub(crate) fn is_error_word(text: &str) -> bool {
    const LIST: &str = "\
        error err errors timeout timedout fail failed failure fatal panic exception abort aborted cancelled \
        canceled cancel unavailable refused degraded critical crash crashed missed rejected overrun overflow \
        unhealthy unstable lost fallo fallido fehler erreur agotado perdido";
    any(&words(text), LIST)
}

/// Kinds that say that something did not come in time.
pub(crate) fn is_timeout_word(text: &str) -> bool {
    let words = words(text);
    any(&words, "timeout timedout expired expiry deadline") || words.windows(2).any(|w| w == ["timed", "out"])
}

/// Kinds that answer a request.
pub(crate) fn is_reply_word(text: &str) -> bool {
    any(&words(text), "reply response respuesta antwort reponse responded replied")
}

/// Kinds that bring a request in.
pub(crate) fn is_request_word(text: &str) -> bool {
    any(&words(text), "request requested peticion solicitud anfrage requete")
}

/// From which number on the numbers of a field are ids that have other names in every run; `None` where they never are.
pub(crate) fn least_number_id(path: &str) -> Option<f64> {
    let w = words(path);
    if any(&w, "count size len length depth duration time ms ns us s priority state status") {
        None
    } else if any(&w, "pid tid thread process hilo proceso prozess processus hebra faden") {
        // Smaller ones count the threads of one program, and mean the same in every run.
        Some(100.0)
    } else if is_correlation_name(path) {
        // Smaller ones count the requests of one run.
        Some(100.0)
    } else if any(&w, "goroutine") {
        // The first is that of the program; what the others are called is the runtime's choice.
        Some(2.0)
    } else if any(&w, "worker executor runner lwp trabajador arbeiter conn connection conexion session client") {
        // Pools are small, and count their own.
        Some(1000.0)
    } else if any(&w, "port puerto") {
        Some(super::shape::FREE_PORT as f64)
    } else if any(&w, "id uuid guid handle ptr pointer addr address") {
        Some(10_000_000.0)
    } else {
        None
    }
}

/// Names of values that mean what they say however much they look like ids: contents of registers, checksums, masks.
pub(crate) fn is_content_name(path: &str) -> bool {
    let list = "\
        value val data payload crc checksum sum mask flags bits word byte bytes digest hash content etag code color \
        colour amount price balance temperature reading valor wert valeur dato datos register reg opcode version \
        commit revision sha";
    any(&words(path), list)
}

/// True for hex of eight and more digits, UUIDs, pointers, hardware addresses and what names an Erlang process: values that may be
/// other names for the same thing.
pub(crate) fn is_id_shaped(text: &str) -> bool {
    if super::shape::is_special_id(text) {
        return true;
    }
    let bare = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let hex = bare.unwrap_or(text);
    let digits = hex.bytes().filter(u8::is_ascii_hexdigit).count();
    let dashes = hex.bytes().filter(|&b| b == b'-').count();
    if digits + dashes != hex.len() {
        return false;
    }
    match dashes {
        0 if bare.is_some() => digits >= 6,
        0 => digits >= 8 && hex.bytes().any(|b| b.is_ascii_digit()),
        4 => digits == 32,
        _ => false,
    }
}

/// An end of something that lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    Begins,
    Ends,
}

/// Which end of what a kind is, such as that `TASK_STARTED` begins a `task`, which `TASK_FINISHED` ends.
pub(crate) fn extent_of(kind: &str) -> Option<(Extent, String)> {
    let mut words = words(kind);
    let last = words.pop()?;
    let is = |list: &str| list.split(' ').any(|word| word == last);
    let extent = if is(
        "begin begins began start started starts enter entered acquire acquired receive received open opened",
    ) {
        Extent::Begins
    } else if is(
        "end ended finish finished done complete completed failed exit exited leave left release released reply replied \
                  close closed",
    ) {
        Extent::Ends
    } else {
        return None;
    };
    Some((extent, words.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_are_hinted_by_name_in_several_languages() {
        assert_eq!(lane_hint("task"), Some(("task".to_owned(), Selectivity::Actor)));
        assert_eq!(lane_hint("metadata.pin"), Some(("pin".to_owned(), Selectivity::Signal)));
        assert_eq!(lane_hint("tarea.id"), Some(("tarea".to_owned(), Selectivity::Actor)));
        assert_eq!(lane_hint("service"), Some(("service".to_owned(), Selectivity::Component)));
        for no in ["downstream_service", "queue_depth", "state", "task_count", "peer_service", "latency_ms", "to"] {
            assert_eq!(lane_hint(no), None, "{no}");
        }
    }

    #[test]
    fn ids_are_known_by_their_shape() {
        for id in ["0x7fff12", "deadbeef01", "550e8400-e29b-41d4-a716-446655440000"] {
            assert!(is_id_shaped(id), "{id}");
        }
        for word in ["deadbeef", "req-100", "task", "cafe", "12"] {
            assert!(!is_id_shaped(word), "{word}");
        }
    }

    #[test]
    fn errors_are_known_by_their_words() {
        assert!(is_error_word("tcp_connect_timeout") && is_error_word("NETWORK_ERROR") && is_error_word("degraded"));
        assert!(!is_error_word("ok") && !is_error_word("terror") && !is_error_word("TASK_FINISHED"));
    }
}
