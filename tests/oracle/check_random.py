#!/usr/bin/env python3
"""Random systems up to c = 10^9 against mpmath: python3 tests/oracle/check_random.py PATH_OF_EVALUATE [POINTS] [SEED] [subnormal]

With `subnormal` as the last word B and C alone, where they are below 2^-1022, in units of 2^-1074.

Needs mpmath (gmpy2 makes it fast). The reference is that of reference.py: mpmath's own incomplete gamma is too slow at
10^9; a tenth of the points below 2000 servers is checked against it besides.
"""
import math, random, subprocess, sys, time
from mpmath import mp, mpf, log, exp, gammainc
from reference import TINY, UNIT, ln_pmf, reference

EVALUATE = sys.argv[1]
POINTS = int(sys.argv[2]) if len(sys.argv) > 2 else 30000
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else 1


def point(rng):
    c = int(round(10 ** rng.uniform(0, 9)))
    if rng.random() < 0.15:
        c = rng.choice([1, 2, 3, 10, 47, 48, 49, 50, 65, 100, 998, 999, 1000, 1001, 10**6, 10**9])
    kind = rng.random()
    if kind < 0.45:
        a = c + rng.uniform(-38, 6) * c**0.5
    elif kind < 0.6:
        a = c * rng.choice([0.5, 0.57, 0.85740436, 1.0, 1.15759189, 1.65]) * (1 + rng.uniform(-1e-6, 1e-6))
    elif kind < 0.75:
        a = c * 10 ** rng.uniform(-3, 3)
    elif kind < 0.85:
        a = c * (1 - 10 ** rng.uniform(-12, -1))
    elif kind < 0.95:
        # blocking anywhere down to the end of the doubles
        want, low, high = rng.uniform(0, 760), 0.0, float(c)
        for _ in range(100):
            mid = (low + high) / 2
            e = (mid - c) - c * math.log(mid / c) if mid > 0 else 1e9
            low, high = (mid, high) if e > want else (low, mid)
        a = low
    else:
        a = c * rng.uniform(0.3, 2)
    return c, a


def tiny_point(rng):
    """A load below c at which ln B is between -745 and -708.4, or ln C is; some at the border of the normal numbers."""
    c = int(round(10 ** rng.uniform(0, 9)))
    if rng.random() < 0.1:
        c = rng.choice([1, 2, 3, 8, 9, 47, 48, 49, 50, 65, 100])
    border = rng.random() < 0.3
    want = -708.3964185322641 - rng.uniform(0, 1e-6) if border else rng.uniform(-745, -708.4)
    of_c = rng.random() < 0.5
    low, high = mpf(-800), log(mpf(c))
    for _ in range(90):
        mid = (low + high) / 2
        a = exp(mid)
        got = ln_pmf(c, a) + (log(c / (c - a)) if of_c and a < c else 0)
        low, high = (mid, high) if got < want else (low, mid)
    return c, float(exp(low))


def subnormal():
    """B is the Poisson probability there, and C is that over 1 - a/c, both to 1e-290 of them."""
    rng, names, start = random.Random(SEED), ["erlang_b", "erlang_c"], time.time()
    points = [tiny_point(rng) for _ in range(POINTS)]
    lines = [f"{n} {a!r} {c}" for c, a in points for n in names]
    out = subprocess.run([EVALUATE], input="\n".join(lines) + "\n", capture_output=True, text=True).stdout.split("\n")
    worst = {n: [0, mpf(0), ""] for n in names}
    for i, (c, a) in enumerate(points):
        b = exp(ln_pmf(c, mpf(a)))
        for n, want, got in zip(names, (b, b * c / (c - mpf(a))), out[2 * i :]):
            if want < TINY:
                w, units = worst[n], abs(mpf(float(got)) - want) / UNIT
                worst[n] = [w[0] + 1, *max((w[1], w[2]), (units, f"{a!r} {c}"))]
    print(f"{POINTS} points, seed {SEED}, {time.time() - start:.0f} s")
    for n, w in worst.items():
        print(f"{n:20} {w[0]:6} subnormal, max {mp.nstr(w[1], 6)} units [{w[2]}]")


if sys.argv[-1] == "subnormal":
    subnormal()
    sys.exit()
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
