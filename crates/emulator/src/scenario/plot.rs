//! What each story does by itself, and what heals it: the notes for the trainer as tests.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::Arc;

use super::shop::{LEAKY, release};
use super::{MINUTE, SHOP, Scenario, build};
use crate::world::World;
use crate::world::object::{Key, Kind, Millis};
use crate::world::template::Template;

const NOW: Millis = 1_760_000_000_000;

fn begun(scenario: Scenario) -> World {
    build(scenario, 1, 0, NOW)
}

/// Alerts that fire, as `alertname` and what they are about.
fn firing(world: &World) -> Vec<String> {
    let firing = world.alarms.all().filter(|alarm| alarm.fired.is_some());
    let mut names: Vec<String> = firing
        .map(|alarm| {
            let labels = &alarm.finding.labels;
            let about = ["service", "deployment", "statefulset", "pod"];
            let about = about.iter().find_map(|name| labels.get(*name));
            let about = about.map_or("", String::as_str);
            format!("{} {about}", labels["alertname"])
        })
        .collect();
    names.sort();
    names
}

fn fires(world: &World, part: &str) -> bool {
    firing(world).iter().any(|name| name.contains(part))
}

fn after(world: &mut World, minutes: Millis) {
    world.advance(world.now() + minutes * MINUTE);
}

fn scale(world: &mut World, name: &str, replicas: u32) {
    let mut deployment = (**world.deployment(&Key::new(SHOP, name)).unwrap()).clone();
    deployment.replicas = replicas;
    world.store_deployment(deployment);
}

fn restart(world: &mut World, name: &str) {
    let mut deployment = (**world.deployment(&Key::new(SHOP, name)).unwrap()).clone();
    let mut value = deployment.template.to_value();
    value["metadata"]["annotations"] =
        serde_json::json!({"kubectl.kubernetes.io/restartedAt": world.now().to_string()});
    deployment.template = Arc::new(Template::from_value(&value).unwrap());
    world.store_deployment(deployment);
}

fn unready(world: &World) -> usize {
    let pods = world.list(Kind::Pod, Some(SHOP), None);
    pods.filter(|object| !world.pod(&object.meta().key).unwrap().is_ready())
        .count()
}

#[test]
fn in_a_healthy_shop_only_the_watchdog_fires() {
    let mut world = begun(Scenario::Healthy);
    after(&mut world, 20);
    assert_eq!(firing(&world), ["Watchdog "]);
    assert_eq!(unready(&world), 0);
    assert!(firing(&begun(Scenario::Empty)).is_empty());
}

#[test]
fn every_story_is_told_by_its_alerts_when_somebody_is_paged() {
    let alerts_of = |scenario: Scenario| firing(&begun(scenario));
    let has = |all: &[String], part: &str| all.iter().any(|name| name.starts_with(part));
    let bad = alerts_of(Scenario::BadDeploy);
    assert!(has(&bad, "HighErrorRate checkout"), "{bad:?}");
    assert!(has(&bad, "KubePodCrashLooping checkout-"), "{bad:?}");
    let memory = alerts_of(Scenario::OutOfMemory);
    assert!(has(&memory, "ContainerOOMKilled catalog-"), "{memory:?}");
    assert!(has(&memory, "KubePodCrashLooping catalog-"), "{memory:?}");
    let pool = alerts_of(Scenario::ConnectionPool);
    assert!(
        has(&pool, "PostgresConnectionsExhausted orders-db"),
        "{pool:?}"
    );
    assert!(has(&pool, "HighErrorRate checkout"), "{pool:?}");
    let stuck = alerts_of(Scenario::StuckRollout);
    assert!(
        has(&stuck, "KubeDeploymentRolloutStuck frontend"),
        "{stuck:?}"
    );
    assert!(has(&stuck, "KubePodNotReady frontend-"), "{stuck:?}");
    assert!(!has(&stuck, "HighErrorRate"), "{stuck:?}");
}

#[test]
fn an_alert_that_goes_on_keeps_the_time_it_began() {
    let mut world = begun(Scenario::StuckRollout);
    let fired = |world: &World| {
        let mut all = world.alarms.all();
        let alarm = all.find(|alarm| alarm.rule.name == "KubeDeploymentRolloutStuck");
        alarm.unwrap().fired.unwrap()
    };
    let first = fired(&world);
    assert!(first < NOW && first > NOW - 5 * MINUTE);
    after(&mut world, 10);
    assert_eq!(fired(&world), first);
}

#[test]
fn the_bad_deploy_heals_by_going_back_and_by_nothing_else() {
    let mut world = begun(Scenario::BadDeploy);
    restart(&mut world, "checkout");
    after(&mut world, 10);
    assert!(fires(&world, "KubePodCrashLooping checkout-"));
    release(&mut world, "checkout", "1.9.1", "");
    after(&mut world, 8);
    assert_eq!(firing(&world), ["Watchdog "]);
    assert_eq!(unready(&world), 0);
}

#[test]
fn out_of_memory_heals_with_pods_enough_and_not_by_a_restart() {
    let mut world = begun(Scenario::OutOfMemory);
    restart(&mut world, "catalog");
    after(&mut world, 10);
    assert!(fires(&world, "ContainerOOMKilled catalog-"));
    scale(&mut world, "catalog", 4);
    after(&mut world, 10);
    assert!(
        fires(&world, "ContainerOOMKilled catalog-"),
        "four are too few"
    );
    scale(&mut world, "catalog", 5);
    after(&mut world, 15);
    assert_eq!(firing(&world), ["Watchdog "]);
    assert_eq!(unready(&world), 0);
}

#[test]
fn the_exhausted_pool_is_nobodys_sickness_and_heals_where_the_connections_are_held() {
    let mut world = begun(Scenario::ConnectionPool);
    assert_eq!(unready(&world), 0);
    restart(&mut world, "checkout");
    after(&mut world, 5);
    assert!(fires(&world, "PostgresConnectionsExhausted"));
    restart(&mut world, "inventory");
    after(&mut world, 5);
    assert_eq!(firing(&world), ["Watchdog "]);
    after(&mut world, 300);
    assert!(
        fires(&world, "PostgresConnectionsExhausted"),
        "a restart buys hours"
    );
    release(&mut world, "inventory", "1.3.6", "");
    after(&mut world, 6 * 60);
    assert_eq!(firing(&world), ["Watchdog "], "without {LEAKY} for good");
}

#[test]
fn a_wrong_restart_of_the_exhausted_pool_ends_no_alert_for_a_moment() {
    let mut world = begun(Scenario::ConnectionPool);
    let before = firing(&world);
    assert!(before.contains(&"HighErrorRate checkout".to_owned()));
    restart(&mut world, "checkout");
    for _ in 0..120 {
        world.advance(world.now() + MINUTE / 12);
        let now = firing(&world);
        assert!(before.iter().all(|name| now.contains(name)), "{now:?}");
    }
}

#[test]
fn the_stuck_rollout_serves_on_and_heals_by_going_back() {
    let mut world = begun(Scenario::StuckRollout);
    let serving = world.error_percent(&Key::new(SHOP, "frontend"));
    assert_eq!((serving, unready(&world)), (0, 2));
    release(&mut world, "frontend", "4.12.0", "");
    after(&mut world, 3);
    assert_eq!(firing(&world), ["Watchdog "]);
    assert_eq!(unready(&world), 0);
}

#[test]
fn what_an_alert_counts_is_true_of_the_world() {
    let world = begun(Scenario::StuckRollout);
    let mut all = world.alarms.all();
    let alarm = all.find(|alarm| alarm.rule.name == "KubeDeploymentRolloutStuck");
    let text = &alarm.unwrap().finding.annotations["description"];
    let frontend = world.deployment(&Key::new(SHOP, "frontend")).unwrap();
    let pods = world.list(Kind::Pod, Some(SHOP), None);
    let new = pods.filter_map(|object| world.pod(&object.meta().key));
    let new = new.filter(|pod| {
        let mut containers = pod.template.containers.iter();
        containers.any(|container| container.image.ends_with("frontend:4.13.0"))
    });
    let ready = new.filter(|pod| pod.is_ready()).count();
    assert_eq!((ready, frontend.replicas), (0, 4));
    assert!(
        text.contains("0 of 4 pods are of the new revision and ready"),
        "{text}"
    );
}

#[test]
fn a_name_nearly_right_gets_the_nearest_and_every_scenario_has_its_note() {
    let said = Scenario::unknown("out-of-memroy").to_string();
    assert!(said.contains("did you mean \"out-of-memory\"?"), "{said}");
    let said = Scenario::unknown("zzzzzzzz").to_string();
    assert!(
        !said.contains("did you mean") && said.contains("stuck-rollout"),
        "{said}"
    );
    for &scenario in Scenario::ALL {
        assert_eq!(Scenario::named(scenario.name()), Some(scenario));
        let note = scenario.note();
        for part in [
            "**Cause.**",
            "**Way to heal.**",
            "**What the screen should have told.**",
        ] {
            assert!(note.contains(part), "{}: no {part}", scenario.name());
        }
        assert!(note.starts_with(&format!("# {}:", scenario.name())));
    }
}
