//! What the reason of a waiting container means for its pod.

use text::Outside;

/// What the reason of a waiting container means:
/// <https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/images/types.go> and `kuberuntime`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitingReason {
    /// It is being started.
    Starting,
    /// It died, and is started again after a while.
    Crashing,
    /// It cannot be started: its image or its configuration.
    CannotStart,
    /// A reason that nobody here knows.
    Other,
}

impl WaitingReason {
    /// By the word of the container's status.
    pub fn of(reason: &Outside) -> WaitingReason {
        match reason.raw() {
            "" | "ContainerCreating" | "PodInitializing" => WaitingReason::Starting,
            "CrashLoopBackOff" | "RunContainerError" | "StartError" => WaitingReason::Crashing,
            "ErrImagePull"
            | "ImagePullBackOff"
            | "ErrImageNeverPull"
            | "ImageInspectError"
            | "InvalidImageName"
            | "RegistryUnavailable"
            | "CreateContainerConfigError"
            | "CreateContainerError" => WaitingReason::CannotStart,
            _ => WaitingReason::Other,
        }
    }

    /// It does not pass by itself.
    pub fn is_fatal(self) -> bool {
        match self {
            WaitingReason::Crashing | WaitingReason::CannotStart => true,
            WaitingReason::Starting | WaitingReason::Other => false,
        }
    }
}
