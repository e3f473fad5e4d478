//! One of a list is chosen: a namespace or a context.

use text::Outside;

use crate::filter::{Filter, field};
use crate::watched::Cluster;

/// Choose one of a list, narrowed by typing.
#[derive(Clone, Debug)]
pub struct Picker {
    /// What is chosen.
    pub what: Picked,
    /// What was typed.
    pub text: String,
    /// Selected line among the matching ones.
    pub selected: usize,
}

impl Picker {
    /// What it offers now: the choices that contain what was typed; `None` is "all".
    pub fn choices(&self, cluster: &Cluster) -> Vec<Option<Outside>> {
        let filter = Filter::parse(&self.text);
        let is_offered = |name: &Outside| filter.matches(&std::iter::once(field(name)));
        let (all, names): (_, Vec<Outside>) = match self.what {
            Picked::Namespace => {
                let table = &cluster.namespaces.table;
                (
                    Some(None),
                    (0..table.len())
                        .filter_map(|line| table.row_at(line))
                        .map(|(row, _)| row.name.clone())
                        .collect(),
                )
            }
            Picked::Context => {
                let contexts = cluster.contexts.iter();
                (
                    None,
                    contexts.map(|name| Outside::from(name.clone())).collect(),
                )
            }
        };
        let all = all.filter(|_| filter.matches(&std::iter::once("all namespaces")));
        all.into_iter()
            .chain(names.into_iter().filter(is_offered).map(Some))
            .collect()
    }
}

/// What a picker chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picked {
    /// The namespace to watch.
    Namespace,
    /// The cluster context.
    Context,
}
