//! The least that a simulation of M/M/c can do: the number of customers goes up or down by one. There is no calendar, no customer
//! has a wait of its own, and only exponential times can be had: a limit, not a simulator. The mean wait is Little's.

use crate::System;
use crate::chance::Chance;

pub fn mean_wait(System { load, servers }: System, customers: u32, seed: u64) -> f64 {
    let mut chance = Chance::new(seed);
    let servers = f64::from(servers);
    let (mut present, mut now, mut waited) = (0.0_f64, 0.0, 0.0);
    for _ in 0..2 * customers {
        let rate = load + present.min(servers);
        let passed = chance.exponential() / rate;
        now += passed;
        waited += passed * (present - servers).max(0.0);
        present += if chance.uniform() * rate < load { 1.0 } else { -1.0 };
    }
    waited / (load * now)
}
