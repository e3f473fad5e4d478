//! Why the console does not do a line by itself.

/// Why a line runs as a guarded process, and not by the console itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GuardedReason {
    /// A program without native actions.
    Program(String),
    /// A known program asked for what has no native action.
    NotNative(String),
    /// A part of the shell itself, as `cd`.
    Builtin(String),
    /// Its output goes through another program.
    Piped(String),
    /// Only a shell can work a part of it out.
    Computed,
    /// A loop, a condition, a group or a function.
    Script,
    /// It reads a file of this machine.
    ReadsFile,
}

impl GuardedReason {
    /// Does it take a shell, or would the words alone do?
    pub fn needs_shell(&self) -> bool {
        match self {
            GuardedReason::Program(_) | GuardedReason::NotNative(_) => false,
            GuardedReason::Builtin(_)
            | GuardedReason::Piped(_)
            | GuardedReason::Computed
            | GuardedReason::Script
            | GuardedReason::ReadsFile => true,
        }
    }

    pub fn words(&self) -> String {
        match self {
            GuardedReason::Program(program) => format!("{program} has no native action"),
            GuardedReason::NotNative(why) => why.clone(),
            GuardedReason::Builtin(name) => format!("{name} is a part of the shell"),
            GuardedReason::Piped(program) => format!("its output goes through {program}"),
            GuardedReason::Computed => "a part of it is worked out by a shell".into(),
            GuardedReason::Script => "it is a script of several commands".into(),
            GuardedReason::ReadsFile => "it reads a file of this machine".into(),
        }
    }
}
