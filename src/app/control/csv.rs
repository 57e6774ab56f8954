//! What is seen of a control loop as a table: a row for each moment in sight, a column for each line that is drawn.

use std::io::{Result, Write};

use super::plots::Look;
use super::sheet::Sheet;

/// A column while it is written.
struct Column<'a> {
    name: String,
    times: &'a [f64],
    values: &'a [f64],
}

/// Writes the shown lines between the ends of the axis in sight. A field is empty where the line has no sample at that moment,
/// or recorded nothing. Says how many rows there are.
pub fn write(sheet: &Sheet, out: &mut impl Write) -> Result<u64> {
    let (control, plots, sight) = (sheet.control(), sheet.plots(), sheet.sight());
    let mut columns = Vec::new();
    for plot in sheet.shown() {
        let plot = &plots.list[plot];
        for line in plot.lines.iter().filter(|line| sheet.draws(line.look)) {
            let unit = plot.unit.as_ref().map_or_else(String::new, |unit| format!(" [{unit}]"));
            let look = if line.look == Look::Between { String::new() } else { format!(" {}", line.look.word()) };
            let (times, values) = plots.raw(control, line);
            let samples = plots.series(control, line).samples(sight.from(), sight.to());
            let (times, values) = (&times[samples.clone()], &values[samples]);
            columns.push(Column { name: format!("{}{look}{unit}", plot.name), times, values });
        }
    }
    let mut rows = csv::Writer::from_writer(out);
    let axis = if plots.timed { "time [s]" } else { "sample" };
    rows.write_field(axis)?;
    for column in &columns {
        rows.write_field(&column.name)?;
    }
    rows.write_record(None::<&[u8]>)?;
    let mut places = vec![0_usize; columns.len()];
    let mut written = 0;
    loop {
        let next = columns.iter().zip(&places).filter_map(|(column, &place)| column.times.get(place)).copied();
        let now = next.fold(f64::INFINITY, f64::min);
        if now == f64::INFINITY {
            rows.flush()?;
            return Ok(written);
        }
        rows.write_field(now.to_string())?;
        for (column, place) in columns.iter().zip(&mut places) {
            let here = column.times.get(*place) == Some(&now);
            let value = column.values.get(*place).filter(|value| here && value.is_finite());
            rows.write_field(value.map_or_else(String::new, f64::to_string))?;
            *place += usize::from(here);
        }
        rows.write_record(None::<&[u8]>)?;
        written += 1;
    }
}
