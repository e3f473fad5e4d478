//! What a pod uses of what it may, all its containers together: `131Mi/256Mi`; `?` stands for a use that is not known.

use model::Model;
use model::amounts::{self, Amounts};
use model::pods::PodRow;
use model::usage;
use text::SafeText;

pub(super) fn memory(model: &Model, pod: &PodRow) -> SafeText<'static> {
    let used = used(model, pod).memory_bytes.map(amounts::about_memory);
    let limit = usage::limits(pod).memory_bytes.map(amounts::exact_memory);
    together(used, limit)
}

pub(super) fn cpu(model: &Model, pod: &PodRow) -> SafeText<'static> {
    let used = used(model, pod).cpu_milli.map(amounts::cpu);
    let limit = usage::limits(pod).cpu_milli.map(amounts::cpu);
    together(used, limit)
}

fn used(model: &Model, pod: &PodRow) -> Amounts {
    let used = model.cluster.measured.of(pod);
    used.map_or(Amounts::default(), usage::PodUsage::sum)
}

fn together(used: Option<String>, limit: Option<String>) -> SafeText<'static> {
    let used = used.unwrap_or_else(|| "?".to_owned());
    SafeText::from(match limit {
        Some(limit) => format!("{used}/{limit}"),
        None => used,
    })
}
