//! What is on top, what has the focus, what is being typed: the state of the screen itself.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

mod names;
mod overlay;
mod picker;

pub use names::NameColumns;
pub use overlay::{
    AlertPage, ChangesPage, DetailPage, Difference, EntryPage, FilterLine, HelpPage, LogLinePage,
    Overlay, OverlayKind, OverlayState,
};
pub use picker::{Picked, Picker};

use super::filter::Filter;
use super::link::Subject;
use super::meta::Row;
use super::meta::Uid;
use super::table::Table;
use super::time::At;
use keys::key::Key;
use text::Outside;

/// A message in the status line stays this long; an error until the next key.
pub const STATUS_MS: u64 = 8_000;
/// What replaces a pod is made within this time; later nobody waits for it.
pub const SUCCESSION_MS: u64 = 120_000;
/// The order of a table holds still for this long after a key.
pub const HOLD_MS: u64 = 1_000;
/// A second Ctrl-C within this time leaves.
pub const CANCEL_TWICE_MS: u64 = 1_000;

/// The screen's state.
#[derive(Clone, Debug)]
pub struct Screen {
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The pane that keys go to.
    pub focus: Pane,
    /// The focused pane has the whole screen.
    pub is_zoomed: bool,
    /// Keys of an unfinished chord.
    pub pending: Vec<Key>,
    /// What lies over the panes, topmost last.
    pub overlays: Vec<Overlay>,
    /// The status line.
    pub status: Option<StatusLine>,
    /// The terminal does not say what it has shown: a dialog wants the name typed.
    pub is_mute: bool,
    /// When the last key came.
    pub last_key: Option<At>,
    /// When Ctrl-C was pressed with nothing to cancel.
    pub cancel_pressed: Option<At>,
    /// Somebody was told what stays open when he leaves: the next time he leaves.
    pub is_leaving: bool,
    /// The pane that a narrow screen shows below the pods.
    pub lower: Pane,
    /// What the panes are narrowed to.
    pub subject: Option<Subject>,
    /// The alerts pane.
    pub alerts: List,
    /// The pods pane.
    pub pods: List,
    /// The logs pane.
    pub logs: List,
    /// The rollouts pane.
    pub rollouts: List,
}

impl Screen {
    /// An empty screen of this size.
    pub fn new(columns: u16, rows: u16) -> Self {
        Screen {
            size: (columns, rows),
            focus: Pane::Pods,
            is_zoomed: false,
            pending: Vec::new(),
            overlays: Vec::new(),
            status: None,
            is_mute: false,
            last_key: None,
            cancel_pressed: None,
            is_leaving: false,
            lower: Pane::Timeline,
            subject: None,
            alerts: List::default(),
            pods: List::default(),
            logs: List::default(),
            rollouts: List::default(),
        }
    }

    /// Gives the keys to a pane.
    pub fn focus_on(&mut self, pane: Pane) {
        self.focus = pane;
        if pane != Pane::Pods {
            self.lower = pane;
        }
    }

    /// The pane below the pods on a narrow screen.
    pub fn lower_pane(&self) -> Pane {
        match self.focus {
            Pane::Pods => self.lower,
            pane @ (Pane::Alerts | Pane::Logs | Pane::Rollouts | Pane::Timeline) => pane,
        }
    }

    /// The cursor of a list where it is drawn: in the pane that has the keys, and where somebody put it.
    pub fn shown_cursor(&self, pane: Pane) -> Option<&Cursor> {
        let list = match pane {
            Pane::Alerts => &self.alerts,
            Pane::Pods => &self.pods,
            Pane::Rollouts => &self.rollouts,
            // These have a cursor of their own.
            Pane::Logs | Pane::Timeline => return None,
        };
        let is_shown = list.is_pointed || self.focus == pane;
        list.cursor.as_ref().filter(|_| is_shown)
    }

    /// What narrows this pane: nothing narrows the one in which it was chosen.
    pub fn subject_of(&self, pane: Pane) -> Option<&Subject> {
        self.subject.as_ref().filter(|subject| subject.from != pane)
    }

    /// Whether tables hold their order at `now`.
    pub fn is_holding(&self, now: At) -> bool {
        self.last_key.is_some_and(|key| now.since_ms(key) < HOLD_MS)
    }
}

/// A pane, with the digit that leads to it.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    IntoStaticStr,
    VariantArray,
)]
pub enum Pane {
    /// 1
    Alerts,
    /// 2
    Pods,
    /// 3
    Logs,
    /// 4
    Rollouts,
    /// 5
    Timeline,
}

impl Pane {
    /// In the order of Tab.
    pub const ALL: &[Pane] = Pane::VARIANTS;

    /// Its digit on the screen.
    pub fn digit(self) -> char {
        match self {
            Pane::Alerts => '1',
            Pane::Pods => '2',
            Pane::Logs => '3',
            Pane::Rollouts => '4',
            Pane::Timeline => '5',
        }
    }

    pub fn title(self) -> &'static str {
        self.into()
    }

    /// The pane after this one, or before it.
    #[must_use]
    pub fn next(self, is_forward: bool) -> Pane {
        let at = Pane::ALL.iter().position(|pane| *pane == self).unwrap_or(0);
        let count = Pane::ALL.len();
        Pane::ALL[if is_forward { at + 1 } else { at + count - 1 } % count]
    }
}

/// A list's own state: what is selected, and what narrows and sorts it.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// The selected object and the screen line it keeps.
    pub cursor: Option<Cursor>,
    /// Somebody moved the cursor, or acted on what it is on: from then on it goes nowhere by itself.
    pub is_pointed: bool,
    /// What the cursor was on when the list was settled last.
    pub seen: Option<SeenObject>,
    /// What was selected and is gone, until somebody selects anew.
    pub lost: Option<Succession>,
    /// First line shown while nothing is selected.
    pub top: usize,
    /// What narrows it.
    pub filter: Filter,
    /// Column it is sorted by, an index into the pane's columns.
    pub sort: usize,
    pub is_reversed: bool,
    /// How wide its names are.
    pub names: NameColumns,
}

impl List {
    /// What was selected and is gone, where the cursor is on what took its place.
    pub fn in_place_of(&self, uid: &Uid) -> Option<&SeenObject> {
        let is_on = self
            .cursor
            .as_ref()
            .is_some_and(|cursor| cursor.uid == *uid);
        let lost = self.lost.as_ref().filter(|_| is_on);
        lost.map(|lost| &lost.of)
    }

    /// The first line shown: the selected object keeps its line on the screen, as far as the list is long enough.
    pub fn top_line<R: Row>(&self, table: &Table<R>, height: usize) -> usize {
        let selected = self
            .cursor
            .as_ref()
            .and_then(|cursor| Some((table.line_of(&cursor.uid)?, cursor.screen_line)));
        let top = selected.map_or(self.top, |(line, screen_line)| {
            line.saturating_sub(screen_line.min(height.saturating_sub(1)))
        });
        top.min(table.len().saturating_sub(height))
    }
}

/// The cursor is on an object, not on a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub uid: Uid,
    /// The line of the pane's body on which it stays when the order changes.
    pub screen_line: usize,
}

/// What is remembered of the object under a cursor: by it a successor is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenObject {
    pub uid: Uid,
    pub namespace: Outside,
    pub name: Outside,
    /// What it is called on the screen.
    pub title: Outside,
    /// What its successors share with it, in the same namespace: the name of their workload.
    pub kin: Option<Outside>,
    /// The line of the list on which it stood.
    pub line: usize,
}

/// A selected object is gone: what takes its place has the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Succession {
    pub of: SeenObject,
    pub since: At,
    /// Its successor may still come: nobody has pressed a key about what the cursor is on.
    pub is_awaited: bool,
}

/// One line at the bottom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusLine {
    pub text: Outside,
    /// Stays until the next key, and is drawn as an error.
    pub is_error: bool,
    /// It answers a key: the next key takes it away, so that nothing old stands there as if it were the answer to that.
    pub is_answer: bool,
    /// When it came.
    pub at: At,
}
