//! What an effect needs beside clusters and store: the terminal, and an export.

use journal::command;
use model::message::{Effect, Input, Msg};
use terminal::GONE_STATUS;

use super::{Dirty, Running};

impl Running {
    pub(super) async fn run_effect(&mut self, effect: Effect) {
        match effect {
            Effect::Quit => self.exit = Some(0),
            Effect::Suspend => self.stop().await,
            Effect::Redraw => self.app.terminal.redraw(),
            Effect::Login => self.login().await,
            Effect::Copy(text) => {
                if let Err(error) = self.app.terminal.copy(text.raw()) {
                    self.fail(error.to_string()).await;
                }
            }
            Effect::Export => self.export(),
            // The runtime has run them.
            Effect::Cluster(_)
            | Effect::Write(_)
            | Effect::Logs(_)
            | Effect::Store(_)
            | Effect::Runbook(_) => {}
        }
    }

    /// On the store's thread: behind what was to be saved, and through the one connection of this process.
    fn export(&self) {
        let (incident, now) = (self.incident, self.app.runtime.now().wall);
        let answer = self.app.answer.clone();
        let (Some(dir), Some(store)) = (self.app.state.clone(), &self.app.runtime.store) else {
            let words = "nothing was exported: the timeline has no directory";
            drop(answer.send(Msg::Input(Input::Failed(words.into()))));
            return;
        };
        store.read(Box::new(move |disk, waiting| {
            let written = disk
                .map_err(command::Failure::from)
                .and_then(|disk| command::export_file(disk, &dir, incident, now));
            let done = match (written, waiting) {
                (Ok(path), 0) => Input::Done(format!("written to {}", path.display()).into()),
                (Ok(path), waiting) => Input::Failed(
                    format!(
                        "{waiting} entries that are not saved are not in {}",
                        path.display()
                    )
                    .into(),
                ),
                (Err(failure), _) => {
                    Input::Failed(format!("nothing was exported: {failure}").into())
                }
            };
            // Nobody listens when the console is leaving.
            drop(answer.send(Msg::Input(done)));
        }));
    }

    pub(super) async fn stop(&mut self) {
        match self.app.terminal.stop() {
            Ok(true) => self.dirty = Dirty::Now,
            Ok(false) => {
                self.fail("no shell is there that could continue us".to_owned())
                    .await
            }
            Err(error) => self.fail(format!("cannot stop: {error}")).await,
        }
    }

    /// What the loop itself could not do is said like everything else: by a message.
    pub(super) async fn fail(&mut self, words: String) {
        tracing::warn!(words);
        Box::pin(self.take(Msg::Input(Input::Failed(words.into())))).await;
    }

    /// The credential plugin gets the real terminal; the panes stay as they are meanwhile.
    async fn login(&mut self) {
        self.app.terminal.suspend();
        let result = self.app.runtime.login().await;
        if let Err(error) = self.app.terminal.resume() {
            tracing::error!(%error, "cannot take the terminal back");
            self.exit = Some(GONE_STATUS);
            return;
        }
        match result {
            Ok(()) => self.dirty = Dirty::Now,
            Err(problem) => {
                self.fail(format!("{}; {}", problem.what.raw(), problem.next))
                    .await
            }
        }
        self.app.runtime.restart();
    }
}
