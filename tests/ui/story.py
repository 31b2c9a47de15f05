"""What the stories about the real window have in common: a display, a server with a demo county and a client of their own, pictures, and how
they begin and end.

A story is a Story with a method tell(); `run (TheStory)` is its last line. It takes --root PREFIX and --out FOLDER, ends with `NAME: OK`, with
1 where something did not come, and with 77 where there is no display server or accessibility tree to be had. XH_UI_SIZE=900x600 and XH_UI_DARK=1
show it in a small or in a dark window."""
import argparse
import glob
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
        self.clients, self.displays = [], []  # all of them; most stories have one
        if out:
            os.makedirs(out, exist_ok=True)

    def set_up(self):
        self.make_windows()
        self.server = self.desk.Server(self.root, self.folder + "/server", self.households, self.catalog())
        self.start()

    def make_windows(self):
        self.display = self.new_display()
        self.client = self.new_client("client")

    def new_display(self):
        """Clients made from now on are on it."""
        self.displays.append(self.desk.Display())
        return self.displays[-1]

    def new_client(self, place, env=None):
        """A program that keeps its desks in the folder @place, not started yet."""
        dark = {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"} if "XH_UI_DARK" in os.environ else {}
        self.clients.append(self.desk.Client(self.root, "", f"{self.folder}/{place}", {**dark, **(env or {})}))
        return self.clients[-1]

    def catalog(self):
        """The folder of definitions, where they are not those of the prefix."""
        if not self.extra_kind:
            return None
        folder = self.copy_catalog()
        with open(f"{folder}/kinds/{self.extra_kind['name']}.json", "w", encoding="utf-8") as out:
            json.dump(self.extra_kind, out, ensure_ascii=False)
        return folder

    def copy_catalog(self):
        folder = self.folder + "/catalog"
        shutil.copytree(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../data/catalog"), folder)
        return folder

    def start(self):
        """The server, and the window with somebody signed in."""
        self.server.start()
        self.open_window()

    def open_window(self, client=None, login=None):
        client = client or self.client
        client.command[2] = self.server.url
        client.start()
        client.resize(*map(int, os.environ.get("XH_UI_SIZE", "1280x800").split("x")))
        if login or self.login:
            self.sign_in(login or self.login, client)

    def sign_in(self, login, client=None):
        client = client or self.client
        client.enter("账号", login)
        client.enter("密码", login)
        client.press("登录")
        client.find("查找", "push button")

    def next_window(self, other_than):
        """A dialog has opened before the window @other_than, and has the keyboard."""
        self.desk.wait_for(lambda: self.client._find_window() not in (None, other_than), "another window")
        self.client.focus()
        self.client.settle()

    def answer_dialog(self, path, saving):
        """The system's dialog takes a path that is typed: over the name, or, by its first letter, into a line that opens for it."""
        if saving:
            self.client.keys("ctrl+a")
        self.client.type(path)
        self.client.settle()
        self.client.keys("Return")

    def save_as(self, path, button):
        """Presses @button, answers the dialog that asks where the file goes, and waits until it is there."""
        main = self.client.window_id
        self.client.press(button, role="push button")
        self.next_window(main)
        self.answer_dialog(path, True)
        self.desk.wait_for(lambda: self.client._find_window() == main, "the dialog to close")
        self.desk.wait_for(lambda: os.path.exists(path), path)
        self.client.focus()

    def end(self):
        """Programs end as their users end them, and none of them has complained."""
        for client in self.clients:
            if client.is_running():
                client.quit()
        if self.server.is_running():
            self.server.stop()

    def close(self):
        for program in [*self.clients, *([self.server] if self.server else [])]:
            if program.is_running():
                program.process.kill()
                program.process.wait()
            program.pass_on()
        for display in self.displays:
            display.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def say(self, text):
        print(f"{self.name}: {text}", flush=True)

    def picture(self, name, client=None):
        """What stands on the screen of a client, when it has come to rest."""
        if self.out:
            client = client or self.client
            client.settle()
            next(display for display in self.displays if display.name == client.env["DISPLAY"]).screenshot(f"{self.out}/{name}.png")

    def step(self, name, text):
        self.picture(name)
        self.say(text)

    def sql(self, statement, *values):
        """Of the server's store."""
        with sqlite3.connect(f"file:{self.folder}/server/xinheng.db?mode=ro", uri=True, timeout=60) as db:
            return db.execute(statement, values).fetchall()

    def store(self, statement, *values, place="client"):
        """Of a client's own store, as it stands: a statement that changes it breaks it as a person could."""
        paths = self.desk.wait_for(lambda: glob.glob(f"{self.folder}/{place}/desks/*/store.db"), "the store of " + place)
        with sqlite3.connect(paths[0], timeout=60) as db:
            return db.execute(statement, values).fetchall()

    def keep_what_is_shown(self):
        """For whoever asks why it failed."""
        if not self.out:
            return
        for i, display in enumerate(self.displays):
            display.screenshot(f"{self.out}/failed{i or ''}.png")
        for i, client in enumerate(self.clients):
            if client.is_running():
                client.thaw()
                client.dump(f"{self.out}/failed{i or ''}.txt")


def finish(code):
    """Ends at once: libatspi's own thread may bring down a Python that tidies up."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def tell(story):
    try:
        story.set_up()
        story.tell()
        story.end()
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
