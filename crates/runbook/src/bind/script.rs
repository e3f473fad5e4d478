//! The text for `sh -c`, in which each value is a variable of the environment.

use super::BindFault;
use crate::shell::Quote;
use crate::step::RunbookStep;

/// A line as the document has it, but for its placeholders: in their places stand `"${RUNBOOK_1}"` and so on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShellScript {
    pub text: String,
    pub environment: Vec<(String, String)>,
}

/// The names of the variables begin so, and no document has such names.
const PREFIX: &str = "RUNBOOK_";

pub(super) fn of<'v>(
    step: &RunbookStep,
    known: &impl Fn(&str) -> Option<&'v str>,
) -> Result<ShellScript, BindFault> {
    let mut places = Vec::new();
    let mut environment = Vec::new();
    for (index, placeholder) in step.placeholders.iter().enumerate() {
        let name = format!("{PREFIX}{}", index + 1);
        let Some(value) = known(&placeholder.key) else {
            continue;
        };
        environment.push((name.clone(), value.to_owned()));
        for place in &placeholder.places {
            let text = match place.quote {
                Quote::Bare => format!("\"${{{name}}}\""),
                Quote::Double | Quote::Here => format!("${{{name}}}"),
                Quote::Single => format!("'\"${{{name}}}\"'"),
                Quote::HereLiteral => {
                    return Err(BindFault::NoPlaceForValue {
                        key: placeholder.key.clone(),
                    });
                }
            };
            places.push((place.bytes.clone(), text));
        }
    }
    places.sort_by_key(|(bytes, _)| std::cmp::Reverse(bytes.start));
    let mut text = step.text.raw().to_owned();
    for (bytes, name) in places {
        if text.get(bytes.clone()).is_none() {
            return Err(BindFault::MeaningChanged);
        }
        text.replace_range(bytes, &name);
    }
    Ok(ShellScript { text, environment })
}
