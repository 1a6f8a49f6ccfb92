"""bench/no-op-up: what it reads from states and previews, and the program that it makes from a state."""

import json
import os
import sys
import unittest

BENCH = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [BENCH, os.path.join(BENCH, "peers")]

import programs  # noqa: E402  (found by the path above)
from scripts import load as script  # noqa: E402

no_op_up = script("no-op-up")
HIDDEN = {programs.SIGNATURE: programs.SECRET_SIGNATURE, "ciphertext": "v1:x"}


def secret(value):
    return {programs.SIGNATURE: programs.SECRET_SIGNATURE, "plaintext": json.dumps(value)}


def urn(kind, name):
    return f"urn:pulumi:lab::nordfaas::{kind}::{name}"


FUNCTION, DEPLOYMENT, SECRET = no_op_up.FUNCTION, "kubernetes:apps/v1:Deployment", "kubernetes:core/v1:Secret"
KUBERNETES, DEFAULT = "pulumi:providers:kubernetes", "pulumi:providers:command"
STACK = urn(programs.STACK, "nordfaas-lab")
STATES = [
    {"urn": STACK, "custom": False, "type": programs.STACK, "outputs": {"edgeUrl": "https://edge", "password": secret("p")}},
    {"urn": urn(DEFAULT, "default_1_2_1"), "custom": True, "type": DEFAULT, "id": "1", "inputs": {"version": "1.2.1"}},
    {"urn": urn(KUBERNETES, "lab-provider"), "custom": True, "type": KUBERNETES, "id": "2", "parent": STACK,
     "inputs": {"__internal": {}, "enableServerSideApply": "true", "kubeconfig": secret("k"), "version": "4.25.0"}},
    {"urn": urn(FUNCTION, "echo"), "custom": False, "type": FUNCTION, "parent": STACK, "outputs": {"url": "http://echo"}},
    {"urn": urn(SECRET, "echo-secret"), "custom": True, "type": SECRET, "id": "3", "parent": urn(FUNCTION, "echo"),
     "provider": urn(KUBERNETES, "lab-provider") + "::2", "inputs": {"data": secret({"a": "${b}"})}, "protect": True,
     "additionalSecretOutputs": ["data", "stringData"]},
    {"urn": urn(DEPLOYMENT, "echo-deployment"), "custom": True, "type": DEPLOYMENT, "id": "4",
     "parent": urn(FUNCTION, "echo"), "provider": urn(KUBERNETES, "lab-provider") + "::2",
     "inputs": {"spec": {"replicas": 1}}, "dependencies": [urn(SECRET, "echo-secret")],
     "propertyDependencies": {"spec": [urn(SECRET, "echo-secret")]}, "ignoreChanges": ["spec.replicas"],
     "customTimeouts": {"create": 300}},
    {"urn": urn(FUNCTION, "intake"), "custom": False, "type": FUNCTION, "parent": STACK, "outputs": {}},
]


def export(states=STATES, indent=4):
    return json.dumps({"version": 3, "deployment": {
        "manifest": {}, "secrets_providers": {"type": "passphrase", "state": {"salt": "old"}}, "resources": states,
        "metadata": {}}}, indent=indent)


def changed(name, **values):
    return [{**it, **values} if programs.name_of(it) == name else it for it in STATES]


class Program(unittest.TestCase):
    files = programs.node_of_state(STATES)
    resources = json.loads(files["resources.json"])

    def test_the_stack_and_default_providers_are_left_to_the_engine(self):
        self.assertEqual(["lab-provider", "echo", "echo-secret", "echo-deployment", "intake"],
                         [it["name"] for it in self.resources])

    def test_inputs_are_literals_and_secrets_stay_secrets(self):
        self.assertEqual({"data": {"$secret": {"a": "${b}"}}}, self.resources[2]["inputs"])
        self.assertEqual({"spec": {"replicas": 1}}, self.resources[3]["inputs"])

    def test_a_providers_inputs_are_as_they_were_written(self):
        self.assertEqual({"enableServerSideApply": True, "kubeconfig": {"$secret": "k"}}, self.resources[0]["inputs"])

    def test_options_are_those_of_the_state(self):
        self.assertEqual({"parent": 1, "provider": 0, "dependsOn": [2], "ignoreChanges": ["spec.replicas"],
                          "customTimeouts": {"create": "300s"}}, self.resources[3]["options"])

    def test_what_the_sdk_adds_to_a_secret_is_not_given(self):
        self.assertEqual({"parent": 1, "provider": 0, "protect": True}, self.resources[2]["options"])

    def test_components_and_the_stack_have_their_outputs(self):
        self.assertEqual({"url": "http://echo"}, self.resources[1]["outputs"])
        self.assertEqual({"edgeUrl": "https://edge", "password": {"$secret": "p"}}, json.loads(self.files["outputs.json"]))

    def test_a_secret_in_a_secret_stays_one(self):
        self.assertEqual({"$secret": {"a": {"$secret": "b"}}}, programs.literal(secret({"a": secret("b")})))

    def test_a_secret_that_is_not_shown_is_refused(self):
        with self.assertRaisesRegex(ValueError, "a secret that is not shown"):
            programs.literal({"a": [HIDDEN]})


class States(unittest.TestCase):
    def test_names_of_project_and_stack(self):
        self.assertEqual(("nordfaas", "lab"), no_op_up.names_of(export()))

    def test_a_copy_has_the_salt_of_its_own_stack(self):
        self.assertEqual({"type": "passphrase", "state": {"salt": "v1:a:b"}},
                         no_op_up.deployment(no_op_up.salted(export(), "v1:a:b"))["secrets_providers"])

    def test_the_salt_is_in_the_config(self):
        self.assertEqual("v1:a=:v1:b", no_op_up.salt_of("config: {}\nencryptionsalt: v1:a=:v1:b\n"))

    def test_a_config_without_salt_is_refused(self):
        with self.assertRaisesRegex(no_op_up.Failed, "the new stack has no salt"):
            no_op_up.salt_of("config: {}\n")

    def test_the_same_state_has_no_differences(self):
        self.assertEqual([], no_op_up.differences(export(), export(changed("echo-secret", dependencies=["x"]))))

    def test_differences_are_named_without_values(self):
        self.assertEqual([f"{SECRET}::echo-secret: inputs"],
                         no_op_up.differences(export(), export(changed("echo-secret", inputs={"data": secret("q")}))))

    def test_a_resource_that_is_missing_is_a_difference(self):
        self.assertEqual([f"{FUNCTION}::intake"], no_op_up.differences(export(), export(STATES[:-1])))


class Previews(unittest.TestCase):
    def test_what_stays_the_same_is_no_change(self):
        self.assertEqual([], no_op_up.changes(json.dumps({"steps": [{"op": "same", "urn": STACK}]})))

    def test_a_change_is_named_with_its_reasons(self):
        text = json.dumps({"steps": [{"op": "update", "urn": urn(SECRET, "echo-secret"), "diffReasons": ["stringData", "data"]},
                                     {"op": "create", "urn": urn(FUNCTION, "echo")}]})
        self.assertEqual([f"update {SECRET}::echo-secret (data, stringData)", f"create {FUNCTION}::echo"],
                         no_op_up.changes("a warning\n" + text))


class Sizes(unittest.TestCase):
    def test_resources_are_all_that_the_list_has(self):
        for indent in (4, None):
            with self.subTest(indent=indent):
                text = export(indent=indent)
                inside = len(text) - len(export([], indent=indent))
                self.assertEqual(inside, sum(no_op_up.resource_bytes(text).values()))

    def test_bytes_are_counted_not_characters(self):
        text = '{"deployment": {"resources": [{"urn": "a", "b": "é"}]}}'
        self.assertEqual({"a": len('{"urn": "a", "b": "é"}') + 1}, no_op_up.resource_bytes(text))

    def test_a_function_has_what_is_in_its_component_and_intake_is_none(self):
        sizes = no_op_up.resource_bytes(export())
        wanted = sum(size for key, size in sizes.items() if "echo" in key)
        self.assertEqual({"echo": wanted}, no_op_up.function_bytes(export()))

    def test_extrapolates_from_the_state_without_its_functions(self):
        self.assertEqual(1000 - 300 + 100 * 50, no_op_up.extrapolated(1000, {"a": 100, "b": 200}, 50, 100))


class Report(unittest.TestCase):
    def test_figures_of_both_and_of_the_state(self):
        benchmark = no_op_up.figures.Benchmark("no-op-up", "sudo bench/no-op-up", "")
        each = {"java": [2.0], "typescript": [4.0]}
        no_op_up.report_times(benchmark, each, each, {"java": 90.0, "typescript": 100.0})
        no_op_up.report_sizes(benchmark, export(), 1 << 19)
        found = {it["name"]: it for it in benchmark.figures}
        self.assertEqual([0.5], found["wall clock: ours"]["ratios"])
        self.assertEqual([0.9], found["memory of the program: ours"]["ratios"])
        self.assertEqual([7.0], found["state: resources"]["values"])
        self.assertEqual([0.5], found["state: as a file backend keeps it"]["values"])

    def test_a_state_without_functions_is_refused(self):
        with self.assertRaisesRegex(no_op_up.Failed, "the lab's state has no function"):
            no_op_up.report_sizes(no_op_up.figures.Benchmark("no-op-up", "", ""), export(STATES[:3]), 1)


if __name__ == "__main__":
    unittest.main()
