#!/usr/bin/env python3
"""factors: smallest factors and divisions against a Python of the texts, its tables, and what it refuses."""

import csv
import io
import math
import unittest

from common import CommandTest, run


def check_prime(n):
    """The texts' test, mended for 2: the factor it ends with (n: none), and the divisions it made."""
    divisions = 1
    if n % 2 == 0:
        return 2, divisions
    for i in range(3, math.isqrt(n) + 1, 2):
        divisions += 1
        if n % i == 0:
            return i, divisions
    return n, divisions


def study(lo, hi):
    """Numbers and divisions by smallest factor; primes under 0."""
    classes = {}
    for n in range(lo, hi):
        factor, divisions = check_prime(n)
        count, total = classes.get(0 if factor == n else factor, (0, 0))
        classes[0 if factor == n else factor] = (count + 1, total + divisions)
    return classes


def numbers_and_divisions(item):
    return item["numbers"], item["divisions"]


class Factors(CommandTest):
    def assert_study(self, answer, lo, hi, limit):
        classes = study(lo, hi)
        listed = {int(item["factor"]): numbers_and_divisions(item) for item in answer["factors"]}
        primes = [p for p in range(2, min(limit, math.isqrt(hi - 1)) + 1) if check_prime(p)[0] == p]
        self.assertEqual(list(listed), primes)
        self.assertEqual(listed, {p: classes.get(p, (0, 0)) for p in primes})
        self.assertEqual(numbers_and_divisions(answer["prime"]), classes.get(0, (0, 0)))
        rest = [sums for factor, sums in classes.items() if factor > limit]
        self.assertEqual(numbers_and_divisions(answer["larger"]), tuple(map(sum, zip((0, 0), *rest))))
        self.assertEqual(answer["numbers"], hi - lo)
        self.assertEqual(answer["primes"], classes.get(0, (0, 0))[0])
        self.assertEqual(answer["divisions"], sum(divisions for _, divisions in classes.values()))

    def assert_bins(self, answer, lo, hi):
        ends = [(int(item["from"]), int(item["to"])) for item in answer["costs"]]
        self.assertEqual([start for start, _ in ends], [lo, *(end for _, end in ends[:-1])])
        self.assertEqual(ends[-1][1], hi)
        self.assertLessEqual(max(b - a for a, b in ends) - min(b - a for a, b in ends), 1)
        for item, (start, end) in zip(answer["costs"], ends):
            tests = [(n, *check_prime(n)) for n in range(start, end)]
            of_primes = [divisions for n, factor, divisions in tests if n == factor]
            self.assertEqual(item, {
                "from": str(start), "to": str(end), "numbers": end - start, "primes": len(of_primes),
                "prime_divisions": sum(of_primes), "most": max(divisions for *_, divisions in tests),
                "composite_divisions": sum(divisions for *_, divisions in tests) - sum(of_primes)})

    def test_against_the_texts_loop(self):
        for lo, hi, limit, bins in ((2, 3, 100, 20), (2, 4, 2, 3), (2, 1000, 100, 20), (4, 20002, 50, 7),
                                    (9973, 9974, 100, 5), (99991, 103001, 400, 4), (3, 9, 2, 1),
                                    (999990000, 999990040, 100000, 3)):
            for kernel in ("sieve", "trial"):
                with self.subTest(lo=lo, hi=hi, kernel=kernel):
                    answer = self.answer("factors", lo, hi, "--limit", limit, "--bins", bins, "--kernel", kernel)
                    self.assert_study(answer, lo, hi, limit)
                    self.assert_bins(answer, lo, hi)
                    self.assertEqual(len(answer["costs"]), min(bins, hi - lo))

    def test_known_facts(self):
        self.assertEqual(self.answer("factors", 2, 100000, ranks=2)["primes"], 9592)
        answer = self.answer("factors", 10000, 1000001, ranks=2)
        self.assertEqual(answer["primes"], 77269)
        self.assertEqual(answer["numbers"], 990001)
        answer = self.answer("factors", 2, 10000000, "--limit", 3162)
        self.assertEqual(answer["primes"], 664579)
        self.assertEqual((answer["larger"]["numbers"], len(answer["factors"])), (0, 446))
        # of all numbers half are even, a third of the others are multiples of 3, a fifth of the rest of 5
        for item, share in zip(answer["factors"], (1 / 2, 1 / 6, 1 / 15, 8 / 210)):
            self.assertAlmostEqual(item["expected_share"], share, delta=1e-16)
        for item in answer["factors"][:20]:
            self.assertAlmostEqual(item["numbers"] / answer["numbers"] / item["expected_share"], 1, delta=0.03)

    def test_table(self):
        lines = self.succeed("factors", 2, 100, "--bins", 3).splitlines()
        head = lines.index("  smallest factor  numbers      share  expected share  divisions  each")
        self.assertEqual([line.split() for line in lines[head + 1:head + 7]], [
            ["2", "48", "0.489796", "0.5", "48", "1"],
            ["3", "16", "0.163265", "0.166667", "32", "2"],
            ["5", "6", "0.0612245", "0.0666667", "18", "3"],
            ["7", "3", "0.0306122", "0.0380952", "12", "4"],
            ["larger", "0", "0", "0"],
            ["none:", "prime", "25", "0.255102", "75", "3"]])
        self.assertEqual(lines[head + 7:head + 9],
                         ["", "  from   to  primes  divisions of a prime  of a composite  most"])
        self.assertEqual([line.split() for line in lines[head + 9:head + 12]], [
            ["2", "35", "11", "1.81818", "1.31818", "3"],
            ["35", "68", "8", "3.5", "1.56", "4"],
            ["68", "100", "6", "4.5", "1.61538", "5"]])
        self.assertTrue(lines[head + 12].startswith("  check                ok: "))

    def test_csv_has_both_tables(self):
        text = self.succeed("factors", 2, 100, "--bins", 3, "--format", "csv")
        classes, bins = (list(csv.DictReader(io.StringIO(part), strict=True)) for part in text.split("\n\n"))
        self.assertEqual([row["smallest factor"] for row in classes], ["2", "3", "5", "7", "larger", "none: prime"])
        self.assertAlmostEqual(float(classes[3]["expected share"]), 8 / 210, delta=1e-16)
        self.assertEqual([row["expected share"] for row in classes[4:]], ["", ""])
        self.assertEqual(float(classes[0]["share"]), 48 / 98)
        self.assertEqual([(row["from"], row["to"]) for row in bins], [("2", "35"), ("35", "68"), ("68", "100")])
        self.assertEqual(bins[2]["of a composite"], "1.6153846153846154")

    def test_weak_scaling_grows_the_range(self):
        cases = self.cases("scale", "--weak", "factors", 2, 20002, "--max-time", "2s", ranks=2)
        self.assertEqual([(case["items"], case["params"]["hi"]) for case in cases],
                         [(20000, "20002"), (40000, "40002")])

    def test_what_is_refused(self):
        for arguments, words in (
            ((), ("LO", "missing")),
            ((2,), ("HI", "missing")),
            ((1, 100), ("LO", "'1'", "too small", "2")),
            ((0, 100), ("LO", "'0'", "too small")),
            ((2, "1e12x"), ("HI", "'1e12x'", "is not a number")),
            ((2, "1000000000001"), ("HI", "'1000000000001'", "too large", "1000000000000")),
            ((100, 100), ("LO: 100 is not below HI, 100: accepted is LO < HI",)),
            ((101, 100), ("LO: 101 is not below HI, 100",)),
            ((2, "1e12", "--bins", 0), ("--bins", "'0'", "from 1 to 100000")),
            ((2, "1e12", "--bins", 100001), ("--bins", "too large")),
            ((2, "1e12", "--limit", 1), ("--limit", "'1'", "from 2 to 1000000")),
            ((2, "1e12", "--limit", 1000001), ("--limit", "too large")),
            ((2, "1e12", "--kernel", "mr"), ("--kernel", "'mr'", "sieve|trial")),
            ((2, "1e12", 7), ("'7'", "unexpected")),
        ):
            with self.subTest(arguments=arguments):
                done = run("factors", *arguments)
                self.assertEqual((done.returncode, done.stdout), (2, ""), done)
                self.assertRegex(done.stderr, r"\Aparbench: [^\n]*\n\Z")
                for word in words:
                    self.assertIn(word, done.stderr)


if __name__ == "__main__":
    unittest.main()
