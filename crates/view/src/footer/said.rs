//! What was said, or is wrong with the cluster, in as many lines as it takes.

use super::Pieces;
use crate::paint;
use crate::theme::{Role, Theme};
use model::Model;
use text::SafeText;

/// Words that were said take at most so many lines: below them the panes are needed.
const ROWS_MAX: usize = 3;
/// On a low screen one or two.
const LOW_ROWS: u16 = 20;
const LOWEST_ROWS: u16 = 12;

/// Lines that the footer takes: what was said is read to its end.
pub(crate) fn rows(model: &Model, (columns, rows): (u16, u16)) -> u16 {
    let most = match rows {
        0..LOWEST_ROWS => 1,
        LOWEST_ROWS..LOW_ROWS => 2,
        LOW_ROWS.. => ROWS_MAX,
    };
    let is_chord = !model.screen.pending.is_empty();
    let said = said(model).filter(|_| !is_chord);
    let lines = said.map_or(1, |said| said.lines(columns.into(), most).len());
    u16::try_from(lines).unwrap_or(1)
}

/// What was said, or is wrong.
pub(super) struct Said<'a> {
    is_error: bool,
    what: SafeText<'a>,
    /// What to do about it: never cut.
    next: SafeText<'static>,
}

pub(super) type SaidLine = Vec<(SafeText<'static>, Role)>;

impl Said<'_> {
    /// In one line where there is room, else broken at words into as many as there may be.
    pub(super) fn lines(&self, width: usize, most: usize) -> Vec<SaidLine> {
        let role = if self.is_error { Role::Bad } else { Role::Text };
        let sign = SafeText::from(if self.is_error { " ! " } else { " " });
        let (what, next) = (self.what.clone().into_owned(), self.next.clone());
        let whole = SafeText::from(format!("{what}{next}"));
        let indent = sign.width();
        let room = width.saturating_sub(indent);
        if whole.width() <= room || most <= 1 {
            let left = room.saturating_sub(next.width() + 1).max(width / 3);
            let what = if next.as_str().is_empty() {
                what
            } else {
                what.truncated(left).into_owned()
            };
            return vec![vec![(sign, role), (what, role), (next, Role::Text)]];
        }
        let mut parts = paint::wrapped(&whole, room);
        if parts.len() > most {
            let left = (room * most).saturating_sub(next.width() + most * room / 8);
            let cut = SafeText::from(format!("{}{next}", what.truncated(left)));
            parts = paint::wrapped(&cut, room);
            parts.truncate(most);
        }
        let mut before = Some(sign);
        let lines = parts.into_iter().map(|part| {
            let blanks = || SafeText::from(" ".repeat(indent));
            vec![(before.take().unwrap_or_else(blanks), role), (part, role)]
        });
        lines.collect()
    }
}

/// The last words, else what is wrong with the cluster.
pub(super) fn said(model: &Model) -> Option<Said<'_>> {
    if let Some(status) = &model.screen.status {
        return Some(Said {
            is_error: status.is_error,
            what: status.text.shown(),
            next: SafeText::from(""),
        });
    }
    let problem = model.cluster.problem()?;
    Some(Said {
        is_error: true,
        what: problem.what.shown(),
        next: SafeText::from(format!("; {}", problem.next)),
    })
}

pub(super) fn styled(line: &SaidLine, theme: &Theme) -> Pieces<'static> {
    let pieces = line.iter();
    let pieces = pieces.map(|(text, role)| (text.clone(), theme.style(*role)));
    pieces.collect()
}
