//! Words of a kubectl line to a [`KubectlCall`].

use super::verbs::{COMMON, flags_of};
use super::{
    ApplyVerb, KubectlAction, KubectlCall, KubectlExec, KubectlLogs, Objects, RolloutVerb,
};
use crate::argument::Argument;
use crate::flags::{Flags, parse};

/// Is it kubectl under one of its names?
pub(crate) fn is_kubectl(program: &str) -> bool {
    matches!(
        program,
        "kubectl" | "oc" | "k" | "kubectl.exe" | "kubecolor" | "microk8s.kubectl"
    )
}

/// Reads what stands behind `kubectl`. The error says why it is no call that is known.
pub(crate) fn read(arguments: &[Argument]) -> Result<KubectlCall, String> {
    let before = parse(arguments, &[COMMON], Some(1));
    if let Some(flag) = &before.unknown {
        return Err(format!("the flag {flag} before the verb is not known"));
    }
    let verb = before.words.first().ok_or("no verb is given")?;
    let verb = verb.text().ok_or("the verb is left open")?.to_owned();
    let rest = before.rest.clone().unwrap_or_default();
    let mut call = read_verb(&verb, &rest)?;
    call.namespace = call
        .namespace
        .or_else(|| before.value("namespace").cloned());
    call.context = call.context.or_else(|| before.value("context").cloned());
    call.is_in_all_namespaces |= before.has("all-namespaces");
    Ok(call)
}

fn read_verb(verb: &str, rest: &[Argument]) -> Result<KubectlCall, String> {
    let is_nested = matches!(
        verb,
        "rollout"
            | "set"
            | "config"
            | "auth"
            | "top"
            | "adm"
            | "create"
            | "cluster-info"
            | "certificate"
    );
    let first = rest.first().and_then(Argument::text).filter(|_| is_nested);
    let (path, rest) = match first {
        Some(second) if verb == "adm" && is_of_adm(second) => return read_verb(second, &rest[1..]),
        Some(second) if !second.starts_with('-') => (format!("{verb} {second}"), &rest[1..]),
        _ => (verb.to_owned(), rest),
    };
    let known = flags_of(&path)
        .or_else(|| flags_of(verb))
        .ok_or_else(|| format!("the verb {path} is not known"))?;
    let words_max = matches!(verb, "exec" | "rsh").then_some(1);
    let flags = parse(rest, &[COMMON, known], words_max);
    let flags = if words_max.is_some() {
        settle_exec(flags, known)
    } else {
        flags
    };
    if verb == "create" && flags.value("filename").is_none() {
        return Err(format!("{path} is done by no native action"));
    }
    if let Some(flag) = &flags.unknown {
        return Err(format!("the flag {flag} of {path} is not known"));
    }
    let mut words = flags.words.clone();
    let mut path = path;
    if let Some(second) = words
        .first()
        .and_then(Argument::text)
        .filter(|_| is_nested && path == verb)
    {
        path = format!("{verb} {second}");
        words.remove(0);
    }
    let action = action(&path, &words, &flags)?;
    Ok(KubectlCall {
        namespace: flags.value("namespace").cloned(),
        is_in_all_namespaces: flags.has("all-namespaces"),
        context: flags.value("context").cloned(),
        action,
    })
}

fn is_of_adm(verb: &str) -> bool {
    matches!(verb, "cordon" | "uncordon" | "drain" | "top" | "taint")
}

/// Flags may stand between the pod and `--`: what is behind the pod is its command only from there on.
fn settle_exec(mut flags: Flags, known: &'static str) -> Flags {
    if flags.words.len() != 1 {
        return flags;
    }
    let Some(rest) = flags.rest.take() else {
        return flags;
    };
    let Some(at) = rest.iter().position(|word| word.text() == Some("--")) else {
        let behind = parse(&rest, &[COMMON, known], Some(1));
        flags.merge(&behind);
        let mut command = behind.words;
        command.extend(behind.rest.unwrap_or_default());
        flags.rest = Some(command);
        return flags;
    };
    let mut pod = flags.words.clone();
    pod.extend(rest[..at].iter().cloned());
    let between = parse(&pod, &[COMMON, known], None);
    let mut all = flags.clone();
    all.merge(&between);
    all.words = between.words;
    all.rest = Some(rest[at + 1..].to_vec());
    all
}

fn action(path: &str, words: &[Argument], flags: &Flags) -> Result<KubectlAction, String> {
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
            patch: flags.value("patch").or(flags.value("patch-file")).cloned(),
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
            if !objects.is_named() {
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
    let is_dry = flags.text("dry-run").is_some_and(|value| value != "none");
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
