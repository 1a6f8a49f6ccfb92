"""bench/preview: the stacks that it previews, and its peers' programs."""

import json
import os
import sys
import unittest

BENCH = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [BENCH, os.path.join(BENCH, "peers")]

import programs  # noqa: E402  (found by the path above)
import stacks  # noqa: E402
from scripts import load as script  # noqa: E402


def urn(kind, name):
    return f"urn:pulumi:oslo::nordfaas::{kind}::{name}"


COMPONENT, COMMAND, SECRET = "nordfaas:index:OpenFaas", "command:local:Command", "kubernetes:core/v1:Secret"
PREVIEW = json.dumps({"steps": [
    {"newState": {"urn": urn(programs.STACK, "nordfaas-oslo"), "type": programs.STACK}},
    {"newState": {"urn": urn(SECRET, "login"), "type": SECRET, "custom": True, "parent": urn(COMPONENT, "faas"),
                  "provider": urn("pulumi:providers:kubernetes", "default_4_25_0") + "::id", "protect": True,
                  "inputs": {"stringData": programs.UNKNOWN, "text": "${HOME}", "key": "[secret]"},
                  "dependencies": [urn(COMMAND, "password")],
                  "propertyDependencies": {"stringData": [urn(COMMAND, "password")]}}},
    {"newState": {"urn": urn(COMPONENT, "faas"), "type": COMPONENT}},
    {"newState": {"urn": urn(COMMAND, "password"), "type": COMMAND, "custom": True, "inputs": {"create": "true"}}},
]})


class Programs(unittest.TestCase):
    states = programs.registered(PREVIEW)

    def test_a_resource_comes_after_those_it_refers_to(self):
        self.assertEqual(["faas", "password", "login"], [programs.name_of(it) for it in self.states])

    def test_the_stack_itself_is_not_counted(self):
        self.assertEqual({COMPONENT: 1, COMMAND: 1, SECRET: 1}, dict(programs.types(PREVIEW)))
        self.assertEqual({COMMAND: 1, SECRET: 1}, dict(programs.types(PREVIEW, custom_only=True)))

    def test_what_is_unknown_becomes_a_reference_and_a_secret_is_made_up(self):
        login = json.loads(programs.node(self.states)["resources.json"])[2]
        self.assertEqual({"stringData": {"value": {"$of": 1, "$output": "stdout"}}, "text": "${HOME}",
                          "key": {"$secret": programs.MADE_UP}}, login["inputs"])
        self.assertEqual({"parent": 0, "dependsOn": [1], "protect": True}, login["options"])

    def test_yaml_leaves_components_out_and_escapes_what_looks_like_a_reference(self):
        text = programs.yaml(self.states)["Pulumi.yaml"]
        self.assertNotIn(COMPONENT, text)
        self.assertIn('properties: {"stringData": {"value": "${r0.stdout}"}, "text": "$${HOME}",'
                      ' "key": {"fn::secret": "made-up-for-this-benchmark"}}', text)
        self.assertIn('options: {"dependsOn": ["${r0}"], "protect": true}', text)

    def test_a_providers_inputs_are_as_they_were_written(self):
        self.assertEqual({"enable": True, "kubeconfig": "x"}, programs.as_written(
            {"enable": "true", "kubeconfig": "x", "version": "4.25.0", "__internal": {}}))


class Stacks(unittest.TestCase):
    with open(os.path.join(os.path.dirname(BENCH), "Pulumi.oslo.yaml"), encoding="utf-8") as file:
        oslo = file.read()

    def test_has_as_many_functions_more(self):
        text = stacks.with_functions(self.oslo, 25)
        self.assertEqual(27, stacks.section(text, "functions").count("      image:"))
        self.assertEqual(3, text.count("            filterSubjects: [orders.function-"))

    def test_functions_are_in_the_config_as_long_as_they_fit(self):
        self.assertEqual({}, stacks.files(999))
        self.assertLess(len(stacks.with_functions(self.oslo, 300)), 128 << 10)

    def test_a_thousand_functions_are_in_files_of_their_own(self):
        text, files = stacks.with_functions(self.oslo, 1000), stacks.files(1000)
        self.assertIn("  nordfaas:functionFiles: [teams/*.yaml]\n", text)
        self.assertEqual(2, stacks.section(text, "functions").count("      image:"))
        self.assertEqual(100, text.count("            filterSubjects: [orders.function-"))
        self.assertLess(len(text), 128 << 10)
        self.assertEqual(1000, len(files))
        self.assertTrue(files["teams/function-7.yaml"].startswith("function-7:\n  image: ghcr.io/"))

    def test_a_vps_more_for_every_hundred(self):
        text = stacks.with_functions(self.oslo, 250)
        self.assertEqual(2, text.count("      role: agent\n"))
        self.assertIn("    nodes: [oslo-1]\n", stacks.section(text, "edge"))

    def test_another_oslo_is_refused(self):
        with self.assertRaisesRegex(ValueError, "Pulumi.oslo.yaml has no nordfaas:nodes"):
            stacks.with_functions("config:\n", 1)


class Previews(unittest.TestCase):
    def test_peers_with_other_resources_are_refused(self):
        preview = script("preview")
        other = json.dumps({"steps": json.loads(PREVIEW)["steps"][:-1]})
        with self.assertRaisesRegex(preview.Failed, "TypeScript registers other resources: .'command:local:Command': 1."):
            preview.check_same(PREVIEW, {"typescript": other})


class UpCost(unittest.TestCase):
    def test_what_a_jvm_used(self):
        self.assertEqual((12.5, 200.0), script("up-cost").used("up-cost: 12.50 204800\n"))


if __name__ == "__main__":
    unittest.main()
