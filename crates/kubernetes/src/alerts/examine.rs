//! The doctor's questions to Alertmanager: is it there, is it one, how does it stand, and does anything prove that alerts
//! arrive. Reads only.

use std::time::{Duration, Instant};

use super::asker::{Asker, STATUS, unconfigured};
use crate::alertmanager::{Alertmanager, Alertmanagers, Credentials, Place};
use crate::cluster::Cluster;
use model::alert::{AlertRow, AlertState, WATCHDOG};
use model::alerts::{AlertmanagerStatus, AlertsAnswer};
use model::cluster::{Problem, ProblemClass};
use model::finding::Finding;

const SUBJECT: &str = "alerts";

/// Looks at the Alertmanager of this cluster's context.
pub(crate) async fn examine(
    cluster: &Cluster,
    configured: &Alertmanagers,
    is_server_there: bool,
) -> Vec<Finding> {
    let Some(alertmanager) = configured.of(&cluster.entry.context) else {
        let problem = unconfigured(configured);
        let (what, next) = (problem.what.raw(), &*problem.next);
        return vec![if configured.fault.is_some() {
            Finding::bad(SUBJECT, what, next)
        } else {
            Finding::lessened(SUBJECT, what, next)
        }];
    };
    let place = alertmanager.place.words();
    if !is_server_there && matches!(alertmanager.place, Place::Service { .. }) {
        let what = format!("Alertmanager at {place} was not asked");
        return vec![Finding::lessened(
            SUBJECT,
            what,
            "put the way to the API server right first",
        )];
    }
    let mut findings: Vec<Finding> = in_the_clear(alertmanager).into_iter().collect();
    let before = Instant::now();
    match Asker::new(alertmanager, cluster).ask().await {
        Ok(answer) => findings.extend(answered(&place, &answer, before.elapsed())),
        Err(problem) => {
            let what = format!("Alertmanager at {place}: {}", problem.what.raw());
            let next = next(alertmanager, &problem, &cluster.entry.context);
            findings.push(Finding::bad(SUBJECT, what, next));
        }
    }
    findings
}

fn answered(place: &str, answer: &AlertsAnswer, took: Duration) -> Vec<Finding> {
    let about = answer.about.as_ref();
    let version = about.map_or(String::new(), |about| format!(" {}", about.version.raw()));
    let words = format!(
        "Alertmanager{version} at {place} answers in {} ms{}: {}",
        took.as_millis(),
        about.map_or(String::new(), members),
        counted(&answer.alerts)
    );
    let mut findings = vec![match about {
        Some(about) if about.gossip.raw() == "settling" => Finding::lessened(
            SUBJECT,
            format!("{words}; its members may know different alerts"),
            "wait until it is ready and ask again",
        ),
        Some(_) => Finding::good(SUBJECT, words),
        None => Finding::lessened(
            SUBJECT,
            format!("{words}; but it does not say what it is"),
            format!(
                "is {STATUS} withheld by a proxy before it? without it ends of alerts are told later"
            ),
        ),
    }];
    if answer.silences.is_none() {
        findings.push(Finding::lessened(
            SUBJECT,
            "its silences cannot be read: who holds an alert back, and why, is not shown",
            "are /api/v2/silences withheld by a proxy before it?",
        ));
    }
    if !answer.unreadable.is_empty() {
        findings.push(Finding::lessened(
            SUBJECT,
            format!("{} of its alerts cannot be read", answer.unreadable.len()),
            "the pane counts them; please report it with the output of amtool -o json alert",
        ));
    }
    findings.push(proof(&answer.alerts));
    findings
}

fn members(about: &AlertmanagerStatus) -> String {
    match (about.gossip.raw(), about.peers) {
        ("disabled" | "", _) => String::new(),
        (gossip, peers) => format!(", cluster of {peers} {gossip}"),
    }
}

fn counted(alerts: &[AlertRow]) -> String {
    let count = |is: &dyn Fn(&AlertRow) -> bool| alerts.iter().filter(|alert| is(alert)).count();
    let firing = count(&AlertRow::is_firing);
    let parts = [
        (
            count(&|alert| alert.state == AlertState::Silenced),
            "silenced",
        ),
        (
            count(&|alert| alert.state == AlertState::Inhibited),
            "inhibited",
        ),
        (count(&|alert| alert.state == AlertState::Muted), "muted"),
    ];
    let held = parts.iter().filter(|(count, _)| *count > 0);
    let mut words = vec![format!("{firing} firing")];
    words.extend(held.map(|(count, word)| format!("{count} {word}")));
    words.join(", ")
}

/// Nothing firing is good news only where something would fire.
fn proof(alerts: &[AlertRow]) -> Finding {
    if alerts.iter().any(|alert| alert.name.raw() == WATCHDOG) {
        Finding::good(SUBJECT, "Watchdog fires: the way of an alert to here works")
    } else {
        Finding::lessened(
            SUBJECT,
            "no Watchdog fires: when nothing does, that may be because no alert arrives",
            "add a rule that always fires, alert: Watchdog with expr: vector(1)",
        )
    }
}

/// Credentials that anybody on the way can read.
fn in_the_clear(alertmanager: &Alertmanager) -> Option<Finding> {
    let Place::Url(url) = &alertmanager.place else {
        return None;
    };
    let host = url.strip_prefix("http://")?;
    let is_here = ["localhost", "127.", "[::1]"]
        .iter()
        .any(|here| host.starts_with(here));
    let has_credentials = alertmanager.credentials != Credentials::default();
    (has_credentials && !is_here).then(|| {
        Finding::lessened(
            SUBJECT,
            format!("credentials go to {url} in the clear"),
            "configure https://, or service = \"namespace/name:port\"",
        )
    })
}

/// Whoever asks the doctor wants to do something: "tried again by itself" is for the console.
fn next(alertmanager: &Alertmanager, problem: &Problem, context: &str) -> String {
    let is_proxied = matches!(alertmanager.place, Place::Service { .. });
    let words = match problem.class {
        ProblemClass::Unreachable if !is_proxied => {
            "is the address right, is the VPN up? or take the way through the API server: service = \"namespace/name:port\""
        }
        ProblemClass::Unreachable => "the API server does not get through to it",
        ProblemClass::ServerError if !is_proxied => "its own log says why",
        _ => &problem.next,
    };
    let command = match &alertmanager.place {
        Place::Url(url) => format!("curl -i {url}{STATUS}"),
        Place::Service { .. } => format!(
            "kubectl --context {context} get --raw {}",
            alertmanager.place.path(STATUS)
        ),
    };
    format!("{words}; `{command}` tells more")
}
