"""What the command line's tests share: running parbench, and looking at what it said.

The environment names the program (PARBENCH) and the launcher (MPIEXEC); without them the ./parbench at
the top of the tree and the mpiexec on the path are taken, so that a test file can be run by hand.
"""

import functools
import json
import os
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROGRAM = str(Path(os.environ.get("PARBENCH", HERE / "../../parbench")).resolve())
MPIEXEC = os.environ.get("MPIEXEC", "mpiexec")
SAMPLE = str(HERE / "../data/gauss2d-seed123.csv")

# Sanitizers slow everything down; the machine may be busy too. A command that needs longer hangs.
SANITIZED = "ASAN_OPTIONS" in os.environ
PATIENCE = 600 * (2 if SANITIZED else 1)


def run(*arguments, ranks=None, patience=PATIENCE, folder=None, stdout=subprocess.PIPE, **variables):
    """Run parbench, under mpiexec when `ranks` is given. `variables` are added to the environment."""
    environment = dict(os.environ, **variables)
    command = [PROGRAM, *map(str, arguments)]
    if ranks is not None:
        command = [MPIEXEC, "-n", str(ranks), "--oversubscribe", *command]
        if os.geteuid() == 0:
            environment.setdefault("OMPI_ALLOW_RUN_AS_ROOT", "1")
            environment.setdefault("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1")
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE,
                          encoding="utf-8", errors="surrogateescape", cwd=folder, env=environment,
                          timeout=patience)


def run_all(commands, **settings):
    """Run several commands, each a tuple of arguments. A few at a time: most of a short run is MPI
    waiting for its own start."""
    with ThreadPoolExecutor(4) as threads:
        return list(threads.map(lambda command: run(*command, **settings), commands))


def children_of(pid):
    """The processes that `pid` started and that run parbench."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            program = os.readlink(folder / "exe")
        except (OSError, IndexError):
            continue  # it has ended meanwhile
        if parent == pid and program == PROGRAM:
            found.append(int(folder.name))
    return found


def answers_text(document):
    """The answer of every case, byte for byte as it stands in the JSON document."""
    texts = []
    for part in document.split('"answer": ')[1:]:
        _, end = json.JSONDecoder().raw_decode(part)
        texts.append(part[:end])
    return texts


def pieces_of_terminal(master):
    """What is written to a terminal, as it comes, until the other end is closed; then this one is too."""
    while True:
        try:
            piece = os.read(master, 4096)
        except OSError:  # the other end is closed
            piece = b""
        if not piece:
            os.close(master)
            return
        yield piece


@functools.cache
def have_sieve():
    """Was libprimesieve there when the program was built?"""
    return "no `primes --kernel sieve`" not in run("--version").stdout


class CommandTest(unittest.TestCase):
    """A test with a folder of its own, and the usual looks at a finished command."""

    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="parbench-cli-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, name, content):
        """Make a file in the test's folder; its path."""
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def undisturbed(self, attempt, tries=5):
        """The result of `attempt`, which may also fail because the machine stood still meanwhile: of the first try
        that does not."""
        for _ in range(tries - 1):
            try:
                return attempt()
            except AssertionError as error:
                print(f"once more, after: {error}", file=sys.stderr)
        return attempt()

    def succeeded(self, done):
        """The stdout of what must have ended well and quietly."""
        self.assertEqual((done.returncode, done.stderr), (0, ""), f"{done.args}\n{done.stdout}")
        return done.stdout

    def succeed(self, *arguments, **settings):
        return self.succeeded(run(*arguments, **settings))

    def cases_of(self, done):
        """The cases of a JSON result, each of them found right by the program itself."""
        cases = json.loads(self.succeeded(done))["cases"]
        for case in cases:
            self.assertEqual(case["check"], "ok", case)
        return cases

    def cases(self, *arguments, **settings):
        return self.cases_of(run(*arguments, "--format", "json", **settings))

    def answer(self, *arguments, **settings):
        """The answer of the only case."""
        (case,) = self.cases(*arguments, **settings)
        return case["answer"]

    def answers(self, commands, **settings):
        """The answers of several commands with one case each."""
        commands = [(*command, "--format", "json") for command in commands]
        return [self.cases_of(done)[0]["answer"] for done in run_all(commands, **settings)]
