//! What goes wrong in each scenario, and when: visible, but not over, when somebody is paged.

use super::super::world::World;
use super::super::world::object::Millis;
use super::super::world::pod::Behaviour;
use super::shop::{CHECKOUT_REVISIONS, LEAKY, checkout_tag, image, release};
use super::{HOUR, MINUTE, RULES_AGO, Scenario};

/// When the bad revision was rolled out: the crash loop is plain to see, the progress deadline is not reached.
const BAD_DEPLOY_AGO: Millis = 4 * MINUTE;
/// When the campaign began that doubled the load of catalog: each pod has been killed a few times.
const CAMPAIGN_AGO: Millis = 12 * MINUTE;
/// How many pods of catalog its load needs.
const CATALOG_ENOUGH: usize = 5;
/// When the leaky release of inventory came: by now it holds all that was left.
const LEAK_AGO: Millis = 4 * HOUR + 25 * MINUTE;
/// When the image that is not there was rolled out: the progress deadline of ten minutes has just passed.
const MISSING_AGO: Millis = 11 * MINUTE + 30 * 1_000;

/// Runs a scenario up to `now`.
pub(super) fn run(world: &mut World, scenario: Scenario, now: Millis) {
    if scenario == Scenario::ConnectionPool {
        world.advance(now - LEAK_AGO);
        world.behaviours.publish(&image("inventory", LEAKY));
        release(world, "inventory", LEAKY, " (stock sync in the background)");
    }
    world.advance(now - RULES_AGO);
    world.watch_rules();
    match scenario {
        Scenario::Empty | Scenario::Healthy | Scenario::ConnectionPool => {}
        Scenario::BadDeploy => {
            let tag = checkout_tag(CHECKOUT_REVISIONS + 1);
            world
                .behaviours
                .set(&image("checkout", &tag), Behaviour::Leaky);
            world.advance(now - BAD_DEPLOY_AGO);
            release(
                world,
                "checkout",
                &tag,
                " (PR 4711: new order database driver)",
            );
        }
        Scenario::OutOfMemory => {
            world.advance(now - CAMPAIGN_AGO);
            world
                .behaviours
                .load(&image("catalog", "5.2.0"), CATALOG_ENOUGH);
            world.strain(&image("catalog", "5.2.0"));
        }
        Scenario::StuckRollout => {
            world.advance(now - MISSING_AGO);
            release(world, "frontend", "4.13.0", " (PR 4720: summer banner)");
        }
    }
}
