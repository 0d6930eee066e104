//! Clients that give up, against sums over the states and the systems at both ends of patience.

use proptest::prelude::*;
use proxy_concurrency::Erlangs;
use proxy_concurrency::abandonment::Abandonment;
use proxy_concurrency::erlang::{Loss, Queue};

fn system(a: f64, c: u32, patience: f64) -> Abandonment {
    Abandonment::new(Erlangs::new(a).expect("in range"), c, patience).expect("in range")
}

/// Share that waits, and mean number waiting, by summing the states.
fn summed(a: f64, c: u32, patience: f64) -> (f64, f64) {
    let servers = f64::from(c);
    let (mut term, mut below) = (1.0, 0.0);
    let mut n = servers;
    while n > 0.0 {
        term *= n / a;
        below += term;
        n -= 1.0;
    }
    let (mut term, mut from_c, mut length, mut j) = (1.0, 1.0, 0.0, 0.0);
    while j < 200_000.0 {
        j += 1.0;
        term *= a / (servers + j / patience);
        from_c += term;
        length += j * term;
    }
    (from_c / (below + from_c), length / (below + from_c))
}

#[test]
fn a_sum_over_the_states_gives_the_same() {
    for (a, c, patience) in [
        (0.5, 1, 1.0),
        (9.0, 10, 0.2),
        (9.0, 10, 30.0),
        (12.0, 10, 3.0),
        (95.0, 100, 0.5),
        (100.0, 100, 10.0),
        (130.0, 100, 2.0),
        (450.0, 500, 4.0),
        (1100.0, 1000, 0.05),
    ] {
        let pool = system(a, c, patience);
        let (waiting, length) = summed(a, c, patience);
        assert!((pool.waiting() / waiting - 1.0).abs() < 1e-12, "waiting {a} {c} {patience}");
        assert!((pool.queue_length() / length - 1.0).abs() < 1e-12, "queue {a} {c} {patience}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn giving_up_lies_between_refusing_and_waiting(size in 0.0..7.0_f64, beta in -6.0..6.0_f64, patience in -6.0..6.0_f64) {
        let c = 10.0_f64.powf(size).round();
        let a = (c + beta * c.sqrt()).clamp(0.01, 1e8);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 10⁷")]
        let servers = c as u32;
        let pool = system(a, servers, 10.0_f64.powf(patience));
        let load = Erlangs::new(a).expect("in range");
        let (refused, waits) = (Loss::new(load, servers).blocking(), Queue::new(load, servers).waiting());
        prop_assert!(pool.waiting() >= refused * (1.0 - 1e-12) && pool.waiting() <= waits * (1.0 + 1e-12));
        prop_assert!(pool.abandoning() <= refused * (1.0 + 1e-12), "fewer are lost than if none could wait");
        prop_assert!((pool.waiting() + pool.immediate() - 1.0).abs() < 1e-15);
        // Busy servers carry what does not give up.
        prop_assert!(a * (1.0 - pool.abandoning()) <= c * (1.0 + 1e-12));
    }
}

#[test]
fn without_patience_it_is_the_loss_system() {
    for (a, c) in [(0.5, 1), (9.0, 10), (100.0, 100), (1e6, 1_000_000)] {
        let refused = Loss::new(Erlangs::new(a).expect("in range"), c).blocking();
        assert!((system(a, c, 0.0).abandoning() / refused - 1.0).abs() < 1e-14);
    }
}
