"""The tools: repair dates are counted, a draw is made, saved and verified, and a register is looked through for what is wrong.

tools.py --root PREFIX [--out FOLDER]: works with a demo county as the credit office would. Ends with `tools: OK`; exit code 77 where there is no
display server or accessibility tree to be had."""
import argparse
import locale
import os
import shutil
import sqlite3
import sys
import tempfile

SKIPPED = 77
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

MATTER = "2026年下半年农产品质量抽查"
SEED = "20261122-0731"


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


class Tools:
    def __init__(self, desk, root, out):
        self.desk, self.root, self.out = desk, root, out
        self.folder = tempfile.mkdtemp(prefix="xinheng-tools-")
        self.client = self.server = self.display = None

    def set_up(self):
        self.display = self.desk.Display()
        self.server = self.desk.Server(self.root, self.folder + "/server", 500)
        self.server.start()
        self.client = self.desk.Client(self.root, self.server.url, self.folder + "/client")
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
        print("tools:", text, flush=True)

    def ask(self, sql, *values):
        with sqlite3.connect(f"file:{self.folder}/server/xinheng.db?mode=ro", uri=True) as db:
            return db.execute(sql, values).fetchall()

    # --- the steps

    def repair_dates_are_counted(self):
        self.client.open("修复期限计算")
        self.client.enter("决定（认定）日期", "2025-11-30")
        self.client.enter("申请修复日期", "2026-12-28")
        self.client.sees("2026-02-28")
        self.client.sees("2027-01-07 ※")
        self.client.sees("2027年放假安排未发布")
        self.client.click(self.client.find("36号令：一般失信"))
        self.client.sees("最早可修复：2026-02-28（3个月")
        self.step("repair", "three months after 30 November is 28 February; an answer due in a year without a calendar is marked")

    def a_draw_is_saved_and_verified(self):
        self.client.open("双随机抽取")
        self.client.enter("抽查事项", MATTER)
        self.client.enter("随机种子", SEED)
        self.client.press("抽取")
        self.client.sees("名单摘要值")
        self.client.press("保存", role="push button")
        self.client.sees("已保存，并为每个对象生成了检查任务")
        self.desk.wait_for(lambda: self.ask("SELECT 1 FROM k_draw WHERE seed = ?", SEED), "the draw on the server")
        drawn = self.ask("SELECT drawn_count FROM k_draw WHERE seed = ?", SEED)[0][0]
        tasks = "SELECT count(*) FROM k_farm_inspection JOIN record USING (rid) WHERE state = 'planned' AND updated_by = 'office'"
        self.desk.wait_for(lambda: self.ask(tasks)[0][0] >= drawn, "the tasks on the server")
        self.client.open("双随机抽取记录")
        self.desk.wait_for(lambda: [row for row in self.client.rows() if MATTER in self.client.text_of(row)], "the draw in the list")
        self.client.open_row(MATTER)
        self.client.press("复核抽取")
        self.client.press("复核")
        self.client.sees("一致：")
        self.step("draw", f"{drawn} are drawn, recorded with their tasks, and drawn again the same")

    def a_fault_is_listed_and_opened(self):
        self.client.open("数据质量")
        self.client.press(contains="登记表：")
        self.client.settle()
        self.client.click(self.desk.wait_for(lambda: self.client.find_all("行政处罚", "list item")[-1:], "the register in the list")[0])
        self.client.press("检查")
        self.client.sees("共检查")
        self.step("quality", "the register is looked through, and what is late is listed")
        self.client.keys("Down", "Up", "Return")
        self.client.find("保存", "push button")
        self.step("opened", "Enter opens the record")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", required=True)
    parser.add_argument("--out")
    arguments = parser.parse_args()
    if not can_run(arguments.root):
        print("tools: skipped: needs Xvfb, xdotool, import, AT-SPI, a session bus, zh_CN.UTF-8 and an installed Xinheng")
        sys.exit(SKIPPED)
    import desk
    test = Tools(desk, arguments.root, arguments.out)
    try:
        test.set_up()
        test.repair_dates_are_counted()
        test.a_fault_is_listed_and_opened()
        test.a_draw_is_saved_and_verified()
    except BaseException:
        if arguments.out and test.client and test.client.process and test.client.process.poll() is None:
            test.display.screenshot(arguments.out + "/failed.png")
            test.client.dump(arguments.out + "/failed.txt")
        raise
    finally:
        test.close()
    print("tools: OK")


main()
