"""bench/orders, bench/dispatch, bench/queue and what they share: what is read and built without a lab."""

import base64
import json
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import door  # noqa: E402  (found by the paths above)
import handler  # noqa: E402
import inside  # noqa: E402
import standin  # noqa: E402
from scripts import load as script  # noqa: E402

orders, dispatch, queue = script("orders"), script("dispatch"), script("queue")

AGGREGATED = """
  [1] 10,401 msgs/sec ~ 1.3 MiB/sec ~ min: 16,159.00us ~ P50: 47,231.66us (5,000 msgs)

 NATS JetStream atomic batch publisher aggregated stats: 38,832 msgs/sec ~ 4.7 MiB/sec
 message rates min 9,708 | avg 9,891 | max 10,401 | stddev 294 msgs
"""
PACED = """
NATS JetStream synchronous publisher stats: 21 msgs/sec ~ 11 KiB/sec ~ min: 1,201.03us ~ avg: 2,078.22us ~ max: 8,516.66us ~ P50: 1,864.22us ~ P90: 2,639.31us ~ P99: 6,504.19us ~ P99.9: 8,516.66us
"""
OF_ONE = ("NATS JetStream synchronous publisher stats: 2,206 msgs/sec ~ 276 KiB/sec ~ min: 267.99us ~ avg: 451.48us"
          " ~ max: 9,522.15us ~ P50: 1,361.01us ~ P90: 475.51us")


def row(sent, code, seconds, body="", error=""):
    """As `vegeta encode -to=csv` writes it."""
    return [str(round(sent * 1e9)), str(code), str(round(seconds * 1e9)), "1", "1", error,
            base64.b64encode(body.encode()).decode(), "", "0", "POST", "https://x/orders", ""]


class AnswersTest(unittest.TestCase):
    def test_counts_orders_a_second_up_to_the_last_answer(self):
        self.assertEqual(2, door.Answers([row(10, 202, 0.1), row(10.2, 202, 0.1), row(10.5, 202, 1.0)]).per_second(202))

    def test_counts_only_orders_that_were_answered_as_they_should_be(self):
        self.assertEqual(1, door.Answers([row(10, 202, 0.1), row(10.5, 503, 0.5)]).per_second(202))

    def test_takes_percentiles_by_nearest_rank(self):
        answers = door.Answers(row(1, 202, it / 1000) for it in range(1, 101))
        self.assertEqual([50, 99], [round(answers.percentile(share)) for share in (50, 99)])

    def test_names_each_wrong_answer_and_failure(self):
        answers = door.Answers([row(1, 202, 1), row(1, 429, 1), row(1, 429, 1), row(1, 0, 1, error="refused")])
        self.assertEqual("2 times 429, 1 times refused", answers.wrong(202))

    def test_takes_the_ids_of_accepted_orders_only(self):
        answers = door.Answers([row(1, 202, 1, '{"id": "a"}'), row(1, 503, 1, '{"id": "b"}')])
        self.assertEqual({"a"}, answers.ids())

    def test_leaves_out_the_first_seconds(self):
        self.assertEqual([2.0], door.Answers([row(1, 202, 1), row(1.9, 202, 1), row(2, 202, 1)]).after(1).sent)


class OrdersTest(unittest.TestCase):
    def test_reads_the_median_time_to_the_pub_ack(self):
        self.assertEqual(1.86422, inside.median(PACED))

    def test_loads_of_a_minute_are_kept_apart_from_short_ones(self):
        self.assertEqual(["orders", "orders-minute"], [orders.kept_as(orders.SECONDS), orders.kept_as(60)])

    def test_all_orders_are_of_one_size(self):
        self.assertEqual(len(door.order("bo", 0)), len(door.order("bo", 99_999_999)))

    def test_a_target_carries_the_order(self):
        target = json.loads(door.target("https://x/orders", door.order("bo", 7)))
        self.assertEqual("bo-00000007", json.loads(base64.b64decode(target["body"]))["orderId"])

    def test_reads_the_rate_of_many_publishers(self):
        self.assertEqual(38832, orders.published(AGGREGATED))

    def test_reads_the_rate_of_one_publisher(self):
        self.assertEqual(2206, orders.published(OF_ONE))

    def test_ends_where_nothing_was_published(self):
        with self.assertRaisesRegex(SystemExit, "nats bench says:\nno responders"):
            orders.published("no responders")

    def test_finds_the_highest_rate_to_a_tenth(self):
        self.assertTrue(900 <= orders.highest(lambda rate: rate <= 1000, 100, 10) <= 1000)

    def test_finds_a_rate_below_the_first(self):
        self.assertTrue(35 <= orders.highest(lambda rate: rate <= 40, 100, 10) <= 40)

    def test_finds_no_rate_where_none_is_held(self):
        self.assertEqual(0, orders.highest(lambda rate: False, 100, 3))


class QueueTest(unittest.TestCase):
    def test_reads_the_median_in_milliseconds(self):
        self.assertEqual(1.36101, inside.median(OF_ONE))


class InsideTest(unittest.TestCase):
    UID = "185be524-11a9-4d0d-aba3-b9c435993b30"

    def test_finds_a_process_of_a_pod(self):
        self.assertEqual(7, inside.process_of(self.UID, {3: "0::/kubepods/podother/x", 7: f"0::/kubepods/pod{self.UID}/x"}))

    def test_finds_one_where_systemd_names_the_folders(self):
        named = f"0::/kubepods.slice/kubepods-pod{self.UID.replace('-', '_')}.slice/x"
        self.assertEqual(7, inside.process_of(self.UID, {7: named}))

    def test_finds_none_of_another_pod(self):
        self.assertIsNone(inside.process_of(self.UID, {3: "0::/kubepods/podother/x"}))

    def test_a_password_is_in_a_variable_that_a_shell_passes_on(self):
        self.assertEqual("NATS_PASSWORD_ORDER_PROCESSOR", inside.password_variable("order-processor"))


class DispatchTest(unittest.TestCase):
    def test_takes_only_what_was_published_in_the_span(self):
        times, _ = dispatch.within([(5, 9_000_005), (1, 2), (90, 91)], 3, 80)
        self.assertEqual([9.0], times)

    def test_counts_what_was_handled_before_the_publishing_ended(self):
        second = 1_000_000_000
        _, handled = dispatch.within([(0, 1), (second, second + 1), (2 * second, 4 * second)], 0, 3 * second)
        self.assertEqual(1, handled)


class StandinTest(unittest.TestCase):
    def test_a_worker_calls_the_benchmarks_function(self):
        url = {"name": "FUNCTION_URL", "value": "http://gateway:8080/function/order-processor"}
        deployment = {"spec": {"template": {"metadata": {"labels": {"app": "w"}}, "spec": {"containers": [{"env": [url]}]}}}}
        pod = standin.worker("bench-x", deployment, "order-processor")
        self.assertEqual("http://gateway:8080/function/bench-x", pod["spec"]["containers"][0]["env"][0]["value"])
        self.assertIn("order-processor", url["value"])


class HandlerTest(unittest.TestCase):
    HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nx-published: 42\r\nContent-Length: 3\r\n\r\n"

    def calls(self, *chunks):
        noted, written = [], []
        call = handler.Call(handler.header("X-Published"), noted)
        call.connection_made(type("Transport", (), {"write": lambda self, data: written.append(data), "is_closing": lambda self: False})())
        for chunk in chunks:
            call.data_received(chunk)
        return [published for published, _ in noted], len(written)

    def test_answers_a_call(self):
        self.assertEqual((["42"], 1), self.calls(self.HEAD + b"abc"))

    def test_notes_a_call_without_the_header(self):
        self.assertEqual((["0"], 1), self.calls(self.HEAD.replace(b"x-published", b"x-other") + b"abc"))

    def test_waits_for_the_rest_of_the_body(self):
        self.assertEqual((["42"], 0), self.calls(self.HEAD + b"a"))

    def test_reads_a_body_in_chunks(self):
        head = self.HEAD.replace(b"Content-Length: 3", b"Transfer-Encoding: chunked")
        self.assertEqual((["42", "42"], 2), self.calls(head + b"3\r\nabc\r\n", b"0\r\n\r\n" + head + b"0\r\n\r\n"))

    def test_answers_one_call_after_the_other(self):
        self.assertEqual((["42", "42"], 2), self.calls(self.HEAD[:30], self.HEAD[30:] + b"abc" + self.HEAD, b"abc"))


if __name__ == "__main__":
    unittest.main()
