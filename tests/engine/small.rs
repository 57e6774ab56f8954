//! Small pairs, as people write them to show one bug: few events, names and ids of many programs. Each has one planted cause,
//! and a run without it that differs only in what means nothing.

use super::*;

/// A pair and its answer, the runs as lines.
struct Small {
    what: &'static str,
    good: &'static str,
    /// The same work with other ids, times, and another legal order.
    again: &'static str,
    bad: &'static str,
    /// Events of the good and of the bad run that are the cause, or what it came instead of.
    cause: (&'static [u32], &'static [u32]),
}

const CASES: &[Small] = &[
    Small {
        what: "goroutines have other numbers in every run, and results are received in the order of the channel",
        good: r#"
            {"level":"INFO","msg":"send","goroutine":48,"ch":"jobs","job":1}
            {"level":"INFO","msg":"recv","goroutine":49,"ch":"jobs","job":1}
            {"level":"INFO","msg":"send","goroutine":48,"ch":"jobs","job":2}
            {"level":"INFO","msg":"recv","goroutine":50,"ch":"jobs","job":2}
            {"level":"INFO","msg":"send","goroutine":49,"ch":"results","job":1,"sum":10}
            {"level":"INFO","msg":"send","goroutine":50,"ch":"results","job":2,"sum":20}
            {"level":"INFO","msg":"recv","goroutine":48,"ch":"results","job":1,"sum":10}
            {"level":"INFO","msg":"recv","goroutine":48,"ch":"results","job":2,"sum":20}
            {"level":"INFO","msg":"done","goroutine":48,"total":30}"#,
        again: r#"
            {"level":"INFO","msg":"send","goroutine":79,"ch":"jobs","job":1}
            {"level":"INFO","msg":"recv","goroutine":81,"ch":"jobs","job":1}
            {"level":"INFO","msg":"send","goroutine":79,"ch":"jobs","job":2}
            {"level":"INFO","msg":"recv","goroutine":80,"ch":"jobs","job":2}
            {"level":"INFO","msg":"send","goroutine":81,"ch":"results","job":1,"sum":10}
            {"level":"INFO","msg":"send","goroutine":80,"ch":"results","job":2,"sum":20}
            {"level":"INFO","msg":"recv","goroutine":79,"ch":"results","job":1,"sum":10}
            {"level":"INFO","msg":"recv","goroutine":79,"ch":"results","job":2,"sum":20}
            {"level":"INFO","msg":"done","goroutine":79,"total":30}"#,
        bad: r#"
            {"level":"INFO","msg":"send","goroutine":79,"ch":"jobs","job":1}
            {"level":"INFO","msg":"recv","goroutine":80,"ch":"jobs","job":1}
            {"level":"INFO","msg":"send","goroutine":79,"ch":"jobs","job":2}
            {"level":"INFO","msg":"recv","goroutine":81,"ch":"jobs","job":2}
            {"level":"INFO","msg":"send","goroutine":81,"ch":"results","job":2,"sum":20}
            {"level":"INFO","msg":"send","goroutine":80,"ch":"results","job":1,"sum":10}
            {"level":"INFO","msg":"recv","goroutine":79,"ch":"results","job":2,"sum":20}
            {"level":"INFO","msg":"recv","goroutine":79,"ch":"results","job":1,"sum":10}
            {"level":"INFO","msg":"done","goroutine":79,"total":30}"#,
        cause: (&[4, 5], &[4, 5]),
    },
    Small {
        what: "Erlang names its processes anew, and a message is lost",
        good: r#"
            {"pid":"<0.101.0>","type":"spawn","mfa":"stock:loop/1","child":"<0.102.0>"}
            {"pid":"<0.101.0>","type":"spawn","mfa":"bill:loop/1","child":"<0.103.0>"}
            {"pid":"<0.101.0>","type":"send","to":"<0.102.0>","msg":"{reserve,apple,2}"}
            {"pid":"<0.102.0>","type":"receive","msg":"{reserve,apple,2}"}
            {"pid":"<0.101.0>","type":"send","to":"<0.103.0>","msg":"{bill,340}"}
            {"pid":"<0.103.0>","type":"receive","msg":"{bill,340}"}
            {"pid":"<0.103.0>","type":"send","to":"<0.101.0>","msg":"{ok,billed}"}
            {"pid":"<0.101.0>","type":"receive","msg":"{ok,billed}"}
            {"pid":"<0.101.0>","type":"exit","reason":"normal"}"#,
        again: r#"
            {"pid":"<0.141.0>","type":"spawn","mfa":"stock:loop/1","child":"<0.142.0>"}
            {"pid":"<0.141.0>","type":"spawn","mfa":"bill:loop/1","child":"<0.143.0>"}
            {"pid":"<0.141.0>","type":"send","to":"<0.142.0>","msg":"{reserve,apple,2}"}
            {"pid":"<0.141.0>","type":"send","to":"<0.143.0>","msg":"{bill,340}"}
            {"pid":"<0.142.0>","type":"receive","msg":"{reserve,apple,2}"}
            {"pid":"<0.143.0>","type":"receive","msg":"{bill,340}"}
            {"pid":"<0.143.0>","type":"send","to":"<0.141.0>","msg":"{ok,billed}"}
            {"pid":"<0.141.0>","type":"receive","msg":"{ok,billed}"}
            {"pid":"<0.141.0>","type":"exit","reason":"normal"}"#,
        bad: r#"
            {"pid":"<0.141.0>","type":"spawn","mfa":"stock:loop/1","child":"<0.142.0>"}
            {"pid":"<0.141.0>","type":"spawn","mfa":"bill:loop/1","child":"<0.143.0>"}
            {"pid":"<0.141.0>","type":"send","to":"<0.142.0>","msg":"{reserve,apple,2}"}
            {"pid":"<0.142.0>","type":"receive","msg":"{reserve,apple,2}"}
            {"pid":"<0.141.0>","type":"send","to":"<0.143.0>","msg":"{bill,340}"}
            {"pid":"<0.141.0>","type":"timeout","after":5000}
            {"pid":"<0.141.0>","type":"exit","reason":"{timeout,bill}"}"#,
        cause: (&[5], &[]),
    },
    Small {
        what: "requests of one server run at the same time; what a log calls msg links nothing",
        good: r#"
            {"level":30,"time":1700000000000,"pid":311,"hostname":"web-1","reqId":"6e0f3b5c9a1d","msg":"incoming request","url":"/u/1"}
            {"level":30,"time":1700000000003,"pid":311,"hostname":"web-1","reqId":"6e0f3b5c9a1d","msg":"query","rows":1}
            {"level":30,"time":1700000000005,"pid":311,"hostname":"web-1","reqId":"b2c4d6e8f0a1","msg":"incoming request","url":"/u/2"}
            {"level":30,"time":1700000000009,"pid":311,"hostname":"web-1","reqId":"b2c4d6e8f0a1","msg":"query","rows":1}
            {"level":30,"time":1700000000012,"pid":311,"hostname":"web-1","reqId":"6e0f3b5c9a1d","msg":"request completed","status":200,"responseTime":12.1}
            {"level":30,"time":1700000000013,"pid":311,"hostname":"web-1","reqId":"b2c4d6e8f0a1","msg":"request completed","status":200,"responseTime":8.3}"#,
        again: r#"
            {"level":30,"time":1700000900000,"pid":322,"hostname":"web-2","reqId":"0a1b2c3d4e5f","msg":"incoming request","url":"/u/2"}
            {"level":30,"time":1700000900003,"pid":322,"hostname":"web-2","reqId":"77aa66bb55cc","msg":"incoming request","url":"/u/1"}
            {"level":30,"time":1700000900005,"pid":322,"hostname":"web-2","reqId":"0a1b2c3d4e5f","msg":"query","rows":1}
            {"level":30,"time":1700000900009,"pid":322,"hostname":"web-2","reqId":"0a1b2c3d4e5f","msg":"request completed","status":200,"responseTime":9.4}
            {"level":30,"time":1700000900012,"pid":322,"hostname":"web-2","reqId":"77aa66bb55cc","msg":"query","rows":1}
            {"level":30,"time":1700000900013,"pid":322,"hostname":"web-2","reqId":"77aa66bb55cc","msg":"request completed","status":200,"responseTime":10.8}"#,
        bad: r#"
            {"level":30,"time":1700000900000,"pid":322,"hostname":"web-2","reqId":"0a1b2c3d4e5f","msg":"incoming request","url":"/u/2"}
            {"level":30,"time":1700000900003,"pid":322,"hostname":"web-2","reqId":"77aa66bb55cc","msg":"incoming request","url":"/u/1"}
            {"level":30,"time":1700000900005,"pid":322,"hostname":"web-2","reqId":"0a1b2c3d4e5f","msg":"query","rows":0}
            {"level":30,"time":1700000900009,"pid":322,"hostname":"web-2","reqId":"0a1b2c3d4e5f","msg":"request completed","status":404,"responseTime":9.4}
            {"level":30,"time":1700000900012,"pid":322,"hostname":"web-2","reqId":"77aa66bb55cc","msg":"query","rows":1}
            {"level":30,"time":1700000900013,"pid":322,"hostname":"web-2","reqId":"77aa66bb55cc","msg":"request completed","status":200,"responseTime":10.8}"#,
        cause: (&[3], &[2]),
    },
    Small {
        what: "all that a record says is one text with ids in it",
        good: r#"
            {"message":"job 8f2a6c1e9b04 accepted"}
            {"message":"job 17c3d5e7f9ab accepted"}
            {"message":"job 8f2a6c1e9b04 started on gpu0"}
            {"message":"job 17c3d5e7f9ab started on gpu1"}
            {"message":"job 8f2a6c1e9b04 finished"}
            {"message":"job 17c3d5e7f9ab finished"}"#,
        again: r#"
            {"message":"job 0d1e2f3a4b5c accepted"}
            {"message":"job 99887766aabb accepted"}
            {"message":"job 0d1e2f3a4b5c started on gpu0"}
            {"message":"job 99887766aabb started on gpu1"}
            {"message":"job 0d1e2f3a4b5c finished"}
            {"message":"job 99887766aabb finished"}"#,
        bad: r#"
            {"message":"job 0d1e2f3a4b5c accepted"}
            {"message":"job 99887766aabb accepted"}
            {"message":"job 0d1e2f3a4b5c started on gpu0"}
            {"message":"job 0d1e2f3a4b5c started on gpu1"}
            {"message":"job 0d1e2f3a4b5c finished"}
            {"message":"job 99887766aabb finished"}"#,
        cause: (&[3], &[3]),
    },
    Small {
        what: "a mutex is known by its being taken and given, whatever its field is called",
        good: r#"
            {"event":"TASK_READY","task":"sensor","tick":1001}
            {"event":"MUTEX_TAKE","task":"sensor","object":"spi_mtx","tick":1004}
            {"event":"SPI_XFER","task":"sensor","object":"spi1","tick":1005}
            {"event":"MUTEX_GIVE","task":"sensor","object":"spi_mtx","tick":1012}
            {"event":"TASK_READY","task":"logger","tick":1013}
            {"event":"MUTEX_TAKE","task":"logger","object":"spi_mtx","tick":1016}
            {"event":"FLASH_WRITE","task":"logger","object":"spi1","tick":1017}
            {"event":"MUTEX_GIVE","task":"logger","object":"spi_mtx","tick":1024}"#,
        again: r#"
            {"event":"TASK_READY","task":"logger","tick":2001}
            {"event":"TASK_READY","task":"sensor","tick":2002}
            {"event":"MUTEX_TAKE","task":"sensor","object":"spi_mtx","tick":2004}
            {"event":"SPI_XFER","task":"sensor","object":"spi1","tick":2005}
            {"event":"MUTEX_GIVE","task":"sensor","object":"spi_mtx","tick":2012}
            {"event":"MUTEX_TAKE","task":"logger","object":"spi_mtx","tick":2016}
            {"event":"FLASH_WRITE","task":"logger","object":"spi1","tick":2017}
            {"event":"MUTEX_GIVE","task":"logger","object":"spi_mtx","tick":2024}"#,
        bad: r#"
            {"event":"TASK_READY","task":"sensor","tick":2001}
            {"event":"TASK_READY","task":"logger","tick":2002}
            {"event":"MUTEX_TAKE","task":"logger","object":"spi_mtx","tick":2004}
            {"event":"MUTEX_WAIT","task":"sensor","object":"spi_mtx","tick":2005}
            {"event":"FLASH_WRITE","task":"logger","object":"spi1","tick":2012}
            {"event":"MUTEX_GIVE","task":"logger","object":"spi_mtx","tick":2016}
            {"event":"MUTEX_TAKE","task":"sensor","object":"spi_mtx","tick":2017}
            {"event":"SPI_XFER","task":"sensor","object":"spi1","tick":2024}
            {"event":"MUTEX_GIVE","task":"sensor","object":"spi_mtx","tick":2025}"#,
        cause: (&[1, 5], &[2]),
    },
    Small {
        what: "threads share a process, which orders nothing",
        good: r#"
            {"process":4228,"threadName":"worker-1","message":"order 1001 received"}
            {"process":4228,"threadName":"worker-1","message":"order 1001 reserved 3 units"}
            {"process":4228,"threadName":"worker-2","message":"order 1002 received"}
            {"process":4228,"threadName":"worker-2","message":"order 1002 reserved 1 units"}
            {"process":4228,"threadName":"worker-1","message":"order 1001 charged 60 EUR"}
            {"process":4228,"threadName":"worker-2","message":"order 1002 charged 20 EUR"}"#,
        again: r#"
            {"process":4245,"threadName":"worker-2","message":"order 1002 received"}
            {"process":4245,"threadName":"worker-1","message":"order 1001 received"}
            {"process":4245,"threadName":"worker-2","message":"order 1002 reserved 1 units"}
            {"process":4245,"threadName":"worker-2","message":"order 1002 charged 20 EUR"}
            {"process":4245,"threadName":"worker-1","message":"order 1001 reserved 3 units"}
            {"process":4245,"threadName":"worker-1","message":"order 1001 charged 60 EUR"}"#,
        bad: r#"
            {"process":4245,"threadName":"worker-2","message":"order 1002 received"}
            {"process":4245,"threadName":"worker-1","message":"order 1001 received"}
            {"process":4245,"threadName":"worker-2","message":"order 1002 reserved 1 units"}
            {"process":4245,"threadName":"worker-2","message":"order 1002 charged 20 EUR"}
            {"process":4245,"threadName":"worker-1","message":"order 1001 reserved 30 units"}
            {"process":4245,"threadName":"worker-1","message":"order 1001 charged 600 EUR"}"#,
        cause: (&[1], &[4]),
    },
    Small {
        what: "pods, containers and their addresses are others in every run",
        good: r#"
            {"at":"01/Mar/2026:10:00:01 +0000","client":"10.0.0.1:51514","controller":"kubelet","message":"Created pod: web-7d4b9c8f5d-x2k9p"}
            {"at":"01/Mar/2026:10:00:02 +0000","client":"10.0.0.1:51514","controller":"kubelet","message":"Created pod: web-7d4b9c8f5d-ln6wq"}
            {"at":"01/Mar/2026:10:00:03 +0000","client":"10.0.0.1:51514","controller":"kubelet","message":"Started web-7d4b9c8f5d-x2k9p"}
            {"at":"01/Mar/2026:10:00:05 +0000","client":"10.0.0.1:51514","controller":"kubelet","message":"Started web-7d4b9c8f5d-ln6wq"}"#,
        again: r#"
            {"at":"02/Mar/2026:11:00:01 +0000","client":"10.0.0.7:40001","controller":"kubelet","message":"Created pod: web-7d4b9c8f5d-c8vtz"}
            {"at":"02/Mar/2026:11:00:04 +0000","client":"10.0.0.7:40001","controller":"kubelet","message":"Created pod: web-7d4b9c8f5d-4mbkd"}
            {"at":"02/Mar/2026:11:00:05 +0000","client":"10.0.0.7:40001","controller":"kubelet","message":"Started web-7d4b9c8f5d-c8vtz"}
            {"at":"02/Mar/2026:11:00:06 +0000","client":"10.0.0.7:40001","controller":"kubelet","message":"Started web-7d4b9c8f5d-4mbkd"}"#,
        bad: r#"
            {"at":"02/Mar/2026:11:00:01 +0000","client":"10.0.0.7:40001","controller":"kubelet","message":"Created pod: web-7d4b9c8f5d-c8vtz"}
            {"at":"02/Mar/2026:11:00:04 +0000","client":"10.0.0.7:40001","controller":"kubelet","message":"Created pod: web-7d4b9c8f5d-4mbkd"}
            {"at":"02/Mar/2026:11:00:05 +0000","client":"10.0.0.7:40001","controller":"kubelet","message":"Started web-7d4b9c8f5d-c8vtz"}
            {"at":"02/Mar/2026:11:00:06 +0000","client":"10.0.0.7:40001","controller":"kubelet","message":"Back-off restarting web-7d4b9c8f5d-4mbkd"}"#,
        cause: (&[3], &[3]),
    },
    Small {
        what: "two transactions take their locks in another order each",
        good: r#"
            {"txid":514,"action":"begin","us":1012}
            {"txid":515,"action":"begin","us":1015}
            {"txid":514,"action":"lock","row":"accounts/1","us":1059}
            {"txid":514,"action":"lock","row":"accounts/2","us":1071}
            {"txid":514,"action":"unlock","row":"accounts/2","us":1074}
            {"txid":514,"action":"unlock","row":"accounts/1","us":1118}
            {"txid":515,"action":"lock","row":"accounts/1","us":1130}
            {"txid":515,"action":"lock","row":"accounts/2","us":1133}
            {"txid":515,"action":"unlock","row":"accounts/2","us":1177}
            {"txid":515,"action":"unlock","row":"accounts/1","us":1189}"#,
        again: r#"
            {"txid":514,"action":"begin","us":7012}
            {"txid":514,"action":"lock","row":"accounts/1","us":7015}
            {"txid":515,"action":"begin","us":7059}
            {"txid":514,"action":"lock","row":"accounts/2","us":7071}
            {"txid":514,"action":"unlock","row":"accounts/2","us":7074}
            {"txid":514,"action":"unlock","row":"accounts/1","us":7118}
            {"txid":515,"action":"lock","row":"accounts/1","us":7130}
            {"txid":515,"action":"lock","row":"accounts/2","us":7133}
            {"txid":515,"action":"unlock","row":"accounts/2","us":7177}
            {"txid":515,"action":"unlock","row":"accounts/1","us":7189}"#,
        bad: r#"
            {"txid":514,"action":"begin","us":7012}
            {"txid":515,"action":"begin","us":7015}
            {"txid":514,"action":"lock","row":"accounts/1","us":7059}
            {"txid":515,"action":"lock","row":"accounts/2","us":7071}
            {"txid":514,"action":"wait","row":"accounts/2","us":7074}
            {"txid":515,"action":"wait","row":"accounts/1","us":7118}
            {"txid":515,"action":"deadlock","us":7130}"#,
        cause: (&[3, 6, 7], &[3]),
    },
];

fn lines_of(text: &str) -> Vec<Value> {
    lines(&text.lines().map(str::trim).collect::<Vec<_>>().join("\n"))
}

#[test]
fn the_planted_cause_of_small_pairs_is_named_first() {
    for case in CASES {
        let answer = run(&lines_of(case.good), &lines_of(case.bad));
        let cause = answer.comparison.causes.first();
        let named = cause.map(|c| [(c.side, Some(c.index)), (c.side.other(), c.other), (c.side.other(), c.overtaken)]);
        let planted = |&(side, event): &(Side, Option<u32>)| {
            let events = if side == Side::Expected { case.cause.0 } else { case.cause.1 };
            event.is_some_and(|event| events.contains(&event))
        };
        let hit = named.iter().flatten().any(planted);
        assert!(hit, "{}: {cause:?} {:?}", case.what, answer.spec.fields);
    }
}

#[test]
fn a_run_that_differs_only_in_names_times_and_legal_order_is_equivalent() {
    for case in CASES {
        let answer = run(&lines_of(case.good), &lines_of(case.again));
        let c = &answer.comparison;
        assert_eq!(c.verdict, Verdict::Equivalent, "{}: {:?} {:?}", case.what, c.causes, answer.spec.fields);
    }
}

#[test]
fn swapping_the_sides_of_small_pairs_mirrors_the_numbers() {
    for case in CASES {
        let (ahead, back) =
            (run(&lines_of(case.good), &lines_of(case.bad)), run(&lines_of(case.bad), &lines_of(case.good)));
        let (c, m) = (&ahead.comparison.counts, &back.comparison.counts);
        let mirrored = (m.same, m.changed, m.moved, m.extra + m.duplicate, m.missing);
        assert_eq!((c.same, c.changed, c.moved, c.missing, c.extra + c.duplicate), mirrored, "{}", case.what);
        assert_eq!(ahead.first(), (back.first().1, back.first().0), "{}", case.what);
    }
}

#[test]
fn one_huge_number_makes_no_clock() {
    let run_of = |fifth: u64| -> Vec<Value> {
        (0..8).map(|i| serde_json::json!({"k": "count", "n": if i == 5 { fifth } else { i }})).collect()
    };
    let answer = run(&run_of(5), &run_of(u64::MAX));
    assert_eq!(answer.first(), (Some(5), Some(5)), "{:?}", answer.spec.fields);
}

#[test]
fn what_every_event_has_another_of_is_no_lane_though_one_is_called_released() {
    let taken = |i: u32| {
        let kind = if i.is_multiple_of(2) { "LOCK_ACQUIRED" } else { "LOCK_RELEASED" };
        let addr = format!("0x7f00{:06x}", i * 64);
        serde_json::json!({"type": kind, "task": i / 2 % 3, "lock": i / 2 % 5, "addr": addr})
    };
    let records: Vec<Value> = (0..40).map(taken).collect();
    let answer = run(&records, &records);
    let lanes: Vec<&str> = answer.spec.fields.iter().filter_map(|field| field.lane.as_deref()).collect();
    assert_eq!(lanes, ["task", "lock"]);
}
