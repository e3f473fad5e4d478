//! The promises that need a server to be broken.

mod hostile;
mod log_lines;
mod metadata;
mod read_only;
