//! Bad input through the front door: files of the person, and answers of a server met by our source over TLS on loopback. Each gets
//! one clear message, the rows that are fine stay, and a server that fails is asked at most once a second.

mod bodies;
mod calm;
mod refusals;
mod silence;
mod yaml;
