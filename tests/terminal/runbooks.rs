//! `watchfloor runbook`, run as a person runs it: what it prints, what it leaves out, and how it ends.

use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;
use watchfloor::runbooks::folder;

use crate::shell::Home;

const DOCUMENT: &str = "\
---
title: Checkout fails
match:
  alertname: CheckoutDown
  namespace: \"*\"
inputs:
  - name: replicas
    prompt: How many?
---
# Checkout

See [the other](other.md), `x` and [the top](#checkout).

- [ ] Tell the team, in so many words that the line is longer than eighty columns of a page
  1. nested

```sh
# Who is sick
kubectl get pods -n <namespace> | grep -v Running
kubectl scale deployment/checkout -n <namespace> --replicas=<replicas>
./mend.sh && kubectl logs <pod>
```

> A word
> of warning

| kind | n |
|:-----|--:|
| pods | 12 |
";

fn folder_with(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    folder
}

fn path(folder: &TempDir) -> &str {
    folder.path().to_str().unwrap()
}

/// What it prints, with the folder as `/F`, and its exit code. Nothing of it may be obeyed by a terminal.
fn run(home: &Home, folder: &TempDir, arguments: &[&str]) -> (String, i32) {
    let output = home.run(&[&["runbook"], arguments].concat());
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8(text).unwrap().replace(path(folder), "/F");
    for line in text.lines() {
        assert_eq!(text::SafeText::whole(line).as_str(), line, "{arguments:?}");
    }
    (text, output.status.code().unwrap())
}

#[test]
fn a_document_is_shown_as_text_with_its_steps_numbered() {
    let folder = folder_with(&[("checkout.md", DOCUMENT.as_bytes())]);
    let file = format!("{}/checkout.md", path(&folder));
    let (text, code) = run(&Home::new(), &folder, &["show", &file]);
    let expected = "\
title: Checkout fails
fits: alertname CheckoutDown
fits: namespace *
asks for: replicas How many?

# Checkout

See the other <other.md>, `x` and the top <#checkout>.

- [ ] Tell the team, in so many words that the line is longer than eighty
      columns of a page
        [1] by hand
      1. nested
           [2] by hand

    # Who is sick
    kubectl get pods -n <namespace> | grep -v Running
      [3] kubectl, read: get pods in <namespace> | lines without Running
          values: <namespace> of the label
    kubectl scale deployment/checkout -n <namespace> --replicas=<replicas>
      [4] kubectl, scale: scale deployments/checkout to <replicas> in
          <namespace>
          values: <namespace> of the label; <replicas> asked for
    ./mend.sh && kubectl logs <pod>
      [5] kubectl, unknown
          first ./mend.sh
          if done logs of pods <pod>
          as a guarded process: mend.sh has no native action
          values: <pod> open

> A word of warning

kind |  n
-----|---
pods | 12
";
    assert_eq!((text.as_str(), code), (expected, 0), "\n{text}");
}

#[test]
fn what_should_be_mended_is_listed_with_its_line_and_counted() {
    let folder = folder_with(&[("checkout.md", DOCUMENT.as_bytes())]);
    let home = Home::new();
    let (text, code) = run(&home, &folder, &["lint", path(&folder)]);
    let expected = "\
/F/checkout.md:12: the link leads to other.md, which is not there
/F/checkout.md:21: nothing in the document gives a value to pod
1 document, 5 steps: 3 kubectl, 2 prose
done: 2 by the console, 1 as a guarded process, 2 by hand
3 steps with values to fill in, 2 of them given by the document
3 of 3 commands are bound once their values are known
refused, or not by the console:
     1  mend.sh has no native action
2 findings
";
    assert_eq!((text.as_str(), code), (expected, 1), "\n{text}");
    std::fs::write(folder.path().join("other.md"), "# Other\n").unwrap();
    std::fs::create_dir(folder.path().join("sub")).unwrap();
    let mended = DOCUMENT.replace("<pod>", "<namespace>");
    std::fs::write(folder.path().join("checkout.md"), mended).unwrap();
    assert_eq!(run(&home, &folder, &["lint", path(&folder)]).1, 0);
}

#[test]
fn links_are_looked_for_as_sites_and_repositories_write_them() {
    let links = "[a](b) [c](/docs/d.md) [e](f/) [g](h.html) [i](with%20blank.md) [j](/none.md) [k](../up.md)\n";
    let folder = folder_with(&[
        ("docs/a.md", links.as_bytes()),
        ("docs/b.md", b""),
        ("docs/d.md", b""),
        ("docs/f/README.md", b""),
        ("docs/h.md", b""),
        ("docs/with blank.md", b""),
    ]);
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    let file = format!("{}/docs/a.md", path(&folder));
    let (text, _) = run(&Home::new(), &folder, &["lint", &file]);
    let dead: Vec<&str> = text
        .lines()
        .filter(|line| line.contains("leads to"))
        .collect();
    assert_eq!(dead.len(), 2, "{text}");
    assert!(
        dead[0].contains("/none.md") && dead[1].contains("../up.md"),
        "{text}"
    );
}

#[test]
fn the_check_for_programs_is_json() {
    let folder = folder_with(&[
        ("checkout.md", DOCUMENT.as_bytes()),
        (
            "bad.md",
            "# \u{9b}31m\u{202e}\n```sh\necho \"\u{7f}\n```\n".as_bytes(),
        ),
    ]);
    let (text, code) = run(
        &Home::new(),
        &folder,
        &["lint", "--json", path(&folder), "/F/none.md"],
    );
    assert_eq!(code, 2);
    let report: Value = serde_json::from_str(&text).unwrap();
    let documents = report["documents"].as_array().unwrap();
    assert_eq!(documents.len(), 2);
    assert_eq!(documents[0]["title"], "\u{9b}31m\u{202e}");
    let finding = &documents[1]["findings"][1];
    assert_eq!(finding["kind"], "unbound");
    assert_eq!(finding["first_line"], 21);
    assert_eq!(finding["placeholders"], serde_json::json!(["pod"]));
    assert_eq!(report["total"]["by_runner"]["console"], 2);
    assert_eq!(report["total"]["given"], 2);
    assert_eq!(report["total"]["bound"], 3);
    assert_eq!(report["unread"][0]["path"], "/F/none.md");
}

#[test]
fn a_folder_is_listed_and_what_fits_an_alert_is_named_with_the_reason() {
    let folder = folder_with(&[
        ("a/CheckoutDown.md", b"# By name\n"),
        ("checkout.md", DOCUMENT.as_bytes()),
    ]);
    let home = Home::new();
    let (text, code) = run(&home, &folder, &["list", path(&folder)]);
    let expected = "\
/F: 2 documents
  a/CheckoutDown.md  By name           0 steps
  checkout.md        Checkout fails    5 steps  alertname=CheckoutDown namespace=*
";
    assert_eq!((text.as_str(), code), (expected, 0), "\n{text}");
    let asked = [
        "list",
        path(&folder),
        "--alert",
        "CheckoutDown",
        "--label",
        "namespace=shop",
    ];
    let (text, code) = run(&home, &folder, &asked);
    let expected = "\
/F/a/CheckoutDown.md: its file name is the alert's
/F/checkout.md: labels match: alertname, namespace
";
    assert_eq!((text.as_str(), code), (expected, 0), "\n{text}");
    let asked = [
        "list",
        path(&folder),
        "--alert",
        "Other",
        "--runbook-url",
        "https://x.example/y",
    ];
    let (text, code) = run(&home, &folder, &asked);
    let expected = "\
none of 2 documents in /F fits. Looked for:
  a file named Other.md, in any spelling
  a file named as https://x.example/y ends
  front matter that matches alertname
";
    assert_eq!((text.as_str(), code), (expected, 1), "\n{text}");
}

#[test]
fn the_folders_and_addresses_of_the_configuration_are_used() {
    let folder = folder_with(&[
        ("books/db/pool.md", b"# Pool\n"),
        (
            "config.toml",
            b"[runbooks]\nfolders = ['books']\nurls = [{ from = 'https://wiki.example/o/', to = 'db' }]\n",
        ),
    ]);
    let config = format!("{}/config.toml", path(&folder));
    let home = Home::new();
    let with = |arguments: &[&str]| {
        run(
            &home,
            &folder,
            &[arguments, &["--config", &config]].concat(),
        )
    };
    assert_eq!(
        with(&["list"]).0,
        "/F/books: 1 document\n  db/pool.md  Pool    0 steps\n"
    );
    let (text, _) = with(&["list", "--runbook-url", "https://wiki.example/o/pool#top"]);
    assert_eq!(
        text,
        "/F/books/db/pool.md#top: named by the alert's runbook_url\n"
    );
    assert_eq!(with(&["show", "db/pool.md"]), ("# Pool\n".to_owned(), 0));
    assert_eq!(with(&["lint"]).1, 0);
    let (text, code) = with(&["show", "none.md"]);
    assert!(
        text.contains("none.md is not there, nor below /F/books") && code == 2,
        "{text}"
    );
    for arguments in [&["list"][..], &["lint"]] {
        let (text, code) = run(&home, &folder, arguments);
        assert!(
            text.contains("set folders in [runbooks]") && code == 2,
            "{text}"
        );
    }
    let (text, code) = run(&home, &folder, &["show", path(&folder)]);
    assert!(text.contains("is a folder") && code == 2, "{text}");
}

#[test]
fn a_walk_ends_and_says_what_it_left_out() {
    let folder = folder_with(&[
        ("a.md", b"# A\n"),
        ("B.MARKDOWN", b"# B\n"),
        ("notes.txt", b"no\n"),
        (".hidden/x.md", b"no\n"),
        (".x.md", b"no\n"),
        ("..data/mounted.md", b"# As a ConfigMap is mounted\n"),
    ]);
    let root = folder.path();
    symlink(root.join("..data/mounted.md"), root.join("mounted.md")).unwrap();
    symlink(root, root.join("loop")).unwrap();
    symlink("nowhere", root.join("dangling.md")).unwrap();
    let deep = format!("deep/{}", "d/".repeat(folder::DEPTH_MAX));
    std::fs::create_dir_all(root.join(&deep)).unwrap();
    std::fs::write(root.join(&deep).join("deep.md"), "").unwrap();
    let large = std::fs::File::create(root.join("large.md")).unwrap();
    large.set_len(folder::FILE_BYTES_MAX + 1).unwrap();
    let pipe = std::process::Command::new("mkfifo")
        .arg(root.join("pipe.md"))
        .status()
        .unwrap();
    assert!(pipe.success());
    let hostile = std::ffi::OsStr::from_bytes(b"\xff\x1b[31m.md");
    std::fs::write(root.join(hostile), "# Hostile\n").unwrap();

    let walk = folder::walk(root);
    let names: Vec<&str> = walk.documents.iter().map(|file| file.name.raw()).collect();
    assert_eq!(names[..3], ["B.MARKDOWN", "a.md", "mounted.md"]);
    assert_eq!(names.len(), 4);
    assert_eq!(walk.documents[3].name.raw_bytes(), &b"\xff\x1b[31m.md"[..]);
    let unread: Vec<String> = walk
        .unread
        .iter()
        .map(|one| {
            format!(
                "{}: {}",
                Path::new(one.path.raw()).file_name().unwrap().display(),
                one.why
            )
        })
        .collect();
    assert!(unread[0].starts_with("dangling.md: "), "{unread:?}");
    assert_eq!(
        unread[1..],
        [
            format!(
                "d: more than {} folders in each other: not looked into",
                folder::DEPTH_MAX
            ),
            "large.md: it is larger than 16 MiB".to_owned(),
            "pipe.md: it is no file".to_owned(),
        ]
    );
    let home = Home::new();
    let (text, code) = run(&home, &folder, &["list", path(&folder)]);
    assert!(
        text.contains("/F: 4 documents") && text.contains("pipe.md: it is no file"),
        "{text}"
    );
    assert_eq!(code, 2);
    assert_eq!(run(&home, &folder, &["lint", path(&folder)]).1, 2);
}

#[test]
fn what_cannot_be_read_is_named_and_ends_with_2() {
    let folder = folder_with(&[("empty/x.txt", b"")]);
    let home = Home::new();
    for (place, said) in [
        ("/F/none", "No such file"),
        ("/F/empty", "there is no Markdown document in it"),
    ] {
        let place = place.replace("/F", path(&folder));
        let (text, code) = run(&home, &folder, &["lint", &place]);
        assert!(text.contains(said) && code == 2, "{text}");
    }
    let (text, code) = run(&home, &folder, &["list", "/nowhere"]);
    assert!(
        text.contains("/nowhere: No such file") && code == 2,
        "{text}"
    );
}

#[test]
fn more_documents_than_are_read_are_said() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..=folder::DOCUMENTS_MAX {
        std::fs::write(folder.path().join(format!("{number:05}.md")), "").unwrap();
    }
    let walk = folder::walk(folder.path());
    assert_eq!(walk.documents.len(), folder::DOCUMENTS_MAX);
    assert_eq!(walk.unread.len(), 1);
    assert!(walk.unread[0].why.contains("more than 2000 documents"));
    let sparse = tempfile::tempdir().unwrap();
    for number in 0..5 {
        let file = std::fs::File::create(sparse.path().join(format!("{number}.md"))).unwrap();
        file.set_len(folder::FILE_BYTES_MAX).unwrap();
    }
    let walk = folder::walk(sparse.path());
    assert_eq!(walk.documents.len(), 4);
    assert!(
        walk.unread[0].why.contains("more than 64 MiB"),
        "{:?}",
        walk.unread
    );
}

#[test]
fn hostile_documents_are_shown_without_a_byte_that_a_terminal_obeys() {
    let controls: String = (0..0xa0_u32)
        .chain([0x202e, 0x200b, 0xfeff])
        .filter_map(char::from_u32)
        .collect();
    let texts = [
        format!(
            "# {controls}\n\n{controls} [a]({controls})\n\n- {controls}\n\n```sh\nkubectl get {controls}\n```\n"
        ),
        format!("|{controls}|b|\n|---|---|\n|x|\u{1b}[31m|\n\n<script>\u{1b}]0;x\u{7}</script>\n"),
        format!(
            "---\ntitle: \"{}\"\n---\n\n~~~\n\u{1b}[2J\t<pod>\n~~~\n",
            "\\e[31m\\u202e"
        ),
        "\u{1b}[31m".repeat(3_000),
        format!("{}x\n", "> - ".repeat(400)),
    ];
    let home = Home::new();
    for (at, text) in texts.iter().enumerate() {
        let folder = folder_with(&[
            ("\u{1b}[31mx.md", text.as_bytes()),
            ("y.md", text.as_bytes()),
        ]);
        let file = format!("{}/y.md", path(&folder));
        for arguments in [
            &["show", &file][..],
            &["lint", path(&folder)],
            &["list", path(&folder)],
        ] {
            let (shown, code) = run(&home, &folder, arguments);
            assert!(code < 2, "{at} {arguments:?}: {shown}");
        }
    }
}
