#!/usr/bin/env python3
"""--flag redis, and the probes counter and flag with Redis, against true servers, each started here on a free port of the loopback interface.

PARBENCH names the program, TEST_FLAG the test of flags (tests/mpi/test_flag.c), MPIEXEC the launcher.
Where there is no redis-server, or the program was built without libhiredis, the exit code is 77.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROGRAM = os.environ.get("PARBENCH", str(HERE / "../../parbench"))
TEST_FLAG = os.environ.get("TEST_FLAG", str(HERE / "../../build/release/tests/test_flag"))
MPIEXEC = os.environ.get("MPIEXEC", "mpiexec")
PATIENCE = 600
LONG = ("sleep", "--tasks", "1e6", "--cost", "1ms")  # minutes of work
COMPOSITE = ("100109100129101027", "171656941")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A redis-server that lives as long as a `with`."""

    def __init__(self, *options):
        self.options = options
        self.folder = tempfile.TemporaryDirectory(prefix="parbench-redis-")
        self.start()

    def start(self):
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
             "--dir", self.folder.name, *self.options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __enter__(self):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.process.poll() is not None:
                self.start()  # somebody else has taken the port
            with contextlib.suppress(OSError):
                self.ask("PING")
                return self
            time.sleep(0.02)
        self.__exit__()
        raise RuntimeError("redis-server did not start")

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.folder.cleanup()

    def ask(self, *words):
        """The server's answer to one command: a text, a number, or a list of texts."""
        command = f"*{len(words)}\r\n" + "".join(f"${len(word)}\r\n{word}\r\n" for word in words)
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
            connection.sendall(command.encode())
            with connection.makefile("r", encoding="ascii", newline="\r\n") as answer:
                return read_answer(answer)

    def keys(self):
        return [key for key in self.ask("KEYS", "*") if key.startswith("parbench:")]

    def ranks(self):
        """Of the ranks that have asked for a flag, what the server knows of their connections."""
        clients = [dict(pair.split("=", 1) for pair in line.split() if "=" in pair)
                   for line in self.ask("CLIENT", "LIST").splitlines() if line.startswith("id=")]
        return [client for client in clients if client["cmd"] == "get"]


def read_answer(file):
    line = file.readline().rstrip("\r\n")
    kind, rest = line[:1], line[1:]
    if kind == "*":
        return [read_answer(file) for _ in range(int(rest))]
    if kind == "$":
        text = file.read(int(rest) + 2)[:-2] if int(rest) >= 0 else None
        return text
    return int(rest) if kind == ":" else line


def command(ranks, *arguments):
    return [MPIEXEC, "-n", str(ranks), "--oversubscribe", *map(str, arguments)]


def environment(**variables):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARBENCH_REDIS")}
    if os.geteuid() == 0:
        kept |= {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    return kept | variables


def run(ranks, *arguments, **variables):
    return subprocess.run(command(ranks, *arguments), env=environment(**variables), stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=PATIENCE)


class Redis(unittest.TestCase):
    def case(self, done):
        self.assertEqual(done.returncode, 0, done.stderr)
        (case,) = json.loads(done.stdout)["cases"]
        self.assertEqual(case["check"], "ok")
        return case

    def complaint(self, done, code):
        """The one line that the program said."""
        lines = [line for line in done.stderr.splitlines() if line.startswith("parbench: ")]
        self.assertEqual((done.returncode, done.stdout, len(lines)), (code, "", 1), done.stderr)
        return lines[0]

    def expect(self, line, *words):
        for word in words:
            self.assertIn(word, line)

    @contextlib.contextmanager
    def under_way(self, server, ranks, *arguments, ready):
        """The program, when it is `ready` or has ended. On leaving, it must end by itself."""
        with subprocess.Popen(command(ranks, PROGRAM, *arguments, "--redis", server.address), env=environment(),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True) as job:
            try:
                end = time.monotonic() + PATIENCE
                while not ready() and job.poll() is None and time.monotonic() < end:
                    time.sleep(0.02)
                job.done = None
                yield job
                out, err = job.communicate(timeout=PATIENCE)
                job.done = subprocess.CompletedProcess(job.args, job.returncode, out, err)
            finally:
                job.kill()

    def long_job(self, server, ranks, others=0):
        return self.under_way(server, ranks, *LONG, "--flag", "redis",
                              ready=lambda: len(server.ranks()) >= ranks + others)

    def long_count(self, server, increments):
        """Three ranks that have counted to some hundreds."""
        def counted():
            return sum(int(server.ask("GET", key) or 0) for key in server.keys())

        return self.under_way(server, 3, "counter", "--kind", "redis", "--increments", increments,
                              ready=lambda: counted() > 100)

    def test_every_way_to_lower(self):
        with Server() as server:
            for ranks in 1, 2, 3, 8, 32:
                with self.subTest(ranks=ranks):
                    done = run(ranks, TEST_FLAG, 0.3, "redis", PARBENCH_REDIS=server.address)
                    self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                    self.assertIn("redis, by_all_at_once", done.stdout)
                    self.assertEqual(server.keys(), [])

    def test_same_answer_and_nothing_left(self):
        with Server() as server:
            n, factor = COMPOSITE
            options = "isprime", n, "--format", "json", "--flag"
            case = self.case(run(4, PROGRAM, *options, "redis", "--redis", server.address))
            self.assertEqual(case["answer"], {"n": n, "prime": False, "factor": factor})
            self.assertEqual(case["options"]["flag"], "redis")
            self.assertIn("stop_seconds", case["run"])
            alone = self.case(run(1, PROGRAM, *options, "none"))
            self.assertEqual(case["answer"], alone["answer"])
            self.assertEqual(server.keys(), [])

    def test_the_key_is_unique_and_expires(self):
        with Server() as server:
            with self.long_job(server, 2) as one, self.long_job(server, 2, others=2) as other:
                keys = server.keys()
                self.assertEqual(len(set(keys)), 2, keys)
                for key in keys:
                    seconds = server.ask("TTL", key)
                    self.assertTrue(0 < seconds <= 3600, seconds)
                server.process.kill()
            for job in one, other:
                self.expect(self.complaint(job.done, 1), "redis at")

    def test_password(self):
        n, factor = COMPOSITE
        job = PROGRAM, "isprime", n, "--format", "json", "--flag", "redis"
        with Server("--requirepass", "open sesame") as server, tempfile.NamedTemporaryFile("w") as file:
            print("open sesame", file=file, flush=True)
            for variables in {"PARBENCH_REDIS_PASSWORD": "open sesame"}, {"PARBENCH_REDIS_PASSWORD_FILE": file.name}:
                with self.subTest(variables=variables):
                    case = self.case(run(3, *job, PARBENCH_REDIS=server.address, **variables))
                    self.assertEqual(case["answer"]["factor"], factor)
            where = {"PARBENCH_REDIS": server.address}
            line = self.complaint(run(3, *job, **where), 2)
            self.expect(line, server.address, "NOAUTH", "set PARBENCH_REDIS_PASSWORD")
            line = self.complaint(run(3, *job, **where, PARBENCH_REDIS_PASSWORD="mellon"), 2)
            self.expect(line, server.address, "WRONGPASS", "see PARBENCH_REDIS_PASSWORD")
            self.assertNotIn("mellon", line)
            line = self.complaint(run(3, *job, **where, PARBENCH_REDIS_PASSWORD_FILE="/nowhere/file"), 2)
            self.expect(line, "PARBENCH_REDIS_PASSWORD_FILE", "/nowhere/file", "No such file")
            line = self.complaint(run(3, *job, **where, PARBENCH_REDIS_PASSWORD_FILE="/dev/null"), 2)
            self.expect(line, "PARBENCH_REDIS_PASSWORD_FILE", "/dev/null", "empty")
            line = self.complaint(run(3, *job, **where, PARBENCH_REDIS_PASSWORD="x",
                                      PARBENCH_REDIS_PASSWORD_FILE=file.name), 2)
            self.expect(line, "both set")
            line = self.complaint(run(3, *job, **where, PARBENCH_REDIS_PASSWORD="x" * 600), 2)
            self.expect(line, "longer than")

    def test_no_server(self):
        job = PROGRAM, *LONG, "--flag", "redis"
        nobody = f"127.0.0.1:{free_port()}"
        self.expect(self.complaint(run(3, *job, "--redis", nobody), 2), nobody, "refused")
        self.expect(self.complaint(run(3, *job), 2), "--redis HOST:PORT", "PARBENCH_REDIS")
        self.expect(self.complaint(run(3, *job, PARBENCH_REDIS="here"), 2), "PARBENCH_REDIS", "'here'", "HOST:PORT")
        self.expect(self.complaint(run(3, *job, "--redis", "no.such.host.invalid:6379"), 2),
                    "no.such.host.invalid:6379")

    def test_what_is_no_server(self):
        for text in "localhost", "localhost:", ":6379", "localhost:0", "localhost:65536", "localhost:6k", "a:b:1", "[]:1":
            with self.subTest(text=text):
                line = self.complaint(run(2, PROGRAM, *LONG, "--flag", "redis", "--redis", text), 2)
                self.expect(line, "--redis", f"'{text}'", "HOST:PORT")
        line = self.complaint(run(2, PROGRAM, *LONG, "--redis", "localhost:6379"), 2)
        self.expect(line, "--redis", "--flag redis")

    def test_another_kind_of_server(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            def answer():
                connection, _ = listener.accept()
                with connection:
                    connection.recv(100)
                    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            threading.Thread(target=answer, daemon=True).start()
            address = "127.0.0.1:%d" % listener.getsockname()[1]
            line = self.complaint(run(1, PROGRAM, *LONG, "--flag", "redis", "--redis", address), 2)
            self.expect(line, address, "Protocol error")

    def test_the_server_dies(self):
        with Server() as server:
            with self.long_job(server, 4) as job:
                server.process.kill()
            line = self.complaint(job.done, 1)
            self.expect(line, "rank ", f" on {socket.gethostname()}: redis at {server.address}", "connection is lost")

    def test_one_rank_loses_its_connection(self):
        with Server() as server:
            with self.long_job(server, 4) as job:
                ranks = server.ranks()
                self.assertEqual(len(ranks), 4, ranks)
                server.ask("CLIENT", "KILL", "ID", ranks[-1]["id"])  # just one: the last to connect
            self.expect(self.complaint(job.done, 1), "rank ", "redis at", "connection")

    def test_the_server_falls_silent(self):
        with Server() as server:
            with self.long_job(server, 3) as job:
                os.kill(server.process.pid, signal.SIGSTOP)
            self.expect(self.complaint(job.done, 1), "rank ", "redis at", "no answer for 10 s")
            done = run(2, PROGRAM, *LONG, "--flag", "redis", "--redis", server.address)
            self.expect(self.complaint(done, 2), server.address, "no answer for 10 s")

    def test_ranks_may_look_rarely(self):
        # Longer between two looks than the server may take to answer.
        with Server() as server:
            self.case(run(2, PROGRAM, "sleep", "--tasks", 6, "--cost", "10.2s", "--flag", "redis", "--redis", server.address,
                          "--format", "json"))

    def test_the_server_refuses_to_write(self):
        with Server("--maxmemory", "1") as server:
            done = run(2, PROGRAM, *LONG, "--flag", "redis", "--redis", server.address)
            self.expect(self.complaint(done, 1), server.address, "OOM")

    def probe(self, ranks, *arguments):
        done = run(ranks, PROGRAM, *arguments, "--format", "json")
        return self.case(done)["run"]

    def test_counter(self):
        with Server() as server:
            for ranks in 1, 3, 8:
                facts = self.probe(ranks, "counter", "--kind", "redis", "--redis", server.address, "--increments", 300)
                self.assertEqual((facts["kind"], facts["safe"], facts["counted"], facts["lost"]),
                                 ("redis", True, 300 * ranks, 0))
            facts = self.probe(2, "counter", "--redis", server.address, "--increments", 50)["kinds"][-1]
            self.assertEqual((facts["kind"], facts["counted"], facts["lost"]), ("redis", 100, 0))
            self.assertEqual(server.keys(), [])

    def test_counts_that_are_lost_are_noticed(self):
        with Server() as server:
            for increments in 20000, 200000, 2000000:  # so many that they had not ended before the look at them
                with self.long_count(server, increments) as job:
                    keys = server.keys()
                    seconds = [server.ask("TTL", key) for key in keys]
                    deleted = sum(server.ask("DEL", key) for key in keys)
                if deleted > 0:
                    break
            self.assertEqual((len(keys), deleted), (1, 1))
            self.assertTrue(0 < seconds[0] <= 86400, seconds)
            self.assertEqual(job.done.returncode, 1, job.done.stderr)
            self.assertRegex(job.done.stdout, rf"failed: redis LOST \d+ of {3 * increments}")
            self.assertEqual(server.keys(), [])

    def test_the_server_dies_while_they_count(self):
        with Server() as server:
            with self.long_count(server, "1e9") as job:
                server.process.kill()
            line = self.complaint(job.done, 1)
            self.expect(line, f"redis at {server.address}", "connection is lost")

    def test_flag_probe(self):
        with Server() as server:
            for ranks in 1, 4:
                facts = self.probe(ranks, "flag", "--kind", "redis", "--redis", server.address, "--repeat", 10)
                self.assertEqual((facts["kind"], facts["ranks"]), ("redis", ranks))
                self.assertTrue(facts["poll_ns"] > 0 and facts["raise_to_stop_seconds"] > 0)
            kinds = {kind["kind"]: kind for kind in
                     self.probe(2, "flag", "--redis", server.address, "--repeat", 3)["kinds"]}
            self.assertGreater(kinds["redis"]["poll_ns"], 0)
            self.assertEqual(server.keys(), [])

    def test_the_server_dies_while_they_poll(self):
        with Server() as server:
            with self.under_way(server, 3, "flag", "--kind", "redis", "--repeat", "1e6",
                                ready=lambda: len(server.ranks()) >= 3) as job:
                server.process.kill()
            self.expect(self.complaint(job.done, 1), f"redis at {server.address}", "connection is lost")

    def test_probes_without_a_server(self):
        nobody = f"127.0.0.1:{free_port()}"
        for probe in "counter", "flag":
            for options in (("--kind", "redis"), ()):  # who names a server wants it, also among all kinds
                line = self.complaint(run(2, PROGRAM, probe, *options, "--redis", nobody), 2)
                self.expect(line, f"{probe}: ", nobody, "refused")
            line = self.complaint(run(2, PROGRAM, probe, "--kind", "redis"), 2)
            self.expect(line, f"{probe}: ", "--redis HOST:PORT", "PARBENCH_REDIS")


if __name__ == "__main__":
    if shutil.which("redis-server") is None:
        print("test_redis.py: not possible here: there is no redis-server (Debian: redis-server)", file=sys.stderr)
        sys.exit(77)
    if "no `--flag redis`" in subprocess.run([PROGRAM, "--version"], capture_output=True, text=True).stdout:
        print("test_redis.py: not possible here: the program was built without libhiredis", file=sys.stderr)
        sys.exit(77)
    unittest.main()
