//! The recordings that are drawn, made once and kept: a scheduler's events, requests of many spans, a control loop.

use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

const KINDS: [&str; 4] = ["TASK_ENQUEUED", "TASK_DEQUEUED", "TASK_STARTED", "TASK_FINISHED"];
/// Services that call each other.
const SERVICES: usize = 24;

/// Writes both runs of a control loop, unless they are there: a setpoint that jumps, what follows it, and the command, with a
/// spike every hundred thousand samples; from the middle on the one is late.
pub fn control_loop(runs: &[PathBuf; 2], samples: usize) -> std::io::Result<()> {
    for (side, path) in runs.iter().enumerate() {
        if path.exists() {
            continue;
        }
        let new = path.with_extension("new");
        fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        let mut file = BufWriter::new(fs::File::create(&new)?);
        writeln!(file, "t_s,setpoint,measurement,position,command")?;
        let mut position = 0.0_f64;
        for i in 0..samples {
            let setpoint = (i / 50_000 % 3) as f64;
            let late = if side == 1 && i > samples / 2 { 0.6 } else { 1.0 };
            let command = 0.01 * (setpoint - position) * late;
            position += command;
            let spike = if i % 100_000 == 77_777 { 2.0 } else { 0.0 };
            let measured = position + spike;
            writeln!(file, "{:.3},{setpoint},{measured:.6},{position:.6},{command:.6}", i as f64 * 1e-3)?;
        }
        file.flush()?;
        fs::rename(new, path)?;
    }
    Ok(())
}

/// Writes both windows, unless they are there: so many requests of 20,000 spans, in trees that branch by three.
pub fn requests(windows: &[PathBuf; 2], number: u64) -> std::io::Result<()> {
    const SPANS: u64 = 20_000;
    for (side, folder) in windows.iter().enumerate() {
        if folder.join("traces.jsonl").exists() {
            continue;
        }
        fs::create_dir_all(folder)?;
        let mut file = BufWriter::new(fs::File::create(folder.join("traces.new"))?);
        for trace in 0..number {
            for service in 0..8 {
                write!(
                    file,
                    "{{\"resourceSpans\":[{{\"resource\":{{\"attributes\":[{{\"key\":\"service.name\",\"value\":{{\"stringValue\":\"service-{service}\"}}}}]}},\"scopeSpans\":[{{\"spans\":["
                )?;
                for (place, id) in (service..SPANS).step_by(8).enumerate() {
                    let comma = if place > 0 { "," } else { "" };
                    let parent = if id > 0 { format!("{:016x}", (id - 1) / 3 + 1) } else { String::new() };
                    // The work of one operation takes far longer now.
                    let own = if side == 1 && id % 97 == 5 { 400_000 } else { 2_000 };
                    let took = own + (SPANS - id) * 100;
                    let begin = 1_700_000_000_000_000_000 + trace * 1_000_000_000 + id * 100;
                    write!(
                        file,
                        "{comma}{{\"traceId\":\"{trace:032x}\",\"spanId\":\"{:016x}\",\"parentSpanId\":\"{parent}\",\"name\":\"operation {}\",\"startTimeUnixNano\":\"{begin}\",\"endTimeUnixNano\":\"{}\"}}",
                        id + 1,
                        id % 97,
                        begin + took
                    )?;
                }
                writeln!(file, "]}}]}}]}}")?;
            }
        }
        file.flush()?;
        fs::rename(folder.join("traces.new"), folder.join("traces.jsonl"))?;
    }
    Ok(())
}

/// Writes both recordings, unless they are there: a scheduler with tasks, workers and queues, for services that call
/// each other.
pub fn record(folder: &Path, paths: &[PathBuf; 2], events: usize) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let done = folder.join("done");
    if done.exists() {
        return Ok(());
    }
    for (side, path) in paths.iter().enumerate() {
        let mut file = BufWriter::new(fs::File::create(path)?);
        for i in 0..events {
            let value = if side == 1 && i % 1_000 == 500 { 99 } else { i / 11 % 17 };
            writeln!(
                file,
                "{{\"seq\":{i},\"ts_ns\":{},\"type\":\"{}\",\"task\":{},\"worker\":{},\"queue\":{},\"service\":\"service-{}\",\"peer\":\"service-{}\",\"value\":{value}}}",
                1_000_000_u64 + i as u64 * 1_250 + (i as u64 * 7_919 % 600) * (side as u64 + 1),
                KINDS[i / 48 % 4],
                i % 48,
                i % 8,
                i % 3,
                i % SERVICES,
                (i * 3 + i / 48 % 3 + 1) % SERVICES,
            )?;
        }
        file.flush()?;
    }
    fs::write(done, "")
}
