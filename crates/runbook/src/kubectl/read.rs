//! Words of a kubectl line to a [`KubectlCall`].

use super::KubectlCall;
use super::action::action;
use super::verbs::{COMMON, ELSEWHERE, flags_of, not_native};
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
    if let Some(flag) = before.first_of(ELSEWHERE) {
        return Err(format!("--{flag} has no native action"));
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
    if let Some(flag) = not_native(&path, &flags) {
        return Err(format!("--{flag} of {path} has no native action"));
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
