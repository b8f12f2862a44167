#!/usr/bin/env python3
"""Known answers, from tables and from plain Python that shares no line with the program."""

import csv
import math
import unittest
from fractions import Fraction

from common import SAMPLE, CommandTest, have_sieve


def primes_below(limit):
    sieve = bytearray([1]) * limit
    sieve[0:2] = b"\0\0"
    for n in range(2, math.isqrt(limit) + 1):
        if sieve[n]:
            sieve[n * n::n] = bytes(len(range(n * n, limit, n)))
    return [n for n in range(limit) if sieve[n]]


def read_samples(path):
    with open(path, newline="", encoding="ascii") as file:
        return [tuple(map(float, row)) for row in csv.reader(file)]


class Pi(CommandTest):
    def test_hits(self):
        self.assertEqual(self.answer("pi", "--samples", 1000000, "--seed", 1),
                         {"hits": 785428, "samples": 1000000, "pi": 3.141712})

    def test_every_seed_draws_other_samples(self):
        commands = [("pi", "--samples", 100000, "--seed", seed) for seed in (0, 1, 2, 2**32, 2**62)]
        self.assertEqual(len({answer["hits"] for answer in self.answers(commands)}), len(commands))

    def test_ways_to_write_a_million(self):
        texts = ("1000000", "1e6", "1_000_000", "1M", "1000k", "1.0e6", "0.1e7", "10^6")
        for text, answer in zip(texts, self.answers([("pi", "--samples", text) for text in texts])):
            with self.subTest(text):
                self.assertEqual(answer["hits"], 785428)


class Primes(CommandTest):
    # LO, HI, what is known; the first takes textbook trial division too long
    KNOWN = (
        (100000000, 101000000, {"count": 54208}),
        (100000000, 100100000,
         {"count": 5411, "first": "100000007", "last": "100099981", "sum": "541369942707"}),
        (10000, 1000001, {"count": 77269}),
        (0, 100000, {"count": 9592, "first": "2", "last": "99991"}),
    )

    # The smallest ranges: 1 is no prime, 2 is one, HI does not belong to the range.
    SMALL = (
        (0, 0, 0, None, None, "0"),
        (0, 2, 0, None, None, "0"),
        (1, 4, 2, "2", "3", "5"),
        (2, 3, 1, "2", "2", "2"),
        (3, 5, 1, "3", "3", "3"),
        (10, 13, 1, "11", "11", "11"),
        (24, 29, 0, None, None, "0"),
    )

    # The ends of 64 bits; 2^64-59 is the last prime below 2^64.
    FAR = (
        (18446744073709551557, 18446744073709551615, 1, "18446744073709551557"),
        (18446744073709551558, 18446744073709551615, 0, None),
        (2305843009213693951, 2305843009213693952, 1, "2305843009213693951"),
    )

    def check(self, kernels, rows):
        """rows: LO, HI and the part of the answer that is known."""
        kernels = [kernel for kernel in kernels if kernel != "sieve" or have_sieve()]
        jobs = [(lo, hi, kernel, known) for lo, hi, known in rows for kernel in kernels]
        answers = self.answers([("primes", lo, hi, "--sum", "--kernel", kernel)
                                for lo, hi, kernel, _ in jobs])
        for (lo, hi, kernel, known), answer in zip(jobs, answers):
            with self.subTest(lo=lo, hi=hi, kernel=kernel):
                self.assertEqual({key: answer[key] for key in known}, known)

    def test_known_ranges(self):
        self.check(("auto", "sieve", "mr"), self.KNOWN)
        self.check(("trial",), self.KNOWN[1:])

    def test_small_ranges(self):
        self.check(("sieve", "mr", "trial"),
                   [(lo, hi, dict(zip(("count", "first", "last", "sum"), rest)))
                    for lo, hi, *rest in self.SMALL])

    def test_far_ranges(self):
        self.check(("mr",), [(lo, hi, {"count": count, "first": first, "last": first})
                             for lo, hi, count, first in self.FAR])

    def test_against_a_plain_sieve(self):
        expected = [p for p in primes_below(300000) if p >= 123457]
        self.check(("sieve", "mr", "trial"),
                   [(123457, 300000, {"count": len(expected), "first": str(expected[0]),
                                      "last": str(expected[-1]), "sum": str(sum(expected))})])

    def test_sum_beyond_64_bits(self):
        # The last three primes below 2^64 add up to more than 64 bits hold.
        found = ("18446744073709551521", "18446744073709551533", "18446744073709551557")
        self.check(("mr",), [(found[0], "18446744073709551558",
                              {"count": 3, "first": found[0], "last": found[-1],
                               "sum": str(sum(map(int, found)))})])

    def test_sum_is_there_when_asked_for(self):
        self.assertNotIn("sum", self.answer("primes", 0, 100))


class IsPrime(CommandTest):
    # number: its smallest factor, None for a prime, False where neither word fits
    KNOWN = {
        112272535095295: 5,
        100109100129100369: 95362951,
        100109100129101027: 171656941,
        100109100129100151: None,
        100109100129162907: None,
        0: False,
        1: False,
        2: None,
        3: None,
        4: 2,
        5: None,
        9: 3,
        25: 5,
        49: 7,
        341: 11,  # a pseudoprime to base 2
        361: 19,
        437: 19,  # 19 * 23: the last of the factors tried serially
        441: 3,
        529: 23,  # 23 * 23: the first that is not
        561: 3,
        3215031751: 151,  # a strong pseudoprime to bases 2, 3, 5 and 7
        4294967291: None,  # the last prime below 2^32
        4294967297: 641,
        4294967295: 3,
        18446744073709551615: 3,
        9223372036854775808: 2,
        9223372036854775837: None,  # the first prime above 2^63
    }
    # Those whose factors, or lack of them, lie near 2^32: several seconds of work.
    LARGE = {
        2305843009213693951: None,  # 2^61 - 1
        18446744030759878681: 4294967291,  # the square of the last prime below 2^32
        18446744073709551557: None,  # the last prime below 2^64
    }

    def check(self, known, *options, **settings):
        """known: a number's smallest factor, as in the tables above."""
        cases = self.cases("isprime", *known, *options, **settings)
        self.assertEqual(len(cases), len(known))
        for case, (n, factor) in zip(cases, known.items()):
            with self.subTest(n=n):
                self.assertEqual(case["answer"], {"n": str(n), "prime": factor is None,
                                                  "factor": str(factor) if factor else None})

    def test_table(self):
        self.assertEqual(4294967291**2, 18446744030759878681)
        self.assertEqual(112272535095295, 5 * 109 * 206004651551)
        self.assertEqual(100109100129100369, 95362951 * 1049769319)
        self.assertEqual(100109100129101027, 171656941 * 583192847)
        self.check(self.KNOWN)

    def test_table_without_early_exit(self):
        self.check({n: self.KNOWN[n] for n in (112272535095295, 100109100129101027, 25)},
                   "--flag", "none", ranks=2)

    def test_large_numbers(self):
        self.check(self.LARGE, ranks=2)

    def test_every_small_number(self):
        known = {n: next((d for d in range(2, math.isqrt(n) + 1) if n % d == 0), None)
                 for n in range(2, 1200)}
        self.check(known)

    def test_without_the_check_of_small_factors(self):
        small = {n: next((d for d in range(2, math.isqrt(n) + 1) if n % d == 0), None) for n in range(2, 500)}
        self.check(small, "--precheck", "off", ranks=3)
        self.check(self.KNOWN, "--precheck", "off", ranks=2)
        n = 3 * 18446744073709551557 // 1000000007 // 2 * 2  # even: nothing is left to share out
        for options, shared in (("on", 0), ("off", math.isqrt(n) - 1)):
            (case,) = self.cases("isprime", n, "--precheck", options)
            self.assertEqual((case["items"], case["answer"]["factor"]), (shared, "2"))

    def test_smallest_of_several_factors(self):
        numbers = (1009 * 1013 * 1000003, 30011 * 40009 * 50021, 65521 * 65537 * 65539, 104729**3)
        self.check(dict(zip(numbers, (1009, 30011, 65521, 104729))), ranks=3)

    def test_smallest_factor_is_not_the_first_found(self):
        # Of 8 ranks one has the middle factor at the very start of its range, rank 0 the smallest
        # later in its own.
        numbers = (99991 * 187466273 * 119981, 99991 * 749865049 * 119981)
        self.check(dict.fromkeys(numbers, 99991), ranks=8)


class Kde(CommandTest):
    TEN_SAMPLES = ("0,0,0\n.2,.2,.2\n.1,-.1,-.3\n-1.2,.3,-.3\n.8,-.82,-.9\n1,.6,-.7\n.8,.7,.2\n"
                   ".7,-.8,-.45\n-.3,.6,.9\n.7,-.6,-.8\n")
    WIDTHS = [i / 10 for i in range(1, 13)]
    COUNTS = [16, 61, 135, 247, 390, 547, 742, 939, 1194, 1445, 1728, 2022]

    def point(self, *arguments, **settings):
        (point,) = self.answer("kde", *arguments, **settings)["points"]
        return point

    def test_sample_of_the_texts(self):
        for split in ("samples", "widths"):
            with self.subTest(split=split):
                point = self.point("--data", SAMPLE, "--widths", "0.1:1.2:0.1", "--split", split,
                                   ranks=2)
                self.assertEqual(point["at"], [0, 0])
                self.assertEqual(point["widths"], self.WIDTHS)
                self.assertEqual(point["counts"], self.COUNTS)
                # p = k / (n h^d), d = 2; the texts' own table divides by h.
                self.assertEqual(point["densities"],
                                 [k / (10000 * (h * h)) for k, h in zip(self.COUNTS, self.WIDTHS)])
                self.assertEqual([round(p, 6) for p in point["densities"][:5]],
                                 [0.16, 0.1525, 0.15, 0.154375, 0.156])

    def test_best_width(self):
        # The density of the standard normal distribution at (1,0) is exp(-1/2) / (2 pi).
        point = self.point("--normal", "20000,2", "--at", "1,0", "--widths", "0.05,0.4,0.8,1.6,3.2")
        errors = [abs(p - math.exp(-0.5) / (2 * math.pi)) for p in point["densities"]]
        self.assertEqual(point["best"], point["widths"][errors.index(min(errors))])
        self.assertNotIn(errors.index(min(errors)), (0, len(errors) - 1), "this test proves little")
        self.assertIsNone(self.point("--data", SAMPLE, "--widths", "1,2")["best"])

    def test_ten_samples_in_three_dimensions(self):
        data = self.write("ten.csv", self.TEN_SAMPLES)
        point = self.point("--data", data, "--widths", "1", "--at", "0,0,0")
        self.assertEqual(point, {"at": [0, 0, 0], "widths": [1], "counts": [3],
                                 "densities": [0.3], "best": None})

    def test_hundred_widths_at_several_points(self):
        samples = read_samples(SAMPLE)
        points = [(0.0, 0.0), (0.5, -1.25), (-2.0, 3.0), (9.0, 9.0)]
        widths = [float(1 + Fraction(i, 99) / 5) for i in range(100)]
        at = self.write("at.csv", "".join(f"{x!r},{y!r}\n" for x, y in points))
        answers = self.answer("kde", "--data", SAMPLE, "--widths", "1.0:1.2:n100", "--at", at)["points"]
        self.assertEqual(len(answers), len(points))
        for answer, (x, y) in zip(answers, points):
            with self.subTest(at=(x, y)):
                distances = [max(abs(s - x), abs(t - y)) for s, t in samples]
                self.assertEqual(answer["at"], [x, y])
                self.assertEqual(answer["widths"], widths)
                self.assertEqual(answer["counts"],
                                 [sum(d <= w / 2 for d in distances) for w in widths])

    def test_the_edge_belongs_to_the_cube(self):
        data = self.write("edge.csv", "0.5\n-0.5\n0.5000000001\n")
        self.assertEqual(self.point("--data", data, "--widths", "1")["counts"], [2])

    def test_results_are_sorted_by_width(self):
        mixed = self.point("--data", SAMPLE, "--widths", "1.2,0.1,0.5")
        self.assertEqual(mixed["widths"], [0.1, 0.5, 1.2])
        self.assertEqual(mixed["counts"], [16, 390, 2022])

    def test_grid_runs_over_the_last_coordinate_fastest(self):
        points = self.answer("kde", "--data", SAMPLE, "--widths", "1", "--at", "-1:1:1,0:1:n2")["points"]
        self.assertEqual([point["at"] for point in points],
                         [[-1, 0], [-1, 1], [0, 0], [0, 1], [1, 0], [1, 1]])

    def test_normal_sample(self):
        # 200,000 draws: 0.1 of width around the origin holds about 318 of them, give or take 18.
        point = self.point("--normal", "200000,2", "--widths", "0.1:1:0.3")
        for width, density in zip(point["widths"], point["densities"]):
            truth = (math.erf(width / 2 / math.sqrt(2)) / width)**2
            spread = math.sqrt(truth * width**2 / 200000) / width**2
            self.assertLess(abs(density - truth), 5 * spread)
        self.assertIn(point["best"], point["widths"])

    def test_csv_dialects(self):
        # blanks, Windows line ends, an empty last line, no line end, signs, exponents
        dialects = ("1, 2\n 3 ,4\t\n", "1,2\r\n3,4\r\n", "1,2\n3,4\n\n", "1,2\n3,4",
                    "+1,2e0\n30e-1,.4E1\n")
        files = [self.write(f"{i}.csv", content) for i, content in enumerate(dialects)]
        answers = self.answers([("kde", "--data", file, "--widths", "1,2", "--at", "2,3")
                                for file in files])
        for content, answer in zip(dialects, answers):
            with self.subTest(content):
                self.assertEqual(answer["points"][0]["counts"], [0, 2])


class Fib(CommandTest):
    def test_values(self):
        known = ((0, "0"), (1, "1"), (2, "1"), (10, "55"), (34, "5702887"))
        answers = self.answers([("fib", n, "--tasks", 3) for n, _ in known], ranks=2)
        for (n, value), answer in zip(known, answers):
            with self.subTest(n):
                self.assertEqual(answer, {"value": value, "tasks": 3})

    def test_one_task_a_rank(self):
        for ranks in (1, 3):
            with self.subTest(ranks=ranks):
                (case,) = self.cases("fib", 20, ranks=ranks)
                self.assertEqual(case["answer"], {"value": "6765", "tasks": ranks})
                self.assertEqual(case["items"], ranks)


class Sleep(CommandTest):
    # what --cost says, and what it comes to: the total over 100 tasks, the longest
    COSTS = (
        ("0.2ms", 0.02, 0.0002),
        ("increasing:0.2ms", 0.02, 0.0004),
        ("uniform:0.2ms", None, None),
        ("exponential:0.2ms", None, None),
        ("bimodal:0.05ms", None, None),
    )

    def case(self, *arguments, **settings):
        (case,) = self.cases("sleep", "--tasks", 100, "--cost", *arguments, **settings)
        self.assertEqual(case["answer"], {"tasks": 100, "sum": "4950"})
        return case

    def test_costs_are_those_of_the_job(self):
        for cost, total, longest in self.COSTS:
            with self.subTest(cost):
                one = self.case(cost)["run"]
                if total is not None:
                    self.assertAlmostEqual(one["total_cost_seconds"], total, 6)
                    self.assertAlmostEqual(one["longest_cost_seconds"], longest, 9)
                for settings in ({"ranks": 3}, {"ranks": 2, "burn": True}):
                    burn = ("--burn",) if settings.pop("burn", False) else ()
                    many = self.case(cost, *burn, **settings)["run"]
                    for fact in ("total_cost_seconds", "longest_cost_seconds"):
                        self.assertEqual(many[fact], one[fact])

    def test_seeds_differ(self):
        totals = {self.case("exponential:10us", "--seed", seed)["run"]["total_cost_seconds"]
                  for seed in (1, 2, 3)}
        self.assertEqual(len(totals), 3)

    def test_sleepers_need_no_cores(self):
        # Ten ranks share 10 s of sleep, 1 s each, however few cores there are; the rest is patience.
        def check():
            case = self.case("100ms", ranks=10)
            self.assertGreaterEqual(case["run"]["busy_max"], 0.999)
            self.assertLess(case["seconds"]["median"], 4)

        self.undisturbed(check)

    def test_tasks_take_their_time(self):
        for burn in ((), ("--burn",)):
            with self.subTest(burn):
                case = self.case("uniform:2ms", *burn)
                self.assertGreaterEqual(case["seconds"]["median"],
                                        case["run"]["total_cost_seconds"] - 1e-6)


class Noop(CommandTest):
    def test_every_task_is_done_once(self):
        self.assertEqual(self.answer("noop", "--tasks", 1000003, ranks=2),
                         {"tasks": 1000003, "sum": str(1000003 * 1000002 // 2)})


if __name__ == "__main__":
    unittest.main()
