//! What lines with start times say for and against each model of a limit.

use alloc::vec::Vec;

use crate::math;

/// A request on the common clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) start: f64,
    /// From when on it held a place for certain: the answer to CONNECT, where that is known.
    pub(super) from: f64,
    pub(super) end: f64,
    /// Until when the proxy had made up its mind: the refusal, or a moment in which it would have served.
    pub(super) decided: f64,
    pub(super) held_back: bool,
    pub(super) number: u32,
}

/// Spans in the order of their starts, with what was open beside each.
pub(super) struct Timeline {
    spans: Vec<Span>,
    /// Of each span: others that were open at any time until it was decided on. No limit above this held it back.
    beside: Vec<u32>,
    /// Of each span: others that were open when it started.
    open: Vec<u32>,
    /// Of each span that was not held back: how many such held a place when it got its own.
    served: Vec<u32>,
}

/// How well a model fits: the lines that it gets wrong, and the range of its number that gets as few wrong.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fit {
    pub(super) misfits: u32,
    pub(super) low: u32,
    pub(super) high: u32,
}

#[expect(clippy::cast_possible_truncation, reason = "at most MAX_LINES")]
const fn count(n: usize) -> u32 {
    n as u32
}

impl Timeline {
    pub(super) fn new(mut spans: Vec<Span>) -> Self {
        spans.sort_by(|x, y| x.start.total_cmp(&y.start).then(x.end.total_cmp(&y.end)).then(x.number.cmp(&y.number)));
        let sorted = |keep: &dyn Fn(&Span) -> bool, time: fn(&Span) -> f64| {
            let mut times: Vec<f64> = spans.iter().filter(|x| keep(x)).map(time).collect();
            times.sort_by(f64::total_cmp);
            times
        };
        let (starts, ends) = (sorted(&|_| true, |x| x.start), sorted(&|_| true, |x| x.end));
        let (in_, out) = (sorted(&|x| !x.held_back, |x| x.from), sorted(&|x| !x.held_back, |x| x.end));
        let until = |times: &[f64], t: f64| count(times.partition_point(|x| *x <= t));
        let before = |times: &[f64], t: f64| count(times.partition_point(|x| *x < t));
        // Started by then and not yet ended; each span is open beside itself.
        let beside =
            spans.iter().map(|x| (until(&starts, x.decided) - before(&ends, x.start)).saturating_sub(1)).collect();
        let open = spans.iter().map(|x| before(&starts, x.start).saturating_sub(until(&ends, x.start))).collect();
        let served = spans.iter().map(|x| until(&in_, x.from).saturating_sub(until(&out, x.from))).collect();
        Self { spans, beside, open, served }
    }

    fn rows(&self) -> impl Iterator<Item = (&Span, u32, u32)> {
        self.spans.iter().zip(&self.beside).zip(&self.served).map(|((span, beside), served)| (span, *beside, *served))
    }

    /// Most that were served at once.
    pub(super) fn most_served(&self) -> u32 {
        self.rows().filter(|(x, ..)| !x.held_back).map(|(.., served)| served).max().unwrap_or(0)
    }

    /// A limit c on what is open at once: who was served found at most c − 1 served, who was held back may have found c.
    pub(super) fn concurrency(&self) -> Fit {
        Self::concurrency_of_each(core::slice::from_ref(self))
    }

    /// The same limit for each group by itself.
    pub(super) fn concurrency_of_each(groups: &[Self]) -> Fit {
        let step = |(x, beside, served): (&Span, u32, u32)| {
            if x.held_back { (beside.saturating_add(1), 1) } else { (served, -1) }
        };
        best(groups.iter().map(|x| x.spans.len()).sum(), groups.iter().flat_map(Self::rows).map(step))
    }

    /// At most r starts within some time T, for the T that fits best; all starts count, or only those served.
    pub(super) fn rate(&self) -> Option<(Fit, f64)> {
        let (first, last) = (self.spans.first()?.start, self.spans.last()?.start);
        let mut found: Option<(Fit, f64)> = None;
        let mut scan = |mut window: f64, step: f64, steps: u32| {
            for _ in 0..steps {
                for only_served in [false, true] {
                    let fit = self.rate_within(window, only_served);
                    if found.is_none_or(|(known, _)| fit.misfits < known.misfits) {
                        found = Some((fit, window));
                    }
                }
                window /= step;
            }
            found
        };
        // Down to a thousandth of the run, in steps of 2 %; about the best of them, in steps of 0.2 %.
        let (_, rough) = scan((last - first) * 1.000_001, 1.02, 350)?;
        scan(rough * 1.02, 1.002, 20)
    }

    fn rate_within(&self, window: f64, only_served: bool) -> Fit {
        let counts = |x: &Span| !(only_served && x.held_back);
        // Both ends of the window move forward only. Of starts at one time, none is before another.
        let (mut new, mut old) = (self.spans.iter().peekable(), self.spans.iter().peekable());
        let mut inside: u32 = 0;
        let step = |x: &Span| {
            while let Some(y) = new.next_if(|y| y.start < x.start) {
                inside += u32::from(counts(y));
            }
            while let Some(y) = old.next_if(|y| y.start < x.start - window) {
                inside = inside.saturating_sub(u32::from(counts(y)));
            }
            (inside + 1, if x.held_back { 1 } else { -1 })
        };
        best(self.spans.len(), self.spans.iter().map(step))
    }

    /// A limit, and a time after refusals in which nothing is served: lines that contradict it, and lines in the block.
    pub(super) fn penalty(&self) -> Option<(u32, Vec<u32>)> {
        let limit = self.most_served();
        let early: Vec<&Span> =
            self.rows().filter(|(x, beside, _)| x.held_back && *beside < limit).map(|(x, ..)| x).collect();
        let (begin, end) = (early.first()?.start, early.last()?.start);
        let refused_before = self.spans.iter().any(|x| x.held_back && x.start < begin);
        let inside = |x: &&Span| x.start >= begin && x.start <= end;
        let served_inside = count(self.spans.iter().filter(inside).filter(|x| !x.held_back).count());
        if early.len() < 2 || !refused_before {
            return None;
        }
        Some((served_inside, early.iter().map(|x| x.number).collect()))
    }

    /// Held back with nothing else open: no limit on what is open does that, whoever's it is.
    pub(super) fn held_back_alone(&self) -> u32 {
        count(self.rows().filter(|(x, beside, _)| x.held_back && *beside == 0).count())
    }

    /// Served before anything was held back, and gone before the pile began: what a rate limit had to let pass.
    pub(super) fn unheld_before(&self) -> u32 {
        let Some(first) = self.spans.iter().find(|x| x.held_back) else { return 0 };
        // The pile is what was still open then.
        let pile = self.spans.iter().filter(|x| !x.held_back && x.start < first.start && x.end > first.start);
        let begin = pile.map(|x| x.start).fold(first.start, f64::min);
        count(self.spans.iter().filter(|x| x.end <= begin).count())
    }

    /// See [`Reading::chance`](super::Reading::chance).
    pub(super) fn chance(&self) -> Option<f64> {
        let all = count(self.spans.len());
        let held = count(self.spans.iter().filter(|x| x.held_back).count());
        if held == 0 || held == all {
            return None;
        }
        let mut levels: Vec<(u32, bool)> = self.spans.iter().zip(&self.open).map(|(x, n)| (*n, x.held_back)).collect();
        levels.sort_unstable();
        let (mut smallest, mut thresholds, mut above) = (1.0_f64, 0.0, 0);
        let mut held_above = 0;
        // From the most open downwards; a threshold stands between two different numbers.
        for (i, (n, is_held)) in levels.iter().enumerate().rev() {
            above += 1;
            held_above += u32::from(*is_held);
            if i > 0 && levels.get(i - 1).is_some_and(|(below, _)| below != n) {
                thresholds += 1.0;
                smallest = smallest.min(at_least(held_above, above, held, all));
            }
        }
        (thresholds > 0.0).then(|| (smallest * thresholds).min(1.0))
    }
}

/// The number c ≥ 1 that gets the fewest of `most` lines wrong. Each step is a line: (n, −1) is right from c = n on,
/// (n, 1) wrong.
fn best(most: usize, steps: impl Iterator<Item = (u32, i32)>) -> Fit {
    // No step lies above the number of lines but by one; what does would change nothing that is looked at.
    let mut changes = alloc::vec![0_i32; most + 2];
    let mut wrong = 0;
    for (n, change) in steps {
        wrong += i32::from(change < 0);
        if let Some(at) = changes.get_mut(usize::try_from(n).unwrap_or(usize::MAX)) {
            *at += change;
        }
    }
    let mut fit = Fit { misfits: u32::MAX, low: 1, high: u32::MAX };
    for (c, change) in (0..).zip(changes) {
        wrong += change;
        let misfits = wrong.unsigned_abs();
        if c > 0 && misfits < fit.misfits {
            fit = Fit { misfits, low: c, high: c };
        } else if misfits == fit.misfits && fit.high + 1 == c {
            fit.high = c;
        }
    }
    // What fits the last fits whatever is larger.
    if fit.high == count(most) + 1 {
        fit.high = u32::MAX;
    }
    fit
}

/// P(X ≥ k) for k of `drawn` marked, `marked` of `all` being so: Fisher's exact test (hypergeometric tail).
///
/// R. A. Fisher, "The Logic of Inductive Inference", J. Royal Statistical Society 98 (1935) 39.
fn at_least(k: u32, drawn: u32, marked: u32, all: u32) -> f64 {
    let ln_choose = |n: u32, k: u32| {
        let ln_factorial = |x: u32| math::ln_gamma(f64::from(x) + 1.0);
        ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k)
    };
    let total = ln_choose(all, drawn);
    let most = drawn.min(marked);
    let fewest = (drawn + marked).saturating_sub(all).max(k);
    let term = |i: u32| math::exp(ln_choose(marked, i) + ln_choose(all - marked, drawn - i) - total);
    (fewest..=most).map(term).sum::<f64>().min(1.0)
}

#[cfg(test)]
mod tests {
    use super::at_least;

    #[test]
    fn fishers_tea_tasting_has_one_chance_in_seventy() {
        assert!((at_least(4, 4, 4, 8) - 1.0 / 70.0).abs() < 1e-12);
        assert!((at_least(3, 4, 4, 8) - 17.0 / 70.0).abs() < 1e-12);
        assert!((at_least(0, 4, 4, 8) - 1.0).abs() < 1e-12);
    }
}
