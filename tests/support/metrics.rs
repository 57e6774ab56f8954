//! Tables of metrics with a call graph, as several tests open them.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

/// A shop that calls a bank and a stock; the bank is slow in the last rows, and the shop waits. Of a web page nobody knows the calls.
pub fn sides(folder: &tempfile::TempDir) -> [PathBuf; 2] {
    let head = "node,shop,bank,stock,web,shop,bank,stock,web,shop\n\
                metric,latency,latency,latency,latency,requests,requests,requests,requests,availability\ntime,,,,,,,,,\n";
    let table = |rows: u32, slow_from: u32| {
        let mut text = head.to_owned();
        for row in 0..rows {
            let noise = f64::from(row % 5) / 1000.0;
            let slow = if row >= slow_from { 0.5 } else { 0.0 };
            let time = 1_681_398_600 + 300 * row;
            writeln!(
                text,
                "{time},{},{},{},0.02,100,100,90,5,100",
                0.1 + noise + slow,
                0.05 + noise + slow,
                0.01 + noise
            )
            .unwrap();
        }
        text
    };
    let sides = ["before", "now"].map(|side| folder.path().join(side));
    for (side, table) in sides.iter().zip([table(40, 40), table(6, 3)]) {
        fs::create_dir_all(side).unwrap();
        fs::write(side.join("metrics.csv"), table).unwrap();
    }
    let graph = ",shop,bank,stock\nshop,0,1,1\nbank,0,0,0\nstock,0,0,0\n";
    fs::write(sides[0].join("graph.csv"), graph).unwrap();
    sides
}
