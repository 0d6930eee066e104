#!/usr/bin/env python3
"""Random systems up to c = 10^9 against mpmath: python3 tests/oracle/check_random.py PATH_OF_EVALUATE [POINTS] [SEED]

Needs mpmath (gmpy2 makes it fast). The reference is not the method under test: mpmath's incomplete gamma is too slow at
c = 10^9, so 1/B comes from Legendre's continued fraction, or, near c, from a quadrature-free series: Q and P by their
own power series in 200-bit fixed point (Python integers), as the tables were made. A tenth of the points with c below
2000 is checked against mpmath.gammainc besides.
"""
import random, subprocess, sys, time
from mpmath import mp, mpf, log, exp, sqrt, pi, loggamma, gammainc, factorial

EVALUATE = sys.argv[1]
POINTS = int(sys.argv[2]) if len(sys.argv) > 2 else 30000
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else 1
mp.prec = 220
UNIT, TINY = mpf(2) ** -1074, mpf(2) ** -1022
BITS = 240


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
        beta = (a - c) / c**0.5
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


def point(rng):
    c = int(round(10 ** rng.uniform(0, 9)))
    if rng.random() < 0.15:
        c = rng.choice([1, 2, 3, 10, 63, 64, 65, 66, 100, 10**6, 10**6 + 1, 10**9])
    kind = rng.random()
    if kind < 0.45:
        a = c + rng.uniform(-38, 6) * c**0.5
    elif kind < 0.6:
        a = c * rng.choice([0.5, 0.57, 1.0, 1.65]) * (1 + rng.uniform(-1e-6, 1e-6))
    elif kind < 0.75:
        a = c * 10 ** rng.uniform(-3, 3)
    elif kind < 0.85:
        a = c * (1 - 10 ** rng.uniform(-12, -1))
    elif kind < 0.95:
        # blocking anywhere down to the end of the doubles
        want, low, high = rng.uniform(0, 760), 0.0, float(c)
        import math
        for _ in range(100):
            mid = (low + high) / 2
            e = (mid - c) - c * math.log(mid / c) if mid > 0 else 1e9
            low, high = (mid, high) if e > want else (low, mid)
        a = low
    else:
        a = c * rng.uniform(0.3, 2)
    return c, a


rng = random.Random(SEED)
points = []
while len(points) < POINTS:
    c, a = point(rng)
    if a > 0 and a == a and a <= 1e300:
        points.append((c, a))
names = ["erlang_b", "erlang_b_complement", "erlang_b_ln", "erlang_c", "erlang_c_complement", "erlang_c_ln"]
lines = [f"{n} {a!r} {c}" for c, a in points for n in names]
out = subprocess.run([EVALUATE], input="\n".join(lines) + "\n", capture_output=True, text=True).stdout.split("\n")
worst = {n: [mpf(0), "", mpf(0), "", 0] for n in names}
start, checked = time.time(), 0
for i, (c, a) in enumerate(points):
    if a < c and c > 2 * 10**6 and (c - a) / c**0.5 < 3 and i % 4:
        continue  # some 10^5 terms each: a quarter of them is enough
    want = reference(c, a)
    checked += 1
    if c < 2000 and i % 10 == 0 and a < 1e6:
        q = gammainc(c + 1, a, mp.inf)
        other = exp(c * log(mpf(a)) - a) / q
        assert abs(other / want[0] - 1) < mpf(10) ** -45, (c, a, other, want[0])
    for j, n in enumerate(names):
        if want[j] is None:
            continue
        got, w = mpf(float(out[6 * i + j])), worst[n]
        if abs(want[j]) < TINY:
            units = abs(got - want[j]) / UNIT
            if units > w[2]:
                w[2], w[3] = units, f"{a!r} {c}"
            continue
        w[4] += 1
        rel = abs(got - want[j]) / abs(want[j])
        if rel > w[0]:
            w[0], w[1] = rel, f"{a!r} {c}"
print(f"{checked} points, seed {SEED}, {time.time() - start:.0f} s")
for n, w in worst.items():
    print(f"{n:20} {w[4]:6} normal, max relative {mp.nstr(w[0], 3)} [{w[1]}]; subnormal {mp.nstr(w[2], 3)} units [{w[3]}]")
