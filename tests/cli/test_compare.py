#!/usr/bin/env python3
"""parbench compare: what it calls a difference, what it does not, and what it says of bad files.

Files are made here with samples whose truth is known; halves are taken of a real run
(tests/data/suite-2-ranks.json: the suite on 2 ranks of a busy machine of 2 cores, with more repeats
than usual).
"""

import csv
import io
import json
import random
import unittest

from common import HERE, CommandTest, run

REAL = HERE / "../data/suite-2-ranks.json"
ENVIRONMENT = {"hosts": 1, "ranks": 2, "cores": 2, "oversubscribed": False, "cpu": "CPU", "isa": "v4",
               "mpi": "MPI", "kernel": "Linux", "compiler": "GNU", "git": "0123456789", "slurm_job": None}


def seconds(samples):
    ordered = sorted(samples)
    return {"median": ordered[len(ordered) // 2], "ci95": None, "min": ordered[0], "max": ordered[-1],
            "samples": samples}


def case(workload, parallel, serial=None, ranks=2, params=None, **options):
    record = {"workload": workload, "params": params or {"samples": 1000},
              "options": {"schedule": "factoring", "chunk": 0, **options},
              "ranks": ranks, "items": 1000, "answer": {"sum": 1}, "check": "ok", "run": {},
              "seconds": seconds(parallel), "items_per_second": 1.0}
    if serial is not None:
        record["serial"] = seconds(serial)
    return record


def document(*cases):
    return {"schema": 1, "version": "0.1.0", "environment": ENVIRONMENT, "cases": list(cases)}


class Noise:
    """Times around a value, as jobs take them: mostly close, some much longer, never much shorter."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def times(self, value, count=15):
        return [value * (1 + self.random.expovariate(100)) * (1.3 if self.random.random() < 0.05 else 1)
                for _ in range(count)]

    def rounds(self, value, count=15, clock=1.0, parallel=1.0, kernel=1.0):
        """Parallel and serial times of rounds: what is slower in the clock, the parallel part, the kernel."""
        slow = clock * kernel
        return self.times(value * slow * parallel, count), self.times(2 * value * slow, count)

    def normal_rounds(self, slow, count):
        """Noise of 2 %, to both sides."""
        return tuple([value * slow * self.random.lognormvariate(0, 0.02) for _ in range(count)] for value in (1, 2))


NAMES = ("pi", "primes", "isprime", "kde")


class CompareTest(CommandTest):
    def store(self, name, *cases):
        return self.write(name, json.dumps(document(*cases)))

    def compare(self, a, b, *arguments):
        """The compared cases, by name."""
        compared = json.loads(self.succeed("compare", a, b, "--format", "json", *arguments))["compare"]
        return {each["case"]: each for each in compared["cases"]}

    def verdict(self, a, b):
        """Of two cases."""
        (compared,) = self.compare(self.store("a.json", a), self.store("b.json", b)).values()
        return compared["verdict"]


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

    def test_cases_that_drift_apart_do_not_witness_closely(self):
        # The clock moved for all others, and for each by another factor.
        noise = Noise(15)
        clocks = dict(zip(NAMES, (1.22, 1.02, 0.97, 1.05)))
        a = self.store("a.json", *(case(name, *noise.rounds(1)) for name in NAMES))
        b = self.store("b.json", *(case(name, *noise.rounds(1, clock=clocks[name])) for name in NAMES))
        self.assertEqual(self.compare(a, b)["pi"]["verdict"], "unclear")

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
            self.assertIn(f"pi: as long, on a {word} clock (its serial baseline", self.succeed("compare", a, b))

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
            self.assertIn(f"pi: no verdict: the check failed in {file}", self.succeed("compare", *pair))
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
        self.assertIn("pi: no verdict", text)
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
        self.assertIn("pi: the answers differ", text)

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


class FailIfSlower(CompareTest):
    def files(self, factor, serial=False):
        noise = Noise(8)
        make = (lambda value: case("pi", *noise.rounds(value))) if serial else \
            (lambda value: case("pi", noise.times(value)))
        return self.store("a.json", make(1)), self.store("b.json", make(factor))

    def asked(self, a, b, percent, *arguments):
        done = run("compare", a, b, "--fail-if-slower", percent, *arguments)
        return done.returncode, done.stderr

    def test_slower_by_more_is_3(self):
        done = run("compare", *self.files(1.1), "--fail-if-slower", "5%")
        self.assertEqual(done.returncode, 3)
        self.assertRegex(done.stderr, r"\Aparbench: compare: 1 of 1 case is slower by more than 5 %: pi .*\n\Z")
        self.assertIn("slower", done.stdout)

    def test_slower_by_less_or_faster_is_0(self):
        for factor, percent in ((1.1, "15%"), (1.0, "0%"), (0.8, "0%"), (1.1, "10%")):
            self.succeed("compare", *self.files(factor), "--fail-if-slower", percent)

    def test_a_drift_is_0(self):
        noise = Noise(9)
        a = self.store("a.json", case("pi", *noise.rounds(1)))
        b = self.store("b.json", case("pi", *noise.rounds(1, clock=1.2)))
        self.assertEqual(self.asked(a, b, "5%"),
                         (0, "parbench: compare: 1 of 1 case could not be judged: pi on 2 ranks (unclear)\n"))
        self.assertEqual(self.asked(a, b, "5%", "--strict")[0], 3)

    def test_what_cannot_be_judged_is_named_and_fails_if_strict(self):
        noise = Noise(11)
        rounds = {name: noise.rounds(1) for name in NAMES}
        few = [times[:3] for times in noise.rounds(1)]
        loud = [1 + 0.2 * i for i in range(8)]
        wrong = case("fib", *rounds["pi"]) | {"check": "failed"}
        a = self.store("a.json", *(case(name, *rounds[name]) for name in NAMES), wrong, case("noop", loud))
        b = self.store("b.json", case("pi", *rounds["pi"]), case("primes", *few), wrong, case("noop", loud),
                       case("sleep", *rounds["kde"]))
        names = ("4 of 6 cases could not be judged: primes on 2 ranks (too few repeats), isprime on 2 ranks "
                 "(not in B), kde on 2 ranks (not in B), fib on 2 ranks (wrong answer)")
        for percent, says in (("5%", names.replace("4", "5", 1) + ", noop on 2 ranks (too noisy)"), ("0%", names)):
            self.assertEqual(self.asked(a, b, percent), (0, f"parbench: compare: {says}\n"))
            self.assertEqual(self.asked(a, b, percent, "--strict"), (3, f"parbench: compare: {says}\n"))
        output = run("compare", a, b, "--fail-if-slower", "5%", "--format", "json").stdout
        compared = {each["case"]: each for each in json.loads(output)["compare"]["cases"]}
        self.assertEqual([compared[name]["not_judged"] for name in ("pi", "primes", "fib", "noop")],
                         [None, "too few repeats", "wrong answer", "too noisy"])
        self.assertIsNone(self.compare(a, b)["primes"]["not_judged"])

    def test_strict_passes_what_is_judged(self):
        self.succeed("compare", *self.files(1.0), "--fail-if-slower", "5%", "--strict")
        done = run("compare", *self.files(1.0), "--strict")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("--strict: goes with --fail-if-slower", done.stderr)

    def test_one_slower_case_of_many_is(self):
        noise = Noise(12)
        a = self.store("a.json", *(case(name, *noise.rounds(1)) for name in NAMES))
        for slow, says in ((("pi",), "1 of 4 cases is slower by more than 1 %: pi takes"),
                           (("pi", "kde"), "2 of 4 cases are slower by more than 1 %: pi takes")):
            b = self.store("b.json", *(case(name, *noise.rounds(1, parallel=1.2 if name in slow else 1))
                                       for name in NAMES))
            code, line = self.asked(a, b, "1%")
            self.assertEqual(code, 3)
            self.assertIn(says, line)
            self.assertEqual("and others" in line, len(slow) > 1)

    def test_a_long_list_of_names_is_cut(self):
        times = Noise(13).times(1)
        many = [case("pi", times, chunk=chunk) for chunk in range(1, 13)]
        code, line = self.asked(self.store("a.json", *many), self.store("b.json", many[0]), "5%")
        self.assertEqual((code, line.count("not in B")), (0, 8))
        self.assertTrue(line.endswith(" and 3 more\n"), line)

    def test_nothing_to_judge_by_is_not_a_pass(self):
        done = run("compare", self.store("a.json", case("pi", [1.0])), self.store("b.json", case("pi", [2.0])),
                   "--fail-if-slower", "5%")
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, r"\Aparbench: .*cannot be answered.*\n\Z")

    def test_percentages(self):
        a, b = self.files(1.0)
        for bad in ("5", "0.05", "%", "-1%", "x%", "5%%", "nan%", "inf%", "5 %", "1e400%"):
            done = run("compare", a, b, "--fail-if-slower", bad)
            self.assertEqual((done.returncode, done.stdout), (2, ""), bad)
            self.assertRegex(done.stderr, r"\Aparbench: compare: --fail-if-slower: .* is not a percentage.*\n\Z")
        self.succeed("compare", a, b, "--fail-if-slower=2.5%")


class BadFiles(CompareTest):
    def refused(self, *arguments):
        done = run("compare", *arguments)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done)
        self.assertRegex(done.stderr, r"\Aparbench: [^\n]*\n\Z")
        return done.stderr

    def test_a_bad_file_gets_one_line(self):
        good = self.store("good.json", case("pi", [1.0, 2.0]))
        good_text = good.read_text()

        def changed(change):
            content = json.loads(good_text)
            change(content)
            return json.dumps(content)

        bad = (
            ("", "line 1"),
            ("{\n\"schema\": 1,\n oops }", "line 3, column 5"),
            (good_text[:-20], "line 1, column"),
            ("\xff\xfe", "line 1"),
            (good_text + "x", "line 1"),
            ("[]", "no \"schema\""),
            ("{\"results\": []}", "no \"schema\""),
            (changed(lambda d: d.update(schema=2)), "schema 2"),
            (changed(lambda d: d.update(schema="1")), "no \"schema\""),
            (changed(lambda d: d.update(cases=[])), "no cases"),
            (changed(lambda d: d.pop("cases")), "no cases"),
            (changed(lambda d: d["cases"].append(7)), "cases[1]"),
            (changed(lambda d: d["cases"][0].pop("workload")), "cases[0] has no \"workload\""),
            (changed(lambda d: d["cases"][0].pop("params")), "cases[0] lacks \"params\""),
            (changed(lambda d: d["cases"][0].update(ranks=0)), "cases[0].ranks"),
            (changed(lambda d: d["cases"][0].update(ranks="2")), "cases[0].ranks"),
            (changed(lambda d: d["cases"][0].pop("seconds")), "cases[0].seconds.samples"),
            (changed(lambda d: d["cases"][0]["seconds"].update(samples=[])), "cases[0].seconds.samples"),
            (changed(lambda d: d["cases"][0]["seconds"].update(samples=[1, "2"])), "cases[0].seconds.samples[1]"),
            (changed(lambda d: d["cases"][0]["seconds"].update(samples=[1, -2])), "cases[0].seconds.samples[1]"),
            (changed(lambda d: d["cases"][0]["seconds"].update(samples=[0])), "cases[0].seconds.samples[0]"),
            (changed(lambda d: d["cases"][0].update(serial={"samples": [None]})), "cases[0].serial.samples[0]"),
        )
        for content, says in bad:
            path = self.write("bad.json", content)
            for pair in ((path, good), (good, path)):
                line = self.refused(*pair)
                self.assertIn("bad.json", line)
                self.assertIn(says, line)
                self.assertIn("expected is", line)

    def test_a_file_that_is_not_there(self):
        good = self.store("good.json", case("pi", [1.0, 2.0]))
        self.assertIn("No such file", self.refused(good, self.folder / "none.json"))
        self.assertIn("directory", self.refused(self.folder, good))

    def test_wrong_arguments(self):
        good = self.store("good.json", case("pi", [1.0, 2.0]))
        self.assertIn("A.json is missing", self.refused())
        self.assertIn("B.json is missing", self.refused(good))
        self.assertIn("unexpected argument", self.refused(good, good, good))
        self.assertIn("--chunk", self.refused(good, good, "--chunk", "5"))
        self.assertIn("--json", self.refused(good, good, "--json", "x"))
        self.assertIn("unknown option '--nonsense'", self.refused(good, good, "--nonsense"))

    def test_output_goes_to_a_file(self):
        good = self.store("good.json", case("pi", [1.0, 1.0, 1.0, 2.0]))
        self.assertEqual(self.succeed("compare", good, good, "--output", self.folder / "out"), "")
        self.assertEqual((self.folder / "out").read_text(), self.succeed("compare", good, good))
        self.assertIn("cannot be written", self.refused(good, good, "--output", self.folder / "no/out"))

    def test_one_process_speaks(self):
        good = self.store("good.json", case("pi", [1.0, 1.1, 1.2, 1.3]))
        self.assertEqual(run("compare", good, good, ranks=3).stdout, self.succeed("compare", good, good))


if __name__ == "__main__":
    unittest.main()
