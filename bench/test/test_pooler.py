"""bench/pooler: what it reads from pgbench and /proc, what it refuses, and what it reports."""

import contextlib
import dataclasses
import io
import os
import sys
import unittest

BENCH = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, BENCH)

import figures  # noqa: E402  (found by the path above)
from scripts import load as script  # noqa: E402


pooler = script("pooler")

OUTPUT = """\
began at 100.5
at work at 111.0
ended at 121.0
pgbench (15.20 (Debian 15.20-0+deb12u1))
transaction type: /tmp/transaction.sql
number of transactions actually processed: 11008
number of failed transactions: 3 (0.027%)
latency average = 17.811 ms
initial connection time = 10152.173 ms
tps = 1116.959160 (without initial connection time)
"""

NOTHING = {"pgbench": 0.0, "pgbouncer": 0.0, "postgres": 0.0}


def used(pgbench, pgbouncer, postgres):
    return {"pgbench": pgbench, "pgbouncer": pgbouncer, "postgres": postgres}


def of(clients, **changes):
    result = pooler.Round(
        clients=clients, committed=1000, failed=0, rate=100.0, login=10.0, at_login=used(50, 10, 2),
        at_work=used(0.1, 0.2, 0.3), work=10.0, most=25, rows=1000, served=clients)
    return dataclasses.replace(result, **changes)


class ParsedTest(unittest.TestCase):
    def parsed(self, looks):
        return pooler.parsed(20, OUTPUT, looks, most=20, rows=11008, served=20)

    def test_reads_what_pgbench_says(self):
        result = self.parsed([(99.0, NOTHING)])
        self.assertEqual((result.committed, result.failed, result.rate), (11008, 3, 1116.95916))
        self.assertAlmostEqual(result.login, 10.152173)
        self.assertEqual(result.work, 10)

    def test_tells_the_cpu_time_of_logging_in_from_that_of_the_work(self):
        looks = [(100.0, used(1, 2, 3)), (110.5, used(51, 12, 6)), (111.0, used(52, 12, 7)), (120.9, used(54, 15, 11)),
                 (121.5, used(60, 20, 20))]
        result = self.parsed(looks)
        self.assertEqual(result.at_login, used(50, 10, 3))
        self.assertEqual(result.at_work, used(2, 3, 4))

    def test_shows_what_pgbench_says_where_it_has_no_figures(self):
        with self.assertRaises(SystemExit) as refused:
            pooler.parsed(20, "began at 1\nat work at 2\nended at 3\npgbench: error: no\n", [(0, NOTHING)], 1, 1, 1)
        self.assertIn("pgbench says:\nbegan at 1", str(refused.exception))
        self.assertIn("pgbench: error: no\n  fix: fix what it reports", str(refused.exception))


class CpuTest(unittest.TestCase):
    def test_reads_names_with_blanks_and_parentheses(self):
        self.assertEqual(
            pooler.cpu("7 (a (b) c) S 1 7 7 0 -1 4194560 310 0 0 0 21 4 0 0 20 0 1 0 3100 1 1\n"), ("a (b) c", 25))

    def test_counts_from_the_first_look_where_none_is_before_the_beginning(self):
        looks = [(100.0, used(1, 1, 1)), (110.0, used(2, 3, 4))]
        self.assertEqual(pooler.between(looks, 90, 120), used(1, 2, 3))


class ProblemsTest(unittest.TestCase):
    def test_accepts_what_is_complete(self):
        self.assertEqual(pooler.problems(of(20), 25), [])

    def test_names_everything_that_is_wrong(self):
        self.assertEqual(
            pooler.problems(of(20, failed=2, rows=998, served=19, most=26), 25),
            ["2 transactions failed",
             "1000 transactions were committed, but the rows add up to 998",
             "19 of 20 clients committed something",
             "PostgreSQL has had 26 connections of the role; 25 are allowed"])

    def test_distrusts_a_watch_that_saw_no_connection(self):
        self.assertEqual(pooler.problems(of(20, most=0), 25), ["PostgreSQL has had 0 connections of the role; 25 are allowed"])


class VerifierTest(unittest.TestCase):
    def test_has_the_keys_of_the_standards_example(self):
        """The exchange of RFC 7677."""
        salt = bytes.fromhex("5b6d99689d12358eec a04b 1412 36fa81".replace(" ", ""))
        self.assertEqual(
            pooler.verifier("pencil", salt, 4096),
            "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="
            ":wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=")


class PodTest(unittest.TestCase):
    FUNCTION = {"spec": {"template": {"spec": {
        "containers": [{
            "name": "f", "env": [{"name": "DATABASE_URL", "valueFrom": {"secretKeyRef": {"name": "s", "key": "url"}}}],
            "volumeMounts": [{"name": "database", "mountPath": "/etc/nordfaas/database", "readOnly": True}]}],
        "volumes": [{"name": "database", "secret": {"secretName": "s"}}, {"name": "other"}]}}}}

    def env(self, **options):
        values = {"clients": 10000, "per_thread": 10, "seconds": 15, "rows": 10000, **options}
        container = pooler.pod(self.FUNCTION, "image", **values)["spec"]["containers"][0]
        return {it["name"]: it.get("value", it.get("valueFrom")) for it in container["env"]}

    def test_logs_in_as_the_function(self):
        self.assertEqual(self.env()["DATABASE_URL"], {"secretKeyRef": {"name": "s", "key": "url"}})

    def test_logs_in_as_another_role(self):
        url = pooler.with_login("postgresql://a:b@pgbouncer:6432/orders?sslmode=verify-full", "bench", "secret")
        self.assertEqual(self.env(url=url)["DATABASE_URL"], "postgresql://bench:secret@pgbouncer:6432/orders?sslmode=verify-full")

    def test_has_a_thread_for_every_few_clients(self):
        self.assertEqual([self.env(clients=it)["THREADS"] for it in (10000, 21, 20, 1)], ["1000", "3", "2", "1"])


class ReportedTest(unittest.TestCase):
    def setUp(self):
        self.benchmark = figures.Benchmark("pooler", "bench/pooler", "Pooler")
        many = [of(10000, rate=95.0, login=40.0), of(10000, rate=93.0, login=42.0)]
        storms = [of(10000, login=20.0, at_login=used(20, 10, 2)), of(10000, login=21.0, at_login=used(20, 10, 2))]
        pooler.reported(self.benchmark, [of(20), of(20)], many, storms)
        self.table = figures.table(self.benchmark.result())

    def row(self, name):
        return next(line for line in self.table.splitlines() if line.startswith(f"| {name} |"))

    def test_the_goal_of_many_clients_is_a_ratio_to_few(self):
        self.assertTrue(self.row("10 000 clients").endswith("| 0.940 (0.930 to 0.950) | 20 clients | ≥ 0.900: met |"))

    def test_the_goal_of_the_storm_is_of_its_time(self):
        self.assertTrue(self.row("10 000 log in").endswith("|  |  | ≤ 20.0 s: **not met** |"))

    def test_a_login_is_a_part_of_all(self):
        self.assertTrue(self.row("pgbench, a login").startswith("| pgbench, a login | 5.00 ms CPU |"))
        self.assertIn("| 0.400 | pgbench, a login |", self.row("pgbench, a login, one iteration").replace(" (0.400)", ""))

    def test_a_transaction_is_a_part_of_those_of_the_same_time(self):
        self.assertTrue(self.row("PgBouncer, 20 clients").startswith("| PgBouncer, 20 clients | 0.200 ms CPU/transaction |"))

    def test_says_how_long_one_thread_is_busy_with_all_logins(self):
        self.assertIn("would be busy with 10 000 logins for 10 s.", self.table)


class ArgumentsTest(unittest.TestCase):
    def test_help_says_how_long_it_takes(self):
        self.assertIn("minutes", pooler.__doc__)

    def test_refuses_what_is_no_number_above_zero(self):
        said = io.StringIO()
        with self.assertRaises(SystemExit), contextlib.redirect_stderr(said):
            pooler.arguments(["--per-thread", "0"])
        self.assertIn("argument --per-thread: 0 is no whole number above 0", said.getvalue())

    def test_the_default_is_what_the_goal_is_about(self):
        options = pooler.arguments([])
        self.assertEqual((options.clients, options.per_thread, options.keep), (10000, 10, False))


if __name__ == "__main__":
    unittest.main()
