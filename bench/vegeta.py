"""vegeta, an HTTP load generator, at a constant rate or at the highest that so many connections allow.

At a constant rate the load is open: a request is sent when its time has come, whether or not those before have been
answered, so that no slow answer hides how long the next would have taken.
"""

import dataclasses
import json
import subprocess

import lab


@dataclasses.dataclass(frozen=True)
class Attack:
    requests: int
    per_second: float  # answered with 2xx
    p50: float  # milliseconds
    p99: float
    slowest: float
    failed: int
    why: str  # the first reasons of those that failed


def report(text):
    """What `vegeta report -type=json` prints."""
    it = json.loads(text)
    latencies = {name: nanoseconds / 1e6 for name, nanoseconds in it["latencies"].items()}
    succeeded = sum(count for code, count in it["status_codes"].items() if code.startswith("2"))
    return Attack(it["requests"], it["throughput"], latencies["50th"], latencies["99th"], latencies["max"],
                  it["requests"] - succeeded, "; ".join((it["errors"] or [])[:3]))


def arguments(url, seconds, *, method="GET", rate=0, workers=16, connect="", ca="", certificate=(), headers=()):
    """`rate`: requests a second, or as many as `workers` connections allow. `connect`: HOST:PORT=ADDRESS:PORT, which is
    where to go for a host of the URL. `certificate`: the files of a client's, and of its key."""
    load = ["-rate=0", f"-max-workers={workers}"] if rate == 0 else [f"-rate={rate}/1s"]
    more = [f"-connect-to={connect.replace('=', ':')}"] if connect else []
    more += [f"-root-certs={ca}"] if ca else []
    more += [f"{option}={file}" for option, file in zip(("-cert", "-key"), certificate)]
    more += [f"-header={it}" for it in headers]
    # Without bodies in the results; redirects would be failures.
    return ["attack", f"-duration={seconds}s", *load, f"-workers={workers}", "-http2=false", "-max-body=0", "-redirects=-1",
            "-timeout=30s", *more], f"{method} {url}\n"


def attack(url, seconds, *, within=(), **options):
    """`within`: a command that runs vegeta elsewhere, such as in another network namespace."""
    program = lab.run(f"{lab.ROOT}/tools/vegeta").strip()
    words, targets = arguments(url, seconds, **options)
    sent = subprocess.run([*within, program, *words], input=targets.encode(), capture_output=True, check=False)
    if sent.returncode:
        lab.fail(f"vegeta: {sent.stderr.decode().strip()}")
    read = subprocess.run([program, "report", "-type=json"], input=sent.stdout, capture_output=True, check=True)
    return report(read.stdout)
