#!/usr/bin/env python3
"""Worst error of every function over the rows of tests/vectors: python3 tests/oracle/check_tables.py PATH_OF_EVALUATE

Normal results by relative error, subnormal ones in units of 2^-1074, integers by equality.
"""
import csv, os, subprocess, sys
from mpmath import mp, mpf

mp.dps = 60
HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "vectors")
EVALUATE = sys.argv[1]
ONLY = sys.argv[2:]
UNIT, TINY = mpf(2) ** -1074, mpf(2) ** -1022

CALLS = []  # (file, function, arguments, column, kind)
for f, names, cols in [
    ("erlang_b", "a c", {"erlang_b": "b", "erlang_b_complement": "one_minus_b", "erlang_b_ln": "ln_b"}),
    ("erlang_c", "a c", {"erlang_c": "c_wait", "erlang_c_complement": "one_minus_c", "erlang_c_ln": "ln_c"}),
    ("erlang_c_wait", "a c mu", {"wait_mean": "mean_wait"}),
    ("erlang_c_wait", "a c mu t", {"wait_exceeds": "p_wait_gt_t"}),
    ("mmck", "a c k", {"mmck_block": "p_block", "mmck_accept": "p_accept", "mmck_wait": "p_wait", "mmck_queue": "lq",
                       "mmck_wait_mean": "wq_accepted_mu1"}),
    ("retry_fixed_point", "a c q r", {"retry_load": "a_eff", "retry_success": "p_success"}),
    ("retry_timeout", "a c tau q r", {"retry_timeout_load": "x_low"}),
    ("retry_timeout", "c tau q r", {"retry_timeout_fold": "a_fold"}),
    ("retry_timeout", "c q r", {"retry_timeout_recover": "a_recover"}),
    ("erlang_b_inverse_a", "c eps", {"load_for_blocking": "a_max"}),
    ("erlang_c_inverse_a", "c eps", {"load_for_waiting": "a_max"}),
]:
    CALLS += [(f, fn, names.split(), col, "real") for fn, col in cols.items()]
for f, names, fn, col in [
    ("erlang_b_inverse_c", "a eps", "servers_for_blocking", "c_min"), ("erlang_c_inverse_c", "a eps", "servers_for_waiting", "c_min"),
    ("wait_inverse_c", "a mu t eps", "servers_for_wait", "c_min"), ("poisson_quantile", "a p", "poisson_quantile", "n")]:
    CALLS.append((f, fn, names.split(), col, "whole"))
for p, col in [(0.5, "p50"), (0.95, "p95"), (0.99, "p99"), (0.999, "p999")]:
    CALLS.append(("erlang_c_wait", "wait_quantile", ["a", "c", "mu", repr(p)], col, "scale"))

tables = {}
for name in {c[0] for c in CALLS}:
    with open(os.path.join(HERE, name + ".csv")) as h:
        tables[name] = list(csv.DictReader(l for l in h if not l.startswith("#")))

lines, wants = [], []
for f, fn, names, col, kind in CALLS:
    for row in tables[f]:
        if row[col] == "" or (ONLY and fn not in ONLY):
            continue
        lines.append(" ".join([fn] + [row.get(n, n) for n in names]))
        wants.append((fn, kind, row, col))
out = subprocess.run([EVALUATE], input="\n".join(lines) + "\n", capture_output=True, text=True).stdout.splitlines()
assert len(out) == len(lines), (len(out), len(lines))
worst = {}
for line, (fn, kind, row, col), got in zip(lines, wants, out):
    w = worst.setdefault(fn, dict(rows=0, rel=mpf(0), relrow="", units=mpf(0), unitrow="", bad=0, errors=0, near=mpf(0), nearrow=""))
    w["rows"] += 1
    if got.startswith("error") or got in ("NaN",):
        w["errors"] += 1
        w["why"] = line + " -> " + got
        continue
    if kind == "whole":
        if got != row[col]:
            w["bad"] += 1
            w["relrow"] = line + " -> " + got + " want " + row[col]
        continue
    want, x = mpf(row[col]), mpf(float(got)) if got not in ("inf", "-inf") else mpf(got)
    if kind == "scale":
        rel = abs(x - want) / max(want, mpf(row["wait_scale"]))
    elif abs(want) < TINY:
        u = abs(x - want) / UNIT
        if u > w["units"]:
            w["units"], w["unitrow"] = u, line
        continue
    else:
        rel = abs(x - want) / abs(want)
    if row["regime"] == "near_fold" and fn == "retry_timeout_load":
        if rel > w["near"]:
            w["near"], w["nearrow"] = rel, line
    elif rel > w["rel"]:
        w["rel"], w["relrow"] = rel, line
for fn, w in worst.items():
    print(f"{fn:22} rows {w['rows']:5} errors {w['errors']:4} wrong {w['bad']:3} rel {mp.nstr(w['rel'], 3):>9} [{w['relrow']}]"
          + (f" units {mp.nstr(w['units'], 3)} [{w['unitrow']}]" if w["units"] else "")
          + (f" near fold {mp.nstr(w['near'], 3)} [{w['nearrow']}]" if w["near"] else "") + (" " + w["why"] if "why" in w else ""))
