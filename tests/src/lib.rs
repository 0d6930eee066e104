//! What the tests share: the reference tables, and how far an answer may be from them.

pub mod tolerance;
pub mod vectors;
