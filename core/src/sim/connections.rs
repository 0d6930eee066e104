//! The client's connections: which one a request takes, and which one is closed for being idle.

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use super::config::Pool;

/// Connections of one pool. A request takes one that is in use and has a stream left, else the one that became idle last,
/// else a new one: few stay in use, and the others grow old and are closed.
#[derive(Clone, Debug)]
pub(super) struct Connections {
    pool: Pool,
    all: Vec<Connection>,
    /// Closed ones, whose numbers are free.
    closed: Vec<u32>,
    /// In use, with streams left.
    partial: Vec<u32>,
    /// Idle ones, each with the time since when: the oldest first.
    idle: VecDeque<(u32, f64)>,
    open: u32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Connection {
    in_use: u32,
    /// Where it stands in `partial`.
    place: usize,
}

impl Connections {
    pub(super) const fn new(pool: Pool) -> Self {
        Self { pool, all: Vec::new(), closed: Vec::new(), partial: Vec::new(), idle: VecDeque::new(), open: 0 }
    }

    pub(super) const fn open(&self) -> u32 {
        self.open
    }

    /// Whether a request would find one open.
    pub(super) fn has_room(&self) -> bool {
        !self.partial.is_empty() || !self.idle.is_empty()
    }

    /// Takes a stream: the connection's number, and how long it takes until it is set up.
    pub(super) fn take(&mut self) -> (u32, f64) {
        if let Some(&number) = self.partial.last() {
            self.add(number);
            return (number, 0.0);
        }
        if let Some((number, _)) = self.idle.pop_back() {
            self.add(number);
            return (number, 0.0);
        }
        self.open += 1;
        let number = self.closed.pop().unwrap_or_else(|| {
            self.all.push(Connection::default());
            u32::try_from(self.all.len() - 1).unwrap_or(u32::MAX)
        });
        // Others must wait until it is set up: it offers its streams when its first request is done.
        if let Some(connection) = self.at(number) {
            *connection = Connection { in_use: 1, place: NOWHERE };
        }
        (number, self.pool.setup_s)
    }

    /// Gives a stream back.
    pub(super) fn give_back(&mut self, number: u32, now: f64) {
        let Some(connection) = self.at(number) else { return };
        connection.in_use -= 1;
        let (in_use, place) = (connection.in_use, connection.place);
        if in_use == 0 {
            self.leave_partial(number, place);
            self.idle.push_back((number, now));
        } else if place == NOWHERE {
            self.enter_partial(number);
        }
    }

    /// When the oldest idle one is closed; infinite where none is idle.
    pub(super) fn next_close(&self) -> f64 {
        self.idle.front().map_or(f64::INFINITY, |(_, since)| since + self.pool.idle_s)
    }

    /// Closes the oldest idle one.
    pub(super) fn close_oldest(&mut self) {
        if let Some((number, _)) = self.idle.pop_front() {
            self.closed.push(number);
            self.open -= 1;
        }
    }

    fn at(&mut self, number: u32) -> Option<&mut Connection> {
        self.all.get_mut(usize::try_from(number).ok()?)
    }

    fn add(&mut self, number: u32) {
        let streams = self.pool.streams;
        let Some(connection) = self.at(number) else { return };
        connection.in_use += 1;
        let (full, place) = (connection.in_use >= streams, connection.place);
        if full {
            self.leave_partial(number, place);
        } else if place == NOWHERE {
            self.enter_partial(number);
        }
    }

    fn enter_partial(&mut self, number: u32) {
        let place = self.partial.len();
        self.partial.push(number);
        if let Some(connection) = self.at(number) {
            connection.place = place;
        }
    }

    fn leave_partial(&mut self, number: u32, place: usize) {
        if place == NOWHERE {
            return;
        }
        self.partial.swap_remove(place);
        if let Some(&moved) = self.partial.get(place) {
            if let Some(connection) = self.at(moved) {
                connection.place = place;
            }
        }
        if let Some(connection) = self.at(number) {
            connection.place = NOWHERE;
        }
    }
}

const NOWHERE: usize = usize::MAX;

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(streams: u32) -> Connections {
        Connections::new(Pool { setup_s: 0.5, idle_s: 10.0, streams })
    }

    #[test]
    fn the_last_idle_one_is_taken_and_the_oldest_closed() {
        let mut connections = pool(1);
        assert_eq!(connections.take(), (0, 0.5));
        assert_eq!(connections.take(), (1, 0.5));
        connections.give_back(0, 1.0);
        connections.give_back(1, 2.0);
        assert_eq!(connections.take(), (1, 0.0));
        assert!((connections.next_close() - 11.0).abs() < 1e-9);
        connections.close_oldest();
        assert_eq!((connections.open(), connections.has_room()), (1, false));
        assert_eq!(connections.take(), (0, 0.5));
    }

    #[test]
    fn streams_share_a_connection_once_it_is_set_up() {
        let mut connections = pool(2);
        // Both at once, before either is set up: two connections.
        assert_eq!((connections.take(), connections.take()), ((0, 0.5), (1, 0.5)));
        connections.give_back(0, 1.0);
        assert_eq!((connections.take(), connections.take()), ((0, 0.0), (0, 0.0)));
        assert!(!connections.has_room(), "the other has not shown yet that it works");
        connections.give_back(1, 2.0);
        connections.give_back(0, 3.0);
        // The one in use first, so that the other may be closed.
        assert_eq!(connections.take(), (0, 0.0));
        assert!((connections.next_close() - 12.0).abs() < 1e-9);
    }
}
