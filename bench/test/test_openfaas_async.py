"""bench/openfaas-async: what it reads and builds without a lab."""

import base64
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import cgroups  # noqa: E402  (found by the path above)
import door  # noqa: E402
from scripts import load as script  # noqa: E402

peer = script("openfaas-async")

LIKE = {
    "name": "gateway", "image": "lab/gateway:1",
    "env": [{"name": "GOMEMLIMIT", "value": "217MiB"}, {"name": "basic_auth", "value": "true"},
            {"name": "functions_provider_url", "value": "http://127.0.0.1:8081/"}, {"name": "read_timeout", "value": "65s"},
            {"name": "CONCURRENCY", "value": "16"}, {"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}],
    "resources": {"requests": {"cpu": "50m", "memory": "128Mi", "ephemeral-storage": "64Mi"},
                  "limits": {"memory": "256Mi", "ephemeral-storage": "256Mi"}},
}


def row(sent, code, body="", headers=""):
    """As `vegeta encode -to=csv` writes it."""
    return [str(round(sent * 1e9)), str(code), "1000000", "1", "1", "", base64.b64encode(body.encode()).decode(), "", "0", "POST",
            "http://x/", base64.b64encode(headers.encode()).decode()]


def environment(pod):
    return {it["name"]: it.get("value") for it in pod["spec"]["containers"][0]["env"]}


class AnswersTest(unittest.TestCase):
    def test_ours_have_their_id_in_the_body(self):
        answers = door.Answers([row(1, 202, '{"id": "a"}'), row(2, 503, '{"error": "full"}')])
        self.assertEqual({"a": 1.0}, peer.accepted(answers, peer.our_id))

    def test_theirs_have_it_in_a_header(self):
        answers = door.Answers([row(1, 202, headers="Content-Length: 0\r\nX-Call-Id: b\r\nX-Start-Time: 7\r\n"), row(2, 500)])
        self.assertEqual({"b": 1.0}, peer.accepted(answers, peer.their_id))


class CallsTest(unittest.TestCase):
    CALLS = [("a", 2_000_000_000), ("b", 3_000_000_000), ("a", 4_000_000_000)]

    def test_counts_the_first_call_of_each_order(self):
        self.assertEqual(({"a": 2.0, "b": 3.0}, 1), peer.first_calls(self.CALLS))

    def test_takes_the_earlier_of_two_calls(self):
        self.assertEqual(({"a": 2.0}, 1), peer.first_calls([("a", 4_000_000_000), ("a", 2_000_000_000)]))

    def test_counts_what_is_handled_a_second_of_these_orders_only(self):
        self.assertEqual(2, peer.handled_per_second(["a", "b", "c"], {"a": 2.0, "b": 2.5, "c": 3.0, "other": 9.0}))

    def test_a_single_call_has_no_rate(self):
        self.assertEqual(0, peer.handled_per_second(["a", "lost"], {"a": 2.0}))

    def test_times_a_call_from_its_sending(self):
        self.assertEqual([500], peer.called_after({"a": 1.5, "lost": 1.5}, {"a": 2.0}))


class CpuTest(unittest.TestCase):
    def node(self, **containers):
        names = {"intake": ("openfaas-fn", "intake-x", "intake"), "gateway": ("openfaas", "gateway-x", "gateway"),
                 "provider": ("openfaas", "gateway-x", "faas-netes"), "new": (peer.NAMESPACE, "queue-worker-3", "bench")}
        return cgroups.Node({names[name]: cgroups.Use(seconds) for name, seconds in containers.items()}, {}, {})

    def test_leaves_out_what_both_sides_use(self):
        used = peer.seconds_of(self.node(intake=1, gateway=1, provider=1), self.node(intake=3, gateway=1.5, provider=9), peer.OURS)
        self.assertEqual({"intake": 2, "NATS": 0, "worker": 0, "gateway": 0.5}, used)

    def test_counts_what_is_new_from_its_start(self):
        self.assertEqual(4, peer.seconds_of(self.node(intake=1), self.node(intake=1, new=4), peer.THEIRS)["queue-workers"])


class PodsTest(unittest.TestCase):
    def test_a_program_has_the_requests_and_limits_of_ours(self):
        pod = peer.streaming("lab/nats:1", LIKE)["spec"]["containers"][0]
        self.assertEqual({"requests": {"cpu": "50m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}}, pod["resources"])
        self.assertEqual([{"name": "GOMEMLIMIT", "value": "217MiB"}], pod["env"])

    def test_messages_are_in_files_that_are_synced(self):
        words = peer.streaming("lab/nats:1", LIKE)["spec"]["containers"][0]["command"]
        self.assertIn("--file_sync=true", words)
        self.assertEqual("file", words[words.index("--store") + 1])

    def test_the_gateway_is_that_of_the_lab_with_a_queue(self):
        pod = peer.gateway(LIKE, "10.0.0.1", "10.0.0.2")
        self.assertEqual("lab/gateway:1", pod["spec"]["containers"][0]["image"])
        self.assertEqual({"GOMEMLIMIT": "217MiB", "basic_auth": "false", "functions_provider_url": "http://10.0.0.1:8081/",
                          "read_timeout": "65s", "CONCURRENCY": "16", "faas_nats_address": "10.0.0.2", "faas_nats_port": "4222"},
                         environment(pod))

    def test_each_queue_worker_has_a_name_and_a_pipe_of_its_own(self):
        pods = [peer.queue_worker(it, "lab/nats:1", "10.0.0.2", "10.0.0.3") for it in (0, 1)]
        self.assertEqual(["queue-worker-0", "queue-worker-1"], [it["metadata"]["name"] for it in pods])
        self.assertEqual(["/bench/gate/0", "/bench/gate/1"], [environment(it)["GATE"] for it in pods])
        self.assertEqual("10.0.0.3", environment(pods[0])["faas_gateway_address"])

    def test_reads_how_many_messages_our_worker_takes_at_a_time(self):
        self.assertEqual(16, peer.concurrency(LIKE))


class ReportTest(unittest.TestCase):
    def test_says_what_was_lost(self):
        self.assertEqual("OpenFaaS: of 5 orders 3 were answered with 202; of these, 1 did not reach the function.",
                         peer.told("OpenFaaS", (5, 2), {"a": 1, "b": 1, "c": 1}, {"a": 2, "b": 2}))

    def test_says_that_nothing_was(self):
        self.assertEqual("OpenFaaS: of 1 orders all were answered with 202; of these, all reached the function.",
                         peer.told("OpenFaaS", (1, 0), {"a": 1}, {"a": 2}))

    def test_ours_are_compared_with_theirs(self):
        def turn(rows, programs, id_of):
            answers = door.Answers(rows)
            seconds = dict.fromkeys(programs.values(), 0.002)
            return peer.Turn(answers, answers, peer.accepted(answers, id_of), seconds, seconds, answers)

        theirs = turn([row(1, 202, headers=f"X-Call-Id: t{it}\r\n") for it in (1, 2)], peer.THEIRS, peer.their_id)
        ours = turn([row(1, 202, f'{{"id": "o{it}"}}') for it in (1, 2)], peer.OURS, peer.our_id)
        began = {"t1": 1.5, "t2": 2.5, "o1": 1.25, "o2": 1.75}
        result = peer.benchmark_of({"OpenFaaS": [theirs], "nordfaas": [ours]}, [theirs.sent], began, 16)
        figures = {it["name"]: it for it in result.figures}
        self.assertEqual([1000], figures["to the function's call, 200/s, median: OpenFaaS"]["values"])
        self.assertEqual([0.5], figures["to the function's call, 200/s, median: nordfaas"]["ratios"])
        self.assertEqual([2], figures["handled, 16 at a time: nordfaas"]["ratios"])
        self.assertEqual([2], figures["CPU for 1000 orders: nordfaas, intake"]["values"])


if __name__ == "__main__":
    unittest.main()
