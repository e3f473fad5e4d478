//! Each stage in all its kinds: a new one does not compile until it is here.

use super::samples::{BEGAN_MS, INTENT, OTHER, at, confirmed, dialog, what};
use crate::entry::EntryId;
use crate::time::At;
use crate::workload::baseline::Baseline;
use crate::workload::follow::Follow;
use crate::write::AwaitedRecord;
use crate::write::following::{Finished, Following};
use crate::write::orphan::{Orphan, ReadBackTime, SentOrphan};
use crate::write::stage::{Reading, Sending, StageName, WriteStage};
use text::Outside;

pub(super) fn sending(intent: Option<EntryId>, undoes: Option<EntryId>) -> WriteStage {
    WriteStage::Sending(Box::new(Sending {
        what: what(),
        intent,
        undoes,
        baseline: Baseline::default(),
    }))
}

pub(super) fn orphan(said: Option<(Outside, At)>, read_back: ReadBackTime) -> WriteStage {
    WriteStage::Orphan(Box::new(Orphan {
        what: what(),
        intent: INTENT,
        sent: said.as_ref().map(|_| SentOrphan { undoes: None }),
        incident: None,
        read_back,
        said,
    }))
}

fn orphan_of_undo(began: At) -> WriteStage {
    let mut stage = orphan(Some(("UNKNOWN".into(), began)), ReadBackTime::Asked);
    if let WriteStage::Orphan(orphan) = &mut stage {
        orphan.sent = Some(SentOrphan {
            undoes: Some(OTHER),
        });
    }
    stage
}

pub(super) fn stages(name: StageName) -> Vec<(&'static str, WriteStage)> {
    let began = at(BEGAN_MS);
    match name {
        StageName::Reading => vec![(
            "Reading",
            WriteStage::Reading(Reading {
                workload: "u1".into(),
                chosen: None,
                through: None,
                key: "b".parse().unwrap(),
                since: began,
            }),
        )],
        StageName::Queued => vec![("Queued", WriteStage::Queued(Box::new(dialog())))],
        StageName::Asking => vec![("Asking", WriteStage::Asking)],
        StageName::Recording => {
            let awaited = || AwaitedRecord::new(confirmed(), INTENT, None, began);
            let asked = awaited().asked_about();
            vec![
                ("Recording", WriteStage::Recording(Box::new(awaited()))),
                (
                    "Recording, asked about",
                    WriteStage::Recording(Box::new(asked)),
                ),
            ]
        }
        StageName::Sending => vec![
            ("Sending", sending(Some(INTENT), None)),
            ("Sending an undo", sending(Some(INTENT), Some(OTHER))),
            ("Sending without a record", sending(None, None)),
        ],
        StageName::Following => {
            let change = what().change;
            let follow = Follow::new(change, 0, Baseline::default(), None, began);
            let following = Following {
                what: what(),
                intent: Some(INTENT),
                follow,
            };
            vec![("Following", WriteStage::Following(Box::new(following)))]
        }
        StageName::Over => vec![(
            "Over",
            WriteStage::Over(Box::new(Finished {
                what: what(),
                words: "done".into(),
                is_good: true,
                since: began,
            })),
        )],
        StageName::Orphan => {
            let said = Some(("UNKNOWN".into(), began));
            vec![
                ("Orphan", orphan(said.clone(), ReadBackTime::Due(began))),
                ("Orphan, asked", orphan(said, ReadBackTime::Asked)),
                ("Orphan of an undo", orphan_of_undo(began)),
                (
                    "Orphan of an earlier console",
                    orphan(None, ReadBackTime::Asked),
                ),
            ]
        }
    }
}
