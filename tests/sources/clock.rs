//! A cluster whose clock is not the console's.

use chrono::{TimeDelta, Utc};
use components::rig::Rig;
use emulator::Options;
use model::kind::Kind;
use model::settings::Settings;
use model::sick;

const MINUTES: i64 = 20;

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_of_another_time_is_shown_as_it_sees_itself() {
    for (ahead_s, words) in [
        (MINUTES * 60, "clock 20m behind"),
        (-MINUTES * 60, "clock 20m ahead"),
    ] {
        let options = Options {
            ahead_s,
            ..Options::default()
        };
        let server = emulator::serve(&options).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let kubeconfig = folder.path().join("config");
        std::fs::write(&kubeconfig, server.kubeconfig()).unwrap();
        let settings = Settings {
            is_read_only: true,
            ..Settings::default()
        };
        let mut rig = Rig::new(&kubeconfig, "shop", settings).await;
        rig.until("it is live", Rig::is_live).await;
        rig.until("it is said", |rig| rig.screen().contains(words))
            .await;
        let differs_s = (rig.model.server_now() - Utc::now()).num_seconds() - ahead_s;
        assert!(differs_s.abs() <= 2, "{differs_s}");
        // What is some minutes old for the cluster is so on the screen.
        let (now, screen) = (rig.model.server_now().timestamp(), rig.screen());
        let pods = rig.model.cluster.pods.table.rows();
        let mut seen = 0;
        for (pod, created) in pods.filter_map(|pod| Some((pod, pod.created?.unix()))) {
            let minutes = now.div_euclid(60) - created.div_euclid(60);
            let mut lines = screen.lines();
            if let Some(line) = lines.find(|line| line.contains(pod.name.raw()))
                && (2..59).contains(&minutes)
            {
                seen += 1;
                let near = [minutes - 1, minutes].map(|minutes| format!(" {minutes}m "));
                assert!(near.iter().any(|age| line.contains(age)), "{near:?} {line}");
            }
        }
        assert!(seen > 0, "{screen}");
        // Each crash stands on the timeline at its local time.
        let is_crash = |title: &str| title.contains("crash:");
        rig.until("what was before is told", |rig| {
            rig.titles(Kind::PodTransition)
                .iter()
                .any(|title| is_crash(title))
        })
        .await;
        let mut told = rig.model.timeline.stored();
        let draft = told.find(|draft| is_crash(draft.title.raw()));
        let draft = draft.unwrap().clone();
        drop(told);
        let offset_ms = draft.clock_offset_ms.unwrap();
        assert!((offset_ms / 1_000 - ahead_s).abs() <= 2, "{offset_ms}");
        let stamped = draft.occurred_at + TimeDelta::milliseconds(offset_ms);
        let pods = rig.model.cluster.pods.table.rows();
        let ends: Vec<_> = pods
            .filter_map(|pod| sick::last_termination(pod)?.1.finished)
            .filter_map(model::time::Seconds::utc)
            .collect();
        let events = rig.model.cluster.warnings.table.rows();
        let events: Vec<_> = events.filter_map(|event| event.first?.utc()).collect();
        assert!(
            ends.contains(&stamped) || events.contains(&stamped),
            "{stamped}"
        );
        let now = Utc::now();
        assert!(draft.occurred_at <= now && draft.occurred_at > now - TimeDelta::hours(1));
        rig.close();
    }
}
