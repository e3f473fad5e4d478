//! The post-mortem: the template with its sections filled in. What is missing says "not recorded", never 0.

use super::{MADE_BY, Report, actions, alerts, escape, follow_ups, milestones, sections, summary};
use text::Outside;

const TEMPLATE: &str = include_str!("../../../../assets/postmortem.md");

/// The report as Markdown.
pub fn markdown(report: &Report) -> String {
    fill(TEMPLATE, |name| match name {
        "title" => escape::inline(title(report)),
        "header" => header(report),
        "summary" => summary::section(report),
        "milestones" => milestones::table(report),
        "alerts" => alerts::section(report),
        "timeline" => sections::timeline(report),
        "actions" => actions::section(report),
        "changes" => sections::changes(report),
        "notes" => sections::notes(report),
        "todos" => follow_ups::section(report),
        _ => String::new(),
    })
}

fn title(report: &Report) -> &Outside {
    report
        .incident
        .as_ref()
        .map_or(&report.title, |incident| &incident.title)
}

/// Replaces each `{{name}}` of the template once; what is put in is not looked at again.
fn fill(template: &str, section: impl Fn(&str) -> String) -> String {
    let mut parts = template.split("{{");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once("}}").unwrap_or(("", part));
        text.push_str(&section(name));
        text.push_str(rest);
    }
    text
}

fn header(report: &Report) -> String {
    let mut lines = Vec::new();
    let mut line = |name: &str, value: String| lines.push(format!("- **{name}**: {value}"));
    if let Some(incident) = &report.incident {
        line("Incident", format!("`{}`", incident.id));
        line("Severity", milestones::severities(report));
        line("Status", incident.phase.word().to_owned());
        line("Opened", sections::time(incident.opened_at));
        let (name, lasted) = milestones::open_for(report);
        line(name, lasted);
    }
    let named = |names: std::collections::BTreeSet<Outside>| {
        sections::or_none(&names.iter().map(escape::inline).collect::<Vec<_>>())
    };
    line("People", named(sections::people(report)));
    line("Contexts", named(sections::contexts(report)));
    line("Entries", sections::count(report));
    if report.unreadable > 0 {
        line(
            "Unreadable",
            format!(
                "{} rows of the timeline could not be read; `watchfloor verify` says where",
                report.unreadable
            ),
        );
    }
    line(
        "Redacted",
        format!("{} values were taken out", report.redactions()),
    );
    line(
        "Made",
        format!("{} by {MADE_BY}", sections::time(report.made_at)),
    );
    lines.join("\n")
}
