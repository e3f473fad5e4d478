//! Documents of any bytes and any size: bounded, never a panic, nothing that a terminal would obey.

use proptest::prelude::*;
use runbook::{
    Block, BlockKind, DEPTH_MAX, DOCUMENT_BYTES_MAX, LINE_BYTES_MAX, Runbook, RunbookFault,
    STEPS_MAX, StepBody, StepFault, StepRunner, lint, local_links, parse,
};
use text::SafeText;

use crate::listing::steps_of;

fn faults(runbook: &Runbook) -> Vec<&RunbookFault> {
    runbook
        .problems
        .iter()
        .map(|problem| &problem.fault)
        .collect()
}

fn depth(blocks: &[Block]) -> usize {
    let of = |block: &Block| match &block.kind {
        BlockKind::Quote(inner) => 1 + depth(inner),
        BlockKind::List { items, .. } => {
            1 + items
                .iter()
                .map(|item| depth(&item.blocks))
                .max()
                .unwrap_or(0)
        }
        _ => 0,
    };
    blocks.iter().map(of).max().unwrap_or(0)
}

#[test]
fn a_document_that_is_too_long_is_read_as_far_as_the_limit() {
    let line = "kubectl get pods and some text of no meaning\n\n";
    let document = line.repeat(10 * 1024 * 1024 / line.len());
    let runbook = parse(document.as_bytes());
    let left_out_bytes = document.len() - DOCUMENT_BYTES_MAX;
    assert_eq!(
        faults(&runbook),
        [&RunbookFault::TooLong { left_out_bytes }]
    );
}

#[test]
fn more_steps_than_anybody_walks_are_left_out_and_said() {
    let runbook = parse(format!("```sh\n{}```\n", "ls -l\n".repeat(STEPS_MAX + 50)).as_bytes());
    assert_eq!(runbook.steps.len(), STEPS_MAX);
    assert_eq!(faults(&runbook), [&RunbookFault::TooManySteps]);
}

#[test]
fn what_is_nested_too_deep_is_flattened_and_said() {
    let quotes = format!("{} a\n", ">".repeat(1_000));
    let steps: Vec<String> = (0..1_000)
        .map(|level| format!("{}- a\n", "  ".repeat(level)))
        .collect();
    let steps = steps.concat();
    let emphasis = format!("{}a{}\n", "*a **b ".repeat(5_000), "** *".repeat(5_000));
    let brackets = format!("{}a{}\n", "[".repeat(50_000), "](x)".repeat(5_000));
    for document in [&quotes, &steps, &emphasis, &brackets] {
        let runbook = parse(document.as_bytes());
        assert!(depth(&runbook.blocks) <= DEPTH_MAX, "{}", &document[..40]);
    }
    assert_eq!(faults(&parse(quotes.as_bytes())), [&RunbookFault::TooDeep]);
    assert_eq!(faults(&parse(steps.as_bytes())), [&RunbookFault::TooDeep]);
}

#[test]
fn a_line_that_is_too_long_is_cut_and_said_where() {
    let runbook = parse(format!("# A\n\n{}\n\nend\n", "é".repeat(LINE_BYTES_MAX)).as_bytes());
    assert_eq!(faults(&runbook), [&RunbookFault::LineTooLong]);
    assert_eq!(runbook.problems[0].lines.first, 3);
    assert_eq!(runbook.blocks.len(), 3);
}

#[test]
fn rulers_and_frames_of_tables_are_not_nested() {
    let frame = format!(" {}+{} ", "-".repeat(70), "-".repeat(70));
    for line in [
        &frame,
        &"-".repeat(200),
        &"* ".repeat(100),
        &format!("{}x", "*".repeat(100)),
        &format!("+{}+", "-".repeat(100)),
    ] {
        let runbook = parse(format!("```\n{line}\n```\n").as_bytes());
        assert_eq!(runbook.problems, [], "{line}");
        let BlockKind::Code(code) = &runbook.blocks[0].kind else {
            panic!("{runbook:?}");
        };
        assert_eq!(code.text.raw().trim_end(), line.trim_end());
    }
}

#[test]
fn substitutions_in_each_other_are_bounded() {
    let line = format!("ls {}x{}", "$(echo ".repeat(500), ")".repeat(500));
    let steps = steps_of(&format!("```sh\n{line}\n```\n"));
    assert_eq!(steps[0].runner(), StepRunner::Nobody);
    for open in [
        "(",
        "{ ",
        "$(",
        "`",
        "\"$(",
        "${",
        "$((",
        "if true; then ",
        "'",
        "<<A ",
    ] {
        parse(format!("```sh\nls {}\n```\n", open.repeat(2_000)).as_bytes());
        parse(format!("```sh\n{}\n```\n", format!("{open}\n").repeat(2_000)).as_bytes());
    }
}

/// What is longer than a command is not searched for placeholders: signs that open and never close would take hours.
#[test]
fn what_is_longer_than_a_command_is_refused_unread() {
    let long = "[".repeat(200_000);
    for language in ["sql", "promql"] {
        let lines = "[[[[[[\n".repeat(20_000);
        for body in [&long, &lines] {
            let steps = steps_of(&format!("```{language}\nSELECT {body}\n```\n"));
            let StepBody::Refused(fault) = &steps[0].body else {
                panic!("{language}: it is read");
            };
            assert_eq!(*fault, StepFault::TooLong);
        }
    }
    assert_eq!(
        steps_of(&format!("`kubectl get {}`\n", "[ ".repeat(30_000))),
        []
    );
}

#[test]
fn signs_that_open_and_never_close_are_read() {
    for sign in [
        "[", "{{", "{", "<a", "$(", "${", "`a", "'", "\"", "<b ", "a[b](", "*", "&lt",
    ] {
        let long = sign.repeat(20_000 / sign.len());
        let lines = format!("{}\n", sign.repeat(20)).repeat(50);
        for body in [&long, &lines] {
            for start in [
                "```sql\nSELECT 1, ",
                "```sh\nls ",
                "```\n$ ls ",
                "",
                "`kubectl get ",
                "| a |\n|---|\n| ",
            ] {
                parse(format!("{start}{body}").as_bytes());
            }
        }
    }
}

#[test]
fn bytes_that_are_no_text_are_said() {
    assert_eq!(
        faults(&parse(b"\x7fELF\0\x01\x02")),
        [&RunbookFault::Binary]
    );
    let latin = parse(b"caf\xe9\n");
    assert_eq!(faults(&latin), [&RunbookFault::NotUtf8]);
    let utf16: Vec<u8> = "\u{feff}# A\n\n```sh\nls -l\n```\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let runbook = parse(&utf16);
    assert_eq!(faults(&runbook), [&RunbookFault::Utf16]);
    assert_eq!(runbook.steps[0].text.raw(), "ls -l");
    let big: Vec<u8> = "\u{feff}# B\n"
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    assert_eq!(parse(&big).title.unwrap().raw(), "B");
    assert_eq!(parse("\u{feff}# C\n".as_bytes()).title.unwrap().raw(), "C");
    assert_eq!(parse(b"").blocks, []);
}

#[test]
fn a_command_with_characters_that_do_not_show_is_refused() {
    for hidden in [
        "\u{1b}[2J",
        "\u{202e}",
        "\u{200b}",
        "\u{9b}31m",
        "\u{7}",
        "\u{e0041}",
        "a\rb",
    ] {
        let steps = steps_of(&format!("```sh\nkubectl get pods {hidden}x\n```\n"));
        let StepBody::Refused(fault) = &steps[0].body else {
            panic!("{hidden:?}: {steps:?}")
        };
        assert_eq!(*fault, StepFault::HiddenCharacters, "{hidden:?}");
    }
    let steps = steps_of("```sh\nkubectl get\u{a0}pods\n```\n");
    assert_eq!(steps[0].runner(), StepRunner::Console);
}

/// Everything that the parser says of a document, through the doors that a console would use.
fn everything(runbook: &Runbook) -> Vec<String> {
    let mut said = Vec::new();
    for step in &runbook.steps {
        said.extend(step.commands().iter().map(runbook::StepCommand::words));
        said.extend(step.reason());
        said.extend(
            step.title
                .iter()
                .chain(&step.path)
                .map(|text| text.raw().to_owned()),
        );
    }
    said.extend(
        runbook
            .problems
            .iter()
            .map(|problem| problem.fault.to_string()),
    );
    said.extend(lint(runbook).iter().map(|finding| format!("{finding:?}")));
    said.extend(
        local_links(runbook)
            .iter()
            .map(|link| link.path.raw().to_owned()),
    );
    said
}

fn check(bytes: &[u8]) {
    let runbook = parse(bytes);
    assert!(depth(&runbook.blocks) <= DEPTH_MAX);
    for text in everything(&runbook) {
        let safe = SafeText::whole(&text);
        assert!(!safe.as_str().chars().any(char::is_control), "{text:?}");
    }
    for step in &runbook.steps {
        assert!(
            step.lines.first >= 1
                && step.lines.last >= step.lines.first
                && step.lines.last <= runbook.line_count.max(1),
            "{:?} of {}",
            step.lines,
            runbook.line_count
        );
        for place in step.placeholders.iter().flat_map(|one| &one.places) {
            assert!(
                step.text.raw().get(place.bytes.clone()).is_some(),
                "{place:?} in {:?}",
                step.text
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        check(&bytes);
    }

    #[test]
    fn any_pieces_of_documents_are_read(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        check(pieces.concat().as_bytes());
    }

    #[test]
    fn any_pieces_of_a_command_are_read(pieces in prop::collection::vec(prop::sample::select(WORDS), 0..25)) {
        check(format!("```bash\nkubectl {}\n```\n", pieces.concat()).as_bytes());
    }
}

const PIECES: &[&str] = &[
    "# ",
    "\n",
    "\n\n",
    "- ",
    "1. ",
    "> ",
    "```",
    "```bash\n",
    "~~~",
    "    ",
    "|",
    "|---|",
    "[a](",
    ")",
    "<b>",
    "<!--",
    "-->",
    "`",
    "**",
    "_",
    "kubectl get pods",
    "$ ",
    "<pod>",
    "---\n",
    "title: x\n",
    "\u{1b}[2J",
    "\r\n",
    "\t",
    "\\",
    "\u{202e}",
    "é",
    "- [ ] ",
    "![",
    "&amp;",
    "SELECT 1;",
    "{{ x }}",
    "$NS",
    "http://a.test",
    "\u{0}",
    "<script>",
    "[^1]",
    "==",
    "***",
];

const WORDS: &[&str] = &[
    " ",
    "logs",
    "get",
    "exec",
    "-n",
    "-it",
    "--",
    "-f",
    "=",
    "<pod>",
    "<",
    ">",
    "'",
    "\"",
    "\\",
    "$",
    "${",
    "}",
    "$(",
    ")",
    "(",
    "`",
    "|",
    "&&",
    ";",
    "\n",
    "#",
    "[x]",
    "{x}",
    "{{x}}",
    "pod-name",
    "<<EOF",
    "EOF",
    "é",
    "\t",
    "/",
    ",",
    ":",
    "for i in a",
    "do",
    "done",
    "if",
    "then",
    "fi",
    "[[",
    "]]",
    "case x in",
    "esac",
    "2>&1",
    "$1",
    "POD_NAME",
    "--tail=",
    "5",
];
