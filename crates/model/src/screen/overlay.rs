//! What can lie over the panes: the kinds of overlays with their state, where their keys are looked up, and which is on top.

use std::sync::Arc;

use keys::keymap::Place;
use strum::{EnumDiscriminants, VariantArray};
use text::Outside;

use super::{Pane, Picker, Screen};
use crate::cluster::ObjectRef;
use crate::entry::EntryId;
use crate::filter::Filter;
use crate::logs::{LogLine, Segment};
use crate::meta::Uid;
use crate::palette::Palette;
use crate::runbook::{RunbookChoice, RunbookPage};
use crate::templates::Differing;
use crate::write::dialog::Dialog;
use crate::yaml::Yaml;
use crate::{incident_form::IncidentForm, note::Note};

/// The state of one kind of overlay: everything but the three matches (keys here, input in `update`, drawing in `view`) gets
/// at it by its type.
pub trait OverlayState: Sized {
    /// The state, if the overlay is of this kind.
    fn of(overlay: &Overlay) -> Option<&Self>;

    /// The same, to be changed.
    fn of_mut(overlay: &mut Overlay) -> Option<&mut Self>;
}

macro_rules! overlays {
    ($($(#[$doc:meta])+ $kind:ident($state:ty),)+) => {
        /// What can lie over the panes.
        #[derive(Clone, Debug, EnumDiscriminants)]
        #[strum_discriminants(name(OverlayKind), derive(VariantArray))]
        pub enum Overlay {
            $($(#[$doc])+ $kind(Box<$state>),)+
        }

        $(
            impl From<$state> for Overlay {
                fn from(state: $state) -> Overlay {
                    Overlay::$kind(Box::new(state))
                }
            }

            impl OverlayState for $state {
                fn of(overlay: &Overlay) -> Option<&Self> {
                    match overlay {
                        Overlay::$kind(state) => Some(state),
                        _ => None,
                    }
                }

                fn of_mut(overlay: &mut Overlay) -> Option<&mut Self> {
                    match overlay {
                        Overlay::$kind(state) => Some(state),
                        _ => None,
                    }
                }
            }
        )+
    };
}

overlays! {
    /// The keys of the place below.
    Help(HelpPage),
    /// The filter of the focused pane, or the search of a YAML, is being typed.
    Filter(FilterLine),
    /// One of a list is to be chosen.
    Picker(Picker),
    /// Anything is looked for by a few letters.
    Palette(Palette),
    /// A note is being written.
    Note(Note),
    /// An incident is being opened or closed.
    Incident(IncidentForm),
    /// A write is asked about.
    Dialog(Dialog),
    /// What differs between two revisions.
    Diff(Difference),
    /// One entry of the timeline whole.
    Entry(EntryPage),
    /// One alert whole.
    Alert(AlertPage),
    /// What changed before the first symptom.
    Changes(ChangesPage),
    /// One object as YAML.
    Yaml(Yaml),
    /// One line of a log whole.
    LogLine(LogLinePage),
    /// One object whole.
    Detail(DetailPage),
    /// A team's document.
    Runbook(RunbookPage),
    /// Which document?
    RunbookChoice(RunbookChoice),
}

impl OverlayKind {
    pub const ALL: &[OverlayKind] = OverlayKind::VARIANTS;
}

impl Overlay {
    /// Where keys are looked up while it is on top.
    pub fn place(&self) -> Place {
        match self {
            Overlay::Diff(_)
            | Overlay::Help(_)
            | Overlay::Detail(_)
            | Overlay::Alert(_)
            | Overlay::Changes(_)
            | Overlay::Yaml(_)
            | Overlay::LogLine(_)
            | Overlay::Runbook(_)
            | Overlay::Entry(_) => Place::Global,
            Overlay::Filter(_)
            | Overlay::Picker(_)
            | Overlay::Palette(_)
            | Overlay::RunbookChoice(_) => Place::Line,
            Overlay::Incident(form) => form.place(),
            Overlay::Note(_) => Place::Editor,
            Overlay::Dialog(dialog) => dialog.place(),
        }
    }
}

impl Screen {
    /// Lays something over the panes: on top, but never over a dialog, of which there is at most one. All overlays come
    /// through here.
    pub fn lay(&mut self, overlay: impl Into<Overlay>) {
        let overlay = overlay.into();
        let is_open = self.dialog().is_some();
        if is_open && Dialog::of(&overlay).is_some() {
            return;
        }
        let below = self.overlays.len() - usize::from(is_open);
        self.overlays.insert(below, overlay);
    }

    /// The topmost overlay, if it is of this kind.
    pub fn topmost<S: OverlayState>(&self) -> Option<&S> {
        self.overlays.last().and_then(S::of)
    }

    /// The same, to be changed.
    pub fn topmost_mut<S: OverlayState>(&mut self) -> Option<&mut S> {
        self.overlays.last_mut().and_then(S::of_mut)
    }

    /// The dialog that is open; it is always on top.
    pub fn dialog(&self) -> Option<&Dialog> {
        self.topmost()
    }

    /// The same, to be changed.
    pub fn dialog_mut(&mut self) -> Option<&mut Dialog> {
        self.topmost_mut()
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

    /// Is the filter of this pane being typed?
    pub fn is_filtering(&self, pane: Pane) -> bool {
        self.focus == pane && self.topmost::<FilterLine>().is_some()
    }

    /// Is the next key part of a free text? That of a dialog is not: it is a number or the name of the target.
    pub fn takes_text(&self) -> bool {
        self.dialog().is_none() && matches!(self.place(), Place::Line | Place::Editor)
    }
}

/// The keys of the place below, as a page.
#[derive(Clone, Debug, Default)]
pub struct HelpPage {
    /// First line shown.
    pub top: usize,
}

/// A line in which a filter is typed; the filter itself takes effect with each key.
#[derive(Clone, Debug)]
pub struct FilterLine {
    /// What was there before, to go back to.
    pub before: Filter,
}

/// An entry of the timeline, as a page.
#[derive(Clone, Debug)]
pub struct EntryPage {
    pub id: EntryId,
    /// First line shown.
    pub top: usize,
}

/// An alert, as a page.
#[derive(Clone, Debug)]
pub struct AlertPage {
    pub uid: Uid,
    /// First line shown.
    pub top: usize,
}

/// What changed, as a page.
#[derive(Clone, Debug, Default)]
pub struct ChangesPage {
    /// The entry of the change under the cursor.
    pub selected: Option<EntryId>,
    /// First line shown, as far as the cursor is in sight.
    pub top: usize,
}

/// An object of the cluster, as a page.
#[derive(Clone, Debug)]
pub struct DetailPage {
    pub object: ObjectRef,
    /// First line shown.
    pub top: usize,
}

/// A line of a log, as a page. It stays when the pane lets the line go.
#[derive(Clone, Debug)]
pub struct LogLinePage {
    pub segment: Arc<Segment>,
    /// Number of the line within the segment.
    pub number: u32,
    /// First line shown.
    pub top: usize,
    /// The match under the reader's eye, among those of the page.
    pub found: Option<usize>,
}

impl LogLinePage {
    pub fn line(&self) -> Option<&LogLine> {
        self.segment.lines().get(self.number as usize)
    }
}

/// What differs between two templates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// `checkout r42 -> r41`.
    pub title: Outside,
    /// The line of the rollouts from which it was asked for.
    pub line: Uid,
    pub lines: Vec<Differing>,
    /// First line shown.
    pub top: usize,
}
