#!/usr/bin/env python3
"""What is solved for or built on B and C, at random systems: python3 tests/oracle/check_solved.py PATH_OF_EVALUATE [POINTS] [SEED]

Roots (loads, retries) are judged by one Newton step of the exact equation from the answer; whole numbers by their
definition at n and n - 1; the rest by its formula in 400 bits.
"""
import math, random, subprocess, sys
from mpmath import mp, mpf, exp, log
from reference import TINY, UNIT, ratio_above, ratio_below, reference, ln_pmf

mp.prec = 400
EVALUATE = sys.argv[1]
POINTS = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 11)
TOP = 6.5


def ask(lines):
    out = subprocess.run([EVALUATE], input="\n".join(lines) + "\n", capture_output=True, text=True).stdout.split("\n")
    assert not any(o.startswith("error") or "NaN" in o for o in out), [x for x in zip(lines, out) if "error" in x[1]][:3]
    return out


worst = {}


def note(name, rel, where):
    count, most, at = worst.get(name, (0, mpf(-1), ""))
    worst[name] = (count + 1, max(most, rel), where if rel > most else at)


def compare(name, got, want, where, scale=None):
    got = mpf(float(got))
    if scale is None and abs(want) < TINY:
        note(name + " (units)", abs(got - want) / UNIT, where)
    else:
        note(name, abs(got - want) / (abs(want) if scale is None else max(want, scale)), where)


def system():
    c = round(10 ** rng.uniform(0, TOP))
    return c, max(1e-6, rng.choice([c + rng.uniform(-10, 6) * c**0.5, c * rng.uniform(0.3, 2.5), c * (1 - 10 ** rng.uniform(-10, -1))]))


def waits():
    cases = []
    for _ in range(POINTS):
        c, a = system()
        if a < c:
            mu = 10 ** rng.uniform(-2, 2)
            t, p = 10 ** rng.uniform(-3, 1) / (mu * (c - a)) * rng.choice([1, 1, 30]), rng.choice([0.5, 0.95, 0.999, rng.random()])
            cases.append((c, a, mu, t, p))
    out = ask([x for c, a, mu, t, p in cases for x in (f"wait_mean {a!r} {c} {mu!r}", f"wait_exceeds {a!r} {c} {mu!r} {t!r}",
                                                       f"wait_quantile {a!r} {c} {mu!r} {p!r}")])
    for i, (c, a, mu, t, p) in enumerate(cases):
        w = reference(c, a)[3]
        spare = (c - mpf(a)) * mpf(mu)
        compare("wait_mean", out[3 * i], w / spare, (a, c, mu))
        compare("wait_exceeds", out[3 * i + 1], w * exp(-spare * mpf(t)), (a, c, mu, t))
        compare("wait_quantile", out[3 * i + 2], max(mpf(0), log(w / (1 - mpf(p))) / spare), (a, c, mu, p), 1 / spare)


def finite():
    cases = []
    for _ in range(POINTS):
        c, a = system()
        cases.append((c, rng.choice([a, float(c), c * (1 + rng.uniform(-1, 1) * 10 ** rng.uniform(-15, -3))]), c + int(10 ** rng.uniform(0, 6))))
    names = ["mmck_block", "mmck_accept", "mmck_wait", "mmck_queue", "mmck_wait_mean"]
    out = ask([f"{n} {a!r} {c} {k}" for c, a, k in cases for n in names])
    for i, (c, a, k) in enumerate(cases):
        m, rho, b = k - c, mpf(a) / c, reference(c, a)[0]
        if rho == 1:
            ones, weighted, power = mpf(m), mpf(m) * (m + 1) / 2, mpf(1)
        else:
            power = rho**m
            ones = (1 - power) / (1 - rho)
            weighted = rho * (1 - (m + 1) * power + m * power * rho) / (1 - rho) ** 2
        full = 1 / (1 / b + rho * ones)
        block, wait, queue = full * power, full * ones, full * weighted
        for n, got, want in zip(names, out[5 * i:5 * i + 5], [block, 1 - block, wait, queue, queue / (mpf(a) * (1 - block))]):
            compare(n, got, want, (a, c, k))


def loads():
    cases = []
    for _ in range(POINTS):
        cases.append((round(10 ** rng.uniform(0, TOP)), rng.choice([10 ** rng.uniform(-12, -0.05), rng.uniform(0.3, 0.999)])))
    out = ask([f"{n} {c} {e!r}" for c, e in cases for n in ("load_for_blocking", "load_for_waiting")])
    for i, (c, e) in enumerate(cases):
        for j, name in enumerate(("load_for_blocking", "load_for_waiting")):
            a = float(out[2 * i + j])
            b, rest, ln_b, w, _, ln_w = reference(c, a)
            slope = c - mpf(a) * rest
            if j:
                d = c - mpf(a) + mpf(a) * b
                slope = d + mpf(a) * rest / d - mpf(a) * b
            note(name, abs(((ln_w if j else ln_b) - log(mpf(e))) / slope), (c, e))


def servers():
    cases = []
    for _ in range(POINTS):
        cases.append((10 ** rng.uniform(-2, TOP), 10 ** rng.uniform(-12, -0.02), 10 ** rng.uniform(-3, 0.5)))
    names = ("servers_for_blocking", "servers_for_waiting", "servers_for_wait", "poisson_quantile")
    out = ask([x for a, e, t in cases for x in (f"{names[0]} {a!r} {e!r}", f"{names[1]} {a!r} {e!r}",
                                                f"{names[2]} {a!r} 1 {t!r} {e!r}", f"{names[3]} {a!r} {1 - e!r}")])

    def value(j, n, a, t):
        if j == 0:
            return reference(n, a)[0]
        if j == 3:
            if n < 0:
                return mpf(1)
            p = exp(ln_pmf(n, mpf(a)))
            return p * ratio_above(n, a) if a < n else 1 - p * (1 + ratio_below(n, a))
        if n <= a:
            return mpf(1)
        return reference(n, a)[3] * (exp(-(n - mpf(a)) * mpf(t)) if j == 2 else 1)

    for i, (a, e, t) in enumerate(cases):
        for j, name in enumerate(names):
            n = int(out[4 * i + j])
            target = 1 - mpf(1 - e) if j == 3 else mpf(e)
            right = value(j, n, a, t) <= target and (n == 0 or value(j, n - 1, a, t) > target)
            note(name + " (wrong)", 0 if right else 1, (a, e, t, n))


def retries():
    cases = []
    for _ in range(POINTS):
        c, a = system()
        cases.append((c, a, rng.choice([1.0, 0.95, rng.random()]), rng.choice([1, 2, 3, 5, 10, 50, 1000])))
    cases = [x for x in cases if x[1] * (x[3] + 1) < 1e9]
    out = ask([f"{n} {a!r} {c} {q!r} {r}" for c, a, q, r in cases for n in ("retry_load", "retry_success")])
    for i, (c, a, q, r) in enumerate(cases):
        x = float(out[2 * i])
        b, rest = reference(c, x)[:2]

        def parts(b):
            w = mpf(q) * b
            return (1 - w ** (r + 1)) / (1 - w), w

        s, w = parts(b)
        elasticity = w * (1 / (1 - w) - (r + 1) * w**r / (1 - w ** (r + 1)))
        slope = 1 - elasticity * (c - x * rest)
        gap = log(mpf(x)) - log(mpf(a)) - log(s)
        note("retry_load", abs(gap / slope), (a, c, q, r, "condition", mp.nstr(1 / slope, 3)))
        # success at the exact root: x(1 - B)/a moved by the step
        carried = x * rest / mpf(a) * exp(-gap / slope * (1 - b / rest * (c - x * rest)))
        compare("retry_success", out[2 * i + 1], carried, (a, c, q, r))


def timeouts():
    """The good state by a Newton step; the fold as the value of x/S(qF(x)) at the state just below it."""
    cases = []
    for _ in range(POINTS):
        c = round(10 ** rng.uniform(0, TOP))
        cases.append((c, 10 ** rng.uniform(-1.5, 1.5) / c**0.5, rng.choice([1.0, 0.9, rng.random()]), rng.choice([1, 2, 3, 5, 10]), rng.uniform(0.1, 0.999)))
    folds = ask([f"retry_timeout_fold {c} {t!r} {q!r} {r}" for c, t, q, r, _ in cases])
    loads = [float(f) * part for f, (*_, part) in zip(folds, cases)]
    out = ask([f"retry_timeout_load {a!r} {c} {t!r} {q!r} {r}" for a, (c, t, q, r, _) in zip(loads, cases)])

    def supported(x, c, t, q, r):
        f = reference(c, x)[3] * exp(-(c - mpf(x)) * mpf(t)) if x < c else mpf(1)
        return mpf(x) / sum((mpf(q) * f) ** k for k in range(r + 1))

    for fold, a, got, (c, t, q, r, part) in zip(folds, loads, out, cases):
        x, here = float(got), supported(float(got), c, t, q, r)
        h = x * 2.0**-30
        slope = log(supported(x + h, c, t, q, r) / supported(x - h, c, t, q, r)) / log(mpf(x + h) / mpf(x - h))
        note("retry_timeout_load", abs(log(here / mpf(a)) / slope), (a, c, t, q, r, "condition", mp.nstr(1 / slope, 3)))
        note("retry_timeout_fold (passed)", 0 if here <= mpf(float(fold)) * (1 + mpf(10) ** -14) else 1, (c, t, q, r))


for part in (waits, finite, loads, servers, retries, timeouts):
    part()
for name, (count, most, at) in sorted(worst.items()):
    print(f"{name:32} {count:6} points, max {mp.nstr(mpf(most), 3):>9} at {at}")
