"""What core/src/sim simulates, as processes of simpy: written from the descriptions of its fields, and from nothing else of it.

A request is a process that tries, fails, pauses and tries again; what holds a place is another, which goes on where the client has
given up. Names and units of a case are those of the record that the example `simulate` reads.
"""
import math
import random

import simpy

Z_95 = 1.6448536269514722


def drawing(case, rng):
    """Draws response times."""
    pattern = case.get("responsePattern", "fitted")
    if pattern == "fitted" and "responseTimeSamples" in case:
        return lambda: rng.choice(case["responseTimeSamples"])
    mean = case["responseTime"]
    if pattern == "deterministic":
        return lambda: mean
    if pattern == "fitted" and "responseTimeP95" in case:
        # ln(p95/mean) = zσ - σ²/2, the smaller root.
        sigma = Z_95 - math.sqrt(Z_95**2 - 2 * math.log(case["responseTimeP95"] / mean))
        return lambda: rng.lognormvariate(math.log(mean) - sigma**2 / 2, sigma)
    return lambda: rng.expovariate(1 / mean)


class Connections:
    """Of the client: one in use with a free stream, else the one that was idle for the shortest time, else a new one."""

    def __init__(self, system):
        self.system, case = system, system.case
        self.setup, self.idle_time = case["setupTime"], case["idleTime"]
        self.streams = case.get("maxConcurrentStreams", 1) if case.get("innerHttp") == "2" else 1
        self.shared, self.idle, self.open = [], [], 0

    def ready(self):
        return bool(self.shared or self.idle)

    def take(self):
        if self.shared or self.idle:
            connection = self.shared.pop() if self.shared else self.idle.pop()
            connection["uses"] += 1
            connection["turn"] += 1
            if connection["uses"] < self.streams:
                self.shared.append(connection)
            return connection, 0
        self.system.mark()
        self.open += 1
        # It offers its other streams from its first answer on.
        return {"uses": 1, "turn": 0}, self.setup

    def give_back(self, connection):
        connection["uses"] -= 1
        if connection in self.shared:
            self.shared.remove(connection)
        if connection["uses"]:
            self.shared.append(connection)
        else:
            self.idle.append(connection)
            self.system.env.process(self.grow_old(connection, connection["turn"]))

    def grow_old(self, connection, turn):
        yield self.system.env.timeout(self.idle_time)
        if connection in self.idle and connection["turn"] == turn:
            self.system.mark()
            self.idle.remove(connection)
            self.open -= 1
            self.system.fill()


class Call:
    """An attempt that is in flight or waits."""

    def __init__(self, system, address):
        self.sent, self.address = system.env.now, address
        self.started, self.ended = system.env.event(), system.env.event()
        self.given_up, self.service = False, None


class System:
    def __init__(self, case, seed):
        self.case, self.rng, self.env = case, random.Random(seed), simpy.Environment()
        self.draw = drawing(case, self.rng)
        self.over = case.get("overLimit", "reject")
        self.cap, self.places = case["cap"], case.get("queuePlaces", 0) if self.over == "queue" else 0
        self.at_address = [0] * case.get("exitIps", 1)
        self.line, self.in_flight = [], 0
        self.served, self.refusals, self.window_began, self.blocked_until = 0, 0, 0.0, 0.0
        self.pool = Connections(self) if case.get("clientPool") else None
        self.marked, self.area = 0.0, {"inFlight": 0.0, "inQueue": 0.0, "open": 0.0}
        names = ["requests", "attempts", "succeeded", "rejected", "timedOut", "errored", "failed", "waited", "started"]
        self.counts = dict.fromkeys(names, 0) | {"wait": 0.0, "held": 0.0}

    def mark(self):
        """The numbers have been what they are until now."""
        passed, self.marked = self.env.now - self.marked, self.env.now
        self.area["inFlight"] += passed * self.in_flight
        self.area["inQueue"] += passed * len(self.line)
        self.area["open"] += passed * (self.pool.open if self.pool else 0)

    def spell(self, kind):
        if self.case.get("spell", "none") != kind:
            return False
        start = self.case["spellStart"]
        return start <= self.env.now < start + self.case["spellLength"]

    # Who sends.

    def arrivals(self):
        env, rate, pattern = self.env, self.case["arrivalRate"], self.case.get("arrivalPattern", "poisson")
        if pattern == "workers":
            for _ in range(self.case["workers"]):
                env.process(self.worker())
        elif pattern == "regular":
            while True:
                env.process(self.request())
                yield env.timeout(1 / rate)
        elif pattern == "bursty":
            peak, length = self.case["burstPeak"], self.case["burstLength"]
            while True:
                yield env.timeout(self.rng.expovariate(1 / (length * (peak - 1))))
                end = env.now + self.rng.expovariate(1 / length)
                while (gap := self.rng.expovariate(rate * peak)) <= end - env.now:
                    yield env.timeout(gap)
                    env.process(self.request())
                yield env.timeout(end - env.now)
        else:
            while True:
                # As many as in a burst, and of those too many nobody is sent.
                most = self.case["burstFactor"] if self.case.get("spell") == "burst" else 1
                yield env.timeout(self.rng.expovariate(rate * most))
                if self.spell("burst") or self.rng.random() * most < 1:
                    env.process(self.request())
        yield env.timeout(0)

    def worker(self):
        while True:
            yield self.env.process(self.request())
            yield self.env.timeout(self.case.get("thinkTime", 0))

    def request(self):
        case, tries = self.case, 0
        self.counts["requests"] += 1
        while True:
            self.counts["attempts"] += 1
            outcome = yield from self.attempt()
            self.counts[outcome] += 1
            if outcome == "succeeded":
                return
            if tries >= case.get("retries", 0):
                self.counts["failed"] += 1
                return
            pause = min(case["backoff"] * case["backoffFactor"] ** tries, case["longestBackoff"])
            tries += 1
            yield self.env.timeout(pause * (1 - case["jitter"] * self.rng.random()))

    # What the client sees of one attempt.

    def attempt(self):
        env, case, patience = self.env, self.case, self.case.get("clientTimeout")
        if env.now < self.blocked_until:
            return "rejected"
        call = Call(self, self.rng.randrange(len(self.at_address)))
        if self.room(call.address):
            self.start(call)
        elif len(self.line) < self.places:
            self.mark()
            self.line.append(call)
            self.counts["waited"] += 1
        else:
            self.refuse()
            return "rejected"
        if patience is None:
            return (yield call.ended)
        awaited = call.ended if case.get("timeoutCovers", "waiting") == "response" else call.started
        if not awaited.triggered:
            yield awaited | env.timeout(patience)
            if not awaited.triggered:
                call.given_up = True
                if case.get("lateWork", "served") == "cancelled":
                    self.leave(call)
                return "timedOut"
        return (yield call.ended)

    def leave(self, call):
        if call in self.line:
            self.mark()
            self.line.remove(call)
        else:
            call.service.interrupt()

    def refuse(self):
        if self.over == "penalty":
            # Windows of a minute, one after the other.
            window = math.floor((self.env.now - self.window_began) / 60)
            if window > 0:
                self.window_began, self.refusals = self.window_began + 60 * window, 0
            self.refusals += 1
            if self.refusals >= self.case["penaltyRefusals"]:
                self.blocked_until = self.window_began = self.env.now + self.case["penaltyTime"]
                self.refusals = 0

    # What the proxy does.

    def room(self, address):
        if self.pool and self.case.get("planCounts") == "open-connections":
            return self.pool.ready() or self.pool.open < self.cap
        if self.over == "per-ip":
            each, more = divmod(self.cap, len(self.at_address))
            return self.at_address[address] < each + (address < more)
        return self.in_flight < self.cap

    def start(self, call):
        self.mark()
        self.in_flight += 1
        self.at_address[call.address] += 1
        held, fails = self.draw(), self.spell("fail")
        if self.spell("slow"):
            held *= self.case["slowFactor"]
        if fails:
            held = self.case["failAfter"]
        connection, setup = self.pool.take() if self.pool else (None, 0)
        held += setup
        self.counts["started"] += 1
        self.counts["wait"] += self.env.now - call.sent
        self.counts["held"] += held
        call.started.succeed()
        call.service = self.env.process(self.serve(call, connection, held, fails))

    def serve(self, call, connection, held, fails):
        until = self.env.now + held
        try:
            yield self.env.timeout(held)
        except simpy.Interrupt:
            self.counts["held"] -= until - self.env.now
        self.mark()
        self.in_flight -= 1
        self.at_address[call.address] -= 1
        if connection:
            self.pool.give_back(connection)
        self.fill()
        if not call.given_up:
            call.ended.succeed("errored" if fails else "succeeded")
            self.served += not fails
            if self.over == "shrinking-cap" and self.served >= self.case["reducedAfter"]:
                self.cap = min(self.cap, self.case["reducedCap"])

    def fill(self):
        while self.line and self.room(0):
            self.mark()
            self.start(self.line.pop(0))


def simulate(case, seed):
    """What one run says, of all but a first quarter; of all where it has a beginning and an end."""
    system, time = System(case, seed), case["simulatedTime"]
    system.env.process(system.arrivals())
    left_out = 0 if case.get("spell", "none") != "none" else time / 4
    before = dict(system.counts), dict(system.area)
    if left_out:
        system.env.run(until=left_out)
        system.mark()
        before = dict(system.counts), dict(system.area)
    system.env.run(until=time)
    system.mark()
    n = {name: count - before[0][name] for name, count in system.counts.items()}
    area = {name: (sum - before[1][name]) / (time - left_out) for name, sum in system.area.items()}
    started = max(n["started"], 1)
    shares = {name: n[name] / n["attempts"] for name in ("rejected", "timedOut", "errored")}
    return shares | area | {
        "waiting": n["waited"] / n["attempts"],
        "attempts": n["attempts"] / n["requests"],
        "failed": n["failed"] / max(n["failed"] + n["succeeded"], 1),
        "goodputPerSecond": n["succeeded"] / (time - left_out),
        "meanWait": n["wait"] / started,
        "responseTime": (n["wait"] + n["held"]) / started,
    }
