//! Chance: when the next request comes, and how long its response takes.

use super::config::{Arrivals, ResponseTime};
use super::rng::{Exponential, Rng};
use crate::math;

/// The next arrival from outside.
#[derive(Clone, Debug)]
pub(super) struct ArrivalSource {
    arrivals: Arrivals,
    rng: Rng,
    /// So many times as fast as it is without a spell.
    speed: f64,
    /// Mean time between two, at that speed; in a burst, where there are bursts.
    gap: f64,
    /// Of the recorded times.
    position: usize,
    /// End of the burst that is under way.
    burst_ends: f64,
    /// When the next one comes; infinite for none.
    pub(super) next_at: f64,
}

impl ArrivalSource {
    pub(super) fn new(arrivals: Arrivals, rng: Rng, exponential: &Exponential) -> Self {
        let mut source = Self { arrivals, rng, speed: 1.0, gap: 0.0, position: 0, burst_ends: 0.0, next_at: 0.0 };
        source.set_speed(0.0, 1.0);
        // Evenly spaced ones begin at once; the others after a first gap.
        if !matches!(source.arrivals, Arrivals::Regular(rate) if rate > 0.0) {
            source.step(exponential);
        }
        source
    }

    /// On to the one after.
    #[inline]
    pub(super) fn step(&mut self, exponential: &Exponential) {
        if let Arrivals::Poisson(_) = self.arrivals {
            self.next_at += self.gap * exponential.draw(&mut self.rng);
        } else {
            self.step_otherwise(exponential);
        }
    }

    fn step_otherwise(&mut self, exponential: &Exponential) {
        self.next_at = match &self.arrivals {
            Arrivals::Poisson(_) => return,
            Arrivals::Regular(_) => self.next_at + self.gap,
            Arrivals::Bursty { peak, burst_s, .. } => {
                let pause = burst_s * (peak - 1.0);
                let mut at = self.next_at;
                loop {
                    let next = at + self.gap * exponential.draw(&mut self.rng);
                    // At a rate of 0 none ever comes: no burst would bring it.
                    if next <= self.burst_ends || next.is_infinite() {
                        break next;
                    }
                    // What is left of a gap when a burst ends has the distribution of a whole one.
                    at = self.burst_ends.max(at) + pause * exponential.draw(&mut self.rng);
                    self.burst_ends = at + burst_s * exponential.draw(&mut self.rng);
                }
            }
            Arrivals::Recorded(times) => {
                self.position += 1;
                times.get(self.position - 1).copied().unwrap_or(f64::INFINITY)
            }
            Arrivals::Closed { .. } => f64::INFINITY,
        };
    }

    /// From `now` on `speed` times as fast: what is left of the gap shrinks or grows. Recorded times stay.
    pub(super) fn set_speed(&mut self, now: f64, speed: f64) {
        if !matches!(self.arrivals, Arrivals::Recorded(_)) && self.next_at.is_finite() {
            let ratio = self.speed / speed;
            self.next_at = now + (self.next_at - now) * ratio;
            self.burst_ends = now + (self.burst_ends - now).max(0.0) * ratio;
        }
        self.speed = speed;
        let rate = match self.arrivals {
            Arrivals::Poisson(rate) | Arrivals::Regular(rate) => rate,
            Arrivals::Bursty { rate, peak, .. } => rate * peak,
            Arrivals::Recorded(_) | Arrivals::Closed { .. } => 0.0,
        };
        self.gap = if rate > 0.0 { 1.0 / (rate * speed) } else { f64::INFINITY };
    }
}

/// The next response time.
#[derive(Clone, Debug)]
pub(super) struct ResponseSource {
    time: ResponseTime,
    rng: Rng,
}

impl ResponseSource {
    pub(super) const fn new(time: ResponseTime, rng: Rng) -> Self {
        Self { time, rng }
    }

    #[inline]
    pub(super) fn draw(&mut self, exponential: &Exponential) -> f64 {
        if let ResponseTime::Exponential(mean) = self.time {
            return mean * exponential.draw(&mut self.rng);
        }
        self.draw_otherwise(exponential)
    }

    fn draw_otherwise(&mut self, exponential: &Exponential) -> f64 {
        match &self.time {
            ResponseTime::Deterministic(t) => *t,
            ResponseTime::Exponential(mean) => mean * exponential.draw(&mut self.rng),
            ResponseTime::Lognormal { mu, sigma } => math::exp(mu + sigma * self.rng.normal()),
            ResponseTime::Samples(times) => {
                let i = self.rng.below(u32::try_from(times.len()).unwrap_or(u32::MAX));
                usize::try_from(i).ok().and_then(|i| times.get(i)).copied().unwrap_or_default()
            }
        }
    }
}
