"""bench/lab.py: what it reads and builds without a lab."""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import lab  # noqa: E402  (found by the path above)

DEPLOYMENT = {"spec": {"template": {"spec": {
    "containers": [{
        "name": "function", "image": "lab/f:1",
        "env": [{"name": "A", "value": "1"}, {"name": "URL", "valueFrom": {"secretKeyRef": {"name": "s", "key": "url"}}}],
        "volumeMounts": [{"name": "ca", "mountPath": "/etc/ca"}, {"name": "tmp", "mountPath": "/tmp"}],
    }],
    "volumes": [{"name": "ca", "configMap": {"name": "ca"}}, {"name": "tmp", "emptyDir": {}}],
}}}}


class LabTest(unittest.TestCase):
    def test_takes_a_variable_from_a_workload_with_its_source(self):
        self.assertEqual([{"name": "URL", "valueFrom": {"secretKeyRef": {"name": "s", "key": "url"}}}],
                         lab.variables(DEPLOYMENT, "URL"))

    def test_takes_a_mount_from_a_workload_with_its_volume_only(self):
        mounts, volumes = lab.mounted(DEPLOYMENT, "/etc/ca")
        self.assertEqual([{"name": "ca", "mountPath": "/etc/ca"}], mounts)
        self.assertEqual([{"name": "ca", "configMap": {"name": "ca"}}], volumes)

    def test_a_pod_is_restricted_and_has_a_writable_tmp(self):
        spec = lab.pod("bench-x", "lab/f:1", ["true"])["spec"]
        self.assertEqual(lab.RESTRICTED, spec["containers"][0]["securityContext"])
        self.assertEqual([{"name": "scratch", "mountPath": "/tmp"}], spec["containers"][0]["volumeMounts"])
        self.assertTrue(spec["securityContext"]["runAsNonRoot"])

    def test_a_policy_selects_the_pod_of_its_name(self):
        name = lab.pod("bench-x", "lab/f:1", ["true"])["metadata"]["labels"]
        self.assertEqual(name, lab.egress("bench-x", "nats", 4222)["spec"]["podSelector"]["matchLabels"])


if __name__ == "__main__":
    unittest.main()
