"""The accessibility tree of a window, read as a whole: every node is asked for its children at once, and the answers come in a row. A page of a
thousand widgets takes a tenth of the time that one question after the other would."""
import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402  (Atspi for its names only: its own thread of events has crashed)

TOP = "/org/a11y/atspi/accessible/root"
ACCESSIBLE, BUS, REGISTRY = "org.a11y.atspi.Accessible", "org.freedesktop.DBus", "org.a11y.atspi.Registry"
PATIENCE = 60000  # ms, for one answer of a busy program
WIDGETS = {"push button", "toggle button", "check box", "text", "entry", "password text", "combo box", "list item", "menu item", "radio button",
           "spin button", "switch", "link", "page tab"}


def connect():
    session = Gio.bus_get_sync(Gio.BusType.SESSION)
    address = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None, 0, -1, None).unpack()[0]
    flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
    return Gio.DBusConnection.new_for_address_sync(address, flags, None, None)


class Node:
    def __init__(self, path, parent, index=0):
        self.path, self.parent, self.children, self.name, self.role, self.description = path, parent, [], "", "", ""
        self.index = index  # among its parent's children

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()

    def above(self):
        """Those that it lies in, from its parent on."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def find(self, name=None, role=None, contains=None):
        return next(self.all(name, role, contains), None)

    def all(self, name=None, role=None, contains=None):
        for node in self.walk():
            if (name is None or node.name == name) and (role is None or node.role == role) and (contains is None or contains in node.name):
                yield node

    def up(self, steps):
        return self if steps == 0 or self.parent is None else self.parent.up(steps - 1)


class Tree:
    def __init__(self, pid):
        """Those that have made themselves known are asked, no other name of the bus: GLib complains of a call to a connection that is still
        being made (check_unclosed in gdbusconnection.c)."""
        self.bus, self.owner = connect(), None
        for name, _ in self._ask(REGISTRY, TOP, ACCESSIBLE, "GetChildren", None)[0]:
            try:
                if self._ask(BUS, "/org/freedesktop/DBus", BUS, "GetConnectionUnixProcessID", GLib.Variant("(s)", (name,)))[0] == pid:
                    self.owner = name
            except GLib.Error:
                pass  # it has just ended

    def _ask(self, owner, path, interface, method, arguments):
        return self.bus.call_sync(owner, path, interface, method, arguments, None, 0, PATIENCE, None).unpack()

    def ask(self, node, interface, method, arguments=None):
        return self._ask(self.owner, node.path, "org.a11y.atspi." + interface, method, arguments)

    def is_known(self):
        """Whether the program is on the accessibility bus with a window. GTK 4.8 complains where its windows are asked for before the bus has
        answered it (gtkatspiroot.c, on_registration_reply); just before it may be asked it has its cache, whose lack is an error for us alone."""
        return self.owner is not None and self._items() and self.children(TOP)

    def _items(self):
        return self._ask(self.owner, "/org/a11y/atspi/cache", "org.a11y.atspi.Cache", "GetItems", None)[0]

    def children(self, path):
        return [path for _, path in self._ask(self.owner, path, ACCESSIBLE, "GetChildren", None)[0]]

    def read_one(self, path):
        """The name of one node."""
        return self._ask(self.owner, path, "org.freedesktop.DBus.Properties", "Get", GLib.Variant("(ss)", (ACCESSIBLE, "Name")))[0]

    def read(self, top=TOP, skip=None):
        """The tree from a path on, with names and roles."""
        root = Node(top, None)
        level, nodes = [root], {top: root, skip: root}
        while level:
            level = self._children(level, nodes)
        for item in self._items():
            node = nodes.get(item[0][1])
            if node is not None:
                node.name, node.description, node.role = item[6], item[8], Atspi.role_get_name(Atspi.Role(item[7]))
        return root

    def texts(self, nodes):
        """What each of these holds as text, by node."""
        found = {}
        self._each(nodes, "org.a11y.atspi.Text", "GetText", lambda node: GLib.Variant("(ii)", (0, GLib.MAXINT32)),
                   lambda node, answer: found.__setitem__(node, answer[0] if answer else ""))
        return found

    def _each(self, nodes, interface, method, arguments, answered):
        """Asks all of them at once and waits for the last answer; an empty one where the node went away."""
        if not nodes:
            return
        # A context of its own: what a test waits for in the default one has nothing to do here.
        context, left = GLib.MainContext.new(), [len(nodes)]
        loop = GLib.MainLoop(context)

        def answered_cb(bus, result, node):
            try:
                answered(node, bus.call_finish(result).unpack())
            except GLib.Error:
                answered(node, None)
            left[0] -= 1
            if left[0] == 0:
                loop.quit()

        context.push_thread_default()
        for node in nodes:
            self.bus.call(self.owner, node.path, interface, method, arguments(node), None, 0, PATIENCE, None, answered_cb, node)
        loop.run()
        context.pop_thread_default()

    def _children(self, level, nodes):
        answers = {}
        self._each(level, ACCESSIBLE, "GetChildren", lambda node: None, lambda node, answer: answers.__setitem__(node, answer[0] if answer else []))
        below = []
        for node in level:
            for index, (_, path) in enumerate(answers[node]):
                if path not in nodes and path != "/org/a11y/atspi/null":
                    nodes[path] = Node(path, node, index)
                    node.children.append(nodes[path])
                    below.append(nodes[path])
        return below

    # --- what a person does

    def extents(self, node):
        try:
            return self.ask(node, "Component", "GetExtents", GLib.Variant("(u)", (1,)))[0]
        except GLib.Error:
            return (0, 0, 0, 0)

    def press(self, node):
        """Returns whether it could be pressed."""
        try:
            return self.ask(node, "Action", "DoAction", GLib.Variant("(i)", (0,)))[0]
        except GLib.Error:
            return False

    def enter(self, node, text):
        return self.ask(node, "EditableText", "SetTextContents", GLib.Variant("(s)", (text,)))[0]

    def states(self, node):
        low, high = self.ask(node, "Accessible", "GetState")[0]
        return low | high << 32

    def focused(self, nodes):
        """The innermost of them that has the keyboard; all are asked at once."""
        found, bit = [], int(Atspi.StateType.FOCUSED)
        self._each(nodes, ACCESSIBLE, "GetState", lambda node: None,
                   lambda node, answer: found.append(node) if answer and answer[0][0] >> bit & 1 else None)
        return found[-1] if found else None

    def is_selected(self, node):
        return bool(self.states(node) >> int(Atspi.StateType.SELECTED) & 1)

    def is_sensitive(self, node):
        return bool(self.states(node) >> int(Atspi.StateType.SENSITIVE) & 1)
