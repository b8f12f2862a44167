"""Dispatch on simulated clusters: few nodes, in seconds. ./dev scale-study goes up to 4,096 ranks.

Without the simulator the exit code is 77."""

import os
import sys
import unittest

import simulation


class Scale(unittest.TestCase):
    def check(self, ranks, least, most_waited=1, **how):
        result = simulation.sleep(ranks, timeout=120, **how)
        self.assertEqual(result["check"], "ok", result)
        self.assertGreaterEqual(result["efficiency"], least, result)
        self.assertLess(result["efficiency"], 1, result)
        self.assertLessEqual(result["waited_mean"], most_waited, result)

    # What is lost: the last task (up to 1.5 ms of 100), and at 64 ranks also half of rank 0, which
    # leaves tasks that it finds to be longer than 1 ms to others. Next to nothing is spent on waiting for
    # a node's next chunk.
    def test_two_nodes(self):
        self.check(64, 0.96, most_waited=0.2e-3)

    def test_eight_nodes(self):
        self.check(256, 0.965, most_waited=0.2e-3)

    # One task in a hundred takes 100 ms, and nobody knows which: one of them may be the last.
    def test_few_long_tasks(self):
        self.check(256, 0.55, cost="bimodal:1ms")

    def test_one_master(self):
        self.check(64, 0.86, dispatch="master")

    def test_equal_ranges(self):
        self.check(64, 0.90, dispatch="scatter")


if __name__ == "__main__":
    if not os.path.exists(simulation.SIMULATED):
        print("skipped: the simulated program was not built (SimGrid was not found, or with sanitizers)")
        sys.exit(77)
    unittest.main()
