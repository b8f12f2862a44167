#!/usr/bin/env python3
"""--timeline: when ranks had a core for their work, as a table, in JSON and as a picture."""

import json
import re
import shutil
import unittest

import jsonschema

from common import CommandTest, run
from made_up_results import case
from test_output import SCHEMA
from test_plot import ONE, PlotTest, times


def timeline(*ranks, stretch=0.25):
    """Of a run in which ranks had these percents of a core in each stretch."""
    return {"seconds": stretch * len(ranks[0]), "stretch_seconds": stretch, "core_percent": list(ranks),
            "busy_percent": [[100] * len(ranks[0])] * len(ranks)}


def timed(*ranks, workload="fib", label=None, threads=1, **settings):
    made = case(workload, times(1), ranks=len(ranks), threads=threads, **settings)
    made["run"] = made.get("run", {}) | {"timeline": timeline(*ranks)}
    return made | ({"label": label} if label else {})


class Timeline(CommandTest):
    def record(self, *arguments, ranks):
        done = run(*arguments, "--timeline", "--format", "json", ranks=ranks)
        self.assertEqual(done.returncode, 0, done)
        document = json.loads(done.stdout)
        jsonschema.Draft7Validator(SCHEMA).validate(document)
        (made,) = document["cases"]
        return made

    def rows(self, text):
        """Of the table the figures of each line, by its first word."""
        lines = text[text.index("use of the cores"):].splitlines()[1:]
        words = [line.split() for line in lines if re.match(r" +\S+( +[\d.]+){11}$", line)]
        return {line[0]: [float(word) for word in line[1:]] for line in words}

    # A virtual machine that is stopped is charged with that time.

    def test_work_has_a_core_and_sleep_has_none(self):
        self.undisturbed(lambda: self.check_core_seconds(True))
        self.undisturbed(lambda: self.check_core_seconds(False))

    def check_core_seconds(self, burns):
        made = self.record("sleep", "--tasks", 40, "--cost", "5ms", *(["--burn"] if burns else []), ranks=2)
        shown = made["run"]["timeline"]
        self.assertGreaterEqual(shown["seconds"], made["seconds"]["median"] * 0.999)
        counts = {len(rank) for rank in shown["core_percent"] + shown["busy_percent"]}
        (count,) = counts
        self.assertLess(abs(count * shown["stretch_seconds"] - shown["seconds"]), shown["stretch_seconds"] * 1.001)
        self.assertLessEqual(count, 128)
        for core, busy in zip(shown["core_percent"], shown["busy_percent"]):
            self.assertTrue(all(0 <= a <= b + 1 <= 101 for a, b in zip(core, busy)), shown)
        busy = sum(map(sum, shown["busy_percent"])) / 100 * shown["stretch_seconds"]
        self.assertGreater(busy, 0.97 * 0.2)
        # Tasks that burn had so much of a core in all, whoever else wanted it.
        seconds = sum(map(sum, shown["core_percent"])) / 100 * shown["stretch_seconds"]
        self.assertAlmostEqual(seconds, 0.2 if burns else 0, delta=0.03)

    def test_the_table(self):
        text = run("sleep", "--tasks", 40, "--cost", "5ms", "--burn", "--timeline", ranks=2).stdout
        rows = self.rows(text)
        self.assertEqual(list(rows), ["0", "1", "cores"], text)
        for tenth in range(10):
            self.assertAlmostEqual(rows["cores"][tenth], (rows["0"][tenth] + rows["1"][tenth]) / 100, delta=0.011)
        for row in rows.values():
            self.assertAlmostEqual(row[10], sum(row[:10]) / 10, delta=0.6)

    def test_many_ranks_share_lines(self):
        rows = self.rows(run("noop", "--tasks", 1000, "--timeline", ranks=40).stdout)
        self.assertEqual(list(rows), [f"{low}-{low + 1}" for low in range(0, 40, 2)] + ["cores"])

    def test_threads_are_counted(self):
        def check():
            made = self.record("sleep", "--tasks", 40, "--cost", "5ms", "--burn", "--threads", 2, ranks=1)
            shown = made["run"]["timeline"]
            seconds = 2 * sum(shown["core_percent"][0]) / 100 * shown["stretch_seconds"]
            self.assertAlmostEqual(seconds, 0.2, delta=0.03)

        self.undisturbed(check)

    def test_studies_show_it_too(self):
        text = run("sweep", "noop", "--tasks", 1000, "--vary", "chunk=1,8", "--max-time", "1s", "--timeline", "-v",
                   ranks=2).stdout
        for name in ("noop --tasks 1000, chunk=1: the last run", "noop --tasks 1000, chunk=8: the last run"):
            self.assertIn(name, text)
        self.assertEqual(text.count("use of the cores"), 2)
        self.assertEqual(text.count("busy s"), 2)

    def test_it_is_not_there_unasked(self):
        done = run("noop", "--tasks", 1000, "--format", "json", ranks=2)
        self.assertNotIn("timeline", json.loads(done.stdout)["cases"][0]["run"])
        self.assertNotIn("use of the cores", run("noop", "--tasks", 1000, ranks=2).stdout)

    def test_probes_have_none(self):
        done = run("queue", "--tasks", 10, "--timeline")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--timeline: queue has no use for it", done.stderr)


@unittest.skipUnless(shutil.which("gnuplot"), "gnuplot is not installed")
class Pictures(PlotTest):
    def test_one_run_shows_cores_and_ranks(self):
        texts = self.svg([timed([100, 100, 50, 0], [100, 100, 100, 0])])
        for text in ("fib on 2 ranks: use of the cores", "cores in use", "rank", "% of a core", "time (s)",
                     "ideal (ranks or cores)"):
            self.assertIn(text, texts)
        self.assertIn("100", texts)

    def test_one_rank_needs_no_rows(self):
        texts = self.svg([timed([100, 100, 50, 0])])
        self.assertIn("fib on 1 rank: use of the cores", texts)
        self.assertNotIn("% of a core", texts)

    def test_many_ranks_share_rows(self):
        self.assertIn("rank (2 a row)", self.svg([timed(*[[100, 50]] * 100)]))

    def test_too_few_cores_scale_the_colours(self):
        for cores, highest in ((2, "40"), (5, "100")):
            self.assertEqual(self.svg([timed(*[[40, 20]] * 5)], cores=cores)[-2:], [highest, "% of a core"])

    def test_several_runs_are_lines(self):
        cases = [timed([100, 100], label="ranks=1"), timed([100, 50], [50, 50], label="ranks=2")]
        texts = self.svg(cases)
        for text in ("fib: use of the cores", "ranks=1", "ranks=2"):
            self.assertIn(text, texts)
        scaled = self.svg([timed([100, 100]), timed([100, 50], [50, 50])])
        self.assertTrue({"fib, 1 rank", "fib, 2 ranks"} <= set(scaled), scaled)
        scheduled = self.svg([timed([100], schedule=name) for name in ("static", "guided")])
        self.assertTrue({"fib schedule=static", "fib schedule=guided"} <= set(scheduled), scheduled)

    def test_the_heights_are_the_cores(self):
        tall = self.succeed("plot", self.store([timed([100] * 4, [100] * 4)], cores=1), "-o", "-")
        self.assertRegex(tall, r"(?m)^ *2 \|.*\*|^ *2 \|.*#")

    def test_threads_are_cores_too(self):
        texts = self.svg([timed([100, 100], threads=3)], cores=1)
        self.assertIn("3", texts)  # the axis reaches up to the three cores
        self.assertNotIn("3", self.svg([timed([100, 100], threads=1)], cores=1))

    def test_in_the_terminal(self):
        text = self.succeed("plot", self.store([timed([100, 50], [100, 100])]), "-o", "-")
        self.assertIn("fib on 2 ranks: use of the cores", text)

    def test_what_it_is_not_for(self):
        picture = self.folder / "p.svg"
        for cases, says in ((ONE, "--timeline"), (ONE + [timed([1])], "--timeline"), ([timed([1])] * 7, "six cases")):
            self.assertIn(says, self.refused(2, self.store(cases), "-o", picture, "--kind", "timeline"))

    def test_a_strange_timeline_is_not_drawn_as_one(self):
        for wrong in ({}, {"core_percent": []}, {"core_percent": [[1]], "stretch_seconds": 0}, []):
            strange = case("fib", times(1))
            strange["run"] = strange.get("run", {}) | {"timeline": wrong}
            self.assertIn("--timeline", self.refused(2, self.store([strange]), "-o", self.folder / "p.svg",
                                                     "--kind", "timeline"))


if __name__ == "__main__":
    unittest.main()
