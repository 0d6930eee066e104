//! What is to happen, the earliest first.

use alloc::vec::Vec;

/// Times of events with what happens then, as a heap of four children to a node: half as deep as one of two, and its
/// children lie side by side in memory.
///
/// # Source
/// D. B. Johnson, "Priority queues with update and finding minimum spanning trees", Inf. Process. Lett. 4 (1975) 53.
#[derive(Clone, Debug, Default)]
pub(super) struct Calendar {
    /// Bits of the times: these are not negative, so that their bits are in the same order as they are.
    times: Vec<u64>,
    /// What happens then, in the same places.
    whats: Vec<u32>,
    /// The top was taken, and its place is still empty: what is put in next goes there, one way through the heap instead of two.
    hollow: bool,
}

const CHILDREN: usize = 4;

impl Calendar {
    /// Time of the earliest; infinite where there is none.
    #[inline]
    pub(super) fn next_at(&self) -> f64 {
        self.times.first().map_or(f64::INFINITY, |&time| f64::from_bits(time))
    }

    /// Takes the earliest away. Until [`settle`](Self::settle), nothing may be asked but `push`.
    #[inline]
    pub(super) fn take(&mut self) -> Option<u32> {
        let &what = self.whats.first()?;
        self.hollow = true;
        Some(what)
    }

    /// Closes the gap that `take` left, if nothing has filled it.
    #[inline]
    pub(super) fn settle(&mut self) {
        if core::mem::take(&mut self.hollow) {
            if let (Some(time), Some(what)) = (self.times.pop(), self.whats.pop()) {
                if !self.times.is_empty() {
                    self.sink(time, what);
                }
            }
        }
    }

    #[inline]
    pub(super) fn push(&mut self, time: f64, what: u32) {
        let time = time.to_bits();
        if core::mem::take(&mut self.hollow) {
            self.sink(time, what);
        } else {
            self.rise(time, what);
        }
    }

    /// Puts an entry into a new place at the bottom, from where it rises.
    #[inline(always)]
    #[expect(clippy::indexing_slicing, reason = "a place in the heap, or its parent")]
    fn rise(&mut self, time: u64, what: u32) {
        let mut at = self.times.len();
        self.times.push(time);
        self.whats.push(what);
        let (times, whats) = (self.times.as_mut_slice(), self.whats.as_mut_slice());
        while at > 0 {
            let parent = (at - 1) / CHILDREN;
            if times[parent] <= time {
                break;
            }
            times[at] = times[parent];
            whats[at] = whats[parent];
            at = parent;
        }
        times[at] = time;
        whats[at] = what;
    }

    /// Puts an entry into the empty place at the top, from where it sinks.
    #[inline]
    #[expect(clippy::indexing_slicing, reason = "a place in the heap, or a child that it has")]
    fn sink(&mut self, time: u64, what: u32) {
        let times = self.times.as_mut_slice();
        // As long: said once, for the compiler.
        let whats = &mut self.whats.as_mut_slice()[..times.len()];
        let mut at = 0;
        loop {
            let first = CHILDREN * at + 1;
            let (child, earliest) = match times.get(first..).and_then(|rest| rest.first_chunk()) {
                // Without a jump: which of them is the earliest nobody can foresee.
                Some(&[a, b, c, d]) => {
                    let (left, right) = (usize::from(b < a), 2 + usize::from(d < c));
                    let (l, r) = (a.min(b), c.min(d));
                    (first + if r < l { right } else { left }, l.min(r))
                }
                _ => last_of(times, first),
            };
            if earliest >= time {
                break;
            }
            times[at] = earliest;
            whats[at] = whats[child];
            at = child;
        }
        times[at] = time;
        whats[at] = what;
    }
}

/// The earliest of fewer than four children at the end of the heap; the end of time where there is none.
#[cold]
fn last_of(times: &[u64], first: usize) -> (usize, u64) {
    let (mut child, mut earliest) = (first, u64::MAX);
    for (at, &time) in times.iter().enumerate().skip(first) {
        if time < earliest {
            (child, earliest) = (at, time);
        }
    }
    (child, earliest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::rng::Rng;

    #[test]
    fn the_earliest_comes_first() {
        let mut rng = Rng::new(3, 0);
        let mut calendar = Calendar::default();
        let mut times: Vec<f64> = Vec::new();
        for i in 0..20_000_u32 {
            match rng.below(4) {
                0 => {
                    let time = rng.uniform() * 1e3;
                    times.push(time);
                    calendar.push(time, i);
                }
                turn => {
                    times.sort_by(f64::total_cmp);
                    let earliest = times.first().copied().unwrap_or(f64::INFINITY);
                    assert_eq!(calendar.next_at().to_bits(), earliest.to_bits());
                    if !times.is_empty() {
                        times.remove(0);
                    }
                    calendar.take();
                    for _ in 1..turn {
                        let time = rng.uniform() * 1e3;
                        times.push(time);
                        calendar.push(time, i);
                    }
                    calendar.settle();
                }
            }
            assert_eq!(calendar.times.len(), times.len());
        }
    }
}
