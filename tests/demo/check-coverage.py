"""docs/coverage.md holds what it says: 105 rows in order, and every kind, paper and test that it names is there."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
page = (root / "docs" / "coverage.md").read_text(encoding="utf-8")
faults = []

rows = [line.split("|") for line in page.splitlines() if re.match(r"\| \d+ \|", line)]
numbers = [int(row[1]) for row in rows]
if numbers != list(range(1, 106)):
    faults.append(f"rows are not 1 to 105: {sorted(set(range(1, 106)) - set(numbers))} missing")

catalog = root / "data" / "catalog"
known = {path.stem for folder in ("kinds", "documents", "lists", "scorecards") for path in (catalog / folder).glob("*.json")}
known |= {path.name for path in catalog.glob("*.json")}
tests = {path.stem for path in (root / "tests").rglob("test-*.c")} | {path.name for path in (root / "tests" / "ui").glob("*.py")}
words = {"subject:KEY", "publicity", "openness", "sensitive", "read_roles", "xinheng-server import", "export"}

for row in rows:
    if not row[3].strip():
        faults.append(f"row {row[1].strip()}: no place")
    for name in re.findall(r"`([^`]+)`", row[3]):
        if name not in known | words:
            faults.append(f"row {row[1].strip()}: no such kind or paper: {name}")
    for name in re.findall(r"`([^`]+)`", row[4]):
        if name not in tests:
            faults.append(f"row {row[1].strip()}: no such test: {name}")

named = set(re.findall(r"`([^`]+)`", page))
for path in (catalog / "kinds").glob("*.json"):
    if path.stem not in named:
        faults.append(f"kind {path.stem} stands in no row")

print("1..1")
print("\n".join(f"# {fault}" for fault in faults))
print("not ok 1 /demo/coverage/holds-what-it-says" if faults else "ok 1 /demo/coverage/holds-what-it-says")
