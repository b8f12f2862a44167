#!/usr/bin/env python3
"""Bad input: one line that names the argument, exit code 2, nothing computed."""

import unittest

from common import run
from refusal import HUGE, NOT_A_NUMBER, NOT_WHOLE, TOO_LARGE, RefusalTest

WORKLOADS_AND_COMMANDS = ("pi", "primes", "isprime", "kde", "fib", "sleep", "queue", "counter", "flag", "list", "help")


def command_lines(missing, plain_file):
    """Everything that can be wrong with a command line: arguments, words of the message."""
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
        (("queue", "--tasks", HUGE, "--cost", "1"), ("--cost", "'1'", "has no unit")),
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
    )


class BadInput(RefusalTest):
    def test_command_lines(self):
        missing, _, plain_file = self.paths()
        self.refuse_all(command_lines(missing, plain_file))

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


if __name__ == "__main__":
    unittest.main()
