"""simpy and ciw on the M/M/c of the other simulators: simulators.py NAME NATIVE…, of which the last are ours for 10, 100 and 1000 servers."""
import random
import sys
import time
from importlib.metadata import version
from math import sqrt

NAME, NATIVE = sys.argv[1], list(map(float, sys.argv[2:]))
BUSY, RUNS = 0.9, 5
# As many as take a second or so; the first of ciw's start in an empty system.
CUSTOMERS = {"simpy": [20_000, 20_000, 12_000], "ciw": [10_000, 8_000, 2_500]}[NAME]


def erlang_c(c, a):
    b = 1.0
    for n in range(1, c + 1):
        b = a * b / (n + a * b)
    return c * b / (c - a * (1 - b))


def simpy_waits(servers, customers, seed):
    import simpy

    env, rng, waits = simpy.Environment(), random.Random(seed), []
    pool = simpy.Resource(env, servers)

    def customer():
        came = env.now
        with pool.request() as place:
            yield place
            waits.append(env.now - came)
            yield env.timeout(rng.expovariate(1))

    def arrivals():
        for _ in range(customers):
            yield env.timeout(rng.expovariate(BUSY * servers))
            env.process(customer())

    env.process(arrivals())
    env.run()
    return waits


def ciw_waits(servers, customers, seed):
    import ciw

    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(BUSY * servers)],
        service_distributions=[ciw.dists.Exponential(1)],
        number_of_servers=[servers],
    )
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(customers)
    return [record.waiting_time for record in simulation.get_all_records()]


run = {"simpy": simpy_waits, "ciw": ciw_waits}[NAME]
for servers, customers, native in zip((10, 100, 1000), CUSTOMERS, NATIVE):
    most, means, waited = 0, [], 0
    for seed in range(RUNS):
        start = time.perf_counter()
        waits = run(servers, customers, seed)
        most = max(most, 2 * len(waits) / (time.perf_counter() - start) / 1e6)
        means.append(sum(waits) / len(waits))
        waited += sum(wait > 0 for wait in waits)
    mean = sum(means) / RUNS
    # Student's 97.5 % point for five runs.
    half = 2.776 * sqrt(sum((x - mean) ** 2 for x in means) / RUNS / (RUNS - 1))
    load = BUSY * servers
    exact = erlang_c(servers, load) / (servers - load)
    verdict = "too few waited to tell" if waited < 500 else "" if abs(mean - exact) <= 2 * half else "WRONG"
    print(f"{NAME + ' ' + version(NAME):22} {f'M/M/{servers}':38} {most:8.3f} ({most / native:7.4f})   mean wait {mean:.3e} ± {half:.1e}, Erlang C {exact:.3e}  {verdict}", flush=True)
