//! What stands in the pods pane while it lists nothing.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::paint;
use crate::theme::{Role, Theme};
use model::Model;
use model::cluster::Health;
use text::SafeText;

/// Why there is nothing to see; a problem with all its words.
pub(super) fn draw(model: &Model, theme: &Theme, body: Rect, buffer: &mut Buffer) {
    let area = Rect {
        x: body.x + body.width.min(2),
        width: body.width.saturating_sub(4),
        ..body
    };
    paint::text(
        buffer,
        paint::row(area, 0),
        &SafeText::from(emptiness(model)),
        theme.style(Role::Dim),
    );
    let Some(problem) = model.cluster.problem() else {
        return;
    };
    let words = SafeText::from(format!("{}; {}", problem.what.shown(), problem.next));
    for (at, line) in paint::wrapped(&words, usize::from(area.width))
        .iter()
        .enumerate()
    {
        paint::text(
            buffer,
            paint::row(area, at + 2),
            line,
            theme.style(Role::Bad),
        );
    }
}

fn emptiness(model: &Model) -> &'static str {
    let pods = &model.cluster.pods;
    if let Some(trouble) = model.cluster.scope_trouble() {
        return trouble.words();
    }
    match &pods.health {
        _ if model.cluster.refused.is_some() => "not known: this context cannot be used",
        _ if model.cluster.waits_for.is_some() => "not known yet: this context is not reached",
        Health::Stopped { .. } | Health::Stale { .. } if !pods.is_complete => {
            "not known: the list could not be read"
        }
        _ if !pods.is_complete => "reading the list",
        _ if model.screen.pods.filter.is_empty() && pods.table.counts().left_over > 0 => {
            "there are only left-over pods here: a filter lists them"
        }
        _ if pods.table.counts().total > 0 => "no pod passes the filter",
        _ => "there are no pods here",
    }
}
