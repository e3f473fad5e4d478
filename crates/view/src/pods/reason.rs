//! Why a pod is sick, in the width of its column.

use crate::{why, words};
use model::Model;
use model::pods::PodRow;
use model::sick::{self, Diagnosis};
use text::SafeText;

/// The reason; where it is cut, the end of a container in as few words as there are.
pub(super) fn why<'a>(
    model: &'a Model,
    pod: &'a PodRow,
    diagnosis: &Diagnosis<'a>,
    width: usize,
) -> SafeText<'a> {
    let whole = why::why(model, pod, diagnosis);
    if whole.width() <= width {
        return whole;
    }
    let Some((container, end)) = sick::last_termination(pod) else {
        return whole;
    };
    let long = words::termination(container, end);
    match whole.as_str().strip_prefix(long.as_str()) {
        Some(rest) => {
            let short = sick::exit::short_words(container, end);
            SafeText::from(format!("{}{rest}", short.shown()))
        }
        None => whole,
    }
}
