//! Properties of the loss and queueing formulas, and identities between ways to compute them that share no code.

use proptest::prelude::*;
use proxy_concurrency::erlang::{
    Loss, Queue, load_for_blocking, load_for_waiting, servers_for_blocking, servers_for_wait, servers_for_waiting,
};
use proxy_concurrency::finite_queue::FiniteQueue;
use proxy_concurrency::retry::{Retry, RetryPolicy};
use proxy_concurrency::{Erlangs, Probability};

fn erlangs(x: f64) -> Erlangs {
    Erlangs::new(x).expect("in range")
}

fn probability(x: f64) -> Probability {
    Probability::new(x).expect("in range")
}

/// Servers over all sizes, and a load mostly within some standard deviations of them: there the methods meet.
fn systems() -> impl Strategy<Value = (u32, f64)> {
    (0.0..9.0_f64, -40.0..8.0_f64, 0.0..1.0_f64).prop_map(|(size, beta, far)| {
        let c = 10.0_f64.powf(size).round();
        let a = if far < 0.2 { c * 10.0_f64.powf(beta / 20.0) } else { c + beta * c.sqrt() };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 10⁹")]
        let servers = c as u32;
        (servers, a.clamp(1e-3, 1e9))
    })
}

fn targets() -> impl Strategy<Value = f64> {
    prop_oneof![(-12.0..-0.05_f64).prop_map(|x| 10.0_f64.powf(x)), 0.5..0.999_f64]
}

fn close(x: f64, y: f64, relative: f64) -> bool {
    (x - y).abs() <= relative * x.abs().max(y.abs()) + 5e-324
}

#[test]
fn the_recurrence_gives_the_same_blocking() {
    for a in [0.01, 0.5, 1.0, 3.7, 20.0, 31.9, 64.0, 65.0, 100.25, 300.0, 1000.5] {
        let mut inverse = 1.0;
        for c in 1..=1200_u32 {
            // The recurrence's own roundings add up to some 1e-14.
            inverse = 1.0 + inverse * f64::from(c) / a;
            if inverse > 1e300 {
                break;
            }
            let b = Loss::new(erlangs(a), c).blocking();
            assert!(close(b * inverse, 1.0, 3e-14), "B({c}, {a}) = {b:e}, recurrence {:e}", 1.0 / inverse);
        }
    }
}

#[test]
fn a_sum_over_the_states_gives_the_same_finite_queue() {
    for (c, m, a) in
        [(1, 1, 0.3), (2, 5, 1.9), (3, 40, 3.0), (3, 40, 3.000_000_1), (10, 7, 25.0), (50, 200, 48.5), (5, 3, 1e-6)]
    {
        let (servers, all) = (f64::from(c), c + m);
        let mut states = vec![1.0_f64];
        for n in 1..=all {
            let last = states.last().copied().expect("never empty");
            states.push(last * a / f64::from(n).min(servers));
        }
        let sum: f64 = states.iter().sum();
        let at = |n: u32| states.get(n as usize).copied().expect("a state") / sum;
        let queue = FiniteQueue::new(erlangs(a), c, m);
        let waiting: f64 = (c..all).map(at).sum();
        let length: f64 = (c..=all).map(|n| f64::from(n - c) * at(n)).sum();
        assert!(close(queue.blocking(), at(all), 1e-13), "blocking of {c} {m} {a}");
        assert!(close(queue.waiting(), waiting, 1e-13), "waiting of {c} {m} {a}");
        assert!(close(queue.queue_length(), length, 1e-13), "length of {c} {m} {a}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn one_more_server_is_as_the_recurrence_says((c, a) in systems()) {
        let (loss, more) = (Loss::new(erlangs(a), c), Loss::new(erlangs(a), c + 1));
        // In logarithms, so that underflow hides nothing: ln B(c+1) = ln B(c) + ln a - ln(c + 1 + a·B(c)).
        let want = loss.ln_blocking() + (a / (f64::from(c) + 1.0 + a * loss.blocking())).ln();
        prop_assert!((more.ln_blocking() - want).abs() <= 2e-15 * (want.abs() + 2.0), "{} {want}", more.ln_blocking());
    }

    #[test]
    fn blocking_falls_with_servers_and_grows_with_load((c, a) in systems()) {
        let loss = Loss::new(erlangs(a), c);
        let (fewer, lighter) = (Loss::new(erlangs(a), c - 1), Loss::new(erlangs(a * (1.0 - 1e-6)), c));
        prop_assert!(fewer.blocking() >= loss.blocking());
        prop_assert!(lighter.blocking() <= loss.blocking());
        prop_assert!(lighter.accepted() >= loss.accepted());
    }

    #[test]
    fn shares_add_to_one((c, a) in systems()) {
        let queue = Queue::new(erlangs(a), c);
        let loss = queue.loss();
        prop_assert!((loss.blocking() + loss.accepted() - 1.0).abs() <= 3e-16);
        prop_assert!((queue.waiting() + queue.immediate() - 1.0).abs() <= 4e-16);
        prop_assert!(queue.waiting() >= loss.blocking());
        prop_assert!((0.0..=1.0).contains(&loss.blocking()));
    }

    #[test]
    fn idle_and_busy_are_all_servers((c, a) in systems()) {
        let loss = Loss::new(erlangs(a), c);
        prop_assert!(((loss.idle() + loss.carried()) / f64::from(c) - 1.0).abs() <= 1e-15);
    }

    #[test]
    fn servers_for_blocking_is_the_smallest((_, a) in systems(), target in targets()) {
        let c = servers_for_blocking(erlangs(a), probability(target)).expect("in range");
        prop_assert!(Loss::new(erlangs(a), c).blocking() <= target);
        prop_assert!(c == 0 || Loss::new(erlangs(a), c - 1).blocking() > target);
    }

    #[test]
    fn servers_for_waiting_is_the_smallest((_, a) in systems(), target in targets()) {
        let c = servers_for_waiting(erlangs(a), probability(target)).expect("in range");
        prop_assert!(f64::from(c) > a && Queue::new(erlangs(a), c).waiting() <= target);
        prop_assert!(f64::from(c - 1) <= a || Queue::new(erlangs(a), c - 1).waiting() > target);
    }

    #[test]
    fn servers_for_wait_is_the_smallest((_, a) in systems(), target in targets(), scale in -3.0..1.0_f64) {
        let (rate, time) = (0.4, 2.5 * 10.0_f64.powf(scale));
        let exceeds = |c: u32| Queue::new(erlangs(a), c).wait(rate).and_then(|w| w.exceeds(time)).expect("in range");
        let c = servers_for_wait(erlangs(a), rate, time, probability(target)).expect("in range");
        prop_assert!(f64::from(c) > a && exceeds(c) <= target);
        prop_assert!(f64::from(c - 1) <= a || exceeds(c - 1) > target);
    }

    #[test]
    fn load_for_blocking_is_the_inverse((c, _) in systems(), target in targets()) {
        let a = load_for_blocking(c, probability(target)).expect("in range");
        let loss = Loss::checked(a, f64::from(c)).expect("in range");
        // An error of a moves ln B by d ln B/d ln a = idle servers, and a is promised to 5e-15 only.
        let slack = 4.0 * f64::EPSILON + 5e-15 * loss.idle();
        if target > 0.5 {
            prop_assert!(close(loss.accepted(), 1.0 - target, slack * target / (1.0 - target) + 4e-15));
        } else {
            prop_assert!(close(loss.blocking(), target, slack + 4e-15), "{} {target}", loss.blocking());
        }
    }

    #[test]
    fn load_for_waiting_is_the_inverse((c, _) in systems(), target in targets()) {
        let a = load_for_waiting(c, probability(target)).expect("in range");
        prop_assert!(a < f64::from(c));
        let queue = Queue::checked(a, f64::from(c)).expect("in range");
        // As above, with the slope of ln C.
        let slope = queue.loss().idle() + a / queue.loss().idle();
        prop_assert!(close(queue.waiting(), target, 4.0 * f64::EPSILON + 5e-15 * slope + 4e-15));
    }

    #[test]
    fn a_quantile_of_the_wait_is_exceeded_as_often_as_it_says((c, a) in systems(), p in 0.01..0.9999_f64) {
        prop_assume!(a < f64::from(c));
        let wait = Queue::new(erlangs(a), c).wait(0.4).expect("in range");
        let t = wait.quantile(probability(p));
        let over = wait.exceeds(t).expect("in range");
        prop_assert!(if t == 0.0 { over <= 1.0 - p } else { close(over, 1.0 - p, 1e-14) }, "{t} {over} {}", 1.0 - p);
    }

    #[test]
    fn a_finite_queue_lies_between_loss_and_queue((c, a) in systems(), m in 0..100_000_u32) {
        let (queue, loss) = (FiniteQueue::new(erlangs(a), c, m), Loss::new(erlangs(a), c));
        prop_assert!(queue.blocking() <= loss.blocking() * (1.0 + 4e-15));
        prop_assert!((queue.blocking() + queue.accepted() - 1.0).abs() <= 1e-15);
        // Little's law on the servers: busy = a·(1 - P_K) cannot pass c.
        prop_assert!(a * queue.accepted() <= f64::from(c) * (1.0 + 4e-15));
        prop_assert!(queue.waiting() <= Queue::new(erlangs(a), c).waiting() * (1.0 + 4e-15));
        // Every state that waits has 1 to m waiting; subnormal shares are each a rounding off.
        let waiting_states = queue.waiting() + queue.blocking();
        prop_assert!(queue.queue_length() <= f64::from(m) * (waiting_states * (1.0 + 4e-15) + 1e-323));
    }

    #[test]
    fn retries_conserve_the_work((c, a) in systems(), share in 0.0..1.0_f64, most in 0..40_u32) {
        prop_assume!(a * 41.0 < 1e9);
        let retry = Retry::new(erlangs(a), c, RetryPolicy::new(probability(share), most));
        prop_assert!(retry.load() >= a && (0.0..=1.0).contains(&retry.success()));
        // What is carried is what succeeds.
        prop_assert!(close(retry.loss().carried(), a * retry.success(), 1e-13));
    }
}
