"""A paper is previewed, zoomed and printed from a record, and one of all that are ticked from the list.

print.py --root PREFIX [--out FOLDER]. Ends with `print: OK`; exit code 77 where there is no display server or accessibility tree."""
import argparse
import locale
import os
import shutil
import sys
import tempfile

SKIPPED = 77
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)


def can_run(root):
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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", required=True)
    parser.add_argument("--out")
    arguments = parser.parse_args()
    if not can_run(arguments.root):
        print("print: skipped: needs Xvfb, xdotool, import, AT-SPI, a session bus, zh_CN.UTF-8 and an installed Xinheng")
        sys.exit(SKIPPED)
    import desk
    folder = tempfile.mkdtemp(prefix="xinheng-print-")
    display = desk.Display()
    server = client = None

    def step(name, text):
        if arguments.out:
            os.makedirs(arguments.out, exist_ok=True)
            client.settle()
            display.screenshot(f"{arguments.out}/{name}.png")
        print("print:", text, flush=True)

    try:
        server = desk.Server(arguments.root, folder + "/server", 50)
        server.start()
        client = desk.Client(arguments.root, server.url, folder + "/client")
        client.start()
        client.resize(1280, 800)
        client.enter("账号", "office")
        client.enter("密码", "office")
        client.press("登录")
        client.find("登记表", "list")
        sidebar = client.find("登记表", "list")
        client.choose("承诺", within=sidebar)
        client.settle()
        client.choose("信用承诺", within=sidebar)
        desk.wait_for(lambda: client.rows(), "the rows of the list")
        client.click(client.rows()[0])
        client.settle()
        menu = client.find("打印文书")
        client.click(menu)
        client.settle()
        step("menu", "the record offers its papers")
        client.press("信用承诺书", role=("menu item", "push button", "button"))
        client.find("第1页，共1页", deadline=20)
        step("preview", "the paper is shown with its pages")
        client.press("放大")
        client.settle()
        step("zoom", "the paper is larger")
        client.press("缩小")
        client.choose("档案", within=sidebar)
        client.settle()
        client.choose("单位档案", within=sidebar)
        desk.wait_for(lambda: client.rows(), "the rows of the list")
        client.click(client.rows()[0])
        client.settle()
        client.click(client.find("打印文书"))
        client.settle()
        client.press("信用报告…", role=("menu item", "push button", "button"))
        client.find(contains="登记并打印", role="push button")
        client.focus()
        step("ask", "edition, purpose and who asks")
        client.press(contains="登记并打印", role="push button")
        client.gone(contains="登记并打印")
        client.focus()
        client.find(contains="第1页，共", deadline=20)
        step("report", "the report has its number and is shown")
    except BaseException:
        if arguments.out and client and client.process and client.process.poll() is None:
            os.makedirs(arguments.out, exist_ok=True)
            display.screenshot(arguments.out + "/failed.png")
            client.dump(arguments.out + "/failed.txt")
        raise
    finally:
        if client and client.process:
            client.kill()
        if server and server.process:
            server.process.kill()
        display.close()
        shutil.rmtree(folder, ignore_errors=True)
    print("print: OK")


main()
