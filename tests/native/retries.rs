//! Retries: identities between quantities that are computed apart.

use proxy_concurrency::retry::{Retry, RetryPolicy, TimeoutRetry};
use proxy_concurrency::{Erlangs, Probability};

fn policy(share: f64, most: u32) -> RetryPolicy {
    RetryPolicy::new(Probability::new(share).expect("a share"), most)
}

#[test]
fn what_is_carried_is_what_succeeds() {
    for (load, servers, most) in [(125.0, 157, 3), (125.0, 126, 3), (10.0, 10, 1), (1000.0, 900, 5)] {
        let retry = Retry::new(Erlangs::new(load).unwrap(), servers, policy(1.0, most));
        // Attempts per request, each accepted with probability 1 − B.
        let success = retry.attempts() * retry.loss().accepted();
        assert!((success / retry.success() - 1.0).abs() < 1e-13, "{load} {servers}: {success}");
        assert!(retry.attempts() >= 1.0);
    }
}

#[test]
fn attempts_time_out_more_often_under_more_load() {
    let pool = TimeoutRetry::new(100, 0.3, policy(1.0, 2)).unwrap();
    let failing = [50.0, 80.0, 89.0, 95.0, 100.0, 120.0].map(|x| pool.failing(Erlangs::new(x).unwrap()));
    assert!(failing.windows(2).all(|pair| pair[0] <= pair[1]), "{failing:?}");
    assert_eq!(failing[5].to_bits(), 1.0_f64.to_bits());
}

#[test]
fn nothing_is_lost_where_nearly_all_are_refused() {
    // Without servers every attempt fails.
    let none = Retry::new(Erlangs::new(1200.5).unwrap(), 0, policy(1.0, 2));
    assert!((none.load() - 3601.5).abs() < 1e-12 && none.success() < f64::MIN_POSITIVE, "{none:?}");
    // Ten servers for 260,505 erlangs: what is carried is what is not given up, x(1 − B) = a(1 − B¹¹).
    let load = 260_505.0;
    let retry = Retry::new(Erlangs::new(load).unwrap(), 10, policy(1.0, 10));
    let carried = retry.load() * retry.loss().accepted();
    let taken = -load * (11.0 * (-retry.loss().accepted()).ln_1p()).exp_m1();
    assert!((carried / taken - 1.0).abs() < 2e-15, "{carried} {taken}");
}
