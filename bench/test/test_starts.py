"""bench/pod-start and bench/cold-start: what they change, read and report."""

import os
import sys
import unittest

BENCH = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, BENCH)

import figures  # noqa: E402  (found by the path above)
from scripts import load as script  # noqa: E402


POD_START, COLD_START = script("pod-start"), script("cold-start")


def deployment():
    return {
        "apiVersion": "apps/v1", "kind": "Deployment", "status": {"replicas": 1},
        "metadata": {"name": "echo", "namespace": "openfaas-fn", "labels": {"a": "b"}, "resourceVersion": "7"},
        "spec": {"replicas": 2, "template": {"spec": {"containers": [
            {"image": "old:1", "env": [{"name": "A", "value": "1"}], "readinessProbe": {"periodSeconds": 2}}]}}},
    }


class PodStartTest(unittest.TestCase):
    def changed(self, name):
        result = POD_START.changed(deployment(), POD_START.starts("1")[name])
        return result, result["spec"]["template"]["spec"]["containers"][0]

    def test_a_start_begins_without_pods_and_replaces_any_version(self):
        result, _ = self.changed("python")
        self.assertEqual(result["spec"]["replicas"], 0)
        self.assertEqual(result["metadata"], {"name": "echo", "namespace": "openfaas-fn", "labels": {"a": "b"}})

    def test_runs_another_image_in_the_place_of_a_function(self):
        self.assertEqual(self.changed("python")[1]["image"], "lab.nordfaas.dev/vat:0.1.0")

    def test_leaves_the_archive_out(self):
        self.assertEqual([it["name"] for it in self.changed("java-database-plain")[1]["env"]], ["A", "_JAVA_OPTIONS"])

    def test_lets_a_pod_wait(self):
        self.assertEqual(self.changed("java-database-waiting")[1]["readinessProbe"], {"periodSeconds": 2, "initialDelaySeconds": 4})

    def test_changes_nothing_of_what_it_is_given(self):
        before = deployment()
        POD_START.changed(before, POD_START.starts("1")["java-database-waiting"])
        self.assertEqual(before, deployment())

    def test_reads_objects_that_kubectl_prints_one_after_the_other(self):
        lines = ["{\n", '  "a": {\n', "  }\n", "}\n", "{\n", '  "b": 1\n', "}\n"]
        self.assertEqual(list(POD_START.documents(lines)), [{"a": {}}, {"b": 1}])

    def test_reads_when_a_process_started(self):
        stat = "7 (a) b) S " + " ".join(["0"] * 18) + " 250 0 0"
        self.assertEqual(POD_START.since_boot(stat) * os.sysconf("SC_CLK_TCK"), 250)

    def test_options(self):
        self.assertEqual(POD_START.arguments([]), (5, [], True))
        self.assertEqual(POD_START.arguments(["--rounds", "2", "--only", "java,python"]), (2, ["java", "python"], False))
        self.assertIsNone(POD_START.arguments(["--only", "cobol"]))
        self.assertIsNone(POD_START.arguments(["--rounds", "0"]))


class ColdStartTest(unittest.TestCase):
    def test_compares_the_first_call_with_the_median_of_its_round(self):
        benchmark = figures.Benchmark("cold-start", "bench/cold-start", "")
        COLD_START.report(benchmark, 600, [([0.006] + [0.005] * 99, [0.003] * 100)])
        self.assertIn("| the first after 600 s without any | 6.00 ms | once | 1.20 | a call a second, median | ≤ 1.20: met |",
                      figures.table(benchmark.result()))

    def test_options(self):
        self.assertEqual(COLD_START.arguments([]), (600, 3, True))
        self.assertEqual(COLD_START.arguments(["--idle", "5", "--rounds", "1", "--keep"]), (5, 1, True))
        self.assertIsNone(COLD_START.arguments(["600"]))


if __name__ == "__main__":
    unittest.main()
