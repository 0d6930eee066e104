#!/usr/bin/env python3
"""The simulator beside another one that shares nothing with it, where no formula holds: python3 tests/oracle/check_simulated.py SIMULATE [CASE …]

`SIMULATE` is the example of the core, built; the other one is simpy_model.py. Both run each case from several seeds; two means of
independent runs are wanted within four standard errors of their difference. Prints every quantity, and the cases that passed and failed.
"""
import json
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from math import sqrt

from simpy_model import simulate

SIMULATE = sys.argv[1]
THEIRS, OURS = 16, 16
TOLERANCE = 4
# Pauses and connections that a case does not speak of.
BASE = {"responseTime": 1, "responsePattern": "exponential", "setupTime": 0, "idleTime": 0, "retries": 0,
        "backoff": 1, "backoffFactor": 2, "longestBackoff": 20, "jitter": 1, "simulatedTime": 400}
QUEUE = {"overLimit": "queue", "queuePlaces": 12}
LOGNORMAL = {"responsePattern": "fitted", "responseTimeP95": 3.2}

CASES = {
    "bursts, a bounded queue": QUEUE | {"arrivalRate": 12, "cap": 20, "arrivalPattern": "bursty", "burstPeak": 3, "burstLength": 5, "simulatedTime": 600},
    "evenly spaced, lognormal, refused": LOGNORMAL | {"arrivalRate": 18, "cap": 20, "arrivalPattern": "regular"},
    "impatient clients, lognormal, served in vain": QUEUE | LOGNORMAL | {"arrivalRate": 19, "cap": 20, "clientTimeout": 0.25},
    "a timeout of the whole response, cancelled, one retry": QUEUE | {
        "arrivalRate": 17, "cap": 20, "clientTimeout": 2, "timeoutCovers": "response", "lateWork": "cancelled", "retries": 1, "backoff": 0.5},
    "a timeout of the whole response, served in vain, retries": QUEUE | LOGNORMAL | {
        "arrivalRate": 12, "cap": 20, "clientTimeout": 2, "timeoutCovers": "response", "retries": 2},
    "retries in step, no jitter": {"arrivalRate": 18, "cap": 20, "retries": 3, "backoff": 0.2, "longestBackoff": 0.5, "jitter": 0},
    "retries at growing pauses with jitter": {"arrivalRate": 20, "cap": 20, "retries": 3, "backoff": 0.5, "backoffFactor": 3, "jitter": 0.7},
    "workers in a loop under a cap": {"arrivalRate": 1, "arrivalPattern": "workers", "workers": 30, "thinkTime": 0.4, "cap": 20, "retries": 1},
    "caps of exit IPs, measured times, a retry": {
        "arrivalRate": 15, "cap": 23, "overLimit": "per-ip", "exitIps": 4, "retries": 1, "responseTime": None, "responsePattern": "fitted", "responseTimeSamples": [0.1, 0.4, 0.5, 3]},
    "refusals that block": {
        "arrivalRate": 10, "cap": 10, "overLimit": "penalty", "penaltyRefusals": 60, "penaltyTime": 20, "simulatedTime": 1200},
    "a slow spell, queue, timeouts": QUEUE | {
        "arrivalRate": 15, "cap": 20, "clientTimeout": 0.8, "lateWork": "cancelled", "retries": 1,
        "spell": "slow", "spellStart": 30, "spellLength": 30, "slowFactor": 3, "simulatedTime": 120},
    "a burst, retries": {
        "arrivalRate": 10, "cap": 20, "retries": 2, "spell": "burst", "spellStart": 30, "spellLength": 20, "burstFactor": 5, "simulatedTime": 120},
    "a destination that fails, workers, retries": QUEUE | {
        "arrivalRate": 1, "arrivalPattern": "workers", "workers": 25, "cap": 20, "retries": 2,
        "spell": "fail", "spellStart": 30, "spellLength": 20, "failAfter": 0.1, "simulatedTime": 120},
    "a client's pool, setup and idle time": {
        "arrivalRate": 12, "cap": 20, "clientPool": True, "setupTime": 0.4, "idleTime": 0.6},
    "open connections count, idle ones too": {
        "arrivalRate": 14, "cap": 20, "clientPool": True, "setupTime": 0.3, "idleTime": 2, "planCounts": "open-connections", "retries": 1},
    "streams on few connections": QUEUE | {
        "arrivalRate": 16, "cap": 20, "clientPool": True, "setupTime": 0.5, "idleTime": 1, "innerHttp": "2", "planCounts": "requests", "maxConcurrentStreams": 3},
}


def ours(case, seed):
    # Ten times as long where there is no end: it costs nothing here.
    longer = 1 if "spell" in case else 10
    record = case | {"seed": seed, "simulatedTime": longer * case["simulatedTime"]}
    out = subprocess.run([SIMULATE], input=json.dumps(record), capture_output=True, text=True)
    assert out.returncode == 0, (case, out.stdout, out.stderr)
    said = json.loads(out.stdout)
    assert said["progress"] == "complete" and said["servers"] == case["cap"], said
    return {row["quantity"]: row["simulated"]["mean"] for row in said["rows"] if row["simulated"]}


def of(values):
    """Mean, and its standard error squared."""
    mean = sum(values) / len(values)
    return mean, sum((x - mean) ** 2 for x in values) / len(values) / (len(values) - 1)


def main():
    wanted = [name for name in CASES if not sys.argv[2:] or any(word in name for word in sys.argv[2:])]
    failed = 0
    with ProcessPoolExecutor() as pool:
        running = {}
        for name in wanted:
            case = {field: value for field, value in (BASE | CASES[name]).items() if value is not None}
            running[name] = [pool.submit(ours, case, seed) for seed in range(OURS)], [pool.submit(simulate, case, seed) for seed in range(THEIRS)]
        for name, (mine, other) in running.items():
            mine, other = [run.result() for run in mine], [run.result() for run in other]
            print(name)
            agrees = True
            for quantity in mine[0]:
                (a, aa), (b, bb) = of([run[quantity] for run in mine]), of([run[quantity] for run in other])
                apart = abs(a - b) / sqrt(aa + bb) if aa + bb else 0 if a == b else float("inf")
                agrees &= apart <= TOLERANCE
                print(f"  {quantity:18} ours {a:.5g} ± {2 * sqrt(aa):.2g}, simpy {b:.5g} ± {2 * sqrt(bb):.2g}, {apart:.1f} standard errors apart{'' if apart <= TOLERANCE else '  WRONG'}")
            failed += not agrees
    print(f"{len(wanted) - failed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
