#!/usr/bin/env python3
"""The answer is the same bytes on any number of ranks, and whatever way it is come by."""

import json
import unittest

from common import SAMPLE, SANITIZED, CommandTest, answers_text, have_sieve, run_all

# Sanitized programs take a second of processor time to start: 32 of them, for each job, take too long.
EVERY_COUNT = (1, 2, 3, 5, 8) if SANITIZED else (1, 2, 3, 5, 8, 32)

# Primes, squares, several factors of about one size, and numbers whose ranks meet a large factor first.
NUMBERS = (0, 1, 2, 4, 25, 441, 529, 112272535095295, 100109100129101027, 65521 * 65537 * 65539,
           1009 * 1013 * 1000003, 1000003 * 1000033)

PI = ("pi", "--samples", 3000001)
PRIMES = ("primes", 99990000, 100990001, "--sum")
ISPRIME = ("isprime", *NUMBERS)
FACTORS = ("factors", 9000, 1300007, "--bins", 7, "--limit", 500)
KDE = ("kde", "--normal", "20001,3", "--at", "-1:1:n3,0:0.5:n2,0.25", "--widths", "0.1:2:n40")

# the plain command, variations of it that may not change the answer, numbers of ranks
JOBS = (
    (PI, ((),), EVERY_COUNT),
    (PRIMES, ((),), EVERY_COUNT),
    (ISPRIME, ((), ("--flag", "none")), EVERY_COUNT),
    (ISPRIME, (*(("--flag", flag) for flag in ("ibcast", "window", "rma", "server")), ("--precheck", "off"),
               ("--precheck", "off", "--flag", "none", "--poll", 1000), ("--poll", "1e9")), (1, 3, 8)),
    (("pi", "--samples", 300001), (("--poll", 777),), (3,)),
    (FACTORS, ((),), EVERY_COUNT),
    (FACTORS, (("--kernel", "trial"), ("--dispatch", "scatter"), ("--order", "random", "--chunk", 1000),
               ("--kernel", "trial", "--order", "descending")), (3,)),
    (KDE, ((), ("--split", "widths")), EVERY_COUNT),
    (("kde", "--data", SAMPLE, "--widths", "0.1:1.2:0.1"), ((), ("--split", "widths")), (5,)),
    (("primes", 99990000, 100090001, "--sum"), (("--kernel", "mr"), ("--kernel", "trial")), (3,)),
    (("fib", 20, "--tasks", 10), ((),), EVERY_COUNT),
    (("sleep", "--tasks", 100, "--cost", "10us"), ((),), EVERY_COUNT),
    (("sleep", "--tasks", 100, "--cost", "exponential:10us"), ((), ("--burn",)), (3,)),
    # every way of handing out
    *((command, tuple(("--dispatch", dispatch, "--schedule", schedule, "--chunk", chunk)
                      for dispatch in ("node", "master")
                      for schedule in ("static", "dynamic", "guided", "trapezoid", "factoring", "adaptive")
                      for chunk in (chunks[dispatch == "master"],))
       + (("--dispatch", "scatter"),), (4,))
      for command, chunks in ((("primes", 99990000, 99995001, "--kernel", "mr", "--sum"), (100, 1000)),
                              (("kde", "--normal", "5001,2", "--widths", "0.1:2:n40"), (1, 1024)))),
    # more ranks than items
    (("pi", "--samples", 3), ((),), (5, 8)),
    (("primes", 10, 13), ((),), (5, EVERY_COUNT[-1])),
    (("primes", 10, 13, "--kernel", "mr"), ((),), (5,)),
    (("isprime", 25, 7, 2, 10201), ((),), (5, EVERY_COUNT[-1])),
    (("factors", 2, 6), ((),), (5, EVERY_COUNT[-1])),
    (("kde", "--normal", "2,2", "--widths", "1,5"), ((), ("--split", "widths")), (3, 8)),
    (("kde", "--normal", "1,1", "--widths", "9"), (("--flag", "none"),), (2,)),
    # nothing to do at all
    (("primes", 24, 24, "--sum"), ((),), (8,)),
    (("noop", "--tasks", 1), ((),), (3,)),
)


class Identity(CommandTest):
    def answers_of_all(self, commands, **settings):
        """What is printed as the answers of each command."""
        commands = [(*command, "--format", "json") for command in commands]
        return [answers_text(self.succeeded(done)) for done in run_all(commands, **settings)]

    def test_any_number_of_ranks(self):
        expected = self.answers_of_all([command for command, _, _ in JOBS])
        for ranks in EVERY_COUNT:
            jobs = [((*command, *variation), answers)
                    for (command, variations, counts), answers in zip(JOBS, expected)
                    for variation in variations if ranks in counts]
            found = self.answers_of_all([command for command, _ in jobs], ranks=ranks)
            for (command, answers), others in zip(jobs, found):
                with self.subTest(ranks=ranks, command=command):
                    self.assertNotEqual(answers, [])
                    self.assertEqual(others, answers)

    def test_any_number_of_threads(self):
        commands = [command for command, _, _ in JOBS] + [(*ISPRIME, "--flag", "none")]
        commands += [(*PRIMES, "--kernel", "mr", "--dispatch", dispatch, "--schedule", schedule)
                     for dispatch, schedule in (("node", "dynamic"), ("master", "guided"), ("rma", "factoring"),
                                                ("scatter", "static"))]
        commands += [(*PRIMES, "--order", order) for order in ("random", "descending")]
        expected = self.answers_of_all(commands)
        for threads, ranks in ((1, 2), (2, None), (2, 3), (5, None), (5, 2)):
            done = run_all([(*command, "--threads", threads, "--format", "json") for command in commands],
                           ranks=ranks)
            for command, answers, other in zip(commands, expected, done):
                with self.subTest(threads=threads, ranks=ranks, command=command):
                    self.assertEqual(other.returncode, 0, other.stderr)
                    self.assertEqual(answers_text(other.stdout), answers)
                    for case in json.loads(other.stdout)["cases"]:
                        self.assertEqual(case["options"]["threads"], threads)

    def test_run_after_run(self):
        for command in (PI, ISPRIME, KDE):
            first, second = self.answers_of_all([command, command], ranks=3)
            with self.subTest(command=command):
                self.assertEqual(first, second)

    def test_instruction_sets(self):
        commands = [PI, (*PRIMES, "--kernel", "sieve" if have_sieve() else "mr"), ISPRIME, KDE,
                    (*KDE, "--split", "widths"), ("pi", "--samples", 4097),
                    ("kde", "--data", SAMPLE, "--at", "-2:2:n5,-2:2:n5", "--widths", "0.1:1.2:n100")]
        expected = self.answers_of_all(commands, PARBENCH_ISA="baseline")
        for isa in ("v3", "v4"):
            with self.subTest(isa=isa):
                if "lacks the instructions" in run_all([("--version",)], PARBENCH_ISA=isa)[0].stderr:
                    self.skipTest(f"this CPU has no {isa}")
                self.assertEqual(self.answers_of_all(commands, PARBENCH_ISA=isa), expected)

    def test_seeds_differ(self):
        # Otherwise the sameness above would prove little.
        for command in (PI, KDE):
            with self.subTest(command=command):
                one, two = self.answers_of_all([command, (*command, "--seed", "2")])
                self.assertNotEqual(one, two)


if __name__ == "__main__":
    unittest.main()
