//! What is on top, what has the focus, what is being typed: the state of the screen itself.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use super::cluster::ObjectRef;
use super::entry::EntryId;
use super::filter::{Filter, field};
use super::link::Subject;
use super::meta::Row;
use super::note::{IncidentForm, Note};
use super::palette::Palette;
use super::pods::Uid;
use super::table::Table;
use super::templates::Differing;
use super::time::At;
use super::watched::Cluster;
use super::write::dialog::Dialog;
use super::yaml::Yaml;
use keys::key::Key;
use keys::keymap::Place;
use text::Outside;

/// A message in the status line stays this long; an error until the next key.
pub const STATUS_MS: u64 = 8_000;
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
    pub status: Option<Status>,
    /// The terminal does not say what it has shown: a dialog wants the name typed.
    pub is_mute: bool,
    /// When the last key came.
    pub last_key: Option<At>,
    /// When Ctrl-C was pressed with nothing to cancel.
    pub cancel_pressed: Option<At>,
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
            lower: Pane::Timeline,
            subject: None,
            alerts: List::default(),
            pods: List::default(),
            logs: List::default(),
            rollouts: List::default(),
        }
    }

    /// Gives the keys to a pane.
    pub fn look_at(&mut self, pane: Pane) {
        self.focus = pane;
        if pane != Pane::Pods {
            self.lower = pane;
        }
    }

    /// What narrows this pane: nothing narrows the one in which it was chosen.
    pub fn subject_of(&self, pane: Pane) -> Option<&Subject> {
        self.subject.as_ref().filter(|subject| subject.from != pane)
    }

    /// Lays something over the panes: on top, but never over a dialog, of which there is at most one. All overlays come
    /// through here.
    pub fn lay(&mut self, overlay: Overlay) {
        let is_open = self.dialog().is_some();
        match overlay {
            Overlay::Dialog(_) if is_open => {}
            overlay => {
                let below = self.overlays.len() - usize::from(is_open);
                self.overlays.insert(below, overlay);
            }
        }
    }

    /// The dialog that is open; it is always on top.
    pub fn dialog(&self) -> Option<&Dialog> {
        match self.overlays.last() {
            Some(Overlay::Dialog(dialog)) => Some(dialog),
            _ => None,
        }
    }

    /// The same, to be changed.
    pub fn dialog_mut(&mut self) -> Option<&mut Dialog> {
        match self.overlays.last_mut() {
            Some(Overlay::Dialog(dialog)) => Some(dialog),
            _ => None,
        }
    }

    /// Closes the dialog, if one is open.
    pub fn close_dialog(&mut self) {
        if self.dialog().is_some() {
            self.overlays.pop();
        }
    }

    /// Where keys are looked up now.
    pub fn place(&self) -> Place {
        self.overlays.last().map_or(Place::Global, Overlay::place)
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
    /// First line shown while nothing is selected.
    pub top: usize,
    /// What narrows it.
    pub filter: Filter,
    /// Column it is sorted by, an index into the pane's columns.
    pub sort: usize,
    pub is_reversed: bool,
}

impl List {
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

/// What can lie over the panes.
#[derive(Clone, Debug)]
pub enum Overlay {
    /// The keys of the place below.
    Help {
        /// First line shown.
        top: usize,
    },
    /// The filter of the focused pane is being typed.
    Filter {
        /// What was there before, to go back to.
        before: Filter,
    },
    /// One of a list is to be chosen.
    Picker(Picker),
    /// Anything is looked for by a few letters.
    Palette(Palette),
    /// A note is being written.
    Note(Box<Note>),
    /// An incident is being opened or closed.
    Incident(IncidentForm),
    /// A write is asked about.
    Dialog(Box<Dialog>),
    /// What differs between two revisions.
    Diff(Box<Difference>),
    /// One entry of the timeline whole.
    Entry {
        id: EntryId,
        /// First line shown.
        top: usize,
    },
    /// One alert whole.
    Alert {
        uid: Uid,
        /// First line shown.
        top: usize,
    },
    /// One object as YAML.
    Yaml(Box<Yaml>),
    /// One object whole.
    Detail {
        object: ObjectRef,
        /// First line shown.
        top: usize,
    },
}

impl Overlay {
    /// Where keys are looked up while it is on top.
    pub fn place(&self) -> Place {
        match self {
            Overlay::Diff(_)
            | Overlay::Help { .. }
            | Overlay::Detail { .. }
            | Overlay::Alert { .. }
            | Overlay::Yaml(_)
            | Overlay::Entry { .. } => Place::Global,
            Overlay::Filter { .. }
            | Overlay::Picker(_)
            | Overlay::Palette(_)
            | Overlay::Incident(_) => Place::Line,
            Overlay::Note(_) => Place::Editor,
            Overlay::Dialog(dialog) => dialog.place(),
        }
    }
}

/// What differs between two templates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// `checkout r42 -> r41`.
    pub title: Outside,
    pub lines: Vec<Differing>,
    /// First line shown.
    pub top: usize,
}

/// Choose one of a list, narrowed by typing.
#[derive(Clone, Debug)]
pub struct Picker {
    /// What is chosen.
    pub what: Picked,
    /// What was typed.
    pub text: String,
    /// Selected line among the matching ones.
    pub selected: usize,
}

impl Picker {
    /// What it offers now: the choices that contain what was typed; `None` is "all".
    pub fn choices(&self, cluster: &Cluster) -> Vec<Option<Outside>> {
        let filter = Filter::parse(&self.text);
        let is_offered = |name: &Outside| filter.matches(&std::iter::once(field(name)));
        let (all, names): (_, Vec<Outside>) = match self.what {
            Picked::Namespace => {
                let table = &cluster.namespaces.table;
                (
                    Some(None),
                    (0..table.len())
                        .filter_map(|line| table.row_at(line))
                        .map(|(row, _)| row.name.clone())
                        .collect(),
                )
            }
            Picked::Context => {
                let contexts = cluster.contexts.iter();
                (
                    None,
                    contexts.map(|name| Outside::from(name.clone())).collect(),
                )
            }
        };
        let all = all.filter(|_| filter.matches(&std::iter::once("all namespaces")));
        all.into_iter()
            .chain(names.into_iter().filter(is_offered).map(Some))
            .collect()
    }
}

/// What a picker chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picked {
    /// The namespace to watch.
    Namespace,
    /// The cluster context.
    Context,
}

/// One line at the bottom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    pub text: Outside,
    /// Stays until the next key, and is drawn as an error.
    pub is_error: bool,
    /// It answers a key: the next key takes it away, so that nothing old stands there as if it were the answer to that.
    pub is_answer: bool,
    /// When it came.
    pub at: At,
}
