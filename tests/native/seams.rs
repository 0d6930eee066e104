//! No jump where the kernel changes its method: both sides of each switch lie on one smooth curve.

use proxy_concurrency::erlang::{Loss, Queue};

/// Below the normal numbers by so much that the last unit does not count yet: their end is a seam as well.
const SCANNED: f64 = 2e-308;

fn loss(a: f64, c: f64) -> Loss {
    Loss::checked(a, c).expect("in range")
}

/// Scans 2000 loads around `seam`, each against the value at the seam carried over by the derivative.
fn scan(c: f64, seam: f64) {
    let at = loss(seam, c);
    let slope = c - seam * at.accepted();
    for i in -1000..=1000_i32 {
        // Steps of a few roundings, so that the second derivative does not count.
        let a = seam * (1.0 + f64::from(i) * 1e-15);
        let here = loss(a, c);
        let moved = slope * ((a - seam) / seam);
        if at.blocking() > SCANNED {
            let off = (here.blocking() / (at.blocking() * (1.0 + moved)) - 1.0).abs();
            assert!(off <= 4e-15 + moved * moved, "B({c}, {a}) off its curve by {off:e}");
        }
        let off = (here.ln_blocking() - (at.ln_blocking() + moved)).abs();
        assert!(off <= 4e-15 * (1.0 + at.ln_blocking().abs()) + moved * moved, "ln B({c}, {a}) off by {off:e}");
        if a < c && here.blocking() > SCANNED {
            let waiting = Queue::checked(a, c).expect("in range").waiting();
            let from_b = c * here.blocking() / ((c - a) + a * here.blocking());
            assert!((waiting / from_b - 1.0).abs() <= 4e-15, "C({c}, {a})");
        }
    }
}

/// The load below c whose Poisson exponent is `exponent`, by bisection; 0 when there is none.
fn load_of_exponent(c: f64, exponent: f64) -> f64 {
    let (mut low, mut high) = (0.0_f64, c);
    for _ in 0..200 {
        let a = 0.5 * (low + high);
        if (a - c) - c * (a / c).ln() > exponent { low = a } else { high = a }
    }
    low
}

/// The load below c at which `2c(y - atanh y)`, y = (a - c)/(a + c), is 0.3: from there on its part of the exponent has two
/// words.
fn load_of_second_word(c: f64) -> f64 {
    let (mut low, mut high) = (0.0_f64, c);
    for _ in 0..200 {
        let a = 0.5 * (low + high);
        let y = (a - c) / (a + c);
        if 2.0 * c * (y - y.atanh()) > 0.3 { low = a } else { high = a }
    }
    low
}

#[test]
fn loads_at_every_switch() {
    for c in [1.0, 2.0, 8.0, 9.0, 10.0, 47.0, 48.0, 49.0, 50.0, 100.0, 999.0, 1000.0, 1001.0, 99_999.0, 1e6, 1e7, 1e9] {
        // Fractions of c at which a method ends: small sums, series, expansion (in full and in part), the polynomials of the
        // exponent.
        for fraction in [0.5, 0.5686, 0.57, 0.75, 0.8181, 0.857_404_36, 1.0, 1.157_591_89, 1.2222, 1.65] {
            scan(c, fraction * c);
        }
        let a = load_of_second_word(c);
        if a > 0.57 * c {
            scan(c, a);
        }
        for exponent in [40.0, 600.0, 690.0, 745.0] {
            let a = load_of_exponent(c, exponent);
            if a > 1e-280 {
                scan(c, a);
            }
        }
    }
}

#[test]
fn loads_at_the_end_of_the_normal_numbers() {
    let queue = |a, c| Queue::checked(a, c).expect("in range");
    for c in [2.0, 8.0, 9.0, 48.0, 49.0, 50.0, 100.0, 999.0, 1000.0, 99_999.0, 1e6, 1e7, 1e9] {
        let of = |small: &dyn Fn(f64) -> f64| {
            let (mut low, mut high) = (0.0, c);
            for _ in 0..2000 {
                let a = 0.5 * (low + high);
                if small(a) < f64::MIN_POSITIVE { low = a } else { high = a }
            }
            high
        };
        scan(c, of(&|a| loss(a, c).blocking()));
        // Erlang C has its own end, where Erlang B is smaller still.
        let seam = of(&|a| queue(a, c).waiting());
        let (at, slope) = (queue(seam, c).waiting(), (c - seam) + seam / (c - seam));
        for i in -1000..=1000_i32 {
            let a = seam * (1.0 + f64::from(i) * 1e-15);
            let moved = slope * ((a - seam) / seam);
            let off = (queue(a, c).waiting() / (at * (1.0 + moved)) - 1.0).abs();
            assert!(off <= 4e-15 + moved * moved, "C({c}, {a}) off its curve by {off:e}");
        }
    }
}

#[test]
fn servers_at_every_switch() {
    // 48 and 49 are computed differently, and so are 999 and 1000: the recurrence joins them.
    for c in [7.0, 8.0, 9.0, 23.0, 24.0, 31.0, 32.0, 47.0, 48.0, 49.0, 64.0, 65.0, 998.0, 999.0, 1000.0, 1_000_001.0] {
        for i in 0..4000_i32 {
            let a = c * (0.3 + f64::from(i) * 4e-4);
            let (b, more) = (loss(a, c).blocking(), loss(a, c + 1.0).blocking());
            if more > 1e-300 {
                let off = (more / (a * b / (c + 1.0 + a * b)) - 1.0).abs();
                assert!(off <= 4e-15, "B({}, {a}) off the recurrence by {off:e}", c + 1.0);
            }
        }
    }
}

#[test]
fn idle_servers_at_every_switch() {
    for c in [2.0_f64, 24.0, 25.0, 31.0, 100.0, 1e4, 1e6, 1e9] {
        // The difference and the continued fraction meet six deviations above c.
        for seam in [c, c + 6.0 * c.sqrt()] {
            let (below, above) = (loss(seam * (1.0 - 1e-14), c).idle(), loss(seam * (1.0 + 1e-14), c).idle());
            let slack = 2e-14 * (1.0 + c.sqrt() * 40.0) + 1e-13;
            assert!((below / above - 1.0).abs() < slack, "idle({c}, {seam}): {below} {above}");
        }
    }
}
