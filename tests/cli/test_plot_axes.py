#!/usr/bin/env python3
"""parbench plot's axes: names, marks, figures, keys, and what is drawn beside one another."""

import html
import itertools
import math
import re
import shutil
import unittest

from made_up_results import case
from test_plot import ONE, SCALE, SUITE, SWEEP, WORDS, PlotTest, blocks, times
from test_timeline import timed


def sweep(seconds=lambda index: 1.0, serial=None, **lists):
    """Cases over every combination of these settings' values."""
    made = []
    for index, values in enumerate(itertools.product(*lists.values())):
        made.append(case("pi", times(seconds(index)), serial and times(serial), **dict(zip(lists, values))))
    return made


def ticks(script):
    """Labels and places of the last x axis in a script."""
    line = re.findall(r"set xtics [^(\n]*\((.*)\)", script)[-1]
    return [(label, float(place)) for label, place in re.findall(r"'((?:[^']|'')*)' ([\d.e+-]+)", line)]


class Names(PlotTest):
    def test_percent_signs_are_no_formats(self):
        odd = "50%s of %d 100%"
        self.assertIn((odd.replace("%", "%%"), 0), ticks(self.script([case(odd, times(1)), case("pi", times(1))])))

    def test_one_setting_names_the_axis(self):
        script = self.script(WORDS, "--kind", "box")
        self.assertEqual([label for label, _ in ticks(script)], ["static", "guided", "factoring"])
        self.assertIn("set xlabel noenhanced 'schedule'", script)

    def test_ranks_come_first_and_what_is_alike_is_left_out(self):
        cases = [case("isprime", times(1), ranks=ranks, dispatch=dispatch, schedule="static" if ranks == 1 else "factoring")
                 for ranks in (1, 2) for dispatch in ("node", "master")]
        self.assertEqual([label for label, _ in ticks(self.script(cases, "--kind", "box"))],
                         ["1 rank, dispatch=node", "1 rank, dispatch=master", "2 ranks, dispatch=node",
                          "2 ranks, dispatch=master"])

    def test_several_workloads(self):
        cases = [case(name, times(1), ranks=ranks) for name in ("pi", "kde") for ranks in (1, 2)]
        self.assertEqual([label for label, _ in ticks(self.script(cases, "--kind", "box"))],
                         ["1 rank, pi", "2 ranks, pi", "1 rank, kde", "2 ranks, kde"])

    def test_long_names_are_cut_in_their_middle(self):
        names = [f"{'a' * 30}{letter}é" for letter in "xy"] + ["é" * 40, "é" * 40 + "b"]
        labels = [label for label, _ in ticks(self.script([case(name, times(1)) for name in names], "--kind", "box"))]
        self.assertEqual(len(set(labels)), 4)
        for label, name in zip(labels, names):
            self.assertLessEqual(len(label.encode()), 30)
            self.assertIn("...", label)
            self.assertEqual((label[0], label[-1]), (name[0], name[-1]))

    def test_in_the_terminal_names_do_not_overlap(self):
        cases = [case("pi", times(1), schedule=f"schedule{index:02}") for index in range(30)]
        labels = ticks(self.terminal_script(cases, "--kind", "box"))
        self.assertLess(len(labels), 30)
        for (left, a), (right, b) in zip(labels, labels[1:]):
            self.assertLess((len(left) + len(right)) / 2, (b - a) * 68 / 30 + 1)

    def test_the_job_is_told_once(self):
        script = self.script([case("pi", times(1), params={"samples": 5, "sum": False, "write": None, "lo": 0},
                                   chunk=chunk, poll=0) for chunk in (1, 2)])
        self.assertIn("'samples=5 lo=0 schedule=factoring'", script)
        long = self.script([case("pi", times(1), params={f"parameter{i}": i for i in range(20)})])
        (line,) = re.findall(r"'(parameter0=0 .*)'", long)
        self.assertEqual((len(line), line[-3:]), (116, "..."))

    def test_a_suite_has_no_one_job(self):
        self.assertNotIn("samples=1000", self.script(SUITE))


class Marks(PlotTest):
    def labels_fit(self, marks, logarithmic):
        shown = [(label, place) for label, place in marks if label]
        low, high = marks[0][1], marks[-1][1]
        scale = (lambda x: math.log(x / low) / math.log(high / low)) if logarithmic else (lambda x: (x - low) / (high - low))
        for (left, a), (right, b) in zip(shown, shown[1:]):
            self.assertGreater(85 * (scale(b) - scale(a)), (len(left) + len(right)) / 2, shown)

    def test_many_ranks(self):
        marks = ticks(self.script([case("pi", times(3 / ranks), ranks=ranks) for ranks in range(1, 17)]))
        self.assertEqual([place for _, place in marks], list(range(1, 17)))
        self.assertEqual((marks[0][0], marks[-1][0]), ("1", "16"))
        self.assertIn("", [label for label, _ in marks])
        self.labels_fit(marks, True)

    def test_every_measured_value_has_a_mark(self):
        chunks = [100000, 50000, 33334, 25000, 20000, 16667, 14286, 12500, 11112, 6250, 5883, 3449, 3125]
        marks = ticks(self.script(sweep(chunk=chunks)))
        self.assertEqual([place for _, place in marks], sorted(chunks))
        self.assertGreater(len([label for label, _ in marks if label]), 5)
        self.labels_fit(marks, True)

    def test_figures_are_in_one_manner(self):
        labels = [label for label, _ in ticks(self.script(sweep(chunk=[1, 1000, 10000])))]
        self.assertEqual(labels, ["1", "1000", "10000"])
        labels = [label for label, _ in ticks(self.script(sweep(chunk=[1, 1000, 12500, 1000000, 1e9])))]
        self.assertEqual(labels, ["1", "1 k", "12.5 k", "1 M", "1 G"])
        self.assertEqual([label for label, _ in ticks(self.script(sweep(width=[0.1, 0.25, 0.5])))], ["0.1", "0.25", "0.5"])

    def test_numbers_to_be_tested_are_names(self):
        cases = [case("isprime", times(1), params={"n": n}) for n in ("100109100129100151", "18446744073709551557")]
        self.assertEqual(ticks(self.script(cases)), [("100109100129100151", 0), ("18446744073709551557", 1)])

    def test_times_far_apart_are_in_proportion(self):
        for cases, logarithmic in ((sweep(lambda index: 30.0 ** index, kernel=["sieve", "mr", "trial"]), True),
                                   (sweep(lambda index: 10.0 ** index, chunk=[1e5, 1e6, 1e7]), True),
                                   (sweep(lambda index: 1 + index, kernel=["sieve", "mr", "trial"]), False)):
            for kind in ("sweep", "box"):
                self.assertEqual("set logscale y" in self.script(cases, "--kind", kind), logarithmic)

    def test_words_are_not_joined_and_numbers_are(self):
        self.assertNotIn("with lines", self.script(WORDS))
        self.assertIn("with lines", self.script(SWEEP))
        self.assertNotIn("lines", self.terminal_script(SWEEP).split("plot ")[-1])


class Whiskers(PlotTest):
    def bar(self, parallel, serial):
        made = case("pi", parallel, serial) | {"ideal": 2}
        return blocks(self.script([made, made]))["bars"][0][1:4]

    def test_few_samples_have_a_range(self):
        self.assertEqual(self.bar([1, 2, 4], [6, 8, 9]), [4, 1.5, 9])
        value, low, high = self.bar([1, 2, 2, 2, 2, 2, 2, 2, 4], [8] * 9)
        self.assertEqual(value, 4)
        self.assertLess(high, 8)
        self.assertIn("worst to best if fewer than 6 samples", self.script(SUITE))

    def test_intervals_narrower_than_markers_show(self):
        script = self.script(SWEEP)
        white = script.index("linecolor '#ffffff'", script.index("plot $line0"))
        self.assertLess(white, script.index("$4-$3", white))
        self.assertNotIn("yerror", script)


class Panels(PlotTest):
    THREE = {"flag": ["none", "auto", "rma", "server", "window"], "precheck": ["on", "off"], "order": ["natural", "random", "descending"]}

    def test_three_settings(self):
        script = self.script(sweep(lambda index: 1 + index, serial=1.0, **self.THREE))
        self.assertEqual(re.findall(r"set title offset .* '(.*)'", script),
                         ["order natural", "order random", "order descending"])
        self.assertEqual(script.count("\nplot "), 3)
        self.assertEqual(script.count("\nset multiplot"), 1)
        self.assertEqual([label for label, _ in ticks(script)], self.THREE["flag"])
        # The case of index 0 has none, on, natural: the first panel's first line begins with it.
        self.assertEqual(len(blocks(script)["line1"]), 5)
        first = re.search(r"\$line0 << EOD\n(\S+) (\S+)", script)
        self.assertAlmostEqual(float(first[2]), 1, delta=0.1)

    def test_in_the_terminal_they_follow_one_another(self):
        script = self.terminal_script(sweep(**self.THREE))
        self.assertNotIn("multiplot", script)
        self.assertEqual(re.findall(r"set title noenhanced '(.*)'", script)[0], "pi on 2 ranks, order natural")

    def test_what_nobody_could_read_is_refused(self):
        picture = self.folder / "p.svg"
        lists = self.THREE | {"chunk": [1, 2, 3, 4]}
        for cases, says in ((sweep(serial=1.0, **lists), r"holds 120 cases, which differ in chunk, flag, precheck, order: .* three settings at most"),
                            (sweep(flag=range(7), order=range(7), precheck=range(7)), "holds 343 cases")):
            self.assertRegex(self.refused(2, self.store(cases), "-o", picture), says)
        cases = sweep(serial=1.0, **lists)
        for kind, says in (("speedup", "30 bars"), ("box", "30 cases"), ("sweep", "one to three")):
            self.assertIn(says, self.refused(2, self.store(cases), "-o", picture, "--kind", kind))
        words = sweep(schedule=[f"word{index}" for index in range(31)])
        self.assertIn("30 words", self.refused(2, self.store(words), "-o", picture, "--kind", "sweep"))
        self.assertFalse(picture.exists())

    def test_runs_stand_above_one_another(self):
        cases = [timed([100, 100], label="ranks=1"), timed([100, 50], [50, 50], label="ranks=2")]
        script = self.script(cases, cores=2)
        self.assertEqual(script.count("\nplot "), 2)
        self.assertEqual(re.findall(r"steps[^,]*, (\d) with lines", script), ["1", "2"])
        self.assertEqual(len(re.findall(r"set xlabel time_label", script)), 1)


@unittest.skipUnless(shutil.which("gnuplot"), "gnuplot is not installed")
class Pictures(PlotTest):
    def places(self, cases, *arguments, **settings):
        """Texts and how far down they stand."""
        self.svg(cases, *arguments, **settings)
        content = re.sub(r"</?tspan[^>]*>", "", (self.folder / "picture.svg").read_text(encoding="utf-8"))
        found = re.findall(r'translate\(([\d.-]+),([\d.-]+)\)[^>]*>\s*<text[^>]*>([^<]*)', content)
        return {text.strip(): (float(x), float(y)) for x, y, text in found}

    def test_the_key_covers_nothing(self):
        slow = [case("pi", times(1 + ranks), times(1), ranks=ranks) | {"ideal": 1} for ranks in (1, 2, 4, 8)]
        for cases, axis, key in ((slow, "ranks", "ideal (ranks or cores)"), (SWEEP, "chunk", "schedule static"),
                                 (SUITE, "pi", "ideal (ranks or cores)")):
            places = self.places(cases)
            self.assertGreater(places[key][1], places[axis][1] + 10, places)
            self.assertGreaterEqual(places[key][0], 20)
            self.assertLess(places[key][1], 545)

    def test_lines_above_the_picture_do_not_touch(self):
        places = self.places(SCALE)
        heights = sorted(place[1] for text, place in places.items()
                         if text.startswith(("pi: time on", "samples=1000", "1 host")))
        self.assertEqual(len(heights), 3)
        for above, below in zip(heights, heights[1:]):
            self.assertGreater(below - above, 14)

    def test_percent_signs_in_the_picture(self):
        odd = "50%s of %d 100%"
        texts = self.svg([case(odd, times(1)), case("pi", times(1))], "--kind", "box")
        self.assertIn(odd, map(html.unescape, texts))

    def test_panels_are_drawn_in_each_kind_of_file(self):
        stored = self.store(sweep(**Panels.THREE))
        for name in ("p.svg", "p.png", "p.pdf"):
            self.succeed("plot", stored, "-o", self.folder / name)
        texts = self.svg(sweep(**Panels.THREE))
        for text in ("order natural", "order descending", "precheck on", "precheck off", "server"):
            self.assertIn(text, texts)
        self.assertGreater(len(self.succeed("plot", stored, "-o", "-").splitlines()), 60)

    def test_a_schedule_of_a_single_worker_is_no_setting(self):
        cases = [case("pi", times(1 / threads), ranks=1, threads=threads, schedule="static" if threads == 1 else "factoring")
                 for threads in (1, 2, 4)]
        self.assertIn("set xlabel noenhanced 'threads'", self.script(cases, "--kind", "sweep"))
        alone = [case("pi", times(1), ranks=1, schedule=name) for name in ("static", "guided")]
        self.assertIn("set xlabel noenhanced 'schedule'", self.script(alone, "--kind", "sweep"))

    def test_one_case_has_no_key(self):
        self.assertIn("set key off", self.script(ONE))


if __name__ == "__main__":
    unittest.main()
