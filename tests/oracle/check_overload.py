#!/usr/bin/env python3
"""What a cap does, at random scenarios with caps of up to 10^9: python3 tests/oracle/check_overload.py PATH_OF_SIZE [SCENARIOS] [SEED]

`size` is the example of the core. Outcomes from B in 220 bits, sums over states, and roots of the retry equation by Newton; the
shares that time out by two sums of Poisson probabilities, which a sum over the places confirms at a tenth of the small queues.
Integers are judged by their definition at n and n - 1. Errors are relative (of the goodput, to the rate of requests) and are
divided by how often a relative change of the load comes back in the answer, where that is more than once: the load is a
double, and one rounding of it changes the answer as much.
"""
import json, math, random, subprocess, sys, time
from mpmath import mp, mpf, exp, log
from reference import at_least, finite_queue, late, reference

SIZE = sys.argv[1]
SCENARIOS = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else 1
MONTH, MINUTE = 30 * 86400, 60
STEP = mpf(2) ** -40
rng = random.Random(SEED)
worst = {}


def note(name, error, where):
    count, most, at = worst.get(name, (0, mpf(-1), ""))
    worst[name] = (count + 1, max(most, error), where if error > most else at)


def compare(name, got, want, moved, where):
    """`moved` is `want` at a load larger by STEP."""
    if got is None or abs(want) < mpf(10) ** -290:
        return
    times = abs(log(moved / want)) / log(1 + STEP)
    note(name, abs(mpf(got) / want - 1) / max(1, times), where + f" times {mp.nstr(times, 3)}")


class Refusing:
    """Share refused, share timed out, share waiting, mean wait over the response time: of attempts when the cap sees x."""

    def __init__(self, given, cap):
        self.cap = cap

    def __call__(self, x):
        return (reference(self.cap, x)[0] if self.cap else mpf(1)), mpf(0), mpf(0), mpf(0)


class Split(Refusing):
    def __init__(self, given, cap):
        self.k = given["exitIps"]
        self.each, self.larger = divmod(cap, self.k)

    def __call__(self, x):
        of = lambda c: Refusing(None, c)(mpf(x) / self.k)[0]
        share = mpf(self.larger) / self.k
        return (share * of(self.each + 1) if self.larger else 0) + (1 - share) * of(self.each), mpf(0), mpf(0), mpf(0)


class Line(Refusing):
    def __init__(self, given, cap):
        self.c, self.m = cap, given["queuePlaces"]
        self.t = mpf(given["clientTimeout"] / given["responseTime"]) if "clientTimeout" in given else None

    def __call__(self, x):
        c, m, x = self.c, self.m, mpf(x)
        if m == 0:
            return reference(c, x)[0], mpf(0), mpf(0), mpf(0)
        empty, block, accept, wait, queue = finite_queue(c, m, x)
        return block, self.late(x / c, empty), wait, queue / (x * accept)

    def late(self, rho, empty):
        if self.t is None:
            return mpf(0)
        m, s = self.m, self.c * self.t
        got = late(rho, empty, m, s)
        if m <= 200 and rng.random() < 0.1:
            term, up_to, state, total = exp(-s), mpf(0), empty, mpf(0)
            for j in range(m):
                up_to += term
                total += state * up_to
                term, state = term * s / (j + 1), state * rho
            assert abs(got / total - 1) < mpf(10) ** -25, (rho, m, s)
        return got


def attempts(f, r):
    return sum(f**k for k in range(r + 1))


def elasticity(f, r):
    return sum(k * f**k for k in range(r + 1)) / attempts(f, r)


def outcome(shares, a, r, near):
    """All that follows for fresh load a with r retries, at the root next to `near`; None where Newton finds none."""
    x = mpf(a)
    if r:
        x = mpf(near)
        for _ in range(60):
            f = min(mpf(1), sum(shares(x)[:2]))
            h = x * mpf(2) ** -60
            rise = (log(min(mpf(1), sum(shares(x + h)[:2]))) - log(f)) / log(1 + mpf(2) ** -60) if f else mpf(0)
            step = -log(x / (a * attempts(f, r))) / (1 - elasticity(f, r) * rise)
            x *= exp(max(min(step, mpf(1)), mpf(-1)))
            if abs(step) < mpf(10) ** -26:
                break
        else:
            return None
    refused, late, waiting, wait = shares(x)
    f = min(mpf(1), refused + late)
    return {"rejected": refused, "timedOut": late, "waiting": waiting, "failed": f ** (r + 1), "attempts": attempts(f, r),
            "meanWait": wait, "served": 1 - f ** (r + 1), "openShare": mpf(1)}


def mixed(share, rest, one, other):
    return {**{k: share * one[k] + rest * other[k] for k in one}, "openShare": share}


def answer(given, cap, a, r, near):
    over, rate = given["overLimit"], mpf(given["arrivalRate"]) * mpf(a) / mpf(given["arrivalRate"] * given["responseTime"])
    shares = {"queue": Line, "per-ip": Split}.get(over, Refusing)
    out = outcome(shares(given, cap), a, r, near if over in ("queue", "per-ip", "reject") else a)
    if out is None or over not in ("shrinking-cap", "penalty"):
        return out
    if over == "shrinking-cap":
        share = min(mpf(1), given["reducedAfter"] / (rate * out["served"] * MONTH))
        reduced = outcome(Refusing(given, min(cap, given["reducedCap"])), a, r, a)
        return reduced and mixed(share, 1 - share, out, reduced)
    refusals = rate * out["attempts"] * out["rejected"]
    n, mean = given["penaltyRefusals"], refusals * MINUTE
    reached = at_least(n, mean)
    until = MINUTE * (1 - reached) + n / refusals * at_least(n + 1, mean)
    blocked = given["penaltyTime"] * reached
    shut = {**out, "rejected": mpf(1), "failed": mpf(1), "attempts": mpf(r + 1), "served": mpf(0)}
    return mixed(until / (until + blocked), blocked / (until + blocked), out, shut)


def scenario():
    cap = round(10 ** rng.uniform(0, 9)) if rng.random() < 0.5 else round(10 ** rng.uniform(0, 4))
    a = max(1e-3, rng.choice([cap + rng.uniform(-8, 4) * cap**0.5, cap * rng.uniform(0.3, 1.5), cap * 10 ** rng.uniform(-2, 0.7)]))
    time_s = 10 ** rng.uniform(-2, 2)
    given = {"arrivalRate": a / time_s, "responseTime": time_s, "cap": cap, "retries": rng.choice([0, 1, 2, 3, 3, 10, 100]),
             "overLimit": rng.choice(["reject", "queue", "queue", "queue", "per-ip", "shrinking-cap", "penalty"]),
             "failTarget": 10 ** rng.uniform(-9, -0.31)}
    over = given["overLimit"]
    if over == "queue":
        given["queuePlaces"] = rng.choice([0, 1, 10, 100, 1000, round(10 ** rng.uniform(0, 6))])
        if rng.random() < 0.7:
            given["clientTimeout"] = time_s * min(1e2, 10 ** rng.uniform(-2, 1.5) / cap**0.5)
    elif over == "per-ip":
        given["exitIps"] = rng.choice([1, 2, 7, 10, round(10 ** rng.uniform(0, 6))])
    elif over == "shrinking-cap":
        given["reducedCap"] = rng.choice([0, 10, cap // 2, round(cap * rng.random())])
        given["reducedAfter"] = min(1e15, given["arrivalRate"] * MONTH * 10 ** rng.uniform(-2, 0.5))
    elif over == "penalty":
        # Refusals of a minute of the open pool, more or less.
        given["penaltyTime"] = 10 ** rng.uniform(0, 4)
        mean = given["arrivalRate"] * MINUTE * float(reference(cap, float(a))[0])
        given["penaltyRefusals"] = max(1, min(10**9, round(mean * rng.uniform(0.5, 1.5) + rng.uniform(-4, 4) * mean**0.5 + 1)))
    return given if given["arrivalRate"] <= 1e9 and given["arrivalRate"] * time_s <= 9e8 else scenario()


def fewest(name, n, meets, where):
    if n is not None:
        note(name + " (wrong)", 0 if meets(n) and (n == 0 or not meets(n - 1)) else 1, where)


def most(name, rate, given, cap, r, sent):
    """One secant step of failed(rate) = target, as a share of the rate; the answer promises 1e-12."""
    if rate is None or rate >= 1e9 or rate < 1e-9:
        return
    def failed(rate):
        load = rate * given["responseTime"]
        return answer({**given, "arrivalRate": rate}, cap, load, r, load * sent)
    near, target = failed(rate), mpf(given["failTarget"])
    far = failed(rate * (1 - 1e-6))
    if near and far and near["failed"] > far["failed"]:
        note(name, abs(log(near["failed"] / target) / log(near["failed"] / far["failed"])) * mpf(10) ** -6, json.dumps(given))


def thresholds(given, told):
    """Greatest and then least x/S(F(x)): both by parabolas through points that close in."""
    r, line = given["retries"], Line(given, given["cap"])
    def supported(x):
        return mpf(x) / attempts(min(mpf(1), sum(line(x)[:2])), r)
    def extremum(low, high, sign):
        golden = (mp.sqrt(5) - 1) / 2
        x, y = high - golden * (high - low), low + golden * (high - low)
        fx, fy = sign * supported(x), sign * supported(y)
        for _ in range(40):
            if fx > fy:
                high, y, fy = y, x, fx
                x = high - golden * (high - low)
                fx = sign * supported(x)
            else:
                low, x, fx = x, y, fy
                y = low + golden * (high - low)
                fy = sign * supported(y)
        return supported((low + high) / 2)
    c = given["cap"]
    grid = [mpf(c) * i / 100 for i in range(30, 260)]
    values = [supported(x) for x in grid]
    peak = next((i for i in range(1, len(grid) - 1) if values[i] > values[i + 1]), None)
    if peak is None:
        return
    dip = next((i for i in range(peak + 1, len(grid) - 1) if values[i] < values[i + 1]), None)
    for name, i, sign in (("collapsePerSecond", peak, 1), ("recoverPerSecond", dip, -1)):
        if i:
            value = extremum(grid[i - 1], grid[i + 1], sign) / mpf(given["responseTime"])
            note(name, abs(mpf(told[name]) / value - 1), json.dumps(given)) if told[name] is not None else note(name + " (missed)", 1, json.dumps(given))


start = time.time()
for turn in range(SCENARIOS):
    given = scenario()
    where = json.dumps(given)
    out = subprocess.run([SIZE], input=where, capture_output=True, text=True).stdout
    told = json.loads(out).get("exceeded")
    assert told is not None and "NaN" not in out, (where, out[:200])
    over, cap, a, r = given["overLimit"], given["cap"], told["load"], given["retries"]
    for name, tries in (("once", 0), ("retried", r)):
        got = told[name]
        want = answer(given, cap, a, tries, a * got["attempts"])
        moved = want and answer(given, cap, a * (1 + STEP), tries, a * got["attempts"])
        if not moved:
            note(f"{over}: no root found", 0, where)
            continue
        for shares in (want, moved):
            shares["responseTime"] = (1 + shares["meanWait"]) * mpf(given["responseTime"])
            shares["meanWait"] *= mpf(given["responseTime"])
        if over == "queue" and tries and rng.random() < 0.1:
            # No smaller root: the equation asks for more everywhere below.
            shares, x = Line(given, cap), got["attempts"] * a
            below_all = all(attempts(min(mpf(1), sum(shares(p)[:2])), r) * a > p
                            for p in (a + (x - a) * (1 - 10.0 ** -i) for i in range(1, 7)) if x - p > 1e-9 * x)
            note("queue: smaller root (wrong)", 0 if below_all else 1, where)
        times = abs(moved["served"] - want["served"]) / STEP
        note(f"{over} goodputPerSecond {name}", abs(mpf(got["goodputPerSecond"]) / mpf(given["arrivalRate"]) - want["served"]) / max(1, times), where)
        for key in ("rejected", "timedOut", "waiting", "failed", "attempts", "meanWait", "responseTime"):
            compare(f"{over} {key} {name}", got[key], want[key], moved[key], where)
        if name == "retried":
            compare(f"{over} openShare", told["openShare"], want["openShare"], moved["openShare"], where)
    e = mpf(given["failTarget"])
    if over != "queue":
        fewest("serversForTarget", told["serversForTarget"] if over != "per-ip" else None, lambda n: Refusing(given, n)(a)[0] <= e, where)
    if over == "per-ip" and told["extraForSplit"] is not None:
        k = given["exitIps"]
        n = told["serversForTarget"] // k
        fewest("per-ip serversForTarget", n, lambda n: Refusing(given, n)(a / k)[0] <= e, where)
        fewest("per-ip extraForSplit", told["serversForTarget"] - round(told["extraForSplit"]), lambda n: Refusing(given, n)(a)[0] <= e, where)
    for p, key in (("0.05", "p95"), ("0.01", "p99"), ("0.001", "p999")):
        # 1 - p as the double that is asked for.
        rest = 1 - mpf(1 - float(p))
        fewest("occupancy", int(told["occupancy"][key]), lambda n: at_least(n + 1, a) <= rest, where)
    if over not in ("penalty",) and rng.random() < 0.3:
        most(f"{over} mostPerSecond", told["mostPerSecond"], given, cap, 0, 1)
    if over in ("reject", "per-ip") and r and rng.random() < 0.3:
        # The load seen at that rate, over the load sent: what fails in the end is target = F^(r + 1).
        f = e ** (mpf(1) / (r + 1))
        most(f"{over} mostPerSecondRetried", told["mostPerSecondRetried"], given, cap, r, float(attempts(f, r)))
    if over == "queue" and "clientTimeout" in given and r and cap > 5 and given["queuePlaces"] >= 50 and rng.random() < 0.05:
        thresholds(given, told)
    point = rng.choice(told["curve"])
    want, moved = (answer(given, point["servers"], mpf(a) * by, 0, a) for by in (1, 1 + STEP))
    for shares in (want, moved):
        shares["once"] = min(mpf(1), shares["rejected"] + shares["timedOut"])
    for key in ("once", "waiting"):
        compare(f"{over} curve {key}", point[key], want[key], moved[key], where + f" {point['servers']}")
print(f"{SCENARIOS} scenarios, seed {SEED}, {time.time() - start:.0f} s")
for name, (count, top, at) in sorted(worst.items()):
    print(f"{name:40} {count:6} answers, max {mp.nstr(mpf(top), 3):>9} at {at}")
