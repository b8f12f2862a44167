#!/usr/bin/env python3
"""Makes statistics.txt, what the tests of src/statistics and src/core/stats expect, with scipy and numpy.

Run by hand when a case is added (Debian: python3-scipy); the tests only read the text. A line begins
with a keyword; numbers follow.
"""

import numpy as np
from scipy import stats

rng = np.random.default_rng(20260101)


def show(word, *numbers):
    print(word, *(repr(float(number)) for number in numbers))


def samples():
    """Pairs of samples: small and large, with ties and without, alike and apart."""
    yield [1.1, 2.2, 3.3, 4.4], [5.5, 6.6, 7.7, 8.8]
    yield [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46], [1.15, 0.88, 0.90, 0.74, 1.21]
    yield [3.0], [1.0, 2.0]
    yield [1, 2, 2, 3, 3, 3], [2, 3, 4, 4, 5]
    yield [5, 5, 5], [5, 5, 5]
    for sizes in ((5, 5), (7, 12), (31, 31), (49, 49), (50, 20), (49, 8), (200, 150)):
        for shift in (0, 0.02, 0.2):
            yield (rng.lognormal(0, 0.05, size) * (1 + move) for size, move in zip(sizes, (0, shift)))
    yield rng.integers(0, 20, 40), rng.integers(2, 22, 30)


print("# Made by make_statistics.py. mann-whitney: u of a, exact (1) or approximate (0), two-sided p.")
for a, b in samples():
    a, b = np.asarray(list(a), float), np.asarray(list(b), float)
    exact = len(set([*a, *b])) == len(a) + len(b) and len(a) < 50 and len(b) < 50
    test = stats.mannwhitneyu(a, b, alternative="two-sided", method="exact" if exact else "asymptotic")
    p = 1.0 if np.isnan(test.pvalue) else test.pvalue  # scipy divides by zero where all are equal
    show("a", *a)
    show("b", *b)
    show("mann-whitney", test.statistic, exact, p)

print("# trend: Spearman's rho of the samples with their order; p of rho * sqrt(n - 1) as standard normal.")
for a in ([1, 2, 3, 5, 4], [5, 4, 3, 2, 1], [1, 1, 2, 2, 3], [2, 2, 2, 2], rng.normal(0, 1, 25),
          np.arange(25) * 0.1 + rng.normal(0, 1, 25)):
    show("a", *a)
    rho = stats.spearmanr(a, range(len(a))).statistic if len(set(a)) > 1 else 0
    show("trend", rho, 2 * stats.norm.sf(abs(rho) * np.sqrt(len(a) - 1)))

print("# quantile: p, type 7. fences: low, high, outside.")
for a in ([3], [1, 2], [1, 2, 3, 4, 100], rng.lognormal(0, 1, 40), rng.normal(0, 1, 101)):
    show("a", *a)
    for p in (0, 0.1, 0.25, 0.5, 0.75, 0.99, 1):
        show("quantile", p, np.quantile(a, p))
    q1, q3 = np.quantile(a, 0.25), np.quantile(a, 0.75)
    low, high = q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1)
    show("fences", low, high, sum(x < low or x > high for x in a))

print("# student: share, degrees of freedom, t with P(|T| <= t) = share.")
for share in (0.5, 0.9, 0.95, 0.975, 0.99, 0.999):
    for freedom in (1, 2, 3, 4, 5, 10, 29, 30, 100, 1001):
        show("student", share, freedom, stats.t.ppf((1 + share) / 2, freedom))

print("# ratio: median(b) / median(a) and its 95 % percentile interval from 100,000 resamples.")
for a, b in (([1.0, 1.1, 1.2, 1.3, 1.4], [1.5, 1.6, 1.7, 1.8, 1.9, 2.0]),
             (rng.lognormal(0, 0.05, 20), rng.lognormal(0.1, 0.05, 30)),
             (rng.lognormal(0, 0.2, 31), rng.lognormal(0, 0.2, 31))):
    a, b = np.asarray(a), np.asarray(b)
    many = np.median(rng.choice(b, (100000, len(b))), axis=1) / np.median(rng.choice(a, (100000, len(a))), axis=1)
    show("a", *a)
    show("b", *b)
    show("ratio", np.median(b) / np.median(a), *np.quantile(many, (0.025, 0.975)))
