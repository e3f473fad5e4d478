//! The kinds of cases of the specification of Markdown and of GFM, as blocks: no HTML, no control character.

use runbook::{Block, BlockKind, ListItem, RunbookFault, TextSpan, parse, plain_text};

/// Blocks in one line: enough to compare.
fn shape(blocks: &[Block]) -> String {
    let all: Vec<String> = blocks.iter().map(|block| one(&block.kind)).collect();
    all.join(" ")
}

fn one(kind: &BlockKind) -> String {
    match kind {
        BlockKind::Heading {
            level,
            anchor,
            spans,
        } => format!("h{level}#{anchor}({})", spans_of(spans)),
        BlockKind::Paragraph(spans) => format!("p({})", spans_of(spans)),
        BlockKind::List {
            first_number,
            items,
        } => {
            let mark = first_number.map_or("ul".into(), |number| format!("ol{number}"));
            let items: Vec<String> = items.iter().map(item).collect();
            format!("{mark}[{}]", items.join(" | "))
        }
        BlockKind::Code(code) => format!(
            "code:{}({})",
            code.language.raw(),
            code.text.raw().replace('\n', "/")
        ),
        BlockKind::Table {
            columns,
            head,
            rows,
        } => format!(
            "table{}({};{})",
            columns.len(),
            cells(head),
            rows.iter()
                .map(|row| cells(row))
                .collect::<Vec<_>>()
                .join(";")
        ),
        BlockKind::Quote(inner) => format!("quote({})", shape(inner)),
        BlockKind::Rule => "rule".into(),
    }
}

fn item(item: &ListItem) -> String {
    let tick = item
        .ticked
        .map_or("", |ticked| if ticked { "x " } else { "o " });
    format!("{tick}{}", shape(&item.blocks))
}

fn cells(row: &[Vec<TextSpan>]) -> String {
    row.iter()
        .map(|cell| spans_of(cell))
        .collect::<Vec<_>>()
        .join(",")
}

fn spans_of(spans: &[TextSpan]) -> String {
    let of = |span: &TextSpan| {
        let mut text = span.text.raw().replace('\n', "/");
        for (is_set, mark) in [
            (span.style.is_strong, "*"),
            (span.style.is_emphasis, "_"),
            (span.style.is_struck, "~"),
            (span.style.is_code, "`"),
            (span.style.is_image, "!"),
        ] {
            if is_set {
                text = format!("{mark}{text}{mark}");
            }
        }
        match &span.link {
            Some(link) => format!("{text}<{}>", link.raw()),
            None => text,
        }
    };
    spans.iter().map(of).collect()
}

#[test]
fn blocks_of_every_kind() {
    for (text, expected) in [
        (
            "# A b!\n\n# A b!\n\nC & D\n---\n",
            "h1#a-b(A b!) h1#a-b-1(A b!) h2#c--d(C & D)",
        ),
        ("####### no heading", "p(####### no heading)"),
        ("a\nb  \nc\\\nd", "p(a b/c/d)"),
        ("***\n- - -\n", "rule rule"),
        ("> a\n>> b\n", "quote(p(a) quote(p(b)))"),
        ("- a\n- b\n\n  c\n", "ul[p(a) | p(b) p(c)]"),
        ("3) a\n4) b\n", "ol3[p(a) | p(b)]"),
        ("- [ ] a\n- [x] b\n", "ul[o p(a) | x p(b)]"),
        ("- a\n  - b\n    - c\n", "ul[p(a) ul[p(b) ul[p(c)]]]"),
        ("    code\n    more\n", "code:(code/more/)"),
        ("~~~ Rust x\nfn\n~~~\n", "code:rust(fn/)"),
        ("```\nnever closed", "code:(never closed)"),
        (
            "| a | b |\n|:--|--:|\n| `x\\|` | **y** |\n",
            "table2(a,b;`x|`,*y*)",
        ),
        ("| a |\n|---|\n| 1 |\n| 2 |\n", "table1(a;1;2)"),
        ("[a][x]\n\n[x]: /url \"t\"\n", "p(a</url>)"),
    ] {
        assert_eq!(shape(&parse(text.as_bytes()).blocks), expected, "{text}");
    }
}

#[test]
fn spans_of_every_kind() {
    for (text, expected) in [
        ("*a* **b** ***c*** ~~d~~ `e`", "p(_a_ *b* _*c*_ ~d~ `e`)"),
        (
            "[a](http://b.test) <http://c.test>",
            "p(a<http://b.test> http://c.test<http://c.test>)",
        ),
        ("![pic](x.png)", "p(!pic!<x.png>)"),
        ("[x](javascript:alert(1))", "p(x<javascript:alert(1)>)"),
        ("\\*a\\* &amp; &#35; &copy;", "p(*a* & # ©)"),
        ("`` a`b ``", "p(`a`b`)"),
        ("a*b_c", "p(a*b_c)"),
        (
            "$(id) `id` {{.x}} %s%n [red]",
            "p($(id) `id` {{.x}} %s%n [red])",
        ),
    ] {
        assert_eq!(shape(&parse(text.as_bytes()).blocks), expected, "{text}");
    }
}

#[test]
fn html_is_left_out_and_what_only_looks_like_it_stays() {
    for (text, expected) in [
        ("a <b>bold</b> c<br>d", "p(a bold c/d)"),
        ("<!-- hidden -->\n\nx <!-- y --> z", "p(x  z)"),
        ("<script>alert(1)</script>\n", ""),
        (
            "<details>\n<summary>More</summary>\n\ntext\n\n</details>\n",
            "p(More) p(text)",
        ),
        (
            "run kubectl logs <pod-name> now",
            "p(run kubectl logs <pod-name> now)",
        ),
        ("<a href=\"http://x\">t</a>", "p(t)"),
        ("<img src=x onerror=y>", ""),
        ("1 < 2 > 0", "p(1 < 2 > 0)"),
    ] {
        assert_eq!(shape(&parse(text.as_bytes()).blocks), expected, "{text}");
    }
}

#[test]
fn front_matter_is_read_and_is_no_text() {
    let runbook = parse(b"---\ntitle: T\nmatch: {alertname: [A, B], severity: critical}\nprerequisites:\n  - kubectl\nlast_verified: 2026-01-02\ninputs:\n  - name: ns\n    prompt: Which?\n    default: shop\n  - {name: token, secret: true}\nother: {a: [1, 2]}\n---\n# H\n");
    let matter = &runbook.front_matter;
    assert_eq!(runbook.title.as_ref().unwrap().raw(), "T");
    let labels: Vec<(&str, usize)> = matter
        .matches
        .iter()
        .map(|(label, values)| (label.raw(), values.len()))
        .collect();
    assert_eq!(labels, [("alertname", 2), ("severity", 1)]);
    assert_eq!(matter.last_verified.as_ref().unwrap().raw(), "2026-01-02");
    assert_eq!((matter.inputs.len(), matter.inputs[1].is_secret), (2, true));
    assert_eq!(shape(&runbook.blocks), "h1#h(H)");
    assert_eq!(runbook.problems, []);
}

#[test]
fn front_matter_that_is_wrong_is_said_and_the_document_is_read() {
    let wrong = parse(b"---\ntitle: [\n---\n# H\n");
    assert!(matches!(
        wrong.problems[0].fault,
        RunbookFault::FrontMatter(_)
    ));
    assert_eq!(shape(&wrong.blocks), "h1#h(H)");
    let open = parse(b"---\ntitle: T\n# H\n");
    assert_eq!(open.problems[0].fault, RunbookFault::FrontMatterOpen);
    let rule = parse(b"---\n\ntext\n");
    assert_eq!(
        (shape(&rule.blocks).as_str(), rule.problems.len()),
        ("rule p(text)", 0)
    );
}

#[test]
fn the_title_is_the_first_heading_where_nothing_else_says_it() {
    let runbook = parse(b"text\n\n## Head *line*\n");
    assert_eq!(runbook.title.unwrap().raw(), "Head line");
    assert_eq!(plain_text(&[]), "");
}
