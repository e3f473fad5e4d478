//! Entries of a kubeconfig as kubectl takes them.

use serde_json::json;

use super::bed::{Bed, assert_says};

const REACHED: &[&str] = &["ok    server", "ok    user"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_several_kubeconfigs_some_may_say_nothing() {
    let bed = Bed::new().await;
    let good = bed.write("good", &bed.good().to_string());
    let mut headless = bed.good();
    headless.as_object_mut().unwrap().remove("current-context");
    let headless = bed.write("headless", &headless.to_string());
    let empty = bed.write("empty", "");
    let skeleton =
        "apiVersion: v1\nkind: Config\nclusters: null\ncontexts: []\nusers:\ncurrent-context: ''\n";
    let skeleton = bed.write("skeleton", skeleton);
    let name = bed.good()["current-context"].as_str().unwrap().to_owned();
    let current = bed.write(
        "current",
        &format!("apiVersion: v1\nkind: Config\ncurrent-context: {name}\n"),
    );
    for list in [
        format!("{empty}:{good}"),
        format!("{good}:{empty}"),
        format!("{skeleton}:{good}"),
        format!("{current}:{headless}"),
    ] {
        assert_says(&bed.doctor(&list), REACHED);
    }
    assert_says(
        &bed.doctor(&empty),
        &[&format!("the kubeconfig {empty} is empty")],
    );
    assert_says(
        &bed.doctor(&format!("{empty}:{empty}")),
        &["each of the kubeconfigs", "is empty"],
    );
    assert_says(&bed.doctor(&skeleton), &["names no cluster and no context"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn white_space_that_an_editor_or_a_tool_left_is_no_part_of_a_value() {
    let bed = Bed::new().await;
    let token = bed.token();
    let file = bed.write("token", &format!("{token}\n"));
    let by_file = bed.changed("by-file", |_, user| *user = json!({"tokenFile": file}));
    let with_line_end = bed.changed("line-end", |_, user| {
        *user = json!({"token": format!("{token}\r\n")})
    });
    let wrapped = bed.changed("wrapped", |cluster, _| {
        let data = cluster["certificate-authority-data"].as_str().unwrap();
        let lines: Vec<&str> = (0..data.len())
            .step_by(64)
            .map(|at| &data[at..data.len().min(at + 64)])
            .collect();
        cluster["certificate-authority-data"] = format!("{}\r\n", lines.join("\r\n")).into();
    });
    let empty_fields = bed.changed("empty-fields", |cluster, user| {
        for field in ["certificate-authority", "proxy-url", "tls-server-name"] {
            cluster[field] = "".into();
        }
        for field in [
            "client-certificate",
            "client-key-data",
            "username",
            "tokenFile",
            "as",
        ] {
            user[field] = "".into();
        }
    });
    for kubeconfig in [by_file, with_line_end, wrapped, empty_fields] {
        assert_says(&bed.doctor(&kubeconfig), REACHED);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_a_scheme_is_read_as_client_go_reads_it() {
    let bed = Bed::new().await;
    let with_authority = bed.changed("with-ca", |cluster, _| {
        let server = cluster["server"].as_str().unwrap();
        cluster["server"] = server.trim_start_matches("https://").into();
    });
    assert_says(&bed.doctor(&with_authority), REACHED);
    let plain = bed.changed("plain", |cluster, user| {
        (*cluster, *user) = (json!({"server": "localhost:9"}), json!({}));
    });
    assert_says(&bed.doctor(&plain), &["localhost:9 refuses the connection"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_no_client_can_use_is_one_sentence_with_the_entry_and_the_field() {
    let bed = Bed::new().await;
    let token = |text: &str| bed.changed("token", |_, user| *user = json!({"token": text}));
    let server = |text: &str| bed.changed("server", |cluster, _| cluster["server"] = text.into());
    let cases = [
        (token("two\nlines"), "token has a line end"),
        (
            token("caf\u{e9}"),
            "token has a line end or another character",
        ),
        (server("https://"), "server `https://` is no address"),
        (server("ftp://host"), "the scheme is ftp"),
        (server("https://host:99999"), "`99999` is no port"),
        (server("https://a host"), "is no address"),
        (server(""), "server is not set"),
        (
            bed.changed("proxy", |cluster, _| {
                cluster["proxy-url"] = "proxy.example:3128".into()
            }),
            "its scheme must be http, https or socks5",
        ),
        (
            bed.changed("ca", |cluster, _| {
                cluster["certificate-authority-data"] = "!!".into()
            }),
            "certificate-authority-data is not base64",
        ),
        (
            bed.changed("ca-empty", |cluster, _| {
                cluster["certificate-authority-data"] = "aGVsbG8=".into()
            }),
            "holds no PEM certificate",
        ),
        (
            bed.changed("key", |_, user| user["client-key-data"] = "%".into()),
            "client-key-data is not base64",
        ),
    ];
    for (kubeconfig, words) in cases {
        let said = bed.doctor(&kubeconfig);
        assert_says(&said, &["BAD   kubeconfig", words]);
        assert!(
            said.contains("user `") || said.contains("cluster `"),
            "{said}"
        );
    }
    let file = bed.write("token", "two\nlines\n");
    let by_file = bed.changed("by-file", |_, user| *user = json!({"tokenFile": file}));
    assert_says(
        &bed.doctor(&by_file),
        &["BAD   credentials", "tokenFile", "has a line end"],
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_proxy_is_named_as_the_proxy() {
    let bed = Bed::new().await;
    for (url, words) in [
        (
            "http://127.0.0.1:9",
            "the proxy http://127.0.0.1:9 refuses the connection",
        ),
        (
            "http://kate:secret@127.0.0.1:9",
            "the proxy http://127.0.0.1:9 refuses the connection",
        ),
        ("socks5://127.0.0.1:9", "the proxy socks5://127.0.0.1:9"),
        (
            "http://no-such-host.invalid:3128",
            "the proxy http://no-such-host.invalid:3128",
        ),
    ] {
        let kubeconfig = bed.changed("proxied", |cluster, _| cluster["proxy-url"] = url.into());
        let said = bed.doctor(&kubeconfig);
        assert_says(&said, &[words, "is the proxy up?"]);
        assert!(!said.contains("secret"), "{said}");
    }
}
