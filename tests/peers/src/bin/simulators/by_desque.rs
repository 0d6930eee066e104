//! desque's calendar, with events as its examples have them.

use std::cmp::Ordering;
use std::collections::VecDeque;

use desque::serial::{OkEvent, Simulation};
use desque::{SimState, SimTime};

use crate::System;
use crate::chance::Chance;

#[derive(Clone, Copy, Debug, PartialEq)]
struct Time(f64);

impl Eq for Time {}

impl PartialOrd for Time {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Time {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl SimTime for Time {}

struct Servers {
    system: System,
    chance: Chance,
    busy: u32,
    waiting: VecDeque<f64>,
    waited: f64,
    arrived: u32,
    customers: u32,
}

impl SimState<Time> for Servers {
    fn is_complete(&self, _: &Time) -> bool {
        self.arrived >= self.customers
    }
}

type Run = Simulation<Servers, Time>;

#[derive(Debug)]
struct Arrival;
#[derive(Debug)]
struct Departure;

fn begin(run: &mut Run) {
    let at = run.current_time().0 + run.state_mut().chance.exponential();
    run.schedule(Departure, Time(at)).expect("later");
}

impl OkEvent<Servers, Time> for Arrival {
    fn execute(&mut self, run: &mut Run) {
        let now = run.current_time().0;
        let state = run.state_mut();
        state.arrived += 1;
        let next = now + state.chance.exponential() / state.system.load;
        if state.busy < state.system.servers {
            state.busy += 1;
            begin(run);
        } else {
            state.waiting.push_back(now);
        }
        run.schedule(Self, Time(next)).expect("later");
    }
}

impl OkEvent<Servers, Time> for Departure {
    fn execute(&mut self, run: &mut Run) {
        let now = run.current_time().0;
        let state = run.state_mut();
        if let Some(since) = state.waiting.pop_front() {
            state.waited += now - since;
            begin(run);
        } else {
            state.busy -= 1;
        }
    }
}

pub fn mean_wait(system: System, customers: u32, seed: u64) -> f64 {
    let chance = Chance::new(seed);
    let state = Servers { system, chance, busy: 0, waiting: VecDeque::new(), waited: 0.0, arrived: 0, customers };
    let mut run = Simulation::new(state, Time(0.0));
    run.schedule(Arrival, Time(0.0)).expect("later");
    run.run().expect("infallible");
    run.state().waited / f64::from(customers)
}
