//! A write of `checkout` and the model around it, as stages and events need them.

use chrono::DateTime;
use keys::keymap::Keymap;
use ulid::Ulid;

use crate::Model;
use crate::cluster::{Connection, Kind, Scope};
use crate::entry::EntryId;
use crate::meta::Meta;
use crate::settings::Settings;
use crate::time::At;
use crate::workload::{DeploymentFields, KindFields, UpdateStrategy, WorkloadRow};
use crate::write::dialog::{Dialog, Press, Proposal, SecondYes};
use crate::write::{Change, Confirmed, Target, TargetedChange, WriteId};

pub(super) const ID: WriteId = WriteId(1);
pub(super) const INTENT: EntryId = EntryId(Ulid(7));
pub(super) const OTHER: EntryId = EntryId(Ulid(8));

pub(super) fn at(ms: u64) -> At {
    At {
        mono_ms: 0,
        wall: DateTime::UNIX_EPOCH,
    }
    .plus_ms(ms)
}

/// When all stages began.
pub(super) const BEGAN_MS: u64 = 1_000_000;

pub(super) fn model() -> Model {
    let keymap = Keymap::load(&[]).unwrap();
    let (settings, scope) = (Settings::default(), Scope::Namespace("shop".into()));
    let mut model = Model::new(at(BEGAN_MS), settings, keymap, "dev".into(), scope);
    model.cluster.connection = Some(Connection {
        context: "dev".into(),
        contexts: vec!["dev".into()],
        cluster: "dev".into(),
        namespace: None,
        server: "10.0.0.1:6443".into(),
        user: None,
        acting_as: None,
        is_insecure: false,
    });
    model
}

fn target() -> Target {
    Target {
        context: "dev".into(),
        kind: Kind::Deployment,
        namespace: "shop".into(),
        name: "checkout".into(),
        uid: "u1".into(),
    }
}

pub(super) fn what() -> TargetedChange {
    TargetedChange {
        target: target(),
        change: Change::Scale { from: 3, to: 5 },
    }
}

pub(super) fn dialog() -> Dialog {
    let proposal = Proposal::Undo {
        from: 3,
        to: 5,
        set: 3,
        of: None,
    };
    Dialog::new(ID, target(), proposal, at(0), None)
}

/// Pressed as a person would: nothing else makes a yes.
fn press(dialog: &mut Dialog) -> Press {
    dialog.frame_shown(dialog.question().unwrap(), at(0));
    dialog.press(at(BEGAN_MS), "y".parse().unwrap(), true, true)
}

pub(super) fn confirmed() -> Confirmed {
    match press(&mut dialog()) {
        Press::Yes(confirmed) => confirmed,
        other => panic!("{other:?}"),
    }
}

pub(super) fn second_yes() -> SecondYes {
    let mut dialog = dialog();
    dialog.ask_unrecorded("the disk is full".into());
    match press(&mut dialog) {
        Press::Unrecorded(yes) => yes,
        other => panic!("{other:?}"),
    }
}

/// `checkout` with the five replicas that are wanted.
pub(super) fn row() -> WorkloadRow {
    WorkloadRow {
        meta: Meta {
            uid: "u1".into(),
            namespace: "shop".into(),
            name: "checkout".into(),
            version: None,
            created: None,
        },
        generation: 7,
        observed_generation: 7,
        change_cause: None,
        restarted_at: None,
        images: Box::default(),
        selector: Box::default(),
        labels: Box::default(),
        wanted: 5,
        current: 5,
        updated: 5,
        ready: 5,
        available: 5,
        strategy: UpdateStrategy::RollingUpdate,
        reads: None,
        of_kind: KindFields::Deployment(DeploymentFields {
            revision: None,
            is_paused: false,
            progress_deadline_s: 600,
            progressing: None,
            replica_failure: None,
        }),
    }
}
