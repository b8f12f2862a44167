#!/usr/bin/env python3
"""parbench plot: the chart that the data call for, in each kind of file, and what it says when it cannot."""

import copy
import html
import json
import math
import os
import re
import shutil
import stat
import unittest

from common import CommandTest, run
from made_up_results import Noise, case, document


def times(value):
    return Noise(1).times(value, 9)


SUITE = [case(name, times(0.5), times(0.9)) | {"ideal": 2} for name in ("pi", "primes", "kde")]
# A single rank has a schedule of its own, as `scale` writes it.
SCALE = [case("pi", times(0.2 + 3 / ranks), ranks=ranks, schedule="static" if ranks == 1 else "factoring")
         for ranks in (1, 2, 4, 8)]
WEAK = [case("pi", times(1 + 0.01 * ranks), ranks=ranks, params={"samples": 100 * ranks}) | ({"enlarged": ranks} if ranks > 1 else {})
        for ranks in (1, 2, 4, 8)]
SWEEP = [case("sleep", times(1 + 1 / chunk), chunk=chunk, schedule=schedule)
         for chunk in (1, 4, 16, 64) for schedule in ("static", "guided")]
WORDS = [case("sleep", times(1), schedule=schedule) for schedule in ("static", "guided", "factoring")]
ONE = [case("pi", times(1))]


def blocks(script):
    """The data in a script: rows of numbers, by name."""
    found = re.findall(r"\$(\w+) << EOD\n(.*?)EOD\n", script, re.S)
    return {name: [[float(word) for word in line.split()] for line in text.splitlines()] for name, text in found}


def factors_case(counts, bins, primes=20, larger=3):
    """A case of factors: numbers by smallest factor, and (from, to, numbers, primes, divisions of primes, of
    composites, most) for each bin."""
    return case("factors", times(1)) | {"answer": {
        "numbers": 100, "primes": primes, "divisions": 999,
        "factors": [{"factor": str(factor), "numbers": numbers, "expected_share": 1 / factor ** 1.5,
                     "divisions": numbers * (factor + 1) // 2} for factor, numbers in counts.items()],
        "larger": {"numbers": larger, "divisions": 9 * larger},
        "prime": {"numbers": primes, "divisions": 5 * primes},
        "costs": [dict(zip(("from", "to", "numbers", "primes", "prime_divisions", "composite_divisions", "most"),
                           (str(bin[0]), str(bin[1]), *bin[2:]))) for bin in bins]}}


COUNTS = {2: 50, 3: 17, 5: 7, 7: 0}
BINS = ((100, 150, 50, 10, 55, 60, 6), (150, 200, 50, 10, 65, 70, 7))
FACTORS = [factors_case(COUNTS, BINS)]


class PlotTest(CommandTest):
    def store(self, cases, cores=8, name="r.json", analysis=None, **environment):
        content = document(*cases) | ({"analysis": analysis} if analysis else {})
        content["environment"] = content["environment"] | {"cores": cores} | environment
        return self.write(name, json.dumps(content))

    def svg(self, cases, *arguments, **settings):
        """The texts of the picture."""
        picture = self.folder / "picture.svg"
        self.assertEqual(self.succeed("plot", self.store(cases, **settings), "-o", picture, *arguments,
                                      folder=self.folder), "")
        content = picture.read_text(encoding="utf-8")
        self.assertTrue(content.startswith("<?xml"))
        self.assertTrue(content.rstrip().endswith("</svg>"))
        content = re.sub(r"</?tspan[^>]*>", "", content)
        return [text.strip() for text in re.findall(r"<text[^>]*>([^<]*)", content)]

    def fake_gnuplot(self, script):
        """A PATH with nothing but this as gnuplot."""
        tools = self.folder / "tools"
        tools.mkdir()
        program = tools / "gnuplot"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        return str(tools)

    def script(self, cases, *arguments, output="p.svg", **settings):
        """What gnuplot is told: a gnuplot that draws it."""
        if not (self.folder / "tools").exists():
            self.fake_gnuplot("exec /bin/cat")
        picture = self.folder / output
        self.succeed("plot", self.store(cases, **settings), "-o", picture, *arguments, PATH=str(self.folder / "tools"))
        return picture.read_text(encoding="utf-8")

    def terminal_script(self, cases, *arguments, **settings):
        self.script(cases, *arguments, **settings)
        return self.succeed("plot", self.folder / "r.json", "-o", "-", *arguments, PATH=str(self.folder / "tools"))

    def refused(self, code, *arguments, **settings):
        done = run("plot", *arguments, **settings)
        self.assertEqual((done.returncode, done.stdout), (code, ""), done)
        self.assertRegex(done.stderr, r"\Aparbench: [^\n]*\n\Z")
        return done.stderr


@unittest.skipUnless(shutil.which("gnuplot"), "gnuplot is not installed")
class Pictures(PlotTest):
    def test_a_suite_is_bars_of_speedups(self):
        texts = self.svg(SUITE)
        self.assertIn("Speedup on 2 ranks", texts)
        for text in ("pi", "primes", "kde", "ideal (ranks or cores)", "1.80"):
            self.assertIn(text, texts)

    def test_ranks_are_a_scaling_plot_with_a_fit(self):
        texts = self.svg(SCALE)
        self.assertIn("pi: time on more ranks, strong scaling", texts)
        self.assertEqual([text for text in texts if text in "1248"][-4:], ["1", "2", "4", "8"])
        # T(p) = 0.2 + 3 / p is Amdahl's law with f = 0.2 / 3.2 = 0.0625; the same noise is on each.
        (fit,) = [text for text in texts if text.startswith("Amdahl")]
        self.assertRegex(fit, r"f = 0\.06[23] \[0\.0[12]")  # as uncertain as the one baseline they share

    def test_weak_scaling_is_gustafsons(self):
        texts = self.svg(WEAK)
        self.assertIn("pi: time on more ranks, weak scaling", texts)
        self.assertTrue(any(text.startswith("Gustafson: f = ") for text in texts), texts)

    def test_too_few_cores_for_a_fit_is_said(self):
        texts = self.svg(SCALE, cores=2)
        self.assertTrue(any(text.startswith("no fit: ") and "Amdahl needs at least 2" in text for text in texts))
        self.assertFalse(any(text.startswith("Amdahl:") for text in texts))

    def test_a_sweep_is_lines(self):
        texts = self.svg(SWEEP)
        for text in ("sleep on 2 ranks", "chunk", "schedule static", "schedule guided", "16", "64"):
            self.assertIn(text, texts)
        texts = self.svg(WORDS)
        for text in ("schedule", "static", "guided", "factoring"):
            self.assertIn(text, texts)

    def test_one_case_shows_its_samples(self):
        self.assertIn("pi: samples of each case on 2 ranks", self.svg(ONE))
        texts = self.svg(SUITE, "--kind", "box")
        self.assertTrue({"serial baseline", "Samples of each case on 2 ranks"} <= set(texts), texts)

    def test_one_case_of_factors_shows_how_often_each_is_met(self):
        texts = self.svg(FACTORS)
        for text in ("Smallest factors of the numbers from 100 to 199", "smallest factor", "share of the numbers",
                     "prime: 20 %", "found", "expected: 1/p Π (1 − 1/q) over the primes q below p", "50 %",
                     "not shown: the smallest factor of 3 % of the numbers is above 7"):
            self.assertIn(text, texts)
        self.assertFalse(any("not shown" in text for text in self.svg([factors_case(COUNTS, BINS, larger=0)])))
        texts = self.svg([factors_case(COUNTS, BINS, primes=0)])
        self.assertFalse(any(text.startswith("prime") for text in texts), texts)

    def dots(self, cases, *arguments):
        """The circles of the picture, from left to right; y grows downwards."""
        self.svg(cases, *arguments)
        content = (self.folder / "picture.svg").read_text(encoding="utf-8")
        uses = re.findall(r"<use xlink:href='#gpPt6'[^>]*transform='translate\(([\d.]+),([\d.]+)\)", content)
        return [tuple(map(float, place)) for place in uses]

    def test_dots_stand_where_the_numbers_are(self):
        # 50, 17 and 7 % over 2, 3 and 5, both axes by factors; nothing has 7. The key has a dot too.
        places = self.dots(FACTORS)
        self.assertEqual(len(places), 4)
        (x2, y2), (x3, y3), (x5, y5) = sorted(places, key=lambda place: place[1])[:3]
        self.assertAlmostEqual((x3 - x2) / (x5 - x2), math.log(3 / 2) / math.log(5 / 2), delta=0.01)
        self.assertAlmostEqual((y3 - y2) / (y5 - y2), math.log(50 / 17) / math.log(50 / 7), delta=0.01)

    def test_the_cost_of_testing_n(self):
        texts = self.svg(FACTORS, "--kind", "cost")
        for text in ("Divisions to test the numbers from 100 to 199", "n", "divisions a number", "the most",
                     "primes, mean", "composite numbers, mean"):
            self.assertIn(text, texts)
        # 5.5 and 6.5 divisions of a prime: a dot each, and the key's
        places = self.dots(FACTORS, "--kind", "cost")
        self.assertEqual(len(places), 3)
        (_, key_y), (x1, y1), (x2, y2) = sorted(places)
        self.assertLess(key_y, min(y1, y2))
        zero = self.y_of_zero()
        self.assertAlmostEqual((zero - y2) / (zero - y1), 6.5 / 5.5, delta=0.01)
        self.assertLess(x1, x2)

    def y_of_zero(self):
        """Where the x axis is: the lowest of the tics' short lines, as the picture's paths have them."""
        content = (self.folder / "picture.svg").read_text(encoding="utf-8")
        return max(float(y) for y in re.findall(r"d='M[\d.]+,([\d.]+) L", content))

    def test_large_numbers_are_told_in_short(self):
        for lo, hi, label in ((2, 1000, "n"), (2, 40000, "n (thousands)"), (2, 9000000, "n (millions)"),
                              (2, 10 ** 12, "n (thousand millions)"), (10 ** 12 - 100, 10 ** 12, "n - 999999999900")):
            middle = (lo + hi) // 2
            bins = ((lo, middle, 50, 0, 0, 60, 6), (middle, hi, 50, 10, 65, 70, 7))
            self.assertIn(label, self.svg([factors_case(COUNTS, bins)], "--kind", "cost"))

    def test_what_factors_really_writes(self):
        file = self.folder / "factors.json"
        self.succeed("factors", 2, 100000, "--json", file)
        for kind, says in (("auto", "Smallest factors of the numbers from 2 to 99999"),
                           ("cost", "Divisions to test the numbers from 2 to 99999")):
            self.succeed("plot", file, "-o", self.folder / "p.svg", "--kind", kind)
            self.assertIn(says, (self.folder / "p.svg").read_text())
            self.assertIn(says, self.succeed("plot", file, "-o", "-", "--kind", kind))

    def test_answers_that_cannot_be_drawn(self):
        single = [factors_case(COUNTS, BINS[:1])]
        nothing = [factors_case({2: 0, 3: 0}, BINS)]
        for cases, kind, says in ((ONE, "frequency", "a single case of factors"), (ONE, "cost", "a single case of factors"),
                                  (FACTORS * 2, "frequency", "a single case"), (single, "cost", "a single bin"),
                                  (nothing, "frequency", "no number of the range"),
                                  ([case("factors", times(1))], "frequency", "a single case of factors")):
            self.assertIn(says, self.refused(2, self.store(cases), "-o", "-", "--kind", kind))
        for kind, path, value in (("frequency", ("factors", 1, "numbers"), "x"), ("frequency", ("factors", 0), 5),
                                  ("frequency", ("numbers",), 0), ("frequency", ("prime",), None),
                                  ("frequency", ("factors", 1, "expected_share"), -1), ("cost", ("costs", 1, "most"), 0),
                                  ("frequency", ("factors", 2, "factor"), "many"), ("cost", ("costs", 0, "to"), "100"),
                                  ("cost", ("costs", 0, "primes"), 51), ("cost", ("costs", 1), [])):
            cases = copy.deepcopy(FACTORS)
            inner = cases[0]["answer"]
            for key in path[:-1]:
                inner = inner[key]
            inner[path[-1]] = value
            with self.subTest(path=path):
                self.assertIn("cannot be read", self.refused(2, self.store(cases), "-o", "-", "--kind", kind))

    def test_times_have_a_fitting_unit(self):
        for value, unit in ((2, "time (s)"), (2e-3, "time (ms)"), (2e-6, "time (µs)")):
            self.assertIn(unit, self.svg([case("pi", times(value))]))

    def test_names_are_taken_as_they_are(self):
        odd = "a'b \"c\" {/Bold x}_y^z `touch hacked` @macro \\n $v <&>"
        texts = self.svg([case(odd, times(1)), case("pi", times(1))], "--kind", "box", cpu=odd)
        self.assertTrue(any(odd in html.unescape(text) for text in texts), texts)
        self.assertFalse((self.folder / "hacked").exists())
        for odd in ("'first'", "a''b", "'''", "it's", "''"):
            texts = self.svg([case(odd, times(1)), case("pi", times(1))], "--kind", "box", cpu=odd)
            self.assertIn(odd, [html.unescape(text).replace("’", "'") for text in texts], odd)

    def test_each_kind_of_file(self):
        stored = self.store(SCALE)
        for name, starts in (("p.svg", b"<?xml"), ("p.png", b"\x89PNG"), ("p.pdf", b"%PDF")):
            self.succeed("plot", stored, "-o", self.folder / name)
            self.assertTrue((self.folder / name).read_bytes().startswith(starts))
        self.assertEqual(len(list(self.folder.iterdir())), 4)  # and no temporary ones

    def test_the_terminal_is_used_to_its_width(self):
        for columns in (60, 100):
            text = self.succeed("plot", self.store(SUITE), "-o", "-", COLUMNS=str(columns), LINES="20")
            self.assertIn("Speedup on 2 ranks", text)
            self.assertLessEqual(max(map(len, text.splitlines())), columns)
            self.assertGreater(max(map(len, text.splitlines())), columns - 10)
            self.assertNotIn("\x1b", text)
        for cases in (SCALE, WEAK, SWEEP, WORDS, ONE, FACTORS):
            self.assertGreater(len(self.succeed("plot", self.store(cases), "-o", "-").splitlines()), 10)

    def test_the_users_settings_of_gnuplot_do_not_matter(self):
        (self.folder / ".gnuplot").write_text("set title 'mine'\nnonsense\n")
        stored = self.store(SUITE)
        self.assertEqual(self.succeed("plot", stored, "-o", "-", HOME=str(self.folder)),
                         self.succeed("plot", stored, "-o", "-"))

    def test_what_does_not_fit_the_kind_is_refused(self):
        picture = self.folder / "p.svg"
        for cases, kind, says in ((SUITE, "scale", "several numbers of ranks"), (SUITE, "sweep", "one workload"),
                                  (SCALE, "speedup", "serial baseline"), (SCALE, "sweep", "equally many ranks"),
                                  (ONE, "sweep", "one to three")):
            self.assertIn(says, self.refused(2, self.store(cases), "-o", picture, "--kind", kind))
        self.assertFalse(picture.exists())


class Trouble(PlotTest):
    def test_without_gnuplot(self):
        line = self.refused(1, self.store(SUITE), "-o", self.folder / "p.svg", PATH=str(self.folder))
        self.assertIn("gnuplot is not installed", line)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["r.json"])

    def test_gnuplots_own_error_is_one_line(self):
        old = self.write("p.svg", "old")
        path = self.fake_gnuplot("echo half a picture; printf '\\ngnuplot> x\\n   ^\\n  line 0: it broke\\n\\n' >&2; exit 1")
        self.assertIn("gnuplot could not draw: line 0: it broke", self.refused(1, self.store(SUITE), "-o", old, PATH=path))
        self.assertEqual(old.read_text(), "old")
        self.assertIn("it broke", self.refused(1, self.store(SUITE), "-o", "-", PATH=path))

    def test_a_gnuplot_that_draws_nothing_or_dies(self):
        path = self.fake_gnuplot("exit 0")
        self.assertIn("gnuplot could not draw", self.refused(1, self.store(SUITE), "-o", "-", PATH=path))
        shutil.rmtree(self.folder / "tools")
        path = self.fake_gnuplot("kill -9 $$")
        self.assertIn("gnuplot could not draw", self.refused(1, self.store(SUITE), "-o", "-", PATH=path))

    def test_wrong_arguments(self):
        stored = self.store(SUITE)
        self.assertIn("R.json is missing", self.refused(2))
        self.assertIn("-o is missing", self.refused(2, stored))
        self.assertIn("accepted are names that end in .svg", self.refused(2, stored, "-o", "p.gif"))
        self.assertIn("accepted are names that end in .svg", self.refused(2, stored, "-o", ".svg"))
        self.assertIn("'pie' is unknown", self.refused(2, stored, "-o", "p.svg", "--kind", "pie"))
        self.assertIn("--format", self.refused(2, stored, "-o", "p.svg", "--format", "csv"))
        self.assertIn("cannot be written", self.refused(2, stored, "-o", self.folder / "no" / "p.svg"))
        self.assertIn("No such file", self.refused(2, "none.json", "-o", "p.svg"))
        self.assertIn("line 1", self.refused(2, self.write("bad.json", "{"), "-o", "p.svg"))


if __name__ == "__main__":
    unittest.main()
