#!/usr/bin/env python3
"""parbench compare in continuous integration, what it says of bad files, and where its output goes."""

import json
import unittest

from common import run
from made_up_results import NAMES, CompareTest, Noise, case


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

    def test_slower_and_too_noisy_to_say_by_how_much_is_not_a_pass(self):
        a = self.store("a.json", case("pi", [0.999, 0.9995, 1.0, 1.0002, 1.0005, 1.001]))
        b = self.store("b.json", case("pi", [1.01, 1.02, 1.3, 1.3001, 1.3002, 1.6]))
        (compared,) = self.compare(a, b).values()
        self.assertEqual(compared["verdict"], "slower")
        line = "parbench: compare: 1 of 1 case could not be judged: pi on 2 ranks (too noisy)\n"
        self.assertEqual(self.asked(a, b, "5%"), (0, line))
        self.assertEqual(self.asked(a, b, "5%", "--strict"), (3, line))
        self.assertEqual(self.asked(a, b, "0.5%")[0], 3, "that it is surely")

    def test_of_two_corrections_the_surer_one_counts(self):
        # The kernel takes 8 % longer and its parallel part 2 % more: by its own baseline it is surely
        # slower by 1 %, by the others' by 8 %.
        a, b = [], []
        for i, name in enumerate(NAMES):
            times = [[base * (1 + 0.001 * ((j * 7 + i * 3) % 11)) for j in range(12)] for base in (1, 2)]
            slow = (1.08 * 1.02, 1.08) if name == "pi" else (1, 1)
            a.append(case(name, *times))
            b.append(case(name, *([factor * sample for sample in part] for factor, part in zip(slow, times))))
        a, b = self.store("a.json", *a), self.store("b.json", *b)
        compared = self.compare(a, b)["pi"]
        self.assertEqual(compared["verdict"], "slower")
        self.assertTrue(1 < compared["own"]["corrected"]["ci99"][0] < 1.05 < compared["others"]["corrected"]["ci99"][0])
        self.assertEqual(self.asked(a, b, "5%")[0], 3)
        # And the other way round, of a case that got faster.
        self.assertEqual(self.compare(b, a)["pi"]["verdict"], "faster")

    def test_strict_passes_what_is_judged(self):
        self.succeed("compare", *self.files(1.0), "--fail-if-slower", "5%", "--strict")
        done = run("compare", *self.files(1.0), "--strict")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("--strict: goes with --fail-if-slower", done.stderr)

    def test_one_slower_case_of_many_is(self):
        noise = Noise(12)
        a = self.store("a.json", *(case(name, *noise.rounds(1)) for name in NAMES))
        for slow, says in ((("pi",), "1 of 4 cases is slower by more than 1 %: pi on 2 ranks takes"),
                           (("pi", "kde"), "2 of 4 cases are slower by more than 1 %: pi on 2 ranks takes")):
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
            (b"\xff\xfe", "line 1"),
            (good_text.encode().replace(b"factoring", b"\xff"), "line 1"),
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
            (changed(lambda d: d["cases"][0]["seconds"].update(samples=[1, 1e-320])), "cases[0].seconds.samples[1]"),
            (changed(lambda d: d["cases"][0]["seconds"].update(samples=[1e308, 1])), "cases[0].seconds.samples[0]"),
            (changed(lambda d: d["cases"][0].pop("check")), "cases[0].check"),
            (changed(lambda d: d["cases"][0].update(check="fine")), "cases[0].check"),
            (changed(lambda d: d["cases"][0].update(workload="pi\u001b[2J")), "cases[0] has no \"workload\""),
            (changed(lambda d: d["cases"][0].update(ranks=10**6, options={"threads": 4000})),
             "cases[0].options.threads"),
            (changed(lambda d: d["cases"][0]["options"].update(threads=-1)), "cases[0].options.threads"),
            (changed(lambda d: d["cases"][0].update(serial={"samples": [None]})), "cases[0].serial.samples[0]"),
        )
        for content, says in bad:
            path = self.write("bad.json", content)
            for pair in ((path, good), (good, path)):
                line = self.refused(*pair)
                self.assertIn("bad.json", line)
                self.assertIn(says, line)
                self.assertIn("expected is", line)

    def test_text_that_is_not_plain_does_no_harm(self):
        """Other alphabets, also where they are cut to fit; bytes that are no text; what commands a terminal."""
        times = [1.0, 1.1, 1.2, 1.3, 1.4]
        names = ["данные" * 12 + name for name in "ab"] + ["x\u001b[2J\ny" * 3 + name for name in "ab"]
        cases = [case("kde", times, params={"data": name}) for name in names]
        file = self.store(b"caf\xe9.json".decode(errors="surrogateescape"), *cases)
        other = self.store("b.json", *cases[:-1])
        compared = json.loads(self.succeed("compare", file, other, "--format", "json"))["compare"]
        self.assertEqual((len(compared["cases"]), len(compared["only_in_a"])), (3, 1))
        self.assertTrue(compared["a"].endswith("caf\ufffd.json"), compared["a"])
        for format in ("text", "csv"):
            text = self.succeed("compare", file, other, "--format", format)
            self.assertNotIn("\x1b", text)
            self.assertIn("данные", text)

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
