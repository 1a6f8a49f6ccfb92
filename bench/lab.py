"""What the benchmarks on the lab share: its address, kubectl, PostgreSQL, and pods of their own.

    lab.needed()                                     # ends the program unless there is a lab and one is root
    client = lab.pod("bench-pooler", image, command, env=lab.variables(function, "DATABASE_URL"))
    with lab.temporary(lab.egress("bench-pooler", "postgres", 6432)):
        print(lab.run_pod(client, seconds=60))       # its log; what was created is deleted again
"""

import contextlib
import json
import os
import signal
import ssl
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
STATE = os.environ.get("LAB_STATE", "/var/lib/nordfaas-lab")
CA = os.path.join(STATE, "edge-ca.crt")
DOMAIN, ADDRESS = "faas.lab.nordfaas.dev", "10.77.0.2"
OUTSIDE = "10.77.0.1"  # this machine, on the bridge of the VPSes
FUNCTIONS = "openfaas-fn"  # the namespace of functions, workers and intake
STALLED = 30  # seconds without progress
PATIENCE = 180  # seconds, for a pod to start or a workload to settle
RESTRICTED = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}


def fail(what, fix="lab/logs shows why"):
    sys.exit(f"{os.path.basename(sys.argv[0])}: error: {what}\n  fix: {fix}")


def say(text):
    print(f"{os.path.basename(sys.argv[0])}: {text}", file=sys.stderr, flush=True)


def needed():
    if os.geteuid() != 0 or not os.path.exists(CA):
        fail("there is no lab, or you are not root", "sudo make lab-up")
    # So that what is temporary is undone, too, when the benchmark is ended from outside.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def tls():
    """For clients that connect to ADDRESS under the name DOMAIN."""
    return ssl.create_default_context(cafile=CA)


def run(*command, **options):
    """Its standard output; ends the program with what it says if it fails."""
    result = subprocess.run(command, capture_output=True, text=True, **options)
    if result.returncode:
        fail(f"{' '.join(command[:6])}: {(result.stderr or result.stdout).strip()}")
    return result.stdout


def in_node(*command, **options):
    return run(os.path.join(ROOT, "lab", "shell"), *command, **options)


def kubectl(*arguments, **options):
    return in_node("kubectl", *arguments, **options)


def get(namespace, kind, name):
    return json.loads(kubectl(f"--namespace={namespace}", "get", kind, name, "--output=json"))


def pods(namespace, selector):
    """The running ones."""
    listed = json.loads(kubectl(f"--namespace={namespace}", "get", "pods", f"--selector={selector}",
                                "--field-selector=status.phase=Running", "--output=json"))
    return listed["items"] or fail(f"no pod with {selector} runs in {namespace}")


def apply(manifest):
    kubectl("apply", "--filename=-", input=json.dumps(manifest))


def delete(manifest):
    at = manifest["metadata"]
    kubectl(f"--namespace={at['namespace']}", "delete", f"{manifest['kind']}/{at['name']}", "--ignore-not-found", "--now")


@contextlib.contextmanager
def temporary(*manifests):
    """They exist while the block runs."""
    try:
        for manifest in manifests:
            apply(manifest)
        yield
    finally:
        for manifest in reversed(manifests):
            delete(manifest)


def settled(left, pause):
    """Waits until nothing is left, or until that has not changed for STALLED seconds: what is left then. `pause`: seconds
    between two looks."""
    last, since = None, time.monotonic()
    while found := left():
        if found != last:
            last, since = found, time.monotonic()
        elif time.monotonic() - since > STALLED:
            return found
        time.sleep(pause)
    return 0


def class_path(folder):
    """Of a Maven project with its tests, compiled."""
    with tempfile.NamedTemporaryFile() as file:
        run("mvn", "-B", "-q", "test-compile", "dependency:build-classpath", "-DincludeScope=test",
            f"-Dmdep.outputFile={file.name}", cwd=os.path.join(ROOT, folder))
        with open(file.name, encoding="utf-8") as text:
            classes = [os.path.join(ROOT, folder, "target", it) for it in ("test-classes", "classes")]
            return ":".join([*classes, text.read().strip()])


# ------------------------------------------------------------------------------------- PostgreSQL


def psql(database, *arguments):
    """The arguments of kubectl for psql as the superuser."""
    return ("--namespace=postgres", "exec", "--stdin", "statefulset/postgres", "--container=postgres", "--",
            "psql", "--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--username=postgres",
            # The superuser finds tables only by their schema, unless it asks for another search path.
            f"--dbname=dbname={database} options=-csearch_path=public", *arguments)


def sql(query, database="orders"):
    return kubectl(*psql(database, "--command=" + query)).strip()


# ------------------------------------------------------------------------------------------- pods


def container_of(workload, name=""):
    """The container of that name, or the first, of a Deployment or StatefulSet as kubectl prints it."""
    containers = workload["spec"]["template"]["spec"]["containers"]
    return next(it for it in containers if name in ("", it["name"]))


def variables(workload, *names):
    """These environment variables of the workload's first container, with where their values come from."""
    return [next(it for it in container_of(workload)["env"] if it["name"] == name) for name in names]


def mounted(workload, *paths):
    """The volume mounts at these paths of the workload's first container, and their volumes."""
    mounts = [next(it for it in container_of(workload)["volumeMounts"] if it["mountPath"] == path) for path in paths]
    names = {it["name"] for it in mounts}
    return mounts, [it for it in workload["spec"]["template"]["spec"]["volumes"] if it["name"] in names]


def pod(name, image, command, *, namespace=FUNCTIONS, labels=None, env=(), mounts=(), volumes=(), memory="512Mi"):
    """One that runs a program once, as restricted as a function's pods, with a writable /tmp."""
    return {
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "labels": {"app.kubernetes.io/name": name, **(labels or {})}},
        "spec": {
            "restartPolicy": "Never", "automountServiceAccountToken": False, "enableServiceLinks": False,
            "terminationGracePeriodSeconds": 1,
            "securityContext": {"runAsNonRoot": True, "runAsUser": 65534, "fsGroup": 65534,
                                "seccompProfile": {"type": "RuntimeDefault"}},
            "containers": [{
                "name": "bench", "image": image, "command": list(command), "securityContext": RESTRICTED, "env": list(env),
                "resources": {"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": memory}},
                "volumeMounts": [*mounts, {"name": "scratch", "mountPath": "/tmp"}],
            }],
            "volumes": [*volumes, {"name": "scratch", "emptyDir": {}}],
        },
    }


def egress(name, to_namespace, *ports):
    """Lets the pods named so connect to these ports of the pods in a namespace."""
    return {
        "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
        "metadata": {"name": name, "namespace": FUNCTIONS},
        "spec": {
            "podSelector": {"matchLabels": {"app.kubernetes.io/name": name}},
            "policyTypes": ["Egress"],
            "egress": [{"to": [pods_in(to_namespace)],
                        "ports": [{"port": port} for port in ports]}],
        },
    }


def ingress(name, namespace, app, source, port):
    """Lets a source, as a NetworkPolicy names it, connect to this port of the pods of an app."""
    return {
        "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": name, "namespace": namespace},
        "spec": {"podSelector": {"matchLabels": {"app.kubernetes.io/name": app}}, "policyTypes": ["Ingress"],
                 "ingress": [{"from": [source], "ports": [{"port": port}]}]},
    }


def pods_in(namespace):
    """All pods in it, for a NetworkPolicy."""
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}}}


def run_pod(manifest, seconds):
    """Its log, once it has ended; it is deleted. `seconds`: how long its program takes."""
    name, namespace = manifest["metadata"]["name"], manifest["metadata"]["namespace"]
    delete(manifest)
    with temporary(manifest):
        end = time.monotonic() + seconds + PATIENCE
        phase = ""
        while phase not in ("Succeeded", "Failed"):
            if time.monotonic() > end:
                fail(f"pod {name} does not finish")
            time.sleep(1)
            phase = kubectl(f"--namespace={namespace}", "get", "pod", name, "--output=jsonpath={.status.phase}")
        output = kubectl(f"--namespace={namespace}", "logs", name)
        if phase == "Failed":
            fail(f"pod {name} failed:\n{output.strip()}", "fix what it reports")
        return output


def scaled(deployment, replicas):
    """Waits until its pods are ready, or gone."""
    kubectl(f"--namespace={FUNCTIONS}", "scale", "deployment", deployment, f"--replicas={replicas}")
    if replicas:
        kubectl(f"--namespace={FUNCTIONS}", "rollout", "status", f"deployment/{deployment}", "--timeout=120s")
    else:
        kubectl(f"--namespace={FUNCTIONS}", "wait", "--for=delete", "pod", "--timeout=120s",
                f"--selector=app.kubernetes.io/name={deployment}")


@contextlib.contextmanager
def without_worker(deployment="order-processor-worker"):
    """Nobody takes orders from the queue while the block runs. An autoscaler leaves alone what has no replicas."""
    scaled(deployment, 0)
    try:
        yield
    finally:
        scaled(deployment, 1)
