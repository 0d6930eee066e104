#!/usr/bin/env python3
"""Writes core/src/erlang/tables.rs: the constants of the Erlang kernel, from their definitions.

Run: python3 tests/oracle/temme_coefficients.py > core/src/erlang/tables.rs   (needs mpmath)

* C_k(eta): Maclaurin coefficients, exact rationals, from DLMF 8.12.9-10: C_0 = 1/mu - 1/eta,
  C_k = C_{k-1}'/eta + (-1)^k g_k/mu, where eta^2/2 = mu - ln(1 + mu).
* g_k: the series of c!/(sqrt(2 pi c) (c/e)^c), DLMF 5.11.4. They fall out of the recurrence, since C_k has no pole.
* erfcx: Chebyshev fit of (1 + 2z) erfcx(z) in t = (z - 3.75)/(z + 3.75), as Shepherd and Laframboise (1981) do,
  expanded in powers of t: its coefficients fall fast enough that powers lose nothing.
"""
from fractions import Fraction as F
from mpmath import mp, mpf

mp.dps = 60
DEGREES = [19, 15, 15, 11, 11, 7, 7, 3]  # multiples of four less one: the polynomials are evaluated four ways at once
N = DEGREES[0] + 2 * len(DEGREES) + 6


def mu_series(n):
    """mu = sum a_k eta^k from mu mu' = eta (1 + mu)."""
    a = [F(0), F(1)]
    for m in range(2, n):
        # coefficient of eta^m in mu mu' is sum_{i+j=m+1} i... solved for a_m
        known = sum(a[i] * (m + 1 - i) * a[m + 1 - i] for i in range(2, m))
        a.append((a[m - 1] - known) / (m + 1))
    return a


def inverse(s, n):
    """1/(1 + s_1 x + ...) to n terms."""
    r = [F(1)]
    for k in range(1, n):
        r.append(-sum(s[i] * r[k - i] for i in range(1, k + 1)))
    return r


mu = mu_series(N + 2)
one_over_mu = inverse(mu[1:], N + 1)  # times 1/eta
c = one_over_mu[1:]  # C_0: the pole is taken away
polynomials, g = [c], [F(1)]
for k in range(1, 10):
    derivative = [i * x for i, x in enumerate(c)][1:]
    pole = -derivative[0]
    g.append(pole * (-1) ** k)
    c = [derivative[i + 1] + pole * one_over_mu[i + 1] for i in range(len(derivative) - 1)]
    polynomials.append(c)
assert polynomials[0][0] == F(-1, 3) and polynomials[0][1] == F(1, 12) and polynomials[1][0] == F(-1, 540)
assert g[:5] == [1, F(1, 12), F(1, 288), F(-139, 51840), F(-571, 2488320)]


def erfcx(z):
    return mp.exp(z * z) * mp.erfc(z) if z < 40 else 1 / mp.sqrt(mp.pi) / z * (
        1 - 1 / (2 * z**2) + 3 / (4 * z**4) - 15 / (8 * z**6) + 105 / (16 * z**8) - 945 / (32 * z**10))


def fit(degree, nodes=160):
    f = []
    for i in range(nodes):
        t = mp.cos(mp.pi * (i + mpf(1) / 2) / nodes)
        z = mpf("3.75") * (1 + t) / (1 - t)
        f.append((1 + 2 * z) * erfcx(z))
    cheb = [mpf(2) / nodes * sum(f[i] * mp.cos(k * mp.pi * (i + mpf(1) / 2) / nodes) for i in range(nodes))
            for k in range(degree + 4)]
    cheb[0] /= 2
    import sys
    print("chebyshev tail", [mp.nstr(x, 3) for x in cheb[degree - 2:]], file=sys.stderr)
    before, now = [mpf(1)], [mpf(0), mpf(1)]
    total = [mpf(0)] * (degree + 1)
    for k in range(degree + 1):
        t_k = before if k == 0 else now
        for i, x in enumerate(t_k):
            total[i] += cheb[k] * x
        if k >= 1:
            following = [mpf(0)] + [2 * x for x in now]
            for i, x in enumerate(before):
                following[i] -= x
            before, now = now, following
    print("sum of |coefficients|", mp.nstr(sum(abs(x) for x in total), 5), file=sys.stderr)
    return total


def rows(name, doc, coefficients):
    values = [repr(float(x if isinstance(x, mpf) else mpf(x.numerator) / x.denominator)) for x in coefficients]
    while len(values) % 4:
        values.append("0.0")
    print(f"/// {doc}")
    print(f"pub(super) const {name}: [[f64; 4]; {len(values) // 4}] = [")
    for i in range(0, len(values), 4):
        print(f"    [{', '.join(values[i:i + 4])}],")
    print("];\n")


print("//! Constants of the Erlang kernel; written by `tests/oracle/temme_coefficients.py`, not by hand.")
print("//!")
print("//! Powers ascend, four to a row, for the four-way Horner scheme of `math::polynomial`.\n")
for k, degree in enumerate(DEGREES):
    rows(f"C{k}", f"`C_{k}(η)` to degree {degree} (DLMF 8.12.9-10), for |η| ≤ 0.56.", polynomials[k][:degree + 1])
rows("STIRLING", "`c!/(√(2πc)·(c/e)^c)` in powers of 1/c (DLMF 5.11.4), for c > 48.", g[:9 - 1])
rows("ERFCX", "`(1 + 2z)·erfcx(z)` in powers of `t = (z - 3.75)/(z + 3.75)`, for all z ≥ 0.", fit(27))
print("/// `n!` for n up to 48, each rounded once.")
print("pub(super) const FACTORIAL: [f64; 49] = [")
for i in range(0, 49, 7):
    print("    " + " ".join(f"{float(mp.factorial(n))!r}," for n in range(i, i + 7)))
print("];")
