//! The names by which links of a document reach its headings, as GitHub makes them.

use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub(crate) struct Anchors(BTreeMap<String, usize>);

impl Anchors {
    /// The anchor of the next heading: letters in lower case, blanks to hyphens, a number where it is taken.
    pub(crate) fn next(&mut self, heading: &str) -> String {
        let mut anchor = String::new();
        for one in heading.trim().chars() {
            if one.is_alphanumeric() || one == '-' || one == '_' {
                anchor.extend(one.to_lowercase());
            } else if one == ' ' {
                anchor.push('-');
            }
        }
        let count = self.0.entry(anchor.clone()).or_insert(0);
        let number = *count;
        *count += 1;
        if number > 0 {
            anchor = format!("{anchor}-{number}");
            self.0.entry(anchor.clone()).or_insert(1);
        }
        anchor
    }
}
