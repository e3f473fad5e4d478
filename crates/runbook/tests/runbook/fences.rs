//! What of a fence is a command, a title, output or prose.

use runbook::StepClass;

use crate::listing::steps_of;

fn texts(document: &str) -> Vec<String> {
    steps_of(document)
        .iter()
        .map(|step| step.text.raw().to_owned())
        .collect()
}

fn titles(document: &str) -> Vec<Option<String>> {
    let title =
        |step: &runbook::RunbookStep| step.title.as_ref().map(|title| title.raw().to_owned());
    steps_of(document).iter().map(title).collect()
}

#[test]
fn a_comment_above_or_behind_is_the_title_else_what_leads_to_the_fence() {
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        titles("```sh\n# One\n# more\nls\npwd\n\ndate # now\n```\n"),
        [some("One more"), some("One more"), some("now")]
    );
    assert_eq!(
        titles("Look at it:\n\n```sh\nls\n```\n"),
        [some("Look at it:")]
    );
    assert_eq!(titles("# Head\n\n```sh\nls\n```\n"), [None]);
    assert_eq!(
        titles("1. Do this\n\n   ```sh\n   ls\n   ```\n"),
        [some("Do this")]
    );
}

#[test]
fn prompts_are_taken_off_and_answers_left_out() {
    for (fence, expected) in [
        ("$ ls\na b\n$ pwd\n/", &["ls", "pwd"][..]),
        ("user@host:~$ ls -l\ntotal 0", &["ls -l"]),
        ("[root@node ~]# df -h\n/dev/sda1 10G", &["df -h"]),
        (
            "sh-5.1# cat /etc/hosts\n127.0.0.1 localhost",
            &["cat /etc/hosts"],
        ),
        (
            "# kubectl get nodes\nNAME   STATUS   AGE\nn1     Ready    2d",
            &["kubectl get nodes"],
        ),
        ("> curl -s http://a.test", &["curl -s http://a.test"]),
        ("$ ls \\\n>   -l\nx", &["ls \\\n  -l"]),
        (
            "$ git clone http://a.test/x\ncd x\nkubectl apply -f a.yaml\nkubectl get pods",
            &[
                "git clone http://a.test/x",
                "cd x",
                "kubectl apply -f a.yaml",
                "kubectl get pods",
            ],
        ),
        ("$ ps\nPID  CMD\ndocker 12 ?", &["ps"]),
        ("$ find .\n./bases\n./bases/x.yaml", &["find ."]),
        ("/dev/sda1 on / (rw)", &[]),
        ("% kubectl get pods", &["kubectl get pods"]),
        ("mysql> show slave status;", &["show slave status;"]),
        ("postgres=# select 1;", &["select 1;"]),
        (
            "kubectl get pods\nNAME    READY   STATUS\nweb-0   1/1     Running",
            &["kubectl get pods"],
        ),
        ("deployment.apps/web scaled", &[]),
        ("The pod restarts by itself.", &[]),
        ("{\"status\":\"ok\"}", &[]),
        ("kind Ingress: Internal error occurred", &[]),
        ("level=info msg=\"all is well\"", &[]),
    ] {
        for language in ["", "console", "bash"] {
            let found = texts(&format!("```{language}\n{fence}\n```\n"));
            assert_eq!(found, expected, "{language}: {fence}");
        }
    }
}

#[test]
fn a_line_behind_the_prompt_of_another_host_says_so() {
    let steps =
        steps_of("```console\n$ oc debug node/<node>\nsh-5.1# chroot /host\nmac$ ls -l\n```\n");
    let at: Vec<Option<&str>> = steps
        .iter()
        .map(|step| step.typed_at.as_ref().map(text::Outside::raw))
        .collect();
    assert_eq!(at, [None, Some("sh-5.1#"), Some("mac$")]);
}

#[test]
fn only_languages_of_commands_are_read() {
    for language in ["yaml", "json", "go", "python", "mermaid", "env", "diff"] {
        let document = format!("```{language}\n- x: 1\nkubectl get pods\n```\n");
        assert_eq!(texts(&document), [] as [&str; 0], "{language}");
    }
    for info in [
        "bash",
        "Bash",
        "sh {name=x}",
        "shell,linenos",
        "console copy",
        "zsh",
        "!bash",
        "8sh",
        "yaml",
    ] {
        assert_eq!(
            texts(&format!("```{info}\nkubectl get pods\n```\n")),
            ["kubectl get pods"],
            "{info}"
        );
    }
    assert_eq!(texts("    kubectl get pods\n"), ["kubectl get pods"]);
    assert_eq!(texts("~~~sh\nls\n~~~\n"), ["ls"]);
}

#[test]
fn statements_and_queries_are_steps_in_their_own_fences_and_in_those_of_a_shell() {
    let steps = steps_of(
        "```sql\n-- Locks\nSELECT 1;\nDELETE FROM t\nWHERE id = <id>;\n```\n```promql\nsum(rate(x[5m])) by (pod)\n```\n```bash\nSELECT 2;\nsum by (pod) (rate(x[5m]))\n```\n",
    );
    let classes: Vec<StepClass> = steps.iter().map(|step| step.class).collect();
    assert_eq!(
        classes,
        [
            StepClass::Sql,
            StepClass::Sql,
            StepClass::Query,
            StepClass::Sql,
            StepClass::Query
        ]
    );
    assert_eq!(steps[0].title.as_ref().unwrap().raw(), "Locks");
    assert_eq!(steps[1].placeholders[0].key, "id");
    assert_eq!((steps[1].lines.first, steps[1].lines.last), (4, 5));
}

#[test]
fn lines_are_those_of_the_document() {
    let document = "# A\n\ntext\n\n- item\n\n  ```sh\n  ls\n\n  kubectl get \\\n    pods\n  ```\n\n> ```\n> $ date\n> ```\n";
    let lines: Vec<(usize, usize)> = steps_of(document)
        .iter()
        .map(|step| (step.lines.first, step.lines.last))
        .collect();
    assert_eq!(lines, [(8, 8), (10, 11), (15, 15)]);
    let windows = document.replace('\n', "\r\n");
    let of_windows: Vec<(usize, usize)> = steps_of(&windows)
        .iter()
        .map(|step| (step.lines.first, step.lines.last))
        .collect();
    assert_eq!(of_windows, lines);
}

#[test]
fn items_without_commands_are_done_by_hand() {
    let steps = steps_of(
        "1. Page the owner\n2. Read it: `kubectl get pods`\n3. [Contents](#x)\n\n- [ ] Ask\n- [x] Told\n- no step\n",
    );
    let found: Vec<(&str, StepClass)> = steps
        .iter()
        .map(|step| (step.text.raw(), step.class))
        .collect();
    assert_eq!(
        found,
        [
            ("Page the owner", StepClass::Prose),
            ("kubectl get pods", StepClass::Kubectl),
            ("Contents", StepClass::Prose),
            ("Ask", StepClass::Prose),
            ("Told", StepClass::Prose)
        ]
    );
    assert!(steps_of("1. [A](#a)\n2. [B](#b)\n").is_empty());
}
