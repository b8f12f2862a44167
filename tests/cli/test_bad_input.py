#!/usr/bin/env python3
"""Bad input: one line that names the argument, exit code 2, nothing computed, nothing overwritten.

The jobs here would take hours: a command that computes before it looks at its input does not end
within the patience of these tests.
"""

import os
import unittest

from common import CommandTest, run, run_all

HUGE = "1e15"
NOT_A_NUMBER = "is not a number"
NOT_WHOLE = "is not a whole number"
TOO_LARGE = "is too large"

# How a whole number can be wrong: one of each kind, and more of them.
BAD_COUNTS = (
    ("1e6x", NOT_A_NUMBER),
    ("-1", NOT_A_NUMBER),
    ("", NOT_A_NUMBER),
    ("1.5", NOT_WHOLE),
    ("1e-3", NOT_WHOLE),
    ("340282366920938463463374607431768211456", TOO_LARGE),
)
MORE_BAD_COUNTS = (
    ("-1e6", NOT_A_NUMBER),
    ("+5", NOT_A_NUMBER),
    (" 5", NOT_A_NUMBER),
    ("5 ", NOT_A_NUMBER),
    ("x", NOT_A_NUMBER),
    ("0x10", NOT_A_NUMBER),
    ("1e", NOT_A_NUMBER),
    ("1e+", NOT_A_NUMBER),
    ("1.2.3", NOT_A_NUMBER),
    ("5.", NOT_A_NUMBER),
    (".5", NOT_A_NUMBER),
    ("1,000", NOT_A_NUMBER),
    ("1__0", NOT_A_NUMBER),
    ("_1", NOT_A_NUMBER),
    ("1_", NOT_A_NUMBER),
    ("2^", NOT_A_NUMBER),
    ("2^x", NOT_A_NUMBER),
    ("2^3^4", NOT_A_NUMBER),
    ("4T", NOT_A_NUMBER),
    ("4MM", NOT_A_NUMBER),
    ("4GiB", NOT_A_NUMBER),
    ("10ms", NOT_A_NUMBER),
    ("nan", NOT_A_NUMBER),
    ("inf", NOT_A_NUMBER),
    ("\u0665", NOT_A_NUMBER),
    ("1.5e0", NOT_WHOLE),
    ("0.0001k", NOT_WHOLE),
    ("18446744073709551616", TOO_LARGE),
    ("2^64", TOO_LARGE),
    ("1e20", TOO_LARGE),
    ("1e999999999999999999999", TOO_LARGE),
    ("99999999999999999999999999999999", TOO_LARGE),
    ("18446744073709551615k", TOO_LARGE),
)

# How a list of real numbers can be wrong, as --widths.
BAD_WIDTHS = (
    ("0", "above 0"),
    ("-1", "above 0"),
    ("1,0,2", "above 0"),
    ("1,-0.5", "above 0"),
    ("-0", "above 0"),
    ("0:1:0.5", "above 0"),
    ("-1:1:0.5", "above 0"),
    ("nan", NOT_A_NUMBER),
    ("1,nan", NOT_A_NUMBER),
    ("inf", NOT_A_NUMBER),
    ("-inf", NOT_A_NUMBER),
    ("", NOT_A_NUMBER),
    (",", NOT_A_NUMBER),
    ("1,,2", NOT_A_NUMBER),
    ("1,2,", NOT_A_NUMBER),
    ("1 2", NOT_A_NUMBER),
    ("x", NOT_A_NUMBER),
    ("1.5x", NOT_A_NUMBER),
    ("0x1p3", NOT_A_NUMBER),
    ("1e400", TOO_LARGE),
    ("1:2", "third part"),
    ("1:2:0", "step"),
    ("1:2:-1", "step"),
    ("2:1:0.5", "backwards"),
    ("2:1:n5", "backwards"),
    ("1:2:nan", "not a range"),
    ("nan:2:1", "not a range"),
    ("1:inf:1", "not a range"),
    ("1:2:n", "not a range"),
    ("1:2:n1.5", "not a range"),
    ("1:2:n-5", "not a range"),
    ("1:2:3:4", "not a range"),
    ("::", "not a range"),
    ("1:2:n0", "too few"),
    ("1:2:n1", "too few"),
    ("1:2:1e-9", "more than 1000000"),
    ("1:2:n1e9", "more than 1000000"),
)

# How the cost of a task can be wrong, as --cost.
NOT_A_COST = "is not a cost"
BAD_COSTS = (
    ("", "empty"),
    ("1", NOT_A_COST),
    ("0", NOT_A_COST),
    ("-1ms", NOT_A_COST),
    ("+1ms", NOT_A_COST),
    ("ms", NOT_A_COST),
    ("1 ms", NOT_A_COST),
    (".5s", NOT_A_COST),
    ("1h", NOT_A_COST),
    ("1MS", NOT_A_COST),
    ("1min1s", NOT_A_COST),
    ("0x1s", NOT_A_COST),
    ("nans", NOT_A_COST),
    ("infs", NOT_A_COST),
    ("uniform", NOT_A_COST),
    ("uniform:", NOT_A_COST),
    ("uniform:1", NOT_A_COST),
    ("UNIFORM:1ms", NOT_A_COST),
    ("gauss:1ms", NOT_A_COST),
    (":1ms", NOT_A_COST),
    ("1ms:uniform", NOT_A_COST),
    ("uniform:bimodal:1ms", NOT_A_COST),
    ("1e7s", TOO_LARGE),
    ("1e400s", TOO_LARGE),
    ("bimodal:1e300min", TOO_LARGE),
)

# Files of samples: name, content, what the line must say besides the name.
BAD_FILES = (
    ("fields.csv", "1,2\n3,4\n5\n", ("line 3", "1 field", "2")),
    ("more.csv", "1,2\n3,4,5\n", ("line 2", "3 fields", "2")),
    ("trailing.csv", "1,2\n3,4,\n", ("line 2", "3 fields", "2")),
    ("missing.csv", "1,2\n3,4\n,6\n", ("line 3", "field 1", "missing")),
    ("blanks.csv", "1,2\n3, \n", ("line 2", "field 2", "missing")),
    ("text.csv", "1,2\n3,4\n5,six\n", ("line 3", "field 2", "'six'", NOT_A_NUMBER)),
    ("heading.csv", "x,y\n1,2\n", ("line 1", "field 1", "'x'", "heading")),
    ("semicolons.csv", "1;2\n", ("line 1", "'1;2'", NOT_A_NUMBER)),
    ("words.csv", "1 2\n", ("line 1", "'1 2'", NOT_A_NUMBER)),
    ("quotes.csv", '1,"2"\n', ("line 1", "field 2", NOT_A_NUMBER)),
    ("hex.csv", "1,2\n3,0x10\n", ("line 2", "field 2", NOT_A_NUMBER)),
    ("nan.csv", "1,2\n3,nan\n", ("line 2", "field 2", "'nan'")),
    ("NaN.csv", "1,2\nNaN,3\n", ("line 2", "field 1", "'NaN'")),
    ("inf.csv", "1,2\n3,inf\n", ("line 2", "field 2", "'inf'")),
    ("infinity.csv", "1,2\n-Infinity,1\n", ("line 2", "field 1", "'-Infinity'")),
    ("overflow.csv", "1,2\n3,1e999\n", ("line 2", "field 2", TOO_LARGE)),
    ("empty.csv", "", ("empty",)),
    ("newlines.csv", "\n\n", ("empty",)),
    ("middle.csv", "1,2\n\n3,4\n", ("line 2", "empty")),
    ("first.csv", "\n1,2\n", ("line 1", "empty")),
    ("zero-byte.csv", b"1,2\n3,\x004\n", ("line 2", "binary")),
    ("binary.csv", bytes(range(256)) * 8, ("line 1", "binary")),
    ("image.csv", b"\x89PNG\r\n\x1a\n\x01\x02", ("line 1",)),
    ("long.csv", "1,2\n" + "7" * 100000 + "x,3\n", ("line 2", "field 1")),
)

WORKLOADS_AND_COMMANDS = ("pi", "primes", "isprime", "kde", "fib", "sleep", "queue", "counter", "flag", "list", "help")

# Where a whole number is expected: its name, what stands before it and what after.
PLACES = (
    ("--samples", ("pi", "--samples"), ()),
    ("--tasks", ("noop", "--tasks"), ()),
    ("--tasks", ("fib", "93", "--tasks"), ()),
    ("--tasks", ("sleep", "--tasks"), ()),
    ("--tasks", ("queue", "--tasks"), ()),
    ("--increments", ("counter", "--increments"), ()),
    ("--repeat", ("flag", "--repeat"), ()),
    ("--credits", ("queue", "--tasks", HUGE, "--credits"), ()),
    ("N", ("fib",), ()),
    ("--seed", ("pi", "--samples", HUGE, "--seed"), ()),
    ("LO", ("primes",), ("100",)),
    ("HI", ("primes", "10"), ()),
    ("N...", ("isprime", "18446744073709551557"), ()),
)


def command_lines(missing, folder, plain_file):
    """Everything else that can be wrong with a command line: arguments, words of the message."""
    return (
        # words
        (("foo",), ("foo", *WORKLOADS_AND_COMMANDS)),
        (("",), ("''", *WORKLOADS_AND_COMMANDS)),
        (("-",), ("'-'", *WORKLOADS_AND_COMMANDS)),
        (("PI",), ("PI", *WORKLOADS_AND_COMMANDS)),
        (("pi3",), ("pi3", *WORKLOADS_AND_COMMANDS)),
        (("-5",), ("-5", *WORKLOADS_AND_COMMANDS)),
        (("help", "foo"), ("foo", *WORKLOADS_AND_COMMANDS)),
        (("--version", "foo"), ("foo", *WORKLOADS_AND_COMMANDS)),
        (("two\nlines",), ("two lines",)),
        (("two\rlines",), ("two lines",)),
        (("\x1b[31mred",), ("red",)),
        (("y" * 100000,), ("yyy",)),
        # options
        (("--foo",), ("--foo", "help")),
        (("-x",), ("-x", "help")),
        (("--",), ("--", "help")),
        (("pi", "--foo"), ("--foo", "pi", "help pi")),
        (("pi", "--foo=1"), ("--foo", "pi")),
        (("pi", "--sample", HUGE), ("--sample", "pi")),
        (("pi", "-samples", HUGE), ("-samples", "pi")),
        (("pi", "--widths", "1"), ("--widths", "pi")),
        (("list", "--foo"), ("--foo", "list")),
        (("--samples", "5"), ("--samples",)),
        (("pi", "--" + "y" * 100000), ("--yyy",)),
        # values
        (("pi", "--samples"), ("--samples", "missing")),
        (("pi", "--seed"), ("--seed", "missing")),
        (("pi", "--output"), ("--output", "missing", "FILE")),
        (("pi", "--json"), ("--json", "missing", "FILE")),
        (("pi", "--format"), ("--format", "missing", "text", "csv", "json")),
        (("primes", "1", HUGE, "--kernel"), ("--kernel", "missing", "sieve", "mr", "trial")),
        (("kde", "--widths"), ("--widths", "missing")),
        (("pi", "--samples="), ("--samples", "''", NOT_A_NUMBER)),
        (("pi", "--samples=1e3x"), ("--samples", "1e3x", NOT_A_NUMBER)),
        (("pi", "--samples", "10", "--samples", "x"), ("--samples", "'x'")),
        (("pi", "--samples", HUGE, "--output", ""), ("--output", "empty")),
        (("pi", "--samples", HUGE, "--json", ""), ("--json", "empty")),
        (("kde", "--data", "", "--widths", "1"), ("--data", "empty")),
        (("kde", "--at", "", "--widths", "1"), ("--at", "empty")),
        (("primes", "1", "2", "--sum=yes"), ("--sum", "no value")),
        (("pi", "--samples", "0"), ("--samples", "'0'", "from 1")),
        (("noop", "--tasks", "0"), ("--tasks", "'0'", "from 1")),
        (("pi", "--samples", "9223372036854775808"), ("--samples", TOO_LARGE, "9223372036854775807")),
        (("pi", "--samples", HUGE, "--threads"), ("--threads", "missing")),
        (("pi", "--samples", HUGE, "--threads", "0"), ("--threads", "'0'", "from 1 to 1024")),
        (("pi", "--samples", HUGE, "--threads", "1025"), ("--threads", "1025", "from 1 to 1024")),
        (("pi", "--samples", HUGE, "--threads", "2x"), ("--threads", "'2x'", NOT_A_NUMBER)),
        (("pi", "--samples", HUGE, "--threads", "1.5"), ("--threads", NOT_WHOLE)),
        (("pi", "--seed", "2^63"), ("--seed", TOO_LARGE, "9223372036854775807")),
        # choices
        (("--format", "xml"), ("--format", "xml", "text", "csv", "json")),
        (("pi", "--samples", HUGE, "--format", ""), ("--format", "text", "csv", "json")),
        (("pi", "--samples", HUGE, "--format", "text|csv"), ("--format", "text", "csv", "json")),
        (("pi", "--samples", HUGE, "--format", "js"), ("--format", "js", "text", "csv", "json")),
        (("pi", "--samples", HUGE, "--format", "JSON"), ("--format", "JSON", "text", "csv", "json")),
        (("pi", "--samples", HUGE, "--flag", "pigeon"), ("--flag", "pigeon", "ibcast", "none")),
        (("pi", "--samples", HUGE, "--poll", "0"), ("--poll", "'0'", "from 1")),
        (("pi", "--samples", HUGE, "--poll", "1ms"), ("--poll", "'1ms'", NOT_A_NUMBER)),
        (("pi", "--samples", HUGE, "--redis", "localhost:6379"), ("--redis", "--flag redis")),
        (("isprime", "7", "--precheck", "maybe"), ("--precheck", "maybe", "on|off")),
        (("pi", "--samples", HUGE, "--precheck", "on"), ("unknown option", "--precheck")),
        (("primes", "1", HUGE, "--kernel", "fast"), ("--kernel", "fast", "sieve", "mr", "trial")),
        (("kde", "--widths", "1", "--kernel", "ball"), ("--kernel", "ball", "cube")),
        (("kde", "--widths", "1", "--split", "both"), ("--split", "both", "widths", "samples")),
        # arguments
        (("pi", "extra"), ("pi", "extra", "help pi")),
        (("primes",), ("primes", "LO", "missing")),
        (("primes", "1"), ("primes", "HI", "missing")),
        (("primes", "1", "2", "3"), ("primes", "'3'", "unexpected")),
        (("primes", "10", "5"), ("LO", "10", "HI", "5")),
        (("primes", "18446744073709551615", "0"), ("LO", "HI")),
        (("isprime",), ("isprime", "N", "missing")),
        (("isprime", "18446744073709551557", "7x"), ("N", "'7x'", NOT_A_NUMBER)),
        (("isprime", "18446744073709551557", ""), ("N", "''", NOT_A_NUMBER)),
        (("fib",), ("fib", "N", "missing")),
        (("fib", "94"), ("N", "'94'", TOO_LARGE, "from 0 to 93")),
        (("fib", "93", "92"), ("fib", "'92'", "unexpected")),
        (("fib", "93", "--tasks", "0"), ("--tasks", "'0'", "from 1")),
        (("sleep", "--tasks", "0"), ("--tasks", "'0'", "from 1")),
        (("sleep", "--tasks", HUGE, "--cost"), ("--cost", "missing")),
        (("sleep", "--tasks", HUGE, "--burn=yes"), ("--burn", "no value")),
        (("sleep", HUGE), ("sleep", "unexpected")),
        (("queue",), ("queue", "--tasks", "--work", "missing")),
        (("queue", "--tasks", HUGE, "--work", "primes", "1", "9"), ("--tasks", "--work", "one of them")),
        (("queue", "--work", "primes", "1"), ("--work", "missing", "primes LO HI")),
        (("queue", "--work", "primes", "1x", HUGE), ("--work", "LO", "'1x'", NOT_A_NUMBER)),
        (("queue", "--work", "primes", "9", "5"), ("--work", "[9, 5)", "LO < HI")),
        (("queue", "--work", "fib", "1", "9"), ("--work", "'fib 1 9'", "primes LO HI")),
        (("queue", "--tasks", HUGE, "--payload", "64Kib"), ("--payload", "'64Kib'", "is not a size", "64KiB")),
        (("queue", "--tasks", HUGE, "--payload", "1e400"), ("--payload", TOO_LARGE)),
        (("queue", "--tasks", HUGE, "--payload", "2GiB"), ("--payload", TOO_LARGE, "1073741824")),
        (("queue", "--tasks", HUGE, "--payload", "-1"), ("--payload", "'-1'", "is not a size")),
        (("queue", "--tasks", HUGE, "--cost", "1"), ("--cost", "'1'", NOT_A_COST)),
        (("queue", "--tasks", HUGE, "--burn"), ("--burn", "--cost")),
        (("queue", "--tasks", HUGE, "--results", "any"), ("--results", "completion", "input", "sorted")),
        (("queue", "--tasks", HUGE, "--producers", "2"), ("--producers", "1 rank", "accepted is 1")),
        (("queue", "--tasks", HUGE, "--print", "--format", "csv"), ("--print", "--format", "stdout")),
        (("queue", "--tasks", HUGE, "--schedule", "static"), ("queue", "--schedule", "no use", "help queue")),
        (("queue", "--tasks", HUGE, "--dispatch=node"), ("queue", "--dispatch", "no use")),
        (("--flag", "none", "queue", "--tasks", HUGE), ("queue", "--flag", "no use")),
        (("counter", "--increments", "0"), ("--increments", "'0'", "too small")),
        (("counter", "--increments", "1e13"), ("--increments", TOO_LARGE, "1099511627776")),
        (("counter", "--kind", "abacus"), ("counter", "--kind", "'abacus'", "file-lock", "win-lock", "redis")),
        (("counter", "--increments", "1e12", "--kind", "atomic", "--file", "x"),
         ("--file", "atomic", "file and file-lock")),
        (("counter", "--increments", "1e12", "--kind", "file", "--file", ""), ("--file", "empty")),
        (("counter", "--increments", "1e12", "--kind", "file", "--file", plain_file),
         ("--file", plain_file, "File exists")),
        (("counter", "--increments", "1e12", "--file", plain_file), ("--file", plain_file, "File exists")),
        (("counter", "--increments", "1e12", "--kind", "file-lock", "--file", f"{missing}/x"),
         ("--file", "No such file")),
        (("counter", "--increments", "1e12", "--kind", "redis", "--redis", "here"), ("--redis", "'here'", "HOST:PORT")),
        (("counter", "--increments", "1e12", "--kind", "atomic", "--redis", "localhost:6379"),
         ("counter: --redis", "only --kind redis")),
        (("counter", "--increments", "1e12", "--flag", "none"), ("counter", "--flag", "no use")),
        (("counter", "1e12"), ("counter", "unexpected")),
        (("flag", "--kind", "pigeon"), ("flag", "--kind", "'pigeon'", "ibcast", "server")),
        (("flag", "--repeat", "1e7"), ("--repeat", TOO_LARGE)),
        (("flag", "--interval", "100"), ("--interval", "'100'", "1us to 1s")),
        (("flag", "--interval", "2s"), ("--interval", "'2s'", "1us to 1s")),
        (("flag", "--interval", "0us"), ("--interval", "'0us'", "1us to 1s")),
        (("flag", "--kind", "auto", "--redis", "localhost:6379"), ("flag: --redis", "only --kind redis")),
        (("flag", "--poll", "5"), ("flag", "--poll", "no use")),
        (("--chunk", "9", "queue", "--tasks", HUGE), ("queue", "--chunk", "no use")),
        (("kde",), ("kde", "--widths", "missing")),
        (("kde", "--widths", "1", "extra"), ("kde", "extra")),
        (("list", "extra"), ("list", "extra")),
        (("help", "pi", "extra"), ("help", "extra")),
        # kde's sources and points
        (("kde", "--widths", "1", "--normal", "5"), ("--normal", "'5'", "N,D")),
        (("kde", "--widths", "1", "--normal", "0,2"), ("--normal", "'0,2'", "N,D")),
        (("kde", "--widths", "1", "--normal", "2,0"), ("--normal", "'2,0'", "N,D")),
        (("kde", "--widths", "1", "--normal", "-5,2"), ("--normal", "'-5,2'", "N,D")),
        (("kde", "--widths", "1", "--normal", "1e6x,2"), ("--normal", "1e6x", "N,D")),
        (("kde", "--widths", "1", "--normal", "1.5,2"), ("--normal", "1.5", "N,D")),
        (("kde", "--widths", "1", "--normal", "2,2,2"), ("--normal", "2,2,2", "N,D")),
        (("kde", "--widths", "1", "--normal", ",2"), ("--normal", "',2'", "N,D")),
        (("kde", "--widths", "1", "--normal", "2,1001"), ("--normal", "2,1001", "1000")),
        (("kde", "--widths", "1", "--normal", "18446744073709551616,2"), ("--normal", "N,D")),
        (("kde", "--widths", "1", "--normal", "2,2", "--data", plain_file), ("--normal", "--data")),
        (("kde", "--widths", "1", "--at", "1,2,3"), ("--at", "3 coordinates", "2")),
        (("kde", "--widths", "1", "--at", "1"), ("--at", "1 coordinate", "2")),
        (("kde", "--widths", "1", "--at", "1,,2"), ("--at", "X,Y")),
        (("kde", "--widths", "1", "--at", "1,"), ("--at", "X,Y")),
        (("kde", "--widths", "1", "--at", "0:1,0"), ("--at", "X,Y")),
        (("kde", "--widths", "1", "--at", "1:0:0.1,0"), ("--at", "backwards")),
        (("kde", "--widths", "1", "--at", "0:1:0,0"), ("--at", "step")),
        (("kde", "--widths", "1", "--at", "0:1:n10000,0:1:n10000"), ("--at", "too many")),
        (("kde", "--widths", "1", "--at", missing), (missing, "No such file")),
        (("kde", "--widths", "1", "--at", folder), (folder, "directory")),
        (("kde", "--widths", "1", "--data", missing), (missing, "No such file")),
        (("kde", "--widths", "1", "--data", folder), (folder, "directory")),
        (("kde", "--widths", "1", "--data", plain_file + "/x"), (plain_file + "/x", "directory")),
        # places that cannot be written, found out before computing
        (("pi", "--samples", HUGE, "--output", missing + "/x"), ("--output", missing, "No such file")),
        (("pi", "--samples", HUGE, "--json", missing + "/x"), ("--json", missing, "No such file")),
        (("pi", "--samples", HUGE, "--output", folder), ("--output", folder, "directory")),
        (("pi", "--samples", HUGE, "--json", folder), ("--json", folder, "directory")),
        (("pi", "--samples", HUGE, "--json", folder + "/new/"), ("--json", "directory")),
        (("pi", "--samples", HUGE, "--output", plain_file + "/x"), ("--output", "directory")),
        (("pi", "--samples", HUGE, "--output", folder + "/" + "n" * 300), ("--output", "too long")),
        (("--output", missing + "/x"), ("--output", missing, "No such file")),
    )


class RefusalTest(CommandTest):
    def expect_refusal(self, done, words, *, alone=True):
        lines = done.stderr.splitlines()
        own = [line for line in lines if line.startswith("parbench: ")]
        self.assertEqual(done.returncode, 2, done)
        self.assertEqual(done.stdout, "", done)
        self.assertEqual(len(own), 1, done.stderr)
        if alone:
            self.assertEqual(len(lines), 1, done.stderr)
            self.assertTrue(done.stderr.endswith("\n"))
        self.assertFalse([c for c in own[0] if ord(c) < 32], own[0])
        for word in words:
            self.assertIn(word, own[0])

    def refuse_all(self, table, **settings):
        """table: (arguments, words that the one line must hold)."""
        for (arguments, words), done in zip(table, run_all([row[0] for row in table], **settings)):
            with self.subTest(arguments=[str(argument)[:80] for argument in arguments]):
                self.expect_refusal(done, words, alone="ranks" not in settings)


class BadInput(RefusalTest):
    def paths(self):
        return (str(self.folder / "missing"), str(self.folder), str(self.write("samples.csv", "1,2\n")))

    def test_counts(self):
        table = []
        for name, start, end in PLACES:
            # The places share a parser, so that two of them with every fault are enough.
            thorough = name in ("--samples", "HI")
            for text, complaint in BAD_COUNTS + (MORE_BAD_COUNTS if thorough else ()):
                table.append(((*start, text, *end), (name, f"'{text}'", complaint, "whole numbers")))
        self.refuse_all(table)

    def test_widths(self):
        self.refuse_all([(("kde", "--normal", "1e12,1", "--widths", text), ("--widths", complaint))
                         for text, complaint in BAD_WIDTHS])

    def test_costs(self):
        self.refuse_all([(("sleep", "--tasks", HUGE, "--cost", text), ("--cost", complaint))
                         for text, complaint in BAD_COSTS])

    def test_command_lines(self):
        self.refuse_all(command_lines(*self.paths()))

    def test_files_of_samples(self):
        table = [(("kde", "--data", self.write(name, content), "--widths", "1"), (name, *words))
                 for name, content, words in BAD_FILES]
        self.refuse_all(table)

    def test_files_of_points(self):
        table = [(("kde", "--normal", "10,2", "--at", self.write(name, content), "--widths", "1"),
                  (name, *words))
                 for name, content, words in BAD_FILES if name in ("text.csv", "empty.csv")]
        three = self.write("three.csv", "1,2,3\n")
        table.append((("kde", "--normal", "10,2", "--at", three, "--widths", "1"),
                      ("--at", "3 coordinates", "2")))
        self.refuse_all(table)

    def test_instruction_sets(self):
        for isa in ("v5", "", "V3"):
            for command in (("pi", "--samples", HUGE), ("--version",)):
                with self.subTest(isa=isa, command=command):
                    self.expect_refusal(run(*command, PARBENCH_ISA=isa),
                                        ("PARBENCH_ISA", "baseline", "v3", "v4"))

    def test_said_once_by_many_ranks(self):
        # Found on the command line (before MPI starts), in a file by rank 0, in the environment.
        text = self.write("text.csv", "1,2\n3,four\n")
        missing, folder, _ = self.paths()
        self.refuse_all((
            (("foo",), ("foo",)),
            (("pi", "--samples", "1e6x"), ("--samples", "1e6x")),
            (("primes", "10", "5"), ("LO",)),
            (("kde", "--widths", "0"), ("--widths",)),
            (("kde", "--data", text, "--widths", "1"), ("text.csv", "line 2")),
            (("kde", "--data", missing, "--widths", "1"), (missing,)),
            (("kde", "--at", "1,2,3", "--widths", "1"), ("--at",)),
            (("pi", "--samples", HUGE, "--output", folder), ("--output",)),
            (("pi", "--samples", HUGE, "--json", missing + "/x"), ("--json",)),
        ), ranks=4)
        for command in (("pi", "--samples", HUGE), ("--version",)):
            with self.subTest(command=command):
                self.expect_refusal(run(*command, ranks=4, PARBENCH_ISA="v5"), ("PARBENCH_ISA",),
                                    alone=False)


class NothingOverwritten(RefusalTest):
    def setUp(self):
        super().setUp()
        self.output = self.write("old.txt", "old output\n")
        self.json = self.write("old.json", "old json\n")
        self.data = self.write("bad.csv", "1,2\n3\n")

    def look(self):
        """Every file of the folder, with its content and its place on the disk."""
        return {path.name: (path.read_bytes(), path.stat().st_ino, path.stat().st_mtime_ns)
                for path in self.folder.iterdir()}

    def test_files_stay_as_they_were(self):
        files = ("--output", self.output, "--json", self.json)
        table = (
            (("pi", "--samples", "1e6x", *files), ("--samples",)),
            (("isprime", "7", "8x", *files), ("N",)),
            (("primes", "10", "5", *files), ("LO",)),
            (("kde", "--data", self.data, "--widths", "1", *files), ("line 2",)),
            (("kde", "--data", self.folder / "none", "--widths", "1", *files), ("No such file",)),
            (("kde", "--widths", "1", "--at", "1,2,3", *files), ("--at",)),
            (("pi", "--samples", HUGE, "--output", self.output, "--json", self.folder), ("--json",)),
            (("pi", "--samples", HUGE, "--json", self.json, "--output", self.folder), ("--output",)),
        )
        before = self.look()
        self.refuse_all(table)
        self.assertEqual(self.look(), before)
        self.refuse_all(table[3:4], ranks=3)
        self.assertEqual(self.look(), before)

    def test_output_and_json_are_two_files(self):
        (self.folder / "link").symlink_to("old.txt")
        (self.folder / "dangling").symlink_to("new")
        names = (("old.txt", "old.txt"), ("old.txt", "./old.txt"), ("old.txt", "link"),
                 ("link", "old.txt"), ("new", "new"), ("new", str(self.folder / "new")),
                 ("new", "dangling"), ("dangling", "dangling"))
        before = sorted(os.listdir(self.folder))
        self.refuse_all([(("pi", "--samples", HUGE, "--output", output, "--json", json),
                          ("--output", "--json", "same file")) for output, json in names],
                        folder=self.folder)
        self.assertEqual(sorted(os.listdir(self.folder)), before)
        self.assertEqual(self.output.read_text(), "old output\n")


if __name__ == "__main__":
    unittest.main()
