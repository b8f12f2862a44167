#!/usr/bin/env python3
"""parbench compare: what it calls a difference, what it does not, and which cases it compares.

Files are made here with samples whose truth is known; halves are taken of a real run
(tests/data/suite-2-ranks.json: the suite on 2 ranks of a busy machine of 2 cores, with more repeats
than usual).
"""

import csv
import io
import json
import random
import unittest

from common import HERE
from made_up_results import ENVIRONMENT, NAMES, CompareTest, Noise, case, document, seconds

REAL = HERE / "../data/suite-2-ranks.json"


class Verdicts(CompareTest):
    def test_halves_of_a_real_run_do_not_differ(self):
        whole = json.loads(REAL.read_text())
        rng = random.Random(1)
        alarms = judged = 0
        for _ in range(20):
            halves = [], []
            for record in whole["cases"]:
                rounds = list(range(len(record["seconds"]["samples"])))
                rng.shuffle(rounds)
                for half, chosen in zip(halves, (rounds[::2], rounds[1::2])):
                    part = dict(record)
                    for key in ("seconds", "serial"):
                        part[key] = seconds([record[key]["samples"][i] for i in sorted(chosen)])
                    half.append(part)
            verdicts = [each["verdict"] for each in self.compare(self.store("a.json", *halves[0]),
                                                                 self.store("b.json", *halves[1])).values()]
            self.assertEqual(len(verdicts), 4)
            judged += sum(verdict in ("none seen", "unclear", "faster", "slower") for verdict in verdicts)
            alarms += any(verdict in ("faster", "slower") for verdict in verdicts)
        self.assertGreaterEqual(judged, 50)
        self.assertLessEqual(alarms, 2)

    def test_a_real_run_made_longer_is_found(self):
        # Its samples spread by a factor of two, so that a tenth cannot be found in so few.
        whole = json.loads(REAL.read_text())
        changed = json.loads(REAL.read_text())
        for record in changed["cases"]:
            if record["workload"] == "pi":
                record["seconds"]["samples"] = [1.15 * sample for sample in record["seconds"]["samples"]]
        compared = self.compare(self.store("a.json", *whole["cases"]), self.store("b.json", *changed["cases"]))
        self.assertEqual({name: each["verdict"] for name, each in compared.items()},
                         {"pi": "slower", "primes": "none seen", "isprime": "none seen",
                          "kde": "none seen"})

    def test_chance_is_not_called_a_difference(self):
        noise = Noise(2)
        alarms = sum(self.verdict(case("pi", noise.times(1)), case("pi", noise.times(1))) != "none seen"
                     for _ in range(20))
        self.assertLessEqual(alarms, 2)

    def test_both_tests_must_agree(self):
        # The medians surely differ, but the slow ones of A are slower than any of B: on the whole
        # neither tends to be slower.
        a = [1 + 0.001 * i for i in range(9)] + [3.0, 3.1]
        b = [1.05 + 0.001 * i for i in range(9)] + [0.5, 0.6]
        (compared,) = self.compare(self.store("a.json", case("pi", a)), self.store("b.json", case("pi", b))).values()
        self.assertGreater(compared["ratio"]["ci95"][0], 1)
        self.assertGreater(compared["p"], 0.05)
        self.assertEqual(compared["verdict"], "none seen")

    def test_a_tenth_more_work_is_found(self):
        noise = Noise(3)
        for count in (5, 15, 31):
            self.assertEqual(self.verdict(case("pi", noise.times(1, count)),
                                          case("pi", noise.times(1.1, count))), "slower")
            self.assertEqual(self.verdict(case("pi", noise.times(1.1, count)),
                                          case("pi", noise.times(1, count))), "faster")

    def test_more_work_in_parallel_is_found_whatever_the_clock(self):
        noise = Noise(4)
        for clock in (1, 1.2):
            self.assertEqual(self.verdict(case("pi", *noise.rounds(1)),
                                          case("pi", *noise.rounds(1, clock=clock, parallel=1.1))), "slower")

    def test_a_drift_of_the_clock_is_not_called_real(self):
        noise = Noise(5)
        for clock in (0.8, 0.9, 1.1, 1.25):
            # One case alone, then four that all drifted.
            self.assertEqual(self.verdict(case("pi", *noise.rounds(1)),
                                          case("pi", *noise.rounds(1, clock=clock))), "unclear")
            a = self.store("a.json", *(case(name, *noise.rounds(1)) for name in NAMES))
            b = self.store("b.json", *(case(name, *noise.rounds(1, clock=clock)) for name in NAMES))
            self.assertEqual({each["verdict"] for each in self.compare(a, b).values()}, {"unclear"})

    def test_a_difference_smaller_than_the_drift_is_not_called_real(self):
        noise = Noise(6)
        # The job takes 10 % longer on a clock that is 20 % slower: in truth it got faster; and so on.
        for clock, parallel in ((1.2, 1.1 / 1.2), (1.2, 0.99), (0.8, 0.95 / 0.8), (0.8, 1.0)):
            verdict = self.verdict(case("pi", *noise.rounds(1)),
                                   case("pi", *noise.rounds(1, clock=clock, parallel=parallel)))
            self.assertNotIn(verdict, ("slower", "faster"), (clock, parallel))

    def test_the_other_cases_tell_a_slower_kernel_from_a_slower_clock(self):
        noise = Noise(7)
        a = self.store("a.json", *(case(name, *noise.rounds(1)) for name in NAMES))
        b = self.store("b.json", *(case(name, *noise.rounds(1, kernel=1.1 if name == "kde" else 1))
                                   for name in NAMES))
        compared = self.compare(a, b)
        self.assertEqual([compared[name]["verdict"] for name in NAMES], ["none seen"] * 3 + ["slower"])
        self.assertIn("the kernel itself", self.succeed("compare", a, b))
        # With one other case that is not known.
        a = self.store("a.json", *(case(name, *noise.rounds(1)) for name in ("pi", "kde")))
        b = self.store("b.json", *(case(name, *noise.rounds(1, kernel=1.1 if name == "kde" else 1))
                                   for name in ("pi", "kde")))
        self.assertEqual(self.compare(a, b)["kde"]["verdict"], "unclear")

    def test_a_slower_kernel_is_found_in_few_rounds_of_a_steady_clock(self):
        noise = Noise(14)
        found = alarms = 0
        for _ in range(10):
            a = self.store("a.json", *(case(name, *noise.normal_rounds(1, 8)) for name in NAMES))
            b = self.store("b.json", *(case(name, *noise.normal_rounds(1.1 if name == "pi" else 1, 8))
                                       for name in NAMES))
            verdicts = [each["verdict"] for each in self.compare(a, b).values()]
            found += verdicts[0] == "slower"
            alarms += any(verdict in ("slower", "faster") for verdict in verdicts[1:])
        self.assertGreaterEqual(found, 8)
        self.assertLessEqual(alarms, 1)

    def test_only_cases_of_the_same_rounds_are_witnesses(self):
        # One of four kernels got slower: the others' baselines tell, if they met the same clock.
        noise = Noise(14)
        times = [[noise.normal_rounds(1.3 if b and name == "pi" else 1, 15) for name in NAMES] for b in (False, True)]
        for groups, expected in (((0, 0, 0, 0), "slower"), ((0, 1, 2, 3), "unclear"), ((0, 0, 1, 1), "unclear")):
            files = [self.store(f"{b}.json", *(case(name, *times[b][i]) | {"run": {"group": groups[i]}}
                                               for i, name in enumerate(NAMES))) for b in (0, 1)]
            self.assertEqual(self.compare(*files)["pi"]["verdict"], expected, groups)
        # In one of the files only they did.
        apart = self.store("c.json", *(case(name, *times[1][i]) | {"run": {"group": i}} for i, name in enumerate(NAMES)))
        together = self.store("0.json", *(case(name, *times[0][i]) | {"run": {"group": 0}} for i, name in enumerate(NAMES)))
        self.assertEqual(self.compare(together, apart)["pi"]["verdict"], "unclear")

    def test_cases_that_drift_apart_do_not_witness_closely(self):
        # The clock moved for all others, and for each by another factor.
        noise = Noise(15)
        clocks = dict(zip(NAMES, (1.22, 1.02, 0.97, 1.05)))
        a = self.store("a.json", *(case(name, *noise.rounds(1)) for name in NAMES))
        b = self.store("b.json", *(case(name, *noise.rounds(1, clock=clocks[name])) for name in NAMES))
        self.assertEqual(self.compare(a, b)["pi"]["verdict"], "unclear")

    def test_why_it_is_unclear_is_said(self):
        even = [1 + 0.002 * i for i in range(8)]
        for loud, says in ((0.3, "too uncertain to tell that from the clock"),
                           (0.002, "and so do the serial baselines")):
            serial = [2 + loud * (i * 3 % 8) for i in range(8)]
            drift = 1 if loud > 0.1 else 1.05
            a = self.store("a.json", case("pi", even, serial))
            b = self.store("b.json", case("pi", [1.05 * sample for sample in even], [drift * sample for sample in serial]))
            self.assertEqual(self.compare(a, b)["pi"]["verdict"], "unclear")
            self.assertIn(says, self.succeed("compare", a, b))

    def test_a_baseline_that_cases_share_is_one_witness(self):
        noise = Noise(16)
        files = []
        for name in ("a.json", "b.json"):
            _, serial = noise.rounds(1)
            files.append(self.store(name, *(case("pi", noise.times(1), serial, chunk=chunk)
                                            for chunk in range(1, 6))))
        self.assertEqual([each["others"] for each in self.compare(*files).values()], [None] * 5)

    def test_as_long_on_a_faster_clock_is_not_called_the_same(self):
        noise = Noise(10)
        for clock, word in ((1 / 1.1, "faster"), (1.1, "slower")):
            a = self.store("a.json", case("pi", *noise.rounds(1)))
            b = self.store("b.json", case("pi", *noise.rounds(1, clock=clock, parallel=1 / clock)))
            (compared,) = self.compare(a, b).values()
            self.assertEqual(compared["verdict"], "unclear")
            self.assertAlmostEqual(compared["own"]["corrected"]["value"], 1 / clock, delta=0.02)
            self.assertIn(f"pi on 2 ranks: as long, on a {word} clock (its serial baseline", self.succeed("compare", a, b))

    def test_what_could_have_been_seen_is_told(self):
        noise = Noise(17)
        a, b = (self.store(name, case("pi", *noise.rounds(1))) for name in ("a.json", "b.json"))
        (compared,) = self.compare(a, b).values()
        low, high = compared["own"]["corrected"]["ci99"]
        self.assertAlmostEqual(compared["visible"], (high / low) ** 0.5 - 1, delta=1e-6)
        self.assertIn(f"none seen (+-{100 * compared['visible']:.2g} %)", self.succeed("compare", a, b))
        loud = [1 + 0.2 * i for i in range(8)]
        (compared,) = self.compare(*(self.store(name, case("pi", loud)) for name in ("a.json", "b.json"))).values()
        low, high = compared["ratio"]["ci95"]
        self.assertAlmostEqual(compared["visible"], (high / low) ** 0.5 - 1, delta=1e-6)
        self.assertGreater(compared["visible"], 0.3)

    def test_a_wrong_answer_gets_no_verdict(self):
        noise = Noise(18)
        a = self.store("a.json", case("pi", noise.times(1)))
        b = self.store("b.json", case("pi", noise.times(2)) | {"check": "failed"})
        for pair, file in (((a, b), "B"), ((b, a), "A"), ((b, b), "both")):
            (compared,) = self.compare(*pair).values()
            self.assertEqual((compared["verdict"], compared["ratio"]), ("wrong answer", None))
            self.assertIn(f"pi on 2 ranks: no verdict: the check failed in {file}", self.succeed("compare", *pair))
        # Nor do its baselines bear witness.
        good = {name: noise.rounds(1) for name in NAMES}
        files = [self.store(name, *(case(each, *good[each]) | ({"check": "failed"} if each == "kde" else {})
                                    for each in NAMES)) for name in ("a.json", "b.json")]
        self.assertIsNone(self.compare(*files)["pi"]["others"])

    def test_four_samples_a_side_are_the_fewest(self):
        noise = Noise(19)
        for sizes, expected in (((10, 3), "too few repeats"), ((3, 30), "too few repeats"), ((4, 4), "slower")):
            a, b = (noise.times(value, count) for value, count in zip((1, 2), sizes))
            self.assertEqual(self.verdict(case("pi", a), case("pi", b)), expected, sizes)

    def test_without_repeats_there_is_no_verdict(self):
        self.assertEqual(self.verdict(case("pi", [1.0]), case("pi", [9.0])), "no repeats")
        self.assertEqual(self.verdict(case("pi", [1.0] * 9), case("pi", [9.0])), "no repeats")
        few = [1.0, 1.1, 1.2]
        self.assertEqual(self.verdict(case("pi", few), case("pi", [5.0, 5.1, 5.2])), "too few repeats")
        text = self.succeed("compare", self.store("a.json", case("pi", [1.0])), self.store("b.json", case("pi", [2.0])))
        self.assertIn("pi on 2 ranks: no verdict", text)
        self.assertIn("measure with repeats", text)


class Matching(CompareTest):
    def test_cases_are_matched_by_all_that_makes_the_job(self):
        times = [1.0, 1.1, 1.2, 1.3, 1.4]
        same = case("pi", times)
        for other in (case("kde", times), case("pi", times, ranks=4), case("pi", times, chunk=8),
                      case("pi", times, params={"samples": 2000}), case("pi", times) | {"enlarged": 2}):
            compared = json.loads(self.succeed("compare", self.store("a.json", same), self.store("b.json", other),
                                               "--format", "json"))["compare"]
            self.assertEqual(compared["cases"], [])
            self.assertEqual((len(compared["only_in_a"]), len(compared["only_in_b"])), (1, 1))

    def test_cases_of_one_file_are_named(self):
        times = [1.0, 1.1, 1.2, 1.3, 1.4]
        a = self.store("a.json", case("pi", times), case("kde", times, chunk=1), case("kde", times, chunk=2))
        b = self.store("b.json", case("kde", times, chunk=2), case("pi", times), case("fib", times, ranks=1))
        text = self.succeed("compare", a, b)
        self.assertIn("kde chunk=1 on 2 ranks is in A only", text)
        self.assertIn("fib on 1 rank is in B only", text)
        rows = list(csv.DictReader(io.StringIO(self.succeed("compare", a, b, "--format", "csv"))))
        self.assertEqual([(row["case"], row["verdict"]) for row in rows],
                         [("pi", "none seen"), ("kde chunk=1", "only in A"),
                          ("kde chunk=2", "none seen"), ("fib", "only in B")])
        self.assertEqual(float(rows[0]["a_seconds"]), 1.2)

    def test_equal_cases_are_matched_in_turn(self):
        short, long = [1.0, 1.01, 1.02, 1.03, 1.04], [2.0, 2.01, 2.02, 2.03, 2.04]
        a = self.store("a.json", case("pi", short), case("pi", long))
        compared = json.loads(self.succeed("compare", a, a, "--format", "json"))["compare"]["cases"]
        self.assertEqual([each["verdict"] for each in compared], ["none seen"] * 2)

    def test_other_machines_and_other_answers_are_pointed_out(self):
        times = [1.0, 1.1, 1.2, 1.3, 1.4]
        other = document(case("pi", times))
        other["environment"] = dict(ENVIRONMENT, cpu="another CPU")
        other["cases"][0]["answer"] = {"sum": 2}
        text = self.succeed("compare", self.store("a.json", case("pi", times)),
                            self.write("b.json", json.dumps(other)))
        self.assertIn("not the same cpu: CPU and another CPU", text)
        self.assertIn("pi on 2 ranks: the answers differ", text)

    def test_what_else_differs_in_the_set_up_is_pointed_out(self):
        times = [1.0, 1.1, 1.2, 1.3, 1.4]

        def compare(one, two):
            files = []
            for name, more in (("a.json", one), ("b.json", two)):
                content = document(case("pi", times))
                content["environment"] = dict(ENVIRONMENT, **more)
                files.append(self.write(name, json.dumps(content)))
            lines = self.succeed("compare", *files).splitlines()
            return [line for line in lines if line.startswith("not the same")]

        new = {"governor": "powersave", "smt": "off", "flags": "-O3", "memory": 1000, "command": "parbench pi",
               "mca": {"btl": "self,tcp", "osc": "rdma", "pml": "ob1"}}
        self.assertEqual(compare(new, new), [])
        self.assertEqual(compare(new, {}), [], "a file of an older version says nothing of it")
        other = {"governor": None, "smt": "on", "flags": "-O2", "memory": 2000, "command": "./parbench pi",
                 "mca": {"osc": "pt2pt", "pml": "ob1", "coll": "^han"}}
        self.assertEqual(compare(dict(new, kernel="Linux 5"), dict(other, kernel="Linux 6", compiler="Clang")), [
            "not the same kernel: Linux 5 and Linux 6",
            "not the same governor: powersave and none",
            "not the same smt: off and on",
            "not the same compiler: GNU and Clang",
            "not the same flags: -O3 and -O2",
            "not the same mca btl: self,tcp and none",
            "not the same mca osc: rdma and pt2pt",
            "not the same mca coll: none and ^han"])

    def test_outliers_and_trends_are_pointed_out(self):
        a = self.store("a.json", case("pi", [1.0, 1.01, 1.02, 1.03, 1.04, 9.0]))
        b = self.store("b.json", case("pi", [1 + 0.01 * i for i in range(20)]))
        text = self.succeed("compare", a, b)
        self.assertIn("1 of A's 6 samples lies beyond Tukey's fences", text)
        self.assertIn("B's samples grew while they were taken", text)

if __name__ == "__main__":
    unittest.main()
