//! Poisson occupancy against sums and its own definition.

use proptest::prelude::*;
use proxy_concurrency::occupancy::Occupancy;
use proxy_concurrency::{Erlangs, Probability};

fn occupancy(a: f64) -> Occupancy {
    Occupancy::new(Erlangs::new(a).expect("in range"))
}

#[test]
fn a_sum_of_the_probabilities_gives_the_same_shares() {
    for a in [1e-9, 0.3, 1.0, 7.5, 40.0, 64.5, 90.0, 150.0] {
        let pool = occupancy(a);
        let mut sum = 0.0;
        let mut term = (-a).exp();
        for n in 0..400_u32 {
            sum += term;
            assert!((pool.exactly(n) - term).abs() <= 1e-13 * term + 1e-300, "P({n}; {a})");
            assert!((pool.at_most(n) - sum).abs() <= 1e-13 * sum, "P(<= {n}; {a})");
            term *= a / f64::from(n + 1);
        }
    }
}

#[test]
fn far_tails_are_not_lost() {
    // Far from the mean P(N > n) is about its first term.
    let pool = occupancy(100.0);
    let (tail, first) = (pool.more_than(450), pool.exactly(451));
    assert!(tail > first && tail < 1.4 * first && first > 0.0, "{tail:e} {first:e}");
    assert!(pool.at_most(2) > 0.0);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn the_quantile_is_the_smallest_that_covers(
        size in -3.0..9.0_f64,
        p in prop_oneof![1e-9..1.0_f64, 0.99..0.999_999_999_f64],
    ) {
        let pool = occupancy(10.0_f64.powf(size));
        let n = pool.quantile(Probability::new(p).expect("in range")).expect("in range");
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below 2·10⁹")]
        let n = n as u32;
        // On the side where nothing cancels.
        if p > 0.5 {
            prop_assert!(pool.more_than(n) <= 1.0 - p);
            prop_assert!(n == 0 || pool.more_than(n - 1) > 1.0 - p);
        } else {
            prop_assert!(pool.at_most(n) >= p);
            prop_assert!(n == 0 || pool.at_most(n - 1) < p);
        }
    }

    #[test]
    fn shares_add_to_one(size in -3.0..9.0_f64, beta in -8.0..8.0_f64) {
        let a = 10.0_f64.powf(size);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1.1·10⁹")]
        let n = (a + beta * a.sqrt()).max(0.0) as u32;
        let pool = occupancy(a);
        prop_assert!((pool.at_most(n) + pool.more_than(n) - 1.0).abs() <= 3e-16);
        if n > 0 {
            let step = pool.at_most(n) - pool.at_most(n - 1);
            prop_assert!((step - pool.exactly(n)).abs() <= 1e-15);
        }
    }
}
