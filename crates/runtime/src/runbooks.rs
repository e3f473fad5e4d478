//! Reads the folders of runbooks, on a thread of its own: a folder may lie on a disk that does not answer.

pub mod folder;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use model::message::{
    Input, Msg, RunbookAnswer, RunbookEffect, RunbookMsg, RunbookOffer, RunbookPlace,
};
use runbook::{DOCUMENT_BYTES_MAX, IndexedRunbook, RunbookQuestion, UrlRewrite, find};
use text::Outside;

use crate::Say;
use folder::DocumentFile;

/// So many questions may wait for an answer: a person asks one at a time.
const QUEUE_MAX: usize = 8;
/// Documents that are listed when none fits.
const OFFERS_MAX: usize = 1_000;
/// Things that could not be read and are said one by one.
const UNREAD_MAX: usize = 20;

/// Where documents are looked for.
#[derive(Clone, Debug, Default)]
pub struct RunbookFolders {
    pub folders: Vec<PathBuf>,
    /// Addresses that stand for paths below a folder.
    pub urls: Vec<UrlRewrite>,
    /// Path and text of documents that the program brings along; they count as one folder behind the others.
    pub samples: &'static [(&'static str, &'static str)],
}

/// The loop's end of the thread.
pub struct RunbookReader {
    queue: Option<SyncSender<RunbookEffect>>,
    say: Say,
}

impl RunbookReader {
    /// It lives until this is dropped. Where the system gives no thread, every question is answered by that.
    pub fn start(folders: RunbookFolders, say: Say) -> RunbookReader {
        let (queue, asked) = sync_channel(QUEUE_MAX);
        let answer = say.clone();
        let reader = Reader {
            folders,
            known: BTreeMap::new(),
        };
        let thread = std::thread::Builder::new().name("runbooks".into());
        let started = thread.spawn(move || reader.run(&asked, &answer));
        if let Err(error) = &started {
            tracing::error!(%error, "no thread for the runbooks");
        }
        RunbookReader {
            queue: started.ok().map(|_| queue),
            say,
        }
    }

    /// Asks; what it finds comes as a message.
    pub fn run(&self, effect: RunbookEffect) {
        let sent = self.queue.as_ref().map(|queue| queue.try_send(effect));
        if let Some(Ok(())) = sent {
            return;
        }
        let why = "the folders of runbooks do not answer; see whether their disk does";
        (self.say)(Msg::Input(Input::Failed(why.into())));
    }
}

/// The thread's end.
struct Reader {
    folders: RunbookFolders,
    /// What was read of files that have not changed since; no more than the walks found.
    known: BTreeMap<PathBuf, (DocumentFile, IndexedRunbook)>,
}

impl Reader {
    fn run(mut self, asked: &Receiver<RunbookEffect>, say: &Say) {
        while let Ok(effect) = asked.recv() {
            let msg = match effect {
                RunbookEffect::Find { request, question } => RunbookMsg::Found {
                    request,
                    found: Ok(self.find(&question)),
                },
                RunbookEffect::Read { request, file } => RunbookMsg::Read {
                    request,
                    read: self.read(&file).map(|bytes| Outside::from_bytes(&bytes)),
                },
            };
            say(Msg::Runbook(msg));
        }
    }

    fn find(&mut self, question: &RunbookQuestion) -> RunbookAnswer {
        let mut answer = RunbookAnswer::default();
        let index = self.index(&mut answer);
        let search = find(&index, &self.folders.urls, question);
        answer.looked_for = search.looked_for;
        answer.is_fitting = !search.found.is_empty();
        answer.offers = if answer.is_fitting {
            let found = search.found.into_iter().map(|found| RunbookOffer {
                reason: Some(found.by.words()),
                anchor: found.anchor,
                ..offer(&index[found.document])
            });
            found.collect()
        } else {
            index.iter().map(offer).take(OFFERS_MAX).collect()
        };
        answer
    }

    /// Every document, and on the way what could not be read.
    fn index(&mut self, answer: &mut RunbookAnswer) -> Vec<IndexedRunbook> {
        let mut index = Vec::new();
        let mut before = std::mem::take(&mut self.known);
        for (at, root) in self.folders.folders.iter().enumerate() {
            answer.folders.push(shown(root));
            let walk = folder::walk(root);
            let unread = walk.unread.into_iter();
            let unread = unread.map(|one| format!("{}: {}", one.path.raw(), one.why).into());
            answer.unread.extend(unread);
            for file in walk.documents {
                let known = before.remove(&file.path);
                let known = known.filter(|(seen, entry)| *seen == file && entry.folder == at);
                let entry = match known {
                    Some((_, entry)) => entry,
                    None => match folder::read(&file.path) {
                        Ok(bytes) => {
                            IndexedRunbook::new(at, file.name.clone(), &runbook::parse(&bytes))
                        }
                        Err(why) => {
                            let why = format!("{}: {why}", shown(&file.path).raw());
                            answer.unread.push(why.into());
                            continue;
                        }
                    },
                };
                index.push(entry.clone());
                self.known.insert(file.path.clone(), (file, entry));
            }
        }
        answer.unread.truncate(UNREAD_MAX);
        if !self.folders.samples.is_empty() {
            answer.folders.push("the samples of the demo".into());
            let at = self.folders.folders.len();
            let samples = self.folders.samples.iter();
            index.extend(samples.map(|(path, text)| {
                IndexedRunbook::new(at, *path, &runbook::parse(text.as_bytes()))
            }));
        }
        index
    }

    fn read(&self, file: &RunbookPlace) -> Result<Vec<u8>, Outside> {
        let Some(root) = self.folders.folders.get(file.folder) else {
            let mut samples = self.folders.samples.iter();
            let sample = samples.find(|(path, _)| *path == file.path.raw());
            let gone = || format!("{} is gone", file.path.raw()).into();
            return sample
                .map(|(_, text)| text.as_bytes().to_vec())
                .ok_or_else(gone);
        };
        let path = root.join(path_of(&file.path.raw_bytes()));
        let name = shown(&path);
        let bytes =
            folder::read(&path).map_err(|why| format!("cannot read {}: {why}", name.raw()))?;
        if bytes.len() > DOCUMENT_BYTES_MAX {
            return Err(format!(
                "{} is too large to be read as a runbook: it has {} MiB, at most {} are read",
                name.raw(),
                bytes.len() >> 20,
                DOCUMENT_BYTES_MAX >> 20
            )
            .into());
        }
        Ok(bytes)
    }
}

fn offer(entry: &IndexedRunbook) -> RunbookOffer {
    RunbookOffer {
        file: RunbookPlace {
            folder: entry.folder,
            path: entry.path.clone(),
        },
        title: entry.title.clone(),
        reason: None,
        anchor: None,
    }
}

fn shown(path: &Path) -> Outside {
    Outside::from_bytes(path.as_os_str().as_encoded_bytes())
}

fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(OsStr::from_bytes(bytes))
}
