//! Carries out what is to be asked and done about a write. What changes a cluster is in [`change`] alone; the questions
//! before it are in [`checks`], what is read after it in [`read_back`].

mod answer;
mod change;
mod checks;
mod patch;
mod path;
mod read_back;

use std::time::Instant;

use tokio::sync::mpsc;

use super::cluster::Cluster;
use model::cluster::Problem;
use model::message::{Msg, WriteEffect, WriteMsg};
use model::write::WriteAnswer;
use model::write::preflight::Check;

/// Carries an effect out and sends what came of it.
pub(super) async fn run(effect: WriteEffect, cluster: &Cluster, messages: &mpsc::Sender<Msg>) {
    let send = |msg| messages.send(Msg::Write(msg));
    match effect {
        WriteEffect::Inspect {
            write,
            target,
            change,
            through,
        } => {
            let found = |check, finding| {
                send(WriteMsg::Found {
                    write,
                    change: change.clone(),
                    check,
                    finding,
                })
            };
            let permission = async {
                let finding = checks::permission(cluster, &target, &change).await;
                let _ = found(Check::Permission, finding).await;
            };
            let owner = async {
                let finding = checks::owner(cluster, &target, through.as_ref()).await;
                let _ = found(Check::Owner, finding).await;
            };
            let scaler = async {
                let finding = checks::autoscaler(cluster, &target).await;
                let _ = found(Check::Autoscaler, finding).await;
            };
            let manager = async {
                let finding = checks::manager(cluster, &target).await;
                let _ = found(Check::Manager, finding).await;
            };
            futures::join!(permission, owner, scaler, manager);
        }
        WriteEffect::DryRun {
            write,
            target,
            change,
        } => {
            let finding = checks::dry_run(cluster, &target, &change).await;
            let _ = send(WriteMsg::Found {
                write,
                change,
                check: Check::DryRun,
                finding,
            })
            .await;
        }
        WriteEffect::Send(confirmed, receipt) => {
            let began = Instant::now();
            let answer = change::send(cluster, &confirmed, receipt).await;
            let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
            let write = confirmed.write();
            let _ = send(WriteMsg::Answered {
                write,
                answer,
                took_ms,
            })
            .await;
        }
        WriteEffect::ReadBack {
            intent,
            target,
            change,
        } => {
            let state = read_back::read(cluster, &target, &change).await;
            let seen = state.map(|state| state.seen(&target, &change));
            let _ = send(WriteMsg::ReadBack { intent, seen }).await;
        }
    }
}

/// There is no client to send it with.
pub(super) fn not_sent(effect: &WriteEffect, problem: Problem) -> Option<WriteMsg> {
    match effect {
        WriteEffect::Send(confirmed, _) => Some(WriteMsg::Answered {
            write: confirmed.write(),
            answer: WriteAnswer::Refused {
                status: None,
                problem,
            },
            took_ms: 0,
        }),
        WriteEffect::ReadBack { intent, .. } => Some(WriteMsg::ReadBack {
            intent: *intent,
            seen: Err(problem),
        }),
        WriteEffect::Inspect { .. } | WriteEffect::DryRun { .. } => None,
    }
}
