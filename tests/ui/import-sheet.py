"""A sheet goes in through the window: columns matched, faults shown at the cell, the right rows imported, the faulty ones saved, corrected
and imported, the list exported and imported again without a difference.

import-sheet.py --root PREFIX [--out FOLDER]. Ends with `import-sheet: OK`; exit code 77 where there is no display server."""
import csv
import os
import shutil
import sys
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from story import Story, run  # noqa: E402
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
TITLES = ["行政相对人名称", "行政相对人类别", "行政相对人代码_1(统一社会信用代码)", "法定代表人", "行政处罚决定书文号", "违法行为类型", "违法事实",
          "处罚依据", "处罚类别", "处罚内容", "罚款金额(万元)", "处罚决定日期", "处罚有效期", "处罚机关", "处罚机关统一社会信用代码", "数据来源单位",
          "数据来源单位统一社会信用代码", "内部编号"]
ROWS, FAULTY = 60, 5


def uscc(start, number):
    body = f"{start}{number:09d}"
    total = sum(ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + ALPHABET[(31 - total % 31) % 31]


def make_row(n):
    own = uscc("11410421", 5501)
    return [f"宝丰县演示{n:03d}商贸有限公司", "法人及非法人组织", uscc("91410421", 200000 + n), f"演示法人{n}", f"宝市监罚〔2026〕{n:03d}号", "销售不合格产品",
            "演示：货架上有过期食品。", "《中华人民共和国食品安全法》第一百二十四条", "警告；罚款", "警告，并处罚款。", f"{n % 9 + 1}.5",
            ["2026-03-05", "2026/3/5", "20260305", "2026年3月5日"][n % 4], "2099/12/31", "宝丰县市场监督管理局", own, "宝丰县市场监督管理局", own, f"A{n}"]


def spoil(row, n):
    row = list(row)
    if n == 3:
        row[2] = "9.14104E+17"
    elif n == 10:
        row[11] = "11/12/2026"
    elif n == 20:
        row[10] = "五万元"
    elif n == 30:
        row[4] = ""
    elif n == 40:
        row[8] = "打板子"
    return row


def write(path, rows):
    with open(path, "w", encoding="gb18030", newline="") as out:  # as a spreadsheet of a county office saves it
        csv.writer(out).writerows([TITLES] + rows)


class ImportSheet(Story):
    name, households, login = "import-sheet", 20, "department"

    def start(self):
        os.environ["XINHENG_TODAY"] = "2026-11-22"
        super().start()
        self.main = self.client.window_id
        self.before = self.count()

    def count(self):
        return self.sql("SELECT count(*) FROM record WHERE kind = 'penalty' AND deleted = 0")[0][0]

    def on_server(self, expected):
        self.desk.wait_for(lambda: self.count() - self.before == expected, f"{expected} penalties on the server")

    def open_list(self):
        self.client.find("同步")
        self.client.settle()
        self.client.keys("ctrl+k")
        self.desk.wait_for(lambda: self.windows() - {self.main}, "the palette")
        self.client.focus()
        self.client.type("xingzhengchufa")
        self.client.sees("行政处罚")
        self.client.settle()
        self.client.keys("Return")
        self.desk.wait_for(lambda: self.windows() == {self.main}, "the palette to be gone")
        self.client.focus()
        self.client.find("列表菜单")

    def menu(self, item):
        self.client.click(self.client.find("列表菜单"))
        self.client.settle()
        self.client.press(contains=item, role=("menu item", "push button"))

    def file(self, name):
        """Types a path into the file chooser, a window of its own, and waits until it is gone."""
        self.desk.wait_for(lambda: self.windows() - {self.main}, "the file chooser")
        self.client.settle()
        self.client.focus()
        if not name.startswith("+"):
            self.client.type(os.path.join(self.folder, name))
        else:
            self.client.keys("ctrl+a")
            self.client.type(os.path.join(self.folder, name[1:]))
        self.client.settle()
        self.client.keys("Return")
        self.desk.wait_for(lambda: self.windows() == {self.main}, "the file chooser to be gone")
        self.client.focus()

    def windows(self):
        return set(self.client.windows())

    # --- the steps

    def a_sheet_is_chosen(self):
        write(self.folder + "/penalties.csv", [spoil(make_row(n), n) for n in range(ROWS)])
        self.open_list()
        self.step("list", "the list of penalties")
        self.menu("导入表格")
        self.client.sees("把表格拖到这里")
        self.step("choose", "the import page asks for a sheet")
        self.client.press("选择表格…")
        self.file("penalties.csv")
        self.client.sees("17 列对上了，1 列不导入")
        self.step("columns", "17 of its columns fit, one stays out")

    def its_faults_are_shown(self):
        self.client.press("检查表格")
        self.client.sees("被 Excel 改坏")
        self.client.sees("可以读成两个不同的日子")
        self.client.sees("必填，还空着")
        self.client.find("导入 55 行")
        self.step("preview", "five rows are faulty, each with the reason at the cell")

    def the_rest_goes_in(self):
        self.client.press("导入 55 行")
        self.client.sees("导入完成")
        self.on_server(ROWS - FAULTY)
        self.step("result", "55 rows are in, and on the server")

    def the_faulty_ones_come_back(self):
        self.client.press("保存问题行…")
        self.file("+faulty.xlsx")
        path = self.folder + "/faulty.xlsx"
        self.desk.wait_for(lambda: os.path.exists(path), "the sheet of faulty rows")
        with zipfile.ZipFile(path) as package:
            sheet = package.read("xl/worksheets/sheet1.xml").decode()
            assert "原因" in sheet and sheet.count("<row ") == FAULTY + 1, sheet[:2000]
            assert any(name.startswith("xl/comments") for name in package.namelist()), package.namelist()

    def corrected_they_go_in(self):
        write(self.folder + "/corrected.csv", [make_row(n) for n in range(ROWS)])
        self.client.press("换一张表")
        self.client.press("选择表格…")
        self.file("corrected.csv")
        self.client.press("检查表格")
        self.client.press("导入 5 行")
        self.client.sees("没有变化 55 条")
        self.on_server(ROWS)
        self.step("corrected", "corrected, the five go in; the 55 are known")

    def the_list_goes_out(self):
        self.client.press("查看列表")
        self.menu("导出列表")
        self.file("+exported.xlsx")
        path = self.folder + "/exported.xlsx"
        self.desk.wait_for(lambda: os.path.exists(path), "the exported sheet")
        self.step("exported", "the list is a sheet")
        if self.out:
            shutil.copy(path, self.out + "/exported.xlsx")
            shutil.copy(self.folder + "/faulty.xlsx", self.out + "/faulty.xlsx")
        self.menu("导入表格")
        self.client.press("选择表格…")
        self.file("exported.xlsx")
        self.client.press("检查表格")
        self.client.sees("没有变化")
        self.client.gone(contains="有问题的行")
        self.step("same", "imported again, nothing changes")

    def tell(self):
        self.a_sheet_is_chosen()
        self.its_faults_are_shown()
        self.the_rest_goes_in()
        self.the_faulty_ones_come_back()
        self.corrected_they_go_in()
        self.the_list_goes_out()


run(ImportSheet)
