"""What benchmarks of calls share: a way to a function, and a round of it, at a constant rate and at the highest."""

import dataclasses
import os

import cgroups
import lab
import vegeta

CONNECTIONS = 16  # of the highest rate
WARM_UP = 3  # seconds
FUNCTION, PATH = "echo", "/callers/public"  # answers at once with what reached it, half a kilobyte
PROGRAMS = ("function", "provider", "gateway", "edge")  # in the order of a call's way back
LABELS = MEDIAN, MOST_WAIT, AT_MOST, CORE = "median", "99th percentile", "at most", "a core"
OUTSIDE = {"connect": f"{lab.DOMAIN}:443={lab.ADDRESS}:443", "ca": lab.CA}


@dataclasses.dataclass(frozen=True)
class Hop:
    name: str
    url: str
    adds: str = ""  # what it has that the one before does not
    options: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Round:
    """At a constant rate and at the highest; `cpu`: seconds of each program during the latter."""

    open: vegeta.Attack
    most: vegeta.Attack
    cpu: dict


def turns(items, number):
    """In another order each time: so that none has always the busier machine."""
    first = number % len(items)
    return items[first:] + items[:first]


def programs(node):
    """CPU seconds of those that are on the way of a call."""
    names = {("edge", "caddy"): "edge", ("openfaas", "gateway"): "gateway", ("openfaas", "faas-netes"): "provider",
             (lab.FUNCTIONS, FUNCTION): "function"}
    used = dict.fromkeys(PROGRAMS, 0.0)
    for (namespace, _, container), use in node.containers.items():
        if (namespace, container) in names:
            used[names[namespace, container]] += use.seconds
    return used


def checked(hop, attack):
    if attack.failed:
        lab.fail(f"{hop.name}: {attack.failed} of {attack.requests} calls failed: {attack.why}")
    return attack


def a_round(hop, seconds, rate):
    steady = checked(hop, vegeta.attack(hop.url, seconds, rate=rate, **hop.options))
    before = cgroups.read()
    most = checked(hop, vegeta.attack(hop.url, seconds, workers=CONNECTIONS, **hop.options))
    cpu = programs(cgroups.read().since(before))
    lab.say(f"{hop.name}: {steady.p50:.2f} ms, 99 %: {steady.p99:.2f} ms; {most.per_second:.0f}/s")
    return Round(steady, most, cpu)


def warm_up(hop, seconds=WARM_UP):
    checked(hop, vegeta.attack(hop.url, seconds, workers=CONNECTIONS, **hop.options))


def compared(result, names, measured, way=lambda name: PROGRAMS, labels=LABELS):
    """The figures of several ways to a function, of which the first is the peer. `measured`: the rounds of each; `way`: the
    programs on it, whose CPU counts."""
    def core(name, one):
        return one.most.requests / sum(one.cpu[it] for it in way(name))

    figures = {MEDIAN: ("ms", lambda _, one: one.open.p50),
               MOST_WAIT: ("ms", lambda _, one: one.open.p99),
               AT_MOST: ("calls/s", lambda _, one: one.most.per_second),
               CORE: ("calls/s", core)}
    for label in labels:
        unit, value = figures[label]
        for name in names:
            peer = "" if name == names[0] else f"{names[0]}, {label}"
            result.figure(f"{name}, {label}", unit, [value(name, one) for one in measured[name]], peer=peer)


def explained(rate, measured, labels=LABELS):
    slowest = max(one.open.slowest for rounds in measured.values() for one in rounds)
    core = " A core: calls for each CPU second of the programs on the way then, without vegeta's." if CORE in labels else ""
    return (f"Median and 99th percentile at {rate} calls a second; the slowest of all those took {slowest:.0f} ms. At most: what "
            f"{CONNECTIONS} connections get, each with one call at a time.{core}")


def network():
    """A command that runs another one in the VPS' network, where pods let kubelet in."""
    with open(os.path.join(lab.STATE, "vps", "lab-1", "init"), encoding="utf-8") as file:
        return ("nsenter", f"--target={file.read().split()[0]}", "--net", "--")
