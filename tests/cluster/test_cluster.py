"""parbench over several hosts, joined by TCP: pretend ones (pretend_cluster.sh), nothing else is pretended.

PARBENCH names the program. Where this machine does not allow pretend hosts, the exit code is 77.
"""

import json
import os
import shutil
import subprocess
import sys
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
HOSTS = 3
RANKS = 5  # two on node1, two on node2, one on node3
# isprime's number, scattered over three ranks or five, and its factor: the first divisors but a few of the
# third rank, on node3 when there is one a host, and of the fourth, the second one on node2. Beyond 64 bits
# all the others' divisors take half a second.
FOUND_ON_NODE3 = "24010800252000000058026100609", "2000900021"
FOUND_ON_NODE2 = "21610800492000000052226101189", "1800900041"
SAMPLE = os.path.join(HERE, "..", "data", "gauss2d-seed123.csv")
PARBENCH = os.environ.get("PARBENCH", os.path.join(HERE, "..", "..", "parbench"))
CLUSTER = os.environ.get("PRETEND_CLUSTER")
OWN = os.environ.get("TMPDIR")  # in the cluster: another folder on each host, at the same path
PASSED_ON = ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS")


def run(command):
    return subprocess.run(command, capture_output=True, text=True, timeout=600)


def alone(*arguments):
    """The document of one process on one host."""
    done = run([PARBENCH, *arguments, "--format", "json"])
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def start(*arguments, options=("-np", str(RANKS))):
    """parbench over all hosts."""
    variables = [word for name in PASSED_ON if name in os.environ for word in ("-x", name)]
    return run(["mpirun", *options, *variables, PARBENCH, *arguments])


def on(host, command):
    """A shell's command line on one host."""
    subprocess.run([os.path.join(CLUSTER, "on"), host, command], check=True, timeout=600)


class Cluster(unittest.TestCase):
    def document(self, *arguments, **more):
        done = start(*arguments, "--format", "json", **more)
        self.assertEqual(done.returncode, 0, done.stderr)
        document = json.loads(done.stdout)
        self.assertEqual([case["check"] for case in document["cases"]], ["ok"])
        return document

    def complaint(self, code, *arguments):
        """The one line that parbench said, of whichever rank, beside what mpirun says."""
        done = start(*arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stdout, "")
        lines = [line for line in done.stderr.splitlines() if line.startswith("parbench: ")]
        self.assertEqual(len(lines), 1, done.stderr)
        return lines[0]

    def assert_same_answer(self, *arguments):
        document = self.document(*arguments)
        expected = alone(*arguments)
        self.assertEqual(document["cases"][0]["answer"], expected["cases"][0]["answer"])
        self.assertEqual(document["environment"]["hosts"], HOSTS)
        self.assertEqual(document["environment"]["ranks"], RANKS)
        # The cores of every host count, whether or not other hosts pretend to have the same ones.
        self.assertEqual(document["environment"]["cores"], HOSTS * expected["environment"]["cores"])
        return document

    def test_pi(self):
        self.assert_same_answer("pi", "--samples", "1e6")

    def test_primes(self):
        self.assert_same_answer("primes", "100000000", "101000000", "--sum")

    def test_every_dispatcher(self):
        for dispatch in "node", "master", "rma", "scatter":
            with self.subTest(dispatch=dispatch):
                self.assert_same_answer("primes", "100000000", "101000000", "--sum", "--dispatch", dispatch)
                self.assert_same_answer("sleep", "--tasks", "60", "--cost", "uniform:3ms", "--dispatch", dispatch)

    def test_kde(self):
        for split in "samples", "widths":
            with self.subTest(split=split):
                self.assert_same_answer("kde", "--data", SAMPLE, "--widths", "0.1:1.2:0.1",
                                        "--at", "-1:1:n5,-1:1:n5", "--split", split)

    def test_array_is_split_over_hosts(self):
        for fill in "rank", "random":
            with self.subTest(fill=fill):
                # 1003 rows for two ranks on each of two hosts and one on the third: 201 or 200 a rank.
                document = self.assert_same_answer("array", "--rows", "1003", "--cols", "10001", "--fill", fill)
                facts = document["cases"][0]["run"]
                self.assertEqual([row["rows"] for row in facts["per_rank"]], [201, 201, 201, 200, 200])
                # The largest share of a node: its two ranks' rows, once.
                one_copy = 402 * 10001 * 8
                self.assertLess(facts["bytes_per_node"], 1.02 * one_copy + 1e6)
                self.assertGreater(facts["bytes_per_node"], 0.99 * one_copy)

    def test_array_of_ranks_dealt_over_hosts(self):
        # Rank 0 and 3 on one host, 1 and 4 on the next: neighbours on a host have no neighbouring numbers.
        arguments = "array", "--rows", "99", "--cols", "1001", "--fill", "random"
        document = self.document(*arguments, options=("-np", str(RANKS), "--map-by", "node"))
        self.assertEqual(document["cases"][0]["answer"], alone(*arguments)["cases"][0]["answer"])
        lookers = {row["rank"]: row["counted_by"] for row in document["cases"][0]["run"]["per_rank"]}
        self.assertEqual(lookers, {0: 3, 3: 0, 1: 4, 4: 1, 2: 2})

    def test_array_too_large_for_one_host(self):
        on("node2", "mount -t tmpfs -o size=24m shm /dev/shm")
        try:
            line = self.complaint(1, "array", "--rows", "1000", "--cols", "10000")
            self.assertRegex(line, "--rows, --cols: the array needs 30.5 MiB of shared memory, and /dev/shm on "
                                   "node2 has .* MiB free .*: give fewer")
        finally:
            on("node2", "umount -l /dev/shm")

    def expect_early_exit(self, n, factor, *arguments, most=0.35e9, options=("-np", str(RANKS))):
        # The find comes at once. Without early exit 0.45e9 divisors or more would be tried; a host that stands
        # still before its news is out makes it many more now and then.
        for _ in range(5):
            if (tried := self.early_exit(n, factor, *arguments, options=options)) < most:
                break
        self.assertLess(tried, most)

    def early_exit(self, n, factor, *arguments, options):
        """How many divisors were tried."""
        document = self.document("isprime", n, "--limit", "3e9", "--dispatch", "scatter", *arguments, options=options)
        self.assertEqual(document["environment"]["hosts"], HOSTS)
        case = document["cases"][0]
        self.assertEqual(case["answer"]["factor"], factor)
        # The hosts' clocks are 1000 s apart.
        self.assertGreater(case["run"]["stop_seconds"], 0)
        self.assertLess(case["run"]["stop_seconds"], 500)
        return case["run"]["candidates"]

    def test_early_exit_crosses_hosts(self):
        for flag in "auto", "ibcast", "rma", "server":
            with self.subTest(flag=flag):
                self.expect_early_exit(*FOUND_ON_NODE3, "--flag", flag,
                                       options=("-np", str(HOSTS), "--map-by", "node"))
                # One-sided operations over TCP take many turns of rank 0's, each late on a busy machine;
                # without early exit it would be 0.55e9 here.
                self.expect_early_exit(*FOUND_ON_NODE2, "--flag", flag, most=0.53e9 if flag == "rma" else 0.35e9)

    def test_window_refuses_several_hosts(self):
        line = self.complaint(2, "isprime", "9000000038661769141", "--flag", "window")
        self.assertIn("ranks are on 3: accepted are auto", line)

    def test_early_exit_by_redis(self):
        if shutil.which("redis-server") is None:
            self.skipTest("there is no redis-server (Debian: redis-server)")
        if "no `--flag redis`" in run([PARBENCH, "--version"]).stdout:
            self.skipTest("the program was built without libhiredis")
        # On the second host, so that no rank has it at home by chance. Only rank 0 knows the password.
        server = subprocess.Popen([os.path.join(CLUSTER, "on"), "node2", "exec redis-server --port 7777 --save '' "
                                   "--protected-mode no --requirepass sesame"], stdout=subprocess.DEVNULL)
        try:
            end = time.monotonic() + 60
            while run([os.path.join(CLUSTER, "on"), "node1", "exec 3<>/dev/tcp/node2/7777"]).returncode != 0:
                self.assertLess(time.monotonic(), end, "redis-server did not start")
                time.sleep(0.05)
            os.environ["PARBENCH_REDIS_PASSWORD"] = "sesame"
            self.expect_early_exit(*FOUND_ON_NODE2, "--flag", "redis", "--redis", "node2:7777")
            del os.environ["PARBENCH_REDIS_PASSWORD"]
        finally:
            server.kill()
            server.wait()

    def test_counters_cross_hosts(self):
        for kind in "server", "fetch-and-op", "win-lock":
            with self.subTest(kind=kind):
                (case,) = self.document("counter", "--kind", kind, "--increments", "40")["cases"]
                self.assertEqual((case["run"]["counted"], case["run"]["lost"]), (40 * RANKS, 0))

    def test_counters_that_need_one_host(self):
        for kind in "window", "window-lock", "atomic":
            self.assertIn(f"--kind: {kind} needs memory", self.complaint(2, "counter", "--kind", kind))
        line = self.complaint(2, "counter", "--kind", "file-lock")
        self.assertRegex(line, "rank 2 on node2: --file: .* path that all hosts share")
        # In a folder of that name that each host has for itself, too; and when node2 has such a file.
        path = os.path.join(OWN, "count")
        on("node2", f"echo '00000000000000000000 1234567890123456' >'{path}'")
        self.assertIn("rank 2 on node2: --file: ", self.complaint(2, "counter", "--kind", "file-lock", "--file", path))
        kinds = self.document("counter", "--increments", "5")["cases"][0]["run"]["kinds"]
        self.assertEqual([kind["kind"] for kind in kinds if "left_out" not in kind],
                         ["fetch-and-op", "win-lock", "server"])

    def test_counters_in_a_shared_file(self):
        # (All hosts see this host's other folders.)
        path = f"/var/tmp/parbench-count-{os.getpid()}"
        (case,) = self.document("counter", "--kind", "file-lock", "--increments", "100", "--file", path)["cases"]
        self.assertEqual((case["run"]["counted"], case["run"]["lost"]), (100 * RANKS, 0))
        self.assertFalse(os.path.exists(path))

    def test_flags_are_timed_across_hosts(self):
        (case,) = self.document("flag", "--repeat", "5")["cases"]
        kinds = {kind["kind"]: kind for kind in case["run"]["kinds"]}
        self.assertIn("one node", kinds["window"]["left_out"])
        for kind in "auto", "ibcast", "server":
            # The hosts' clocks are 1000 s apart.
            self.assertLess(kinds[kind]["raise_to_stop_max_seconds"], 500)
            self.assertGreater(kinds[kind]["raise_to_stop_seconds"], 0)

    def doctor(self, *options):
        """What the doctor says of a launch, and its problems by kind but for those that others on this
        machine cause; the pretended hosts share its cores."""
        done = start("doctor", "--format", "json", options=(*options, "-np", str(RANKS)))
        self.assertIn(done.returncode, (0, 1), done.stderr)
        (case,) = json.loads(done.stdout)["cases"]
        problems = case["answer"]["problems"]
        self.assertEqual(done.returncode, 1 if problems else 0)
        return case, {problem["kind"]: problem for problem in problems
                      if problem["kind"] not in ("busy-core", "slow-core", "slow-node")}

    def test_doctor_names_hosts_and_their_ways(self):
        case, problems = self.doctor()
        self.assertEqual([process["host"] for process in case["answer"]["processes"]],
                         ["node1", "node1", "node2", "node2", "node3"])
        hosts = case["run"]["by_host"]
        self.assertEqual([(host["host"], host["ranks"]) for host in hosts],
                         [("node1", 2), ("node2", 2), ("node3", 1)])
        # Their clocks are 1000 s apart, which is measured and does no harm; the time of day is the same.
        for host, ahead in zip(hosts, (0, -1000, -2000)):
            self.assertAlmostEqual(host["clock_ahead_s"], ahead, delta=0.1)
            self.assertAlmostEqual(host["time_of_day_ahead_s"], 0, delta=0.1)
        self.assertEqual([(path["path"], path["transport"], path["to"]) for path in case["run"]["messages"]],
                         [("within a host", "vader", 1), ("between hosts", "tcp", 2)])
        self.assertEqual(problems, {})

    def test_doctor_finds_little_shared_memory(self):
        on("node2", "mount -t tmpfs -o size=24m shm /dev/shm")
        try:
            case, problems = self.doctor()
        finally:
            on("node2", "umount -l /dev/shm")
        self.assertEqual(set(problems), {"shared-memory"})
        self.assertEqual(problems["shared-memory"]["host"], "node2")
        self.assertLess(case["run"]["by_host"][1]["shm_mib"], 24)
        self.assertGreater(case["run"]["by_host"][0]["shm_mib"], 900)

    def test_no_shared_memory_at_all_is_told(self):
        on("node2", "mount -t tmpfs -o size=16k shm /dev/shm")
        try:
            self.assertRegex(self.complaint(1, "doctor"), "parbench: rank [0-9]+ on node2: every launch needs 3[0-9.]+ KiB of "
                             "shared memory, and /dev/shm on node2 has 1[0-9.]+ KiB free .*remount")
        finally:
            on("node2", "umount -l /dev/shm")

    def test_doctor_finds_that_one_sided_operations_fail(self):
        # Debian's default, taken by the user.
        case, problems = self.doctor("--mca", "osc", "^ucx,pt2pt")
        self.assertEqual(set(problems), {"one-sided"})
        self.assertIn("does not work between these ranks with osc = ^ucx,pt2pt", problems["one-sided"]["problem"])
        self.assertFalse(case["run"]["one_sided"])

    def test_data_is_read_on_the_first_host_only(self):
        copy = os.path.join(OWN, "sample.csv")
        on("node1", f"cp '{SAMPLE}' '{copy}'")
        arguments = "kde", "--data", copy, "--widths", "0.5"
        self.assert_same_answer(*arguments)

    def test_bad_data_on_the_first_host_ends_all(self):
        path = os.path.join(OWN, "bad.csv")
        on("node1", f"printf '1,2\\n3,x\\n' >'{path}'")
        on("node2", f"printf '1,2\\n3,4\\n' >'{path}'")
        line = self.complaint(2, "kde", "--data", path, "--widths", "0.5")
        self.assertIn("bad.csv: line 2", line)

    def test_bad_option_is_named_once(self):
        line = self.complaint(2, "pi", "--samples", "1e6x")
        self.assertIn("--samples", line)

    def test_one_copy_a_host_and_too_little_shared_memory(self):
        # 32 MB of data for two ranks: in 48 MB fits one copy, and not two.
        arguments = "kde", "--normal", "2e6,2", "--widths", "0.5"
        on("node2", "mount -t tmpfs -o size=48m shm /dev/shm")
        try:
            self.document(*arguments)
        finally:
            on("node2", "umount -l /dev/shm")
        on("node2", "mount -t tmpfs -o size=24m shm /dev/shm")
        try:
            line = self.complaint(1, *arguments)
            self.assertRegex(line, "needs 30.5 MiB of shared memory, and /dev/shm on node2 has")
        finally:
            on("node2", "umount -l /dev/shm")


if __name__ == "__main__":
    if CLUSTER is None:
        script = os.path.join(HERE, "pretend_cluster.sh")
        os.execv(script, [script, str(HOSTS), sys.executable, "-B", os.path.abspath(__file__),
                          *sys.argv[1:]])
    unittest.main()
