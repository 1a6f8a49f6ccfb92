"""bench/calls, and what it is made of: vegeta's reports, control groups, arguments."""

import json
import os
import sys
import unittest

BENCH = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, BENCH)

import arguments  # noqa: E402  (found by the path above)
import cgroups  # noqa: E402
import hops  # noqa: E402
import vegeta  # noqa: E402
from scripts import load as script  # noqa: E402


calls, callers, edition, listen_queue = map(script, ("calls", "callers", "edition", "listen-queue"))
REPORT = {"latencies": {"mean": 1, "50th": 1_500_000, "90th": 3, "99th": 12_000_000, "max": 42_000_000}, "requests": 100,
          "throughput": 49.5, "status_codes": {"0": 1, "200": 97, "503": 2}, "errors": ["a", "b", "c", "d"]}
CONTAINER = "6dce2196843e405d6fbe94825e82b6352290e79b348e2aa668917c5b0bc23822"
UID = "c5448f9b-0c2e-4800-bbcb-51cfcf0c5773"
PODS = {"items": [{"metadata": {"uid": UID, "namespace": "edge", "name": "edge-0"}, "status": {
    "containerStatuses": [{"name": "caddy", "containerID": "containerd://" + CONTAINER}]}}]}


class VegetaTest(unittest.TestCase):
    def test_a_report_in_milliseconds(self):
        attack = vegeta.report(json.dumps(REPORT))
        self.assertEqual((attack.p50, attack.p99, attack.slowest, attack.per_second), (1.5, 12, 42, 49.5))

    def test_whatever_is_not_answered_with_2xx_has_failed(self):
        attack = vegeta.report(json.dumps(REPORT))
        self.assertEqual((attack.failed, attack.why), (3, "a; b; c"))

    def test_a_report_without_errors(self):
        self.assertEqual(vegeta.report(json.dumps({**REPORT, "errors": None})).why, "")

    def test_a_constant_rate_has_as_many_workers_as_it_takes(self):
        words, _ = vegeta.arguments("http://a/", 5, rate=200)
        self.assertIn("-rate=200/1s", words)
        self.assertFalse([it for it in words if it.startswith("-max-workers")])

    def test_as_many_as_the_workers_allow(self):
        words, target = vegeta.arguments("http://a/", 5, workers=8)
        self.assertIn("-rate=0", words)
        self.assertIn("-max-workers=8", words)
        self.assertEqual(target, "GET http://a/\n")

    def test_a_client_certificate_and_another_method(self):
        words, target = vegeta.arguments("https://a.no/", 1, method="HEAD", certificate=("a.crt", "a.key"))
        self.assertEqual([it for it in words if ".crt" in it or ".key" in it], ["-cert=a.crt", "-key=a.key"])
        self.assertEqual(target, "HEAD https://a.no/\n")

    def test_a_host_that_is_elsewhere(self):
        self.assertIn("-connect-to=a.no:443:10.0.0.2:443",
                      vegeta.arguments("https://a.no/", 1, connect="a.no:443=10.0.0.2:443")[0])


class CgroupsTest(unittest.TestCase):
    def test_version_2_with_systemd(self):
        pod = f"./kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{UID.replace('-', '_')}.slice"
        container = f"{pod}/cri-containerd-{CONTAINER}.scope"
        node = cgroups.node([
            f"{pod}/cpu.stat:usage_usec 3000000", f"{pod}/memory.current:300", f"{pod}/memory.stat:inactive_file 100",
            f"{container}/cpu.stat:usage_usec 2000000", f"{container}/memory.current:200",
            f"{container}/memory.stat:anon 150", f"{container}/memory.stat:inactive_file 20"], PODS)
        self.assertEqual(node.pods, {("edge", "edge-0"): cgroups.Use(3, 200, 0)})
        self.assertEqual(node.containers, {("edge", "edge-0", "caddy"): cgroups.Use(2, 180, 150)})

    def test_version_1_with_the_hierarchy_of_version_2_for_the_cpu(self):
        container = f"kubepods/burstable/pod{UID}/{CONTAINER}"
        node = cgroups.node([
            f"./unified/{container}/cpu.stat:usage_usec 2000000", f"./memory/{container}/memory.usage_in_bytes:200",
            f"./memory/{container}/memory.stat:inactive_file 1", f"./memory/{container}/memory.stat:total_inactive_file 20",
            f"./memory/{container}/memory.stat:total_rss 150"], PODS)
        self.assertEqual(node.containers, {("edge", "edge-0", "caddy"): cgroups.Use(2, 180, 150)})

    def test_services(self):
        node = cgroups.node(["./system.slice/k3s.service/memory.current:7", "./memory/system.slice/ssh.service/memory.usage_in_bytes:8",
                             "./system.slice/k3s.service/below/memory.current:9"], PODS)
        self.assertEqual({name: use.working_set for name, use in node.services.items()}, {"k3s.service": 7, "ssh.service": 8})

    def test_cpu_time_of_a_pod_is_not_that_of_its_containers(self):
        folder = f"./unified/kubepods/burstable/pod{UID}"
        node = cgroups.node([f"{folder}/cpu.stat:usage_usec 22425597",
                             f"{folder}/{CONTAINER}/cpu.stat:usage_usec 11"], PODS)
        self.assertEqual(node.pods["edge", "edge-0"].seconds, 22.425597)

    def test_cpu_time_of_a_pod_where_systemd_names_the_folders(self):
        node = cgroups.node([
            f"./kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{UID.replace('-', '_')}.slice"
            "/cpu.stat:usage_usec 1000000"], PODS)
        self.assertEqual(node.pods["edge", "edge-0"].seconds, 1.0)

    def test_since_leaves_out_what_is_gone_or_new(self):
        before = cgroups.Node({}, {"a": cgroups.Use(1.0), "gone": cgroups.Use(2.0)}, {})
        after = cgroups.Node({}, {"a": cgroups.Use(2.5), "new": cgroups.Use(9.0)}, {})
        self.assertEqual(after.since(before).pods, {"a": cgroups.Use(1.5)})

    def test_since_counts_cpu_and_leaves_out_what_is_new(self):
        before = cgroups.Node({}, {"a": cgroups.Use(1, 10, 5)}, {})
        after = cgroups.Node({}, {"a": cgroups.Use(3, 20, 6), "b": cgroups.Use(1, 1, 1)}, {})
        self.assertEqual(after.since(before).pods, {"a": cgroups.Use(2, 20, 6)})


class ArgumentsTest(unittest.TestCase):
    def test_the_defaults_are_kept(self):
        self.assertEqual(arguments.read([], (5, 8)), ([5, 8], True))

    def test_others_are_not(self):
        self.assertEqual(arguments.read(["1"], (5, 8)), ([1, 8], False))

    def test_unless_they_are_to_be(self):
        self.assertEqual(arguments.read(["--keep", "1", "2"], (5, 8)), ([1, 2], True))

    def test_refuses_what_is_no_number_above_0_and_too_many(self):
        for words in (["0"], ["x"], ["-1"], ["1", "2", "3"]):
            self.assertIsNone(arguments.read(words, (5, 8)), words)


class CallsTest(unittest.TestCase):
    def setUp(self):
        self.hops = calls.hops("10.43.0.1", "10.42.0.2", "10.43.0.3", ())

    def test_the_hops_of_a_call(self):
        self.assertEqual([it.url for it in self.hops], [
            "http://10.43.0.1:8080/", "http://10.42.0.2:8081/function/echo", "http://10.43.0.3:8080/function/echo",
            "https://faas.lab.nordfaas.dev/callers/public"])

    def test_the_programs_on_the_way_of_each(self):
        ways = calls.way(self.hops)
        self.assertEqual([len(ways[it.name]) for it in self.hops], [1, 2, 3, 4])
        self.assertEqual(ways["gateway → provider → function"], ["function", "provider", "gateway"])

    def test_another_one_is_first_each_time(self):
        self.assertEqual([hops.turns([1, 2, 3], it) for it in range(4)], [[1, 2, 3], [2, 3, 1], [3, 1, 2], [1, 2, 3]])

    def test_other_functions_and_databases_are_not_on_the_way(self):
        used = {("edge", "edge-0", "caddy"): cgroups.Use(1), ("openfaas", "gateway-1", "gateway"): cgroups.Use(2),
                ("openfaas", "gateway-1", "faas-netes"): cgroups.Use(3), ("openfaas-fn", "echo-1", "echo"): cgroups.Use(4),
                ("openfaas-fn", "echo-key-1", "echo-key"): cgroups.Use(5), ("nats", "nats-0", "nats"): cgroups.Use(6)}
        self.assertEqual(hops.programs(cgroups.Node(used, {}, {})), {"edge": 1, "gateway": 2, "provider": 3, "function": 4})

    def test_what_a_core_does_and_a_hop_adds(self):
        def measured(p50, cpu):
            attack = vegeta.Attack(1000, 100, p50, 2 * p50, 9, 0, "")
            return hops.Round(attack, attack, dict.fromkeys(hops.PROGRAMS, cpu))

        rounds = {hop.name: [measured(1 + number, 0.1)] for number, hop in enumerate(self.hops)}
        figures = {it["name"]: it for it in calls.benchmark_of(self.hops, rounds, 200).figures}
        self.assertEqual(figures["function alone, a core"]["values"], [10000])
        self.assertEqual(figures["edge → gateway → provider → function, a core"]["ratios"], [0.25])
        self.assertEqual(figures["what the edge adds to the median"]["values"], [1])
        self.assertEqual(figures["CPU of the edge for a call through all"]["values"], [100])


class CallersTest(unittest.TestCase):
    def test_the_public_route_is_the_peer_of_all_others(self):
        attack = vegeta.Attack(100, 50, 2, 4, 9, 0, "")
        names = [it.name for it in callers.ways({"RS256": "one", "ES256": "two"}, "key")]
        figures = callers.benchmark_of(names, {name: [hops.Round(attack, attack, {})] for name in names}, 200).figures
        self.assertEqual({it.get("peer") for it in figures if it["unit"] == "calls/s"}, {None, "public, at most"})
        self.assertEqual(names, ["public", "token, RS256", "token, ES256", "API key", "client certificate"])

    def test_who_is_calling_is_in_headers_or_in_the_handshake(self):
        ways = {it.name: it.options for it in callers.ways({"RS256": "one"}, "two")}
        self.assertNotIn("headers", ways["public"])
        self.assertEqual(ways["token, RS256"]["headers"], ["Authorization: Bearer one"])
        self.assertEqual(ways["API key"]["headers"], ["X-Api-Key: two"])
        self.assertTrue(ways["client certificate"]["certificate"][1].endswith("/partners/client.key"))


class EditionTest(unittest.TestCase):
    def test_the_one_that_is_there_goes_on_in_the_next_round(self):
        self.assertEqual([it for number in range(3) for it in edition.order(number)],
                         ["community", "none", "none", "community", "community", "none"])

    def test_the_community_edition_is_the_peer(self):
        attack = vegeta.Attack(1000, 100, 2, 4, 9, 0, "")
        rounds = {"community": [hops.Round(attack, attack, dict.fromkeys(hops.PROGRAMS, 0.25))],
                  "none": [hops.Round(attack, attack, {**dict.fromkeys(hops.PROGRAMS, 0), "edge": 0.3, "function": 0.1})]}
        figures = {it["name"]: it for it in edition.benchmark_of(rounds, 200).figures}
        self.assertEqual(figures["edge → function (none), a core"]["values"], [2500])
        self.assertEqual(figures["edge → function (none), a core"]["ratios"], [2.5])


class ListenQueueTest(unittest.TestCase):
    def test_the_counter_of_the_kernel(self):
        self.assertEqual(listen_queue.overflows("Ip: A\nIp: 1\nTcpExt: A ListenOverflows ListenDrops\nTcpExt: 1 7 8\n"), 7)

    def test_waits_are_compared_with_linux_and_counts_are_not(self):
        case = {"overflows": 0, "connected": 500, "median": 20, "slowest": 30}
        figures = listen_queue.benchmark_of({(profile, burst): [case] for profile in listen_queue.PROFILES
                                             for burst in listen_queue.BURSTS}).figures
        self.assertEqual({it["unit"] for it in figures if "peer" in it}, {"ms"})
        self.assertEqual([it["goal"]["bound"] for it in figures if "goal" in it], [0, 0])

    def test_says_how_many_clients_were_never_connected(self):
        case = {"overflows": 0, "connected": 499, "median": 20, "slowest": 30}
        notes = listen_queue.benchmark_of({(profile, burst): [{**case, "connected": burst - 1}] for profile in listen_queue.PROFILES
                                           for burst in listen_queue.BURSTS}).notes
        self.assertEqual(notes[0], "500 at once: 3 of 1500 clients were not connected within 20 s.")


if __name__ == "__main__":
    unittest.main()
