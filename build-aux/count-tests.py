"""Prints the closing line `N passed, N failed[, N skipped]` from meson's JUnit log and exits non-zero where one failed."""
import glob
import sys
import xml.etree.ElementTree as xml

logs, status = sys.argv[1], int(sys.argv[2])
passed = failed = skipped = 0
for path in glob.glob(logs + "/testlog*.junit.xml"):
    for suite in xml.parse(path).getroot().iter("testsuite"):
        for case in suite.iter("testcase"):
            kinds = {child.tag for child in case}
            if kinds & {"failure", "error"}:
                failed += 1
                print("FAILED", suite.get("name"), case.get("name"))
            elif "skipped" in kinds:
                skipped += 1
            else:
                passed += 1
        # A program that died between its cases is counted by the suite, not by a case.
        lost = int(suite.get("errors") or 0) - sum(1 for case in suite.iter("testcase") if case.find("error") is not None)
        if lost > 0:
            failed += lost
            print("FAILED", suite.get("name"), "(ended early)")
if status != 0 and failed == 0:
    failed = 1
    print("FAILED: the test runner ended with", status)
print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
sys.exit(1 if failed or passed == 0 else 0)
