//! Each scenario of the demo from the keyboard alone, in a real terminal: the alert read, its link followed, the line found that
//! tells the cause, the way to heal taken through its card, the end seen on the screen; the exported Markdown tells all of it.

use std::fs;
use std::time::{Duration, Instant};

use components::pty::{Launch, PATIENCE, Pty};

/// Time in the cluster and on the screen goes so much faster: a crash is remembered by its alert for five minutes, a rollout is
/// watched for three, and until the alerts that fired before it have ended.
const SPEED: &str = "10";

/// Each card that asks for a write offers this, until the intent is on disk.
const CARD: &str = "kubectl --context demo";

/// Somebody is on call, and the console has just been opened.
struct OnCall {
    console: Pty,
}

impl OnCall {
    fn on(scenario: &str) -> Self {
        let arguments = ["demo", "--scenario", scenario, "--speed", SPEED];
        let console = Launch::console(&arguments).env("USER", "kate").start();
        console.wait_for_text("● live");
        OnCall { console }
    }

    /// The screen comes to show all of these.
    fn sees(&self, texts: &[&str]) {
        self.console.wait_for(&format!("{texts:?}"), |seen| {
            let text = seen.text();
            texts.iter().all(|part| text.contains(part))
        });
    }

    /// A text that is on the screen goes away.
    fn no_longer_sees(&self, text: &str) {
        self.console.wait_for(&format!("end of {text:?}"), |seen| {
            !seen.text().contains(text)
        });
    }

    fn opens_an_incident(&mut self, title: &str) {
        self.console.press("i");
        self.sees(&["Open an incident"]);
        self.console.send(title);
        self.console.press("enter");
        self.no_longer_sees("Open an incident");
    }

    /// Marks the alert of this line, reads its page, and narrows the panes to what it is about.
    fn follows(&mut self, line: usize, name: &str, description: &str) {
        self.console.press("1 g");
        for _ in 1..line {
            self.console.press("j");
        }
        self.console.press("enter");
        self.sees(&["╭ Alert ─", name, description]);
        self.console.press("esc");
        self.no_longer_sees("╭ Alert ─");
        self.console.press("l");
        self.sees(&["here,", " hidden"]);
    }

    /// Finds a line in the logs of what is narrowed to.
    fn reads_in_the_logs(&mut self, filter: &str, line: &str) {
        self.console.press("3 z /");
        self.console.send(filter);
        self.console.press("enter");
        self.sees(&[line]);
        // The filter is let go, then the whole screen.
        self.console.press("esc z");
    }

    /// Says yes as a person does: again when the dialog took the first for type-ahead.
    fn confirms(&mut self, question: &str) {
        self.sees(&[question, CARD]);
        self.console
            .press_until("y", "end of the dialog", |seen| !seen.text().contains(CARD));
    }

    fn notes(&mut self, words: &str) {
        self.console.press("m");
        self.sees(&["ctrl-s save"]);
        self.console.send(words);
        self.console.press("ctrl-s");
        self.no_longer_sees("ctrl-s save");
        let first = words.split(' ').next().unwrap();
        self.sees(&[&format!("✎ {first}")]);
    }

    /// Looks at the whole timeline until it tells all of these.
    fn sees_on_the_timeline(&mut self, texts: &[&str]) {
        self.console.press("5 z");
        self.sees(texts);
        self.console.press("z");
    }

    fn closes_the_incident(&mut self, how: &str) {
        self.console.press("I");
        self.sees(&["How did it end?"]);
        self.console.send(how);
        self.console.press("enter");
        self.no_longer_sees("How did it end?");
    }

    /// What `e` writes.
    fn exports(&mut self) -> String {
        let folder = self.console.home().join("state/watchfloor/demo/exports");
        self.console.press("e");
        let end = Instant::now() + PATIENCE;
        loop {
            let mut files = fs::read_dir(&folder).into_iter().flatten().flatten();
            let whole = files.find_map(|file| {
                let path = file.path();
                path.extension()
                    .is_some_and(|kind| kind == "md")
                    .then(|| fs::read_to_string(path).unwrap())
            });
            match whole {
                Some(text) => return text,
                None => assert!(
                    Instant::now() < end,
                    "no export; the screen:\n{}",
                    self.console.text()
                ),
            }
            self.console.listen_for(Duration::from_millis(50));
        }
    }

    fn leaves(mut self) {
        // An incident is open, or a write is followed: that is said first.
        self.console.press("q q");
        assert_eq!(self.console.wait_for_end().exit_code(), 0);
        self.console.assert_given_back();
    }
}

fn assert_tells(markdown: &str, told: &[&str]) {
    for told in told {
        assert!(markdown.contains(told), "no {told:?} in:\n{markdown}");
    }
}

#[test]
fn the_bad_deploy_is_rolled_back() {
    let mut kate = OnCall::on("bad-deploy");
    kate.sees(&["HighErrorRate checkout", "CrashLoopBackOff", "r42 1.9.2"]);
    kate.opens_an_incident("P1 checkout answers 5xx");
    kate.follows(1, "HighErrorRate", "of the requests to checkout fail");
    kate.reads_in_the_logs("exhausted", "connection pool exhausted (5/5 in use)");
    kate.notes("r42 opens a pool of five and gives up: rolling back");
    kate.console.press("4 g x b");
    kate.sees(&["Roll back checkout in shop?"]);
    kate.console.press("enter");
    kate.confirms("Roll checkout back r42 -> r41 in shop?");
    kate.sees_on_the_timeline(&["HighErrorRate of checkout resolved", "healed"]);
    kate.sees(&["0 sick"]);
    kate.closes_the_incident("checkout runs 1.9.1 again");
    let markdown = kate.exports();
    assert_tells(
        &markdown,
        &[
            "**opened** checkout answers 5xx",
            "rollout r42 of checkout: 1.9.1 -> 1.9.2 (release 1.9.2 (PR 4711: new order database driver))",
            "HighErrorRate of checkout fires: More than 5% of requests fail",
            "r42 opens a pool of five and gives up: rolling back",
            "roll back checkout r42 -> r41 in shop: healed: 6 of 6 available for ",
            "kubectl --context demo -n shop rollout undo deployment/checkout --to-revision=41",
            "HighErrorRate of checkout resolved",
            "checkout runs 1.9.1 again",
        ],
    );
    kate.leaves();
}

#[test]
fn too_few_pods_for_the_load_are_made_more() {
    let mut kate = OnCall::on("out-of-memory");
    kate.sees(&["ContainerOOMKilled", "OOM at"]);
    kate.opens_an_incident("P1 catalog is killed for its memory");
    kate.console.press("2 g");
    kate.reads_in_the_logs("heap", "more load than this pod can hold");
    kate.console.press("4");
    kate.console.press("2 g x s");
    kate.sees(&["replicas   3"]);
    kate.console.press("backspace 5 enter");
    kate.confirms("Scale catalog 3 -> 5 in shop?");
    kate.notes("three pods are too few for the campaign");
    kate.sees_on_the_timeline(&[
        "HighErrorRate of catalog resolved",
        "ContainerOOMKilled of catalog",
        "healed",
    ]);
    kate.closes_the_incident("catalog has five pods");
    let markdown = kate.exports();
    assert_tells(
        &markdown,
        &[
            "**opened** catalog is killed for its memory",
            "first known crash: how it ended is not known, the last time OOMKilled at 512Mi limit",
            "three pods are too few for the campaign",
            "scale catalog 3 -> 5 in shop: healed: 5 of 5 available for ",
            "kubectl --context demo -n shop scale deployment/catalog",
            "HighErrorRate of catalog resolved",
            "catalog has five pods",
        ],
    );
    kate.leaves();
}

#[test]
fn the_connections_are_taken_back_from_who_holds_them() {
    let mut kate = OnCall::on("connection-pool");
    kate.sees(&["HighErrorRate payment", "Postgres", "0 sick"]);
    kate.opens_an_incident("P1 the shop answers 5xx");
    kate.follows(
        4,
        "PostgresConnectionsExhausted",
        "are held by inventory, most idle in transaction",
    );
    kate.reads_in_the_logs("FATAL", "sorry, too many clients already");
    kate.console.press("2 esc /");
    kate.console.send("inventory");
    kate.console.press("enter g");
    kate.reads_in_the_logs("stock-sync", "idle in transaction and never given back");
    kate.notes("inventory 1.3.7 keeps its connections: restarting it");
    kate.console.press("2 x r");
    kate.confirms("estart inventory in shop?");
    kate.sees_on_the_timeline(&[
        "PostgresConnectionsExhausted of orders-db resolved",
        "stable",
    ]);
    kate.closes_the_incident("inventory was restarted");
    let markdown = kate.exports();
    assert_tells(
        &markdown,
        &[
            "**opened** the shop answers 5xx",
            "PostgresConnectionsExhausted of orders-db fires: The database has no connections left",
            "inventory 1.3.7 keeps its connections: restarting it",
            "restart inventory in shop: stable: 2 of 2 available for 3 min",
            "kubectl --context demo -n shop rollout restart deployment/inventory",
            "PostgresConnectionsExhausted of orders-db resolved",
            "inventory was restarted",
        ],
    );
    kate.leaves();
}

#[test]
fn the_stuck_rollout_is_taken_back_while_the_old_pods_serve() {
    let mut kate = OnCall::on("stuck-rollout");
    kate.sees(&["KubeDeploymentRolloutStuck", "ImagePullBackOff"]);
    kate.opens_an_incident("P3 frontend does not get its release");
    kate.follows(1, "KubeDeploymentRolloutStuck", "is not progressing");
    kate.console.press("2 g enter");
    kate.sees(&["4.13.0: not found"]);
    kate.console.press("esc");
    kate.notes("4.13.0 is not in the registry: back to 4.12.0");
    kate.console.press("4 g x b");
    kate.confirms("Roll frontend back r2 -> r1 in shop?");
    kate.sees_on_the_timeline(&["KubeDeploymentRolloutStuck of frontend resolved", "healed"]);
    kate.closes_the_incident("frontend runs 4.12.0");
    let markdown = kate.exports();
    assert!(
        markdown.starts_with("# frontend does not get its release\n"),
        "{markdown}"
    );
    assert_tells(
        &markdown,
        &[
            "**opened** frontend does not get its release",
            "rollout r2 of frontend: 4.12.0 -> 4.13.0 (release 4.13.0 (PR 4720: summer banner))",
            "KubeDeploymentRolloutStuck of frontend fires",
            "4.13.0 is not in the registry: back to 4.12.0",
            "roll back frontend r2 -> r1 in shop: healed: 4 of 4 available for ",
            "kubectl --context demo -n shop rollout undo deployment/frontend --to-revision=1",
            "KubeDeploymentRolloutStuck of frontend resolved",
            "frontend runs 4.12.0",
        ],
    );
    kate.leaves();
}
