"""SciPy's Poisson pmf/cdf as Erlang B: scipy_peer.py ROWS.csv NS_OF_OURS…"""
import sys
import time

import numpy as np
import scipy
from scipy.stats import poisson

table = np.loadtxt(sys.argv[1], delimiter=",")
servers, loads, wanted = table.T


def blocking(a, c):
    with np.errstate(all="ignore"):
        return poisson.pmf(c, a) / poisson.cdf(c, a)


got = blocking(loads, servers)
answered = np.isfinite(got) & (got > 0)
errors = np.abs(got - wanted)[answered] / wanted[answered]
line = f"{'SciPy ' + scipy.__version__:22} {'poisson.pmf/cdf, whole arrays':30} max error {errors.max():8.1e}, {(errors > 1e-13).sum():4} rows over 1e-13, {(~answered).sum():4} without an answer;"
for c, ours in zip([10, 1e3, 1e5, 1e7, 1e9], map(float, sys.argv[2:])):
    # The sixteen loads of the Rust program, many times over in one array: the price of a call is shared.
    a = np.tile(np.maximum(c + (-4 + 0.5 * np.arange(16)) * np.sqrt(c) + 0.123, 0.5), 200)
    least = np.inf
    for _ in range(5):
        start = time.perf_counter()
        blocking(a, c)
        least = min(least, time.perf_counter() - start)
    ns = least / len(a) * 1e9
    line += f" {ns:9.0f} ({ns / ours:7.1f})"
print(line)
