#!/usr/bin/env python3
"""What the pictures of `parbench plot` show and how, read from the scripts that gnuplot is given: every
sample and interval, bounds, and lines only where values between mean something."""

import re
import shutil
import statistics
import unittest

from made_up_results import Noise, case, seconds
from test_plot import SCALE, SWEEP, WEAK, WORDS, PlotTest


class Script:
    def __init__(self, text):
        self.data = {name: [list(map(float, row.split())) for row in rows.splitlines()]
                     for name, rows in re.findall(r"^(\$\w+) << EOD\n(.*?)^EOD$", text, re.DOTALL | re.MULTILINE)}
        # What is drawn of each block of data: "using ... with ...".
        (plot,) = re.findall(r"^plot (.*)$", text, re.MULTILINE)
        self.drawn = []
        for name, how in re.findall(r"(\$\w+|'') (using .*?)(?=, (?:\$\w+|''|keyentry) |$)", plot):
            self.drawn.append((self.drawn[-1][0] if name == "''" else name, how))

    def styles(self, block):
        """How a block is drawn: its points, lines, vectors ..."""
        return {re.search(r"with (\w+)", how).group(1) for name, how in self.drawn if name == block}

    def lines(self):
        """The blocks drawn as lines."""
        return {name for name in self.data if self.styles(name) & {"lines", "linespoints", "yerrorlines"}}


class ChartScripts(PlotTest):
    def script(self, cases, *arguments, output="p.svg", **settings):
        """What a gnuplot that only keeps its input was given."""
        tools = self.folder / "tools"
        tools.mkdir(exist_ok=True)
        program = tools / "gnuplot"
        program.write_text(f"#!/bin/sh\n{shutil.which('cat')} >'{self.folder}/script'\nexit 1\n")
        program.chmod(0o755)
        output = output if output == "-" else self.folder / output
        self.refused(1, self.store(cases, **settings), "-o", output, *arguments, PATH=str(tools))
        return Script((self.folder / "script").read_text(encoding="utf-8"))

    def test_a_sweep_over_numbers_is_joined_and_over_words_not(self):
        numbers, words = self.script(SWEEP), self.script(WORDS)
        self.assertEqual(numbers.lines(), {"$line0", "$line1"})
        self.assertEqual(words.lines(), set())
        self.assertIn("points", words.styles("$line0"))
        for cases in (SWEEP, WORDS):  # letters cannot draw a thin line
            self.assertEqual(self.script(cases, output="-").styles("$line0"), {"points"})

    def test_of_scaling_only_the_ideal_and_the_fitted_laws_are_lines(self):
        for cases in (SCALE, WEAK):
            script = self.script(cases)
            laws = {name for name in script.data if name.startswith("$law")}
            self.assertTrue(laws)
            self.assertEqual(script.lines(), {"$ideal0", *laws})
            self.assertIn("points", script.styles("$line0"))
            self.assertEqual(self.script(cases, output="-").lines(), {"$ideal0"})
        self.assertEqual(self.script(SCALE, cores=2).lines(), {"$ideal0"})

    def test_points_have_the_interval_of_the_median(self):
        # The second and the eighth of nine samples, in order.
        for cases in (SCALE, SWEEP, WORDS):
            script = self.script(cases)
            drawn = sorted(row[1:4] for name, rows in script.data.items() if name.startswith("$line") for row in rows)
            samples = [sorted(each["seconds"]["samples"]) for each in cases]
            factor = min(row[0] for row in drawn) / min(map(statistics.median, samples))  # the unit
            wanted = sorted([statistics.median(each) * factor, each[1] * factor, each[7] * factor] for each in samples)
            self.assertEqual(len(drawn), len(cases))
            self.assertTrue(any(name == "$line0" and "using 1:3:(0):($4-$3) with vectors" in how
                                for name, how in script.drawn))
            for row, expected in zip(drawn, wanted):
                for value, truth in zip(row, expected):
                    self.assertAlmostEqual(value, truth, delta=1e-6 * truth)

    def test_bars_of_speedups_have_intervals_and_the_ideal(self):
        suite = [case(name, *Noise(i).rounds(1)) | {"ideal": 2} for i, name in enumerate(("pi", "primes", "kde"))]
        script = self.script(suite)
        self.assertEqual(len(script.data["$bars"]), len(suite))
        for (_, value, low, high, ideal), record in zip(script.data["$bars"], suite):
            medians = [statistics.median(record[key]["samples"]) for key in ("serial", "seconds")]
            self.assertAlmostEqual(value, medians[0] / medians[1], places=4)
            self.assertTrue(low < value < high, (low, value, high))
            self.assertEqual(ideal, 2)
        drawn = " ".join(how for _, how in script.drawn)
        self.assertIn("using 1:3:(0):($4-$3) with vectors", drawn)
        self.assertIn(":5:(0.72):(0) with vectors", drawn)

    def test_the_ideal_of_scaling_ends_at_the_cores(self):
        for cases, ideal in ((SCALE, lambda ranks: 1 / min(ranks, 4)), (WEAK, lambda ranks: max(1, ranks / 4))):
            script = self.script(cases, cores=4)
            self.assertEqual(script.styles("$ideal0"), {"lines"})
            rows = dict((row[0], row[1]) for row in script.data["$ideal0"])
            for ranks in (1, 2, 4, 8):
                self.assertAlmostEqual(rows[ranks] / rows[1], ideal(ranks), places=4)

    def test_every_sample_is_in_the_box_outliers_too(self):
        record = case("pi", [1.0, 1.1, 1.2, 1.3, 1.2, 1.1, 9.0], [2.0, 2.1, 2.2])
        record["serial"] = seconds(record["serial"]["samples"])
        script = self.script([record], "--kind", "box")
        for block, key in (("$samples0", "seconds"), ("$samples1", "serial")):
            self.assertEqual([row[1] for row in script.data[block]], record[key]["samples"])
            self.assertEqual(script.styles(block), {"points"})
        (box,) = script.data["$box0"]
        self.assertEqual((box[1], box[3], box[5]), (1.0, 1.2, 1.3))  # whiskers end before the outlier


if __name__ == "__main__":
    unittest.main()
