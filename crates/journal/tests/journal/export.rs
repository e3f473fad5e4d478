//! What leaves the timeline: it tells the incident, and nothing in it is more than text.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use journal::command;
use journal::export::{self, Report};
use journal::store::directory::StateDir;
use journal::store::disk::{Disk, Identity};
use model::entry::{Actor, Command, Draft, Entry, EntryChange, EntryTarget, Evidence, Ids};
use model::incident;
use model::kind::{ActorKind, Kind};
use model::severity::{Scheme, Severity};
use pulldown_cmark::{Event, Options, Parser, Tag};
use text::Outside;

/// Bytes that obey nobody's terminal and nobody's Markdown reader.
const HOSTILE: &[&str] = &[
    "\u{1b}[31mX \u{1b}[2J \u{1b}[1;1H \u{1b}c \u{1b}[5i",
    "\u{1b}]0;pwn\u{7} \u{1b}[6n \u{1b}P$qm\u{1b}\\",
    "\u{1b}]52;c;cm0gLXJmIH4K\u{7}",
    "\u{1b}]8;;http://evil\u{1b}\\text\u{1b}]8;;\u{1b}\\",
    "\u{9b}31m \u{9d}0;x\u{9c}",
    "real error\rall good ok\u{8}\u{8}NO a\u{7f}b a\0b \u{b} \u{c} \u{e}",
    "\u{202e}gnp.exe\u{202c} \u{2066}x\u{2069} \u{200f} \u{61c}",
    "prod\u{200b} pr\u{ad}od \u{feff} \u{2060} \u{e0041} \u{3164} \u{115f} \u{440}rod",
    "[x](javascript:alert(1)) ![](http://tracker/x.png) <script>alert(1)</script> <!-- c --> <b>b</b> &lt;i&gt; &#60;",
    "<http://evil.example> <kate@evil.example> [ref]: http://evil.example\n\n[ref]: http://evil.example",
    "````\n```\n</details>\n# heading\n- item\n1. item\n> quote\n---\n|a|b|\n|-|-|\n    code",
    "[red] {{.x}} {{title}} %s%n $(id) `id` | pipe \\| \\\\ **bold** _em_ ~~s~~ trailing\\",
    "a``b`c | `` d",
];

fn at(offset_s: i64) -> DateTime<Utc> {
    "2026-03-01T03:24:10Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::seconds(offset_s)
}

fn entry(draft: Draft) -> Entry {
    Entry {
        recorded_at: draft.occurred_at,
        draft,
        writer: "w".into(),
        seq: 1,
        hash: Arc::from("0"),
    }
}

fn kate() -> Actor {
    Actor {
        user: Some("kate".into()),
        ..Actor::of(ActorKind::Human)
    }
}

fn draft(ids: &mut Ids, offset_s: i64, kind: Kind, title: &str) -> Draft {
    Draft::new(
        ids.next(at(offset_s)),
        at(offset_s),
        kate(),
        kind,
        title.into(),
    )
}

fn report(drafts: Vec<Draft>) -> Report {
    Report::new(
        "Journal of 2026-03-01".into(),
        drafts.into_iter().map(entry).collect(),
        0,
        at(3_600),
    )
}

/// The night of the bad deploy.
fn outage() -> Report {
    let mut ids = Ids::seeded(7);
    let opening = incident::opening(
        ids.next(at(0)),
        at(0),
        kate(),
        "checkout 5xx".into(),
        Scheme::default().level(1).unwrap(),
    );
    let id = Some(opening.id);
    let open = incident::Incident::opened_by(&opening).unwrap();
    let rollout = Draft {
        change: Some(EntryChange {
            before: Some("checkout:1.9.1".into()),
            after: Some("checkout:1.9.2".into()),
            diff: Some("-image: checkout:1.9.1\n+image: checkout:1.9.2".into()),
            revision_from: Some(41),
            revision_to: Some(42),
            asked: None,
        }),
        ..draft(&mut ids, 10, Kind::Rollout, "rollout checkout r42 seen")
    };
    let intent = Draft {
        command: Some(Command {
            typed: Some("kubectl -n shop scale deployment/checkout --replicas=6".into()),
            ..Command::default()
        }),
        ..draft(
            &mut ids,
            60,
            Kind::ActionIntent,
            "scale checkout 3 -> 6 in shop",
        )
    };
    let result = Draft {
        refers_to: Some(intent.id),
        ..draft(&mut ids, 61, Kind::ActionResult, "applied")
    };
    let lost = draft(&mut ids, 90, Kind::ActionIntent, "restart checkout in shop");
    let note = Draft {
        body: Some("the pool was exhausted\nsee https://grafana.example".into()),
        ..draft(&mut ids, 120, Kind::Note, "paged the database team")
    };
    let closing = incident::closing(ids.next(at(900)), at(900), kate(), &open, "rolled back");
    let filed = |draft: Draft| Draft {
        incident: id,
        ..draft
    };
    report(
        [opening, rollout, intent, result, lost, note, closing]
            .map(filed)
            .to_vec(),
    )
}

#[test]
fn the_bad_deploy_is_told() {
    insta::assert_snapshot!(export::markdown(&outage()));
}

/// An entry about an alert, as the console writes it.
fn alert(ids: &mut Ids, offset_s: i64, kind: Kind, origin: &str, title: &str) -> Draft {
    Draft {
        actor: Actor::of(ActorKind::Alertmanager),
        source: Some("alertmanager".into()),
        origin: Some(origin.into()),
        severity: (kind == Kind::AlertFired).then(|| Severity {
            scheme: "alertmanager".into(),
            name: "critical".into(),
            rank: 0,
        }),
        target: Some(EntryTarget {
            kind: Some("Alert".into()),
            name: title.split([' ', ':']).next().map(Outside::from),
            ..EntryTarget::default()
        }),
        ..draft(ids, offset_s, kind, title)
    }
}

#[test]
fn alerts_are_told_with_their_ends_and_their_silences() {
    let ids = &mut Ids::seeded(9);
    let (fired, over) = (Kind::AlertFired, Kind::AlertResolved);
    let report = report(vec![
        alert(ids, 0, fired, "fired/a/1", "Slow fires: p99 above 2 s"),
        alert(ids, 5, fired, "fired/b/2", "Down fires"),
        alert(ids, 9, fired, "fired/group/12/c/3", "Crash: 12 alerts fire"),
        alert(ids, 9, fired, "fired/group/30/d/3", "Full: 30 alerts fire"),
        alert(
            ids,
            20,
            Kind::AlertSilenced,
            "silenced/1",
            "Slow silenced until 04:00Z by kate: known",
        ),
        alert(ids, 65, over, "resolved/a/1", "Slow resolved after 1 min"),
        alert(
            ids,
            70,
            over,
            "resolved/group/11/c/3",
            "Crash: 11 alerts resolved",
        ),
        alert(ids, 99, over, "resolved/e/3", "Crash resolved after 1 min"),
        alert(
            ids,
            99,
            over,
            "resolved/group/29/d/3",
            "Full: 29 alerts resolved",
        ),
    ]);
    let markdown = export::markdown(&report);
    for row in [
        "- alerts fired: 44, resolved: 42, silences: 1",
        "| Slow fires: p99 above 2 s | critical | 2026-03-01 03:24:10Z | 2026-03-01 03:25:15Z | 0:01:05 |",
        "| Down fires | critical | 2026-03-01 03:24:15Z | not seen to end |  |",
        "| Crash: 12 alerts fire | critical | 2026-03-01 03:24:19Z | 2026-03-01 03:25:49Z | 0:01:30 |",
        "| Full: 30 alerts fire | critical | 2026-03-01 03:24:19Z | not seen to end |  |",
        "- 2026-03-01 03:24:30Z: Slow silenced until 04:00Z by kate: known",
    ] {
        assert!(markdown.contains(row), "{row}\n{markdown}");
    }
    let csv = export::csv(&report).unwrap();
    assert!(
        csv.contains(",critical,alert.fired,,alertmanager,Down fires,"),
        "{csv}"
    );
    assert!(
        csv.contains(",alert.resolved,,alertmanager,Slow resolved after 1 min,"),
        "{csv}"
    );
}

#[test]
fn json_loses_nothing() {
    let report = outage();
    let document: serde_json::Value =
        serde_json::from_str(&export::json(&report).unwrap()).unwrap();
    let entries: Vec<Entry> = serde_json::from_value(document["entries"].clone()).unwrap();
    assert_eq!(entries, report.entries);
    assert_eq!(document["incident"], report.entries[0].draft.id.to_string());
}

#[test]
fn json_loses_nothing_of_hostile_text() {
    for hostile in HOSTILE {
        let report = report(vec![everywhere(hostile)]);
        let document: serde_json::Value =
            serde_json::from_str(&export::json(&report).unwrap()).unwrap();
        assert_eq!(document["entries"][0]["title"].as_str().unwrap(), *hostile);
    }
}

#[test]
fn json_has_no_character_that_a_terminal_obeys() {
    let report = report(vec![everywhere(
        "a\u{9b}2J\u{202e}b\u{2066}\u{7f}\u{feff}\u{200b}c\u{1b}",
    )]);
    let json = export::json(&report).unwrap();
    let obeyed = json.chars().find(|character| {
        character.is_control() && *character != '\n'
            || ('\u{200b}'..='\u{206f}').contains(character)
            || *character == '\u{feff}'
    });
    assert_eq!(obeyed, None);
    assert!(json.contains("a\\u009b2J\\u202eb\\u2066\\u007f\\ufeff\\u200bc\\u001b"));
}

/// An entry with this text in every field that takes one.
fn everywhere(text: &str) -> Draft {
    let mut ids = Ids::seeded(1);
    let text: Outside = text.into();
    let some = || Some(text.clone());
    let actor = Actor {
        user: some(),
        host: some(),
        ssh_client: some(),
        sudo_user: some(),
        kube_user: some(),
        kind: ActorKind::Human,
    };
    let mut draft = Draft::new(ids.next(at(0)), at(0), actor, Kind::Note, text.clone());
    draft.body = some();
    draft.origin = some();
    draft.source = Some(text.raw().into());
    draft.severity = Some(Severity {
        scheme: text.raw().into(),
        name: text.raw().into(),
        rank: 0,
    });
    draft.target = Some(EntryTarget {
        context: some(),
        namespace: some(),
        kind: some(),
        name: some(),
        uid: some(),
        container: some(),
        image: some(),
        about: some(),
    });
    draft.change = Some(EntryChange {
        before: some(),
        after: some(),
        diff: some(),
        revision_from: None,
        revision_to: None,
        asked: None,
    });
    draft.command = Some(Command {
        typed: some(),
        verb: some(),
        dry_run: some(),
        exit: None,
        duration_ms: None,
    });
    draft.evidence = vec![Evidence {
        sort: text.raw().into(),
        query: text.clone(),
        from: None,
        until: None,
        sha256: Some(text.raw().into()),
        count: None,
    }];
    draft.tags = vec![text];
    draft
}

/// The same hostile entry as a note, an action with its result, a change, something to do, and an incident.
fn hostile_report(text: &str) -> Report {
    let mut ids = Ids::seeded(2);
    let kinds = [
        Kind::Note,
        Kind::ActionIntent,
        Kind::Rollout,
        Kind::Todo,
        Kind::ActionIntent,
        Kind::AlertFired,
        Kind::AlertSilenced,
        Kind::AlertResolved,
    ];
    let mut drafts: Vec<Draft> = kinds
        .iter()
        .map(|kind| Draft {
            id: ids.next(at(0)),
            kind: *kind,
            ..everywhere(text)
        })
        .collect();
    let answer = Draft {
        id: ids.next(at(1)),
        kind: Kind::ActionResult,
        refers_to: Some(drafts[1].id),
        ..everywhere(text)
    };
    let opening = incident::opening(
        ids.next(at(0)),
        at(0),
        kate(),
        text.into(),
        everywhere(text).severity.unwrap(),
    );
    let id = Some(opening.id);
    drafts.push(answer);
    drafts.insert(0, opening);
    report(
        drafts
            .into_iter()
            .map(|draft| Draft {
                incident: id,
                ..draft
            })
            .collect(),
    )
}

fn shape(markdown: &str) -> Vec<String> {
    let events = Parser::new_ext(
        markdown,
        Options::ENABLE_TABLES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_TASKLISTS,
    );
    let told = events.filter_map(|event| match event {
        Event::Html(html) | Event::InlineHtml(html) => Some(format!("html {html}")),
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
            Some(format!("link {dest_url}"))
        }
        Event::Start(Tag::CodeBlock(_)) => Some("code".to_owned()),
        Event::Start(tag) => Some(format!("{tag:?}")),
        Event::FootnoteReference(name) => Some(format!("footnote {name}")),
        Event::Rule => Some("rule".to_owned()),
        _ => None,
    });
    told.collect()
}

#[test]
fn hostile_text_in_every_field_makes_no_html_no_link_and_no_structure() {
    let plain = shape(&export::markdown(&hostile_report("plain")));
    for hostile in HOSTILE {
        let markdown = export::markdown(&hostile_report(hostile));
        assert_eq!(shape(&markdown), plain, "{hostile:?}\n{markdown}");
        let unseen = markdown
            .chars()
            .find(|character| character.is_control() && *character != '\n');
        assert_eq!(unseen, None, "{hostile:?}");
        for invisible in ['\u{202e}', '\u{200b}', '\u{feff}', '\u{e0041}', '\u{9b}'] {
            assert!(!markdown.contains(invisible), "{hostile:?}");
        }
    }
}

#[test]
fn hostile_text_reads_back_as_it_is_shown() {
    for hostile in HOSTILE {
        let markdown = export::markdown(&hostile_report(hostile));
        let shown = Outside::from(*hostile).shown().as_str().trim().to_owned();
        let mut texts = String::new();
        for event in Parser::new_ext(&markdown, Options::ENABLE_TABLES) {
            match event {
                Event::Text(text) | Event::Code(text) => texts.push_str(&text),
                Event::End(_) => texts.push('\n'),
                _ => {}
            }
        }
        assert!(
            texts.lines().any(|line| line.trim() == shown),
            "{shown:?} is not in\n{texts}"
        );
    }
}

#[test]
fn a_spreadsheet_gets_a_line_an_entry_and_no_formula() {
    let columns = |text: &str| {
        let report = hostile_report(text);
        let written = export::csv(&report).unwrap();
        let shown = |c: char| !c.is_control() || c == '\n';
        assert!(written.chars().all(shown), "{text:?}");
        let mut reader = csv::Reader::from_reader(written.as_bytes());
        let head = reader.headers().unwrap().clone();
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), report.entries.len());
        let column = |name: &str| {
            let at = head.iter().position(|head| head == name).unwrap();
            rows.iter()
                .map(|row| row[at].to_owned())
                .collect::<Vec<_>>()
        };
        (column("title"), column("body"), column("kind"))
    };
    for text in HOSTILE {
        let (titles, _, kinds) = columns(text);
        let text = Outside::from(*text);
        let lines: Vec<String> = text.lines().map(|line| line.to_string()).collect();
        assert!(titles.contains(&lines.join("\n")), "{titles:?}");
        assert!(kinds.iter().all(|kind| !kind.is_empty()));
    }
    for formula in [
        "=HYPERLINK(\"http://evil\")",
        "+1",
        "-1+1",
        "@SUM(A1)",
        "\tx",
    ] {
        let (titles, bodies, _) = columns(formula);
        for cell in titles.iter().chain(&bodies).filter(|cell| !cell.is_empty()) {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t']), "{cell:?}");
        }
    }
}

#[test]
fn what_was_stored_before_a_rule_existed_is_redacted_at_the_export() {
    let mut ids = Ids::seeded(3);
    let mut secret = draft(
        &mut ids,
        0,
        Kind::Note,
        "DB_PASSWORD=hunter2 was in the log",
    );
    secret.body = Some("Authorization: Bearer abcdefgh12345678".into());
    let report = report(vec![secret]);
    for text in [
        export::markdown(&report),
        export::json(&report).unwrap(),
        export::lines(&report),
    ] {
        assert!(
            !text.contains("hunter2") && !text.contains("abcdefgh12345678"),
            "{text}"
        );
    }
    assert!(export::markdown(&report).contains("2 values were taken out"));
}

#[test]
fn a_missing_milestone_is_not_recorded_and_never_zero() {
    let markdown = export::markdown(&outage());
    assert!(markdown.contains("| mitigated | not recorded |"));
    assert!(markdown.contains("| closed | 2026-03-01 03:39:10Z |"));
}

#[test]
fn an_intent_without_a_result_is_unknown() {
    let markdown = export::markdown(&outage());
    let (_, lost) = markdown.split_once("restart checkout in shop").unwrap();
    assert!(lost.contains("**UNKNOWN**"));
}

#[test]
fn terminal_lines_are_one_line_an_entry_and_obey_nothing() {
    for hostile in HOSTILE {
        let text = export::lines(&report(vec![everywhere(hostile)]));
        assert_eq!(text.lines().count(), 1);
        assert!(
            text.chars()
                .all(|character| character == '\n' || !character.is_control())
        );
    }
}

#[test]
fn exports_of_one_millisecond_stand_beside_each_other_and_none_is_written_over() {
    let dir = tempfile::tempdir().unwrap();
    let state = StateDir::at(dir.path().join("state"));
    let disk = Disk::open(&state, &Identity::default()).unwrap();
    let now: DateTime<Utc> = "2026-03-01T03:24:10.123Z".parse().unwrap();
    let first = command::export_file(&disk, &state, None, now).unwrap();
    std::fs::write(&first, "somebody's own").unwrap();
    let others: Vec<_> = (0..3)
        .map(|_| command::export_file(&disk, &state, None, now).unwrap())
        .collect();
    let names: std::collections::BTreeSet<_> = others.iter().chain([&first]).collect();
    assert_eq!(names.len(), 4, "{names:?}");
    assert_eq!(std::fs::read_to_string(&first).unwrap(), "somebody's own");
    for path in &others {
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.starts_with('#'), "{text}");
        assert_eq!(path.extension().unwrap(), "md");
    }
}
