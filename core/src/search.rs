//! The smallest whole number that meets a target, when meeting it is monotone.

/// What was learned at one number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Probe {
    /// The target is met here, by its definition.
    pub(crate) meets: bool,
    /// The number before this one misses it, beyond what rounding could change.
    pub(crate) before_misses: bool,
    /// Where the boundary is believed to be, from here; may be wrong.
    pub(crate) step: f64,
}

/// Smallest whole number of at least `min` that meets; `guess` may be wrong, `probe` decides.
///
/// The answer is one that `probe` accepted, and the number before it one that it refused (or said to be refused), so a
/// guess can cost time but not correctness.
pub(crate) fn smallest(guess: f64, min: f64, probe: impl Fn(f64) -> Probe) -> f64 {
    let (mut low, mut high) = (min - 1.0, f64::INFINITY);
    let mut n = guess.max(min);
    let mut reach = 1.0;
    // Twice the bits of a double: bisection alone would have ended.
    for turn in 0..200 {
        let p = probe(n);
        let believed = crate::math::ceil(n + p.step);
        if p.meets {
            high = n;
            if p.before_misses {
                return n;
            }
        } else {
            low = n;
        }
        if high - low <= 1.0 {
            return high;
        }
        n = if turn < 6 {
            believed
        } else if high.is_finite() {
            low + crate::math::floor((high - low) / 2.0)
        } else {
            reach *= 4.0;
            low + reach
        };
        n = n.min(high - 1.0).max(low + 1.0);
    }
    high
}

#[cfg(test)]
mod tests {
    use super::{Probe, smallest};

    #[test]
    fn a_wrong_guess_costs_no_correctness() {
        for target in [0.0, 1.0, 2.0, 17.0, 1e6, 1e9 + 7.0] {
            for guess in [0.0, 5.0, 1e3, 1e12] {
                for step in [-1e9, -0.5, 0.0, 0.5, 3.0, 1e15] {
                    let found = smallest(guess, 0.0, |n| Probe { meets: n >= target, before_misses: false, step });
                    assert!((found - target).abs() < 0.5, "{target} from {guess} by {step}: {found}");
                }
            }
        }
    }
}
