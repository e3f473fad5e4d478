//! What an entry of the timeline is: its kind, its phase, who or what wrote it, who may read it.

use super::coded::coded;

coded! {
    /// The kind of an entry. The words are part of the file format.
    Kind {
        /// A person's note.
        Note = "note",
        Observation = "observation",
        /// A guess, to be confirmed or rejected.
        Hypothesis = "hypothesis",
        Decision = "decision",
        /// A write that is about to be sent: on disk before the request leaves.
        ActionIntent = "action.intent",
        /// What the server answered; refers to the intent.
        ActionResult = "action.result",
        /// What became of it in the cluster; refers to the intent.
        ActionVerdict = "action.verdict",
        /// The inverse was applied; refers to the intent.
        ActionUndone = "action.undone",
        /// A runbook was begun.
        RunbookStart = "runbook.start",
        /// A step of a runbook.
        RunbookStep = "runbook.step",
        /// A runbook ended.
        RunbookEnd = "runbook.end",
        /// An alert fires.
        AlertFired = "alert.fired",
        /// An alert was acknowledged.
        AlertAcknowledged = "alert.acknowledged",
        /// An alert was silenced.
        AlertSilenced = "alert.silenced",
        /// An alert ended.
        AlertResolved = "alert.resolved",
        /// A new revision was seen.
        Rollout = "change.rollout",
        /// A replica count changed.
        Scale = "change.scale",
        /// What was set changed: paused, cordoned, limits, a `ConfigMap`.
        Config = "change.config",
        /// Somebody deleted something.
        Deletion = "change.deletion",
        /// An image changed.
        Image = "change.image",
        /// Pods of a workload turned sick or well.
        PodTransition = "pod.transition",
        /// An event of the cluster.
        Event = "event",
        /// A health probe.
        Probe = "probe",
        /// Pinned log lines.
        LogPin = "pin.log",
        /// A pinned metric.
        MetricPin = "pin.metric",
        /// A message that was sent.
        MessageSent = "message.sent",
        /// Somebody was called in.
        Escalation = "escalation",
        /// The severity of the incident changed.
        SeverityChange = "severity.change",
        /// The incident moved to another phase: a milestone.
        PhaseChange = "phase.change",
        /// Users began to be hurt.
        ImpactStart = "impact.start",
        /// Users are no longer hurt.
        ImpactStop = "impact.stop",
        /// Something to do later.
        Todo = "todo",
        /// The watch was handed over.
        Handoff = "handoff",
        /// A console began to observe.
        ConsoleStart = "console.start",
        /// A console stopped observing.
        ConsoleStop = "console.stop",
        /// Amends an earlier entry, which stays as it was.
        Correction = "correction",
    }
}

impl Kind {
    /// What its entries are called on the screen.
    pub fn title(self) -> &'static str {
        match self {
            Kind::Note => "Note",
            Kind::Observation => "Observation",
            Kind::Hypothesis => "Hypothesis",
            Kind::Decision => "Decision",
            Kind::ActionIntent => "Write: what is to be done",
            Kind::ActionResult => "Write: what the server answered",
            Kind::ActionVerdict => "Write: what came of it",
            Kind::ActionUndone => "Write: taken back",
            Kind::RunbookStart => "Runbook begun",
            Kind::RunbookStep => "Step of a runbook",
            Kind::RunbookEnd => "Runbook ended",
            Kind::AlertFired => "Alert fires",
            Kind::AlertAcknowledged => "Alert acknowledged",
            Kind::AlertSilenced => "Alert silenced",
            Kind::AlertResolved => "Alert resolved",
            Kind::Rollout => "Rollout",
            Kind::Scale => "Replicas changed",
            Kind::Config => "Configuration changed",
            Kind::Deletion => "Deleted or evicted",
            Kind::Image => "Image changed",
            Kind::PodTransition => "Pods turned sick or well",
            Kind::Event => "Event",
            Kind::Probe => "Health probe",
            Kind::LogPin => "Pinned log line",
            Kind::MetricPin => "Pinned metric",
            Kind::MessageSent => "Message sent",
            Kind::Escalation => "Escalation",
            Kind::SeverityChange => "Severity changed",
            Kind::PhaseChange => "Phase of the incident",
            Kind::ImpactStart => "Impact begins",
            Kind::ImpactStop => "Impact ends",
            Kind::Todo => "To do",
            Kind::Handoff => "Handoff",
            Kind::ConsoleStart => "Console started",
            Kind::ConsoleStop => "Console stopped",
            Kind::Correction => "Correction",
        }
    }

    /// One narrow glyph and its ASCII form; the word stands beside it wherever there is room.
    pub fn glyph(self) -> (char, char) {
        match self {
            Kind::Note | Kind::Observation | Kind::Hypothesis | Kind::Decision => ('✎', '>'),
            Kind::ActionIntent | Kind::ActionResult | Kind::ActionVerdict => ('▸', '*'),
            Kind::ActionUndone => ('↶', 'u'),
            Kind::RunbookStart | Kind::RunbookStep | Kind::RunbookEnd => ('≡', '='),
            Kind::AlertFired => ('‼', '!'),
            Kind::AlertAcknowledged | Kind::AlertSilenced => ('~', '~'),
            Kind::AlertResolved => ('✓', 'v'),
            Kind::Rollout | Kind::Scale | Kind::Config | Kind::Deletion | Kind::Image => ('↑', '^'),
            Kind::PodTransition | Kind::Event | Kind::Probe => ('•', '.'),
            Kind::LogPin | Kind::MetricPin => ('§', '#'),
            Kind::MessageSent | Kind::Escalation | Kind::Handoff => ('→', '-'),
            Kind::SeverityChange | Kind::PhaseChange | Kind::ImpactStart | Kind::ImpactStop => {
                ('◆', '+')
            }
            Kind::Todo => ('□', 'o'),
            Kind::ConsoleStart | Kind::ConsoleStop => ('○', 'c'),
            Kind::Correction => ('±', '~'),
        }
    }

    /// Something was changed in the cluster, by whomever.
    pub fn is_change(self) -> bool {
        matches!(
            self,
            Kind::Rollout | Kind::Scale | Kind::Config | Kind::Deletion | Kind::Image
        )
    }

    /// Written by a person, or on a person's command: saved at once, never dropped, never de-duplicated.
    pub fn is_human(self) -> bool {
        match self {
            Kind::Note
            | Kind::Observation
            | Kind::Hypothesis
            | Kind::Decision
            | Kind::ActionIntent
            | Kind::ActionResult
            | Kind::ActionVerdict
            | Kind::ActionUndone
            | Kind::RunbookStart
            | Kind::RunbookStep
            | Kind::RunbookEnd
            | Kind::LogPin
            | Kind::MetricPin
            | Kind::MessageSent
            | Kind::Escalation
            | Kind::SeverityChange
            | Kind::PhaseChange
            | Kind::ImpactStart
            | Kind::ImpactStop
            | Kind::Todo
            | Kind::Handoff
            | Kind::Correction => true,
            Kind::AlertFired
            | Kind::AlertAcknowledged
            | Kind::AlertSilenced
            | Kind::AlertResolved
            | Kind::Rollout
            | Kind::Scale
            | Kind::Config
            | Kind::Deletion
            | Kind::Image
            | Kind::PodTransition
            | Kind::Event
            | Kind::Probe
            | Kind::ConsoleStart
            | Kind::ConsoleStop => false,
        }
    }
}

coded! {
    /// How far an incident is. Each step is a milestone of the post-mortem.
    Phase {
        /// Opened; nobody knows yet.
        Opened = "opened",
        /// Somebody is on it.
        Acknowledged = "acknowledged",
        /// The needed people are on it.
        Engaged = "engaged",
        /// Those outside were told.
        Communicated = "communicated",
        /// Users are no longer hurt.
        Mitigated = "mitigated",
        /// The cause is gone.
        Resolved = "resolved",
        /// Nothing more to do but the review.
        Closed = "closed",
    }
}

coded! {
    /// How a rollout ended, as the tag of the entry that tells of it.
    RolloutEnd {
        /// All pods are of the new revision and available.
        Done = "done",
        /// A pod of the new revision cannot live.
        Failing = "failing",
        /// Kubernetes gave up, or nothing moves.
        Stuck = "stuck",
        /// Another one took its place before it was done.
        Superseded = "superseded",
    }
}

coded! {
    /// What became of the request of a write, as the tag of its result.
    Outcome {
        /// It was carried out.
        Applied = "applied",
        /// It was changed meanwhile: nothing was done.
        NotApplied = "not-applied",
        /// The server said no.
        Refused = "refused",
        /// It was not sent.
        NotSent = "not-sent",
        /// Nobody heard the answer.
        Unknown = "unknown",
    }
}

coded! {
    /// Who or what wrote an entry.
    ActorKind {
        Human = "human",
        /// This program by itself.
        Console = "console",
        /// The Kubernetes cluster.
        Cluster = "cluster",
        Alertmanager = "alertmanager",
        /// A build or deploy system.
        Ci = "ci",
    }
}

coded! {
    /// Who may read an entry in an export.
    Visibility {
        Internal = "internal",
        /// Everybody: it may go to a status page.
        Public = "public",
    }
}

coded! {
    /// What an entry says about another one.
    LinkKind {
        /// It caused it.
        Caused = "caused",
        /// It fixed it.
        Fixed = "fixed",
        /// It may have caused it.
        Suspect = "suspect",
        /// It has nothing to do with it.
        Dismissed = "dismissed",
    }
}
