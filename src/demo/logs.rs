//! What containers print: a pure function of the instance and the line's number, so that no line is ever stored.

use super::world::object::Millis;
use super::world::pod::{Ended, Fate, Pod, Stage};

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
    /// Its start.
    pub started: Millis,
    /// Its end, if it has ended or is about to.
    pub end: Option<Millis>,
    /// Whether it ends badly, and how.
    pub fails: Option<Failure>,
    /// Lines each second.
    pub per_s: u32,
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
    /// What.
    pub text: String,
}

impl Instance {
    /// The instance that runs, or that ran last.
    pub fn present(pod: &Pod, container: usize, per_s: u32) -> Option<Self> {
        let culprit = container == usize::from(pod.culprit);
        match pod.stage {
            Stage::Running | Stage::Ready if culprit => {
                let failing = matches!(
                    pod.fate,
                    Fate::Crash | Fate::OutOfMemory | Fate::Leaky | Fate::Hungry
                );
                let end = pod.due.filter(|_| failing);
                // Whether a leak ends in an exit or a kill is not known before: both begin alike.
                let fails = failing.then_some(if pod.fate == Fate::OutOfMemory {
                    Failure::Killed
                } else {
                    Failure::Exit
                });
                Some(Self::new(pod, container, pod.started, end, fails, per_s))
            }
            Stage::Crashed | Stage::BackOff if culprit => pod
                .ended
                .map(|ended| Self::ended(pod, container, ended, per_s)),
            Stage::Unscheduled | Stage::Creating => None,
            _ if culprit => None,
            _ => Some(Self::new(
                pod,
                container,
                pod.seen + 1_000,
                None,
                None,
                per_s,
            )),
        }
    }

    /// The instance before that one.
    pub fn previous(pod: &Pod, container: usize, per_s: u32) -> Option<Self> {
        let ended = pod
            .last_ended()
            .filter(|_| container == usize::from(pod.culprit))?;
        Some(Self::ended(pod, container, ended, per_s))
    }

    fn ended(pod: &Pod, container: usize, ended: Ended, per_s: u32) -> Self {
        let fails = (ended.code != 0).then_some(if ended.oom {
            Failure::Killed
        } else {
            Failure::Exit
        });
        Self::new(
            pod,
            container,
            ended.started,
            Some(ended.finished),
            fails,
            per_s,
        )
    }

    fn new(
        pod: &Pod,
        container: usize,
        started: Millis,
        end: Option<Millis>,
        fails: Option<Failure>,
        per_s: u32,
    ) -> Self {
        let image = &pod.template.containers[container].image;
        let tag = image.rsplit_once(':').map_or("latest", |(_, tag)| tag);
        let workload = pod
            .meta
            .labels
            .get("app")
            .map_or(&*pod.meta.key.name, String::as_str);
        let seed = (pod.meta.uid.0 >> 64) as u64 ^ started.unsigned_abs();
        Self {
            workload: workload.to_owned(),
            tag: tag.to_owned(),
            seed,
            started,
            end,
            fails,
            per_s: per_s.max(1),
        }
    }

    fn gap_ms(&self) -> f64 {
        1_000.0 / f64::from(self.per_s)
    }

    /// Time of a line; later lines are never earlier.
    fn at(&self, number: u64) -> Millis {
        let jitter = (self.dice(number) % 800) as f64 / 1_000.0;
        self.started + FIRST_MS + ((number as f64 + jitter) * self.gap_ms()) as Millis
    }

    fn dice(&self, number: u64) -> u64 {
        // splitmix64
        let mut z = self
            .seed
            .wrapping_add(number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// The lines printed after `after` and up to `until`, oldest first, at most the newest [`KEPT_MAX`].
    pub fn lines(&self, after: Millis, until: Millis) -> Vec<Line> {
        let until = self.end.map_or(until, |end| until.min(end - LAST_MS - 1));
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
                text: self.text(n),
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
        match self.fails {
            Some(Failure::Exit) => vec![
                Line { at, text: "ERROR readiness: database unreachable for 5s, 128 requests waiting".to_owned() },
                Line { at: at + 2, text: "FATAL giving up: connection pool exhausted (5/5 in use), shutting down with exit code 1".to_owned() },
            ],
            Some(Failure::Killed) | None => vec![],
        }
    }

    fn text(&self, number: u64) -> String {
        match (self.fails, self.workload.as_str()) {
            (Some(failure), _) => self.failing(number, failure),
            (None, "checkout") => self.request(
                number,
                &[
                    "POST /checkout",
                    "GET /checkout/status",
                    "POST /checkout/confirm",
                ],
            ),
            (None, "cart") if self.dice(number).is_multiple_of(37) => format!(
                "WARN  upstream=checkout retry=1/3 after 503 order={}",
                self.dice(number) % 90_000 + 10_000
            ),
            (None, "cart") => self.request(
                number,
                &["GET /cart", "POST /cart/items", "DELETE /cart/items"],
            ),
            (None, "payment") => self.request(number, &["POST /charge", "GET /charge/status"]),
            (None, "frontend") => {
                self.request(number, &["GET /", "GET /product", "GET /static/app.js"])
            }
            (None, _) => self.request(
                number,
                &["GET /healthz", "GET /api/items", "POST /api/events"],
            ),
        }
    }

    fn request(&self, number: u64, routes: &[&str]) -> String {
        let dice = self.dice(number ^ 0xabcd);
        let route = routes[(dice % routes.len() as u64) as usize];
        let took = 3 + dice / 7 % 90;
        format!("INFO  {route} 200 {took}ms trace={:08x}", dice >> 32)
    }

    fn failing(&self, number: u64, failure: Failure) -> String {
        let dice = self.dice(number);
        match (number, failure) {
            (0, _) => format!("INFO  starting {} {} pid=1", self.workload, self.tag),
            (1, _) => {
                "INFO  config: db.pool.max=5 (default, DB_POOL_MAX is not set) db.pool.timeout=3s"
                    .to_owned()
            }
            (2, _) => "INFO  connected to postgres://checkout@orders-db:5432/orders".to_owned(),
            (3, _) => {
                "WARN  connection pool exhausted (5/5 in use), 17 requests waiting".to_owned()
            }
            (_, Failure::Killed) => format!(
                "WARN  heap {}MiB of 512MiB, {} requests queued for a connection",
                300 + number * 12,
                2_000 * number
            ),
            (_, Failure::Exit) => format!(
                "ERROR POST /checkout 503 timed out after 3000ms waiting for a connection (pool 5/5, {} waiting) trace={:08x}",
                17 + number,
                dice >> 32
            ),
        }
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
