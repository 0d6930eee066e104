//! When each server is free next, in a heap (J. Kiefer, J. Wolfowitz, "On the theory of queues with many servers", Trans. AMS 78
//! (1955) 1): customers one after the other, each with its wait. First come, first served, or it does not hold; no timeouts.

use crate::System;
use crate::chance::Chance;

pub fn mean_wait(System { load, servers }: System, customers: u32, seed: u64) -> f64 {
    let mut chance = Chance::new(seed);
    let mut free_at = vec![0.0_f64; usize::try_from(servers).expect("fits")];
    let (mut now, mut waited) = (0.0_f64, 0.0);
    for _ in 0..customers {
        now += chance.exponential() / load;
        let begins = now.max(free_at[0]);
        waited += begins - now;
        sink(&mut free_at, begins + chance.exponential());
    }
    waited / f64::from(customers)
}

/// Replaces the top.
fn sink(heap: &mut [f64], time: f64) {
    let mut at = 0;
    while let Some(&left) = heap.get(2 * at + 1) {
        let (mut child, mut earliest) = (2 * at + 1, left);
        if let Some(&right) = heap.get(child + 1)
            && right < earliest
        {
            (child, earliest) = (child + 1, right);
        }
        if earliest >= time {
            break;
        }
        heap[at] = earliest;
        at = child;
    }
    heap[at] = time;
}
