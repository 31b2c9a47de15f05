"""Every way in which a change is not taken over, resolved by a person from the tray alone.

tray.py --root PREFIX --out FOLDER [--households N]: an assessor comes home from days without a network. What she changed meanwhile lies in
her outbox; others have changed the same records. Prints one line a step, leaves pictures in FOLDER, ends with `tray: OK`. Ends with
77 where there is no Xvfb or no way to read the accessibility tree."""
import argparse
import glob
import json
import os
import shutil
import sqlite3
import sys
import tempfile
import urllib.request
import uuid

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
if not all(shutil.which(tool) for tool in ("Xvfb", "xdotool", "import", "dbus-run-session")):
    sys.exit(77)
try:
    import desk
    from story import finish
except (ImportError, ValueError):
    sys.exit(77)

TOWNSHIP = "410421105"  # 大营镇, where the assessor and the township's clerk of the demo work
WHO = "演示采集员乙"
ROW = {"_id": "0190", "name": "张小宝", "relation": "child"}


class Tray:
    def __init__(self, root, out, households, size="1280x800", dark=False):
        self.out = os.path.abspath(out)
        self.folder = tempfile.mkdtemp(prefix="xinheng-tray-")
        self.width, self.height = (int(part) for part in size.split("x"))
        os.makedirs(self.out, exist_ok=True)
        self.pictures = 0
        self.server = desk.Server(root, self.folder + "/server", households)
        self.server.start()
        self.display = desk.Display()
        self.client = desk.Client(root, self.server.url, self.folder + "/client", {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"} if dark else None)
        self.tokens, self.devices = {}, {}
        self.cases = {}

    def close(self):
        if self.client.process:
            self.client.kill()
        if self.server.process:
            self.server.process.kill()
        self.display.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def step(self, text):
        print("tray:", text, flush=True)

    def picture(self, name):
        self.pictures += 1
        self.client.settle()
        self.display.screenshot(f"{self.out}/{self.pictures:02}-{name}.png")

    # --- what others do, and what she did without a network

    def sql(self, query, *values):
        with sqlite3.connect(f"file:{self.folder}/server/xinheng.db?mode=ro", uri=True) as db:
            return db.execute(query, values).fetchall()

    def ask(self, login, method, path, body):
        request = urllib.request.Request(self.server.url + path, json.dumps(body).encode(), method=method)
        request.add_header("Content-Type", "application/json")
        if login in self.tokens:
            request.add_header("Authorization", "Bearer " + self.tokens[login])
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def others_change(self, login, name, **fields):
        """@login changes a record on the server, at once."""
        if login not in self.tokens:
            self.devices[login] = str(uuid.uuid4())
            self.tokens[login] = self.ask(login, "POST", "/v1/sessions", {"login": login, "password": login, "device": self.devices[login]})["token"]
        version = self.sql("SELECT version FROM record WHERE id=?", self.cases[name])[0][0]
        answer = self.ask(login, "POST", "/v1/changes", {"device": self.devices[login], "ops": [
            {"op": str(uuid.uuid4()), "kind": "household", "record": self.cases[name], "base": version, "at": "2026-11-22T08:00:00.000Z",
             "set": fields}]})["answers"][0]
        assert answer["status"] in ("applied", "merged"), answer

    def she_changed(self, name, **fields):
        """What the assessor saved while she was away: the row and its op, as the client writes them."""
        store, = glob.glob(f"{self.folder}/client/**/store.db", recursive=True)
        spine = ("state", "deleted")
        with sqlite3.connect(store) as db:
            rid, version = db.execute("SELECT rid, version FROM record WHERE id=?", (self.cases[name],)).fetchone()
            before = {field: db.execute(f"SELECT {field} FROM {'record' if field in spine else 'k_household'} WHERE rid=?", (rid,)).fetchone()[0]
                      for field in fields}
            db.execute('INSERT INTO outbox(op_id, kind, record, base, origin, "set", before, created_at) VALUES (?,?,?,?,?,?,?,?)',
                       (str(uuid.uuid4()), "household", self.cases[name], version, version, json.dumps(fields, ensure_ascii=False),
                        json.dumps(before, ensure_ascii=False), "2026-11-22T02:00:00.000Z"))
            for field, value in fields.items():
                db.execute(f"UPDATE {'record' if field in spine else 'k_household'} SET {field}=? WHERE rid=?", (value, rid))

    def on_server(self, name, field):
        table = "r" if field in ("state", "deleted") else "k"
        return self.sql(f"SELECT {table}.{field} FROM k_household k JOIN record r USING (rid) WHERE r.id=?", self.cases[name])[0][0]

    def choose_records(self):
        """A household for each way, each with a name that no other has."""
        rows = self.sql("SELECT k.head_name, r.id FROM k_household k JOIN record r USING (rid) WHERE r.deleted=0 AND r.state <> 'closed' AND "
                        "r.division LIKE ? AND coalesce(k.land_contracted, 0) > 2 GROUP BY k.head_name HAVING count(*)=1 ORDER BY r.state, r.id",
                        TOWNSHIP + "%")
        ways = ("field", "table", "text", "state", "invalid", "deleted", "refused", "parked")
        assert len(rows) >= len(ways), rows
        self.names = {}
        for way, (name, record) in zip(ways, rows):
            self.names[way], self.cases[way] = name, record

    # --- what she does

    def sign_in(self):
        self.client.start()
        self.client.resize(self.width, self.height)
        self.client.enter("账号", "assessor")
        self.client.enter("密码", "assessor")
        self.client.press("登录")

    def open_item(self, way):
        self.client.open("同步")
        self.client.click(self.client.find(contains=self.names[way], role="list item"))
        self.client.find("先搁置", role="push button")
        self.client.find(contains=self.names[way], role="label")
        self.client.settle()

    def choose(self, contains):
        """A side of a field: it has no action of its own, so it is clicked."""
        self.client.click(self.client.find(contains=contains, role=("radio button", "check box")))

    def in_tray(self, way):
        store, = glob.glob(f"{self.folder}/client/**/store.db", recursive=True)
        with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as db:
            return db.execute("SELECT 1 FROM tray WHERE record=? AND parked_at IS NULL", (self.cases[way],)).fetchone()

    def decide(self, way, button="保存决定"):
        """The program shows the next item then, or the list."""
        self.client.press(button, role="push button")
        desk.wait_for(lambda: not self.in_tray(way), "the item to leave the tray")

    def until(self, way, field, value):
        desk.wait_for(lambda: self.on_server(way, field) == value, f"{field} = {value} on the server")


def away(test):
    """Days without a network: what she did, and what others did meanwhile."""
    members = json.loads(test.on_server("table", "members") or "[]")
    mine, theirs = json.loads(json.dumps(members)), json.loads(json.dumps(members))
    mine[-1]["name"], theirs[-1]["name"] = "张三妹", "张三梅"
    contracted = test.on_server("invalid", "land_contracted")
    test.members, test.contracted = members, contracted
    others = (("field", {"group_name": "八组"}), ("table", {"members": json.dumps(theirs, ensure_ascii=False)}),
              ("text", {"remark": "村干部来电：户主外出务工，年底返乡。"}), ("invalid", {"land_contracted": 1}), ("deleted", {"deleted": 1}),
              ("parked", {"group_name": "九组"}))
    hers = (("field", {"group_name": "七组", "number": "T-7"}), ("table", {"members": json.dumps(mine, ensure_ascii=False)}),
            ("text", {"remark": "入户时家中无人，邻居代为联系。"}), ("state", {"state": "filed" if test.on_server("state", "state") == "collecting" else "collecting"}), ("invalid", {"land_out": contracted}),
            ("deleted", {"phone": "13800138000"}), ("refused", {"collected_on": "2026-12-24"}), ("parked", {"group_name": "六组"}))
    for way, fields in hers:
        test.she_changed(way, **fields)
    for way, fields in others:
        test.others_change("township" if way in ("deleted",) else "assessor2", way, **fields)
    test.others_change("township", "state", residence="empty")
    test.others_change("township", "state", state="closed")


def same_field(test):
    client = test.client
    test.open_item("field")
    for text in ("别人也改了相同的内容", WHO + " 在 ", "七组", "八组", "一并上传", "T-7"):
        client.sees(text)
    test.picture("same-field")
    test.choose("村组：我的，七组")
    client.sees("记录通过全部检查")
    test.decide("field")
    test.until("field", "group_name", "七组")
    test.until("field", "number", "T-7")
    test.step("the same field: hers is chosen, what she changed besides goes along")


def undo(test):
    test.client.open("同步")
    test.client.press("撤销：" + test.client.text_of(test.client.find(contains=test.names["field"], role="list item")).split("\n")[0], role="push button")
    desk.wait_for(lambda: test.in_tray("field"), "the item to be back")
    test.client.settle()
    test.open_item("field")
    test.choose("村组：对方的，八组")
    test.decide("field")
    test.until("field", "group_name", "八组")
    test.step("taken back after the server had it, and decided the other way")


def table_row(test):
    client = test.client
    test.open_item("table")
    client.sees("＋ 张三妹")
    test.picture("table-row")
    test.choose("家庭成员：两者")
    test.picture("table-row-both")
    test.decide("table")
    desk.wait_for(lambda: len(json.loads(test.on_server("table", "members"))) == len(test.members) + 1, "both rows on the server")
    test.step("the same row of a table: both stand")


def long_text(test):
    test.open_item("text")
    test.client.press(contains="两者都保留", role="push button")
    test.picture("long-text-both")
    test.decide("text")
    desk.wait_for(lambda: "村干部" in test.on_server("text", "remark") and "邻居" in test.on_server("text", "remark"), "both texts")
    test.step("a long text: both stand")


def state(test):
    client = test.client
    test.open_item("state")
    client.sees("不能选我的")
    client.sees("已注销")
    test.picture("state-moved-on")
    test.decide("state")
    client.open("同步")
    assert test.on_server("state", "state") == "closed"
    test.step("the state moved on: hers cannot be chosen, and it says why")


def invalid(test):
    client = test.client
    test.open_item("invalid")
    client.sees("流转出的亩数不能超过承包的亩数。")
    test.picture("merged-invalid")
    client.retype("流转出", "0.5")
    client.sees("记录通过全部检查")
    test.picture("merged-invalid-corrected")
    test.decide("invalid")
    test.until("invalid", "land_out", 0.5)
    test.step("the merged record is invalid: corrected in the tray, and taken over")


def deleted(test):
    client = test.client
    test.open_item("deleted")
    client.sees("删除")
    test.picture("deleted-and-edited")
    test.decide("deleted", "放弃我的修改")
    client.open("同步")
    client.sees("已放弃")
    test.step("deleted by the township while she edited it: she gives her edit up, it can be taken back")


def refused(test):
    client = test.client
    test.open_item("refused")
    client.sees("采集日期不能晚于今天。")
    test.picture("refused")
    client.retype("采集日期", "2026-11-20")
    client.sees("记录通过全部检查")
    test.decide("refused", "重新上传")
    test.until("refused", "collected_on", "2026-11-20")
    test.step("refused: corrected at the field and sent again")


def park(test):
    client = test.client
    test.open_item("parked")
    test.decide("parked", "先搁置")
    client.open("同步")
    client.sees("已搁置")
    client.gone("等您决定")
    test.picture("parked")
    client.click(client.find(contains=test.names["parked"], role="list item"))
    client.find("取消搁置", role="push button")
    client.press(contains="全部用我的", role="push button")
    test.decide("parked")
    test.until("parked", "group_name", "六组")
    test.step("parked, found again below, and decided from there")


def steps(test):
    test.sign_in()
    test.client.open("同步")
    test.client.sees("已全部上传")
    test.client.quit()
    test.choose_records()
    away(test)
    test.sign_in()
    test.client.open("同步")
    test.client.sees("等您决定")
    for way in test.cases:
        test.client.find(contains=test.names[way], role="list item")
    test.picture("tray")
    test.step(f"home again: {len(test.cases)} changes wait, the rest was sent")
    for way in (same_field, undo, table_row, long_text, state, invalid, deleted, refused, park):
        way(test)
    test.client.open("同步")
    test.picture("decided")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--households", type=int, default=600)
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--dark", action="store_true")
    test = Tray(**vars(parser.parse_args()))
    try:
        steps(test)
    except BaseException:
        if test.client.process and test.client.process.poll() is None:
            test.display.screenshot(f"{test.out}/failed.png")
            test.client.dump(f"{test.out}/failed.txt")
        raise
    finally:
        test.close()
    print("tray: OK")
    finish(0)


main()
