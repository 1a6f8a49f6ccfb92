"""Orders through the lab's door, sent by vegeta, and what became of them.

The generator is open-loop where a rate is given: a request is sent when it is due, however many are still
unanswered, and what it has to wait for a connection is part of its latency.
"""

import base64
import contextlib
import csv
import json
import os
import subprocess
import tempfile
import threading

import lab
from figures import percentile

ORDERS = f"https://{lab.DOMAIN}/orders"
CONNECTIONS = 500  # the nodes' firewall lets in 512 of one client
ITEMS = 8
EXHAUSTED = "no targets to attack"  # what vegeta says once there are no more


def order(prefix, number):
    """All are of the same size, about half a kilobyte."""
    items = [{"sku": f"SKU-{item:04d}", "quantity": item + 1, "unitPrice": 199.5} for item in range(ITEMS)]
    return json.dumps({"orderId": f"{prefix}-{number:08d}", "customer": "Bench", "currency": "NOK", "items": items})


def target(url, body):
    """A line of vegeta's JSON targets."""
    return json.dumps({"method": "POST", "url": url, "header": {"Content-Type": ["application/json"]},
                       "body": base64.b64encode(body.encode()).decode()})


class Answers:
    """What came back: `rows` are vegeta's CSV, see `vegeta encode -h`."""

    def __init__(self, rows):
        self.sent, self.codes, self.seconds, self.bodies, self.errors, self.headers = [], [], [], [], [], []
        for row in rows:
            self.sent.append(int(row[0]) / 1e9)
            self.codes.append(int(row[1]))
            self.seconds.append(int(row[2]) / 1e9)
            self.errors.append(row[5])
            self.bodies.append(row[6])
            self.headers.append(row[11])

    def __len__(self):
        return len(self.codes)

    def after(self, seconds):
        """Without the first seconds, in which connections are opened."""
        begin = min(self.sent, default=0) + seconds
        kept = Answers([])
        for name, values in vars(self).items():
            setattr(kept, name, [value for value, sent in zip(values, self.sent) if sent >= begin])
        return kept

    def good(self, code):
        return sum(it == code for it in self.codes)

    def wrong(self, code):
        """How many were answered otherwise, in words; empty: none."""
        kinds = {}
        for found, error in zip(self.codes, self.errors):
            if found != code:
                kind = str(found) if found else error
                kinds[kind] = kinds.get(kind, 0) + 1
        return ", ".join(f"{count} times {kind}" for kind, count in sorted(kinds.items()))

    def per_second(self, code):
        """From the first request to the last answer."""
        if not self.sent:
            return 0.0
        end = max(sent + seconds for sent, seconds in zip(self.sent, self.seconds))
        return self.good(code) / (end - min(self.sent))

    def percentile(self, share):
        """In milliseconds, by nearest rank."""
        return 1000 * percentile(self.seconds, share) if self.seconds else 0.0

    def ids(self):
        """The ids that came with each 202."""
        return {json.loads(base64.b64decode(body))["id"] for body, code in zip(self.bodies, self.codes) if code == 202}


class Door:
    def __init__(self):
        self.vegeta = lab.run(os.path.join(lab.ROOT, "tools", "vegeta")).strip()

    def attack(self, prefix, flags, *, url=ORDERS, enter=lambda *command: command, most=None):
        """Sends orders until vegeta ends by its flags, or there have been that many."""
        with tempfile.TemporaryDirectory(prefix="nordfaas-bench-") as folder:
            results = os.path.join(folder, "results")
            command = enter(
                self.vegeta, "attack", "-format=json", "-lazy", "-http2=false", f"-output={results}", "-max-body=512",
                f"-root-certs={lab.CA}", f"-connect-to={lab.DOMAIN}:443:{lab.ADDRESS}:443", *flags)
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            feeder = threading.Thread(target=feed, args=(process.stdin, prefix, url, most), daemon=True)
            feeder.start()
            said = process.stderr.read()
            if process.wait():
                lab.fail(f"vegeta: {said.strip()}")
            feeder.join()
            table = lab.run(self.vegeta, "encode", "-to=csv", results)
        return Answers(it for it in csv.reader(table.splitlines()) if it[5] != EXHAUSTED)

    def closed(self, prefix, seconds, connections=CONNECTIONS, **options):
        """So many clients, each of which sends its next order when the one before is answered."""
        return self.attack(prefix, ["-rate=0", f"-max-workers={connections}", f"-workers={connections}",
                                    f"-max-connections={connections}", f"-connections={connections}",
                                    f"-duration={seconds}s"], **options)

    def paced(self, prefix, rate, seconds, connections=CONNECTIONS, **options):
        """So many orders a second, whatever is answered when."""
        return self.attack(prefix, [f"-rate={rate}/1s", f"-duration={seconds}s", f"-workers={min(rate, connections)}",
                                    f"-max-connections={connections}", f"-connections={connections}"], **options)

    def burst(self, prefix, count, **options):
        """All at once, each over a connection that is opened for it."""
        return self.attack(prefix, ["-rate=0", f"-max-workers={count}", f"-workers={count}", f"-max-connections={count}",
                                    f"-connections={count}"], most=count, **options)


def feed(pipe, prefix, url, most):
    """Writes targets until nobody reads them, or there have been that many."""
    number = 0
    try:
        while most is None or number < most:
            count = 50 if most is None else min(50, most - number)
            pipe.write("".join(target(url, order(prefix, it)) + "\n" for it in range(number, number + count)))
            number += count
    except BrokenPipeError:
        pass
    finally:
        with contextlib.suppress(BrokenPipeError):
            pipe.close()


# --------------------------------------------------------------------------------- what became of them


def rows(prefix):
    """The ids of the messages that are rows now."""
    return set(lab.sql(f"SELECT message_id FROM orders WHERE order_id LIKE '{prefix}-%'").split())


def await_rows(prefix, count):
    """Waits for that many rows, or until there have been no new ones for half a minute."""
    def missing():
        return max(0, count - int(lab.sql(f"SELECT count(*) FROM orders WHERE order_id LIKE '{prefix}-%'")))

    lab.settled(missing, 1)


def lost(prefix, accepted):
    """The ids that came with a 202 and are neither a row nor a dead letter, once nothing more becomes one."""
    await_rows(prefix, len(accepted))
    missing = accepted - rows(prefix)
    if missing:
        letters = lab.run(os.path.join(lab.ROOT, "tools", "dead-letters"), "lab", "list", "--limit", "1000000",
                          env=dict(os.environ, KUBECONFIG=os.path.join(lab.STATE, "kubeconfig")))
        missing = {it for it in missing if it not in letters}
    return missing


def forget(prefix):
    lab.sql(f"DELETE FROM orders WHERE order_id LIKE '{prefix}%'")
