"""Stack configs for benchmarks: Oslo's, with as many functions as wanted, each in a file of its own from 1000 on.

Every tenth function takes orders from the queue, with a route and a consumer of its own; all others are called with
an API key. The edition is none, as the Community Edition allows 15 functions and the standard
one needs a license; for every 100 functions there is one more VPS.
"""

import re
import textwrap

PER_NODE = 100
IN_FILES_FROM = 1000  # fewer fit into the one variable in which Pulumi hands over a config
FOLDER = "teams"  # not functions, which is a link to that of the checkout
HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOp7EA6KzoVcvqT5n862lMahNNeNMDzOq8pLRV80/nhD"


def replaced(text, old, new):
    """Like str.replace, but it has to be possible exactly once."""
    if text.count(old) != 1:
        raise ValueError(f"Pulumi.oslo.yaml has {text.count(old)} times: {old.strip()}")
    return text.replace(old, new)


def section(text, name):
    """A top-level section of the config, with its first line."""
    found = re.search(rf"^  nordfaas:{name}:\n(?:(?:    .*)?\n)*", text + "\n", re.MULTILINE)
    if not found:
        raise ValueError(f"Pulumi.oslo.yaml has no nordfaas:{name}")
    return found.group().rstrip("\n") + "\n"


def kind(number):
    return "queue" if number % 10 == 1 else "http"


def function(number):
    name = f"function-{number}"
    lines = [f"    {name}:", "      image: ghcr.io/nordfaas/order-processor:0.1.0",
             "      resources: {requests: {cpu: 10m, memory: 64Mi}, limits: {memory: 128Mi}}",
             "      scale: {min: 1, max: 2}", "      metricsPort: 8081"]
    if kind(number) == "queue":
        lines.append(f"      queue: {{stream: orders, durable: {name}, scale: {{min: 1, max: 1}}}}")
    else:
        lines += ["      http:", f"        paths: [/{name}]", "        methods: [GET]",
                  "        auth: {apiKeys: [partner-a]}"]
    return "\n".join(lines) + "\n"


def consumer(number):
    return (f"          function-{number}:\n            filterSubjects: [orders.function-{number}]\n"
            "            ackWait: 60s\n            maxDeliver: 5\n")


def route(number):
    return (f"        function-{number}:\n          path: /orders-{number}\n          subject: orders.function-{number}\n"
            "          auth: {apiKeys: [partner-a]}\n")


def node(number):
    return (f"    oslo-{number}:\n      role: agent\n      address: 192.0.2.{10 + number}\n      hostKey: {HOST_KEY}\n      vcpu: 8\n"
            "      memory: 32Gi\n      disk: 400G\n      monthlyPriceNok: 1890\n")


def files(count):
    """The texts of the files with `count` functions, by their paths in the project; none where they are in the config."""
    if count < IN_FILES_FROM:
        return {}
    return {f"{FOLDER}/function-{number}.yaml": textwrap.dedent(function(number)) for number in range(1, count + 1)}


def with_functions(oslo, count):
    """Oslo with `count` more functions, those of files() left out."""
    nodes = count // PER_NODE
    text = oslo
    nodes_before = section(text, "nodes")
    text = replaced(text, nodes_before, nodes_before.rstrip("\n") + "\n"
                    + "".join(node(1 + number) for number in range(1, nodes + 1)))
    functions_before = section(text, "functions")
    if count < IN_FILES_FROM:
        text = replaced(text, functions_before, functions_before.rstrip("\n") + "\n"
                        + "".join(function(number) for number in range(1, count + 1)))
    else:
        text = replaced(text, functions_before, f"  nordfaas:functionFiles: [{FOLDER}/*.yaml]\n" + functions_before)
    last = "            maxDeliver: 5\n"
    queues = [it for it in range(1, count + 1) if kind(it) == "queue"]
    text = replaced(text, last, last + "".join(map(consumer, queues)))
    text = replaced(text, "      routes:\n", "      routes:\n" + "".join(map(route, queues)))
    text = replaced(text, section(text, "openfaas"), "  nordfaas:openfaas:\n    edition: none\n    prometheus: {}\n")
    text = re.sub(r"^    adminCidrs: .*\n", "", text, flags=re.MULTILINE)
    if nodes:
        text = replaced(text, "  nordfaas:edge:\n", "  nordfaas:edge:\n    nodes: [oslo-1]\n")
    return replaced(text, "monthlyCostLimitNok: 2500", f"monthlyCostLimitNok: {2500 + 1890 * nodes}")
