"""Two assessors, one household: what both changed while apart is decided by a person, what only one changed is kept.

conflict.py --root PREFIX --out FOLDER [--households N]: prints one line a step, leaves screenshots of the tray and of the dialog in
FOLDER, ends with `conflict: OK`. Ends with 77 where there is no Xvfb or no way to read the accessibility tree."""
import argparse
import glob
import os
import shutil
import sqlite3
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
if not all(shutil.which(tool) for tool in ("Xvfb", "xdotool", "import", "dbus-run-session")):
    sys.exit(77)
try:
    import desk
    from story import finish
except (ImportError, ValueError):
    sys.exit(77)

TOWNSHIP = "410421105"  # 大营镇, where both demo assessors work
GROUP, NUMBER, REGISTER = "村组", "户号", "农户档案"
LOGINS = ("assessor", "assessor2")
CALLED = {"assessor": "演示采集员甲", "assessor2": "演示采集员乙"}


class Conflict:
    def __init__(self, root, out, households):
        self.out = os.path.abspath(out)
        self.folder = tempfile.mkdtemp(prefix="xinheng-conflict-")
        os.makedirs(self.out, exist_ok=True)
        self.displays, self.clients, self.pictures = {}, {}, 0
        self.server = desk.Server(root, self.folder + "/server", households)
        self.server.start()
        for login in LOGINS:  # each has a screen of her own
            self.displays[login] = desk.Display()
            self.clients[login] = desk.Client(root, self.server.url, f"{self.folder}/{login}")
        self.name, self.record = self.sql(
            "SELECT k.head_name, r.id FROM k_household k JOIN record r USING (rid) WHERE r.deleted=0 AND r.state='collecting' "
            "AND r.division LIKE ? AND k.group_name IS NOT NULL GROUP BY k.head_name HAVING count(*)=1 ORDER BY r.id",
            TOWNSHIP + "%")[0]

    def close(self):
        for client in self.clients.values():
            if client.process:
                client.kill()
        if self.server.process:
            self.server.process.kill()
        for display in self.displays.values():
            display.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def step(self, text):
        print("conflict:", text, flush=True)

    def picture(self, login, name):
        self.pictures += 1
        self.clients[login].settle()
        self.displays[login].screenshot(f"{self.out}/{self.pictures:02}-{name}.png")

    def sql(self, query, *values):
        with sqlite3.connect(f"file:{self.folder}/server/xinheng.db?mode=ro", uri=True) as db:
            return db.execute(query, values).fetchall()

    def on_server(self):
        """Village group and number of the household, as the server has them."""
        return self.sql("SELECT k.group_name, k.number FROM k_household k JOIN record r USING (rid) WHERE r.id=?", self.record)[0]

    # --- what a person does

    def sign_in(self, login):
        client = self.clients[login]
        client.start()
        client.resize(1280, 800)
        client.enter("账号", login)
        client.enter("密码", login)
        client.press("登录")
        self.open_page(client, "同步")
        client.sees("已全部上传")

    def open_page(self, client, name):
        client.open(name)

    def change(self, login, field, text):
        client = self.clients[login]
        self.open_page(client, REGISTER)
        client.enter("搜索" + REGISTER, self.name, role="entry")
        desk.wait_for(lambda: len(client.rows()) == 1 and self.name in client.text_of(client.rows()[0]), f"only {self.name}")
        client.open_row(self.name)
        client.find("建档")
        client.settle()  # the page slides in
        client.retype(field, text)
        client.press("保存", role="push button")
        client.sees("处修改存在本机，还未上传")
        self.open_page(client, "同步")
        client.find(contains=self.name)

    def sync(self, login):
        self.clients[login].press("立即同步")

    def hear(self, login, group):
        """Synchronises until this client has the group that stands on the server."""
        self.sync(login)
        store, = glob.glob(f"{self.folder}/{login}/**/store.db", recursive=True)

        def heard():
            with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as db:
                return db.execute("SELECT 1 FROM k_household k JOIN record r USING (rid) WHERE r.id=? AND k.group_name=?",
                                  (self.record, group)).fetchone()
        desk.wait_for(heard, f"{group} on the desk of {login}")

    def both_change(self, first, second):
        """(login, field, text) each, while the server is away; then it is back and the first one is heard first."""
        self.server.stop()
        for login, field, text in (first, second):
            self.change(login, field, text)
        self.clients[second[0]].freeze()  # or it might be the first to see the server again
        self.server.start()
        index = (GROUP, NUMBER).index(first[1])
        self.sync(first[0])
        desk.wait_for(lambda: self.on_server()[index] == first[2], f"the change of {first[0]} on the server", 60)
        self.clients[second[0]].thaw()
        self.sync(second[0])

    def decide(self, login, other, before, mine, theirs, take):
        """The second one decides: @take is "我的" or "对方的"."""
        client = self.clients[login]
        client.sees("等您决定")
        row = client.find(contains=self.name, role="list item")
        self.picture(login, f"tray-{'mine' if take == '我的' else 'theirs'}")
        client.click(row)
        client.sees("别人也改了相同的内容")
        for text in ("原来", before, mine, theirs, CALLED[other] + " 在 ", "（设备 "):
            client.sees(text)
        for whose in ("我的", "对方的"):
            client.find(contains=f"{GROUP}：{whose}", role=("radio button", "check box"))
        client.press(contains="全部用" + take)
        self.picture(login, f"dialog-{'mine' if take == '我的' else 'theirs'}")
        client.press("保存决定", role="push button")
        client.gone("保存决定", "push button")


def steps(test):
    for login in LOGINS:
        test.sign_in(login)
    before = test.on_server()[0]
    test.step(f"two assessors of one township are signed in; {test.name} is of {before}")

    test.both_change(("assessor", GROUP, "G1"), ("assessor2", GROUP, "G2"))
    test.decide("assessor2", "assessor", before, "G2", "G1", "我的")
    desk.wait_for(lambda: test.on_server()[0] == "G2", "my group on the server")
    test.step("both changed the group; the second is asked, takes her own, and the server has it")

    test.hear("assessor", "G2")
    test.both_change(("assessor2", GROUP, "G3"), ("assessor", GROUP, "G4"))
    test.decide("assessor", "assessor2", "G2", "G4", "G3", "对方的")
    test.clients["assessor"].gone("等您决定")
    assert test.on_server()[0] == "G3", test.on_server()
    test.step("both changed it once more; the second takes theirs, and it stays on the server")

    test.hear("assessor2", "G3")
    test.both_change(("assessor", GROUP, "G5"), ("assessor2", NUMBER, "N6"))
    desk.wait_for(lambda: test.on_server() == ("G5", "N6"), "both changes on the server")
    test.clients["assessor2"].sees("没有未上传的修改")
    assert not test.clients["assessor2"].find_all("等您决定")
    test.step("one changed the group, the other the number: both stand, nobody is asked")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--households", type=int, default=600)
    test = Conflict(**vars(parser.parse_args()))
    try:
        steps(test)
    except BaseException:
        for login, client in test.clients.items():
            if client.process and client.process.poll() is None:
                client.thaw()
                test.displays[login].screenshot(f"{test.out}/failed-{login}.png")
                client.dump(f"{test.out}/failed-{login}.txt")
        raise
    finally:
        test.close()
    print("conflict: OK")
    finish(0)


main()
