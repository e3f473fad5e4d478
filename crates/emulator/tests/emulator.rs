//! The emulated cluster without a socket: its clock stands still until a test lets it go on, and what goes wrong is scripted.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use bytes::Bytes;
use emulator::faults::{Fault, Rule};
use emulator::render::protobuf::{MAGIC, messages};
use emulator::service::{Body, Service};
use emulator::{self, Options, Scenario, mount};
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt, Empty};
use prost::Message;
use serde_json::Value;

const PODS: &str = "/api/v1/namespaces/shop/pods";
const PROTOBUF: &str = "application/vnd.kubernetes.protobuf";

fn cluster() -> Service {
    emulator::direct(&Options::default())
}

fn request(method: &Method, path: &str, accept: &str) -> Request<Bytes> {
    Request::builder()
        .method(method)
        .uri(path)
        .header("accept", accept)
        .body(Bytes::new())
        .unwrap()
}

async fn get(service: &Service, path: &str) -> (StatusCode, Result<Bytes, String>) {
    let answer = service
        .handle(request(&Method::GET, path, "application/json"))
        .await;
    let code = answer.status();
    (
        code,
        answer
            .into_body()
            .collect()
            .await
            .map(http_body_util::Collected::to_bytes)
            .map_err(|e| e.to_string()),
    )
}

async fn json(service: &Service, path: &str) -> Value {
    let (code, body) = get(service, path).await;
    assert_eq!(code, StatusCode::OK, "{path}");
    serde_json::from_slice(&body.unwrap()).unwrap()
}

async fn script(service: &Service, rule: Rule) {
    service
        .cluster()
        .ask(move |state| state.faults.add(rule))
        .await
        .unwrap();
}

fn lines(bytes: &[u8]) -> usize {
    bytes.split(|b| *b == b'\n').count() - 1
}

/// Everything that a body brings until it breaks or ends.
async fn until_broken(mut body: Body) -> (Vec<u8>, bool) {
    let mut bytes = vec![];
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => bytes.extend_from_slice(&frame.into_data().unwrap()),
            Err(_) => return (bytes, true),
        }
    }
    (bytes, false)
}

#[tokio::test(start_paused = true)]
async fn the_outage_is_there_from_the_first_look() {
    let service = cluster();
    let pods = json(&service, &format!("{PODS}?labelSelector=app%3Dcheckout")).await;
    let pods = pods["items"].as_array().unwrap();
    let crashed: Vec<&Value> = pods
        .iter()
        .filter(|p| p["status"]["containerStatuses"][0]["restartCount"].as_u64() > Some(2))
        .collect();
    assert_eq!((pods.len(), crashed.len()), (8, 3));
    let code = crashed[0]["status"]["containerStatuses"][0]["lastState"]["terminated"]["exitCode"]
        .as_i64()
        .unwrap();
    assert!([1, 137].contains(&code), "exit code {code}");
    let deployment = json(
        &service,
        "/apis/apps/v1/namespaces/shop/deployments/checkout",
    )
    .await;
    assert_eq!(
        deployment["metadata"]["annotations"]["deployment.kubernetes.io/revision"],
        "42"
    );
    assert_eq!(deployment["status"]["readyReplicas"], 5);
}

#[tokio::test(start_paused = true)]
async fn the_deadline_passes_with_the_tests_clock() {
    let service = cluster();
    tokio::time::sleep(Duration::from_secs(600)).await;
    let deployment = json(
        &service,
        "/apis/apps/v1/namespaces/shop/deployments/checkout",
    )
    .await;
    let conditions = deployment["status"]["conditions"].as_array().unwrap();
    assert!(
        conditions
            .iter()
            .any(|c| c["reason"] == "ProgressDeadlineExceeded"),
        "{conditions:?}"
    );
}

#[derive(Clone, PartialEq, prost::Message)]
struct PodList {
    #[prost(message, repeated, tag = "2")]
    items: Vec<messages::Pod>,
}

#[tokio::test(start_paused = true)]
async fn protobuf_says_what_json_says() {
    let service = cluster();
    let answer = service.handle(request(&Method::GET, PODS, PROTOBUF)).await;
    assert_eq!(answer.headers()["content-type"], PROTOBUF);
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    let unknown = messages::Unknown::decode(bytes.strip_prefix(MAGIC).unwrap()).unwrap();
    assert_eq!(unknown.type_meta.unwrap().kind, "PodList");
    let pods = PodList::decode(unknown.raw.as_slice()).unwrap().items;
    let list = json(&service, PODS).await;
    let items = list["items"].as_array().unwrap();
    assert_eq!(pods.len(), items.len());
    for (pod, item) in pods.iter().zip(items) {
        let (meta, status) = (pod.metadata.as_ref().unwrap(), pod.status.as_ref().unwrap());
        let container = &status.container_statuses[0];
        let told = &item["status"]["containerStatuses"][0];
        let waiting = container
            .state
            .as_ref()
            .unwrap()
            .waiting
            .as_ref()
            .map(|w| w.reason.as_str());
        let ended = container
            .last_state
            .as_ref()
            .unwrap()
            .terminated
            .as_ref()
            .map(|t| i64::from(t.exit_code));
        assert_eq!(item["metadata"]["uid"], meta.uid.as_str());
        assert_eq!(
            item["metadata"]["resourceVersion"],
            meta.resource_version.as_str()
        );
        assert_eq!(item["status"]["phase"], status.phase.as_str());
        assert_eq!(told["restartCount"], container.restart_count);
        assert_eq!(told["ready"], container.ready);
        assert_eq!(told["state"]["waiting"]["reason"].as_str(), waiting);
        assert_eq!(told["lastState"]["terminated"]["exitCode"].as_i64(), ended);
    }
}

#[tokio::test(start_paused = true)]
async fn a_watch_resumes_where_it_was_and_answers_410_for_what_is_forgotten() {
    let service = cluster();
    let before = json(&service, PODS).await["metadata"]["resourceVersion"]
        .as_str()
        .unwrap()
        .to_owned();
    tokio::time::sleep(Duration::from_secs(900)).await;
    let path = format!("{PODS}?watch=1&resourceVersion={before}&timeoutSeconds=1");
    let (_, events) = get(&service, &path).await;
    let events = String::from_utf8(events.unwrap().to_vec()).unwrap();
    assert!(
        events.lines().count() > 3
            && events
                .lines()
                .all(|line| line.starts_with(r#"{"type":"MODIFIED""#)),
        "{events}"
    );
    service
        .cluster()
        .ask(|state| state.world.compact())
        .await
        .unwrap();
    let (code, events) = get(&service, &path).await;
    let event: Value = serde_json::from_slice(&events.unwrap()).unwrap();
    assert_eq!(
        (
            code,
            &event["type"],
            &event["object"]["reason"],
            &event["object"]["code"]
        ),
        (
            StatusCode::OK,
            &"ERROR".into(),
            &"Expired".into(),
            &410.into()
        )
    );
}

#[tokio::test(start_paused = true)]
async fn a_quiet_watch_sends_a_bookmark_each_minute() {
    let service = emulator::direct(&Options {
        scenario: Scenario::Healthy,
        ..Options::default()
    });
    let version = json(&service, PODS).await["metadata"]["resourceVersion"]
        .as_str()
        .unwrap()
        .to_owned();
    let (_, events) = get(
        &service,
        &format!(
            "{PODS}?watch=1&allowWatchBookmarks=true&resourceVersion={version}&timeoutSeconds=150"
        ),
    )
    .await;
    let events = String::from_utf8(events.unwrap().to_vec()).unwrap();
    let bookmarks = events
        .lines()
        .filter(|line| line.starts_with(r#"{"type":"BOOKMARK""#))
        .count();
    assert_eq!((bookmarks, events.lines().count()), (3, 3), "{events}");
}

#[tokio::test(start_paused = true)]
async fn a_scripted_status_meets_the_requests_it_names_and_no_other() {
    let service = cluster();
    for (code, retry_after) in [
        (401, None),
        (403, None),
        (429, Some("3600")),
        (429, Some("garbage")),
        (503, Some("1")),
    ] {
        script(
            &service,
            Rule::next(
                "/pods",
                Fault::Status {
                    code,
                    retry_after: retry_after.map(str::to_owned),
                },
            ),
        )
        .await;
        assert_eq!(
            get(&service, "/apis/apps/v1/deployments").await.0,
            StatusCode::OK
        );
        let answer = service
            .handle(request(&Method::GET, PODS, "application/json"))
            .await;
        assert_eq!(answer.status().as_u16(), code);
        assert_eq!(
            answer
                .headers()
                .get("retry-after")
                .map(|v| v.to_str().unwrap()),
            retry_after
        );
        let status: Value =
            serde_json::from_slice(&answer.into_body().collect().await.unwrap().to_bytes())
                .unwrap();
        assert_eq!(
            (&status["kind"], &status["code"]),
            (&"Status".into(), &code.into())
        );
        assert_eq!(get(&service, PODS).await.0, StatusCode::OK);
    }
    let counted = service
        .cluster()
        .ask(|state| {
            (
                state.faults.count(&Method::GET, "/pods"),
                state.faults.count(&Method::POST, "/"),
            )
        })
        .await
        .unwrap();
    assert_eq!(counted, (10, 0));
}

#[tokio::test(start_paused = true)]
async fn broken_answers_are_broken_as_asked() {
    let service = cluster();
    let whole = get(&service, PODS).await.1.unwrap();
    script(&service, Rule::next(PODS, Fault::Half)).await;
    let (half, cut) = until_broken(
        service
            .handle(request(&Method::GET, PODS, "application/json"))
            .await
            .into_body(),
    )
    .await;
    assert_eq!((half.as_slice(), cut), (&whole[..whole.len() / 2], true));

    script(&service, Rule::next(PODS, Fault::Html)).await;
    assert!(
        get(&service, PODS)
            .await
            .1
            .unwrap()
            .starts_with(b"<!DOCTYPE html>")
    );

    script(&service, Rule::next(PODS, Fault::Undecodable(1))).await;
    let list: Value = serde_json::from_slice(&get(&service, PODS).await.1.unwrap()).unwrap();
    let odd: Vec<usize> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .enumerate()
        .filter(|(_, item)| item["metadata"] == 5)
        .map(|(i, _)| i)
        .collect();
    assert_eq!(odd, [1]);

    script(&service, Rule::next(PODS, Fault::BigObject(1_500_000))).await;
    let big = get(&service, PODS).await.1.unwrap();
    assert!(big.len() > 1_500_000 && serde_json::from_slice::<Value>(&big).is_ok());
}

#[tokio::test(start_paused = true)]
async fn broken_watches_are_broken_as_asked() {
    let service = cluster();
    let watch = format!("{PODS}?watch=1&resourceVersion=0&timeoutSeconds=5");
    for events in [0, 1, 3] {
        script(&service, Rule::next("watch=1", Fault::EndAfter(events))).await;
        assert_eq!(lines(&get(&service, &watch).await.1.unwrap()), events);
    }
    for cut_at in [1, 100, 2_000] {
        script(&service, Rule::next("watch=1", Fault::CutAt(cut_at))).await;
        let (bytes, cut) = until_broken(
            service
                .handle(request(&Method::GET, &watch, "application/json"))
                .await
                .into_body(),
        )
        .await;
        assert_eq!((bytes.len(), cut), (cut_at, true));
    }
    script(&service, Rule::next("watch=1", Fault::LongLine(9_000_000))).await;
    assert!(
        get(&service, &watch)
            .await
            .1
            .unwrap()
            .split(|b| *b == b'\n')
            .next()
            .unwrap()
            .len()
            > 9_000_000
    );
    script(&service, Rule::next("watch=1", Fault::BrokenFrame)).await;
    let accept = format!("{PROTOBUF};stream=watch");
    let (bytes, _) = until_broken(
        service
            .handle(request(&Method::GET, &watch, &accept))
            .await
            .into_body(),
    )
    .await;
    assert_eq!(bytes[..4], [0xff; 4]);
    script(&service, Rule::next("watch=1", Fault::HangAt(10))).await;
    let mut body = service
        .handle(request(&Method::GET, &watch, "application/json"))
        .await
        .into_body();
    assert_eq!(
        body.frame()
            .await
            .unwrap()
            .unwrap()
            .into_data()
            .unwrap()
            .len(),
        10
    );
    assert!(
        tokio::time::timeout(Duration::from_secs(3_600), body.frame())
            .await
            .is_err()
    );
}

#[tokio::test(start_paused = true)]
async fn a_followed_log_ends_with_the_instance_and_tells_why() {
    let service = cluster();
    let list = json(&service, &format!("{PODS}?labelSelector=app%3Dcheckout")).await;
    let crashing =
        |item: &&Value| item["status"]["containerStatuses"][0]["restartCount"].as_u64() > Some(0);
    let name = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(crashing)
        .unwrap()["metadata"]["name"]
        .as_str()
        .unwrap()
        .to_owned();
    let running = || async {
        let pod = json(&service, &format!("{PODS}/{name}")).await;
        pod["status"]["containerStatuses"][0]["state"]["running"].is_object()
    };
    while !running().await {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let (code, log) = get(
        &service,
        &format!("{PODS}/{name}/log?follow=true&timestamps=true"),
    )
    .await;
    let log = String::from_utf8(log.unwrap().to_vec()).unwrap();
    assert_eq!(code, StatusCode::OK);
    assert!(
        log.contains("starting checkout 1.9.2") && log.contains("pool exhausted"),
        "{log}"
    );
    let times: Vec<&str> = log
        .lines()
        .map(|line| line.split(' ').next().unwrap())
        .collect();
    assert!(times.is_sorted() && times.len() > 5, "{log}");
    let (code, previous) = get(
        &service,
        &format!("{PODS}/{name}/log?previous=true&tailLines=2"),
    )
    .await;
    assert_eq!((code, lines(&previous.unwrap())), (StatusCode::OK, 2));
}

#[tokio::test]
async fn the_pipe_and_the_client_stack_over_it_see_the_same_cluster() {
    let service = cluster();
    let io = hyper_util::rt::TokioIo::new(mount::pipe(service.clone()));
    let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.unwrap();
    tokio::spawn(connection);
    let over_pipe = Request::get("/api/v1/namespaces")
        .header("host", "demo")
        .body(Empty::<Bytes>::new())
        .unwrap();
    let answer = sender
        .send_request(over_pipe)
        .await
        .unwrap()
        .into_body()
        .collect()
        .await
        .unwrap()
        .to_bytes();
    assert_eq!(answer, get(&service, "/api/v1/namespaces").await.1.unwrap());
    let client = kube::Client::new(service, "shop");
    let pods: kube::Api<k8s_openapi::api::core::v1::Pod> = kube::Api::default_namespaced(client);
    assert!(
        pods.list(&kube::api::ListParams::default())
            .await
            .unwrap()
            .items
            .len()
            > 20
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn serving_writes_a_kubeconfig_for_its_owner_only_and_ends_when_told() {
    let server = emulator::serve(&Options {
        scenario: Scenario::Empty,
        ..Options::default()
    })
    .await
    .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kubeconfig");
    emulator::kubeconfig::write(&path, &server.kubeconfig()).unwrap();
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let address = server.url.strip_prefix("https://").unwrap().to_owned();
    tokio::net::TcpStream::connect(&address).await.unwrap();
    server.shutdown();
    tokio::time::timeout(Duration::from_secs(10), async {
        while tokio::net::TcpStream::connect(&address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    })
    .await
    .unwrap();
}

#[tokio::test(start_paused = true)]
async fn churn_reaches_a_watch_at_its_rate() {
    let service = emulator::direct(&Options {
        pods: 1_000,
        churn_per_s: 1_000,
        scenario: Scenario::Empty,
        ..Options::default()
    });
    let version = json(&service, "/api/v1/pods?limit=1").await["metadata"]["resourceVersion"]
        .as_str()
        .unwrap()
        .to_owned();
    let (_, events) = get(
        &service,
        &format!("/api/v1/pods?watch=1&resourceVersion={version}&timeoutSeconds=10"),
    )
    .await;
    let lines = lines(&events.unwrap());
    assert!((7_000..=13_000).contains(&lines), "{lines} events in 10 s");
}
