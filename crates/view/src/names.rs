//! Names that are too long for their columns: shortened in the middle, since beginning and end tell the most, and so that
//! no two names of a list look the same.

use std::collections::{BTreeMap, BTreeSet};

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use text::SafeText;

/// Stands for what was left out.
const GAP: &str = "…";
/// Between the parts of a name.
const SEPARATORS: &[char] = &['-', '.', '/', '_', ':'];
/// Names that still look alike after so many attempts differ in more places than there are columns for.
const ATTEMPTS: usize = 8;

/// The name in so many columns.
pub(super) fn shortened(name: &SafeText<'_>, columns: usize) -> SafeText<'static> {
    let drawn = Name::new(name, columns).drawn(Shape::LastParts);
    SafeText::from(drawn)
}

/// Each name in its columns. Names that differ are drawn differently, as far as there are columns for it.
pub(super) fn distinct(names: &[(SafeText<'_>, usize)]) -> Vec<SafeText<'static>> {
    // A namespace stands on many lines of a list.
    let mut once: BTreeMap<(&str, usize), usize> = BTreeMap::new();
    let mut different = Vec::new();
    let mut places = Vec::new();
    for (name, columns) in names {
        let place = once.entry((name.as_str(), *columns)).or_insert_with(|| {
            different.push(Name::new(name, *columns));
            different.len() - 1
        });
        places.push(*place);
    }
    let drawn = told_apart(&different);
    places
        .into_iter()
        .map(|place| drawn[place].clone())
        .collect()
}

fn told_apart(names: &[Name<'_>]) -> Vec<SafeText<'static>> {
    let mut drawn: Vec<String> = names
        .iter()
        .map(|name| name.drawn(Shape::LastParts))
        .collect();
    for _ in 0..ATTEMPTS {
        let before = drawn.clone();
        for group in alike(names, &drawn) {
            tell_apart(names, &group, &mut drawn);
        }
        if drawn == before {
            break;
        }
    }
    drawn.into_iter().map(SafeText::from).collect()
}

/// Names of different texts that are drawn the same.
fn alike(names: &[Name<'_>], drawn: &[String]) -> Vec<Vec<usize>> {
    let mut by_drawing: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, text) in drawn.iter().enumerate() {
        by_drawing.entry(text).or_default().push(at);
    }
    let differ = |group: &Vec<usize>| {
        let first = names[group[0]].text;
        group.iter().any(|at| names[*at].text != first)
    };
    by_drawing.into_values().filter(differ).collect()
}

/// Draws a group in the first shape in which all differ, else in the one in which the most do.
fn tell_apart(names: &[Name<'_>], group: &[usize], drawn: &mut [String]) {
    let texts: BTreeSet<&str> = group.iter().map(|at| names[*at].text).collect();
    let others: BTreeSet<String> = (0..names.len())
        .filter(|at| !group.contains(at))
        .map(|at| drawn[at].clone())
        .collect();
    let (mut best, mut most) = (None, 1);
    let columns = group.iter().map(|at| names[*at].columns).max().unwrap_or(0);
    let longest = group.iter().map(|at| names[*at].clusters.len()).max();
    // What is cut in the middle is read best.
    let mut tails: Vec<usize> = (1..columns.saturating_sub(1)).collect();
    tails.sort_by_key(|tail| tail.abs_diff(columns.saturating_sub(1) / 2));
    let tails = tails.into_iter().map(Shape::Tail);
    let windows = (1..longest.unwrap_or(0)).map(Shape::Window);
    for shape in tails.chain(windows) {
        let told: BTreeSet<String> = group.iter().map(|at| names[*at].drawn(shape)).collect();
        let count = told.difference(&others).count();
        if count > most {
            (best, most) = (Some(shape), count);
        }
        if count == texts.len() {
            break;
        }
    }
    if let Some(shape) = best {
        for at in group {
            drawn[*at] = names[*at].drawn(shape);
        }
    }
}

/// What is kept of a name.
#[derive(Clone, Copy)]
enum Shape {
    /// At the end as many whole parts as fit into half of the columns, at the beginning what there is room for.
    LastParts,
    /// So many columns at the end.
    Tail(usize),
    /// Beginning, end, and half of the columns from this cluster on.
    Window(usize),
}

struct Name<'a> {
    text: &'a str,
    clusters: Vec<&'a str>,
    columns: usize,
}

impl<'a> Name<'a> {
    fn new(name: &'a SafeText<'_>, columns: usize) -> Name<'a> {
        let text = name.as_str();
        Name {
            text,
            clusters: text.graphemes(true).collect(),
            columns,
        }
    }

    fn drawn(&self, shape: Shape) -> String {
        if self.text.width() <= self.columns {
            return self.text.to_owned();
        }
        let Some(room) = self.columns.checked_sub(1) else {
            return String::new();
        };
        match shape {
            Shape::LastParts => self.ends(room, self.last_parts(room / 2)),
            Shape::Tail(columns) => self.ends(room, columns.min(room)),
            Shape::Window(from) => self.window(from),
        }
    }

    /// Columns of the last parts that fit into `room`; all of it where not even one does.
    fn last_parts(&self, room: usize) -> usize {
        let end = self.end(room);
        let parts = self.clusters[end..].iter();
        let first = parts
            .clone()
            .position(|cluster| cluster.contains(SEPARATORS));
        let from = end + first.unwrap_or(0);
        width(&self.clusters[from..])
    }

    fn ends(&self, room: usize, tail: usize) -> String {
        let (head, tail) = (self.start(room - tail), self.end(tail));
        let (head, tail) = (&self.clusters[..head], &self.clusters[tail..]);
        [head.concat().as_str(), GAP, &tail.concat()].concat()
    }

    /// `head…middle…tail`; without the middle where that would touch head or tail.
    fn window(&self, from: usize) -> String {
        let room = self.columns.saturating_sub(2);
        let quarter = room / 4;
        let (head, tail) = (self.start(quarter), self.end(quarter));
        let columns = room - 2 * quarter;
        let mut until = from;
        let mut used = 0;
        while until < tail && used + self.clusters[until].width() <= columns {
            used += self.clusters[until].width();
            until += 1;
        }
        if from <= head || until >= tail || until == from {
            return self.ends(self.columns - 1, quarter);
        }
        let parts = [
            &self.clusters[..head],
            &self.clusters[from..until],
            &self.clusters[tail..],
        ];
        parts.map(<[&str]>::concat).join(GAP)
    }

    /// Clusters from the start that fit into `columns`.
    fn start(&self, columns: usize) -> usize {
        fitting(self.clusters.iter(), columns)
    }

    /// Where those begin that fit into `columns` at the end.
    fn end(&self, columns: usize) -> usize {
        self.clusters.len() - fitting(self.clusters.iter().rev(), columns)
    }
}

fn width(clusters: &[&str]) -> usize {
    clusters.iter().map(|cluster| cluster.width()).sum()
}

fn fitting<'a>(clusters: impl Iterator<Item = &'a &'a str>, columns: usize) -> usize {
    let mut used = 0;
    clusters
        .take_while(|cluster| {
            used += cluster.width();
            used <= columns
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(name: &str, columns: usize) -> String {
        shortened(&SafeText::from(name), columns).to_string()
    }

    fn all(names: &[&str], columns: usize) -> Vec<String> {
        let names: Vec<_> = names
            .iter()
            .map(|name| (SafeText::from(*name), columns))
            .collect();
        distinct(&names).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_beginning_and_the_last_whole_parts_stay() {
        let pod = "app-0000-5596b6d7f4-abcde";
        assert_eq!(short(pod, 25), pod);
        assert_eq!(short(pod, 20), "app-0000-5596…-abcde");
        assert_eq!(
            short("checkout-payment-processor", 20),
            "checkout-p…processor"
        );
        assert_eq!(short(pod, 2), "a…");
        assert_eq!((short(pod, 1), short(pod, 0)), ("…".into(), String::new()));
        assert_eq!(short("数数数数数", 7), "数数…数");
    }

    #[test]
    fn names_that_would_look_alike_are_cut_where_they_do_not() {
        let starts = ["app-0000-5596b6d7f4-abcde", "app-0001-5596b6d7f4-abcde"];
        assert_eq!(all(&starts, 12), ["app-0000…cde", "app-0001…cde"]);
    }
}
