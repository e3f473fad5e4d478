//! The promises that need a server to be broken.

mod hostile;
mod log_lines;
mod read_only;
