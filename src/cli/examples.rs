//! What `--help` says at length: what the program is, and examples of every command.

pub const ABOUT: &str = "A divergence explorer: where two recordings of the same work part, why, and what it broke";

pub const LONG_ABOUT: &str = "\
A divergence explorer: where two recordings of the same work part, why, and what it broke.

One recording went right (expected), one went wrong (actual). DetTrace lines them up event by event, sets noise and \
legal reorderings aside, and names the first difference, the most likely cause and the first symptom.

An incident pack is a folder, a .zip or one file that holds both recordings. DetTrace tells them apart by a pack.json, \
by words in their names such as expected, baseline, good, pass and actual, candidate, degraded, failing, or by your \
--expected and --actual. Recordings are JSON events: one a line, an array, or a document that holds an array; .gz and \
.zst of these too; Chrome traces are such arrays. One request's traces and logs (OTLP JSON or protobuf, Jaeger or Zipkin \
JSON) are a recording as well; of many requests, with metrics, whole windows are compared: a baseline and a failing one, \
each a file or a folder; of metrics in a CSV table with a call graph beside it too. Everything stays on this machine.";

pub const EXAMPLES: &str = "\
Examples:
  dettrace                                   open the window
  dettrace incident.zip                      open the window on an incident pack
  dettrace expected.jsonl actual.jsonl       open the window on two recordings
  dettrace compare expected.jsonl actual.jsonl
                                             the same answer as text, for a terminal or CI
  dettrace screenshot incident.zip -o incident.png
                                             a picture of the window; needs no display

Each command has its own help: dettrace compare --help.";

pub const COMPARE_EXAMPLES: &str = "\
Examples:
  dettrace compare good.jsonl bad.jsonl
  dettrace compare incident.zip --format markdown --output postmortem.md
  dettrace compare runs/ --expected run-17.jsonl --actual run-18.jsonl
  dettrace compare good.jsonl bad.jsonl --ignore host --tolerance latency_ms=5% --tolerance time=20ms
  dettrace compare incident/ --ignore host --save-spec
                                             the same, and next time without saying so
  dettrace compare good.jsonl bad.jsonl --same 5=7 --not-same 6=6
                                             expected's event 5 is actual's 7, and the two at 6 are two events
  zcat bad.jsonl.gz | dettrace compare good.jsonl - --format json
  dettrace compare otlp/yesterday/ otlp/incident/
                                             many requests against many: the services that broke, ranked
  dettrace compare metrics/healthy/ metrics/incident/
                                             the same from CSV tables: metrics.csv, and graph.csv (who calls whom)
  dettrace compare healthy.jsonl delayed.csv
                                             sampled runs of a control loop: when they part, and by which fault
  dettrace compare otlp/ --baseline otlp/last-week/
                                             a pack of both windows, and a further baseline
  dettrace compare good.jsonl bad.jsonl --baseline good-runs/
                                             what varies between the good runs in the folder is nothing new

Exit codes:
  0  identical or equivalent
  1  diverged or truncated
  2  trouble: something cannot be read, was read in part (unless --allow-partial), cannot be compared, or the sides are
     not clear; a wrong argument

A field is named by its dotted path, such as metadata.pin. What was compared, ignored and renamed is part of every answer.";

pub const SCREENSHOT_EXAMPLES: &str = "\
Examples:
  dettrace screenshot incident.zip -o incident.png
  dettrace screenshot expected.jsonl actual.jsonl -o race.png --theme light --scale 2 --select actual:5@queue:0
  dettrace screenshot --watch runs/ -o runs.png";

pub const SLICE_EXAMPLES: &str = "\
Examples:
  dettrace slice incident.zip -o small
  dettrace slice good.jsonl bad.jsonl -o small --around actual:5012 --redact user.name --redact host

Exit codes:
  0  the slice compares the same: verdict, first difference and most likely cause
  2  trouble, or it was written and compares otherwise, as is said

Only the named fields are redacted, and the same value gets the same pseudonym everywhere: look at the files before you \
send them.";

pub const REPORT_EXAMPLES: &str = "\
Examples:
  dettrace report incident.zip -o postmortem

Files: report.md, divergence_report.json, and where the recordings tell of services, tasks or lanes that call each other \
reports/distributed_incident_report.json and propagation_prediction.json; of a control loop \
reports/control_loop_diagnostics_summary.json, for a folder with a baseline and several runs one scenario each.";

pub const SIMULATE_EXAMPLES: &str = "\
Examples:
  dettrace simulate control                  the four named scenarios and their numbers
  dettrace simulate control --scenario delayed_sensor -o packs
  dettrace simulate control --fault delay=3@20-40 --fault bias=0.1@50- --noise 0.01 --seed 7 -o packs
  dettrace simulate control --sweep delay=0..8:1
                                             at which lateness of the sensor the loop no longer holds

Faults: delay=STEPS, dropout, bias=DISTANCE, noise=DEVIATION, stale=SHARE, saturation=LIMIT, lag=SECONDS, deadzone=WIDTH, \
jitter=SECONDS, missed=SECONDS, overrun=MILLISECONDS, push=ACCELERATION, shift=DISTANCE, each with @STEP, @FROM-TO or @FROM-.

Parameters to sweep: kp, ki, kd, limit, dt, delay, lag, stale, deadzone.";

pub const RELATE_EXAMPLES: &str = "\
Examples:
  dettrace relate monday.zip tuesday.zip
  dettrace relate monday/ tuesday/ --format json

Exit codes:
  0  the same cause and the same family
  1  not the same
  2  trouble, or one of them says nothing about its cause";

pub const WATCH_EXAMPLES: &str = "\
Examples:
  dettrace watch runs/ --baseline good.jsonl
                                             each recording in runs/ against the baseline
  dettrace watch incidents/                  packs, and pairs such as run-7-good.jsonl and run-7-bad.jsonl
  dettrace watch device.log.jsonl --baseline good.jsonl
                                             one recording as it grows
  dettrace watch runs/ --baseline good.jsonl --until diverged --timeout 1h && echo all good
                                             ends a test loop at the first divergence
  dettrace watch live/ --otlp 127.0.0.1:4318 --baseline yesterday/
                                             services export to it; each minute is compared with yesterday

A run is looked at when its writing has come to rest. While all that is wrong with it may be that more is to come (it ends \
early, or in the middle of a record), its answer waits until nothing came for the time of --settle.

Exit codes:
  0  stopped by the timeout or an interrupt
  1  a run diverged, and --until diverged was given
  2  trouble: a wrong argument, or nothing can be written";
