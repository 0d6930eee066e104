//! Native tests, one module per topic.

mod abandonment;
mod erlang;
mod evaluate;
mod occupancy;
mod overload;
mod seams;
mod vectors;
