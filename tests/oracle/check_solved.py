#!/usr/bin/env python3
"""What is solved for or built on B and C, at random systems of up to 10^9 servers:
python3 tests/oracle/check_solved.py PATH_OF_EVALUATE [POINTS] [SEED] [PART …]

Roots (loads, retries) are judged by one Newton step of the exact equation from the answer; whole numbers by their
definition at n and n - 1, half of the targets next to the value at n; the rest by its formula in 220 bits. POINTS are those of
each part: waits, finite, loads, servers, retries, timeouts, others.
"""
import math, random, subprocess, sys, time
from mpmath import mp, mpf, exp, log
from reference import TINY, UNIT, at_least, below, finite_queue, late, ln_pmf, ratio_above, ratio_below, reference

EVALUATE = sys.argv[1]
POINTS = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else 11
TOP = 9


def ask(lines):
    out = subprocess.run([EVALUATE], input="\n".join(lines) + "\n", capture_output=True, text=True).stdout.split("\n")
    assert not any(o.startswith("error") or "NaN" in o for o in out), [x for x in zip(lines, out) if "error" in x[1] or "NaN" in x[1]][:3]
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


def system(rng):
    c = round(10 ** rng.uniform(0, TOP))
    a = rng.choice([c + rng.uniform(-10, 6) * c**0.5, c * rng.uniform(0.3, 2.5), c * (1 - 10 ** rng.uniform(-10, -1)),
                    c * rng.choice([0.5, 0.57, 1.0, 1.65]) * (1 + rng.uniform(-1e-6, 1e-6)), c * 10 ** rng.uniform(-3, 1)])
    return c, max(1e-6, a)


def waits(rng):
    cases = []
    while len(cases) < POINTS:
        c, a = system(rng)
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


def finite(rng):
    cases = []
    for _ in range(POINTS):
        c, a = system(rng)
        a = rng.choice([a, a, float(c), c * (1 + rng.uniform(-1, 1) * 10 ** rng.uniform(-15, -3))])
        cases.append((c, a, c + int(10 ** rng.uniform(0, TOP))))
    names = ["mmck_block", "mmck_accept", "mmck_wait", "mmck_queue", "mmck_wait_mean"]
    out = ask([f"{n} {a!r} {c} {k}" for c, a, k in cases for n in names])
    for i, (c, a, k) in enumerate(cases):
        _, block, accept, wait, queue = finite_queue(c, k - c, a)
        for n, got, want in zip(names, out[5 * i:5 * i + 5], [block, accept, wait, queue, queue / (mpf(a) * accept)]):
            compare(n, got, want, (a, c, k))


def loads(rng):
    cases = []
    for _ in range(POINTS):
        cases.append((round(10 ** rng.uniform(0, TOP)), rng.choice([10 ** rng.uniform(-12, -0.05), 10 ** rng.uniform(-300, -12),
                                                                    rng.uniform(0.3, 0.999), 1 - 10 ** rng.uniform(-9, -1)])))
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


def servers(rng):
    names = ("servers_for_blocking", "servers_for_waiting", "servers_for_wait", "poisson_quantile")

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

    cases = []
    for _ in range(POINTS):
        a, t = 10 ** rng.uniform(-2, TOP), 10 ** rng.uniform(-3, 0.5)
        targets = [10 ** rng.uniform(-12, -0.02)] * 4
        if rng.random() < 0.5:
            # Next to what some number of servers gives, nearer and nearer down to a few hundred roundings.
            n = math.floor(a) + 1 + int(rng.uniform(0, 6) * a**0.5)
            near = 1 + rng.choice([-1, 1]) * 10 ** rng.uniform(-13.5, -5)
            targets = [min(0.99, max(1e-300, float(value(j, n, a, t)) * near)) for j in range(4)]
        cases.append((a, t, targets))
    out = ask([x for a, t, (e, f, g, h) in cases for x in (f"{names[0]} {a!r} {e!r}", f"{names[1]} {a!r} {f!r}",
                                                           f"{names[2]} {a!r} 1 {t!r} {g!r}", f"{names[3]} {a!r} {1 - max(h, 1e-16)!r}")])
    for i, (a, t, targets) in enumerate(cases):
        for j, name in enumerate(names):
            n = int(out[4 * i + j])
            target = 1 - mpf(1 - max(targets[j], 1e-16)) if j == 3 else mpf(targets[j])
            right = value(j, n, a, t) <= target and (n == 0 or value(j, n - 1, a, t) > target)
            note(name + " (wrong)", 0 if right else 1, (a, targets[j], t, n))


def retries(rng):
    cases = []
    while len(cases) < POINTS:
        c, a = system(rng)
        a *= 10 ** rng.choice([0, 0, 0, rng.uniform(0, 6)])
        if a <= 1e9:
            cases.append((c, a, rng.choice([1.0, 0.95, rng.random()]), rng.choice([1, 2, 3, 5, 10, 50, 1000])))
    out = ask([f"{n} {a!r} {c} {q!r} {r}" for c, a, q, r in cases for n in ("retry_load", "retry_success")])
    for i, (c, a, q, r) in enumerate(cases):
        x = float(out[2 * i])
        b, rest = reference(c, x)[:2]
        w = mpf(q) * b
        less = (1 - mpf(q)) + mpf(q) * rest
        s = (1 - w ** (r + 1)) / less
        elasticity = w * (1 / less - (r + 1) * w**r / (1 - w ** (r + 1)))
        slope = 1 - elasticity * (c - x * rest)
        gap = log(mpf(x)) - log(mpf(a)) - log(s)
        note("retry_load", abs(gap / slope), (a, c, q, r, "condition", mp.nstr(1 / slope, 3)))
        # success at the exact root: x(1 - B)/a moved by the step
        carried = x * rest / mpf(a) * exp(-gap / slope * (1 - b / rest * (c - x * rest)))
        compare("retry_success", out[2 * i + 1], carried, (a, c, q, r))


def timeouts(rng):
    """The good state by a Newton step; the fold as the greatest x/S(qF(x)), by Newton from the state just below it."""
    cases = []
    for _ in range(POINTS):
        c = round(10 ** rng.uniform(0, TOP))
        cases.append((c, 10 ** rng.uniform(-1.5, 1.5) / c**0.5, rng.choice([1.0, 0.9, rng.random()]), rng.choice([1, 2, 3, 5, 10]),
                      rng.choice([rng.uniform(0.1, 0.999), 1.5])))
    folds = ask([f"retry_timeout_fold {c} {t!r} {q!r} {r}" for c, t, q, r, _ in cases])
    recover = ask([f"retry_timeout_recover {c} {q!r} {r}" for c, t, q, r, _ in cases])
    loads = [min(1e9, float(f) * part) for f, (*_, part) in zip(folds, cases)]
    out = ask([x for a, f, (c, t, q, r, _) in zip(loads, folds, cases)
               for x in (f"retry_timeout_load {a!r} {c} {t!r} {q!r} {r}", f"retry_timeout_load {min(1e9, float(f)) * (1 - 1e-9)!r} {c} {t!r} {q!r} {r}")])

    def supported(x, c, t, q, r):
        b = reference(c, float(x))
        f = b[3] * exp(-(c - mpf(float(x))) * mpf(t)) if x < c else mpf(1)
        return mpf(float(x)) / sum((mpf(q) * f) ** k for k in range(r + 1))

    def logarithms(x, h, *case):
        """Of x/S, with its first and second derivative by differences; x and h are doubles."""
        low, here, high = (log(supported(y, *case)) for y in (x - h, x, x + h))
        return here, (high - low) / (2 * h), (high - 2 * here + low) / h**2

    for i, (a, (c, t, q, r, part)) in enumerate(zip(loads, cases)):
        case, worst_sum = (c, t, q, r), sum(mpf(q) ** k for k in range(r + 1))
        fold, x, peak = float(folds[i]), float(out[2 * i]), float(out[2 * i + 1])
        compare("retry_timeout_recover", recover[i], c / worst_sum, case)
        # The greatest value: where the derivative at c, from below, is positive there is no other.
        h = 2.0 ** (math.floor(math.log2(c)) - 33)
        if logarithms(c - 2 * h, h, *case)[1] > 0:
            note("retry_timeout_fold (at c)", abs(fold * worst_sum / c - 1), case)
        else:
            for _ in range(60):
                h = 2.0 ** (math.floor(math.log2(min(peak, c - peak))) - 20)
                height, slope, bend = logarithms(peak, h, *case)
                step = -slope / bend if bend < 0 else mpf(0)
                height += slope * step / 2
                peak = min(peak + float(step), (peak + c) / 2)
                if abs(step * slope) < mpf(10) ** -22:
                    break
            else:
                note("retry_timeout_fold (no end)", 1, case)
            note("retry_timeout_fold", abs(fold / exp(height) - 1), case)
        if a > fold:
            compare("retry_timeout_load (collapsed)", x, a * worst_sum, case)
        elif x < c:
            h = 2.0 ** (math.floor(math.log2(min(x, c - x))) - 20)
            here, slope, _ = logarithms(x, h, *case)
            note("retry_timeout_load", abs((here - log(mpf(a))) / (slope * x)), (a, *case, "condition", mp.nstr(1 / (slope * x), 3)))


def others(rng):
    """What is read off the same evaluations: means of Erlang B, Poisson shares, waits of a bounded queue, attempts that time out."""
    cases = []
    while len(cases) < POINTS:
        c, a = system(rng)
        if a <= 1e9:
            m = round(10 ** rng.uniform(0, 6))
            cases.append((c, a, m, 10 ** rng.uniform(-2, 1) * rng.choice([1 / c**0.5, m / c])))
    out = ask([x for c, a, m, t in cases for x in (
        f"erlang_b_carried {a!r} {c}", f"erlang_b_idle {a!r} {c}", f"poisson_exactly {a!r} {c}", f"poisson_at_most {a!r} {c}",
        f"poisson_more_than {a!r} {c}", f"mmck_exceeds {a!r} {c} {c + m} {t!r}", f"retry_timeout_failing {a!r} {c} {t!r}")])
    for i, (c, a, m, t) in enumerate(cases):
        b, rest, _, w, _, _ = reference(c, a)
        rho, s = mpf(a) / c, c * mpf(t)
        power = rho**m
        ones = (1 - power) / (1 - rho) if rho != 1 else mpf(m)
        got = out[7 * i:7 * i + 7]
        compare("erlang_b_carried", got[0], a * rest, (a, c))
        compare("erlang_b_idle", got[1], c - a * rest, (a, c))
        compare("poisson_exactly", got[2], exp(ln_pmf(c, mpf(a))), (a, c))
        compare("poisson_at_most", got[3], below(c + 1, a), (a, c))
        compare("poisson_more_than", got[4], at_least(c + 1, a), (a, c))
        # c·t is rounded, and moves the tail of m departures.
        want = late(rho, 1 / (1 / b + rho * ones), m, s)
        if want > mpf(10) ** -290:
            near = m <= 200 or m <= 4096 and abs(1 - rho) < 1e-3
            slope = abs(log(late(rho, 1 / (1 / b + rho * ones), m, s * (1 + mpf(2) ** -40)) / want)) * 2**40
            error = abs(mpf(float(got[5])) / want - 1) / max(1, slope)
            note("mmck_exceeds " + ("summed" if near else "by two tails, m|1 - rho| over 1" if m * abs(1 - rho) > 1 else "by two tails, else"),
                 error, (a, c, m, t))
        compare("retry_timeout_failing", got[6], w * exp(-(c - mpf(a)) * mpf(t)) if a < c else mpf(1), (a, c, t))


for part in (others, waits, finite, loads, servers, retries, timeouts):
    if len(sys.argv) <= 4 or part.__name__ in sys.argv[4:]:
        start = time.time()
        part(random.Random(f"{part.__name__} {SEED}"))
        print(f"{part.__name__}: {POINTS} points, seed {SEED}, {time.time() - start:.0f} s", flush=True)
for name, (count, most, at) in sorted(worst.items()):
    print(f"{name:32} {count:6} answers, max {mp.nstr(mpf(most), 3):>9} at {at}")
