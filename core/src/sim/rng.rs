//! Random numbers that are the same everywhere: whole-number arithmetic, and `libm` where a logarithm is needed.

use alloc::boxed::Box;

use crate::math;

/// A stream of random numbers.
///
/// # Source
/// D. Blackman, S. Vigna, "Scrambled Linear Pseudorandom Number Generators", ACM Trans. Math. Softw. 47 (2021) 36, xoshiro256++;
/// seeded as they advise, by SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, "Fast Splittable Pseudorandom Number Generators",
/// OOPSLA 2014).
#[derive(Clone, Debug)]
pub(super) struct Rng([u64; 4]);

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

impl Rng {
    /// Stream number `stream` of a seed. Each source of chance has its own, so that a change to one leaves the others' draws.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut state = seed ^ stream.wrapping_mul(0xd1b5_4a32_d192_ed03);
        Self([(); 4].map(|()| {
            state = state.wrapping_add(GOLDEN);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        }))
    }

    #[inline]
    fn next(&mut self) -> u64 {
        let s = &mut self.0;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        result
    }

    /// Above 0 and below 1: the middles of 2⁵² steps.
    #[inline]
    #[expect(clippy::cast_precision_loss, reason = "52 bits")]
    pub(super) fn uniform(&mut self) -> f64 {
        ((self.next() >> 12) as f64 + 0.5) / (0.5 * TWO_53)
    }

    /// From 0 to `n - 1`, each as likely as the others; 0 where `n` is 0.
    ///
    /// # Source
    /// D. Lemire, "Fast Random Integer Generation in an Interval", ACM Trans. Model. Comput. Simul. 29 (2019) 3.
    pub(super) fn below(&mut self, n: u32) -> u32 {
        let rest = n.wrapping_neg().checked_rem(n).unwrap_or(0);
        loop {
            let wide = (self.next() >> 32) * u64::from(n);
            #[expect(clippy::cast_possible_truncation, reason = "the halves of 64 bits")]
            let (low, high) = (wide as u32, (wide >> 32) as u32);
            if low >= rest {
                return high;
            }
        }
    }

    /// Normal with mean 0 and variance 1.
    ///
    /// # Source
    /// G. Marsaglia, T. A. Bray, "A Convenient Method for Generating Normal Variables", SIAM Review 6 (1964) 260: the polar
    /// method, whose second number is left.
    pub(super) fn normal(&mut self) -> f64 {
        loop {
            let (x, y) = (2.0 * self.uniform() - 1.0, 2.0 * self.uniform() - 1.0);
            let s = x * x + y * y;
            if s < 1.0 && s > 0.0 {
                return x * math::sqrt(-2.0 * math::ln(s) / s);
            }
        }
    }
}

const TWO_53: f64 = 9_007_199_254_740_992.0;

/// Exponential random numbers with mean 1, without a logarithm in 98 of 100.
///
/// # Source
/// G. Marsaglia, W. W. Tsang, "The Ziggurat Method for Generating Random Variables", J. Stat. Softw. 5 (2000) 8; layer and
/// place in it from different bits (J. A. Doornik, "An Improved Ziggurat Method to Generate Normal Random Samples", 2005).
#[derive(Clone, Debug)]
pub(super) struct Exponential {
    /// From the widest up.
    layers: Box<[Layer; LAYERS]>,
}

const LAYERS: usize = 256;
/// Where the tail begins.
const TAIL: f64 = 7.697_117_470_131_05;
/// Area of each layer.
const AREA: f64 = 3.949_659_822_581_572e-3;

/// A layer under the curve: how far it reaches, in steps of 53 bits, how far the one above does, and the heights of the curve there.
#[derive(Clone, Copy, Debug)]
struct Layer {
    step: f64,
    next: f64,
    height: f64,
    higher: f64,
}

impl Exponential {
    pub(super) fn new() -> Self {
        // The lowest layer has the tail in it: as wide as a box of its area would be.
        let (mut edge, mut height) = (AREA / math::exp(-TAIL), 0.0);
        let mut next = TAIL;
        let layers = core::array::from_fn(|i| {
            let higher = if i + 1 < LAYERS { math::exp(-next) } else { 1.0 };
            let layer = Layer { step: edge / TWO_53, next, height, higher };
            (edge, height) = (next, higher);
            next = if i + 2 < LAYERS { -math::ln(AREA / next + higher) } else { 0.0 };
            layer
        });
        Self { layers: Box::new(layers) }
    }

    #[inline]
    #[expect(clippy::indexing_slicing, reason = "a byte, of 256")]
    pub(super) fn draw(&self, rng: &mut Rng) -> f64 {
        loop {
            let bits = rng.next();
            let [i, ..] = bits.to_le_bytes();
            let layer = &self.layers[usize::from(i)];
            #[expect(clippy::cast_precision_loss, reason = "53 bits")]
            let x = (bits >> 11) as f64 * layer.step;
            if x < layer.next {
                return x;
            }
            if let Some(x) = outside(rng, i == 0, x, layer) {
                return x;
            }
        }
    }
}

/// The rare cases: the tail, and the wedge between a layer and the curve.
#[cold]
fn outside(rng: &mut Rng, tail: bool, x: f64, layer: &Layer) -> Option<f64> {
    if tail {
        return Some(TAIL - math::ln(rng.uniform()));
    }
    (layer.height + rng.uniform() * (layer.higher - layer.height) < math::exp(-x)).then_some(x)
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    /// Kolmogorov's distance between draws and a distribution, times √n: above 1.95 once in a thousand times.
    fn distance(mut draws: Vec<f64>, below: fn(f64) -> f64) -> f64 {
        draws.sort_by(f64::total_cmp);
        let n = draws.len() as f64;
        let gaps = draws.iter().enumerate().map(|(i, &x)| {
            let p = below(x);
            (p - i as f64 / n).abs().max(((i + 1) as f64 / n - p).abs())
        });
        gaps.fold(0.0, f64::max) * n.sqrt()
    }

    #[test]
    fn draws_follow_their_distributions() {
        let mut rng = Rng::new(1, 0);
        let exponential = Exponential::new();
        let n = 1_000_000;
        assert!(distance((0..n).map(|_| exponential.draw(&mut rng)).collect(), |x| 1.0 - libm::exp(-x)) < 1.95);
        assert!(distance((0..n).map(|_| rng.uniform()).collect(), |x| x) < 1.95);
        assert!(distance((0..n).map(|_| rng.normal()).collect(), |x| 0.5 * libm::erfc(-x / 2.0_f64.sqrt())) < 1.95);
        // The tail by itself: one draw in 2200.
        let tail: Vec<f64> = (0..20 * n).map(|_| exponential.draw(&mut rng)).filter(|&x| x > TAIL).collect();
        let expected = 20.0 * f64::from(n) * libm::exp(-TAIL);
        assert!(
            (tail.len() as f64 - expected).abs() < 4.0 * expected.sqrt(),
            "{} in the tail, {expected} expected",
            tail.len()
        );
        assert!(distance(tail, |x| 1.0 - libm::exp(TAIL - x)) < 1.95);
    }

    #[test]
    fn the_layers_close_at_the_top() {
        // What one more step would add: the peak of the curve.
        let top = Exponential::new().layers[LAYERS - 1];
        assert!((AREA / (top.step * TWO_53) + top.height - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_generator_is_the_published_one() {
        // First outputs of xoshiro256++ from the state 1, 2, 3, 4, as its authors' program gives them.
        let mut rng = Rng([1, 2, 3, 4]);
        let first = [41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386];
        assert_eq!([(); 4].map(|()| rng.next()), first);
    }

    #[test]
    fn each_below_is_as_likely() {
        let mut rng = Rng::new(7, 1);
        let mut counts = [0_u32; 5];
        for _ in 0..500_000 {
            counts[rng.below(5) as usize] += 1;
        }
        assert!(counts.iter().all(|&n| (f64::from(n) - 1e5).abs() < 4.0 * 8e4_f64.sqrt()), "{counts:?}");
        assert_eq!(rng.below(0), 0);
        assert_eq!(rng.below(1), 0);
    }
}
