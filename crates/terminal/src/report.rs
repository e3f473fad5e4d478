//! The one question that is asked of the terminal: where is the cursor (CPR, <https://vt100.net/docs/vt510-rm/DSR-CPR.html>)?
//! A terminal answers when it has come to the question, so that the answer proves that the bytes before it were read; that
//! they were written proves only that the kernel's buffer had room. Nothing that is drawn depends on an answer.
//!
//! The cursor, which nobody sees, is put on another cell for each question: only the answer that names this cell belongs to
//! it. An answer to an earlier question, or one that nobody asked for, is dropped.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// In the first row an answer could be a key as well: `ESC [ 1 ; 2 R` is Shift-F3.
pub(super) const FIRST_ROW: u16 = 2;

/// Where the terminal says that its cursor is: row and column, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    pub row: u16,
    pub column: u16,
}

/// The questions of one terminal.
#[derive(Default)]
pub(super) struct Reports {
    asked: u32,
    newest: Option<(Report, u64)>,
    is_awaited: Awaited,
}

/// For the reader: the head of a sequence on the keyboard may be that of an answer.
#[derive(Clone, Default)]
pub(super) struct Awaited(Arc<AtomicBool>);

impl Awaited {
    pub(super) fn is_so(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

impl Reports {
    pub(super) fn awaited(&self) -> Awaited {
        self.is_awaited.clone()
    }

    /// The bytes that ask, behind the frame of this number; none on a screen that has a first row alone.
    pub(super) fn ask(&mut self, frame: u64, columns: u16, rows: u16) -> Vec<u8> {
        let rows = u32::from(rows.saturating_sub(FIRST_ROW - 1));
        if rows == 0 || columns == 0 {
            return Vec::new();
        }
        let cell = |at: u32, first: u16| u16::try_from(at).unwrap_or(0) + first;
        let report = Report {
            row: cell(self.asked % rows, FIRST_ROW),
            column: cell(self.asked / rows % u32::from(columns), 1),
        };
        self.asked = self.asked.wrapping_add(1);
        self.newest = Some((report, frame));
        self.is_awaited.0.store(true, Ordering::SeqCst);
        format!("\x1b[{};{}H\x1b[6n", report.row, report.column).into_bytes()
    }

    /// The frame behind which the terminal was asked last, if this is the answer.
    pub(super) fn answered(&mut self, report: Report) -> Option<u64> {
        let (_, frame) = self.newest.take_if(|(awaited, _)| *awaited == report)?;
        self.is_awaited.0.store(false, Ordering::SeqCst);
        Some(frame)
    }

    /// The screen was somebody else's meanwhile.
    pub(super) fn forget(&mut self) {
        self.newest = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(reports: &mut Reports, frame: u64) -> Report {
        reports.ask(frame, 80, 24);
        let newest = reports.newest.map(|(report, _)| report);
        newest.unwrap_or(Report { row: 0, column: 0 })
    }

    #[test]
    fn only_the_answer_to_the_newest_question_counts_and_only_once() {
        let mut reports = Reports::default();
        let (first, second) = (ask(&mut reports, 1), ask(&mut reports, 2));
        assert_eq!(reports.answered(first), None);
        assert_eq!(reports.answered(second), Some(2));
        assert_eq!(reports.answered(second), None);
        let third = ask(&mut reports, 3);
        reports.forget();
        assert_eq!(reports.answered(third), None);
    }

    #[test]
    fn no_answer_can_be_a_key_and_none_looks_like_those_before_it() {
        let mut reports = Reports::default();
        let mut before = Vec::new();
        for frame in 0..1_000 {
            let report = ask(&mut reports, frame);
            assert!((2..=24).contains(&report.row) && (1..=80).contains(&report.column));
            assert!(!before.contains(&report));
            before.push(report);
        }
    }

    #[test]
    fn a_screen_of_one_row_is_not_asked() {
        assert!(Reports::default().ask(1, 80, 1).is_empty());
        assert!(Reports::default().ask(1, 0, 24).is_empty());
        assert_eq!(Reports::default().ask(1, 1, 2), b"\x1b[2;1H\x1b[6n");
    }
}
