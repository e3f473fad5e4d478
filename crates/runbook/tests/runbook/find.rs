//! Which documents fit an alert or a workload, in which order, and what is said of it.

use proptest::prelude::*;
use runbook::{
    FoundBy, IndexedRunbook, RunbookQuestion, UrlRewrite, WORKLOAD_ANNOTATION, find, parse,
};
use text::Outside;

/// A folder as a team has it.
fn index() -> Vec<IndexedRunbook> {
    [
        ("README.md", "# Runbooks\n"),
        ("HighErrorRate.md", "# Errors\n"),
        ("kubernetes/kube-pod-crash-looping.md", "# Crash loops\n"),
        ("database/README.md", "# The database\n"),
        (
            "database/connections.md",
            "---\ntitle: Connections\nmatch:\n  alertname: Postgres*\n---\n",
        ),
        (
            "shop/checkout.md",
            "---\nmatch:\n  namespace: shop\n  service: [checkout, cart]\n---\n# Checkout\n",
        ),
        (
            "shop/any.md",
            "---\nmatch:\n  namespace: shop\n---\n# Shop\n",
        ),
        (
            "shop/pods.md",
            "---\nmatch:\n  pod:\n  team: data\n---\n# Pods\n",
        ),
    ]
    .map(|(path, text)| IndexedRunbook::new(0, path, &parse(text.as_bytes())))
    .into()
}

fn rules() -> Vec<UrlRewrite> {
    let rule = |from: &str, to: &str| UrlRewrite {
        from: from.into(),
        to: to.into(),
    };
    vec![
        rule("https://docs.shop.example/oncall", ""),
        rule("https://docs.shop.example/oncall/db/", "database"),
    ]
}

/// `alert=X`, `url=X`, `workload=X`, anything else is a label.
fn question(words: &str) -> RunbookQuestion {
    let mut question = RunbookQuestion::default();
    for word in words.split_whitespace() {
        let (name, value) = word.split_once('=').unwrap();
        match name {
            "alert" => question.alert = Some(value.into()),
            "url" => question.addresses.push(value.into()),
            "workload" => question.workload = Some(value.into()),
            label => question.labels.push((label.into(), value.into())),
        }
    }
    question
}

fn answer(words: &str) -> String {
    let index = index();
    let found = find(&index, &rules(), &question(words)).found;
    let lines = found.iter().map(|found| {
        let anchor = found.anchor.as_ref();
        let anchor = anchor.map_or(String::new(), |anchor| format!(" at {}", anchor.raw()));
        let path = index[found.document].path.raw();
        format!("{path}{anchor}: {}", found.by.words().raw())
    });
    lines.collect::<Vec<_>>().join("; ")
}

#[test]
fn what_fits_is_found_with_its_reason_and_the_surest_stands_first() {
    let by_name = "its file name is the alert's";
    let by_address = "named by the alert's runbook_url";
    let by_end = "its file name ends the alert's runbook_url";
    let by_workload = "named by the workload's watchfloor/runbook";
    for (words, expected) in [
        ("alert=HighErrorRate", format!("HighErrorRate.md: {by_name}")),
        ("alert=high_error_rate", format!("HighErrorRate.md: {by_name}")),
        ("alertname=KubePodCrashLooping", format!("kubernetes/kube-pod-crash-looping.md: {by_name}")),
        ("alert=Database", format!("database/README.md: {by_name}")),
        ("alert=readme", format!("README.md: {by_name}")),
        ("alert=Unknown", String::new()),
        ("alert=---", String::new()),
        // A rule, with and without the ending, whatever the case; the longer prefix counts before the shorter one.
        ("url=https://docs.shop.example/oncall/database/connections", format!("database/connections.md: {by_address}")),
        ("url=https://docs.shop.example/oncall/Database/Connections.html?x=1#pool", format!("database/connections.md at pool: {by_address}")),
        ("url=https://docs.shop.example/oncall/db/connections/", format!("database/connections.md: {by_address}")),
        ("url=https://docs.shop.example/oncall/db/", format!("database/README.md: {by_address}")),
        ("url=https://docs.shop.example/oncall/shop/%61ny.md", format!("shop/any.md: {by_address}")),
        // Not within a word, and not out of the folder.
        ("url=https://docs.shop.example/oncallx/shop/none", String::new()),
        ("url=https://docs.shop.example/oncall/shop/../../any.md/none", String::new()),
        // Without a rule the last part counts, as the sites of operators have it.
        ("url=https://elsewhere.example/x/kubepodcrashlooping/", format!("kubernetes/kube-pod-crash-looping.md: {by_end}")),
        ("url=https://elsewhere.example/tree/database/README.md#a", format!("database/README.md at a: {by_end}")),
        ("url=https://higherrorrate", String::new()),
        ("url=https://HighErrorRate/", String::new()),
        // An annotation that is a path.
        ("url=database/connections.md", format!("database/connections.md: {by_address}")),
        ("url=./shop/checkout#undo", format!("shop/checkout.md at undo: {by_address}")),
        ("workload=shop/checkout.md#undo", format!("shop/checkout.md at undo: {by_workload}")),
        ("workload=/shop/checkout", format!("shop/checkout.md: {by_workload}")),
        ("workload=../shop/checkout.md", String::new()),
        // Labels: all that the document asks for, the more the better.
        ("namespace=shop service=cart", "shop/checkout.md: labels match: namespace, service; shop/any.md: labels match: namespace".into()),
        ("namespace=shop service=search", "shop/any.md: labels match: namespace".into()),
        ("namespace=shops", String::new()),
        ("team=data pod=a-1", "shop/pods.md: labels match: pod, team".into()),
        ("team=data", String::new()),
        ("alertname=PostgresDown", "database/connections.md: labels match: alertname".into()),
        // All together, each document once.
        (
            "alert=HighErrorRate url=https://docs.shop.example/oncall/HighErrorRate url=https://docs.shop.example/oncall/shop/any workload=database/connections.md namespace=shop service=cart",
            format!("HighErrorRate.md: {by_name}; shop/any.md: {by_address}; database/connections.md: {by_workload}; shop/checkout.md: labels match: namespace, service"),
        ),
    ] {
        assert_eq!(answer(words), expected, "{words}");
    }
    assert_eq!(answer(""), "");
}

#[test]
fn an_exact_name_stands_before_one_of_another_spelling() {
    let document = |path: &str| IndexedRunbook::new(0, path, &parse(b"# x\n"));
    let index = [
        document("a/high-error-rate.md"),
        document("b/HighErrorRate.md"),
    ];
    let found = find(&index, &[], &question("alert=HighErrorRate")).found;
    let places: Vec<usize> = found.iter().map(|found| found.document).collect();
    assert_eq!(places, [1, 0]);
}

#[test]
fn what_was_looked_for_is_said_also_when_nothing_fits() {
    let search = find(
        &index(),
        &rules(),
        &question(
            "alert=Nope url=https://docs.shop.example/oncall/nope workload=no.md pod=a zone=b",
        ),
    );
    assert_eq!(search.found, []);
    let said: Vec<&str> = search.looked_for.iter().map(Outside::raw).collect();
    assert_eq!(
        said,
        [
            "a file named Nope.md, in any spelling",
            "nope, which stands for https://docs.shop.example/oncall/nope",
            "a file named as https://docs.shop.example/oncall/nope ends",
            &format!("no.md, of the workload's {WORKLOAD_ANNOTATION}"),
            "front matter that matches pod, zone",
        ]
    );
}

/// Names that resemble each other, and anything.
fn a_name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[aAbB/.#%?:*_-]{0,12}",
        "(a|b|A|README|index)(/(a|b|\\.\\.|%2e%2e|README)){0,3}(\\.md|\\.html)?",
        "https?://(a|b)?/?(a|b|/|#|\\.\\.){0,4}",
        any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_document_is_found_once_in_the_order_of_the_reasons(
        paths in prop::collection::vec(a_name(), 0..8),
        labels in prop::collection::vec((a_name(), a_name()), 0..4),
        patterns in prop::collection::vec((a_name(), prop::collection::vec(a_name(), 0..3)), 0..3),
        rules in prop::collection::vec((a_name(), a_name()), 0..3),
        (alert, address, workload) in (a_name(), a_name(), a_name()),
    ) {
        let outside = |pairs: Vec<(String, String)>| -> Vec<(Outside, Outside)> {
            pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect()
        };
        let matches: Vec<(Outside, Vec<Outside>)> = patterns
            .into_iter()
            .map(|(name, values)| (name.into(), values.into_iter().map(Outside::from).collect()))
            .collect();
        let index: Vec<IndexedRunbook> = paths
            .into_iter()
            .map(|path| IndexedRunbook { folder: 0, path: path.into(), title: None, matches: matches.clone() })
            .collect();
        let rules: Vec<UrlRewrite> = rules.into_iter().map(|(from, to)| UrlRewrite { from, to }).collect();
        let question = RunbookQuestion {
            alert: Some(alert.into()),
            labels: outside(labels),
            addresses: vec![address.into()],
            workload: Some(workload.into()),
        };
        let search = find(&index, &rules, &question);
        let mut places: Vec<usize> = search.found.iter().map(|found| found.document).collect();
        let rank = |by: &FoundBy| match by {
            FoundBy::AlertName => 0,
            FoundBy::Address => 1,
            FoundBy::AddressEnd => 2,
            FoundBy::Workload => 3,
            FoundBy::Labels(_) => 4,
        };
        let ranks: Vec<u8> = search.found.iter().map(|found| rank(&found.by)).collect();
        prop_assert!(ranks.is_sorted(), "{ranks:?}");
        prop_assert!(places.iter().all(|place| *place < index.len()));
        places.sort_unstable();
        places.dedup();
        prop_assert_eq!(places.len(), search.found.len());
    }

    #[test]
    fn the_file_of_the_alert_is_always_the_first(
        name in "[A-Za-z][A-Za-z0-9]{0,12}",
        folder in "([a-z]{1,5}/){0,3}",
        others in prop::collection::vec("[a-z]{1,8}\\.md", 0..5),
    ) {
        prop_assume!(!["readme", "index"].contains(&name.to_lowercase().as_str()));
        let document = |path: String| IndexedRunbook::new(0, path, &parse(b"---\nmatch:\n  a: b\n---\n"));
        let mut index: Vec<IndexedRunbook> = others.into_iter().map(document).collect();
        index.push(document(format!("{folder}{name}.md")));
        let found = find(&index, &[], &question(&format!("alert={name} a=b"))).found;
        let first = index[found[0].document].path.raw();
        prop_assert!(first.ends_with(&format!("{name}.md")), "{first}");
        prop_assert_eq!(found.len(), index.len());
    }

    #[test]
    fn no_address_leads_out_of_the_folder(up in 1..5_usize, down in 0..4_usize) {
        prop_assume!(up > down);
        let path = format!("{}{}a", "x/".repeat(down), "../".repeat(up));
        let index = [IndexedRunbook::new(0, "a.md", &parse(b""))];
        let rules = [UrlRewrite { from: "https://docs.example/".into(), to: String::new() }];
        for words in [format!("workload={path}"), format!("url={path}")] {
            prop_assert_eq!(find(&index, &rules, &question(&words)).found, []);
        }
        let found = find(&index, &rules, &question(&format!("url=https://docs.example/{path}"))).found;
        prop_assert!(found.iter().all(|found| found.by == FoundBy::AddressEnd));
    }
}
