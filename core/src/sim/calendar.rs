//! What is to happen, the earliest first.

use alloc::vec::Vec;

/// Times of events with what happens then, as a heap of four children to a node: half as deep as one of two, and its
/// children lie side by side in memory.
///
/// # Source
/// D. B. Johnson, "Priority queues with update and finding minimum spanning trees", Inf. Process. Lett. 4 (1975) 53.
#[derive(Clone, Debug, Default)]
pub(super) struct Calendar {
    heap: Vec<Entry>,
    /// The top was taken, and its place is still empty: what is put in next goes there, one way through the heap instead of two.
    hollow: bool,
}

/// Times are not negative, so that their bits are in the same order as they are.
type Entry = (u64, u32);

const CHILDREN: usize = 4;

impl Calendar {
    /// Time of the earliest; infinite where there is none.
    #[inline]
    pub(super) fn next_at(&self) -> f64 {
        self.heap.first().map_or(f64::INFINITY, |&(time, _)| f64::from_bits(time))
    }

    /// Takes the earliest away. Until [`settle`](Self::settle), nothing may be asked but `push`.
    #[inline]
    pub(super) fn take(&mut self) -> Option<u32> {
        let &(_, what) = self.heap.first()?;
        self.hollow = true;
        Some(what)
    }

    /// Closes the gap that `take` left, if nothing has filled it.
    #[inline]
    pub(super) fn settle(&mut self) {
        if core::mem::take(&mut self.hollow) {
            if let Some(last) = self.heap.pop() {
                if !self.heap.is_empty() {
                    self.sink(last);
                }
            }
        }
    }

    #[inline]
    #[expect(clippy::indexing_slicing, reason = "a place in the heap, or its parent")]
    pub(super) fn push(&mut self, time: f64, what: u32) {
        let entry = (time.to_bits(), what);
        if core::mem::take(&mut self.hollow) {
            return self.sink(entry);
        }
        let mut at = self.heap.len();
        self.heap.push(entry);
        while at > 0 {
            let parent = (at - 1) / CHILDREN;
            if self.heap[parent].0 <= entry.0 {
                break;
            }
            self.heap[at] = self.heap[parent];
            at = parent;
        }
        self.heap[at] = entry;
    }

    /// Puts an entry into the empty place at the top.
    #[inline]
    #[expect(clippy::indexing_slicing, reason = "a place in the heap, or a child that it has")]
    fn sink(&mut self, entry: Entry) {
        let heap = self.heap.as_mut_slice();
        let mut at = 0;
        loop {
            let first = CHILDREN * at + 1;
            let (mut best, mut least) = (first, u64::MAX);
            if let Some(&[a, b, c, d]) = heap.get(first..first + CHILDREN) {
                let left = if b.0 < a.0 { (first + 1, b.0) } else { (first, a.0) };
                let right = if d.0 < c.0 { (first + 3, d.0) } else { (first + 2, c.0) };
                (best, least) = if right.1 < left.1 { right } else { left };
            } else {
                for (child, &(time, _)) in heap.iter().enumerate().skip(first) {
                    if time < least {
                        (best, least) = (child, time);
                    }
                }
            }
            if least >= entry.0 {
                break;
            }
            heap[at] = heap[best];
            at = best;
        }
        heap[at] = entry;
    }
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
            assert_eq!(calendar.heap.len(), times.len());
        }
    }
}
