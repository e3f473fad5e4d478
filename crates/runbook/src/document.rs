//! Events of the Markdown parser to blocks.

mod anchor;
mod html;
mod reader;
mod spans;

pub(crate) use anchor::Anchors;
pub use reader::DEPTH_MAX;
pub(crate) use reader::read;
