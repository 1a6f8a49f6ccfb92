"""What the pods and services of a node use, from its control groups, of version 1, 2 or both.

    before = cgroups.read()
    ...
    used = cgroups.read().since(before)
    used.containers[("openfaas", "gateway-5c6477c78-qsgct", "gateway")].seconds

CPU is the kernel's count, which includes what programs did that have ended since, such as those of probes.
"""

import dataclasses
import json
import re

import lab

# One line for each number: FILE:VALUE, or FILE:KEY VALUE. Version 1 has the totals of a subtree under keys of their own.
READ = r"""
cd /sys/fs/cgroup || exit
find . -type f \( -path '*kubepods*' -o -path '*system.slice/*' \) \
  \( -name cpu.stat -o -name memory.current -o -name memory.usage_in_bytes -o -name memory.stat \) -print0 |
  xargs -0 grep -HE '^(usage_usec |inactive_file |anon |total_inactive_file |total_rss |[0-9]+$)' 2>/dev/null
exit 0
"""
CONTAINER = re.compile(r"([0-9a-f]{64})(?:\.scope)?$")
POD = re.compile(r"(?:/|-)pod([0-9a-f]{8}[0-9a-f_-]{28})(?:\.slice)?$")
SERVICE = re.compile(r"/system\.slice/([^/]+)$")


@dataclasses.dataclass(frozen=True)
class Use:
    """CPU seconds; bytes in memory without file cache that can be dropped (the working set); those of processes alone."""

    seconds: float = 0.0
    working_set: int = 0
    processes: int = 0

    def __add__(self, other):
        return Use(self.seconds + other.seconds, self.working_set + other.working_set, self.processes + other.processes)

    def since(self, before):
        """Memory is what it is now."""
        return dataclasses.replace(self, seconds=self.seconds - before.seconds)


@dataclasses.dataclass(frozen=True)
class Node:
    containers: dict  # by namespace, pod and container
    pods: dict  # by namespace and pod: with the container that keeps its network
    services: dict  # of systemd, by name

    def since(self, before):
        """What those used that were there before."""
        def changed(now, then):
            return {key: use.since(then[key]) for key, use in now.items() if key in then}

        return Node(*(changed(getattr(self, it.name), getattr(before, it.name)) for it in dataclasses.fields(self)))


def folders(lines):
    """What the lines say of each control group, by its path below the hierarchy."""
    found = {}
    for line in lines:
        path, _, value = line.partition(":")
        folder, _, file = path.rpartition("/")
        # ./memory/kubepods/…, ./unified/kubepods/… and ./kubepods/… are the same group.
        folder = re.sub(r"^\.(?:/[^/]+)??(?=/(?:kubepods|system\.slice))", "", folder)
        key, _, number = value.rpartition(" ")
        found.setdefault(folder, {})[key or file] = int(number)
    return found


def use(numbers):
    usage = numbers.get("memory.current", numbers.get("memory.usage_in_bytes", 0))
    cache = numbers.get("total_inactive_file", numbers.get("inactive_file", 0))
    return Use(numbers.get("usage_usec", 0) / 1e6, max(0, usage - cache), numbers.get("total_rss", numbers.get("anon", 0)))


def node(lines, pods):
    """`pods`: as kubectl lists them."""
    names, containers = {}, {}
    for pod in pods["items"]:
        at = pod["metadata"]
        names[at["uid"]] = (at["namespace"], at["name"])
        for status in pod["status"].get("containerStatuses", []):
            containers[status.get("containerID", "").rpartition("/")[2]] = (at["namespace"], at["name"], status["name"])
    result = Node({}, {}, {})
    for folder, numbers in folders(lines).items():
        container, pod, service = CONTAINER.search(folder), POD.search(folder), SERVICE.match(folder)
        if container:
            found = re.sub(r"^cri-containerd-", "", container.group(1))
            if found in containers:
                result.containers[containers[found]] = use(numbers)
        elif pod:
            name = names.get(pod.group(1).replace("_", "-"))
            if name:
                result.pods[name] = use(numbers)
        elif service:
            result.services[service.group(1)] = use(numbers)
    return result


def read():
    """As it is now, in the lab's VPS."""
    pods = json.loads(lab.kubectl("get", "pods", "--all-namespaces", "--field-selector=status.phase=Running", "--output=json"))
    return node(lab.in_node("sh", "-c", READ).splitlines(), pods)
