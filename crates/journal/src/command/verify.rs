//! `watchfloor verify`: does the timeline say what was written?

use super::{Failure, failed, read, warnings};
use crate::store::directory::StateDir;
use crate::store::verify::{self, FileDamage};
use text::Outside;

/// Walks the whole chain. A timeline that does not hold is a failure, with every place named.
pub fn verify(dir: &StateDir) -> Result<String, Failure> {
    let (mut report, reader) = read(dir, |reader| Ok(verify::verify(reader.connection())?))?;
    if report.damage == Some(FileDamage::Rows) {
        // Some rows are reached by no tree: what is on the pages is what there is.
        let how = report.faults.pop().unwrap_or_default();
        let left = reader.of_what_is_left(&how)?;
        report = verify::Report::default();
        verify::walk(left.connection(), &mut report)?;
        report.faults.splice(0..0, warnings(&left, &[]));
    } else {
        report.faults.splice(0..0, warnings(&reader, &[]));
    }
    let summary = format!("{} entries of {} consoles", report.entries, report.writers);
    if report.faults.is_empty() {
        let redacted = if report.redacted > 0 {
            format!("; {} texts were taken out by redaction", report.redacted)
        } else {
            String::new()
        };
        return Ok(format!("{summary}: all as they were written{redacted}\n"));
    }
    let faults: Vec<String> = report
        .faults
        .iter()
        .map(|fault| format!("  {}", Outside::from(fault.as_str()).shown()))
        .collect();
    Err(failed(format!(
        "{summary}; {} places do not hold:\n{}",
        report.faults.len(),
        faults.join("\n")
    )))
}
