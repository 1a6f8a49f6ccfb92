"""bench/footprint: what belongs to the platform, and what it adds up to."""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from scripts import load as script  # noqa: E402  (found by the path above)

import cgroups  # noqa: E402

footprint = script("footprint")


class ComponentTest(unittest.TestCase):
    def test_by_namespace_pod_and_container(self):
        for where, expected in {
            ("kube-system", "coredns-1", "coredns"): ("Kubernetes", "coredns"),
            ("edge", "edge-0", "caddy"): ("platform", "edge"),
            ("openfaas", "gateway-1", "faas-netes"): ("platform", "provider"),
            ("postgres", "pgbouncer-1", "exporter"): ("platform", "exporter of PgBouncer"),
            ("postgres", "postgres-0", "exporter"): ("platform", "exporter of PostgreSQL"),
            ("openfaas-fn", "intake-1", "intake"): ("platform", "intake"),
            ("openfaas-fn", "order-processor-worker-1", "order-processor-worker"): ("platform", "workers"),
            ("openfaas-fn", "order-processor-1", "order-processor"): ("functions", "order-processor"),
            ("elsewhere", "pod", "new"): ("platform", "new"),
        }.items():
            self.assertEqual(footprint.component(*where), expected, where)


class SumsTest(unittest.TestCase):
    def setUp(self):
        self.used = footprint.sums(cgroups.Node(
            {("edge", "edge-0", "caddy"): cgroups.Use(1, 100, 10), ("edge", "edge-1", "caddy"): cgroups.Use(2, 200, 20),
             ("kube-system", "coredns-1", "coredns"): cgroups.Use(4, 400, 40)},
            {("edge", "edge-0"): cgroups.Use(1.5, 110, 15)},
            {"k3s.service": cgroups.Use(8, 800, 80), "ssh.service": cgroups.Use(16, 1600, 160)}))

    def test_all_pods_of_a_component(self):
        self.assertEqual(self.used["platform", "edge"], cgroups.Use(3, 300, 30))

    def test_what_a_pod_has_besides_its_containers(self):
        self.assertEqual(self.used["platform", "pods themselves"], cgroups.Use(0.5, 10, 5))

    def test_kubernetes_is_its_service_and_the_pods_of_kube_system(self):
        self.assertEqual(footprint.total(self.used, "Kubernetes"), cgroups.Use(12, 1200, 120))


class ReadTest(unittest.TestCase):
    def test_volumes_by_claim(self):
        folder = "/var/lib/rancher/k3s/storage/pvc-0df45527-1382-4811-b9a1-c6bec5f6acfe_postgres_data-postgres-0"
        self.assertEqual(footprint.volumes([f"2048\t{folder}", "1\t/var/lib/rancher/k3s/storage/lost+found"]), {"data-postgres-0": 2})

    def test_each_image_of_the_platform_once(self):
        def pod(namespace, name, image):
            return {"metadata": {"namespace": namespace, "name": name}, "spec": {"containers": [{"name": "caddy", "image": image}]}}

        node = {"status": {"images": [{"names": ["a.no/caddy@sha256:1", "a.no/caddy:2"], "sizeBytes": 3 << 20},
                                      {"names": ["a.no/vat:1"], "sizeBytes": 1}]}}
        pods = {"items": [pod("edge", "edge-0", "a.no/caddy:2"), pod("edge", "edge-1", "a.no/caddy:2"),
                          pod("openfaas-fn", "vat", "a.no/vat:1")]}
        self.assertEqual(footprint.images(pods, node), {"caddy:2": 3})

    def test_waits_for_what_has_more_replicas_than_the_fewest(self):
        def autoscaler(name, now, least):
            return {"metadata": {"name": name}, "spec": {"minReplicas": least}, "status": {"currentReplicas": now}}

        self.assertEqual(footprint.scaled_up({"items": [autoscaler("a", 2, 1), autoscaler("b", 2, 2), autoscaler("c", 0, 1)]}), ["a"])


class FiguresTest(unittest.TestCase):
    def test_cpu_of_a_window_in_percent_of_a_core_and_the_goals(self):
        used = {("platform", "edge"): cgroups.Use(3, 2048 << 20, 0), ("Kubernetes", "k3s"): cgroups.Use(6, 1024 << 20, 0)}
        figures = {it["name"]: it for it in footprint.benchmark_of([(60, used)], 60, {}, {}).figures}
        self.assertEqual(figures["platform, CPU"]["values"], [5])
        self.assertEqual(figures["platform, CPU"]["ratios"], [0.5])
        self.assertEqual(figures["platform, memory"]["goal"], {"bound": 1024, "most": True, "of": "median"})
        self.assertEqual(figures["edge, memory"]["values"], [2048])


if __name__ == "__main__":
    unittest.main()
