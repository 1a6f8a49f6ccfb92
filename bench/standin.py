"""A function that only notes when it is called, in the place of one of the lab's, and a worker that calls it.

    with standin.function("bench-x", "X-Call-Id") as handler:
        with lab.temporary(standin.worker("bench-x", deployment, "order-processor")):
            standin.ready(lab.FUNCTIONS, "bench-x-worker")
            ...
        calls = handler.calls()
"""

import contextlib
import copy
import os
import subprocess
import sys

import inside
import lab


def labels(name):
    return {"app.kubernetes.io/name": name, "faas_function": name}


def deployment(name, image):
    """For the gateway to find; its pod has a network and does nothing: the handler is on this machine."""
    pod = lab.pod(name, image, ["sleep", "infinity"], labels=labels(name))["spec"]
    pod.pop("restartPolicy")
    return {
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": name, "namespace": lab.FUNCTIONS, "labels": labels(name)},
        "spec": {"selector": {"matchLabels": {"app.kubernetes.io/name": name}},
                 "template": {"metadata": {"labels": labels(name)}, "spec": pod}},
    }


def service(name):
    return {
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": lab.FUNCTIONS, "labels": labels(name)},
        "spec": {"selector": {"app.kubernetes.io/name": name}, "ports": [{"port": 8080}]},
    }


def policy(name):
    return lab.ingress(name, lab.FUNCTIONS, name, lab.pods_in("openfaas"), 8080)


def worker(name, deployed, function):
    """The pod of a worker's Deployment, calling our function instead of its own."""
    template = copy.deepcopy(deployed["spec"]["template"])
    for it in template["spec"]["containers"][0]["env"]:
        if it["name"] == "FUNCTION_URL":
            if function not in it["value"]:
                lab.fail(f"the worker calls {it['value']}", "run this on the lab that make lab-up created")
            it["value"] = it["value"].replace(function, name)
    return {"apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": name + "-worker", "namespace": lab.FUNCTIONS, "labels": dict(template["metadata"]["labels"])},
            "spec": template["spec"]}


def ready(namespace, pod):
    lab.kubectl(f"--namespace={namespace}", "wait", "--for=condition=Ready", "--timeout=120s", f"pod/{pod}")


class Handler:
    """The function, in the network of its pod."""

    def __init__(self, name, header):
        network = inside.Network(lab.pods(lab.FUNCTIONS, f"app.kubernetes.io/name={name}")[0], {})
        program = os.path.join(lab.ROOT, "bench", "handler.py")
        self.process = subprocess.Popen(network.command(sys.executable, program, header), stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "ready\n":
            lab.fail("the handler does not start")

    def called(self):
        """With how many different values of the header."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def calls(self):
        """The header, and when it began, in nanoseconds, of each call. Ends the handler."""
        output, _ = self.process.communicate()
        pairs = [line.split() for line in output.split("\n") if line]
        return [(value, int(began)) for value, began in pairs]

    def end(self):
        """It must not outlive the benchmark."""
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def function(name, header):
    """Its handler, while the block runs."""
    image = lab.container_of(lab.get("postgres", "statefulset", "postgres"))["image"]
    with lab.temporary(policy(name), service(name), deployment(name, image)):
        lab.kubectl(f"--namespace={lab.FUNCTIONS}", "rollout", "status", "deployment/" + name, "--timeout=120s")
        handler = Handler(name, header)
        try:
            yield handler
        finally:
            handler.end()
