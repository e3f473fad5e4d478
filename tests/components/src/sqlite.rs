//! SQLite's own shell, as Debian packs it: an older SQLite than ours, and what a person looks into the file with.

use std::path::Path;
use std::process::Command;

/// Set where no test may be skipped, as `.ci/run` does.
const REQUIRED: &str = "WATCHFLOOR_REQUIRE_SQLITE3";

/// `None`, and one line that says how to get it, where it is missing.
pub fn find() -> Option<Sqlite3> {
    let program = "sqlite3";
    if Command::new(program).arg("--version").output().is_ok() {
        return Some(Sqlite3 { program });
    }
    let missing = "no sqlite3; get it with `apt-get install --no-install-recommends sqlite3`";
    assert!(std::env::var_os(REQUIRED).is_none(), "{missing}");
    eprintln!("skipped: {missing}");
    None
}

/// It is installed.
pub struct Sqlite3 {
    program: &'static str,
}

impl Sqlite3 {
    /// What it answers.
    pub fn ask(&self, file: &Path, sql: &str) -> String {
        let output = Command::new(self.program)
            .arg(file)
            .arg(sql)
            .output()
            .unwrap();
        assert!(output.status.success(), "{sql}: {output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}
