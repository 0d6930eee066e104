"""Erlang B and C to some 60 digits for any load and servers: positive series in fixed point, and Legendre's fraction.

None of it is the method under test. `python3 tests/oracle/reference.py` compares it with mpmath's incomplete gamma.
"""
import random
from mpmath import exp, gammainc, inf, log, loggamma, mp, mpf

mp.prec = 220
BITS = 240
UNIT, TINY = mpf(2) ** -1074, mpf(2) ** -1022


def ln_pmf(c, a):
    return c * log(a) - a - loggamma(mpf(c) + 1)


def ratio_above(c, a):
    """P(N > c)/P(N = c) for a < c: a positive series in fixed point."""
    n, d = as_ratio(a)
    term, total, k = 1 << BITS, 0, c
    while term:
        k += 1
        term = term * n // (d * k)
        total += term
    return mpf(total) / (1 << BITS)


def ratio_below(c, a):
    """P(N < c)/P(N = c) for a >= c."""
    n, d = as_ratio(a)
    term, total, k = 1 << BITS, 0, c
    while term and k:
        term = term * (k * d) // n
        total += term
        k -= 1
    return mpf(total) / (1 << BITS)


def as_ratio(a):
    return float(a).as_integer_ratio()


def legendre(c, a):
    """1/B by the even continued fraction, a > c: Lentz."""
    tiny = mpf(10) ** -400
    d0 = mpf(a) - c
    f = d0 if d0 else tiny
    big_c, big_d, k = f, mpf(0), 0
    while True:
        k += 1
        num, den = mpf(k) * (c - k + 1), d0 + 2 * k
        if k > c:
            break
        big_d = 1 / (den + num * big_d)
        big_c = den + num / big_c
        delta = big_c * big_d
        f *= delta
        if abs(delta - 1) < mpf(2) ** -200:
            break
    return a / f


def reference(c, a):
    """(B, 1 - B, ln B, C, 1 - C, ln C)"""
    am = mpf(a)
    if a >= c:
        beta = (a - c) / max(c, 1) ** 0.5
        inverse = legendre(c, am) if beta > 8 and c > 3000 else 1 + ratio_below(c, a)
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
