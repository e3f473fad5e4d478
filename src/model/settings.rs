//! What the user configured, as far as state depends on it.

/// Name patterns of scopes that start read-only: context, cluster, server host or namespace.
pub const PROTECTED: [&str; 3] = ["*prod*", "*prd*", "*live*"];

/// The settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `--read-only`: nothing leaves this machine but reads, and nothing can change that.
    pub is_read_only: bool,
    /// The emulated cluster: the banner stays.
    pub is_demo: bool,
    /// Patterns with `*`.
    pub protected: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            is_read_only: false,
            is_demo: false,
            protected: PROTECTED.map(str::to_owned).to_vec(),
        }
    }
}
