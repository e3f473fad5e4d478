//! The end of a plugin that hangs, with and without the terminal.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::time::Duration;

use kube::config::ExecConfig;
use rustix::process::Pid;

use super::*;

fn hanging(script: &str) -> Plugin {
    let exec = ExecConfig {
        command: Some("/bin/sh".into()),
        args: Some(vec!["-c".into(), script.into()]),
        ..ExecConfig::default()
    };
    Plugin::new(exec, "eu")
}

#[tokio::test]
async fn a_plugin_that_hangs_is_ended_with_all_that_it_started_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let started = folder.path().join("started");
    let script = format!(
        "sleep 1000 & echo $! >{0}.new; mv {0}.new {0}; wait",
        started.display()
    );
    let plugin = hanging(&script);
    let run = plugin.run(Talk::Nobody);
    tokio::pin!(run);
    // Time moves only once the child of the plugin is there.
    let child = loop {
        tokio::select! {
            answer = &mut run => panic!("{answer:?}"),
            () = tokio::time::sleep(Duration::from_millis(5)) => {}
        }
        if let Ok(pid) = std::fs::read_to_string(&started) {
            break Pid::from_raw(pid.trim().parse().unwrap()).unwrap();
        }
    };
    let its_session = status_field(child, SESSION).unwrap();
    let ours = status_field(rustix::process::getpid(), SESSION).unwrap();
    assert_ne!(its_session, ours, "it shares our terminal");
    tokio::time::pause();
    let problem = run.await.expect_err("it hung");
    let said = problem.what.raw();
    assert!(
        said.contains(
            "context `eu`: the credential plugin `sh` gave no answer within 30 s and was ended"
        ),
        "{said}"
    );
    assert!(problem.next.contains("login"));
    tokio::time::resume();
    while rustix::process::test_kill_process(child).is_ok() && !is_a_zombie(child) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Ended; nobody has asked yet how.
fn is_a_zombie(pid: Pid) -> bool {
    status_field(pid, STATE).is_some_and(|state| state == "Z")
}

/// Fields of `/proc/PID/stat` behind the name of the program (`proc_pid_stat(5)`).
const STATE: usize = 0;
/// 0 when its leader is outside our PID namespace, which `getsid` of rustix does not expect.
const SESSION: usize = 3;

fn status_field(pid: Pid, field: usize) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).ok()?;
    let (_, fields) = stat.rsplit_once(") ")?;
    fields.split(' ').nth(field).map(str::to_owned)
}

#[test]
fn an_answer_is_json_or_yaml_and_needs_something_to_sign_in_with() {
    let yaml = "status:\n  token: ' abc\n\n  '\n  expirationTimestamp: 2030-01-01T00:00:00+01:00\n";
    let answer = Answer::read(yaml.as_bytes()).unwrap();
    assert_eq!(answer.token.as_deref(), Some("abc"));
    assert_eq!(
        answer.until.unwrap().to_rfc3339(),
        "2029-12-31T23:00:00+00:00"
    );
    let pair = r#"{"status": {"clientCertificateData": "C", "clientKeyData": "K"}}"#;
    let answer = Answer::read(pair.as_bytes()).unwrap();
    assert_eq!(answer.certificate, Some(("C".into(), "K".into())));
    for (printed, why) in [
        ("", "no credentials"),
        ("{}", "without a status"),
        (
            r#"{"status": {"token": ""}}"#,
            "neither a token nor a certificate",
        ),
        (
            r#"{"status": {"clientCertificateData": "C"}}"#,
            "without its key",
        ),
        (
            r#"{"status": {"token": "t", "expirationTimestamp": "soon"}}"#,
            "no time",
        ),
        (r#"{"status": {"token": "a\u0000b"}}"#, "cannot be sent"),
    ] {
        let error = Answer::read(printed.as_bytes()).expect_err(printed);
        assert!(error.contains(why), "{error}");
    }
}

#[test]
fn a_certificate_of_a_plugin_takes_the_place_of_the_files() {
    let mut config = Config::new("https://eu.example".parse().unwrap());
    config.auth_info.client_certificate = Some("/old.crt".into());
    config.auth_info.client_key = Some("/old.key".into());
    let pair = r#"{"status": {"clientCertificateData": "C", "clientKeyData": "K"}}"#;
    let signed = signed(config, Answer::read(pair.as_bytes()).unwrap());
    let user = serde_json::to_value(&signed.config.auth_info).unwrap();
    assert_eq!(user["client-certificate-data"], BASE64.encode("C"));
    assert_eq!(user["client-key-data"], BASE64.encode("K"));
    assert!(user.get("client-certificate").is_none() && user.get("client-key").is_none());
}
