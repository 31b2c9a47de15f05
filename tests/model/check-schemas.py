#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON Schemas for editors agree with the loader: the shipped catalog is valid, and each object has the keys that the loader
knows (read from its sources, where they stand as `keys[]` in the function that loads the object)."""

import json
import pathlib
import re
import sys
import warnings

import jsonschema

ROOT = pathlib.Path(sys.argv[1])
CATALOG = ROOT / "data" / "catalog"

# Which function of the loader reads which object: schema, path to it, source file, function.
OBJECTS = [
    ("kind", [], "xh-kind-load.c", "xh_kind_load"),
    ("kind", ["properties", "subject"], "xh-kind-subject.c", "xh_kind_load_subject"),
    ("kind", ["properties", "roles"], "xh-kind-load.c", "load_roles"),
    ("kind", ["$defs", "workflow"], "xh-kind-load.c", "load_own_workflow"),
    ("kind", ["$defs", "section"], "xh-kind-load.c", "load_own_section"),
    ("kind", ["$defs", "section_use"], "xh-parts.c", "xh_part_open_section"),
    ("kind", ["$defs", "reference"], "xh-kind-load.c", "load_reference"),
    ("kind", ["$defs", "state"], "xh-kind-load.c", "load_state"),
    ("kind", ["$defs", "transition"], "xh-kind-load.c", "load_transition"),
    ("kind", ["$defs", "due"], "xh-kind-load.c", "load_due"),
    ("kind", ["$defs", "field"], "xh-field-load.c", "xh_field_load"),
    ("kind", ["$defs", "column"], "xh-field-load.c", "load_columns"),
    ("kind", ["$defs", "choice"], "xh-field-load.c", "load_choice"),
    ("kind", ["$defs", "check"], "xh-field-load.c", "load_checks"),
    ("kind", ["$defs", "label"], "xh-reader.c", "xh_reader_label"),
    ("list", [], "xh-parts.c", "xh_code_list_load"),
    ("workflow", [], "xh-kind-load.c", "load_workflow_file"),
    ("scorecard", [], "xh-scorecard-load.c", "xh_scorecard_load"),
    ("scorecard", ["$defs", "dimension"], "xh-scorecard-load.c", "load_dimension"),
    ("scorecard", ["$defs", "indicator"], "xh-scorecard-load.c", "load_indicator"),
    ("scorecard", ["$defs", "band"], "xh-scorecard-load.c", "load_band"),
    ("scorecard", ["$defs", "veto"], "xh-scorecard-load.c", "load_veto"),
    ("scorecard", ["$defs", "grade"], "xh-scorecard-load.c", "load_grade"),
    ("scorecard", ["properties", "unrated"], "xh-scorecard-load.c", "load_unrated"),
    ("document", [], "xh-document-load.c", "xh_document_def_load"),
    ("document", ["$defs", "cell"], "xh-document-load.c", "load_cell"),
    ("document", ["$defs", "query"], "xh-document-load.c", "load_query"),
    ("document", ["$defs", "count"], "xh-document-load.c", "load_count"),
    ("catalog", [], "xh-catalog.c", "load_head"),
    ("catalog", ["properties", "registers"], "xh-catalog.c", "load_registers"),
    ("catalog", ["$defs", "group"], "xh-catalog.c", "load_group"),
    ("catalog", ["$defs", "role"], "xh-catalog.c", "load_role"),
    ("periods", [], "xh-periods-load.c", "xh_periods_new"),
    ("periods", ["$defs", "set"], "xh-periods-load.c", "load_set"),
    ("periods", ["$defs", "period"], "xh-periods-load.c", "load_period"),
    ("periods", ["$defs", "case"], "xh-periods-load.c", "load_case"),
    ("periods", ["$defs", "rule"], "xh-periods-load.c", "load_rule"),
    ("sampling", [], "xh-sampling-load.c", "xh_sampling_load"),
    ("sampling", ["$defs", "scheme"], "xh-sampling-load.c", "load_scheme"),
    ("sampling", ["$defs", "pool"], "xh-sampling-load.c", "load_pool"),
    ("sampling", ["$defs", "ratio"], "xh-sampling-load.c", "load_ratio"),
    ("sampling", ["$defs", "creates"], "xh-sampling-load.c", "load_creates"),
    ("sampling", ["$defs", "inspectors"], "xh-sampling-load.c", "load_inspectors"),
    ("units", [], "xh-units.c", "xh_units_new"),
    ("units", ["$defs", "unit"], "xh-units.c", "load_unit"),
    ("calendar", [], "xh-calendar.c", "xh_calendar_new"),
    ("calendar", ["$defs", "year"], "xh-calendar.c", "load_year"),
]

SCHEMAS = ("kind", "scorecard", "document", "catalog", "units", "calendar", "periods", "sampling", "list", "section", "workflow")
FOLDERS = (("kinds", "kind"), ("scorecards", "scorecard"), ("documents", "document"), ("lists", "list"), ("sections", "section"), ("workflows", "workflow"))

number = 0


def report(good, name, why=""):
    global number
    number += 1
    print(f"{'ok' if good else 'not ok'} {number} /model/schema/{name}")
    if not good:
        print(f"# {why}")


def schema_of(name):
    return json.loads((CATALOG / "schema" / f"{name}.schema.json").read_text(encoding="utf-8"))


def validator_of(name):
    """Schemas name each other by file."""
    base = (CATALOG / "schema").as_uri()
    parts = {f"{base}/{part}.schema.json": schema_of(part) for part in SCHEMAS}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        resolver = jsonschema.RefResolver(f"{base}/{name}.schema.json", schema_of(name), store=parts)
        return jsonschema.Draft202012Validator(schema_of(name), resolver=resolver)


def loader_keys(source, function):
    text = (ROOT / "src" / "model" / source).read_text(encoding="utf-8")
    body = re.search(rf"^{function} \(.*?^}}", text, re.M | re.S).group(0)
    found = re.search(r"\b(?:keys|known)\[\] = \{(.*?)NULL", body, re.S)
    return set(re.findall(r'"([a-z_]+)"', found.group(1)))


def check_file(path, name):
    validator = validator_of(name)
    faults = [f"{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in
              validator.iter_errors(json.loads(path.read_text(encoding="utf-8")))]
    report(not faults, f"{path.relative_to(CATALOG)}-is-valid", "; ".join(faults)[:2000])


for name in SCHEMAS:
    jsonschema.Draft202012Validator.check_schema(schema_of(name))
for name, path, source, function in OBJECTS:
    part = schema_of(name)
    for step in path:
        part = part[step]
    schema_keys, keys = set(part["properties"]), loader_keys(source, function)
    report(schema_keys == keys and part["additionalProperties"] is False, "-".join([name, *path[1:], "has-the-keys-of-the-loader"]),
           f"only in the schema: {sorted(schema_keys - keys)}, only in the loader: {sorted(keys - schema_keys)}")
for name in ("catalog", "units", "calendar", "periods", "sampling"):
    check_file(CATALOG / f"{name}.json", name)
for folder, name in FOLDERS:
    for path in sorted((CATALOG / folder).glob("*.json")):
        check_file(path, name)
print(f"1..{number}")
