#!/usr/bin/env python3
"""A task that fails ends the whole job: soon, on all ranks, and with one line that says who and why."""

import os
import re
import time
import unittest

import common
from common import CommandTest, run

common.PROGRAM = os.environ.get("PARBENCH_FAILING", str(common.HERE / "../../build/release/tests/parbench_failing"))

DISPATCHERS = ("node", "master", "rma", "scatter")
SOON = 5 * (5 if common.SANITIZED else 1)


def timed(*arguments, ranks):
    start = time.monotonic()
    done = run(*arguments, ranks=ranks)
    return done, time.monotonic() - start


class FailingTask(CommandTest):
    def setUp(self):
        super().setUp()
        # What starting and ending takes on this machine, busy as it may be.
        _, self.launch_seconds = timed("noop", "--tasks", 1, ranks=5)

    def expect_failure(self, *arguments, task, ranks):
        done, seconds = timed("failing", "--at", task, *arguments, ranks=ranks)
        lines = [line for line in done.stderr.splitlines() if line.startswith("parbench: ")]
        with self.subTest(arguments=arguments, task=task, ranks=ranks):
            self.assertEqual((done.returncode, done.stdout, len(lines)), (1, "", 1), done)
            said = re.fullmatch(r"parbench: (rank (\d+) on \S+: )?items \[(\d+), (\d+)\): task (\d+) is bad", lines[0])
            self.assertIsNotNone(said, lines)
            self.assertLess(int(said[2] or 0), ranks or 1)
            self.assertLessEqual(int(said[3]), task)
            self.assertLess(task, int(said[4]))
            self.assertEqual(int(said[5]), task)
            self.assertLess(seconds, SOON + 5 * self.launch_seconds)

    def test_first_of_a_job_of_a_day(self):
        for dispatch in DISPATCHERS:
            for ranks in (2, 5):
                self.expect_failure("--dispatch", dispatch, task=0, ranks=ranks)
        self.expect_failure(task=0, ranks=None)

    def test_middle_and_last(self):
        for dispatch in DISPATCHERS:
            for task in (1500, 2999):
                self.expect_failure("--tasks", 3000, "--dispatch", dispatch, task=task, ranks=3)

    def test_no_task_fails(self):
        # Otherwise the failures above would prove little.
        self.assertEqual(self.answer("failing", "--tasks", 100, "--at", 100, ranks=3), {"tasks": 100})

    def test_earlier_cases_stay(self):
        results = self.folder / "results.json"
        done = run("failing", "--tasks", 100, "--at", 5, "--json", results, ranks=2)
        self.assertEqual(done.returncode, 1)
        self.assertFalse(results.exists())


if __name__ == "__main__":
    unittest.main()
