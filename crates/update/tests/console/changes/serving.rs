//! Services that lose their last ready endpoint, and get one again.

use harness::changes::stale;
use harness::console::Console;
use harness::fixtures::{outage, versioned};
use harness::serving::{service, slice};
use model::cluster::Health;
use model::message::{TableChange, WatchChange};

fn watching(is_ready: bool) -> Console {
    let mut console = Console::live(80, 24, outage());
    console.services(vec![service("checkout")]);
    console.endpoints(vec![slice("checkout", &[("a", is_ready), ("b", false)])]);
    console.advance(10_000);
    console.take_effects();
    console
}

fn becomes(console: &mut Console, is_ready: bool, version: u64) {
    let slice = slice("checkout", &[("a", is_ready), ("b", false)]);
    console.changed(vec![versioned(slice, version)], TableChange::EndpointSlices);
}

#[test]
fn a_service_that_stops_serving_is_told_once_it_has_lasted_and_when_it_is_over() {
    let mut console = watching(true);
    becomes(&mut console, false, 2);
    let lost = console.at;
    assert_eq!(console.told(), [""; 0]);
    console.advance(6_000);
    let drafts = console.appended();
    assert_eq!(
        drafts[0].title.raw(),
        "Service checkout in shop: no endpoint ready any more, 0/2"
    );
    assert_eq!(drafts[0].occurred_at, lost.wall);
    becomes(&mut console, true, 3);
    assert_eq!(
        console.told(),
        ["event: Service checkout in shop: 1/2 ready again"]
    );
}

#[test]
fn that_it_lasted_is_not_concluded_while_nothing_is_heard_of_endpoints() {
    let mut console = watching(true);
    becomes(&mut console, false, 2);
    let heard = console.at;
    console.table(TableChange::EndpointSlices(WatchChange::Health(stale(
        heard,
    ))));
    console.advance(60_000);
    assert_eq!(console.told(), [""; 0]);
    let heard = console.at;
    console.table(TableChange::EndpointSlices(WatchChange::Health(
        Health::Live { heard },
    )));
    console.advance(1_000);
    assert_eq!(
        console.told(),
        ["event: Service checkout in shop: no endpoint ready any more, 0/2"]
    );
}

#[test]
fn a_moment_without_an_endpoint_is_no_entry() {
    let mut console = watching(true);
    becomes(&mut console, false, 2);
    console.advance(2_000);
    becomes(&mut console, true, 3);
    console.advance(60_000);
    assert_eq!(console.told(), [""; 0]);
}

#[test]
fn what_did_not_serve_at_the_start_has_lost_nothing_and_is_told_when_it_serves() {
    let mut console = watching(false);
    console.advance(60_000);
    assert_eq!(console.told(), [""; 0]);
    becomes(&mut console, true, 3);
    assert_eq!(
        console.told(),
        ["event: Service checkout in shop: 1/2 ready again"]
    );
}

#[test]
fn a_service_that_is_deleted_is_told_as_that() {
    let mut console = watching(true);
    console.went("service-checkout", TableChange::Services);
    console.advance(10_000);
    assert_eq!(
        console.told(),
        ["change.deletion: Service checkout deleted in shop, by whom is not known"]
    );
}
