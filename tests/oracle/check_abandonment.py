#!/usr/bin/env python3
"""Erlang A at random systems against sums over the states: python3 tests/oracle/check_abandonment.py PATH_OF_EVALUATE [POINTS]

The weights of the birth-death chain are summed in 250-bit arithmetic, both ways from c, until they no longer count.
"""
import random, subprocess, sys
from mpmath import mp, mpf

mp.prec = 250
EVALUATE = sys.argv[1]
POINTS = int(sys.argv[2]) if len(sys.argv) > 2 else 1500
rng = random.Random(3)
END = mpf(2) ** -210


def states(c, a, p):
    a, p = mpf(a), mpf(p)
    term, below, k = mpf(1), mpf(0), c
    while k > 0 and (k > a or term > END * (below + 1)):
        term *= k / a
        below += term
        k -= 1
    term, beyond, weighted, j = mpf(1), mpf(0), mpf(0), 0
    while True:
        j += 1
        term *= a * p / (c * p + j)
        beyond += term
        weighted += j * term
        if a * p < c * p + j and j * term < END * (weighted + 1):
            break
    total = below + 1 + beyond
    return (1 + beyond) / total, below / total, weighted / (p * a) / total, weighted / total


points = []
while len(points) < POINTS:
    c = round(10 ** rng.uniform(0, 5))
    a = max(0.01, rng.choice([c + rng.uniform(-8, 8) * c**0.5, c * rng.uniform(0.3, 3), c * 10 ** rng.uniform(-1.5, 1)]))
    p = 10 ** rng.uniform(-4, 2)
    if a * p < 3e4:
        points.append((c, a, p))
names = ["abandon_wait", "abandon_immediate", "abandon_share", "abandon_queue"]
lines = [f"{n} {a!r} {c} {p!r}" for c, a, p in points for n in names]
out = subprocess.run([EVALUATE], input="\n".join(lines) + "\n", capture_output=True, text=True).stdout.split("\n")
worst = {n: (mpf(0), "") for n in names}
for i, (c, a, p) in enumerate(points):
    for j, (n, want) in enumerate(zip(names, states(c, a, p))):
        if want < mpf(2) ** -1000:
            continue
        rel = abs(mpf(float(out[4 * i + j])) / want - 1)
        if rel > worst[n][0]:
            worst[n] = (rel, f"{a!r} {c} {p!r} = {mp.nstr(want, 5)}")
for n, (rel, at) in worst.items():
    print(f"{n:18} max relative {mp.nstr(rel, 3)} at {at}")
