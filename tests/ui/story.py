"""What the stories about the real window have in common: a display, a server with a demo county and a client of their own, pictures, and how
they begin and end.

A story is a Story with a method tell(); `run (TheStory)` is its last line. It takes --root PREFIX and --out FOLDER, ends with `NAME: OK`, with
1 where something did not come, and with 77 where there is no display server or accessibility tree to be had."""
import argparse
import json
import os
import shutil
import sqlite3
import sys
import tempfile
import traceback

from machine import can_run

SKIPPED = 77


class Story:
    name = ""          # printed before every line
    households = 50    # of the demo county
    login = "office"   # who signs in, the password being the same
    extra_kind = None  # a register's definition that the county has besides

    def __init__(self, desk, root, out):
        self.desk, self.root, self.out = desk, root, out
        self.folder = tempfile.mkdtemp(prefix=f"xinheng-{self.name}-")
        self.client = self.server = self.display = None
        if out:
            os.makedirs(out, exist_ok=True)

    def set_up(self):
        self.display = self.desk.Display()
        self.server = self.desk.Server(self.root, self.folder + "/server", self.households, self.catalog())
        self.client = self.desk.Client(self.root, None, self.folder + "/client")
        self.start()

    def catalog(self):
        """The folder of definitions, where they are not those of the prefix."""
        if not self.extra_kind:
            return None
        folder = self.folder + "/catalog"
        shutil.copytree(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../data/catalog"), folder)
        with open(f"{folder}/kinds/{self.extra_kind['name']}.json", "w", encoding="utf-8") as out:
            json.dump(self.extra_kind, out, ensure_ascii=False)
        return folder

    def start(self):
        """The server, and the window with somebody signed in."""
        self.server.start()
        self.open_window()

    def open_window(self):
        self.client.command[2] = self.server.url
        self.client.start()
        self.client.resize(*map(int, os.environ.get("XH_UI_SIZE", "1280x800").split("x")))
        if self.login:
            self.sign_in(self.login)

    def sign_in(self, login):
        self.client.enter("账号", login)
        self.client.enter("密码", login)
        self.client.press("登录")
        self.client.find("查找", "push button")

    def close(self):
        if self.client and self.client.process:
            self.client.kill()
        if self.server and self.server.process:
            self.server.process.kill()
        if self.display:
            self.display.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def say(self, text):
        print(f"{self.name}: {text}", flush=True)

    def step(self, name, text):
        if self.out:
            self.client.settle()
            self.display.screenshot(f"{self.out}/{name}.png")
        self.say(text)

    def sql(self, statement, *values):
        """Of the server's store."""
        with sqlite3.connect(f"file:{self.folder}/server/xinheng.db?mode=ro", uri=True) as db:
            return db.execute(statement, values).fetchall()

    def keep_what_is_shown(self):
        """For whoever asks why it failed."""
        if self.out and self.client and self.client.process and self.client.process.poll() is None:
            self.display.screenshot(self.out + "/failed.png")
            self.client.dump(self.out + "/failed.txt")


def finish(code):
    """Ends at once: libatspi's own thread may bring down a Python that tidies up."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def tell(story):
    try:
        story.set_up()
        story.tell()
    except BaseException as fault:
        traceback.print_exc()
        try:
            story.keep_what_is_shown()
        except Exception as other:  # the first fault is what counts
            story.say(f"no picture: {other}")
        story.say(f"FAILED: {fault}")
        return 1
    finally:
        story.close()
    story.say("OK")
    return 0


def run(kind):
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", required=True)
    parser.add_argument("--out")
    arguments = parser.parse_args()
    if not can_run(arguments.root):
        print(f"{kind.name}: skipped: needs Xvfb, xdotool, import, AT-SPI, a session bus, zh_CN.UTF-8 and an installed Xinheng")
        sys.exit(SKIPPED)
    import desk
    finish(tell(kind(desk, arguments.root, arguments.out and os.path.abspath(arguments.out))))
