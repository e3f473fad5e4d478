//! Namespaces and contexts: another cluster is a step that nobody takes by a slip, so each has a word of its own before its name.

use super::fit::begins;
use super::{PaletteGoal, PaletteLine, action_line};
use crate::Model;
use keys::action::Action;
use text::Outside;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Places {
    Namespaces,
    Contexts,
}

impl Places {
    /// What the first word asks for, and what was typed after it.
    pub(super) fn asked_for(typed: &str) -> Option<(Places, &str)> {
        let typed = typed.trim();
        let (word, rest) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
        let places = match word.to_lowercase().as_str() {
            "ns" | "namespace" | "namespaces" => Places::Namespaces,
            "ctx" | "context" | "contexts" => Places::Contexts,
            _ => return None,
        };
        Some((places, rest.trim()))
    }

    /// Those whose name begins so; without a name the list of all comes first.
    pub(super) fn offers(self, model: &Model, rest: &str) -> Vec<PaletteLine> {
        let mut lines = self.lines(model);
        if rest.is_empty() {
            let action = match self {
                Places::Namespaces => Action::Namespace,
                Places::Contexts => Action::Context,
            };
            let list = PaletteLine {
                is_meant: true,
                ..action_line(model, action)
            };
            lines.insert(0, list);
            return lines;
        }
        lines.retain(|line| begins(rest, line.name.raw()));
        let is_named = |line: &PaletteLine| {
            let is_all = line.goal == PaletteGoal::Namespace(None) && rest == "all";
            line.name.raw() == rest || is_all
        };
        // Where several begin so none is meant, unless its whole name was typed.
        let is_only = lines.len() == 1;
        for line in &mut lines {
            line.is_meant = is_only || is_named(line);
        }
        lines.sort_by_key(|line| !is_named(line));
        lines
    }

    fn lines(self, model: &Model) -> Vec<PaletteLine> {
        let line = |goal, what, name: Outside, note: &str| PaletteLine {
            goal,
            what,
            name,
            note: note.into(),
            ban: None,
            is_meant: false,
        };
        match self {
            Places::Namespaces => {
                let all = (PaletteGoal::Namespace(None), "all namespaces".into());
                let table = &model.cluster.namespaces.table;
                let rows = (0..table.len()).filter_map(|at| table.row_at(at));
                let names = rows.map(|(row, _)| {
                    let goal = PaletteGoal::Namespace(Some(row.name.clone()));
                    (goal, row.name.clone())
                });
                std::iter::once(all)
                    .chain(names)
                    .map(|(goal, name)| line(goal, "namespace", name, "watch it"))
                    .collect()
            }
            Places::Contexts => {
                let names = model.cluster.contexts.iter();
                let names = names.map(|name| Outside::from(name.clone()));
                names
                    .map(|name| {
                        line(
                            PaletteGoal::Context(name.clone()),
                            "context",
                            name,
                            "use it",
                        )
                    })
                    .collect()
            }
        }
    }
}

/// Names that begin with what was typed without their word: offered with the words that lead there.
pub(super) fn hints(model: &Model, typed: &str) -> Vec<PaletteLine> {
    let all = [(Places::Contexts, "ctx"), (Places::Namespaces, "ns")];
    let lines = all.into_iter().flat_map(|(places, word)| {
        places
            .lines(model)
            .into_iter()
            .map(move |line| (word, line))
    });
    lines
        .filter(|(_, line)| begins(typed, line.name.raw()))
        .map(|(word, line)| {
            let name = match line.goal {
                PaletteGoal::Namespace(None) => "all",
                _ => line.name.raw(),
            };
            let ban = format!("not by its name alone; type {word} {name}");
            PaletteLine {
                ban: Some(ban),
                ..line
            }
        })
        .collect()
}
