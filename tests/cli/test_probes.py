#!/usr/bin/env python3
"""Probes as a user runs them."""

import json
import unittest

from common import CommandTest, run, run_all


class Queue(CommandTest):
    # Ways to run it that must not change the answer: options, and the ranks that they need.
    WAYS = (
        ((), (None, 2, 8)),
        (("--feeder",), (None, 3)),
        (("--producers", 2), (3,)),
        (("--producers", 7, "--feeder", "--payload", "3KiB"), (8,)),
        (("--results", "input", "--producers", 2), (5,)),
        (("--results", "sorted",), (None,)),
        (("--credits", 1, "--payload", "100kB"), (2,)),
        (("--cost", "uniform:10us"), (None, 3)),
        (("--cost", "10us", "--burn", "--seed", 7), (4,)),
    )

    def every_way(self):
        for options, counts in self.WAYS:
            for ranks in counts:
                with self.subTest(options=options, ranks=ranks):
                    yield options, ranks

    def test_answer(self):
        for options, ranks in self.every_way():
            (case,) = self.cases("queue", "--tasks", 1000, *options, ranks=ranks)
            facts = case["run"]
            producers = case["params"]["producers"]
            workers = max(1, (ranks or 1) - producers)
            self.assertEqual(case["answer"], {"tasks": 1000, "sum": "499500"})
            self.assertEqual(case["items"], 1000)
            self.assertEqual(list(case["options"]), ["seed"])
            self.assertEqual((facts["workers"], facts["end_markers"], facts["acknowledged"]),
                             (workers, workers * producers, workers * producers))
            self.assertTrue(facts["jobs_min"] * workers <= 1000 <= facts["jobs_max"] * workers)
            self.assertAlmostEqual(facts["per_second"] * facts["seconds_per_job"], 1)
            self.assertAlmostEqual(facts["per_second"] * case["params"]["payload"],
                                   facts["bytes_per_second"], delta=1)

    def test_primes_as_the_workload_finds_them(self):
        for lo, hi in ((100000000, 100020000), (0, 5000), (24, 29), (2, 3), (0, 1),
                       (18446744073709551521, 18446744073709551558)):
            known = self.answer("primes", lo, hi, "--sum")
            for ranks in (None, 3) if hi == 5000 else (None,):
                with self.subTest(lo=lo, hi=hi, ranks=ranks):
                    answer = self.answer("queue", "--work", "primes", lo, hi, ranks=ranks)
                    jobs = hi - lo
                    self.assertEqual(answer, {"tasks": jobs, "sum": str(jobs * (jobs - 1) // 2),
                                              "count": known["count"], "first": known["first"],
                                              "last": known["last"], "primes_sum": known["sum"]})

    def test_costs_are_paid(self):
        def check():
            (case,) = self.cases("queue", "--tasks", 100, "--cost", "2ms", ranks=5)
            self.assertGreaterEqual(case["seconds"]["median"], 0.05)
            self.assertGreaterEqual(case["run"]["busy_mean"] * 5, 0.2)
            # Nobody hoards long jobs: four workers, 25 each, unless one of them stood still.
            self.assertLessEqual(case["run"]["jobs_max"], 40)

        self.undisturbed(check)

    def printed(self, *options, ranks=None):
        done = run("queue", *options, "--print", ranks=ranks)
        self.assertEqual(done.returncode, 0, done)
        self.assertIn("ok: each job came once", done.stderr)
        return [tuple(map(int, line.split())) for line in done.stdout.splitlines()]

    def test_printed_in_the_order_asked_for(self):
        squares = [(n, n * n) for n in range(3000)]
        for ranks in (None, 5):
            for order in ("completion", "input", "sorted"):
                with self.subTest(ranks=ranks, order=order):
                    lines = self.printed("--tasks", 3000, "--results", order, ranks=ranks)
                    self.assertEqual(sorted(lines), squares)
                    if order != "completion":
                        self.assertEqual(lines, squares)

    def test_completion_is_not_the_order_of_the_input(self):
        # Seed and numbers are fixed, and so is that some of them take longer than others.
        lines = self.printed("--tasks", 20, "--cost", "exponential:20ms", ranks=4)
        self.assertNotEqual(lines, sorted(lines))

    def test_primes_printed(self):
        lines = self.printed("--work", "primes", 10, 20, "--results", "input", ranks=3)
        self.assertEqual(lines, [(n, int(n in (11, 13, 17, 19))) for n in range(10, 20)])

    def test_report_beside_the_list(self):
        file = self.folder / "report.json"
        done = run("queue", "--tasks", 10, "--print", "--json", file, ranks=2)
        self.assertEqual(len(done.stdout.splitlines()), 10, done)
        self.assertEqual(json.loads(file.read_text())["cases"][0]["answer"]["tasks"], 10)

    def failed(self, done, code, *words):
        own = [line for line in done.stderr.splitlines() if line.startswith("parbench: ")]
        self.assertEqual((done.returncode, len(own)), (code, 1), done)
        for word in words:
            self.assertIn(word, own[0])

    def test_a_full_consumer_ends_it(self):
        # (Under mpiexec the ranks write into its pipe, which is never full.)
        with open("/dev/full", "wb") as full:
            self.failed(run("queue", "--tasks", "1e12", "--print", stdout=full), 1, "cannot be written")

    def test_producers_need_workers(self):
        self.failed(run("queue", "--tasks", "1e12", "--producers", 3, ranks=3), 2, "queue: --producers",
                    "3 of 3 ranks", "1 to 2")

    def test_results_that_cannot_be_kept(self):
        for done in run_all([("queue", "--tasks", "1e15", "--results", "sorted")] * 2, ranks=2):
            self.failed(done, 1, "out of memory", "keeping all results")


if __name__ == "__main__":
    unittest.main()
