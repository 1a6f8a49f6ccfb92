"""bench/test-times: what it reads from Surefire's reports."""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from scripts import load as script  # noqa: E402  (found by the path above)

times = script("test-times")
REPORT = """<testsuite name="dev.nordfaas.AbcTest" time="1,002.5" tests="2">
<testcase name="quick" time="0.5"/><testcase name="slow(String)[2]" time="1,001.0"/></testsuite>"""


class TestTimesTest(unittest.TestCase):
    def test_a_report_with_thousands(self):
        self.assertEqual(times.read(REPORT), times.TestClass("AbcTest", 1002.5, 2, "slow(String)[2]", 1001.0))

    def test_a_class_without_tests(self):
        self.assertEqual(times.read('<testsuite name="NoTest" time="0"/>'), times.TestClass("NoTest", 0, 0, "", 0))

    def test_the_slowest_first_and_no_more_than_asked_for(self):
        classes = [times.TestClass(name, seconds, 1, "x", seconds) for name, seconds in (("a", 1), ("b", 3), ("c", 2))]
        lines = times.table("program", classes, 2).splitlines()
        self.assertEqual(lines[0], "program: 3 classes, 3 tests, 6 s in all")
        self.assertEqual([it.split()[3] for it in lines[1:]], ["b", "c"])


if __name__ == "__main__":
    unittest.main()
