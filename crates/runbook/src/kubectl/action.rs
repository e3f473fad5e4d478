//! A verb with its words and flags to what it asks for.

use super::verbs::is_dry;
use super::{ApplyVerb, KubectlAction, KubectlExec, KubectlLogs, Objects, RolloutVerb};
use crate::argument::Argument;
use crate::flags::Flags;

pub(super) fn action(
    path: &str,
    words: &[Argument],
    flags: &Flags,
) -> Result<KubectlAction, String> {
    let objects = || Objects::read(words, flags);
    let needed = |objects: Objects| {
        if objects.is_empty() {
            Err(format!("{path} names no object"))
        } else {
            Ok(objects)
        }
    };
    let named = |objects: Objects| {
        if objects.is_named() {
            Ok(objects)
        } else {
            Err(format!("{path} names no object"))
        }
    };
    let action = match path {
        "get"
            if words
                .first()
                .and_then(Argument::text)
                .is_some_and(|kind| matches!(kind, "events" | "event" | "ev"))
                && words.len() == 1 =>
        {
            KubectlAction::Events {
                of: flags.value("field-selector").cloned(),
                is_watched: flags.has("watch") || flags.has("watch-only"),
            }
        }
        "get" if flags.value("raw").is_some() => KubectlAction::Information {
            verb: "get --raw".into(),
            words: flags.values("raw"),
        },
        "get" => KubectlAction::Get {
            objects: needed(objects())?,
            output: flags.value("output").cloned(),
            sort_by: flags.value("sort-by").cloned(),
            is_watched: flags.has("watch") || flags.has("watch-only"),
        },
        "describe" => KubectlAction::Describe(needed(objects())?),
        "logs" | "log" => {
            let (target, container) = match words {
                [target, container] if !is_kind_word(target) => {
                    (std::slice::from_ref(target), Some(container.clone()))
                }
                other => (other, None),
            };
            KubectlAction::Logs(KubectlLogs {
                objects: named(Objects::of_kind(target, "pods", flags))?,
                container: flags.value("container").cloned().or(container),
                all_containers: flags.has("all-containers"),
                is_followed: flags.has("follow"),
                of_previous: flags.has("previous"),
                has_timestamps: flags.has("timestamps"),
                tail: flags.value("tail").cloned(),
                since: flags.value("since").or(flags.value("since-time")).cloned(),
            })
        }
        "top pod" | "top pods" | "top po" => top("pods", words, flags),
        "top node" | "top nodes" | "top no" => top("nodes", words, flags),
        "events" => KubectlAction::Events {
            of: flags.value("for").cloned(),
            is_watched: flags.has("watch"),
        },
        "scale" => KubectlAction::Scale {
            objects: named(objects())?,
            replicas: flags
                .value("replicas")
                .cloned()
                .ok_or("scale has no --replicas")?,
        },
        "exec" | "rsh" => exec(path, words, flags)?,
        "delete" => KubectlAction::Delete {
            objects: named(objects())?,
            is_forced: flags.has("force")
                || flags.text("grace-period") == Some("0")
                || flags.has("now"),
        },
        "apply" | "replace" | "diff" | "create" => apply(path, words, flags)?,
        "cordon" => KubectlAction::Cordon(named(Objects::of_kind(words, "nodes", flags))?),
        "uncordon" => KubectlAction::Uncordon(named(Objects::of_kind(words, "nodes", flags))?),
        "drain" => KubectlAction::Drain {
            objects: named(Objects::of_kind(words, "nodes", flags))?,
            deletes_local_data: flags.has("delete-emptydir-data") || flags.has("delete-local-data"),
            is_forced: flags.has("force") || flags.has("disable-eviction"),
        },
        "port-forward" => {
            let (target, ports) = words.split_first().ok_or("port-forward names no object")?;
            if ports.is_empty() {
                return Err("port-forward names no port".into());
            }
            KubectlAction::PortForward {
                objects: Objects::of_kind(std::slice::from_ref(target), "pods", flags),
                ports: ports.to_vec(),
            }
        }
        "cp" | "rsync" => match words {
            [from, to] => KubectlAction::Copy {
                from: from.clone(),
                to: to.clone(),
                container: flags.value("container").cloned(),
            },
            _ => return Err(format!("{path} needs a source and a destination")),
        },
        "patch" => KubectlAction::Patch {
            objects: named(objects())?,
            strategy: flags.value("type").cloned(),
            patch: flags.value("patch").cloned(),
        },
        "edit" => KubectlAction::Edit(needed(objects())?),
        "label" | "annotate" | "taint" => changes(path, words, flags)?,
        "wait" => KubectlAction::Wait {
            objects: named(objects())?,
            condition: flags.value("for").cloned(),
            time_limit: flags.value("timeout").cloned(),
        },
        "auth can-i" => KubectlAction::CanI {
            question: words.to_vec(),
        },
        "debug" => KubectlAction::Debug {
            objects: named(Objects::of_kind(words, "pods", flags))?,
            image: flags.value("image").cloned(),
            command: flags.rest.clone().unwrap_or_default(),
        },
        "run" => KubectlAction::Run {
            name: words.first().cloned().ok_or("run names no pod")?,
            image: flags.value("image").cloned(),
            command: flags.rest.clone().unwrap_or_else(|| words[1..].to_vec()),
        },
        "config use-context" => KubectlAction::UseContext {
            context: words.first().cloned(),
            namespace: None,
        },
        "config set-context" => KubectlAction::UseContext {
            context: words.first().cloned(),
            namespace: flags.value("namespace").cloned(),
        },
        "project" if !words.is_empty() => KubectlAction::UseContext {
            context: None,
            namespace: words.first().cloned(),
        },
        _ => return of_path(path, words, flags),
    };
    Ok(action)
}

fn of_path(path: &str, words: &[Argument], flags: &Flags) -> Result<KubectlAction, String> {
    let (verb, second) = path.split_once(' ').unwrap_or((path, ""));
    match (verb, second) {
        ("rollout", second) => {
            let verb = match second {
                "status" => RolloutVerb::Status,
                "history" => RolloutVerb::History,
                "restart" => RolloutVerb::Restart,
                "undo" => RolloutVerb::Undo,
                "pause" => RolloutVerb::Pause,
                "resume" => RolloutVerb::Resume,
                _ => return Err(format!("{path} is not known")),
            };
            let objects = Objects::read(words, flags);
            if objects.is_empty() {
                return Err(format!("{path} names no workload"));
            }
            let revision = flags
                .value("to-revision")
                .or(flags.value("revision"))
                .cloned();
            Ok(KubectlAction::Rollout {
                verb,
                objects,
                revision,
            })
        }
        ("set", "image") => {
            let (images, target): (Vec<_>, Vec<_>) = words
                .iter()
                .cloned()
                .partition(|word| word.split_once('=').is_some());
            Ok(KubectlAction::SetImage {
                objects: Objects::read(&target, flags),
                images,
            })
        }
        ("set", second) if !second.is_empty() => {
            let (mut values, target): (Vec<_>, Vec<_>) = words
                .iter()
                .cloned()
                .partition(|word| word.split_once('=').is_some());
            values.extend(flags.values("requests"));
            values.extend(flags.values("limits"));
            Ok(KubectlAction::Set {
                what: second.to_owned(),
                objects: Objects::read(&target, flags),
                values,
            })
        }
        (
            "explain" | "api-resources" | "api-versions" | "version" | "cluster-info" | "whoami"
            | "project" | "status",
            _,
        )
        | ("config", "view" | "get-contexts" | "current-context" | "get-clusters" | "get-users")
        | ("auth", "whoami") => Ok(KubectlAction::Information {
            verb: path.to_owned(),
            words: words.to_vec(),
        }),
        ("create", _) if !flags.values("filename").is_empty() => apply("create", words, flags),
        _ => Err(format!("{path} is done by no native action")),
    }
}

fn is_kind_word(word: &Argument) -> bool {
    word.text().is_some_and(super::kinds::is_known)
}

fn top(kind: &str, words: &[Argument], flags: &Flags) -> KubectlAction {
    KubectlAction::Top {
        objects: Objects::of_kind(words, kind, flags),
        by_container: flags.has("containers"),
        sort_by: flags.value("sort-by").cloned(),
    }
}

fn exec(path: &str, words: &[Argument], flags: &Flags) -> Result<KubectlAction, String> {
    let objects = Objects::of_kind(words, "pods", flags);
    if objects.names.is_empty() && objects.files.is_empty() {
        return Err(format!("{path} names no pod"));
    }
    let command = flags.rest.clone().unwrap_or_default();
    let is_open = command.is_empty();
    if is_open && path == "exec" {
        return Err("exec names no command".into());
    }
    Ok(KubectlAction::Exec(KubectlExec {
        objects,
        container: flags.value("container").cloned(),
        is_interactive: flags.has("stdin") || flags.has("tty") || path == "rsh" && is_open,
        command,
    }))
}

fn apply(path: &str, words: &[Argument], flags: &Flags) -> Result<KubectlAction, String> {
    let objects = Objects::read(words, flags);
    if objects.files.is_empty() {
        return Err(format!("{path} without a file is done by no native action"));
    }
    let is_dry = is_dry(flags);
    let verb = match path {
        _ if is_dry => ApplyVerb::DryRun,
        "apply" => ApplyVerb::Apply,
        "replace" => ApplyVerb::Replace,
        "diff" => ApplyVerb::Diff,
        _ => ApplyVerb::Create,
    };
    Ok(KubectlAction::Apply { verb, objects })
}

fn changes(path: &str, words: &[Argument], flags: &Flags) -> Result<KubectlAction, String> {
    let is_change =
        |word: &Argument| word.split_once('=').is_some() || word.written().ends_with('-');
    let is_effect = |word: &Argument| path == "taint" && word.split_once(':').is_some();
    let (changes, target): (Vec<_>, Vec<_>) = words
        .iter()
        .cloned()
        .partition(|word| is_change(word) || is_effect(word));
    let objects = Objects::read(&target, flags);
    if !objects.is_named() || changes.is_empty() {
        return Err(format!("{path} names no object or no change"));
    }
    Ok(match path {
        "label" => KubectlAction::Label { objects, changes },
        "annotate" => KubectlAction::Annotate { objects, changes },
        _ => KubectlAction::Taint { objects, changes },
    })
}
