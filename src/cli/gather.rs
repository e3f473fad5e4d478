//! Options given before a command count for it as well, as with kubectl; those that mean nothing to it are refused.

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

use super::{Access, Cli, Command, Console};

impl Cli {
    /// Reads the arguments, the program's name first. The error prints itself and knows its exit code.
    pub fn read(
        arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    ) -> Result<Cli, clap::Error> {
        let mut cli = Cli::try_parse_from(arguments)?;
        let (access, console) = (cli.access.clone(), cli.console.clone());
        let record = cli.recording.record.clone();
        let mut refused = Vec::new();
        match &mut cli.command {
            None => {}
            Some(Command::Doctor(doctor)) => {
                doctor.access.fill_from(access);
                doctor.console.fill_from(console);
                refused.extend(record.map(|_| "--record"));
            }
            Some(Command::Demo(demo)) => {
                demo.console.fill_from(console);
                demo.recording.record = demo.recording.record.take().or(record);
                refused = access.given();
            }
            Some(Command::Keys(keys)) => {
                keys.keymap = keys.keymap.take().or(console.keymap.clone());
                refused = access.given();
                refused.extend(
                    console
                        .given()
                        .into_iter()
                        .filter(|flag| *flag != "--keymap"),
                );
                refused.extend(record.map(|_| "--record"));
            }
            Some(
                Command::Export(_)
                | Command::Note(_)
                | Command::Timeline(_)
                | Command::Replay(_)
                | Command::Runbook(_)
                | Command::Verify
                | Command::Completions(_)
                | Command::Man(_),
            ) => {
                refused = access.given();
                refused.extend(console.given());
                refused.extend(record.map(|_| "--record"));
            }
        }
        match refused.first() {
            None => Ok(cli),
            Some(flag) => Err(Cli::command().error(
                ErrorKind::ArgumentConflict,
                format!("{flag} means nothing to this command: leave it out"),
            )),
        }
    }
}

impl Access {
    fn fill_from(&mut self, outer: Access) {
        let Access {
            kubeconfig,
            context,
            act_as,
            request_timeout,
        } = outer;
        self.kubeconfig = self.kubeconfig.take().or(kubeconfig);
        self.context = self.context.take().or(context);
        self.act_as = self.act_as.take().or(act_as);
        self.request_timeout = self.request_timeout.or(request_timeout);
    }

    fn given(&self) -> Vec<&'static str> {
        let flags = [
            (self.kubeconfig.is_some(), "--kubeconfig"),
            (self.context.is_some(), "--context"),
            (self.act_as.is_some(), "--as"),
            (self.request_timeout.is_some(), "--request-timeout"),
        ];
        named(&flags)
    }
}

impl Console {
    fn fill_from(&mut self, outer: Console) {
        if self.namespace.is_none() && !self.all_namespaces {
            self.namespace = outer.namespace;
            self.all_namespaces = outer.all_namespaces;
        }
        self.read_only |= outer.read_only;
        self.keymap = self.keymap.take().or(outer.keymap);
        self.alertmanager = self.alertmanager.take().or(outer.alertmanager);
    }

    fn given(&self) -> Vec<&'static str> {
        let flags = [
            (self.namespace.is_some(), "--namespace"),
            (self.all_namespaces, "--all-namespaces"),
            (self.alertmanager.is_some(), "--alertmanager"),
            (self.read_only, "--read-only"),
            (self.keymap.is_some(), "--keymap"),
        ];
        named(&flags)
    }
}

fn named(flags: &[(bool, &'static str)]) -> Vec<&'static str> {
    flags
        .iter()
        .filter(|(is_given, _)| *is_given)
        .map(|(_, name)| *name)
        .collect()
}
