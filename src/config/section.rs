//! The section `[alertmanager]`: one for every context, and `[alertmanager.contexts.NAME]` for single ones. A faulty one is
//! not asked at all: half a set of credentials must not go to half an address.

use super::file::{Given, Row};
use super::setting::{Place, Reader};
use super::typed::{duration, nearest, text};
use kubernetes::alertmanager::{
    Alertmanager, Credentials, INTERVAL_MIN, Place as AlertPlace, TIME_MAX,
};
use std::path::PathBuf;
use std::time::Duration;

/// What may stand in a section.
const NAMES: [&str; 8] = [
    "url",
    "service",
    "basic-file",
    "bearer-file",
    "headers-file",
    "ca-file",
    "interval",
    "timeout",
];
/// The section of single contexts.
const CONTEXTS: &str = "contexts";
/// Shortest time in which an answer may be expected.
const TIMEOUT_MIN: Duration = Duration::from_secs(1);

/// What was read of one section so far.
#[derive(Default)]
struct Section {
    place: Option<AlertPlace>,
    credentials: Credentials,
    ca_file: Option<PathBuf>,
    interval: Option<Duration>,
    timeout: Option<Duration>,
    is_faulty: bool,
}

impl Reader<'_> {
    /// A URL or Service alone, or a section.
    pub(super) fn alertmanager(&mut self, place: &Place<'_>, value: Given) {
        let rows = match value {
            Given::Table(rows) => rows,
            other => {
                let parsed = text(other).and_then(|text| AlertPlace::parse(&text));
                match parsed {
                    Ok(at) => self.config.alertmanagers.every = Some(Alertmanager::at(at)),
                    Err(what) => self.alertless(&place.name, &format!("alertmanager: {what}")),
                }
                return;
            }
        };
        let (contexts, own): (Vec<Row>, Vec<Row>) =
            rows.into_iter().partition(|row| row.name == CONTEXTS);
        if let Some(alertmanager) = self.section(place, "alertmanager", own) {
            self.config.alertmanagers.every = Some(alertmanager);
        }
        for row in contexts {
            let Given::Table(contexts) = row.value else {
                let name = line(place, &row);
                self.alertless(&name, "alertmanager.contexts: must be sections, such as [alertmanager.contexts.prod-eu]");
                continue;
            };
            for context in contexts {
                let name = line(place, &context);
                let Given::Table(rows) = context.value else {
                    self.alertless(&name, "alertmanager.contexts: must be a section, such as [alertmanager.contexts.prod-eu]");
                    continue;
                };
                let title = format!("alertmanager.contexts.{}", context.name);
                if let Some(alertmanager) = self.section(place, &title, rows) {
                    let contexts = &mut self.config.alertmanagers.contexts;
                    contexts.insert(context.name, alertmanager);
                }
            }
        }
    }

    /// Nobody is asked before this is put right.
    pub(super) fn alertless(&mut self, place: &str, what: &str) {
        self.config.alertmanagers.fault = Some(format!("{place}: {what}"));
        self.problem(
            place,
            format!("{what}; until it is right no alerts are seen"),
        );
    }

    fn section(&mut self, place: &Place<'_>, title: &str, rows: Vec<Row>) -> Option<Alertmanager> {
        let mut section = Section::default();
        for row in rows {
            let name = line(place, &row);
            let setting = row.name.clone();
            if let Err(what) = self.one(&mut section, place, row) {
                section.is_faulty = true;
                self.alertless(&name, &format!("{title}.{setting}: {what}"));
            }
        }
        let has_secrets = !section.credentials.is_none() || section.ca_file.is_some();
        match &section.place {
            _ if section.is_faulty => None,
            // The documented defaults alone.
            None if !has_secrets => None,
            None => {
                self.alertless(&place.name, &format!("{title}: names no url"));
                None
            }
            Some(AlertPlace::Service { .. }) if has_secrets => {
                self.alertless(&place.name, &format!("{title}: credentials and ca-file are for a url; a service is asked with those of the kubeconfig"));
                None
            }
            Some(at) => {
                let usual = Alertmanager::at(at.clone());
                Some(Alertmanager {
                    credentials: section.credentials,
                    ca_file: section.ca_file,
                    interval: section.interval.unwrap_or(usual.interval),
                    timeout: section.timeout.unwrap_or(usual.timeout),
                    ..usual
                })
            }
        }
    }

    fn one(&self, section: &mut Section, place: &Place<'_>, row: Row) -> Result<(), String> {
        let path = |value| text(value).map(|name| Some(self.beside(place, &name)));
        let credentials = &mut section.credentials;
        match row.name.as_str() {
            "url" | "service" if section.place.is_some() => {
                return Err("there is a url and a service: write one of them".to_owned());
            }
            "url" => section.place = Some(text(row.value).and_then(|url| AlertPlace::url(&url))?),
            "service" => {
                section.place = Some(text(row.value).and_then(|name| AlertPlace::service(&name))?);
            }
            "basic-file" => credentials.basic_file = path(row.value)?,
            "bearer-file" => credentials.bearer_file = path(row.value)?,
            "headers-file" => credentials.headers_file = path(row.value)?,
            "ca-file" => section.ca_file = path(row.value)?,
            "interval" => {
                section.interval = Some(duration(row.value, INTERVAL_MIN, TIME_MAX)?);
            }
            "timeout" => section.timeout = Some(duration(row.value, TIMEOUT_MIN, TIME_MAX)?),
            unknown => {
                return Err(match nearest(unknown, NAMES) {
                    Some(near) => format!("is unknown: did you mean \"{near}\"?"),
                    None => format!("is unknown: there are {}", NAMES.join(", ")),
                });
            }
        }
        if credentials.basic_file.is_some() && credentials.bearer_file.is_some() {
            return Err("there is a basic-file and a bearer-file: write one of them".to_owned());
        }
        Ok(())
    }
}

fn line(place: &Place<'_>, row: &Row) -> String {
    format!("{}:{}", place.file, row.line)
}
