//! What a line of `kubectl` or `oc` asks for, as a value. Nothing is sent from here: whoever carries it out goes by the value and
//! never by the text.

mod action;
mod form;
mod kinds;
mod objects;
mod read;
mod risk;
mod verbs;
mod words;

use crate::argument::Argument;

pub(crate) use kinds::is_known as is_kind;
pub use objects::{ObjectName, Objects};
pub(crate) use read::{is_kubectl, read};

/// One call, with where it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KubectlCall {
    /// Nothing means the namespace of the context.
    pub namespace: Option<Argument>,
    pub is_in_all_namespaces: bool,
    pub context: Option<Argument>,
    pub action: KubectlAction,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KubectlAction {
    Get {
        objects: Objects,
        output: Option<Argument>,
        sort_by: Option<Argument>,
        is_watched: bool,
    },
    Describe(Objects),
    Logs(KubectlLogs),
    Top {
        objects: Objects,
        by_container: bool,
        sort_by: Option<Argument>,
    },
    Events {
        of: Option<Argument>,
        is_watched: bool,
    },
    Scale {
        objects: Objects,
        replicas: Argument,
    },
    Rollout {
        verb: RolloutVerb,
        objects: Objects,
        revision: Option<Argument>,
    },
    Exec(KubectlExec),
    Delete {
        objects: Objects,
        is_forced: bool,
    },
    Apply {
        verb: ApplyVerb,
        objects: Objects,
    },
    Cordon(Objects),
    Uncordon(Objects),
    Drain {
        objects: Objects,
        deletes_local_data: bool,
        is_forced: bool,
    },
    PortForward {
        objects: Objects,
        ports: Vec<Argument>,
    },
    Copy {
        from: Argument,
        to: Argument,
        container: Option<Argument>,
    },
    SetImage {
        objects: Objects,
        images: Vec<Argument>,
    },
    Set {
        what: String,
        objects: Objects,
        values: Vec<Argument>,
    },
    Patch {
        objects: Objects,
        strategy: Option<Argument>,
        patch: Option<Argument>,
    },
    Edit(Objects),
    Label {
        objects: Objects,
        changes: Vec<Argument>,
    },
    Annotate {
        objects: Objects,
        changes: Vec<Argument>,
    },
    Taint {
        objects: Objects,
        changes: Vec<Argument>,
    },
    Wait {
        objects: Objects,
        condition: Option<Argument>,
        time_limit: Option<Argument>,
    },
    CanI {
        question: Vec<Argument>,
    },
    Debug {
        objects: Objects,
        image: Option<Argument>,
        command: Vec<Argument>,
    },
    Run {
        name: Argument,
        image: Option<Argument>,
        command: Vec<Argument>,
    },
    /// `explain`, `api-resources`, `cluster-info`, `version` and `config` as far as they read.
    Information {
        verb: String,
        words: Vec<Argument>,
    },
    /// `config use-context` and `set-context`: which context counts from here on.
    UseContext {
        context: Option<Argument>,
        namespace: Option<Argument>,
    },
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KubectlLogs {
    pub objects: Objects,
    pub container: Option<Argument>,
    pub all_containers: bool,
    pub is_followed: bool,
    pub of_previous: bool,
    pub has_timestamps: bool,
    pub tail: Option<Argument>,
    pub since: Option<Argument>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KubectlExec {
    pub objects: Objects,
    pub container: Option<Argument>,
    /// Empty: the shell of the container.
    pub command: Vec<Argument>,
    pub is_interactive: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RolloutVerb {
    Status,
    History,
    Restart,
    Undo,
    Pause,
    Resume,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApplyVerb {
    Apply,
    Create,
    Replace,
    Diff,
    DryRun,
}
