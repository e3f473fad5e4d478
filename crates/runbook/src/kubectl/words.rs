//! A call of kubectl in one line of plain words, for lists, tests and the check of a document.

use super::{ApplyVerb, KubectlAction, KubectlCall, KubectlLogs, Objects, RolloutVerb};
use crate::argument::Argument;

impl KubectlCall {
    /// One line for a person. It holds text of the document: it has to be made safe before it is shown.
    pub fn words(&self) -> String {
        let mut words = self.action.words();
        if self.is_in_all_namespaces {
            words.push("in all namespaces".into());
        }
        if let Some(namespace) = &self.namespace {
            words.push(format!("in {}", namespace.written()));
        }
        if let Some(context) = &self.context {
            words.push(format!("at context {}", context.written()));
        }
        words.join(" ")
    }
}

fn with(words: &mut Vec<String>, before: &str, value: Option<&Argument>) {
    if let Some(value) = value {
        words.push(format!("{before} {}", value.written()));
    }
}

fn all(arguments: &[Argument]) -> String {
    let written: Vec<String> = arguments.iter().map(Argument::written).collect();
    written.join(" ")
}

fn said(command: &[Argument]) -> Option<String> {
    (!command.is_empty()).then(|| format!(": {}", all(command)))
}

fn flag(words: &mut Vec<String>, name: &str, is_set: bool) {
    if is_set {
        words.push(name.to_owned());
    }
}

impl Objects {
    pub fn words(&self) -> String {
        let mut words = Vec::new();
        let kinds: Vec<String> = self.kinds.iter().map(Argument::written).collect();
        if !kinds.is_empty() {
            words.push(kinds.join(","));
        }
        flag(&mut words, "all of them", self.is_all);
        for object in &self.names {
            let kind = object
                .kind
                .as_ref()
                .map(|kind| format!("{}/", kind.written()));
            words.push(format!(
                "{}{}",
                kind.unwrap_or_default(),
                object.name.written()
            ));
        }
        with(&mut words, "with labels", self.selector.as_ref());
        with(&mut words, "with fields", self.field_selector.as_ref());
        for file in &self.files {
            words.push(format!("from {}", file.written()));
        }
        words.join(" ")
    }
}

impl KubectlAction {
    fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        let mut say = |verb: &str, objects: &Objects| {
            words.push(verb.to_owned());
            words.push(objects.words());
        };
        match self {
            KubectlAction::Get {
                objects,
                output,
                sort_by,
                is_watched,
            } => {
                say("get", objects);
                with(&mut words, "as", output.as_ref());
                with(&mut words, "sorted by", sort_by.as_ref());
                flag(&mut words, "watched", *is_watched);
            }
            KubectlAction::Describe(objects) => say("describe", objects),
            KubectlAction::Logs(logs) => words.extend(logs.words()),
            KubectlAction::Top {
                objects,
                by_container,
                sort_by,
            } => {
                say("top", objects);
                flag(&mut words, "by container", *by_container);
                with(&mut words, "sorted by", sort_by.as_ref());
            }
            KubectlAction::Events { of, is_watched } => {
                words.push("events".into());
                with(&mut words, "of", of.as_ref());
                flag(&mut words, "watched", *is_watched);
            }
            KubectlAction::Scale { objects, replicas } => {
                say("scale", objects);
                with(&mut words, "to", Some(replicas));
            }
            KubectlAction::Rollout {
                verb,
                objects,
                revision,
            } => {
                say(rollout(*verb), objects);
                with(&mut words, "revision", revision.as_ref());
            }
            KubectlAction::Exec(exec) => {
                say("exec in", &exec.objects);
                with(&mut words, "container", exec.container.as_ref());
                flag(&mut words, "interactively", exec.is_interactive);
                words.extend(said(&exec.command));
            }
            KubectlAction::Delete { objects, is_forced } => {
                say("delete", objects);
                flag(&mut words, "by force", *is_forced);
            }
            KubectlAction::Apply { verb, objects } => say(apply(*verb), objects),
            KubectlAction::Cordon(objects) => say("cordon", objects),
            KubectlAction::Uncordon(objects) => say("uncordon", objects),
            KubectlAction::Drain {
                objects,
                deletes_local_data,
                is_forced,
            } => {
                say("drain", objects);
                flag(&mut words, "with local data", *deletes_local_data);
                flag(&mut words, "by force", *is_forced);
            }
            KubectlAction::PortForward { objects, ports } => {
                say("forward", objects);
                words.push(all(ports));
            }
            KubectlAction::Copy {
                from,
                to,
                container,
            } => {
                words.push(format!("copy {} to {}", from.written(), to.written()));
                with(&mut words, "container", container.as_ref());
            }
            KubectlAction::SetImage { objects, images } => {
                say("set image of", objects);
                words.push(all(images));
            }
            KubectlAction::Set {
                what,
                objects,
                values,
            } => {
                say(&format!("set {what} of"), objects);
                words.push(all(values));
            }
            KubectlAction::Patch {
                objects,
                strategy,
                patch,
            } => {
                say("patch", objects);
                with(&mut words, "as", strategy.as_ref());
                with(&mut words, "with", patch.as_ref());
            }
            KubectlAction::Edit(objects) => say("edit", objects),
            KubectlAction::Label { objects, changes } => {
                say("label", objects);
                words.push(all(changes));
            }
            KubectlAction::Annotate { objects, changes } => {
                say("annotate", objects);
                words.push(all(changes));
            }
            KubectlAction::Taint { objects, changes } => {
                say("taint", objects);
                words.push(all(changes));
            }
            KubectlAction::Wait {
                objects,
                condition,
                time_limit,
            } => {
                say("wait for", objects);
                with(&mut words, "until", condition.as_ref());
                with(&mut words, "at most", time_limit.as_ref());
            }
            KubectlAction::CanI { question } => words.push(format!("may I {}", all(question))),
            KubectlAction::Debug {
                objects,
                image,
                command,
            } => {
                say("debug", objects);
                with(&mut words, "image", image.as_ref());
                words.extend(said(command));
            }
            KubectlAction::Run {
                name,
                image,
                command,
            } => {
                words.push(format!("run {}", name.written()));
                with(&mut words, "image", image.as_ref());
                words.extend(said(command));
            }
            KubectlAction::Information { verb, words: more } => {
                words.extend([verb.clone(), all(more)])
            }
            KubectlAction::UseContext { context, namespace } => {
                words.push("use".into());
                with(&mut words, "context", context.as_ref());
                with(&mut words, "namespace", namespace.as_ref());
            }
        }
        words.retain(|word| !word.trim().is_empty());
        words
    }
}

impl KubectlLogs {
    fn words(&self) -> Vec<String> {
        let mut words = vec!["logs of".to_owned(), self.objects.words()];
        with(&mut words, "container", self.container.as_ref());
        flag(&mut words, "all containers", self.all_containers);
        flag(&mut words, "followed", self.is_followed);
        flag(&mut words, "of the previous container", self.of_previous);
        flag(&mut words, "with times", self.has_timestamps);
        with(&mut words, "last", self.tail.as_ref());
        with(&mut words, "since", self.since.as_ref());
        words
    }
}

fn rollout(verb: RolloutVerb) -> &'static str {
    match verb {
        RolloutVerb::Status => "rollout status of",
        RolloutVerb::History => "rollout history of",
        RolloutVerb::Restart => "restart",
        RolloutVerb::Undo => "roll back",
        RolloutVerb::Pause => "pause rollout of",
        RolloutVerb::Resume => "resume rollout of",
    }
}

fn apply(verb: ApplyVerb) -> &'static str {
    match verb {
        ApplyVerb::Apply => "apply",
        ApplyVerb::Create => "create",
        ApplyVerb::Replace => "replace",
        ApplyVerb::Diff => "difference to",
        ApplyVerb::DryRun => "dry run of",
    }
}
