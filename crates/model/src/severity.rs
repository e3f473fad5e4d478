//! How bad it is: a scheme is an ordered list of names, never a hard-coded scale (two teams' P1 differ).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// One level of a scheme.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Severity {
    /// Name of the scheme, so that an old entry keeps its meaning when the scheme is changed.
    pub scheme: Arc<str>,
    /// Such as `P1`.
    pub name: Arc<str>,
    /// 0 is the worst.
    pub rank: u8,
}

/// An ordered list of severities, worst first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheme {
    /// Name, stored with each entry.
    pub name: Arc<str>,
    /// Names of the levels, worst first.
    pub levels: Vec<Arc<str>>,
}

impl Default for Scheme {
    fn default() -> Self {
        Scheme {
            name: "p0-p4".into(),
            levels: ["P0", "P1", "P2", "P3", "P4"].map(Arc::from).to_vec(),
        }
    }
}

impl Scheme {
    /// The level of this rank, 0 being the worst.
    pub fn level(&self, rank: u8) -> Option<Severity> {
        let name = self.levels.get(usize::from(rank))?;
        Some(Severity {
            scheme: self.name.clone(),
            name: name.clone(),
            rank,
        })
    }

    /// The level of this name; case does not count.
    pub fn parse(&self, name: &str) -> Option<Severity> {
        let rank = self
            .levels
            .iter()
            .position(|level| level.eq_ignore_ascii_case(name.trim()))?;
        self.level(u8::try_from(rank).ok()?)
    }
}

impl Severity {
    /// One glyph and its ASCII form; the name always stands beside it.
    pub fn glyph(&self) -> (char, char) {
        match self.rank {
            0 | 1 => ('‼', '!'),
            2 => ('▲', '^'),
            _ => ('·', '.'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_severity_is_named_in_any_case_and_keeps_its_scheme() {
        let scheme = Scheme::default();
        let found = scheme.parse(" p1 ");
        assert_eq!(found, scheme.level(1));
        assert_eq!(
            found.map(|severity| (severity.scheme, severity.rank)),
            Some(("p0-p4".into(), 1))
        );
        assert_eq!(scheme.parse("P5"), None);
        assert_eq!(scheme.level(5), None);
    }
}
