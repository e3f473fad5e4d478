//! The life of a container at random: it prints, rotates, ends and restarts while the connection breaks wherever it likes. Each
//! line is told once, or lies where a marker says that something is missing.

use super::{Bed, START_S, asks, at, broke, follow, line, lines_of, refusal};
use crate::logs::stream::{Ask, Input, Output};
use model::logs::Follow;

/// A container as the kubelet keeps it: what each instance printed, and how much of the newest was rotated away.
struct Node {
    instances: Vec<Vec<(u64, String)>>,
    /// Of the newest instance, and of the one before.
    rotated: [usize; 2],
    has_ended: bool,
    /// A line of the newest instance has reached the console: what is rotated away before is within the restart's span.
    is_read: bool,
}

impl Node {
    fn has_reached(&self, outputs: &[Output]) -> bool {
        let first = self.instances[self.instances.len() - 1].first();
        outputs.iter().any(|output| match (output, first) {
            (Output::Lines(segment), Some((ms, _))) => segment
                .lines()
                .iter()
                .any(|line| line.at >= at(*ms).wall.into()),
            _ => false,
        })
    }

    fn answer(&self, ask: Ask) -> Option<String> {
        let newest = self.instances.len() - 1;
        let (instance, rotated) = if ask.is_previous {
            (newest.checked_sub(1)?, self.rotated[1])
        } else {
            (newest, self.rotated[0])
        };
        let lines: Vec<&(u64, String)> = self.instances[instance][rotated..]
            .iter()
            .filter(|(ms, _)| {
                ask.since_s
                    .is_none_or(|since| START_S + i64::try_from(ms / 1_000).unwrap_or(0) >= since)
            })
            .collect();
        let tail = ask
            .tail
            .map_or(lines.len(), |tail| tail as usize)
            .min(lines.len());
        Some(
            lines[lines.len() - tail..]
                .iter()
                .map(|(ms, text)| line(*ms, text))
                .collect(),
        )
    }
}

/// Answers as the node would; the lines that a followed log begins with are still to be sent.
fn served(node: &Node, bed: &mut Bed, ask: Ask) -> Option<String> {
    let Some(body) = node.answer(ask) else {
        bed.give(refusal(400, "not found"));
        return None;
    };
    if ask.is_previous {
        bed.body(&body).give(Input::Ended);
        return None;
    }
    bed.give(Input::Opened);
    Some(body)
}

/// What the node does at random, and what the person was told of it.
fn life(seed: u64) -> (Node, Vec<String>) {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut node = Node {
        instances: vec![Vec::new()],
        rotated: [0; 2],
        has_ended: false,
        is_read: false,
    };
    let mut bed = Bed::new(follow(0));
    let (mut lines, mut pending) = (Vec::new(), String::new());
    let (mut is_open, mut is_asking, mut printed_ms) = (false, None, 1_000);
    let mut open_of = 0;
    for _ in 0..200 {
        let outputs = bed.take();
        node.is_read |= node.has_reached(&outputs);
        lines.extend(lines_of(&outputs));
        if let Some(ask) = asks(&outputs).last() {
            (is_asking, is_open) = (Some(*ask), false);
        }
        match random.u8(..12) {
            0..=3 if !node.has_ended => {
                printed_ms += [0, 0, 3, 400][random.usize(..4)];
                let text = ["tick", "tock"][random.usize(..2)].to_owned();
                let newest = node.instances.len() - 1;
                node.instances[newest].push((printed_ms, text.clone()));
                if is_open && open_of == newest {
                    pending.push_str(&line(printed_ms, &text));
                }
            }
            4 | 5 => {
                if let Some(ask) = is_asking.take()
                    && let Some(body) = served(&node, &mut bed, ask)
                {
                    (pending, is_open) = (body, true);
                    open_of = node.instances.len() - 1;
                }
            }
            6 | 7 if is_open && !pending.is_empty() => {
                let cut = random.usize(..=pending.len());
                let rest = pending.split_off(cut);
                bed.give(Input::Bytes(std::mem::replace(&mut pending, rest).into()));
            }
            8 if is_open => {
                if (node.has_ended || open_of + 1 < node.instances.len()) && random.u8(..2) == 0 {
                    bed.give(Input::Bytes(std::mem::take(&mut pending).into()))
                        .give(Input::Ended);
                } else {
                    bed.give(broke());
                }
                (is_open, pending) = (false, String::new());
            }
            9 if random.u8(..4) == 0 && !node.has_ended => {
                node.has_ended = true;
                let restarts = u32::try_from(node.instances.len() - 1).unwrap_or(0);
                bed.give(Input::Plan(Follow {
                    is_running: false,
                    ..follow(restarts)
                }));
            }
            10 if node.has_ended => {
                printed_ms += 2_000;
                node.instances.push(Vec::new());
                (node.has_ended, node.is_read) = (false, false);
                node.rotated = [0, node.rotated[0]];
                bed.give(Input::Plan(follow(
                    u32::try_from(node.instances.len() - 1).unwrap_or(0),
                )));
            }
            11 if random.u8(..40) == 0 && !is_open && node.is_read && !node.has_ended => {
                node.rotated[0] = node.instances[node.instances.len() - 1].len();
                // An equal line at the same nanosecond on both sides of a rotation: nobody could tell them apart.
                printed_ms += 1;
            }
            _ => {
                bed.now_ms += 300;
                if bed.stream.wake().is_some_and(|wake| wake <= bed.now_ms) {
                    bed.give(Input::Wake);
                }
            }
        }
        if bed.out.contains(&Output::Close) {
            (is_open, is_asking, pending) = (false, None, String::new());
        }
    }
    // At last everything is read.
    for _ in 0..40 {
        if bed.out.contains(&Output::Close) {
            (is_open, is_asking) = (false, None);
        }
        if is_open {
            bed.give(Input::Bytes(std::mem::take(&mut pending).into()));
            if open_of + 1 == node.instances.len() {
                // Also that nothing comes is told.
                bed.now_ms += 3_000;
                bed.give(Input::Wake);
                break;
            }
            bed.give(Input::Ended);
            is_open = false;
        }
        if let Some(ask) = asks(&bed.out).last().copied().or(is_asking.take()) {
            lines.extend(lines_of(&bed.take()));
            if let Some(body) = served(&node, &mut bed, ask) {
                (pending, is_open) = (body, true);
                open_of = node.instances.len() - 1;
            }
        } else if bed.stream.wake().is_some() {
            bed.wake();
        } else {
            break;
        }
    }
    bed.give(broke());
    lines.extend(lines_of(&bed.take()));
    (node, lines)
}

#[test]
fn however_it_breaks_each_line_is_told_once_or_lies_in_a_declared_gap() {
    let mut gaps = 0;
    for seed in 0..2_000 {
        let (node, seen) = life(seed);
        let printed: Vec<&str> = node
            .instances
            .iter()
            .flatten()
            .map(|(_, text)| text.as_str())
            .collect();
        let lines: Vec<&str> = seen
            .iter()
            .map(String::as_str)
            .filter(|line| !line.starts_with('['))
            .collect();
        let is_declared = seen
            .iter()
            .any(|line| line.starts_with("[gap") || line.contains("missing"));
        gaps += usize::from(is_declared);
        if is_declared {
            assert!(
                lines.len() <= printed.len(),
                "seed {seed}: {seen:?} of {printed:?}"
            );
        } else {
            assert_eq!(lines, printed, "seed {seed}: {seen:?}");
        }
    }
    assert!(
        (200..1_800).contains(&gaps),
        "the seeds are too kind or too rough: {gaps}"
    );
}
