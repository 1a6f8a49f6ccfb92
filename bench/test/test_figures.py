"""bench/figures.py and bench/tables: what a table says of its figures."""

import os
import sys
import unittest
from unittest import mock

BENCH = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, BENCH)

import figures  # noqa: E402  (found by the path above)
from scripts import load as script  # noqa: E402


def row(benchmark, at=-1):
    lines = figures.table(benchmark.result()).split("\n\n")[0].splitlines()
    return lines[2:][at]


class FiguresTest(unittest.TestCase):
    def setUp(self):
        self.benchmark = figures.Benchmark("calls", "bench/calls", "Calls")
        self.benchmark.figure("alone", "ms", [1, 2, 4])

    def test_median_and_spread(self):
        self.assertEqual(row(self.benchmark), "| alone | 2.00 ms | 1.00 to 4.00 |  |  |  |")

    def test_the_ratio_is_formed_in_each_round(self):
        self.benchmark.figure("edge", "ms", [2, 8, 8], peer="alone")
        self.assertEqual(row(self.benchmark), "| edge | 8.00 ms | 2.00 to 8.00 | 2.00 (2.00 to 4.00) | alone |  |")

    def test_a_goal_of_the_ratio(self):
        self.benchmark.figure("edge", "ms", [2, 4, 8], peer="alone", goal=figures.at_most(1.5))
        self.assertTrue(row(self.benchmark).endswith("| ≤ 1.50: **not met** |"), row(self.benchmark))

    def test_a_goal_of_the_median_beside_a_peer(self):
        self.benchmark.figure("edge", "ms", [2, 4, 8], peer="alone", goal=figures.at_most(5, of="median"))
        self.assertTrue(row(self.benchmark).endswith("| ≤ 5.00 ms: met |"), row(self.benchmark))

    def test_a_goal_from_below(self):
        self.benchmark.figure("orders", "/s", [7000], goal=figures.at_least(8000))
        self.assertTrue(row(self.benchmark).endswith("| once |  |  | ≥ 8 000 /s: **not met** |"), row(self.benchmark))

    def test_refuses_a_peer_of_other_rounds(self):
        with self.assertRaisesRegex(ValueError, "edge: its peer, alone, has to come before it, with as many repetitions"):
            self.benchmark.figure("edge", "ms", [1, 2], peer="alone")

    def test_refuses_a_figure_without_values(self):
        with self.assertRaisesRegex(ValueError, "edge: no values"):
            self.benchmark.figure("edge", "ms", [])

    def test_says_how_to_repeat_it_and_on_what(self):
        last = figures.table(self.benchmark.result()).splitlines()[-1]
        self.assertRegex(last, r"^`bench/calls`, 3 repetitions, 20\d\d-\d\d-\d\d, commit .+; \d+ cores \(.+\), \d+ GiB, Linux .+\.$")


class CommandTest(unittest.TestCase):
    def test_is_named_without_keep(self):
        with mock.patch("sys.argv", ["bench/orders", "--keep", "1", "60"]):
            self.assertEqual(figures.command("orders"), "sudo bench/orders 1 60")


class PercentileTest(unittest.TestCase):
    def test_by_nearest_rank(self):
        self.assertEqual([figures.percentile([4, 1, 3, 2], it) for it in (1, 50, 75, 99)], [1, 2, 3, 4])


class TablesTest(unittest.TestCase):
    def setUp(self):
        self.tables = script("tables")
        benchmark = figures.Benchmark("calls", "bench/calls", "Calls")
        benchmark.figure("alone", "ms", [1])
        self.results = {"calls": benchmark.result()}

    def test_replaces_what_stands_between_the_markers(self):
        document = "a\n<!-- results: calls -->\nold\n<!-- end of results -->\nb\n"
        after, problems = self.tables.written(document, self.results)
        self.assertEqual(problems, [])
        self.assertEqual(
            after,
            "a\n<!-- results: calls -->\n\n" + figures.table(self.results["calls"]) + "\n<!-- end of results -->\nb\n")

    def test_names_results_without_a_place(self):
        _, problems = self.tables.written("", self.results)
        self.assertEqual(problems, ["docs/benchmarks.md has no place for bench/results/calls.json"])

    def test_says_what_was_not_run(self):
        after, _ = self.tables.written("<!-- results: pooler -->\n<!-- end of results -->\n", {})
        self.assertEqual(
            after,
            "<!-- results: pooler -->\n\nNot run yet in this form: `bench/pooler`.\n\n<!-- end of results -->\n")

    def test_the_document_is_up_to_date(self):
        self.assertEqual(os.system(f"'{sys.executable}' '{BENCH}/tables' --check"), 0)


if __name__ == "__main__":
    unittest.main()
