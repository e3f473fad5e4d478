//! Kubeconfigs that are missing, empty, malformed or wrong: one message that says what, where and what to do.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;

const GOOD: &str = r#"
apiVersion: v1
kind: Config
current-context: prod-eu
clusters:
- {name: eu, cluster: {server: "https://eu.example:6443"}}
- {name: us, cluster: {server: "https://us.example", proxy-url: "socks5://proxy.example:1080"}}
contexts:
- {name: prod-eu, context: {cluster: eu, user: kate, namespace: shop}}
- {name: prod-us, context: {cluster: us, user: kate}}
- {name: torn, context: {cluster: gone, user: kate}}
users:
- {name: kate, user: {token: secret}}
"#;

fn file(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, text).unwrap();
    file
}

fn refused(path: &Path) -> Problem {
    Contexts::read(Some(path)).expect_err("it was read")
}

async fn unresolved(text: &str, context: Option<&str>) -> Problem {
    let file = file(text);
    let contexts = Contexts::read(Some(file.path())).unwrap();
    contexts
        .resolve(context)
        .await
        .expect_err("it was resolved")
}

/// Says this, and what to do; never a secret.
fn assert_says(problem: &Problem, words: &[&str]) {
    let text = format!("{} - {}", problem.what.raw(), problem.next);
    for word in words {
        assert!(text.contains(word), "`{word}` is not in: {text}");
    }
    assert!(!problem.next.is_empty());
    assert!(!text.contains("secret"), "{text}");
}

#[test]
fn a_missing_file_is_named_with_the_flag_that_names_another() {
    let problem = refused(Path::new("/no/such/kubeconfig"));
    assert_says(&problem, &["/no/such/kubeconfig", "--kubeconfig"]);
}

#[test]
fn an_empty_or_malformed_file_is_named_with_its_fault() {
    let empty = file(" \n");
    let path = empty.path().display().to_string();
    assert_says(&refused(empty.path()), &[&path, "is empty"]);
    let malformed = file("clusters:\n- name: [");
    let path = malformed.path().display().to_string();
    assert_says(&refused(malformed.path()), &[&path, "malformed"]);
    let other = file("kind: Pod\nmetadata: {name: x}\n");
    assert_says(&refused(other.path()), &["names no cluster and no context"]);
    let binary = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&binary, [0xff, 0x00, 0xfe, 0x9b]).unwrap();
    assert_says(&refused(binary.path()), &["malformed"]);
}

#[tokio::test]
async fn an_unknown_context_is_answered_with_the_nearest_names() {
    let problem = unresolved(GOOD, Some("prod-ue")).await;
    assert_says(&problem, &["no context `prod-ue`", "did you mean prod-"]);
    assert!(!problem.next.contains("torn"));
    let problem = unresolved(GOOD, Some("zzzzzz")).await;
    assert_says(&problem, &["prod-eu", "prod-us", "torn"]);
}

#[tokio::test]
async fn no_current_context_and_a_cluster_that_is_not_there_are_said() {
    let without = GOOD.replace("current-context: prod-eu", "");
    let problem = unresolved(&without, None).await;
    assert_says(&problem, &["no current-context", "--context", "prod-us"]);
    let problem = unresolved(GOOD, Some("torn")).await;
    assert_says(&problem, &["context `torn`", "cluster `gone`"]);
}

#[tokio::test]
async fn a_context_gives_its_namespace_server_and_proxy() {
    let file = file(GOOD);
    let contexts = Contexts::read(Some(file.path())).unwrap();
    let names = contexts.names();
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    assert_eq!(names, ["prod-eu", "prod-us", "torn"]);
    let entry = contexts.resolve(None).await.unwrap();
    assert_eq!(
        (&*entry.context, entry.namespace.as_deref()),
        ("prod-eu", Some("shop"))
    );
    assert_eq!(
        (entry.server().as_str(), entry.is_insecure()),
        ("eu.example:6443", false)
    );
    let entry = contexts.resolve(Some("prod-us")).await.unwrap();
    assert_eq!(entry.namespace, None);
    let proxy = entry.config.proxy_url.unwrap().to_string();
    assert_eq!(proxy, "socks5://proxy.example:1080/");
}

#[tokio::test]
async fn a_server_that_nobody_checks_is_called_insecure() {
    let checked = "server: \"https://eu.example:6443\"";
    let plain = "server: \"http://eu.example\"";
    let unchecked = "server: \"https://eu.example\", insecure-skip-tls-verify: true";
    for server in [plain, unchecked] {
        let file = file(&GOOD.replace(checked, server));
        let contexts = Contexts::read(Some(file.path())).unwrap();
        assert!(contexts.resolve(None).await.unwrap().is_insecure());
    }
}

#[tokio::test]
async fn a_password_in_an_address_is_never_shown() {
    let good = "server: \"https://eu.example:6443\"";
    for server in ["ftp://kate:hunter2@eu.example", "kate:hunter2@eu.example:x"] {
        let problem = unresolved(&GOOD.replace(good, &format!("server: \"{server}\"")), None).await;
        assert_says(&problem, &["is no address", "[redacted]@eu.example"]);
        assert!(!format!("{problem:?}").contains("hunter2"), "{problem:?}");
    }
    let file = file(&GOOD.replace(good, "server: \"https://kate:hunter2@eu.example:6443\""));
    let contexts = Contexts::read(Some(file.path())).unwrap();
    let entry = contexts.resolve(None).await.unwrap();
    assert_eq!(entry.server(), "eu.example:6443");
}
