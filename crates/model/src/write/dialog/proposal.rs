//! What is asked, and the values that are chosen for it in the dialog.

use super::replicas;
use super::{Field, Plan};
use crate::entry::EntryId;
use crate::meta::Uid;
use crate::time::At;
use crate::write::Change;
use crate::write::change::Rollback;
use text::Outside;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proposal {
    /// How many replicas?
    Scale {
        /// As it is.
        from: u32,
        /// As it was typed, whether it is a number or not.
        typed: String,
        /// It stands there for orientation: the first digit replaces it.
        is_prefilled: bool,
    },
    /// Back to an earlier count.
    Undo {
        /// As it is.
        from: u32,
        /// As it was.
        to: u32,
        /// As we had set it.
        set: u32,
        /// The intent that is taken back.
        of: Option<EntryId>,
    },
    /// Restart?
    Restart {
        /// The annotation as it is.
        from: Option<Outside>,
    },
    /// Back to which revision?
    Rollback(Box<Plan>),
    /// Delete a pod, so that it is made anew?
    Replace {
        pod: Outside,
        uid: Uid,
        /// What is wrong with it.
        why: Outside,
    },
}

impl Proposal {
    /// "How many replicas?", with the count as it is; never with 0.
    pub fn scale(from: u32) -> Self {
        Proposal::scale_to(from, from)
    }

    /// The same, with the count that is wanted; never with 0, which has to be typed.
    pub fn scale_to(from: u32, to: u32) -> Self {
        let is_prefilled = to != 0;
        Proposal::Scale {
            from,
            typed: if is_prefilled {
                to.to_string()
            } else {
                String::new()
            },
            is_prefilled,
        }
    }

    /// What would be changed, as far as it is chosen; a restart is stamped with `now`.
    pub fn change(&self, now: At) -> Option<Change> {
        match self {
            Proposal::Scale { from, typed, .. } => {
                let to = replicas::read(typed).ok().filter(|to| to != from)?;
                Some(Change::Scale { from: *from, to })
            }
            Proposal::Undo { from, to, .. } => Some(Change::Scale {
                from: *from,
                to: *to,
            }),
            Proposal::Restart { from } => Some(Change::Restart {
                from: from.clone(),
                at: now.wall.format("%Y-%m-%dT%H:%M:%SZ").to_string().into(),
            }),
            Proposal::Rollback(plan) => Some(Change::Rollback(Box::new(Rollback {
                from: plan.from.clone(),
                to: plan.chosen()?.point.clone(),
            }))),
            Proposal::Replace { pod, uid, .. } => Some(Change::Replace {
                pod: pod.clone(),
                uid: uid.clone(),
            }),
        }
    }

    /// The intent that this one takes back.
    pub fn undoes(&self) -> Option<EntryId> {
        match self {
            Proposal::Undo { of, .. } => *of,
            Proposal::Rollback(plan) => plan.undoes,
            Proposal::Scale { .. } | Proposal::Restart { .. } | Proposal::Replace { .. } => None,
        }
    }

    /// It takes an earlier write back.
    pub fn is_undo(&self) -> bool {
        match self {
            Proposal::Undo { .. } => true,
            Proposal::Rollback(plan) => plan.is_undo,
            Proposal::Scale { .. } | Proposal::Restart { .. } | Proposal::Replace { .. } => false,
        }
    }

    /// The field in which its value is chosen, if it has one.
    pub(super) fn field(&self) -> Option<Field> {
        match self {
            Proposal::Scale { .. } => Some(Field::Replicas),
            Proposal::Rollback(plan) if plan.options.len() > 1 => Some(Field::Revision),
            Proposal::Undo { .. }
            | Proposal::Restart { .. }
            | Proposal::Rollback(_)
            | Proposal::Replace { .. } => None,
        }
    }

    /// What it would be is what it is.
    pub fn is_no_change(&self) -> bool {
        match self {
            Proposal::Scale { from, typed, .. } => replicas::read(typed) == Ok(*from),
            Proposal::Undo { .. }
            | Proposal::Restart { .. }
            | Proposal::Rollback(_)
            | Proposal::Replace { .. } => false,
        }
    }

    /// Why the chosen value is none to go on with.
    pub fn check(&self) -> Result<(), String> {
        match self {
            Proposal::Scale { from, typed, .. } => match replicas::read(typed)? {
                to if to == *from => Err("no change yet: type another number".to_owned()),
                _ => Ok(()),
            },
            Proposal::Undo { .. }
            | Proposal::Restart { .. }
            | Proposal::Rollback(_)
            | Proposal::Replace { .. } => Ok(()),
        }
    }

    /// Takes a character as it is; what is wrong with the number that comes of it.
    pub(super) fn type_character(&mut self, character: char) -> Result<(), String> {
        let Proposal::Scale {
            typed,
            is_prefilled,
            ..
        } = self
        else {
            return Ok(());
        };
        if std::mem::take(is_prefilled) {
            typed.clear();
        }
        replicas::push(typed, character)
    }

    pub(super) fn erase(&mut self) {
        if let Proposal::Scale {
            typed,
            is_prefilled,
            ..
        } = self
        {
            *is_prefilled = false;
            typed.pop();
        }
    }

    /// One more replica, or one less; never down to 0, which has to be typed. Of revisions the one above, or below.
    pub(super) fn nudge(&mut self, by: i32) {
        match self {
            Proposal::Scale {
                from,
                typed,
                is_prefilled,
            } => {
                let count = replicas::read(typed).unwrap_or(*from);
                let count = count.saturating_add_signed(by);
                *typed = count.clamp(1, replicas::COUNT_MAX).to_string();
                *is_prefilled = false;
            }
            Proposal::Rollback(plan) => {
                let last = plan.options.len().saturating_sub(1);
                let to = if by > 0 {
                    plan.chosen.saturating_sub(1)
                } else {
                    plan.chosen + 1
                };
                plan.chosen = to.min(last);
            }
            Proposal::Undo { .. } | Proposal::Restart { .. } | Proposal::Replace { .. } => {}
        }
    }
}
