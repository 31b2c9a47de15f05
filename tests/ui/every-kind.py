"""Every register works: in a real window its list, its form, its papers and its import open; by a real server, role by role, its records go through
the whole workflow, and who may not take a step is refused.

every-kind.py --root PREFIX [--out FOLDER] [--kinds NAME,NAME]. A fault does not end it. Ends with `every-kind: OK`; exit
code 77 where there is no display server or accessibility tree to be had."""
import argparse
import concurrent.futures
import csv
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from definitions import Definitions  # noqa: E402
from machine import can_run  # noqa: E402
from story import SKIPPED, finish  # noqa: E402
from workflows import Workflows  # noqa: E402

TODAY = "2026-11-22"
READERS = ("office", "personnel", "admin")  # who opens a register: the first of them who may
UNNAMED = ("Gtk", "Adw", "Xh")


class Window:
    """The window of one role. Pages are read whole (tree.py); what a person does is done as a person does it."""

    def __init__(self, desk, root, url, folder, role):
        import tree
        self.desk, self.role, self.widgets = desk, role, tree.WIDGETS
        self.client = desk.Client(root, url, f"{folder}/{role}")
        self.client.start()
        self.client.resize(1280, 800)
        self.client.enter("账号", role)
        self.client.enter("密码", role)
        self.client.press("登录")
        self.client.find("工作台", "list item")
        self.client.wait_for_all_records()
        self.tree = tree.Tree(self.client.process.pid)
        window = self.tree.read()
        page = next(node for node in window.walk() if node.name.startswith("Xh") and node.name.endswith("Page") and node.name != "XhSignInPage")
        self.pages, self.column = page.parent, page.parent.parent
        self.frame = window.children[0]
        self.palette = next(node for node in window.all("查找", "push button"))
        self.main = self.client.window_id
        self.told = set()
        self.faults = []

    def wait(self, condition, what, deadline=None):
        return self.desk.wait_for(condition, what, deadline)

    def fault(self, kind, text):
        self.faults.append(f"{kind.name} ({self.role}): {text}")
        print("every-kind: FAULT:", self.faults[-1], flush=True)

    def page(self):
        """The page in front, and a look at the names of what can be used on it."""
        paths = self.tree.children(self.pages.path)
        return self.tree.read(paths[-1])

    def header(self):
        return self.tree.read(self.column.path, skip=self.pages.path)

    def look_at_names(self, kind, where, page):
        for node in page.walk():
            if node.role in self.widgets and (not node.name or node.name.startswith(UNNAMED)) and self.tree.extents(node)[2] > 0:
                key = (where, node.role, node.name, node.parent.role, node.parent.name)
                if key not in self.told and not self._is_named_outside(node):
                    self.told.add(key)
                    self.fault(kind, f"{where}: a {node.role} is called “{node.name}”, in {node.parent.role} “{node.parent.name}” of "
                                     f"“{node.up(3).name}”")

    @staticmethod
    def _is_named_outside(node):
        """The inner part of a compound widget: its whole has the name."""
        whole = node.parent
        return whole is not None and len(whole.children) <= 2 and whole.name and not whole.name.startswith(UNNAMED)

    def keys(self, *names):
        self.client.window_id = self.main
        subprocess.run(["xdotool", "windowfocus", "--sync", self.main, "key", "--clearmodifiers", *names], env=self.client.env, check=True)

    def click(self, node):
        def rest():
            before = self.tree.extents(node)
            time.sleep(0.02)
            return before if before[2] > 0 and before == self.tree.extents(node) else None
        x, y, width, height = self.wait(rest, "a place to click on")
        subprocess.run(["xdotool", "mousemove", "--window", self.main, str(x + min(width // 2, 300)), str(y + height // 2), "click", "1"],
                       env=self.client.env, check=True)

    def drop_down(self, button):
        """A menu button's own action does not open it: its inner button has it, or it is clicked."""
        for node in button.walk():
            if self.tree.press(node):
                return
        self.click(button)

    def back(self, title):
        for _ in range(5):
            if self.client.title() == title:
                return
            self.client.to_another_page(lambda: self.keys("alt+Left"), f"to be back at {title}")
        raise self.desk.Missing(f"no way back to {title} from {self.client.title()}")

    # --- the steps

    def open_list(self, kind):
        """By the palette, as one who knows the register's name."""
        self.wait(lambda: self.tree.press(self.palette), "the button of the palette")
        root = "/org/a11y/atspi/accessible/root"
        other = self.wait(lambda: [p for p in self.tree.children(root) if p != self.frame.path], "the palette")[0]
        entry = self.wait(lambda: self.tree.read(other).find("查找", "entry"), "the entry of the palette")
        self.wait(lambda: self.tree.enter(entry, kind.label), "the palette to take a text")

        def first():
            item = self.tree.read(other).find(role="list item")
            return item and item.name == kind.label and self.tree.is_selected(item)
        self.wait(first, f"“{kind.label}” to be the first hit")
        self.client.front()
        self.client.keys("Return")
        self.wait(lambda: self.client.title() == kind.label, f"the list of {kind.label}")

    def check_list(self, kind):
        def rows():
            page = self.page()
            found = [row for row in page.all(role="table row") if "、" in row.name or row.children and not row.name.startswith("Gtk")]
            return (page, found) if found else None
        page, found = self.wait(rows, f"rows of {kind.label}")
        table = page.find(role="tree table")
        shown = [node.name for row in table.children if row.role == "table row" for node in row.walk() if node.role == "label"]
        wanted = [kind.fields[name]["label"]["zh"] for name in kind.body["list"] if name in kind.fields]
        if [label for label in wanted if not any(name.startswith(label) for name in shown)]:  # amounts name their unit, too
            self.fault(kind, f"columns {wanted} are asked for, {shown} are shown")
        for row in found:
            raw = [part for part in row.name.split("、") if part in kind.states]
            if raw:
                self.fault(kind, f"a code is shown as it is: {row.name}")
        self.look_at_names(kind, "list", page)
        return found

    def missing_in_form(self, kind, page):
        names = {node.name for node in page.walk()}
        missing = []
        for section in kind.sections:
            if section.get("relevant"):
                continue
            fields = [f for f in section["fields"] if not f.get("relevant") and not f.get("scored") and f["type"] != "files"
                      and self.role in f.get("read_roles", [self.role])]
            if fields and section["label"]["zh"] not in names:
                missing.append(f"section {section['label']['zh']}")
            missing += [f["label"]["zh"] for f in fields if not any(f["label"]["zh"] in name for name in names)]
        return missing

    def search(self, kind, text):
        """The rows of the list that a search leaves."""
        entry = next(self.page().all(f"搜索{kind.label}", "entry"))
        self.wait(lambda: self.tree.enter(entry, text), "the search to take a text")
        return self.wait(lambda: [row for row in self.page().all(role="table row") if text in row.name]
                         if all(text in row.name for row in self.page().all(role="table row") if "、" in row.name) else None, f"rows with {text}")

    def check_form(self, kind, where):
        """Sections and fields that stand there in any case."""
        kept = {}

        def complete():
            kept["page"] = self.page()
            kept["missing"] = self.missing_in_form(kind, kept["page"])
            return not kept["missing"]
        try:
            self.wait(complete, "the form")
        except self.desk.Missing:
            self.fault(kind, f"{where} lacks {', '.join(kept['missing'])}")
        self.look_at_names(kind, where, kept["page"])

    def can_be_clicked(self, row):
        extents = self.tree.extents(row)
        return extents[2] > 0 and extents[1] + extents[3] < 740

    def open_record(self, kind, row):
        """By its name: a list that was read again has other rows of the same names."""
        def click():
            self.click(self.wait(lambda: next((r for r in self.page().all(row.name, "table row") if self.can_be_clicked(r)), None), f"the row {row.name}"))
        self.client.to_another_page(click, f"a record of {kind.label}")

    def find_print_button(self, papers):
        """None where no paper fits the record: it cannot be pressed then. What fits is known a moment after the record is shown."""
        def ready():
            button = self.header().find("打印文书", "push button")
            return button if button and self.tree.is_sensitive(button) else None
        try:
            return self.wait(ready, "the button of papers", 3 if all(paper.get("when") for paper in papers.values()) else None)
        except self.desk.Missing:
            return None

    def check_papers(self, kind, papers, rows):
        """At least one of the first records offers each paper, and one preview has pages."""
        offered = set()
        for row in rows[:4]:
            button = self.find_print_button(papers)
            if button:
                try:
                    self.drop_down(button)
                    items = self.wait(lambda: list(self.header().all(role="menu item")), "the menu of papers", 30)
                except self.desk.Missing:  # said below, and not called seen
                    print(f"every-kind: not seen: {kind.name}: the menu of papers did not open at {self.client.title()}", flush=True)
                    break
                mine = [item for item in items if item.name in papers]
                fresh = [item for item in mine if item.name not in offered]
                offered.update(item.name for item in mine)
                if fresh:
                    self.tree.press(fresh[0])
                    self.wait(lambda: self.page().find(contains="第1页，共") or self.header().find(contains="第1页，共"), f"pages of {fresh[0].name}")
                    self.look_at_names(kind, "preview", self.page())
                    self.back_from_preview(kind)
                else:
                    self.keys("Escape")
            if offered >= set(papers):
                return
            self.back(kind.label)
            at = rows.index(row) + 1
            if at >= min(len(rows), 4):
                break
            try:
                self.open_record(kind, rows[at])
            except self.desk.Missing:
                break  # not on the screen: what it could have offered is said below
        for label in sorted(set(papers) - set(offered)):
            if papers[label].get("when") or not offered:
                print(f"every-kind: not seen: {kind.name}: no record on the first screen is one for {label}", flush=True)
            else:
                self.fault(kind, f"{label} is not offered")

    def back_from_preview(self, kind):
        self.client.to_another_page(lambda: self.keys("alt+Left"), "the record behind the preview")

    def check_new(self, kind):
        self.client.to_another_page(lambda: self.keys("ctrl+n"), f"a new {kind.label}")
        self.check_form(kind, "the new form")
        self.back(kind.label)

    def check_import(self, kind):
        menu = self.header().find("列表菜单", "push button") or self.header().find("列表菜单")
        self.drop_down(menu)
        item = self.wait(lambda: next(self.header().all(role="menu item", contains="导入表格"), None), "“导入表格” in the menu")
        self.tree.press(item)
        self.wait(lambda: self.client.title() == f"导入：{kind.label}", f"the import of {kind.label}")
        page = self.wait(lambda: next((p for p in [self.page()] if p.find("下载模板…", "push button")), None), "the template’s button")
        self.look_at_names(kind, "import", page)
        self.back(kind.label)


class EveryKind:
    def __init__(self, desk, arguments):
        self.desk, self.root, self.out = desk, arguments.root, arguments.out
        self.folder = tempfile.mkdtemp(prefix="xinheng-every-kind-")
        self.definitions = Definitions(self.root)
        chosen = arguments.kinds.split(",") if arguments.kinds else list(self.definitions.kinds)
        self.kinds = [self.definitions.kinds[name] for name in chosen]
        self.faults, self.window, self.server, self.url = [], None, None, arguments.desk_at
        self.display = desk.Display() if self.url else None
        self.begun, self.seen, self.store = time.monotonic(), arguments.seen, arguments.store
        if self.out:
            os.makedirs(self.out, exist_ok=True)

    def close(self):
        for program in [*([self.window.client] if self.window else []), *([self.server] if self.server else [])]:
            if program.is_running():
                program.process.kill()
                program.process.wait()
            program.pass_on()
        if self.display:
            self.display.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def say(self, text):
        print(f"every-kind: {text} ({time.monotonic() - self.begun:.0f} s)", flush=True)

    # --- templates

    def template(self, kind):
        """The sheet to fill in has a column for whatever must be filled in."""
        path = f"{self.folder}/{kind.name}.csv"
        author = next((role for role in READERS if kind.may("create", role)), None)
        done = subprocess.run([self.root + "/bin/xinheng-server", "export", "--data", self.folder + "/server", "--user", author or "office",
                               "--template", kind.name, path], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            return f"{kind.name}: no template: {done.stderr.strip()}"
        with open(path, encoding="utf-8-sig", newline="") as file:
            columns = " ".join(next(csv.reader(file), []))
        wanted = [f["label"]["zh"] for f in kind.fields.values()
                  if f.get("required") and kind.entered(f["name"]) and f["type"] != "table" and f.get("relevant") != "0"]
        missing = [label for label in wanted if label not in columns]
        return f"{kind.name}: its template lacks {', '.join(missing)}: {columns}" if missing else None

    def templates(self):
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            self.faults += [fault for fault in pool.map(self.template, self.kinds) if fault]
        self.say(f"{len(self.kinds)} templates have their required columns")

    # --- the window

    def fitting_record(self, kind, papers):
        """How to search for a record to which all papers fit that are not for every record; None where they ask what only the program can say."""
        whens = [paper["when"] for paper in papers if paper.get("when")]
        fields = [name for name in kind.body.get("search", []) if kind.fields.get(name, {}).get("type") == "text"]
        if not (self.store and whens and fields):
            return None
        try:
            with sqlite3.connect(f"file:{self.store}?mode=ro", uri=True) as db:
                row = db.execute(f"SELECT {fields[0]} FROM k_{kind.name.replace('-', '_')} JOIN record USING (rid) WHERE deleted = 0 AND {fields[0]} <> '' AND "
                                 + " AND ".join(f"({when})" for when in whens) + " ORDER BY rid LIMIT 1").fetchone()
        except sqlite3.OperationalError:
            return None
        return row[0] if row else None

    def visit(self, kind):
        window = self.window
        papers = {paper["label"]["zh"]: paper for paper in self.definitions.papers if paper["kind"] == kind.name
                  and window.role in paper.get("roles", [window.role])}
        window.open_list(kind)
        rows = window.check_list(kind)
        name = self.fitting_record(kind, papers.values())
        if name:
            rows = window.search(kind, name)
        told = " ".join(paper.get("when", "") for paper in papers.values())
        fit = [state["label"]["zh"] for name, state in kind.states.items() if f"'{name}'" in told]
        rows = [row for row in rows if window.can_be_clicked(row)] or rows
        rows.sort(key=lambda row: not any(row.name.endswith(label) for label in fit))
        window.open_record(kind, rows[0])
        window.check_form(kind, "the form")
        if papers:
            window.check_papers(kind, papers, rows)
        window.back(kind.label)
        if kind.may("create", window.role):
            window.check_new(kind)
            window.check_import(kind)

    def picture(self, kind):
        if self.out:
            self.display.screenshot(f"{self.out}/{kind.name}.png")
            self.window.client.dump(f"{self.out}/{kind.name}.txt")

    def visit_all(self):
        for role in READERS:
            kinds = [kind for kind in self.kinds if next((r for r in READERS if kind.may("read", r)), None) == role]
            if not kinds:
                continue
            self.window = Window(self.desk, self.root, self.url, self.folder, role)
            for n, kind in enumerate(kinds):
                if n % 10 == 9:
                    self.say(f"{role}: {n} of {len(kinds)} registers")
                try:
                    self.visit(kind)
                except (self.desk.Missing, self.desk.GLib.Error, AttributeError, IndexError) as fault:
                    self.window.fault(kind, str(fault) or repr(fault))
                    self.picture(kind)
                    self.window.client.keys("Escape")  # whatever stands open: a menu, the palette
                if self.seen:
                    with open(self.seen, "a", encoding="utf-8") as seen:
                        seen.write(kind.name + "\n")
            self.faults += self.window.faults
            self.end(self.window.client)
            self.window = None
            self.say(f"{role} opened {len(kinds)} registers: list, form, new, papers, import")

    def end(self, program):
        """What it complained of is a fault, too."""
        try:
            program.quit()
        except AssertionError as fault:
            self.faults.append(str(fault))
            print("every-kind: FAULT:", fault, flush=True)

    def visit_by_two(self):
        """Two windows share the registers: each in a process and on a display of its own."""
        command = [sys.executable, __file__, "--root", self.root, *(["--out", self.out] if self.out else []), "--desk-at", self.server.url,
                   "--store", self.folder + "/server/xinheng.db"]
        parts = [[kind.name for kind in self.kinds[start::2]] for start in (0, 1)]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            codes = list(pool.map(lambda n: self.visit_part(command, parts[n], f"{self.folder}/seen-{n}"), (0, 1)))
        self.faults += [f"a window's part ended with {code}: see above" for code in codes if code != 0]

    def visit_part(self, command, names, seen):
        """libatspi may bring down the process that asks it: another one goes on with the registers that are left."""
        code = 0
        for _ in range(5):
            left = [name for name in names if name not in (open(seen, encoding="utf-8").read().split() if os.path.exists(seen) else [])]
            if not left:
                break
            code = subprocess.run([*command, "--kinds", ",".join(left), "--seen", seen], check=False).returncode
            if code >= 0:
                break
            print(f"every-kind: a part ended with {code} and goes on with the {len(left)} or fewer that are left", flush=True)
        return code

    # --- all of it

    def workflows(self):
        flows = Workflows(self.definitions, self.server.url, self.folder + "/server/xinheng.db", TODAY)
        self.say(flows.run())
        self.faults += flows.faults

    def run(self):
        if self.url:
            self.visit_all()
        else:
            self.server = self.desk.Server(self.root, self.folder + "/server", 300)
            self.server.start()
            self.templates()
            self.visit_by_two()
            self.workflows()
            self.end(self.server)
        for fault in self.faults if not self.url else []:
            print("every-kind: FAULT:", fault, flush=True)
        return not self.faults


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", required=True)
    parser.add_argument("--out")
    parser.add_argument("--kinds", help="only these, for a quick look")
    parser.add_argument("--desk-at", help="only the window, against this server")
    parser.add_argument("--store", help="the server's store: where a record for each paper is found")
    parser.add_argument("--seen", help="a file that gets the name of each register that was visited")
    arguments = parser.parse_args()
    os.environ["XINHENG_TODAY"] = TODAY
    if not can_run(arguments.root):
        print("every-kind: skipped: needs Xvfb, xdotool, import, AT-SPI, a session bus, zh_CN.UTF-8 and an installed Xinheng")
        sys.exit(SKIPPED)
    import desk
    test = EveryKind(desk, arguments)
    try:
        sound = test.run()
    finally:
        test.close()
    if sound and not arguments.desk_at:
        print("every-kind: OK")
    finish(0 if sound else 1)


main()
