#!/usr/bin/env python3
"""parbench plot of the same job on several numbers of ranks: what times are held against, and the laws."""

import math
import re
import shutil
import unittest

from made_up_results import case
from test_plot import ONE, SCALE, WEAK, PlotTest, blocks, times


def study(seconds, serial=4.0, ranks=(1, 2, 4, 8), threads=1, cores=8, **settings):
    """A scaling study as `scale` writes it: seconds as a function of workers."""
    made = []
    for count in ranks:
        workers = count * threads
        options = {"schedule": "static" if workers == 1 else "factoring"} | settings
        made.append(case("pi", times(seconds(workers)), times(serial), ranks=count, threads=threads, **options)
                    | {"ideal": min(workers, cores)})
    return made


def amdahl(share, alone=4.0):
    return lambda workers: alone * (share + (1 - share) / workers)


def universal(sigma, kappa, alone=4.0):
    return lambda workers: alone * (1 + sigma * (workers - 1) + kappa * workers * (workers - 1)) / workers


class Yardsticks(PlotTest):
    def ideal(self, cases, index=0, **settings):
        """Seconds by ranks, of the ideal's curve."""
        data = blocks(self.script(cases, **settings))
        return {round(row[0], 3): row[1] for row in data[f"ideal{index}"]}

    def test_the_base_is_the_serial_baseline(self):
        # One rank takes 6 s, the kernel alone 4 s: one rank is no base where there is a better one.
        cases = study(lambda workers: 6 / workers)
        ideal = self.ideal(cases)
        self.assertAlmostEqual(ideal[1], 4, delta=0.2)
        self.assertAlmostEqual(ideal[8], 0.5, delta=0.03)
        without = [{key: value for key, value in made.items() if key not in ("serial", "ideal")} for made in cases]
        self.assertAlmostEqual(self.ideal(without)[1], 6, delta=0.3)
        self.assertIn("ideal, from the run on one rank", self.script(without))
        self.assertIn("ideal (ranks or cores)", self.script(cases))

    def test_no_base_no_ideal(self):
        cases = [{key: value for key, value in made.items() if key not in ("serial", "ideal")}
                 for made in study(amdahl(0.1), ranks=(2, 4, 8))]
        script = self.script(cases)
        self.assertNotIn("ideal", script)
        self.assertNotIn("Amdahl:", script)

    def test_the_ideal_is_the_records(self):
        cases = study(lambda workers: 4 / min(workers, 2), ranks=(1, 4), cores=2)
        ideal = self.ideal(cases, cores=2)
        self.assertAlmostEqual(ideal[4], 2, delta=0.1)
        # It bends where the cores are used up, at 2 ranks, which were not measured.
        self.assertAlmostEqual(ideal[min(ideal, key=lambda ranks: abs(ranks - 2))], 2, delta=0.1)
        # Work that needs no core: the record knows.
        waiting = [made | {"ideal": made["ranks"]} for made in cases]
        self.assertAlmostEqual(self.ideal(waiting, cores=2)[4], 1, delta=0.05)

    def test_threads_count(self):
        seconds = lambda workers: 4 / min(workers, 2)
        cases = study(seconds, ranks=(1, 2, 4), cores=2) + study(seconds, ranks=(1, 2, 4), threads=2, cores=2)
        script = self.script(cases, cores=2)
        data = blocks(script)
        self.assertAlmostEqual(data["ideal0"][0][1], 4, delta=0.2)
        for _, ideal in data["ideal1"]:
            self.assertAlmostEqual(ideal, 2, delta=0.1)
        self.assertEqual(script.count("title 'ideal (ranks or cores)'"), 1)

    def test_lines_share_an_ideal(self):
        cases = study(amdahl(0.1)) + study(amdahl(0.2), dispatch="rma")
        for made in cases:
            made["serial"] = cases[0]["serial"]
        self.assertEqual([name for name in blocks(self.script(cases)) if name.startswith("ideal")], ["ideal0"])

    def test_weak_scaling_keeps_the_time(self):
        cases = [made | {"serial": WEAK[0]["seconds"], "ideal": made["ranks"]} for made in WEAK]
        for seconds in self.ideal(cases).values():
            self.assertAlmostEqual(seconds, 1.01, delta=0.05)
        crowded = [made | {"ideal": min(made["ranks"], 2)} for made in cases]
        self.assertAlmostEqual(self.ideal(crowded, cores=2)[8], 4.04, delta=0.2)


class Laws(PlotTest):
    def laws(self, cases, **settings):
        """The laws in the key: their numbers, by name."""
        titles = re.findall(r"title '((?:Amdahl|Gustafson|the universal law): [^']*)'", self.script(cases, **settings))
        return {title.split(":")[0]: [float(number) for number in re.findall(r"[\d.]+(?:e-?\d+)?", title)]
                for title in titles}

    def test_both_are_drawn_and_their_misfit_is_said(self):
        cases = study(universal(0.01, 0.0015), ranks=(1, 2, 4, 8, 16, 32, 64), cores=64)
        laws = self.laws(cases, cores=64)
        self.assertEqual(list(laws), ["Amdahl", "the universal law"])
        sigma, low, high, kappa, *_, misfit = laws["the universal law"]
        self.assertLessEqual(low, sigma)
        self.assertLessEqual(sigma, high)
        self.assertAlmostEqual(sigma, 0.01, delta=0.005)
        self.assertAlmostEqual(kappa, 0.0015, delta=0.0002)
        self.assertGreater(laws["Amdahl"][-1], 10 * misfit)
        script = self.script(cases, cores=64)
        data = blocks(script)
        measured = data["line0"][-1][1]
        self.assertEqual(data["law0_1"][-1][0], 64)
        self.assertAlmostEqual(data["law0_1"][-1][1] / measured, 1, delta=0.05)
        self.assertGreater(abs(math.log(data["law0_0"][-1][1] / measured)), 0.1)
        dashes = dict(re.findall(r"\$law0_(\d) using 1:2 with lines dashtype (\d)", script))
        self.assertEqual(len(set(dashes.values())), 2, dashes)

    def test_of_several_jobs_the_better_one(self):
        ranks = (1, 2, 4, 8, 16, 32, 64)
        cases = (study(universal(0.01, 0.0015), ranks=ranks, cores=64)
                 + study(amdahl(0.1), ranks=ranks, cores=64, dispatch="rma"))
        self.assertEqual([name for name in blocks(self.script(cases, cores=64)) if name.startswith("law")],
                         ["law0_1", "law1_0"])

    def test_the_fit_is_against_the_serial_baseline(self):
        share = self.laws(study(lambda workers: 1.5 * amdahl(0.05)(workers)))["Amdahl"][0]
        # p / S = 1.5 (1 + 0.05 (p - 1)) in least squares on relative residuals, by the serial 4 s.
        self.assertGreater(share, 0.15)
        self.assertAlmostEqual(self.laws(study(amdahl(0.05)))["Amdahl"][0], 0.05, delta=0.005)

    def test_threads_are_workers(self):
        laws = self.laws(study(amdahl(0.1), ranks=(1, 2, 4), threads=2))
        self.assertAlmostEqual(laws["Amdahl"][0], 0.1, delta=0.01)
        curve = blocks(self.script(study(amdahl(0.1), ranks=(1, 2, 4), threads=2)))["law0_0"]
        self.assertEqual((curve[0][0], curve[-1][0]), (1, 4))
        self.assertAlmostEqual(curve[-1][1], amdahl(0.1)(8), delta=0.05)

    def test_the_files_own_analysis_is_taken(self):
        fit = {"law": "Amdahl", "parameters": {"f": {"value": 0.31, "ci95": [0.21, 0.41]}}, "misfit": 0.17}
        analysis = [{"title": "pi", "diagnosis": "", "fits": [fit, {"law": "the universal law", "refused": "for a test"}]}]
        laws = self.laws(study(amdahl(0.1)), analysis=analysis)
        self.assertEqual(laws, {"Amdahl": [0.31, 0.21, 0.41, 17]})
        refused = [{"title": "pi", "fits": [{"law": "Amdahl", "refused": "few ranks"}, {"law": "the universal law", "refused": "so"}]}]
        script = self.script(study(amdahl(0.1)), analysis=refused)
        self.assertNotIn("title 'Amdahl", script)
        self.assertIn("no fit: few ranks", script)
        # It holds for workers with a core each, of which there must be some.
        self.assertNotIn("law0", self.script([made | {"ideal": 0.5} for made in study(amdahl(0.1))], analysis=analysis))
        # One that is no analysis, or of other jobs, is computed instead.
        for strange in ([{"fits": [fit | {"parameters": {}}]}], [{}, {}], analysis * 2, [{"fits": 3}]):
            self.assertAlmostEqual(self.laws(study(amdahl(0.1)), analysis=strange)["Amdahl"][0], 0.1, delta=0.01)

    def test_no_law_beyond_the_cores(self):
        cases = study(lambda workers: amdahl(0.1)(min(workers, 8)), ranks=(1, 2, 4, 8, 16, 32, 64))
        self.assertAlmostEqual(self.laws(cases)["Amdahl"][0], 0.1, delta=0.005)
        self.assertEqual(blocks(self.script(cases))["law0_0"][-1][0], 8)

    def test_the_terminal_shows_points_only(self):
        script = self.terminal_script(study(amdahl(0.1)))
        self.assertRegex(script, r"\$line0 using 1:2 with points ")
        self.assertNotIn("linespoints", script)
        self.assertNotIn("Amdahl", script)


@unittest.skipUnless(shutil.which("gnuplot"), "gnuplot is not installed")
class Pictures(PlotTest):
    def test_titles_tell_the_job(self):
        texts = self.svg(SCALE)
        self.assertIn("pi: time on more ranks, strong scaling", texts)
        self.assertIn("samples=1000 schedule=factoring", texts)
        self.assertIn("on 1 rank: samples=100 schedule=factoring", self.svg(WEAK))

    def test_laws_in_the_picture(self):
        texts = self.svg(study(universal(0.01, 0.0015), ranks=(1, 2, 4, 8, 16, 32, 64), cores=64), cores=64)
        self.assertTrue(any(text.startswith("Amdahl: f = ") for text in texts), texts)
        self.assertTrue(any(text.startswith("the universal law: sigma = ") and "kappa = " in text for text in texts), texts)

    def test_speedups_of_a_scaling_study(self):
        texts = self.svg(study(amdahl(0.1)), "--kind", "speedup")
        self.assertIn("pi: speedup on more ranks", texts)
        names = texts[: texts.index("pi: speedup on more ranks")]
        self.assertEqual(names[-4:], ["1", "2", "4", "8"])
        self.assertIn("ranks", texts)
        self.assertFalse(any("schedule=static" in text for text in texts), texts)

    def test_weak_speedups_count_the_work(self):
        cases = [made | {"serial": WEAK[0]["seconds"], "ideal": made["ranks"]} for made in WEAK]
        for index, row in enumerate(blocks(self.script(cases, "--kind", "speedup"))["bars"]):
            self.assertAlmostEqual(row[1], 1.01 * 2 ** index / (1 + 0.01 * 2 ** index), delta=0.05 * 2 ** index)

    def test_boxes_of_a_scaling_study(self):
        texts = self.svg(study(amdahl(0.1)), "--kind", "box")
        self.assertTrue({"1", "2", "4", "8", "ranks", "pi: samples of each case"} <= set(texts), texts)

    def test_one_case_is_no_scaling(self):
        self.assertIn("several numbers of ranks", self.refused(2, self.store(ONE), "-o", "-", "--kind", "scale"))


if __name__ == "__main__":
    unittest.main()
