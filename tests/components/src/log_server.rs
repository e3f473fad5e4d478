//! A server of numbered log lines over plain HTTP on loopback, as fast as it is asked to be, and a console that reads them: what
//! was printed, received and dropped is compared by line number.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use kubernetes::{CHANNEL_MESSAGES, Source, connect};
use model::logs::{Marker, Segment};
use model::message::{LogsMsg, Msg, Want, Watch};
use model::pods::PodRow;
use tokio::sync::mpsc;

use super::watching::flags;
use harness::console::Console;

/// Name of the threads that print.
pub const THREAD: &str = "log-server";
/// So often a paced log is written: what a container runtime's own buffers do.
const PACE: Duration = Duration::from_millis(10);
/// Bytes written at once.
const CHUNK: usize = 256 << 10;

/// What each log is.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Lines of each log; then it ends.
    pub lines: u64,
    /// Lines a second of each log; as fast as they are taken without.
    pub per_s: Option<u64>,
}

/// The server. Its threads end with the connections.
pub struct LogServer {
    /// Lines that were handed to the kernel, of all logs.
    pub sent: Arc<AtomicU64>,
    port: u16,
    folder: tempfile::TempDir,
}

impl LogServer {
    pub fn start(plan: Plan) -> LogServer {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let sent = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&sent);
        named(move || {
            for stream in listener.incoming().flatten() {
                let count = Arc::clone(&count);
                named(move || drop(answer(stream, plan, &count)));
            }
        });
        LogServer {
            sent,
            port,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn kubeconfig(&self) -> PathBuf {
        let path = self.folder.path().join("kubeconfig");
        let server = format!("http://127.0.0.1:{}", self.port);
        let config = serde_json::json!({
            "apiVersion": "v1", "kind": "Config", "current-context": "staging-eu",
            "clusters": [{"name": "eu", "cluster": {"server": server}}],
            "users": [{"name": "kate", "user": {}}],
            "contexts": [{"name": "staging-eu", "context": {"cluster": "eu", "user": "kate"}}],
        });
        std::fs::write(&path, config.to_string()).unwrap();
        path
    }
}

fn named(run: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().name(THREAD.to_owned());
    thread.spawn(run).unwrap();
}

fn answer(mut stream: TcpStream, plan: Plan, sent: &AtomicU64) -> std::io::Result<()> {
    let mut first = String::new();
    let mut reader = BufReader::new(stream.try_clone()?);
    reader.read_line(&mut first)?;
    let mut line = String::new();
    while reader.read_line(&mut line)? > 2 {
        line.clear();
    }
    if !first.contains("/log?") {
        return stream.write_all(
            b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        );
    }
    stream
        .write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n")?;
    print(&mut stream, plan, sent)
}

fn print(stream: &mut TcpStream, plan: Plan, sent: &AtomicU64) -> std::io::Result<()> {
    let (started, mut number, mut chunk) = (Instant::now(), 0, Vec::with_capacity(CHUNK + 256));
    while number < plan.lines {
        let due = plan.per_s.map_or(plan.lines, |per_s| {
            let due = started.elapsed().as_micros() * u128::from(per_s) / 1_000_000;
            u64::try_from(due).unwrap().min(plan.lines)
        });
        let first = number;
        while number < due && chunk.len() < CHUNK {
            line(&mut chunk, number);
            number += 1;
        }
        stream.write_all(&chunk)?;
        sent.fetch_add(number - first, Ordering::Relaxed);
        chunk.clear();
        if number == due && number < plan.lines {
            std::thread::sleep(PACE);
        }
    }
    Ok(())
}

/// The line of this number, 10 microseconds after the one before.
fn line(chunk: &mut Vec<u8>, number: u64) {
    let micros = number * 10;
    let digits = |chunk: &mut Vec<u8>, mut value: u64, width: usize| {
        let start = chunk.len();
        chunk.resize(start + width, b'0');
        for digit in chunk[start..].iter_mut().rev() {
            *digit = b'0' + u8::try_from(value % 10).unwrap();
            value /= 10;
        }
    };
    let seconds = micros / 1_000_000;
    chunk.extend_from_slice(b"2026-03-01T0");
    digits(chunk, 3 + seconds / 3_600, 1);
    chunk.push(b':');
    digits(chunk, seconds / 60 % 60, 2);
    chunk.push(b':');
    digits(chunk, seconds % 60, 2);
    chunk.push(b'.');
    digits(chunk, micros % 1_000_000, 6);
    chunk.extend_from_slice(b"Z INFO  POST /checkout/confirm 200 12ms pool=5/5 order=");
    digits(chunk, number, 12);
    chunk.push(b'\n');
}

/// Lines of one log, by number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The number that comes next, received or counted as dropped.
    pub next: u64,
    pub received: u64,
    pub dropped: u64,
}

impl Tally {
    fn take(&mut self, segment: &Segment) {
        for line in segment.lines() {
            match line.marker.as_deref() {
                None => {
                    let text = segment.text(line);
                    let number: u64 = text[text.len() - 12..].parse().unwrap();
                    assert_eq!(number, self.next, "a line is lost, doubled or out of order");
                    self.next += 1;
                    self.received += 1;
                }
                Some(Marker::Dropped { lines }) => {
                    self.next += lines;
                    self.dropped += lines;
                }
                Some(marker) => panic!("no such thing happened: {marker:?}"),
            }
        }
    }
}

/// A console, and the source that reads the logs of its pods from a [`LogServer`].
pub struct Reader {
    pub console: Console,
    pub tallies: BTreeMap<String, Tally>,
    source: Source,
    world: mpsc::Receiver<Msg>,
    wants: BTreeSet<Want>,
}

impl Reader {
    /// Follows the pods of one workload.
    pub async fn new(server: &LogServer, pods: Vec<PodRow>) -> Reader {
        let (sender, world) = mpsc::channel(CHANNEL_MESSAGES);
        let source = connect(flags(&server.kubeconfig()), sender).await;
        let source = source.unwrap_or_else(|problem| panic!("{}", problem.what.raw()));
        let mut console = Console::live(120, 40, pods);
        console.type_keys("j o o");
        let mut reader = Reader {
            console,
            tallies: BTreeMap::new(),
            source,
            world,
            wants: BTreeSet::new(),
        };
        reader.reconcile();
        reader
    }

    fn reconcile(&mut self) {
        let wants = self.console.wants().into_iter();
        let wants: BTreeSet<Want> = wants
            .filter(|want| matches!(want.what, Watch::Logs(_)))
            .collect();
        if wants != self.wants {
            self.source.reconcile(&wants);
            self.wants = wants;
        }
    }

    /// Takes the next message, through `update` as the loop does.
    pub async fn take(&mut self) {
        let msg = self.world.recv().await.expect("the source ended");
        if let Msg::Logs(LogsMsg::Lines { segment, .. }) = &msg {
            let pod = segment.stream.pod.raw().to_owned();
            self.tallies.entry(pod).or_default().take(segment);
        }
        self.console.send(msg);
        self.reconcile();
    }

    /// Received and dropped, of all logs.
    pub fn counts(&self) -> (u64, u64) {
        let tallies = self.tallies.values();
        tallies.fold((0, 0), |(received, dropped), tally| {
            (received + tally.received, dropped + tally.dropped)
        })
    }
}
