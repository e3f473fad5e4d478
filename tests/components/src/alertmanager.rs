//! Something that answers in Alertmanager's place, well or badly, and remembers what it was asked.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use kubernetes::alertmanager::{Alertmanager, Alertmanagers, Place};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What it answers to a question for alerts; the other two questions are answered well.
#[derive(Clone, Debug)]
pub enum Reply {
    /// These groups.
    Groups(Value),
    /// A head, as it goes over the wire after `HTTP/1.1 `, and a body.
    Raw(String, Vec<u8>),
    /// A good head that promises more than comes.
    Cut(String),
    /// A good head, then this many bytes of JSON that never ends; announced, or not.
    Flood { bytes: u64, is_announced: bool },
    /// Nothing, and the connection stays open.
    Hang,
}

/// One question.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Path and query.
    pub path: String,
    /// The whole head.
    pub head: String,
    /// When it came.
    pub at: Instant,
}

/// The server; it ends with the runtime of its test.
pub struct Scripted {
    pub url: String,
    state: Arc<State>,
}

struct State {
    reply: Mutex<Reply>,
    silences: Mutex<Value>,
    started: Mutex<String>,
    /// How its cluster stands, and how many are in it.
    gossip: Mutex<(String, usize)>,
    asked: Mutex<Vec<Asked>>,
    sent_bytes: AtomicU64,
}

impl Scripted {
    /// On a free port of loopback; nothing fires.
    pub async fn start() -> Scripted {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(State {
            reply: Mutex::new(Reply::Groups(json!([]))),
            silences: Mutex::new(json!([])),
            started: Mutex::new("2026-03-01T00:00:00.000Z".to_owned()),
            gossip: Mutex::new(("disabled".to_owned(), 0)),
            asked: Mutex::default(),
            sent_bytes: AtomicU64::new(0),
        });
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Scripted { url, state }
    }

    /// From the next question on.
    pub fn reply(&self, reply: Reply) {
        *self.state.reply.lock().unwrap() = reply;
    }

    /// These alerts in one group.
    pub fn fires(&self, alerts: &[Value]) {
        self.reply(Reply::Groups(
            json!([{"labels": {}, "receiver": {"name": "on-call"}, "alerts": alerts}]),
        ));
    }

    pub fn silences(&self, silences: Value) {
        *self.state.silences.lock().unwrap() = silences;
    }

    /// It was started anew.
    pub fn restarted(&self, at: &str) {
        at.clone_into(&mut self.state.started.lock().unwrap());
    }

    /// It is one of so many.
    pub fn gossips(&self, status: &str, members: usize) {
        *self.state.gossip.lock().unwrap() = (status.to_owned(), members);
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.state.asked.lock().unwrap().clone()
    }

    /// Bytes of floods that were taken.
    pub fn sent_bytes(&self) -> u64 {
        self.state.sent_bytes.load(Ordering::SeqCst)
    }

    /// Who is asked, every two seconds.
    pub fn configured(&self) -> Alertmanager {
        Alertmanager {
            interval: Duration::from_secs(2),
            timeout: Duration::from_secs(20),
            ..Alertmanager::at(Place::parse(&self.url).unwrap())
        }
    }
}

/// One for every context.
pub fn every(alertmanager: Alertmanager) -> Alertmanagers {
    Alertmanagers {
        every: Some(alertmanager),
        ..Alertmanagers::default()
    }
}

/// An alert as it goes over the wire.
pub fn alert(name: &str, severity: &str, fingerprint: &str, starts_at: &str) -> Value {
    json!({
        "labels": {"alertname": name, "severity": severity, "namespace": "shop", "pod": "checkout-1"},
        "annotations": {"summary": format!("{name} is bad"), "runbook_url": "https://runbooks.example/x"},
        "startsAt": starts_at, "endsAt": "2099-01-01T00:00:00.000Z", "updatedAt": starts_at,
        "fingerprint": fingerprint, "generatorURL": "http://prometheus.example/graph",
        "receivers": [{"name": "on-call"}],
        "status": {"state": "active", "silencedBy": [], "inhibitedBy": []},
    })
}

async fn serve(mut stream: TcpStream, state: Arc<State>) {
    let mut head = Vec::new();
    let mut byte = [0_u8; 1];
    while !head.ends_with(b"\r\n\r\n") {
        // A greeting in TLS: answered in plain, as servers of Go do.
        if head.first() == Some(&0x16) {
            let _ = stream
                .write_all(b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent TLS\n")
                .await;
            return;
        }
        match stream.read(&mut byte).await {
            Ok(1) => head.push(byte[0]),
            _ => return,
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    state.asked.lock().unwrap().push(Asked {
        path: path.clone(),
        head,
        at: Instant::now(),
    });
    let reply = if path.ends_with("/alerts/groups") {
        state.reply.lock().unwrap().clone()
    } else if path.ends_with("/silences") {
        Reply::Groups(state.silences.lock().unwrap().clone())
    } else {
        let uptime = state.started.lock().unwrap().clone();
        let (status, members) = state.gossip.lock().unwrap().clone();
        let peers = vec![json!({"name": "x", "address": "10.0.0.1:9094"}); members];
        Reply::Groups(
            json!({"uptime": uptime, "versionInfo": {"version": "0.25.0"},
            "cluster": {"status": status, "peers": peers}, "config": {"original": "global: {}"}}),
        )
    };
    let _ = write(&mut stream, reply, &state).await;
    let _ = stream.shutdown().await;
}

async fn write(stream: &mut TcpStream, reply: Reply, state: &State) -> std::io::Result<()> {
    let good = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";
    match reply {
        Reply::Groups(value) => {
            let body = value.to_string();
            let head = format!("{good}Content-Length: {}\r\n\r\n", body.len());
            stream.write_all(head.as_bytes()).await?;
            stream.write_all(body.as_bytes()).await
        }
        Reply::Raw(head, body) => {
            let length = body.len();
            let head =
                format!("HTTP/1.1 {head}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n");
            stream.write_all(head.as_bytes()).await?;
            stream.write_all(&body).await
        }
        Reply::Cut(body) => {
            let head = format!("{good}Content-Length: {}\r\n\r\n", body.len() + 1_000);
            stream.write_all(head.as_bytes()).await?;
            stream.write_all(body.as_bytes()).await
        }
        Reply::Flood {
            bytes,
            is_announced,
        } => {
            let length = if is_announced {
                format!("Content-Length: {bytes}\r\n")
            } else {
                String::new()
            };
            stream
                .write_all(format!("{good}{length}\r\n[").as_bytes())
                .await?;
            let chunk = vec![b' '; 1 << 20];
            for _ in 0..bytes >> 20 {
                stream.write_all(&chunk).await?;
                state
                    .sent_bytes
                    .fetch_add(chunk.len() as u64, Ordering::SeqCst);
            }
            Ok(())
        }
        Reply::Hang => {
            let mut rest = [0_u8; 64];
            // Until the other side gives up.
            while stream.read(&mut rest).await? > 0 {}
            Ok(())
        }
    }
}
