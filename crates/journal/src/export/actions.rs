//! Each write: what was asked, what was answered, what became of it.

use super::sections::{of, time};
use super::{Report, escape};
use model::entry::Draft;
use model::kind::{Kind, Outcome};

pub(super) fn section(report: &Report) -> String {
    let reported =
        of(report, |draft| draft.kind == Kind::ActionIntent).map(|intent| action(report, intent));
    let reported: Vec<String> = reported.collect();
    if reported.is_empty() {
        "No action was taken from the console.".to_owned()
    } else {
        reported.join("\n\n")
    }
}

fn action(report: &Report, intent: &Draft) -> String {
    let mut lines = vec![
        format!(
            "### {} {}",
            time(intent.occurred_at),
            escape::inline(&intent.title)
        ),
        String::new(),
    ];
    lines.push(format!("- by {}", escape::inline(&intent.actor.name())));
    if let Some(command) = intent
        .command
        .as_ref()
        .and_then(|command| command.typed.as_ref())
    {
        lines.push(format!("- {}", escape::code(command)));
    }
    let answers: Vec<&Draft> = of(report, |draft| draft.refers_to == Some(intent.id)).collect();
    for (name, kind) in [
        ("result", Kind::ActionResult),
        ("verdict", Kind::ActionVerdict),
        ("undone", Kind::ActionUndone),
    ] {
        for answer in answers.iter().filter(|answer| answer.kind == kind) {
            lines.push(format!(
                "- {name} at {}: {}",
                time(answer.occurred_at),
                escape::inline(&answer.title)
            ));
        }
    }
    let is_followed = report.followed.contains(&intent.id);
    lines.extend(missing(&answers, is_followed).map(|words| format!("- {words}")));
    lines.join("\n")
}

/// What a reader would wait for.
fn missing(answers: &[&Draft], is_followed: bool) -> Option<&'static str> {
    let of_kind = |kind: Kind| answers.iter().filter(move |answer| answer.kind == kind);
    let Some(result) = of_kind(Kind::ActionResult).next_back() else {
        return Some(
            "**UNKNOWN**: no result was recorded; it may or may not have been carried out",
        );
    };
    // What was not carried out gets no verdict; of older versions it is not known whether it was.
    if result
        .outcome()
        .is_some_and(|outcome| outcome != Outcome::Applied)
    {
        return None;
    }
    match of_kind(Kind::ActionVerdict).next_back() {
        Some(last) if !last.is_interim() => None,
        None | Some(_) if is_followed => {
            Some("**still followed**: its last verdict was awaited when this was made")
        }
        None => Some("**no verdict** was recorded: what became of it is not known"),
        Some(_) => Some("**no later verdict** was recorded: how it went on is not known"),
    }
}
