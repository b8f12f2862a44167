#!/usr/bin/env python3
"""What the tables of studies say: intervals, arguments, outliers, weak scaling; and the suite's own options."""

import json
import re
import time
import unittest

import common

SPREAD = r"(-|-[\d.]+/\+[\d.]+ %)"


class TextAndCases(common.CommandTest):
    def both(self, *arguments, **settings):
        """The text of a study, and the cases of the same run's JSON."""
        path = self.folder / "both.json"
        text = self.succeed(*arguments, "--json", path, **settings)
        return text, json.loads(path.read_text())["cases"]


class Tables(TextAndCases):
    def test_intervals_reach_down_and_up(self):
        # The most rounds that there may be end it: a busy machine has six of them, too.
        text, cases = self.both("sweep", "sleep", "--tasks", 1, "--cost", "0.1ms", "--vary", "seed=1,2,3,4", "--rel",
                                "0.0001%", "--max-time", "5s")
        for case in cases:
            low, high = case["seconds"]["ci95"]
            median = case["seconds"]["median"]
            self.assertEqual((case["run"]["stopped"], len(case["seconds"]["samples"])), ("rounds", 200))
            (below, above) = re.search(rf"(?m)^{case['label']} .* -([\d.]+)/\+([\d.]+) % ", text).groups()
            unit = 0.1 if "." in below else 1
            self.assertEqual("." in below, "." in above)
            self.assertAlmostEqual(float(below), 100 * (1 - low / median), delta=0.5001 * unit)
            self.assertAlmostEqual(float(above), 100 * (high / median - 1), delta=0.5001 * unit)
            self.assertLess(max(float(below), float(above)), 10 if unit == 0.1 else 1e9)
        self.assertLessEqual(max(len(line) for line in text.splitlines() if line.startswith("seed=")), 100)
        self.assertNotIn("fewer than 6", text)
        self.assertIn("200 the most there may be", text)

    def test_no_interval_is_explained(self):
        text, cases = self.both("measure", "sleep", "--tasks", 1, "--cost", "20ms", "--max-time", "0.1s")
        self.assertLess(len(cases[0]["seconds"]["samples"]), 6)
        self.assertRegex(text, r"(?m)^sleep .* ok +[\d.]+ +- ")
        self.assertRegex(text, r"(?m)^-: fewer than 6 repeats have no interval; --max-time allows more$")

    def test_several_numbers_can_be_told_apart(self):
        numbers = ("1000003", "18446744073709551557", "1000005")
        text, cases = self.both("measure", "isprime", *numbers, "--max-time", "0.3s")
        self.assertRegex(text, r"(?m)^workload +argument +answer +check ")
        rows = re.findall(r"(?m)^isprime +(\d+) (prime|factor \d+) +ok +[\d.e-]+ ", text)
        self.assertEqual(rows, list(zip(numbers, ("prime", "prime", "factor 3"))))
        (told,) = re.findall(r"(?m)^repeats: (.*)$", text)
        for number, case in zip(numbers, cases):
            self.assertIn(f"isprime {number} {len(case['seconds']['samples'])}", told)
        for line in text.splitlines():
            self.assertLessEqual(len(line) if "ok" in line.split() else 0, 110)
        self.assertNotIn("argument", self.succeed("measure", "isprime", 1000003, "--max-time", "0.05s"))

    def test_weak_scaling_says_so(self):
        job = ("sleep", "--tasks", 4, "--cost", "1ms", "--max-time", "0.1s")
        weak = self.succeed("scale", "--weak", *job, ranks=2)
        self.assertRegex(weak, r"(?m)^sleep --tasks 4 --cost 1ms, weak: N times the job on N ranks$")
        self.assertRegex(weak, r"(?m)^serial: the kernel alone on rank 0, on one rank's job; speedup: N times that over ")
        self.assertNotIn("N times", self.succeed("scale", *job, ranks=2))

    def test_outliers_are_one_line(self):
        """Many short cases: some have outliers, on any machine."""
        values = ",".join(map(str, range(1, 13)))
        text, cases = self.both("sweep", "noop", "--tasks", 1000, "--vary", f"seed={values}", "--rel", "0.0001%", "--max-time",
                                "2s")
        outliers = [f"{case['label']}: {case['seconds']['outliers']} of {len(case['seconds']['samples'])}"
                    for case in cases if case["seconds"]["outliers"] > 0]
        self.assertGreater(len(outliers), 0)
        expected = "; ".join(outliers[:5]) + (f"; and some of {len(outliers) - 5} more cases" if len(outliers) > 5 else "")
        self.assertEqual([line for line in text.splitlines() if line.startswith("far from")],
                         [f"far from the other times, and kept in all figures: {expected}"])


class Suite(TextAndCases):
    def test_it_can_be_given_less_time(self):
        start = time.monotonic()
        text, cases = self.both("--max-time", "4s", "--rel", "0.0001%", ranks=2)
        spent = [sum(case["seconds"]["samples"]) + sum(case["serial"]["samples"]) for case in cases]
        longest = [max(case["seconds"]["samples"]) + max(case["serial"]["samples"]) for case in cases]
        for case in cases:
            self.assertEqual(case["run"]["stopped"], "time", case["workload"])
        self.assertGreater(time.monotonic() - start, 3)
        self.assertLess(sum(spent), 4 + sum(longest), "each case makes at least one round")
        self.assertIn("parbench primes 0 4e9\n", text)

    @unittest.skipIf(common.SANITIZED, "six rounds of the suite would take a quarter of an hour")
    def test_narrow_intervals_end_it(self):
        _, cases = self.both("--max-time", "20min", "--rel=100%", ranks=2, patience=3 * common.PATIENCE)
        for case in cases:
            self.assertEqual(case["run"]["stopped"], "narrow")
            self.assertGreaterEqual(len(case["seconds"]["samples"]), 6)
            low, high = case["seconds"]["ci95"]
            self.assertLessEqual(high - low, 2 * case["seconds"]["median"])

    def test_its_options_stand_for_no_job(self):
        for arguments, word in ((("--rel", "2%", "measure", "pi"), "measure"), (("--max-time=3s", "pi"), "pi")):
            done = common.run(*arguments)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertEqual(done.stderr, f"parbench: --rel and --max-time before '{word}' are the suite's: accepted are they "
                                          "without it, and behind measure, scale or sweep\n")
        self.assertRegex(self.succeed("help"), r"(?s)options of the suite:\n +--rel P%.*--max-time T .*all cases together \[20s\]")


if __name__ == "__main__":
    unittest.main()
