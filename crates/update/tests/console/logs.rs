//! The logs pane through its front door: keys and what the streams say in, screen and wants out; and lines counted by number
//! from a server that prints faster than anybody reads.

mod acting;
mod crowded;
mod ended;
mod ephemeral;
mod following;
mod long;
mod reading;
mod screens;
mod terminal;

use harness::console::Console;
use harness::fixtures::{crashing, outage};

/// The outage, the logs of one crashing pod followed.
fn one(columns: u16, rows: u16) -> Console {
    let mut console = Console::live(columns, rows, outage());
    console.type_keys("g");
    let name = console.model.screen.pods.cursor.clone().unwrap().uid;
    assert_eq!(name.to_string(), "checkout-7d9f-q8w");
    console.type_keys("o");
    console.at = console.at.plus_ms(2_000);
    console
}

/// The outage, the logs of all pods of checkout followed.
fn workload(columns: u16, rows: u16) -> Console {
    let mut console = one(columns, rows);
    console.type_keys("o");
    assert_eq!(
        console.followed_pods(),
        ["checkout-7d9f-q8w", "checkout-7d9f-x2k"]
    );
    console
}

/// What both pods of checkout print in the night of the tests.
fn printed(console: &mut Console) {
    console.log(
        "checkout-7d9f-q8w",
        &[
            (-4_000, "INFO  starting checkout 1.9.2 pid=1"),
            (-2_500, "WARN  connection pool exhausted (5/5 in use), 17 requests waiting"),
            (-900, "ERROR POST /checkout 503 timed out after 3000ms waiting for a connection (pool 5/5, 21 waiting)"),
        ],
    );
    console.log(
        "checkout-7d9f-x2k",
        &[
            (-3_000, "INFO  connected to postgres://orders-db:5432/orders"),
            (-1_500, "ERROR POST /checkout 503 timed out after 3000ms waiting for a connection (pool 5/5, 18 waiting)"),
            (-300, "FATAL giving up: connection pool exhausted, exit code 1"),
        ],
    );
}

/// A new pod of checkout.
fn newcomer(console: &mut Console) {
    console.upsert(vec![crashing("checkout-7d9f-new", 1, "Error")]);
}
