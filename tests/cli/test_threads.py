#!/usr/bin/env python3
"""Threads beside ranks, as a user meets them: what is counted and shown, and who is warned of a binding."""

import json
import os
import unittest

from common import CommandTest, run

CORES = len(os.sched_getaffinity(0))


class Threads(CommandTest):
    def bound(self, *arguments, cores, **settings):
        """Run on the first `cores` cores only."""
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, set(sorted(before)[:cores]))
        try:
            return run(*arguments, **settings)
        finally:
            os.sched_setaffinity(0, before)

    def test_one_thread_is_not_mentioned(self):
        (case,) = self.cases("pi", "--samples", "1e6")
        self.assertEqual(case["options"]["threads"], 1)
        self.assertNotIn("thread", self.succeed("pi", "--samples", "1e6"))

    def test_what_is_shown(self):
        text = run("pi", "--samples", "1e7", "--threads", 3, ranks=2).stdout
        self.assertIn("on 2 ranks x 3 threads", text)
        self.assertRegex(text, r"busiest thread \d+\.\d\d times the mean; \d+ chunks; threads idle")

    def test_what_is_counted(self):
        done = run("pi", "--samples", "3e7", "--threads", 2, "-v", "--format", "json", ranks=2)
        document = json.loads(done.stdout)
        (case,) = document["cases"]
        self.assertEqual((case["ranks"], case["options"]["threads"]), (2, 2))
        self.assertEqual(document["environment"]["threads"], 2)
        self.assertEqual(sum(rank["items"] for rank in case["run"]["ranks"]), 30000000)
        self.assertEqual(sum(rank["chunks"] for rank in case["run"]["ranks"]), case["run"]["chunks"])
        # A rank's share sums its threads; the maximum and the mean are over threads.
        busy = sum(rank["busy"] for rank in case["run"]["ranks"])
        self.assertAlmostEqual(busy / 4, case["run"]["busy_mean"], places=6)
        self.assertLessEqual(case["run"]["busy_max"], busy)

    def test_tasks_a_worker(self):
        done = run("fib", 10, "--threads", 3, "--format", "json", ranks=2)
        self.assertEqual(json.loads(done.stdout)["cases"][0]["answer"]["tasks"], 6)

    def test_workers_and_cores(self):
        document = json.loads(self.bound("pi", "--samples", "1e6", "--threads", 2, "--format", "json",
                                         cores=1).stdout)
        self.assertEqual(document["environment"]["cores"], 1)
        self.assertTrue(document["environment"]["oversubscribed"])
        document = json.loads(self.bound("pi", "--samples", "1e6", "--format", "json", cores=1).stdout)
        self.assertFalse(document["environment"]["oversubscribed"])

    @unittest.skipIf(CORES < 2, "a machine of one core binds nobody to less")
    def test_a_narrow_binding_is_warned_of(self):
        done = self.bound("pi", "--samples", "1e6", "--threads", 2, cores=1)
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        for word in ("parbench: rank 0 on ", "1 core", "2 threads", "--bind-to none", "--map-by slot:PE=2"):
            self.assertIn(word, done.stderr)
        # once, whatever the number of ranks and cases
        done = self.bound("isprime", 97, 101, 103, "--threads", 2, cores=1, ranks=3)
        own = [line for line in done.stderr.splitlines() if line.startswith("parbench: ")]
        self.assertEqual(len(own), 1, done.stderr)
        self.assertEqual(self.bound("pi", "--samples", "1e6", cores=1).stderr, "")
        for threads in ("1,2", "2,1"):
            done = self.bound("sweep", "noop", "--vary", f"threads={threads}", "--max-time", "0.05s", cores=1)
            self.assertEqual(done.stderr.count("2 threads: mpirun --bind-to none"), 1, done.stderr)

    def test_a_wide_one_is_not(self):
        self.assertEqual(run("pi", "--samples", "1e6", "--threads", CORES).stderr, "")
        # More threads than the machine has cores: no binding would mend that.
        self.assertEqual(run("pi", "--samples", "1e6", "--threads", CORES + 3).stderr, "")

    def test_a_great_many(self):
        done = run("pi", "--samples", "1e6", "--threads", 1024)
        self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
