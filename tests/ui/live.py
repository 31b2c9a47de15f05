"""The manager's open dashboard follows an assessor's push; a second program at the same desk is told so.

live.py --root PREFIX --out FOLDER [--households N]: prints one line a step, leaves screenshots in FOLDER, ends with `live: OK`. Ends with 77
where there is no Xvfb or no way to read the accessibility tree."""
import argparse
import glob
import json
import os
import shutil
import sqlite3
import sys
import tempfile
import time
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

CARD = "农户档案"
SECONDS = float(os.environ.get("XH_UI_LIVE_SECONDS", "10"))  # news came: without it the poll takes half a minute


def uuid7():
    return str(uuid.UUID(int=(int(time.time() * 1000) << 80) | (7 << 76) | (2 << 62) | (uuid.uuid4().int & ((1 << 62) - 1))))


def id_number(number):
    digits = f"4104211950{number // 30 % 12 + 1:02}{number % 28 + 1:02}{number % 1000:03}"
    total = sum(int(digit) * (2 ** (17 - i) % 11) for i, digit in enumerate(digits))
    return digits + "10X98765432"[total % 11]


class Live:
    def __init__(self, root, out, households):
        self.root, self.out, self.pictures = root, os.path.abspath(out), 0
        self.folder = tempfile.mkdtemp(prefix="xinheng-live-")
        os.makedirs(self.out, exist_ok=True)
        self.display = desk.Display()
        self.server = desk.Server(root, self.folder + "/server", households)
        self.server.start()
        self.manager = desk.Client(root, self.server.url, self.folder + "/manager")
        self.second = desk.Client(root, self.server.url, self.folder + "/manager")
        self.device = uuid7()
        self.token = self.ask("/v1/sessions", {"login": "assessor", "password": "assessor", "device": self.device})["token"]

    def close(self):
        for client in (self.manager, self.second):
            if client.process and client.process.poll() is None:
                client.kill()
        if self.server.process:
            self.server.process.kill()
        self.display.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def step(self, text):
        print("live:", text, flush=True)

    def picture(self, client, name):
        self.pictures += 1
        client.settle()
        self.display.screenshot(f"{self.out}/{self.pictures:02}-{name}.png")

    def sql(self, query):
        with sqlite3.connect(f"file:{self.folder}/server/xinheng.db?mode=ro", uri=True) as db:
            return db.execute(query).fetchone()[0]

    def ask(self, path, body):
        headers = {"Content-Type": "application/json", **({"Authorization": "Bearer " + self.token} if hasattr(self, "token") else {})}
        request = urllib.request.Request(self.server.url + path, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def push_household(self, number):
        """As an assessor's computer does; the village is one of the assessor's."""
        village = self.sql("SELECT division FROM record WHERE kind='household' AND deleted=0 AND division LIKE '410421105%' LIMIT 1")
        fields = {"village": village, "head_name": f"新户{number}", "head_id": id_number(number)}
        op = {"op": uuid7(), "kind": "household", "record": uuid7(), "base": 0, "at": "2026-11-22T08:00:00.000Z", "set": fields}
        answer = self.ask("/v1/changes", {"device": self.device, "ops": [op]})["answers"][0]
        assert answer["status"] == "applied", answer

    def sessions(self):
        return self.sql("SELECT count(*) FROM session WHERE login = 'manager'")

    def sign_in(self, client):
        client.start()
        client.resize(1280, 800)
        client.enter("账号", "manager")
        self.enter_password(client)

    def enter_password(self, client):
        client.enter("密码", "manager")
        client.press("登录")

    def sign_out(self, client):
        client.press("主菜单")
        client.press(contains="退出登录")
        client.find("登录", "push button")


def steps(test):
    manager = test.manager
    test.sign_in(manager)
    manager.open("同步")
    manager.sees("与服务器保持联系")
    test.picture(manager, "in-contact")
    manager.open("总览")
    files = test.sql("SELECT count(*) FROM record WHERE kind='household' AND deleted=0")
    card = manager.find(f"{CARD}：{files:,}")
    test.step("the manager is signed in and looks at the dashboard")

    for number in range(1, 4):
        expected = f"{CARD}：{files + number:,}"
        test.push_household(number)
        start = time.monotonic()
        desk.wait_for(lambda: card.clear_cache() or card.get_name() == expected, f"the card to say {expected}")
        took = time.monotonic() - start
        test.step(f"an assessor's push stands on the open dashboard {took * 1000:.0f} ms after its answer")
        assert took < SECONDS, took
    test.picture(manager, "dashboard-follows")

    test.sign_in(test.second)
    test.second.sees("已在本机的另一个窗口中打开")
    test.picture(test.second, "already-open")
    test.step("a second program at the same desk is told so and changes nothing")
    manager.quit()
    test.enter_password(test.second)
    test.second.find("工作台", "list item")
    test.step("after the first has ended the desk is free")

    second, before = test.second, test.sessions()
    test.sign_out(second)
    desk.wait_for(lambda: test.sessions() == before - 1, "the session to end at the server")
    test.step("signing out ends the session at the server")
    test.enter_password(second)
    second.find("工作台", "list item")
    desk.wait_for(lambda: test.sessions() == before, "the new session")
    test.server.stop()
    test.sign_out(second)
    test.server.start()
    assert test.sessions() == before
    test.enter_password(second)
    second.find("工作台", "list item")
    desk.wait_for(lambda: not glob.glob(test.folder + "/manager/desks/*/sign-outs"), "the sign-out to be told")
    assert test.sessions() == before, test.sessions()
    test.step("signed out without contact: the server hears of it with the next one")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--households", type=int, default=600)
    test = Live(**vars(parser.parse_args()))
    try:
        steps(test)
    except BaseException:
        test.display.screenshot(f"{test.out}/failed.png")
        for client in (test.manager, test.second):
            if client.process and client.process.poll() is None:
                client.dump(f"{test.out}/failed-{client.process.pid}.txt")
        raise
    finally:
        test.close()
    print("live: OK")
    finish(0)


main()
