"""Every workflow by role, against a real server: who is not named is refused, who is named gets through, and nothing is done by halves.

Asks only by the REST API (docs/sync.md); reads the server's store to choose what to try and to see what came of it. A record that lacks what a
step asks for is filled with what the demo samples, the definition or a demo record that is already there would have in it."""
import datetime
import json
import re
import sqlite3

from account import Account, uuid7

NOT_THE_ROLE = ("角色不能办理这一步", "Your role may not take this step")
NOT_ITS_AREA = ("不在您的管辖范围内", "outside your area")
NOT_OPEN = ("没有这个登记表，或它不对您的角色开放", "There is no such register")
ROUNDS = 6  # of filling before a step is given up
PAGE = 400  # ops in one push


def instalment(total):
    """All of it is paid at once."""
    return lambda record, day: {"repayments": json.dumps([{"_id": uuid7(), "paid_on": day(-1), "amount": record.values[total]}])}


# Conditions that hang on sums and dates of long ago: what a person would enter.
BY_HAND = {
    ("arrears", "settle"): instalment("amount"),
    ("servant-loan", "settle"): lambda record, day: {**instalment("balance_start")(record, day), "settled_on": day(-1)},
    ("deduction", "expire"): lambda record, day: {"recorded_on": day(-1500), "happened_on": day(-1505)},
    ("integrity-file", "archive"): lambda record, day: {"happened_on": day(-2200), "keep_reason": None},
    ("joint-guarantee", "dissolve"): lambda record, day: {"loans": None},
    ("village-award", "award"): lambda record, day: {
        "t_filed": 0, "t_credit": 0, "t_clear": 0, "t_clear_township": 0, "t_villages": 0, "t_rise": 100, "t_bad": 100, "t_notice": 1, "villages": 9},
}


class Record:
    """A record as it stands in the server's store."""

    def __init__(self, spine, values):
        self.id, self.kind, self.division, self.unit, self.state, self.version = spine
        self.values = values

    def is_filled(self, name):
        return self.values.get(name) not in (None, "", "[]")


class Workflows:
    def __init__(self, definitions, url, store, today):
        self.definitions, self.today = definitions, datetime.date.fromisoformat(today)
        self.db = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
        self.roles = {role: Account(url, role) for role in definitions.roles}
        self.scopes = {role["name"]: role["scope"] for role in definitions.catalog["roles"]}
        self.faults, self.taken, self.by_role, self.missed, self.untried = [], set(), set(), {}, []
        self.refused = self.refused_inside = self.made = 0

    # --- what is there

    def load(self, kind, condition="", *values):
        columns = ["id", "kind", "division", "unit", "state", "version"]
        names = list(kind.fields)
        rows = self.db.execute(f"SELECT {', '.join('r.' + c for c in columns)}, {', '.join('k.' + n for n in names)} FROM record r JOIN "
                               f"\"k_{kind.name.replace('-', '_')}\" k USING (rid) WHERE r.kind = ? AND r.deleted = 0 {condition} "
                               "ORDER BY r.rid LIMIT 400", (kind.name, *values))
        return [Record(row[:6], dict(zip(names, row[6:]))) for row in rows]

    def reload(self, kind, record):
        return self.load(kind, "AND r.id = ?", record.id)[0]

    def head(self):
        return self.db.execute("SELECT max(version) FROM record").fetchone()[0]

    def in_scope(self, role, record):
        profile = self.roles[role].profile
        if self.scopes[role] == "division":
            return (record.division or "").startswith(profile["division"].rstrip("0").ljust(9, "0")[:9])
        return self.scopes[role] == "all" or record.unit == profile["unit"]

    # --- who is not named is refused

    def refuse_others(self):
        before, todo = self.head(), {role: [] for role in self.roles}
        for kind in self.definitions.kinds.values():
            records = self.load(kind)
            for state in kind.states:
                here = [record for record in records if record.state == state]
                steps = [step for step in kind.transitions if state in step["from"]]
                for target in {step["to"] for step in steps}:
                    named = {role for step in steps if step["to"] == target for role in step["roles"]}
                    for role in self.roles:
                        if role not in named and here:
                            inside = [record for record in here if self.in_scope(role, record)]
                            todo[role].append((inside or here)[0:1] + [target, bool(inside)])
        for role, tries in todo.items():
            self._refuse(role, tries)
        if self.head() != before:
            self.faults.append(f"refused steps changed something: {before} became {self.head()}")

    def _refuse(self, role, tries):
        while tries:
            batch, later, seen = [], [], set()  # a record once in a push: what comes behind a refused op of a record is held
            for one in tries:
                (later if one[0].id in seen or len(batch) == PAGE else batch).append(one)
                seen.add(one[0].id)
            answers = self.roles[role].push([(record, {"state": target}) for record, target, _ in batch])
            for (record, target, inside), answer in zip(batch, answers):
                said = " ".join(issue["message"] for issue in answer.get("issues", []))
                kind = self.definitions.kinds[record.kind]
                reason = NOT_OPEN if not kind.may("read", role) else NOT_THE_ROLE if inside else NOT_ITS_AREA
                if answer["status"] != "rejected" or not any(text in said for text in reason):
                    self.faults.append(f"{record.kind}: {role}, whom no step names, asked for {record.state} → {target}: {answer['status']} {said}")
                self.refused += 1
                self.refused_inside += inside
            tries = later

    # --- who is named gets through

    def take_all(self):
        for kind in self.definitions.kinds.values():
            self.donors = {}
            for record in self.load(kind):
                self.donors.setdefault(record.state, []).append(record)
            for step in kind.transitions:
                for role in step["roles"]:
                    if kind.may("read", role):  # a workflow that several registers share may name one that has no use for this
                        self._try_step(kind, step, role)
                if not step["roles"]:
                    continue  # the server's alone: tests/server/test-automatic
                if (kind.name, step["name"]) not in self.taken:
                    reason = self.missed.get((kind.name, step["name"]), "no demo record comes to where it begins")
                    self.faults.append(f"{kind.name}: {step['name']} ({step['from']} → {step['to']}) was never taken: {reason}")

    def _try_step(self, kind, step, role):
        """The records that stand there first, then those that can be led there."""
        for record in self._candidates(kind, step, role):
            record = self._lead(kind, record, step["from"])
            record = record and self._into_scope(kind, record, role)
            if record and self._take(kind, record, step, role):
                self.taken.add((kind.name, step["name"]))
                self.by_role.add((kind.name, step["name"], role))
                return
        if (kind.name, step["name"], role) not in self.by_role:
            self.untried.append(f"{kind.name}: {step['name']} by {role}: {self.missed.get((kind.name, step['name']), 'no record in its area')}")

    def _candidates(self, kind, step, role):
        """Those from where the way is short, a few of each state, and then one that the role itself enters."""
        seen = {}
        for record in sorted(self.load(kind), key=lambda r: not self.in_scope(role, r)):
            if self._way(kind, record.state, step["from"]) is not None:
                seen.setdefault(record.state, []).append(record)
        for state in sorted(seen, key=lambda s: len(self._way(kind, s, step["from"]))):
            yield from seen[state][:3]
        record = self._create(kind, role)
        if record:
            yield record

    def _create(self, kind, role):
        """A copy of a demo record under keys of its own, entered by the role where it may, else by the office."""
        author = next((r for r in (role, "office", "personnel") if kind.may("create", r) and kind.may("read", r)), None)
        donors = sorted((d for ds in self.donors.values() for d in ds), key=lambda d: (not self.in_scope(role, d), list(kind.states).index(d.state)))
        for donor in donors[:4] if author else []:
            self.made += 1
            values = {n: v for n, v in donor.values.items() if kind.entered(n) and v is not None and not kind.fields[n].get("write_roles")}
            for name in kind.keys:
                if kind.fields[name]["type"] in ("text", "longtext") and name in values:
                    values[name] += f"之{self.made}"
            for field, own in ((kind.body.get("unit"), self._unit(author)), (kind.body.get("division"), self._place(author))):
                if field in values and not self.in_scope(author, donor):
                    values[field] = own
            new = Record((uuid7(), kind.name, None, None, None, 0), values)
            for _ in range(ROUNDS):
                answer = self.roles[author].push([(new, values)])[0]
                if answer["status"] in ("applied", "merged"):
                    return self.reload(kind, new)
                for issue in answer.get("issues", []):
                    values.pop((issue.get("field") or "").split("/")[0], None)
                new.id = uuid7()
        return None

    @staticmethod
    def _way(kind, start, goals):
        """The shortest row of steps from a state to one of the goals; None where there is none."""
        ways, queue = {start: []}, [start]
        for state in queue:
            if state in goals:
                return ways[state]
            for step in kind.transitions:
                if state in step["from"] and step["to"] not in ways:
                    ways[step["to"]] = ways[state] + [step]
                    queue.append(step["to"])
        return None

    def _lead(self, kind, record, goals):
        way = self._way(kind, record.state, goals)
        for step in way or []:
            roles = sorted(step["roles"], key=lambda r: (r != "office", r != "personnel", self.scopes[r] != "all"))
            role = next((r for r in roles if self.in_scope(r, record)), None)
            if role is None or not self._take(kind, record, step, role):
                return None
            self.taken.add((kind.name, step["name"]))
            self.by_role.add((kind.name, step["name"], role))
            record = self.reload(kind, record)
        return record if way is not None else None

    def _into_scope(self, kind, record, role):
        """A record of another unit or village is handed over by who may do that."""
        if self.in_scope(role, record):
            return record
        field = kind.body.get("unit" if self.scopes[role] == "unit" else "division")
        value = self._unit(role) if self.scopes[role] == "unit" else self._place(role)
        if not field or not value or not self._edit(kind, record, {field: value}):
            return None
        record = self.reload(kind, record)
        return record if self.in_scope(role, record) else None

    def _unit(self, role):
        """Its own, or for a place the unit that is there."""
        profile = self.roles[role].profile
        return profile["unit"] or next((u["code"] for u in self.definitions.units if u.get("division") == profile["division"]), None)

    def _place(self, role):
        inside = (donor.division for donors in self.donors.values() for donor in donors if self.in_scope(role, donor))
        return next(inside, None) or self.roles[role].profile["division"]

    def _take(self, kind, record, step, role):
        """Takes the step, and fills what it lacks; the one who takes it is always the role itself."""
        said = ""
        for attempt in range(ROUNDS if (kind.name, step["name"]) not in self.missed else 3):
            answer = self.roles[role].push([(record, {"state": step["to"]})])[0]
            if answer["status"] in ("applied", "merged"):
                after = self.reload(kind, record)
                if after.state != step["to"]:
                    self.faults.append(f"{kind.name}: {role} took {step['name']}, was told {answer['status']}, and it stands in {after.state}")
                return True
            issues = answer.get("issues", [])
            said = "; ".join(f"{issue.get('field')}: {issue['message']}" for issue in issues) or answer["status"]
            if any(text in said for text in NOT_THE_ROLE + NOT_ITS_AREA + NOT_OPEN):
                self.faults.append(f"{kind.name}: {role}, whom {step['name']} names, is refused: {said}")
                return False
            values = self._values(kind, record, step, [i.get("field") for i in issues], attempt)
            if values and not self._edit(kind, record, values, step, role):
                said += " / " + self.said
            record = self.reload(kind, record)
        self.missed[(kind.name, step["name"])] = said
        return False

    # --- filling

    def _edit(self, kind, record, values, step=None, role=None):
        """By somebody who may; where a value does not go in with the others, one after the other."""
        editors = kind.states.get(record.state, {}).get("edit") or kind.roles.get("edit") or list(self.roles)
        editors = [r for r in editors if kind.may("edit", r) and self.in_scope(r, record)]
        editors.sort(key=lambda r: (r != role, r not in ("office", "personnel")))
        self.said = "nobody may change it there"
        for editor in editors[:2]:
            answer = self.roles[editor].push([(record, values)])[0]
            if answer["status"] in ("applied", "merged"):
                return True
            self.said = editor + ": " + "; ".join(f"{i.get('field')}: {i['message']}" for i in answer.get("issues", []))
        if len(values) > 1:
            done = False
            for name, value in values.items():
                done = self._edit(kind, self.reload(kind, record), {name: value}) or done
            return done
        return False

    def _values(self, kind, record, step, named, attempt):
        when = step.get("when") or ""
        asked = [name for name in kind.mentioned(when) if kind.entered(name)]
        asked += [name.split("/")[0] for name in named if name and kind.entered(name.split("/")[0])]
        asked += [name for name, field in kind.fields.items() if name not in asked and kind.entered(name)
                  and step["to"] in (field.get("required_when") or "")]
        values = {}
        if attempt == 1 and (kind.name, step["name"]) in BY_HAND:
            return BY_HAND[kind.name, step["name"]](record, self._day)
        donors = [donor for donor in self.donors.get(step["to"], []) if donor.id != record.id]
        if attempt >= 2 and donors:  # as a record that has come there
            donor = donors[(attempt - 2) % len(donors)]
            names = asked if attempt < 4 else list(kind.fields)
            values = {n: donor.values[n] for n in names if kind.entered(n) and n not in kind.keys and n not in kind.subject
                      and kind.fields[n]["type"] != "link" and donor.values[n] != record.values[n] and n != kind.body.get("unit")
                      and n != kind.body.get("division")}
            if values:
                return values
        empty = {name for name in asked if re.search(rf"(?<!\w){name} is null", when) and record.is_filled(name)}
        for name in asked:
            hint = self._hint(kind, when, name)
            if hint is not None:
                values[name] = hint
            elif f"{name} is null" not in when and not record.is_filled(name) or attempt > 0 and name in named:
                values[name] = self._sample(kind, name, attempt)
        values = {name: value for name, value in values.items() if value is not None and value != record.values[name]}
        return {**values, **{name: None for name in empty if name not in values}}

    def _day(self, days):
        return (self.today + datetime.timedelta(days=days)).isoformat()

    def _hint(self, kind, when, name):
        """What the condition itself says of a field."""
        found = re.search(rf"(?<!\w){name} (?:= |in \()(?:'([^']*)'|(-?\d+))", when)
        if found:
            return found.group(1) if found.group(1) is not None else int(found.group(2))
        if kind.fields[name]["type"] == "date":
            found = re.search(rf"(?<!\w){name} (<=?|>=?) today", when)
            if found:
                return self._day({"<": -3, "<=": 0, ">": 300, ">=": 300}[found.group(1)])
        return None

    def _sample(self, kind, name, attempt):
        field = kind.fields[name]
        type_, sample = field["type"], kind.sample.get("values", {}).get(name)
        for donors in self.donors.values():
            for donor in donors[attempt:]:
                if donor.is_filled(name) and type_ in ("table", "link", "uscc", "id-number", "division", "unit", "phone", "choices"):
                    return donor.values[name]
        if type_ == "date":
            return self._day(0 if attempt % 2 == 0 else -1)
        if isinstance(sample, list):
            left = [value for value in sample if value is not None]
            value = left[attempt % len(left)] if left else None
            if left:
                return value.replace("{n}", "901").replace("{year}", str(self.today.year)) if isinstance(value, str) else value
        if isinstance(sample, dict) and "min" in sample:
            return sample["min"]
        if type_ == "link":
            others = self.load(self.definitions.kinds[field["kind"]])
            return others[-1 - attempt].id
        if type_ == "choice":
            return field["choices"][attempt % len(field["choices"])]["code"]
        if type_ == "table":
            return json.dumps([{"_id": uuid7(), **{c["name"]: self._cell(c) for c in field["columns"] if self._cell(c) is not None}}])
        return {"text": "演示", "longtext": "演示：已核对。", "boolean": 1, "integer": 1, "decimal": 1, "money": 100}.get(type_)

    def _cell(self, column):
        if column["type"] == "choice":
            return column["choices"][0]["code"] if isinstance(column["choices"], list) else None
        return {"text": "演示", "longtext": "演示", "boolean": 1, "integer": 1, "decimal": 1, "money": 100, "date": self._day(0)}.get(column["type"])

    # --- all of it

    def run(self):
        self.refuse_others()
        self.take_all()
        kinds = sum(1 for kind in self.definitions.kinds.values() if kind.transitions)
        total = sum(1 for kind in self.definitions.kinds.values() for step in kind.transitions if step["roles"])
        pairs = sum(len([r for r in step["roles"] if kind.may("read", r)]) for kind in self.definitions.kinds.values() for step in kind.transitions)
        for line in self.untried:
            print("every-kind: not taken:", line)
        return (f"{kinds} kinds, {len(self.taken)} of {total} transitions taken ({len(self.by_role)} of {pairs} by each role named), "
                f"{self.refused} refused as they must be ({self.refused_inside} of them in the role's own area)")
