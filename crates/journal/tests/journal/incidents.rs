//! Which entries an export has, and in which order: an incident's own, whenever they ended, and none of another one.

use chrono::{DateTime, TimeDelta, Utc};
use journal::command::{self, Format, Part};
use journal::store::directory::StateDir;
use model::entry::{Actor, Draft, EntryId, EntryTarget};
use model::incident::{self, Incident};
use model::journal::Token;
use model::kind::{ActorKind, Kind};
use model::message::{StoreEffect, StoreMsg};
use model::severity::Scheme;

use crate::bench::{Bench, fresh};

/// A shift: entries at minutes of it, stored one after the other.
struct Shift {
    bench: Bench,
    begun: DateTime<Utc>,
    tokens: u64,
}

impl Shift {
    fn new(state: &StateDir) -> Shift {
        let begun = Utc::now() - TimeDelta::hours(3);
        Shift {
            bench: Bench::open(state),
            begun: DateTime::from_timestamp_millis(begun.timestamp_millis()).unwrap(),
            tokens: 0,
        }
    }

    fn at(&self, minute: i64) -> DateTime<Utc> {
        self.begun + TimeDelta::minutes(minute)
    }

    fn draft(&mut self, minute: i64, kind: Kind, title: &str) -> Draft {
        Draft {
            occurred_at: self.at(minute),
            ..self.bench.draft(kind, title)
        }
    }

    fn save(&mut self, draft: Draft) -> EntryId {
        self.tokens += 1;
        self.bench.store.run(StoreEffect::Save {
            token: Token(self.tokens),
            draft: Box::new(draft),
        });
        self.bench.saved(self.tokens).draft.id
    }

    fn append(&mut self, draft: Draft) -> EntryId {
        let id = draft.id;
        self.bench.store.run(StoreEffect::Append(vec![draft]));
        self.bench.wait(|message| match message {
            StoreMsg::Appended(entries) => entries
                .iter()
                .any(|entry| entry.draft.id == id)
                .then_some(id),
            _ => None,
        })
    }

    fn open(&mut self, minute: i64, title: &str) -> Incident {
        let (id, at) = (self.bench.ids.next(Utc::now()), self.at(minute));
        let severity = Scheme::default().level(1).unwrap();
        let actor = Actor::of(ActorKind::Human);
        let opening = incident::opening(id, at, actor, title.into(), severity);
        let incident = Incident::opened_by(&opening).unwrap();
        self.save(opening);
        incident
    }

    fn close(&mut self, minute: i64, incident: &Incident) {
        let (id, at) = (self.bench.ids.next(Utc::now()), self.at(minute));
        let actor = Actor::of(ActorKind::Human);
        let closing = incident::closing(id, at, actor, incident, "");
        self.save(closing);
    }

    fn alert(&mut self, minute: i64, name: &str, of: Option<&Incident>) -> EntryId {
        let draft = self.draft(minute, Kind::AlertFired, &format!("{name} fires"));
        self.append(about_alert(draft, name, "fired", of))
    }

    fn alert_over(&mut self, minute: i64, name: &str, of: Option<&Incident>) -> EntryId {
        let draft = self.draft(minute, Kind::AlertResolved, &format!("{name} resolved"));
        self.append(about_alert(draft, name, "resolved", of))
    }

    fn sick(&mut self, minute: i64, name: &str, of: Option<&Incident>) -> EntryId {
        let draft = self.draft(minute, Kind::PodTransition, &format!("{name} crashes"));
        self.append(about_workload(draft, name, of))
    }

    fn well(&mut self, minute: i64, name: &str, sick: EntryId, of: Option<&Incident>) -> EntryId {
        let draft = self.draft(minute, Kind::PodTransition, &format!("{name} is well"));
        self.append(Draft {
            refers_to: Some(sick),
            ..about_workload(draft, name, of)
        })
    }
}

/// What a write of the console left: intent, result, verdict.
fn written(shift: &mut Shift, minutes: [i64; 2], name: &str, words: &str) {
    let intent = shift.draft(minutes[0], Kind::ActionIntent, words);
    let intent = shift.save(about_workload(intent, name, None));
    for (minute, kind, what) in [
        (minutes[0], Kind::ActionResult, "applied"),
        (minutes[1], Kind::ActionVerdict, "healed"),
    ] {
        let draft = shift.draft(minute, kind, &format!("{words}: {what}"));
        shift.save(Draft {
            refers_to: Some(intent),
            ..about_workload(draft, name, None)
        });
    }
}

fn fires_again(shift: &mut Shift, minute: i64, name: &str, until: Option<i64>) {
    let draft = shift.draft(minute, Kind::AlertFired, &format!("{name} fires again"));
    let draft = about_alert(draft, name, "fired", None);
    let origin = |what: &str| Some(format!("{what}/{name}/2").as_str().into());
    shift.append(Draft {
        origin: origin("fired"),
        ..draft
    });
    let Some(until) = until else { return };
    let draft = shift.draft(
        until,
        Kind::AlertResolved,
        &format!("{name} resolved again"),
    );
    let draft = about_alert(draft, name, "resolved", None);
    shift.append(Draft {
        origin: origin("resolved"),
        ..draft
    });
}

fn about_alert(draft: Draft, name: &str, what: &str, of: Option<&Incident>) -> Draft {
    Draft {
        incident: of.map(|incident| incident.id),
        source: Some("alertmanager".into()),
        origin: Some(format!("{what}/{name}/1").as_str().into()),
        target: Some(EntryTarget {
            kind: Some("Alert".into()),
            name: Some(name.into()),
            ..EntryTarget::default()
        }),
        ..draft
    }
}

fn about_workload(draft: Draft, name: &str, of: Option<&Incident>) -> Draft {
    Draft {
        incident: of.map(|incident| incident.id),
        source: Some("pods".into()),
        target: Some(EntryTarget {
            namespace: Some("shop".into()),
            name: Some(name.into()),
            ..EntryTarget::default()
        }),
        ..draft
    }
}

/// The titles of an export, in its order, with their times.
fn titles(state: &StateDir, part: &Part) -> Vec<String> {
    let json = command::export(state, part, Format::Json, Utc::now())
        .unwrap()
        .text;
    let document: serde_json::Value = serde_json::from_str(&json).unwrap();
    let entries = document["entries"].as_array().unwrap();
    let times: Vec<&str> = entries
        .iter()
        .map(|entry| entry["occurred_at"].as_str().unwrap())
        .collect();
    assert!(times.is_sorted(), "{times:?}");
    entries
        .iter()
        .map(|entry| entry["title"].as_str().unwrap().to_owned())
        .collect()
}

fn of(incident: &Incident) -> Part {
    Part {
        incident: Some(incident.id.to_string()),
        ..Part::default()
    }
}

#[test]
fn every_format_is_in_order_of_time_whatever_the_entries_are_filed_under() {
    let (_keep, state) = fresh();
    let mut shift = Shift::new(&state);
    let rollout = shift.draft(20, Kind::Rollout, "third");
    shift.append(rollout);
    shift.alert(30, "fourth", None);
    let open = shift.open(40, "fifth");
    for (minute, title) in [
        (10, "first"),
        (60, "seventh"),
        (15, "second"),
        (50, "sixth"),
    ] {
        let note = shift.draft(minute, Kind::Note, title);
        shift.save(Draft {
            incident: Some(open.id),
            ..note
        });
    }
    // Two of one moment stand as they were written.
    for title in ["eighth", "ninth"] {
        let mut note = shift.draft(70, Kind::Note, title);
        note.id = shift
            .bench
            .ids
            .next(shift.at(if title == "eighth" { 9 } else { 1 }));
        note.incident = Some(open.id);
        shift.save(note);
    }
    let order = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
    ];
    for format in [Format::Markdown, Format::Json, Format::Csv, Format::Text] {
        let text = command::export(&state, &Part::default(), format, Utc::now())
            .unwrap()
            .text;
        let text = match format {
            Format::Markdown => text.split_once("## Timeline").unwrap().1,
            Format::Json => text.split_once("\"entries\"").unwrap().1,
            Format::Csv | Format::Text => &text,
        };
        let places: Vec<usize> = order
            .iter()
            .map(|title| {
                text.find(title)
                    .unwrap_or_else(|| panic!("{title}\n{text}"))
            })
            .collect();
        assert!(places.is_sorted(), "{format:?}\n{text}");
    }
}

#[test]
fn the_export_after_closing_is_of_that_incident() {
    let (_keep, state) = fresh();
    let mut shift = Shift::new(&state);
    let first = shift.open(0, "first of the shift");
    shift.close(10, &first);
    let second = shift.open(20, "second of the shift");
    shift.close(30, &second);
    let after = shift.draft(40, Kind::Note, "to the journal");
    shift.save(after);
    let markdown = command::export(&state, &Part::default(), Format::Markdown, Utc::now())
        .unwrap()
        .text;
    assert!(
        markdown.starts_with("# second of the shift\n"),
        "{markdown}"
    );
    let next_week = Utc::now() + TimeDelta::days(7);
    let markdown = command::export(&state, &Part::default(), Format::Markdown, next_week)
        .unwrap()
        .text;
    assert!(markdown.starts_with("# Journal of "), "{markdown}");
}

#[test]
fn what_began_in_an_incident_belongs_to_it_however_late_it_ends() {
    let (_keep, state) = fresh();
    let mut shift = Shift::new(&state);
    let first = shift.open(0, "first");
    shift.alert(1, "HighErrorRate", Some(&first));
    let sick = shift.sick(2, "checkout", Some(&first));
    let intent = shift.draft(5, Kind::ActionIntent, "restart checkout");
    let intent = shift.save(Draft {
        incident: Some(first.id),
        ..intent
    });
    let many = shift.draft(6, Kind::AlertFired, "Crash: 12 alerts fire");
    shift.append(Draft {
        origin: Some("fired/group/12/a/1".into()),
        ..about_alert(many, "Crash", "", Some(&first))
    });
    shift.close(10, &first);
    // In the journal, and while another incident is open.
    shift.alert_over(11, "HighErrorRate", None);
    let many = shift.draft(12, Kind::AlertResolved, "Crash: 12 alerts resolved");
    shift.append(Draft {
        origin: Some("resolved/group/12/b/2".into()),
        ..about_alert(many, "Crash", "", None)
    });
    let second = shift.open(15, "second");
    shift.well(16, "checkout", sick, Some(&second));
    let verdict = shift.draft(17, Kind::ActionVerdict, "stable");
    shift.save(Draft {
        incident: Some(second.id),
        refers_to: Some(intent),
        ..verdict
    });
    shift.close(20, &second);
    assert_eq!(
        titles(&state, &of(&first)),
        [
            "first",
            "HighErrorRate fires",
            "checkout crashes",
            "restart checkout",
            "Crash: 12 alerts fire",
            "incident closed",
            "HighErrorRate resolved",
            "Crash: 12 alerts resolved",
            "checkout is well",
            "stable",
        ]
    );
    assert_eq!(titles(&state, &of(&second)), ["second", "incident closed"]);
}

#[test]
fn a_change_belongs_to_the_incident_in_which_it_was_made_however_late_it_is_told() {
    let (_keep, state) = fresh();
    let mut shift = Shift::new(&state);
    let first = shift.open(0, "first");
    shift.close(10, &first);
    let scale = shift.draft(9, Kind::Scale, "scale checkout 3 -> 0");
    shift.append(about_workload(scale, "checkout", None));
    let second = shift.open(11, "second");
    let scale = shift.draft(8, Kind::Scale, "scale cart 3 -> 0");
    shift.append(about_workload(scale, "cart", Some(&second)));
    // The server's times are whole seconds: this one may have been made after the close.
    let scale = shift.draft(10, Kind::Scale, "scale basket 3 -> 0");
    shift.append(about_workload(scale, "basket", Some(&second)));
    // Perhaps while the first was open, perhaps after it.
    let scale = shift.draft(7, Kind::Scale, "scale search 3 -> 0, between");
    let ended_at = Some(shift.at(12));
    shift.append(Draft {
        ended_at,
        ..about_workload(scale, "search", Some(&second))
    });
    // It still is.
    shift.sick(6, "orders", Some(&second));
    shift.close(20, &second);
    assert_eq!(
        titles(&state, &of(&first)),
        [
            "first",
            "scale cart 3 -> 0",
            "scale checkout 3 -> 0",
            "incident closed"
        ]
    );
    assert_eq!(
        titles(&state, &of(&second)),
        [
            "orders crashes",
            "scale search 3 -> 0, between",
            "scale basket 3 -> 0",
            "second",
            "incident closed"
        ]
    );
}

#[test]
fn what_led_up_to_an_incident_is_what_was_still_so_and_nothing_of_another_one() {
    let (_keep, state) = fresh();
    let mut shift = Shift::new(&state);
    // Before the first one: its alert, what it was about, a workload that stays sick all night, and one that recovers.
    let rollout = shift.draft(0, Kind::Rollout, "rollout r42 of checkout");
    shift.append(rollout);
    shift.alert(1, "HighErrorRate", None);
    let checkout = shift.sick(2, "checkout", None);
    let chronic = shift.sick(3, "reports", None);
    shift.alert(3, "Watchdog", None);
    let blip = shift.sick(4, "search", None);
    shift.well(5, "search", blip, None);
    let first = shift.open(10, "first");
    shift.alert_over(15, "HighErrorRate", Some(&first));
    shift.well(16, "checkout", checkout, Some(&first));
    shift.close(20, &first);
    // Between the two.
    let rollout = shift.draft(25, Kind::Rollout, "rollout r7 of cart");
    let rollout = shift.append(rollout);
    shift.sick(26, "cart", None);
    shift.alert(27, "CartDown", None);
    let done = shift.draft(28, Kind::Rollout, "rollout r7 of cart: failing");
    shift.append(Draft {
        refers_to: Some(rollout),
        ..done
    });
    let second = shift.open(30, "second");
    shift.well(35, "reports", chronic, Some(&second));
    assert_eq!(
        titles(&state, &of(&first)),
        [
            "rollout r42 of checkout",
            "HighErrorRate fires",
            "checkout crashes",
            "reports crashes",
            "Watchdog fires",
            "first",
            "HighErrorRate resolved",
            "checkout is well",
            "incident closed",
        ]
    );
    assert_eq!(
        titles(&state, &of(&second)),
        [
            "reports crashes",
            "Watchdog fires",
            "rollout r7 of cart",
            "cart crashes",
            "CartDown fires",
            "rollout r7 of cart: failing",
            "second",
            "reports is well",
        ]
    );
}

#[test]
fn how_what_led_up_to_an_incident_ended_stands_in_it_although_it_was_closed_by_then() {
    let (_keep, state) = fresh();
    let mut shift = Shift::new(&state);
    shift.alert(1, "HighErrorRate", None);
    let many = shift.draft(2, Kind::AlertFired, "Crash: 12 alerts fire");
    shift.append(Draft {
        origin: Some("fired/group/12/a/1".into()),
        ..about_alert(many, "Crash", "", None)
    });
    let checkout = shift.sick(2, "checkout", None);
    let first = shift.open(10, "first");
    let silenced = shift.draft(11, Kind::AlertSilenced, "HighErrorRate silenced");
    shift.append(Draft {
        incident: Some(first.id),
        origin: Some("silenced/1".into()),
        ..about_alert(silenced, "HighErrorRate", "", Some(&first))
    });
    shift.close(20, &first);
    shift.alert_over(21, "HighErrorRate", None);
    shift.well(22, "checkout", checkout, None);
    let many = shift.draft(23, Kind::AlertResolved, "Crash: 12 alerts resolved");
    shift.append(Draft {
        origin: Some("resolved/group/12/b/2".into()),
        ..about_alert(many, "Crash", "", None)
    });
    let unsilenced = shift.draft(24, Kind::Event, "the silence has ended");
    shift.append(Draft {
        origin: Some("unsilenced/1".into()),
        ..about_alert(unsilenced, "HighErrorRate", "", None)
    });
    // Of the time after it, and nothing to do with it.
    shift.alert(25, "Other", None);
    shift.alert_over(26, "Other", None);
    shift.sick(27, "cart", None);
    assert_eq!(
        titles(&state, &of(&first)),
        [
            "HighErrorRate fires",
            "Crash: 12 alerts fire",
            "checkout crashes",
            "first",
            "HighErrorRate silenced",
            "incident closed",
            "HighErrorRate resolved",
            "checkout is well",
            "Crash: 12 alerts resolved",
            "the silence has ended",
        ]
    );
    let markdown = command::export(&state, &of(&first), Format::Markdown, Utc::now())
        .unwrap()
        .text;
    assert!(!markdown.contains("not seen to end"), "{markdown}");
}

#[test]
fn an_incident_that_is_opened_after_the_fix_has_all_of_it_and_nothing_of_an_earlier_one() {
    let (_keep, state) = fresh();
    let mut shift = Shift::new(&state);
    // Over, and another one: with its cause and its cure.
    let rollout = shift.draft(0, Kind::Rollout, "rollout r9 of catalog");
    shift.append(about_workload(rollout, "catalog", None));
    let catalog = shift.sick(1, "catalog", None);
    shift.alert(2, "ContainerOOMKilled", None);
    written(&mut shift, [4, 9], "catalog", "scale catalog 3 -> 5");
    shift.well(6, "catalog", catalog, None);
    shift.alert_over(7, "ContainerOOMKilled", None);
    // Changed before it, and not about what was wrong earlier.
    let config = shift.draft(30, Kind::Config, "config map shop-settings changed");
    shift.append(about_workload(config, "shop-settings", None));
    let rollout = shift.draft(40, Kind::Rollout, "rollout r42 of checkout");
    shift.append(about_workload(rollout, "checkout", None));
    let crash = shift.draft(41, Kind::PodTransition, "checkout: first crash");
    shift.append(Draft {
        source: Some("backfill".into()),
        tags: vec!["backfilled".into()],
        ..about_workload(crash, "checkout", None)
    });
    let checkout = shift.sick(42, "checkout", None);
    shift.alert(43, "HighErrorRate", None);
    written(&mut shift, [50, 56], "checkout", "roll back checkout");
    let rollout = shift.draft(50, Kind::Rollout, "rollout r43 of checkout");
    let rollout = shift.append(about_workload(rollout, "checkout", None));
    let done = shift.draft(51, Kind::Rollout, "rollout r43 of checkout: done");
    shift.append(Draft {
        refers_to: Some(rollout),
        ..about_workload(done, "checkout", None)
    });
    shift.well(52, "checkout", checkout, None);
    shift.alert_over(55, "HighErrorRate", None);
    let incident = shift.open(60, "checkout was down");
    shift.close(61, &incident);
    assert_eq!(
        titles(&state, &of(&incident)),
        [
            "config map shop-settings changed",
            "rollout r42 of checkout",
            "checkout: first crash",
            "checkout crashes",
            "HighErrorRate fires",
            "roll back checkout",
            "roll back checkout: applied",
            "rollout r43 of checkout",
            "rollout r43 of checkout: done",
            "checkout is well",
            "HighErrorRate resolved",
            "roll back checkout: healed",
            "checkout was down",
            "incident closed",
        ]
    );
    for format in [Format::Markdown, Format::Csv, Format::Text] {
        let text = command::export(&state, &of(&incident), format, Utc::now());
        let text = text.unwrap().text;
        assert!(text.contains("HighErrorRate fires"), "{text}");
        assert!(!text.contains("catalog"), "{text}");
    }
}

#[test]
fn what_ended_just_before_the_opening_stands_beside_what_goes_on_for_days() {
    let (_keep, state) = fresh();
    let mut shift = Shift::new(&state);
    shift.alert(-600, "CertificateExpires", None);
    let rollout = shift.draft(40, Kind::Rollout, "rollout r42 of checkout");
    shift.append(about_workload(rollout, "checkout", None));
    let checkout = shift.sick(42, "checkout", None);
    written(&mut shift, [50, 56], "checkout", "roll back checkout");
    shift.well(52, "checkout", checkout, None);
    let long_before = shift.draft(-500, Kind::Rollout, "rollout r41 of checkout");
    shift.append(about_workload(long_before, "checkout", None));
    let incident = shift.open(60, "checkout was down");
    assert_eq!(
        titles(&state, &of(&incident)),
        [
            "CertificateExpires fires",
            "rollout r42 of checkout",
            "checkout crashes",
            "roll back checkout",
            "roll back checkout: applied",
            "checkout is well",
            "roll back checkout: healed",
            "checkout was down",
        ]
    );
}

#[test]
fn an_outage_of_hours_begins_with_its_first_symptom_and_the_change_before() {
    let (_keep, state) = fresh();
    let mut shift = Shift::new(&state);
    let rollout = shift.draft(-10, Kind::Rollout, "rollout r42 of checkout");
    shift.append(about_workload(rollout, "checkout", None));
    shift.sick(0, "checkout", None);
    shift.alert(1, "HighErrorRate", None);
    let incident = shift.open(150, "checkout is down");
    assert_eq!(
        titles(&state, &of(&incident)),
        [
            "rollout r42 of checkout",
            "checkout crashes",
            "HighErrorRate fires",
            "checkout is down",
        ]
    );
}

#[test]
fn an_alert_that_fires_again_in_the_same_trouble_begins_with_its_first_firing() {
    let (_keep, state) = fresh();
    let mut shift = Shift::new(&state);
    shift.sick(10, "checkout", None);
    shift.alert(11, "HighErrorRate", None);
    shift.alert_over(13, "HighErrorRate", None);
    fires_again(&mut shift, 25, "HighErrorRate", None);
    let incident = shift.open(30, "checkout is down");
    assert_eq!(
        titles(&state, &of(&incident)),
        [
            "checkout crashes",
            "HighErrorRate fires",
            "HighErrorRate resolved",
            "HighErrorRate fires again",
            "checkout is down",
        ]
    );
}

#[test]
fn an_alert_that_fired_in_an_earlier_trouble_is_not_told_with_its_next_firing() {
    let (_keep, state) = fresh();
    let mut shift = Shift::new(&state);
    let cart = shift.sick(0, "cart", None);
    shift.alert(1, "HighErrorRate", None);
    shift.well(4, "cart", cart, None);
    shift.alert_over(5, "HighErrorRate", None);
    let checkout = shift.sick(30, "checkout", None);
    fires_again(&mut shift, 31, "HighErrorRate", Some(37));
    shift.well(36, "checkout", checkout, None);
    let incident = shift.open(40, "checkout was down");
    assert_eq!(
        titles(&state, &of(&incident)),
        [
            "checkout crashes",
            "HighErrorRate fires again",
            "checkout is well",
            "HighErrorRate resolved again",
            "checkout was down",
        ]
    );
}

#[test]
fn what_is_stuck_before_the_opening_is_told_from_its_beginning() {
    let (_keep, state) = fresh();
    let mut shift = Shift::new(&state);
    let failing = shift.draft(10, Kind::PodTransition, "db: failing");
    let failing = shift.append(Draft {
        tags: vec!["failing".into()],
        ..about_workload(failing, "db", None)
    });
    let stuck = shift.draft(13, Kind::PodTransition, "db: stuck");
    shift.append(Draft {
        tags: vec!["stuck".into()],
        refers_to: Some(failing),
        ..about_workload(stuck, "db", None)
    });
    let incident = shift.open(15, "db is down");
    assert_eq!(
        titles(&state, &of(&incident)),
        ["db: failing", "db: stuck", "db is down"]
    );
}

fn markdown(state: &StateDir, incident: &Incident, now: DateTime<Utc>) -> String {
    let printed = command::export(state, &of(incident), Format::Markdown, now);
    printed.unwrap().text
}

#[test]
fn milestones_stand_in_order_of_time_and_what_nobody_recorded_last() {
    let (_keep, state) = fresh();
    let mut shift = Shift::new(&state);
    let incident = shift.open(10, "checkout is down");
    for (minute, kind, title) in [
        (20, Kind::Escalation, "database team"),
        (15, Kind::ImpactStop, "users can pay again"),
        (30, Kind::Note, "told the payments team"),
    ] {
        let draft = shift.draft(minute, kind, title);
        shift.save(Draft {
            incident: Some(incident.id),
            ..draft
        });
    }
    shift.alert(5, "HighErrorRate", None);
    shift.close(40, &incident);
    let markdown = markdown(&state, &incident, Utc::now());
    let (_, table) = markdown.split_once("| milestone | reached |").unwrap();
    let table = table.split_once("\n\n").unwrap().0;
    let names = table.lines().filter_map(|line| line.split('|').nth(1));
    let names: Vec<&str> = names.map(str::trim).filter(|name| *name != "---").collect();
    assert_eq!(
        names,
        [
            "first alert",
            "opened",
            "impact ended",
            "engaged",
            "communicated",
            "closed",
            "impact began",
            "first action",
            "acknowledged",
            "mitigated",
            "resolved",
        ],
        "{markdown}"
    );
}

#[test]
fn that_an_incident_is_closed_is_said_once_and_by_somebody() {
    let (_keep, state) = fresh();
    let mut shift = Shift::new(&state);
    let incident = shift.open(10, "checkout is down");
    shift.close(40, &incident);
    for format in [Format::Markdown, Format::Text, Format::Csv] {
        let printed = command::export(&state, &of(&incident), format, Utc::now());
        let text = printed.unwrap().text;
        let line = text.lines().find(|line| line.contains("incident closed"));
        let line = line.unwrap();
        assert!(
            !line.contains("closed: incident") && !line.contains("**closed**"),
            "{line}"
        );
        assert!(
            !line.contains("human") && line.contains("not known"),
            "{line}"
        );
    }
}

#[test]
fn a_write_that_is_followed_is_not_called_without_a_later_verdict() {
    let (_keep, state) = fresh();
    let mut shift = Shift::new(&state);
    let incident = shift.open(150, "checkout is down");
    let mut said = |minute: i64, kind: Kind, tag: Option<&str>, refers_to: Option<EntryId>| {
        let draft = shift.draft(minute, kind, "restart checkout");
        shift.save(Draft {
            incident: Some(incident.id),
            tags: tag.into_iter().map(Into::into).collect(),
            refers_to,
            ..draft
        })
    };
    let intent = said(175, Kind::ActionIntent, None, None);
    said(175, Kind::ActionResult, Some("applied"), Some(intent));
    let (followed, none) = ("**still followed**", "**no verdict**");
    let text = markdown(&state, &incident, Utc::now());
    assert!(text.contains(followed) && !text.contains(none), "{text}");
    said(176, Kind::ActionVerdict, Some("interim"), Some(intent));
    let none = "**no later verdict**";
    let text = markdown(&state, &incident, Utc::now());
    assert!(text.contains(followed) && !text.contains(none), "{text}");
    // Nothing is followed for longer.
    let late = markdown(&state, &incident, Utc::now() + TimeDelta::hours(1));
    assert!(!late.contains(followed) && late.contains(none), "{late}");
    // Nor after the console has ended.
    let stop = shift.draft(178, Kind::ConsoleStop, "console stopped");
    shift.append(stop);
    let ended = markdown(&state, &incident, Utc::now());
    assert!(!ended.contains(followed) && ended.contains(none), "{ended}");
}

/// The end is told a while after it: by then the incident is closed.
#[test]
fn what_ended_in_an_incident_belongs_to_it_although_it_is_told_after_the_close() {
    let (_keep, state) = fresh();
    let mut shift = Shift::new(&state);
    shift.alert(1, "HighErrorRate", None);
    let sick = shift.sick(2, "checkout", None);
    let incident = shift.open(10, "checkout is down");
    shift.close(20, &incident);
    shift.alert_over(15, "HighErrorRate", None);
    shift.well(16, "checkout", sick, None);
    assert_eq!(
        titles(&state, &of(&incident)),
        [
            "HighErrorRate fires",
            "checkout crashes",
            "checkout is down",
            "HighErrorRate resolved",
            "checkout is well",
            "incident closed",
        ]
    );
    let exported = command::export(&state, &of(&incident), Format::Json, Utc::now()).unwrap();
    let document: serde_json::Value = serde_json::from_str(&exported.text).unwrap();
    let of_incident = |title: &str| {
        let mut entries = document["entries"].as_array().unwrap().iter();
        let entry = entries.find(|entry| entry["title"] == title).unwrap();
        entry["incident"].as_str() == Some(&incident.id.to_string())
    };
    assert!(of_incident("HighErrorRate resolved") && of_incident("checkout is well"));
    let markdown = markdown(&state, &incident, Utc::now());
    assert!(
        markdown.contains("alerts fired: 1, resolved: 1") && !markdown.contains("not seen to end"),
        "{markdown}"
    );
}

#[test]
fn a_note_that_tells_the_beginning_of_the_impact_does_not_tell_its_end() {
    let (_keep, state) = fresh();
    let mut shift = Shift::new(&state);
    let incident = shift.open(10, "checkout is down");
    let mut note = |minute, title: &str| {
        let draft = shift.draft(minute, Kind::Note, title);
        shift.save(Draft {
            incident: Some(incident.id),
            ..draft
        });
    };
    note(11, "Impact began 00:16, over 5% of the users");
    note(
        12,
        "rolled back to r41. Follow-up: raise the limit of the pool. Users pay again",
    );
    let told = markdown(&state, &incident, shift.at(15));
    assert!(told.contains("| impact began | not marked; see"), "{told}");
    assert!(told.contains("| impact ended | not recorded |"), "{told}");
    assert!(
        told.contains("- [ ] raise the limit of the pool ("),
        "{told}"
    );
    assert!(
        told.contains("**Incident has been open for**: 0:05:00"),
        "{told}"
    );
    let draft = shift.draft(16, Kind::Note, "impact is over");
    shift.save(Draft {
        incident: Some(incident.id),
        ..draft
    });
    shift.close(20, &incident);
    let told = markdown(&state, &incident, shift.at(25));
    assert!(told.contains("| impact ended | not marked; see"), "{told}");
    assert!(
        told.contains("**Incident was open for**: 0:10:00"),
        "{told}"
    );
}
