"""Lists of primes: the same bytes on any number of ranks, in order, and files that are whole or not there."""

import json
import math
import unittest

from common import CommandTest, run


def primes(lo, hi):
    return [n for n in range(max(lo, 2), hi) if all(n % d for d in range(2, math.isqrt(n) + 1))]


def lines(numbers):
    return "".join(f"{n}\n" for n in numbers)


class Lists(CommandTest):
    def test_printed(self):
        for lo, hi in ((0, 0), (0, 3), (24, 29), (0, 2000), (999000, 1000200)):
            for kernel in ("auto", "mr", "trial"):
                for ranks in (None, 3):
                    with self.subTest(lo=lo, hi=hi, kernel=kernel, ranks=ranks):
                        done = run("primes", lo, hi, "--kernel", kernel, "--print", ranks=ranks)
                        self.assertEqual(done.returncode, 0, done)
                        self.assertEqual(done.stdout, lines(primes(lo, hi)))
                        self.assertIn("count", done.stderr)

    def test_same_bytes_on_any_number_of_ranks(self):
        outputs = {run("primes", "1e9", "1.02e9", "--print", ranks=ranks).stdout for ranks in (None, 2, 8)}
        self.assertEqual(len(outputs), 1)
        listed = [int(line) for line in outputs.pop().split()]
        self.assertEqual(listed, sorted(set(listed)))
        self.assertEqual((len(listed), listed[0]), (964787, 1000000007))

    def test_written(self):
        path = self.folder / "primes"
        path.write_text("old")
        done = run("primes", "100", "200", "--write", path, ranks=2)
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual(path.read_text(), lines(primes(100, 200)))
        self.assertIn("count", done.stdout)
        self.assertEqual([entry.name for entry in self.folder.iterdir()], ["primes"])

    def test_not_written(self):
        for path in (self.folder, self.folder / "missing" / "primes"):
            done = run("primes", "0", "1e12", "--write", path)
            self.assertEqual(done.returncode, 2, done)
            self.assertIn("--write", done.stderr)

    def test_full(self):
        done = run("primes", "0", "1e6", "--write", "/dev/full", ranks=2)
        self.assertEqual(done.returncode, 1, done)
        self.assertEqual(sum(line.startswith("parbench: ") for line in done.stderr.splitlines()), 1, done)


class WideNumbers(CommandTest):
    """isprime beyond 64 bits, or with a limit. A long search says on stderr how long it may take."""

    def answer(self, *arguments, ranks=None):
        done = run("isprime", *arguments, "--format", "json", ranks=ranks)
        self.assertEqual(done.returncode, 0, done)
        return json.loads(done.stdout)["cases"][0]["answer"]

    def test_verdicts(self):
        table = (
            ("18446744073709551616", False, "2", True),
            ("18446744073709551629", True, None, True),      # the first prime above 2^64
            ("2^89-1", True, None, False),                   # prime, but nothing here proves it
            ("2^127-1", True, None, False),
            ("2^101-1", False, None, True),                  # 7432339208719 * 341117531003194129
            ("2^67-1", False, "193707721", True),            # Cole's factor
            ("2^128-1", False, "3", True),
            ("340282366920938463463374607431768211297", True, None, False),
            ("318665857834031151167461", False, None, True), # passes twelve Miller-Rabin bases
        )
        for text, prime, factor, proven in table:
            for ranks in (None, 3):
                with self.subTest(n=text, ranks=ranks):
                    answer = self.answer(text, "--limit", "2e8", ranks=ranks)
                    self.assertEqual((answer["prime"], answer["factor"], answer["proven"]), (prime, factor, proven))

    def test_a_limit_below_the_root(self):
        answer = self.answer("100109100129101027", "--limit", "1000")
        self.assertEqual((answer["prime"], answer["factor"]), (False, None))
        answer = self.answer("100109100129101027", "--limit", "171656941")
        self.assertEqual((answer["prime"], answer["factor"]), (False, "171656941"))

    def test_the_time_is_told_first(self):
        done = run("isprime", "2^101-1", "--limit", "4e9", ranks=2)
        self.assertEqual(done.returncode, 0, done)
        self.assertIn("searching for a factor below 4000000001", done.stderr)


if __name__ == "__main__":
    unittest.main()
