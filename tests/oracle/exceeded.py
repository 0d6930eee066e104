"""Writes tests/vectors/exceeded.json: what happens over the limit, from recurrences, sums over states and root finding in
40-digit arithmetic. None of it is the method under test. `python3 tests/oracle/exceeded.py > tests/vectors/exceeded.json`
"""
import json
from mpmath import exp, findroot, inf, mp, mpf, log, quad, ceil

mp.dps = 40
MONTH = 30 * 86400


def blocking(c, a):
    """Erlang B by its recurrence over servers, which only adds positive numbers."""
    b, a = mpf(1), mpf(a)
    for n in range(1, c + 1):
        b = a * b / (n + a * b)
    return b


def waiting(c, a):
    b = blocking(c, a)
    return b / (1 - (mpf(a) / c) * (1 - b))


def fewest(meets, c=0):
    """Smallest number that meets, all before it tried."""
    while not meets(c):
        c += 1
    return c


def quantile(a, p):
    """Smallest n with P(N <= n) >= p."""
    n, term = 0, exp(-mpf(a))
    total = term
    while total < p:
        n += 1
        term = term * a / n
        total += term
    return n


def bisect(f, low, high):
    """Where an increasing f crosses 0."""
    low, high = mpf(low), mpf(high)
    for _ in range(140):
        middle = (low + high) / 2
        low, high = (middle, high) if f(middle) < 0 else (low, middle)
    return (low + high) / 2


def attempts(f, retries):
    return sum(f ** k for k in range(retries + 1))


def smallest_root(a, failing, retries):
    """Smallest x with x = a*(1 + F + ... + F^r): a scan from a, then bisection."""
    g = lambda x: x - a * attempts(failing(x), retries)
    x = mpf(a)
    if g(x) >= 0:
        return x
    step = mpf(a) / 200
    while g(x + step) < 0:
        x += step
    return bisect(g, x, x + step)


class Line:
    """M/M/c with so many places to wait, served first come, first served; times in mean service times."""

    def __init__(self, c, places, x):
        term, states = mpf(1), [mpf(1)]
        for n in range(1, c + places + 1):
            term = term * x / min(n, c)
            states.append(term)
        total = sum(states)
        self.c, self.x, self.places = c, mpf(x), places
        self.full = states[-1] / total
        # An arrival that finds j waiting and every server busy, and a place.
        self.busy = [state / total for state in states[c:c + places]]
        self.wait = sum(self.busy)
        # Little's law over the queue; 1/c between two departures while all are busy.
        self.mean = sum(p * (j + 1) for j, p in enumerate(self.busy)) / c / (1 - self.full)

    def exceeds(self, time):
        """Share of arrivals that wait longer: fewer than j + 1 departures in that time."""
        s = self.c * mpf(time)
        term, up_to, total = exp(-s), mpf(0), mpf(0)
        for j, p in enumerate(self.busy):
            up_to += term
            term = term * s / (j + 1)
            total += p * up_to
        return total

    def failing(self, time):
        return self.full + self.exceeds(time)


def least(f, low, high):
    """Place of the least of f, which falls and then rises: ternary search; the value there is flat to twice the digits."""
    low, high = mpf(low), mpf(high)
    while high - low > mpf(10) ** -14 * high:
        third = (high - low) / 3
        if f(low + third) < f(high - third):
            high -= third
        else:
            low += third
    return (low + high) / 2


rows = []


def row(name, given, want, source, within=None):
    """Exact where `within` is not given."""
    plain = lambda x: x if isinstance(x, (int, str, type(None))) else float(mp.nstr(x, 20))
    entry = {"name": name, "input": given, "want": {path if path == "exceeded" else f"exceeded.{path}": plain(x) for path, x in want.items()}}
    if within is not None:
        entry["within"] = within
    rows.append({**entry, "source": source})


ARTICLE = {"arrivalRate": 50, "responseTime": 2.5}
A, W, RATE = mpf(125), mpf(5) / 2, mpf(50)

for_target = lambda a: fewest(lambda c: blocking(c, a) <= mpf(0.01))
row("refused_at_157", ARTICLE, {
    "overLimit": "reject", "cap": 157, "servers": 157, "load": 125, "once.timedOut": 0, "once.waiting": 0, "once.attempts": 1,
    "once.meanWait": 0, "once.waitP99": 0, "once.responseTime": 2.5, "serversForTarget": for_target(125),
    "occupancy.p95": quantile(125, mpf(0.95)), "occupancy.p99": quantile(125, mpf(0.99)), "occupancy.p999": quantile(125, mpf(0.999)),
    "extraForSplit": None, "openShare": None, "collapsePerSecond": None, "recoverPerSecond": None,
    "rule.0.load": 10, "rule.1.load": 100, "rule.2.load": 1000,
}, "50 x 2.5 = 125, up to 157 with 25 %; servers one by one until B <= 1 %; Poisson quantiles from the sum of probabilities")

b157 = blocking(157, A)
row("share_refused_at_157", ARTICLE, {
    "once.rejected": b157, "headroomForTarget": mpf(for_target(125)) / 125 - 1,
    "rule.0.headroom": mpf(for_target(10)) / 10 - 1, "rule.1.headroom": mpf(for_target(100)) / 100 - 1,
    "rule.2.headroom": mpf(for_target(1000)) / 1000 - 1, "once.goodputPerSecond": RATE * (1 - b157),
}, "Erlang B by its recurrence; 18, 117 and 1029 servers for 10, 100 and 1000 erlangs at 1 %", 1e-13)


def refused(name, cap, retries):
    b = blocking(cap, A)
    x = smallest_root(A, lambda x: blocking(cap, x), retries)
    f = blocking(cap, x)
    row(name, {**ARTICLE, "cap": cap, "retries": retries}, {
        "cap": cap, "once.rejected": b, "retried.rejected": f, "retried.attempts": attempts(f, retries),
        "retried.goodputPerSecond": RATE * (1 - f ** (retries + 1)),
    }, f"x = 125 (1 + B + ... + B^{retries}) by bisection, B by its recurrence", 1e-13)


refused("refused_at_157_with_retries", 157, 3)
refused("refused_at_140_with_retries", 140, 3)
refused("refused_at_110_with_ten_retries", 110, 10)
refused("refused_at_1_with_a_hundred_retries", 1, 100)

most = bisect(lambda a: blocking(157, a) - mpf(0.01), 1, 400)
seen = bisect(lambda x: blocking(157, x) - mpf(0.01) ** (mpf(1) / 4), 1, 800)
row("most_that_can_be_sent_at_157", ARTICLE, {
    "mostPerSecond": most / W, "mostPerSecondRetried": seen / attempts(mpf(0.01) ** (mpf(1) / 4), 3) / W,
}, "B(157, a) = 1 %; with three retries B^4 = 1 %, and a is x over the attempts; both by bisection", 1e-11)

for tier, target in [(200, 0.01), (500, 1e-6)]:
    c = fewest(lambda c: blocking(c, A) <= mpf(target))
    row(f"plan_of_{tier}_for_{target}", {**ARTICLE, "planTiers": [50, 100, tier], "failTarget": target}, {
        "cap": tier, "once.rejected": blocking(tier, A), "serversForTarget": c, "headroomForTarget": mpf(c) / 125 - 1,
    }, "the plan that holds 157; Erlang B by its recurrence", 1e-13)

# Open connections: each is held for the response and 15 s after it.
row("open_connections", {**ARTICLE, "planCounts": "open-connections", "idleTime": 15}, {
    "cap": 1094, "servers": 1094, "load": 875, "once.rejected": blocking(1094, mpf(875)),
    "serversForTarget": fewest(lambda c: blocking(c, mpf(875)) <= mpf(0.01)),
}, "50 x (2.5 + 15) = 875, 1093.75 with 25 %; Erlang B by its recurrence", 1e-13)

row("a_rate_is_no_cap", {**ARTICLE, "planCounts": "requests-per-minute"}, {"exceeded": None}, "nothing at once is limited")


def per_ip(cap, k, retries):
    each, larger = divmod(cap, k)
    failing = lambda x: (larger * blocking(each + 1, x / k) + (k - larger) * blocking(each, x / k)) / k
    x = smallest_root(A, failing, retries)
    f = failing(x)
    split = k * fewest(lambda c: blocking(c, A / k) <= mpf(0.01))
    row(f"cap_of_{cap}_on_{k}_ips", {**ARTICLE, "cap": cap, "overLimit": "per-ip", "exitIps": k, "retries": retries}, {
        "once.rejected": failing(A), "retried.rejected": f, "retried.attempts": attempts(f, retries),
        "serversForTarget": split, "extraForSplit": split - for_target(125),
    }, f"{larger} pools of {each + 1} and {k - larger} of {each}, {mp.nstr(A / k, 8)} erlangs each; Erlang B by its recurrence", 1e-13)


per_ip(157, 10, 3)
per_ip(157, 7, 2)
per_ip(200, 1, 3)
per_ip(5, 10, 1)


def queue(cap, places, name):
    line = Line(cap, places, A)
    c = waiting(cap, A)
    most_wait = lambda n: waiting(n, A) * exp(-(n - A) / W)
    row(name, {**ARTICLE, "cap": cap, "overLimit": "queue", "queuePlaces": places}, {
        "once.rejected": line.full, "once.timedOut": 0, "once.waiting": line.wait, "once.meanWait": line.mean * W,
        "once.waitP99": None if A >= cap else max(mpf(0), log(c / mpf("0.01")) * W / (cap - A)) if c > 0 else 0,
        "once.responseTime": line.mean * W + W,
        "serversForTarget": fewest(lambda n: most_wait(n) <= mpf(0.01), 126), "collapsePerSecond": None, "recoverPerSecond": None,
    }, "sums over every state; the wait that 1 % exceed, and the cap for 1 s, from Erlang C and its exponential wait", 1e-12)


queue(157, 1000, "queue_at_157")
queue(130, 5000, "queue_at_130")
queue(130, 20, "short_queue_at_130")
queue(120, 300, "queue_below_the_load")
queue(125, 100, "queue_at_the_load")
queue(140, 0, "queue_without_places")

# Erlang C itself where the queue has no end to speak of: no sum over states.
c140 = waiting(140, A)
row("long_queue_is_erlang_c", {**ARTICLE, "cap": 140, "overLimit": "queue", "queuePlaces": 100000}, {
    "once.waiting": c140, "once.meanWait": c140 * W / 15, "once.waitP99": log(c140 / mpf("0.01")) * W / 15,
    "once.responseTime": c140 * W / 15 + W,
}, "C W/(c - a), and ln(C/0.01) W/(c - a); 100,000 places at 125/140 are full with probability 1e-4922", 1e-13)


def collapse(c, timeout, retries, places, rate, name, source):
    supported = lambda x: x / attempts(Line(c, places, x).failing(timeout), retries)
    top = least(lambda x: -supported(x), 0.7 * c, 0.99 * c)
    bottom = least(supported, c, 1.3 * c)
    line = Line(c, places, mpf(rate))
    x = smallest_root(mpf(rate), lambda x: Line(c, places, x).failing(timeout), retries)
    after = Line(c, places, x)
    f = after.failing(timeout)
    row(name, {"arrivalRate": rate, "responseTime": 1, "cap": c, "overLimit": "queue", "queuePlaces": places,
               "clientTimeout": timeout, "retries": retries}, {
        "once.rejected": line.full, "once.timedOut": line.exceeds(timeout), "once.waiting": line.wait, "once.meanWait": line.mean,
        "retried.timedOut": after.exceeds(timeout), "retried.attempts": attempts(f, retries), "retried.meanWait": after.mean,
        "collapsePerSecond": supported(top), "recoverPerSecond": supported(bottom),
    }, source, 1e-10)


collapse(100, 0.3, 2, 1000, 80, "collapse_and_recovery",
         "greatest and then least x/(1 + F + F^2) over the load x that the cap sees, F from sums over every state: 0.895 and 0.334 of 100")
collapse(20, 0.5, 3, 200, 12, "collapse_and_recovery_of_a_small_cap", "the same with 1 + F + F^2 + F^3")


def shrinking(cap, reduced, after, retries):
    def part(c, r):
        x = smallest_root(A, lambda x: blocking(c, x), r)
        f = blocking(c, x)
        return f, RATE * (1 - f ** (r + 1))
    share = lambda r: min(mpf(1), after / (part(cap, r)[1] * MONTH))
    s = share(0)
    row(f"cap_of_{cap}_shrinks_to_{reduced}_after_{after}", {**ARTICLE, "cap": cap, "overLimit": "shrinking-cap", "reducedCap": reduced,
                                             "reducedAfter": after, "retries": retries}, {
        "openShare": share(retries), "once.rejected": s * part(cap, 0)[0] + (1 - s) * part(reduced, 0)[0],
        "once.goodputPerSecond": s * part(cap, 0)[1] + (1 - s) * part(reduced, 0)[1],
        "retried.goodputPerSecond": share(retries) * part(cap, retries)[1] + (1 - share(retries)) * part(reduced, retries)[1],
    }, "served in 30 days at the full cap; both parts by their time", 1e-12)


shrinking(157, 10, 100000000, 3)
shrinking(140, 0, 1000000, 0)
shrinking(157, 10, 1000000000, 3)


def penalty(cap, refusals, time, retries):
    x = smallest_root(A, lambda x: blocking(cap, x), retries)
    f = blocking(cap, x)
    rate = RATE * attempts(f, retries) * f
    # The refusal that brings the block comes by a gamma density; minutes begin anew until one has as many.
    density = lambda t: exp(refusals * log(rate) + (refusals - 1) * log(t) - rate * t - mp.loggamma(refusals))
    edges = [mpf(i) * 60 / 12 for i in range(13)]
    edges[0] = mpf(10) ** -30
    reached = quad(density, edges)
    within = quad(lambda t: t * density(t), edges) / reached
    until = 60 * (1 - reached) / reached + within
    row(f"penalty_of_{time}_s_after_{refusals}", {**ARTICLE, "cap": cap, "overLimit": "penalty", "penaltyRefusals": refusals,
                                                "penaltyTime": time, "retries": retries}, {"openShare": until / (until + time)},
        "time until the block against its length; the refusals of a minute by quadrature of a gamma density", 1e-12)


penalty(110, 450, 600, 0)
penalty(110, 800, 600, 3)
penalty(140, 60, 30, 0)

print(json.dumps({"what": "what happens over the limit; tests/oracle/exceeded.py writes this file", "rows": "ROWS"}, indent=1).replace(
    '"ROWS"', "[\n" + ",\n".join("  " + json.dumps(r, indent=1).replace("\n", "\n  ") for r in rows) + "\n ]"))
