//! The grammar of the shell's words.

use runbook::{Joint, Risk, StepBody, StepRunner, Values, bind};

use crate::listing::{step, steps_of, words};

/// The words that a process would get.
fn argv(line: &str) -> Vec<String> {
    let bound = bind(&step(line), &Values::new()).unwrap();
    assert!(bound.script.is_none(), "{line}");
    bound.commands.into_iter().next().unwrap().words
}

#[test]
fn quotes_and_escapes_make_words_as_a_shell_does() {
    for (line, expected) in [
        ("printf a b", &["printf", "a", "b"][..]),
        ("printf 'a b' \"c d\"", &["printf", "a b", "c d"]),
        (
            "printf a\\ b \"x\\\"y\" 'x\\y'",
            &["printf", "a b", "x\"y", "x\\y"],
        ),
        ("printf '' \"\" a''b", &["printf", "", "", "ab"]),
        ("printf \"a\\nb\" $'a\\tb'", &["printf", "a\\nb", "a\tb"]),
        ("printf a#b # a comment", &["printf", "a#b"]),
        ("printf --x='1 2'\"3\"", &["printf", "--x=1 23"]),
        ("printf a \\\n  b", &["printf", "a", "b"]),
        ("printf é ☃", &["printf", "é", "☃"]),
        ("sudo -n printf x", &["printf", "x"]),
        ("time nice -n 5 printf x", &["printf", "x"]),
        ("env A=1 printf x", &["printf", "x"]),
    ] {
        assert_eq!(argv(line), expected, "{line}");
    }
}

#[test]
fn what_only_a_shell_can_work_out_runs_by_one_or_not_at_all() {
    for line in [
        "ls *.log",
        "printf $HOME",
        "printf $(date)",
        "printf `date`",
        "printf $((1 + 2))",
        "printf a | tr a b",
        "printf a > file",
        "cat < file",
        "diff <(printf a) <(printf b)",
        "for i in 1 2; do printf $i; done",
        "{ printf a; printf b; }",
        "(cd /tmp && ls)",
        "while read -r line; do printf \"$line\"; done < file",
        "case x in a) ls;; *) pwd;; esac",
        "f() { ls; }",
        "if [ -f a ]; then ls; else pwd; fi",
        "names=(a b c)",
    ] {
        let step = step(line);
        assert!(
            !matches!(step.body, StepBody::Refused(_)),
            "{line}: {:?}",
            step.body
        );
        let bound = bind(&step, &Values::new()).unwrap_or_else(|fault| panic!("{line}: {fault:?}"));
        assert_eq!(
            bound.script.map(|script| script.text).as_deref(),
            Some(line)
        );
    }
}

#[test]
fn lists_keep_their_joints() {
    let step = step(
        "kubectl rollout restart deploy/a && kubectl rollout status deploy/a || kubectl get pods; kubectl top pods",
    );
    let joints: Vec<Joint> = step
        .commands()
        .iter()
        .map(|command| command.joint)
        .collect();
    assert_eq!(
        joints,
        [Joint::First, Joint::IfDone, Joint::IfFailed, Joint::Then]
    );
    assert_eq!(
        (step.risk, step.runner()),
        (Risk::Restart, StepRunner::Console)
    );
}

#[test]
fn a_line_that_is_not_finished_is_refused_and_the_next_one_is_read() {
    for (line, why) in [
        ("kubectl get pods \"", "the quote \" is not closed"),
        ("kubectl get pods 'x", "the quote ' is not closed"),
        (
            "kubectl get $(",
            "an expansion that begins with $ or ` is not closed",
        ),
        (
            "kubectl get ${a",
            "an expansion that begins with $ or ` is not closed",
        ),
        (
            "kubectl get `x",
            "an expansion that begins with $ or ` is not closed",
        ),
        ("kubectl get pods >", "a redirection names no file"),
        (
            "kubectl apply -f - <<EOF",
            "the here-document is not ended by EOF",
        ),
        ("for i in 1 2; do", "done is missing"),
        ("kubectl get pods )", ") is not expected here"),
        ("kubectl get pods && && ls", "&& is not expected here"),
    ] {
        let steps = steps_of(&format!("```bash\n{line}\n\ndate\n```\n"));
        assert_eq!(steps[0].runner(), StepRunner::Nobody, "{line}: {steps:?}");
        assert_eq!(steps[0].reason().unwrap(), why, "{line}");
        assert_eq!(steps.last().unwrap().text.raw(), "date", "{line}");
    }
}

#[test]
fn a_here_document_is_the_input_of_its_command() {
    let step = step("kubectl apply -n shop -f - <<'EOF'\nkind: Pod\nname: $NOT_OURS\nEOF");
    assert_eq!(step.runner(), StepRunner::Console);
    assert_eq!(
        step.commands()[0].input.as_ref().unwrap().text().unwrap(),
        "kind: Pod\nname: $NOT_OURS\n"
    );
    assert_eq!(step.placeholders, []);
}

#[test]
fn a_value_that_a_line_gives_counts_for_the_lines_behind_it() {
    let steps = steps_of(
        "```bash\nNS=shop\nPOD=$(kubectl get pods -n $NS -o name | head -1)\nkubectl logs -n $NS $POD\n```\n",
    );
    let logs = &steps[2];
    let [namespace, pod] = &logs.placeholders[..] else {
        panic!("{logs:?}")
    };
    assert_eq!(
        (
            namespace.fallback.as_ref().unwrap().raw(),
            namespace.assigned_on
        ),
        ("shop", Some(2))
    );
    assert_eq!((pod.fallback.as_ref(), pod.assigned_on), (None, Some(3)));
    assert_eq!(steps[1].runner(), StepRunner::Console);
    assert_eq!(
        words("POD=$(kubectl get pods -o name | head -1)"),
        "POD is the output of: get pods as name | first 1 lines"
    );
}
