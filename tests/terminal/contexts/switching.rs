//! From a good context to one that cannot be used, and back.

use serde_json::json;

use super::bed::{Bed, console};
use components::pty::Pty;

const ROWS: &str = "CrashLoopBackOff";

fn header(pty: &Pty) -> String {
    pty.text().lines().next().unwrap_or_default().to_owned()
}

/// By the key, as a person does; the list must be there whatever the context in use is like.
fn switch(pty: &mut Pty, name: &str) {
    pty.press("c");
    pty.wait_for("both contexts", |seen| {
        let text = seen.text();
        text.contains("Which context?") && ["other", "demo"].iter().all(|name| text.contains(name))
    });
    pty.send(name);
    pty.press("enter");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_context_that_cannot_be_used_is_told_in_words_and_left_again() {
    let bed = Bed::new().await;
    let no_such_file = bed.path("no-such-file").display().to_string();
    let fails = bed.plugin("echo 'session expired' >&2; exit 1");
    let cases = [
        (
            bed.beside(|cluster, _| {
                *cluster =
                    json!({"server": "https://127.0.0.1:9", "certificate-authority": no_such_file})
            }),
            "no-such-file",
        ),
        (
            bed.beside(|_, user| *user = json!({"token": "two\nlines"})),
            "token has a line end",
        ),
        (
            bed.beside(|cluster, user| {
                (*cluster, *user) = (json!({"server": "localhost:9"}), json!({}))
            }),
            "localhost:9 refuses the connection",
        ),
        (bed.beside(|_, user| *user = fails), "session expired"),
    ];
    for (kubeconfig, words) in cases {
        let mut pty = console(&kubeconfig);
        pty.wait_for_text(ROWS);
        switch(&mut pty, "other");
        pty.wait_for_text(words);
        switch(&mut pty, "demo");
        pty.wait_for_text(ROWS);
        pty.press("q");
        assert!(pty.wait_for_end().success(), "{words}");
        pty.assert_given_back();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_wait_for_a_plugin_says_so_and_can_be_left() {
    let bed = Bed::new().await;
    let hangs = bed.plugin("exec sleep 1000");
    let kubeconfig = bed.beside(|_, user| *user = hangs);
    let mut pty = console(&kubeconfig);
    pty.wait_for_text(ROWS);
    switch(&mut pty, "other");
    pty.wait_for_text("waiting for the credential plugin `corp-login`");
    assert!(header(&pty).contains("other"), "{}", header(&pty));
    switch(&mut pty, "demo");
    pty.wait_for_text(ROWS);
    assert_eq!(bed.runs(), 1);
    pty.press("q");
    assert!(pty.wait_for_end().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plugin_that_must_ask_is_asked_by_the_login_key() {
    let bed = Bed::new().await;
    let asks = r#"printf 'Code: ' >&2; read -r code || { echo "no code" >&2; exit 1; }"#;
    let user = bed.plugin(&format!("{asks}\n{}", bed.answer("2100-01-01T00:00:00Z")));
    let kubeconfig = bed.beside(|_, known| *known = user);
    let mut pty = console(&kubeconfig);
    pty.wait_for_text(ROWS);
    switch(&mut pty, "other");
    pty.wait_for_text("no code");
    pty.wait_for("the login key in the header", |seen| {
        let text = seen.text();
        text.lines()
            .next()
            .is_some_and(|header| header.contains("not connected, L signs in"))
    });
    pty.press("L");
    pty.wait_for("the question on the real terminal", |seen| {
        !seen.terminal.screen().alternate_screen() && seen.text().trim_end().ends_with("Code:")
    });
    pty.send("123456\r");
    pty.wait_for_text(ROWS);
    assert!(header(&pty).contains("other"), "{}", header(&pty));
}
