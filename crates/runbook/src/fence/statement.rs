//! Statements of SQL, queries of a monitoring system and requests in a fence.

use super::line::{Look, look};
use super::{Fence, FenceKind, comment};
use crate::is_listed;
use crate::sql;
use crate::steps::STEPS_MAX;

impl Fence<'_> {
    /// A statement of SQL, up to its semicolon or an empty line.
    pub(super) fn take_statement(&mut self, at: usize) -> usize {
        let mut last = at;
        while !self.lines[last].trim_end().ends_with(';') {
            let Some(next) = self
                .lines
                .get(last + 1)
                .filter(|next| !next.trim().is_empty() && comment(next.trim()).is_none())
            else {
                break;
            };
            if look(next.trim(), false) == Look::Program || last - at > 100 {
                break;
            }
            last += 1;
        }
        let text = self.lines[at..=last].join("\n");
        self.push(at, last, text.trim(), FenceKind::Sql);
        last + 1
    }

    /// A query of a monitoring system, up to an empty line.
    pub(super) fn take_query(&mut self, at: usize) -> usize {
        let is_end = |line: &&str| line.trim().is_empty() || comment(line.trim()).is_some();
        let count = self.lines[at..]
            .iter()
            .take_while(|line| !is_end(line))
            .count();
        let last = at + count.max(1) - 1;
        let text = self.lines[at..=last].join("\n");
        self.push(at, last, text.trim(), FenceKind::Query);
        last + 1
    }

    pub(super) fn read_statements(&mut self, is_sql: bool) {
        let mut at = 0;
        while at < self.lines.len() && self.found.len() <= STEPS_MAX {
            let line = self.lines[at].trim();
            if line.is_empty() {
                at += 1;
                continue;
            }
            if let Some(comment) = comment(line).or_else(|| line.strip_prefix("--").map(str::trim))
            {
                self.comments.push(comment.to_owned());
                at += 1;
                continue;
            }
            if is_sql && !sql::is_statement(line) {
                at += 1;
                continue;
            }
            let mut last = at;
            while !(is_sql && self.lines[last].trim_end().ends_with(';'))
                && self
                    .lines
                    .get(last + 1)
                    .is_some_and(|next| !next.trim().is_empty())
            {
                last += 1;
            }
            let text = self.lines[at..=last].join("\n");
            self.inherited = None;
            let kind = if is_sql {
                FenceKind::Sql
            } else {
                FenceKind::Query
            };
            self.push(at, last, text.trim(), kind);
            at = last + 1;
        }
    }

    pub(super) fn read_requests(&mut self) {
        for at in 0..self.lines.len() {
            let line = self.lines[at].trim();
            let method = line.split(' ').next().unwrap_or("");
            if matches!(method, "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE")
                && line.contains('/')
            {
                let line = line.to_owned();
                self.push(at, at, &line, FenceKind::Request);
            }
        }
    }
}

/// Does a query of Prometheus begin here?
pub(super) fn is_query(line: &str) -> bool {
    const FUNCTIONS: &str = "absent avg avg_over_time bottomk changes count count_over_time delta group histogram_quantile increase irate \
        label_replace max max_over_time min min_over_time predict_linear quantile rate sort_desc stddev sum \
        sum_over_time time topk";
    let line = line.trim_start_matches(['(', ' ']);
    let length = line
        .bytes()
        .take_while(|one| one.is_ascii_alphanumeric() || matches!(one, b'_' | b':'))
        .count();
    let (name, rest) = line.split_at(length);
    let behind = rest.trim_start();
    let is_call = is_listed(FUNCTIONS, name)
        && (behind.starts_with('(')
            || behind.starts_with("by (")
            || behind.starts_with("by(")
            || behind.starts_with("without"));
    let is_metric = name.contains('_') && rest.starts_with('{') && rest.contains('"');
    is_call || is_metric
}
