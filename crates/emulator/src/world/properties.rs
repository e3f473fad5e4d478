//! What must hold whatever is done to the world.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::json;

use super::object::{Amount, Key, Kind, Millis, Strategy};
use super::pod::Stage;
use super::rollout::{REVISION, bounds};
use super::template::Template;
use super::{NewDeployment, World};

const START: Millis = 1_760_000_000_000;

fn template(image: &str) -> Template {
    let value = json!({"metadata": {"labels": {"app": "checkout"}}, "spec": {"containers": [{"name": "app", "image": image}]}});
    Template::from_value(&value).unwrap()
}

fn key() -> Key {
    Key::new("shop", "checkout")
}

fn world(seed: u64, replicas: u32) -> World {
    let mut world = World::new(seed, START);
    world.add_node("node-0");
    world.add_namespace("shop");
    world.create_deployment(NewDeployment::new(
        key(),
        replicas,
        template("shop/checkout:1"),
    ));
    world.advance(START + 20_000);
    world
}

fn set_image(world: &mut World, image: &str) {
    let mut deployment = (**world.deployment(&key()).unwrap()).clone();
    deployment.template = Arc::new(template(image));
    world.store_deployment(deployment);
}

fn scale(world: &mut World, replicas: u32) {
    let mut deployment = (**world.deployment(&key()).unwrap()).clone();
    deployment.replicas = replicas;
    world.store_deployment(deployment);
}

fn available(world: &World) -> usize {
    world
        .list(Kind::Pod, None, None)
        .filter(|o| {
            world
                .pod(&o.meta().key)
                .is_some_and(|p| p.is_active() && p.is_ready())
        })
        .count()
}

fn active(world: &World) -> usize {
    world
        .list(Kind::Pod, None, None)
        .filter(|o| o.meta().deletion.is_none())
        .count()
}

const IMAGES: [&str; 5] = [
    "shop/checkout:1",
    "shop/checkout:2",
    "registry.example/fate:crash",
    "registry.example/fate:image-pull",
    "registry.example/fate:never-ready",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_rollout_keeps_to_surge_and_unavailable_at_every_moment(
        seed: u64, replicas in 1_u32..12, surge in 0_u32..4, unavailable in 0_u32..4, images in prop::collection::vec((0_usize..5, 1_i64..120_000), 1..5)
    ) {
        let mut world = world(seed, replicas);
        let mut deployment = (**world.deployment(&key()).unwrap()).clone();
        deployment.strategy = Strategy::Rolling { surge: Amount::Count(surge), unavailable: Amount::Count(unavailable) };
        let (surge, unavailable) = bounds(&deployment);
        world.store_deployment(deployment);
        let mut revision = 0;
        for (image, wait) in images {
            set_image(&mut world, IMAGES[image]);
            let end = world.now() + wait;
            // Pods that serve may not be taken away below the floor; broken ones never counted.
            let mut floor = available(&world).min((replicas - unavailable) as usize);
            while world.now() < end {
                let next = world.next_due().unwrap_or(end).min(end);
                world.advance(next);
                prop_assert!(active(&world) <= (replicas + surge) as usize, "{} pods of {replicas}+{surge}", active(&world));
                prop_assert!(available(&world) >= floor, "{} available, {floor} promised", available(&world));
                floor = floor.max(available(&world).min((replicas - unavailable) as usize));
                let present = world.deployment(&key()).unwrap().meta.annotation_number(REVISION);
                prop_assert!(present >= revision, "revision {present} after {revision}");
                revision = present;
            }
        }
    }

    #[test]
    fn the_same_seed_and_calls_make_the_same_world(seed: u64, image in 0_usize..5, replicas in 0_u32..9) {
        let live = || {
            let mut world = world(seed, 3);
            set_image(&mut world, IMAGES[image]);
            world.advance(START + 60_000);
            scale(&mut world, replicas);
            world.advance(START + 300_000);
            let kinds = [Kind::Deployment, Kind::ReplicaSet, Kind::Pod, Kind::Event];
            kinds.map(|kind| world.list(kind, None, None).cloned().collect::<Vec<_>>())
        };
        prop_assert_eq!(live(), live());
    }

    #[test]
    fn in_the_end_there_are_as_many_pods_as_asked_for(seed: u64, sizes in prop::collection::vec(0_u32..12, 1..6)) {
        let mut world = world(seed, 4);
        let mut wanted = 4;
        for size in sizes {
            set_image(&mut world, IMAGES[(size % 2) as usize]);
            scale(&mut world, size);
            world.advance(world.now() + 700);
            wanted = size;
        }
        world.advance(world.now() + 120_000);
        prop_assert_eq!((active(&world), available(&world)), (wanted as usize, wanted as usize));
        let condition = world.deployment(&key()).unwrap().status.condition("Progressing").unwrap().reason;
        prop_assert_eq!(condition, "NewReplicaSetAvailable");
    }
}

#[test]
fn a_crash_loop_waits_ten_seconds_then_twice_as_long_up_to_five_minutes() {
    let mut world = world(1, 1);
    set_image(&mut world, "registry.example/fate:crash");
    let mut waits = vec![];
    let end = world.now() + 3_600_000;
    while world.now() < end {
        world.advance(world.next_due().unwrap());
        let pods: Vec<_> = world
            .list(Kind::Pod, None, None)
            .filter_map(|o| world.pod(&o.meta().key))
            .collect();
        if let Some(pod) = pods
            .iter()
            .find(|p| p.stage == Stage::BackOff && p.since == world.now())
        {
            let wait = (pod.due.unwrap() - pod.since) / 1_000;
            if waits.len() < pod.restarts as usize {
                waits.push(wait);
            }
            assert_eq!(pod.ended.unwrap().code, 1);
        }
    }
    assert_eq!(waits[..7], [10, 20, 40, 80, 160, 300, 300]);
}

#[test]
fn a_rollout_that_stands_still_is_given_up_after_its_deadline() {
    let mut world = world(2, 3);
    set_image(&mut world, "registry.example/fate:image-pull");
    world.advance(world.now() + 590_000);
    assert_eq!(
        world
            .deployment(&key())
            .unwrap()
            .status
            .condition("Progressing")
            .unwrap()
            .reason,
        "ReplicaSetUpdated"
    );
    world.advance(world.now() + 30_000);
    assert_eq!(
        world
            .deployment(&key())
            .unwrap()
            .status
            .condition("Progressing")
            .unwrap()
            .reason,
        "ProgressDeadlineExceeded"
    );
}

#[test]
fn going_back_to_an_old_template_takes_its_replica_set_under_a_new_revision() {
    let mut world = world(3, 3);
    let first = world.replica_sets_of(world.deployment(&key()).unwrap().meta.uid)[0]
        .meta
        .uid;
    set_image(&mut world, "shop/checkout:2");
    world.advance(world.now() + 60_000);
    set_image(&mut world, "shop/checkout:1");
    world.advance(world.now() + 60_000);
    let deployment = world.deployment(&key()).unwrap();
    assert_eq!(deployment.meta.annotation_number(REVISION), 3);
    let serving: Vec<_> = world
        .replica_sets_of(deployment.meta.uid)
        .into_iter()
        .filter(|s| s.replicas > 0)
        .collect();
    assert_eq!((serving.len(), serving[0].meta.uid), (1, first));
    assert_eq!(
        serving[0].meta.annotations["deployment.kubernetes.io/revision-history"],
        "1"
    );
}

#[test]
fn recreate_starts_no_new_pod_before_the_last_old_one_has_gone() {
    let mut world = world(4, 3);
    let mut deployment = (**world.deployment(&key()).unwrap()).clone();
    deployment.strategy = Strategy::Recreate;
    deployment.template = Arc::new(template("shop/checkout:2"));
    world.store_deployment(deployment);
    let end = world.now() + 30_000;
    while world.now() < end {
        world.advance(world.next_due().unwrap().min(end));
        let pods: Vec<_> = world
            .list(Kind::Pod, None, None)
            .filter_map(|o| world.pod(&o.meta().key))
            .collect();
        let new = pods
            .iter()
            .filter(|p| &*p.template.containers[0].image == "shop/checkout:2")
            .count();
        assert!(new == 0 || new == pods.len(), "{new} new of {}", pods.len());
    }
    assert_eq!(available(&world), 3);
}

#[test]
fn a_paused_deployment_scales_but_makes_no_revision() {
    let mut world = world(5, 2);
    let mut deployment = (**world.deployment(&key()).unwrap()).clone();
    deployment.paused = true;
    deployment.replicas = 5;
    deployment.template = Arc::new(template("shop/checkout:2"));
    world.store_deployment(deployment);
    world.advance(world.now() + 30_000);
    let deployment = world.deployment(&key()).unwrap();
    assert_eq!(
        (
            deployment.meta.annotation_number(REVISION),
            available(&world)
        ),
        (1, 5)
    );
    assert_eq!(
        deployment.status.condition("Progressing").unwrap().reason,
        "DeploymentPaused"
    );
}

#[test]
fn churn_keeps_its_rate_and_the_number_of_pods() {
    let mut world = World::new(6, START);
    world.add_node("node-0");
    for i in 0..10 {
        let key = Key::new(format!("team-{i:02}"), "app");
        world.plant(
            NewDeployment::new(key, 50, template("shop/checkout:1")),
            3_600_000,
        );
    }
    world.advance(START + 10);
    world.set_churn(1_000);
    world.advance(START + 5_000);
    let before = world.version();
    world.advance(START + 15_000);
    let per_s = (world.version() - before) / 10;
    assert!(
        (800..=1_500).contains(&per_s),
        "{per_s} updates each second"
    );
    assert_eq!(active(&world), 500);
    assert_eq!(world.count(Kind::Event), 0);
}
