//! One row for each action: name, description, danger. Help, which-key, palette, keymap and README come from it.

use serde::{Deserialize, Serialize};

/// What an action can do to the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Danger {
    /// Changes only what the screen shows.
    None,
    /// Writes on this machine: the timeline, a file, the clipboard.
    Local,
    /// Ends in a write to the cluster, through a dialog.
    Write,
}

macro_rules! actions {
    ($($variant:ident $name:literal $danger:ident $description:literal;)*) => {
        /// Everything a key can mean.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Action {
            $(#[doc = $description] $variant,)*
        }

        impl Action {
            /// All actions, in the order of the help.
            pub const ALL: &'static [Action] = &[$(Action::$variant,)*];

            /// The name by which a keymap binds it.
            pub fn name(self) -> &'static str {
                match self { $(Action::$variant => $name,)* }
            }

            /// One line for the help.
            pub fn description(self) -> &'static str {
                match self { $(Action::$variant => $description,)* }
            }

            /// What it can do to the world.
            pub fn danger(self) -> Danger {
                match self { $(Action::$variant => Danger::$danger,)* }
            }
        }
    };
}

actions! {
    Help "help" None "show every key of this place";
    Quit "quit" None "leave the console";
    Cancel "cancel" None "cancel what is under way; twice within 1 s leaves";
    Suspend "suspend" None "stop and give the terminal back to the shell; `fg` returns";
    Redraw "redraw" None "draw the whole screen anew, after something else wrote on it";
    Palette "palette" None "find an action, a namespace, a context, a pod or a workload by a few letters";
    Back "back" None "close what lies on top, release a filter, then what the panes are narrowed to";
    Open "open" None "look at the selected object whole";
    Yaml "yaml" None "look at the selected object as YAML";
    Up "up" None "one line up";
    Down "down" None "one line down";
    PageUp "page-up" None "one page up";
    PageDown "page-down" None "one page down";
    Top "top" None "to the first line";
    Bottom "bottom" None "to the last line";
    Left "left" None "lines that are cut: further to the left";
    Right "right" None "lines that are cut: further to the right";
    LineStart "line-start" None "lines that are cut: back to where they begin";
    NextPane "next-pane" None "to the next pane; in a runbook to the next step";
    PreviousPane "previous-pane" None "to the previous pane; in a runbook to the step before";
    AlertsPane "alerts-pane" None "to the alerts";
    PodsPane "pods-pane" None "to the pods";
    LogsPane "logs-pane" None "to the logs";
    RolloutsPane "rollouts-pane" None "to the rollouts";
    TimelinePane "timeline-pane" None "to the timeline";
    Zoom "zoom" None "this pane on the whole screen, and back";
    Logs "logs" None "to the logs of the selected line; in the logs from a pod to all pods of its workload; in a runbook its headings";
    LogsPause "logs-pause" None "logs: hold the lines where they are, or follow the newest again";
    LogsPrevious "logs-previous" None "logs: the instance that ended before the present one, and back";
    LogsContainer "logs-container" None "logs: the next container only, and after the last all of them";
    LogsContext "logs-context" None "logs: show the lines around those that match, or only those that match";
    LogsWrap "logs-wrap" None "logs: break long lines, or cut them";
    LogsTimes "logs-times" None "logs: show times, or hide them";
    LogsPin "logs-pin" Local "logs: pin the selected line to the timeline as evidence";
    Link "link" None "narrow the other panes to what the selected line is about, and release them";
    Runbook "runbook" None "open the runbook that fits the selected alert, pod or workload";
    Changes "changes" None "what changed before the first symptom, the nearest to what is sick first";
    Filter "filter" None "narrow this pane: words must match, `!word` must not; search in YAML and runbooks";
    SearchNext "search-next" None "to the next sick object, or the next match";
    SearchPrevious "search-previous" None "to the previous sick object, or the previous match";
    Diff "diff" None "what differs between the marked revision, or the present one, and the selected one";
    Mark "mark" None "mark the selected revision, to compare another one with it";
    Sort "sort" None "sort by the next column";
    SortReverse "sort-reverse" None "turn the order round";
    Namespace "namespace" None "choose the namespace to watch";
    Context "context" None "choose the cluster context";
    Retry "retry" None "try the server again now; read YAML or a runbook again";
    Login "login" None "sign in again: leave the screen for the credential plugin";
    Copy "copy" Local "copy the selected name, the shown command, the YAML or the step of a runbook to the terminal's clipboard";
    Note "note" Local "write a note on the timeline";
    IncidentOpen "incident-open" Local "open an incident";
    IncidentClose "incident-close" Local "close the incident";
    Export "export" Local "write the post-mortem as Markdown";
    Arm "arm" Local "arm writes in a protected scope, or disarm them";
    Scale "scale" Write "scale the workload of the selected pod";
    Restart "restart" Write "rollout restart of the workload of the selected pod";
    Rollback "rollback" Write "roll back the workload of the selected pod, or to the selected revision";
    ReplacePod "replace-pod" Write "delete the pod that holds a rollout up, so that it comes back with the present template";
    Undo "undo" Write "undo the last write that has an inverse";
    Save "save" Local "save what is being edited";
    Accept "accept" None "take the selected line, or go on";
    Confirm "confirm" Write "yes: do what the dialog says";
    Refuse "refuse" None "no: close the dialog, nothing is sent";
    NextField "next-field" None "to the next field";
    PreviousField "previous-field" None "to the previous field";
    Severity0 "severity-0" None "severity P0";
    Severity1 "severity-1" None "severity P1";
    Severity2 "severity-2" None "severity P2";
    Severity3 "severity-3" None "severity P3";
    Severity4 "severity-4" None "severity P4";
}

impl Action {
    /// The action of this name.
    pub fn by_name(name: &str) -> Option<Action> {
        Action::ALL
            .iter()
            .copied()
            .find(|action| action.name() == name)
    }

    /// The name nearest to a misspelt one, when one is near at all.
    pub fn nearest(name: &str) -> Option<&'static str> {
        const NEAR: f64 = 0.6;
        Action::ALL
            .iter()
            .map(|action| {
                (
                    strsim::normalized_damerau_levenshtein(name, action.name()),
                    action.name(),
                )
            })
            .filter(|(score, _)| *score >= NEAR)
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, name)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_is_found_by_its_own_name() {
        for action in Action::ALL {
            assert_eq!(Action::by_name(action.name()), Some(*action));
        }
    }

    #[test]
    fn a_misspelt_name_gets_the_nearest_right_word() {
        assert_eq!(Action::nearest("resart"), Some("restart"));
        assert_eq!(Action::nearest("zzzzzz"), None);
    }
}
