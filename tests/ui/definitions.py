"""The catalog as a test needs it: kinds with their shared sections, workflows and lists put in their places."""
import glob
import json
import os
import re


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


class Kind:
    def __init__(self, folder, body, sample):
        self.name, self.label, self.group, self.body = body["name"], body["label"]["zh"], body["group"], body
        self.sample = sample or {}
        self.roles = body.get("roles", {})
        self.sections = [self._section(folder, section) for section in body["sections"]]
        self.fields = {field["name"]: field for section in self.sections for field in section["fields"]}
        for field in self.fields.values():
            if isinstance(field.get("choices"), str):
                field["choices"] = read(f"{folder}/lists/{field['choices']}.json")["choices"]
        flow = body.get("workflow") or {}
        flow = read(f"{folder}/workflows/{flow}.json") if isinstance(flow, str) else flow
        self.states = {state["name"]: state for state in flow.get("states", [])}
        self.transitions = flow.get("transitions", [])
        self.keys = {name for key in body.get("unique", []) for name in key}
        subject = body.get("subject", {})
        code = subject.get("code", [])
        self.subject = {*([code] if isinstance(code, str) else code), subject.get("name"), *subject.get("also", [])}

    @staticmethod
    def _section(folder, section):
        if "section" not in section:
            return section
        part = read(f"{folder}/sections/{section['section']}.json")
        fields = [dict(field) for field in part["fields"] if field["name"] not in section.get("without", [])]
        for field in fields:
            field.update(section.get("override", {}).get(field["name"], {}))
        own = {key: section[key] for key in ("label", "help", "relevant", "irrelevant") if key in section}
        return {**part, **own, "fields": fields}

    def may(self, what, role):
        return role in self.roles[what] if what in self.roles else True

    def entered(self, name):
        """Whether people fill in this field."""
        field = self.fields.get(name)
        return field is not None and not field.get("computed") and not field.get("scored") and field["type"] != "files"

    def mentioned(self, expression):
        """Fields that an expression hangs on, through what is computed too."""
        found, todo = [], [expression or ""]
        while todo:
            text = todo.pop()
            for name in self.fields:
                if name not in found and re.search(rf"(?<![\w']){name}(?![\w'])", text):
                    found.append(name)
                    todo.append(str(self.fields[name].get("computed") or ""))
        return found


class Definitions:
    def __init__(self, root):
        folder, demo = f"{root}/share/xinheng/catalog", f"{root}/share/xinheng/demo"
        self.catalog = read(folder + "/catalog.json")
        self.roles = [role["name"] for role in self.catalog["roles"]]
        samples = {os.path.basename(path)[:-5]: read(path) for path in glob.glob(demo + "/*.json")}
        bodies = [read(path) for path in sorted(glob.glob(folder + "/kinds/*.json"))]
        order = [group["name"] for group in self.catalog["groups"]]
        bodies.sort(key=lambda body: (order.index(body["group"]), body.get("order", 0)))
        self.kinds = {body["name"]: Kind(folder, body, samples.get(body["name"])) for body in bodies}
        self.units = read(folder + "/units.json")["units"]
        self.papers = [read(path) for path in sorted(glob.glob(folder + "/documents/*.json"))]
