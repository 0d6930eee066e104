#!/usr/bin/env python3
"""Erlang A at random systems of up to 10^9 servers: python3 tests/oracle/check_abandonment.py PATH_OF_EVALUATE [POINTS] [SEED]

Where the states on a side of c are few their weights are summed in 250-bit arithmetic until they no longer count; else they come from
the quadrature of reference.py, which a hundredth of the sums is compared with. An error is divided by the square root of c·p where
that is more than 1, and of the share that is served at once, which falls like e^-E, by its logarithm too.
"""
import random, subprocess, sys
from mpmath import exp, log, loggamma, mp, mpf
from reference import quadrature, reference

mp.prec = 250
EVALUATE = sys.argv[1]
POINTS = int(sys.argv[2]) if len(sys.argv) > 2 else 1500
rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 3)
END = mpf(2) ** -210


def by_sum(c, a, p):
    """Weight of the states beyond c over that of c, and the same times the number waiting."""
    term, beyond, weighted, j = mpf(1), mpf(0), mpf(0), 0
    while True:
        j += 1
        term *= a * p / (c * p + j)
        beyond += term
        weighted += j * term
        if a * p < c * p + j and j * term < END * (weighted + 1):
            return beyond, weighted


def by_quadrature(c, a, p):
    x, y = c * p, a * p
    beyond = quadrature(x, y) if y < x else exp(loggamma(x + 1) + y - x * log(y)) - quadrature(x, y)
    return beyond, (1 + beyond) * (x / (1 + beyond) - x + y)


def states(c, a, p):
    b, a, p = reference(c, a)[0], mpf(a), mpf(p)
    beyond, weighted = by_quadrature(c, a, p) if c * p > 2000 else by_sum(c, a, p)
    total = 1 / b + beyond
    return (1 + beyond) / total, (1 / b - 1) / total, weighted / (p * a) / total, weighted / total


points = []
while len(points) < POINTS:
    c = round(10 ** rng.uniform(0, 9))
    a = max(0.01, rng.choice([c + rng.uniform(-8, 8) * c**0.5, c * rng.uniform(0.3, 3), c * 10 ** rng.uniform(-1.5, 1)]))
    p = 10 ** rng.uniform(-4, 2)
    # e^30000 is beyond a double, where nobody is served at once.
    if (c * p > 2000 or a * p < 3000) and a * p < 1e10:
        points.append((c, a, p))
names = ["abandon_wait", "abandon_immediate", "abandon_share", "abandon_queue"]
lines = [f"{n} {a!r} {c} {p!r}" for c, a, p in points for n in names]
out = subprocess.run([EVALUATE], input="\n".join(lines) + "\n", capture_output=True, text=True).stdout.split("\n")
worst = {n: (0, mpf(-1), "") for n in names}
for i, (c, a, p) in enumerate(points):
    wants = states(c, a, p)
    if c * p > 300 and i % 100 == 0 and a * p < 1e5:
        assert all(abs(x / y - 1) < mpf(10) ** -30 for f in [(mpf(a), mpf(p))] for x, y in zip(by_sum(c, *f), by_quadrature(c, *f))), (c, a, p)
    for j, (n, want) in enumerate(zip(names, wants)):
        if want < mpf(2) ** -1000:
            continue
        rel = abs(mpf(float(out[4 * i + j])) / want - 1)
        rel /= max(1, (c * p) ** 0.5)
        if n == "abandon_immediate":
            rel /= max(1, -log(want))
        count, most, at = worst[n]
        worst[n] = (count + 1, max(most, rel), f"{a!r} {c} {p!r} = {mp.nstr(want, 5)}" if rel > most else at)
for n, (count, rel, at) in worst.items():
    print(f"{n:18} {count} answers, max relative {mp.nstr(rel, 3)} at {at}")
