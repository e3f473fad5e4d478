//! The answers of a person that let something be done. Their fields are private and the dialog alone makes them: they cannot
//! be read back, copied or defaulted.

use serde::Serialize;

use crate::write::{Change, Target, WriteId};

/// What a person said yes to, once. [`Dialog::press`](super::Dialog::press) alone makes one.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Confirmed {
    write: WriteId,
    target: Target,
    change: Change,
}

impl Confirmed {
    pub(super) fn new(write: WriteId, target: Target, change: Change) -> Self {
        Confirmed {
            write,
            target,
            change,
        }
    }

    pub fn write(&self) -> WriteId {
        self.write
    }

    pub fn target(&self) -> &Target {
        &self.target
    }

    pub fn change(&self) -> &Change {
        &self.change
    }
}

/// The answer to "go on without a record?".
#[derive(Debug)]
pub struct SecondYes(());

impl SecondYes {
    pub(super) fn new() -> Self {
        SecondYes(())
    }
}
