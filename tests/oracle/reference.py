"""Erlang B and C to at least 30 digits for any load and servers: positive series in fixed point, quadrature of Gauss and Legendre.

None of it is the method under test. `python3 tests/oracle/reference.py` compares it with mpmath's incomplete gamma, and the
quadrature with the series at up to 10^9 servers.
"""
import random
import gmpy2
from mpmath import exp, gammainc, inf, log, loggamma, mp, mpf

mp.prec = 220
BITS = 240
UNIT, TINY = mpf(2) ** -1074, mpf(2) ** -1022
# From so many servers on the sums would be long, unless the load is three times as much or a third.
MANY = 2000


def ln_pmf(c, a):
    return c * log(a) - a - loggamma(mpf(c) + 1)


def series_above(c, a):
    """P(N > c)/P(N = c) for a < c: a positive series in fixed point."""
    n, d = as_ratio(a)
    term, total, k = 1 << BITS, 0, c
    while term:
        k += 1
        term = term * n // (d * k)
        total += term
    return mpf(total) / (1 << BITS)


def series_below(c, a):
    """P(N < c)/P(N = c) for a >= c."""
    n, d = as_ratio(a)
    term, total, k = 1 << BITS, 0, c
    while term and k:
        term = term * (k * d) // n
        total += term
        k -= 1
    return mpf(total) / (1 << BITS)


def as_ratio(a):
    """A double, a whole number, or one of mpmath's, exactly."""
    if isinstance(a, int):
        return gmpy2.mpz(a), gmpy2.mpz(1)
    if isinstance(a, mpf):
        mantissa, exponent = a.man_exp
        return gmpy2.mpz(mantissa) << max(exponent, 0), gmpy2.mpz(1) << max(-exponent, 0)
    return tuple(gmpy2.mpz(x) for x in float(a).as_integer_ratio())


def nodes(n):
    """Nodes and weights of Gauss and Legendre on 0 to 1: Newton on the polynomial."""
    found = []
    for i in range(n):
        x = gmpy2.cos(gmpy2.const_pi() * (i + gmpy2.mpfr(3) / 4) / (n + gmpy2.mpfr(1) / 2))
        for _ in range(8):
            before, now = gmpy2.mpfr(1), x
            for k in range(2, n + 1):
                before, now = now, ((2 * k - 1) * x * now - (k - 1) * before) / k
            slope = n * (x * now - before) / (x * x - 1)
            x -= now / slope
        found.append(((1 + x) / 2, 1 / ((1 - x * x) * slope * slope)))
    return found


gmpy2.get_context().precision = 200
NODES = nodes(80)


def quadrature(c, a):
    """a·∫ e^(-at)(1 + t)^c dt = 1/B for a >= c; a·∫ e^(at)(1 - t)^c dt = P(N > c)/P(N = c) for a < c. From 0 to where e^-85 is left."""
    d, sign = float(abs(a - c)), 1 if a >= c else -1
    top = gmpy2.mpfr(1.2 * 170 / (d + (d * d + 170 * float(c)) ** 0.5))
    (above, below), (more, less) = as_ratio(a), as_ratio(c)
    a, c = gmpy2.mpfr(above) / below, gmpy2.mpfr(more) / less
    total = gmpy2.mpfr(0)
    for x, weight in NODES:
        t = sign * top * x
        total += weight * gmpy2.exp(c * gmpy2.log1p(t) - a * t)
    mantissa, exponent = (a * top * total).as_mantissa_exp()
    return mp.ldexp(mpf(int(mantissa)), int(exponent))


def ratio_above(c, a):
    return quadrature(c, a) if c > MANY and a > c / 3 else series_above(c, a)


def ratio_below(c, a):
    return quadrature(c, a) - 1 if c > MANY and a < 3 * c else series_below(c, a)


def at_least(n, a):
    """P(N >= n), N ~ Poisson(a)."""
    if n <= 0:
        return mpf(1)
    p = exp(ln_pmf(n, mpf(a)))
    return p * (1 + ratio_above(n, a)) if a < n else 1 - p * ratio_below(n, a)


def below(n, a):
    """P(N < n)."""
    if n <= 0:
        return mpf(0)
    p = exp(ln_pmf(n, mpf(a)))
    return p * ratio_below(n, a) if a >= n else 1 - p * (1 + ratio_above(n, a))


def finite_queue(c, m, a):
    """M/M/c/(c + m): probability of c in the system, refused, taken, waiting, and the mean number that waits."""
    b, rho = reference(c, a)[0], mpf(a) / c
    if rho == 1:
        ones, weighted, power = mpf(m), mpf(m) * (m + 1) / 2, mpf(1)
    else:
        power = rho**m
        ones = (1 - power) / (1 - rho)
        weighted = rho * (1 - (m + 1) * power + m * power * rho) / (1 - rho) ** 2
    full = 1 / (1 / b + rho * ones)
    return full, full * power, full * (1 / b + rho * ones - power), full * ones, full * weighted


def late(rho, empty, m, s):
    """Sum over j < m of empty·rho^j·P(N <= j), N ~ Poisson(s): the share of M/M/c/K that waits longer than s service times over c."""
    if s == 0:
        return empty * ((1 - rho**m) / (1 - rho) if rho != 1 else m)
    if abs(1 - rho) * m < mpf(10) ** -25:
        return empty * (m * below(m, s) - s * below(m - 1, s))
    return empty * (exp(-s * (1 - rho)) * below(m, s * rho) - rho**m * below(m, s)) / (1 - rho)


def reference(c, a):
    """(B, 1 - B, ln B, C, 1 - C, ln C)"""
    am = mpf(a)
    if a >= c:
        inverse = 1 + ratio_below(c, a)
        b, rest = 1 / inverse, (inverse - 1) / inverse
        ln_b = -log(inverse)
    else:
        lp = ln_pmf(c, am)
        up = ratio_above(c, a)
        p = exp(lp)
        b = p / (1 - p * up)
        rest = (1 - p * (up + 1)) / (1 - p * up)
        ln_b = lp - log(1 - p * up)
    if a >= c:
        return b, rest, ln_b, None, None, None
    d = (c - am) + am * b
    cw, cr = c * b / d, (c - am) * rest / d
    return b, rest, ln_b, cw, cr, ln_b + log(c / d)


if __name__ == "__main__":
    rng = random.Random(5)
    for _ in range(300):
        c = round(10 ** rng.uniform(0, 3.3))
        a = c * 10 ** rng.uniform(-0.7, 0.7)
        other = exp(c * log(mpf(a)) - a) / gammainc(c + 1, a, inf)
        assert abs(other / reference(c, a)[0] - 1) < mpf(10) ** -45, (c, a)
    print("300 points agree to 45 digits")
    worst = 0
    for _ in range(200):
        c = round(10 ** rng.uniform(3.31, 9))
        a = rng.choice([c + rng.uniform(-20, 20) * c**0.5, c * rng.uniform(0.34, 2.9)])
        if c > 1e7 and abs(a - c) < 3 * c**0.5:
            continue
        series = series_below(c, a) + 1 if a >= c else series_above(c, a)
        worst = max(worst, abs(quadrature(c, a) / series - 1))
    print("quadrature against series, at most", mp.nstr(worst, 3), "apart")
