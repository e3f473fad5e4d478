//! What a message is about, as far as entries may come of it.

use model::cluster::Problem;
use model::message::{ClusterMsg, Msg, ReadAnswer, TableChange, WatchChange};
use model::meta::Row;
use model::meta::Uid;
use model::revision_list::{RevisionList, RevisionRow};

/// What a message is about.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    pub(super) pods: Vec<Uid>,
    pub(super) workloads: Vec<Uid>,
    pub(super) revisions: Option<(u32, RevisionList, Result<Vec<RevisionRow>, Problem>)>,
    /// The server's clock is another one than was thought: all is judged anew.
    pub(super) clock: bool,
    pub(super) alerts: bool,
}

/// What this message is about; nothing of interest when it is about something else.
pub(crate) fn touched(msg: &Msg) -> Touched {
    let nothing = Touched::default();
    match msg {
        Msg::Cluster(ClusterMsg::Table { change, .. }) => of_table(change),
        Msg::Cluster(ClusterMsg::Read {
            epoch,
            answer: ReadAnswer::Revisions(list, listed),
        }) => Touched {
            revisions: Some((*epoch, list.clone(), listed.clone())),
            ..nothing
        },
        Msg::Cluster(ClusterMsg::Clock { .. }) => Touched {
            clock: true,
            ..nothing
        },
        Msg::Alerts(_) => Touched {
            alerts: true,
            ..nothing
        },
        Msg::Cluster(_)
        | Msg::Input(_)
        | Msg::Store(_)
        | Msg::Write(_)
        | Msg::Logs(_)
        | Msg::Runbook(_)
        | Msg::Tick => nothing,
    }
}

fn of_table(change: &TableChange) -> Touched {
    let mut touched = Touched::default();
    match change {
        TableChange::Pods(WatchChange::Batch { rows, gone, .. }) => {
            touched.pods = uids(rows).chain(gone.iter().cloned()).collect();
        }
        TableChange::Deployments(WatchChange::Batch { rows, .. })
        | TableChange::StatefulSets(WatchChange::Batch { rows, .. })
        | TableChange::DaemonSets(WatchChange::Batch { rows, .. }) => {
            touched.workloads = uids(rows).collect();
        }
        TableChange::Pods(_)
        | TableChange::Deployments(_)
        | TableChange::StatefulSets(_)
        | TableChange::DaemonSets(_)
        | TableChange::Warnings(_)
        | TableChange::Services(_)
        | TableChange::EndpointSlices(_)
        | TableChange::Nodes(_)
        | TableChange::ConfigMaps(_)
        | TableChange::Secrets(_)
        | TableChange::Autoscalers(_)
        | TableChange::Namespaces(_)
        | TableChange::Detail(..)
        | TableChange::DetailEvents(..) => {}
    }
    touched
}

fn uids<R: Row>(rows: &[R]) -> impl Iterator<Item = Uid> {
    rows.iter().map(|row| row.meta().uid.clone())
}
