//! The questions before a write, the write itself, and reading back: nothing else changes a cluster. Repeats nothing but
//! what the server said it did not apply.

pub(super) mod answer;
mod checks;
mod patch;
pub(super) mod request;

use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use self::answer::Outcome;
use self::request::{NotAnswered, read, write};
use super::cluster::Cluster;
use model::cluster::Problem;
use model::message::{Msg, WriteEffect, WriteMsg};
use model::write::preflight::Check;
use model::write::{Answer, Change, Confirmed, Receipt};

/// Tries of one write in all. Only a failed test with an unchanged value is tried again.
const TRIES: u32 = 5;
/// A write that has not come through by then is not tried again.
const DEADLINE: Duration = Duration::from_secs(20);
/// Between two tries: whoever writes at the same time is done by then.
const PAUSE: Duration = Duration::from_millis(200);
/// Carries an effect out and tells what came of it.
pub(super) async fn run(effect: WriteEffect, cluster: &Cluster, messages: &mpsc::Sender<Msg>) {
    let tell = |msg| messages.send(Msg::Write(msg));
    match effect {
        WriteEffect::Inspect {
            write,
            target,
            change,
            through,
        } => {
            let found = |check, finding| {
                tell(WriteMsg::Found {
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
            let _ = tell(WriteMsg::Found {
                write,
                change,
                check: Check::DryRun,
                finding,
            })
            .await;
        }
        WriteEffect::Send(confirmed, receipt) => {
            let began = Instant::now();
            let answer = send(cluster, &confirmed, receipt).await;
            let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
            let write = confirmed.write();
            let _ = tell(WriteMsg::Answered {
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
            let standing = read(cluster, &target, &change).await;
            let seen = standing.map(|standing| standing.seen(&target, &change));
            let _ = tell(WriteMsg::ReadBack { intent, seen }).await;
        }
    }
}

/// There is no client to send it with.
pub(super) fn not_sent(effect: &WriteEffect, problem: Problem) -> Option<WriteMsg> {
    match effect {
        WriteEffect::Send(confirmed, _) => Some(WriteMsg::Answered {
            write: confirmed.write(),
            answer: Answer::Refused {
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

/// The write. The receipt is the proof that it was recorded, or that somebody went on without.
async fn send(cluster: &Cluster, confirmed: &Confirmed, _: Receipt) -> Answer {
    let (target, change) = (confirmed.target(), confirmed.change());
    let end = Instant::now() + DEADLINE;
    // How the old value stands on the wire is known for a number; the annotation may lack its parent, and a template is
    // tested in the server's own words.
    let mut standing = match change {
        Change::Scale { .. } | Change::Restart { from: Some(_), .. } | Change::Replace { .. } => {
            None
        }
        Change::Restart { from: None, .. } | Change::Rollback(_) => {
            match read(cluster, target, change).await {
                Ok(standing) => Some(standing),
                Err(problem) => {
                    return Answer::Refused {
                        status: None,
                        problem,
                    };
                }
            }
        }
    };
    let mut tries = 0;
    loop {
        if let Some(standing) = &standing
            && !standing.is_as_shown(target, change)
        {
            return Answer::Changed {
                seen: standing.seen(target, change),
            };
        }
        tries += 1;
        let asked = patch::asked(target, change, standing.as_ref(), false);
        let outcome = match write(cluster, asked).await {
            Ok(response) => answer::outcome(response).await,
            Err(NotAnswered::NotSent(problem)) => Outcome::Refused {
                status: None,
                problem,
            },
            Err(NotAnswered::Unknown(problem)) => Outcome::Unknown(problem),
        };
        let (status, refusal) = match outcome {
            Outcome::Applied { resource_version } => {
                return Answer::Applied {
                    resource_version,
                    tries,
                };
            }
            Outcome::Refused { status, problem } => return Answer::Refused { status, problem },
            Outcome::Unknown(problem) => {
                let seen = read(cluster, target, change).await.ok();
                return Answer::Unknown {
                    problem,
                    seen: seen.map(|standing| standing.seen(target, change)),
                };
            }
            Outcome::NotApplied { status, problem } => (status, problem),
        };
        match read(cluster, target, change).await {
            Ok(now) if tries < TRIES && Instant::now() < end => standing = Some(now),
            Ok(now) if !now.is_as_shown(target, change) => {
                return Answer::Changed {
                    seen: now.seen(target, change),
                };
            }
            Ok(_) | Err(_) => {
                return Answer::Refused {
                    status: Some(status),
                    problem: refusal,
                };
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}
