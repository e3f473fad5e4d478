//! How the store's thread comes to an open timeline, and leaves one that is taken away or damaged.

use std::time::Instant;

use super::Worker;
use crate::store::checkup::Checkup;
use crate::store::disk::Disk;
use crate::store::note_file::NoteFile;
use crate::store::seen::Seen;
use crate::store::verify::Report;
use crate::store::{file, problem};
use model::journal::{StoreProblem, Trouble};
use model::message::StoreMsg;

impl Worker {
    pub(super) fn is_displaced(&self) -> bool {
        let displaced = self.disk.as_ref().and_then(Disk::displaced);
        displaced.is_some()
    }

    /// Closes a file that others no longer find under its name; first what only its connection still sees is read. The old
    /// connection must be gone before the next one is opened: in one process SQLite shares the index of the log between them.
    pub(super) fn leave_displaced(&mut self) {
        let Some(disk) = &self.disk else { return };
        let Some(displaced) = disk.displaced() else {
            return;
        };
        self.rescue.read(disk, displaced);
        self.close();
    }

    /// Closes a file in which the check found damage.
    pub(super) fn leave_damaged(&mut self) {
        if !self.checkup.as_ref().is_some_and(Checkup::is_finished) {
            return;
        }
        match self.checkup.take().and_then(Checkup::report) {
            Some(report) if report.damage.is_some() => {
                self.close();
                self.is_damaged = true;
            }
            Some(report) if !report.faults.is_empty() => self.reporter.notice(&faults(&report)),
            Some(_) | None => {}
        }
    }

    pub(super) fn close(&mut self) {
        self.checkup = None; // before the connection that its own relies on
        self.disk = None;
    }

    pub(super) fn open_disk(&mut self) -> Result<Disk, StoreProblem> {
        let dir = self.dir.as_ref().map_err(StoreProblem::clone)?;
        let open = if self.is_damaged {
            Disk::repair
        } else {
            Disk::open
        };
        let opened = self
            .reporter
            .timed(&self.outbox, || open(dir, &self.identity))?;
        self.is_checked |= self.is_damaged;
        self.is_damaged = false;
        Ok(opened)
    }

    pub(super) fn open(&mut self) {
        let opened = self.open_disk();
        let opened = opened.and_then(|mut disk| {
            let place = disk.path().display().to_string();
            let failed = |error: rusqlite::Error| problem::sqlite(&error, &place);
            let rescued = self.rescue.write(&mut disk).map_err(failed)?;
            let (mut opening, last, damaged) = disk.opening().map_err(failed)?;
            if let (None, Some(dir)) = (&self.note_file, disk.path().parent()) {
                let (mut file, left) = NoteFile::open(dir, &disk.writer);
                let left = left.filter(|left| {
                    // When its file cannot be removed it is asked about again at the next start.
                    !(left.is_saved(&opening.recent) && file.keep(None).is_ok())
                });
                self.note_file = Some(file);
                opening.note_draft = left.map(|left| left.draft);
            }
            let damaged = (!damaged.is_empty()).then(|| {
                let names = file::names(&damaged);
                format!("{names}; `watchfloor verify` says more")
            });
            Ok((disk, opening, last, [rescued, damaged]))
        });
        match opened {
            Ok((disk, opening, place, [rescued, damaged])) => {
                let notices = [disk.notice().map(str::to_owned), rescued, damaged];
                let notices: Vec<String> = notices.into_iter().flatten().collect();
                if !notices.is_empty() {
                    self.reporter.notice(&notices.join("; "));
                }
                self.seen = Seen::up_to(place, &disk);
                if !std::mem::replace(&mut self.is_checked, true) {
                    self.checkup = Checkup::start(disk.path());
                }
                self.disk = Some(disk);
                self.reporter.recover();
                self.due.get_or_insert_with(Instant::now);
                self.reporter.say(StoreMsg::Opened(Box::new(opening)));
                if !notices.is_empty() {
                    self.reporter.say_health(&self.outbox);
                }
            }
            Err(problem) => {
                let is_news = problem.class == Trouble::Corrupt && !self.is_damaged;
                self.fail(problem);
                if is_news {
                    self.reporter.retry = Some(Instant::now());
                }
            }
        }
    }
}

fn faults(report: &Report) -> String {
    format!(
        "the timeline is not as it was written: {}; `watchfloor verify` says more",
        file::names(&report.faults)
    )
}
