//! Alerts of a real Alertmanager, sent by a real Prometheus: at each step the pane and the timeline say what amtool says.
//! Through the service proxy of a real control plane, too.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use components::alertmanager::every;
use components::control_plane::{ControlPlane, eventually};
use components::processes::{Part, Programs, get, post, write_rule};
use components::rig::Rig;
use kubernetes::alertmanager::{Alertmanager, Place};
use model::alert::AlertState;
use model::kind::Kind;
use model::settings::Settings;
use serde_json::Value;

fn asking(place: &str) -> Alertmanager {
    Alertmanager {
        interval: Duration::from_secs(2),
        ..Alertmanager::at(Place::parse(place).unwrap())
    }
}

/// A console that can reach this Alertmanager and no API server.
async fn rig(folder: &Path, alertmanager: &Part) -> Rig {
    let kubeconfig = folder.join("kubeconfig");
    let text = "apiVersion: v1\nkind: Config\ncurrent-context: staging\n\
        clusters: [{name: c, cluster: {server: 'http://127.0.0.1:1'}}]\n\
        users: [{name: u, user: {}}]\n\
        contexts: [{name: staging, context: {cluster: c, user: u, namespace: shop}}]\n";
    std::fs::write(&kubeconfig, text).unwrap();
    let asked = every(asking(&alertmanager.url()));
    Rig::recording(&kubeconfig, "shop", Settings::default(), asked, folder).await
}

/// Name and state of each alert, as amtool has them.
fn truth(programs: &Programs, url: &str) -> BTreeMap<String, String> {
    let alerts = programs.amtool(url, &["alert", "query", "-s", "-i", "-a"]);
    let alerts = alerts.as_array().cloned().unwrap_or_default();
    let state = |alert: &Value| {
        let has = |name: &str| {
            alert["status"][name]
                .as_array()
                .is_some_and(|ids| !ids.is_empty())
        };
        match alert["status"]["state"].as_str().unwrap() {
            "active" => "firing",
            "unprocessed" => "new",
            _ if has("silencedBy") => "silenced",
            _ => "inhibited",
        }
    };
    let name = |alert: &Value| alert["labels"]["alertname"].as_str().unwrap().to_owned();
    alerts
        .iter()
        .map(|alert| (name(alert), state(alert).to_owned()))
        .collect()
}

/// Name and state of each alert, as the pane has them.
fn shown(rig: &Rig) -> BTreeMap<String, String> {
    let rows = rig.model.alerts.watched.table.rows();
    rows.map(|row| (row.name.raw().to_owned(), row.state.word().to_owned()))
        .collect()
}

/// Waits until the pane says what amtool says, and that is this.
async fn agreed(rig: &mut Rig, programs: &Programs, url: &str, expected: &[(&str, &str)]) {
    let expected: BTreeMap<String, String> = expected
        .iter()
        .map(|(name, state)| ((*name).to_owned(), (*state).to_owned()))
        .collect();
    rig.until(&format!("{expected:?}"), |rig| {
        rig.model.alerts.is_fresh() && shown(rig) == expected
    })
    .await;
    assert_eq!(truth(programs, url), expected);
    let firing = expected.values().filter(|state| *state == "firing").count();
    assert!(
        rig.screen().contains(&format!("{firing} firing")),
        "{}",
        rig.screen()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_that_is_posted_groups_is_silenced_expires_and_ends() {
    let Some(programs) = Programs::find() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let alertmanager = programs.alertmanager(folder.path(), None);
    let url = alertmanager.url();
    let mut rig = rig(folder.path(), &alertmanager).await;
    agreed(&mut rig, &programs, &url, &[]).await;
    assert!(rig.screen().contains("no alerts"), "{}", rig.screen());
    let about = rig.model.alerts.about.clone().unwrap();
    assert!(about.version.raw().starts_with("0."), "{about:?}");

    let add =
        |arguments: &[&str]| programs.amtool_text(&url, &[&["alert", "add"], arguments].concat());
    add(&[
        "alertname=HighErrorRate",
        "severity=critical",
        "namespace=shop",
        "--annotation=summary=5xx",
    ]);
    add(&["alertname=Slow", "severity=warning", "namespace=shop"]);
    add(&["alertname=Watchdog", "severity=none"]);
    let inhibited = [
        ("HighErrorRate", "firing"),
        ("Slow", "inhibited"),
        ("Watchdog", "firing"),
    ];
    rig.until("three alerts", |rig| shown(rig).len() == 3).await;
    rig.until("the warning is held back", |rig| {
        shown(rig)["Slow"] == "inhibited"
    })
    .await;
    assert_eq!(shown(&rig), truth(&programs, &url));
    assert_eq!(shown(&rig).get("Slow").unwrap(), inhibited[1].1);
    assert_eq!(
        rig.model.alerts.firing(),
        Some(1),
        "Watchdog is not counted"
    );
    let slow = rig
        .model
        .alerts
        .watched
        .table
        .rows()
        .find(|row| row.name.raw() == "Slow")
        .unwrap();
    let by: Vec<_> = rig
        .model
        .alerts
        .inhibiting(slow)
        .map(|row| row.name.raw())
        .collect();
    assert_eq!(by, ["HighErrorRate"]);
    rig.until("fired, once", |rig| {
        rig.titles(Kind::AlertFired) == ["HighErrorRate fires: 5xx"]
    })
    .await;
    let fired = rig.first(Kind::AlertFired);
    let truth_start =
        programs.amtool(&url, &["alert", "query", "alertname=HighErrorRate"])[0]["startsAt"]
            .as_str()
            .unwrap()
            .parse::<chrono::DateTime<chrono::Utc>>()
            .unwrap();
    assert_eq!(
        fired.occurred_at.timestamp_millis(),
        truth_start.timestamp_millis()
    );

    let id = programs.amtool_text(
        &url,
        &[
            "silence",
            "add",
            "alertname=HighErrorRate",
            "--author=kate",
            "--comment=known",
            "--duration=2h",
        ],
    );
    let id = id.trim().trim_matches('"').to_owned();
    rig.until("silenced", |rig| {
        let rows = &rig.model.alerts.watched.table;
        rows.rows().any(|row| row.state == AlertState::Silenced)
            && rig.titles(Kind::AlertSilenced).len() == 1
    })
    .await;
    assert_eq!(shown(&rig), truth(&programs, &url));
    let title = &rig.titles(Kind::AlertSilenced)[0];
    assert!(
        title.starts_with("HighErrorRate silenced until") && title.ends_with("by kate: known"),
        "{title}"
    );
    let silences = programs.amtool(&url, &["silence", "query"]);
    let known = &rig.model.alerts.silences[&silences[0]["id"].as_str().unwrap().into()];
    assert_eq!(known.author.raw(), "kate");
    assert!(known.is_active);

    programs.amtool_text(&url, &["silence", "expire", &id]);
    rig.until("loud again", |rig| shown(rig)["HighErrorRate"] == "firing")
        .await;
    assert_eq!(shown(&rig), truth(&programs, &url));
    rig.until("said so", |rig| {
        let events = rig.titles(Kind::Event);
        events.iter().any(|title| {
            title.contains("HighErrorRate still firing: the silence by kate has ended")
        })
    })
    .await;

    let end = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    add(&[
        "alertname=HighErrorRate",
        "severity=critical",
        "namespace=shop",
        "--annotation=summary=5xx",
        &format!("--end={end}"),
    ]);
    rig.until("resolved, once", |rig| {
        rig.titles(Kind::AlertResolved).len() == 1
    })
    .await;
    assert!(rig.titles(Kind::AlertResolved)[0].starts_with("HighErrorRate resolved"));
    assert!(!truth(&programs, &url).contains_key("HighErrorRate"));
    rig.until("the warning is heard now", |rig| {
        shown(rig)["Slow"] == "firing"
    })
    .await;
    assert_eq!(shown(&rig), truth(&programs, &url));
    rig.until("and told", |rig| rig.titles(Kind::AlertFired).len() == 2)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_goes_pending_firing_and_resolved_and_a_restart_of_alertmanager_writes_nothing() {
    let Some(programs) = Programs::find() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let alertmanager = programs.alertmanager(folder.path(), None);
    let (url, port) = (alertmanager.url(), alertmanager.port);
    write_rule(folder.path(), "vector(1) > 2");
    let prometheus = programs.prometheus(folder.path(), port);
    let mut rig = rig(folder.path(), &alertmanager).await;
    agreed(&mut rig, &programs, &url, &[]).await;

    let rule = |expression: &str| {
        write_rule(folder.path(), expression);
        post(&format!("{}/-/reload", prometheus.url()));
    };
    rule("vector(3) > 2");
    let in_prometheus = || {
        let text = get(&format!("{}/api/v1/alerts", prometheus.url())).unwrap();
        let answer: Value = serde_json::from_str(&text).unwrap();
        answer["data"]["alerts"][0].clone()
    };
    eventually("pending", || in_prometheus()["state"] == "pending");
    assert_eq!(shown(&rig).len(), 0, "nobody is told of what is pending");
    agreed(&mut rig, &programs, &url, &[("TooMany", "firing")]).await;
    assert_eq!(in_prometheus()["state"], "firing");
    rig.until("fired, once", |rig| {
        rig.titles(Kind::AlertFired) == ["TooMany of checkout fires: too many of them"]
    })
    .await;
    let row = rig.model.alerts.loudest().unwrap();
    assert_eq!(
        row.runbook().unwrap().raw(),
        "https://runbooks.example/TooMany"
    );
    assert_eq!(row.label("deployment").unwrap().raw(), "checkout");

    // It forgets its alerts, and is told again.
    drop(alertmanager);
    rig.until("no answer", |rig| {
        !rig.model.alerts.is_fresh() && rig.screen().contains("TooMany")
    })
    .await;
    assert!(rig.screen().contains("STALE"), "{}", rig.screen());
    let _alertmanager = programs.alertmanager(folder.path(), Some(port));
    agreed_after_restart(&mut rig, &programs, &url).await;
    let entries = |rig: &Rig| {
        (
            rig.titles(Kind::AlertFired).len(),
            rig.titles(Kind::AlertResolved).len(),
        )
    };
    assert_eq!(
        entries(&rig),
        (1, 0),
        "{:?}",
        rig.titles(Kind::AlertResolved)
    );

    rule("vector(1) > 2");
    agreed(&mut rig, &programs, &url, &[]).await;
    rig.until("resolved, once", |rig| entries(rig) == (1, 1))
        .await;
}

/// Prometheus sends again after a while.
async fn agreed_after_restart(rig: &mut Rig, programs: &Programs, url: &str) {
    eventually("Prometheus has sent it again", || {
        !truth(programs, url).is_empty()
    });
    let before = rig.model.alerts.generation;
    rig.until("an answer after that", |rig| {
        rig.model.alerts.is_fresh() && rig.model.alerts.generation > before + 2
    })
    .await;
    assert_eq!(shown(rig), truth(programs, url));
}

#[tokio::test(flavor = "multi_thread")]
async fn alertmanager_is_reached_through_the_service_proxy_of_a_real_api_server() {
    let Some(programs) = Programs::find() else {
        return;
    };
    let Some(plane) = crate::plane::shared() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let address = serve_behind(plane, &programs, folder.path());
    let inside = format!("http://{address}:9093");
    for user in ["admin", "viewer"] {
        let settings = Settings {
            is_read_only: true,
            ..Settings::default()
        };
        let asked = every(asking("monitoring/alertmanager:9093"));
        let state = tempfile::tempdir().unwrap();
        let kubeconfig = plane.kubeconfig(user);
        let mut rig = Rig::recording(&kubeconfig, "shop", settings, asked, state.path()).await;
        if user == "viewer" {
            rig.until("no right to the proxy", |rig| {
                let problem = rig.model.alerts.watched.health.problem();
                problem.is_some_and(|problem| {
                    problem.what.contains("answered 403") && problem.next.contains("services/proxy")
                })
            })
            .await;
            continue;
        }
        agreed(&mut rig, &programs, &inside, &[]).await;
        programs.amtool_text(
            &inside,
            &[
                "alert",
                "add",
                "alertname=HighErrorRate",
                "severity=critical",
            ],
        );
        agreed(&mut rig, &programs, &inside, &[("HighErrorRate", "firing")]).await;
        plane.kubectl(&["-n", "monitoring", "delete", "service", "alertmanager"]);
        rig.until("the service is gone", |rig| {
            let problem = rig.model.alerts.watched.health.problem();
            problem.is_some_and(|problem| problem.what.contains("answered 404"))
        })
        .await;
        let screen = rig.screen();
        assert!(
            screen.contains("HighErrorRate") && !screen.contains("no alerts"),
            "{screen}"
        );
    }
    let asked = plane.audit("watchfloor/");
    let proxied: Vec<_> = asked
        .iter()
        .filter(|line| line.uri.contains("/proxy/"))
        .collect();
    assert!(!proxied.is_empty());
    assert!(proxied.iter().all(|line| line.verb == "get"), "{proxied:?}");
}

/// An Alertmanager in a network of its own, and a Service that leads to it: the address of its pod.
fn serve_behind(plane: &ControlPlane, programs: &Programs, folder: &Path) -> String {
    let program: PathBuf = programs.path("prometheus-alertmanager");
    let mut command = vec!["alertmanager".to_owned(), program.display().to_string()];
    command.extend(Programs::alertmanager_arguments(folder, "{ip}:9093"));
    let address = plane.host(&command);
    let manifest = folder.join("alertmanager.yaml");
    std::fs::write(
        &manifest,
        format!(
            "apiVersion: v1\nkind: Namespace\nmetadata: {{name: monitoring}}\n---\n\
             apiVersion: v1\nkind: Service\nmetadata: {{name: alertmanager, namespace: monitoring}}\n\
             spec: {{selector: {{app: alertmanager}}, ports: [{{port: 9093}}]}}\n---\n\
             apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: alertmanager, namespace: monitoring}}\n\
             spec: {{selector: {{matchLabels: {{app: alertmanager}}}}, template: {{metadata: {{labels: {{app: alertmanager}}, \
             annotations: {{control-plane/pod-ip: {address}}}}}, spec: {{containers: [{{name: app, image: registry.example/alertmanager}}]}}}}}}\n"
        ),
    )
    .unwrap();
    plane.kubectl(&["apply", "-f", manifest.to_str().unwrap()]);
    eventually("an endpoint of it", || {
        let path = "{.items[*].endpoints[*].addresses[*]}";
        let output = format!("-o=jsonpath={path}");
        let slices = plane.kubectl(&["-n", "monitoring", "get", "endpointslices", &output]);
        slices.contains(&address)
    });
    eventually("it answers", || {
        get(&format!("http://{address}:9093/-/ready")).is_some()
    });
    address
}
