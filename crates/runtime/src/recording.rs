//! The format of a recording: JSON, one value a line; the first says how the console began. Read by [`super::replay`].

use std::sync::Arc;

use std::io::{self, Write};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use keys::keymap::Keymap;
use model::Model;
use model::cluster::Scope;
use model::entry::{Actor, Ids};
use model::message::{Effect, Msg};
use model::settings::Settings;
use model::severity::Scheme;
use model::time::At;
use model::timeline::Timeline;
use text::Outside;
use view::theme::Theme;

/// Moves when a line means something else than before.
pub const FORMAT: u32 = 2;
/// A recording ends when it has grown to this: hours of an outage, and still something that can be sent to somebody.
pub const BYTES_MAX: u64 = 256 << 20;
/// A longer effect is kept as its digest: the search of a log names all the lines that it looks through.
const EFFECT_BYTES_MAX: usize = 8 << 10;
/// Of a longer effect so much stands beside the digest, to know it by.
const EFFECT_BEGIN_BYTES: usize = 80;

/// How the console began: all that its state depends on beside the messages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// Version of the program.
    pub watchfloor: String,
    /// [`FORMAT`].
    pub format: u32,
    pub at: At,
    /// Settings that the state depends on.
    pub settings: Settings,
    /// Name and text of the keymap that is laid over the built-in one.
    pub keymap: Option<(String, String)>,
    /// Colours and signs.
    pub theme: Theme,
    pub context: Outside,
    /// All contexts of the kubeconfig.
    #[serde(default)]
    pub contexts: Vec<Arc<str>>,
    /// What is watched at first.
    pub scope: Scope,
    /// Columns and rows.
    pub size: (u16, u16),
    /// Who sits there.
    pub person: Actor,
    /// The ids of entries come from it.
    pub seed: u64,
}

/// One line after the first.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// A message came, and caused these effects.
    Message {
        at: At,
        /// What, without secrets.
        msg: Box<Msg>,
        /// What [`effect`] makes of them.
        effects: Vec<Value>,
    },
    /// The state was drawn; frames are counted from 1.
    Frame(u32),
    /// The console ended.
    Leave {
        at: At,
        /// What it still did.
        effects: Vec<Value>,
    },
    /// The recording ended before the console did, for this reason.
    Stopped(String),
}

impl Start {
    /// The state before the first message. A keymap that cannot be read leaves the built-in keys.
    pub fn model(&self) -> Model {
        let overlay = self.keymap.as_ref().map(|(name, text)| (&**name, &**text));
        let keymap = Keymap::load(overlay.as_slice()).or_else(|_| Keymap::load(&[]));
        let mut model = Model::new(
            self.at,
            self.settings.clone(),
            keymap.unwrap_or_default(),
            self.context.clone(),
            self.scope.clone(),
        );
        model.cluster.contexts.clone_from(&self.contexts);
        let ids = Ids::seeded(self.seed);
        model.timeline = Timeline::new(self.person.clone(), ids, Scheme::default());
        model
    }
}

/// Effects as they are recorded and compared.
///
/// # Errors
/// One of them has no form in JSON.
pub fn effects(effects: &[Effect]) -> serde_json::Result<Vec<Value>> {
    effects.iter().map(effect).collect()
}

fn effect(effect: &Effect) -> serde_json::Result<Value> {
    let mut measured = Measured::default();
    serde_json::to_writer(&mut measured, effect)?;
    if measured.bytes <= EFFECT_BYTES_MAX {
        return serde_json::to_value(effect);
    }
    let sha256 = measured.digest.finalize();
    let hex: Vec<String> = sha256.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(json!({
        "begins": String::from_utf8_lossy(&measured.begin),
        "bytes": measured.bytes,
        "sha256": hex.concat(),
    }))
}

/// What is written is measured and not kept.
#[derive(Default)]
struct Measured {
    digest: Sha256,
    bytes: usize,
    begin: Vec<u8>,
}

impl Write for Measured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.digest.update(bytes);
        self.bytes += bytes.len();
        let room = EFFECT_BEGIN_BYTES.saturating_sub(self.begin.len());
        self.begin.extend(bytes.iter().take(room));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
