//! Something that answers in Alertmanager's place: 5,000 alerts in 200 groups, none of its answers equal to the one before, as
//! Prometheus promises its alerts anew all the time.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::console;
use std::path::Path;

const GROUPS: u32 = 200;
const IN_A_GROUP: u32 = 25;
/// The console asks each ten seconds.
const WATCHED: Duration = Duration::from_secs(60);

/// What they cost.
pub struct Cost {
    /// Percent of a core, with everything else that an idle console does.
    pub cpu: f64,
    /// The highest memory.
    pub peak_kb: u64,
    /// Answers in this time.
    pub answers: u32,
    /// Bytes of one.
    pub bytes: usize,
}

/// Watches a console that watches these alerts.
pub fn cost(kubeconfig: &Path) -> Cost {
    let answers = Arc::new(AtomicU32::new(0));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let counter = Arc::clone(&answers);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let counter = Arc::clone(&counter);
            std::thread::spawn(move || serve(stream.unwrap(), &counter));
        }
    });
    let firing = GROUPS * IN_A_GROUP;
    let shown = format!("{firing} firing");
    let console::Alone { cpu, peak_kb, .. } = console::watch(
        kubeconfig,
        &["--alertmanager", &url],
        |screen| screen.contains(&shown),
        WATCHED,
    );
    Cost {
        cpu,
        peak_kb,
        answers: answers.load(Ordering::Relaxed),
        bytes: groups(0).len(),
    }
}

fn serve(mut stream: TcpStream, answers: &AtomicU32) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    while let Some(Ok(first)) = lines.next() {
        while lines
            .next()
            .is_some_and(|line| line.is_ok_and(|line| !line.is_empty()))
        {}
        let body = match first.split(' ').nth(1) {
            Some("/api/v2/alerts/groups") => groups(answers.fetch_add(1, Ordering::Relaxed)),
            Some("/api/v2/silences") => "[]".to_owned(),
            _ => "{\"uptime\":\"2026-03-01T00:00:00Z\",\"versionInfo\":{\"version\":\"0.25.0\"},\"cluster\":{\"status\":\"disabled\"}}".to_owned(),
        };
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        if stream.write_all((head + &body).as_bytes()).is_err() {
            return;
        }
    }
}

/// As Alertmanager 0.25 prints them: about two kilobytes for an alert of the kubernetes-mixin.
fn groups(answer: u32) -> String {
    let (minute, second) = (answer / 6 % 60, answer % 6 * 10);
    let moment = |hour: u32| format!("2026-03-01T{hour:02}:{minute:02}:{second:02}.123Z");
    let (updated, ends) = (moment(3), moment(4));
    let words = "The pods of this workload restart again and again; their logs say why. ".repeat(9);
    let mut text = String::from("[");
    for group in 0..GROUPS {
        let comma = if group == 0 { "" } else { "," };
        let _ = write!(
            text,
            "{comma}{{\"labels\":{{\"alertname\":\"Alert{group}\",\"namespace\":\"shop{group}\"}},\"receiver\":{{\"name\":\"on-call\"}},\"alerts\":["
        );
        for one in 0..IN_A_GROUP {
            let comma = if one == 0 { "" } else { "," };
            let severity = ["critical", "warning", "info"][(one % 3) as usize];
            let _ = write!(
                text,
                "{comma}{{\"annotations\":{{\"description\":\"{words}\",\"runbook_url\":\"https://runbooks.example/Alert{group}\",\"summary\":\"Workload {one} of shop{group} restarts.\"}},\
                 \"endsAt\":\"{ends}\",\"fingerprint\":\"{:016x}\",\"receivers\":[{{\"name\":\"on-call\"}}],\"startsAt\":\"2026-03-01T02:{:02}:00.000Z\",\
                 \"status\":{{\"inhibitedBy\":[],\"silencedBy\":[],\"state\":\"active\"}},\"updatedAt\":\"{updated}\",\
                 \"generatorURL\":\"http://prometheus.example/graph?g0.expr=rate%28kube_pod_container_status_restarts_total%5B10m%5D%29&g0.tab=1\",\
                 \"labels\":{{\"alertname\":\"Alert{group}\",\"container\":\"app\",\"endpoint\":\"http\",\"instance\":\"10.0.{group}.{one}:8080\",\"job\":\"kube-state-metrics\",\
                 \"namespace\":\"shop{group}\",\"pod\":\"workload-{one}-7d9f8c6b5-x{one}k{group}\",\"prometheus\":\"monitoring/k8s\",\"reason\":\"CrashLoopBackOff\",\
                 \"service\":\"kube-state-metrics\",\"severity\":\"{severity}\",\"uid\":\"8f14e45f-{group:04}-{one:04}-ceea167a5a36\"}}}}",
                group * IN_A_GROUP + one,
                one % 60,
            );
        }
        text.push_str("]}");
    }
    text.push(']');
    text
}
