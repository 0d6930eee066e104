//! A cheap Erlang B for real c, a few parts in a thousand: where the inverses start.

use super::deviance::deviance_near;
use super::kernel::erfcx;
use crate::math;

/// `ln B` for real c of at least 1 and positive a: the first term of Temme's expansion.
pub(super) fn ln_blocking(c: f64, a: f64) -> f64 {
    let ratio = a / c;
    let mu = ratio - 1.0;
    let e = if mu.abs() < 0.4 { deviance_near(c, a) } else { c * (mu - math::ln(ratio)) };
    let e = e.max(0.0);
    let z = math::sqrt(e);
    let root = math::sqrt(core::f64::consts::FRAC_PI_2 * c);
    let stirling = 1.0 + 1.0 / (12.0 * c);
    if a < c && e > 30.0 {
        return -e - math::ln(2.0 * root * stirling);
    }
    let eta = z * math::sqrt(2.0 / c);
    let eta = if a < c { -eta } else { eta };
    let first = if mu.abs() < 0.02 { -1.0 / 3.0 + eta / 12.0 } else { 1.0 / mu - 1.0 / eta };
    let tail = if a < c { 2.0 * math::exp(e) - erfcx(z) } else { erfcx(z) };
    -math::ln_1p((stirling * (root * tail + first)).max(1e-300))
}
