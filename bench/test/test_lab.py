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

    def test_reads_cpu_time_of_pods_and_not_of_their_containers(self):
        uid = "185be524-11a9-4d0d-aba3-b9c435993b30"
        folder = f"/sys/fs/cgroup/unified/kubepods/burstable/pod{uid}"
        self.assertEqual({uid: 22.425597}, lab.cpu_by_uid([
            f"{folder}/cpu.stat:usage_usec 22425597",
            f"{folder}/50f0bb2477bd5e81f54a74bf3b4d30b0/cpu.stat:usage_usec 11"]))

    def test_reads_cpu_time_where_systemd_names_the_folders(self):
        self.assertEqual({"185be524-11a9-4d0d-aba3-b9c435993b30": 1.0}, lab.cpu_by_uid([
            "/sys/fs/cgroup/kubepods.slice/kubepods-burstable.slice/"
            "kubepods-burstable-pod185be524_11a9_4d0d_aba3_b9c435993b30.slice/cpu.stat:usage_usec 1000000"]))

    def test_cpu_between_leaves_out_pods_that_have_started_since(self):
        self.assertEqual({"a": 1.5}, lab.cpu_between({"a": 1.0, "gone": 2.0}, {"a": 2.5, "new": 9.0}))


if __name__ == "__main__":
    unittest.main()
