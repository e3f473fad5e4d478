//! The sample runbooks that come with the program: nothing in them is left open, and the alerts of the demo find them.

use runbook::{
    IndexedRunbook, Runbook, RunbookQuestion, StepBody, StepClass, StepRunner, Values, bind,
    bound_by, find, lint, local_links, parse,
};

const SAMPLES: [(&str, &str); 6] = [
    (
        "complete-outage.md",
        include_str!("../../../../assets/runbooks/complete-outage.md"),
    ),
    (
        "connection-pool.md",
        include_str!("../../../../assets/runbooks/connection-pool.md"),
    ),
    (
        "crash-loop.md",
        include_str!("../../../../assets/runbooks/crash-loop.md"),
    ),
    (
        "failed-deployment.md",
        include_str!("../../../../assets/runbooks/failed-deployment.md"),
    ),
    (
        "out-of-memory.md",
        include_str!("../../../../assets/runbooks/out-of-memory.md"),
    ),
    (
        "slow-responses.md",
        include_str!("../../../../assets/runbooks/slow-responses.md"),
    ),
];

fn samples() -> impl Iterator<Item = (&'static str, Runbook)> {
    SAMPLES
        .into_iter()
        .map(|(name, text)| (name, parse(text.as_bytes())))
}

#[test]
fn each_is_understood_whole_and_leaves_no_value_open() {
    for (name, runbook) in samples() {
        assert_eq!(runbook.problems, [], "{name}");
        assert_eq!(lint(&runbook), [], "{name}");
        assert!(runbook.title.is_some() && !runbook.front_matter.matches.is_empty());
        for step in &runbook.steps {
            let at = format!("{name}:{}", step.lines.first);
            assert!(!matches!(step.body, StepBody::Refused(_)), "{at}");
            for placeholder in &step.placeholders {
                assert!(
                    bound_by(&runbook, placeholder).is_some(),
                    "{at}: {}",
                    placeholder.key
                );
            }
        }
        for input in &runbook.front_matter.inputs {
            assert!(input.prompt.is_some(), "{name}: {}", input.name.raw());
            let is_used = runbook.steps.iter().any(|step| {
                let mut keys = step.placeholders.iter().map(|one| one.key.as_str());
                keys.any(|key| key == input.name.raw())
            });
            assert!(
                is_used,
                "{name} asks for {} and never needs it",
                input.name.raw()
            );
        }
    }
}

#[test]
fn with_values_of_the_demo_every_command_is_bound_and_done_by_the_console() {
    let values: Values = [
        ("namespace", "shop"),
        ("deployment", "checkout"),
        ("workload", "catalog"),
        ("service", "checkout"),
        ("statefulset", "orders-db"),
        ("holder", "inventory"),
        ("client", "checkout"),
        ("pod", "catalog-8487d88f6-m6vks"),
        ("container", "catalog"),
        ("revision", "41"),
        ("replicas", "5"),
        ("url", "https://shop.example/"),
    ]
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .into();
    for (name, runbook) in samples() {
        let commands = runbook.steps.iter();
        for step in commands.filter(|step| step.class != StepClass::Prose) {
            let at = format!("{name}:{}", step.lines.first);
            assert_eq!(
                step.runner(),
                StepRunner::Console,
                "{at}: {:?}",
                step.reason()
            );
            assert!(
                bind(step, &values).is_ok(),
                "{at}: {:?}",
                bind(step, &values)
            );
        }
    }
}

#[test]
fn their_links_lead_to_each_other() {
    for (name, runbook) in samples() {
        for link in local_links(&runbook) {
            let path = link.path.raw();
            assert!(
                SAMPLES.iter().any(|(there, _)| *there == path),
                "{name} leads to {path}"
            );
        }
    }
}

#[test]
fn the_alerts_of_the_demo_find_theirs_first() {
    let index: Vec<IndexedRunbook> = samples()
        .map(|(name, runbook)| IndexedRunbook::new(0, name, &runbook))
        .collect();
    for (alert, labels, expected) in [
        (
            "HighErrorRate",
            "service",
            &["failed-deployment.md", "complete-outage.md"][..],
        ),
        (
            "KubeDeploymentRolloutStuck",
            "deployment",
            &["failed-deployment.md"],
        ),
        (
            "KubePodCrashLooping",
            "pod container reason",
            &["crash-loop.md"],
        ),
        (
            "ContainerOOMKilled",
            "pod container reason",
            &["out-of-memory.md"],
        ),
        (
            "PostgresConnectionsExhausted",
            "service statefulset",
            &["connection-pool.md"],
        ),
        ("Watchdog", "", &[]),
    ] {
        let names = labels.split_whitespace().chain(["namespace"]);
        let mut labels: Vec<_> = names.map(|name| (name.into(), "x".into())).collect();
        labels.push(("alertname".into(), alert.into()));
        let question = RunbookQuestion {
            addresses: vec![format!("https://runbooks.shop.example/{alert}").into()],
            labels,
            ..RunbookQuestion::default()
        };
        let found = find(&index, &[], &question).found;
        let paths: Vec<&str> = found
            .iter()
            .map(|one| index[one.document].path.raw())
            .collect();
        assert_eq!(paths, expected, "{alert}");
    }
}
