"""A real desk for tests: an X display, a server process, client processes, driven by the names a person sees.

Run under `dbus-run-session` with /usr/bin/python3 (python3-gi, gir1.2-atspi-2.0). Nothing here sleeps for a fixed time to
let something happen: it polls for the condition until a deadline."""
import ctypes
import fcntl
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unicodedata

from gi.repository import GLib

from tree import TOP, Tree  # noqa: E402

DEADLINE = float(os.environ.get("XH_UI_DEADLINE", "90"))  # a loaded machine is slow, and what comes costs no waiting
TYPED = ("text", "entry", "password text", "spin button")  # what shows a text that is not its name
FOOT = 56  # pixels at the foot of a window, where a page may have its bar


def start(command, **options):
    """A child process that ends with this one, whatever happens to it."""
    libc = ctypes.CDLL(None)
    return subprocess.Popen(command, preexec_fn=lambda: libc.prctl(1, signal.SIGKILL), stdin=subprocess.DEVNULL, **options)


class Missing(AssertionError):
    """What a step waited for did not come."""


class Complaint(AssertionError):
    """A program warned of something on its standard error: a fault of ours, unless it stands below."""


COMPLAINT = re.compile(r"(WARNING|CRITICAL|ERROR) \*\*")
NOT_OURS = re.compile("$^")  # what GTK says of a bare display; nothing so far


def wait_for(condition, what, deadline=None):
    """Polls until condition() is truthy and returns it."""
    end = time.monotonic() + (deadline or DEADLINE)
    while True:
        begun = time.monotonic()
        try:
            found = condition()
        except (GLib.Error, IndexError):
            found = None  # the widget or the row went away while it was asked
        if found:
            return found
        if time.monotonic() > end:
            raise Missing(f"waited in vain for {what}")
        time.sleep(max(0.03, time.monotonic() - begun))  # who answers has half of the time for its work


class Display:
    """An Xvfb of our own. -noreset: else it starts anew when its last client goes, and refuses the next one meanwhile."""

    def __init__(self, width=1280, height=800):
        read, write = os.pipe()
        with open(os.path.join(tempfile.gettempdir(), ".xinheng-display"), "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # two servers that start at once may take the same number
            self.process = start(["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-noreset"],
                                 pass_fds=[write], stderr=subprocess.DEVNULL)
            os.close(write)
            with os.fdopen(read) as lines:
                self.name = ":" + lines.readline().strip()
        os.environ["DISPLAY"] = self.name  # for clients that are started from now on

    def screenshot(self, path):
        subprocess.run(["import", "-display", self.name, "-window", "root", path], check=True)

    def close(self):
        self.process.terminate()
        self.process.wait()


class Program:
    """A process whose standard error is kept beside its data and looked through for complaints whenever it has ended."""

    def __init__(self, data):
        self.data, self.process, self.heard = data, None, 0

    def run(self, command, **options):
        with open(self.data + ".stderr", "ab") as said:
            self.process = start(command, stderr=said, **options)

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def pass_on(self):
        """Prints what it has said since it was listened to, and returns its complaints."""
        if not os.path.exists(self.data + ".stderr"):
            return []
        with open(self.data + ".stderr", encoding="utf-8", errors="replace") as said:
            said.seek(self.heard)
            text = said.read()
            self.heard = said.tell()
        sys.stderr.write(text)
        sys.stderr.flush()
        return [line for line in text.splitlines() if COMPLAINT.search(line) and not NOT_OURS.search(line)]

    def listen(self):
        complaints = self.pass_on()
        if complaints:
            raise Complaint(f"{os.path.basename(self.data)} complained:\n" + "\n".join(complaints))

    def kill(self):
        """Without notice, as a power cut would."""
        self.process.kill()
        self.process.wait()
        self.listen()

    def quit(self):
        """As its user ends it."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(60)
        self.listen()
        assert code == 0, f"{os.path.basename(self.data)} ended with {code}"


class Server(Program):
    """xinheng-server on loopback with a demo county of its own."""

    def __init__(self, root, data, households, catalog=None):
        super().__init__(data)
        self.program, self.port = f"{root}/bin/xinheng-server", 0
        subprocess.run([self.program, "demo", "--data", data, "--households", str(households),
                        *(["--catalog", catalog] if catalog else [])], check=True, stdout=subprocess.DEVNULL)

    def start(self, *options):
        port_file = self.data + ".port"
        if os.path.exists(port_file):
            os.remove(port_file)
        self.run([self.program, "serve", "--data", self.data, "--port", str(self.port), "--port-file", port_file, *options])
        self.port = int(wait_for(lambda: os.path.exists(port_file) and open(port_file).read().strip(), "the server's port"))

    def stop(self):
        self.quit()
        self.process = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"


class Client(Program):
    """A running xinheng and its accessibility tree."""

    def __init__(self, root, url, data, env=None):
        super().__init__(data)
        self.command = [f"{root}/bin/xinheng", "--server", url, "--data", data]
        self.env = dict(os.environ, GSK_RENDERER="cairo", GTK_A11Y="atspi", GSETTINGS_BACKEND="memory", NO_AT_BRIDGE="0",
                        XINHENG_DEMO="1", XDG_DATA_DIRS=f"{root}/share:/usr/local/share:/usr/share", **(env or {}))
        self.tree = None

    def start(self):
        self.tree = None
        self.run(self.command, env=self.env)
        self.window_id = wait_for(self._find_window, "the window")
        self.tree = wait_for(self._tree, "the window on the accessibility bus")
        self.focus()

    def _find_window(self):
        if self.process.poll() is not None:
            raise Missing(f"the client ended with {self.process.returncode}")
        found = self.windows()
        return found[-1] if found else None

    def windows(self):
        """Those that have a title, the topmost last: a tooltip under a resting pointer is one, too, called as the program is, and takes no keys."""
        return self._xdotool("search", "--all", "--onlyvisible", "--pid", str(self.process.pid), "--name", "[^a-z]").split()

    def _tree(self):
        found = Tree(self.process.pid)
        return found if found.is_known() else None

    def focus(self):
        """The keyboard to its topmost window. One that is just closing goes away while it is asked: looked for again then."""
        def has_it():
            window = self._find_window()
            if window is None:
                return None
            if self._xdotool("getwindowfocus") != window:
                self._xdotool("windowfocus", "--sync", window)
            return window if self._xdotool("getwindowfocus") == window == self._find_window() else None
        self.window_id = wait_for(has_it, "the keyboard in the topmost window")

    def _xdotool(self, *words):
        return subprocess.run(["xdotool", *words], env=self.env, capture_output=True, text=True).stdout.strip()

    def front(self):
        """Before the other windows of the display, and with the keyboard."""
        self._xdotool("windowraise", wait_for(self._find_window, "the window"))
        self.focus()

    def freeze(self):
        """The process stands still, as that of a laptop whose lid is closed."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    def resize(self, width, height):
        subprocess.run(["xdotool", "windowmove", self.window_id, "0", "0", "windowsize", "--sync", self.window_id,
                        str(width), str(height)], env=self.env, check=True)

    # --- the tree

    def nodes(self, within=None):
        """All of what is shown, or of what lies in @within, read as a whole (tree.py); first the outer, then the inner."""
        stack = [self.tree.read(within.path if within is not None else TOP)]
        while stack:
            node = stack.pop()
            yield node
            if node.role == "table row" and "、" in node.name:
                continue  # a row's name says all of its cells
            stack.extend(reversed(node.children))

    def look(self, name=None, role=None, contains=None, within=None):
        """Those found, one after the other."""
        for node in self.nodes(within):
            if name is not None and node.name != name:
                continue
            if contains is not None and contains not in node.name:
                continue
            if role is not None and node.role not in ([role] if isinstance(role, str) else role):
                continue
            yield node

    def find_all(self, name=None, role=None, contains=None, within=None):
        return list(self.look(name, role, contains, within))

    def find(self, name=None, role=None, contains=None, within=None, deadline=None):
        what = f"{role or 'something'} “{name or contains or ''}”"
        return wait_for(lambda: next(self.look(name, role, contains, within), None), what, deadline)

    def gone(self, name=None, role=None, contains=None, deadline=None):
        wait_for(lambda: next(self.look(name, role, contains), None) is None, f"“{name or contains}” to go", deadline)

    def sees(self, text, deadline=None):
        """Waits until any label, entry or description shows this text."""
        def shown():
            typed = []
            for node in self.nodes():
                if text in unicodedata.normalize("NFC", node.name + "\n" + node.description):
                    return True
                if node.role in TYPED:
                    typed.append(node)
            return any(text in unicodedata.normalize("NFC", held) for held in self.tree.texts(typed).values())
        return wait_for(shown, f"the text “{text}”", deadline)

    def text_of(self, node):
        """Its name and description when it was found, and the text that it holds."""
        return unicodedata.normalize("NFC", "\n".join((node.name, node.description, self.tree.texts([node])[node])))

    def focused(self):
        """What has the keyboard."""
        return self.tree.focused(list(self.nodes()))

    def name_of(self, node):
        """Its name as it is now."""
        return self.tree.read_one(node.path)

    # --- what a person does

    def press(self, name=None, role=("push button", "button", "toggle button", "radio button", "check box", "menu item"), contains=None,
              within=None):
        def pressed():
            node = next(self.look(name, role, contains, within), None)
            return node if node is not None and self.tree.is_sensitive(node) and self.tree.press(node) else None
        return wait_for(pressed, f"“{name or contains}” to be usable")

    def enter(self, name, text, role=("text", "entry", "password text"), within=None):
        def entered():
            node = next(self.look(name, role, None, within), None)
            return node if node is not None and self.tree.enter(node, text) else None
        return wait_for(entered, f"“{name}” to take a text")

    def retype(self, name, text):
        """Clicks into an entry that is on the screen, types over what is there, and goes on by Enter."""
        def on_screen():
            found = self.find_all(name, ("text", "entry"))
            return next((n for n in found if self.tree.extents(n)[2] > 0), None)
        self.click(wait_for(on_screen, f"the entry “{name}” on the screen"))
        self.keys("ctrl+a")
        self.type(text)
        self.keys("Return")

    def resting_place(self, node):
        """Where it is when the window has come to rest: two looks and two pictures in between agree."""
        def found():
            before = self.tree.extents(node)
            self.settle()
            if before[2] <= 0 and node.name:  # what was read again has others of the same names
                node.path = next((other.path for other in self.look(node.name, node.role) if self.tree.extents(other)[2] > 0), node.path)
            return before if before[2] > 0 and before == self.tree.extents(node) else None
        return wait_for(found, f"a place to click on “{node.name}”")

    def height(self):
        shown = subprocess.run(["xdotool", "getwindowgeometry", "--shell", self.window_id], env=self.env, capture_output=True, text=True).stdout
        return int(next(line for line in shown.split() if line.startswith("HEIGHT=")).removeprefix("HEIGHT="))

    def reveal(self, node):
        """Turns the wheel over what lies above or below the window until it is in it. What does not move stays where it is."""
        x, y, width, height = self.resting_place(node)
        most = self.height()
        for _ in range(40):
            if 0 <= y and y + height // 2 <= most - FOOT:
                break
            before = y
            subprocess.run(["xdotool", "mousemove", "--window", self.window_id, str(x + width // 2), str(most // 2), "click",
                            "5" if y > 0 else "4"], env=self.env, check=True)
            x, y, width, height = self.resting_place(node)
            if y == before:
                break
        return x + width // 2, y + height // 2

    def click(self, node, double=False):
        x, y = self.reveal(node)
        subprocess.run(["xdotool", "mousemove", "--window", self.window_id, str(x), str(y), "click",
                        *(["--repeat", "2", "--delay", "60"] if double else []), "1"], env=self.env, check=True)

    def choose(self, name, within):
        """Clicks the entry of a list that shows this name."""
        self.click(self.find(name, within=within))

    def open(self, name):
        """Opens a page or a register by its name in the palette, wherever it stands in the sidebar."""
        self.press("查找", role="push button")
        self.enter("查找", name, role="entry")
        # Looked for again each time: the rows of before it was typed may still stand there, and go.
        wait_for(lambda: any(self.tree.is_selected(row) for row in self.find_all(name, "list item", within=self.find("结果", "list"))),
                 f"“{name}” to be the first hit")
        self.front()
        self.keys("Return")
        self.gone("结果", "list")
        self.focus()

    def wait_for_all_records(self):
        """The first synchronisation is done: lists stand still from now on."""
        self.open("同步")
        self.sees("已全部上传，数据是最新的")

    def rows(self):
        """The rows of the list on the page, as they are read out."""
        return [row for row in self.look(role="table row") if "、" in row.name]

    def title(self):
        """Of the main window, which is the first that the program has opened: what page is shown."""
        return wait_for(lambda: self.tree.read_one(self.tree.children(TOP)[0]), "the title").removesuffix(" · 信衡")

    def to_another_page(self, act, what):
        """Acts until the title is another one: what is pressed or clicked while the window is built anew may go nowhere."""
        before = self.title()
        for _ in range(5):
            act()
            try:
                return wait_for(lambda: self.title() != before, what, 15)
            except Missing as fault:
                missing = fault
        raise missing

    def open_row(self, contains):
        """Opens the row of a list: one click does it."""
        self.to_another_page(lambda: self.click(self.find(contains=contains, role="table row")), f"the record {contains}")

    def settle(self):
        """Waits until the window no longer changes."""
        def still():
            pictures = [subprocess.run(["import", "-window", "root", "-depth", "8", "gray:-"], env=self.env, capture_output=True, check=True).stdout
                        for _ in range(2)]
            return pictures[0] == pictures[1]
        try:
            wait_for(still, "the window to come to rest", 5)
        except Missing:
            pass  # a spinner may go on turning

    def keys(self, *names):
        self.focus()
        subprocess.run(["xdotool", "key", "--clearmodifiers", *names], env=self.env, check=True)

    def type(self, text):
        self.focus()
        subprocess.run(["xdotool", "type", "--clearmodifiers", "--delay", "12", text], env=self.env, check=True)

    def dump(self, path):
        """The tree as text, for a person who asks why a step failed."""
        with open(path, "w", encoding="utf-8") as out:
            for node in self.nodes():
                depth = sum(1 for _ in node.above())
                out.write(f"{'  ' * depth}{node.role} «{node.name}» {node.description}\n")
