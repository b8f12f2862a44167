#!/usr/bin/env python3
"""Bad values: how a whole number, a list of widths and a cost can be wrong."""

import re
import unittest

from common import run
from refusal import HUGE, NOT_A_COST, NOT_A_NUMBER, NOT_WHOLE, TOO_LARGE, RefusalTest

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
BAD_COSTS = (
    ("", "empty"),
    ("1", "has no unit: accepted are times such as 1s,"),
    ("0", "has no unit: accepted are times such as 0s,"),
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
    ("uniform:1", "has no unit: accepted are times such as 1s,"),
    ("gauss:1", NOT_A_COST),
    ("UNIFORM:1ms", NOT_A_COST),
    ("gauss:1ms", NOT_A_COST),
    (":1ms", NOT_A_COST),
    ("1ms:uniform", NOT_A_COST),
    ("uniform:bimodal:1ms", NOT_A_COST),
    ("1e7s", TOO_LARGE),
    ("1e400s", TOO_LARGE),
    ("bimodal:1e300min", TOO_LARGE),
)

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

# How a time can be wrong, as --max-time.
NOT_A_TIME = "is not a time"
BAD_TIMES = (
    ("8", "has no unit: accepted are times such as 8s,"),
    ("0.5", "has no unit: accepted are times such as 0.5s,"),
    ("soon", NOT_A_TIME),
    ("8 s", NOT_A_TIME),
    ("8h", NOT_A_TIME),
    ("-8s", NOT_A_TIME),
    ("1e400s", TOO_LARGE),
)


class BadValues(RefusalTest):
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

    def test_times(self):
        self.refuse_all([(("measure", "pi", "--samples", HUGE, "--max-time", text),
                          ("--max-time", f"'{text}'", complaint)) for text, complaint in BAD_TIMES])

    def test_the_time_that_a_refusal_suggests_is_accepted(self):
        measure = ("measure", "noop", "--tasks", 1, "--rel", "100%", "--max-time")
        suggested = re.search("such as ([^ ,]+)", run(*measure, "0.05").stderr).group(1)
        self.assertEqual(suggested, "0.05s")
        self.succeed(*measure, suggested)


if __name__ == "__main__":
    unittest.main()
