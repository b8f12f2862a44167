#!/usr/bin/env python3
"""What may be varied in a sweep, and what a study refuses."""

import csv
import io
import unittest

import common

WHOLE = ("rel=1%,5%", "max-time=1s,2s", "output=a,b", "json=a,b", "format=text,csv", "progress=auto,never", "-v=1,2",
         "timeline=1,2", "vary=chunk=1")


class Refused(common.CommandTest):
    def refused(self, *arguments):
        """The one line of a command that is refused, and that leaves no file."""
        done = common.run(*arguments, folder=self.folder)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done)
        (line,) = done.stderr.splitlines()
        self.assertEqual(list(self.folder.iterdir()), [])
        return line

    def test_what_holds_for_the_whole_sweep(self):
        for text in WHOLE:
            for vary in (("--vary", text), ("--vary=--" + text.lstrip("-"),)):
                with self.subTest(vary=vary):
                    line = self.refused("sweep", "pi", "--samples", "1e6", "--max-time", "0.1s", *vary)
                    self.assertRegex(line, r"^parbench: --vary: [a-z-]+ holds for the whole sweep: accepted are ranks, "
                                           r"dispatch, .*and the workload's options$")
                    self.assertIn(f" {text.lstrip('-').partition('=')[0]} holds", line)

    def test_what_the_complaint_lists_is_accepted(self):
        line = self.refused("sweep", "pi", "--vary", "rel=1%")
        names = line[line.index("are ") + 4:line.index(" and the")].split(", ")
        values = {"dispatch": "node,rma", "schedule": "static,guided", "order": "natural,random", "flag": "auto,none",
                  "ranks": "1"}
        self.assertGreater(len(names), 8)
        names.remove("redis")
        self.assertIn("only --flag redis asks a server", self.refused("sweep", "noop", "--vary", "redis=localhost:1,localhost:2"))
        for name in names:
            with self.subTest(name=name):
                value = values.get(name, "1,2")
                text = self.succeed("sweep", "noop", "--vary", f"{name}={value}", "--max-time", "0.01s", "--format", "csv")
                self.assertEqual([row["label"] for row in csv.DictReader(io.StringIO(text))],
                                 [f"{name}={one}" for one in value.split(",")])

    def test_the_same_twice(self):
        for arguments, expected in (
                (("--vary", "chunk=1", "--vary", "chunk=2"), "--vary: chunk is given twice: "),
                (("--vary", "chunk=1", "--vary", "ranks=1", "--vary=--chunk=2"), "--vary: chunk is given twice: "),
                (("--vary", "chunk=1,1"), "--vary: chunk=1 is listed twice: "),
                (("--vary", "schedule=static,guided,static"), "--vary: schedule=static is listed twice: ")):
            with self.subTest(arguments=arguments):
                self.assertIn(expected, self.refused("sweep", "pi", "--samples", "1e6", "--max-time", "0.1s", *arguments))

    def test_without_a_workload(self):
        for command, more in (("measure", ()), ("scale", ()), ("sweep", ("--vary", "chunk=1,2"))):
            with self.subTest(command=command):
                line = self.refused(command, *more)
                self.assertIn(f": {command}: the workload is missing: for example `parbench {command} pi ", line)
                example = line[line.index("`parbench ") + 10:-1].replace("1e8", "1e5").split()
                self.succeed(*example, "--max-time", "0.05s")

    def test_no_time(self):
        for command in (("measure", "pi"), ("scale", "pi"), ("sweep", "pi", "--vary", "chunk=1"), ()):
            with self.subTest(command=command):
                self.assertIn("--max-time: '0s' leaves no time to measure: accepted are times above 0",
                              self.refused(*command, "--max-time", "0s"))

    def test_lists_are_not_measured(self):
        for command in (("measure", "primes", 0, 10), ("scale", "primes", 0, 10),
                        ("sweep", "primes", 0, 10, "--vary", "chunk=1,2")):
            for option in (("--print",), ("--write", "list")):
                with self.subTest(command=command, option=option):
                    self.assertIn("leave --print and --write out", self.refused(*command, *option))
        self.assertIn("leave --print and --write out", self.refused("sweep", "primes", 0, 10, "--vary", "write=a,b"))


if __name__ == "__main__":
    unittest.main()
