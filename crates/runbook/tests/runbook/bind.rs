//! Values: a step runs with all of them or not at all, and none of them leaves its word.

use std::process::Command;

use runbook::{BindFault, Native, ValueFault, Values, bind, missing};

use crate::listing::step;

/// What somebody may call a pod, or paste.
const INJECTIONS: &[&str] = &[
    "x;touch PWNED",
    "$(touch PWNED)",
    "`touch PWNED`",
    "-oProxyCommand=touch PWNED",
    "--kubeconfig=/tmp/x",
    "a b",
    "a\nb",
    "a\0b",
    "'; touch PWNED; '",
    "\"; touch PWNED; \"",
    "x|touch PWNED",
    "x&&touch PWNED",
    "x>PWNED",
    "${IFS}touch",
    "{{x}}",
    "{{",
    "*",
    "~",
    "!x",
    "\u{202e}x",
    "x\u{200b}",
    "",
    "-",
    "\\",
    "a'b",
    "x#y z",
];

const LINES: &[&str] = &[
    "kubectl logs <pod-name>",
    "kubectl exec <pod-name> -- sh -c 'cat /proc/<pid>/status'",
    "kubectl logs $POD | sed s/a/b/",
    "for i in 1 2; do printf '%s' <what>; printf \"%s\" \"$WHAT\"; done",
    "printf '%s' '<what>' > /dev/null",
    "ssh <host> uptime",
    "psql -c \"SELECT * FROM t WHERE name = '<name>'\"",
    "kubectl patch deploy web -p '{\"spec\":{\"replicas\":<replicas>}}'",
    "curl http://<host>:9090/<path>",
    "docker logs [service]",
];

#[test]
fn a_step_with_something_open_does_not_run_and_says_what() {
    let step = step("kubectl logs <pod-name> -n $NAMESPACE");
    assert_eq!(missing(&step, &Values::new()), ["pod-name", "namespace"]);
    let values = Values::from([("namespace".into(), "shop".into())]);
    assert_eq!(
        bind(&step, &values),
        Err(BindFault::Missing(vec!["pod-name".into()]))
    );
}

#[test]
fn a_bound_step_has_words_and_a_native_action_without_placeholders() {
    let step = step("kubectl logs <pod-name> -n $NAMESPACE --tail=<n>");
    let values = Values::from([
        ("pod-name".into(), "web-0".into()),
        ("namespace".into(), "shop".into()),
        ("n".into(), "5".into()),
    ]);
    let bound = bind(&step, &values).unwrap();
    assert_eq!(
        bound.commands[0].words,
        ["kubectl", "logs", "web-0", "-n", "shop", "--tail=5"]
    );
    let Some(Native::Kubectl(call)) = &bound.commands[0].native else {
        panic!("{bound:?}")
    };
    assert_eq!(call.words(), "logs of pods web-0 last 5 in shop");
}

#[test]
fn values_are_checked_by_their_kind() {
    for (line, value, fault) in [
        ("kubectl get pods -n <ns>", "Shop", ValueFault::NotALabel),
        ("kubectl get pods -n <ns>", "a.b", ValueFault::NotALabel),
        ("kubectl logs <pod>", "web_0", ValueFault::NotAName),
        (
            "kubectl scale deploy web --replicas=<n>",
            "three",
            ValueFault::NotANumber,
        ),
        ("kubectl logs <pod>", "-f", ValueFault::LeadingHyphen),
        ("curl <url>", "http://a.test/ b", ValueFault::Character(' ')),
        ("ping <host>", "", ValueFault::Empty),
    ] {
        let step = step(line);
        let key = step.placeholders[0].key.clone();
        let values = Values::from([(key.clone(), value.to_owned())]);
        assert_eq!(
            bind(&step, &values),
            Err(BindFault::Refused { key, fault }),
            "{line} with {value:?}"
        );
    }
}

#[test]
fn no_value_of_the_injection_set_is_taken() {
    for line in LINES {
        let step = step(line);
        for value in INJECTIONS {
            let values: Values = step
                .placeholders
                .iter()
                .map(|one| (one.key.clone(), (*value).to_owned()))
                .collect();
            let refused = bind(&step, &values);
            assert!(
                matches!(refused, Err(BindFault::Refused { .. })),
                "{line} with {value:?}: {refused:?}"
            );
        }
    }
}

#[test]
fn a_secret_may_hold_signs_but_not_where_they_would_be_read_again() {
    let values = Values::from([("password".into(), "a;b'$c".into())]);
    let bound = bind(&step("./login.sh <password>"), &values).unwrap();
    assert_eq!(bound.commands[0].words, ["./login.sh", "a;b'$c"]);
    let refused = bind(&step("sh -c 'login <password>'"), &values);
    assert_eq!(
        refused,
        Err(BindFault::Refused {
            key: "password".into(),
            fault: ValueFault::SecretInScript
        })
    );
}

#[test]
fn a_value_that_would_make_another_action_of_a_line_is_refused() {
    let step = step("kubectl get pods <name>");
    let values = Values::from([("name".into(), "a/b".into())]);
    assert!(bind(&step, &values).is_err());
}

/// The script is run by a real shell: the values arrive whole, as one word each, from the environment.
#[test]
fn values_of_a_script_are_variables_of_its_environment() {
    let step =
        step("for i in 1; do printf '[%s]' <what> \"<what>\" 'x<what>y' \"$WHAT\"; done | cat");
    let values = Values::from([("what".into(), "a.b-c".into())]);
    let script = bind(&step, &values).unwrap().script.unwrap();
    assert!(!script.text.contains("a.b-c"), "{}", script.text);
    let output = Command::new("sh")
        .arg("-c")
        .arg(&script.text)
        .envs(script.environment.clone())
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "[a.b-c][a.b-c][xa.b-cy][a.b-c]"
    );
}

#[test]
fn a_place_that_takes_text_as_it_stands_takes_no_value() {
    let step = step("cat <<'EOF' | sed s/a/b/\n<what>\nEOF");
    let values = Values::from([("what".into(), "x".into())]);
    assert_eq!(
        bind(&step, &values),
        Err(BindFault::NoPlaceForValue { key: "what".into() })
    );
}

#[test]
fn filters_files_and_input_have_their_values_too() {
    let step = step("kubectl logs <pod-name> | grep <word> > <file>");
    let values = Values::from([
        ("pod-name".into(), "web-0".into()),
        ("word".into(), "panic".into()),
        ("file".into(), "web.log".into()),
    ]);
    let bound = bind(&step, &values).unwrap();
    assert_eq!(bound.commands[0].save_to, Some(("web.log".into(), false)));
    assert!(
        matches!(&bound.commands[0].filters[..], [runbook::PipeFilter::Grep { pattern, .. }] if pattern.text() == Some("panic"))
    );
}

#[test]
fn no_value_makes_more_objects_another_host_or_a_variable_of_a_line() {
    for (line, key, value) in [
        (
            "kubectl delete <resource> web",
            "resource",
            "pods,deployments",
        ),
        ("kubectl get <what>", "what", "pods/web-0"),
        ("curl http://<host>/x", "host", "a@evil.test/"),
        ("sh -c '<what> ls'", "what", "LD_PRELOAD=/x"),
    ] {
        let bound = bind(
            &step(line),
            &Values::from([(key.to_owned(), value.to_owned())]),
        );
        assert!(bound.is_err(), "{line}: {bound:?}");
    }
}
