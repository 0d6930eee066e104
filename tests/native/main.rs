//! Native tests, one module per topic.

mod erlang;
mod evaluate;
mod occupancy;
mod seams;
mod vectors;
