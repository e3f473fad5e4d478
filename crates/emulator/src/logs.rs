//! What containers print: a pure function of the instance and the line's number, so that no line is ever stored.

mod words;

use super::world::World;
use super::world::object::Millis;
use super::world::pod::{Behaviour, Ended, Pod, Stage};

/// Lines that an instance keeps: the kubelet rotates logs too.
pub const KEPT_MAX: u64 = 50_000;
/// From its start to an instance's first line.
const FIRST_MS: Millis = 120;
/// The last words of an instance that fails come so long before its end.
const LAST_MS: Millis = 40;

/// One run of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// Name of the workload: what it speaks about.
    pub workload: String,
    /// Tag of its image.
    pub tag: String,
    /// Randomness of its own.
    pub seed: u64,
    pub started: Millis,
    /// Its end, if it has ended or is about to.
    pub end: Option<Millis>,
    /// Whether it ends badly by itself, and how.
    pub fails: Option<Failure>,
    /// What others do to it.
    pub trouble: words::Stress,
    /// Lines each second.
    pub per_s: u32,
}

/// From when to when, and how it ends.
#[derive(Clone, Copy)]
struct Run {
    started: Millis,
    end: Option<Millis>,
    fails: Option<Failure>,
}

impl Run {
    /// The one that goes on.
    fn of(pod: &Pod) -> Self {
        let fails = match pod.behaviour {
            // Whether a leak ends in an exit or a kill is not known before: both begin alike.
            Behaviour::Crash | Behaviour::Leaky => Some(Failure::Exit),
            Behaviour::OutOfMemory => Some(Failure::Killed),
            Behaviour::Hungry
            | Behaviour::Healthy
            | Behaviour::NeverReady
            | Behaviour::ImagePull => None,
        };
        Self {
            started: pod.started,
            end: pod.due.filter(|_| fails.is_some()),
            fails,
        }
    }

    fn ended(pod: &Pod, ended: Ended) -> Self {
        let fails = match (pod.behaviour, ended.code, ended.oom) {
            (Behaviour::Hungry, _, _) | (_, 0, _) => None,
            (_, _, true) => Some(Failure::Killed),
            (_, _, false) => Some(Failure::Exit),
        };
        Self {
            started: ended.started,
            end: Some(ended.finished),
            fails,
        }
    }
}

/// How an instance fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Exits with an error.
    Exit,
    /// Is killed for its memory: no last words.
    Killed,
}

/// A line and its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When it was printed.
    pub at: Millis,
    pub text: String,
}

impl Instance {
    /// The instance that runs, or that ran last.
    pub fn present(world: &World, pod: &Pod, container: usize, per_s: u32) -> Option<Self> {
        let culprit = container == usize::from(pod.culprit);
        let run = match pod.stage {
            Stage::Running | Stage::Ready if culprit => Run::of(pod),
            Stage::Crashed | Stage::BackOff if culprit => Run::ended(pod, pod.ended?),
            Stage::Unscheduled | Stage::Creating => return None,
            _ if culprit => return None,
            _ => Run {
                started: pod.seen + 1_000,
                end: None,
                fails: None,
            },
        };
        Some(Self::new(world, pod, container, run, per_s))
    }

    /// The instance before that one.
    pub fn previous(world: &World, pod: &Pod, container: usize, per_s: u32) -> Option<Self> {
        let ended = pod
            .last_ended()
            .filter(|_| container == usize::from(pod.culprit))?;
        let run = Run::ended(pod, ended);
        Some(Self::new(world, pod, container, run, per_s))
    }

    fn new(world: &World, pod: &Pod, container: usize, run: Run, per_s: u32) -> Self {
        let image = &pod.template.containers[container].image;
        let tag = image.rsplit_once(':').map_or("latest", |(_, tag)| tag);
        let workload = pod
            .meta
            .labels
            .get("app")
            .map_or(&*pod.meta.key.name, String::as_str);
        let seed = (pod.meta.uid.0 >> 64) as u64 ^ run.started.unsigned_abs();
        Self {
            workload: workload.to_owned(),
            tag: tag.to_owned(),
            seed,
            started: run.started,
            end: run.end,
            fails: run.fails,
            trouble: words::Stress::of(world, pod, container, workload),
            per_s: per_s.max(1),
        }
    }

    fn gap_ms(&self) -> f64 {
        1_000.0 / f64::from(self.per_s)
    }

    /// Time of a line; later lines are never earlier.
    fn at(&self, number: u64) -> Millis {
        let jitter = (self.random(number) % 800) as f64 / 1_000.0;
        self.started + FIRST_MS + ((number as f64 + jitter) * self.gap_ms()) as Millis
    }

    /// A number of that line alone: it can be asked for in any order.
    fn random(&self, number: u64) -> u64 {
        fastrand::Rng::with_seed(self.seed ^ number).u64(..)
    }

    /// The lines printed after `after` and up to `until`, oldest first, at most the newest [`KEPT_MAX`].
    pub fn lines(&self, after: Millis, until: Millis) -> Vec<Line> {
        // Who fails by itself has last words, and nothing after them.
        let rest = if self.fails.is_some() { LAST_MS } else { 0 };
        let until = self.end.map_or(until, |end| until.min(end - rest - 1));
        let number = |at: Millis| {
            (at - self.started - FIRST_MS).max(0).unsigned_abs() * u64::from(self.per_s) / 1_000
        };
        let last = number(until) + 1;
        let first = number(after)
            .saturating_sub(1)
            .max(last.saturating_sub(KEPT_MAX));
        (first..last)
            .map(|n| (n, self.at(n)))
            .filter(|(_, at)| *at > after && *at <= until)
            .map(|(n, at)| Line {
                at,
                text: words::line(self, n, at),
            })
            .collect()
    }

    /// The last words, once it has ended.
    pub fn last_words(&self, after: Millis, until: Millis) -> Vec<Line> {
        let Some(at) = self
            .end
            .map(|end| end - LAST_MS)
            .filter(|at| *at > after && *at <= until)
        else {
            return vec![];
        };
        let words = self.fails.map_or(&[][..], words::last);
        let times = (at..).step_by(2);
        let lines = times.zip(words).map(|(at, text)| Line {
            at,
            text: (*text).to_owned(),
        });
        lines.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instance() -> Instance {
        Instance {
            workload: "checkout".to_owned(),
            tag: "1.9.2".to_owned(),
            seed: 7,
            started: 1_000_000,
            end: Some(1_008_000),
            fails: Some(Failure::Exit),
            trouble: words::Stress::default(),
            per_s: 4,
        }
    }

    #[test]
    fn reading_in_pieces_gives_the_same_lines_as_reading_at_once() {
        let instance = instance();
        let whole = instance.lines(0, i64::MAX);
        assert!(
            whole.len() > 20 && whole.is_sorted_by_key(|line| line.at),
            "{whole:?}"
        );
        for step in [1, 7, 130, 999] {
            let mut pieces = vec![];
            let mut after = 0;
            while after < 1_010_000 {
                let until = after.max(999_000) + step;
                pieces.extend(instance.lines(after, until));
                after = until;
            }
            assert_eq!(pieces, whole, "in steps of {step} ms");
        }
    }

    #[test]
    fn the_last_words_come_after_all_other_lines() {
        let instance = instance();
        let last = instance.lines(0, i64::MAX).last().map_or(0, |line| line.at);
        let words = instance.last_words(0, i64::MAX);
        assert!(
            words[0].at > last && words[1].text.contains("exit code 1"),
            "{words:?} after {last}"
        );
    }
}
