//! Folders of runbooks that answer at once.

use model::message::{
    Effect, Msg, RunbookAnswer, RunbookEffect, RunbookMsg, RunbookOffer, RunbookPlace,
};
use model::screen::Pane;
use runbook::RunbookQuestion;
use text::Outside;

use super::console::Console;

/// One of everything that is drawn.
pub const DOCUMENT: &str = "---
title: A release fails
when_to_use: Errors, minutes after a release
blast_radius: Requests that the new pods take
escalation: The team that released it
---
# A release fails

The old pods keep serving while the **new ones** fail. Going back to what served *before* is quicker than finding the fault; see
[everything fails](complete-outage.md) and `kubectl help`.

## 1. Is it the release?

1. Compare the time of the first alert with that of the newest revision.
2. Tell the team:
   - the one that released it
   - ~~the one on call~~

```sh
# The revisions, and what each was made for
kubectl rollout history deployment/<deployment> -n <namespace>
# What they say before they end
kubectl logs -n <namespace> -l app=<deployment> --tail=50 | grep -iE 'error|fatal|exhausted|refused|timeout|denied'
kubectl delete pod 'unfinished
```

| what you see | what it is | go on with |
|---|---|---:|
| `CrashLoopBackOff` with an exit code | the program ends by itself | going back |
| `ImagePullBackOff` | the image was not pushed | going back, or push the image once more and wait for it |

> A restart starts the same image again.

---

## 2. Go back

```sh
kubectl rollout undo deployment/<deployment> -n <namespace> --to-revision=<revision>
kubectl delete deployment <deployment> -n <namespace>
```

- [ ] All pods are ready, and none restarts.
- [x] The alert is resolved.
";

pub fn offer(path: &str, title: &str, reason: Option<&str>) -> RunbookOffer {
    RunbookOffer {
        file: RunbookPlace {
            folder: 0,
            path: path.into(),
        },
        title: Some(title.into()),
        reason: reason.map(Outside::from),
        anchor: None,
    }
}

/// What a folder answers that has this.
pub fn answer(offers: Vec<RunbookOffer>) -> RunbookAnswer {
    RunbookAnswer {
        is_fitting: offers.iter().any(|offer| offer.reason.is_some()),
        offers,
        looked_for: vec!["a file named HighErrorRate.md, in any spelling".into()],
        folders: vec!["/srv/runbooks".into()],
        unread: Vec::new(),
    }
}

/// One document that fits.
pub fn fitting() -> RunbookAnswer {
    let reason = Some("its file name is the alert's");
    answer(vec![offer(
        "oncall/high-error-rate.md",
        "A release fails",
        reason,
    )])
}

/// Two that fit.
pub fn several() -> RunbookAnswer {
    answer(vec![
        offer(
            "oncall/high-error-rate.md",
            "A release fails",
            Some("its file name is the alert's"),
        ),
        offer(
            "complete-outage.md",
            "Everything fails",
            Some("labels match: alertname"),
        ),
    ])
}

impl Console {
    /// The last question that was asked.
    pub fn runbook_question(&self) -> Option<(u32, &RunbookQuestion)> {
        let mut effects = self.effects.iter().rev();
        effects.find_map(|effect| match effect {
            Effect::Runbook(RunbookEffect::Find { request, question }) => {
                Some((*request, question))
            }
            _ => None,
        })
    }

    /// The document that was asked for last.
    pub fn runbook_read(&self) -> Option<(u32, &RunbookPlace)> {
        let mut effects = self.effects.iter().rev();
        effects.find_map(|effect| match effect {
            Effect::Runbook(RunbookEffect::Read { request, file }) => Some((*request, file)),
            _ => None,
        })
    }

    /// The folders answer the last question.
    pub fn runbooks_found(&mut self, found: Result<RunbookAnswer, Outside>) {
        let request = self.runbook_question().map_or(0, |(request, _)| request);
        self.send(Msg::Runbook(RunbookMsg::Found { request, found }));
    }

    /// The document that was asked for last comes.
    pub fn runbook_comes(&mut self, text: &[u8]) {
        let request = self.runbook_read().map_or(0, |(request, _)| request);
        let read = Ok(Outside::from_bytes(text));
        self.send(Msg::Runbook(RunbookMsg::Read { request, read }));
    }

    /// The folders answer what was asked last, if anything was: several fit an alert, one fits everything else.
    pub fn runbooks_answer(&mut self) {
        if self.runbook_question().is_some() {
            let found = match self.model.screen.focus {
                Pane::Alerts => several(),
                Pane::Pods | Pane::Logs | Pane::Rollouts | Pane::Timeline => fitting(),
            };
            self.runbooks_found(Ok(found));
            self.runbook_comes(DOCUMENT.as_bytes());
        }
    }

    /// A document is open.
    pub fn reading(&mut self, text: &[u8]) {
        self.type_keys("R");
        self.runbooks_found(Ok(fitting()));
        self.runbook_comes(text);
    }
}
