#!/usr/bin/env python3
"""The layers of the sources: an #include points down, never up or sideways."""

import re
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
SOURCES = TOP / "src"

# Which folders, or single headers, a folder's files may include; "*" for all.
ALLOWED = {
    "main.c": {"*"},
    "app": {"*"},
    "pool": {"pool", "mpi", "core", "workloads/workload.h", "flags/flag.h", "schedules/schedule.h",
             "orders/order.h"},
    "probes": {"probes", "flags/flag.h", "mpi", "kernels", "core"},
    "workloads": {"workloads", "kernels", "core"},
    "flags": {"flags", "mpi", "core"},
    "schedules": {"schedules", "core"},
    "orders": {"orders", "core"},
    "formats": {"formats", "core"},
    "store": {"store", "core"},
    "statistics": {"statistics", "core", "kernels/philox.h"},
    "results": {"results", "statistics", "core", "formats/fields.h"},
    "charts": {"charts", "results", "statistics", "core"},
    "mpi": {"mpi", "core"},
    "kernels": {"kernels", "core"},
    "core": {"core"},
}

# What the plug-ins of a folder have in common: the kind's own header, and helpers of several.
SHARED_HEADERS = {
    "workloads": {"workload.h"},
    "flags": {"flag.h", "announcer.h", "node_limit.h", "kept_limit.h"},
    "schedules": {"schedule.h", "chunks.h"},
    "orders": {"order.h"},
    "formats": {"format.h", "fields.h", "measured.h", "measured_notes.h", "rank_tables.h"},
    "store": {"store.h"},
    "probes": {"probe.h", "diagnosis.h", "kinds.h", "start.h"},
    "charts": {"chart.h", "script.h", "series.h", "axes.h", "panels.h", "laws.h", "answer.h"},
}

MAY_USE_MPI = {"mpi", "pool", "flags", "probes", "main.c"}
MAY_PRINT = {"formats", "app", "main.c"}
GENERATED = {"git_version.h"}  # by the build
LONGEST = 400  # lines of a file in which one idea fits

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
PRINTS = re.compile(r"\b(?:(?:v?printf|puts|putchar)\s*\(|stdout\b)")
COMMENT_OR_STRING = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.DOTALL)


class Source:
    def __init__(self, path):
        self.path = path
        self.name = path.relative_to(SOURCES).as_posix()
        self.layer = self.name.split("/")[0]
        self.text = path.read_text(encoding="utf-8")
        self.code = COMMENT_OR_STRING.sub("", self.text)
        includes = INCLUDE.findall(self.text)
        self.system = [name for mark, name in includes if mark == "<"]
        self.own = [name for mark, name in includes if mark == '"']


def may_include(layer, header):
    allowed = ALLOWED[layer]
    return "*" in allowed or header in allowed or header.split("/")[0] in allowed


def other_plugins(source):
    """The headers of other plug-ins that a plug-in includes. kde.c and kde_data.c may share kde_data.h:
    a plug-in's own files begin with its name."""
    if source.layer not in SHARED_HEADERS:
        return []
    headers = [name.split("/")[1] for name in source.own if name.startswith(source.layer + "/")]
    plugin = source.path.stem.split("_")[0]
    return [header for header in headers if header not in SHARED_HEADERS[source.layer]
            and header.removesuffix(".h").split("_")[0] != plugin]


class Layers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sources = [Source(path) for path in sorted(SOURCES.rglob("*.[ch]"))]

    def expect_none(self, find, message):
        """find(source): what is wrong with a source, as a list."""
        wrong = {source.name: find(source) for source in self.sources}
        self.assertEqual({name: found for name, found in wrong.items() if found}, {}, message)

    def test_there_are_sources(self):
        self.assertGreater(len(self.sources), 50)
        self.assertEqual({source.layer for source in self.sources} - set(ALLOWED), set(),
                         "a new folder needs its place among the layers")

    def test_includes_point_down(self):
        self.expect_none(lambda source: [name for name in source.own
                                         if "/" in name and not may_include(source.layer, name)],
                         "an #include may only point to the layers below")

    def test_own_headers_are_named_from_the_top(self):
        # Otherwise the test above would not see where they lie.
        self.expect_none(lambda source: [name for name in source.own if name not in GENERATED
                                         and not (SOURCES / name).is_file()],
                         "write #include \"folder/header.h\"")

    def test_mpi_stays_where_it_belongs(self):
        self.expect_none(lambda source: [] if source.layer in MAY_USE_MPI else
                         [name for name in source.system + source.own if name == "mpi.h"] +
                         re.findall(r"\bMPI_\w+", source.code),
                         f"MPI is for {', '.join(sorted(MAY_USE_MPI))}")

    def test_plugins_do_not_include_one_another(self):
        self.expect_none(other_plugins, "plug-ins know nothing of one another")

    def test_kernels_do_no_input_or_output(self):
        self.expect_none(lambda source: [name for name in source.system
                                         if source.layer == "kernels" and name == "stdio.h"],
                         "kernels compute, others print")

    def test_results_are_printed_in_few_places(self):
        self.expect_none(lambda source: [] if source.layer in MAY_PRINT else
                         PRINTS.findall(source.code),
                         f"stdout is for {', '.join(sorted(MAY_PRINT))}")

    def test_files_are_short(self):
        files = [path for pattern in ("src/**/*.[ch]", "tests/**/*.[ch]", "tests/**/*.py")
                 for path in TOP.glob(pattern)]
        self.assertGreater(len(files), 300)
        lines = {path.relative_to(TOP).as_posix(): path.read_text(encoding="utf-8").count("\n")
                 for path in files}
        self.assertEqual({name: count for name, count in lines.items() if count > LONGEST}, {},
                         "a file that needs a table of contents is two files")


if __name__ == "__main__":
    unittest.main()
