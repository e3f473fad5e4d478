//! What the hands of a tired person meet: a cursor that is there, keys that are never wasted, refusals that say what to do
//! next, questions that are asked again.

mod cursor;
mod incident;
mod leaving;
mod mouse;
mod pages;
mod read_only;
mod refusals;
mod scale;
mod sideways;
mod successor;
mod told;
mod undo;
mod wrong_keys;
