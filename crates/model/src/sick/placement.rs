//! Why no node takes a pod: the scheduler's sentence in parts, with the labels that the pod asks for.
//! <https://github.com/kubernetes/kubernetes/blob/master/pkg/scheduler/framework/types.go> (`FitError`).

use crate::nodes::NodeRow;
use crate::pods::{PodRow, Requirement};
use crate::table::Table;
use text::Outside;

/// One reason, with the number of nodes that it rules out.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Clause<'a> {
    nodes: usize,
    why: &'a str,
}

/// Why no node takes the pod, the reason of most nodes first; `None` when the sentence has another form. `nodes`: all
/// nodes, where they are known.
pub fn words(pod: &PodRow, sentence: &Outside, nodes: Option<&Table<NodeRow>>) -> Option<Outside> {
    let (available, rest) = sentence.raw().split_once(" nodes are available: ")?;
    let all: usize = available.rsplit_once('/')?.1.parse().ok()?;
    // Behind it stands what preemption would not help.
    let rest = rest.split(". ").next().unwrap_or(rest);
    let mut clauses = clauses(rest.trim_end_matches('.'));
    clauses.sort_by_key(|clause| std::cmp::Reverse(clause.nodes));
    let mut parts = Vec::new();
    for clause in &clauses {
        let is_label = clause.why.contains("node affinity/selector");
        let wanted = is_label.then(|| requirements(pod, all, nodes));
        let wanted = wanted.filter(|wanted| !wanted.is_empty());
        parts.push(wanted.unwrap_or_else(|| {
            format!("{} on {} of {all} nodes", short(clause.why), clause.nodes)
        }));
    }
    (!parts.is_empty()).then(|| parts.join(", ").into())
}

/// The sentence is about the claims of a pod, or about volumes for them.
pub fn is_about_claims(sentence: &Outside) -> bool {
    let sentence = sentence.raw().to_lowercase();
    sentence.contains("persistentvolumeclaim") || sentence.contains("persistent volume")
}

/// A claim has no volume; the sentence does not say which.
pub fn is_unbound(sentence: &Outside) -> bool {
    sentence.raw().contains("unbound")
}

/// `3 Insufficient cpu, 1 node(s) had untolerated taint {a: b}`: a clause begins with its number.
fn clauses(text: &str) -> Vec<Clause<'_>> {
    let mut starts = vec![0];
    let begins = |at: &usize| text[at + 2..].starts_with(|first: char| first.is_ascii_digit());
    starts.extend(
        text.match_indices(", ")
            .map(|(at, _)| at)
            .filter(begins)
            .map(|at| at + 2),
    );
    let ends = starts.iter().skip(1).map(|start| start - 2);
    let ends: Vec<usize> = ends.chain([text.len()]).collect();
    let parts = starts.iter().zip(ends);
    parts
        .filter_map(|(start, end)| {
            let (nodes, why) = text[*start..end].split_once(' ')?;
            let nodes = nodes.parse().ok()?;
            Some(Clause { nodes, why })
        })
        .collect()
}

/// The scheduler's words for one reason, without what every reason has.
fn short(why: &str) -> String {
    let why = why.trim_start_matches("node(s) ");
    if let Some(resource) = why.strip_prefix("Insufficient ") {
        return format!("too little {resource}");
    }
    if let Some((_, taint)) = why.split_once("taint")
        && let Some((key, value)) = taint
            .split_once('{')
            .and_then(|(_, taint)| taint.split_once('}'))
            .map(|(taint, _)| {
                taint
                    .split_once(": ")
                    .unwrap_or((taint.trim_end_matches(':'), ""))
            })
    {
        return match value {
            "" => format!("taint {key}"),
            value => format!("taint {key}={value}"),
        };
    }
    why.to_owned()
}

/// On how many nodes each wanted label is, the rarest first.
fn requirements(pod: &PodRow, all: usize, nodes: Option<&Table<NodeRow>>) -> String {
    let wanted = pod
        .extras
        .as_ref()
        .map_or(&[][..], |extras| &extras.requirements);
    let offers = |requirement: &Requirement| {
        let nodes = nodes?.rows();
        Some(nodes.filter(|node| node.satisfies(requirement)).count())
    };
    let mut counted: Vec<(Option<usize>, String)> = wanted
        .iter()
        .map(|requirement| (offers(requirement), label(requirement)))
        .collect();
    counted.sort();
    let has_missing = counted.iter().any(|(offered, _)| *offered == Some(0));
    let parts: Vec<String> = counted
        .into_iter()
        .filter(|(offered, _)| !has_missing || *offered == Some(0))
        .map(|(offered, label)| match offered {
            Some(offered) => format!("{label} on {offered} of {all} nodes"),
            None => format!("no node with {label}"),
        })
        .collect();
    parts.join(", ")
}

fn label(requirement: &Requirement) -> String {
    let values: Vec<&str> = requirement.values.iter().map(Outside::raw).collect();
    let key = requirement.key.raw();
    if values.is_empty() {
        key.to_owned()
    } else {
        format!("{key}={}", values.join("|"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_of_the_scheduler_falls_into_its_clauses() {
        let sentence = "1 node(s) had untolerated taint {gpu: a, b}, 3 Insufficient cpu, 2 node(s) didn't match Pod's node affinity/selector";
        let parts: Vec<_> = clauses(sentence)
            .into_iter()
            .map(|clause| (clause.nodes, short(clause.why)))
            .collect();
        let expected = [
            (1, "taint gpu=a, b"),
            (3, "too little cpu"),
            (2, "didn't match Pod's node affinity/selector"),
        ];
        assert_eq!(parts, expected.map(|(nodes, why)| (nodes, why.to_owned())));
    }

    #[test]
    fn taints_are_named_in_every_form_that_schedulers_have_had() {
        let forms = [
            "node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }",
            "node(s) had untolerated taint(s) {a: b}",
            "node(s) had taint {a: b}, that the pod didn't tolerate",
            "node(s) were unschedulable",
        ];
        let expected = [
            "taint node-role.kubernetes.io/control-plane",
            "taint a=b",
            "taint a=b",
            "were unschedulable",
        ];
        assert_eq!(forms.map(short), expected.map(str::to_owned));
    }
}
