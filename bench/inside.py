"""Programs of this machine in the network of a pod of the lab, and NATS as its administrator from there.

A process of this machine that enters a pod's network namespace is, to the network policies, that pod; it
needs no image. Its CPU time is not counted as the pod's.
"""

import base64
import contextlib
import glob
import json
import os
import re
import subprocess
import tempfile

import lab

NATS_HOST = "nats.nats.svc.cluster.local"
MEDIAN = re.compile(r"publisher stats:.*P50: ([\d,.]+)us")


def process_of(uid, cgroups):
    """A process of the pod with this UID; `cgroups`: what /proc/PID/cgroup says, by PID."""
    forms = (f"pod{uid}/", f"pod{uid.replace('-', '_')}.slice/")
    return next((pid for pid, text in sorted(cgroups.items()) if any(form in text for form in forms)), None)


def _cgroups():
    found = {}
    for path in glob.glob("/proc/[0-9]*/cgroup"):
        with contextlib.suppress(OSError):
            with open(path, encoding="utf-8") as file:
                found[int(path.split("/")[2])] = file.read()
    return found


class Network:
    """The network of a pod, with names of our choice."""

    def __init__(self, pod, hosts):
        """`pod`: as kubectl prints it, or None: this machine's own; `hosts`: addresses by name."""
        self.pid = process_of(pod["metadata"]["uid"], _cgroups()) if pod else None
        if pod and self.pid is None:
            lab.fail(f"no process of pod {pod['metadata']['name']} is seen from here")
        self.hosts = tempfile.NamedTemporaryFile("w", prefix="nordfaas-bench-", suffix=".hosts")
        self.hosts.write("127.0.0.1 localhost\n" + "".join(f"{address} {name}\n" for name, address in hosts.items()))
        self.hosts.flush()

    def command(self, *command):
        return entering(self.pid, self.hosts.name, command)


def entering(pid, hosts, command):
    """Without a pid: in this machine's own network."""
    enter = ["nsenter", f"--net=/proc/{pid}/ns/net", "--"] if pid else []
    return ["unshare", "--mount", "sh", "-c", 'mount --bind "$0" /etc/hosts && exec "$@"', hosts, *enter, *command]


def password_variable(user):
    """A shell passes on no variable with a hyphen."""
    return "NATS_PASSWORD_" + user.upper().replace("-", "_")


class Nats:
    """The lab's NATS, as its user `admin`, from a pod's network, or from this machine's."""

    def __init__(self, network=None):
        """`network`: of a pod that may connect to NATS; else that of intake."""
        self.network = network or network_of("app.kubernetes.io/name=intake")
        self.program = lab.run(os.path.join(lab.ROOT, "tools", "nats"), "nats").strip()
        passwords = lab.get("nats", "secret", "nats-passwords")["data"]
        authority = lab.get(lab.FUNCTIONS, "configmap", "intake-nats")["data"]
        self.ca = tempfile.NamedTemporaryFile("w", prefix="nordfaas-bench-", suffix=".crt")
        self.ca.write(next(text for name, text in authority.items() if name.endswith(".crt")))
        self.ca.flush()
        # Not as arguments: anybody on this machine could read the passwords there.
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": "/nonexistent", "NATS_URL": f"tls://{NATS_HOST}:4222",
            "NATS_USER": "admin", "NATS_CA": self.ca.name,
            **{password_variable(name): base64.b64decode(it).decode() for name, it in passwords.items()},
        }
        self.environment["NATS_PASSWORD"] = self.environment[password_variable("admin")]

    def popen(self, *command, **options):
        return subprocess.Popen(self.network.command(*command), env=self.environment, text=True, **options)

    def start(self, *arguments, **options):
        """The command `nats`."""
        return self.popen(self.program, "--no-context", "--inbox-prefix=_INBOX_admin", *arguments, **options)

    def run(self, *arguments):
        return _output(self.start(*arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT), f"nats {arguments[0]}")

    def publish(self, kind, subject, size, messages, clients, *flags):
        """What `nats bench` prints of messages with ids, of so many bytes, in the stream of the orders."""
        return self.run("bench", "js", "pub", kind, f"--msgs={messages}", f"--clients={clients}", *flags, "--no-progress",
                        "--stream=orders", f"--size={size}B", "--dedup", subject)

    def waiting(self):
        """How many orders nobody has acknowledged yet."""
        state = json.loads(self.run("consumer", "info", "orders", "order-processor", "--json"))
        return state["num_pending"] + state["num_ack_pending"]

    def stored(self):
        """How many messages there have ever been in the stream of the orders."""
        return json.loads(self.run("stream", "info", "orders", "--json"))["state"]["last_seq"]

    def emptied(self):
        """Waits until there are none."""
        if left := lab.settled(self.waiting, 0.2):
            lab.fail(f"{left} orders are not handled")

    @contextlib.contextmanager
    def purged(self, *subjects):
        """What the block leaves in these subjects of the orders is removed."""
        try:
            yield
        finally:
            for subject in subjects:
                self.run("stream", "purge", "orders", f"--subject={subject}", "--force")

    def java(self, *arguments):
        return _output(self.popen("timeout", "240", "java", *arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT), "java")


def median(output):
    """The time to the PubAck in milliseconds, of what `nats bench js pub sync` prints of one client."""
    found = MEDIAN.search(output)
    if not found:
        lab.fail(f"nats bench says:\n{output.strip()}", "fix what it reports")
    return float(found.group(1).replace(",", "")) / 1000


def _output(process, name):
    output, _ = process.communicate()
    if process.returncode:
        lab.fail(f"{name}: {output.strip()}")
    return output


def network_of(selector):
    """Of a pod of functions, with the name of NATS."""
    return Network(lab.pods(lab.FUNCTIONS, selector)[0], {NATS_HOST: lab.get("nats", "service", "nats")["spec"]["clusterIP"]})


def admitting(address):
    """Lets this address connect to NATS."""
    return lab.ingress("bench", "nats", "nats", {"ipBlock": {"cidr": f"{address}/32"}}, 4222)


HANDLE = re.compile(r"# handle (\d+)")


@contextlib.contextmanager
def passing(*match):
    """The firewall of the lab's VPS lets this through, which it drops otherwise, while the block runs."""
    added = lab.in_node("nft", "--echo", "--handle", "insert", "rule", "inet", "nordfaas", "prerouting", *match, "accept")
    try:
        yield
    finally:
        lab.in_node("nft", "delete", "rule", "inet", "nordfaas", "prerouting", "handle", HANDLE.search(added).group(1))


@contextlib.contextmanager
def from_outside():
    """NATS from this machine, across the bridge: with a route to its pod, and what else lets it in."""
    pod = lab.pods("nats", "app.kubernetes.io/name=nats")[0]["status"]["podIP"]
    route = f"{pod}/32", "via", lab.ADDRESS
    lab.run("ip", "route", "add", *route)
    try:
        with (lab.temporary(admitting(lab.OUTSIDE)),
              passing("ip", "saddr", lab.OUTSIDE, "ip", "daddr", pod, "tcp", "dport", "4222")):
            yield Nats(Network(None, {NATS_HOST: pod}))
    finally:
        lab.run("ip", "route", "del", *route)
