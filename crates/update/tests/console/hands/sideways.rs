//! Lines that are longer than their pane are moved sideways, and the cut edge says so.

use harness::console::{Console, text};
use harness::fixtures::outage;
use model::message::{ClusterMsg, Msg, ReadAnswer, StoreMsg};
use model::yaml::Document;

fn line(console: &Console, words: &str) -> String {
    let screen = text(&console.buffer());
    let found = screen.lines().find(|line| line.contains(words));
    found
        .unwrap_or_else(|| panic!("{words}: {screen}"))
        .to_owned()
}

fn logging() -> Console {
    let mut console = Console::live(120, 40, outage());
    console.advance(1_000);
    let pod = console.followed_pods().remove(0);
    let long = format!("ERROR begins {}the-end", "0123456789".repeat(12));
    console.log(&pod, &[(0, &long), (1_000, "INFO  short")]);
    console.type_keys("3");
    console
}

#[test]
fn a_log_line_is_moved_and_comes_back_by_one_key() {
    let mut console = logging();
    assert!(!console.shows("the-end"), "{}", console.screen());
    assert!(line(&console, "ERROR begins").contains("…│"));
    for _ in 0..5 {
        console.type_keys(">");
    }
    let moved = line(&console, "the-end");
    assert!(moved.contains("03:24:10.000 …"), "{moved}");
    assert!(!console.shows("ERROR begins"), "{}", console.screen());
    insta::assert_snapshot!(console.screen());
    console.type_keys("<");
    assert!(!console.shows("ERROR begins"), "{}", console.screen());
    console.type_keys("0");
    assert!(console.shows("ERROR begins"), "{}", console.screen());
    console.type_keys("W >");
    assert!(console.shows("W cuts them"), "{}", console.screen());
}

#[test]
fn an_entry_of_the_timeline_is_moved() {
    let mut console = Console::live(80, 24, outage());
    console.send(Msg::Store(StoreMsg::Opened(Box::default())));
    console.type_keys("m");
    let title = format!("begins {}the-end", "0123456789 ".repeat(9));
    console.type_text(&title);
    console.type_keys("ctrl-s");
    console.save_all();
    console.type_keys("5");
    assert!(console.shows("begins 0123") && !console.shows("the-end"));
    console.type_keys("right right >");
    assert!(!console.shows("begins 0123"), "{}", console.screen());
    let moved = line(&console, "the-end");
    assert!(moved.contains("✎ …"), "{moved}");
    console.type_keys("0");
    assert!(console.shows("begins 0123"), "{}", console.screen());
}

#[test]
fn a_yaml_is_moved_and_broken_again() {
    let mut console = Console::live(80, 24, outage());
    console.type_keys("g Y");
    let long = "0123456789".repeat(8);
    let document = Document {
        text: format!("kind: Pod\nnote: begins{long}the-end\n").into(),
        left_out: Vec::new(),
    };
    let epoch = console.model.cluster.epoch;
    let answer = ReadAnswer::Yaml("checkout-7d9f-q8w".into(), Ok(Box::new(document)));
    console.send(Msg::Cluster(ClusterMsg::Read { epoch, answer }));
    assert!(console.shows("begins") && console.shows("the-end"));
    console.type_keys("> >");
    assert!(!console.shows("begins"), "{}", console.screen());
    let moved = line(&console, "the-end");
    assert!(moved.contains("│ …"), "{moved}");
    console.type_keys("0");
    assert!(console.shows("begins") && console.shows("the-end"));
}
