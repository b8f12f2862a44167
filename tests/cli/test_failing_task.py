#!/usr/bin/env python3
"""A task that fails ends the whole job: soon, on all ranks, and with one line that says who and why."""

import json
import os
import re
import unittest

import common
from common import CommandTest, run

common.PROGRAM = os.environ.get("PARBENCH_FAILING", str(common.HERE / "../../build/release/tests/parbench_failing"))

DISPATCHERS = ("node", "master", "rma", "scatter")


class FailingTask(CommandTest):
    def expect_failure(self, *arguments, task, ranks):
        done = run("failing", "--at", task, *arguments, ranks=ranks)
        lines = [line for line in done.stderr.splitlines() if line.startswith("parbench: ")]
        with self.subTest(arguments=arguments, task=task, ranks=ranks):
            self.assertEqual((done.returncode, done.stdout, len(lines)), (1, "", 1), done)
            said = re.fullmatch(r"parbench: (rank (\d+) on \S+: )?items \[(\d+), (\d+)\): task (\d+) is bad", lines[0])
            self.assertIsNotNone(said, lines)
            self.assertLess(int(said[2] or 0), ranks or 1)
            self.assertLessEqual(int(said[3]), task)
            self.assertLess(task, int(said[4]))
            self.assertEqual(int(said[5]), task)

    # A day of one core's: nobody would wait for its end.
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

    def measured(self, *arguments, ranks):
        """A study that fails in a later round: the table and the cases in the file, which agree."""
        results = self.folder / "results.json"
        done = run(*arguments, "--json", results, ranks=ranks)
        lines = [line for line in done.stderr.splitlines() if line.startswith("parbench: ")]
        self.assertEqual((done.returncode, len(lines)), (1, 1), done)
        self.assertRegex(lines[0], r"task 5 is bad$")
        document = json.loads(results.read_text())
        self.assertNotIn("analysis", document)
        return done.stdout, document["cases"]

    # The process that does task 5 does it once in the warm-up, and twice a round: alone, and with the others.
    def test_a_study_keeps_its_whole_rounds(self):
        for after in (7, 8):
            with self.subTest(after=after):
                text, (case,) = self.measured("measure", "failing", "--tasks", 50, "--at", 5, "--after", after,
                                              "--dispatch", "scatter", "--max-time", "10min", ranks=2)
                self.assertEqual((case["check"], case["run"]["stopped"]), ("ok", "failed"))
                self.assertEqual([len(case[which]["samples"]) for which in ("seconds", "serial")], [3, 3])
                self.assertRegex(text, r"(?m)^failing +done +ok ")
                self.assertIn("efficiency: speedup / ideal\n", text)
                self.assertIn("repeats: failing 3 until a rank failed\n", text)

    def test_of_a_first_round_the_cases_that_were_done_stay(self):
        text, (case,) = self.measured("sweep", "failing", "--tasks", 50, "--at", 5, "--after", 4, "--vary", "chunk=7,9",
                                      "--max-time", "10min", ranks=1)  # warmed up twice, alone, chunk=7; fails in chunk=9
        self.assertEqual((case["label"], len(case["seconds"]["samples"])), ("chunk=7", 1))
        self.assertIn("chunk=7", text)

    def test_nothing_measured_is_nothing_put_out(self):
        done = run("measure", "failing", "--tasks", 50, "--at", 5, ranks=2)
        self.assertEqual(done.returncode, 1)
        self.assertNotIn("failing", done.stdout)

    def test_json_on_stdout_stays_whole(self):
        done = run("measure", "failing", "--tasks", 50, "--at", 5, "--after", 4, "--format", "json", ranks=1)
        (case,) = json.loads(done.stdout)["cases"]
        self.assertEqual(case["run"]["stopped"], "failed")


if __name__ == "__main__":
    unittest.main()
