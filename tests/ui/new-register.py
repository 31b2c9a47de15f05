"""A new register is one file: with it alone the window, the stores and the server handle the register.

new-register.py --root PREFIX [--out FOLDER]: copies the catalog, adds kinds/open-day.json and nothing else, and works with the register as
the credit office would. Ends with `new-register: OK`; exit code 77 where there is no display server or accessibility tree to be had."""
import argparse
import json
import locale
import os
import shutil
import sqlite3
import sys
import tempfile

SKIPPED = 77
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

HELP = "下乡宣传信用知识的活动，一次记一条。"
TOO_FEW = "参加人数至少 1 人，没有人参加就不算开展。"
TITLE = "诚信宣传月进村"
KIND = {
    "name": "open-day", "version": 1, "label": {"zh": "进村宣讲日", "en": "Village talk"}, "help": {"zh": HELP, "en": "One record an activity."},
    "group": "rural", "order": 90, "title": "coalesce(title, '')", "list": ["title", "held_on", "place", "participants", "state"],
    "filters": ["state", "held_on"], "search": ["title", "place"],
    "sections": [{
        "name": "what", "label": {"zh": "活动情况", "en": "Activity"},
        "fields": [
            {"name": "title", "type": "text", "label": {"zh": "活动名称", "en": "Title"}, "required": True, "max_length": 60},
            {"name": "held_on", "type": "date", "label": {"zh": "活动日期", "en": "Date"}, "required": True},
            {"name": "place", "type": "text", "label": {"zh": "活动地点", "en": "Place"}, "max_length": 60},
            {"name": "participants", "type": "integer", "label": {"zh": "参加人数", "en": "Participants"}, "required": True,
             "checks": [{"expression": "participants >= 1", "message": {"zh": TOO_FEW, "en": "At least one participant."}}]},
        ],
    }],
    "workflow": {
        "states": [
            {"name": "planned", "label": {"zh": "已计划", "en": "Planned"}, "tone": "waiting"},
            {"name": "held", "label": {"zh": "已开展", "en": "Held"}, "tone": "good", "complete": True},
        ],
        "transitions": [{"name": "hold", "label": {"zh": "确认开展", "en": "Held"}, "from": ["planned"], "to": "held", "roles": ["office"]}],
    },
}


def can_run(root):
    """Whether this machine has what a test of the window needs, and the prefix what it tests."""
    if not all(shutil.which(program) for program in ("Xvfb", "xdotool", "import")) or "DBUS_SESSION_BUS_ADDRESS" not in os.environ:
        return False
    try:
        import gi
        gi.require_version("Atspi", "2.0")
        locale.setlocale(locale.LC_ALL, "zh_CN.UTF-8")
    except (ImportError, ValueError, locale.Error):
        return False
    os.environ.pop("LC_ALL", None)
    os.environ.update(LANG="zh_CN.UTF-8", LANGUAGE="zh_CN")
    return os.path.exists(f"{root}/bin/xinheng") and os.path.exists(f"{root}/bin/xinheng-server")


class NewRegister:
    def __init__(self, desk, root, out):
        self.desk, self.root, self.out = desk, root, out
        self.folder = tempfile.mkdtemp(prefix="xinheng-new-register-")
        self.client = self.server = self.display = None

    def set_up(self):
        catalog = self.folder + "/catalog"
        shutil.copytree(os.path.join(HERE, "../../data/catalog"), catalog)
        with open(catalog + "/kinds/open-day.json", "w", encoding="utf-8") as out:
            json.dump(KIND, out, ensure_ascii=False)
        self.display = self.desk.Display()
        self.server = self.desk.Server(self.root, self.folder + "/server", 50, catalog)
        self.client = self.desk.Client(self.root, None, self.folder + "/client")
        self.start()

    def start(self):
        self.server.start()
        self.client.command[2] = self.server.url
        self.client.start()
        self.client.resize(1280, 800)
        self.client.enter("账号", "office")
        self.client.enter("密码", "office")
        self.client.press("登录")

    def close(self):
        if self.client and self.client.process:
            self.client.kill()
        if self.server and self.server.process:
            self.server.process.kill()
        if self.display:
            self.display.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def step(self, name, text):
        if self.out:
            os.makedirs(self.out, exist_ok=True)
            self.client.settle()
            self.display.screenshot(f"{self.out}/{name}.png")
        print("new-register:", text, flush=True)

    def rows(self):
        with sqlite3.connect(f"file:{self.folder}/server/xinheng.db?mode=ro", uri=True) as db:
            return db.execute("SELECT k.title, k.held_on, k.place, k.participants, r.state FROM k_open_day k JOIN record r USING (rid) "
                              "WHERE r.deleted = 0").fetchall()

    # --- the steps

    def it_stands_in_the_sidebar(self):
        self.client.open("进村宣讲日")
        self.client.sees(HELP)
        self.step("empty-list", "one file more, and the register stands in the sidebar; its empty list says what belongs there")

    def a_record_is_made(self):
        self.client.press("新建")
        self.client.enter("活动名称", TITLE)
        self.client.retype("活动日期", "2026-10-15")
        self.client.enter("活动地点", "村文化广场")
        self.client.retype("参加人数", "0")
        self.client.keys("Tab")
        self.client.sees(TOO_FEW)
        self.step("wrong-value", "a wrong value is explained at its field in the words of the file")
        self.client.retype("参加人数", "35")
        self.client.gone(contains=TOO_FEW)
        self.client.press("保存", role="push button")
        self.desk.wait_for(lambda: self.rows() == [(TITLE, "2026-10-15", "村文化广场", 35, "planned")], "the record on the server")
        self.step("saved", "the record is saved and on the server")

    def its_step_is_taken(self):
        self.client.press("确认开展")
        self.desk.wait_for(lambda: [row[4] for row in self.rows()] == ["held"], "the step on the server")
        self.client.sees("已开展")
        self.step("step", "its own step is taken, and the server knows")

    def it_is_there_tomorrow(self):
        self.client.quit()
        self.server.stop()
        self.start()
        self.client.open("进村宣讲日")
        self.desk.wait_for(lambda: [row for row in self.client.rows() if TITLE in self.client.text_of(row)], "the record in the list")
        assert self.rows() == [(TITLE, "2026-10-15", "村文化广场", 35, "held")], self.rows()
        self.step("again", "after a restart of server and window it is still there")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", required=True)
    parser.add_argument("--out")
    arguments = parser.parse_args()
    if not can_run(arguments.root):
        print("new-register: skipped: needs Xvfb, xdotool, import, AT-SPI, a session bus, zh_CN.UTF-8 and an installed Xinheng")
        sys.exit(SKIPPED)
    import desk
    test = NewRegister(desk, arguments.root, arguments.out)
    try:
        test.set_up()
        test.it_stands_in_the_sidebar()
        test.a_record_is_made()
        test.its_step_is_taken()
        test.it_is_there_tomorrow()
    except BaseException:
        if arguments.out and test.client and test.client.process and test.client.process.poll() is None:
            test.display.screenshot(arguments.out + "/failed.png")
            test.client.dump(arguments.out + "/failed.txt")
        raise
    finally:
        test.close()
    print("new-register: OK")


main()
