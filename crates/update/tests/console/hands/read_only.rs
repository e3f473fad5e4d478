//! Where nothing can be written every key that would write stands there disabled, with the reason.

use harness::console::Console;
use harness::fixtures::outage;
use harness::writing::checkout;
use model::cluster::Scope;
use model::settings::Settings;

fn console(columns: u16, rows: u16, settings: Settings) -> Console {
    let mut console = Console::with(columns, rows, settings, Scope::Namespace("shop".into()));
    console.connect();
    console.list(outage());
    console.deployments(vec![checkout(2)]);
    console
}

fn read_only() -> Settings {
    Settings {
        is_read_only: true,
        ..Settings::default()
    }
}

fn protected() -> Settings {
    Settings {
        protected: vec!["*staging*".to_owned()],
        ..Settings::default()
    }
}

fn last_line(console: &Console) -> String {
    let screen = harness::console::text(&console.buffer());
    screen.lines().last().unwrap_or_default().to_owned()
}

#[test]
fn the_footer_says_that_writes_are_disabled_and_why() {
    for (settings, why) in [(read_only(), "--read-only"), (protected(), "protected")] {
        for size in [(80, 24), (120, 40)] {
            let mut console = console(size.0, size.1, settings.clone());
            for pane in ["2", "4"] {
                console.type_keys(pane);
                let footer = last_line(&console);
                assert!(footer.contains("x act (off: "), "{footer}");
                assert!(footer.contains(why), "{footer}");
            }
        }
    }
    let free = console(80, 24, Settings::default());
    assert!(!last_line(&free).contains("off:"));
}

#[test]
fn the_menu_says_of_every_write_that_it_is_disabled_and_why() {
    for (settings, why) in [
        (read_only(), "(off: --read-only)"),
        (protected(), "(off: protected, A arms)"),
    ] {
        let mut console = console(120, 40, settings);
        console.type_keys("x");
        let footer = last_line(&console);
        assert!(footer.contains(why), "{footer}");
        for name in ["scale", "restart", "rollback", "replace-pod", "undo"] {
            assert!(footer.contains(name), "{footer}");
        }
        insta::assert_snapshot!(console.screen());
        console.type_keys("esc");
    }
    let mut free = console(120, 40, Settings::default());
    free.type_keys("x");
    assert!(!last_line(&free).contains("off"), "{}", last_line(&free));
}

#[test]
fn the_help_says_of_every_write_that_it_is_disabled_and_why() {
    let mut console = console(120, 140, read_only());
    console.type_keys("?");
    let screen = harness::console::text(&console.buffer());
    let below = screen.split("Writes: each asks first").nth(1).unwrap();
    let reason = below.find("not now: read-only: started with --read-only");
    for write in [
        "scale",
        "restart",
        "roll back",
        "delete the pod",
        "undo",
        "arm writes",
    ] {
        assert!(
            below.find(write) > reason && reason.is_some(),
            "{write}\n{screen}"
        );
    }
    let mut free = self::console(120, 140, Settings::default());
    free.type_keys("?");
    assert!(!free.shows("--read-only"));
}
